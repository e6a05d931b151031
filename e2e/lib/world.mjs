// What all tests share: four built sites, their servers, one browser. It is
// made once, while this module loads; if that fails, no test runs and the
// process ends with the reason.
//
// portal: the repository's own content; unter: the same, to be served from a
// path below the root; fremd: texts as they come from elsewhere; gross: a long text
// and lists of many pages.

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { analyse } from './analyse.mjs';
import { launch, openPage } from './browser.mjs';
import { LAW, writeGross } from './gross.mjs';
import { E2E, ROOT, build, compile, readSite } from './site.mjs';
import { serve } from './server.mjs';

const dir = await mkdtemp(join(tmpdir(), 'portal-e2e-'));
const servers = { portal: await serve(), unter: await serve('/unter/pfad/'), fremd: await serve(), gross: await serve() };
let browser;
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

/** Ends what was started; without it the process goes on. */
export async function close() {
  await browser.close();
  await Promise.all(Object.values(servers).map((s) => s.close()));
}
if (process.env.NODE_TEST_CONTEXT) after(close); // one file by itself: node --test tests/x.test.mjs

async function make(name, source, ...flags) {
  const out = join(dir, name, 'public');
  const result = await build(program, source, out, ...flags);
  servers[name].dir = out;
  return Object.assign(servers[name], await readSite(out), { result });
}

export const program = await compile(dir);
export const portal = await make('portal', ROOT);
export const unter = await make('unter', ROOT, '--base-url', servers.unter.url());
export const fremd = await make('fremd', join(E2E, 'fixtures', 'fremd'), '--lenient');
export const gross = await make('gross', await writeGross(join(dir, 'gross-site')));

browser = await launch();
for (const site of [portal, unter, fremd, gross]) await analyse(browser, site);
export { browser };

/** Opens a page on one of the sites. */
export const open = (site, options) => openPage(browser, site.origin, options);

/**
 * One page of each kind, the longest: „page-entry type-product“ is a kind. New
 * templates and types are found by themselves.
 */
export function kinds(site, lang) {
  const best = new Map();
  for (const p of site.pages) {
    if (p.redirect || p.lang !== lang) continue;
    if (!best.has(p.kind) || best.get(p.kind).html.length < p.html.length) best.set(p.kind, p);
  }
  return [...best.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** The pages that stand for all others: name, site, path. */
export const samples = [
  ...kinds(portal, 'de').map((p) => ({ name: p.kind, site: portal, ...p })),
  ...kinds(portal, 'en').filter((p) => /page-(home|list|search)$|type-product/.test(p.kind)).map((p) => ({ name: `${p.kind} (en)`, site: portal, ...p })),
  ...fremd.pages.filter((p) => /^\/(texte\/|knapp)/.test(p.path)).map((p) => ({ name: `fremd ${p.path}`, site: fremd, ...p })),
  ...['/organisationen/amt/', '/organisationen/amt/beziehung-manufactures/', '/glossar/buchstabe-b/', '/inhalt/', '/inhalt/archiv/seite-2/', LAW.path]
    .map((path) => ({ name: `gross ${path}`, site: gross, ...gross.byPath.get(path) })),
];

/** Fails with all findings, one a line, each with the page it is on. */
export function none(findings, what) {
  if (findings.length === 0) return;
  const shown = findings.slice(0, 40).map((f) => '  ' + f).join('\n');
  const more = findings.length > 40 ? `\n  … and ${findings.length - 40} more` : '';
  const error = new Error(`${findings.length} × ${what}\n${shown}${more}`);
  error.stack = error.message; // where this function stands is of no use
  throw error;
}
