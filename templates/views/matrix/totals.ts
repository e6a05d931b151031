// Counts in the heads of columns follow the filters.

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  if (!view) return;
  const built = new Map<HTMLElement, string>();
  for (const item of view.querySelectorAll<HTMLElement>("[data-counts]")) built.set(item, number(item).textContent ?? "");

  const count = (): void => {
    for (const table of view.querySelectorAll<HTMLTableElement>("table.matrix")) {
      const rows = [...table.querySelectorAll<HTMLTableRowElement>("[data-keys]")];
      const all = rows.every((r) => !r.hidden); // then also those that the page does not show count
      table.querySelectorAll<HTMLTableCellElement>(".matrix-counts td").forEach((head) => {
        for (const item of head.querySelectorAll<HTMLElement>("[data-counts]")) {
          const n = rows.filter((r) => !r.hidden && r.cells[head.cellIndex]?.dataset.cell === item.dataset.counts).length;
          number(item).textContent = all ? (built.get(item) ?? "") : String(n);
          item.hidden = !all && n === 0;
        }
      });
    }
  };
  view.addEventListener("filtered", count);
  count();
}

function number(item: HTMLElement): HTMLElement {
  return item.querySelector("b") ?? item;
}
