// WCAG 2.2 AA and axe's best practice, on one page of each kind, in both
// colour schemes, on a phone and on a desk; on the phone with everything that
// folds unfolded.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';

import { none, open, samples } from '../lib/world.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const ALL = {
  runOnly: { type: 'tag', values: WCAG },
  rules: { 'target-size': { enabled: true } }, // part of WCAG 2.2, off by default
  resultTypes: ['violations'],
};
// The dark scheme changes colours and nothing else.
const COLOURS = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }, resultTypes: ['violations'] };

/** Findings of axe on the page as it stands: text → places it holds at. */
export async function audit(page, options = ALL) {
  // Through the debugger, not as a script element: the policy stays in force.
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((o) => axe.run(document, o), options);
  return violations.flatMap((v) => v.nodes.map((n) => [
    `${v.id}: ${v.help}`, n.target.join(' '), n.html.slice(0, 160), (n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? '',
  ].join('\n      ')));
}

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
