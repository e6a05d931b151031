// A static host on the loopback, as plain as they are: gzip for text, nothing
// for binary files, ETag and 304, ranges as nginx, Apache and Go answer them. It
// counts what it sends.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { partial } from '../../lib/ranges.mjs';

const compress = promisify(gzip);

const TEXT = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const BINARY = { '.wasm': 'application/wasm', '.woff2': 'font/woff2', '.png': 'image/png' };

/**
 * Serves folders below paths: mounts = { '/pagefind/': dir, …, '/': dir }, the
 * longest path wins. ranges: 'several' (nginx, Apache, Caddy, portal serve),
 * 'one' (as S3: the whole file if several are asked for) or 'none'. `taken` lists the requests so far, each { path, status,
 * body, head } in bytes; `drain` empties it when nothing is on its way.
 */
export async function serve(mounts, { ranges = 'several' } = {}) {
  const paths = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const files = new Map(); // path → what is sent; it does not change while this runs
  const host = { taken: [], running: 0 };

  const load = async (path) => {
    if (files.has(path)) return files.get(path);
    const mount = paths.find((p) => path.startsWith(p));
    const file = join(mounts[mount], normalize(path.slice(mount.length) + (path.endsWith('/') ? 'index.html' : '')));
    let body;
    try {
      body = await readFile(file);
    } catch {
      return null;
    }
    const type = TEXT[extname(file)];
    const entry = {
      body: type ? await compress(body) : body,
      headers: {
        'Content-Type': type ?? BINARY[extname(file)] ?? 'application/octet-stream',
        'Cache-Control': 'max-age=600',
        ETag: `"${files.size}-${body.length}"`,
        ...(type && { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }),
      },
    };
    files.set(path, entry);
    return entry;
  };

  const server = createServer(async (req, res) => {
    const path = decodeURIComponent(new URL(req.url, 'http://x').pathname);
    const before = req.socket.bytesWritten;
    const request = { path, status: 200, body: 0, head: 0 };
    host.taken.push(request);
    host.running++;
    res.on('close', () => {
      request.head = Math.max(0, req.socket.bytesWritten - before - request.body);
      host.running--;
    });
    const entry = await load(path);
    if (!entry) {
      request.status = 404;
      res.writeHead(404, { 'Content-Length': 0 }).end();
    } else if (req.headers['if-none-match'] === entry.headers.ETag) {
      request.status = 304;
      res.writeHead(304, entry.headers).end();
    } else {
      const answer = (entry.headers['Content-Encoding'] ? null : partial(entry, req.headers.range, ranges)) ?? { status: 200, ...entry };
      request.status = answer.status;
      request.body = answer.body.length;
      res.writeHead(answer.status, { ...answer.headers, 'Content-Length': answer.body.length }).end(answer.body);
    }
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  host.origin = `http://127.0.0.1:${server.address().port}`;

  host.drain = async () => {
    await host.quiet();
    return host.taken.splice(0);
  };
  /** Resolves when no request has been running for a moment; an answer that nobody reads never ends. */
  host.quiet = async (ms = 120) => {
    const end = Date.now() + 15_000;
    for (let still = 0; still < ms && Date.now() < end; still += 20) {
      await new Promise((ok) => setTimeout(ok, 20));
      if (host.running > 0) still = 0;
    }
  };
  host.close = () => {
    server.closeAllConnections();
    return new Promise((ok) => server.close(ok));
  };
  return host;
}

/** Sums requests: { requests, bytes (of bodies), head, paths }. */
export function sum(requests) {
  return {
    requests: requests.length,
    bytes: requests.reduce((n, r) => n + r.body, 0),
    head: requests.reduce((n, r) => n + r.head, 0),
    paths: requests.map((r) => `${r.path} ${r.body}`),
  };
}
