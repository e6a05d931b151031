// What machines read: feeds, tables, citations, the manifest. Each is parsed
// by a parser of its own and compared with the pages.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseXml } from '@rgrove/parse-xml';
import { parse as parseCsv } from 'csv-parse/sync';

import { fileOf } from '../lib/site.mjs';
import { none, portal, unter } from '../lib/world.mjs';

const read = (site, file) => readFile(join(site.dir, file), 'utf8');
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const bases = new Map([[portal, 'https://ag-vzkm.example/'], [unter, unter.url()]]);
const address = (site, file) => bases.get(site) + file;
const exists = (site, url) => url.startsWith(bases.get(site)) && site.has.has(fileOf('/' + url.slice(bases.get(site).length).replace(/#.*/, '')));

const children = (e, name) => e.children.filter((c) => c.name === name);
const text = (e, name) => children(e, name)[0]?.text.trim() ?? '';
const link = (e, rel) => children(e, 'link').find((l) => (l.attributes.rel ?? 'alternate') === rel)?.attributes.href ?? '';

/** What RFC 4287 asks of a feed, and what the portal promises. */
function atom(site, file, xml) {
  const found = [];
  const bad = (what) => found.push(`/${file}: ${what}`);
  const feed = parseXml(xml).root;
  if (feed.name !== 'feed' || feed.attributes.xmlns !== 'http://www.w3.org/2005/Atom') bad('is not an Atom feed');
  if (link(feed, 'self') !== address(site, file)) bad(`names itself ${link(feed, 'self')}`);
  if (!exists(site, link(feed, 'alternate'))) bad(`belongs to no page: ${link(feed, 'alternate')}`);
  const entries = children(feed, 'entry');
  if (entries.length === 0) bad('has no entry');
  const authors = children(feed, 'author').length;
  for (const e of [feed, ...entries]) {
    const id = text(e, 'id');
    if (!/^(https?|tag|urn):/.test(id)) bad(`id „${id}“ is no IRI`);
    if (!text(e, 'title')) bad(`${id}: no title`);
    if (!RFC3339.test(text(e, 'updated'))) bad(`${id}: updated „${text(e, 'updated')}“`);
    if (text(e, 'published') && !RFC3339.test(text(e, 'published'))) bad(`${id}: published „${text(e, 'published')}“`);
  }
  for (const e of entries) {
    if (!authors && !children(e, 'author').length) bad(`${text(e, 'id')}: no author`);
    if (!exists(site, link(e, 'alternate'))) bad(`${text(e, 'id')}: leads to ${link(e, 'alternate')}`);
    const content = children(e, 'content')[0];
    if (content && /(?:src|href)="(?!https?:|mailto:|tel:)/.test(content.text)) bad(`${text(e, 'id')}: relative address in the content`);
    if (/<script|\son\w+=|javascript:/i.test(content?.text ?? '')) bad(`${text(e, 'id')}: script in the content`);
  }
  const ids = entries.map((e) => text(e, 'id'));
  if (new Set(ids).size !== ids.length) bad('an id twice');
  if (Date.parse(text(feed, 'updated')) < Math.max(...entries.map((e) => Date.parse(text(e, 'updated'))))) bad('is older than its entries');
  return { found, ids };
}

/** What jsonfeed.org/version/1.1 asks for. */
function jsonFeed(site, file, json) {
  const found = [];
  const bad = (what) => found.push(`/${file}: ${what}`);
  const feed = JSON.parse(json);
  if (feed.version !== 'https://jsonfeed.org/version/1.1') bad(`version ${feed.version}`);
  if (!feed.title) bad('no title');
  if (feed.feed_url !== address(site, file)) bad(`feed_url ${feed.feed_url}`);
  if (!exists(site, feed.home_page_url ?? '')) bad(`home_page_url ${feed.home_page_url}`);
  for (const item of feed.items ?? []) {
    if (typeof item.id !== 'string' || !item.id) bad('an item without id');
    if (!exists(site, item.url ?? '')) bad(`${item.id}: url ${item.url}`);
    if (!item.content_html && !item.content_text) bad(`${item.id}: no content`);
    for (const key of ['date_published', 'date_modified']) if (item[key] && !RFC3339.test(item[key])) bad(`${item.id}: ${key} ${item[key]}`);
  }
  if (!feed.items?.length) bad('no items');
  return { found, ids: (feed.items ?? []).map((i) => i.id) };
}

for (const [name, site] of Object.entries({ portal, unter })) {
  test(`feeds of ${name}: Atom and JSON Feed are valid and say the same`, async () => {
    const files = site.files.filter((f) => f.endsWith('.atom'));
    assert.ok(files.length > 20, `only ${files.length} feeds`);
    const found = [];
    for (const file of files) {
      const a = atom(site, file, await read(site, file));
      const twin = file.replace(/atom$/, 'json');
      const j = jsonFeed(site, twin, await read(site, twin));
      found.push(...a.found, ...j.found);
      if (a.ids.join() !== j.ids.join()) found.push(`/${file} and /${twin} have different entries`);
    }
    none(found, 'fault of a feed');
  });
}

test('every page with a feed announces it, and every feed is announced', () => {
  // In the head, or by a link that says „Dieser Reihe folgen“ and the like.
  const announced = new Set(portal.pages.flatMap((p) => p.links.filter((l) => (l.rel === 'alternate' || l.tag === 'a') && /feed\.(atom|json)$/.test(l.url)).map((l) => fileOf(l.url))));
  none(portal.files.filter((f) => /(^|\/)feed\.(atom|json)$/.test(f) && !announced.has(f)), 'feed that no page announces');
});

test('tables: every CSV parses, has full rows, and as many as its JSON', async () => {
  const files = portal.files.filter((f) => f.endsWith('.csv'));
  assert.ok(files.length >= 13, `only ${files.length} tables`);
  const found = [];
  for (const file of files) {
    try {
      const content = await read(portal, file);
      const rows = parseCsv(content, { bom: true, columns: true, delimiter: file.startsWith('en/') ? ',' : ';' });
      const json = JSON.parse(await read(portal, file.replace(/csv$/, 'json')));
      const list = json.entries ?? json.rows ?? json.items;
      if (rows.length === 0) found.push(`/${file}: empty`);
      if (rows.length !== list.length) found.push(`/${file}: ${rows.length} rows, JSON has ${list.length}`);
      for (const r of rows) if (Object.values(r).some((v) => /^[=+@\t\r]/.test(v))) found.push(`/${file}: a cell that a spreadsheet runs as a formula: ${JSON.stringify(r).slice(0, 120)}`);
    } catch (e) {
      found.push(`/${file}: ${e.message}`);
    }
  }
  none(found, 'fault of a table');
});

test('citations: BibTeX, RIS and CSL-JSON of every paper name its title', async () => {
  const papers = portal.files.filter((f) => f.endsWith('.csl.json'));
  assert.ok(papers.length >= 4, `only ${papers.length} papers`);
  const found = [];
  for (const file of papers) {
    const csl = JSON.parse(await read(portal, file));
    const item = Array.isArray(csl) ? csl[0] : csl;
    const ris = await read(portal, file.replace(/csl\.json$/, 'ris'));
    const bib = await read(portal, file.replace(/csl\.json$/, 'bib'));
    if (!item.title || !item.type || !item.id) found.push(`/${file}: title, type or id is missing`);
    if (!ris.startsWith('TY  - ') || !/\r?\nER  - /.test(ris) || !ris.includes(`  - ${item.title}`)) found.push(`/${file}: RIS`);
    if (!/^@\w+\{[^,\s]+,/.test(bib) || (bib.match(/\{/g).length !== bib.match(/\}/g).length)) found.push(`/${file}: BibTeX`);
  }
  none(found, 'fault of a citation');
});

test('site.webmanifest, robots.txt and security.txt name what exists', async () => {
  for (const site of [portal, unter]) {
    const manifest = JSON.parse(await read(site, 'site.webmanifest'));
    for (const icon of manifest.icons) {
      const to = new URL(icon.src, site.url('site.webmanifest')).href;
      assert.ok(to.startsWith(site.url()) && site.has.has(to.slice(site.url().length)), `icon ${icon.src} → ${to}`);
    }
    if (manifest.start_url) assert.equal(new URL(manifest.start_url, site.url('site.webmanifest')).href, site.url());
    const robots = await read(site, 'robots.txt');
    assert.ok(robots.includes(`Sitemap: ${address(site, 'sitemap.xml')}`), robots);
  }
  const security = await read(portal, '.well-known/security.txt');
  assert.match(security, /^Contact: \S+/m);
  assert.match(security, /^Expires: \d{4}-/m);
});
