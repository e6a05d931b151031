// Excerpts: the stretch of a passage where most of the query stands, with
// marks. After search/index/excerpt.go.

import { bare, type Scan, type Token } from "./analyze";
import { MEMBER_SHARE, type Concept, type Layer } from "./rank";

const LENGTH = 220; // about as long as an excerpt is
const MAX_WORDS = 12;

type Mark = { start: number; end: number; concept: number; weight: number };

// matches tells whether a word is one that a layer stands for, or looks like a
// compound that begins or ends with it.
const matches = ({ form, also }: Token, { forms, prefix, part }: Layer) =>
  forms.includes(form) ||
  forms.includes(also) ||
  (prefix && bare(form).startsWith(prefix)) ||
  (part?.part[0] && part.forms.some(({ form: f }) => f.length > 3 && (form.startsWith(f) || form.endsWith(f))));

function marksOf(text: string, scan: Scan, concepts: Concept[]): Mark[] {
  const tokens = scan(text).filter((t) => !t.stop);
  const marks: Mark[] = []; // by token
  concepts.forEach((c, concept) => {
    for (const m of [c, ...c.members]) {
      for (const l of m.layers) {
        const weight = l.weight * (m == c ? c.idf : c.idf * MEMBER_SHARE);
        tokens.forEach((t, i) => {
          if (weight > (marks[i]?.weight ?? 0) && matches(t, l)) marks[i] = { start: t.start, end: t.end, concept, weight };
        });
      }
    }
  });
  return marks.filter(Boolean);
}

// stretch chooses from where to where text is shown: the window that has the
// most weight of different concepts, opened a little before its first mark
// and cut between words.
function stretch(text: string, marks: Mark[]): [from: number, to: number] {
  let best = 0, first = marks[0];
  for (const [i, { start }] of marks.entries()) {
    let sum = 0;
    const seen: number[] = [];
    for (const m of marks.slice(i)) {
      if (m.end - start > LENGTH * 0.75) break;
      const gain = m.weight - (seen[m.concept] ?? 0);
      sum += gain > 0 ? gain : m.weight / 20;
      if (gain > 0) seen[m.concept] = m.weight;
    }
    if (sum > best) {
      best = sum;
      first = marks[i];
    }
  }
  const from = first ? text.lastIndexOf(" ", first.start - LENGTH / 4) + 1 : 0;
  const rest = text.slice(from), shown = [...rest.slice(0, 2 * LENGTH)].slice(0, LENGTH).join("");
  const cut = shown.length < rest.length ? shown.lastIndexOf(" ") : 0;
  return [from, from + (cut > 0 ? cut : shown.length)];
}

const entities: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };
const escape = (s: string): string => s.replace(/[<>&"']/g, (c) => entities[c] ?? `&#${c.charCodeAt(0)};`);

/** The excerpt of a text as HTML, and the words that it marks. */
export function excerptOf(text: string, scan: Scan, concepts: Concept[]): { excerpt: string; words: string[] } {
  const marks = marksOf(text, scan, concepts);
  const [from, to] = stretch(text, marks);
  const words = new Set<string>();
  let html = from ? "… " : "", at = from;
  for (const m of marks) {
    if (m.start < at || m.end > to) continue;
    const word = text.slice(m.start, m.end);
    html += `${escape(text.slice(at, m.start))}<mark>${escape(word)}</mark>`;
    words.add(word);
    at = m.end;
  }
  return { excerpt: html + escape(text.slice(at, to)) + (to < text.length ? " …" : ""), words: [...words].slice(0, MAX_WORDS) };
}
