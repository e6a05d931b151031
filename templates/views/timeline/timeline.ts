// Tells states and moves the line of today to the reader's day; then the
// filters, which go by states, can start.

import { init as filter } from "../filter";
import { recount, restate } from "../state";

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  if (!view) return;
  restate(view);
  recount(view);
  today(view);
  filter();
}

function today(view: HTMLElement): void {
  const chart = view.querySelector<HTMLElement>("[data-from]");
  if (!chart) return;
  const from = Date.parse(chart.dataset.from!), to = Date.parse(chart.dataset.to!);
  const now = new Date();
  const share = (Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - from) / (to - from);
  for (const line of chart.querySelectorAll<SVGLineElement>("[data-today]")) {
    const x = `${(100 * share).toFixed(2)}%`;
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    line.setAttribute("display", share < 0 || share > 1 ? "none" : "inline");
  }
}
