// Builds after an edit: nothing changed, a text, a title, the layout of all
// pages. Hugo keeps nothing between two builds; its whole build stands beside,
// with Pagefind's, which keeps nothing either.

import { join } from 'node:path';

import { editBody, editLayout, editTitle, newWord, spread } from '../lib/edits.mjs';
import { median, ratio, seconds, table } from '../lib/table.mjs';
import { PAGEFIND } from '../lib/pagefind.mjs';
import { measured } from '../lib/process.mjs';

const EDITS = [
  ['nothing changed', async () => {}],
  ['one text', (site, file) => editBody(file, newWord())],
  ['one title', (site, file) => editTitle(file, newWord())],
  ['the layout of all pages', (site) => editLayout(site.layout, newWord())],
];

export async function run({ work, rounds, site, hugo, portal, can, say }) {
  const build = () => portal.build(site.source, site.out, { server: !can.serverIndex });
  await portal.clear(site.source, site.out);
  const report = { cold: (await build()).seconds, edits: {}, peers: null };
  await build(); // what the first build left behind may have to be read once
  const files = await spread(site.texts, rounds);
  for (const [name, edit] of EDITS) {
    report.edits[name] = [];
    for (const file of files) {
      await edit(site, file);
      const { seconds: time, cpu } = await build();
      report.edits[name].push({ seconds: time, cpu });
      say('.');
    }
  }
  if (hugo) {
    await hugo.build();
    await editBody(files[0], newWord());
    const h = await hugo.build();
    const p = await measured(work, PAGEFIND, ['--quiet', '--site', hugo.out, '--output-path', join(work, 'pagefind-out')]);
    report.peers = { hugo: h.seconds, pagefind: p.seconds };
    say('.');
  }
  return report;
}

export function print({ cold, edits, peers }) {
  const theirs = peers && peers.hugo + peers.pagefind;
  const row = (name, list, goal = '') => {
    const time = median(list.map((r) => r.seconds));
    return [name, seconds(time), seconds(median(list.map((r) => r.cpu))), ratio(time / cold), seconds(peers?.hugo), seconds(theirs), ratio(theirs && time / theirs), goal];
  };
  table('Build after an edit', [['median', 'ours', 'CPU', ': whole', 'Hugo', '+ Pagefind', 'ratio', 'goal'],
    ...EDITS.map(([name], i) => row(name, edits[name], i === 0 ? '≤ 0.10 of the whole' : ''))]);
  console.log(`whole build in this part: ${seconds(cold)}`);
}
