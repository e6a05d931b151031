// The syntax of a query, as search/index/query.go has it:
//
//	wort "eine Phrase" „eine Phrase“ -ohne titel:wort

export type Query = {
  words: string; // free words, with titel: words, in order
  phrases: string[]; // all must occur
  without: string[]; // none may occur
  lacking: string[]; // phrases that may not occur
  title: string[]; // must be in the title
  open: boolean; // the last word is still being typed
};

const MAX_QUERY = 400; // bytes of UTF-8; more is not a question but a mistake

const quotes = ['""', "„“", "„”", '„"', "“”", "«»", "»«"];

export function parse(text: string): Query {
  text = text.slice(0, MAX_QUERY + 1).replace(/\p{Cs}/gu, " ");
  text = text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_QUERY)).read);
  const q: Query = { words: "", phrases: [], without: [], lacking: [], title: [], open: false };
  const words: string[] = [];
  const trim = (s: string) => s.replace(/^\p{White_Space}+/u, "");
  for (let rest = trim(text); rest; rest = trim(rest)) {
    // A quote that is never closed is none.
    const sign = /^(?:[-−]|tit(?:el|le):)?/i.exec(rest)![0], inside = sign.length + 1;
    const quote = quotes.find((pair) => rest[inside - 1] == pair[0] && rest.indexOf(pair[1], inside) > 0);
    q.open = false;
    if (quote) {
      const end = rest.indexOf(quote[1], inside), phrase = rest.slice(inside, end);
      (sign[1] ? q.title : sign ? q.lacking : q.phrases).push(phrase);
      if (sign[1]) words.push(phrase);
      rest = rest.slice(end + 1);
      continue;
    }
    const word = /^\P{White_Space}+/u.exec(rest)![0];
    rest = rest.slice(word.length);
    const title = /^tit(?:el|le):(.+)/isu.exec(word), without = /^[-−]+([\p{L}\p{Nd}].*)/su.exec(word);
    if (title) {
      q.title.push(title[1]);
      words.push(title[1]);
    } else if (without && !(words[1] && /^(und|oder|bzw\.|sowie|bis)$/.test(words[words.length - 1]))) {
      q.without.push(without[1]);
    } else {
      words.push(word);
      q.open = true;
    }
  }
  q.words = words.join(" ");
  q.open &&= /[\p{L}\p{Nd}]$/u.test(text);
  return q;
}
