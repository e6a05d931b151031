// The least a page needs to show ten hits of Pagefind: title, best section and
// excerpt of a hit come together, in its fragment.

import { show, standing } from './show.js';

let pagefind;

window.ask = async (query) => {
  const start = performance.now();
  pagefind ??= await import('/pagefind/pagefind.js');
  const result = await pagefind.search(query);
  const fragments = await Promise.all(result.results.slice(0, 10).map((r) => r.data()));
  show(fragments.map((f) => ({
    url: f.url,
    title: f.meta.title,
    excerpt: f.excerpt,
    section: f.sub_results.find((s) => s.anchor) ?? null,
  })));
  return { ms: performance.now() - start, total: result.results.length, partial: false, ...standing() };
};

window.excerpts = async () => ({ ms: 0, ...standing() });
