// A text field with a list of options beneath it, after ARIA 1.2: the focus
// stays in the field, aria-activedescendant says which option is meant. Options
// are links, so that opening one in a new tab works as everywhere.

import { el, say, set } from "./dom";

export type Option = { text: string; href: string; lang?: string; typed?: number }; // typed: so many characters are in the field already
export type Group = { label: string; options: Option[] };
export type Combobox = { close(): void };

/** What the list is filled with; null leaves it as it is. */
export type Ask = (text: string, signal: AbortSignal) => Promise<Group[]>;

const DELAY = 80; // ms: between two keys of a fast typist
const CALM = 500; // ms: a count that is read aloud must not interrupt the echo of the keys

/** alone: beneath the field there is no list of hits, which says its own count and must not go with the text. */
export function combobox(form: HTMLFormElement, input: HTMLInputElement, ask: Ask, alone: boolean): Combobox {
  const words = form.dataset;
  const list = el("div", { class: "search-list", id: input.id + "-liste", role: "listbox", "aria-label": words.list, hidden: true });
  const status = el("p", { class: "visually-hidden", role: "status" });
  form.append(list, status);
  set(input, { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" });

  let options: HTMLElement[] = [];
  let active = -1;
  let timer = 0;
  let calm = 0;
  let asked: AbortController | undefined;

  function activate(i: number): void {
    if (options[active]) set(options[active]!, { "aria-selected": undefined });
    active = i;
    const option = options[i];
    set(input, { "aria-activedescendant": option?.id });
    if (!option) return;
    set(option, { "aria-selected": "true" });
    option.scrollIntoView({ block: "nearest" });
  }

  function stop(): void {
    clearTimeout(timer);
    asked?.abort();
  }

  function close(): void {
    stop();
    activate(-1);
    list.hidden = true;
    set(input, { "aria-expanded": "false" });
    announce("");
  }

  function announce(text: string): void {
    clearTimeout(calm);
    if (!text) status.textContent = "";
    else if (alone) calm = window.setTimeout(() => (status.textContent = text), CALM);
  }

  // What is above the keyboard of a phone is the room there is.
  function fit(): void {
    const view = window.visualViewport;
    const room = (): number => (view ? view.offsetTop + view.height : innerHeight) - list.getBoundingClientRect().top - 8;
    if (room() < 300) form.scrollIntoView({ block: "start", behavior: "instant" });
    list.style.maxHeight = `${Math.max(room(), 180)}px`;
  }

  function show(groups: Group[]): void {
    const count = groups.reduce((n, g) => n + (g.label ? g.options.length : 0), 0);
    const keep = options[active]?.getAttribute("href");
    let n = 0;
    options = [];
    list.replaceChildren(...groups.flatMap((group, g): HTMLElement[] => {
      const label = `${list.id}-${g}`;
      const links = group.options.map((o) => {
        const typed = o.typed ?? o.text.length;
        const option = el("a", { role: "option", id: `${label}-${n++}`, href: o.href, lang: o.lang, tabindex: -1 }, el("span", {}, o.text.slice(0, typed), el("b", {}, o.text.slice(typed))));
        options.push(option);
        return option;
      });
      if (!group.label) return links;
      return [el("div", { role: "group", "aria-labelledby": label }, el("div", { role: "presentation", id: label, class: "search-list-label" }, group.label), ...links)];
    }));
    if (!options.length) {
      close();
    } else {
      list.hidden = false;
      set(input, { "aria-expanded": "true" });
      fit();
      list.scroll(0, 0);
      active = -1;
      activate(options.findIndex((o) => keep && o.getAttribute("href") === keep));
    }
    announce(count === 1 ? words.single! : say(count ? words.other : words.none, count));
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
    timer = window.setTimeout(run, DELAY);
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
      options[active]!.click();
      close();
    } else if (e.key === "Escape") {
      e.preventDefault(); // browsers empty a field of type search
      if (!list.hidden) return close();
      if (!alone || !input.value) return;
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  form.addEventListener("submit", close);
  input.addEventListener("blur", close);
  // The field keeps the focus, and with it the keyboard of a phone.
  list.addEventListener("mousedown", (e) => e.preventDefault());
  list.addEventListener("click", (e) => {
    if (!(e.ctrlKey || e.metaKey || e.shiftKey)) close();
  });
  window.visualViewport?.addEventListener("resize", () => list.hidden || fit());

  if (input.value && document.activeElement === input) void run();
  return { close };
}
