// Shows one set of columns at a time.

import { parameter, setParameter } from "../address";

export function init(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-show]")];
  const sets = [...document.querySelectorAll<HTMLElement>("[data-set]")];
  const first = links[0]?.dataset.show;
  if (!first) return;

  const show = (key: string): void => {
    const chosen = sets.some((s) => s.dataset.set === key) ? key : first;
    for (const set of sets) set.hidden = set.dataset.set !== chosen;
    for (const link of links) {
      if (link.dataset.show === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  for (const link of links) {
    link.addEventListener("click", (e) => {
      e.preventDefault();
      const key = link.dataset.show ?? "";
      show(key);
      setParameter("spalten", key === first ? "" : key);
    });
  }
  const read = (): void => show(parameter("spalten") || location.hash.replace("#spalten-", ""));
  addEventListener("popstate", read);
  read();
}
