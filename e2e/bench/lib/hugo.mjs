// Hugo, from source by the Go command, with the layouts in e2e/bench/hugo and
// the texts of our own site.

import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { aside } from './aside.mjs';
import { ask, measured } from './process.mjs';

const VERSION = 'v0.165.0';
const SITE = fileURLToPath(new URL('../hugo', import.meta.url));

/** Finds Hugo: the one of an earlier run, else installs it, else the system's. */
export async function findHugo(work) {
  const dir = join(work, 'peers');
  const own = join(dir, 'hugo');
  if (!existsSync(own)) {
    console.log(`installing Hugo ${VERSION} (some minutes)`);
    await mkdir(dir, { recursive: true });
    await measured(work, 'go', ['install', `github.com/gohugoio/hugo@${VERSION}`], { env: { ...process.env, GOBIN: dir, GOFLAGS: '' }, cwd: dir })
      .catch((e) => console.log(`Hugo ${VERSION} could not be installed, the system's is used: ${e.message}`));
  }
  const program = existsSync(own) ? own : 'hugo';
  const version = /v\d+\.\d+\.\d+/.exec(await ask(program, 'version'))?.[0];
  return version ? { program, version: `Hugo ${version}` } : null;
}

/** A site of its own in `work` that reads `content`. */
export async function hugoSite(work, { program }, content) {
  const source = join(work, 'hugo-site'), out = join(work, 'hugo-out', 'public');
  await rm(source, { recursive: true, force: true });
  await cp(SITE, source, { recursive: true });
  const args = ['--source', source, '--contentDir', content];
  return {
    source, out, program,
    layout: join(source, 'layouts', '_default', 'baseof.html'),
    build: () => measured(work, program, ['--minify', '--quiet', '--destination', out, ...args]),
    serverArgs: async () => ['server', '--bind', '127.0.0.1', '--port', String(await freePort()), '--noHTTPCache', '--renderToMemory', ...args],
    clear: () => Promise.all([aside(work, out), aside(work, join(source, 'resources'))]),
  };
}

/** Hugo takes another port than the one asked for without saying so early enough; so it gets a free one. */
function freePort() {
  return new Promise((ok) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => ok(port));
    });
  });
}
