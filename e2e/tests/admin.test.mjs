// The forms in the browser, as an editor has them: the folder is chosen, an
// entry opened, a field changed and saved. What was not changed is the same
// afterwards, to the byte, and portal check has nothing to say about it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import * as yaml from 'yaml';

import { openPage } from '../lib/browser.mjs';
import { filesOf, text } from '../lib/folder.mjs';
import { input, openEntry, openForms, saveButton, startPreview, until } from '../lib/forms.mjs';
import { ROOT } from '../lib/site.mjs';
import { browser, program } from '../lib/world.mjs';
import { codec } from '../../generator/admin/page/format.js';

const run = promisify(execFile);

let dir, site, preview, config, examples;

/** All examples of types, as files of a site: [{path, id, title, text}]. */
async function exampleFiles() {
  const types = join(ROOT, 'templates/types');
  const out = [];
  for (const type of (await readdir(types, { withFileTypes: true })).filter((d) => d.isDirectory())) {
    const definition = yaml.parse(await readFile(join(types, type.name, 'type.yaml'), 'utf8'));
    const source = await readFile(join(types, type.name, 'example.md'), 'utf8');
    const { id, title } = yaml.parse(source.split('---\n')[1]);
    out.push({ id, title, folder: definition.folder ?? '', path: join('content', definition.folder ?? '', `${id}.md`), text: source });
  }
  assert.ok(out.length >= 10, 'examples are missing');
  return out;
}

/** The input of a field. The form makes those that come into view. */
async function reveal(page, key) {
  const field = page.locator(`section[data-key-path="${key}"]`).first();
  await page.mouse.move(300, 500);
  await page.mouse.wheel(0, -100_000);
  await until(async () => {
    if (await field.count()) return true;
    await page.mouse.wheel(0, 600);
    return false;
  }, Boolean);
  await field.evaluate((e) => e.scrollIntoView({ block: 'start' }));
  return field;
}

/** Chooses an option. A list that opens while the form still moves is closed by it. */
async function pick(page, key, name, typed = '') {
  await until(async () => {
    await (await reveal(page, key)).getByRole('combobox').click();
    await page.keyboard.type(typed);
    return page.getByRole('option', { name }).click({ timeout: 5000 }).then(() => true, () => false);
  }, Boolean);
}

/** Serves a folder as it is, without a policy of the server's. */
async function plain(folder) {
  const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.woff2': 'font/woff2' };
  const server = createServer(async (req, res) => {
    const name = new URL(req.url, 'http://x').pathname.replace(/\/$/, '/index.html');
    const body = await readFile(join(folder, name)).catch(() => null);
    res.writeHead(body ? 200 : 404, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream' });
    res.end(body);
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); return new Promise((ok) => server.close(ok)); } };
}

/** Gives an entry another title and returns its file. */
async function retitle(page, path, from, to) {
  const field = input(page, 'title');
  await page.waitForFunction((t) => document.querySelector('section[data-key-path="title"] input, section[data-key-path="title"] textarea')?.value === t, from);
  await field.fill(to);
  await saveButton(page).click();
  const saved = await until(() => text(page, path), (t) => t && yaml.parse(t.split('---\n')[1]).title === to);
  await until(() => saveButton(page).isDisabled(), Boolean); // before, it would ask whether to leave
  return saved;
}

/** Names, lengths and checksums of what is in an archive. */
async function list(file) {
  const zip = await readFile(file);
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const entries = {};
  for (let at = zip.readUInt32LE(end + 16), n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [name, extra, comment] = [28, 30, 32].map((i) => zip.readUInt16LE(at + i));
    entries[zip.toString('utf8', at + 46, at + 46 + name)] = [zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 16)].join(' ');
    at += 46 + name + extra + comment;
  }
  return entries;
}

async function check(source) {
  const { stdout } = await run(program, ['check', '--source', source], { maxBuffer: 1 << 26 }).catch((e) => e);
  return (stdout ?? '').split('\n').filter((l) => /: Fehler: /.test(l));
}

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'portal-admin-'));
  site = join(dir, 'site');
  for (const part of ['portal.yaml', 'content']) await cp(join(ROOT, part), join(site, part), { recursive: true });
  examples = await exampleFiles();
  for (const e of examples) {
    await mkdir(dirname(join(site, e.path)), { recursive: true });
    await writeFile(join(site, e.path), e.text);
  }
  preview = await startPreview(program, site);
  config = await (await fetch(`${preview.forms}config.json`)).json();
});

after(async () => {
  await preview?.close();
  await rm(dir, { recursive: true, force: true });
});

test('what the program carries along is what npm has', async () => {
  const packed = join(dir, 'packed.zip');
  await run('go', ['run', './generator/admin/pack', packed], { cwd: ROOT });
  const [mine, theirs] = await Promise.all([packed, join(ROOT, 'generator/admin/sveltia.zip')].map(list));
  assert.deepEqual(mine, theirs, 'run “make admin-update”');
});

describe('files', () => {
  const fieldsOf = (path) => {
    const parts = path.split('/').slice(1, -1);
    return config.fields[parts.length ? `content-${parts.join('--')}` : 'content'];
  };

  test('every text of the site belongs to one collection', async () => {
    const folders = config.cms.collections.map((c) => c.folder);
    assert.equal(new Set(folders).size, folders.length);
    for (const path of (await filesOf(site)).keys()) {
      if (path.startsWith('content/') && path.endsWith('.md')) assert.ok(folders.includes(dirname(path)), `${path} is in no collection`);
    }
  });

  test('reading and writing leaves every file as it is', async () => {
    for (const [path, data] of await filesOf(site)) {
      if (!path.startsWith('content/') || !path.endsWith('.md')) continue;
      const { fromFile, toFile } = codec(yaml, fieldsOf(path));
      const before = data.toString().trim();
      assert.equal(toFile(fromFile(before)).trim(), before, path);
    }
  });

  test('a text without a status is published, and stays so', () => {
    const { fromFile, toFile } = codec(yaml, fieldsOf('content/glossar/x.md'));
    const source = '---\ntitle: Wort # so heißt es\n---\n\nText.';
    const values = fromFile(source);
    assert.equal(values.status, 'veroeffentlicht');
    assert.equal(toFile({ ...values, title: 'Anderes Wort' }).trim(), source.replace('Wort', 'Anderes Wort'));
    assert.equal(toFile({ ...values, status: '' }).trim(), source);
    assert.equal(toFile({ ...values, status: 'entwurf' }).trim(), source.replace('es\n', 'es\nstatus: entwurf\n'));
  });

  test('written anew from its values, every file means the same and passes the check', async () => {
    const copy = join(dir, 'anew');
    await cp(site, copy, { recursive: true });
    for (const [path, data] of await filesOf(copy)) {
      if (!path.startsWith('content/') || !path.endsWith('.md')) continue;
      const { fromFile, toFile } = codec(yaml, fieldsOf(path));
      const { portal_source: source, ...values } = fromFile(data.toString().trim());
      const written = toFile({ ...values });
      const { portal_source: again, ...back } = fromFile(written.trim());
      assert.deepEqual(back, values, path);
      assert.equal(toFile({ ...back }), written, path);
      assert.notEqual(source, undefined);
      assert.notEqual(again, undefined);
      await writeFile(join(copy, path), `${written.trim()}\n`);
    }
    assert.deepEqual(await check(copy), []);
  });
});

describe('forms', () => {
  test('every example: another title is all that changes, and the old one gives the old file', async () => {
    const files = await filesOf(site);
    const page = await openForms(browser, preview, files);
    for (const e of examples) {
      await openEntry(page, e.folder, e.id);
      const other = e.title + ' (neu)';
      const changed = await retitle(page, e.path, e.title, other);
      assert.equal(changed, e.text.replace(e.title, other), `${e.path}: more than the title has changed`);
      await writeFile(join(site, e.path), changed);
      const back = await retitle(page, e.path, other, e.title);
      assert.equal(back, e.text, `${e.path} did not come back`);
    }
    assert.deepEqual(await check(site), []);
    for (const e of examples) await writeFile(join(site, e.path), e.text);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a new entry has a good id, lies in its folder, passes the check and is in the preview', async () => {
    const page = await openForms(browser, preview, await filesOf(site));
    await page.evaluate(() => { location.hash = '#/collections/content-glossar/new'; });
    await input(page, 'title').fill('Größe & Maß: Übung für alle');
    await saveButton(page).click();
    await page.getByText('Dieses Feld ist erforderlich.').first().waitFor(); // and nothing is saved
    await input(page, 'summary').fill('Ein Satz, der sagt, worum es geht.');
    await input(page, 'definition').fill('Was „Größe“ hier heißt: ein Maß.');
    await saveButton(page).click();
    const path = 'content/glossar/groesse-mass-uebung-fuer-alle.md';
    const saved = await until(() => text(page, path), Boolean);
    assert.equal(saved, `---
title: "Größe & Maß: Übung für alle"
summary: Ein Satz, der sagt, worum es geht.
status: entwurf
definition: "Was „Größe“ hier heißt: ein Maß."
---
`);
    await writeFile(join(site, path), saved);
    assert.deepEqual(await check(site), []);
    const shown = `${preview.origin}/glossar/groesse-mass-uebung-fuer-alle/`;
    await until(async () => (await fetch(shown)).status, (status) => status === 200);
    // Sveltia looks whether the page is there, sooner than this test has put it on the disk.
    assert.deepEqual(page.faults.filter((f) => !f.text.includes('404')), []);
    await page.context().close();
  });

  test('fields of all sorts: each change is in its line, and no other line is another', async () => {
    const e = examples.find((x) => x.text.includes('\nuses:\n'));
    const page = await openForms(browser, preview, await filesOf(site));
    await openEntry(page, e.folder, e.id);
    await input(page, 'title').waitFor();
    const field = (key) => reveal(page, key);
    await field('aliases'); // the last one
    assert.equal(await saveButton(page).isEnabled(), false, 'an entry that was only looked at counts as changed');

    await (await field('uses.civil.maturity')).getByRole('radio', { name: /^2/ }).click();
    await pick(page, 'trl', /TRL 8/);
    await (await field('weight_kg')).locator('input').fill('4800.5');
    await (await field('ce')).getByRole('radio', { name: 'keine Angabe' }).click();
    await (await field('standards.1')).getByRole('textbox').fill('EN 1789, Anhang B');
    const changes = await field('changes');
    await changes.getByRole('button', { name: /hinzufügen/ }).click();
    await (await field('changes.2.date')).locator('input').fill('2026-12-01');
    await (await field('changes.2.note')).getByRole('textbox').fill('Geprüft: „alles“');
    await pick(page, 'contacts', /Spectaris/, 'spectaris');
    await saveButton(page).click();

    const want = e.text
      .replace('Umbaus.", maturity: 3', 'Umbaus.", maturity: 2')
      .replace('trl: 7', 'trl: 8')
      .replace('weight_kg: 4800', 'weight_kg: 4800.5')
      .replace('ce: true\n', '')
      .replace('IEC 60529', 'EN 1789, Anhang B')
      .replace('"Erste Fassung.", major: false}\n', '"Erste Fassung.", major: false}\n  - {date: 2026-12-01, note: "Geprüft: „alles“"}\n')
      .replace('contacts: [example-organisation]', 'contacts: [example-organisation, spectaris]');
    const saved = await until(() => text(page, e.path), (t) => t && t !== e.text);
    assert.equal(saved, want);
    await writeFile(join(site, e.path), saved);
    assert.deepEqual(await check(site), []);
    await writeFile(join(site, e.path), e.text);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a picture goes into the folder of texts, under a name that can be an address', async () => {
    const page = await openForms(browser, preview, await filesOf(site));
    const path = 'content/glossar/cbrn.md';
    const original = await readFile(join(site, path), 'utf8');
    await openEntry(page, 'glossar', 'cbrn');
    await input(page, 'title').waitFor();
    await (await reveal(page, 'image')).getByRole('checkbox').click();
    const image = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>');
    const field = await reveal(page, 'image.src');
    await field.locator('input[type=file]').first().setInputFiles({ name: 'Übersicht der Maße.svg', mimeType: 'image/svg+xml', buffer: image });
    await field.getByText('uebersicht-der-masse.svg').waitFor();
    await input(page, 'image.alt').fill('Ein Dreieck.');
    await saveButton(page).click();
    const saved = await until(() => text(page, path), (t) => t && t !== original);
    const { image: value } = yaml.parse(saved.split('---\n')[1]);
    assert.deepEqual(value, { src: '/uebersicht-der-masse.svg', alt: 'Ein Dreieck.' });
    const file = `content${value.src}`;
    assert.equal(await text(page, file), String(image));
    await writeFile(join(site, file), image);
    await writeFile(join(site, path), saved);
    assert.deepEqual(await check(site), []);
    await writeFile(join(site, path), original);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a translation lies beside its original', async () => {
    const page = await openForms(browser, preview, await filesOf(site));
    const path = 'content/glossar/cbrn.md';
    const original = await readFile(join(site, path), 'utf8');
    await openEntry(page, 'glossar', 'cbrn');
    await page.getByRole('button', { name: /Fassung anlegen/ }).click();
    const english = (key) => page.locator(`section[data-key-path="${key}"]`).nth(1).getByRole('textbox');
    await english('title').fill('Chemical, biological, radiological and nuclear hazards');
    await english('summary').fill('One sentence that says what this is about.');
    await english('definition').fill('What the word means.');
    await saveButton(page).click();
    const saved = await until(() => text(page, path.replace('.md', '.en.md')), Boolean);
    assert.equal(yaml.parse(saved.split('---\n')[1]).title, 'Chemical, biological, radiological and nuclear hazards');
    assert.equal(await text(page, path), original);
    await writeFile(join(site, path.replace('.md', '.en.md')), saved);
    assert.deepEqual(await check(site), []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});

describe('hosted', () => {
  test('the forms of a server of their own ask nobody before one signs in', async () => {
    const source = join(dir, 'hosted');
    await cp(site, source, { recursive: true });
    await writeFile(join(source, 'portal.yaml'), `${await readFile(join(site, 'portal.yaml'), 'utf8')}\nadmin: {backend: {name: gitlab, repo: ag/portal, branch: main}}\n`);
    await run(program, ['admin', '--source', source, '--out', join(dir, 'forms')]);
    const server = await plain(join(dir, 'forms'));
    const page = await openPage(browser, server.origin);
    page.setDefaultTimeout(60_000);
    await page.goto(`${server.origin}/`);
    await page.getByRole('button', { name: /GitLab/ }).first().waitFor();
    // It would ask GitLab's page of incidents, which the policy does not allow.
    assert.deepEqual(page.faults.filter((f) => /foreign request|config|script error/.test(f.text)), []);
    await page.context().close();
    await server.close();
  });

  test('a browser that cannot write into folders is told so', async () => {
    const page = await openPage(browser, preview.origin);
    await page.addInitScript(() => { delete window.showDirectoryPicker; });
    await page.goto(preview.forms);
    await page.getByText('Chrome, Edge').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});
