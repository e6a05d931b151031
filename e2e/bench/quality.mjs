// Runs judged queries through both engines and scores the answers, beside what
// others reach. .ci/measure.sh calls it: node quality.mjs WORK, options by
// environment:
//
//   CORPUS   folder of laws (otherwise ../shared/corpus/gesetze.tar.xz)
//   QUERIES  JSON lines {id, class, query, relevant: {slug: grade}}
//            (otherwise ../shared/quality/queries.dev.jsonl)
//   SIZE     full or small; the judgements are made on full, with small only
//            what is in it counts
//   SITE     typed (the abbreviation is a name of the law) or plain
//   PORTAL   a program that is compiled already
//   VERBOSE  1: every query with its scores and first hits

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { E2E, ROOT } from '../lib/site.mjs';
import { Missing, makeSite } from './lib/corpus.mjs';
import { openModule, openServer } from './lib/engines.mjs';
import { PEERS, byClass, ndcg } from './lib/score.mjs';
import { count, kB, largest, median, ms, rough, score, table } from './lib/table.mjs';

const work = process.argv[2];
const size = process.env.SIZE || 'full';

async function main() {
  if (!work) throw new Missing('usage: node quality.mjs WORK');
  const all = await readQueries();
  const site = await makeSite(work, size, process.env.SITE || 'typed', '--server-index');
  const queries = judged(all, site.slugs);
  if (queries.length < all.length) console.log(`${all.length - queries.length} queries are left out: none of their laws is in this corpus`);

  const runs = { server: await run(await openServer(site.program, site.out), queries) };
  const engine = existsSync(join(site.out, 'search', 'engine.js'));
  if (engine) runs.browser = await run(await openModule(site.out), queries);
  else console.log('there is no search/engine.js in the site: only the server is asked');

  const report = { size, date: new Date().toISOString(), classes: {}, same: null, queries: [] };
  for (const [name, answers] of Object.entries(runs)) {
    report.classes[name] = byClass(queries, queries.map((q, i) => ndcg(q.relevant, slugs(answers[i]))));
  }
  if (engine) report.same = queries.filter((_, i) => same(runs.server[i], runs.browser[i])).length;
  report.queries = queries.map((q, i) => ({ ...q, ...Object.fromEntries(Object.entries(runs).map(([name, answers]) => [
    name, { score: ndcg(q.relevant, slugs(answers[i])), results: slugs(answers[i]), ...answers[i] },
  ])) }));
  print(report, runs);
  await mkdir(join(E2E, 'results'), { recursive: true });
  await writeFile(join(E2E, 'results', 'quality.json'), JSON.stringify(report, null, 1) + '\n');
  console.log('\nall answers: e2e/results/quality.json');
  return engine && !Object.values(runs).flat().some((a) => a.failed) ? 0 : 1;
}

async function readQueries() {
  const file = resolve(process.env.QUERIES || join(ROOT, '..', 'shared', 'quality', 'queries.dev.jsonl'));
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Missing(`no queries: there is no ${file}; name a file with QUERIES=`);
  });
  return text.split('\n').filter((l) => l.trim()).map((l) => JSON.parse(l));
}

/** The queries with those of their laws that the corpus has. */
function judged(queries, present) {
  if (size === 'full') return queries;
  return queries
    .map((q) => ({ ...q, relevant: Object.fromEntries(Object.entries(q.relevant).filter(([slug]) => present.has(slug))) }))
    .filter((q) => Object.keys(q.relevant).length > 0);
}

async function run(engine, queries) {
  const answers = [];
  try {
    for (const q of queries) {
      answers.push(await engine.answer(q.query).catch((e) => {
        console.log(`no answer to ${q.id} ${q.query}: ${e.stack.split('\n').slice(0, 2).join(' ')}`);
        return { ids: [], failed: true };
      }));
    }
  } finally {
    await engine.close();
  }
  return answers;
}

/** „de:gesetze/ifsg“ is the law ifsg. */
const slugs = (answer) => answer.ids.map((id) => id.slice(id.lastIndexOf('/') + 1));

const same = (a, b) => a.ids.join('\n') === b.ids.join('\n');

function print(report, runs) {
  const classes = Object.keys(report.classes.server);
  const cells = (f) => classes.map((c) => score(f[c]));
  const theirs = (f) => classes.map((c) => (c === 'all' ? score : rough)(f[c])); // known to two decimals
  table(`nDCG@10 of ${report.queries.length} queries, ${report.size} corpus`, [
    ['engine', ...classes],
    ...Object.entries(report.classes).map(([name, f]) => [name === 'server' ? 'portal serve' : 'engine.js', ...cells(f)]),
  ]);
  table('Others, on 120 other queries of these kinds (first column: on the forty of queries.dev.jsonl)', [
    ['engine', 'forty', ...classes],
    ...PEERS.map((p) => [p.engine, score(p.forty), ...theirs(p)]),
  ]);
  console.log('\na inflection, b compounds, c umlauts, d slips, e abbreviations and names, f topics, g phrases, h first letters');
  if (report.same != null) console.log(`the same first ten from both engines: ${report.same} of ${report.queries.length} queries`);
  cost(runs);
  if (process.env.VERBOSE) details(report);
}

function cost({ server, browser }) {
  const of = (list, key) => [median(list.map((a) => a[key])), largest(list.map((a) => a[key]))];
  const rows = [['a first question, without code', 'median', 'largest'], ['portal serve: time', ...of(server, 'ms').map(ms)]];
  if (browser) {
    rows.push(
      ['engine.js: time in Node', ...of(browser, 'ms').map(ms)],
      ['engine.js: bytes until the hits stand', ...of(browser, 'bytes').map(kB)],
      ['engine.js: bytes with excerpts', ...of(browser, 'fullBytes').map(kB)],
      ['engine.js: requests until the hits stand', ...of(browser, 'requests').map(count)],
      ['engine.js: requests with excerpts', ...of(browser, 'fullRequests').map(count)],
    );
  }
  table('Cost', rows);
}

function details({ queries }) {
  const short = (results) => results.slice(0, 5).join(' ');
  table('Every query', [['query', 'portal serve', 'engine.js', 'kB', 'requests', 'first hits'], ...queries.map((q) => [
    `${q.id} ${q.query}`, score(q.server.score), score(q.browser?.score), kB(q.browser?.fullBytes), count(q.browser?.fullRequests),
    q.browser && !same(q.server, q.browser) ? `${short(q.server.results)} ≠ ${short(q.browser.results)}` : short(q.server.results),
  ])]);
}

// Leaves by exit, so that what was started is ended even when time is up.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(130));
try {
  process.exit(await main());
} catch (e) {
  console.error(e instanceof Missing ? `quality: ${e.message}` : e);
  process.exit(2);
}
