// Runs programs and knows what they took. GNU time measures, since Node does
// not tell what its children used; the memory is that of the largest process.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const TIME = '/usr/bin/time'; // .ci/measure.sh asks for it
const running = new Set();

// What was started ends with this process, and its children with it.
process.on('exit', () => {
  for (const child of running) end(child, 'SIGKILL');
});

function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch { /* it has ended */ }
}

function start(program, args, options) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.said = '';
  child.wrong = '';
  child.stdout.on('data', (b) => (child.said += b));
  child.stderr.on('data', (b) => (child.wrong = (child.wrong + b).slice(-100_000)));
  child.ended = new Promise((ok, no) => {
    child.once('error', no);
    child.once('close', (code, signal) => ok(signal ?? code));
  });
  child.ended.catch(() => {});
  return child;
}

/**
 * Runs a program to its end: { seconds, cpu, peak, said }, the time on the
 * clock, user and system time together, bytes, and what it wrote.
 */
export async function measured(work, program, args, options = {}) {
  const file = join(work, 'time.txt');
  const from = performance.now();
  const child = start(TIME, ['-o', file, '-f', '%U %S %M', program, ...args], options);
  const limit = setTimeout(() => end(child, 'SIGKILL'), (options.limit ?? 1200) * 1000);
  const code = await child.ended;
  clearTimeout(limit);
  const seconds = (performance.now() - from) / 1000;
  if (code !== 0) {
    const why = code === 'SIGKILL' ? `stopped after ${Math.round(seconds)} s` : `ended with ${code}`;
    throw new Error(`${program.split('/').at(-1)} ${args[0]}: ${why}\n${child.wrong.split('\n').slice(-12).join('\n')}`);
  }
  const [user, system, kilobytes] = (await readFile(file, 'utf8')).trim().split('\n').at(-1).split(' ').map(Number);
  return { seconds, cpu: user + system, peak: kilobytes * 1024, said: child.said };
}

/** What a program writes when it is asked something, '' when it cannot answer. */
export async function ask(program, ...args) {
  try {
    const child = start(program, args);
    await child.ended;
    return child.said + child.wrong;
  } catch {
    return '';
  }
}

/**
 * Starts a server and waits until it says where it listens:
 * { origin, close }.
 */
export async function served(program, args, options = {}) {
  const child = start(program, args, options);
  const origin = await new Promise((ok, no) => {
    const limit = setTimeout(() => no(new Error(`${program}: no address after ${options.limit ?? 300} s`)), (options.limit ?? 300) * 1000);
    const look = () => {
      const m = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(child.said + child.wrong);
      if (m) ok(m[0].replace('localhost', '127.0.0.1'));
      if (m) clearTimeout(limit);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.ended.then((code) => no(new Error(`${program} ended with ${code}: ${child.wrong}`)), no);
  });
  return {
    origin,
    async close() {
      end(child, 'SIGTERM');
      const limit = setTimeout(() => end(child, 'SIGKILL'), 5000);
      await child.ended;
      clearTimeout(limit);
    },
  };
}
