// Measures the search of the portal against Pagefind's, over the same pages,
// in the same run: bytes, requests and time from an empty cache until ten hits
// stand, and for a second question; the size of the indexes; the interfaces.
// .ci/measure.sh calls it: node search.mjs WORK, options by environment:
//
//   CORPUS  folder of laws (otherwise ../shared/corpus/gesetze.tar.xz)
//   SIZE    small (600 laws) or full
//   RUNS    how often the times are taken (3)
//   SITE    plain (pages) or typed (lib/corpus.mjs)
//   RANGES  how the host answers requests for ranges: several (as nginx), one, none
//   PORTAL  a program that is compiled already
//
// Bytes are those of the bodies, as sent (text with gzip). Every question is
// asked in a browser context of its own; ours and Pagefind's take turns, so
// that what else the machine does hits both.

import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { launch } from '../lib/browser.mjs';
import { E2E } from '../lib/site.mjs';
import { Missing, makeSite } from './lib/corpus.mjs';
import { ask, openInterface } from './lib/measure.mjs';
import { indexPages } from './lib/pagefind.mjs';
import { serve } from './lib/serve.mjs';
import { MB, count, kB, largest, median, ms, ratio, table } from './lib/table.mjs';

const PAGES = fileURLToPath(new URL('pages', import.meta.url));

/** As readers type them: a word, compounds, several words, a sentence's half,
 * an abbreviation, a slip, ue for ü, a phrase, the first letters of a word. */
const QUERIES = [
  'Urlaub', 'Krankenversicherung', 'Ausbildung Pflege', 'Zulassung von Arzneimitteln', 'Prüfung zum Meister im Handwerk',
  'BGB', 'Genehmigng', 'Gebuehren Pruefung', '"personenbezogene Daten"', 'Umweltsch',
];

/** What is to be reached: medians of the ten queries, unless it says otherwise. */
const GOALS = {
  small: { cold: 40_000, second: 20_000 },
  full: { cold: 65_000, second: 35_000 },
  largest: 150_000, requests: 6, secondRequests: 4, time: 1 / 2, secondTime: 1 / 3, size: 0.6, code: 18_000,
};

const work = process.argv[2];
const size = process.env.SIZE || 'small';
const rounds = Number(process.env.RUNS || 3);

async function main() {
  if (!work || !(rounds >= 1)) throw new Missing('usage: node search.mjs WORK, with RUNS=1 or more');
  const site = await makeSite(work, size, process.env.SITE || 'plain');
  const pagefind = await indexPages(site.out, join(site.out, '..'));
  const engines = ['pagefind'];
  if (existsSync(join(site.out, 'search', 'engine.js'))) engines.unshift('ours');
  else console.log('there is no search/engine.js in the site: only Pagefind is measured');

  const host = await serve({ '/bench/': PAGES, '/pagefind/': pagefind.dir, '/': site.out }, { ranges: process.env.RANGES || 'several' });
  const browser = await launch();
  try {
    const runs = await measure(browser, host, engines);
    const disk = await sizes(site.out, pagefind.dir);
    const interfaces = await interfacesOf(browser, host, engines, runs);
    const report = { size, laws: site.slugs.size, rounds, date: new Date().toISOString(), disk, summary: summarise(runs, engines), interfaces, queries: perQuery(runs, engines) };
    print(report, engines, pagefind.seconds);
    await mkdir(join(E2E, 'results'), { recursive: true });
    await writeFile(join(E2E, 'results', 'bench-search.json'), JSON.stringify(report, null, 1) + '\n');
    console.log('\nall figures: e2e/results/bench-search.json');
    return engines.includes('ours') ? 0 : 1;
  } finally {
    await browser.close();
    await host.close();
  }
}

/** runs[engine][slow ? 'phone' : 'fast'][query] = [run, …] */
async function measure(browser, host, engines) {
  const runs = Object.fromEntries(engines.map((e) => [e, { fast: QUERIES.map(() => []), phone: QUERIES.map(() => []) }]));
  for (const e of engines) await ask(browser, host, e, QUERIES.slice(0, 2), false); // wakes the machine
  for (let round = 0; round < rounds; round++) {
    for (const line of ['fast', 'phone']) {
      process.stdout.write(`round ${round + 1} of ${rounds}, ${line === 'fast' ? 'unthrottled' : 'slow phone line'}: `);
      for (let i = 0; i < QUERIES.length; i++) {
        const pair = [QUERIES[i], QUERIES[(i + 1) % QUERIES.length]];
        const turn = (round + i) % 2 ? engines.toReversed() : engines;
        for (const e of turn) runs[e][line][i].push(await ask(browser, host, e, pair, line === 'phone'));
        process.stdout.write('.');
      }
      console.log();
    }
  }
  return runs;
}

/** Time: the median over rounds. Bytes and requests: the round that took most. */
function perQuery(runs, engines) {
  return QUERIES.map((query, i) => ({ query, ...Object.fromEntries(engines.map((e) => [e, {
    first: figures(runs[e], i, 'first'), second: figures(runs[e], i, 'second'),
  }])) }));
}

function figures(run, i, which) {
  const of = (line, f) => run[line][i].map((r) => f(r[which]));
  const last = run.fast[i].at(-1)[which];
  return {
    query: last.query, total: last.total, partial: last.partial, hits: last.hits, sections: last.sections, titles: last.titles,
    bytes: largest(of('fast', (s) => s.bytes)), head: largest(of('fast', (s) => s.head)), requests: largest(of('fast', (s) => s.requests)),
    ms: median(of('fast', (s) => s.ms)), phoneMs: median(of('phone', (s) => s.ms)),
    full: {
      sections: last.full.sections, excerpts: last.full.excerpts,
      bytes: largest(of('fast', (s) => s.full.bytes)), head: largest(of('fast', (s) => s.full.head)), requests: largest(of('fast', (s) => s.full.requests)),
      ms: median(of('fast', (s) => s.full.ms)), phoneMs: median(of('phone', (s) => s.full.ms)), paths: last.full.paths,
    },
  };
}

/** summary[first|second][stand|full][bytes|requests|ms|phoneMs][engine] = { median, largest }, and the ratio */
function summarise(runs, engines) {
  const queries = perQuery(runs, engines);
  const out = {};
  for (const which of ['first', 'second']) {
    out[which] = {};
    for (const [state, pick] of [['stand', (f) => f], ['full', (f) => f.full]]) {
      out[which][state] = {};
      for (const measure of ['bytes', 'head', 'requests', 'ms', 'phoneMs']) {
        const m = {};
        for (const e of engines) {
          const values = queries.map((q) => pick(q[e][which])[measure]);
          m[e] = { median: median(values), largest: largest(values) };
        }
        m.ratio = m.ours ? m.ours.median / m.pagefind.median : null;
        out[which][state][measure] = m;
      }
    }
  }
  return out;
}

/** Bytes and files on the disk; code also as it is sent. */
async function sizes(out, pagefind) {
  const isCode = (f) => /\.(js|css|html)$|^wasm\./.test(f);
  const theirs = await files(pagefind);
  const result = {
    pagefind: { index: total(theirs.filter((f) => !isCode(f.name))), all: total(theirs), files: theirs.length },
    ours: null,
  };
  const dir = join(out, 'search');
  if (existsSync(join(dir, 'engine.js'))) {
    const ours = await files(dir);
    const code = ours.filter((f) => isCode(f.name));
    result.ours = { index: total(ours.filter((f) => !isCode(f.name))), all: total(ours), files: ours.length, code: {} };
    for (const f of code) result.ours.code[f.name] = gzipSync(await readFile(join(dir, f.name))).length;
  }
  return result;
}

async function files(dir) {
  const found = [];
  for (const name of await readdir(dir, { recursive: true })) {
    const info = await stat(join(dir, name));
    if (info.isFile()) found.push({ name, bytes: info.size });
  }
  return found;
}

const total = (list) => list.reduce((n, f) => n + f.bytes, 0);

/** Both interfaces, from the address with the question to its hits; one that fails twice is not asked again. */
async function interfacesOf(browser, host, engines, runs) {
  const kinds = {
    ours: (q) => ({ path: `/suche/?q=${encodeURIComponent(q)}`, selector: 'main ol > li:has(a[href*="/gesetze/"])', own: '/search/' }),
    pagefind: (q) => ({ path: `/bench/pagefind-ui.html?q=${encodeURIComponent(q)}`, selector: '.pagefind-ui__result:has(.pagefind-ui__result-link)', own: '/pagefind/' }),
  };
  const out = {};
  for (const e of engines) {
    const seen = [];
    for (let i = 0; i < QUERIES.length && seen.filter((s) => s.ms == null).length < 2; i++) {
      const hits = runs[e].fast[i][0].first.hits;
      const one = {};
      one.fast = await openInterface(browser, host, kinds[e](QUERIES[i]), hits, false);
      one.phone = one.fast.ms == null ? one.fast : await openInterface(browser, host, kinds[e](QUERIES[i]), hits, true);
      seen.push({ query: QUERIES[i], hits, ms: one.fast.ms, phoneMs: one.phone.ms, bytes: one.fast.all.bytes, requests: one.fast.all.requests, searchBytes: one.fast.search.bytes, searchRequests: one.fast.search.requests, paths: one.fast.all.paths, faults: one.fast.faults });
    }
    out[e] = {
      shown: seen.filter((s) => s.ms != null).length, queries: seen,
      ...Object.fromEntries(['ms', 'phoneMs', 'bytes', 'requests', 'searchBytes', 'searchRequests'].map((k) => [k, median(seen.map((s) => s[k]))])),
    };
  }
  return out;
}

function print({ summary, disk, interfaces, queries, laws }, engines, seconds) {
  const goals = GOALS[size];
  const both = (label, m, show, { goal, which = 'median' } = {}) => {
    const ours = m.ours?.[which], theirs = m.pagefind[which];
    return [label, show(ours), show(theirs), ratio(ours == null ? null : ours / theirs), goal ?? ''];
  };
  const part = (which, bytes, requests, time) => {
    const { stand, full } = summary[which];
    return [
      both('bytes until ten hits stand', stand.bytes, kB),
      both('bytes with excerpts', full.bytes, kB, { goal: `≤ ${bytes / 1000} kB` }),
      both('  largest query', full.bytes, kB, { which: 'largest', goal: `≤ ${GOALS.largest / 1000} kB` }),
      both('  response heads besides', full.head, kB),
      both('requests until ten hits stand', stand.requests, count, { goal: `≤ ${requests}` }),
      both('requests with excerpts', full.requests, count),
      both('  largest query', full.requests, count, { which: 'largest' }),
      both('time until ten hits stand', stand.ms, ms, { goal: `≤ ${ratio(time)} ×` }),
      both('time with excerpts', full.ms, ms),
      both('  slowest query', full.ms, ms, { which: 'largest' }),
      both('slow phone: until ten hits stand', stand.phoneMs, ms, { goal: `≤ ${ratio(time)} ×` }),
      both('slow phone: with excerpts', full.phoneMs, ms),
      both('  slowest query', full.phoneMs, ms, { which: 'largest' }),
    ];
  };
  const head = (title) => [title, 'ours', 'Pagefind', 'ratio', 'goal'];
  console.log(`\n${laws} laws (${size}), ${QUERIES.length} queries, median; ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}`);
  table('From an empty cache', [head('first question'), ...part('first', goals.cold, GOALS.requests, GOALS.time)]);
  table('In the same page', [head('second question'), ...part('second', goals.second, GOALS.secondRequests, GOALS.secondTime)]);

  const one = (label, ours, theirs, show, goal = '') => [label, show(ours), show(theirs), ratio(ours == null || theirs == null ? null : ours / theirs), goal];
  table('On the disk', [head('folder'),
    one('index', disk.ours?.index, disk.pagefind.index, MB, `≤ ${GOALS.size} ×`),
    one('with all code', disk.ours?.all, disk.pagefind.all, MB),
    one('files', disk.ours?.files, disk.pagefind.files, count),
    ...Object.entries(disk.ours?.code ?? {}).map(([name, bytes]) => (name.startsWith('ui-')
      ? one(`${name}, with the engine in it, gzip`, bytes, null, kB, `≤ ${GOALS.code / 1000} kB`)
      : one(`${name}, gzip`, bytes, null, kB))),
  ]);
  if (seconds != null) console.log(`Pagefind indexed for ${seconds.toFixed(1)} s`);

  const ui = (label, key, show) => one(label, interfaces.ours?.[key], interfaces.pagefind[key], show);
  table('Interface: from the address to its hits (Pagefind: its own interface on a bare page)', [head('page and search'),
    ui('bytes, with page, style and font', 'bytes', kB), ui('  of these the search', 'searchBytes', kB),
    ui('requests', 'requests', count), ui('  of these the search', 'searchRequests', count),
    ui('time', 'ms', ms), ui('slow phone: time', 'phoneMs', ms), ui(`questions answered, of ${QUERIES.length}`, 'shown', count),
  ]);

  const cells = (f) => (f ? [f.hits, f.sections, kB(f.bytes), f.requests, kB(f.full.bytes), f.full.requests, ms(f.full.ms), ms(f.full.phoneMs)] : ['–', '–', '–', '–', '–', '–', '–', '–']);
  for (const e of engines) {
    table(`Every first question: ${e}`, [['query', 'hits', 'sections', 'bytes', 'requests', '+ excerpts', 'requests', 'time', 'slow phone'],
      ...queries.map((q) => [q.query, ...cells(q[e].first)])]);
  }
}

// Leaves by exit, so that what was started is ended even when time is up.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(130));
try {
  process.exit(await main());
} catch (e) {
  console.error(e instanceof Missing ? `bench-search: ${e.message}` : e);
  process.exit(2);
}
