// A marked glossary word shows its note on hover and on focus. The note comes
// from „Begriffe auf dieser Seite“, where the word's link leads without this
// script. It stays while the pointer is on word or note, and Escape closes it
// (WCAG 1.4.13).

const DELAY = 150; // ms: time to cross the gap, and not to flicker in passing

export function init(): void {
  if (!document.querySelector("a.term")) return;
  const note = document.createElement("div");
  note.className = "term-popover";
  note.id = "begriff-hinweis";
  note.hidden = true;
  document.querySelector("main")!.append(note); // inside a landmark

  let word: HTMLAnchorElement | null = null;
  let timer = 0;

  const later = (f: () => void) => {
    clearTimeout(timer);
    timer = window.setTimeout(f, DELAY);
  };

  function hide(): void {
    clearTimeout(timer);
    word?.removeAttribute("aria-describedby");
    word = null;
    note.hidden = true;
  }

  function show(a: HTMLAnchorElement): void {
    const source = document.getElementById(decodeURIComponent(a.hash.slice(1)));
    const link = source?.querySelector<HTMLAnchorElement>("dt a");
    const text = source?.querySelector("dd")?.firstChild?.textContent?.trim();
    if (!link || !text) return;
    hide();
    word = a;
    const p = document.createElement("p");
    const more = document.createElement("a");
    p.textContent = text;
    more.href = link.href;
    more.textContent = link.textContent;
    note.replaceChildren(p, more);
    note.hidden = false;
    a.setAttribute("aria-describedby", note.id);
    const box = a.getClientRects()[0]!;
    const left = Math.min(box.left, document.documentElement.clientWidth - note.offsetWidth - 16);
    const below = box.bottom + note.offsetHeight + 8 < innerHeight || box.top < note.offsetHeight + 8;
    note.style.left = `${Math.max(16, left) + scrollX}px`;
    note.style.top = `${(below ? box.bottom + 4 : box.top - note.offsetHeight - 4) + scrollY}px`;
  }

  const term = (e: Event) => (e.target as Element).closest?.<HTMLAnchorElement>("a.term") ?? null;
  document.addEventListener("pointerover", (e) => {
    const a = term(e);
    if (e.pointerType === "touch") return;
    if (a && a !== word) later(() => show(a));
    else if (a || note.contains(e.target as Node)) clearTimeout(timer);
    else if (word) later(hide);
  });
  document.addEventListener("focusin", (e) => {
    const a = term(e);
    if (a?.matches(":focus-visible")) show(a);
    else if (!note.contains(e.target as Node)) hide();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") hide();
  });
}
