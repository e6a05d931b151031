// A text as long as a law is one page: what is far down is laid out when it
// comes near, and all that a reader does with a page works before that, too.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage } from '../lib/browser.mjs';
import { LAW } from '../lib/gross.mjs';
import { layoutShifts } from '../lib/shift.mjs';
import { gross, none, open } from '../lib/world.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

const sections = LAW.chapters * LAW.sections;
/** A section that lies so far into the text, from 0 to 1, by its id. */
const sectionAt = (page, part) => page.evaluate((n) => {
  const all = [...document.querySelectorAll('.prose h3[id]')];
  return all[Math.round(n * (all.length - 1))].id;
}, part);
const topOf = (page, id) => page.evaluate((i) => document.getElementById(i).getBoundingClientRect().top, id);
const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)))));

describe('a long text', () => {
  let page;
  before(async () => { page = await open(gross, { viewport: DESK }); });
  after(() => page.context().close());

  test('is all there, and only its beginning is laid out', async () => {
    await page.goto(gross.url(LAW.path));
    const seen = await page.evaluate(() => {
      const later = [...document.querySelectorAll('.later')];
      const drawn = (e) => e.checkVisibility({ contentVisibilityAuto: true });
      return {
        headings: document.querySelectorAll('.prose h3').length,
        parts: later.length,
        first: drawn(document.querySelector('.prose p')),
        drawn: later.filter((e) => drawn(e.firstElementChild)).length,
        flat: later.filter((e) => e.getBoundingClientRect().height < 200).length,
      };
    });
    assert.equal(seen.headings, sections);
    assert.ok(seen.parts >= 8, `${seen.parts} parts`);
    assert.ok(seen.first && seen.drawn <= 1, `${seen.drawn} later parts are drawn`);
    assert.equal(seen.flat, 0, 'parts hold their place');
  });

  for (const [name, viewport] of [['desk', DESK], ['phone', PHONE]]) {
    for (const reducedMotion of ['reduce', 'no-preference']) {
      test(`an address of a section leads to it and stays there (${name}, motion: ${reducedMotion})`, async () => {
        const tab = await open(gross, { viewport, reducedMotion });
        const found = [];
        try {
          await tab.goto(gross.url(LAW.path));
          for (const part of [0.2, 0.6, 0.97]) {
            const id = await sectionAt(tab, part);
            const arrive = async (how) => {
              const at = await topOf(tab, id);
              await settle(tab);
              const later = await topOf(tab, id);
              if (at < 0 || at > 80 || Math.abs(later - at) > 2) found.push(`#${id} ${how}: at ${Math.round(at)} px, then at ${Math.round(later)} px`);
            };
            await tab.evaluate((i) => { location.hash = i; }, id);
            await arrive('by a link');
            await tab.goto('about:blank');
            await tab.goto(gross.url(`${LAW.path}#${id}`));
            const moved = (await layoutShifts(tab)).reduce((sum, s) => sum + s.value, 0);
            if (moved >= 0.01) found.push(`#${id}: layout shift ${moved.toFixed(3)}`);
            await arrive('as an address');
          }
        } finally {
          await tab.context().close();
        }
        none(found, 'section that is not where its address leads');
      });
    }
  }

  test('what is far down is found in the page and marked by the search', async () => {
    await page.goto(gross.url(`${LAW.path}?markiert=schlussbestimmung`));
    await page.waitForFunction(() => CSS.highlights.get('suche')?.size === 1);
    const at = await page.evaluate(() => window.find('allerletzte Wort') && getSelection().getRangeAt(0).getBoundingClientRect().top);
    assert.ok(at > 0 && at < DESK.height, `found at ${at} px of the window`);
  });

  test('is read out as a whole', async () => {
    const browser = await launch('--force-renderer-accessibility'); // as if a screen reader ran
    try {
      const tab = await openPage(browser, gross.origin, { viewport: DESK });
      await tab.goto(gross.url(LAW.path));
      const session = await tab.context().newCDPSession(tab);
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      const headings = nodes.filter((n) => n.role?.value === 'heading' && /^§/.test(n.name?.value ?? ''));
      assert.equal(headings.length, sections);
    } finally {
      await browser.close();
    }
  });

  test('is printed as a whole', async () => {
    await page.goto(gross.url(LAW.path));
    await page.emulateMedia({ media: 'print' });
    const missing = await page.evaluate(() => [...document.querySelectorAll('.prose p')].filter((p) => !p.checkVisibility({ contentVisibilityAuto: true }) || p.getBoundingClientRect().height < 10).length);
    await page.emulateMedia({ media: null });
    assert.equal(missing, 0, 'paragraphs without room on paper');
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(sheets > 25, `${sheets} sheets`);
  });

  test('has chapters beside it and all sections below it', async () => {
    await page.goto(gross.url(LAW.path));
    assert.equal(await page.locator('.toc .toc-list li').count(), LAW.chapters + 1);
    const all = page.locator('.toc a[href="#alle-abschnitte"]');
    assert.equal((await all.textContent()).replace('\u00a0', ' '), `Alle ${sections + LAW.chapters} Abschnitte`);
    await all.click();
    await page.waitForFunction(() => document.querySelector('#alle-abschnitte').getBoundingClientRect().top < 100);
    const list = page.locator('.toc-all li');
    assert.equal(await list.count(), sections + LAW.chapters);
    const link = list.locator('a').nth(45);
    const id = (await link.getAttribute('href')).slice(1);
    await link.click();
    const top = await topOf(page, decodeURIComponent(id));
    assert.ok(top >= 0 && top < 80, `at ${top} px`);
  });
});

describe('long lists', () => {
  test('from an entry to the last page of what refers to it, and back', async () => {
    const page = await open(gross, { viewport: DESK, javaScriptEnabled: false });
    try {
      await page.goto(gross.url('/organisationen/amt/'));
      assert.equal(await page.locator('#beziehung-manufactures + ul .link-card').count(), 12);
      await page.locator('#beziehung-manufactures + ul .more').click();
      assert.equal(await page.locator('article.card').count(), 60);
      await page.locator('.pagination [rel=next]').click();
      assert.equal(await page.locator('article.card').count(), 10);
      await page.locator('.crumbs a', { hasText: /^Das Amt$/ }).click();
      assert.equal(new URL(page.url()).pathname, '/organisationen/amt/');
    } finally {
      await page.context().close();
    }
  });

  test('the glossary opens at its first letter and has a page for each', async () => {
    const page = await open(gross, { viewport: PHONE, javaScriptEnabled: false });
    try {
      await page.goto(gross.url('/glossar/'));
      for (const letter of ['A', 'B', 'C']) {
        if (letter !== 'A') await page.locator('.letter-nav a', { hasText: letter }).click();
        assert.equal(await page.locator('.letter-nav [aria-current=page]').textContent(), letter);
        assert.equal(await page.locator('.letter-list dt').count(), 80);
      }
    } finally {
      await page.context().close();
    }
  });

  test('what has left the lists is found by the contents', async () => {
    const page = await open(gross, { viewport: DESK, javaScriptEnabled: false });
    try {
      await page.goto(gross.url('/inhalt/'));
      await page.locator('.more[href="/inhalt/archiv/"]').click();
      assert.equal(await page.locator('article.card').count(), 60);
      assert.equal(await page.locator('article.card .badge').first().textContent(), 'Archiviert');
    } finally {
      await page.context().close();
    }
  });
});
