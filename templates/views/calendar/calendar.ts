// Filters, and the sheets of the months: a day whose dates are filtered out
// fades, as its dates below leave the list.

import { init as filter } from "../filter";

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  view?.addEventListener("filtered", () => {
    for (const link of view.querySelectorAll<HTMLAnchorElement>(".month-sheet a")) {
      const ids = (link.dataset.dates ?? "").split(" ");
      link.classList.toggle("is-out", ids.every((id) => document.getElementById(id)?.hidden));
    }
  });
  filter();
}
