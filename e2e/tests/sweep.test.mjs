// Every page of the portal in the browser, once: what it loads, what it
// complains about, whether it fits. Each test looks at one side of what was
// seen.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';

import { eachOn } from '../lib/browser.mjs';
import { layoutShifts } from '../lib/shift.mjs';
import { fileOf } from '../lib/site.mjs';
import { fremd, gross, none, open, portal, samples, unter } from '../lib/world.mjs';

const WIDTHS = [1280, 768, 360, 320];
const NARROW = [1280, 320]; // for pages that are like another one
const LIMIT = 60 * 1024;

const total = (shifts) => shifts.reduce((n, e) => n + e.value, 0);

/** What one page did: {path, site, faults, files, shifts, wide}. */
const seen = [];

/** What sticks out of the window, unless the page as a whole does not scroll. */
function overflow() {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = (e) => e && e !== document.documentElement && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  const names = (e) => e.localName + (e.id ? '#' + e.id : '') + [...e.classList].map((c) => '.' + c).join('');
  const spills = (e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && ![...e.children].some(spills);
  return [...document.body.querySelectorAll('*')]
    .filter((e) => (e.getBoundingClientRect().right > room + 0.5 || spills(e)) && !scrolls(e))
    .slice(0, 3).map((e) => `${names(e)} (to ${Math.round(e.getBoundingClientRect().left + Math.max(e.scrollWidth, e.offsetWidth ?? 0))} px)`)
    .concat(`document is ${document.documentElement.scrollWidth} px wide`);
}

const sampled = new Set(samples.map((s) => s.path));

async function look(page, site, path, missing = false) {
  page.faults.length = 0;
  page.expectMissing = missing;
  if (page.viewportSize().width !== WIDTHS[0]) await page.setViewportSize({ width: WIDTHS[0], height: 900 });
  await page.goto(site.url(path));
  let shifts = await layoutShifts(page);
  // A paint in the middle of parsing is the machine's doing. What a page does
  // by itself it does again; late fonts have a test of their own.
  if (total(shifts) >= 0.01) {
    await page.reload();
    shifts = await layoutShifts(page);
  }
  // From the cache as well, unlike what can be watched from outside.
  // On a busy machine Chromium now and then fetches the italic although no text
  // of the page is.
  const loaded = await page.evaluate(() => {
    const italic = [...document.querySelectorAll('*')].some((e) => getComputedStyle(e).fontStyle !== 'normal');
    return performance.getEntriesByType('resource').map((e) => e.name).filter((name) => italic || !/-italic\./.test(name));
  });
  const files = [site.url(path), ...loaded];
  const wide = [];
  for (const width of site === unter ? [] : sampled.has(path) ? WIDTHS : NARROW) {
    if (page.viewportSize().width !== width) await page.setViewportSize({ width, height: 900 });
    wide.push(...(await page.evaluate(overflow)).map((w) => `${width} px: ${w}`));
  }
  seen.push({ site, path, shifts, files, wide, faults: page.faults.map((f) => f.text) });
}

const pages = (site) => site.pages.filter((p) => !p.redirect && p.file !== '404.html').map((p) => p.path);
const name = (s) => (s.site === portal ? '' : s.site === unter ? '(unter) ' : s.site === gross ? '(gross) ' : '(fremd) ') + s.path;

describe('every page in the browser', () => {
  before(async () => {
    for (const [site, paths] of [[portal, pages(portal)], [fremd, pages(fremd)], [gross, samples.filter((s) => s.site === gross).map((s) => s.path)],
      [unter, samples.filter((s) => s.site === portal && s.file !== '404.html').map((s) => s.path)]]) {
      const tabs = await Promise.all([1, 2, 3, 4].map(() => open(site, { viewport: { width: WIDTHS[0], height: 900 } })));
      await eachOn(tabs, paths, (page, path) => look(page, site, path));
      await look(tabs[0], site, '/gibt/es/nicht', true);
      await Promise.all(tabs.map((t) => t.context().close()));
    }
  });

  test('nothing in the console, nothing against the Content-Security-Policy, nothing missing', () => {
    none(seen.flatMap((s) => s.faults.filter((f) => !f.startsWith('foreign')).filter((f) => !(s.path === '/gibt/es/nicht' && /404/.test(f))).map((f) => `${name(s)}: ${f}`)), 'fault in the browser');
  });

  test('no request to another host', () => {
    none(seen.flatMap((s) => s.faults.filter((f) => f.startsWith('foreign')).map((f) => `${name(s)}: ${f}`)), 'foreign request');
  });

  test(`no page scrolls sideways at ${WIDTHS.join(', ')} px`, () => {
    none(seen.flatMap((s) => s.wide.map((w) => `${name(s)} at ${w}`)), 'element wider than the window');
  });

  test('nothing moves while a page loads', () => {
    const sum = (s) => total(s.shifts);
    none(seen.filter((s) => sum(s) >= 0.01).map((s) => `${name(s)}: layout shift ${sum(s).toFixed(3)} (${s.shifts.map((e) => e.what).join('; ')})`), 'page that jumps');
  });

  test('the first view is at most 60 KB, compressed, without pictures', (t) => {
    const sizes = new Map();
    const size = (site, url) => {
      if (!sizes.has(url)) {
        const path = '/' + new URL(url).pathname.slice(site.base.length);
        const file = site.has.has(fileOf(path)) ? fileOf(path) : '404.html';
        let data = readFileSync(join(site.dir, file));
        // What comes later is not part of the first view.
        const later = file.endsWith('.html') ? data.toString('latin1').search(/<\w+ class="(?:[^"]* )?later[ "]/) : -1;
        if (later >= 0) data = data.subarray(0, later);
        const packed = /\.(woff2|png|jpe?g|webp|gif)$/.test(file) ? data : brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
        sizes.set(url, packed.length);
      }
      return sizes.get(url);
    };
    const picture = (url) => /\/media\/|\.(png|jpe?g|webp|gif)$|\/favicon\.svg$/.test(new URL(url).pathname);
    const weights = seen.map((s) => {
      const files = [...new Set(s.files)].filter((url) => !picture(url)).map((url) => [size(s.site, url), new URL(url).pathname]);
      return { name: name(s), files, total: files.reduce((sum, [n]) => sum + n, 0) };
    }).sort((a, b) => b.total - a.total);
    const kb = (n) => (n / 1024).toFixed(1) + ' KB';
    const [top] = weights;
    t.diagnostic(`largest first view: ${top.name} ${kb(top.total)} = ${top.files.map(([n, f]) => `${f.split('/').filter(Boolean).pop() ?? '/'} ${kb(n)}`).join(' + ')}`);
    none(weights.filter((w) => w.total > LIMIT).map((w) => `${w.name}: ${kb(w.total)} (${w.files.map(([n, f]) => `${f} ${kb(n)}`).join(', ')})`), 'first view over 60 KB');
  });
});
