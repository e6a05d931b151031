// The results page from „portal serve“: what readers without scripts get is
// what the script makes of the same address, and where there are scripts, they
// go on from there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { COLOURS, audit } from '../lib/audit.mjs';
import { openPage } from '../lib/browser.mjs';
import { layoutShifts } from '../lib/shift.mjs';
import { serve } from '../lib/webserver.mjs';
import { browser, none, open, portal, program, unter } from '../lib/world.mjs';

const DESK = { width: 1280, height: 900 };
const SIZES = { desk: DESK, tablet: { width: 768, height: 1024 }, phone: { width: 360, height: 740 } };
const JAR = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

const STATES = {
  'a list': '/suche/?q=Sauerstoff',
  'page 2': '/suche/?q=Sauerstoff&seite=2',
  'by date': '/suche/?q=Sauerstoff&sortierung=datum',
  filters: '/suche/?q=Sauerstoff&type=product&type=demand',
  'filters of one type': '/suche/?q=Sauerstoff&type=product',
  'a phrase': '/suche/?q=%22zivil-milit%C3%A4rische+Zusammenarbeit%22',
  'a compound': '/suche/?q=Krankenhausfinanzierung',
  'one result': '/suche/?q=titel%3ADekontaminationsplatz',
  'a slip': '/suche/?q=Krankenhaaus',
  'no result': '/suche/?q=wolkenschieber',
  'no result with filters': '/suche/?q=Sauerstoff&type=source',
  'no word': '/suche/?q=der+und',
  signs: '/suche/?q=%3Cb%3E%26%22Sauerstoff',
  'many pages': '/suche/?q=Medizintechnik&seite=5',
  English: '/en/suche/?q=oxygen',
};

let served, below;
before(async () => {
  [served, below] = await Promise.all([serve(program, portal.dir), serve(program, unter.dir)]);
});
after(() => Promise.all([served?.close(), below?.close()]));

/** Runs work on a page from a server; faults in the browser fail. */
async function on(server, options, work) {
  const page = await openPage(browser, server.origin, { viewport: DESK, ...options });
  try {
    await work(page);
    none(page.faults.map((f) => `${f.at}: ${f.text}`), 'fault in the browser');
  } finally {
    await page.context().close();
  }
}

const plain = (work) => () => on(served, { javaScriptEnabled: false }, work);
const filled = (page) => page.waitForFunction(() => {
  const box = document.querySelector('[data-search-results]');
  return /found|empty/.test(box.dataset.state) && !box.ariaBusy && [...box.querySelectorAll('.hit-text')].every((t) => t.firstChild);
});
const checked = (page) => page.locator('.facets :checked').evaluateAll((all) => all.map((e) => `${e.name}=${e.value}`));
const count = (page) => page.locator('.search-count').textContent();

/**
 * What a reader is told: title, state and all parts, in whatever way their
 * addresses are written. Where excerpts are cut is not compared: the two
 * readers of the index count differently.
 */
function told() {
  const address = (a) => {
    const u = new URL(a.href, location.href);
    u.searchParams.delete('markiert');
    u.searchParams.sort();
    return u.pathname + u.search + u.hash;
  };
  const tree = (e) => [e.localName, ...[...e.attributes]
    .filter(({ name }) => !['href', 'form', 'data-field', 'data-part', 'open', 'checked'].includes(name)).map(({ name, value }) => `${name}=${value}`).sort(),
    e.localName === 'a' ? address(e) : '', e.localName === 'input' && e.checked,
    ...[...(e.matches('.hit-excerpt') ? [] : e.childNodes)].flatMap((n) => (n.nodeType === 1 ? [tree(n)] : n.nodeType === 3 && n.data.trim() ? [n.data.trim()] : []))];
  const box = document.querySelector('[data-search-results]');
  const out = { title: document.title, q: document.querySelector('form[role=search] [name=q]').value, signposts: !document.querySelector('#wegweiser').hidden,
    box: [box.hidden, box.dataset.state, 'facets' in box.dataset, 'wordless' in box.dataset], sort: [...box.querySelectorAll('[data-sort]')].map(tree),
    open: [...box.querySelectorAll('.facets details')].map((d) => d.open), other: [...document.querySelectorAll('.lang-switch a')].map(address) };
  for (const part of box.querySelectorAll('[data-part]')) if (!/status|retry/.test(part.dataset.part)) out[part.dataset.part] = part.closest('[hidden]') ? 'hidden' : tree(part);
  return JSON.parse(JSON.stringify(out));
}

const hitsOf = async (page, state) => {
  await page.goto(served.origin + STATES[state]);
  return [await count(page), await page.locator('.search-hits > li').count()];
};

test('the states are what they are called', () => on(served, { javaScriptEnabled: false }, async (page) => {
  assert.match((await hitsOf(page, 'one result'))[0], /^1\sTreffer/);
  assert.match((await hitsOf(page, 'no result'))[0], /^Keine\sTreffer/);
  assert.match((await hitsOf(page, 'no word'))[0], /^Kein\sSuchwort/);
  assert.deepEqual([(await hitsOf(page, 'a list'))[1], (await hitsOf(page, 'page 2'))[1]], [10, 10]);
  assert.ok((await hitsOf(page, 'a phrase'))[1] > 0 && await page.locator('.hit-excerpt mark').count() > 0);
  assert.match((await hitsOf(page, 'many pages'))[0], /Seite\s5\svon\s\d/);
  assert.ok(await page.getByText('…', { exact: true }).count() > 0);
}));

test('the server fills the page as the script does', async () => {
  const seen = {};
  await on(served, { javaScriptEnabled: false }, async (page) => {
    for (const [name, address] of Object.entries(STATES)) {
      await page.goto(served.origin + address);
      seen[name] = await page.evaluate(told);
    }
  });
  const page = await open(portal, { viewport: { ...DESK, height: 4000 } }); // with all hits in view
  for (const [name, address] of Object.entries(STATES)) {
    await page.goto(portal.url(address));
    await filled(page);
    assert.deepEqual(seen[name], await page.evaluate(told), name);
  }
  await page.context().close();
});

describe('without scripts', () => {
  test('filters are chosen in a form and taken back with a link', plain(async (page) => {
    await page.goto(`${served.origin}/`);
    await page.locator('form[role=search] [name=q]').fill('Sauerstoff');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/suche/?q=Sauerstoff');
    const all = await count(page);
    assert.match(all, /^\d+\sTreffer für „Sauerstoff“$/);
    assert.ok(!(await page.locator('.search-note').count()));
    await page.getByRole('link', { name: 'Datum', exact: true }).click();
    await page.locator('.facets [name=type][value=product]').check();
    await page.locator('.facets [name=type][value=demand]').check();
    await page.locator('.facet-apply').click();
    await page.waitForURL((u) => u.searchParams.getAll('type').length === 2);
    assert.deepEqual(await checked(page), ['type=product', 'type=demand']);
    assert.equal(new URL(page.url()).searchParams.get('sortierung'), 'datum');
    const some = await count(page);
    assert.ok(parseInt(some, 10) < parseInt(all, 10), some);
    assert.equal(await page.locator('.search-hits > li').count(), parseInt(some, 10));
    // Another question keeps them, as with scripts.
    await page.locator('form[role=search] [name=q]').fill('Strom');
    await page.locator('.search-button').click();
    await page.waitForURL((u) => u.searchParams.get('q') === 'Strom' && u.searchParams.getAll('type').length === 2);
    await page.getByRole('link', { name: 'Filter entfernen: Bedarf' }).click();
    assert.deepEqual(await checked(page), ['type=product']);
    await page.goBack();
    assert.deepEqual(await checked(page), ['type=product', 'type=demand']);
  }));

  test('pages, the other language, a correction and a hit are a link away', plain(async (page) => {
    await page.goto(served.origin + STATES['a list']);
    await page.locator('[rel=next]').click();
    assert.match(await count(page), /, Seite\s2\svon\s\d+$/);
    await page.locator('.lang-switch a').click();
    await page.waitForURL('**/en/suche/?q=Sauerstoff*');
    assert.match(await count(page), /for “Sauerstoff”/);
    await page.goto(served.origin + STATES['a slip']);
    await page.locator('[data-part=suggestion]').click();
    assert.match(await count(page), /„Krankenhaus“/);
    await page.locator('.hit-section a').first().click();
    assert.ok(await page.locator(':target').count());
  }));

  test('all values of a facet are in reach', plain(async (page) => {
    await page.goto(served.origin + STATES['a list']);
    assert.ok(await page.locator('.facet-more').first().isHidden());
    const last = page.locator('.facets details[open] li:nth-child(n + 9) input').last();
    await last.check();
    assert.ok(await last.isVisible());
  }));

  test('without a question, and with one that is too long, there are the directories', plain(async (page) => {
    for (const address of ['/suche/', '/suche/?type=product', `/suche/?q=${'x'.repeat(500)}`]) {
      await page.goto(served.origin + address);
      assert.ok(await page.locator('.search-note').isVisible(), address);
      assert.ok(await page.locator('.search-results').isHidden(), address);
      assert.ok(await page.locator('#wegweiser').isVisible(), address);
    }
  }));

  test('below a path, everything leads there', () => on(below, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${below.origin}${unter.base}en/suche/?q=Sauerstoff&seite=99`); // behind the last
    const seen = new URL(page.url());
    assert.equal(seen.pathname, `${unter.base}en/suche/`);
    assert.ok(Number(seen.searchParams.get('seite') ?? 1) < 99);
    for (const path of await page.locator('.search-results a, .lang-switch a').evaluateAll((all) => all.map((a) => a.pathname))) assert.ok(path.startsWith(unter.base), path);
    await page.locator('.search-hits h3 a').first().click();
    assert.ok(await page.locator('h1').isVisible());
  }));

  // search.test.mjs audits what the script makes, which is the same; here are
  // the states in which something differs.
  for (const [name, viewport] of Object.entries(SIZES)) {
    test(`it is accessible, and fits (${name})`, () => on(served, { viewport }, async (page) => {
      const bad = [];
      // The checker is a script: only those of the page are off.
      await page.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
      await page.route('**/*.css', async (route) => {
        const response = await route.fetch();
        const css = await response.text();
        assert.match(css, /\(scripting: ?none\)/);
        await route.fulfill({ response, body: css.replace(/\(scripting: ?none\)/g, 'all') });
      });
      for (const state of ['filters', 'no result']) {
        await page.goto(served.origin + STATES[state]);
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) bad.push(`${state}: wider than the window`);
        const row = page.locator('.search-filters > summary');
        if (await row.isVisible()) await row.click(); // the filters fold out of it
        bad.push(...(await audit(page)).map((b) => `${state}: ${b}`));
      }
      await page.goto(served.origin + STATES.filters);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      bad.push(...(await audit(page, COLOURS)).map((b) => `dark: ${b}`));
      none(bad, 'fault');
    }));
  }

  test('Nu Html Checker', async () => {
    const files = await Promise.all(Object.values(STATES).map(async (address, i) => {
      const file = join(portal.dir, '..', `served-${i}.html`);
      await writeFile(file, await (await fetch(served.origin + address)).text());
      return file;
    }));
    const { stdout } = await promisify(execFile)('java', ['-Xmx256m', '-jar', JAR, '--format', 'json', '--stdout', '--exit-zero-always', ...files], { maxBuffer: 1 << 26 });
    // Slashes of void elements are how golang.org/x/net/html writes them; they say nothing.
    none(JSON.parse(stdout).messages.filter((m) => !/^Trailing slash on void elements/.test(m.message))
      .map((m) => `${m.url}:${m.lastLine} ${m.message} ${m.extract}`), 'fault of the markup');
  });
});

describe('with scripts', () => {
  for (const [name, viewport] of Object.entries(SIZES)) {
    test(`nothing moves, is doubled or asked for again (${name})`, () => on(served, { viewport }, async (page) => {
      const asked = [];
      page.on('request', (r) => asked.push(new URL(r.url()).pathname));
      const states = viewport === DESK ? Object.keys(STATES) : ['a list', 'filters', 'a slip', 'no result'];
      for (const state of states) {
        await page.goto(served.origin + STATES[state]);
        const before = await page.evaluate(told);
        await page.waitForSelector('[role=combobox]'); // the script has begun
        none((await layoutShifts(page)).map((s) => `${state}: ${s.value} ${s.what}`), 'shift of the layout');
        const now = await page.evaluate(told);
        assert.deepEqual(now, before, state);
      }
      assert.deepEqual(asked.filter((p) => /^\/(search\/(?!ui-)|api\/)/.test(p)), [], 'files of the index');
    }));
  }

  test('they go on from what is there', () => on(served, {}, async (page) => {
    await page.goto(served.origin + STATES['a list']);
    await page.waitForSelector('[role=combobox]');
    const title = await page.title();
    const all = await page.evaluate(told);
    // A long list unfolds, and a box keeps the focus.
    const more = page.locator('.facet-more:visible').first();
    await more.click();
    assert.equal(await more.getAttribute('aria-expanded'), 'true');
    const box = page.locator('.facets [name=type][value=product]');
    await box.focus();
    await page.keyboard.press('Space');
    await page.waitForFunction((t) => document.title !== t, title);
    assert.ok(await box.evaluate((e) => e === document.activeElement && e.checked));
    assert.equal(new URL(page.url()).search, '?q=Sauerstoff&type=product');
    assert.match(await page.title(), /^\d+\sTreffer für „Sauerstoff“ – Suche – AG VZKM$/);
    await page.goBack();
    await page.waitForFunction((t) => document.title === t, title);
    await more.click();
    await filled(page);
    assert.deepEqual(await page.evaluate(told), all);
    // And a link of the server leads on without a new page.
    await page.evaluate(() => { window.same = true; });
    await page.locator('[rel=next]').click();
    await page.waitForFunction(() => /Seite\s2/.test(document.title));
    assert.ok(await page.evaluate(() => window.same));
    // Emptied, there is the page before anything was asked.
    await page.locator('form[role=search] [name=q]').fill('');
    await page.waitForSelector('.search-results', { state: 'hidden' });
    assert.equal(await page.title(), 'Suche – AG VZKM');
  }));

  test('what was typed before they came is asked', () => on(served, {}, async (page) => {
    let go;
    const held = new Promise((ok) => { go = ok; });
    await page.route(/\/search\/ui-/, async (route) => { await held; await route.continue(); });
    await page.goto(served.origin + STATES['a list'], { waitUntil: 'commit' });
    await page.locator('form[role=search] [name=q]').fill('Krankenhaus');
    go();
    await page.waitForFunction(() => /„Krankenhaus“/.test(document.title));
    assert.match(await count(page), /„Krankenhaus“/);
  }));
});
