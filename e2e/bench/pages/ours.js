// The least a page needs to show ten hits of the portal's engine. It is loaded
// when the first question is asked, as on the portal's own pages.

import { show, standing } from './show.js';

let engine;
let hits = [];

window.ask = async (query) => {
  const start = performance.now();
  if (!engine) {
    const { open } = await import('/search/engine.js');
    engine = await open('/search/');
  }
  const result = await engine.search(query, { limit: 10, excerpts: false });
  hits = result.hits;
  show(hits);
  return { ms: performance.now() - start, total: result.total, partial: result.partial, ...standing() };
};

window.excerpts = async () => {
  const start = performance.now();
  await engine.fill(hits);
  show(hits);
  return { ms: performance.now() - start, ...standing() };
};
