// Position papers: addresses of their demands through former addresses, new
// numbers and versions; all demands on one page; what changed from one version to
// the next; each paper on one sheet.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { COLOURS, audit } from '../lib/audit.mjs';
import { serve } from '../lib/server.mjs';
import { build, readSite } from '../lib/site.mjs';
import { browser, none, open, portal, program } from '../lib/world.mjs';
import { openPage } from '../lib/browser.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const path = (page) => new URL(page.url()).pathname;

const LONG = 'Bund und Länder sollten bis 2028 in jeder Region gemeinsam mit den Trägern der Krankenhäuser, den Hilfsorganisationen und den Herstellern regeln, wie Medizintechnik für den Ernstfall vorgehalten, gewartet, erneuert und geübt wird, wer das bezahlt und wer im Ernstfall entscheidet, wohin sie kommt; die Regelung sollte veröffentlicht, jedes Jahr überprüft und nach jeder Übung verbessert werden, damit sie im Ernstfall trägt und nicht erst dann zum ersten Mal gelesen wird, wenn es schon zu spät ist.';

/** Three versions of a paper, the last with a former address, and a very long one. */
async function papers(dir, url) {
  const files = {
    'portal.yaml': `title: Papiere\nbase_url: ${url}\nlanguages: [de]\n`,
    'content/positionen/p1.md': paper('Fassung eins', '1.0', 'ersetzt', [['a', 'Man sollte drei Häuser nennen.', 'offen'], ['b', 'Stücklisten sollten Pflicht sein.', 'offen'], ['c', 'Das sollte entfallen.', 'offen']]),
    'content/positionen/p2.md': paper('Fassung zwei', '2.0', 'ersetzt', [['a', 'Man sollte vier Häuser nennen.', 'offen'], ['b2', 'Stücklisten sollten Pflicht sein.', 'eingebracht', '[b]']], 'supersedes: [p1]\n'),
    'content/positionen/p3.md': paper('Fassung drei', '3.0', 'veroeffentlicht', [['a', 'Man sollte fünf Häuser nennen.', 'umgesetzt'], ['neu', 'Stücklisten und Schnittstellen sollten Pflicht sein.', 'eingebracht', '[b2, b]']], 'supersedes: [p2]\naliases: [/alte/adresse/, /positionen/altes-papier.html]\n'),
    'content/positionen/lang.md': paper('Ein Papier mit einem sehr langen Titel, der auch auf dem Blatt noch stehen soll', '1.0', 'veroeffentlicht', Array.from({ length: 7 }, (_, i) => [`f${i + 1}`, LONG, 'offen'])),
    'content/positionen/mittel.md': paper('Ein mittleres Papier', '1.0', 'veroeffentlicht', Array.from({ length: 5 }, (_, i) => [`f${i + 1}`, LONG, 'offen'])),
    'content/positionen/viele.md': paper('Viele kurze Forderungen', '1.0', 'veroeffentlicht', Array.from({ length: 14 }, (_, i) => [`f${i + 1}`, LONG.slice(0, 150), 'offen'])),
    'content/positionen/leer.md': '---\ntitle: Ein Papier ohne Forderungen\nsummary: Nur Text.\n---\nText.\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

function paper(title, version, status, theses, more = '') {
  const list = theses.map(([id, text, state, formerly]) => `  - {id: ${id}, text: "${text}", addressee: [Bund, Länder], status: ${state}${formerly ? `, formerly: ${formerly}` : ''}}\n`).join('');
  return `---\ntitle: "${title}"\nsummary: Worum es in dieser Fassung geht.\nstatus: ${status}\nversion: "${version}"\npublished: 2026-01-0${version[0]}\n${more}theses:\n${list}---\n\n## Warum\n\nDieser Absatz bleibt in allen Fassungen gleich, ist aber lang genug, dass man ihn nicht noch einmal lesen möchte; deshalb wird er in der Gegenüberstellung der Fassungen zugeklappt und lässt sich mit einem Klick öffnen.\n\n## Wie\n\nIn Fassung ${version} sollte man das so machen.\n`;
}

const dir = await mkdtemp(join(tmpdir(), 'portal-positions-'));
const site = await serve('/unter/pfad/');
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

describe('position papers', () => {
  let page;
  before(async () => {
    site.dir = join(dir, 'public');
    await build(program, await papers(join(dir, 'site'), site.url()), site.dir);
    page = await openPage(browser, site.origin, { viewport: DESK, permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterEach(() => none(page.faults.splice(0).map((f) => `${f.at}: ${f.text}`), 'fault on a page'));
  after(async () => {
    await page.context().close();
    await site.close();
  });

  /** The demand that is marked as the target, by its number. */
  const target = () => page.evaluate(() => document.querySelector(':target')?.closest('.key-point')?.id);

  for (const address of ['/alte/adresse/', '/positionen/altes-papier.html']) {
    test(`a demand's address survives the former address ${address}`, async () => {
      await page.goto(site.url(`${address}#forderung-a`));
      await page.waitForURL(site.url('/positionen/p3/#forderung-a'));
      assert.equal(await target(), 'forderung-a');
      await page.goto(site.url(`${address}?x=1#forderung-b2`)); // by its earlier number
      await page.waitForURL(site.url('/positionen/p3/?x=1#forderung-b2'));
      assert.equal(await target(), 'forderung-neu');
      await page.goto(site.url(address));
      await page.waitForURL(site.url('/positionen/p3/'));
    });
  }

  test('without a script a former address still leads to the paper', async () => {
    const plain = await openPage(browser, site.origin, { javaScriptEnabled: false });
    await plain.goto(site.url('/alte/adresse/#forderung-a'));
    await plain.waitForURL(/\/positionen\/p3\//);
    await plain.context().close();
  });

  test('each demand of an old version leads to where it stands now', async () => {
    await page.goto(site.url('/positionen/p1/'));
    for (const [id, where] of [['a', 'forderung-a'], ['b', 'forderung-neu']]) {
      await page.goto(site.url('/positionen/p1/'));
      await page.locator(`#forderung-${id} .statement-fate a`).click();
      await page.waitForURL(site.url(`/positionen/p3/#${where}`));
      assert.equal(await target(), where);
    }
    await page.goto(site.url('/positionen/p1/'));
    assert.match(await page.locator('#forderung-c .statement-fate').textContent(), /In Fassung 2\.0 steht diese Forderung nicht mehr/);
    await page.goto(site.url('/positionen/p3/'));
    assert.equal(await page.locator('.statement-fate').count(), 0);
  });

  test('both versions tell of each other and lead to the comparison', async () => {
    await page.goto(site.url('/positionen/p2/'));
    assert.deepEqual(await page.locator('.notice').evaluateAll((all) => all.map((n) => n.className.replace('notice is-', ''))), ['superseded', 'supersedes']);
    assert.match(await page.locator('.notice.is-supersedes').textContent(), /Fassung 1\.0 vom 1\.\s?Januar\s?2026/);
    await page.locator('.notice.is-superseded a', { hasText: 'Was hat sich geändert?' }).click();
    assert.equal(path(page), '/unter/pfad/positionen/p3/aenderungen/');
    await page.goto(site.url('/positionen/p3/'));
    await page.locator('.statements-more a', { hasText: 'Was hat sich geändert?' }).click();
    assert.equal(path(page), '/unter/pfad/positionen/p3/aenderungen/');
  });

  test('the comparison says word by word what changed, also to those who hear it', async () => {
    await page.goto(site.url('/positionen/p3/aenderungen/'));
    const demands = await page.locator('.delta-statements > li').allInnerTexts();
    assert.match(demands[0].replace(/\s+/g, ' '), /a geändert .*Man sollte gestrichen: vier eingefügt: fünf Häuser nennen\..*Stand: vorher offen, jetzt umgesetzt/);
    assert.match(demands[1].replace(/\s+/g, ' '), /neu geändert vorher b2/);
    assert.equal(await page.locator('.delta-passages del').textContent(), 'gestrichen: 2.0');
    assert.equal(await page.locator('.delta-passages ins').textContent(), 'eingefügt: 3.0');
    const folded = page.locator('.delta-fold p').first();
    assert.ok(!(await folded.isVisible()), 'what has not changed is folded away');
    await page.locator('.delta-fold summary').first().click();
    assert.ok(await folded.isVisible());
    assert.equal(await page.locator('meta[name=robots]').getAttribute('content'), 'noindex');
  });

  test('the link of a demand and the citations can be copied', async () => {
    await page.goto(site.url('/positionen/p3/'));
    await page.locator('#forderung-a .copy-button').click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), site.url('/positionen/p3/#forderung-a'));
    for (const [name, pattern] of [['BibTeX', /^@techreport\{p3,[^]*\}$/], ['RIS', /^TY {2}- RPRT[^]*ER {2}-$/], ['CSL-JSON', /^\[[^]*"type": "report"[^]*\]$/]]) {
      const box = page.locator('.citation-file', { has: page.locator('summary', { hasText: name }) });
      await box.locator('summary').click();
      await box.locator('.copy-button').click();
      assert.match((await page.evaluate(() => navigator.clipboard.readText())).replace(/\r/g, '').trim(), pattern);
      const file = await page.request.get(new URL(await box.locator('a').getAttribute('href'), page.url()).href);
      assert.equal((await file.text()).trim().replace(/\r/g, ''), (await box.locator('pre').textContent()).trim());
    }
  });

  test('filters of all demands are in the address; without a script all are there', async () => {
    await page.goto(site.url('/werkzeuge/kernforderungen/?theses.status=umgesetzt,eingebracht'));
    const shown = () => page.locator('.statements-group li:visible').count();
    assert.equal(await shown(), 4, 'two demands, each under two addressees');
    assert.match(await page.locator('[data-count]').innerText(), /^Kernforderungen: 2 von 28$/);
    await page.locator('.filter[data-filter="theses.status"] summary').click();
    await page.getByLabel('eingebracht').uncheck();
    assert.equal(new URL(page.url()).search, '?theses.status=umgesetzt');
    assert.equal(await shown(), 2);
    await page.locator('.statements-group li:visible a').first().click();
    assert.equal(await target(), 'forderung-a');
    const plain = await openPage(browser, site.origin, { javaScriptEnabled: false, viewport: PHONE });
    await plain.goto(site.url('/werkzeuge/kernforderungen/'));
    assert.equal(await plain.locator('.statements-group li:visible').count(), 56);
    assert.deepEqual(await plain.locator('.statements-group h2').allInnerTexts(), ['Bund', 'Länder']);
    assert.ok(await plain.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await plain.context().close();
  });

  test('a paper without demands has neither box nor sheet', async () => {
    await page.goto(site.url('/positionen/leer/'));
    assert.equal(await page.locator('.statements').count(), 0);
    const { has } = await readSite(site.dir);
    assert.ok(!has.has('positionen/leer/kurzfassung/index.html'));
    assert.ok(has.has('positionen/p3/kurzfassung/index.html'));
  });

  /** Sheets of A4 that a page is printed on. */
  const sheets = async (tab, url) => {
    await tab.goto(url);
    return (await tab.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  };

  test('the summary of every paper is printed on one sheet, the longest, too', async () => {
    const found = [];
    for (const name of ['p1', 'p3', 'mittel', 'viele', 'lang']) {
      const n = await sheets(page, site.url(`/positionen/${name}/kurzfassung/`));
      if (n !== 1) found.push(`${name}: ${n} sheets`);
    }
    const tab = await open(portal, { viewport: DESK });
    const shipped = portal.pages.filter((p) => /\/kurzfassung\/$/.test(p.path));
    assert.ok(shipped.length >= 8);
    for (const p of shipped) {
      const n = await sheets(tab, portal.url(p.path));
      if (n !== 1) found.push(`${p.path}: ${n} sheets`);
    }
    await tab.context().close();
    none(found, 'summary that does not fit its sheet');
  });

  for (const [where, viewport] of [['desk', DESK], ['phone', PHONE]]) {
    test(`the pages are accessible and fit (${where})`, async () => {
      const found = [];
      await page.setViewportSize(viewport);
      for (const p of ['/positionen/p2/', '/positionen/p3/', '/positionen/p3/aenderungen/', '/positionen/p3/kurzfassung/', '/positionen/lang/kurzfassung/', '/werkzeuge/kernforderungen/']) {
        await page.goto(site.url(p));
        await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
        found.push(...(await audit(page)).map((f) => `${p}: ${f}`));
        await page.emulateMedia({ colorScheme: 'dark' });
        found.push(...(await audit(page, COLOURS)).map((f) => `${p} dark: ${f}`));
        await page.emulateMedia({ colorScheme: 'light' });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) found.push(`${p}: ${over}px too wide`);
      }
      await page.setViewportSize(DESK);
      none(found, 'fault');
    });
  }
});
