// The search's interface. site.js imports it when somebody first turns to the
// search field, and at once on the results page; words come from the page.
// It scores nothing: what is found, and in which order, is engine.ts's.

import { combobox, type Group } from "./combobox";
import { say } from "./dom";
import { open, type Engine, type Hit } from "./engine";
import { foreign, results, type Results } from "./results";

const WORDS = 4;
const PAGES = 6;

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

// Words that complete what is being typed, then pages by type, then the way to
// all of them. On the results page the pages are beneath already.
async function suggest(form: HTMLFormElement, pages: boolean, text: string, signal: AbortSignal): Promise<Group[]> {
  const lang = document.documentElement.lang;
  const e = await engine();
  const found = await e.suggest(text, { limit: PAGES, lang, signal });
  const address = (q: string): string => `${form.action}?${new URLSearchParams({ q })}`;
  const head = text.replace(/\S*$/, "");
  const complete = found.words
    .map((w) => (w.toLowerCase().startsWith(text.toLowerCase()) ? w : head + w))
    .filter((w) => w.toLowerCase() !== text.toLowerCase())
    .slice(0, WORDS);
  const groups: Group[] = complete.length ? [{
    label: form.dataset.words!,
    options: complete.map((w) => ({ text: w, href: address(w), typed: w.toLowerCase().startsWith(text.toLowerCase()) ? text.length : 0 })),
  }] : [];
  if (!pages) return groups;

  let hits = found.pages;
  if (hits.length < PAGES) {
    const more = await e.search(text, { limit: PAGES, filters: { lang: [lang] }, excerpts: false, facets: false, signal });
    hits = hits.concat(more.hits.filter((h) => hits.every((x) => x.id !== h.id)));
  }
  const byType = new Map<string, Hit[]>();
  for (const h of hits.slice(0, PAGES)) byType.set(h.typeLabel, [...(byType.get(h.typeLabel) ?? []), h]);
  for (const [label, some] of byType) groups.push({ label, options: some.map((h) => ({ text: h.title, href: h.url, lang: foreign(h) })) });
  if (hits.length) groups.push({ label: "", options: [{ text: say(form.dataset.all, text), href: address(text) }] });
  return groups;
}
