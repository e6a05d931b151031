// Writes a site in which everything that has pages has several: a text like a
// long law, a glossary with a page for each letter, one organisation that makes
// all products, an archive.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Chapters of the long text, sections in each, paragraphs in each of these. */
export const LAW = { path: '/recht/gesetz/', chapters: 9, sections: 10, paragraphs: 6 };

const SENTENCE = 'Die zuständige Behörde trifft die Maßnahmen, die zum Schutz der Bevölkerung und zur Versorgung der Verletzten erforderlich sind.';

function law() {
  const lines = [];
  for (let c = 1; c <= LAW.chapters; c++) {
    lines.push(`## Kapitel ${c}`);
    for (let s = 1; s <= LAW.sections; s++) {
      lines.push(`### § ${c}${String(s).padStart(2, '0')} Aufgaben`);
      for (let p = 1; p <= LAW.paragraphs; p++) lines.push(`(${p}) ${SENTENCE} ${SENTENCE}`);
    }
    if (c === 5) lines.push('| Stufe | Dauer |\n|---|---|\n' + Array.from({ length: 60 }, (_, i) => `| ${i + 1} | ${i * 6} Stunden |`).join('\n'));
  }
  lines.push('Das allerletzte Wort lautet Schlussbestimmung.');
  return lines.join('\n\n');
}

const front = (fields) => `---\n${Object.entries({ summary: 'Ein Satz, der sagt, worum es geht.', published: '2026-01-02', ...fields }).map(([k, v]) => `${k}: ${v}`).join('\n')}\n---\n`;

export async function writeGross(dir) {
  const files = new Map();
  const put = (path, fields, text = 'Ein kurzer Text.\n') => files.set(`content/${path}.md`, front(fields) + text);
  files.set('portal.yaml', 'title: Groß\nbase_url: https://gross.example\nlanguages: [de]\n');
  files.set('content/recht/gesetz.md', `---\ntitle: Gesetz über alles\n---\n${law()}\n`);
  put('organisationen/amt', { title: 'Das Amt', kind: 'behoerde' });
  for (let i = 0; i < 70; i++) {
    put(`produkte/p${i}`, { title: `Profil ${i}`, topics: '[dual-use]', manufacturer: '[amt]', category: '[mobile-infrastruktur]', uses: '{civil: {text: "Im Alltag.", maturity: 2}}', scenarios: '[manv]' });
  }
  for (let i = 0; i < 240; i++) put(`glossar/g${i}`, { title: `${'ABC'[i % 3]}-Wort ${i}`, definition: 'Was es heißt.' });
  for (let i = 0; i < 101; i++) put(`meldungen/m${i}`, { title: `Meldung ${i}`, kind: 'meldung', date: '2026-01-02', status: 'archiviert' });
  for (const [name, text] of files) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}
