// The syntax of a query, as search/index/query.go has it:
//
//	wort "eine Phrase" „eine Phrase“ -ohne titel:wort

export type Query = {
  text: string; // what of the query is looked at
  words: string; // free words, with titel: words, each at its place in text
  phrases: string[]; // all must occur
  without: string[]; // none may occur
  lacking: string[]; // phrases that may not occur
  title: string[]; // must be in the title
  open: boolean; // the last word is still being typed
};

// Conditions that may be none: what they ask for is asked for as free words.
export const TITLE = 1, PHRASES = 2;

const MAX_QUERY = 400; // bytes of UTF-8; more is not a question but a mistake

const quotes = ['""', "„“", "„”", '„"', "“”", "«»", "»«"];

export function parse(text: string, loose = 0): Query {
  text = text.slice(0, MAX_QUERY + 1).replace(/\p{Cs}/gu, " ");
  text = text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_QUERY)).read);
  const q: Query = { text, words: "", phrases: [], without: [], lacking: [], title: [], open: false };
  const trim = (s: string) => s.replace(/^\p{White_Space}+/u, "");
  for (let rest = trim(text); rest; rest = trim(rest)) {
    const at = text.length - rest.length;
    // What is no free word stands as blanks.
    const put = (word: string, before: number) => (q.words = q.words.padEnd(at + before) + word);
    // A quote that is never closed is none.
    const sign = /^(?:[-−]|tit(?:el|le):)?/i.exec(rest)![0], inside = sign.length + 1;
    const quote = quotes.find((pair) => rest[inside - 1] == pair[0] && rest.indexOf(pair[1], inside) > 0);
    q.open = false;
    if (quote) {
      const end = rest.indexOf(quote[1], inside), phrase = rest.slice(inside, end);
      const kind = sign[1] ? TITLE : sign ? 0 : PHRASES;
      if (kind == TITLE || kind & loose) put(phrase, inside);
      if (!(kind & loose)) (sign[1] ? q.title : sign ? q.lacking : q.phrases).push(phrase);
      rest = rest.slice(end + 1);
      continue;
    }
    const word = /^\P{White_Space}+/u.exec(rest)![0];
    rest = rest.slice(word.length);
    const title = /^(tit(?:el|le):)(.+)/isu.exec(word), without = /^[-−]+([\p{L}\p{Nd}].*)/su.exec(word);
    if (title) {
      put(title[2], title[1].length);
      if (loose & TITLE) q.open = true;
      else q.title.push(title[2]);
    } else if (without && !/[^ ] +(und|oder|bzw\.|sowie|bis)$/.test(q.words)) {
      q.without.push(without[1]);
    } else {
      put(word, 0);
      q.open = true;
    }
  }
  q.open &&= /[\p{L}\p{Nd}]$/u.test(text);
  return q;
}
