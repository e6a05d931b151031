// Takes the pictures of README and handbook, of real screens: pages of the
// built portal, the preview of a site in which somebody is writing, and what
// the commands say. node screenshots.mjs FOLDER [NAME…] takes all, or some.

import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { launch, openPage } from './lib/browser.mjs';
import { choose, filesOf, fill } from './lib/folder.mjs';
import { serve } from './lib/server.mjs';
import { ROOT, build, compile } from './lib/site.mjs';
import { draw, run } from './lib/terminal.mjs';

const folder = resolve(process.argv[2] ?? 'results');
const wanted = process.argv.slice(3);
const NOW = '2026-11-22T12:00';
const DESK = { width: 1200, height: 720 };
const NEWS = 'content/meldungen/uebung-mit-mobiler-klinik.md';

const work = await mkdtemp(join(tmpdir(), 'portal-bilder-'));
const desk = join(work, 'portal'); // the folder in which somebody writes
const browser = await launch();
const program = await compile(work);
await mkdir(folder, { recursive: true });
for (const part of ['content', 'portal.yaml']) await cp(join(ROOT, part), join(desk, part), { recursive: true });
const write = (name, text) => writeFile(join(desk, name), text);

// ---- what is shown

const ENTRY = `---
title: "Übung mit mobiler Klinik"
summary: "Drei Kliniken haben gemeinsam eine mobile Klinik aufgebaut."
status: entwurf
kind: meldung
date: 2026-11-12
published: 2026-11-20
place: Münster
topics: [uebungen, krisenvorsorge]
sources:
  - key: bericht
    title: "Bericht zur Übung"
    url: https://www.example.org/bericht
    publisher: Beispielklinik
    accessed: 2026-11-20
---

## Was geübt wurde

Zwölf Stunden lang lief die [[modulare-containerklinik|Klinik]] ohne
Netzstrom.[@bericht] Angenommen war ein MANV.
`;
const WRONG = ENTRY.replace('summary:', 'sumary:').replace('2026-11-12', '12.11.2026').replace('containerklinik|', 'containerklink|');
const WORD = `---
title: Reserven für die Klinik
---

# Ausgangslage

Krankenhäuser halten Vorräte für wenige Tage.[^1] [Stimmt das noch?]{.comment-start id="0" author="Jens Muster" date="2026-11-02T10:00:00Z"}Zwei Drittel[]{.comment-end id="0"} haben keinen Plan für die Verteilung.

| Bereich | Vorrat |
|---|---:|
| Sauerstoff | 3 Tage |
| Infusionen | 5 Tage |

# Forderungen

1. Vorräte für vier Wochen.
2. Regeln für die Verteilung.

![](plan.png)

[^1]: Beispielinstitut: Vorräte in Kliniken, <https://www.example.org/vorraete>
`;

const PICTURES = {
  start: () => page('/'),
  produkt: () => page('/produkte/modulare-containerklinik/'),
  suche: () => page('/suche/?q=Sauerstoff', async (p) => { await p.locator('main mark').first().waitFor(); }),

  'neu-fragen': () => terminal('portal new', ['new'], {
    answers: ['news', 'Übung mit mobiler Klinik', 'Drei Kliniken haben gemeinsam eine mobile Klinik aufgebaut.', '1', '12.11.2026'],
    rest: '', // whatever else is asked
    until: /\n\nOrt\n/, // the rest goes on like this
  }),
  'pruefen-fehler': async () => {
    await write(NEWS, WRONG);
    await terminal('portal check', ['check', '--now', NOW]);
  },
  'import-bericht': async () => {
    const name = 'Reserven für die Klinik';
    await writeFile(join(work, 'papier.md'), WORD);
    await writeFile(join(work, 'plan.png'), await readFile(join(ROOT, 'static/icon-192.png')));
    await promisify(execFile)('pandoc', ['--resource-path', work, '-o', join(desk, `${name}.docx`), join(work, 'papier.md')]);
    await terminal(`portal import "${name}.docx" --type position`, ['import', `${name}.docx`, '--type', 'position']);
    for (const made of ['.md', '-1.png']) await rm(join(desk, `content/positionen/reserven-fuer-die-klinik${made}`));
  },
  'vorschau-entwurf': async () => {
    await write(NEWS, ENTRY);
    await preview('/meldungen/uebung-mit-mobiler-klinik/');
  },
  'vorschau-fehler': async () => {
    await write(NEWS, ENTRY.replace('uebungen,', 'uebung,'));
    await preview('/meldungen/uebung-mit-mobiler-klinik/', async (p) => {
      await p.locator('#portal-preview summary').waitFor();
      if (!await p.locator('#portal-preview details').evaluate((d) => d.open)) await p.locator('#portal-preview summary').click();
    });
    await write(NEWS, ENTRY);
  },
  erklaerung: () => preview('/.portal/fehler/#begriff-unbekannt', async (p) => {
    const [from, to] = await p.evaluate(() => {
      const h = document.getElementById('begriff-unbekannt');
      let next = h.nextElementSibling;
      while (!/^H\d$/.test(next.tagName)) next = next.nextElementSibling;
      return [h, next].map((e) => e.getBoundingClientRect().top);
    });
    return { x: 160, y: from - 8, width: 780, height: to - from - 20 };
  }),
  'formular-liste': () => forms('#/collections/content-meldungen', async (p) => {
    await p.getByText('Übung mit mobiler Klinik').first().waitFor();
  }),
  formular: () => forms('#/collections/content-meldungen/entries/uebung-mit-mobiler-klinik', async (p) => {
    await p.locator('section[data-key-path="title"]').first().waitFor();
  }),
};

// ---- how it is taken

let site, live;

async function page(path, ready = async () => {}) {
  site ??= await published();
  await take(site.origin, site.url(path), ready);
}

async function published() {
  const s = await serve();
  await build(program, desk, join(work, 'public'), '--now', NOW);
  s.dir = join(work, 'public');
  return s;
}

async function preview(path, ready = async () => {}) {
  live ??= await previewing(); // and goes on through all that is written
  await take(live.origin, live.origin + path, ready);
}

function previewing() {
  const child = spawn(program, ['preview', '--source', desk, '--addr', '127.0.0.1:0', '--now', NOW], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill());
  const ended = new Promise((ok) => child.on('close', ok));
  return new Promise((ok, no) => {
    child.stdout.on('data', (b) => {
      const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(b)?.[0];
      if (origin) ok({ origin, close: () => { child.kill('SIGINT'); return ended; } });
    });
    ended.then(() => no(new Error('portal preview ended')));
  });
}

/** The forms, after the folder has been chosen. */
async function forms(hash, ready) {
  await write(NEWS, ENTRY);
  live ??= await previewing();
  const files = [...await filesOf(desk)].filter(([path]) => /^(content\/|portal\.yaml)/.test(path));
  await take(live.origin, `${live.origin}/admin/`, async (p) => {
    await fill(p, files);
    await p.getByRole('button', { name: 'Ordner der Site öffnen' }).click();
    await p.getByRole('button', { name: 'Neu' }).first().waitFor();
    await p.evaluate((h) => { location.hash = h; }, hash);
    await ready(p);
    await p.waitForFunction(() => document.getAnimations().length === 0); // the list before fades out
  });
}

async function take(origin, url, ready) {
  const p = await openPage(browser, origin, { viewport: DESK, colorScheme: 'light' });
  p.setDefaultTimeout(60_000);
  await choose(p);
  await p.addInitScript(() => localStorage.setItem('sveltia-cms.prefs', JSON.stringify({ locale: 'de' })));
  p.expectMissing = true;
  await p.goto(url);
  await p.evaluate(() => document.fonts.ready);
  const clip = await ready(p); // nothing for all that is in the window
  await p.screenshot({ path: file, clip });
  await p.context().close();
}

async function terminal(typed, args, { answers, rest, until } = {}) {
  let said = await run(program, args, { cwd: desk, answers, rest });
  const end = until ? said.search(until) : -1;
  if (end >= 0) said = `${said.slice(0, end)}\n…`;
  const p = await browser.newPage({ viewport: { width: 900, height: 300 } });
  await p.setContent(draw(typed, said, 900));
  await p.locator('figure').screenshot({ path: file });
  await p.close();
}

let file;
for (const [name, picture] of Object.entries(PICTURES)) {
  if (wanted.length && !wanted.includes(name)) continue;
  file = join(folder, `${name}.png`);
  await picture();
  // Few colours are enough for a screen, and a third of the bytes.
  await promisify(execFile)('pngquant', ['--force', '--strip', '--speed', '1', '--ext', '.png', '64', file]);
  console.log(`${file}  ${(await stat(file)).size} bytes`);
}
await Promise.all([browser.close(), site?.close(), live?.close()]);
await rm(work, { recursive: true, force: true });
