// One question, or two, in a browser that has never seen the site.
//
// A run is { first, second }, each a Step (below): what it took until ten hits
// stood with title and section, and until they had their excerpts.

import { sum } from './serve.mjs';

/** A slow phone line: 1.6 Mbit/s down, 0.75 up, 150 ms for every answer. */
const PHONE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const PATIENCE = 60_000;

async function freshPage(browser, slow) {
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 390, height: 780 } });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('console', (m) => m.type() === 'error' && page.faults.push(m.text()));
  const narrow = async () => {
    if (!slow) return;
    const session = await context.newCDPSession(page);
    await session.send('Network.emulateNetworkConditions', PHONE);
  };
  return { page, narrow, close: () => context.close() };
}

/** Asks a query, then a second one, on one of the bare pages. */
export async function ask(browser, host, engine, queries, slow) {
  const { page, narrow, close } = await freshPage(browser, slow);
  try {
    await page.goto(`${host.origin}/bench/${engine}.html`);
    await page.waitForFunction('window.ask');
    await host.drain(); // the bare page is not the engine's
    await narrow();
    const steps = [];
    for (const query of queries) steps.push(await step(page, host, query));
    if (page.faults.length > 0) throw new Error(page.faults.join('; '));
    return { first: steps[0], second: steps[1] };
  } finally {
    await close();
  }
}

/**
 * Step = { query, total, hits, sections (when they stood), ms, requests, bytes, head,
 * full: { sections, excerpts, ms, requests, bytes, head, paths } }
 */
async function step(page, host, query) {
  const found = await limited(page.evaluate((q) => window.ask(q), query), query);
  const until = host.taken.length; // requests begun later are not the first hits'
  const filled = await limited(page.evaluate(() => window.excerpts()), query);
  const all = await host.drain();
  return {
    query, total: found.total, partial: found.partial, hits: found.hits, sections: found.sections, titles: found.titles,
    ms: found.ms, ...sum(all.slice(0, until)),
    full: { sections: filled.sections, excerpts: filled.excerpts, ms: found.ms + filled.ms, ...sum(all) },
  };
}

/**
 * Opens a page that asks by its address and waits until so many hits are shown:
 * the whole interface. { ms since the navigation, all, search (below `own`) };
 * ms is null when they did not come.
 */
export async function openInterface(browser, host, { path, selector, own }, hits, slow) {
  const { page, narrow, close } = await freshPage(browser, slow);
  try {
    await host.drain();
    await narrow();
    await page.goto(host.origin + path, { waitUntil: 'commit' });
    const ms = await page
      .waitForFunction(([css, n]) => document.querySelectorAll(css).length >= n && performance.now(), [selector, hits], { polling: 10, timeout: 15_000 })
      .then((handle) => handle.jsonValue(), () => null);
    const requests = await host.drain();
    return { ms, all: sum(requests), search: sum(requests.filter((r) => r.path.startsWith(own))), faults: page.faults };
  } finally {
    await close();
  }
}

function limited(promise, what) {
  let timer;
  const late = new Promise((_, no) => {
    timer = setTimeout(() => no(new Error(`no answer within ${PATIENCE / 1000} s: ${what}`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
