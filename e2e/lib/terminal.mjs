// Commands as one sees them in a terminal: run in a real one, answered as a
// person would, and drawn by the browser.

import { spawn } from 'node:child_process';

// What is written after a return to the line's beginning stands over what was there.
const plain = (s) => s.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\r+\n/g, '\n').replace(/[^\n]*\r(?=[^\n])/g, '').replace(/\r/g, '');
const quote = (s) => (/^[\w./:=-]+$/.test(s) ? s : `'${s.replaceAll("'", "'\\''")}'`);

/**
 * Runs a command in a terminal of its own (script, of util-linux). answers are
 * typed one after the other, each when the command waits for it: when what it
 * has said ends in „> “. rest, if given, is typed for all that it asks after them.
 */
export async function run(command, args, { cwd, answers = [], rest = null } = {}) {
  const line = [command, ...args].map(quote).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', `stty cols 200; ${line}`, '/dev/null'], { cwd, env: { ...process.env, NO_COLOR: '1', TERM: 'dumb' } });
  let said = '', seen = 0;
  const left = [...answers];
  child.stdout.on('data', (b) => {
    said += b;
    const answer = left[0] ?? rest;
    if (answer !== null && /(^|\n)> $/.test(plain(said)) && said.length > seen) {
      seen = said.length; // what is typed is echoed, and makes it longer
      left.shift();
      child.stdin.write(`${answer}\n`);
    }
  });
  const end = setTimeout(() => child.kill(), 120_000);
  await new Promise((ok) => child.on('close', ok));
  clearTimeout(end);
  if (left.length) throw new Error(`${line} did not ask for „${left[0]}“:\n${said}`);
  return plain(said).trimEnd();
}

const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** A page that shows what was typed and what was said. */
export function draw(typed, said, width) {
  const text = said.split('\n').map((l) => {
    const [, mark, rest] = /^(> )(.+)$/.exec(l) ?? [];
    return mark ? `${escape(mark)}<b>${escape(rest)}</b>` : escape(l);
  }).join('\n');
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #fff; }
    figure { margin: 0; width: ${width}px; box-sizing: border-box; border: 1px solid #c5ccd3; border-radius: 6px; overflow: hidden; }
    header { background: #eef1f4; border-bottom: 1px solid #c5ccd3; color: #444; font: 13px/28px "Liberation Sans", sans-serif; padding: 0 12px; }
    pre { margin: 0; padding: 12px 14px; font: 13.5px/1.45 "Liberation Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; color: #1a1a1a; }
    .typed { color: #0b5394; font-weight: bold; }
  </style><figure><header>Terminal – Ordner des Portals</header><pre><span class="typed">$ ${escape(typed)}</span>\n${text}</pre></figure>`;
}
