// Reads the answers out of the address, shows what they lead to, and writes them
// back. The entries and what they say are in the table of the page.

import { type Answer, type Question, type Said, type Verdict, judge } from "../judge";
import { dayIn, restate, stateOf } from "../state";

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  const form = view?.querySelector<HTMLFormElement>("[data-finder]");
  const result = view?.querySelector<HTMLElement>("[data-result]");
  if (!view || !form || !result) return;
  restate(view);
  const clear = form.querySelector<HTMLButtonElement>("[data-clear]")!;
  const show = () => {
    const given = answers(form);
    clear.hidden = given.length === 0;
    tell(view, result, given);
  };
  const read = () => {
    const params = new URLSearchParams(location.search);
    for (const s of selects(form)) {
      const value = params.get(s.name) ?? "";
      s.value = [...s.options].some((o) => o.value === value) ? value : "";
    }
    show();
  };
  read();
  addEventListener("popstate", read);
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("change", () => {
    write(form);
    show();
  });
  clear.addEventListener("click", () => {
    form.reset();
    for (const s of selects(form)) s.value = "";
    write(form);
    show();
    selects(form)[0]?.focus();
  });
}

const selects = (form: HTMLFormElement) => [...form.querySelectorAll("select")];

function write(form: HTMLFormElement): void {
  const params = new URLSearchParams(location.search);
  for (const s of selects(form)) s.value ? params.set(s.name, s.value) : params.delete(s.name);
  const query = params.toString();
  history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
}

function answers(form: HTMLFormElement): [Question, Answer][] {
  return selects(form).filter((s) => s.value).map((s) => {
    const { label = "", no = "", below = "", above = "" } = s.dataset;
    const option = s.selectedOptions[0];
    return [
      { name: s.name, label, number: "number" in s.dataset, wish: "wish" in s.dataset, open: "open" in s.dataset, except: "except" in s.dataset, no, below, above },
      { key: option.value, label: option.label, also: option.dataset.also?.split(" ") ?? [] },
    ];
  });
}

/** What an entry's cell says to a question. */
function said(row: HTMLElement, name: string): Said | undefined {
  const cell = row.querySelector<HTMLElement>(`[data-cell="${CSS.escape(name)}"]`);
  if (!cell) return undefined;
  const limit = (s?: string) => (s === undefined ? null : Number(s));
  return {
    words: [...cell.querySelectorAll<HTMLElement>("[data-key]")].map((w) => ({ key: w.dataset.key!, label: w.textContent! })),
    not: [...cell.querySelectorAll<HTMLElement>("[data-not]")].map((w) => w.dataset.not!),
    from: limit(cell.dataset.from),
    to: limit(cell.dataset.to),
  };
}

function tell(view: HTMLElement, result: HTMLElement, given: [Question, Answer][]): void {
  result.hidden = given.length === 0;
  const lists: Record<Verdict["verdict"], [number, HTMLElement][]> = { fits: [], maybe: [], out: [] };
  const or = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
  for (const row of view.querySelectorAll<HTMLElement>("[data-item]")) {
    const schedule = row.querySelector<HTMLElement>("[data-schedule]");
    const state = schedule && stateOf(schedule);
    const closed = (result.dataset.closed ?? "").replace("%s", state?.day ? dayIn(state.day) : "");
    const v = judge(given.map(([q, a]) => [q, a, said(row, q.name)]), state, closed, result.dataset.deadline ?? "", (w) => or.format(w));
    const known = state?.key !== "unbekannt";
    lists[v.verdict].push([v.unknown.length + v.wishes.length, entry(row, known ? schedule : null, v, result)]);
  }
  for (const group of result.querySelectorAll<HTMLElement>("[data-verdict]")) {
    const items = lists[group.dataset.verdict as Verdict["verdict"]];
    group.hidden = items.length === 0;
    group.querySelector("[data-number]")!.textContent = String(items.length);
    if (group.dataset.verdict === "maybe") items.sort((a, b) => a[0] - b[0]); // least open first
    group.querySelector("ul")!.replaceChildren(...items.map(([, item]) => item));
  }
  const { fits, maybe, out } = lists;
  const sum = fits.length + maybe.length ? result.dataset.count! : result.dataset.none!;
  result.querySelector("[data-sum]")!.textContent =
    sum.replace("{fits}", String(fits.length)).replace("{maybe}", String(maybe.length)).replace("{out}", String(out.length));
}

function entry(row: HTMLElement, schedule: HTMLElement | null, v: Verdict, result: HTMLElement): HTMLElement {
  const item = document.createElement("li");
  const title = document.createElement("p");
  title.className = "finder-title";
  title.append(row.querySelector("a")!.cloneNode(true));
  item.append(title);
  const { unknown = "%s", wish = "%s", open = "%s" } = result.dataset;
  const remarks = [...v.reasons];
  if (!v.reasons.length) {
    if (v.unknown.length) remarks.push(unknown.replace("%s", v.unknown.join(", ")) + ".");
    if (v.wishes.length) remarks.push(wish.replace("%s", v.wishes.join(", ")) + ".");
    if (v.open.length) remarks.push(open.replace("%s", v.open.join(", ")) + ".");
  }
  for (const text of remarks) {
    const p = document.createElement("p");
    p.className = "finder-why";
    p.textContent = text;
    item.append(p);
  }
  if (schedule && v.verdict !== "out") {
    const p = document.createElement("p");
    p.className = "finder-state";
    p.append(...[...schedule.children].map((c) => c.cloneNode(true)).flatMap((c) => [c, " "]));
    item.append(p);
  }
  return item;
}
