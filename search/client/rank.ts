// The ranking: search/index/score.go, line by line. Its comments say what is
// reckoned and why; whoever changes a number changes it there.

import type { Posting, Rec } from "./termshard";

export type Layer = {
  weight: number;
  lists: Posting[][];
  window: boolean; // no lists: counted from the members
  idf: number;
  tf: number; // in the document or passage that is being scored
  concept: number;
  member: number; // −1 for the concept itself
  // What it matches, for marking:
  forms: string[];
  prefix?: string;
  part?: Rec;
};

/** A word of the query. */
export type Concept = { layers: Layer[]; members: Concept[]; idf: number };

export type Ranked = { doc: number; score: number; passage: number };

// What matches in one place: in a passage each layer once, in a name with the
// word's place and the name's length.
type Group = [layer: Layer, n: number, len?: number][];
type Scored = [score: number, quality: number];

const SATURATION = 2;
const COVERAGE_POWER = 1.35;
const PASSAGE_SHARE = 0.4;
export const MEMBER_SHARE = 0.75;
const TITLE_BONUS = 1.4;
const NAME_BONUS = 2;
const WINDOW_NAME_TF = 9;
export const WINDOW = 0.6; // weight of a compound's members together

const SCORE_STEP = 1e-6; // less does not count, so that rounding does not decide

const tfOf = ({ level }: Posting): number => (SATURATION * (level / 16)) / (1 - level / 16);

const idf = (df: number, n: number): number => Math.log(1 + (n - df + 0.5) / (df + 0.5));

// Layers are sorted, so that the first that matched is the best.
function layered(layers: Layer[]): Scored {
  let total = 0, before = 0, score = 0;
  for (const l of layers) {
    total += l.tf;
    const now = total && total / (total + SATURATION);
    score += l.weight * l.idf * (now - before);
    before = now;
  }
  return [score, layers.find((l) => l.tf)?.weight ?? 0];
}

function scoreOf(c: Concept): Scored {
  const [score, quality] = layered(c.layers);
  let sum = 0, best = 0, all = 0;
  for (const m of c.members) {
    const [s, q] = layered(m.layers);
    sum += s * MEMBER_SHARE;
    best += q * m.idf;
    all += m.idf;
  }
  return [Math.max(score, sum), Math.max(quality, all && (MEMBER_SHARE * best) / all)];
}

/** Reckons with the concepts of one query; boosts are by ordinal. */
export function scorer(concepts: Concept[], boosts: number[]) {
  const n = boosts.length;
  const posts: [Layer, Posting][][] = []; // by ordinal
  let weight = 0; // idf of the whole query

  const gather = (c: Concept, concept: number, member: number) => {
    const matched = new Set<number>();
    for (const layer of c.layers) {
      layer.concept = concept;
      layer.member = member;
      for (const list of layer.lists) {
        for (const post of list) {
          matched.add(post.doc);
          (posts[post.doc] ||= []).push([layer, post]);
        }
      }
      if (matched.size) {
        layer.idf = idf(matched.size, n);
        c.idf = Math.max(c.idf, layer.idf);
      }
    }
    let sum = 0;
    c.members.forEach((m, k) => {
      gather(m, concept, k);
      sum += m.idf;
    });
    // A compound that does not occur weighs what its members weigh together.
    c.idf = c.idf || Math.min(sum, idf(1, n));
    for (const l of c.layers) if (l.window) l.idf = c.idf;
  };
  concepts.forEach((c, i) => {
    gather(c, i, -1);
    weight += c.idf;
  });

  // Adds up concepts and lowers the sum by the share of the query's weight that is missing.
  const combine = (tfs: Group): number => {
    let sum = 0, matched = 0;
    for (const [l, tf] of tfs) l.tf += tf;
    for (const c of concepts) {
      const [x, quality] = scoreOf(c);
      sum += x;
      matched += quality * c.idf;
    }
    for (const [l] of tfs) l.tf = 0;
    return sum && sum * Math.pow(matched / weight, COVERAGE_POWER);
  };

  const put = (groups: Map<number, Group>, at: number, ...x: Group) => groups.set(at, [...(groups.get(at) ?? []), ...x]);

  const namesOf = (doc: number): Group[] => {
    const groups = new Map<number, Group>();
    for (const [layer, { names }] of posts[doc]) {
      for (let i = 0; i < names.length; i += 3) put(groups, names[i], [layer, names[i + 1], names[i + 2]]);
    }
    return [...groups.values()];
  };

  // How well a name matches a concept; words gets how well each of its words is matched.
  const inName = (c: Concept, at: Group, words: number[]): number => {
    const best: number[] = [], here: number[] = []; // by member, and the concept itself as −1; by place
    const raise = (all: number[], i: number, weight: number) => (all[i] = Math.max(all[i] ?? 0, weight));
    for (const [layer, pos] of at) {
      if (concepts[layer.concept] != c || pos >= at[0][2]!) continue;
      raise(best, layer.member, layer.weight);
      raise(here, pos, layer.weight);
    }
    here.forEach((w, pos) => (words[pos] = (words[pos] ?? 0) + w));
    let sum = 0, all = 0;
    c.members.forEach((m, k) => {
      sum += (best[k] ?? 0) * m.idf;
      all += m.idf;
    });
    return Math.max(best[-1] ?? 0, all && (WINDOW * sum) / all);
  };

  // How much a name of the document and the query are the same.
  const nameBonus = (names: Group[]): number => {
    let best = 0;
    for (const at of names) {
      let matched = 0, covered = 0;
      const words: number[] = [];
      for (const c of concepts) matched += c.idf * inName(c, at, words);
      words.forEach((w) => (covered += Math.min(1, w)));
      const share = matched / weight, length = covered / (at[0][2] || 1);
      best = Math.max(best, TITLE_BONUS * (share * share * Math.sqrt(length)) + (Math.min(share, length) > 0.999 ? NAME_BONUS : 0));
    }
    return weight * best;
  };

  // In how many places all members of a compound stand together.
  const together = (concept: number, groups: Group[]): number =>
    groups.filter((at) =>
      new Set(at.flatMap(([l]) => (l.concept == concept && l.member >= 0 ? l.member : []))).size == concepts[concept].members.length,
    ).length;

  /** The first stage: every document that any concept matches. */
  const rank = (allowed: (doc: number) => boolean): Ranked[] => {
    const found: Ranked[] = [];
    posts.forEach((all, doc) => {
      if (!allowed(doc)) return;
      const score = boosts[doc] * combine(all.map(([layer, post]) => [layer, tfOf(post)])) + nameBonus(namesOf(doc));
      if (score > 0) found.push({ doc, passage: -1, score });
    });
    return sortRanked(found);
  };

  /** The second stage: a document again, by where the words stand in it. */
  const refine = ({ doc }: Ranked): Ranked => {
    const names = namesOf(doc), places = new Map<number, Group>(), tfs: Group = [];
    for (const [layer, post] of posts[doc]) {
      tfs.push([layer, tfOf(post)]);
      for (const at of post.passages) put(places, at, [layer, 1]);
    }
    concepts.forEach(({ layers }, i) => {
      for (const l of layers) {
        if (l.window) tfs.push([l, together(i, [...places.values()]) + together(i, names) * WINDOW_NAME_TF]);
      }
    });
    // Each passage is scored like a small document; the best three count 1, ½, ¼.
    const [a, b, c] = [...places]
      .map(([passage, here]) => ({ passage, score: combine(here) }))
      .filter((p) => p.score > 0)
      .sort((a, b) => b.score - a.score || a.passage - b.passage);
    const sum = (a?.score ?? 0) + (b?.score ?? 0) / 2 + (c?.score ?? 0) / 4;
    return { doc, passage: a?.passage ?? -1, score: boosts[doc] * (combine(tfs) + PASSAGE_SHARE * sum) + nameBonus(names) };
  };

  return { rank, refine };
}

export const sortRanked = (found: Ranked[]): Ranked[] =>
  found.sort((a, b) => Math.round(b.score / SCORE_STEP) - Math.round(a.score / SCORE_STEP) || a.doc - b.doc);
