// The results page. Its address is its state: what is shown follows from the
// query string and from nothing else, so that it can be shared and gone back to.

import { el, later, named, plain, say, set, voice } from "./dom";
import type { Engine, FacetCount, Hit, Result } from "./engine";
import { parse } from "./query";

type State = { q: string; filters: Record<string, string[]>; date: boolean; page: number };

const LIMIT = 10;
const DELAY = 200; // ms: while typing; what completes a word is quicker

/** What it returns shows what the address asks for, also when that failed before. */
export function results(box: HTMLElement, input: HTMLInputElement, engine: () => Promise<Engine>): () => Promise<void> {
  const words = box.dataset;
  const part = <E extends HTMLElement>(name: string): E => box.querySelector<E>(`[data-part=${name}]`)!;
  const copy = (name: string): HTMLElement => part<HTMLTemplateElement>(name).content.firstElementChild!.cloneNode(true) as HTMLElement;
  const head = part("count");
  const announce = voice(part("status"));
  const panel = part("facets");
  const done = part("done");
  const { lang } = document.documentElement;
  const served = words.title; // of the page before a server filled it (search/server/results.go)
  const title = served ?? document.title;
  const waiting = words.wait ?? head.textContent;
  const fields = [...part<HTMLTemplateElement>("fields").content.children] as HTMLDetailsElement[];
  const rows = new Map<string, HTMLElement>(); // of values that were once shown

  let running: AbortController | undefined;
  let shown = ""; // the query string that is on the page
  let sought: string[] = []; // the words of the query
  let typing = false; // the entry of the history is one that is still being typed
  let kept: Partial<State> = {}; // of a query that was deleted, for the one that is typed instead

  const nameOf = (field: HTMLElement): string => field.dataset.facet!;

  // Whether hits that are of these types can have a field.
  const fits = (field: HTMLElement, types: string[]): boolean => !field.dataset.of || types.join() === field.dataset.of;

  // The address and back.

  function read(): State {
    const p = new URLSearchParams(location.search);
    return {
      q: (p.get("q") ?? "").trim().slice(0, 500),
      filters: Object.fromEntries(fields.map((f) => [nameOf(f), p.getAll(nameOf(f))])),
      date: p.get("sortierung") === "datum",
      page: Math.max(1, Math.floor(Number(p.get("seite"))) || 1),
    };
  }

  /** Where a change leads to; to the first page, if to no other. */
  function address(change: Partial<State>): string {
    const s = { ...read(), page: 1, ...change };
    const p = new URLSearchParams();
    if (s.q) {
      p.set("q", s.q);
      for (const name in s.filters) for (const value of s.filters[name]) p.append(name, value);
      if (s.date) p.set("sortierung", "datum");
      if (s.page > 1) p.set("seite", String(s.page));
    }
    return location.pathname + (s.q ? `?${p}` : "");
  }

  /** Where it leads to choose a value, or not to. Filters on what only one type has end with it. */
  function filtered(name: string, value: string, on: boolean): string {
    const { filters } = read();
    const values = (filters[name] = filters[name].filter((v) => v !== value));
    if (on) values.push(value);
    if (name === "type") for (const n in filters) if (!fields.some((f) => nameOf(f) === n && fits(f, values))) delete filters[n];
    return address({ filters });
  }

  async function go(url: string): Promise<void> {
    if (url === location.pathname + location.search) return;
    const { page } = read();
    save();
    history.pushState(null, "", url);
    typing = false;
    const turned = read().page !== page;
    input.value = read().q;
    await update();
    if (turned) toHits();
    // What had the focus may have gone with what it removed.
    else if (document.activeElement === document.body) head.focus({ preventScroll: true });
  }

  function toHits(): void {
    box.scrollIntoView({ block: "start", behavior: "instant" });
    head.focus({ preventScroll: true });
  }

  // One entry of the history for all that is typed in one go.
  function typed(): void {
    const { q: before, filters, date } = read();
    const q = input.value.trim();
    if (q === before) return;
    if (!q) kept = { filters, date };
    history[typing ? "replaceState" : "pushState"](null, "", address(typing && !before ? { q, ...kept } : { q }));
    typing = true;
    void update();
  }

  // What is on the page.

  async function update(): Promise<void> {
    const { q, filters, date, page } = read();
    shown = location.search;
    running?.abort();
    const { signal } = (running = new AbortController());
    for (const a of document.querySelectorAll<HTMLAnchorElement>(".lang-switch a")) a.search = location.search;
    box.hidden = !q;
    if (!q) return rest();
    set(box, { "aria-busy": true });
    try {
      const e = await engine();
      const r = await e.search(q, { limit: LIMIT, offset: (page - 1) * LIMIT, filters: { ...filters, lang: [lang] }, sort: date ? "date" : "relevance", excerpts: false, signal });
      const last = Math.ceil(r.total / LIMIT);
      if (signal.aborted) return;
      // Nothing found where not all could be read, or nothing sifted, is a failure.
      if (r.partial && (!r.total || (!Object.keys(r.facets)[0] && Object.values(filters).flat()[0]))) throw Error();
      if (r.total && page > last) {
        history.replaceState(null, "", address({ page: last }));
        return update();
      }
      sought = terms(e, q);
      fill(e, r.hits, render(r), signal).catch(() => {}); // hits stand without excerpts, too
    } catch {
      if (signal.aborted) return;
      words.state = "failed";
      document.title = title;
    }
    set(box, { "aria-busy": false });
  }

  // rest is the page before anything was asked.
  function rest(): void {
    words.state = "wait";
    head.textContent = waiting;
    announce("");
    part("hits").replaceChildren();
    document.title = title;
  }

  function render(r: Result): HTMLElement[] {
    const { q, date, page } = read();
    const pages = Math.ceil(r.total / LIMIT);
    const wordless = !r.total && !sought[0];
    const count = r.total.toLocaleString(lang);
    const found = r.total === 1 ? words.single : r.total ? words.other : wordless ? words.noword : words.none;
    let text = say(found!.replace("%d", count), named(q));
    if (page > 1) text += say(words.page, page, pages);
    head.textContent = text;
    document.title = `${text} – ${title}`;
    words.state = r.total ? "found" : "empty";
    box.toggleAttribute("data-wordless", wordless);
    done.textContent = say(r.total === 1 ? words.showSingle : words.show, count);

    facets(r.facets, r.total);
    chips();
    for (const a of box.querySelectorAll<HTMLAnchorElement>("[data-sort]")) {
      const other = a.dataset.sort === "datum";
      set(a, { href: address({ date: other }), "aria-current": other === date });
      if (other && date) text += `, ${a.textContent}`; // or nothing new is said
    }
    announce(text, typing);
    const meant = part<HTMLAnchorElement>("suggestion");
    meant.textContent = say(words.quoted, named(r.suggestion));
    meant.href = address({ q: r.suggestion, filters: {} });
    meant.parentElement!.hidden = !r.suggestion;
    part("partial").hidden = !r.partial;

    const items = r.hits.map(item);
    const hits = part<HTMLOListElement>("hits");
    hits.start = (page - 1) * LIMIT + 1;
    hits.replaceChildren(...items);
    pagination(page, pages);
    return items;
  }

  function item(h: Hit): HTMLElement {
    const li = copy("hit");
    const put = (place: string, ...content: (Node | string)[]): void => li.querySelector(place)!.append(...content);
    const other = foreign(h);
    put(".type-mark", box.querySelector<HTMLTemplateElement>(`[data-icon="${CSS.escape(h.type)}"]`)?.content.cloneNode(true) ?? "");
    put(".card-type", h.typeLabel);
    if (h.date) put(".hit-date", el("time", { datetime: h.date }, new Date(h.date).toLocaleString(words.locale, { dateStyle: "long", timeZone: "UTC" })));
    put(".is-draft", h.status);
    put(".is-lang", other ?? "");
    put("a", h.title);
    set(li.querySelector("a")!, { hreflang: other });
    for (const e of li.querySelectorAll("[lang]")) set(e, { lang: other });
    tell(h, li);
    return li;
  }

  // Title and section may be there before the excerpt. Links stay the same
  // elements, for the focus may be on them.
  function tell(h: Hit, li: HTMLElement): void {
    // What of the query is only in a title or a heading is in no excerpt's words.
    const marks = [...new Set([...h.words, ...sought])];
    const text = li.querySelector(".hit-text")!;
    li.querySelector("a")!.href = marked(h.url, marks);
    if (h.section) {
      let a = text.querySelector("a");
      if (!a) text.prepend(el("p", { class: "hit-section" }, (a = el("a"))));
      a.href = marked(h.section.url, marks);
      a.textContent = h.section.title;
    }
    if (h.excerpt && !text.querySelector(".hit-excerpt")) text.append(el("p", { class: "hit-excerpt" }, ...excerpt(h.excerpt)));
  }

  // The excerpt is HTML, but only its texts and marks come into the page.
  function excerpt(html: string): (Node | string)[] {
    const nodes = new DOMParser().parseFromString(html, "text/html").body.childNodes;
    return [...nodes].map((n) => (n.nodeName === "MARK" ? el("mark", {}, n.textContent!) : n.textContent!));
  }

  // What can be seen comes first.
  async function fill(e: Engine, hits: Hit[], items: HTMLElement[], signal: AbortSignal): Promise<void> {
    await new Promise(requestAnimationFrame); // the page may yet be scrolled
    const seen = items.map((li) => li.getBoundingClientRect()).map((at) => at.top < innerHeight && at.bottom > 0);
    for (const now of [true, false]) {
      const some = hits.filter((_, i) => seen[i] === now);
      await e.fill(some, { signal });
      if (signal.aborted) return;
      for (const h of some) tell(h, items[hits.indexOf(h)]);
    }
  }

  function chips(): void {
    const { filters } = read();
    const chosen = Object.entries(filters).flatMap(([name, values]) => values.map((value) => {
      const li = copy("chip");
      const a = li.querySelector("a")!;
      a.href = filtered(name, value, false);
      a.children[1].textContent = rows.get(name + "=" + value)?.querySelector("span")!.textContent ?? value;
      return li;
    }));
    part("chosen").textContent = String(chosen.length || "");
    for (const a of box.querySelectorAll<HTMLAnchorElement>("[data-clear]")) a.href = address({ filters: {} });
    const list = part("chips");
    list.replaceChildren(...chosen, list.lastElementChild!); // which removes all of them
  }

  // Facets. Elements are kept as long as they can be: the pointer and the focus
  // are on them.

  function facets(found: Result["facets"], total: number): void {
    const { filters } = read();
    const values = (f: HTMLElement): FacetCount[] => found[nameOf(f)] ?? [];
    const types = filters.type[0] ? filters.type : (found.type ?? []).filter((v) => v.count).map((v) => v.value);
    // What is not chosen must tell hits apart, and say something about half of them.
    const show = fields.filter((f) => fits(f, types) && (filters[nameOf(f)][0] ||
      values(f).some((v) => v.count && v.count < total) && values(f).reduce((n, v) => n + v.count, 0) * 2 >= total));
    const focus = document.activeElement as HTMLElement;
    show.forEach((f, i) => group(f, i < 2, filters[nameOf(f)], values(f)));
    place(panel, show);
    if (panel.contains(focus)) focus.focus();
  }

  // place puts elements into their parent, if they are not there already.
  function place(parent: Element, children: Element[]): void {
    if (children.length !== parent.children.length || children.some((c, i) => c !== parent.children[i])) parent.replaceChildren(...children);
  }

  function group(field: HTMLDetailsElement, open: boolean, chosen: string[], values: FacetCount[]): void {
    const list = field.querySelector("ul")!;
    const more = field.querySelector("button")!;
    const row = (value: string, label?: string, count = 0): HTMLElement => {
      const key = nameOf(field) + "=" + value;
      const li = rows.get(key) ?? copy("value");
      rows.set(key, li);
      const [text, number] = li.querySelectorAll("span");
      Object.assign(li.querySelector("input")!, { name: nameOf(field), value, checked: chosen.includes(value) });
      text.textContent = label ?? (text.textContent || value);
      number.textContent = String(count);
      return li;
    };
    if (!list.firstChild) field.open = open || chosen.length > 0;
    place(list, [
      ...values.filter((v) => v.count || chosen.includes(v.value)).map((v) => row(v.value, v.label, v.count)),
      ...chosen.filter((value) => !values.some((v) => v.value === value)).map((value) => row(value)),
    ]);
    more.hidden = !list.querySelector("li:nth-child(n + 9) input:not(:checked)"); // others stand anyway
    unfold(more, isUnfolded(more));
  }

  // unfold says whether all values of a list are shown; CSS shows them.
  function unfold(more: Element, all: boolean): void {
    set(more, { "aria-expanded": String(all) });
    more.textContent = all ? words.less! : say(words.more, more.previousElementSibling!.children.length);
  }

  function isUnfolded(more: Element): boolean {
    return more.matches("[aria-expanded=true]");
  }

  function pagination(page: number, pages: number): void {
    const nav = part("pages");
    nav.hidden = pages < 2;
    const steps: HTMLElement[] = [];
    for (let n = 1; n <= pages; n++) {
      const far = pages > 7 ? Math.abs(n - page) : 0;
      if (far < 2 || n === 1 || n === pages) steps.push(el("li", {}, el("a", { href: address({ page: n }), "aria-label": say(words.goto, n), "aria-current": n === page && "page" }, String(n))));
      else if (far === 2) steps.push(el("li", {}, el("span", {}, "…"))); // for all that are further
    }
    const step = (name: string, n: number): HTMLElement => {
      const li = part(name);
      li.hidden = n < 1 || n > pages;
      li.querySelector("a")!.href = address({ page: n });
      return li;
    };
    nav.firstElementChild!.replaceChildren(step("prev", page - 1), ...steps, step("next", page + 1));
  }

  // What the reader does.

  input.addEventListener("input", later(typed, DELAY));

  input.form!.addEventListener("submit", (e) => {
    e.preventDefault();
    typed();
    typing = false;
    if (matchMedia("(pointer: coarse)").matches) input.blur(); // its keyboard covers what was found
  });

  panel.addEventListener("change", (e) => {
    const { name, value, checked } = e.target as HTMLInputElement;
    void go(filtered(name, value, checked));
  });

  panel.addEventListener("click", (e) => {
    const more = e.target as Element;
    if (more.matches("button")) unfold(more, !isUnfolded(more));
  });

  // Links to another state of this page need not load it again.
  document.addEventListener("click", (e) => {
    const a = (e.target as Element).closest("a");
    if (!a || e.defaultPrevented || !plain(e)) return;
    if (a.origin !== location.origin || a.pathname !== location.pathname || a.hash) return;
    e.preventDefault();
    void go(a.pathname + a.search);
  });

  addEventListener("popstate", () => {
    if (location.search === shown) return; // only the anchor is another
    typing = false;
    input.value = read().q;
    void restore(0);
  });

  async function restore(otherwise?: number, show = update): Promise<void> {
    const top: number | undefined = history.state?.y ?? otherwise;
    await show();
    if (words.state !== "failed") scrollTo({ top, behavior: "instant" });
  }

  // Hits come after the browser has restored the place, so it is kept here.
  history.scrollRestoration = "manual";
  const save = (): void => history.replaceState({ y: scrollY }, "");
  addEventListener("scroll", later(save, 150));
  addEventListener("pagehide", save);

  // The filters stand open where they have a column of their own.
  const wide = matchMedia("(min-width: 62em)");
  const filters = panel.parentElement as HTMLDetailsElement;
  wide.addEventListener("change", () => (filters.open = wide.matches));
  filters.open = wide.matches;
  done.onclick = () => {
    filters.open = false;
    toHits();
  };

  // What was typed before this was loaded is a question, too.
  input.value ||= read().q;
  if (input.value.trim() !== read().q) typed();
  // What a server has answered stands until something else is asked.
  for (const d of panel.querySelectorAll("details")) {
    fields[+d.dataset.field!] = d;
    for (const li of d.querySelectorAll("li")) rows.set(nameOf(d) + "=" + li.querySelector("input")!.value, li);
  }
  return () => restore(undefined, served && !shown ? async () => void (shown = location.search) : update);
}

// What there is in a query that can be looked for.
function terms(e: Engine, query: string): string[] {
  const { words, phrases } = parse(query);
  const text = [words, ...phrases].join(" ");
  return e.words(text);
}

/** The language of a page that is not in this page's own. */
export function foreign(h: Hit): string | undefined {
  const own = h.id.split(":")[0];
  return own === document.documentElement.lang ? undefined : own;
}

// marked leads to an address and has the words marked there (search-marks.ts).
function marked(url: string, words: string[]): string {
  const u = new URL(url, location.href);
  if (words.length) u.searchParams.set("markiert", words.slice(0, 12).join(" "));
  return u.href;
}
