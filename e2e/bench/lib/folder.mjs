// What lies in a folder of the output.

import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** { files, bytes, pages } of a folder; pages are HTML files. */
export async function contents(dir) {
  const found = { files: 0, bytes: 0, pages: 0 };
  for (const f of await list(dir)) {
    found.files++;
    found.bytes += f.bytes;
    if (f.name.endsWith('.html')) found.pages++;
  }
  return found;
}

async function list(dir) {
  const files = [];
  for (const f of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!f.isFile()) continue;
    const name = join(f.parentPath ?? f.path, f.name);
    files.push({ name, bytes: (await stat(name)).size });
  }
  return files;
}

/**
 * The heaviest first view: { page, bytes }, with gzip and without pictures.
 * Counted are the HTML before the first element of class “later”, the style
 * sheets, the scripts and the fonts it asks for. Only the largest pages are
 * compressed.
 */
export async function heaviest(dir, candidates = 60) {
  const pages = [];
  for (const f of await list(dir)) {
    if (!f.name.endsWith('.html')) continue;
    const html = await readFile(f.name, 'utf8');
    const later = html.search(/<\w+ class="(?:[^"]* )?later[ "]/);
    pages.push({ name: f.name, length: later < 0 ? html.length : later });
  }
  pages.sort((a, b) => b.length - a.length);
  const sizes = new Map(); // of the files that pages ask for
  let most = { page: '', bytes: 0 };
  for (const p of pages.slice(0, candidates)) {
    const html = (await readFile(p.name, 'utf8')).slice(0, p.length);
    let bytes = gzipSync(html).length;
    for (const part of parts(html)) {
      if (!sizes.has(part)) sizes.set(part, await weight(join(dir, part)));
      bytes += sizes.get(part);
    }
    if (bytes > most.bytes) most = { page: p.name.slice(dir.length).replace(/index\.html$/, ''), bytes };
  }
  return most;
}

/** The style sheets, scripts and preloaded fonts of a page. */
function parts(html) {
  const found = [...html.matchAll(/<link[^>]+>/g)].map(([tag]) => tag)
    .filter((tag) => /rel="?(stylesheet|preload)\b/.test(tag))
    .map((tag) => /href="?([^" >]+)/.exec(tag)?.[1]);
  for (const m of html.matchAll(/<script[^>]+src="?([^" >]+)/g)) found.push(m[1]);
  return new Set(found.filter((f) => f?.startsWith('/')));
}

async function weight(file) {
  const data = await readFile(file).catch(() => Buffer.alloc(0));
  return /\.(woff2|png|jpg|webp|avif)$/.test(file) ? data.length : gzipSync(data).length;
}
