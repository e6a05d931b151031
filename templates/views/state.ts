// Tells the state of everything in a part of a page that has a schedule, for
// now: its words, and the keys that filters go by.

import { type Dates, type State, stateAt, wall } from "./deadline";

const DAY = 86_400_000;
const NEAR = 120; // days; further ahead the date says enough

/** The state of an element with data-schedule. */
export function stateOf(e: HTMLElement, now = new Date()): State {
  const dates: Dates = JSON.parse(e.dataset.schedule ?? "{}");
  return stateAt(dates, wall(now, e.dataset.zone ?? "UTC"));
}

export function restate(root: ParentNode): void {
  for (const e of root.querySelectorAll<HTMLElement>("[data-schedule]")) {
    const state = stateOf(e);
    const [label, ...forms] = (e.dataset[state.key] ?? "").split("|");
    if ("notice" in e.dataset) e.hidden = state.key !== "geschlossen";
    const mark = e.querySelector(".schedule-state");
    if (mark) {
      mark.textContent = label;
      mark.className = `badge schedule-state is-${state.key}`;
    }
    const text = e.querySelector(".schedule-text");
    if (text) text.textContent = sentence(state, forms, e);
    const id = e.closest<HTMLElement>("[data-keys]")?.dataset.id;
    if (!id) continue;
    for (const item of root.querySelectorAll<HTMLElement>(`[data-keys][data-id="${CSS.escape(id)}"]`)) { // an entry may stand in several places
      item.dataset.keys = item.dataset.keys!.replace(/(^| )state:\S+/, `$1state:${state.key}`);
    }
  }
}

/** „Frist in 12 Tagen, am 4. Dezember 2026“ */
export function sentence(state: State, [plain = "", near = ""]: string[], e: HTMLElement): string {
  if (!state.day) return plain.includes("%s") ? "" : plain;
  const date = dayIn(state.day) + (state.time ? (e.dataset.clock ?? ", %s").replace("%s", state.time.replace(/^0/, "")) : "");
  const today = wall(new Date(), e.dataset.zone ?? "UTC").slice(0, 10);
  const days = Math.round((Date.parse(state.day) - Date.parse(today)) / DAY);
  if (!near || days < 0 || days > NEAR) return plain.replace("%s", date);
  const when = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" }).format(days, "day");
  return near.replace("%s", when).replace("%s", date);
}

/** A day in words: „4. Dezember 2026“ */
export function dayIn(day: string): string {
  const words = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
  return words.format(new Date(day)).replace(" ", "\u00a0"); // as the build writes it
}

/** Counts the entries of each state anew, for the filter; words without any go. */
export function recount(view: HTMLElement): void {
  for (const box of view.querySelectorAll<HTMLInputElement>("[data-filter=state] input")) {
    const ids = new Set<string>();
    for (const item of view.querySelectorAll<HTMLElement>("[data-keys]")) {
      if (item.dataset.keys!.split(" ").includes(`state:${box.value}`)) ids.add(item.dataset.id ?? "");
    }
    const label = box.closest("label");
    const count = label?.querySelector(".count");
    if (count) count.textContent = String(ids.size);
    if (label) label.hidden = ids.size === 0;
  }
}
