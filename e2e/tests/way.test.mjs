// The whole way of a text, as an editor goes it: from a Word file through
// import, a mistake that is mended, a form, and review to the public site.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { filesOf, text } from '../lib/folder.mjs';
import { input, openEntry, openForms, saveButton, startPreview, until } from '../lib/forms.mjs';
import { ROOT } from '../lib/site.mjs';
import { browser, program } from '../lib/world.mjs';

const run = promisify(execFile);

/** What stands in the Word file, as pandoc reads it. */
const PAPER = `---
title: Wundversorgung im Katastrophenfall
author: Fachgruppe Versorgung
abstract: Was Krankenhäuser brauchen, damit die Wundversorgung auch bei vielen Verletzten trägt.
---

# Ausgangslage

Bei vielen Verletzten reichen die **Vorräte** der Häuser nur Stunden.[^1]

[^1]: So die Annahme dieser Übung.

# Was zu tun ist

1. Vorräte verteilen
2. Übungen verbinden

| Material | Bedarf je Tag |
|----------|--------------:|
| Verbände |            40 |
| Schienen |            12 |
`;

const ID = 'wundversorgung-im-katastrophenfall';
const PATH = `content/positionen/${ID}.md`;

describe('from a Word file to a published paper', () => {
  let dir, site, preview;

  /** Runs portal; what it printed and how it ended. */
  const portal = (command, ...args) => run(program, [command, '--source', site, ...args], { maxBuffer: 1 << 26 })
    .then((r) => ({ ...r, code: 0 }), (e) => e);
  const git = (...args) => run('git', ['-C', site, '-c', 'user.name=Redaktion', '-c', 'user.email=r@probe.example', ...args]);
  const file = () => readFile(join(site, PATH), 'utf8');
  const edit = async (from, to) => {
    const before = await file();
    assert.ok(before.includes(from), `${PATH} lacks ${from}`);
    await writeFile(join(site, PATH), before.replace(from, to));
  };
  /** What check finds in the paper. */
  const findings = async () => JSON.parse((await portal('check', '--format', 'json')).stdout).filter((f) => f.file === PATH);
  /** The public pages of the paper: its own, and those that name it. */
  const published = async () => {
    const { code, stderr } = await portal('build', '--out', join(dir, 'public'), '--now', '2026-11-25T12:00:00+01:00');
    assert.equal(code, 0, stderr);
    const files = [...await filesOf(join(dir, 'public'))].filter(([name]) => /\.(html|atom|json|csv|xml|txt)$/.test(name));
    return files.filter(([name, data]) => name.includes(ID) || data.includes(ID)).map(([name]) => name);
  };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portal-way-'));
    site = join(dir, 'site');
    for (const part of ['portal.yaml', 'content']) await cp(join(ROOT, part), join(site, part), { recursive: true });
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Stand');
    await writeFile(join(dir, 'papier.md'), PAPER);
    await run('pandoc', [join(dir, 'papier.md'), '-o', join(dir, 'Papier final (3).docx')]);
  });
  after(async () => {
    await preview?.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('Word in: a draft with all that was in the document, and a report', async () => {
    const { code, stdout } = await portal('import', join(dir, 'Papier final (3).docx'), '--type', 'position');
    assert.equal(code, 0, stdout);
    assert.match(stdout, new RegExp(`${ID}\\.md`));
    assert.match(stdout, /Bitte ansehen/);
    const draft = await file();
    for (const part of ['title: "Wundversorgung im Katastrophenfall"', 'authors: ["Fachgruppe Versorgung"]', 'status: entwurf',
      '## Ausgangslage', '**Vorräte**', '[^1]: So die Annahme dieser Übung.', '1. Vorräte verteilen', '| Schienen | 12 |']) {
      assert.ok(draft.includes(part), `the draft lacks ${part}:\n${draft}`);
    }
    assert.deepEqual((await findings()).filter((f) => f.severity === 'error'), []);
    assert.deepEqual(await published(), [], 'a draft is public');
  });

  test('a mistake is named with its place, and its hint mends it', async () => {
    await edit('# topics: [cybersicherheit]', 'topics: [krisenvorsorg]');
    const [fault, ...others] = await findings();
    assert.deepEqual(others, []);
    assert.equal(fault.code, 'begriff-unbekannt');
    assert.equal((await file()).split('\n')[fault.line - 1].slice(fault.column - 1, fault.column + 12), 'krisenvorsorg');
    const [, better] = /Meinten Sie „(.+)“/.exec(fault.hint);
    await edit('krisenvorsorg]', `${better}]`);
    assert.deepEqual(await findings(), []);
  });

  test('a form in the browser changes one line', async () => {
    const before = await file();
    preview = await startPreview(program, site);
    const files = [...await filesOf(site)].filter(([path]) => /^(content\/|portal\.yaml$)/.test(path));
    const page = await openForms(browser, preview, files);
    await openEntry(page, 'positionen', ID);
    const summary = 'Womit Krankenhäuser viele Verletzte zugleich versorgen können.';
    await until(() => input(page, 'summary').inputValue(), (v) => v.startsWith('Was Krankenhäuser'));
    await input(page, 'summary').fill(summary);
    await saveButton(page).click();
    const saved = await until(() => text(page, PATH), (t) => t?.includes(summary));
    const changed = saved.split('\n').filter((line, i) => line !== before.split('\n')[i]);
    assert.deepEqual(changed, [`summary: "${summary}"`]);
    await writeFile(join(site, PATH), saved);
    const shown = `${preview.origin}/positionen/${ID}/`;
    await until(async () => (await fetch(shown)).text(), (html) => html.includes(summary));
    assert.deepEqual(page.faults, []);
    await page.context().close();
    assert.deepEqual(await findings(), []);
  });

  test('in review: a branch of its own, checked, and still not public', async () => {
    await git('switch', '-q', '-c', 'papier');
    await edit('status: entwurf', 'status: pruefung');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Positionspapier zur Wundversorgung');
    const { code, stdout } = await portal('check', '--format', 'github');
    assert.equal(code, 0, stdout);
    assert.ok(!stdout.includes(PATH), stdout);
    assert.deepEqual(await published(), [], 'a text in review is public');
  });

  test('published: on its page, in lists, feeds and the search', async () => {
    await edit('status: pruefung', 'status: veroeffentlicht\npublished: 2026-11-24\nreviewed_on: 2026-11-24\nreview_by: 2027-11-24\nreviewer: Redaktion');
    await git('commit', '-q', '-a', '-m', 'Freigegeben');
    await git('switch', '-q', 'main');
    await git('merge', '-q', '--ff-only', 'papier');
    assert.deepEqual(await findings(), []);
    const pages = await published();
    for (const name of [`positionen/${ID}/index.html`, 'positionen/index.html', 'positionen/feed.atom', 'themen/krisenvorsorge/index.html', 'sitemap.xml']) {
      assert.ok(pages.includes(name), `${name} does not have it: ${pages.join(' ')}`);
    }
    const { stdout } = await portal('search', '--json', '--out', join(dir, 'public'), 'Wundversorgung Katastrophenfall');
    assert.equal(JSON.parse(stdout).hits[0].url, `/positionen/${ID}/`);
  });
});
