// What holds for every view, whatever its form: its filters, its data, and that
// it can do without scripts. What a form does besides is tested beside it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { parse as parseCsv } from 'csv-parse/sync';

import { none, open, portal } from '../lib/world.mjs';

const views = portal.pages.filter((p) => /^(\/en)?\/werkzeuge\/[^/]+\/$/.test(p.path));
const read = (file) => readFile(join(portal.dir, file), 'utf8');

test('every view is on the start page, on the page of all views and above the list of its type', () => {
  assert.ok(views.length > 0);
  for (const { path, lang } of views) {
    const prefix = lang === 'de' ? '' : '/en';
    const from = (p) => portal.byPath.get(prefix + p).links.map((l) => l.url);
    assert.ok(from('/').includes(path), `${path} on the start page`);
    assert.ok(from('/werkzeuge/').includes(path), `${path} among all views`);
    // A view that spans all types belongs to no list.
    const list = /class="view-more">\s*<li><a href="([^"]+)"/.exec(portal.byPath.get(path).html)[1];
    if (/\bpage-list\b/.test(portal.byPath.get(list).kind)) assert.ok(portal.byPath.get(list).links.some((l) => l.url === path), `${path} above ${list}`);
    else assert.equal(list, `${prefix}/werkzeuge/`);
  }
});

test('the tables of every view can be read, and say the same in both formats', async () => {
  for (const { path } of views) {
    const name = path.split('/').at(-2);
    const csv = parseCsv(await read(`${path}${name}.csv`), { bom: true, delimiter: path.startsWith('/en/') ? ',' : ';' });
    const json = JSON.parse(await read(`${path}${name}.json`));
    assert.ok(json.rows.length > 0, `${path}: no rows`);
    assert.deepEqual(csv[0].map((h) => h.replace(/^'/, '')), Object.values(json.columns), `${path}: headings`);
    assert.equal(csv.length - 1, json.rows.length, `${path}: rows`);
    assert.ok(Object.values(json.columns).every(Boolean), `${path}: a column without a heading`);
    for (const row of json.rows) assert.deepEqual(Object.keys(row), Object.keys(json.columns), path);
    assert.match(json.url, new RegExp(`${path}$`));
  }
});

describe('without JavaScript', () => {
  let page;
  before(async () => { page = await open(portal, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }); });
  after(() => page.context().close());

  test('every view shows all it has, and no filter that does nothing', async () => {
    for (const { path } of views) {
      await page.goto(portal.url(path));
      assert.equal(await page.locator('[data-filters]:visible').count(), 0, `${path}: a filter`);
      assert.equal(await page.locator('[data-keys][hidden]').count(), 0, `${path}: something is hidden`);
    }
  });
});

describe('filters', () => {
  let page;
  before(async () => { page = await open(portal, { viewport: { width: 1280, height: 900 } }); });
  after(() => page.context().close());

  const filtered = views.filter((p) => p.lang === 'de' && /data-filters/.test(p.html));
  const visible = () => page.locator('[data-keys]:not([hidden])').evaluateAll((all) => all.map((x) => x.dataset.keys.split(' ')));

  for (const { path } of filtered) {
    test(`${path}: a choice narrows it down, stands in the address and can be sent`, async () => {
      await page.goto(portal.url(path));
      const all = (await visible()).length;
      const filter = page.locator('[data-filter]').first();
      const name = await filter.getAttribute('data-filter');
      await filter.locator('summary').press('Enter');
      const box = filter.locator('input').last();
      await box.press('Space');
      const value = await box.getAttribute('value');
      const shown = await visible();
      assert.ok(shown.length > 0 && shown.length <= all);
      assert.ok(shown.every((keys) => keys.includes(`${name}:${value}`)), 'only what fits');
      assert.equal(new URL(page.url()).searchParams.get(name), value);
      assert.match(await page.locator('output[data-count]').innerText(), /^[^:]+: \d+ von \d+$/);
      await page.keyboard.press('Escape');
      assert.equal(await filter.evaluate((d) => d.open), false);
      assert.ok(await filter.locator('summary').evaluate((s) => s === document.activeElement), 'focus is back');

      await page.goto(page.url()); // as somebody who was sent it
      assert.deepEqual(await visible(), shown);
      await page.locator('[data-reset]').click();
      assert.equal((await visible()).length, all);
      assert.equal(new URL(page.url()).search, '');
      assert.deepEqual(page.faults, []);
    });
  }

  test('words of one filter are alternatives, filters narrow each other down', async () => {
    const { path } = filtered.find((p) => (p.html.match(/data-filter=/g) ?? []).length > 1) ?? assert.fail('no view with two filters');
    await page.goto(portal.url(path));
    const filters = await page.locator('[data-filter]').evaluateAll((all) => all.map((f) => [f.dataset.filter, [...f.querySelectorAll('input')].map((i) => i.value)]));
    const [[a, words], [b, others]] = filters;
    const count = async (query) => {
      await page.goto(portal.url(`${path}?${query}`));
      return (await visible()).length;
    };
    const [one, two] = [await count(`${a}=${words[0]}`), await count(`${a}=${words[1]}`)];
    const either = await count(`${a}=${words[0]},${words[1]}`);
    assert.ok(either >= Math.max(one, two) && either <= one + two);
    assert.ok(await count(`${a}=${words[0]}&${b}=${others[0]}`) <= one);
    assert.equal(await count('unbekannt=1&' + `${a}=gibtesnicht`), (await count('')), 'what nobody offers is no choice');
  });
});

// Entries without an English version stand in English views with German words.
// What is marked is said by a screen reader as German, and broken as German.
test('a page in another language marks the words that are not in it', async () => {
  const heading = (p) => /<h1[^>]*>(.*?)<\/h1>/s.exec(p.html)[1].replace(/<[^>]*>|&shy;|\u00ad/g, '').replaceAll('&amp;', '&').replaceAll('&#39;', '’').replace(/\s+/g, ' ').trim();
  const entries = portal.pages.filter((p) => /page-entry/.test(p.kind) && !p.redirect);
  const english = new Set(entries.filter((p) => p.lang === 'en').map(heading));
  const german = entries.filter((p) => p.lang === 'de').map(heading).filter((t) => !english.has(t));
  const page = await open(portal, { viewport: { width: 1280, height: 900 } });
  const found = [];
  let marked = 0;
  for (const { path } of views.filter((p) => p.lang === 'en')) {
    await page.goto(portal.url(path));
    marked += await page.locator('main [lang=de]').count();
    found.push(...(await page.evaluate((titles) => {
      // Names of the site, of a standard and of a Land are the same in both languages.
      const known = new Set(titles), same = /^(AG VZKM|HL7 FHIR|Baden-Württemberg(: no entry)?)$/;
      const german = /(^|[^\p{L}])(und|der|das|für|mit|von|zur|zum|ein|eine|nicht|auf|bei|des|dem|den|wird|im)([^\p{L}]|$)|[äöüß]/iu;
      const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
      const out = [];
      while (walk.nextNode()) {
        const at = walk.currentNode.parentElement;
        const text = walk.currentNode.data.replace(/\s+/g, ' ').trim();
        if (at.closest('script, [lang]').lang !== 'en' || same.test(text)) continue;
        if (known.has(text) || german.test(text)) out.push(`${at.localName}.${at.className}: ${text}`);
      }
      return out;
    }, german)).map((text) => `${path} ${text}`));
  }
  assert.ok(german.length > 100 && marked > 300, `${german.length} titles, ${marked} marked: nothing is tested`);
  none(found, 'German text that is not marked');
  await page.context().close();
});
