// The mapping of profiles: columns, filters, gaps, and profiles side by side.
// Nothing here is looked for by its words but what a reader must be told; which
// profiles there are is asked of the page. By itself the file builds the site
// once more, below a path.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { launch, openPage } from '../lib/browser.mjs';
import { serve } from '../lib/server.mjs';
import { ROOT, build, compile } from '../lib/site.mjs';

const alone = process.argv[1] === fileURLToPath(import.meta.url);
const world = alone ? null : await import('../lib/world.mjs');
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const MAPPING = 'werkzeuge/dual-use-mapping/';

let dir, site, browser;
const pages = [];

before(async () => {
  browser = world?.browser ?? await launch();
  site = world?.unter;
  if (!alone) return;
  dir = await mkdtemp(join(tmpdir(), 'portal-mapping-'));
  site = await serve('/unter/pfad/');
  site.dir = join(dir, 'public');
  await build(await compile(dir), ROOT, site.dir, '--base-url', `${site.origin}${site.base}`);
});

after(async () => {
  if (!alone) return;
  await browser.close();
  await site.close();
  await rm(dir, { recursive: true, force: true });
});

afterEach(async () => {
  for (const p of pages.splice(0)) {
    assert.deepEqual(p.faults, []);
    await p.context().close();
  }
});

async function open(query = '', options = { viewport: DESK }, path = MAPPING) {
  const p = await openPage(browser, site.origin, options);
  pages.push(p);
  await p.goto(site.origin + site.base + path + query);
  return p;
}

const query = (p) => new URL(p.url()).searchParams;
/** The ids of rows that are seen, in their order. */
const rows = (p) => p.$$eval('tr[data-id]', (all) => all.filter((r) => r.checkVisibility()).map((r) => r.dataset.id));
const sets = (p) => p.$$eval('[data-set]', (all) => all.filter((s) => s.checkVisibility()).map((s) => s.dataset.set));
/** The comparison as it is read: a line for each row, its cells apart. */
const table = (p) => p.$$eval('.compare-table tr', (all) => all.map((r) => [...r.cells].map((c) => c.innerText.replace(/\s+/g, ' ').trim())));
const compared = (p) => p.locator('.compare-table thead th').count().then((n) => n - 1);

/** The first profiles of the page. */
async function some(n) {
  const p = await open();
  return (await rows(p)).slice(0, n);
}

describe('columns and filters', () => {
  test('one set of columns at a time, kept in the address', async () => {
    const p = await open();
    const all = await p.$$eval('[data-set]', (s) => s.map((x) => x.dataset.set));
    assert.ok(all.length >= 3);
    assert.deepEqual(await sets(p), [all[0]]);
    assert.equal(query(p).get('spalten'), null);
    for (const key of [all[1], all[2]]) {
      await p.locator(`[data-show="${key}"]`).click();
      assert.deepEqual(await sets(p), [key]);
      assert.equal(query(p).get('spalten'), key);
      assert.equal(await p.locator('[data-show][aria-current]').getAttribute('data-show'), key);
    }
    const again = await open(`?spalten=${all[2]}`);
    assert.deepEqual(await sets(again), [all[2]]);
    const anchor = await open(`#spalten-${all[1]}`);
    assert.deepEqual(await sets(anchor), [all[1]]);
    const wrong = await open('?spalten=gibt-es-nicht');
    assert.deepEqual(await sets(wrong), [all[0]]);
  });

  test('a filter leaves the fitting rows in every set, and its counts', async () => {
    const p = await open();
    const every = await rows(p);
    const [word] = await p.$$eval('[data-filter=scenarios] label', (all) => all.map((l) => [l.querySelector('input').value, Number(l.querySelector('.count').textContent)]).sort((a, b) => a[1] - b[1])[0]);
    const box = p.locator(`[data-filter=scenarios] input[value="${word}"]`);
    const want = await p.$$eval('tr[data-keys]', (all, w) => all.filter((r) => r.dataset.keys.split(' ').includes(`scenarios:${w}`)).map((r) => r.dataset.id), word);
    assert.ok(want.length > 0 && want.length < every.length);
    await p.locator('[data-filter=scenarios] summary').click();
    await box.check();
    assert.equal(query(p).get('scenarios'), word);
    assert.deepEqual(await rows(p), want);
    const counted = () => p.$eval('[data-set]:not([hidden]) .matrix-counts td', (td) => [...td.querySelectorAll('li:not([hidden]) b')].reduce((n, b) => n + Number(b.textContent), 0));
    assert.equal(await counted(), want.length);

    const again = await open(`?spalten=scenarios&scenarios=${word}`);
    assert.deepEqual(await rows(again), want);
    assert.deepEqual(await sets(again), ['scenarios']);
    await again.locator('[data-reset]').click();
    assert.deepEqual(await rows(again), every);
    assert.equal(query(again).get('spalten'), 'scenarios', 'the filter leaves the rest of the address alone');
  });

  test('a column that nobody fills is called a gap, there and in words', async () => {
    const p = await open();
    const heads = await p.$$eval('table.matrix', (tables) => tables.flatMap((t) => {
      const labels = [...t.tHead.rows].at(-1).cells;
      return [...t.querySelectorAll('.matrix-counts td')].map((td) => {
        const filled = [...t.querySelectorAll('tr[data-id]')].filter((r) => /^(yes|step[1-9])/.test(r.cells[td.cellIndex].dataset.cell)).length;
        return { label: (labels[td.cellIndex].querySelector('.visually-hidden') ?? labels[td.cellIndex]).textContent, filled, said: td.classList.contains('is-lack') };
      });
    }));
    const gaps = await p.locator('.matrix-gaps').innerText();
    for (const h of heads) {
      assert.equal(h.said, h.filled === 0, h.label);
      if (h.said) assert.ok(gaps.includes(`„${h.label}“`), h.label);
    }
  });

  test('a source leads to its place on the page of the profile', async () => {
    const p = await open();
    const link = p.locator('td[data-cell] p a').first();
    const key = (await link.getAttribute('href')).split('#')[1];
    await link.click();
    assert.ok(await p.locator(`#${key}`).isVisible());
  });
});

describe('profiles side by side', () => {
  test('three are chosen, shown, and come back from the address', async () => {
    const ids = await some(3);
    const p = await open('?scenarios=manv');
    await p.locator('[data-reset]').click();
    for (const [i, id] of ids.entries()) {
      await p.locator(`[data-set]:not([hidden]) tr[data-id="${id}"] .pick`).click();
      assert.equal(query(p).get('vergleich'), ids.slice(0, i + 1).join(','));
    }
    assert.ok(!(await p.locator('[data-compare]').isVisible()), 'choosing alone moves nothing');
    await p.locator('[data-open]').click();
    await p.locator('.compare-table').waitFor();
    assert.equal(await p.evaluate(() => document.activeElement.id), 'vergleich-titel');
    assert.equal(await compared(p), 3);
    const shown = await table(p);

    const again = await open(`?vergleich=${ids.join(',')}`);
    await again.locator('.compare-table').waitFor();
    assert.deepEqual(await table(again), shown);
    assert.deepEqual(await again.$$eval('[data-set]:not([hidden]) .pick :checked', (b) => b.map((x) => x.value)), ids);
  });

  test('a row says whether it differs, and it is so', async () => {
    const ids = await some(3);
    const p = await open(`?vergleich=${ids.join(',')}`);
    await p.locator('.compare-table').waitFor();
    const sheets = await Promise.all(ids.map(async (id) => (await p.request.get(`${site.origin}${site.base}${MAPPING}eintraege/${id}.json`)).json()));
    const fields = sheets.map((s) => s.groups.flatMap((g) => g.fields));
    const want = [];
    for (const [i, f] of fields[0].entries()) {
      const values = fields.map((x) => JSON.stringify([...x[i].values].sort()));
      assert.ok(fields.every((x) => x[i].key === f.key));
      if (values.some((v) => v !== '[]')) want.push([f.label, values.every((v) => v === values[0]) ? 'is-same' : 'is-different']);
    }
    const got = await p.$$eval('.compare-table tbody tr:not(.compare-group)', (all) => all.map((r) => [r.cells[0].firstChild.textContent, r.className]));
    assert.deepEqual(got, want);
    assert.ok(want.some(([, c]) => c === 'is-same') && want.some(([, c]) => c === 'is-different'));
    // In words and with a sign, not by colour alone.
    assert.match(await p.locator('tr.is-different .compare-mark').first().innerText(), /≠ verschieden/);
    assert.match(await p.locator('tr.is-same .compare-mark').first().innerText(), /= gleich/);

    await p.locator('[data-only]').check();
    assert.equal(await p.locator('.compare-table tr.is-same').count(), 0);
    assert.equal(await p.locator('.compare-table tr.is-different').count(), want.filter(([, c]) => c === 'is-different').length);
    assert.equal(query(p).get('unterschiede'), '1');
    const again = await open(`?vergleich=${ids.join(',')}&unterschiede=1`);
    await again.locator('.compare-table').waitFor();
    assert.equal(await again.locator('.compare-table tr.is-same').count(), 0);
  });

  test('four at most; one can be taken out; what is unknown is left out', async () => {
    const ids = await some(5);
    const p = await open(`?vergleich=gibt-es-nicht,${ids.join(',')}`);
    await p.locator('.compare-table').waitFor();
    assert.equal(await compared(p), 4);
    assert.ok(await p.locator(`[data-set]:not([hidden]) tr[data-id="${ids[4]}"] input`).isDisabled());
    await p.locator('.compare-remove').first().click();
    await p.waitForFunction(() => document.querySelectorAll('.compare-table thead th').length === 4);
    assert.equal(query(p).get('vergleich'), ids.slice(1, 4).join(','));
    assert.ok(await p.evaluate(() => document.activeElement.matches('.compare-remove')), 'the focus stays in the bar');
    await p.locator('[data-close]').click();
    assert.ok(!(await p.locator('[data-compare]').isVisible()));
    await p.locator('[data-clear]').click();
    assert.equal(query(p).get('vergleich'), null);
    assert.ok(!(await p.locator('[data-bar]').isVisible()));
  });

  test('with the keyboard alone', async () => {
    const ids = await some(2);
    const p = await open();
    for (const id of ids) {
      await p.locator(`[data-set]:not([hidden]) tr[data-id="${id}"] input`).focus();
      await p.keyboard.press('Space');
    }
    for (let i = 0; i < 400 && !(await p.evaluate(() => document.activeElement.matches('[data-open]'))); i++) await p.keyboard.press('Tab');
    await p.keyboard.press('Enter');
    await p.locator('.compare-table').waitFor();
    assert.equal(await compared(p), 2);
    await p.keyboard.press('Tab');
    assert.ok(await p.evaluate(() => document.activeElement.matches('[data-close]')), 'from the title on');
    await p.keyboard.press('Enter');
    assert.ok(await p.evaluate(() => document.activeElement.matches('.pick input')), 'back to what was chosen');
  });

  test('from the page of a profile', async () => {
    const [id] = await some(1);
    const p = await open('', { viewport: DESK }, `produkte/${id}/`);
    await p.locator('.entry-views a').first().click();
    await p.locator('[data-bar]').waitFor();
    assert.equal(query(p).get('vergleich'), id);
    assert.match(await p.locator('[data-bar]').innerText(), /noch mindestens einen/);
    assert.ok(!(await p.locator('[data-open]').isVisible()));
  });

  test('a sheet that cannot be had is named', async () => {
    const ids = await some(3);
    const p = await openPage(browser, site.origin, { viewport: DESK });
    await p.route(`**/eintraege/${ids[1]}.json`, (r) => r.abort());
    await p.goto(`${site.origin}${site.base}${MAPPING}?vergleich=${ids.join(',')}`);
    await p.locator('[data-fault]').waitFor();
    assert.equal(await compared(p), 2);
    await p.context().close();
  });

  test('has nothing for axe to find, in light, dark and on a phone', async () => {
    const ids = await some(3);
    for (const options of [{ viewport: DESK }, { viewport: DESK, colorScheme: 'dark' }, { viewport: PHONE }]) {
      const p = await open(`?vergleich=${ids.join(',')}&spalten=care_levels`, options);
      await p.locator('.compare-table').waitFor();
      assert.deepEqual(await audit(p, options.colorScheme ? COLOURS : ALL), []);
      assert.ok(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no page that is too wide');
    }
  });
});

test('without JavaScript all sets stand there, and nothing that needs one', async () => {
  const p = await open('?vergleich=a,b', { viewport: DESK, javaScriptEnabled: false });
  assert.equal(await p.locator('table.matrix').count(), await p.locator('[data-show]').count());
  for (const t of await p.locator('table.matrix').all()) assert.ok(await t.isVisible());
  for (const gone of ['[data-compare]', '[data-bar]', '.pick', '.view-filters']) assert.equal(await p.locator(gone).locator('visible=true').count(), 0, gone);
  const link = p.locator('[data-show]').nth(1);
  await link.click();
  assert.ok(await p.locator(':target table').isVisible());
  const csv = await p.locator('.view-foot a', { hasText: 'CSV' }).getAttribute('href');
  const text = await (await p.request.get(new URL(csv, p.url()).href)).text();
  for (const id of await p.$$eval('[data-set=uses] th a', (all) => all.map((a) => a.textContent))) assert.ok(text.includes(id), id);
});
