// The program of this repository: what it can do, how it is called, and what
// it says of its builds.

import { dirname, join } from 'node:path';

import { aside } from './aside.mjs';
import { ask, measured } from './process.mjs';

// A fixed day, so that two builds of one state are the same.
const FLAGS = ['--lenient', '--now', '2026-11-22'];

/** What this version can do: { serverIndex, preview }. */
export async function abilities(program) {
  return {
    serverIndex: (await ask(program, 'build', '--help')).includes('--server-index'),
    preview: (await ask(program, 'preview', '--help')).includes('--addr'),
  };
}

/** The program with one work folder: build measures, clear forgets all that was built. */
export function ours(work, program, can) {
  return {
    /** server: with the index of the server; without the flag there is no other way. */
    async build(source, out, { server = false, limit } = {}) {
      const flags = can.serverIndex ? [`--server-index=${server}`] : [];
      const run = await measured(work, program, ['build', '--json', '--source', source, '--out', out, ...FLAGS, ...flags], { limit });
      return { ...run, result: JSON.parse(run.said) };
    },
    previewArgs: (source) => ['preview', '--source', source, '--addr', '127.0.0.1:0', ...FLAGS],
    async clear(source, out) {
      await aside(work, dirname(out));
      await aside(work, join(source, '.portal'));
    },
  };
}
