// Phrases, exclusions and title words, as search/index/phrase.go has them. The
// postings say which documents have all words in one passage or beside each
// other in a name; whether the passage has the phrase itself, its text tells,
// which is read for the best documents only.

import { scan, type Token } from "./analyze";
import { content, type Dictionary } from "./expand";
import type { Query } from "./query";
import type { Ranked } from "./rank";
import { MANY, none, type Session, type Shards } from "./shards";

const VERIFY_MOST = 40; // documents whose text is read
const VERIFY_CHUNKS = 4; // fragments of a document that the words of a phrase stand all over
const AT_ONCE = 10; // documents whose text is asked for together

// Where a document may have a phrase: passages as in its postings, and names
// with the place in them and their length.
type Place = { all: boolean; names: string[]; passages: number[] };
type Phrase = { words: Token[]; found: Map<number, Place> };

// match looks for a phrase in the postings.
function match({ entry }: Dictionary, words: Token[]): Map<number, Place> {
  let found = new Map<number, Place>();
  words.forEach((w, i) => {
    const next = new Map<number, Place>();
    for (const { doc, all, names, passages } of entry(w.form).list) {
      const starts: string[] = [];
      for (let k = 0; k < names.length; k += 3) starts.push(`${names[k]} ${names[k + 1] - i} ${names[k + 2]}`);
      const before = i ? found.get(doc) : { all: true, names: starts, passages: none };
      if (!before) continue;
      next.set(doc, {
        all: all && before.all,
        names: before.names.filter((n) => starts.includes(n)),
        // A word that stands all over the document says nothing.
        passages: before.all ? passages : before.passages.filter((at) => all || passages.includes(at)),
      });
    }
    found = next;
  });
  found.forEach((at, doc) => at.all || at.names[0] || at.passages.length || found.delete(doc));
  return found;
}

// having returns the documents that have all words of a text, in any
// inflection, in the title or anywhere; nothing for a text without words.
function having({ entry, lookup }: Dictionary, text: string, inTitle: boolean): Set<number> | undefined {
  let having: Set<number> | undefined;
  for (const { form } of content(text)) {
    const docs = new Set<number>();
    for (const f of lookup(form)[0]?.forms ?? [entry(form)]) {
      for (const { doc, names } of f.list) {
        const isThere = !inTitle || names.some((x, i) => i % 3 == 0 && x == 0);
        if (isThere && (!having || having.has(doc))) docs.add(doc);
      }
    }
    having = docs;
  }
  return having;
}

/** The phrases of a query, and which documents the query allows. */
export function constraints(d: Dictionary, q: Query): { phrases: Phrase[]; allowed: (doc: number) => boolean } {
  const phrases = q.phrases
    .map((phrase) => content(phrase))
    .filter((words) => words[0])
    .map((words) => ({ words, found: match(d, words) }));
  const without = q.without.map((text) => having(d, text, false));
  const title = q.title.map((text) => having(d, text, true));
  return {
    phrases,
    allowed: (doc) =>
      phrases.every(({ found }) => found.has(doc)) &&
      without.every((docs) => !docs?.has(doc)) &&
      title.every((docs) => docs?.has(doc)),
  };
}

/** Which of the best documents do not have the phrases, as far as they are read. */
export function refuted({ chunks }: Shards, s: Session, phrases: Phrase[], shown: Ranked[], enough: number): Set<number> {
  const without = new Set<number>();
  let good = 0, read = 0, ahead = 0;
  for (const { doc } of shown) {
    if (good >= enough || read >= VERIFY_MOST || ahead >= AT_ONCE) break;
    s.wait = false;
    let ok = true;
    for (const { words, found } of phrases) {
      const { all, names, passages } = found.get(doc)!;
      if (names[0]) continue;
      read += all ? VERIFY_CHUNKS : 1;
      ok = ok && has(s, chunks[doc], doc, all, passages, words);
    }
    if (s.wait) ahead++;
    else if (ok) good++;
    else without.add(doc);
  }
  return without;
}

// has tells whether one of the passages has the phrase. What cannot be read,
// as the end of a long section, is taken to have it.
function has(s: Session, chunk: number, doc: number, all: boolean, passages: number[], words: Token[]): boolean {
  const size = 2 ** chunk;
  // The document has at least MANY passages, and so the fragments with those.
  if (all) passages = [...Array(Math.min(VERIFY_CHUNKS, ((MANY - 1) >> chunk) + 1) * size).keys()];
  return passages
    .map((at) => ({ at, fragment: s.fragment(doc, at) }))
    .some(({ at, fragment }) => {
      const passage = fragment?.p[at % size];
      if (!passage) return !all;
      const [text, title, , more] = passage;
      if (!text && at && (title == null || more)) return !all;
      const texts = [title && !more ? title : "", text, ...((!at && fragment!.g) || none)];
      return texts.some((text) => stands(words, scan(text)));
    });
}

// stands tells whether words stand among tokens at their distances.
const stands = (words: Token[], tokens: Token[]): boolean =>
  tokens.some((_, i) => words.every((w) => tokens[i + w.pos - words[0].pos]?.form == w.form));
