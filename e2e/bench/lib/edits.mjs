// Edits of texts and templates, each with a word nobody else has, so that one
// can see when a page, or the search, knows of it.

import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A word that no text has, nor one that a search takes for a slip of it: qxv and ten letters by chance. */
export function newWord() {
  const letters = Array.from({ length: 10 }, (_, i) => (i % 2 ? 'aeiou' : 'bdfgklmnprstvz').charAt(Math.random() * (i % 2 ? 5 : 14)));
  return 'qxv' + letters.join('');
}

/** Texts of a folder: n of them, from the 5th to the 95th hundredth by size. */
export async function spread(dir, n) {
  const files = [];
  for (const name of await readdir(dir)) {
    if (name.endsWith('.md')) files.push({ name, bytes: (await stat(join(dir, name))).size });
  }
  files.sort((a, b) => a.bytes - b.bytes || (a.name < b.name ? -1 : 1));
  return Array.from({ length: n }, (_, i) => {
    const at = n === 1 ? 0.5 : 0.05 + (0.9 * i) / (n - 1);
    return join(dir, files[Math.floor(at * (files.length - 1))].name);
  });
}

/** Puts a paragraph with the word at the end of a text. */
export async function editBody(file, word) {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/\n+Eine Probe mit dem Wort \w+\.\n$/, '') + `\n\nEine Probe mit dem Wort ${word}.\n`);
}

/** Puts the word at the end of a text's title. */
export async function editTitle(file, word) {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^(title: "?.*?)(?: qxv\w+)?("?)$/m, `$1 ${word}$2`));
}

/** Gives the layout's <meta name="probe"> the word, so that every page is another. */
export async function editLayout(file, word) {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/<meta name="probe" content="\w*">/, `<meta name="probe" content="${word}">`));
}

/** A copy of our layout with that element in it, in the site's own templates. */
export async function ownLayout(builtin, file) {
  const text = await readFile(builtin, 'utf8');
  await writeFile(file, text.replace('<meta name="color-scheme"', '<meta name="probe" content="0">\n<meta name="color-scheme"'));
}
