// Starts Sveltia CMS with the configuration that the types give.

import { codec } from './format.js';

const start = document.getElementById('start');
const say = (text) => { document.getElementById('state').textContent = text; };

// In this folder portal.yaml lies: it is what tells the right one. Sveltia asks
// for a folder “.git” instead, which a site need not have.
function knowTheFolder() {
  const folder = FileSystemDirectoryHandle.prototype;
  const open = folder.getDirectoryHandle;
  folder.getDirectoryHandle = function getDirectoryHandle(name, ...rest) {
    return name === '.git' ? this.getFileHandle('portal.yaml') : open.call(this, name, ...rest);
  };
}

// The words of the forms are German, and so are those around them, unless
// somebody has chosen otherwise.
function speakGerman() {
  const key = 'sveltia-cms.prefs';
  if (!localStorage.getItem(key)) localStorage.setItem(key, JSON.stringify({ locale: 'de' }));
}

async function run() {
  say('Die Formulare werden geladen …');
  const response = await fetch('config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(await response.text());
  const { cms, fields, local } = await response.json();
  if (local) {
    if (!('showDirectoryPicker' in window)) {
      say('Ihr Browser kann keine Dateien in einem Ordner speichern. Das können Chrome, Edge und andere Browser auf der Grundlage von Chromium; Firefox und Safari können es noch nicht. Öffnen Sie diese Adresse in einem davon, oder bearbeiten Sie die Dateien im Ordner „content“ mit einem Texteditor.');
      return;
    }
    document.documentElement.dataset.local = '';
    cms.site_url = location.origin + cms.site_url;
    knowTheFolder();
  }
  speakGerman();
  const { CMS, ...yaml } = await import('./sveltia/cms.js');
  for (const [name, list] of Object.entries(fields)) CMS.registerCustomFormat(`${name}-frontmatter`, 'md', codec(yaml, list));
  await CMS.init({ config: cms });
  start.remove();
}

run().catch((e) => say(`Die Formulare lassen sich nicht zeigen. ${e.message}`));
