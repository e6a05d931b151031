// What a reader does: without scripts, with the keyboard alone, on paper, and
// over a glossary word.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { audit } from '../lib/audit.mjs';
import { layoutShifts } from '../lib/shift.mjs';
import { kinds, none, open, portal } from '../lib/world.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

/** The first page that has what is asked for in its markup. */
const pageWith = (pattern, lang = 'de') => portal.pages.find((p) => p.lang === lang && pattern.test(p.html)) ?? assert.fail(`no page has ${pattern}`);
const path = (page) => new URL(page.url()).pathname;

describe('without JavaScript', () => {
  let page;
  before(async () => { page = await open(portal, { javaScriptEnabled: false, viewport: DESK }); });
  after(() => page.context().close());

  test('from the start page by the menu to a list, an entry, a term and its feed', async () => {
    // A list of the menu with an entry in which a word is marked.
    const menu = portal.byPath.get('/').links.map((l) => l.url);
    const entry = portal.pages.find((p) => /class="term" href="#begriff-/.test(p.html) && menu.includes(p.path.replace(/[^/]+\/$/, '')));
    const list = entry.path.replace(/[^/]+\/$/, '');
    await page.goto(portal.url('/'));
    await page.locator(`.site-nav-list a[href="${list}"]`).click();
    assert.equal(path(page), list);
    assert.equal(await page.locator('h1').count(), 1);

    await page.locator(`main a[href="${entry.path}"]`).first().click();
    assert.equal(path(page), entry.path);

    await page.locator('main a.term').first().click();
    const note = page.locator(':target');
    assert.ok(await note.isVisible(), 'the word leads to its note on the page');
    await note.locator('dt a').click();
    assert.match(path(page), /^\/glossar\/.+\/$/);

    const feed = await page.locator('main a[type^="application/atom"]').first().getAttribute('href');
    const answer = await page.request.get(new URL(feed, page.url()).href);
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()['content-type'], /^application\/atom\+xml/);
    assert.match(await answer.text(), /<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/);
  });

  test('the menu of the phone folds out', async () => {
    await page.setViewportSize(PHONE);
    await page.goto(portal.url('/'));
    const link = page.locator('.menu a').first();
    assert.ok(!(await link.isVisible()));
    await page.locator('.menu summary').click();
    assert.ok(await link.isVisible());
    const href = await link.getAttribute('href');
    await link.click();
    assert.equal(path(page), href);
    await page.setViewportSize(DESK);
  });

  test('the language switch leads to the same entry and back', async () => {
    const entry = portal.pages.find((p) => p.lang === 'de' && /page-entry/.test(p.kind) && p.alternates.some((a) => a.lang === 'en'));
    await page.goto(portal.url(entry.path));
    await page.locator('.lang-switch a[hreflang=en]').click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(path(page), new URL(entry.alternates.find((a) => a.lang === 'en').url, page.url()).pathname);
    await page.locator('.lang-switch a[hreflang=de]').click();
    assert.equal(path(page), entry.path);
  });

  test('the skip link moves the focus to the content', async () => {
    await page.goto(portal.url('/'));
    await page.keyboard.press('Tab');
    assert.ok(await page.locator('a.skip:focus').isVisible());
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'inhalt');
  });

  test('the search form says what to do without a script, and leads on', async () => {
    const { path: from } = pageWith(/page-entry/);
    await page.goto(portal.url(from));
    await page.locator('.site-header input[name=q]').fill('Beatmung');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/suche\/\?q=Beatmung$/);
    assert.ok(await page.locator('noscript p, .search-note').first().isVisible());
    assert.ok(await page.locator('main a').count() > 10, 'there are ways on');
  });
});

/** What the keyboard reaches in a root, in the order of the document. */
function reachable(root) {
  window.order = [...document.querySelectorAll(`${root} :is(a[href], button, input, select, textarea, summary, [tabindex="0"]):not([tabindex="-1"])`)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.type !== 'hidden');
  return window.order.map((e) => e.outerHTML.slice(0, 110));
}

/** How an element looks, as far as focus may change it. */
function looks() {
  const style = (e) => {
    const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine + s.textDecorationThickness].join('|');
  };
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const focused = style(e);
  const outlined = getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
  const shadowed = getComputedStyle(e).boxShadow !== 'none';
  const x = box.left + Math.min(box.width / 2, 8), y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  const covered = !(top && (e.contains(top) || top.contains(e)));
  e.blur();
  const changed = focused !== style(e);
  e.focus();
  return { at: window.order.indexOf(e), html: e.outerHTML.slice(0, 110), visible: (outlined || shadowed) && changed, covered, inside: box.bottom > 0 && box.top < innerHeight };
}

describe('with the keyboard', () => {
  for (const [name, viewport] of [['desk', DESK], ['phone', PHONE]]) {
    test(`everything in the header is reached in order and seen in focus (${name})`, async () => {
      const page = await open(portal, { viewport });
      try {
        await page.goto(portal.url(pageWith(/page-entry/).path));
        if (viewport === PHONE) {
          await page.locator('.menu summary').focus();
          await page.keyboard.press('Enter');
          assert.ok(await page.locator('.menu a').first().isVisible(), 'Enter opens the menu');
        }
        const expected = await page.evaluate(reachable, '.site-header');
        assert.ok(expected.length >= 5, 'the header has things to reach');
        await page.locator('a.skip').focus();
        const found = [];
        for (const [i, html] of expected.entries()) {
          await page.keyboard.press('Tab');
          const now = await page.evaluate(looks);
          assert.equal(now.at, i, `${html} is reached next, not ${now.html}`);
          if (!now.visible) found.push(`focus is not seen: ${html}`);
          if (now.covered || !now.inside) found.push(`focus is covered or out of sight: ${html}`);
        }
        none(found, 'fault of the focus');
      } finally {
        await page.context().close();
      }
    });
  }

  test('on every kind of page, all of the content is reached and seen in focus', async () => {
    const page = await open(portal, { viewport: DESK });
    const found = [];
    try {
      for (const kind of kinds(portal, 'de')) {
        await page.goto(portal.url(kind.path));
        const expected = (await page.evaluate(reachable, 'main')).slice(0, 40);
        await page.locator('#inhalt').focus();
        for (const [i, html] of expected.entries()) {
          await page.keyboard.press('Tab');
          const now = await page.evaluate(looks);
          if (now.at !== i) {
            found.push(`${kind.path}: after Tab the focus is on ${now.html}, not on ${html}`);
            break;
          }
          if (!now.visible) found.push(`${kind.path}: focus is not seen: ${html}`);
          if (now.covered || !now.inside) found.push(`${kind.path}: focus is covered or out of sight: ${html}`);
        }
      }
    } finally {
      await page.context().close();
    }
    none(found, 'fault of the focus');
  });
});

describe('on paper', () => {
  test('every kind of page prints dark on white, without navigation', async () => {
    const page = await open(portal, { viewport: DESK, colorScheme: 'dark' });
    const found = [];
    try {
      for (const kind of kinds(portal, 'de')) {
        await page.goto(portal.url(kind.path));
        await page.emulateMedia({ media: 'print' });
        const seen = await page.evaluate(() => {
          const shown = (s) => [...document.querySelectorAll(s)].some((e) => e.checkVisibility());
          const light = (color) => {
            const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
            return a === 0 ? 255 : (r + g + b) / 3;
          };
          const text = document.querySelector('main p, main li, main dd');
          return {
            nav: ['.site-nav', '.lang-switch', '.site-header form', 'a.skip', '.pager', '.entry-actions button'].filter(shown),
            ink: light(getComputedStyle(text).color),
            paper: light(getComputedStyle(document.body).backgroundColor),
          };
        });
        if (seen.nav.length) found.push(`${kind.path}: ${seen.nav.join(', ')} printed`);
        if (seen.ink > 90 || seen.paper < 250) found.push(`${kind.path}: ink ${Math.round(seen.ink)}, paper ${Math.round(seen.paper)} of 255`);
        await page.emulateMedia({ media: 'screen' });
      }
    } finally {
      await page.context().close();
    }
    none(found, 'fault in print');
  });

  test('an entry becomes a PDF of A4 pages with its text', async () => {
    const page = await open(portal, { viewport: DESK });
    try {
      await page.goto(portal.url(kinds(portal, 'de').find((k) => /type-position/.test(k.kind)).path));
      const pdf = (await page.pdf({ format: 'A4', tagged: true })).toString('latin1');
      assert.ok(pdf.startsWith('%PDF-'));
      const count = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      assert.ok(count >= 2 && count <= 12, `${count} pages`);
      assert.match(pdf, /\/MediaBox\s*\[\s*0 0 59[45]/);
    } finally {
      await page.context().close();
    }
  });
});

describe('glossary words', () => {
  let page;
  const note = () => page.locator('.term-popover');
  before(async () => {
    page = await open(portal, { viewport: DESK });
    await page.goto(portal.url(pageWith(/class="term" href="#begriff-/).path));
  });
  after(() => page.context().close());

  test('the note shows while the pointer is on word or note, and Escape closes it', async () => {
    const word = page.locator('main a.term').first();
    await word.hover();
    await note().waitFor({ state: 'visible' });
    assert.ok((await note().textContent()).trim().length > 20);
    await note().hover();
    await page.waitForTimeout(400);
    assert.ok(await note().isVisible(), 'stays while the pointer is on it');
    await page.keyboard.press('Escape');
    await note().waitFor({ state: 'hidden' });
    await word.hover();
    await note().waitFor({ state: 'visible' });
    await page.locator('h1').hover();
    await note().waitFor({ state: 'hidden' });
  });

  test('the note shows on focus, describes its word, fits and is accessible', async () => {
    for (const viewport of [DESK, { width: 320, height: 600 }]) {
      await page.setViewportSize(viewport);
      const found = [];
      for (const word of (await page.locator('main a.term').all()).slice(0, 4)) {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Tab'); // the last input decides whether focus is shown
        await word.focus();
        await note().waitFor({ state: 'visible' });
        assert.equal(await word.getAttribute('aria-describedby'), await note().getAttribute('id'));
        const box = await note().boundingBox();
        if (box.x < 0 || box.x + box.width > viewport.width) found.push(`${viewport.width} px: note from ${box.x} to ${box.x + box.width}`);
      }
      none(found, 'note out of the window');
      none(await audit(page), 'accessibility violation with the note open');
    }
    await page.keyboard.press('Escape');
    assert.ok(await note().isHidden());
  });
});

describe('scripts add', () => {
  test('a long text opens its table of contents on a desk and marks where one reads', async () => {
    const { path: at } = pageWith(/<details[^>]*data-toc/);
    const page = await open(portal, { viewport: DESK });
    try {
      await page.goto(portal.url(at));
      const toc = page.locator('details[data-toc]');
      await page.waitForFunction(() => document.querySelector('details[data-toc]').open);
      const last = toc.locator('.toc-list a').nth(1);
      await last.click();
      await page.waitForFunction((href) => document.querySelector('.toc-list a[aria-current]')?.getAttribute('href') === href, await last.getAttribute('href'), { timeout: 3000 });
    } finally {
      await page.context().close();
    }
  });

  test('the citation can be copied', async () => {
    const { path: at } = pageWith(/data-copy="/);
    const page = await open(portal, { viewport: DESK, permissions: ['clipboard-read', 'clipboard-write'] });
    try {
      await page.goto(portal.url(at));
      const button = page.locator('.citation .copy-button').first();
      const before = await button.textContent();
      await button.click();
      await page.waitForFunction((text) => document.querySelector('.citation .copy-button').textContent !== text, before);
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(copied, (await page.locator('.citation [data-copy]').first().textContent()).trim());
    } finally {
      await page.context().close();
    }
  });
});

test('slow fonts: pages do not jump when they arrive', async () => {
  const found = [];
  portal.fontDelay = 300;
  try {
    for (const viewport of [DESK, PHONE]) {
      for (const kind of kinds(portal, 'de').filter((k) => /home|list|glossary|type-(product|position)/.test(k.kind))) {
        const page = await open(portal, { viewport }); // with nothing in its cache
        await page.goto(portal.url(kind.path));
        const shifts = await layoutShifts(page);
        const sum = shifts.reduce((n, s) => n + s.value, 0);
        if (sum >= 0.01) found.push(`${kind.path} ${viewport.width} px: layout shift ${sum.toFixed(3)} (${shifts.map((s) => s.what).join('; ')})`);
        await page.context().close();
      }
    }
  } finally {
    portal.fontDelay = 0;
  }
  none(found, 'page that jumps');
});
