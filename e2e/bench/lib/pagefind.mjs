// Pagefind's index over the pages that the portal's own search covers. What is
// installed is its program alone, which writes the scripts for the browser too.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Missing, entryPages } from './corpus.mjs';

/** Pagefind's program, as npm ci installed it. */
export const PAGEFIND = fileURLToPath(new URL(`../node_modules/@pagefind/${process.platform}-${process.arch}/bin/pagefind_extended`, import.meta.url));

/**
 * Indexes the entries in `out`: <main> without what stands beside the text.
 * An index that is there already (KEEP) is used again; Pagefind takes minutes.
 */
export async function indexPages(out, work) {
  const target = join(work, 'pagefind');
  if (existsSync(join(target, 'pagefind-entry.json'))) {
    console.log(`Pagefind: the index in ${target} is used again`);
    return { dir: target, seconds: null };
  }
  if (!existsSync(PAGEFIND)) throw new Missing(`no Pagefind for ${process.platform}-${process.arch}: npm ci in e2e/bench has none`);
  const pages = join(work, 'pagefind-pages');
  await rm(pages, { recursive: true, force: true });
  for (const p of await entryPages(out)) {
    await mkdir(join(pages, dirname(p)), { recursive: true });
    await link(join(out, p), join(pages, p));
  }
  console.log('Pagefind indexes the same pages');
  const start = performance.now();
  const run = spawnSync(PAGEFIND, [
    '--quiet', '--site', pages, '--output-path', target,
    '--root-selector', 'main', '--exclude-selectors', 'aside', '--exclude-selectors', '.related',
  ], { encoding: 'utf8' });
  await rm(pages, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(`pagefind: ${run.error?.message ?? run.stderr}`);
  return { dir: target, seconds: (performance.now() - start) / 1000 };
}
