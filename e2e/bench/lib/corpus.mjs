// The corpus of German laws as a site, built with the program of this
// repository: content/gesetze/<slug>.md and the portal.yaml that every site has.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { build, compile, ROOT } from '../../lib/site.mjs';

const ARCHIVE = join(ROOT, '..', 'shared', 'corpus', 'gesetze.tar.xz');

/** A mistake of the caller: its message is all there is to say. */
export class Missing extends Error {}

/** The folder with the laws: CORPUS, or the archive unpacked into `work`. */
export async function findCorpus(work) {
  const given = process.env.CORPUS;
  if (given) {
    for (const dir of [resolve(given), resolve(given, 'gesetze')]) {
      if (existsSync(dir) && (await readdir(dir)).some((f) => f.endsWith('.md'))) return dir;
    }
    throw new Missing(`CORPUS=${given}: no Markdown there (expected *.md or gesetze/*.md)`);
  }
  const dir = join(work, 'corpus', 'gesetze');
  if (existsSync(dir)) return dir;
  if (!existsSync(ARCHIVE)) {
    throw new Missing(`no corpus: neither CORPUS=/folder/of/laws is given nor is there ${ARCHIVE}`);
  }
  console.log(`unpacking ${ARCHIVE}`);
  await mkdir(join(work, 'corpus'), { recursive: true });
  execFileSync('tar', ['-xJf', ARCHIVE, '-C', join(work, 'corpus')]);
  return dir;
}

/** small: every 11th file by byte-sorted name, the first 600; full: all. */
export async function choose(dir, size) {
  const files = (await readdir(dir)).filter((f) => f.endsWith('.md')).sort(byBytes);
  if (size === 'full') return files;
  if (size === 'small') return files.filter((_, i) => i % 11 === 0).slice(0, 600);
  throw new Missing(`SIZE=${size}: possible are small and full`);
}

const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The corpus as the source of a site: { source, slugs }. plain: three keys in
 * portal.yaml and nothing else; jurabk is front matter that nobody reads.
 * typed: the site also says that a page's jurabk is a name of the page.
 */
export async function makeSource(work, size, kind) {
  if (!['plain', 'typed'].includes(kind)) throw new Missing(`SITE=${kind}: possible are plain and typed`);
  const corpus = await findCorpus(work);
  const files = await choose(corpus, size);
  const source = join(work, `site-${size}-${kind}`);
  await rm(source, { recursive: true, force: true });
  const content = join(source, 'content', 'gesetze');
  await mkdir(content, { recursive: true });
  await writeFile(join(source, 'portal.yaml'), 'title: Gesetze\nbase_url: https://gesetze.example/\nlanguages: [de]\n');
  if (kind === 'typed') {
    const type = join(source, 'templates', 'types', 'page');
    await mkdir(type, { recursive: true });
    await writeFile(join(type, 'type.yaml'), LAW);
  }
  // Copies, since the program refuses links that lead out of the content.
  for (const f of files) await copyFile(join(corpus, f), join(content, f));
  return { source, slugs: new Set(files.map((f) => f.slice(0, -3))) };
}

/** Builds that site: { out, program, slugs, result }. */
export async function makeSite(work, size, kind, ...flags) {
  const { source, slugs } = await makeSource(work, size, kind);
  const out = join(work, `out-${size}-${kind}`, 'public');
  const program = process.env.PORTAL || (await compile(work)); // PORTAL: one that is compiled already
  console.log(`building the site: ${slugs.size} laws, ${kind}`);
  const result = await build(program, source, out, '--lenient', ...flags).catch((e) => {
    throw new Error(e.message.split('\n').slice(0, 12).join('\n'));
  });
  return { out, program, slugs, result };
}

const LAW = `labels:
  one: {de: Seite, en: Page}
  many: {de: Seiten, en: Pages}
icon: page
nav: 0
order: [title]
page_size: 100
feed: false
weight: 0.8
fallback: true
fields:
  - {name: jurabk, kind: text, search: 8, glance: true, label: {de: Abkürzung, en: Abbreviation}, help: {de: "Amtliche Abkürzung, z. B. „BGB“.", en: "Official abbreviation, e.g. “BGB”."}}
jsonld: {type: WebPage}
`;

/** The pages of entries, relative to out: lists and the like are not searched. */
export async function entryPages(out) {
  const found = await readdir(out, { recursive: true });
  const pages = [];
  for (const f of found.filter((f) => f.endsWith('index.html')).sort()) {
    if (/<body class="page-entry[ "]/.test(await readFile(join(out, f), 'utf8'))) pages.push(f);
  }
  return pages;
}
