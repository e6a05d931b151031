// The analyzer's half that a browser needs: what search/analyze does without a
// vocabulary. Go is the original, its package comment explains the words used
// here, and client_test.go holds the two together: change Go first.
//
// Forms are measured in bytes of UTF-8, because Go does. Letters that were
// added after Unicode 15 may be words here and not there, or the other way.

export type Token = {
  start: number; // in UTF-16 units, as strings count
  end: number;
  pos: number; // counts words, stop words too, from 1
  form: string;
  also: string; // what stands beside the form: dualuse, §21, 2021/821; or ""
  arabic: string; // of a Roman numeral: 11 for XI; or ""
  caps: boolean; // written in capitals, two or more
  stop: boolean;
};

const MAX_FORM = 96;

const encoder = new TextEncoder();
const bytes = (s: string): number => encoder.encode(s).length;

const folded: Record<string, string> = { ä: "ae", æ: "ae", ö: "oe", ø: "oe", œ: "oe", ü: "ue", ß: "ss" };

/** The form of one word: small letters and digits, ä→ae, ß→ss, é→e. */
export const fold = (word: string): string => append("", word);

// append adds the folded word to a form, about MAX_FORM bytes of it.
function append(form: string, word: string): string {
  const easy = word.toLowerCase().replace(/[äæöøœüß]/g, (c) => folded[c]);
  if (/^[\da-z]{0,96}$/.test(easy)) return form + easy; // nearly all are
  let room = MAX_FORM;
  for (const c of word) {
    if (room <= 0) break;
    const more = c == "\u0308" // a decomposed umlaut; ë and ï have no e to gain
      ? /[aou]$/.test(form) ? "e" : ""
      : folded[c.toLowerCase()] ?? c.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{Nd}]/gu, "");
    form += more;
    room -= bytes(more);
  }
  return form;
}

// A run is what one word is made of: letters, digits and marks, and what is
// not seen between them, as a soft hyphen. A single is a run of one letter.
const one = "[\\p{L}\\p{Nd}\\p{M}\\xAD\\u200B-\\u200D\\u2060\\uFEFF]";
const single = `(?!\\d)${one}(?!${one})`;
const sticky = (pattern: string): RegExp => RegExp(pattern, "uy");
const RUN = sticky(one + "+");
const DOTTED = sticky(`${single}(?:\\.[ \\xA0\\u202F]?${single}(?=\\.)|\\.${single}){1,7}`); // z. B.
const GROUP = sticky("\\d[.,](?=\\d)");
const SLASH = sticky("\\/(?=\\d)");
const HYPHEN = sticky("[-\\u2010\\u2011](?=[\\p{L}\\p{Nd}])");

/** The words of a text in order; stop words are among them, marked. */
export type Scan = (text: string) => Token[];

/** Reads texts, with words that say nothing about their subjects. */
export const scanner = (stopWords: Set<string>): Scan => (text) => {
  const tokens: Token[] = [];
  let end = 0;
  const has = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.test(text);
  };
  // What the pattern, which must match, finds there; end moves behind it.
  const take = (pattern: RegExp, at: number) => {
    has(pattern, at);
    return text.slice(at, (end = pattern.lastIndex));
  };
  const words = /(§\p{White_Space}*)?([\p{L}\p{Nd}])/gu;
  for (let m; (m = words.exec(text)); ) {
    let start = words.lastIndex - m[2].length;
    const dotted = has(DOTTED, start) && [...take(DOTTED, start)].reduce(append, "");
    // What hyphens or a slash tie together; all separators are one unit long.
    let pieces = [take(dotted ? DOTTED : RUN, start)], gap = 1, sep = "";
    if (/\d/.test(m[2])) {
      while (has(GROUP, end - 1)) take(RUN, end + 1);
      pieces = [text.slice(start, end)];
      if (has(SLASH, end)) {
        sep = "/";
        pieces.push(take(RUN, end + 1));
      }
    }
    while (!dotted && !sep && has(HYPHEN, end)) pieces.push(take(RUN, end + 1));
    if (!pieces[1]) {
      // DualUse is parted as by a hyphen; BtMG and McKinsey stay whole.
      const parts = pieces[0].match(/\p{Lu}?\p{Ll}{2,}/gu);
      if (parts && parts.join("") == pieces[0]) {
        pieces = parts;
        gap = 0;
      }
    }
    let also = "";
    if (pieces[1] && !pieces[5] && end - start <= MAX_FORM && bytes(text.slice(start, end)) <= MAX_FORM) {
      for (const piece of pieces) also = append(also && also + sep, piece);
    }
    pieces.forEach((word, i) => {
      const form = dotted || number(word) || fold(word);
      if (form) {
        const caps = /^(?:[\d., ]*[A-Z]){2}[\dA-Z., ]*$/.test(word);
        also = i ? "" : also || (m[1] && /^\d/.test(word) ? "§" + form : "");
        tokens.push({
          start, end: start + word.length, pos: tokens.length + 1, form, also,
          arabic: i || also ? "" : roman(word), caps, stop: !caps && stopWords.has(form),
        });
      }
      start += word.length + gap;
    });
    words.lastIndex = end;
  }
  return tokens;
};

// number returns a number of several groups as it is searched: 1.000 as 1000,
// 10,5 and dates as they stand; "" for other words.
function number(word: string): string {
  if (!/^\d[^.,]*[.,]/.test(word) || bytes(word) > 32) return "";
  const [first, ...groups] = word.split(".");
  const thousands = groups[0] && bytes(first) < 4 && groups.every((g) => bytes(g.split(",")[0]) == 3);
  const head = /^[\d.,]+/.exec(word)![0];
  return append(thousands ? head.replace(/\./g, "") : head, word.slice(head.length));
}

// roman returns a Roman numeral up to 39 in Arabic digits, "" for other words.
function roman(word: string): string {
  const m = /^(X{0,3})(I[VX]|V?I{0,3})$/.exec(word);
  return m ? `${m[1].length * 10 + ({ IV: 4, IX: 9 }[m[2]] ?? m[2].length + (m[2][0] == "V" ? 4 : 0))}` : "";
}

/** The anchor that most headings have: search/analyze/anchor.go. */
export const anchor = (title = ""): string | undefined => title.match(/[\p{L}\p{Nd}]+/gu)?.map(fold).join("-");

/** Drops from a form the e of a transcribed umlaut and the third of three equal consonants. */
export const bare = (form: string): string =>
  form
    .replace(/([b-df-hj-np-tvwyz])\1\1+/g, "$1$1")
    .replace(/([aou])e/g, (both, vowel, at, whole) => vowel != "u" || !/[aeq]/.test(whole.charAt(at - 1)) ? vowel : both);

const irregular = "viren virus themen thema risiken risiko firmen firma praxen praxis konten konto dramen drama boni bonus kriterien kriteri".split(" ");

/** Takes the endings off a form and leaves its umlauts. */
export function strip(form: string): string {
  if (/^\d/.test(form)) return form;
  for (let i = 0; i < irregular.length; i += 2) {
    if (form.endsWith(irregular[i])) return form.slice(0, -irregular[i].length) + irregular[i + 1];
  }
  let n = bytes(form);
  const cut = (more: number, ending: RegExp, letters: number) =>
    n > more && ending.test(form) && ((form = form.slice(0, -letters)), (n -= letters));
  /(system|problem|oedem|ekzem)$/.test(form) ||
    cut(5, /ern$/, 3) ||
    cut(4, /e[mnrs]$/, 2) ||
    cut(3, /e$|[bdfghklmnrt]s$/, 1) ||
    cut(5, /eln$/, 1);
  cut(5, /e[rn]$/, 2);
  cut(3, /niss$/, 1) || cut(5, /inn$/, 1) || cut(5, /[ri]um$/, 2); // Zentrum, Zentren
  return form;
}

/** The stem of a form by rule alone, without a vocabulary. */
export const stem = (form: string): string => bare(strip(form));

const endings = "igkeit lichkeit isier schaft keit heit lich isch ung bar ig in t".split(" ");

/** A stem without one derivation: versorgung and versorg(en) share versorg. */
export function root(stem: string): string {
  const n = bytes(stem);
  const ending = endings.find((e) => stem.endsWith(e) && n - e.length > 3);
  return ending ? stem.slice(0, -ending.length) : stem;
}

/** The keys that share the root of a key, without itself. */
export function derivations(key: string): string[] {
  const base = root(key);
  return bytes(base) < 4 ? [] : ["", ...endings].map((e) => base + e).filter((k) => k != key && root(k) == base).sort();
}

/** Whether the stem of a form is written with an umlaut, or what could be one. */
export const umlaut = (form: string): boolean => stem(form) != strip(form);

/** The forms that the beginning of a compound may stand for, each with its cost. */
export function members(stretch: string): [form: string, cost: number][] {
  const n = bytes(stretch);
  const all: [string, number][] = [[stretch, 0]];
  for (const link of ["s", "es", "n", "en", "er", "e"]) {
    if (stretch.endsWith(link) && n - link.length > 2) all.push([stretch.slice(0, -link.length), 4]);
  }
  if (n > 3) all.push([stretch + "e", 8]);
  return all;
}

/** The edits between two forms (optimal string alignment), limit + 1 if they are more. */
export function distance(a: string, b: string, limit: number): number {
  const x = encoder.encode(a), y = encoder.encode(b);
  if (Math.abs(x.length - y.length) > limit) return limit + 1;
  let before: number[] = [], last = [...y.keys(), y.length]; // rows of the table
  for (let i = 1; i <= x.length; i++) {
    const row = [i];
    for (let j = 1; j <= y.length; j++) {
      let d = Math.min(last[j - 1] + +(x[i - 1] != y[j - 1]), last[j] + 1, row[j - 1] + 1);
      if (x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) d = Math.min(d, before[j - 2] + 1);
      row[j] = d;
    }
    if (row.every((d) => d > limit)) return limit + 1;
    [before, last] = [last, row];
  }
  return Math.min(last[y.length], limit + 1);
}
