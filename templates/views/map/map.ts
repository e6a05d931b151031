// Filters the map: the list below does as every view does, and each tile counts
// what is left of its region.
import { init as filter } from "../filter";

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  view?.addEventListener("filtered", () => count(view));
  filter();
}

function count(view: HTMLElement): void {
  for (const tile of view.querySelectorAll<HTMLElement>("[data-tile]")) {
    const out = tile.querySelector<HTMLElement>("[data-tile-count]");
    const region = view.querySelector(tile.querySelector("a")?.getAttribute("href") ?? "nothing");
    if (!out || !region) continue;
    out.dataset.all ??= out.textContent ?? "";
    const all = region.querySelectorAll("[data-keys]").length;
    const left = region.querySelectorAll("[data-keys]:not([hidden])").length;
    // A long list names only some: then the count of all of them stays.
    out.textContent = left === all ? out.dataset.all : String(left);
    tile.classList.toggle("is-empty", left === 0);
  }
}
