// The ranking: search/index/score.go, line by line. Its comments say what is
// reckoned and why; whoever changes a number changes it there.

import type { Posting, Rec } from "./shards";

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

type Post = { layer: Layer; post: Posting };
type Named = { layer: Layer; name: number; pos: number; len: number };
type Placed = { layer: Layer; passage: number };
type Scored = [score: number, quality: number];

const SATURATION = 2;
const COVERAGE_POWER = 1.35;
const PASSAGE_SHARE = 1 / 3;
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
  const posts: Post[][] = []; // by ordinal
  let weight = 0; // idf of the whole query

  const gather = (c: Concept, concept: number, member: number) => {
    const matched = new Set<number>();
    for (const layer of c.layers) {
      layer.concept = concept;
      layer.member = member;
      for (const list of layer.lists) {
        for (const post of list) {
          matched.add(post.doc);
          (posts[post.doc] ||= []).push({ layer, post });
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
  const combine = (tfs: [Layer, number][]): number => {
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

  const namesOf = (doc: number): Named[] => {
    const all: Named[] = [];
    for (const { layer, post } of posts[doc]) {
      for (let i = 0; i < post.names.length; i += 3) {
        all.push({ layer, name: post.names[i], pos: post.names[i + 1], len: post.names[i + 2] });
      }
    }
    return all;
  };

  // How well a name matches a concept; words gets how well each of its words is matched.
  const inName = (c: Concept, at: Named[], words: number[]): number => {
    const best: number[] = [], here: number[] = []; // by member, and the concept itself as −1; by place
    const raise = (all: number[], i: number, weight: number) => (all[i] = Math.max(all[i] ?? 0, weight));
    for (const { layer, pos } of at) {
      if (concepts[layer.concept] != c || pos >= at[0].len) continue;
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
  const nameBonus = (names: Named[]): number => {
    let best = 0;
    for (const name of new Set(names.map((n) => n.name))) {
      const at = names.filter((n) => n.name == name);
      let matched = 0, covered = 0;
      const words: number[] = [];
      for (const c of concepts) matched += c.idf * inName(c, at, words);
      words.forEach((w) => (covered += Math.min(1, w)));
      const share = matched / weight, length = covered / at[0].len;
      best = Math.max(best, TITLE_BONUS * (share * share * Math.sqrt(length)) + (Math.min(share, length) > 0.999 ? NAME_BONUS : 0));
    }
    return weight * best;
  };

  // How often all members of a compound stand in one place.
  const together = <T extends { layer: Layer }>(concept: number, all: T[], where: (x: T) => number): number => {
    const seen = new Map<number, Set<number>>();
    for (const x of all) {
      if (x.layer.concept != concept || x.layer.member < 0) continue;
      const at = where(x);
      seen.set(at, (seen.get(at) ?? new Set()).add(x.layer.member));
    }
    return [...seen.values()].filter((s) => s.size == concepts[concept].members.length).length;
  };

  // Scores each passage like a small document, adds up the best three (1, ½, ¼), and names the best.
  const passages = (places: Placed[]): [sum: number, passage: number] => {
    const best = [0, 0, 0];
    let passage = -1;
    for (let i = 0; i < places.length; ) {
      const at = places[i].passage, here: [Layer, number][] = [];
      for (; places[i]?.passage == at; i++) here.push([places[i].layer, 1]);
      let x = combine(here);
      if (x > best[0]) passage = at;
      best.forEach((b, k) => {
        if (x > b) [best[k], x] = [x, b];
      });
    }
    return [best[0] + best[1] / 2 + best[2] / 4, passage];
  };

  /** The first stage: every document that any concept matches. */
  const rank = (allowed: (doc: number) => boolean): Ranked[] => {
    const found: Ranked[] = [];
    posts.forEach((all, doc) => {
      if (!allowed(doc)) return;
      const score = boosts[doc] * combine(all.map(({ layer, post }) => [layer, tfOf(post)])) + nameBonus(namesOf(doc));
      if (score > 0) found.push({ doc, passage: -1, score });
    });
    return sortRanked(found);
  };

  /** The second stage: a document again, by where the words stand in it. */
  const refine = ({ doc }: Ranked): Ranked => {
    const names = namesOf(doc);
    const tfs: [Layer, number][] = [], places: Placed[] = [];
    for (const { layer, post } of posts[doc]) {
      tfs.push([layer, tfOf(post)]);
      for (const passage of post.passages) places.push({ layer, passage });
    }
    concepts.forEach(({ layers }, i) => {
      for (const l of layers) {
        if (l.window) tfs.push([l, together(i, places, (p) => p.passage) + together(i, names, (n) => n.name) * WINDOW_NAME_TF]);
      }
    });
    const [sum, passage] = passages(places.sort((a, b) => a.passage - b.passage));
    return { doc, passage, score: boosts[doc] * (combine(tfs) + PASSAGE_SHARE * sum) + nameBonus(names) };
  };

  return { rank, refine };
}

export const sortRanked = (found: Ranked[]): Ranked[] =>
  found.sort((a, b) => Math.round(b.score / SCORE_STEP) - Math.round(a.score / SCORE_STEP) || a.doc - b.doc);
