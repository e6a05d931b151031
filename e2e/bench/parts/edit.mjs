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
  if (hugo) report.peers = await theirs(work, hugo, files[0]).catch((e) => ({ fault: e.message }));
  say('.');
  return report;
}

async function theirs(work, hugo, file) {
  await hugo.build();
  await editBody(file, newWord());
  const { seconds: time } = await hugo.build();
  const pagefind = await measured(work, PAGEFIND, ['--quiet', '--site', hugo.out, '--output-path', join(work, 'pagefind-out')]);
  return { hugo: time, pagefind: pagefind.seconds };
}

export function print({ cold, edits, peers }) {
  if (peers?.fault) console.log(`\nHugo and Pagefind: failed\n${peers.fault}`);
  const both = peers?.hugo && peers.hugo + peers.pagefind;
  const row = (name, list, goal = '') => {
    const time = median(list.map((r) => r.seconds));
    return [name, seconds(time), seconds(median(list.map((r) => r.cpu))), ratio(time / cold), seconds(peers?.hugo), seconds(both), ratio(both && time / both), goal];
  };
  table('Build after an edit', [['median', 'ours', 'CPU', ': whole', 'Hugo', '+ Pagefind', 'ratio', 'goal'],
    ...EDITS.map(([name], i) => row(name, edits[name], i === 0 ? '≤ 0.10 of the whole' : ''))]);
  console.log(`whole build in this part: ${seconds(cold)}`);
}
