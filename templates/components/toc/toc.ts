// The table of contents stands open where it has a column of its own, and
// marks the section being read.

const MANY = 80; // more than this stays folded: a law has hundreds

export function init(): void {
  const details = document.querySelector<HTMLDetailsElement>("details[data-toc]");
  if (!details) return;
  const wide = matchMedia("(min-width: 62em)");
  if (wide.matches && Number(details.dataset.toc) <= MANY) details.open = true;

  const links = new Map<Element, HTMLAnchorElement>();
  for (const a of details.querySelectorAll<HTMLAnchorElement>(".toc-list a")) {
    const target = document.getElementById(decodeURIComponent(a.hash.slice(1)));
    if (target) links.set(target, a);
  }
  const list = details.querySelector<HTMLElement>(".toc-list")!;
  let current: HTMLAnchorElement | undefined;
  const observer = new IntersectionObserver((entries) => {
    const top = entries.find((e) => e.isIntersecting);
    const link = top && links.get(top.target);
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    current = link;
    if (wide.matches && details.open) list.scrollTop = link.offsetTop - list.offsetTop - list.clientHeight / 3;
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const target of links.keys()) observer.observe(target);
}
