// What an answer is worth, as judged by grades (3: the law meant, 2: directly
// about it, 1: touches it). Only the first ten distinct laws count.

/** nDCG@10: gain 2^grade − 1, discount log2(rank + 1), ideal from all judged laws. */
export function ndcg(relevant, results) {
  const ten = [...new Set(results)].slice(0, 10);
  const gain = (grades) => grades.reduce((sum, g, i) => sum + (2 ** g - 1) / Math.log2(i + 2), 0);
  const ideal = Object.values(relevant).sort((a, b) => b - a).slice(0, 10);
  return gain(ten.map((slug) => relevant[slug] ?? 0)) / gain(ideal);
}

/** Means by class and of all: { all, a, b, … }. */
export function byClass(queries, scores) {
  const groups = { all: [] };
  queries.forEach((q, i) => {
    groups.all.push(scores[i]);
    (groups[q.class] ??= []).push(scores[i]);
  });
  return Object.fromEntries(Object.entries(groups).map(([c, s]) => [c, s.reduce((a, b) => a + b, 0) / s.length]));
}

const CLASSES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const row = (engine, forty, ...figures) => ({ engine, forty, all: figures[0], ...Object.fromEntries(CLASSES.map((c, i) => [c, figures[i + 1]])) });

/** What others reach, nDCG@10, on 120 other queries of the same kinds; forty: on queries.dev.jsonl. */
export const PEERS = [
  row('Pagefind 1.6.0', 0.663, 0.661, 0.90, 0.49, 0.96, 0.42, 0.45, 0.44, 0.68, 0.96),
  row('MiniSearch 7.2, prefix + fuzzy 0.2, title ×3', 0.687, 0.727, 0.93, 0.44, 0.85, 0.93, 0.73, 0.35, 0.68, 0.92),
  row('MiniSearch 7.2, default', null, 0.487, 0.81, 0.29, 0.44, 0.22, 0.65, 0.56, 0.87, 0.04),
  row('lunr 2.3.9 + de', null, 0.479, 0.89, 0.24, 0.65, 0.21, 0.62, 0.41, 0.69, 0.11),
  row('bleve “de”, match', null, 0.499, 0.79, 0.20, 0.92, 0.22, 0.65, 0.27, 0.83, 0.12),
  row('bleve “de”, match + prefix ×0.5 + fuzzy ×0.3', 0.726, 0.704, 0.81, 0.24, 0.93, 0.87, 0.69, 0.30, 0.83, 0.97),
];
