// Phrases, exclusions and title words, as search/index/phrase.go has them. The
// postings say which documents have all words in one passage or beside each
// other in a name; whether the passage has the phrase itself, its text tells,
// which is read for the best documents only.

import { scan, type Token } from "./analyze";
import { content, type Dictionary } from "./expand";
import type { Query } from "./query";
import type { Ranked } from "./rank";
import type { Session, Shards } from "./shards";
import { MANY, none } from "./termshard";

const VERIFY_MOST = 30; // documents whose text is read
const VERIFY_CHUNKS = 2; // fragments of a document that the words of a phrase stand all over
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
  const lacking = q.lacking.map((phrase) => content(phrase)).filter((words) => words[0]).map((words) => match(d, words));
  const without = q.without.map((text) => having(d, text, false));
  const title = q.title.map((text) => having(d, text, true));
  return {
    phrases,
    allowed: (doc) =>
      phrases.every(({ found }) => found.has(doc)) &&
      !lacking.some((found) => found.has(doc)) &&
      without.every((docs) => !docs?.has(doc)) &&
      title.every((docs) => docs?.has(doc)),
  };
}

// What the text of a document says of a phrase.
const REFUTED = 0, OPEN = 1, PROVEN = 2;

/**
 * The best documents, with those first that have the phrases, and those next
 * that may have them; which do not; and whether any has them for certain.
 */
export function verify({ chunks }: Shards, s: Session, phrases: Phrase[], shown: Ranked[], enough: number) {
  const sure: Ranked[] = [], unsure: Ranked[] = [], without = new Set<number>();
  let read = 0, ahead = 0, k = 0;
  for (; k < shown.length && sure.length < enough && read < VERIFY_MOST && ahead < AT_ONCE; k++) {
    const { doc } = shown[k];
    let proof = PROVEN;
    s.wait = false;
    for (const { words, found } of phrases) {
      const { all, names, passages } = found.get(doc)!;
      if (names[0]) continue;
      read++;
      proof = Math.min(proof, proves(s, chunks[doc], doc, all, passages, words));
    }
    if (s.wait) ahead++;
    else if (proof == PROVEN) sure.push(shown[k]);
    else if (proof == OPEN) unsure.push(shown[k]);
    else without.add(doc);
  }
  return { best: [...sure, ...unsure, ...shown.slice(k)], without, any: sure.length > 0 };
}

// proves reads the passages that may have a phrase.
function proves(s: Session, chunk: number, doc: number, all: boolean, passages: number[], words: Token[]): number {
  const size = 2 ** chunk;
  // The document has at least MANY passages, and so the fragments with those.
  if (all) passages = [...Array(Math.min(VERIFY_CHUNKS, ((MANY - 1) >> chunk) + 1) * size).keys()];
  let proof = all ? OPEN : REFUTED;
  for (const { at, fragment } of passages.map((at) => ({ at, fragment: s.fragment(doc, at) }))) {
    const passage = fragment?.passages[at % size];
    const [text, title, more] = passage ?? none;
    // What cannot be read, as the end of a long section, does not tell.
    if (!passage || (!text && at && (title == null || more))) {
      if (!all) proof = OPEN;
      continue;
    }
    const texts = [title && !more ? title : "", text!, ...(at ? none : fragment!.tags)];
    if (texts.some((text) => stands(words, scan(text)))) return PROVEN;
  }
  return proof;
}

// stands tells whether words stand among tokens at their distances.
const stands = (words: Token[], tokens: Token[]): boolean =>
  tokens.some((_, i) => words.every((w) => tokens[i + w.pos - words[0].pos]?.form == w.form));
