// Reads `go test -json` on stdin: one line for each package, the output of
// what fails, and the counts “passed failed skipped” into the file named by
// the first argument. A package that fails without a failing test (it does not
// compile, a test ends the process) counts as one failure.

import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const counts = { pass: 0, fail: 0, skip: 0 };
const output = new Map(); // test or package → what it printed
const failing = new Map(); // package → number of failing tests
let bad = false;

const key = (e) => `${e.Package ?? e.ImportPath} ${e.Test ?? ''}`;

for await (const line of createInterface({ input: process.stdin })) {
  let e;
  try {
    e = JSON.parse(line);
  } catch {
    console.log(line); // downloads, and errors before any package
    continue;
  }
  const { Action, Package, Test } = e;
  if (Action === 'output' || Action === 'build-output') {
    output.set(key(e), (output.get(key(e)) ?? '') + e.Output);
    continue;
  }
  if (Action === 'build-fail') {
    console.log(output.get(key(e)) ?? '');
    bad = true;
  }
  if (!(Action in counts)) continue;
  if (Test) {
    counts[Action]++;
    if (Action === 'fail') {
      failing.set(Package, (failing.get(Package) ?? 0) + 1);
      console.log(output.get(key(e)) ?? '');
    }
    output.delete(key(e));
    continue;
  }
  if (Action === 'fail') {
    bad = true;
    if (!failing.has(Package)) {
      counts.fail++;
      console.log(output.get(key(e)) ?? '');
    }
  }
  if (Action !== 'skip') console.log(`${Action === 'pass' ? 'ok  ' : 'FAIL'} ${Package} ${e.Elapsed.toFixed(1)} s`);
}

writeFileSync(process.argv[2], `${counts.pass} ${counts.fail} ${counts.skip}\n`);
process.exit(bad || counts.fail ? 1 : 0);
