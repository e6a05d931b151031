// Where pages lead: links, anchors, languages, redirects, and what search
// engines are told. Checked from outside, without the generator's own checker.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseXml } from '@rgrove/parse-xml';

import { fileOf } from '../lib/site.mjs';
import { fremd, none, portal, unter } from '../lib/world.mjs';

const sites = { portal, unter, fremd };

/** base_url of each site, with a slash at the end. */
const bases = { portal: 'https://ag-vzkm.example/', unter: unter.url(), fremd: 'https://fremd.example/' };

/**
 * The path inside the site that an address means; null for another site, and
 * “stray” for one on this host that leaves the site's own path.
 */
function inside(name, url, from) {
  const site = sites[name];
  const u = new URL(url, site.url(from));
  for (const home of [site.url(), bases[name]]) {
    if (u.href === home.slice(0, -1)) return { path: '/', hash: '' };
    if (u.href.startsWith(home)) return { path: '/' + (u.origin + u.pathname).slice(home.length), hash: u.hash };
  }
  return u.origin === site.origin ? { stray: true, path: '', hash: '' } : null;
}

for (const name of Object.keys(sites)) {
  const site = sites[name];

  test(`links of ${name}: every address and anchor exists`, () => {
    const found = [];
    for (const p of site.pages) {
      for (const l of p.links) {
        if (/^(mailto|tel|data):/.test(l.url)) continue;
        const to = inside(name, l.url, p.path);
        if (!to) continue;
        const file = fileOf(to.path);
        if (to.stray) found.push(`${p.path}: <${l.tag}> ${l.url}: leaves the site's path`);
        else if (!site.has.has(file)) found.push(`${p.path}: <${l.tag}> ${l.url}: no such file`);
        else if (to.hash.length > 1 && file.endsWith('.html')) {
          const target = site.pages.find((q) => q.file === file);
          if (!target.ids.includes(decodeURIComponent(to.hash.slice(1)))) found.push(`${p.path}: ${l.url}: no such anchor`);
        }
      }
    }
    none(found, 'link that leads nowhere');
  });

  test(`languages of ${name}: hreflang is reciprocal`, () => {
    const found = [];
    for (const p of site.pages) {
      for (const a of p.alternates) {
        const q = site.byPath.get(inside(name, a.url, p.path)?.path);
        if (!q) found.push(`${p.path}: hreflang ${a.lang} → ${a.url} is no page`);
        else if (q.lang !== a.lang) found.push(`${p.path}: hreflang ${a.lang} → ${a.url} is in „${q.lang}“`);
        else if (q !== p && !q.alternates.some((b) => b.lang === p.lang && inside(name, b.url, q.path)?.path === p.path)) found.push(`${p.path} → ${q.path}: no way back`);
      }
    }
    none(found, 'one-sided hreflang');
  });

  test(`sitemap.xml of ${name}: lists exactly the pages to be indexed`, async () => {
    const xml = parseXml(await readFile(join(site.dir, 'sitemap.xml'), 'utf8'));
    const urls = xml.root.children.filter((e) => e.name === 'url');
    const listed = new Map(urls.map((u) => [u.children.find((e) => e.name === 'loc').text, u]));
    const found = [];
    if (listed.size !== urls.length) found.push('an address is listed twice');
    const expected = new Set(site.pages.filter((p) => !p.noindex && !p.redirect && p.file !== '404.html').map((p) => p.canonical));
    for (const url of listed.keys()) {
      const to = url.startsWith(bases[name].slice(0, -1)) && inside(name, url, '/');
      if (!to || !site.has.has(fileOf(to.path))) found.push(`${url}: no such page`);
      else if (!expected.has(url)) found.push(`${url}: listed, but not to be indexed or not its canonical address`);
    }
    for (const url of expected) if (!listed.has(url)) found.push(`${url || 'a page without canonical'}: not listed`);
    for (const [url, u] of listed) {
      for (const alt of u.children.filter((e) => e.name === 'xhtml:link')) {
        const back = listed.get(alt.attributes.href)?.children.some((e) => e.name === 'xhtml:link' && e.attributes.href === url);
        if (!back) found.push(`${url}: alternate ${alt.attributes.href} does not lead back`);
      }
    }
    none(found, 'fault of the sitemap');
  });
}

test('canonical: every page names its own address', () => {
  const found = [];
  for (const [name, site] of Object.entries(sites)) {
    for (const p of site.pages) {
      if (p.redirect || p.noindex || p.file === '404.html') continue;
      if (inside(name, p.canonical || '#', p.path)?.path !== p.path || !p.canonical.startsWith('http')) found.push(`${name}${p.path}: canonical „${p.canonical}“`);
    }
  }
  none(found, 'wrong canonical address');
});

test('redirects of old addresses lead to a page and say so in words', () => {
  let count = 0;
  for (const [name, site] of Object.entries(sites)) {
    for (const p of site.pages.filter((q) => q.redirect)) {
      count++;
      const url = /url=(.+)$/i.exec(p.refresh)?.[1].replace(/^['"]|['"]$/g, '');
      const to = inside(name, url, p.path);
      assert.ok(to && site.byPath.get(to.path), `${p.path}: redirects to ${url}, which is no page`);
      assert.ok(!site.byPath.get(to.path).redirect, `${p.path}: redirects to a redirect`);
      assert.ok(p.links.some((l) => l.tag === 'a' && inside(name, l.url, p.path)?.path === to.path), `${p.path}: no link for readers whose browser does not redirect`);
    }
  }
  assert.ok(count >= 2, 'the site in fixtures/fremd has two old addresses');
});

test('JSON-LD: parses, has @context and speaks of this page', () => {
  const found = [];
  let count = 0;
  for (const [name, site] of Object.entries(sites)) {
    for (const p of site.pages) {
      for (const text of p.jsonld) {
        count++;
        try {
          const data = JSON.parse(text);
          if (data['@context'] !== 'https://schema.org') found.push(`${name}${p.path}: @context is ${JSON.stringify(data['@context'])}`);
          if (!data['@type'] && !data['@graph']) found.push(`${name}${p.path}: no @type`);
          if (!text.includes(p.canonical)) found.push(`${name}${p.path}: does not name the page's address`);
        } catch (e) {
          found.push(`${name}${p.path}: ${e.message}`);
        }
      }
      if (/\bpage-entry\b/.test(p.kind) && p.jsonld.length === 0) found.push(`${name}${p.path}: an entry without JSON-LD`);
    }
  }
  assert.ok(count > 100, `only ${count} found`);
  none(found, 'fault of JSON-LD');
});

test('no inline style, script or handler in any page', () => {
  none(Object.entries(sites).flatMap(([name, s]) => s.pages.flatMap((p) => p.inline.map((html) => `${name}${p.path}: ${html}`))), 'piece of inline code');
});

test('every title is there and unique within its language', () => {
  const found = [];
  for (const [name, site] of Object.entries(sites)) {
    const seen = new Map();
    for (const p of site.pages.filter((q) => !q.redirect)) {
      const key = p.lang + p.title;
      if (!p.title.trim()) found.push(`${name}${p.path}: no title`);
      else if (seen.has(key)) found.push(`${name}${p.path}: „${p.title}“ is also the title of ${seen.get(key)}`);
      seen.set(key, p.path);
    }
  }
  none(found, 'missing or double title');
});
