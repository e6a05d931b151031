// The two engines, asked the same way: open returns { answer, close };
// answer(query) → { ids, ms, total, … }.

import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { serve, sum } from './serve.mjs';

/** The server's: portal serve on a free port of the loopback. */
export async function openServer(program, out) {
  const child = spawn(program, ['serve', '--dir', out, '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  const origin = await new Promise((ok, no) => {
    let said = '';
    child.stdout.on('data', (b) => {
      said += b;
      const m = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (m) ok(m[0]);
    });
    child.once('exit', (code) => no(new Error(`portal serve ended with ${code}`)));
    child.once('error', no);
  });
  return {
    async answer(query) {
      const start = performance.now();
      const response = await fetch(`${origin}/api/search?limit=10&q=${encodeURIComponent(query)}`);
      const r = await response.json();
      if (!response.ok) throw new Error(`portal serve: ${response.status} ${r.error} (${query})`);
      return { ids: r.hits.map((h) => h.id), total: r.total, suggestion: r.suggestion, ms: performance.now() - start };
    },
    async close() {
      process.off('exit', kill);
      const ended = new Promise((ok) => child.once('exit', ok));
      child.kill();
      await ended;
    },
  };
}

/**
 * The browser's, here in Node: engine.js from the output, its files from a
 * counting server. Every query opens it anew, so that bytes and requests are
 * those of a first question, without the code.
 */
export async function openModule(out) {
  const host = await serve({ '/': out });
  const dir = await mkdtemp(join(tmpdir(), 'portal-engine-'));
  await copyFile(join(out, 'search', 'engine.js'), join(dir, 'engine.mjs'));
  const { open } = await import(pathToFileURL(join(dir, 'engine.mjs')));
  return {
    async answer(query) {
      await host.drain();
      const start = performance.now();
      const engine = await open(`${host.origin}/search/`);
      const r = await engine.search(query, { limit: 10, excerpts: false });
      const ms = performance.now() - start;
      const until = host.taken.length;
      const found = { ids: r.hits.map((h) => h.id), total: r.total, suggestion: r.suggestion, partial: r.partial, ms };
      await engine.fill(r.hits);
      const all = await host.drain();
      const stand = sum(all.slice(0, until)), full = sum(all);
      return { ...found, bytes: stand.bytes, requests: stand.requests, fullBytes: full.bytes, fullRequests: full.requests };
    },
    async close() {
      await host.close();
      await rm(dir, { recursive: true });
    },
  };
}
