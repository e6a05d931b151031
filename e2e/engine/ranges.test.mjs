// Title and section of all hits in one request, on hosts that answer one for
// several ranges of a file, and the same hits on all others. The site has so
// many pages that their titles are not in the manifest.

import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { partial } from '../lib/ranges.mjs';
import { build, compile } from '../lib/site.mjs';

const PAGES = 900;
const QUESTIONS = ['Deich', 'Pumpe Damm', 'Notstrom', 'Abschnitt 3', 'Brunnen', 'Zeltplatz Lager'];

const stems = 'Deich Pumpe Damm Notstrom Brunnen Zelt Lager Brücke Fähre Lazarett Melder Sirene Funk Karte Tank Boot Trage Küche'.split(' ');
const word = (i) => stems[(i * 7 + (i >> 3)) % stems.length] + stems[(i * 5 + 3) % stems.length].toLowerCase();

/** A site of many pages, each with several sections. */
async function writeSite(dir) {
  await mkdir(join(dir, 'content', 'seiten'), { recursive: true });
  await writeFile(join(dir, 'portal.yaml'), 'title: Viele\nbase_url: https://viele.example\nlanguages: [de]\n');
  for (let i = 0; i < PAGES; i++) {
    const sections = Array.from({ length: 4 }, (_, k) => `## Abschnitt ${k + 1}: ${word(i + 11 * k)}\n\n${`Der ${stems[(i + k) % stems.length]} am ${word(i * 3 + k)} wird geprüft. `.repeat(12)}\n`);
    await writeFile(join(dir, 'content', 'seiten', `s${i}.md`), `---\ntitle: ${word(i)} und ${word(i * 13 + 1)}, Blatt ${i}\n---\n${sections.join('\n')}`);
  }
  return dir;
}

describe('ranges', () => {
  let dir, out, origin, open, asked = [], respond;
  const host = createServer(async (req, res) => {
    const path = new URL(req.url, 'http://host').pathname;
    asked.push(path);
    const body = await readFile(join(out, path)).catch(() => null);
    const file = { body, headers: { 'Content-Type': 'application/octet-stream' } };
    const answer = body ? respond(file, req.headers.range) ?? { status: 200, ...file } : { status: 404, headers: {}, body: '' };
    res.writeHead(answer.status, answer.headers).end(answer.body);
  });

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portal-ranges-'));
    out = join(dir, 'site', 'public');
    await build(await compile(dir), await writeSite(join(dir, 'site')), out);
    await copyFile(join(out, 'search', 'engine.js'), join(dir, 'engine.mjs'));
    ({ open } = await import(pathToFileURL(join(dir, 'engine.mjs'))));
    await new Promise((ok) => host.listen(0, '127.0.0.1', ok));
    origin = `http://127.0.0.1:${host.address().port}`;
  });
  after(async () => {
    host.closeAllConnections();
    await new Promise((ok) => host.close(ok));
    await rm(dir, { recursive: true });
  });

  /** What the questions are answered with, and what each was asked for. */
  async function answers(how, options = { excerpts: false }) {
    respond = how;
    const engine = await open(`${origin}/search/`);
    const all = [];
    for (const q of QUESTIONS) {
      asked = [];
      const r = await engine.search(q, options);
      all.push({ q, partial: r.partial, total: r.total, hits: r.hits.map((h) => [h.id, h.url, h.title, h.section?.title, h.section?.url]), asked });
    }
    return all;
  }
  const hitsOf = (all) => all.map(({ q, partial, total, hits }) => ({ q, partial, total, hits }));
  const count = (asked, what) => asked.filter((path) => what.test(path)).length;

  test('come for all hits in one request', async () => {
    const whole = await answers((file, range) => partial(file, range, 'none'), {});
    assert.ok(whole.every(({ hits, partial }) => hits.length === 10 && !partial));
    assert.ok(whole.flatMap(({ hits }) => hits).filter((h) => h[4]).length > 20, 'hits in sections');
    const all = await answers((file, range) => partial(file, range, 'several'));
    assert.deepEqual(hitsOf(all), hitsOf(whole));
    for (const { q, asked } of all) {
      assert.equal(count(asked, /\/d\//), 0, `${q}: ${asked}`);
      assert.ok(count(asked, /outlines/) <= 1, `${q}: ${asked}`);
    }
    assert.ok(count(all[0].asked, /outlines/) === 1);
  });

  test('excerpts come from fragments afterwards', async () => {
    respond = (file, range) => partial(file, range, 'several');
    const engine = await open(`${origin}/search/`);
    const { hits } = await engine.search('Deich', { excerpts: false });
    assert.ok(hits.every((h) => h.title && !h.excerpt));
    const sections = hits.map((h) => h.section?.url);
    asked = [];
    await engine.fill(hits);
    assert.equal(asked.length, 10);
    assert.ok(hits.every((h) => /<mark>/.test(h.excerpt)));
    assert.deepEqual(hits.map((h) => h.section?.url), sections);
  });

  const refuse = (status) => (file, range) => (range ? { status, headers: {}, body: '' } : null);
  const hosts = {
    'one range at a time': (file, range) => partial(file, range, 'one'),
    'no ranges': (file, range) => partial(file, range, 'none'),
    'the first of several ranges only': (file, range) => partial(file, range?.split(',')[0], 'one'),
    'an error for ranges': refuse(403),
    'several ranges, but not of outlines': (file, range) => partial(file, range, range?.startsWith('bytes=0-0,') ? 'several' : 'none'),
    'ranges in reverse': (file, range) => partial(file, range && `bytes=${range.slice(6).split(',').reverse()}`, 'several'),
    'nothing behind the head of each part': (file, range) => {
      const answer = partial(file, range, 'several');
      return answer && range.startsWith('bytes=0-0,') ? answer : answer && { ...answer, body: answer.body.subarray(0, 150) };
    },
  };
  for (const [name, how] of Object.entries(hosts)) {
    test(`a host that gives ${name}`, async () => {
      const whole = await answers(() => null, {});
      const all = await answers(how);
      assert.deepEqual(hitsOf(all), hitsOf(whole));
      assert.ok(count(all.flatMap((a) => a.asked), /outlines/) <= (name.includes('reverse') ? QUESTIONS.length : 1));
    });
  }

  test('a release that is gone is noticed', async () => {
    respond = (file, range) => partial(file, range, 'several');
    const engine = await open(`${origin}/search/`);
    await engine.search('Deich', { excerpts: false });
    const release = asked.find((path) => /outlines/.test(path)).split('/')[2];
    respond = (file, range) => (asked.at(-1).includes(release) && /outlines|\/d\//.test(asked.at(-1)) ? { status: 404, headers: {}, body: '' } : partial(file, range, 'several'));
    const r = await engine.search('Lazarett', { excerpts: false });
    assert.equal(r.partial, true); // the manifest names the same release still
    assert.ok(r.total > 0);
  });
});
