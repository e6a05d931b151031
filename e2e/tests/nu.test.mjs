// The Nu Html Checker on everything there is: all pages of all sites, styles,
// pictures. One JVM, started at once, works while the browser does.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { fremd, gross, none, portal, samples } from '../lib/world.mjs';

const JAR = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

function check(dir, files) {
  return promisify(execFile)('java', ['-Xmx512m', '-jar', JAR, '--format', 'json', '--stdout', '--exit-zero-always',
    '--also-check-css', '--also-check-svg', ...files], { cwd: dir, maxBuffer: 1 << 28 })
    .then(({ stdout }) => JSON.parse(stdout).messages);
}

// Of the large site, only what stands for the rest.
const checked = (site) => site.files.filter((f) => /\.(html|css|svg)$/.test(f)).filter((f) => site !== gross || samples.some((s) => s.site === gross && s.file === f));
const started = new Map([portal, fremd, gross].map((site) => [site, check(site.dir, checked(site))]));
for (const run of started.values()) run.catch(() => {}); // reported by its test

for (const [name, site] of Object.entries({ portal, fremd, gross })) {
  test(`Nu Html Checker: ${name}, ${checked(site).length} files without error or warning`, async () => {
    const messages = await started.get(site);
    // One message with all the places it is made at: a fault of a template is one line.
    const places = new Map();
    for (const m of messages) {
      const text = `${m.subType ?? m.type}: ${m.message}`;
      const place = `${decodeURIComponent(m.url ?? '').replace(/^file:/, '').replace(site.dir, '')}:${m.lastLine ?? '?'}  ${(m.extract ?? '').replace(/\s+/g, ' ').slice(0, 140)}`;
      places.set(text, [...(places.get(text) ?? []), place]);
    }
    none([...places].map(([text, at]) => `${text}\n      ${at.slice(0, 3).join('\n      ')}${at.length > 3 ? `\n      … ${at.length} places` : ''}`), 'fault of the markup');
  });
}
