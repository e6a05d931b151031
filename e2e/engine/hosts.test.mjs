// The engine on a site of more pages than its manifest lists, from hosts that
// answer a request for several ranges of a file in all the ways there are: the
// hits are the same, and no host is asked for ever. PORTAL names a program that
// is compiled already.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from '../lib/site.mjs';

const program = process.env.PORTAL ?? (await import('../lib/world.mjs')).program;

// Letters as good as random, the same each time: cards do not compress well.
const word = (i) => createHash('md5').update(`${i}`).digest('hex').replace(/\d/g, (d) => 'aeioulnrst'[d]);

const ranges = (header, size) => header.slice(6).split(',').map((r) => r.split('-')).map(([from, to]) => [+from, Math.min(+to || size - 1, size - 1)]);
const multipart = (body, list, name = 'Content-Range', more = '') => ({
  status: 206, headers: { 'Content-Type': 'multipart/byteranges; boundary=x' },
  body: Buffer.concat([...list.flatMap(([from, to]) => [
    Buffer.from(`\r\n--x\r\n${name}: bytes ${from}-${to}/${body.length}\r\n${more}\r\n`), body.subarray(from, to + 1),
  ]), Buffer.from('\r\n--x--\r\n')]),
});
const one = (body, from, to) => ({ status: 206, headers: { 'Content-Range': `bytes ${from}-${to}/${body.length}` }, body: body.subarray(from, to + 1) });
const status = (n) => () => ({ status: n, headers: {}, body: Buffer.from('<!doctype html>') });

// What a host sends of a file; nothing where it gives up.
const hosts = {
  'knows no ranges': (body) => ({ status: 200, headers: {}, body }),
  'sends all parts': (body, list) => multipart(body, list),
  'writes headers its own way': (body, list) => multipart(body, list, 'content-RANGE', 'X-Cache: hit\r\n'),
  'turns the order round': (body, list) => multipart(body, list.toReversed()),
  'sends the first part only': (body, [[from, to]]) => one(body, from, to),
  'joins all parts': (body, list) => one(body, Math.min(...list.flat()), Math.max(...list.flat())),
  'compresses': (body) => ({ status: 200, headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(body) }),
  'says it compresses, and does not': (body, list) => ({ ...multipart(body, list), headers: { 'Content-Encoding': 'gzip' } }),
  'refuses with 403': status(403),
  'refuses with 416': status(416),
  'refuses with 500': status(500),
  'sends a page as a part': status(206),
  'ends before it begins': () => null,
  'counts backwards': () => ({ status: 206, headers: {}, body: Buffer.from('\r\n--x\r\nContent-Range: bytes 500-0/900\r\n\r\nx\r\n--x--') }),
};

describe('hosts', () => {
  let dir, out, host, origin, open, answer, asked = [];

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portal-hosts-'));
    const content = join(dir, 'site', 'content', 'blatt');
    await mkdir(content, { recursive: true });
    await writeFile(join(dir, 'site', 'portal.yaml'), 'title: Viele\nbase_url: https://viele.example\nlanguages: [de]\n');
    for (let i = 0; i < 400; i++) {
      await writeFile(join(content, `b${i}.md`), `---\ntitle: Blatt ${word(i)}\n---\nVorweg.\n\n## Versorgung ${word(-i)}\n\nDie Versorgung mit ${word(i % 20)}.\n`);
    }
    out = join(dir, 'public');
    await build(program, join(dir, 'site'), out, '--lenient');
    await writeFile(join(dir, 'engine.mjs'), await readFile(join(out, 'search', 'engine.js')));
    ({ open } = await import(pathToFileURL(join(dir, 'engine.mjs'))));
    host = createServer(async (req, res) => {
      const { range } = req.headers, body = await readFile(join(out, normalize(req.url))).catch(() => null);
      asked.push(req.url + (range ? ' in parts' : ''));
      const a = !body ? { status: 404, body: '' } : range ? answer(body, ranges(range, body.length), req.url) : { status: 200, body };
      if (!a) return req.socket.destroy();
      return res.writeHead(a.status, { ...a.headers, 'Content-Length': a.body.length }).end(a.body);
    });
    await new Promise((ok) => host.listen(0, '127.0.0.1', ok));
    origin = `http://127.0.0.1:${host.address().port}/search/`;
  });
  after(async () => {
    host.closeAllConnections();
    await new Promise((ok) => host.close(ok));
    await rm(dir, { recursive: true });
  });

  const questions = ['Versorgung', `Versorgung ${word(3)}`, `"mit ${word(5)}"`, 'Blatt'];
  const shown = ({ partial, total, hits }) => ({ partial, total, hits: hits.map(({ id, title, section }) => ({ id, title, section })) });
  const askAll = async (how) => {
    answer = how;
    asked = [];
    const engine = await open(origin), one = [];
    for (const q of questions) one.push(shown(await engine.search(q, { excerpts: false })));
    const other = await open(origin);
    const together = await Promise.all(questions.map((q) => other.search(q, { excerpts: false })));
    return { one, together: together.map(shown) };
  };

  for (const [name, how] of Object.entries(hosts)) {
    test(`a host that ${name}`, async () => {
      const good = await askAll(hosts['knows no ranges']), plain = asked.length;
      assert.ok(asked.some((path) => /\/t\/.* in parts/.test(path)) && good.one[0].hits.length === 10 && good.one[1].hits[0].section);
      assert.deepEqual(await askAll(how), good);
      assert.ok(asked.length <= plain + 4 * questions.length, asked.join('\n'));
      // So does one that answers otherwise from the second request on.
      assert.deepEqual(await askAll((body, list, path) => (/outlines/.test(path) ? how : hosts['sends all parts'])(body, list)), good);
      assert.ok(asked.some((path) => /outlines.* in parts/.test(path)));
      assert.ok(asked.length <= plain + 4 * questions.length, asked.join('\n'));
    });
  }

  test('titles come in one request where all parts are sent', async () => {
    answer = hosts['sends all parts'];
    asked = [];
    const engine = await open(origin);
    for (const q of questions.filter((q) => !/"/.test(q))) await engine.search(q, { excerpts: false }); // phrases read texts
    assert.ok(!asked.some((path) => /\/d\//.test(path)), asked.join('\n'));
  });
});
