// The forms of a preview, as an editor opens and fills them in.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import { openPage } from './browser.mjs';
import { choose, fill } from './folder.mjs';

/** Starts portal preview on a site: { origin, forms, close }. */
export function startPreview(program, site) {
  const child = spawn(program, ['preview', '--source', site, '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((ok) => child.on('close', ok));
  return new Promise((ok, no) => {
    let said = '';
    for (const s of [child.stdout, child.stderr]) {
      s.on('data', (b) => {
        said += b;
        const forms = /Formulare: (http:\/\/\S+)(\/admin\/)/.exec(said);
        if (forms) ok({ origin: forms[1], forms: forms[1] + forms[2], close: () => { child.kill('SIGINT'); return ended; } });
      });
    }
    ended.then((code) => no(new Error(`portal preview ended with ${code}: ${said}`)));
  });
}

const collection = (folder) => (folder ? `content-${folder}` : 'content');

/** Opens the forms on a folder with these files. */
export async function openForms(browser, preview, files, options = { viewport: { width: 1280, height: 900 } }) {
  const page = await openPage(browser, preview.origin, options);
  page.setDefaultTimeout(60_000);
  await choose(page);
  await page.addInitScript(() => localStorage.setItem('sveltia-cms.prefs', JSON.stringify({ locale: 'de', closeOnSave: false })));
  await page.goto(preview.forms);
  await fill(page, files);
  await page.getByRole('button', { name: 'Ordner der Site öffnen' }).click();
  await page.getByRole('button', { name: 'Neu' }).first().waitFor();
  return page;
}

/** Opens the form of a file: the last part of the path without its ending is the slug. */
export async function openEntry(page, folder, slug) {
  await page.evaluate((hash) => { location.hash = hash; }, `#/collections/${collection(folder)}/entries/${slug}`);
}

export const input = (page, field) => page.locator(`section[data-key-path="${field}"]`).first().getByRole('textbox');

export const saveButton = (page) => page.getByRole('button', { name: 'Speichern', exact: true });

/** Waits until a value is as wanted, and fails with what it is instead. */
export async function until(look, wanted, limit = 60_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    if (Date.now() > end) assert.fail(`still ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((ok) => setTimeout(ok, 50));
  }
}
