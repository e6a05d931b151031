// Following without an address, what is due for review, and figures with their
// sources: with and without scripts, today and on a later day. It has sites of
// its own and can be run alone.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { launch, openPage } from '../lib/browser.mjs';
import { serve } from '../lib/server.mjs';
import { ROOT, build, compile } from '../lib/site.mjs';

const dir = await mkdtemp(join(tmpdir(), 'portal-follow-'));
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

/** A site whose entries are due around 22 November 2026. */
async function writeDue(root) {
  const entry = (name, by, who) => writeFile(join(root, 'content', `${name}.md`),
    `---\ntitle: ${name}\n${by ? `review_by: ${by}\n` : ''}${who ? `reviewer: ${who}\n` : ''}---\n\nText.\n`);
  await mkdir(join(root, 'content'), { recursive: true });
  await writeFile(join(root, 'portal.yaml'), 'title: Probe\nbase_url: https://probe.example\nlanguages: [de]\n');
  await entry('alt', '2026-11-01', 'Redaktion');
  await entry('morgen', '2026-11-23', 'Fachstelle Technik');
  await entry('fern', '2027-03-01', 'Redaktion');
  await entry('ferner', '2028-03-01', '');
  await entry('ohne', '', 'Redaktion');
  return root;
}

let browser, portal, due;
before(async () => {
  const program = await compile(dir);
  [portal, due] = [await serve(), await serve()];
  portal.dir = join(dir, 'portal', 'public');
  due.dir = join(dir, 'due', 'public');
  await build(program, ROOT, portal.dir, '--now', '2026-11-22');
  await build(program, await writeDue(join(dir, 'due-site')), due.dir, '--now', '2026-11-22');
  browser = await launch();
});
after(async () => {
  await browser.close();
  await Promise.all([portal.close(), due.close()]);
});

async function on(site, path, options, work) {
  const page = await openPage(browser, site.origin, options);
  try {
    await page.goto(site.url(path));
    await work(page);
    assert.deepEqual(page.faults, []);
  } finally {
    await page.context().close();
  }
}

describe('following', () => {
  test('all feeds of the page are there, without scripts', () => on(portal, '/folgen/', { javaScriptEnabled: false }, async (page) => {
    const feeds = await page.locator('.follow-list a[type]').evaluateAll((all) => all.map((a) => ({ url: a.href, type: a.type, name: a.getAttribute('aria-label') })));
    assert.ok(feeds.length > 60, `${feeds.length} feeds`);
    assert.ok(feeds.some((f) => /\/dialog\/kalender-anwenderdialog\.ics$/.test(f.url)), 'no calendar of a series');
    assert.equal(new Set(feeds.map((f) => f.url)).size, feeds.length, 'an address twice');
    assert.equal(new Set(feeds.map((f) => f.name)).size, feeds.length, 'a name twice');
    for (const f of feeds) {
      const answer = await page.request.get(f.url);
      assert.equal(answer.status(), 200, f.url);
      const body = await answer.text();
      if (f.type === 'application/atom+xml') assert.match(body, /<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/, f.url);
      if (f.type === 'text/calendar') assert.match(body, /^BEGIN:VCALENDAR\r\n/, f.url);
      if (f.type === 'application/feed+json') assert.equal(JSON.parse(body).version, 'https://jsonfeed.org/version/1.1', f.url);
    }
    assert.equal(await page.locator('.copy-button').count(), 0, 'a button that cannot work');
  }));

  test('an address is copied whole', () => on(portal, '/folgen/', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    const item = page.locator('.follow-list > li').filter({ hasText: 'Parlamentarisches Frühstück' });
    const button = item.getByRole('button', { name: 'Adresse kopieren: Parlamentarisches Frühstück' });
    await button.click();
    await item.getByRole('status').getByText('Kopiert').waitFor({ state: 'attached' });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'https://ag-vzkm.example/dialog/series/parlamentarisches-fruehstueck/feed.atom');
  }));

  test('from an event to its series, and on to the page about feeds', () => on(portal, '/dialog/anwenderdialog-kliniken-2026/', {}, async (page) => {
    const box = page.locator('.feeds').filter({ hasText: 'Dieser Reihe folgen' });
    const feed = await box.getByRole('link', { name: /Anwenderdialog: Atom/ }).getAttribute('href');
    const xml = await (await page.request.get(portal.url(feed))).text();
    assert.match(xml, /anwenderdialog-kliniken-2026/);
    assert.doesNotMatch(xml, /auftakt-dialog-politik-2026/);
    await page.getByRole('link', { name: 'So funktioniert das, und alle Feeds' }).first().click();
    assert.equal(await page.locator('h1').textContent(), 'Folgen');
  }));

  test('a topic says that it can be followed', () => on(portal, '/themen/finanzierung/', {}, async (page) => {
    const box = page.locator('.feeds').filter({ hasText: 'Diesem Thema folgen' });
    assert.match(await box.getByRole('link').first().getAttribute('href'), /\/themen\/finanzierung\/feed\.atom$/);
  }));
});

describe('due for review', () => {
  const groups = (page) => page.locator('.due-group').evaluateAll((all) => Object.fromEntries(all.map((g) => [
    g.dataset.state, [g.querySelector('[data-total]').textContent, ...[...g.querySelectorAll('tbody tr:not([hidden]) a')].map((a) => a.textContent)].join(' ')])));
  const asBuilt = { overdue: '1 alt', soon: '1 morgen', undated: '1 ohne', later: '2 fern ferner' };

  test('without scripts, the day of the build', () => on(due, '/werkzeuge/pruefstand/', { javaScriptEnabled: false }, async (page) => {
    assert.deepEqual(await groups(page), asBuilt);
    assert.equal(await page.locator('tr', { hasText: 'alt' }).locator('[data-left]').textContent(), 'seit 21 Tagen überfällig');
    assert.ok(!(await page.locator('[data-filters]').isVisible()), 'filters that cannot work');
  }));

  for (const [at, want, left] of [
    ['2026-11-22', asBuilt, 'in einem Tag'],
    ['2026-11-23', asBuilt, 'heute'],
    ['2026-12-01', { overdue: '2 alt morgen', soon: '1 fern', undated: '1 ohne', later: '1 ferner' }, 'seit 8 Tagen überfällig'],
    ['2029-01-01', { overdue: '4 alt morgen fern ferner', soon: '0', undated: '1 ohne', later: '0' }, 'seit 770 Tagen überfällig'],
  ]) {
    test(`read on ${at}`, async () => {
      const page = await openPage(browser, due.origin, { timezoneId: 'Europe/Berlin' });
      await page.clock.setFixedTime(`${at}T08:00:00+01:00`);
      await page.goto(due.url('/werkzeuge/pruefstand/'));
      await page.locator('.filter-status output').getByText('5 von 5').waitFor();
      assert.deepEqual(await groups(page), want);
      assert.equal(await page.locator('tr', { hasText: 'morgen' }).locator('[data-left]').textContent(), left);
      for (const g of await page.locator('.due-group').all()) {
        const rows = await g.locator('tbody tr').count();
        assert.equal(await g.locator('table').isVisible(), rows > 0);
        assert.equal(await g.locator('[data-empty]').isVisible(), rows === 0);
      }
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }

  test('narrowed to one owner, in the address', async () => {
    const page = await openPage(browser, due.origin, { timezoneId: 'Europe/Berlin' });
    await page.clock.setFixedTime('2026-11-22T08:00:00+01:00');
    await page.goto(due.url('/werkzeuge/pruefstand/'));
    await page.locator('[data-filter=owner] > summary').click();
    await page.getByLabel('Fachstelle Technik').check();
    assert.equal(new URL(page.url()).search, '?owner=fachstelle-technik');
    const rows = () => page.locator('tbody tr:visible a').allTextContents();
    assert.deepEqual(await rows(), ['morgen']);
    await page.reload();
    await page.locator('.filter-status output').getByText('1 von 5').waitFor();
    assert.deepEqual(await rows(), ['morgen']);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});

test('figures have their sources beside them', () => on(portal, '/werkzeuge/zahlen/', { javaScriptEnabled: false }, async (page) => {
  const rows = page.locator('.figures-table tbody tr');
  const n = await rows.count();
  assert.ok(n >= 8, `${n} sentences`);
  for (const row of await rows.all()) {
    assert.match(await row.locator('th').textContent(), /\d|Million|Milliard|Prozent/);
    const source = row.locator('td').last();
    assert.ok(await source.locator('a[href^="https://"]').count() > 0 || /eigene Rechnung/.test(await source.textContent()), await row.textContent());
  }
}));

for (const [site, path] of [['portal', '/folgen/'], ['portal', '/en/folgen/'], ['due', '/werkzeuge/pruefstand/'], ['portal', '/werkzeuge/pruefstand/'], ['portal', '/werkzeuge/zahlen/']]) {
  for (const [name, options, rules] of [
    ['on a phone', { viewport: { width: 360, height: 740 } }, ALL],
    ['in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }, COLOURS],
  ]) {
    test(`${site}${path} ${name}`, () => on(site === 'due' ? due : portal, path, options, async (page) => {
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'too wide');
      assert.deepEqual(await audit(page, rules), []);
    }));
  }
}
