// A folder for the forms in the browser: the file system that belongs to the
// page's origin stands in for the one that an editor chooses on the disk.

import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The files below a folder of the disk, by path with slashes. */
export async function filesOf(dir) {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = new Map();
  for (const f of found.filter((x) => x.isFile())) {
    const path = join(f.parentPath ?? f.path, f.name);
    files.set(relative(dir, path).split(sep).join('/'), await readFile(path));
  }
  return files;
}

/** Lets a page choose its own folder instead of asking; before it is opened. */
export const choose = (page) => page.addInitScript(() => {
  window.showDirectoryPicker = async () => navigator.storage.getDirectory();
});

/** Puts files into the folder of the page's origin. */
export const fill = (page, files) => page.evaluate(async (list) => {
  const root = await navigator.storage.getDirectory();
  for (const [path, data] of list) {
    const names = path.split('/');
    let folder = root;
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    const out = await (await folder.getFileHandle(names.at(-1), { create: true })).createWritable();
    await out.write(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)));
    await out.close();
  }
}, [...files].map(([path, data]) => [path, Buffer.from(data).toString('base64')]));

/** The text of a file in it, null if it is not there. */
export const text = (page, path) => page.evaluate(async (p) => {
  try {
    const names = p.split('/');
    let folder = await navigator.storage.getDirectory();
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    return await (await (await folder.getFileHandle(names.at(-1))).getFile()).text();
  } catch (e) {
    if (e.name === 'NotFoundError' || e.name === 'NotReadableError') return null; // it is being written
    throw e;
  }
}, path);
