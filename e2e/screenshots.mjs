// Takes the pictures of README and handbook: node screenshots.mjs FOLDER

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { close, kinds, open, portal } from './lib/world.mjs';

const folder = resolve(process.argv[2] ?? 'results');
await mkdir(folder, { recursive: true });

const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 780 };
const longest = (kind) => kinds(portal, 'de').find((k) => k.kind.includes(kind)).path;

/** Name of the file, path of the page, how it is looked at. */
const PICTURES = [
  ['start', '/', { viewport: DESK }],
  ['start-dunkel', '/', { viewport: DESK, colorScheme: 'dark' }],
  ['liste', '/foerderung/', { viewport: DESK }],
  ['produkt', longest('type-product'), { viewport: DESK }],
  ['positionspapier', longest('type-position'), { viewport: DESK }],
  ['glossar', '/glossar/', { viewport: DESK }],
  ['suche', '/suche/', { viewport: DESK }],
  ['produkt-handy', longest('type-product'), { viewport: PHONE, deviceScaleFactor: 2 }],
  ['start-handy', '/', { viewport: PHONE, deviceScaleFactor: 2 }],
];

for (const [name, path, options] of PICTURES) {
  const page = await open(portal, options);
  await page.goto(portal.url(path));
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.context().close();
  console.log(join(folder, `${name}.png`));
}
await close();
