// What a filter leaves over: the first set is filtered as any view is; the rows
// of the others follow it, and so do the counts in the heads of columns.

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  if (!view) return;
  const built = new Map<HTMLElement, string>();
  for (const item of view.querySelectorAll<HTMLElement>("[data-counts]")) built.set(item, number(item).textContent ?? "");

  const follow = (): void => {
    const hidden = new Set<string | undefined>();
    for (const row of view.querySelectorAll<HTMLElement>("tr[data-keys][hidden]")) hidden.add(row.dataset.id);
    for (const row of view.querySelectorAll<HTMLElement>("tr[data-id]:not([data-keys])")) row.hidden = hidden.has(row.dataset.id);
    for (const table of view.querySelectorAll<HTMLTableElement>("table.matrix")) count(table, hidden.size === 0);
  };
  /** Without a filter, entries that the page does not show count as well. */
  const count = (table: HTMLTableElement, all: boolean): void => {
    const rows = [...table.querySelectorAll<HTMLTableRowElement>("tr[data-id]:not([hidden])")];
    for (const item of table.querySelectorAll<HTMLElement>("[data-counts]")) {
      const column = item.closest("td")?.cellIndex ?? 0;
      const n = rows.filter((r) => r.cells[column]?.dataset.cell === item.dataset.counts).length;
      number(item).textContent = all ? (built.get(item) ?? "") : String(n);
      item.hidden = !all && n === 0;
    }
  };
  view.addEventListener("filtered", follow);
  follow();
}

function number(item: HTMLElement): HTMLElement {
  return item.querySelector("b") ?? item;
}
