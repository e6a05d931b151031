// portal preview, as an editor has it: a file is saved, and the open page shows
// it. Nothing here waits for a time: a page has what was saved, or the test
// ends with what it has instead.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { launch, openPage } from '../lib/browser.mjs';
import { ROOT, compile } from '../lib/site.mjs';

const alone = process.argv[1] === fileURLToPath(import.meta.url);
const world = alone ? null : await import('../lib/world.mjs');

let dir, program, browser, live, page, pages;
const file = (name) => join(dir, 'site', name);

async function save(name, text) {
  await mkdir(dirname(file(name)), { recursive: true });
  await writeFile(file(name), text);
}

/** Saves what f makes of a file, by a rename, as many editors do. */
async function edit(name, f) {
  const text = f(await readFile(file(name), 'utf8'));
  await writeFile(file(name + '~'), text);
  await rename(file(name + '~'), file(name));
}

/** Starts the preview; it says its address when it is ready. */
function preview(addr = '127.0.0.1:0', ...flags) {
  const child = spawn(program, ['preview', '--source', join(dir, 'site'), '--addr', addr, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((ok) => child.on('close', ok));
  return new Promise((ok, no) => {
    let said = '';
    for (const s of [child.stdout, child.stderr]) {
      s.on('data', (b) => {
        said += b;
        const url = /http:\/\/(127\.0\.0\.1:\d+)(\S*)/.exec(said);
        if (url) {
          ok({
            origin: `http://${url[1]}`, addr: url[1], base: url[2],
            close: () => { child.kill('SIGINT'); return ended; },
          });
        }
      });
    }
    ended.then((code) => no(new Error(`portal preview ended with ${code}: ${said}`)));
  });
}

/** A page that must not be loaded anew unless it is said. */
async function open(path, options = { viewport: { width: 1280, height: 800 } }) {
  const p = await openPage(browser, live.origin, options);
  pages.push(p);
  await p.goto(live.origin + live.base.replace(/\/$/, '') + path);
  await p.evaluate(() => (window.marker = 1));
  return p;
}

const shows = (p, text) => p.waitForFunction((t) => document.querySelector('main')?.innerText.includes(t), text);
const kept = (p) => p.evaluate(() => window.marker === 1);
const panel = (p) => p.locator('#portal-preview');
const paragraphs = (n, more = '') => Array.from({ length: n }, (_, i) => `## Abschnitt ${i}\n\nAbsatz ${i} steht hier.${i === 30 ? more : ''}\n`).join('\n');
const text = (title, body) => `---\ntitle: ${title}\n---\n\n${body}`;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'portal-preview-'));
  program = world?.program ?? await compile(dir);
  browser = world?.browser ?? await launch();
  for (const part of ['portal.yaml', 'content']) await cp(join(ROOT, part), file(part), { recursive: true });
  await save('content/lang.md', text('Langer Text', paragraphs(60)));
  live = await preview();
});

after(async () => {
  assert.equal(await live?.close(), 0, 'Ctrl+C ends it without a fault');
  if (alone) await browser.close();
  await rm(dir, { recursive: true, force: true });
});

describe('portal preview', () => {
  pages = [];
  afterEach(async () => {
    for (const p of pages.splice(0)) {
      assert.deepEqual(p.faults, []);
      await p.context().close();
    }
  });

  test('what was saved is found at once, and once only, while the whole index follows', async () => {
    await save('content/fund.md', text('Fundstelle', 'Hier steht altwortprobe.\n'));
    await save('content/daneben.md', text('Daneben', 'Auch hier steht altwortprobe.\n'));
    page = await open('/kontakt/');
    while (!(await fetch(live.origin + '/search/manifest.bin')).ok); // made in the background
    const ask = (words, options) => page.evaluate(async ([words, options]) => {
      const { open } = await import(`${location.origin}/search/engine.js`);
      const engine = await open('/search/');
      const found = await engine.search(words, { limit: 10, ...options });
      await engine.fill(found.hits);
      const recent = await (await fetch('/search/recent.json')).json();
      return { total: found.total, ids: found.hits.map((h) => h.id).sort(), marked: found.hits.every((h) => h.excerpt.includes('<mark>')), settled: recent.ids.length === 0 };
    }, [words, options]);
    const until = async (words, ids) => {
      for (;;) {
        const found = await ask(words, {});
        if (found.total === ids.length) return found;
        assert.ok(found.total < 3);
      }
    };
    assert.deepEqual((await until('altwortprobe', ['', ''])).ids, ['de:daneben', 'de:fund']);
    while (!(await ask('altwortprobe', {})).settled);
    await edit('content/fund.md', (t) => t.replace('altwortprobe', 'neuwortprobe'));
    await rm(file('content/daneben.md'));
    await until('altwortprobe', []);
    for (let settled = false; !settled;) { // the small index has it first, then the whole one
      const found = await ask('neuwortprobe', {});
      assert.deepEqual([found.total, found.ids], [1, ['de:fund']]);
      assert.equal((await ask('altwortprobe', { sort: 'date' })).total, 0);
      settled = found.settled;
    }
    assert.ok((await ask('neuwortprobe', {})).marked); // not before: an index may go between question and excerpt
    await rm(file('content/fund.md'));
    await until('neuwortprobe', []);
    // A whole index that goes in the midst of a question is missed, and the new one asked.
    const others = page.faults.splice(0).filter(({ text }) => !/^404: .*\/search\/[0-9a-f]{12}\/|status of 404/.test(text));
    assert.deepEqual(others, []);
  });

  test('what was saved is shown where one was reading', async () => {
    page = await open('/lang/');
    await page.evaluate(() => {
      document.getElementById('abschnitt-40').scrollIntoView();
      document.querySelector('#abschnitt-41').nextElementSibling.marker = 1;
      document.querySelector('details[data-toc]').open = false;
      document.querySelector('.site-nav-list a').focus({ preventScroll: true });
    });
    const at = () => page.evaluate(() => document.getElementById('abschnitt-40').getBoundingClientRect().top);
    const before = await at();
    await edit('content/lang.md', (t) => t.replace('Absatz 45 steht', 'Absatz 45 stand'));
    await shows(page, 'Absatz 45 stand');
    assert.equal(await at(), before);
    await edit('content/lang.md', (t) => t.replace('## Abschnitt 5\n', 'Dazwischen.\n\n## Abschnitt 5\n'));
    await shows(page, 'Dazwischen.');
    assert.ok(Math.abs(await at() - before) < 2, 'what comes before pushes nothing away');
    assert.deepEqual(await page.evaluate(() => [
      document.querySelector('#abschnitt-41').nextElementSibling.marker, document.querySelector('details[data-toc]').open, document.activeElement.matches('.site-nav-list a'),
    ]), [1, false, true], 'paragraphs that are the same, what was folded, and the focus stay');
    assert.ok(await kept(page));
  });

  test('what is in view stays where it is without the browser’s help, and over a reload', async () => {
    page = await open('/lang/');
    const scroll = () => page.evaluate(() => {
      for (const e of document.querySelectorAll('*')) e.style.overflowAnchor = 'none'; // not every browser anchors
      document.getElementById('abschnitt-50').scrollIntoView();
      return document.getElementById('abschnitt-50').getBoundingClientRect().top;
    });
    const stays = (was) => page.waitForFunction((was) => Math.abs(document.getElementById('abschnitt-50').getBoundingClientRect().top - was) < 3, was);
    let was = await scroll();
    await edit('content/lang.md', (t) => t.replace('## Abschnitt 6\n', 'Eingeschoben.\n\n'.repeat(9) + '## Abschnitt 6\n'));
    await shows(page, 'Eingeschoben.');
    await stays(was);
    assert.ok(await kept(page));

    // A page that goes away and comes back, as when a key is misspelt for a while.
    await edit('content/lang.md', (t) => t.replace('title: Langer Text', 'title: [Langer Text'));
    page.expectMissing = true;
    await page.locator('body.page-notfound').waitFor();
    await edit('content/lang.md', (t) => t.replace('title: [', 'title: ').replaceAll('Eingeschoben.\n\n', ''));
    await shows(page, 'Absatz 3 steht');
    await stays(was);
    page.faults.length = 0;

    // Loaded anew, with more above than there was.
    was = await scroll();
    await page.evaluate(() => (window.marker = 1));
    await save('templates/components/probe/probe.ts', 'export function init(): void { document.body.dataset.probe = "2" }\n');
    await edit('content/lang.md', (t) => t.replace('## Abschnitt 7\n', 'Noch mehr davor.\n\n'.repeat(9) + '## Abschnitt 7\n'));
    await page.waitForFunction(() => !window.marker && document.body.dataset.probe === '2');
    await shows(page, 'Noch mehr davor.');
    await stays(was);
    await rm(file('templates/components/probe'), { recursive: true });
    await edit('content/lang.md', (t) => t.replaceAll('Noch mehr davor.\n\n', ''));
    await page.waitForFunction(() => document.body.dataset.probe !== '2');
  });

  test('what readers do not see is marked: on its page, in lists, among the hits', async () => {
    const entry = (more) => `---\ntitle: Probewort\nsummary: Steht nur hier.\ndefinition: Ein Wort.\n${more}---\n\nNur zur Probe.\n`;
    const name = 'content/glossar/probewort.md';
    await save(name, entry('published: 2099-12-24T09:00\n'));
    page = await open('/glossar/probewort/').catch(() => pages.at(-1));
    const strip = page.locator('#portal-preview-strip');
    await strip.getByText(/Sperrfrist bis 24.\sDezember 2099, 9:00\sUhr/).waitFor();
    const list = await open('/glossar/');
    const marked = (word) => list.waitForFunction((word) => document.querySelector('main a[href="/glossar/probewort/"]')?.dataset.portalPreview === word, word);
    await list.waitForFunction(() => document.querySelector('main a[href="/glossar/probewort/"]')?.dataset.portalPreview?.startsWith('Sperrfrist bis'));
    for (const [more, word, text] of [
      ['status: entwurf\n', 'Entwurf', 'erscheint mit „status: veroeffentlicht“'],
      ['status: pruefung\n', 'In Prüfung', 'Ist die Prüfung bestanden'],
      ['audience: members\n', 'Nur für Mitglieder', 'Öffentlich erscheint der Eintrag nie'],
      ['status: entwurf\naudience: members\n', 'Entwurf · Nur für Mitglieder', 'mit „status: veroeffentlicht“'],
    ]) {
      await save(name, entry(more));
      await page.waitForFunction((w) => document.querySelector('#portal-preview-strip strong')?.textContent === w, word);
      await strip.getByText(text).waitFor();
      await marked(word);
    }
    await save(name, entry('published: 2099-12-24T09:00\naudience: members\n'));
    await strip.getByText(/^Sperrfrist .* · Nur für Mitglieder$/).waitFor();
    const news = await open('/meldungen/'); // where a badge says one of two words, the mark says the other
    await save('content/meldungen/probemeldung.md', '---\ntitle: Probemeldung\nsummary: Nur zur Probe.\nkind: meldung\ndate: 2099-12-24\npublished: 2099-12-24T09:00\naudience: members\n---\n\nText.\n');
    await news.waitForFunction(() => {
      const link = document.querySelector('main a[href="/meldungen/probemeldung/"]');
      return link?.dataset.portalPreview?.startsWith('Sperrfrist bis') && !/Nur/.test(link.dataset.portalPreview) && /Nur für Mitglieder/.test(link.closest('article,li').textContent);
    });
    await rm(file('content/meldungen/probemeldung.md'));
    await save(name, entry('status: archiviert\n')); // it leaves the lists, and says so
    await strip.getByText('steht in keiner Liste mehr').waitFor();
    await save(name, entry('status: pruefung\n'));
    const search = await open('/suche/?q=Probewort');
    const hit = search.locator('[data-part="hits"] a[href*="/glossar/probewort/"]').first();
    while (!(await hit.isVisible())) { // the index follows in the background
      await search.reload();
      await search.locator('[data-search-results]:not([data-state="wait"])').waitFor();
    }
    await search.waitForFunction(() => [...document.querySelectorAll('[data-part="hits"] li')].some((li) => /In Prüfung/.test(li.textContent + li.querySelector('a').dataset.portalPreview)));
    await save(name, entry(''));
    await strip.waitFor({ state: 'detached' });
    await list.waitForFunction(() => !document.querySelector('main a[data-portal-preview]'));
    await rm(file(name));
    await page.locator('body.page-notfound').waitFor();
    for (const p of [page, search]) p.faults.length = 0;
  });

  test('the bar leads to the file, copies its path, lists its findings, and can be folded', async () => {
    page = await open('/lang/', { viewport: { width: 360, height: 740 }, permissions: ['clipboard-read', 'clipboard-write'] });
    const path = file('content/lang.md');
    const bar = page.getByRole('region', { name: 'Vorschau' });
    assert.equal(await bar.getByRole('link', { name: 'content/lang.md' }).getAttribute('href'), `vscode://file${path}:1:1`);
    await bar.getByRole('button', { name: 'Pfad kopieren: lang.md' }).click();
    await bar.getByRole('button', { name: 'Kopiert: lang.md' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), path);

    await edit('content/lang.md', (t) => t.replace('Absatz 2 steht', '[[fehlt-noch]] steht'));
    const finding = panel(page).getByRole('link', { name: /^content\/lang.md, Zeile \d+, Spalte 1$/ });
    await finding.waitFor();
    assert.match(await finding.getAttribute('href'), new RegExp(`^vscode://file${path}:\\d+:1$`));
    await edit('content/lang.md', (t) => t.replace('[[fehlt-noch]] steht', 'Absatz 2 steht'));
    await finding.waitFor({ state: 'detached' });

    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await audit(page, colorScheme === 'dark' ? COLOURS : ALL), []);
      }
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForFunction(() => {
        const dock = document.getElementById('portal-preview-dock').getBoundingClientRect().top;
        return document.querySelector('footer').getBoundingClientRect().bottom <= dock + 1 && document.documentElement.scrollWidth <= innerWidth;
      });
    }
    await page.emulateMedia({ media: 'print' });
    assert.equal(await bar.isVisible(), false);
    await page.emulateMedia({ media: 'screen' });

    const toggle = bar.getByRole('button', { name: 'Vorschau' });
    await toggle.focus();
    await page.keyboard.press('Enter');
    const link = bar.getByRole('link', { name: 'content/lang.md' });
    await link.waitFor({ state: 'hidden' });
    await page.goto(live.origin + '/impressum/');
    assert.equal(await toggle.getAttribute('aria-expanded'), 'false', 'it stays folded on the next page');
    await edit('content/impressum.md', (t) => t.trimEnd() + '\n\nGefaltet gespeichert.\n');
    await shows(page, 'Gefaltet gespeichert.');
    assert.equal(await bar.getByRole('listitem').count(), 0);
    assert.deepEqual(await audit(page), []);
    await toggle.click();
    await bar.getByRole('link', { name: 'content/impressum.md' }).waitFor();
  });

  test('a title changes in the head, on the page, and where it is listed', async () => {
    page = await open('/glossar/ausfuhrliste/');
    const list = await open('/glossar/');
    for (const [from, to] of [['Ausfuhrliste', 'Probe der Ausfuhr'], ['Probe der Ausfuhr', 'Ausfuhrliste']]) {
      await edit('content/glossar/ausfuhrliste.md', (t) => t.replace(`title: ${from}`, `title: ${to}`));
      await page.getByRole('heading', { level: 1, name: to }).waitFor();
      assert.ok((await page.title()).startsWith(to), await page.title());
      await list.getByRole('link', { name: to, exact: true }).first().waitFor();
    }
    assert.ok(await kept(page) && await kept(list));
  });

  test('scripts of the page have it as before', async () => {
    // Buttons that scripts made, and words they wrote, are not in what is sent.
    page = await open('/glossar/');
    const entry = await page.locator('main a[href^="/glossar/"]').first().getAttribute('href');
    await page.goto(live.origin + entry);
    const name = `content${entry.replace(/\/$/, '')}.md`;
    const count = () => page.evaluate(() => document.querySelectorAll('.copy-button, .term-popover').length);
    const before = await count();
    await edit(name, (t) => t.trimEnd() + '\n\nEin Satz am Ende.\n');
    await shows(page, 'Ein Satz am Ende.');
    assert.equal(await count(), before);
  });

  test('an error is named on every page, and goes when it is mended', async () => {
    page = await open('/lang/');
    const other = await open('/impressum/', { viewport: { width: 360, height: 740 } });
    assert.equal(await panel(page).locator('details').count(), 0);
    await edit('content/lang.md', (t) => t.replace('Absatz 3 steht', '[[gibt-es-nicht]] steht'));
    await panel(page).getByText('content/lang.md, Zeile').waitFor();
    await panel(other).getByText('content/lang.md, Zeile').waitFor();
    assert.match(await panel(page).locator('summary').innerText(), /^\d+ Fehler/);
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'body', 'the focus is not taken');

    for (const colorScheme of ['light', 'dark']) {
      await other.emulateMedia({ colorScheme });
      assert.deepEqual(await audit(other, colorScheme === 'dark' ? COLOURS : ALL), []);
    }
    assert.ok(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');

    await panel(other).locator('summary').click(); // stays closed, on this page and the next
    await other.waitForFunction(() => sessionStorage['portal-preview-closed']);
    await other.reload();
    assert.equal(await panel(other).locator('details').getAttribute('open'), null);

    await edit('content/lang.md', (t) => t.replace('[[gibt-es-nicht]]', 'Absatz 3'));
    await shows(page, 'Absatz 3 steht');
    for (const p of [page, other]) await panel(p).locator('details').waitFor({ state: 'detached' });
    assert.ok(await kept(page));
  });

  test('a finding shows its line, with a caret at the place, and leads to what explains it', async () => {
    page = await open('/lang/');
    await edit('content/lang.md', (t) => t.replace('Absatz 3 steht', 'Absatz [[gibt-es-nicht]] steht'));
    const line = panel(page).locator('pre').first();
    await line.waitFor();
    assert.equal(await line.textContent(), 'Absatz [[gibt-es-nicht]] steht hier.\n       ^');
    await panel(page).getByRole('link', { name: 'Erklärung mit Beispielen' }).first().click();
    await page.waitForURL('**/.portal/fehler/#verweis-unbekannt');
    assert.ok(await page.locator('#verweis-unbekannt').evaluate((h) => h.matches(':target') && h.getBoundingClientRect().top < innerHeight));
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await audit(page, colorScheme === 'dark' ? COLOURS : ALL), []);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
    page.faults.splice(0, page.faults.length, ...page.faults.filter(({ text }) => !/status of 404/.test(text))); // it has no icon
    await edit('content/lang.md', (t) => t.replace('[[gibt-es-nicht]]', '3'));
    await page.goBack();
    await shows(page, 'Absatz 3 steht');
  });

  test('front matter that cannot be read leaves the page that was there, or says that it is gone', async () => {
    page = await open('/lang/');
    page.expectMissing = true;
    await edit('content/lang.md', (t) => t.replace('title: Langer Text', 'title: [Langer Text'));
    await panel(page).getByText('content/lang.md').waitFor();
    await edit('content/lang.md', (t) => t.replace('title: [', 'title: '));
    await shows(page, 'Absatz 3 steht');
    await panel(page).locator('details').waitFor({ state: 'detached' });
    page.faults.length = 0; // the browser notes every 404
  });

  test('a new page appears, one that was deleted goes and comes back', async () => {
    page = await open('/neu/').catch(() => pages.at(-1));
    page.expectMissing = true;
    const missing = page.locator('body.page-notfound');
    await missing.waitFor();
    await save('content/neu.md', text('Neue Seite', 'Gerade geschrieben.'));
    await shows(page, 'Gerade geschrieben.');
    await rm(file('content/neu.md'));
    await missing.waitFor();
    await save('content/neu.md', text('Neue Seite', 'Wieder da.'));
    await shows(page, 'Wieder da.');
    await missing.waitFor({ state: 'detached' });
    await rm(file('content/neu.md'));
    await missing.waitFor();
    page.faults.length = 0;
  });

  test('a style sheet is exchanged without loading the page', async () => {
    page = await open('/lang/');
    await save('templates/assets/zusatz.css', 'h1 { color: rgb(1, 2, 3) }');
    const colour = (c) => page.waitForFunction((want) => getComputedStyle(document.querySelector('h1')).color === want, c);
    await colour('rgb(1, 2, 3)');
    await edit('templates/assets/zusatz.css', (t) => t.replace('3)', '4)'));
    await colour('rgb(1, 2, 4)');
    await page.waitForFunction(() => document.querySelectorAll('head link[rel=stylesheet]').length === 1);
    assert.ok(await kept(page));
  });

  test('a template of one’s own takes over', async () => {
    page = await open('/lang/');
    const layout = await readFile(join(ROOT, 'templates/layout.html'), 'utf8');
    await save('templates/layout.html', layout.replace('<main ', '<p class="container">Eigene Vorlage</p>\n<main '));
    await page.getByText('Eigene Vorlage').waitFor();
    await save('templates/layout.html', layout.replace('<main ', '{{kaputt}}<main '));
    await panel(page).getByText('templates/layout.html').or(page.locator('.portal-preview-page')).first().waitFor();
    await rm(file('templates/layout.html'));
    await page.waitForFunction(() => document.querySelector('main')?.innerText.includes('Absatz 3 steht') && !document.body.innerText.includes('Eigene Vorlage'));
    await panel(page).locator('details').waitFor({ state: 'detached' });
    page.faults.length = 0;
  });

  test('a fault of a type is named on the page that was there, with its place', async () => {
    page = await open('/glossar/');
    const type = await readFile(join(ROOT, 'templates/types/term/type.yaml'), 'utf8');
    await save('templates/types/term/type.yaml', type.replace('\nfolder:', '\nfodler:'));
    const place = panel(page).getByRole('link', { name: /^templates\/types\/term\/type.yaml, Zeile \d+, Spalte 1$/ });
    await place.first().waitFor();
    await panel(page).getByText('Meinten Sie „folder“?').waitFor();
    await rm(file('templates/types'), { recursive: true });
    await panel(page).locator('details').waitFor({ state: 'detached' });
    assert.ok(await kept(page));
  });

  test('a page that scrolled far is there again after it was loaded anew', async () => {
    page = await open('/lang/');
    await page.evaluate(() => document.getElementById('abschnitt-40').scrollIntoView());
    const at = () => page.evaluate(() => Math.round(document.getElementById('abschnitt-40').getBoundingClientRect().top));
    const before = await at();
    await save('templates/components/probe/probe.ts', 'export function init(): void { document.body.dataset.probe = "1" }\n');
    await page.waitForFunction(() => !window.marker);
    await page.waitForFunction(() => document.body.dataset.probe === '1');
    await page.waitForFunction((was) => Math.abs(document.getElementById('abschnitt-40').getBoundingClientRect().top - was) < 3, before);
    await rm(file('templates/components/probe'), { recursive: true });
    await page.waitForFunction(() => document.body.dataset.probe !== '1');
  });

  test('pages of all kinds have it, and break no rule by it', async () => {
    for (const path of ['/', '/en/', '/glossar/', '/produkte/', '/dialog/', '/suche/', '/themen/']) {
      page = await open(path);
      assert.equal(await panel(page).count(), 1, path);
    }
  });

  test('the configuration may break, and a restart finds its pages', async () => {
    page = await open('/lang/');
    await edit('portal.yaml', (t) => t.replace('languages:', 'sprachen:'));
    await panel(page).getByText('portal.yaml').first().waitFor();
    const { addr } = live;
    assert.equal(await live.close(), 0);
    await page.locator('#portal-preview[data-offline]').waitFor();
    live = await preview(addr);
    await page.locator('.portal-preview-page').getByText('portal.yaml').first().waitFor();
    await edit('portal.yaml', (t) => t.replace('sprachen:', 'languages:'));
    await shows(page, 'Absatz 3 steht');
    page.faults.length = 0; // a server that is away is one
  });

  test('below a path', async () => {
    const { addr } = live;
    assert.equal(await live.close(), 0);
    live = await preview(addr, '--base-url', 'https://portal.example/unter/pfad', '--poll');
    assert.equal(live.base, '/unter/pfad/');
    page = await open('/lang/');
    assert.equal(new URL(page.url()).pathname, '/unter/pfad/lang/');
    await edit('content/lang.md', (t) => t.replace('Absatz 9 steht', 'Absatz 9 stand'));
    await shows(page, 'Absatz 9 stand');
    assert.ok(await kept(page));
    await page.goto(live.origin);
    assert.equal(new URL(page.url()).pathname, '/unter/pfad/');
  });
});
