// The one browser of all tests: Debian's Chromium, cut off from everything but
// the loopback, and pages that write down what goes wrong on them.

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM || '/usr/bin/chromium';

export function launch(...more) {
  return chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ...more,
    ],
  });
}

/**
 * Opens a page in a context of its own. `page.faults` collects what no page
 * may do: errors in the console (a breach of the policy is one), requests to
 * another host, requests that fail.
 */
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'de-DE', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.faults = [];
  const fault = (text) => page.faults.push({ at: page.url(), text });
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') fault(`console ${m.type()}: ${m.text()}`);
  });
  page.on('pageerror', (e) => fault(`script error: ${e.message}`));
  page.on('request', (r) => {
    const url = new URL(r.url());
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:') fault(`foreign request: ${r.url()}`);
  });
  page.on('requestfailed', (r) => {
    const why = r.failure()?.errorText;
    // Leaving a page ends what it is still loading.
    if (why !== 'net::ERR_ABORTED') fault(`request failed: ${r.url()} ${why}`);
  });
  page.on('response', (r) => {
    if (r.status() >= 400 && !page.expectMissing) fault(`${r.status()}: ${r.url()}`);
  });
  return page;
}

/** Runs work on all items, on as many pages at once as there are. */
export async function eachOn(pages, items, work) {
  let next = 0;
  await Promise.all(pages.map(async (page) => {
    while (next < items.length) await work(page, items[next++]);
  }));
}
