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
