// What is connected with what: the map by state, the network, the way from
// dialogue to position, the pages of topics, and the exchange for cooperation.

import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parse as parseCsv } from 'csv-parse/sync';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { close, open, portal } from '../lib/world.mjs';

const MAP = '/werkzeuge/pilotkarte/';
const NETWORK = '/werkzeuge/netzwerk/';
const WAY = '/werkzeuge/vom-dialog-zur-foerderung/';
const BOARD = '/werkzeuge/kooperationsboerse/';
const PILOT = '/pilotprojekte/pilot-patientensteuerung-region/';
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

if (process.argv[1] === fileURLToPath(import.meta.url)) after(close);

const pages = [];
async function visit(path, options = { viewport: DESK }) {
  const page = await open(portal, options);
  pages.push(page);
  await page.goto(portal.url(path));
  return page;
}
afterEach(async () => {
  for (const page of pages.splice(0)) {
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

const count = (page, selector) => page.locator(selector).count();
const shown = (page, selector) => page.locator(`${selector}:visible`).count();

describe('map', () => {
  test('without a script, a tile leads to its state, and all is there', async () => {
    const page = await visit(MAP, { viewport: PHONE, javaScriptEnabled: false });
    assert.equal(await count(page, '.map-tiles > li'), 16);
    const linked = await page.locator('.map-tiles a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.ok(linked.length >= 4);
    for (const href of linked) {
      await page.locator(`.map-tiles a[href="${href}"]`).click();
      assert.ok(await page.locator(`:target .map-entry`).first().isVisible(), href);
    }
    assert.equal(await shown(page, '[data-filters]'), 0, 'filters that could do nothing are not shown');
    const entries = await page.locator('.map-entry h3 a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.deepEqual(entries.toSorted(), portal.pages.filter((p) => p.lang === 'de' && /type-pilot$/.test(p.kind)).map((p) => p.path).toSorted());
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });

  test('a filter narrows down list, index and tiles, and is in the address', async () => {
    const page = await visit(MAP);
    const all = await count(page, '.map-entry');
    await page.locator('[data-filter="phase"] summary').click();
    await page.locator('[data-filter="phase"] input[value="auswertung"]').check();
    assert.equal(new URL(page.url()).searchParams.get('phase'), 'auswertung');
    assert.equal(await shown(page, '.map-entry'), 1);
    assert.equal(await shown(page, '.map-index li'), 1);
    const tiles = await page.locator('[data-tile-count]').allInnerTexts();
    assert.equal(tiles.filter((n) => n === '1').length, 1);
    assert.equal(tiles.filter((n) => n === '0').length, tiles.length - 1);
    const again = await visit(new URL(page.url()).pathname + new URL(page.url()).search);
    assert.equal(await shown(again, '.map-entry'), 1);
    await again.locator('[data-reset]').click();
    assert.equal(await shown(again, '.map-entry'), all);
  });

  test('milestones say in words where they stand, and the table has them', async () => {
    const page = await visit(MAP);
    const states = await page.locator('.milestone-state').allInnerTexts();
    assert.ok(states.includes('erreicht') && states.includes('Termin überschritten'), states.join());
    const csv = await page.request.get(portal.url(`${MAP}pilotkarte.csv`));
    const rows = parseCsv(await csv.text(), { bom: true, delimiter: ';', columns: true });
    assert.equal(rows.length, await count(page, '.map-entry'));
    assert.ok(rows.every((r) => r.Phase && r.Adresse.startsWith('https://')));
  });
});

describe('network', () => {
  test('counts agree with the names below, and organisations without any are named', async () => {
    const page = await visit(NETWORK);
    const sums = await page.locator('.network-table tr[data-id]').evaluateAll((rows) => rows.map((r) => [r.dataset.id, +r.querySelector('.network-sum').textContent]));
    assert.ok(sums.length > 10);
    for (const [id, sum] of sums) {
      const named = await page.locator(`#eintrag-${id} dd li`).evaluateAll((all) => all.reduce((n, li) => n + (li.querySelector('a') ? 1 : +/\d+/.exec(li.textContent)[0]), 0));
      assert.equal(named, sum, id);
    }
    const all = portal.pages.filter((p) => p.lang === 'de' && /type-organisation$/.test(p.kind)).length;
    assert.equal(await count(page, '.network-member') + await count(page, '.network-quiet li'), all);
  });

  test('a filter keeps to one kind in table and list', async () => {
    const page = await visit(`${NETWORK}?kind=ministerium`);
    const ids = await page.locator('.network-table tr[data-id]:visible').evaluateAll((rows) => rows.map((r) => r.dataset.id));
    const names = await page.locator('.network-member:visible').evaluateAll((all) => all.map((a) => a.dataset.id));
    assert.deepEqual(ids, names);
    assert.ok(ids.includes('bmg') && !ids.includes('bvmed'));
    assert.equal(await shown(page, '.network-table tbody'), 1);
  });

  test('on a phone the picture makes way for its list, and the page does not scroll sideways', async () => {
    const page = await visit(NETWORK, { viewport: PHONE });
    assert.ok(!(await page.locator('.web-picture').isVisible()));
    assert.ok(await count(page, '.web-list li') > 5);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });
});

describe('the way', () => {
  test('an entry shows its place, what is before and after, and the gaps', async () => {
    const page = await visit(PILOT, { viewport: DESK, javaScriptEnabled: false });
    const steps = page.locator('.thread-steps > li');
    assert.equal(await steps.count(), 6);
    assert.equal(await page.locator('.thread-steps [aria-current=step]').innerText().then((s) => s.includes('Sie sind hier')), true);
    assert.equal(await count(page, '.thread-steps .is-here ~ li'), 2, 'it stands on the fourth place');
    for (const href of await page.locator('.thread-strip a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))) {
      await page.locator(`.thread-strip a[href="${href}"]`).click();
      assert.ok(await page.locator(':target').isVisible(), href);
    }
    await page.goto(portal.url('/pilotprojekte/pilot-sauerstoff-musterkreis/'));
    assert.match(await page.locator('.thread-steps .is-gap').innerText(), /Förderprogramme\s+Noch keine verknüpft/);
  });

  test('every link on it leads back: who is reached directly reaches, too', async () => {
    const page = await visit(PILOT);
    const direct = await page.locator('.thread-steps .is-there:not(:has(.thread-via)) .links a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.ok(direct.length >= 4);
    for (const href of direct) {
      await page.goto(portal.url(href));
      assert.ok(await count(page, `.thread-steps a[href="${PILOT}"]`) > 0, href);
    }
  });

  test('the page of all ways agrees with the pages of the entries', async () => {
    const page = await visit(WAY);
    const rows = await page.locator('.way-table tbody tr').evaluateAll((all) => all.map((r) => ({
      entry: r.querySelector('th a').getAttribute('href'), gaps: r.querySelectorAll('.is-gap').length,
      links: [...r.querySelectorAll('td a')].map((a) => a.getAttribute('href')),
    })));
    assert.equal(rows.length, portal.pages.filter((p) => p.lang === 'de' && /type-demand$/.test(p.kind)).length);
    for (const row of rows.slice(0, 3)) {
      await page.goto(portal.url(row.entry));
      assert.deepEqual(await page.locator('.thread-steps .links a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))), row.links, row.entry);
      assert.equal(await count(page, '.thread-steps .is-gap'), row.gaps, row.entry);
    }
    const small = await visit(WAY, { viewport: PHONE });
    assert.ok(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.ok(await small.locator('.way-step').first().isVisible(), 'each cell says its step where there are no columns');
  });

  test('the picture of relations says nothing the page does not say, and no key has to pass it', async () => {
    const page = await visit(PILOT);
    const graph = page.locator('.graph');
    assert.equal(await graph.getAttribute('aria-hidden'), 'true');
    const links = await graph.locator('a').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.tabIndex]));
    assert.ok(links.length >= 3);
    for (const [href, tab] of links) {
      assert.equal(tab, -1);
      assert.ok(await page.locator(`main a[href="${href}"]:not(.graph a)`).count() > 0, `${href} is nowhere else`);
    }
  });
});

describe('topics', () => {
  test('a topic opens with its dossier, and its parts add up', async () => {
    const page = await visit('/themen/dual-use/');
    assert.match(await page.locator('.topic-lead').first().innerText(), /Themendossier/);
    const parts = await page.locator('.topic-parts a').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), +a.querySelector('.count').textContent]));
    for (const [href, n] of parts) assert.equal(await count(page, `${href} .card`), n, href);
    const total = +/\d+/.exec(await page.locator('.list-status h2').innerText())[0];
    const leads = await page.locator('.topic-lead .tile-why').allInnerTexts().then((all) => all.filter((s) => !s.includes('zu diesem Thema')).length);
    assert.equal(parts.reduce((sum, [, n]) => sum + n, 0) + leads, total);
    const order = await page.locator('.list-group').evaluateAll((all) => all.map((g) => g.id));
    assert.ok(order.indexOf('typ-position') < order.indexOf('typ-product') && order.indexOf('typ-product') < order.indexOf('typ-news'), order.join());
  });

  test('next dates come soonest first', async () => {
    const page = await visit('/themen/dialog/');
    const dates = await page.locator('.topic-dates time').evaluateAll((all) => all.map((t) => t.dateTime));
    assert.ok(dates.length > 0);
    assert.deepEqual(dates, dates.toSorted());
  });
});

test('the exchange shows each request once, with what it gives beside', async () => {
  const page = await visit(BOARD);
  const ids = await page.locator('.board-item').evaluateAll((all) => all.map((a) => a.dataset.id));
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(await count(page, '.board-column'), 2 * ids.length);
  await page.locator('[data-filter="field"] summary').click();
  await page.locator('[data-filter="field"] input[value="cybersicherheit"]').check();
  assert.equal(await shown(page, '.board-item'), 1);
});

describe('accessible', () => {
  for (const path of [MAP, NETWORK, WAY, BOARD, PILOT, '/pilotprojekte/pilot-sauerstoff-musterkreis/', '/themen/dialog/', '/en/werkzeuge/pilotkarte/']) {
    test(path, async () => {
      const page = await visit(path);
      assert.deepEqual(await audit(page, ALL), []);
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await audit(page, COLOURS), []);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(PHONE);
      assert.deepEqual(await audit(page, ALL), []);
    });
  }
});
