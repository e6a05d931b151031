// The search's interface. site.js imports it when somebody first turns to the
// search field, and at once on the results page; words come from the page.
// It scores nothing: what is found, and in which order, is engine.ts's.

import { combobox, type Group, type Option } from "./combobox";
import { named, say } from "./dom";
import { open, type Engine } from "./engine";
import { foreign, results, type Results } from "./results";

const LIMIT = 6;
const WORDS = 4;

let opened: Promise<Engine> | undefined;
let shown: Results | undefined;
let started = false;

// The index lies beside this file. A failure is not kept: the next try may do.
function engine(): Promise<Engine> {
  return (opened ??= open(new URL("./", import.meta.url)).catch((e) => {
    opened = undefined;
    throw e;
  }));
}

/** Starts the interface, or tries again. Rejects when the index cannot be had. */
export async function start(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-search]")!;
  const input = form.querySelector<HTMLInputElement>("[name=q]")!;
  if (!started) {
    started = true;
    const box = document.querySelector<HTMLElement>("[data-search-results]");
    const list = combobox(form, input, (text, signal) => suggest(form, !box, text, signal), !box);
    if (box) shown = results(box, form, input, engine, list);
  }
  await (shown ? shown.update() : engine());
}

// Words that complete the last one of what is being typed, then pages by type,
// then the way to all of them. On the results page the pages are beneath already.
async function suggest(form: HTMLFormElement, pages: boolean, text: string, signal: AbortSignal): Promise<Group[]> {
  const lang = document.documentElement.lang;
  const found = await (await engine()).suggest(text, { limit: LIMIT, lang, signal });
  const address = (q: string): string => `${form.action}?${new URLSearchParams({ q })}`;
  const groups = new Map<string, Option[]>();
  const add = (label: string, option: Option): unknown => groups.set(label, [...(groups.get(label) ?? []), option]);

  const head = text.replace(/\S*$/, "");
  const typed = (w: string): boolean => (head + w).toLowerCase().startsWith(text.toLowerCase());
  for (const w of found.words.filter((w) => !typed(w) || (head + w).length > text.length).slice(0, WORDS)) {
    add(form.dataset.words!, { text: head + w, href: address(head + w), typed: typed(w) ? text.length : 0 });
  }
  if (pages) {
    for (const h of found.pages) add(h.typeLabel, { text: h.title, href: h.url, lang: foreign(h) });
    if (found.pages.length) add("", { text: say(form.dataset.all, named(text)), href: address(text) });
  }
  return [...groups].map(([label, options]) => ({ label, options }));
}
