// The search engine as others embed it: in Node, over HTTP, with files that
// are missing, damaged or slow. It needs a built site: the tests' own, or the
// output folder that PORTAL_OUT names.

import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const out = process.env.PORTAL_OUT ?? (await import('../lib/world.mjs')).portal.dir;

// A host that counts what it is asked for, and answers as fault says.
let origin, open, dir, fault = () => undefined, asked = [];
const host = createServer(async (req, res) => {
  const path = decodeURIComponent(new URL(req.url, 'http://host').pathname);
  asked.push(path);
  const body = await readFile(join(out, normalize(path))).catch(() => null);
  const answer = await fault(path, body);
  res.statusCode = answer?.status ?? (body ? 200 : 404);
  res.end(answer?.body ?? body ?? '<!doctype html><title>404</title>');
});

before(async () => {
  await new Promise((ok) => host.listen(0, '127.0.0.1', ok));
  origin = `http://127.0.0.1:${host.address().port}`;
  dir = await mkdtemp(join(tmpdir(), 'portal-engine-'));
  await copyFile(join(out, 'search', 'engine.js'), join(dir, 'engine.mjs'));
  ({ open } = await import(pathToFileURL(join(dir, 'engine.mjs'))));
});
beforeEach(() => {
  fault = () => undefined;
  asked = [];
});
after(async () => {
  host.closeAllConnections();
  await new Promise((ok) => host.close(ok));
  await rm(dir, { recursive: true });
});

const start = () => open(`${origin}/search/`);
const ids = (r) => r.hits.map((h) => h.id);
const isShard = (path) => !/manifest/.test(path);

// Questions that need every kind of file: words, compounds, beginnings,
// neighbours, typos, phrases.
const questions = ['Krankenhaus', 'Krankenhäuser finanzieren', 'Katastrophenhilfsdienstplan', 'Vers', 'Dual Use', 'katastrofenschutz', '"mobile Versorgung"', 'titel:Dual -Bund', '§ 21'];

const nonsense = [
  '', ' ', '\u0000', '\ud800', 'a\udfff b', '"', '„offen', '-', '--', '-"', 'titel:', 'titel: x', ':', '"" ""', '" "', '§', '§§§ 1',
  'und oder der', '*', 'a*', '%00', '<b>', '&amp;', '\u202e\u200b', '👩‍🚒'.repeat(300), 'x'.repeat(1 << 20), 'ä '.repeat(1 << 19),
  'ä'.repeat(200) + '\u0308', '1/1/1/1', '1.000.000,5', 'z. B. ', 'ue', 'ßßß', '١٢٣', 'дом', '日本', '-'.repeat(999), '"'.repeat(999), null, undefined, 42,
];

describe('engine', () => {
  test('answers with hits, sections, excerpts and facets', async () => {
    const engine = await start();
    const r = await engine.search('Krankenhaus');
    assert.ok(r.total > 3 && r.hits.length > 3 && r.took >= 0);
    assert.equal(r.partial, false);
    assert.equal(r.query, 'Krankenhaus');
    for (const h of r.hits) {
      assert.ok(h.id && h.url.startsWith('/') && h.title && h.type && h.typeLabel && h.score > 0, JSON.stringify(h));
      assert.match(h.excerpt, /\p{L}/u);
      assert.doesNotMatch(h.excerpt.replace(/<\/?mark>/g, ''), /[<>"']/);
      assert.match(h.date, /^(\d{4}-\d\d-\d\d)?$/);
      if (h.section) assert.ok(h.section.url.startsWith(`${h.url}#`) && h.section.title);
      for (const word of h.words) assert.ok(h.excerpt.includes(`<mark>${word}</mark>`), word);
    }
    assert.ok(r.hits.some((h) => h.section) && r.hits.some((h) => h.words.length));
    assert.ok(r.facets.type.length > 1 && r.facets.type[0].label);
  });

  test('asks for no file twice, and for few', async () => {
    const engine = await start();
    for (const q of [...questions, ...questions]) await engine.search(q);
    assert.equal(new Set(asked).size, asked.length);
    asked = [];
    await (await start()).search('Krankenhaus', { excerpts: false });
    assert.ok(asked.length <= 6, asked.join('\n'));
  });

  test('takes any input', async () => {
    const engine = await start();
    for (const q of nonsense) {
      const begin = performance.now();
      const r = await engine.search(q);
      assert.ok(Array.isArray(r.hits) && r.partial === false, JSON.stringify(`${q}`.slice(0, 50)));
      await engine.suggest(q);
      assert.ok(performance.now() - begin < 5000, `slow: ${`${q}`.slice(0, 50)}`);
    }
    for (const o of [{ limit: 0 }, { limit: -1, offset: -5 }, { limit: NaN, offset: 1e9 }, { limit: 1e9 }, { limit: 1.5 }, { filters: { type: null } }]) {
      assert.ok((await engine.search('Krankenhaus', o)).total > 3, JSON.stringify(o));
    }
  });

  test('filters: OR within a field, AND between, nothing for a value that does not exist', async () => {
    const engine = await start();
    const all = await engine.search('Krankenhaus', { limit: 1000, excerpts: false });
    const [a, b] = all.facets.type;
    const some = await engine.search('Krankenhaus', { limit: 1000, excerpts: false, filters: { type: [a.value, b.value] } });
    assert.deepEqual(ids(some), all.hits.filter((h) => [a.value, b.value].includes(h.type)).map((h) => h.id));
    assert.equal(some.total, a.count + b.count);
    assert.deepEqual(some.facets.type.find((v) => v.value == a.value), a);
    for (const { value, count } of all.facets.lang) {
      const both = await engine.search('Krankenhaus', { filters: { type: [a.value], lang: [value] } });
      const lang = await engine.search('Krankenhaus', { filters: { lang: [value] } });
      assert.equal(lang.total, count);
      assert.equal(both.total, lang.facets.type.find((v) => v.value == a.value)?.count ?? 0);
      assert.equal(both.facets.lang.find((v) => v.value == value).count, both.total);
    }
    assert.equal((await engine.search('Krankenhaus', { filters: { type: [] } })).total, all.total);
    assert.equal((await engine.search('Krankenhaus', { filters: { type: ['none'] } })).total, 0);
    // As on the server, a field that no page has is none to filter by.
    assert.equal((await engine.search('Krankenhaus', { filters: { none: [a.value] } })).total, all.total);
    assert.equal((await engine.search('Krankenhaus', { filters: { constructor: ['x'], ['__proto__']: ['x'] } })).total, all.total);
  });

  test('pages and dates', async () => {
    const engine = await start();
    const all = await engine.search('Versorgung', { limit: 30 });
    const second = await engine.search('Versorgung', { limit: 10, offset: 10, facets: false });
    assert.deepEqual(ids(second), ids(all).slice(10, 20));
    assert.deepEqual(second.facets, {});
    assert.equal(second.total, all.total);
    const dated = await engine.search('Versorgung', { limit: 1000, sort: 'date', excerpts: false });
    assert.equal(dated.total, all.total);
    const dates = dated.hits.map((h) => h.date);
    assert.deepEqual(dates, dates.toSorted().reverse());
    assert.deepEqual((await engine.search('Versorgung', { offset: 9999 })).hits, []);
  });

  test('fills hits later, the same way', async () => {
    const [first, later] = [await start(), await start()];
    const full = await first.search('Krankenhäuser finanzieren');
    const bare = await later.search('Krankenhäuser finanzieren', { excerpts: false });
    assert.deepEqual(ids(bare), ids(full));
    await later.fill(bare.hits.slice(0, 3));
    await later.fill(bare.hits);
    await later.fill([{ id: 'not mine' }]);
    assert.deepEqual(bare.hits, full.hits);
  });

  test('suggests words and pages', async () => {
    const engine = await start();
    const { words, pages } = await engine.suggest('krankenh', { lang: 'de', limit: 4 });
    assert.ok(words.length && words.every((w) => /^Krankenh/.test(w)), words.join());
    assert.ok(words.length <= 4 && pages.length <= 4 && pages.every((p) => p.title && p.id.startsWith('de:')));
    assert.deepEqual(await engine.suggest(''), { words: [], pages: [] });
    assert.deepEqual((await engine.suggest('Krankenhaus ')).words, []);
  });

  test('corrects what the site does not know', async () => {
    const r = await (await start()).search('Dual katastrofenschutz jetzt');
    assert.equal(r.suggestion, 'Dual Katastrophenschutz jetzt');
  });

  const faults = {
    missing: () => ({ status: 404, body: 'gone' }),
    'a page instead': () => ({ body: '<!doctype html><html><title>Nicht gefunden</title></html>' }),
    empty: () => ({ body: Buffer.alloc(0) }),
    'cut off': (_, body) => ({ body: body.subarray(0, body.length / 2) }),
    garbage: (path, body) => ({ body: Buffer.from(body.map((b, i) => (b * 31 + i * path.length * 7) & 255)) }),
    'of another place': async () => ({ body: await readFile(join(out, 'search', 'manifest.bin')) }),
    'no answer': (path, body) => new Promise((ok) => setTimeout(ok, 20, { status: 500, body })),
  };
  for (const [name, broken] of Object.entries(faults)) {
    test(`a shard that is ${name} makes the answer partial`, async () => {
      const engine = await start();
      const good = await Promise.all(questions.map((q) => engine.search(q)));
      for (const kind of name == 'missing' ? [/\/t\//, /\/s\//, /\/d\//, /facets/, /./] : [/./]) {
        const engine = await start();
        let hit = false;
        fault = (path, body) => {
          if (!isShard(path) || !kind.test(path)) return undefined;
          hit = true;
          return broken(path, body ?? Buffer.alloc(0));
        };
        let partial = false;
        for (const q of questions) {
          const r = await engine.search(q, { filters: { lang: ['de'] } });
          partial ||= r.partial;
          await engine.fill(r.hits);
        }
        assert.equal(partial, hit, `${kind}`);
        fault = () => undefined; // and it is asked for again when it is well
        for (const [i, q] of questions.entries()) {
          const r = await engine.search(q);
          assert.deepEqual([r.partial, ids(r), r.total], [false, ids(good[i]), good[i].total], q);
        }
      }
    });
  }

  test('flipped bits are survived', async () => {
    let seed = 1;
    fault = (path, body) => {
      if (!isShard(path) || !body?.length) return undefined;
      const b = Buffer.from(body);
      for (let i = 0; i < 3; i++) b[(seed = (seed * 48271) % 0x7fffffff) % b.length] ^= 1 << seed % 8;
      return { body: b };
    };
    for (let i = 0; i < 12; i++) {
      const engine = await start();
      for (const q of questions) {
        const r = await engine.search(q);
        assert.ok(Array.isArray(r.hits) && r.hits.every((h) => typeof h.title == 'string' && Number.isFinite(h.score)), q);
        await engine.suggest(q);
      }
    }
  });

  test('a manifest that cannot be read is an error that says so', async () => {
    fault = () => ({ body: '<!doctype html><title>x</title>' });
    await assert.rejects(start());
    fault = () => ({ status: 404, body: '' });
    await assert.rejects(start());
    fault = () => ({ body: '{"format":99,"release":"x"}\nabc' });
    await assert.rejects(start(), /format 99/);
    fault = () => ({ body: '{"format":1,"release":"x"}\nabc' });
    await assert.rejects(start());
    await assert.rejects(open('http://127.0.0.1:9/search/'));
  });

  test('gives up at once when told to, and goes on afterwards', async () => {
    const engine = await start();
    const isAbort = (e) => e.name == 'AbortError';
    await assert.rejects(engine.search('Krankenhaus', { signal: AbortSignal.abort() }), isAbort);
    await assert.rejects(open(`${origin}/search/`, { signal: AbortSignal.abort() }), isAbort);
    for (const kind of [/\/t\//, /\/s\//, /\/d\//]) {
      const engine = await start();
      const stop = new AbortController();
      let release;
      const slow = new Promise((ok) => (release = ok));
      fault = async (path, body) => {
        if (!kind.test(path)) return undefined;
        stop.abort();
        await slow;
        return { body };
      };
      const begin = performance.now();
      await assert.rejects(engine.search('katastrofenschutz', { signal: stop.signal }), isAbort, `${kind}`);
      assert.ok(performance.now() - begin < 2000);
      release();
      fault = () => undefined;
      const r = await engine.search('katastrofenschutz');
      assert.ok(r.total > 3 && !r.partial);
      await assert.rejects(engine.suggest('kata', { signal: stop.signal }), isAbort);
      await assert.rejects(engine.fill(r.hits, { signal: stop.signal }), isAbort);
    }
  });

  test('many questions at a time do not disturb each other', async () => {
    const one = await start(), many = await start();
    const apart = [];
    for (const q of questions) apart.push(ids(await one.search(q)));
    const together = await Promise.all(questions.map((q) => many.search(q)));
    assert.deepEqual(together.map(ids), apart);
  });

  test('finds its folder with or without a slash', async () => {
    for (const base of [`${origin}/search`, new URL(`${origin}/search/`), `${origin}/search/?x=1#y`]) {
      assert.ok((await (await open(base)).search('Krankenhaus')).total);
    }
  });
});
