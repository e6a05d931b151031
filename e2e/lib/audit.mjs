// axe-core on a page: WCAG 2.2 AA and axe's best practice.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const ALL = {
  runOnly: { type: 'tag', values: WCAG },
  rules: { 'target-size': { enabled: true } }, // part of WCAG 2.2, off by default
  resultTypes: ['violations'],
};
// The dark scheme changes colours and nothing else.
export const COLOURS = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }, resultTypes: ['violations'] };

/** Findings of axe on the page as it stands: text → places it holds at. */
export async function audit(page, options = ALL) {
  // Through the debugger, not as a script element: the policy stays in force.
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((o) => axe.run(document, o), options);
  return violations.flatMap((v) => v.nodes.map((n) => [
    `${v.id}: ${v.help}`, n.target.join(' '), n.html.slice(0, 160), (n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? '',
  ].join('\n      ')));
}
