// Growth: sites of our own types (e2e/sitegen) in several sizes, built from
// nothing, and the exponents between them.

import { execFileSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT } from '../../lib/site.mjs';
import { contents, heaviest } from '../lib/folder.mjs';
import { MB, count, kB, rough, seconds, table } from '../lib/table.mjs';

const GOAL = 1.1;

export async function run({ work, scale, portal, can, say }) {
  const tool = join(work, 'bin', 'sitegen');
  execFileSync('go', ['build', '-o', tool, './e2e/sitegen/cmd'], { cwd: ROOT });
  const report = { sizes: [] };
  for (const entries of scale) {
    const source = join(work, `scale-${entries}`), out = join(work, `scale-out-${entries}`, 'public');
    try {
      await rm(source, { recursive: true, force: true });
      await mkdir(source, { recursive: true });
      execFileSync(tool, ['-n', String(entries), '-seed', '1', source], { cwd: ROOT });
      await portal.clear(source, out);
      const { seconds, cpu, peak, result } = await portal.build(source, out, { server: !can.serverIndex, limit: 1800 });
      const { files, bytes } = await contents(out);
      report.sizes.push({ entries, pages: result.pages, seconds, cpu, peak, files, bytes, allocs: result.memory?.allocs, allocBytes: result.memory?.allocBytes, heaviest: await heaviest(out) });
    } catch (e) {
      report.sizes.push({ entries, fault: e.message });
    } finally {
      await rm(source, { recursive: true, force: true });
      await portal.clear(source, out);
    }
    say('.');
  }
  const done = report.sizes.filter((s) => !s.fault);
  // What every site costs, however small, flattens the first steps; so the last one stands beside.
  report.exponents = exponents(done);
  report.lastStep = exponents(done.slice(-2));
  return report;
}

const exponents = (sizes) => Object.fromEntries(['seconds', 'cpu', 'peak', 'bytes', 'allocs', 'allocBytes']
  .map((k) => [k, exponent(sizes.map((s) => [s.entries, s[k]]))]));

/** The slope of the least squares' line through the logarithms; null where a figure is missing. */
export function exponent(points) {
  if (points.length < 2 || points.some(([, y]) => !(y > 0))) return null;
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (i) => logs.reduce((sum, p) => sum + p[i], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  return logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

export function print({ sizes, exponents, lastStep }, { can }) {
  const slope = (name, e) => [name, '', rough(e.seconds), rough(e.cpu), rough(e.peak), '', rough(e.bytes), ''];
  table(`Growth: entries of our own types, ${can.serverIndex ? 'browser index' : 'both indexes'}, from nothing`, [
    ['entries', 'pages', 'time', 'CPU', 'peak memory', 'files', 'written', 'heaviest first view'],
    ...sizes.map((s) => (s.fault ? [s.entries, s.fault.split('\n')[0]]
      : [s.entries, count(s.pages), seconds(s.seconds), seconds(s.cpu), MB(s.peak), count(s.files), MB(s.bytes), kB(s.heaviest.bytes)])),
    slope('exponent', exponents), slope('  of the last step', lastStep),
    ['goal', '', `≤ ${GOAL}`, `≤ ${GOAL}`, `≤ ${GOAL}`, '', '', '≤ 61.4 kB'],
  ]);
  for (const s of sizes.filter((s) => !s.fault)) console.log(`heaviest of ${s.entries}: ${s.heaviest.page}`);
}
