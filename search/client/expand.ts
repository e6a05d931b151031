// Turns the words of a query into concepts, as search/index/expand.go and the
// dictionary do, from the records of the shards. Nothing here waits: what is
// not there yet is asked for, and all is done again when it has come (settle).

import { bare, derivations, distance, members, stem, strip, umlaut, type Token } from "./analyze";
import type { Query } from "./query";
import { WINDOW, type Concept, type Layer } from "./rank";
import { byOrder, place, type Session, type Shards } from "./shards";
import { none, type Form, type Posting, type Rec, type SpellWord } from "./termshard";

const MAX_CONCEPTS = 24; // words of a query that are looked up
const MEMBERS_BELOW = 40; // documents: a commoner compound does not need its members
const DERIVED_BELOW = 3; // documents: commoner words do not need their derivations
const PREFIX_BELOW = 2; // documents: rarer words may be the beginning of another
const PREFIX_SHARDS = 9; // that are gone through for a prefix without a record
const PREFIX_DOCS = 60, PREFIX_PASSAGES = 3, PREFIX_WORDS = 8, MAX_NAMES = 6; // of merged lists

const DIVIDE_MOST = 4; // members of a word that the site does not have
const RARER_THAN = 10; // times, and a word of few documents may be a typo itself
const SPELL_MOST = 9; // edits between forms of one word and what was typed

const EXACT = 1, STEM = 0.9, JOINED = 0.9, SYNONYM = 0.8, TYPO = 0.8, PREFIX = 0.8, DERIVED = 0.5, PART = 0.5, UMLAUT = 0.1;

const concept = (): Concept => ({ layers: [], members: [], idf: 0 });

const add = (c: Concept, weight: number, lists: Posting[][], what?: Partial<Layer>) =>
  c.layers.push({ weight, lists, window: false, idf: 0, tf: 0, concept: 0, member: 0, forms: none, ...what });

const addForms = (c: Concept, weight: number, forms: Form[]) =>
  forms[0] && add(c, weight, forms.map((f) => f.list), { forms: forms.map((f) => f.form) });

const addPart = (c: Concept, weight: number, part?: Rec) => add(c, weight, part ? [part.part] : none, { part });

const sortLayers = (c: Concept) => c.layers.sort((a, b) => b.weight - a.weight);

/** How a form is written: the mask says which of its pairs are one letter. */
function written({ form, mask }: Form, big: boolean): string {
  let all = "";
  for (let i = 0; i < form.length; i++) {
    const k = "ae oe ue ss ".indexOf(form.slice(i, i + 2) + " ") / 3;
    if (k >= 0 && mask & 1) i++;
    all += k >= 0 && mask & 1 ? "äöüß"[k] : form[i];
    if (k >= 0) mask >>= 1;
  }
  return big ? all[0].toUpperCase() + all.slice(1) : all;
}

// merge makes one list of several: of each document what its highest level says.
function merge(lists: Posting[][]): Posting[] {
  const best = new Map<number, Posting>();
  for (const p of lists.flat().sort((a, b) => b.level - a.level || a.doc - b.doc)) {
    const m = best.get(p.doc);
    if (m ? m.level == p.level : best.size < PREFIX_DOCS) {
      best.set(p.doc, m ? { ...m, all: m.all && p.all, names: [...m.names, ...p.names], passages: [...m.passages, ...p.passages] } : p);
    }
  }
  return [...best.values()].map((p) => ({
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
  let found: SpellWord[] = [];
  for (const w of near) {
    let d = distance(form, w.form, limit);
    if (!sensible) d = Math.min(d, distance(stem(form), stem(w.form), limit));
    if (w.form[0] != form[0]) d++;
    if (d > limit || found.some((f) => f.form == w.form)) continue;
    if (d < limit) found = [];
    limit = d;
    found.push(w);
  }
  return found.sort((a, b) => b.docs - a.docs || byOrder(a.form, b.form)).slice(0, 2);
}

// What a member costs that so many documents attest, and one of three letters.
const rarity = (docs: number): number => Math.max(0, 16 - Math.round(16 * Math.log2(docs)) / 16);
const short = (form: string): number => (form[3] ? 0 : 12);

/** Looks words up in the shards, and expands queries. */
export function dictionary({ terms, spell, least, scan, stopWords }: Shards, s: Session) {
  const { records, use } = s;

  /** The entry of a form, or of a term that stands beside one: §21, 2021/821. */
  const entry = (form: string): Form =>
    records(/[§/]/.test(form) ? form : stem(form)).flatMap((r) => r.forms).find((f) => f.form == form) ??
    ({ form, list: none } as unknown as Form);

  /** The record that a form belongs to, and its twin that differs by an umlaut. */
  const lookup = (form: string): (Rec | undefined)[] => {
    const found = records(stem(form));
    const best = Math.max(0, found.findIndex((r) => r.forms.some((f) => f.form == form) || (r.twin && umlaut(form))));
    return [found[best], found[best ? 0 : 1]];
  };

  const stemOf = (r: Rec): string => (r.twin && r.forms[0] ? strip(r.forms[0].form) : r.key);

  const derived = (key: string): Form[] => derivations(key).flatMap(records).flatMap((r) => r.forms);

  // What all words say together whose key begins with a prefix, and the commonest of them.
  const prefix = (p: string): { list: Posting[]; words: string[] } => {
    const [wide] = records(p + "*");
    if (wide) return wide;
    const found: Rec[] = [];
    const to = place(terms, p + "\uffff");
    for (let i = place(terms, p); i <= to && to - i < PREFIX_SHARDS; i++) {
      use(`t/${i}`)?.forEach((all: Rec[], key: string) => key.startsWith(p) && found.push(...all));
    }
    return {
      list: merge(found.flatMap((r) => r.forms.map((f) => f.list))),
      words: found
        .filter((r) => r.docs)
        .map(({ docs, forms }) => ({ docs, best: forms.filter((f) => !f.glued).sort((a, b) => b.docs - a.docs)[0] }))
        .filter(({ best }) => best?.docs && !stopWords.has(best.form))
        .sort((a, b) => b.docs - a.docs || byOrder(a.best.form, b.best.form))
        .slice(0, PREFIX_WORDS)
        .map(({ best }) => written(best, best.noun)),
    };
  };

  // The words in the blocks in which a form would stand.
  const near = (form: string): SpellWord[] => {
    const reverse = (s: string) => [...s].reverse().join("");
    const block = (kind: number, word: string): SpellWord[] => (spell[kind][0] && use(`s/${"fb"[kind]}${place(spell[kind], word)}`)) || none;
    return /^[a-z]{4,}$/.test(form)
      ? [...block(0, form), ...block(1, reverse(form)).map(({ form, docs }) => ({ form: reverse(form), docs }))]
      : none;
  };

  // Takes a word that the site does not have for a compound of words that it
  // has, and returns their stems: two, or more if there is no other way.
  const divide = (form: string, most: number): string[] => {
    if (!form[6] || most < 2) return none;
    let best: string[] = none, cost = Infinity, longest = "", at = 0;
    const member = (form: string): number => {
      const [r] = lookup(form); // in whatever inflection the site has it
      return r?.forms.some((f) => f.member) ? Math.max(r.docs, least) : 0;
    };
    const stemOfForm = (form: string) => stemOf(lookup(form)[0]!);
    for (let i = 3; i <= form.length - 3; i++) {
      const right = form.slice(i);
      for (const [left, x] of members(form.slice(0, i))) {
        const n = member(left), docs = n && member(right);
        if (n && left[3] && left.length > longest.length) {
          longest = left;
          at = i;
        }
        const sum = docs ? x + rarity(n) + rarity(docs) + short(left) + short(right) : Infinity;
        if (sum < cost) {
          best = [left, right].map(stemOfForm);
          cost = sum;
        }
      }
    }
    if (!best[0] && longest && !s.wait) {
      const rest = divide(form.slice(at), most - 1);
      if (rest[0]) best = [stemOfForm(longest), ...rest];
    }
    return best;
  };

  // Gives a compound its members as concepts of their own.
  const addMembers = (c: Concept, stems: string[], scale: number) => {
    if (!stems[1]) return;
    for (const stem of stems) {
      const m = concept(), r = records(bare(stem)).find((r) => stemOf(r) == stem);
      if (r) addForms(m, scale * EXACT, r.forms);
      if (r && r.docs <= DERIVED_BELOW) addForms(m, scale * DERIVED, derived(r.key));
      addPart(m, scale * STEM, r);
      sortLayers(m);
      c.members.push(m);
    }
    add(c, scale * WINDOW, none, { window: true });
  };

  // Fills a concept from one word. It returns a correction if the site does
  // not know the word.
  const addLayers = (c: Concept, { form, also, arabic }: Token, last: boolean, only: boolean): Form | undefined => {
    const own = entry(form), other = also && entry(also), number = arabic && entry(arabic);
    const [r, twin] = lookup(form);
    if (other && also[0] == "§") {
      addForms(c, EXACT, [other]);
      addForms(c, DERIVED, [own]);
      return;
    }
    addForms(c, EXACT, [own]);
    if (other) addForms(c, JOINED, [other]);
    if (number) add(c, JOINED, [number.list]); // without its form: a 5 for a V is no mark
    const typed = last && !/^\d/.test(form) ? bare(form) : "";
    if (typed[1]) records(typed + "*");
    if (s.wait) return;
    const docs = r?.docs ?? 0;
    if (r) {
      addForms(c, STEM, r.forms.filter((f) => f.form != form));
      addPart(c, PART, r);
      if (twin) addForms(c, UMLAUT, twin.forms);
      if (docs < MEMBERS_BELOW) addMembers(c, r.members, 1);
    }
    if (docs <= DERIVED_BELOW) addForms(c, DERIVED, derived(stem(form)));
    if (/^\d/.test(form)) return;
    if (typed[1] && (docs <= PREFIX_BELOW || only)) {
      const { list } = prefix(typed);
      if (list[0]) add(c, PREFIX, [list], { prefix: typed });
      if (list[0] && docs <= PREFIX_BELOW) return;
    }
    // The site has the word, or compounds with it.
    if (docs > PREFIX_BELOW || (!docs && r?.part[0]) || s.wait) return;
    const words = near(form);
    if (!docs && !r?.members[0]) addMembers(c, divide(form, DIVIDE_MOST), 1);
    if (s.wait) return;
    const alike = similar(words, form, !!(docs || c.members[0] || c.layers[1]));
    const [best] = alike.filter((w) => w.docs >= RARER_THAN * docs).map((w, i) => {
      const [r] = lookup(w.form);
      if (r) {
        addForms(c, TYPO, r.forms);
        addPart(c, TYPO * PART, r);
        if (!i && !c.members[0]) addMembers(c, r.members, TYPO);
      }
      return r;
    });
    // Of its forms, the one that is spelled most like what was typed.
    const edits = (f: Form) => distance(f.form, form, SPELL_MOST);
    return best?.forms.slice().sort((a, b) => edits(a) - edits(b))[0];
  };

  // Adds the words that a word of the query makes with its neighbours, at most
  // three: "Bundes Haushalts Ordnung", "Dual Use".
  const join = (c: Concept, words: Token[], i: number) => {
    const found = new Map<string, Form>();
    for (let from = Math.max(0, i - 2); from <= i; from++) {
      let starts = [""];
      for (let to = from; to <= from + 2 && words[to] && lookup(words[to].form)[0]?.joins; to++) {
        const { form, pos } = words[to], key = stem(form);
        if (pos - words[from].pos != to - from) break;
        if (to > from && to >= i) {
          for (const start of starts) lookup(start + form)[0]?.forms.forEach((f) => found.set(f.form, f));
        }
        const bodies = form.startsWith(key) && key != form ? [form, key] : [form];
        starts = starts.flatMap((start) => bodies.flatMap((body) => ["", "s", "n", "en", "es", "e"].map((link) => start + body + link)));
      }
    }
    addForms(c, JOINED, [...found.values()].sort((a, b) => byOrder(a.form, b.form)));
  };

  // Gives the list of a group of synonyms to every word of the member that the
  // query names.
  const shareSynonyms = (concepts: Map<string, Concept>, tokens: Token[]) => {
    tokens.forEach((t, i) => {
      if (t.stop || !concepts.has(t.form)) return;
      const stand = (lookup(t.form)[0]?.synonyms ?? none).filter(({ caps, rest, gap }) => {
        const here = tokens.slice(i + 1, i + 1 + gap).filter((t) => !t.stop).map((other) => `${stem(other.form)} ${other.pos - t.pos}`);
        return here.join() == rest && (t.caps || !caps);
      });
      const covered = tokens.slice(i, i + 1 + Math.max(0, ...stand.map((x) => x.gap)));
      for (const { list } of stand) {
        for (const { form } of covered) {
          const c = concepts.get(form);
          if (c) add(c, SYNONYM, [list]);
        }
      }
    });
  };

  /** A concept for each word but stop words, and what the query should perhaps have been. */
  const expand = ({ text: query, words: text, open }: Query): { concepts: Concept[]; suggestion: string } => {
    const tokens = scan(text);
    const words = tokens.filter((t) => !t.stop).slice(0, MAX_CONCEPTS);
    const concepts = new Map<string, Concept>();
    let suggestion = "", end = 0;
    words.forEach((t, i) => {
      const c = concept();
      s.wait = false; // of this word alone: the others may go on
      const better = addLayers(c, t, open && !words[i + 1] && t.end == text.length, !words[1]);
      if (better) {
        suggestion += query.slice(end, t.start) + written(better, better.noun || /^\p{Lu}/u.test(text.slice(t.start)));
        end = t.end;
      }
      join(c, words, i);
      if (!concepts.has(t.form)) concepts.set(t.form, c);
    });
    shareSynonyms(concepts, tokens);
    concepts.forEach(sortLayers);
    return { concepts: [...concepts.values()], suggestion: end ? suggestion + query.slice(end) : "" };
  };

  /** How the word at the end of a text may go on. */
  const completions = (form: string): string[] => {
    const p = bare(form);
    s.wait = false;
    if (p[1]) records(p + "*");
    return p[1] && !s.wait ? prefix(p).words : none;
  };

  /** The words of a text without stop words. */
  const content = (text: string): Token[] => scan(text).filter((t) => !t.stop);

  /** The words of a phrase, taken as they are written. */
  const exact = (phrase: string): Concept[] =>
    content(phrase).map((t) => {
      const c = concept();
      addForms(c, EXACT, [entry(t.form)]);
      return c;
    });

  return { entry, lookup, content, expand, completions, exact };
}

export type Dictionary = ReturnType<typeof dictionary>;
