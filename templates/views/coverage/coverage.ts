import { init as filter } from "../filter";

export function init(): void {
  filter();
  addEventListener("hashchange", reveal);
  reveal();
}

/** A cell of the map may lead into a closed list; not every browser opens it. */
function reveal(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const list = target?.closest<HTMLDetailsElement>("details:not([open])");
  if (!target || !list) return;
  list.open = true;
  target.scrollIntoView();
}
