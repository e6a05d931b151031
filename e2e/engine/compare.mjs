// Asks the engine of the browser and the one of the server the same questions
// and tells where the first ten differ:
//
//	node engine/compare.mjs PORTAL OUT [COUNT] [FILE]
//
// PORTAL is the program, OUT an output folder with its index, FILE a list of
// questions, one a line; without it they are made of the site's own texts, in
// every way that questions are written: words, titles, parts, neighbours,
// typos, beginnings, phrases, exclusions, title words, and nonsense.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

import { openModule, openServer } from '../bench/lib/engines.mjs';

const [program, out, count = '300', file] = process.argv.slice(2);

// A generator of random numbers that gives the same ones each time.
let seed = 20250101;
const random = () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];

async function texts() {
  const head = JSON.parse((await readFile(join(out, 'search', 'manifest.bin'), 'utf8')).split('\n')[0]);
  const dir = join(out, 'search', head.release, 'd');
  const files = (await readdir(dir, { recursive: true })).filter((f) => f.endsWith('.bin')).sort();
  const all = [];
  for (let i = 0; i < Math.min(files.length, 800); i++) {
    const [[title], , ...passages] = inflateRawSync(await readFile(join(dir, one(files)))).toString().split('\n').map((line) => line.split('\t'));
    all.push({ title, passages });
  }
  return all;
}

function typo(word) {
  const i = below(word.length), letter = one([...'enisratdhulcgmobwfkz']);
  switch (below(4)) {
    case 0: return word.slice(0, i) + word.slice(i + 1);
    case 1: return word.slice(0, i) + letter + word.slice(i);
    case 2: return word.slice(0, i) + letter + word.slice(i + 1);
    default: return word.slice(0, i) + (word[i + 1] ?? '') + word[i] + word.slice(i + 2);
  }
}

async function questions() {
  if (file) return (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const all = await texts();
  const passage = () => {
    for (;;) {
      const words = (one(one(all).passages)[0] || '').split(/\s+/).filter(Boolean);
      if (words.length > 5) return words;
    }
  };
  const stretch = (n) => {
    const words = passage(), at = below(Math.max(1, words.length - n));
    return words.slice(at, at + n);
  };
  const word = () => {
    for (;;) {
      const w = one(passage()).replace(/[^\p{L}\p{Nd}-]/gu, '');
      if (w.length > 3) return w;
    }
  };
  const kinds = [
    word, word, () => word().toLowerCase(), () => word() + ' ',
    () => one(all).title, () => one(all).title.split(' ')[0],
    () => one(all).passages.map((p) => p[1]).filter(Boolean)[0] ?? word(),
    () => `${word()} ${word()}`, () => `${word()} ${word()} ${word()}`,
    () => stretch(2).join(' '), () => stretch(4).join(' '), () => stretch(12).join(' '),
    () => typo(word()), () => typo(typo(word())), () => `${typo(word())} ${word()}`,
    () => word().slice(0, 2 + below(6)), () => `${word()} ${word().slice(0, 2 + below(4))}`,
    () => word() + word().toLowerCase(), () => `${word()}-${word()}`,
    () => word().slice(0, -1), () => word() + one(['s', 'en', 'er', 'ung', 'ern', 'n']),
    () => word().replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue').replace(/ß/g, 'ss'),
    () => word().replace(/[äöü]/g, (c) => 'aou'['äöü'.indexOf(c)]),
    () => `"${stretch(2).join(' ')}"`, () => `„${stretch(3).join(' ')}“`, () => `${word()} "${stretch(2).join(' ')}"`,
    () => `${word()} -${word()}`, () => `titel:${word()}`, () => `titel:${one(all).title.split(' ')[0]} ${word()}`,
    () => `§ ${1 + below(99)} ${word()}`, () => `${1 + below(2100)}/${1 + below(999)}`, () => `${one(['II', 'IV', 'XI', '3', '12'])} ${word()}`,
    () => one(['ä', '§', '"', '-', 'titel:', '„x', '-- -', 'ue', 'x y z', '\u0000', '١٢٣', 'дом', '日本', 'a'.repeat(390), '()', 'und oder']),
  ];
  return Array.from({ length: Number(count) }, (_, i) => kinds[i % kinds.length]());
}

const server = await openServer(program, out);
const engine = await openModule(out);
const totals = { questions: 0, different: 0, suggestions: 0, totals: 0, partial: 0, bytes: [], requests: [], ms: [] };
for (const q of await questions()) {
  const a = await server.answer(q), b = await engine.answer(q);
  totals.questions++;
  totals.bytes.push(b.bytes);
  totals.requests.push(b.requests);
  totals.ms.push(b.ms);
  const say = (what, x, y) => console.log(`${what}: ${JSON.stringify(q)}\n  server  ${x}\n  browser ${y}`);
  if (a.ids.join() != b.ids.join()) {
    totals.different++;
    const at = a.ids.findIndex((id, i) => id != b.ids[i]);
    say(`differ from ${(at < 0 ? a.ids.length : at) + 1}`, a.ids.slice(Math.max(at, 0)).join(' '), b.ids.slice(Math.max(at, 0)).join(' '));
  }
  if (a.suggestion != b.suggestion && ++totals.suggestions) say('suggestion', a.suggestion, b.suggestion);
  if (a.total != b.total && ++totals.totals) say('total', a.total, b.total);
  if (b.partial && ++totals.partial) say('partial', '', '');
}
const at = (list, share) => list.sort((x, y) => x - y)[Math.floor((list.length - 1) * share)];
for (const key of ['bytes', 'requests', 'ms']) {
  totals[key] = `median ${at(totals[key], 0.5)}, p90 ${at(totals[key], 0.9)}, most ${at(totals[key], 1)}`;
}
console.log(totals);
await engine.close();
await server.close();
