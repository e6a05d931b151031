// Servers that show edits at once: ours (portal preview) tells its pages by
// server-sent events, Hugo's by a WebSocket that speaks LiveReload. Both are
// listened to as a browser would, and asked for the page when they say so.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { served } from './process.mjs';

const EVENTS = '/.portal/events';

/** { origin, reloads(f) → stop, close }: f is called whenever the server says that pages are to be loaded anew. */
export async function openOurs(program, args) {
  return { ...(await served(program, args)), listen: serverSent };
}

export async function openHugo(program, args) {
  return { ...(await served(program, args)), listen: liveReload };
}

/** Calls f for every event “reload”; resolves when the connection stands. */
function serverSent(origin, f) {
  return new Promise((ok, no) => {
    const req = request(origin + EVENTS, { headers: { Accept: 'text/event-stream' } }, (res) => {
      if (res.statusCode !== 200) no(new Error(`${EVENTS}: ${res.statusCode}`));
      let rest = '';
      res.on('data', (b) => {
        const events = (rest + b).split('\n\n');
        rest = events.pop();
        if (events.some((e) => /^event: ?reload$/m.test(e))) f();
      });
      res.on('error', () => {});
      ok(() => req.destroy());
    });
    req.on('error', no);
    req.end();
  });
}

/** The same over LiveReload. What servers send is not masked, so its text can be looked for. */
function liveReload(origin, f) {
  return new Promise((ok, no) => {
    const req = request(`${origin}/livereload`, { headers: {
      Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    } });
    req.on('error', no);
    req.on('response', (res) => no(new Error(`livereload: ${res.statusCode}`)));
    req.on('upgrade', (_, socket, head) => {
      const look = (b) => b.includes('"reload"') && f();
      look(head);
      socket.on('data', look);
      socket.on('error', () => {});
      socket.write(frame('{"command":"hello","protocols":["http://livereload.com/protocols/official-7"]}'));
      ok(() => socket.destroy());
    });
    req.end();
  });
}

/** A text frame of a client, masked with zeros. */
function frame(text) {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

/**
 * Milliseconds from the start of `save` until the page at `path` has `word`:
 * asked for at every event; null when it does not come.
 */
export async function untilShown(live, path, word, save, limit = 60_000) {
  let told = 0, wake = () => {};
  const stop = await live.listen(live.origin, () => {
    told++;
    wake();
  });
  const start = performance.now();
  try {
    await save();
    for (let heard = 0; performance.now() - start < limit;) {
      // Asked for now and then as well, should an event be missing.
      if (told === heard) await Promise.race([new Promise((ok) => (wake = ok)), sleep(1000)]);
      heard = told;
      const page = await text(live.origin + path);
      if (page.includes(word)) return performance.now() - start;
    }
    return null;
  } finally {
    stop();
  }
}

/** Milliseconds from the start of `save` until the preview's search knows the word. */
export async function untilFound(live, word, save, limit = 60_000) {
  const { open, done } = await engine(live.origin);
  const start = performance.now();
  try {
    await save();
    while (performance.now() - start < limit) {
      const found = await open(`${live.origin}/search/`).then((e) => e.search(word, { limit: 1 }), () => ({ total: 0 }));
      if (found.total > 0) return performance.now() - start;
      await sleep(20);
    }
    return null;
  } finally {
    await done();
  }
}

/** The search as a browser loads it, here in Node. */
async function engine(origin) {
  const dir = await mkdtemp(join(tmpdir(), 'portal-engine-'));
  const file = join(dir, 'engine.mjs');
  await writeFile(file, await text(`${origin}/search/engine.js`));
  const { open } = await import(pathToFileURL(file));
  return { open, done: () => rm(dir, { recursive: true }) };
}

export async function text(url) {
  const response = await fetch(url);
  return response.ok ? response.text() : '';
}

export const sleep = (ms) => new Promise((ok) => setTimeout(ok, ms));
