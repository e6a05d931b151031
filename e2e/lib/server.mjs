// A static server as plain as a host may be: files by their media type, the
// strictest Content-Security-Policy the portal promises to hold, 404.html for
// what is not there, and nothing outside of its base path.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.atom': 'application/atom+xml; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.woff2': 'font/woff2',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.ics': 'text/calendar; charset=utf-8',
  '.pdf': 'application/pdf',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

const POLICY = "default-src 'self'";

/**
 * Serves a folder on a free loopback port. The folder may be set later: a site
 * that knows its address can only be built once the port is known.
 * @param {string} base path in front of all addresses, with slashes: "/" or "/unter/pfad/"
 */
export async function serve(base = '/') {
  const site = { dir: '', base, origin: '', fontDelay: 0 };
  const server = createServer(async (req, res) => {
    const path = decodeURIComponent(new URL(req.url, 'http://x').pathname);
    if (!path.startsWith(base)) return send(res, 404, '.txt', 'outside of the site');
    let file = normalize(path.slice(base.length));
    if (file === '.' || file === '' || file.endsWith('/')) file = join(file, 'index.html');
    if (file.endsWith('.woff2') && site.fontDelay) await new Promise((ok) => setTimeout(ok, site.fontDelay));
    try {
      send(res, 200, extname(file), await readFile(join(site.dir, file)));
    } catch {
      const page = await readFile(join(site.dir, '404.html')).catch(() => 'not found');
      send(res, 404, '.html', page);
    }
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  site.origin = `http://127.0.0.1:${server.address().port}`;
  site.url = (path = '/') => site.origin + base + path.replace(/^\//, '');
  site.close = () => {
    server.closeAllConnections();
    return new Promise((ok) => server.close(ok));
  };
  return site;
}

function send(res, status, ext, body) {
  res.writeHead(status, {
    'Content-Type': TYPES[ext] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'max-age=3600',
  });
  res.end(body);
}
