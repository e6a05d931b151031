// The page was made on some day and may be read on a later one: rows go where
// they belong today, before filters are applied.
import { init as filter } from "../filter";

export function init(): void {
  const root = document.querySelector<HTMLElement>("[data-due]");
  if (root) update(root);
  filter();
}

function update(root: HTMLElement): void {
  const within = Number(root.dataset.within);
  const groups = new Map<string, HTMLElement>();
  root.querySelectorAll<HTMLElement>("[data-state]").forEach((g) => groups.set(g.dataset.state ?? "", g));
  const moved = new Map<string, number>();
  for (const row of root.querySelectorAll<HTMLElement>("tr[data-day]")) {
    const left = daysUntil(row.dataset.day ?? "");
    const say = row.querySelector("[data-left]");
    if (say) say.textContent = words(root, left);
    const from = row.closest<HTMLElement>("[data-state]")?.dataset.state ?? "";
    const to = left < 0 ? "overdue" : left <= within ? "soon" : "later";
    const body = groups.get(to)?.querySelector("tbody");
    if (from === to || !body) continue;
    body.append(row); // rows come in the order of their days, so the order stays
    moved.set(from, (moved.get(from) ?? 0) - 1);
    moved.set(to, (moved.get(to) ?? 0) + 1);
  }
  for (const [state, n] of moved) show(root, groups.get(state), state, n);
}

/** Whole calendar days from the reader's today. */
function daysUntil(day: string): number {
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((Date.parse(day) - today) / 86_400_000);
}

function words(root: HTMLElement, left: number): string {
  if (left === 0) return root.dataset.today ?? "";
  const n = Math.abs(left);
  const one = left < 0 ? root.dataset.sinceOne : root.dataset.inOne;
  const other = left < 0 ? root.dataset.sinceOther : root.dataset.inOther;
  return ((n === 1 ? one : other) ?? "").replace("%d", String(n));
}

/** Tells how many a group has now, and whether it is empty. */
function show(root: HTMLElement, group: HTMLElement | undefined, state: string, change: number): void {
  if (!group) return;
  const total = group.querySelector("[data-total]");
  const sum = root.querySelector(`[data-sum="${state}"]`);
  const n = Number((total?.textContent ?? "0").replace(/\D/g, "")) + change;
  for (const el of [total, sum]) if (el) el.textContent = n.toLocaleString(document.documentElement.lang);
  sum?.closest("li")?.classList.toggle("is-none", n === 0);
  const rows = group.querySelectorAll("tbody tr").length;
  group.toggleAttribute("data-group", rows > 0);
  const table = group.querySelector("table");
  const empty = group.querySelector<HTMLElement>("[data-empty]");
  if (table) table.hidden = rows === 0;
  if (empty) empty.hidden = rows > 0;
}
