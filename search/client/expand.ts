// Turns the words of a query into concepts, as search/index/expand.go and the
// dictionary do, from the records of the shards. Nothing here waits: what is
// not there yet is asked for, and all is done again when it has come (settle).

import { bare, derivations, distance, members, scan, stem, stopWords, strip, umlaut, type Token } from "./analyze";
import { WINDOW, type Concept, type Layer } from "./rank";
import { none, place, type Form, type Posting, type Rec, type Session, type SpellWord } from "./shards";

const MAX_CONCEPTS = 24; // words of a query that are looked up
const DERIVED_BELOW = 10; // documents: commoner words do not need their derivations
const PREFIX_BELOW = 2; // documents: rarer words may be the beginning of another
const PREFIX_SHARDS = 9; // that are gone through for a prefix without a record
const PREFIX_DOCS = 60, PREFIX_PASSAGES = 3, PREFIX_WORDS = 8, MAX_NAMES = 6; // of merged lists

const EXACT = 1, STEM = 0.9, JOINED = 0.9, SYNONYM = 0.8, TYPO = 0.8, PREFIX = 0.8, DERIVED = 0.5, PART = 0.5, UMLAUT = 0.1;

export const newConcept = (): Concept => ({ layers: [], members: [], idf: 0 });

const add = (c: Concept, weight: number, lists: Posting[][], what?: Partial<Layer>) =>
  c.layers.push({
    weight, lists, window: false, idf: 0, tf: null, count: 0, concept: 0, member: 0, forms: none, prefix: "", part: null, ...what,
  });

const addForms = (c: Concept, weight: number, forms: Form[]) => {
  if (forms[0]) add(c, weight, forms.map((f) => f.list), { forms: forms.map((f) => f.form) });
};

const addPart = (c: Concept, weight: number, part?: Rec) => add(c, weight, part ? [part.part] : none, { part });

const sortLayers = (c: Concept) => c.layers.sort((a, b) => b.weight - a.weight);

const byBytes = (a: string, b: string) => (a < b ? -1 : +(a > b));

const isDigits = (form: string) => /^\d/.test(form);

/** How a form is written: the mask says which of its pairs are one letter. */
export function written({ form, mask }: Form): string {
  let all = "";
  for (let i = 0; i < form.length; i++) {
    const k = ["ae", "oe", "ue", "ss"].indexOf(form.slice(i, i + 2));
    all += k >= 0 && mask & 1 ? (i++, "äöüß"[k]) : form[i];
    if (k >= 0) mask >>>= 1;
  }
  return all;
}

export const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Looks words up in the shards. */
export function dictionary(s: Session) {
  const { shards, records } = s;

  const withForm = (key: string, form: string): Form =>
    records(key).flatMap((r) => r.forms).find((f) => f.form == form) ??
    { form, docs: 0, member: false, noun: false, mask: 0, list: none };

  /** The entry of a form, or of a term that stands beside one: §21, dualuse. */
  const entry = (form: string): Form => withForm(stem(form), form);
  const term = (also: string): Form => withForm(/^[a-z]/.test(also) ? stem(also) : also, also);

  /** The record that a form belongs to, and its twin that differs by an umlaut. */
  const lookup = (form: string): (Rec | undefined)[] => {
    const found = records(stem(form));
    let best = found.findIndex((r) => r.forms.some((f) => f.form == form) || (r.twin && umlaut(form)));
    if (best < 0) best = 0;
    return [found[best], found[1 - Math.min(best, 1)]];
  };

  const stemOf = (r: Rec): string => (r.twin && r.forms[0] ? strip(r.forms[0].form) : r.key);

  const byStem = (stem: string): Rec | undefined => {
    const found = records(bare(stem));
    return found.find((r) => stemOf(r) == stem) ?? found.find((r) => r.twin && !r.forms[0] && r.key != stem);
  };

  const derived = (key: string): Form[] => derivations(key).flatMap(records).flatMap((r) => r.forms);

  /** What all words together say whose key begins with a prefix, and the commonest of them. */
  const prefix = (p: string): { list: Posting[]; words: string[] } => {
    const [wide] = records(p + "*");
    if (wide) return wide;
    const found: Rec[] = [];
    const to = place(shards.terms, p + "\uffff");
    for (let i = place(shards.terms, p); i <= to && to - i < PREFIX_SHARDS; i++) {
      s.use(`t/${i}`)?.forEach((all: Rec[], key: string) => {
        if (key.startsWith(p)) found.push(...all);
      });
    }
    const best = found
      .filter((r) => r.docs)
      .map((r) => ({ docs: r.docs, best: r.forms.reduce((a, b) => (b.docs > a.docs ? b : a)) }))
      .sort((a, b) => b.docs - a.docs || byBytes(a.best.form, b.best.form))
      .slice(0, PREFIX_WORDS);
    return {
      list: merge(found.flatMap((r) => r.forms.map((f) => f.list))),
      words: best.map(({ best }) => (best.noun ? capital(written(best)) : written(best))),
    };
  };

  /** The words in the blocks in which a form would stand. */
  const near = (form: string): SpellWord[] => {
    if (!/^[a-z]{4,}$/.test(form)) return none;
    const reverse = (s: string) => [...s].reverse().join("");
    const back = reverse(form);
    const block = (kind: string, i: number, word: string): SpellWord[] =>
      (shards.spell[i][0] && s.use(`s/${kind}${place(shards.spell[i], word)}`)) || none;
    return [...block("f", 0, form), ...block("b", 1, back).map((w) => ({ ...w, form: reverse(w.form) }))];
  };

  return { entry, term, lookup, stemOf, byStem, derived, prefix, near };
}

type Dictionary = ReturnType<typeof dictionary>;

// merge makes one list of several: of each document what its highest level says.
function merge(lists: Posting[][]): Posting[] {
  const byDoc = new Map<number, Posting>();
  for (const p of lists.flat()) {
    const m = byDoc.get(p.doc);
    if (!m || m.level < p.level) byDoc.set(p.doc, p);
    else if (m.level == p.level) {
      byDoc.set(p.doc, { ...m, all: m.all && p.all, names: [...m.names, ...p.names], passages: [...m.passages, ...p.passages] });
    }
  }
  return [...byDoc.values()]
    .sort((a, b) => b.level - a.level || a.doc - b.doc)
    .slice(0, PREFIX_DOCS)
    .sort((a, b) => a.doc - b.doc)
    .map((p) => ({
      ...p,
      names: p.names.slice(0, MAX_NAMES * 3),
      passages: [...new Set(p.passages.slice().sort((a, b) => a - b))].slice(0, PREFIX_PASSAGES),
    }));
}

// similar returns the words at the smallest distance from a mistyped one, the
// commonest first: one edit, from eight letters two, but only one if the word
// makes sense otherwise. A wrong first letter counts as an edit more.
function similar(near: SpellWord[], form: string, sensible: boolean): SpellWord[] {
  let limit = form.length > 7 && !sensible ? 2 : 1;
  const key = stem(form);
  let found: SpellWord[] = [];
  for (const w of near) {
    let d = distance(form, w.form, limit);
    if (!sensible && d) d = Math.min(d, distance(key, stem(w.form), limit));
    if (w.form[0] != form[0]) d++;
    if (d > limit || found.some((f) => f.form == w.form)) continue;
    if (d < limit) found = [];
    limit = d;
    found.push(w);
  }
  return found.sort((a, b) => b.docs - a.docs || byBytes(a.form, b.form)).slice(0, 2);
}

const rarity = (docs: number): number => Math.max(0, 16 - Math.log2(docs));
const short = (form: string): number => (form.length < 4 ? 12 : 0);

// divide takes a word that the site does not have for a compound of two words
// that it has, and returns their stems.
function divide(s: Session, d: Dictionary, form: string): string[] {
  let best: string[] = none, cost = Infinity;
  const least = s.shards.least;
  const member = (form: string): number => {
    const [r] = d.lookup(form);
    return r?.forms.some((f) => f.form == form && f.member) ? Math.max(r.docs, least) : 0;
  };
  const stemOf = (form: string) => d.stemOf(d.lookup(form)[0]!);
  for (let i = 3; i <= form.length - 3; i++) {
    const right = form.slice(i);
    for (const [left, x] of members(form.slice(0, i))) {
      const n = member(left), docs = n && member(right);
      const sum = docs ? x + rarity(n) + rarity(docs) + short(left) + short(right) : Infinity;
      if (sum < cost) {
        best = [stemOf(left), stemOf(right)];
        cost = sum;
      }
    }
  }
  return best;
}

// addMembers gives a compound its members as concepts of their own.
function addMembers(c: Concept, d: Dictionary, stems: string[], scale: number) {
  if (stems.length < 2) return;
  for (const stem of stems) {
    const m = newConcept(), r = d.byStem(stem);
    if (r) {
      addForms(m, scale * EXACT, r.forms);
      if (r.docs <= DERIVED_BELOW) addForms(m, scale * DERIVED, d.derived(r.key));
    }
    addPart(m, scale * STEM, r);
    sortLayers(m);
    c.members.push(m);
  }
  add(c, scale * WINDOW, none, { window: true });
}

// layers fills a concept from one word. It returns a correction if the site
// does not know the word.
function layers(s: Session, d: Dictionary, c: Concept, t: Token, last: boolean, only: boolean): Form | undefined {
  const { form, also, arabic } = t;
  const [r, twin] = d.lookup(form);
  if (also[0] == "§") {
    addForms(c, EXACT, [d.term(also)]);
    addForms(c, DERIVED, [d.entry(form)]);
    return;
  }
  addForms(c, EXACT, [d.entry(form)]);
  if (also) addForms(c, JOINED, [d.term(also)]);
  if (arabic) addForms(c, JOINED, [d.entry(arabic)]);
  const typed = last && !isDigits(form) ? bare(form) : "";
  if (typed[1]) s.records(typed + "*");
  if (s.wait) return;
  const docs = r?.docs ?? 0;
  if (r) {
    addForms(c, STEM, r.forms.filter((f) => f.form != form));
    addPart(c, PART, r);
    if (twin) addForms(c, UMLAUT, twin.forms);
    addMembers(c, d, r.members, 1);
  }
  if (docs <= DERIVED_BELOW) addForms(c, DERIVED, d.derived(stem(form)));
  if (isDigits(form)) return;
  if (typed[1] && (docs <= PREFIX_BELOW || only)) {
    const { list } = d.prefix(typed);
    if (list[0]) {
      add(c, PREFIX, [list], { prefix: typed });
      if (docs <= PREFIX_BELOW) return;
    }
  }
  if (docs || s.wait) return;
  const near = d.near(form);
  if (!r?.members[0] && form.length > 6) addMembers(c, d, divide(s, d, form), 1);
  if (s.wait) return;
  let better: Form | undefined;
  similar(near, form, c.members.length > 0 || c.layers.length > 1).forEach((w, i) => {
    const [r] = d.lookup(w.form);
    if (!r) return;
    addForms(c, TYPO, r.forms);
    addPart(c, TYPO * PART, r);
    if (!i && !c.members[0]) addMembers(c, d, r.members, TYPO);
    if (!i) better = d.entry(w.form);
  });
  return better;
}

// join adds the words that a word of the query makes with its neighbours, at
// most three: "Bundes Haushalts Ordnung", "Dual Use".
function join(d: Dictionary, c: Concept, words: Token[], i: number) {
  const found = new Map<string, Form>();
  for (let from = Math.max(0, i - 2); from <= i; from++) {
    let starts = [""];
    for (let to = from; to < words.length && to <= from + 2 && d.lookup(words[to].form)[0]?.joins; to++) {
      const { form, pos } = words[to];
      if (to > from && pos != words[to - 1].pos + 1) break;
      if (to > from && to >= i) {
        for (const start of starts) d.lookup(start + form)[0]?.forms.forEach((f) => found.set(f.form, f));
      }
      const key = stem(form);
      const bodies = form.startsWith(key) && key != form ? [form, key] : [form];
      starts = starts.flatMap((start) => bodies.flatMap((body) => ["", "s", "n", "en", "es", "e"].map((link) => start + body + link)));
    }
  }
  addForms(c, JOINED, [...found.values()].sort((a, b) => byBytes(a.form, b.form)));
}

// shareSynonyms gives the list of a group of synonyms to every word of the
// member that the query names.
function shareSynonyms(d: Dictionary, tokens: Token[], concepts: Map<string, Concept>) {
  tokens.forEach((t, i) => {
    if (!concepts.has(t.form) || t.stop) return;
    const lists: Posting[][] = [];
    let covers = 1;
    for (const { caps, rest, list } of d.lookup(t.form)[0]?.synonyms ?? none) {
      // Positions count words one by one, so that distances are places.
      const stands = rest.every(({ key, gap }) => {
        const other = tokens[i + gap];
        return other && !other.stop && stem(other.form) == key;
      });
      const end = i + (rest[0] ? rest[rest.length - 1].gap : 0);
      const between = tokens.slice(i, end + 1).filter((t) => !t.stop).length;
      if ((caps && !t.caps) || !stands || between != rest.length + 1) continue;
      lists.push(list);
      covers = Math.max(covers, end + 1 - i);
    }
    for (const list of lists) {
      for (const { form } of tokens.slice(i, i + covers)) {
        const c = concepts.get(form);
        if (c) add(c, SYNONYM, [list]);
      }
    }
  });
}

/** A concept for each word but stop words, and what the query should perhaps have been. */
export function expand(s: Session, text: string, open: boolean): { concepts: Concept[]; suggestion: string } {
  const d = dictionary(s);
  const tokens = scan(text);
  const words = tokens.filter((t) => !t.stop).slice(0, MAX_CONCEPTS);
  const concepts = new Map<string, Concept>();
  let suggestion = "", end = 0;
  words.forEach((t, i) => {
    const c = newConcept();
    s.wait = false; // of this word alone: the others may go on
    const better = layers(s, d, c, t, open && i == words.length - 1 && t.end == text.length, !words[1]);
    if (better) {
      const shown = written(better);
      suggestion += text.slice(end, t.start) + (/^\p{Lu}/u.test(text.slice(t.start)) ? capital(shown) : shown);
      end = t.end;
    }
    join(d, c, words, i);
    if (!concepts.has(t.form)) concepts.set(t.form, c);
  });
  shareSynonyms(d, tokens, concepts);
  concepts.forEach(sortLayers);
  return { concepts: [...concepts.values()], suggestion: end ? suggestion + text.slice(end) : "" };
}

/** How the word at the end of a text may go on. */
export function completions(s: Session, form: string): string[] {
  const p = bare(form);
  s.wait = false;
  if (p[1]) s.records(p + "*");
  return p[1] && !s.wait ? dictionary(s).prefix(p).words.filter((w) => !stopWords.has(w)) : none;
}

/** The words of a phrase, taken as they are written. */
export const exact = (s: Session, phrase: string): Concept[] =>
  content(phrase).map((t) => {
    const c = newConcept();
    addForms(c, EXACT, [dictionary(s).entry(t.form)]);
    return c;
  });

/** The words of a text without stop words. */
export const content = (text: string): Token[] => scan(text).filter((t) => !t.stop);
