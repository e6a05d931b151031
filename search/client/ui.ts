// The search's interface. site.js imports it when somebody first turns to the
// search field, and at once on the results page; words come from the page.
// It scores nothing: what is found, and in which order, is engine.ts's.

import { combobox, type Groups, type Option } from "./combobox";
import { named, say } from "./dom";
import { open, type Engine } from "./engine";
import { foreign, results } from "./results";

const LIMIT = 6;
const WORDS = 4;

const form = document.querySelector<HTMLFormElement>("form[data-search]")!;
const input = form.querySelector<HTMLInputElement>("[name=q]")!;
const box = document.querySelector<HTMLElement>("[data-search-results]");
let opened: Promise<Engine> | undefined;

// The index lies beside this file. A failure is not kept: the next try may do.
function engine(): Promise<Engine> {
  return (opened ??= open(new URL("./", import.meta.url)).catch((e) => {
    opened = undefined;
    throw e;
  }));
}

combobox(input, suggest, !box);

/** Shows what the address asks for, or makes ready to be asked; to be called again when that failed. */
export const start: () => Promise<unknown> = box ? results(box, input, engine) : engine;

// Words that complete the last one of what is being typed, then pages by type,
// then the way to all of them. On the results page the pages are beneath already.
async function suggest(text: string, signal: AbortSignal): Promise<Groups> {
  const found = await (await engine()).suggest(text, { limit: LIMIT, lang: document.documentElement.lang, signal });
  const address = (q: string): string => `${form.action}?${new URLSearchParams({ q })}`;
  const groups: Groups = new Map();
  const add = (label: string, option: Option): unknown => groups.set(label, [...(groups.get(label) ?? []), option]);

  const head = text.replace(/\S*$/, "");
  const said = text.toLowerCase();
  for (const whole of found.words.map((w) => head + w).filter((w) => w.toLowerCase() !== said).slice(0, WORDS)) {
    const typed = whole.toLowerCase().startsWith(said) ? text.length : 0;
    add(form.dataset.words!, { text: whole.slice(0, typed), rest: whole.slice(typed), href: address(whole) });
  }
  if (!box) {
    for (const h of found.pages) add(h.typeLabel, { text: h.title, href: h.url, lang: foreign(h) });
    if (found.pages[0]) add("", { text: say(form.dataset.all, named(text)), href: address(text) });
  }
  return groups;
}
