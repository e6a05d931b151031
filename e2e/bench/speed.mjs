// Measures how fast sites are made, ours and those of Hugo with Pagefind, from
// the same texts in the same run. .ci/measure.sh calls it: node speed.mjs WORK,
// options by environment:
//
//   CORPUS  folder of laws (otherwise ../shared/corpus/gesetze.tar.xz)
//   SIZE    small (600 laws) or full
//   RUNS    how often builds are measured (3)
//   PART    some of build,edit,preview,scale (all)
//   SCALE   entries of the generated sites (1000,10000,50000)
//   PORTAL  a program that is compiled already
//
// A part that fails is reported and does not keep the others from running. All
// figures go to speed-SIZE.json in WORK and to e2e/results/bench-speed.json.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

import { E2E, ROOT, compile } from '../lib/site.mjs';
import { forget } from './lib/aside.mjs';
import { Missing, makeSource } from './lib/corpus.mjs';
import { ownLayout } from './lib/edits.mjs';
import { findHugo, hugoSite } from './lib/hugo.mjs';
import { abilities, ours } from './lib/ours.mjs';
import { PAGEFIND } from './lib/pagefind.mjs';
import { ask } from './lib/process.mjs';
import * as build from './parts/build.mjs';
import * as edit from './parts/edit.mjs';
import * as preview from './parts/preview.mjs';
import * as scale from './parts/scale.mjs';

const PARTS = { build, edit, preview, scale };

async function main() {
  const work = process.argv[2];
  const size = process.env.SIZE || 'small';
  const rounds = Number(process.env.RUNS || 3);
  const wanted = (process.env.PART || Object.keys(PARTS).join()).split(',');
  const unknown = wanted.filter((p) => !PARTS[p]);
  if (unknown.length > 0) throw new Missing(`PART=${unknown}: possible are ${Object.keys(PARTS)}`);
  if (!work || !(rounds >= 1)) throw new Missing('usage: node speed.mjs WORK, with RUNS=1 or more');

  const scales = (process.env.SCALE || '1000,10000,50000').split(',').map(Number);
  if (scales.some((n) => !(n >= 1))) throw new Missing(`SCALE=${process.env.SCALE}: numbers with commas between them`);
  const context = { ...(await prepare(work, size, wanted)), scale: scales };
  const report = { size, rounds, ...context.about, parts: {} };
  let faults = 0;
  for (const name of wanted) {
    process.stdout.write(`${name}: `);
    const from = performance.now();
    try {
      report.parts[name] = await PARTS[name].run({ ...context, rounds, say: (s) => process.stdout.write(s) });
    } catch (e) {
      faults++;
      report.parts[name] = { fault: e.message };
    }
    console.log(` ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }
  print(report, context);
  await save(work, report);
  await forget(work);
  return faults > 0 ? 1 : 0;
}

async function prepare(work, size, wanted) {
  await mkdir(join(work, 'bin'), { recursive: true });
  const program = process.env.PORTAL || (await compile(work));
  const can = await abilities(program);
  const context = { work, size, program, can, portal: ours(work, program, can) };
  if (wanted.some((p) => p !== 'scale')) {
    const { source, slugs } = await makeSource(work, size, 'plain');
    const layout = join(source, 'templates', 'layout.html');
    await mkdir(join(source, 'templates'), { recursive: true });
    await ownLayout(join(ROOT, 'templates', 'layout.html'), layout);
    context.site = { source, layout, texts: join(source, 'content', 'gesetze'), laws: slugs.size, out: join(work, 'ours', 'public'), serverOut: join(work, 'ours-server', 'public') };
    const found = await findHugo(work);
    context.hugoVersion = found?.version;
    context.hugo = found && (await hugoSite(work, found, join(source, 'content')));
    context.pagefindVersion = `Pagefind ${/\d+\.\d+\.\d+/.exec(await ask(PAGEFIND, '--version'))?.[0] ?? 'is missing'}`;
  }
  context.about = {
    date: new Date().toISOString(), laws: context.site?.laws,
    machine: { cores: cpus().length, cpu: cpus()[0]?.model.trim(), memory: totalmem(), load: loadavg()[0], system: `${process.platform} ${process.arch}` },
    versions: { commit: process.env.PORTAL ? 'as given by PORTAL' : (await ask('git', '-C', ROOT, 'describe', '--always', '--dirty')).trim(), go: (await ask('go', 'env', 'GOVERSION')).trim(), node: process.version, hugo: context.hugoVersion, pagefind: context.pagefindVersion },
    abilities: can,
  };
  return context;
}

function print(report, context) {
  const { machine, versions, laws, size, rounds, date } = report;
  console.log(`\n${laws ? `${laws} laws (${size}), ` : ''}${rounds} rounds, ${date.slice(0, 10)}`);
  console.log(`${machine.cores} cores of ${machine.cpu}, ${(machine.memory / 2 ** 30).toFixed(0)} GB; ours ${versions.commit} with ${versions.go}, ${[versions.hugo, versions.pagefind].filter(Boolean).join(', ') || 'no peers'}`);
  if (machine.load > 0.5) console.log(`The machine was not quiet: load ${machine.load.toFixed(1)} at the beginning. CPU is more telling than time.`);
  for (const [name, part] of Object.entries(report.parts)) {
    if (part.fault) console.log(`\n${name}: failed\n${part.fault}`);
    else PARTS[name].print(part, context);
  }
}

/** Parts of earlier runs on the same size stay in WORK's file until they are measured anew. */
async function save(work, report) {
  const file = join(work, `speed-${report.size}.json`);
  const before = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
  const text = JSON.stringify({ ...report, parts: { ...before.parts, ...report.parts } }, null, 1) + '\n';
  await writeFile(file, text);
  await mkdir(join(E2E, 'results'), { recursive: true });
  await writeFile(join(E2E, 'results', 'bench-speed.json'), text);
  console.log(`\nall figures: ${file} and e2e/results/bench-speed.json`);
}

// Leaves by exit, so that what was started is ended even when time is up.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(130));
try {
  process.exit(await main());
} catch (e) {
  console.error(e instanceof Missing ? `bench: ${e.message}` : e);
  process.exit(2);
}
