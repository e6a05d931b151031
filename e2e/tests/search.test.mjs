// The search as a reader has it: the field on every page and what it offers,
// the results page and its address, marks on the page a hit leads to.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { layoutShifts } from '../lib/shift.mjs';
import { fremd, none, open, portal, unter } from '../lib/world.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

const entry = portal.pages.find((p) => /type-product/.test(p.kind) && p.lang === 'de');
const field = (page) => page.locator('form[role=search] input[name=q]');
const list = (page) => page.locator('[role=listbox]');
const hits = (page) => page.locator('.search-hits > li');
const found = (page) => page.waitForSelector('.search-results:is([data-state=found], [data-state=empty]):not([aria-busy])');
const query = (page) => new URL(page.url()).searchParams;
const total = async (page) => Number(/^[\d.]+/.exec(await page.locator('.search-count').textContent())[0].replace('.', ''));
const titles = (page) => page.locator('.search-hits h3').allTextContents();

/** Opens the results for a query; with what is already known of it. */
async function ask(page, address, site = portal) {
  await page.goto(site.url(address));
  await found(page);
}

async function type(page, text) {
  await field(page).click();
  await page.keyboard.type(text, { delay: 20 });
}

/** Types, and waits until the list is that of the whole text. */
async function offered(page, text) {
  await type(page, text);
  await page.waitForFunction((t) => document.querySelector('[role=listbox]:not([hidden]) > a')?.textContent.includes(`„${t}“`), text);
}

/** Runs work on a page of its own, and fails with what went wrong on it. */
async function on(site, options, work) {
  const page = await open(site, options);
  try {
    await work(page);
    none(page.faults.map((f) => `${f.at}: ${f.text}`), 'fault in the browser');
  } finally {
    await page.context().close();
  }
}

describe('the search field', () => {
  let page;
  before(async () => { page = await open(portal, { viewport: DESK }); });
  after(() => page.context().close());
  const combo = () => field(page).evaluate((e) => ({
    role: e.role, expanded: e.ariaExpanded, list: document.getElementById(e.getAttribute('aria-controls'))?.role,
    active: document.getElementById(e.getAttribute('aria-activedescendant') ?? '')?.textContent ?? '', value: e.value,
  }));

  test('nothing of the search is loaded until somebody turns to it', async () => {
    const asked = [];
    page.on('request', (r) => /\/search\//.test(r.url()) && asked.push(r.url()));
    await page.goto(portal.url(entry.path), { waitUntil: 'networkidle' });
    assert.deepEqual(asked, []);
    await field(page).focus();
    await page.waitForFunction(() => document.querySelector('[role=combobox]'));
    assert.ok(asked.length > 0);
  });

  test('“/” and Ctrl+K lead to it, but not out of another field', async () => {
    await page.goto(portal.url(entry.path));
    for (const key of ['/', 'Control+k']) {
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.press(key);
      assert.ok(await field(page).evaluate((e) => e === document.activeElement), key);
      assert.equal(await field(page).inputValue(), '');
    }
    await page.keyboard.type('a/b');
    assert.equal(await field(page).inputValue(), 'a/b');
  });

  test('“/” can be switched off', async () => {
    await page.goto(portal.url('/suche/'));
    const check = page.locator('[data-search-keys] input');
    await check.uncheck();
    await page.goto(portal.url(entry.path));
    await page.keyboard.press('/');
    assert.ok(!(await field(page).evaluate((e) => e === document.activeElement)));
    await page.keyboard.press('Control+k');
    assert.ok(await field(page).evaluate((e) => e === document.activeElement));
    await page.goto(portal.url('/suche/'));
    await check.check();
    await page.reload();
    await page.keyboard.press('/');
    assert.ok(await field(page).evaluate((e) => e === document.activeElement));
  });

  test('typing offers words first, then pages by type, then all of them', async () => {
    await page.goto(portal.url(entry.path));
    await offered(page, 'kranken');
    assert.deepEqual(await combo(), { role: 'combobox', expanded: 'true', list: 'listbox', active: '', value: 'kranken' });
    const groups = await list(page).evaluate((l) => [...l.children].map((c) => (c.role === 'group'
      ? { label: document.getElementById(c.getAttribute('aria-labelledby')).textContent, options: [...c.querySelectorAll('[role=option]')].map((o) => o.textContent) }
      : { label: '', options: [c.textContent] })));
    assert.equal(groups[0].label, 'Suchwörter');
    assert.ok(groups[0].options.every((w) => /kranken/i.test(w)), groups[0].options.join());
    assert.ok(groups.length >= 3, 'words, a type, all');
    assert.equal(groups.at(-1).options[0], 'Alle Treffer für „kranken“');
    const labels = groups.map((g) => g.label);
    assert.equal(new Set(labels).size, labels.length, 'a type has one group');
    const count = groups.slice(0, -1).reduce((n, g) => n + g.options.length, 0);
    await page.waitForFunction((n) => document.querySelector('form [role=status]').textContent.startsWith(n), String(count));
  });

  test('arrows go round through options and field; Escape closes, then clears', async () => {
    const names = await list(page).locator('[role=option]').allTextContents();
    await page.keyboard.press('ArrowDown');
    assert.equal((await combo()).active, names[0]);
    assert.equal(await list(page).locator('[aria-selected=true]').textContent(), names[0]);
    await page.keyboard.press('ArrowUp');
    assert.equal((await combo()).active, '');
    await page.keyboard.press('ArrowUp');
    assert.equal((await combo()).active, names.at(-1));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal((await combo()).active, names[0]);
    assert.ok(await field(page).evaluate((e) => e === document.activeElement), 'the focus stays in the field');
    await page.keyboard.press('Escape');
    assert.deepEqual(await combo(), { role: 'combobox', expanded: 'false', list: 'listbox', active: '', value: 'kranken' });
    await page.keyboard.press('ArrowDown');
    await list(page).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.equal((await combo()).value, '');
  });

  test('Tab leaves and closes the list', async () => {
    await offered(page, 'kranken');
    await page.keyboard.press('Tab');
    assert.ok(await list(page).isHidden());
    assert.ok(!(await field(page).evaluate((e) => e === document.activeElement)));
  });

  test('while one types on, the list stays and shows no older answer', async () => {
    await page.goto(portal.url(entry.path));
    await type(page, 'kra');
    await list(page).waitFor();
    await list(page).evaluate((l) => {
      window.gone = 0;
      new MutationObserver(() => { if (l.hidden || !l.children.length) window.gone++; }).observe(l, { attributes: true, childList: true });
    });
    await page.keyboard.type('nken', { delay: 60 });
    await page.waitForFunction(() => /„kranken“/.test(document.querySelector('[role=listbox]').textContent));
    assert.equal(await page.evaluate(() => window.gone), 0);
  });

  test('Enter opens the option that is meant, or asks for what is typed', async () => {
    await page.keyboard.press('ArrowDown');
    const word = (await combo()).active;
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/suche\/\?/);
    assert.equal(query(page).get('q'), word);

    await page.goto(portal.url(entry.path));
    await type(page, 'Krankenhaus');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/suche\/\?q=Krankenhaus$/);
    await found(page);
  });

  test('an option that was meant is forgotten when one types on', async () => {
    await page.goto(portal.url(entry.path));
    await offered(page, 'Beatmung');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.notEqual((await combo()).active, '');
    await page.keyboard.type('s');
    assert.equal((await combo()).active, '');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/suche\/\?q=Beatmungs$/);
    await found(page);
  });

  test('the pointer opens an option', async () => {
    await page.goto(portal.url(entry.path));
    await offered(page, 'kranken');
    const option = list(page).locator('[role=group]:not(:first-child) [role=option]').first();
    const href = await option.getAttribute('href');
    await option.click();
    await page.waitForURL((url) => url.pathname === href);
  });

  test('it is accessible with the list open, in both schemes, on desk and phone', async () => {
    const bad = [];
    for (const viewport of [DESK, PHONE]) {
      await page.setViewportSize(viewport);
      await page.goto(portal.url(entry.path));
      await offered(page, 'kranken');
      await page.keyboard.press('ArrowDown');
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        bad.push(...await audit(page, colorScheme === 'dark' ? COLOURS : ALL));
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(DESK);
    none(bad, 'accessibility violation');
  });

  test('on a phone there is room for a thumb, and the list keeps inside the window', async () => {
    for (const viewport of [PHONE, { width: 320, height: 400 }]) {
      await page.setViewportSize(viewport);
      await page.goto(portal.url(entry.path));
      await offered(page, 'kranken');
      const box = await list(page).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, `${box.x} to ${box.x + box.width} of ${viewport.width}`);
      assert.ok(box.y + box.height <= viewport.height, `${box.y + box.height} of ${viewport.height}`);
      for (const option of await list(page).locator('[role=option]').all()) assert.ok((await option.boundingBox()).height >= 44);
      await page.keyboard.press('ArrowUp');
      const last = await list(page).locator('[aria-selected=true]').boundingBox();
      assert.ok(last.y >= box.y && last.y + last.height <= box.y + box.height + 1, 'the option that is meant is scrolled to');
    }
    await page.setViewportSize(DESK);
  });

  test('nothing went wrong in the browser', () => none(page.faults.map((f) => f.text), 'fault'));

  test('a page that does not exist can be searched from', () => on(portal, { viewport: DESK }, async (page) => {
    page.expectMissing = true;
    await page.goto(portal.url('/gibt/es/krankenhaus-finanzieren.html'));
    assert.equal(await field(page).inputValue(), 'krankenhaus finanzieren', 'the address says what was looked for');
    await field(page).focus();
    await list(page).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/suche\/\?q=krankenhaus\+finanzieren$/);
    await found(page);
    page.faults = page.faults.filter((f) => !/404/.test(f.text));
  }));
});

describe('the results page', () => {
  let page;
  before(async () => { page = await open(portal, { viewport: DESK }); });
  after(() => page.context().close());

  test('a hit has its type, date, title, section and excerpt; the count is said and in the title', async () => {
    await ask(page, '/suche/?q=Krankenhaus');
    const n = await total(page);
    assert.ok(n > 10);
    assert.equal(await hits(page).count(), 10);
    const text = await page.locator('.search-count').textContent();
    assert.equal(text, `${n}\u00a0Treffer für „Krankenhaus“`);
    await page.waitForFunction((t) => document.querySelector('.search-results [role=status]').textContent === t, text);
    assert.ok((await page.title()).startsWith(text));
    assert.equal(await field(page).inputValue(), 'Krankenhaus');
    await page.waitForFunction(() => document.querySelectorAll('.hit-excerpt').length === 10);
    for (const hit of await hits(page).all()) {
      assert.ok((await hit.locator('.card-type').textContent()).length > 2);
      assert.ok(portal.byPath.has(new URL(await hit.locator('h3 a').evaluate((a) => a.href)).pathname));
      assert.ok((await hit.locator('.hit-excerpt').textContent()).trim().length > 20);
    }
    assert.ok(await page.locator('.hit-excerpt mark').count() >= 8, 'words are marked');
    assert.ok(await page.locator('.hit-section a').count() >= 3, 'sections are led to');
    assert.ok(await page.locator('.card-kicker time').first().getAttribute('datetime'));
  });

  test('a page is found by its title', async () => {
    const title = await (async () => { await page.goto(portal.url(entry.path)); return (await page.locator('h1').textContent()).trim(); })();
    await ask(page, `/suche/?${new URLSearchParams({ q: title })}`);
    assert.equal((await titles(page))[0], title);
  });

  test('facets: OR in a field, AND between fields, and the counts are true', async () => {
    await ask(page, '/suche/?q=Krankenhaus');
    const all = await total(page);
    const boxes = page.locator('.facets input[name=type]');
    const [first, second] = await boxes.evaluateAll((some) => some.slice(0, 2).map((b) => ({ value: b.value, count: Number(b.closest('label').querySelector('.count').textContent) })));
    await page.locator(`.facets input[value="${first.value}"]`).check();
    await page.waitForURL(/[?&]type=/);
    await found(page);
    assert.deepEqual(query(page).getAll('type'), [first.value]);
    assert.equal(await total(page), first.count);
    assert.ok(await page.locator(`.facets input[value="${first.value}"]`).evaluate((e) => e === document.activeElement), 'the box keeps the focus');
    await page.locator(`.facets input[value="${second.value}"]`).check();
    await page.waitForURL(/type=.*type=/);
    await found(page);
    assert.equal(await total(page), first.count + second.count);

    const topic = page.locator('.facets input[name=thema]').first();
    const count = Number(await topic.evaluate((b) => b.closest('label').querySelector('.count').textContent));
    const name = await topic.evaluate((b) => b.closest('label').querySelector('span').textContent);
    await topic.check();
    await page.waitForURL(/thema=/);
    await found(page);
    assert.equal(await total(page), count);
    assert.ok(count <= first.count + second.count && first.count + second.count <= all);
    for (const c of await page.locator('.facets li:not(:has(:checked)) .count').allTextContents()) assert.notEqual(c, '0');

    const chips = page.locator('.search-chips li:not(.is-all) a');
    assert.equal(await chips.count(), 3);
    await chips.filter({ hasText: name }).click();
    await page.waitForURL((url) => !url.searchParams.has('thema'));
    await found(page);
    assert.equal(await total(page), first.count + second.count);
    await page.locator('.search-chips .is-all a').click();
    await page.waitForURL(/\?q=Krankenhaus$/);
    await found(page);
    assert.equal(await total(page), all);
    assert.equal(await chips.count(), 0);
  });

  test('a field that several types have is one filter, and ends with its type', async () => {
    const fields = await page.evaluate(() => [...document.querySelector('[data-part=fields]').content.children].map((f) => f.dataset));
    const { facet, of } = fields.find((f) => f.of && fields.some((o) => o.facet === f.facet && o.of !== f.of));
    await ask(page, `/suche/?${new URLSearchParams({ q: 'Krankenhaus', type: of, [facet]: 'x' })}`);
    const chips = page.locator('.search-chips li:not(.is-all) a');
    const left = await chips.evaluateAll((all) => all.map((a) => [...new URL(a.href).searchParams.keys()].join()));
    assert.deepEqual(left, ['q', 'q,type']);
  });

  test('a long facet folds after eight values, with a button', async () => {
    await ask(page, '/suche/?q=Krankenhaus');
    const group = page.locator('.facets details').filter({ has: page.locator('.facet-more:visible') }).first();
    const all = await group.locator('li').count();
    assert.ok(all > 8);
    assert.equal(await group.locator('li:visible').count(), 8);
    const more = group.locator('.facet-more');
    assert.equal(await more.textContent(), `Alle ${all} anzeigen`);
    assert.equal(await more.getAttribute('aria-expanded'), 'false');
    await more.click();
    assert.equal(await group.locator('li:visible').count(), all);
    assert.equal(await more.getAttribute('aria-expanded'), 'true');
  });

  test('the address is the state: shared, gone back to, gone forward to', async () => {
    await ask(page, '/suche/?q=Krankenhaus&sortierung=datum&seite=2');
    assert.ok(await hits(page).count() > 0);
    assert.equal(await page.locator('.search-hits').getAttribute('start'), '11');
    assert.match(await page.title(), /Seite\s2 von/);
    assert.equal(await page.locator('[data-sort=datum]').getAttribute('aria-current'), 'true');
    const dates = await page.locator('.search-hits time').evaluateAll((all) => all.map((t) => t.dateTime));
    assert.deepEqual(dates, [...dates].sort().reverse());

    await ask(page, '/suche/?q=Krankenhaus');
    const start = await titles(page);
    await page.locator('.pagination a[rel=next]').click();
    await page.waitForURL(/seite=2/);
    await found(page);
    const second = await titles(page);
    assert.notDeepEqual(second, start);
    assert.ok(await page.evaluate(() => document.activeElement.matches('.search-count') && document.activeElement.getBoundingClientRect().top >= 0), 'the count has the focus and is in sight');
    await page.locator('[data-sort=datum]').click();
    await page.waitForURL((url) => url.searchParams.get('sortierung') === 'datum' && !url.searchParams.has('seite'));
    await found(page);

    const list = () => page.waitForFunction((want) => JSON.stringify([...document.querySelectorAll('.search-hits h3')].map((h) => h.textContent)) === want, JSON.stringify(second));
    await page.goBack();
    await page.waitForURL(/seite=2/);
    await list();
    await page.goBack();
    await page.waitForURL(/\?q=Krankenhaus$/);
    await page.waitForFunction((want) => document.querySelector('.search-hits h3').textContent === want, start[0]);
    assert.deepEqual(await titles(page), start);
    await page.goForward();
    await page.waitForURL(/seite=2/);
    await list();
  });

  test('each filter is one step back, and one forward', () => on(portal, { viewport: DESK }, async (page) => {
    await ask(page, '/suche/?q=Krankenhaus');
    const box = (name, i) => page.locator(`.facets input[name=${name}]`).nth(i);
    const state = async () => [page.url(), await page.locator('.search-count').textContent(), await page.locator('.facets :checked').evaluateAll((all) => all.map((b) => b.value).sort().join())];
    const states = [await state()];
    for (const step of [() => box('type', 0).check(), () => box('type', 1).check(), () => box('thema', 0).check(), () => page.locator('.search-chips a').first().click()]) {
      await step();
      await page.waitForURL((url) => url.href !== states.at(-1)[0]);
      await found(page);
      states.push(await state());
    }
    assert.deepEqual(states.map((s) => (s[2] ? s[2].split(',').length : 0)), [0, 1, 2, 3, 2]);
    const steps = states.slice(0, -1).reverse().map((want) => ['goBack', want]).concat(states.slice(1).map((want) => ['goForward', want]));
    for (const [step, want] of steps) {
      await page[step]();
      await page.waitForURL(want[0]);
      await page.waitForFunction((text) => document.querySelector('.search-count').textContent === text, want[1]);
      await found(page);
      assert.deepEqual(await state(), want, step);
    }
  }));

  test('a step back leads to the place it was left from, however soon it was left', () => on(portal, { viewport: PHONE }, async (page) => {
    await ask(page, '/suche/?q=Krankenhaus');
    await page.evaluate(() => { scrollTo(0, 700); document.querySelector('[data-sort=datum]').click(); });
    await page.waitForURL(/sortierung=datum/);
    await found(page);
    await page.evaluate(() => scrollTo(0, 0));
    await page.goBack();
    await page.waitForFunction(() => Math.abs(scrollY - 700) < 5);
  }));

  test('while hits are awaited the results say that they are busy', () => on(portal, { viewport: DESK }, async (page) => {
    let release;
    const gate = new Promise((done) => (release = done));
    await page.route(/\/search\/(?!ui-)/, async (route) => { await gate; await route.continue(); });
    await page.goto(portal.url('/suche/?q=Krankenhaus'));
    await page.waitForSelector('.search-results[aria-busy=true]');
    assert.ok(await page.locator('#wegweiser').isHidden());
    release();
    await found(page);
  }));

  test('the count is read aloud when the fingers rest, not at each key', () => on(portal, { viewport: DESK }, async (page) => {
    await ask(page, '/suche/?q=Beatmung');
    const said = (text) => page.waitForFunction((t) => document.querySelector('.search-results [role=status]').textContent.includes(t), text);
    await said('„Beatmung“');
    await page.evaluate(() => {
      window.said = [];
      const [count, status] = ['.search-count', '.search-results [role=status]'].map((s) => document.querySelector(s));
      new MutationObserver(() => { window.shown = performance.now(); }).observe(count, { childList: true });
      new MutationObserver(() => window.said.push([status.textContent, performance.now() - window.shown])).observe(status, { childList: true });
    });
    await type(page, 's');
    await said('„Beatmungs“');
    const [[, after]] = await page.evaluate(() => window.said);
    assert.ok(after > 400, `${after} ms after it was shown`);
    await field(page).fill('');
    await page.waitForFunction(() => document.querySelector('.search-results [role=status]').textContent === '');
  }));

  for (const [name, viewport] of [['desk', DESK], ['phone', PHONE]]) {
    test(`a hit is as high before its text as with it (${name})`, () => on(portal, { viewport }, async (page) => {
      let release;
      const gate = new Promise((done) => (release = done));
      let held = 0;
      await page.route(/\/search\/\w+\/d\//, async (route) => { held++; await gate; await route.continue(); });
      await ask(page, '/suche/?q=Krankenhaus');
      const heights = () => page.locator('.search-hits > li').evaluateAll((all) => all.map((li) => li.getBoundingClientRect().height));
      const before = await heights();
      assert.equal(await page.locator('.hit-excerpt').count(), 0);
      release();
      await page.waitForFunction(() => document.querySelectorAll('.hit-excerpt').length === 10);
      assert.ok(held > 0);
      assert.deepEqual(await heights(), before);
    }));
  }

  test('a hit has one excerpt, also when its text was there already', () => on(portal, { viewport: DESK }, async (page) => {
    await ask(page, '/suche/?q=Krankenhaus');
    const all = () => page.waitForFunction(() => [...document.querySelectorAll('.search-hits .hit-text')].every((t) => t.querySelectorAll('.hit-excerpt').length === 1 && t.children.length < 3));
    await all();
    await page.locator('.facets input[name=type]').first().check();
    await page.waitForURL(/type=/);
    await found(page);
    await all();
    await page.waitForLoadState('networkidle');
    await all();
  }));

  for (const [name, viewport] of [['desk', DESK], ['tablet', { width: 768, height: 1000 }], ['phone', PHONE]]) {
    test(`what is offered while one types covers no hit and moves none (${name})`, () => on(portal, { viewport }, async (page) => {
      await page.goto(portal.url('/suche/'));
      await type(page, 'Krank');
      await found(page);
      await list(page).waitFor();
      await page.evaluate(() => {
        const top = () => document.querySelector('.search-head').getBoundingClientRect().top + scrollY;
        window.tops = new Set();
        const look = () => { window.tops.add(top()); requestAnimationFrame(look); };
        look();
      });
      const box = await list(page).boundingBox();
      assert.ok(box.y + box.height <= (await page.locator('.search-results').boundingBox()).y, 'the list ends above the results');
      assert.ok(box.x >= 0 && box.x + box.width <= viewport.width);
      for (const option of await list(page).locator('[role=option]').all()) assert.ok((await option.boundingBox()).height >= 44);
      await page.keyboard.press('ArrowUp');
      const last = await list(page).locator('[role=option]').last();
      assert.equal(await last.getAttribute('aria-selected'), 'true');
      const [b, o] = [await list(page).boundingBox(), await last.boundingBox()];
      assert.ok(o.x >= b.x - 1 && o.x + o.width <= b.x + b.width + 1, 'the option that is meant is scrolled to');
      none(await audit(page), 'accessibility violation');
      await page.keyboard.type('enhausz', { delay: 20 });
      await page.waitForURL(/q=Krankenhausz$/);
      await found(page);
      await page.keyboard.type('qqq', { delay: 20 });
      await list(page).waitFor({ state: 'hidden' });
      await page.waitForURL(/q=Krankenhauszqqq$/);
      await found(page);
      assert.equal(await page.evaluate(() => window.tops.size), 1, 'the head of the results stays where it is');
    }));
  }

  test('what is typed in one go is one step back', () => on(portal, { viewport: DESK }, async (page) => {
    await ask(page, '/suche/?q=Krankenhaus');
    const steps = await page.evaluate(() => history.length);
    await field(page).fill('');
    await page.keyboard.type('Beatmung', { delay: 100 });
    await page.waitForURL(/q=Beatmung$/);
    await page.keyboard.press('Enter');
    await found(page);
    assert.equal(await page.evaluate(() => history.length), steps + 1);
    assert.match(await page.locator('.search-count').textContent(), /„Beatmung“/);
    await page.goBack();
    await page.waitForURL(/q=Krankenhaus$/);
    await page.waitForFunction(() => /„Krankenhaus“/.test(document.querySelector('.search-count').textContent));
    assert.equal(await field(page).inputValue(), 'Krankenhaus');
    await page.goForward();
    await page.waitForFunction(() => /„Beatmung“/.test(document.querySelector('.search-count').textContent));
    assert.equal(await field(page).inputValue(), 'Beatmung');
  }));

  test('back from a hit leads to the same place in the list', async () => {
    await ask(page, '/suche/?q=Krankenhaus');
    await page.waitForFunction(() => document.querySelectorAll('.hit-excerpt').length === 10);
    const link = page.locator('.search-hits h3 a').nth(8);
    await link.scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const y = await page.evaluate(() => scrollY);
    assert.ok(y > 200);
    await link.click();
    await page.waitForURL((url) => !url.pathname.endsWith('/suche/'));
    await page.goBack();
    await found(page);
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 5, y, { timeout: 3000 });
  });

  test('nothing found: what was asked, what to try, and ways on', async () => {
    await ask(page, '/suche/?q=qqxyzzyqq');
    assert.equal(await page.locator('.search-count').textContent(), 'Keine Treffer für „qqxyzzyqq“');
    assert.match(await page.title(), /^Keine Treffer/);
    assert.ok(await page.locator('.search-empty').isVisible());
    assert.ok(await page.locator('#wegweiser').isVisible());
    const ways = await page.locator('.search-empty a:visible').evaluateAll((all) => all.map((a) => new URL(a.href).pathname));
    assert.ok(ways.includes('/glossar/') && ways.includes('/register/'));
    for (const way of ways) assert.ok(portal.byPath.has(way), way);
    assert.ok(await page.locator('[data-part=clear]').isHidden(), 'no filters, no link to remove them');

    await ask(page, '/suche/?q=Krankenhaus&thema=gibt-es-nicht');
    assert.match(await page.locator('.search-count').textContent(), /^Keine Treffer/);
    await page.locator('[data-part=clear]').click();
    await page.waitForURL(/\?q=Krankenhaus$/);
    await found(page);
    assert.ok(await total(page) > 0);
  });

  test('Escape closes the list, and leaves the query, its hits and its filters', () => on(portal, { viewport: DESK }, async (page) => {
    await ask(page, '/suche/?q=Kranken&type=term');
    const state = async () => [page.url(), await field(page).inputValue(), await page.locator('.search-count').textContent(), await list(page).isHidden()];
    await field(page).focus();
    await page.keyboard.press('ArrowDown');
    await list(page).waitFor();
    const [url, value, count] = await state();
    assert.equal(value, 'Kranken');
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
      assert.deepEqual(await state(), [url, value, count, true], `press ${i + 1}`);
    }
  }));

  test('a query without a word says so, and what a query can be', async () => {
    for (const [address, text] of [['/suche/?q=*', 'Kein Suchwort in „*“'], ['/suche/?q=-Krankenhaus', 'Kein Suchwort in „-Krankenhaus“'], ['/suche/?q=%F0%9F%98%80', 'Kein Suchwort in „😀“'], ['/suche/?q=%22%22', 'Kein Suchwort in „""“'], ['/en/suche/?q=*', 'No word to search for in “*”']]) {
      await ask(page, address);
      assert.equal(await page.locator('.search-count').textContent(), text);
      assert.equal(await page.locator('.has-none:visible').count(), 2, text);
      assert.equal(await page.locator('.has-words:visible').count(), 0, text);
    }
    await ask(page, '/suche/?q=qqxyzzyqq');
    assert.equal(await page.locator('.has-none:visible').count(), 0);
    assert.equal(await page.locator('.has-words:visible').count(), 2);
  });

  test('a long query is shortened where it is named, a phrase has one pair of quotes', async () => {
    await ask(page, '/suche/?q=' + 'Krankenhaus+'.repeat(40));
    assert.match(await page.locator('.search-count').textContent(), /„(Krankenhaus ){6}Krankenh?[a-z]*…“$/);
    assert.ok((await page.title()).length < 140, await page.title());
    await ask(page, `/suche/?${new URLSearchParams({ q: '„Dual-Use“' })}`);
    assert.match(await page.locator('.search-count').textContent(), /für „Dual-Use“$/);
    await ask(page, `/suche/?${new URLSearchParams({ q: '"Dual-Use" Bund' })}`);
    assert.match(await page.locator('.search-count').textContent(), /für „"Dual-Use" Bund“$/);
  });

  test('filters without a query are not in the address; those of a deleted one are kept for the next', async () => {
    await page.goto(portal.url('/suche/?type=term'));
    await page.waitForURL(/\/suche\/$/);
    assert.ok(await page.locator('#wegweiser').isVisible());
    await ask(page, '/suche/?q=Krankenhaus&type=term');
    await field(page).fill('');
    await page.waitForURL(/\/suche\/$/);
    await page.keyboard.type('Beatmung', { delay: 20 });
    await page.waitForURL(/\?q=Beatmung&type=term$/);
    await found(page);
  });

  for (const viewport of [DESK, PHONE]) {
    test(`with nothing to filter there is no room for filters (${viewport.width} px)`, () => on(fremd, { viewport }, async (page) => {
      await ask(page, '/suche/?q=Instandhaltung', fremd);
      assert.equal(await page.locator('.search-count').textContent(), '1\u00a0Treffer für „Instandhaltung“');
      assert.ok(await page.locator('.search-filters').isHidden());
      const [head, main] = await Promise.all(['.search-head', '.search-main'].map((s) => page.locator(s).boundingBox()));
      assert.deepEqual([main.x, main.width], [head.x, head.width]);
    }));
  }

  test('the filters can be skipped', async () => {
    await ask(page, '/suche/?q=Krankenhaus&type=term');
    const skip = page.locator('.search-results > .skip');
    await skip.focus();
    assert.ok((await skip.boundingBox()).y >= 0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('.search-main')));
    assert.deepEqual([query(page).get('q'), query(page).get('type')], ['Krankenhaus', 'term']);
  });

  test('before anything is asked, and after the field was emptied, there are the directories', async () => {
    await page.goto(portal.url('/suche/'));
    assert.ok(await page.locator('#wegweiser').isVisible());
    assert.ok(await page.locator('.search-results').isHidden());
    await type(page, 'Krankenhaus');
    await found(page);
    assert.ok(await page.locator('#wegweiser').isHidden());
    await field(page).fill('');
    await page.waitForURL(/\/suche\/$/);
    await page.locator('#wegweiser').waitFor();
    assert.ok(await page.locator('.search-results').isHidden());
    assert.equal(await page.title(), 'Suche – AG VZKM');
  });

  test('a question cannot become part of the page', async () => {
    const nasty = '<img src=x onerror="document.title=1">&amp;"%s%d';
    await ask(page, `/suche/?${new URLSearchParams({ q: nasty, type: '<b>' })}`);
    assert.ok((await page.locator('.search-count').textContent()).includes(nasty));
    assert.equal(await page.locator('main img, main b').count(), 0);
  });

  test('the other language is one step away, with the same question', async () => {
    await ask(page, '/suche/?q=hospital');
    await page.locator('.lang-switch a[hreflang=en]').click();
    await page.waitForURL(/\/en\/suche\/\?q=hospital$/);
    await found(page);
    assert.match(await page.locator('.search-count').textContent(), /results? for “hospital”/);
    for (const hit of await hits(page).all()) {
      const path = new URL(await hit.locator('h3 a').evaluate((a) => a.href)).pathname;
      assert.equal(await hit.locator('h3').getAttribute('lang') ?? 'en', portal.byPath.get(path).lang, `${path} says its language`);
    }
  });

  test('nothing went wrong in the browser', () => none(page.faults.map((f) => f.text), 'fault'));

  for (const [name, viewport] of [['desk', DESK], ['phone', PHONE], ['narrow', { width: 320, height: 700 }]]) {
    test(`it is accessible in every state, and fits (${name})`, () => on(portal, { viewport }, async (page) => {
      const bad = [];
      for (const address of ['?q=Krankenhaus&type=term', '?q=Krankenhaus&type=funding&type=product', '?q=Krankenhaus&thema=x', '?q=qqxyzzyqq', '?q=' + 'Krankenhauszukunftsgesetz'.repeat(6)]) {
        await ask(page, '/suche/' + address);
        await page.evaluate(() => document.querySelectorAll('.search-results details').forEach((d) => (d.open = true)));
        await page.waitForTimeout(200);
        for (const colorScheme of name === 'narrow' ? ['light'] : ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          bad.push(...(await audit(page, colorScheme === 'dark' ? COLOURS : ALL)).map((b) => `${address} ${colorScheme}: ${b}`));
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) bad.push(`${address}: ${wide} px wider than the window`);
      }
      none(bad, 'violation');
    }));

    test(`nothing moves while hits and excerpts come (${name})`, () => on(portal, { viewport }, async (page) => {
      const bad = [];
      for (const address of ['?q=Krankenhaus', '?q=qqxyzzyqq', '?q=Krankenhaus&type=funding', '?q=Stabsrahmen%C3%BCbung']) {
        await ask(page, '/suche/' + address);
        await page.waitForFunction(() => document.querySelectorAll('.hit-excerpt').length === document.querySelectorAll('.search-hits > li').length);
        const shifts = await layoutShifts(page);
        const sum = shifts.reduce((n, s) => n + s.value, 0);
        if (sum >= 0.01) bad.push(`${address}: ${sum.toFixed(3)} (${shifts.map((s) => s.what).join('; ')})`);
      }
      none(bad, 'page that jumps');
    }));
  }

  test('on a phone the filters fold out of one row', () => on(portal, { viewport: PHONE, hasTouch: true }, async (page) => {
    await ask(page, '/suche/?q=Krankenhaus&type=term');
    const row = page.locator('.search-filters > summary');
    assert.match(await row.textContent(), /^\s*Filter\s+1\s*$/);
    assert.ok((await row.boundingBox()).height >= 44);
    assert.ok(await page.locator('.facets').isHidden());
    await row.tap();
    const labels = await page.locator('.facets label:visible').all();
    assert.ok(labels.length > 1);
    for (const label of labels) assert.ok((await label.boundingBox()).height >= 44);
  }));

  for (const [path, one, other] of [['/suche/', '1 Treffer anzeigen', /^(\d+) Treffer anzeigen$/], ['/en/suche/', 'Show 1 result', /^Show (\d+) results$/]]) {
    test(`on a phone a button leads from the open filters to the hits (${path})`, () => on(portal, { viewport: PHONE, hasTouch: true }, async (page) => {
      await ask(page, path + '?q=hospital');
      const button = page.locator('[data-part=done]');
      assert.ok(await button.isHidden());
      await page.locator('.search-filters > summary').tap();
      const counted = async () => Number(other.exec(await button.textContent())[1]);
      assert.equal(await counted(), await total(page));
      const inside = async () => { const b = await button.boundingBox(); return b.height >= 44 && b.y >= 0 && b.y + b.height <= PHONE.height; };
      assert.ok(await inside(), 'it is in sight at the start of the filters');
      const some = page.locator('.facets input:visible');
      for (let i = 0; i < await some.count(); i++) { // what has the focus is not behind it
        await some.nth(i).focus();
        const [a, b] = [await some.nth(i).boundingBox(), await button.boundingBox()];
        assert.ok(a.y + a.height <= b.y || a.y >= b.y + b.height, `box ${i}`);
      }
      await some.first().check();
      await page.waitForURL((url) => url.searchParams.size === 2);
      await found(page);
      assert.equal(await counted(), await total(page));
      await button.tap();
      assert.ok(await page.locator('.facets').isHidden());
      assert.ok(await button.isHidden());
      assert.ok(await page.evaluate(() => document.activeElement.matches('.search-count') && document.activeElement.getBoundingClientRect().top >= 0));
      assert.ok((await hits(page).first().boundingBox()).y < PHONE.height);
      await page.setViewportSize(DESK);
      await page.locator('.facets').waitFor();
      assert.ok(await button.isHidden(), 'beside the hits it is not needed');
      await page.setViewportSize(PHONE);
      await ask(page, path + '?q=hospital');
      const before = page.url();
      await page.locator('.facets .count').evaluateAll((all) => all.find((c) => c.textContent === '1').closest('label').querySelector('input').click());
      await page.waitForURL((url) => url.href !== before);
      await found(page);
      assert.equal(await total(page), 1);
      assert.equal(await button.textContent(), one);
    }));
  }
});

describe('the page a hit leads to', () => {
  const marked = (page) => page.evaluate(() => {
    const ranges = [...(CSS.highlights?.get('suche') ?? [])].map(String);
    return ranges.length ? ranges : [...document.querySelectorAll('main mark')].map((m) => m.textContent);
  });

  for (const [name, prepare] of [['with the Highlight API', () => {}], ['without', () => { delete window.Highlight; }]]) {
    test(`it opens at the section, with the words marked (${name})`, () => on(portal, { viewport: DESK }, async (page) => {
      await page.addInitScript(prepare);
      await ask(page, '/suche/?q=Krankenhaus');
      const link = page.locator('.hit-section a').first();
      await link.waitFor();
      const target = new URL(await link.evaluate((a) => a.href));
      assert.ok(target.searchParams.get('markiert'), 'the link carries the words');
      const before = await page.request.get(target.href).then((r) => r.text());
      await link.click();
      await page.waitForURL((url) => url.pathname === target.pathname);
      await page.locator('.unmark').waitFor();
      assert.equal(page.url(), target.origin + target.pathname + target.hash, 'the words are gone from the address');
      const words = await marked(page);
      assert.ok(words.length > 0 && words.every((w) => /krankenh/i.test(w.replace(/\u00ad/g, ''))), words.join());
      assert.equal(await page.locator(':target').evaluate((e) => e.id), decodeURIComponent(target.hash.slice(1)));
      await page.waitForFunction(() => { const b = document.querySelector(':target').getBoundingClientRect(); return b.top >= -1 && b.top < innerHeight / 2; });
      none(await audit(page), 'accessibility violation');
      for (let i = 0; i < 2; i++) if (!(await page.evaluate(() => document.activeElement.matches('.unmark')))) await page.keyboard.press('Tab'); // the first may be the heading's own link
      assert.ok(await page.evaluate(() => document.activeElement.matches('.unmark')), 'Tab leads to the button');
      const y = await page.evaluate(() => scrollY);
      await page.keyboard.press('Enter');
      assert.deepEqual(await marked(page), []);
      assert.equal(await page.evaluate(() => scrollY), y, 'the place stays');
      assert.equal(await page.locator('.unmark').count(), 0);
      assert.ok(before.includes('</html>'));
    }));
  }

  test('a word that only the heading of a section has is marked there', () => on(portal, { viewport: PHONE }, async (page) => {
    const heading = 'Höhe und Verteilung';
    await ask(page, `/suche/?${new URLSearchParams({ q: `der ${heading} -Zivilschutz` })}`);
    const link = page.locator('.hit-section a', { hasText: heading }).first();
    await link.waitFor();
    assert.deepEqual(new URL(await link.evaluate((a) => a.href)).searchParams.get('markiert').split(' ').filter((w) => /^(der|und|-?Zivilschutz)$/i.test(w)), []);
    await link.click();
    await page.locator('.unmark').waitFor();
    assert.ok(await page.evaluate(() => [...CSS.highlights.get('suche')].some((r) => document.querySelector(':target').contains(r.startContainer))));
  }));

  test('words are found in every spelling, and others are left alone', () => on(portal, { viewport: DESK }, async (page) => {
    await page.route('**' + entry.path + '?*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/<h1[^>]*>/, (m) => m + 'Massnahmen Maß\u00adnah\u00admen U\u0308bungen Uebungen Übung <b>Maßnahmen</b> ');
      await route.fulfill({ response: answer, body });
    });
    await page.goto(portal.url(entry.path) + '?x=1&markiert=ma%C3%9Fnahmen+%C3%9Cbungen');
    await page.locator('.unmark').waitFor();
    const words = await page.evaluate(() => [...CSS.highlights.get('suche')].filter((r) => document.querySelector('h1').contains(r.startContainer)).map(String));
    assert.deepEqual(words.slice(0, 5), ['Massnahmen', 'Maß\u00adnah\u00admen', 'U\u0308bungen', 'Uebungen', 'Maßnahmen']);
    assert.equal(new URL(page.url()).search, '?x=1', 'what else is in the address stays');
  }));
});

describe('when the search cannot be had', () => {
  test('without a script the form leads to the directories', () => on(portal, { viewport: DESK, javaScriptEnabled: false }, async (page) => {
    await page.goto(portal.url('/suche/?q=Krankenhaus'));
    assert.ok(await page.locator('.search-note').isVisible());
    assert.ok(await page.locator('#wegweiser a').count() > 20);
    for (const part of ['.search-results', '.unmark', '.search-key', '.search-keys']) assert.ok(await page.locator(part).isHidden(), part);
    assert.equal(await page.locator('[role=combobox]').count(), 0);
  }));

  for (const [name, pattern] of [['the scripts', /\/search\/ui-/], ['the index', /\/search\/(?!ui-)/]]) {
    test(`without ${name}, the page says so, and trying again helps`, () => on(portal, { viewport: DESK }, async (page) => {
      await page.route(pattern, (route) => route.abort());
      await page.goto(portal.url('/suche/?q=Krankenhaus'));
      const retry = page.locator('[data-part=retry]');
      await retry.waitFor();
      assert.ok(await page.locator('#wegweiser').isVisible());
      none(await audit(page), 'accessibility violation');
      await retry.click();
      await retry.waitFor();
      await page.unroute(pattern);
      await retry.click();
      await found(page);
      assert.ok(await total(page) > 0);
      page.faults = page.faults.filter((f) => !/ERR_FAILED/.test(f.text));
    }));
  }

  test('with all of the index missing, nothing is claimed, and it can be tried again', () => on(portal, { viewport: DESK }, async (page) => {
    await page.route(/\/search\/(?!ui-|manifest|fake)/, (route) => route.abort());
    await page.goto(portal.url('/suche/?q=Krankenhaus'));
    await page.waitForSelector('.search-results[data-state=failed]');
    none(await audit(page), 'accessibility violation');
    page.faults = page.faults.filter((f) => !/ERR_FAILED/.test(f.text));
  }));

  test('with a part of the index missing, there are hits and a note', () => on(portal, { viewport: DESK }, async (page) => {
    let first = true;
    await page.route(/\/search\/\w+\/t\//, (route) => (first ? ((first = false), route.abort()) : route.continue()));
    await ask(page, '/suche/?q=Krankenhaus Sauerstoff');
    assert.ok(await page.locator('.search-results li').count() > 0);
    assert.ok(await page.locator('[data-part=partial]').isVisible());
    none(await audit(page), 'accessibility violation');
    page.faults = page.faults.filter((f) => !/ERR_FAILED/.test(f.text));
  }));
});

test('below a path, everything leads there', () => on(unter, { viewport: DESK }, async (page) => {
  await page.goto(unter.url('/glossar/'));
  await offered(page, 'kranken');
  for (const href of await list(page).locator('[role=option]').evaluateAll((all) => all.map((a) => a.pathname))) assert.ok(href.startsWith(unter.base), href);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === unter.base + 'suche/');
  await found(page);
  const link = page.locator('.hit-section a').first();
  await link.click();
  await page.locator('.unmark').waitFor();
  assert.ok(new URL(page.url()).pathname.startsWith(unter.base));
  assert.equal(new URL(page.url()).search, '');
}));
