// Needs and what meets them: the map leads to the details, the details name
// every condition with its value and where it comes from, and the pages of
// needs and profiles say the same.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { audit } from '../lib/audit.mjs';
import { open, portal } from '../lib/world.mjs';

const VIEW = '/werkzeuge/bedarfe-und-loesungen/';
const counts = /^Muss: \d+ von \d+ erfüllt(, \d+ nicht erfüllt)?(, \d+ unbekannt)?( · Soll: \d+ von \d+ erfüllt(, \d+ nicht erfüllt)?(, \d+ unbekannt)?)?$/;
const line = (text) => text.replace(/\s+/g, ' ').trim();

for (const [how, options] of [['with scripts', {}], ['without scripts', { javaScriptEnabled: false }]]) {
  describe(how, () => {
    let page;
    before(async () => {
      page = await open(portal, { viewport: { width: 1280, height: 900 }, ...options });
      await page.goto(portal.url(VIEW));
    });
    after(() => page.context().close());

    test('every cell of the map says a result and leads to its details', async () => {
      const cells = await page.locator('.coverage-map tbody td').evaluateAll((all) => all.map((td) => ({
        text: td.textContent, href: td.querySelector('a')?.getAttribute('href'), target: !!document.getElementById(td.querySelector('a')?.hash.slice(1) ?? ''),
      })));
      assert.ok(cells.length > 50);
      for (const c of cells) {
        assert.match(c.text, /erfüllt alle Muss-Kriterien|erfüllt nicht alle Muss-Kriterien|noch unklar/);
        assert.ok(c.target, `${c.href} is not on the page`);
      }
      const [rows, columns] = [await page.locator('.coverage-map tbody th[scope=row]').count(), await page.locator('.coverage-map thead th[scope=col]').count()];
      assert.equal(cells.length, rows * columns);
    });

    test('a need that nothing meets says so, and who is on it', async () => {
      const statuses = (await page.locator('.coverage-need .coverage-status strong').allInnerTexts()).map(line);
      assert.ok(statuses.includes('Lösung vorhanden.') && statuses.includes('Noch keine Lösung.'));
      const open_ = page.locator('.coverage-need', { has: page.locator('.coverage-status:is(.is-none, .is-open)') });
      for (const need of await open_.all()) {
        const gap = line(await need.locator('.coverage-gap').innerText());
        if (gap !== 'Förderlücke: noch kein Baustein') assert.ok(await need.locator('.coverage-gap a[href^="/foerderstrategie/"]').count() > 0, gap);
      }
      assert.ok(await page.getByText('Förderlücke: noch kein Baustein').count() >= 2, 'in the map and below');
    });

    test('each condition has a result in words, and each value leads to where it stands', async () => {
      for (const row of await page.locator('.coverage-table tbody tr:not(.coverage-kind)').all()) {
        for (const cell of await row.locator('td').all()) {
          assert.match(line(await cell.innerText()), /^(erfüllt|nicht erfüllt|unbekannt)\b/);
        }
      }
      const link = page.locator('.coverage-source').first();
      const href = await link.getAttribute('href');
      assert.match(href, /#(angaben|quelle)/);
      for (const text of await page.locator('.coverage-need .coverage-candidates .coverage-counts').allInnerTexts()) assert.match(line(text), counts);
    });
  });
}

for (const [how, options] of [['with scripts', {}], ['without scripts', { javaScriptEnabled: false }]]) {
  test(`on a phone criteria are opened one need at a time, on paper all are there (${how})`, async () => {
    const page = await open(portal, { viewport: { width: 360, height: 740 }, ...options });
    await page.goto(portal.url(VIEW));
    const tables = page.locator('.coverage-criteria .coverage-table');
    const shown = () => tables.evaluateAll((all) => all.filter((t) => t.checkVisibility()).length);
    const all = await tables.count();
    assert.ok(all > 3);
    assert.equal(await shown(), 0);
    await page.locator('.coverage-criteria > summary').first().press('Enter');
    await tables.first().waitFor({ state: 'visible' });
    assert.equal(await shown(), 1);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await shown(), all);
    await page.setViewportSize({ width: 680, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 680), 'wider than a sheet');
    await page.context().close();
  });
}

test('a filter narrows the map and the details down alike', async () => {
  const page = await open(portal, { viewport: { width: 1280, height: 900 } });
  await page.goto(portal.url(`${VIEW}?scenario=cbrn`));
  const ids = (selector) => page.locator(`${selector}:visible`).evaluateAll((all) => all.map((x) => x.dataset.id));
  const rows = await ids('tr[data-id]');
  assert.ok(rows.length > 0 && rows.length < await page.locator('tr[data-id]').count());
  assert.deepEqual(await ids('section[data-id]'), rows);
  assert.match(await page.locator('[data-count]').innerText(), new RegExp(`^Bedarfe: ${rows.length} von `));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a cell opens the list in which its details are', async () => {
  const page = await open(portal, { viewport: { width: 1280, height: 900 } });
  await page.goto(portal.url(VIEW));
  const cell = page.locator('a.coverage-cell.is-failed').first();
  const id = (await cell.getAttribute('href')).slice(1);
  await cell.click();
  await page.locator(`[id="${id}"]`).waitFor({ state: 'visible' });
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

describe('on the pages of needs and profiles', () => {
  let page;
  before(async () => { page = await open(portal, { viewport: { width: 1280, height: 900 } }); });
  after(() => page.context().close());

  test('a need and the profile that meets it say the same of each other', async () => {
    await page.goto(portal.url(VIEW));
    const need = page.locator('.coverage-need', { has: page.locator('.coverage-status.is-solved') }).first();
    const title = line(await need.locator('h3').innerText());
    const path = await need.locator('h3 a').getAttribute('href');
    const said = line(await need.locator('.coverage-counts').first().innerText());

    await page.goto(portal.url(path));
    const candidate = page.locator('.coverage-candidates li').first();
    assert.equal(line(await candidate.locator('.coverage-counts').innerText()), said);
    assert.ok(await candidate.getByText('von der Redaktion bestätigt').isVisible());

    await candidate.locator('a').click();
    const answer = page.locator('.coverage-candidates li', { hasText: title });
    assert.equal(line(await answer.locator('.coverage-counts').innerText()), said);
    assert.ok(await answer.getByText('erfüllt alle Muss-Kriterien').isVisible());
    assert.deepEqual(page.faults, []);
  });
});

for (const width of [360, 1280]) {
  test(`no barriers at ${width} pixels, light and dark`, async () => {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open(portal, { viewport: { width, height: 900 }, colorScheme });
      await page.goto(portal.url(VIEW));
      assert.deepEqual(await audit(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page scrolls by itself, not sideways');
      await page.context().close();
    }
  });
}
