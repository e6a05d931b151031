// The whole build, from nothing: ours with the browser's index, ours with the
// server's as well, and Hugo with Pagefind on its pages, taking turns.

import { join } from 'node:path';

import { aside } from '../lib/aside.mjs';
import { contents, heaviest } from '../lib/folder.mjs';
import { PAGEFIND } from '../lib/pagefind.mjs';
import { measured } from '../lib/process.mjs';
import { MB, count, kB, largest, median, ratio, seconds, table } from '../lib/table.mjs';

export async function run({ work, rounds, site, hugo, portal, can, say }) {
  const runs = { ours: [], server: [], hugo: [], pagefind: [] }, faults = {};
  const index = join(work, 'pagefind-out');
  const ways = {
    ours: async () => {
      await portal.clear(site.source, site.out);
      runs.ours.push(await portal.build(site.source, site.out, { server: !can.serverIndex }));
    },
    server: async () => {
      if (!can.serverIndex) return;
      await portal.clear(site.source, site.serverOut);
      runs.server.push(await portal.build(site.source, site.serverOut, { server: true }));
      await portal.clear(site.source, site.serverOut);
    },
    peers: async () => {
      if (!hugo) return;
      await hugo.clear();
      await aside(work, index);
      const made = await hugo.build();
      runs.pagefind.push(await measured(work, PAGEFIND, ['--quiet', '--site', hugo.out, '--output-path', index]));
      runs.hugo.push(made);
    },
  };
  for (let round = 0; round < rounds; round++) {
    const turn = round % 2 ? ['peers', 'server', 'ours'] : ['ours', 'server', 'peers'];
    for (const way of turn) {
      await ways[way]().catch((e) => (faults[way] = e.message)); // the others go on
      say('.');
    }
  }
  if (runs.ours.length === 0) throw new Error(Object.values(faults).join('\n'));
  const report = { faults, ours: figures(runs.ours), server: figures(runs.server), hugo: figures(runs.hugo), pagefind: figures(runs.pagefind), oursResult: summary(runs.ours.at(-1).result) };
  report.peers = report.hugo && { seconds: median(runs.hugo.map((h, i) => h.seconds + runs.pagefind[i].seconds)), cpu: median(runs.hugo.map((h, i) => h.cpu + runs.pagefind[i].cpu)), peak: Math.max(report.hugo.peak, report.pagefind.peak) };
  report.written = { ours: { ...(await contents(site.out)), heaviest: await heaviest(site.out) } };
  if (report.hugo) report.written.hugo = { ...(await contents(hugo.out)), heaviest: await heaviest(hugo.out) };
  if (report.hugo) report.written.pagefind = await contents(index);
  return report;
}

/** Time: the median of the rounds. Memory: the round that took most. */
function figures(runs) {
  if (runs.length === 0) return null;
  return { seconds: median(runs.map((r) => r.seconds)), cpu: median(runs.map((r) => r.cpu)), peak: largest(runs.map((r) => r.peak)), all: runs.map(({ seconds, cpu, peak }) => ({ seconds, cpu, peak })) };
}

/** What our build says of itself, without its findings. */
function summary({ diagnostics, ...result }) {
  return result;
}

export function print({ faults, ours, server, hugo, pagefind, peers, written, oursResult }, { can, hugoVersion, pagefindVersion }) {
  for (const [way, fault] of Object.entries(faults)) console.log(`\n${way}: failed\n${fault}`);
  const row = (name, f) => [name, seconds(f?.seconds), seconds(f?.cpu), MB(f?.peak)];
  const against = (name, f) => [name, ratio(f && peers ? f.seconds / peers.seconds : null), ratio(f && peers ? f.cpu / peers.cpu : null), ratio(f && peers ? f.peak / peers.peak : null)];
  table('Whole build, from nothing', [['median', 'time', 'CPU', 'peak memory'],
    row(can.serverIndex ? 'ours, browser index' : 'ours, both indexes (this version makes no other build)', ours),
    row('ours, with the server’s index', server),
    row(hugoVersion ?? 'Hugo: not there', hugo), row(pagefindVersion, pagefind), row('Hugo and Pagefind', peers),
    against('ours : Hugo and Pagefind', ours), against('  with the server’s index', server),
    ['goal', '≤ 0.35', '', '≤ 0.20'],
  ]);
  const o = written.ours, h = written.hugo, p = written.pagefind;
  const per = (n) => (n == null ? null : n / oursResult.pages);
  table('What is written', [['', 'ours', 'Hugo', 'Pagefind'],
    ['pages', count(o.pages), count(h?.pages), '–'],
    ['files', count(o.files), count(h?.files), count(p?.files)],
    ['bytes', MB(o.bytes), MB(h?.bytes), MB(p?.bytes)],
    ['heaviest first view (goal: ≤ 61.4 kB)', kB(o.heaviest.bytes), kB(h?.heaviest.bytes), '–'],
    ['allocations for a page', count(per(oursResult.memory?.allocs)), '–', '–'],
    ['bytes allocated for a page', kB(per(oursResult.memory?.allocBytes)), '–', '–'],
  ]);
  console.log(`heaviest of ours: ${o.heaviest.page}`);
  table('Our stages', [['', 'time'], ...oursResult.stages.map((s) => [s.name, seconds(s.ms / 1000)])]);
}
