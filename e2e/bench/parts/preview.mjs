// Editing under the preview: from saving a file until its page shows the edit,
// ours and Hugo's, one after the other over the same files; and until the
// preview's search finds a new word. Files of all sizes, 20 of them.

import { basename } from 'node:path';

import { editBody, editLayout, editTitle, newWord, spread } from '../lib/edits.mjs';
import { openHugo, openOurs, sleep, text, untilFound, untilShown } from '../lib/live.mjs';
import { count, largest, median, ms, ratio, seconds, table } from '../lib/table.mjs';

const TIMES = { text: 20, title: 20, layout: 10, search: 5 };
const GOALS = { small: 50, full: 100 };

/**
 * A person does not save twice within a second; what goes on after the page is
 * there has time to end. The pauses differ, since Hugo looks for changes at
 * fixed intervals: saves must not always fall on the same moment of them.
 */
const pause = (i) => sleep(1000 + 500 * ((i * 0.618) % 1));

export async function run({ site, hugo, portal, program, can, say }) {
  const report = { faults: {} };
  const failed = (name) => (e) => void (report.faults[name] = e.message); // the other goes on
  const files = await spread(site.texts, TIMES.text);
  if (can.preview) {
    const path = (file) => `/gesetze/${basename(file, '.md').replaceAll('_', '-')}/`;
    report.ours = await edits(() => openOurs(program, portal.previewArgs(site.source)), path, files, site.layout, say, true).catch(failed('ours'));
  }
  if (hugo) {
    const path = (file) => `/gesetze/${basename(file, '.md')}/`;
    report.hugo = await edits(async () => openHugo(hugo.program, await hugo.serverArgs()), path, files, hugo.layout, say, false).catch(failed('Hugo'));
  }
  return report;
}

/** { start, text, title, layout, search }: milliseconds, null where nothing came. */
async function edits(open, path, files, layout, say, searches) {
  const from = performance.now();
  const live = await open();
  try {
    while (!(await text(live.origin + path(files[0])).catch(() => ''))) await sleep(50);
    const took = { start: performance.now() - from, text: [], title: [], layout: [], search: [] };
    let saves = 0;
    const one = async (kind, at, save) => {
      await pause(++saves);
      const word = newWord();
      took[kind].push(await untilShown(live, at, word, () => save(word)));
      say('.');
    };
    for (const f of files.slice(0, TIMES.text)) await one('text', path(f), (word) => editBody(f, word));
    for (const f of files.slice(0, TIMES.title)) await one('title', path(f), (word) => editTitle(f, word));
    for (const f of files.slice(0, TIMES.layout)) await one('layout', path(f), (word) => editLayout(layout, word));
    for (const f of searches ? files.slice(0, TIMES.search) : []) {
      await pause(++saves);
      const word = newWord();
      took.search.push(await untilFound(live, word, () => editBody(f, word)));
      say('.');
    }
    return took;
  } finally {
    await live.close();
  }
}

export function print({ ours, hugo, faults }, { hugoVersion, size, can }) {
  if (!can.preview) console.log('\nthis version has no preview');
  for (const [name, fault] of Object.entries(faults)) console.log(`\n${name}: failed\n${fault}`);
  const row = (name, kind, goal = '') => {
    const [o, h] = [ours?.[kind], hugo?.[kind]];
    const [a, b] = [o && median(o), h && median(h)];
    return [name, ms(a), ms(o && largest(o)), ms(b), ms(h && largest(h)), ratio(a != null && b != null ? a / b : null), goal];
  };
  const lost = (list) => list?.filter((x) => x == null).length ?? null;
  table('Editing under the preview: from saving until it shows', [
    ['median and slowest', 'ours', '', hugoVersion ? `${hugoVersion} server` : 'Hugo', '', 'ratio', 'goal'],
    row(`a text (${TIMES.text})`, 'text', `≤ ${GOALS[size]} ms`), row(`a title (${TIMES.title})`, 'title'), row(`the layout of all pages (${TIMES.layout})`, 'layout'),
    row(`the search finds a new word (${TIMES.search})`, 'search', '≤ 1000 ms'),
    ['edits that never showed', count(lost(Object.values(ours ?? {}).flat())), '', count(lost(Object.values(hugo ?? {}).flat()))],
    ['until the first page', seconds(ours && ours.start / 1000), '', seconds(hugo && hugo.start / 1000)],
  ]);
}
