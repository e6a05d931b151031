// Builds sites with the program of this repository and knows their files.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const E2E = fileURLToPath(new URL('..', import.meta.url));

export async function compile(dir) {
  const program = join(dir, 'bin', 'portal');
  await run('go', ['build', '-o', program, '.'], { cwd: ROOT });
  return program;
}

/** Builds the site in `source`; throws with the program's own words if it cannot. */
export async function build(program, source, out, ...flags) {
  await mkdir(join(out, '..'), { recursive: true });
  try {
    const { stdout } = await run(program, ['build', '--json', '--source', source, '--out', out, ...flags], { maxBuffer: 1 << 26 });
    return JSON.parse(stdout);
  } catch (e) {
    throw new Error(`portal build --source ${source} failed:\n${e.stderr || e.message}`);
  }
}

/**
 * All that is in an output folder.
 * files: paths with slashes; pages: [{file, path, html, kind, redirect}]
 */
export async function readSite(dir) {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = found.filter((f) => f.isFile())
    .map((f) => relative(dir, join(f.parentPath ?? f.path, f.name)).split(sep).join('/')).sort();
  const pages = await Promise.all(files.filter((f) => f.endsWith('.html')).map(async (file) => {
    const html = await readFile(join(dir, file), 'utf8');
    return {
      file, html,
      path: '/' + file.replace(/(^|\/)index\.html$/, '$1'),
      kind: /<body class="([^"]*)"/.exec(html)?.[1] ?? '',
      lang: /<html lang="([^"]*)"/.exec(html)?.[1] ?? '',
      redirect: /http-equiv="?refresh/i.test(html),
    };
  }));
  return { dir, files, pages, has: new Set(files) };
}

/** The file that an address inside the site is answered with. */
export function fileOf(path) {
  const p = decodeURIComponent(path).replace(/^\//, '');
  return p === '' || p.endsWith('/') ? p + 'index.html' : p;
}
