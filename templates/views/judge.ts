// Holds what an entry says against what a reader has answered. No DOM.

import type { State } from "./deadline";

export interface Question {
  name: string;
  label: string;
  number: boolean;
  wish: boolean;
  open: boolean; // saying nothing is being open to all
  except: boolean; // says also what is ruled out, so that a word may be neither
  no: string; // reasons, with {has}, {answer}, {from} and {to}
  below: string;
  above: string;
}

/** What was answered; also are words that include it. */
export interface Answer {
  key: string;
  label: string;
  also: string[];
}

/** What an entry says to a question. */
export interface Said {
  words: { key: string; label: string }[];
  not: string[]; // words that are ruled out
  from: number | null;
  to: number | null;
}

export interface Verdict {
  verdict: "fits" | "maybe" | "out";
  reasons: string[]; // why not
  unknown: string[]; // what the entry does not say
  open: string[]; // what the entry does not restrict
  wishes: string[]; // what was wished and is not named
}

/** "Hospitals, companies or states" in the page's language. */
export type Join = (words: string[]) => string;

export function judge(questions: [Question, Answer, Said | undefined][], state: State | null, closed: string, stateLabel: string, join: Join): Verdict {
  const reasons: string[] = [], unknown: string[] = [], open: string[] = [], wishes: string[] = [];
  if (state?.key === "geschlossen") reasons.push(closed);
  for (const [q, answer, said] of questions) {
    if (q.number) {
      const n = Number(answer.key);
      const fill = (text: string) => text.replace("{answer}", answer.key).replace("{from}", String(said?.from)).replace("{to}", String(said?.to));
      if (!said || (said.from === null && said.to === null)) unknown.push(q.label);
      else if (said.from !== null && n < said.from) reasons.push(fill(q.below));
      else if (said.to !== null && n > said.to) reasons.push(fill(q.above));
      continue;
    }
    if (said?.words.some((w) => w.key === answer.key || answer.also.includes(w.key))) continue;
    const ruledOut = said?.not.includes(answer.key);
    if (q.open && !said?.words.length && !said?.not.length) open.push(q.label);
    else if (q.wish || (q.except && !ruledOut)) wishes.push(answer.label);
    else if (!said?.words.length && !ruledOut) unknown.push(q.label);
    else reasons.push(q.no.replace("{has}", join((said?.words ?? []).map((w) => w.label))).replace("{answer}", answer.label));
  }
  if (state?.key === "unbekannt") unknown.push(stateLabel);
  const verdict = reasons.length ? "out" : unknown.length || wishes.length ? "maybe" : "fits";
  return { verdict, reasons, unknown, open, wishes };
}
