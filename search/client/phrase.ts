// Phrases, exclusions and title words, as search/index/phrase.go has them. The
// postings say which documents have all words in one passage or beside each
// other in a name; whether the passage has the phrase itself, its text tells,
// which is read for the best documents only.

import type { Token } from "./analyze";
import type { Dictionary } from "./expand";
import type { Query } from "./query";
import type { Ranked } from "./rank";
import type { Passage, Session, Shards } from "./shards";
import { MANY, none } from "./termshard";

export const VERIFY_MOST = 30; // documents whose text is read
const VERIFY_CHUNKS = 2; // fragments of a document that the words of a phrase stand all over
const AHEAD = 2; // documents more whose text is asked for together

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
function having({ entry, lookup, content }: Dictionary, text: string, inTitle: boolean): Set<number> | undefined {
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
    .map(d.content)
    .filter((words) => words[0])
    .map((words) => ({ words, found: match(d, words) }));
  const lacking = q.lacking.map(d.content).filter((words) => words[0]).map((words) => match(d, words));
  const without = q.without.map((text) => having(d, text, false));
  const title = q.title.map((text) => having(d, text, true));
  return {
    phrases,
    allowed: (doc) =>
      phrases.every(({ found }) => found.has(doc)) &&
      !lacking.some((found) => found.has(doc)) &&
      without.every((docs) => !docs?.has(doc)) &&
      title.every((docs) => docs?.has(doc) ?? true),
  };
}

// What the text of a document says of a phrase.
const REFUTED = 0, OPEN = 1, PROVEN = 2;

/**
 * Reads the texts of the first documents until enough of them have the phrases
 * for certain; proofs, by ordinal, gets what they say. It returns whether any has.
 */
export function verify({ chunks }: Shards, s: Session, phrases: Phrase[], found: Ranked[], enough: number, proofs: number[]): boolean {
  let sure = 0, read = 0, ahead = 0;
  for (const { doc } of found) {
    if (sure == enough || read == VERIFY_MOST || sure + ahead > enough + AHEAD) break;
    const at = phrases.filter(({ found }) => !found.get(doc)!.names[0]);
    s.wait = false;
    const proof = Math.min(PROVEN, ...at.map(({ words, found }) => proves(s, chunks[doc], doc, found.get(doc)!, words)));
    if (s.wait) ahead++;
    else if ((proofs[doc] = proof) == PROVEN) sure++;
    if (at[0]) read++;
  }
  return sure > 0;
}

/** Leaves out what does not have the phrases, and puts first what has them, and next what may have them. */
export const proven = (found: Ranked[], proofs: number[]): Ranked[] =>
  found.filter(({ doc }) => proofs[doc] != REFUTED).sort((a, b) => (proofs[b.doc] ?? REFUTED) - (proofs[a.doc] ?? REFUTED));

// proves reads the passages that may have a phrase.
function proves(s: Session, chunk: number, doc: number, { all, passages }: Place, words: Token[]): number {
  const size = 2 ** chunk;
  // The document has at least MANY passages, and so the fragments with those.
  if (all) passages = [...Array(Math.min(VERIFY_CHUNKS, ((MANY - 1) >> chunk) + 1) * size).keys()];
  let proof = all ? OPEN : REFUTED;
  for (const { at, fragment } of passages.map((at) => ({ at, fragment: s.fragment(doc, at) }))) {
    const passage = fragment?.[1 + (at % size)] as Passage | undefined;
    const [text, title, more] = passage ?? none;
    // What cannot be read, as the end of a long section, does not tell.
    if (!passage || (!text && at && (title == null || more))) {
      if (!all) proof = OPEN;
      continue;
    }
    const texts = [title && !more ? title : "", text!, ...(at ? none : fragment![0])];
    if (texts.some((text) => stands(words, s.scan(text)))) return PROVEN;
  }
  return proof;
}

// stands tells whether words stand among tokens at their distances.
const stands = (words: Token[], tokens: Token[]): boolean =>
  tokens.some((_, i) => words.every((w) => tokens[i + w.pos - words[0].pos]?.form == w.form));
