// Asks the browser's engine from Node: node ask.mjs OUT QUERIES.json writes the
// answers as a JSON array. The files are read from the folder OUT. Each query is
// an object of the query and the options of search.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const [out, input] = process.argv.slice(2);

globalThis.fetch = async (address) => {
  try {
    return new Response(await readFile(join(out, decodeURIComponent(new URL(address).pathname))));
  } catch {
    return new Response('', { status: 404 });
  }
};

const source = await readFile(join(out, 'search', 'engine.js'), 'utf8');
const { open } = await import('data:text/javascript;base64,' + Buffer.from(source).toString('base64'));
const engine = await open('http://localhost/search/');
const answers = [];
for (const { query, ...options } of JSON.parse(await readFile(input, 'utf8'))) answers.push(await engine.search(query, options));
process.stdout.write(JSON.stringify(answers));
