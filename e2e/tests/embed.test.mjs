// The example of docs/suche-einbetten.md, as a webmaster would use it: a page
// on one origin that searches the portal on another. By itself the file needs
// a built site, the output folder that PORTAL_OUT names, or makes the tests'.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { launch } from '../lib/browser.mjs';
import { ROOT } from '../lib/site.mjs';

const world = process.env.PORTAL_OUT ? null : await import('../lib/world.mjs');
const sites = world ? [world.portal, world.unter] : [{ dir: process.env.PORTAL_OUT, base: '/' }];
const alone = process.argv[1] === fileURLToPath(import.meta.url);

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };

/** Serves what answer(path) gives: {body, headers}, nothing for 404. */
async function host(answer) {
  const server = createServer(async (req, res) => {
    const path = decodeURIComponent(new URL(req.url, 'http://host').pathname);
    const { body, headers } = (await answer(path)) ?? {};
    res.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff', ...headers });
    res.end(body ?? 'not found');
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

const example = (name) => readFile(join(ROOT, 'docs', `suche-einbetten.${name}`), 'utf8');
const ADDRESS = /https:\/\/[^"]+(?=suche\/")/g;

test('the example names the portal in one place and has no script of its own in the page', async () => {
  const [html, js] = [await example('html'), await example('js')];
  assert.equal(html.match(ADDRESS)?.length, 1);
  assert.equal(`${html}${js}`.match(/https?:/g).length, 1);
  assert.doesNotMatch(html, /<script(?![^>]* src=)|\son\w+=|style="/);
  assert.doesNotMatch(js, /innerHTML|outerHTML|insertAdjacentHTML|eval/);
});

for (const { dir, base } of sites) {
  describe(`the example page and a portal at ${base}`, () => {
    let browser, portal, member, page, faults, fault, cors;

    before(async () => {
      browser = world?.browser ?? await launch();
      portal = await host(async (path) => {
        if (!path.startsWith(base)) return null;
        const body = await fault(path) ?? await readFile(join(dir, normalize(path.slice(base.length)))).catch(() => null);
        return { body, headers: cors && path.startsWith(`${base}search/`) ? { 'Access-Control-Allow-Origin': '*' } : {} };
      });
      // The policy is the one that the documentation asks for.
      const style = (await example('html')).includes('<style>') ? "; style-src 'unsafe-inline'" : '';
      const policy = `default-src 'none'; script-src 'self' ${portal.origin}; connect-src ${portal.origin}; form-action ${portal.origin}${style}`;
      member = await host(async (path) => {
        if (path === '/') return { body: (await example('html')).replace(ADDRESS, portal.origin + base), headers: { 'Content-Type': TYPES['.html'], 'Content-Security-Policy': policy } };
        return path === '/suche-einbetten.js' ? { body: await example('js') } : null;
      });
    });
    after(async () => {
      for (const { server } of [portal, member]) {
        server.closeAllConnections();
        await new Promise((ok) => server.close(ok));
      }
      if (!world) await browser.close();
    });

    beforeEach(async () => {
      [fault, cors, faults] = [() => null, true, []];
      const context = await browser.newContext({ locale: 'de-DE' });
      context.setDefaultTimeout(10_000);
      page = await context.newPage();
      page.on('pageerror', (e) => faults.push(e.message));
      page.on('console', (m) => m.type() === 'error' && faults.push(m.text()));
      await page.route('**/favicon.ico', (r) => r.fulfill({ status: 204 }));
      await page.goto(`${member.origin}/`);
    });
    afterEach(() => page.context().close());

    const status = () => page.locator('[role=status]');
    const links = () => page.locator('[data-hits] a');
    const more = () => page.locator('[data-all]');
    const says = (words) => page.waitForFunction((w) => new RegExp(w).test(document.querySelector('[role=status]').textContent), words);

    test('finds pages of the portal, with their full addresses', async () => {
      await page.getByLabel('Im Portal suchen').fill('Krankenhäuser finanzieren');
      await says('Treffer für „Krankenhäuser finanzieren“');
      const found = await links().evaluateAll((all) => all.map((a) => ({ href: a.getAttribute('href'), text: a.textContent })));
      assert.equal(found.length, 8);
      for (const { href, text } of found) {
        assert.ok(href.startsWith(portal.origin + base) && text, href);
        await readFile(join(dir, new URL(href).pathname.slice(base.length), 'index.html'));
      }
      assert.ok(await page.locator('[data-hits] mark').count() > 3);
      assert.ok(await page.locator('[data-hits] li').evaluateAll((all) => all.every((li) => !/&\w+;|<\/?mark/.test(li.textContent))));
      assert.equal(await more().getAttribute('href'), `${portal.origin}${base}suche/?q=Krankenh%C3%A4user+finanzieren`);
      assert.deepEqual(await audit(page, ALL), []);
      for (const scheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: scheme });
        assert.deepEqual(await audit(page, COLOURS), []);
      }
      assert.deepEqual(faults, []);
    });

    test('while one types, the last answer wins; an emptied field is an empty page', async () => {
      await page.getByLabel('Im Portal suchen').pressSequentially('Transportbeatmung', { delay: 30 });
      await says('Treffer für „Transportbeatmung“');
      assert.match(await links().first().textContent(), /Transportbeatmung/);
      await page.getByLabel('Im Portal suchen').fill('');
      await says('^$');
      assert.equal(await links().count(), 0);
      assert.ok(await more().isHidden());
      assert.deepEqual(faults, []);
    });

    test('says when there is nothing, and what may have been meant', async () => {
      await page.getByLabel('Im Portal suchen').fill('xqzvwkj');
      await says('Keine Treffer für „xqzvwkj“');
      assert.equal(await links().count(), 0);
      await page.getByLabel('Im Portal suchen').fill('Transportbeatmng');
      await says('Meinten Sie „Transportbeatmung“');
      assert.ok(await links().count() > 0);
    });

    test('says when a part is missing', async () => {
      fault = (path) => (/\/t\/\d+\.bin$/.test(path) ? 'damaged' : null);
      await page.getByLabel('Im Portal suchen').fill('Triage');
      await says('Ein Teil war nicht zu laden');
      assert.deepEqual(faults, []);
    });

    test('what comes from the portal is shown as text', async () => {
      const engine = `export const open = async () => ({ search: async (query) => ({ query, total: 1, suggestion: "", partial: false, hits: [{
        id: "de:x", url: "${portal.origin}/x/", title: "<img src=x onerror=alert(1)>", typeLabel: "<b>", date: "", status: "", section: null,
        excerpt: "&lt;script&gt;1 &amp;amp; 2&#39; <mark>a&lt;b</mark> <i>" }] }) });`;
      fault = (path) => (path.endsWith('/engine.js') ? engine : null);
      await page.getByLabel('Im Portal suchen').fill('x');
      await says('1 Treffer');
      const li = page.locator('[data-hits] li');
      assert.equal(await li.evaluate((e) => e.querySelectorAll('img, script, b, i').length), 0);
      assert.match(await li.textContent(), /<img src=x onerror=alert\(1\)><b><script>1 &amp; 2' a<b <i>/);
      assert.equal(await li.locator('mark').textContent(), 'a<b');
    });

    test('without the portal’s permission it says so and leads there', async () => {
      cors = false;
      await page.getByLabel('Im Portal suchen').fill('Triage');
      await says('Die Suche ist von hier aus gerade nicht erreichbar');
      assert.equal(await links().count(), 0);
      assert.equal(await more().getAttribute('href'), `${portal.origin}${base}suche/?q=Triage`);
      assert.ok(await more().isVisible());
      assert.ok(faults.some((f) => /Access-Control-Allow-Origin/.test(f)), faults.join());
    });

    test('without its script the form leads to the results of the portal', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const plain = await context.newPage();
      await plain.goto(`${member.origin}/`);
      await plain.getByLabel('Im Portal suchen').fill('Triage');
      const [asked] = await Promise.all([plain.waitForRequest((r) => r.url().includes('suche/')), plain.keyboard.press('Enter')]);
      assert.equal(asked.url(), `${portal.origin}${base}suche/?q=Triage`);
      await context.close();
    });
  });
}

if (world && alone) after(world.close);
