// The ranking: search/index/score.go, line by line. Its comments say what is
// reckoned and why; whoever changes a number changes it there.

import type { Posting, Rec } from "./shards";

export type Layer = {
  weight: number;
  lists: Posting[][];
  window: boolean; // no lists: counted from the members
  idf: number;
  tf: Float64Array | null; // by ordinal
  count: number; // in the passage that is being scored
  concept: number;
  member: number; // −1 for the concept itself
  // What it matches, for marking:
  forms: string[];
  prefix: string;
  part: Rec | null;
};

/** A word of the query. */
export type Concept = { layers: Layer[]; members: Concept[]; idf: number };

export type Ranked = { doc: number; score: number; passage: number };

type Named = { layer: Layer; name: number; pos: number; len: number };
type Placed = { layer: Layer; passage: number };

const SATURATION = 2;
const COVERAGE_POWER = 1.35;
const PASSAGE_SHARE = 1 / 3;
export const MEMBER_SHARE = 0.75;
const TITLE_BONUS = 1.4;
const NAME_BONUS = 2;
const WINDOW_TF = 1;
const WINDOW_NAME_TF = 9;
export const WINDOW = 0.6; // weight of a compound's members together

const SCORE_STEP = 1e-6; // less does not count, so that rounding does not decide

const tfOf = (level: number): number => (SATURATION * (level / 16)) / (1 - level / 16);

const idf = (df: number, n: number): number => Math.log(1 + (n - df + 0.5) / (df + 0.5));

type TF = (l: Layer) => number;

function layered(layers: Layer[], tf: TF): [score: number, quality: number] {
  let total = 0, before = 0, score = 0, quality = 0;
  for (const l of layers) {
    const x = tf(l);
    if (!x) continue;
    total += x;
    const now = total / (total + SATURATION);
    score += l.weight * l.idf * (now - before);
    quality = Math.max(quality, l.weight);
    before = now;
  }
  return [score, quality];
}

function scoreOf(c: Concept, tf: TF): [score: number, quality: number] {
  const [score, quality] = layered(c.layers, tf);
  let sum = 0, best = 0, all = 0;
  for (const m of c.members) {
    const [s, q] = layered(m.layers, tf);
    sum += s * MEMBER_SHARE;
    best += q * m.idf;
    all += m.idf;
  }
  return all > 0 ? [Math.max(score, sum), Math.max(quality, (MEMBER_SHARE * best) / all)] : [score, quality];
}

/** Reckons with the concepts of one query; boosts are by ordinal. */
export function scorer(concepts: Concept[], boosts: number[]) {
  const n = boosts.length;
  const names: Named[][] = []; // by ordinal
  let weight = 0; // idf of the whole query

  const gather = (c: Concept, concept: number, member: number) => {
    const matched = new Uint8Array(n);
    let df = 0;
    for (const l of c.layers) {
      l.concept = concept;
      l.member = member;
      for (const list of l.lists) {
        for (const { doc, level, names: own } of list) {
          (l.tf ??= new Float64Array(n))[doc] += tfOf(level);
          if (!matched[doc]) df += matched[doc] = 1;
          for (let i = 0; i < own.length; i += 3) {
            (names[doc] ??= []).push({ layer: l, name: own[i], pos: own[i + 1], len: own[i + 2] });
          }
        }
      }
      if (df) {
        l.idf = idf(df, n);
        c.idf = Math.max(c.idf, l.idf);
      }
    }
    let sum = 0;
    c.members.forEach((m, k) => {
      gather(m, concept, k);
      sum += m.idf;
    });
    // A compound that does not occur weighs what its members weigh together.
    c.idf ||= Math.min(sum, idf(1, n));
    for (const l of c.layers) {
      if (l.window) {
        l.idf = c.idf;
        l.tf = new Float64Array(n);
      }
    }
  };
  concepts.forEach((c, i) => {
    gather(c, i, -1);
    weight += c.idf;
  });

  const combine = (tf: TF): number => {
    let sum = 0, matched = 0;
    for (const c of concepts) {
      const [x, quality] = scoreOf(c, tf);
      sum += x;
      matched += quality * c.idf;
    }
    return sum && sum * Math.pow(matched / weight, COVERAGE_POWER);
  };

  const whole = (doc: number) => combine((l) => (l.tf ? l.tf[doc] : 0));

  // How well a name matches a concept; words gets how well each of its words is matched.
  const inName = (c: Concept, at: Named[], words: number[]): number => {
    let own = 0;
    const members: number[] = [], here: number[] = [];
    for (const { layer, pos } of at) {
      if (concepts[layer.concept] != c || pos >= at[0].len) continue;
      if (layer.member < 0) own = Math.max(own, layer.weight);
      else members[layer.member] = Math.max(members[layer.member] ?? 0, layer.weight);
      here[pos] = Math.max(here[pos] ?? 0, layer.weight);
    }
    here.forEach((w, pos) => (words[pos] = (words[pos] ?? 0) + w));
    let sum = 0, all = 0;
    c.members.forEach((m, k) => {
      sum += (members[k] ?? 0) * m.idf;
      all += m.idf;
    });
    return all > 0 ? Math.max(own, (WINDOW * sum) / all) : own;
  };

  // How much a name of the document and the query are the same.
  const nameBonus = (doc: number): number => {
    let best = 0;
    const byName = new Map<number, Named[]>();
    for (const n of names[doc] ?? []) {
      const same = byName.get(n.name);
      if (same) same.push(n);
      else byName.set(n.name, [n]);
    }
    for (const at of byName.values()) {
      let matched = 0, covered = 0;
      const words: number[] = [];
      for (const c of concepts) matched += c.idf * inName(c, at, words);
      words.forEach((w) => (covered += Math.min(1, w)));
      const share = matched / weight, length = covered / at[0].len;
      best = Math.max(best, TITLE_BONUS * (share * share * Math.sqrt(length)) + (share > 0.999 && length > 0.999 ? NAME_BONUS : 0));
    }
    return best;
  };

  // Gives window layers their tf: all members in one passage, or in one name.
  const countWindows = (doc: number, places: Placed[]) => {
    concepts.forEach((c, i) => {
      const window = c.layers.find((l) => l.window);
      if (!window) return;
      const full = 2 ** c.members.length - 1;
      const count = <T extends { layer: Layer }>(all: T[], where: (x: T) => number) => {
        const seen = new Map<number, number>(); // members, as bits
        let n = 0;
        for (const x of all) {
          if (x.layer.concept != i || x.layer.member < 0) continue;
          const at = where(x);
          let bits = (seen.get(at) ?? 0) | (1 << x.layer.member);
          if (bits == full) {
            n++;
            bits = -1; // once
          }
          seen.set(at, bits);
        }
        return n;
      };
      window.tf![doc] = count(places, (p) => p.passage) * WINDOW_TF + count(names[doc] ?? [], (n) => n.name) * WINDOW_NAME_TF;
    });
  };

  // Scores each passage like a small document, adds up the best three (1, ½, ¼), and names the best.
  const passages = (places: Placed[]): [sum: number, passage: number] => {
    const best = [0, 0, 0];
    let passage = -1;
    for (let i = 0; i < places.length; ) {
      const from = i, at = places[i].passage;
      for (; i < places.length && places[i].passage == at; i++) places[i].layer.count++;
      let x = combine((l) => l.count);
      for (let k = from; k < i; k++) places[k].layer.count = 0;
      if (x > best[0]) passage = at;
      best.forEach((b, k) => {
        if (x > b) {
          best[k] = x;
          x = b;
        }
      });
    }
    return [best[0] + best[1] / 2 + best[2] / 4, passage];
  };

  /** The first stage: every document that any concept matches. */
  const rank = (allowed: (doc: number) => boolean): Ranked[] => {
    const found: Ranked[] = [];
    for (let doc = 0; doc < n; doc++) {
      if (!allowed(doc)) continue;
      const score = boosts[doc] * whole(doc) + weight * nameBonus(doc);
      if (score > 0) found.push({ doc, passage: -1, score });
    }
    return sortRanked(found);
  };

  /** The second stage: scores the given documents again by where the words stand. */
  const refine = (found: Ranked[]) => {
    const places = new Map<number, Placed[]>(found.map((d) => [d.doc, []]));
    for (const c of concepts) {
      for (const { layers } of [c, ...c.members]) {
        for (const layer of layers) {
          for (const list of layer.lists) {
            for (const p of list) {
              const at = p.passages[0] == null ? undefined : places.get(p.doc);
              if (at) for (const passage of p.passages) at.push({ layer, passage });
            }
          }
        }
      }
    }
    for (const d of found) {
      const at = places.get(d.doc)!.sort((a, b) => a.passage - b.passage);
      countWindows(d.doc, at);
      const [sum, passage] = passages(at);
      d.score = boosts[d.doc] * (whole(d.doc) + PASSAGE_SHARE * sum) + weight * nameBonus(d.doc);
      d.passage = passage;
    }
    return found;
  };

  return { rank, refine };
}

export const sortRanked = (found: Ranked[]): Ranked[] =>
  found.sort((a, b) => Math.round(b.score / SCORE_STEP) - Math.round(a.score / SCORE_STEP) || a.doc - b.doc);
