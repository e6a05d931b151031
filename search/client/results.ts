// The results page. Its address is its state: what is shown follows from the
// query string and from nothing else, so that it can be shared and gone back to.

import type { Combobox } from "./combobox";
import { el, named, say, set } from "./dom";
import type { Engine, Hit, Result } from "./engine";
import { parse } from "./query";

export type Results = { update(): Promise<void> };

type State = { q: string; filters: Record<string, string[]>; date: boolean; page: number };
type Field = { name: string; label: string; of: string }; // of: the one type that has it, or ""
type Facets = Result["facets"];

const LIMIT = 10;
const FOLD = 8; // values of a facet that stand open
const DELAY = 200; // ms: while typing; what completes a word is quicker
const CALM = 500; // ms: what is read aloud must not interrupt the echo of the keys

export function results(box: HTMLElement, form: HTMLFormElement, input: HTMLInputElement, engine: () => Promise<Engine>, list: Combobox): Results {
  const words = box.dataset;
  const part = <E extends HTMLElement>(name: string): E => box.querySelector<E>(`[data-part=${name}]`)!;
  const icon = (name: string): Node | string => box.querySelector<HTMLTemplateElement>(`template[data-icon="${CSS.escape(name)}"]`)?.content.cloneNode(true) ?? "";
  const head = part("count");
  const status = part("status");
  const panel = part("facets");
  const done = part("done");
  const lang = document.documentElement.lang;
  const served = words.title; // of the page before a server filled it (search/server/results.go)
  const title = served ?? document.title;
  const waiting = words.wait ?? head.textContent;
  const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long", timeZone: "UTC" });
  const fields = [...box.querySelectorAll<HTMLTemplateElement>("template[data-facet]")]
    .map((t): Field => ({ name: t.dataset.facet!, label: t.content.textContent!, of: t.dataset.of ?? "" }));
  const labels = new Map<string, string>(); // of values that were once shown
  const groups = new Map<Field, HTMLElement>();

  let running: AbortController | undefined;
  let shown = ""; // the query string that is on the page
  let sought: string[] = []; // the words of the query
  let typing = false; // the entry of the history is one that is still being typed
  let kept: Partial<State> = {}; // of a query that was deleted, for the one that is typed instead
  let timer = 0;
  let calm = 0;
  let saving = 0;

  // Whether hits that are all of one type ("": of several) can have a field.
  const fits = (f: Field, type: string): boolean => !f.of || f.of === type;

  // The address and back.

  function read(search = location.search): State {
    const p = new URLSearchParams(search);
    const filters: State["filters"] = {};
    for (const { name } of fields) if (p.has(name)) filters[name] = p.getAll(name);
    return { q: (p.get("q") ?? "").trim().slice(0, 500), filters, date: p.get("sortierung") === "datum", page: Math.max(1, Math.floor(Number(p.get("seite"))) || 1) };
  }

  function address(state: State, change: Partial<State> = {}): string {
    const s = { ...state, page: 1, ...change };
    const p = new URLSearchParams();
    if (s.q) {
      p.set("q", s.q);
      for (const name in s.filters) for (const value of s.filters[name]!) p.append(name, value);
      if (s.date) p.set("sortierung", "datum");
      if (s.page > 1) p.set("seite", String(s.page));
    }
    return location.pathname + (s.q ? `?${p}` : "");
  }

  // Filters on what only one type has end with it.
  function filtered(state: State, name: string, values: string[]): Partial<State> {
    const filters = { ...state.filters, [name]: values };
    if (name === "type") for (const n in filters) if (!fields.some((f) => f.name === n && fits(f, values.length === 1 ? values[0]! : ""))) delete filters[n];
    return { filters };
  }

  function go(url: string): void {
    if (url === location.pathname + location.search) return;
    const { page } = read();
    save();
    history.pushState(null, "", url);
    typing = false;
    const turned = read().page !== page;
    input.value = read().q;
    void update().then(() => {
      if (turned) toHits();
      // What had the focus may have gone with what it removed.
      else if (document.activeElement === document.body) head.focus({ preventScroll: true });
    }, () => {});
  }

  function toHits(): void {
    box.scrollIntoView({ block: "start", behavior: "instant" });
    head.focus({ preventScroll: true });
  }

  // One entry of the history for all that is typed in one go.
  function typed(): void {
    clearTimeout(timer);
    const state = read();
    const q = input.value.trim();
    if (q === state.q) return;
    if (!q) kept = { filters: state.filters, date: state.date };
    const change = typing && !state.q ? { q, ...kept } : { q };
    history[typing ? "replaceState" : "pushState"](null, "", address(state, change));
    typing = true;
    update().catch(() => {});
  }

  // What is on the page.

  async function update(): Promise<void> {
    const state = read();
    shown = location.search;
    running?.abort();
    const { signal } = (running = new AbortController());
    for (const a of document.querySelectorAll<HTMLAnchorElement>(".lang-switch a")) a.search = location.search;
    if (!state.q) return rest();
    box.hidden = false;
    set(box, { "aria-busy": true });
    try {
      const e = await engine();
      const filters = { ...state.filters, lang: [lang] };
      const r = await e.search(state.q, { limit: LIMIT, offset: (state.page - 1) * LIMIT, filters, sort: state.date ? "date" : "relevance", excerpts: false, signal });
      const last = Math.ceil(r.total / LIMIT);
      if (signal.aborted) return;
      // Nothing found where not all could be read, or nothing sifted, is a failure.
      if (r.partial && (!r.total || (!Object.keys(r.facets)[0] && Object.keys(state.filters)[0]))) throw Error("search: files are missing");
      if (r.total && state.page > last) {
        history.replaceState(null, "", address(state, { page: last }));
        return update();
      }
      sought = terms(e, state.q);
      const items = render(state, r);
      void fill(e, r.hits, items, signal).catch(() => {}); // hits stand without excerpts, too
    } catch (e) {
      if (signal.aborted) return;
      words.state = "failed";
      signposts(true);
      document.title = title;
      throw e;
    } finally {
      if (!signal.aborted) set(box, { "aria-busy": undefined });
    }
  }

  // rest is the page before anything was asked.
  function rest(): void {
    box.hidden = true;
    words.state = "wait";
    head.textContent = waiting;
    clearTimeout(calm);
    status.textContent = "";
    part("hits").replaceChildren();
    document.title = title;
    signposts(true);
  }

  function signposts(show: boolean): void {
    const s = document.querySelector<HTMLElement>("#wegweiser");
    if (s) s.hidden = !show;
  }

  function render(state: State, r: Result): HTMLElement[] {
    const pages = Math.ceil(r.total / LIMIT);
    const wordless = !r.total && !sought[0];
    const q = named(state.q);
    const count = r.total.toLocaleString(lang);
    let text = r.total === 1 ? say(words.single, q) : r.total ? say(words.other, count, q) : say(wordless ? words.noword : words.none, q);
    if (state.page > 1) text += say(words.page, state.page, pages);
    head.textContent = text;
    document.title = `${text} – ${title}`;
    words.state = r.total ? "found" : "empty";
    box.toggleAttribute("data-wordless", wordless);
    done.textContent = say(r.total === 1 ? words.showSingle : words.show, count);
    done.hidden = !r.total;
    signposts(!r.total);

    facets(state, r.facets, r.total);
    chips(state);
    for (const a of box.querySelectorAll<HTMLAnchorElement>("[data-sort]")) {
      const date = a.dataset.sort === "datum";
      set(a, { href: address(state, { date }), "aria-current": date === state.date && "true" });
      if (date && state.date) text += `, ${a.textContent}`; // or nothing new is said
    }
    clearTimeout(calm);
    calm = window.setTimeout(() => (status.textContent = text), typing ? CALM : 0);
    const meant = part<HTMLAnchorElement>("suggestion");
    meant.textContent = say(words.quoted, named(r.suggestion));
    meant.href = address(state, { q: r.suggestion, filters: {} });
    meant.parentElement!.hidden = !r.suggestion;
    part("partial").hidden = !r.partial;

    const items = r.hits.map(item);
    const hits = part("hits");
    set(hits, { start: (state.page - 1) * LIMIT + 1 });
    hits.replaceChildren(...items);
    pagination(state, pages);
    return items;
  }

  function item(h: Hit): HTMLElement {
    const kicker = el("p", { class: "card-kicker" }, el("span", { class: "card-type" }, h.typeLabel));
    if (h.date) kicker.append(" ", el("time", { datetime: h.date }, day.format(new Date(h.date))));
    const other = foreign(h);
    if (h.status) kicker.append(" ", el("span", { class: "badge is-draft", lang: other }, h.status));
    if (other) kicker.append(" ", el("span", { class: "badge is-lang" }, other));
    const li = el("li", {}, el("article", { class: "card hit" },
      el("div", { class: "card-mark" }, el("span", { class: "type-mark" }, icon(h.type))),
      el("div", { class: "card-body" }, kicker,
        el("h3", { class: "card-title", lang: other }, el("a", { hreflang: other }, h.title)),
        el("div", { class: "hit-text", lang: other }))));
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

  async function fill(e: Engine, hits: Hit[], items: HTMLElement[], signal: AbortSignal): Promise<void> {
    const seen = await inView(items);
    for (const now of [true, false]) {
      const some = hits.filter((_, i) => seen.has(items[i]!) === now);
      if (!some.length || signal.aborted) continue;
      await e.fill(some, { signal });
      if (signal.aborted) return;
      for (const h of some) tell(h, items[hits.indexOf(h)]!);
    }
  }

  function chips(state: State): void {
    const chosen = Object.entries(state.filters).flatMap(([name, values]) => values.map((value) => el("li", {}, el("a",
      { href: address(state, filtered(state, name, values.filter((v) => v !== value))) },
      el("span", { class: "visually-hidden" }, words.remove! + " "), labels.get(name + "=" + value) ?? value, icon("close")))));
    const all = address(state, { filters: {} });
    part("chosen").textContent = chosen.length ? String(chosen.length) : "";
    const clear = part<HTMLAnchorElement>("clear");
    clear.href = all;
    clear.parentElement!.hidden = !chosen.length;
    if (chosen.length > 1) chosen.push(el("li", { class: "is-all" }, el("a", { href: all }, words.clear!)));
    const list = part("chips");
    list.hidden = !chosen.length;
    list.replaceChildren(...chosen);
  }

  // Facets. Elements are kept as long as they can be: the pointer and the focus
  // are on them.

  function facets(state: State, found: Facets, total: number): void {
    const types = (found.type ?? []).filter((v) => v.count);
    const chosen = state.filters.type ?? [];
    const one = chosen.length === 1 ? chosen[0]! : !chosen.length && types.length === 1 ? types[0]!.value : "";
    // What is not chosen must tell hits apart, and say something about half of them.
    const show = fields.filter((f) => fits(f, one) && (state.filters[f.name]?.length ||
      found[f.name]?.some((v) => v.count && v.count < total) && found[f.name]!.reduce((n, v) => n + v.count, 0) * 2 >= total));
    const focus = document.activeElement as HTMLElement;
    place(panel, show.map((f, i) => group(f, i < 2, state, found[f.name] ?? [])));
    if (panel.contains(focus)) focus.focus();
    box.toggleAttribute("data-facets", show.length > 0);
  }

  // place puts elements into their parent, if they are not there already.
  function place(parent: Element, children: Element[]): void {
    if (children.length !== parent.children.length || children.some((c, i) => c !== parent.children[i])) parent.replaceChildren(...children);
  }

  function group(f: Field, open: boolean, state: State, values: Facets[string]): HTMLElement {
    const chosen = state.filters[f.name] ?? [];
    let details = groups.get(f);
    if (!details) {
      const list = el("ul", { class: "is-folded" });
      const more = el("button", { type: "button", class: "facet-more", "aria-expanded": "false" });
      details = el("details", { open: open || chosen.length > 0 },
        el("summary", {}, f.label, icon("chevron")),
        el("fieldset", {}, el("legend", { class: "visually-hidden" }, f.label), list, more));
      groups.set(f, details);
    }
    const list = details.querySelector("ul")!;
    const had = new Map([...list.children].map((li) => [li.querySelector("input")!.value, li]));
    for (const v of values) labels.set(f.name + "=" + v.value, v.label);
    const rows = values.filter((v) => v.count || chosen.includes(v.value));
    for (const value of chosen) if (rows.every((v) => v.value !== value)) rows.push({ value, label: labels.get(f.name + "=" + value) ?? value, count: 0 });
    place(list, rows.map((v) => {
      const li = had.get(v.value) ?? el("li", {}, el("label", {}, el("input", { type: "checkbox", name: f.name, value: v.value }), el("span", {}, v.label), el("span", { class: "count" })));
      li.querySelector("input")!.checked = chosen.includes(v.value);
      li.querySelector(".count")!.textContent = String(v.count);
      return li;
    }));
    const more = details.querySelector("button")!;
    more.hidden = rows.slice(FOLD).every((v) => chosen.includes(v.value)); // these stand anyway
    if (list.classList.contains("is-folded")) more.textContent = say(words.more, rows.length);
    return details;
  }

  function pagination(state: State, pages: number): void {
    const nav = part("pages");
    nav.hidden = pages < 2;
    const steps: HTMLElement[] = [];
    const step = (page: number, attributes: Record<string, string | false>, ...text: (Node | string)[]): void => {
      if (page > 0 && page <= pages) steps.push(el("li", {}, el("a", { href: address(state, { page }), ...attributes }, ...text)));
    };
    step(state.page - 1, { class: "pagination-step", rel: "prev" }, icon("arrow-left"), words.prev!);
    for (let n = 1; n <= pages; n++) {
      const far = pages > 7 ? Math.abs(n - state.page) : 0;
      if (far < 2 || n === 1 || n === pages) step(n, { "aria-label": say(words.goto, n), "aria-current": n === state.page && "page" }, String(n));
      else if (far === 2) steps.push(el("li", {}, el("span", {}, "…"))); // for all that are further
    }
    step(state.page + 1, { class: "pagination-step", rel: "next" }, words.next!, icon("arrow-right"));
    nav.firstElementChild!.replaceChildren(...steps);
  }

  // What the reader does.

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(typed, DELAY);
  });

  form.addEventListener("submit", (e) => {
    e.preventDefault();
    typed();
    typing = false;
    if (matchMedia("(pointer: coarse)").matches) input.blur(); // its keyboard covers what was found
  });

  panel.addEventListener("change", (e) => {
    const { name, value, checked } = e.target as HTMLInputElement;
    const state = read();
    const others = (state.filters[name] ?? []).filter((v) => v !== value);
    go(address(state, filtered(state, name, checked ? [...others, value] : others)));
  });

  panel.addEventListener("click", (e) => {
    const more = e.target as HTMLElement;
    if (!more.matches("button")) return;
    const list = more.previousElementSibling!;
    const folded = list.classList.toggle("is-folded");
    set(more, { "aria-expanded": String(!folded) });
    more.textContent = folded ? say(words.more, list.children.length) : words.less!;
  });

  // Links to another state of this page need not load it again.
  document.addEventListener("click", (e) => {
    const a = (e.target as Element).closest("a");
    if (!a || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (a.origin !== location.origin || a.pathname !== location.pathname || a.hash) return;
    e.preventDefault();
    list.close();
    go(a.pathname + a.search);
  });

  addEventListener("popstate", () => {
    if (location.search === shown) return; // only the anchor is another
    typing = false;
    input.value = read().q;
    restore(history.state?.y ?? 0).catch(() => {});
  });

  function restore(top?: number, ready: Promise<unknown> = update()): Promise<void> {
    return ready.then(() => void (top === undefined || scrollTo({ top, behavior: "instant" })));
  }

  // Hits come after the browser has restored the place, so it is kept here.
  history.scrollRestoration = "manual";
  const save = (): void => history.replaceState({ y: scrollY }, "");
  addEventListener("scroll", () => {
    clearTimeout(saving);
    saving = window.setTimeout(save, 150);
  });
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
  for (const d of panel.querySelectorAll("details")) groups.set(fields[+d.dataset.field!]!, d);
  return { update: () => restore(history.state?.y, served && !shown ? Promise.resolve((shown = location.search)) : undefined) };
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

/** Which of the elements can be seen now. */
function inView(items: Element[]): Promise<Set<Element>> {
  return new Promise((done) => {
    if (!items.length) return done(new Set());
    const o = new IntersectionObserver((entries) => {
      o.disconnect();
      done(new Set(entries.filter((e) => e.isIntersecting).map((e) => e.target)));
    });
    for (const i of items) o.observe(i);
  });
}
