// A text field with a list of options beneath it, after ARIA 1.2: the focus
// stays in the field, aria-activedescendant says which option is meant. Options
// are links, so that opening one in a new tab works as everywhere.

import { el, plain, say, set, voice } from "./dom";

export type Option = { text: string; rest?: string; href: string; lang?: string }; // rest: what is not in the field already
export type Groups = Map<string, Option[]>; // by their label; "" has none

/** What the list is filled with; null leaves it as it is. */
export type Ask = (text: string, signal: AbortSignal) => Promise<Groups>;

const DELAY = 80; // ms: between two keys of a fast typist

/** alone: beneath the field there is no list of hits, which says its own count and must not go with the text. */
export function combobox(input: HTMLInputElement, ask: Ask, alone: boolean): void {
  const form = input.form!;
  const words = form.dataset;
  const list = form.querySelector<HTMLElement>("[role=listbox]")!;
  const view = window.visualViewport!;
  const announce = voice(form.querySelector("[role=status]")!);
  set(input, { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" });

  let options: HTMLAnchorElement[] = [];
  let active = -1;
  let timer = 0;
  let asked: AbortController | undefined;

  function activate(i: number): void {
    active = i;
    const option = options[i] as HTMLElement | undefined;
    for (const o of options) set(o, { "aria-selected": o === option });
    set(input, { "aria-activedescendant": option?.id });
    option?.scrollIntoView({ block: "nearest" });
  }

  function stop(): void {
    clearTimeout(timer);
    asked?.abort();
  }

  function close(): void {
    stop();
    activate(-1);
    reveal(false);
    announce("");
  }

  function reveal(on: boolean): void {
    list.hidden = !on;
    set(input, { "aria-expanded": String(on) });
  }

  // What is above the keyboard of a phone is the room there is.
  function fit(): void {
    const room = (): number => view.offsetTop + view.height - list.getBoundingClientRect().top - 8;
    if (room() < 300) form.scrollIntoView({ block: "start", behavior: "instant" });
    list.style.maxHeight = `${Math.max(room(), 180)}px`;
  }

  function show(groups: Groups): void {
    const keep = options[active]?.href;
    list.replaceChildren(...[...groups].flatMap(([label, some], g): HTMLElement[] => {
      const id = `${list.id}-${g}`;
      const links = some.map((o, i) => el("a", { role: "option", id: `${id}-${i}`, href: o.href, lang: o.lang, tabindex: -1 }, el("span", {}, o.text, el("b", {}, o.rest ?? ""))));
      if (!label) return links;
      return [el("div", { role: "group", "aria-labelledby": id }, el("div", { role: "presentation", id, class: "search-list-label" }, label), ...links)];
    }));
    options = [...list.querySelectorAll("a")];
    if (options[0]) {
      reveal(true);
      fit();
      list.scroll(0, 0);
      activate(options.findIndex((o) => o.href === keep));
    } else {
      close();
    }
    const count = list.querySelectorAll("[role=group] a").length;
    if (alone) announce(say(count === 1 ? words.single : count ? words.other : words.none, count), true);
  }

  async function run(): Promise<void> {
    stop();
    const text = input.value.trim();
    if (!text) return close();
    const mine = (asked = new AbortController());
    try {
      const groups = await ask(text, mine.signal);
      if (!mine.signal.aborted && document.activeElement === input) show(groups);
    } catch {
      // Superseded; or there is no index to ask, and the form still leads on.
    }
  }

  input.addEventListener("input", () => {
    activate(-1); // who types on means the field
    clearTimeout(timer);
    timer = setTimeout(run, DELAY);
  });

  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step) {
      e.preventDefault();
      if (list.hidden) return void run();
      // One place more than options: the field itself.
      const places = options.length + 1;
      activate(((active + 1 + step + places) % places) - 1);
    } else if (e.key === "Enter" && active >= 0) {
      e.preventDefault();
      options[active].click();
    } else if (e.key === "Escape") {
      e.preventDefault(); // browsers empty a field of type search
      if (list.hidden && alone) input.value = "";
      close();
    }
  });

  form.addEventListener("submit", close);
  input.addEventListener("blur", close);
  // The field keeps the focus, and with it the keyboard of a phone.
  list.addEventListener("mousedown", (e) => e.preventDefault());
  list.addEventListener("click", (e) => {
    if (plain(e)) close();
  });
  view.addEventListener("resize", () => list.hidden || fit());

  if (input.value && document.activeElement === input) void run();
}
