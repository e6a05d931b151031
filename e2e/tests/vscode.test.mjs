// What Visual Studio Code does with `portal vscode`: its YAML extension is the
// yaml-language-server, which runs here with the settings as they are written.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { compile } from '../lib/site.mjs';

const alone = process.argv[1] === fileURLToPath(import.meta.url);
const world = alone ? null : await import('../lib/world.mjs');
const SERVER = join(dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')), 'bin/yaml-language-server');

let dir, site, server;

function run(command, ...args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (b) => (said += b));
  return new Promise((ok, no) => child.on('close', (code) => (code === 0 ? ok(said) : no(new Error(`${command} ${args} ended with ${code}`)))));
}

/** A client of a language server, as far as it is needed here. */
function connect(command, args, settings) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const asked = new Map(), found = new Map(), waiting = new Map();
  let last = 0, buffer = Buffer.alloc(0);
  const send = (message) => {
    const text = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${text.length}\r\n\r\n`);
    child.stdin.write(text);
  };
  const take = (m) => {
    if (m.method === 'workspace/configuration') send({ id: m.id, result: m.params.items.map(({ section }) => settings[section] ?? null) });
    else if (m.method && m.id !== undefined) send({ id: m.id, result: null });
    else if (m.method === 'textDocument/publishDiagnostics') {
      found.set(m.params.uri, m.params.diagnostics);
      waiting.get(m.params.uri)?.(m.params.diagnostics);
    } else if (m.id !== undefined) asked.get(m.id)?.(m);
  };
  child.stdout.on('data', (b) => {
    buffer = Buffer.concat([buffer, b]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = end < 0 ? 0 : +/Content-Length: (\d+)/i.exec(buffer.subarray(0, end))[1];
      if (end < 0 || buffer.length < end + 4 + length) return;
      take(JSON.parse(buffer.subarray(end + 4, end + 4 + length)));
      buffer = buffer.subarray(end + 4 + length);
    }
  });
  const request = async (method, params) => {
    const id = ++last;
    const answer = await new Promise((ok) => { asked.set(id, ok); send({ id, method, params }); });
    assert.equal(answer.error, undefined);
    return answer.result;
  };
  const notify = (method, params) => send({ method, params });
  return {
    request, notify,
    /** Opens a file that need not be on the disk; the answer is what is wrong in it. */
    open: (uri, text) => new Promise((ok) => {
      waiting.set(uri, ok);
      notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    }),
    close: async () => {
      await request('shutdown');
      notify('exit');
      child.kill();
    },
  };
}

const uri = (name) => pathToFileURL(join(site, name)).href;
const at = (d, text) => `${d.range.start.line + 1}: ${text.split('\n')[d.range.start.line].slice(d.range.start.character, d.range.end.character)}`;

describe('Visual Studio Code', () => {
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portal-vscode-'));
    site = join(dir, 'site mit Leerzeichen');
    const program = world?.program ?? await compile(dir);
    await mkdir(join(site, 'content'), { recursive: true });
    await writeFile(join(site, 'portal.yaml'), 'title: Probe\nbase_url: https://probe.example/\nlanguages: [de, en]\n');
    await run(program, 'vscode', '--source', site);
    const text = await readFile(join(site, '.vscode/settings.json'), 'utf8');
    const flat = JSON.parse(text.replace(/^ *\/\/.*$/gm, ''));
    const settings = { yaml: {} };
    for (const [key, value] of Object.entries(flat)) if (key.startsWith('yaml.')) {
      const parts = key.split('.').slice(1);
      const leaf = parts.pop();
      let o = settings.yaml;
      for (const p of parts) o = o[p] ??= {};
      o[leaf] = value;
    }
    server = connect(process.execPath, [SERVER, '--stdio'], settings);
    await server.request('initialize', {
      processId: process.pid, rootUri: pathToFileURL(site).href, workspaceFolders: [{ uri: pathToFileURL(site).href, name: 'site' }],
      capabilities: { workspace: { configuration: true, workspaceFolders: true }, textDocument: { completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } } } },
    });
    server.notify('initialized', {});
  });

  after(async () => {
    await server?.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('mistakes in a companion are marked where they are', async () => {
    const text = 'title: Triage\nsummary: Kurz.\ndefinition: Sichtung.\nstatus: fertig\ndefinitoin: verschrieben\nupdated: 1.4.2026\ntopics: [wolken]\n';
    const found = await server.open(uri('content/glossar/triage.yaml'), text);
    assert.deepEqual(found.map((d) => at(d, text)).sort(), ['4: fertig', '5: definitoin', '6: 1.4.2026', '7: wolken']);
  });

  test('what is right is left alone, in every place', async () => {
    for (const [name, text] of [
      ['content/glossar/gut.yaml', 'title: Gut\nsummary: Kurz.\ndefinition: Was gut ist.\n'],
      ['content/glossar/gut.en.yaml', 'title: Good\nsummary: Short.\ndefinition: What is good.\n'],
      ['content/glossar/index.yaml', 'title: Glossar\n'],
      ['content/glossar/index.en.yaml', 'title: Glossary\n'],
      ['content/index.yaml', 'title: Willkommen\n'],
      ['content/ueber/uns.yaml', 'title: Über uns\neigenes: erlaubt\n'],
      ['templates/types/common.yaml', 'fields:\n  - {name: a, kind: text, label: {de: A}}\n'],
    ]) {
      assert.deepEqual((await server.open(uri(name), text)).map((d) => d.message), [], name);
    }
  });

  test('each file has the schema of its place', async () => {
    for (const [name, text, wrong] of [
      ['content/produkte/x.yaml', 'title: A\nsummary: B\ncategory: mobile-infrastruktur\ntrl: 10\n', '4: 10'],
      ['content/ueber/x.yaml', 'title: A\nstatus: fertig\n', '2: fertig'],
      ['templates/types/neu/type.yaml', 'folder: neu\nfields:\n  - {name: a, kind: txt}\n', '3: txt'],
      ['templates/taxonomies/neu.yaml', 'one: Neu\nterms:\n  - {id: a, lable: A}\n', '3: lable'],
      ['templates/views/views.yaml', 'views:\n  - {name: a, titel: A}\n', '2: titel'],
      ['portal.yaml', 'title: A\nbase_url: https://a.example/\nlanguages: [de]\nreview: {gracee: 3}\n', '4: gracee'],
    ]) {
      assert.deepEqual((await server.open(uri(name), text)).map((d) => at(d, text)), [wrong], name);
    }
  });

  test('keys and words are offered, with their explanation', async () => {
    const offered = async (text, line) => {
      const name = uri(`content/glossar/neu-${line}.yaml`);
      await server.open(name, text);
      const { items } = await server.request('textDocument/completion', { textDocument: { uri: name }, position: { line, character: text.split('\n')[line].length } });
      return items;
    };
    const keys = await offered('title: Neu\nde', 1);
    for (const key of ['summary', 'definition', 'abbr', 'synonyms']) assert.ok(keys.some((i) => i.label === key), key);
    const about = keys.find((i) => i.label === 'definition').documentation;
    assert.match(about.value ?? about, /Sätze/);
    const words = await offered('title: Neu\nsummary: Kurz.\nstatus: ', 2);
    assert.deepEqual(words.map((i) => i.label).sort(), ['archiviert', 'entwurf', 'ersetzt', 'pruefung', 'veroeffentlicht']);
    const terms = await offered('title: Neu\nsummary: Kurz.\ntopics:\n  - ', 3);
    assert.ok(terms.some((i) => i.label === 'krisenvorsorge'), 'words of a vocabulary');
  });
});
