import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

let count = 0;

/**
 * Moves what lies at path out of the way, into a folder of the work folder. It is
 * not removed at once: ext4 makes new files several times slower for half a
 * minute after many have been removed, and whoever writes most files pays.
 */
export async function aside(work, path) {
  await mkdir(join(work, 'aside'), { recursive: true });
  await rename(path, join(work, 'aside', `${process.pid}-${count++}`)).catch((e) => {
    if (e.code !== 'ENOENT') throw e;
  });
}

/** Removes what was moved. */
export const forget = (work) => rm(join(work, 'aside'), { recursive: true, force: true });
