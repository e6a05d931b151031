// WCAG 2.2 AA on one page of each kind, in both colour schemes, on a phone and
// on a desk; on the phone with everything that folds unfolded.

import { describe, test } from 'node:test';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { none, open, samples } from '../lib/world.mjs';

describe('accessibility (axe-core)', { concurrency: 3 }, () => {
  for (const sample of samples) {
    test(sample.name, async () => {
      const page = await open(sample.site, { viewport: { width: 1280, height: 900 } });
      try {
        await page.goto(sample.site.url(sample.path));
        const found = new Map();
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 900 });
          if (width === 360) await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
          for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            for (const text of await audit(page, colorScheme === 'dark' ? COLOURS : ALL)) {
              found.set(text, [...(found.get(text) ?? []), `${width} px ${colorScheme}`]);
            }
          }
        }
        none([...found].map(([text, at]) => `${sample.path} at ${at.join(', ')}: ${text}`), 'accessibility violation');
      } finally {
        await page.context().close();
      }
    });
  }
});
