// What combobox.ts and results.ts both need of the document.

type Attributes = Record<string, string | number | boolean | undefined>;

/** An element with attributes (left out when undefined or false) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  set(e, attributes);
  e.append(...children);
  return e;
}

/** Sets attributes; undefined and false take them away. */
export function set(e: Element, attributes: Attributes): void {
  for (const name in attributes) {
    const value = attributes[name];
    if (value === undefined || value === false) e.removeAttribute(name);
    else e.setAttribute(name, String(value));
  }
}

/** What runs a function once it has not been called for so many milliseconds. */
export function later(run: () => void, ms: number): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
}

/** A region that is read aloud. It must not interrupt the echo of the keys while somebody types. */
export function voice(region: HTMLElement): (text: string, typing?: boolean) => void {
  let timer = 0;
  return (text, typing) => {
    clearTimeout(timer);
    timer = setTimeout(() => (region.textContent = text), typing ? 500 : 0);
  };
}

/** Whether a link that is clicked opens in the place of this page. */
export function plain(e: MouseEvent): boolean {
  return !(e.ctrlKey || e.metaKey || e.shiftKey || e.altKey);
}

/** A query as it is named in a sentence: short, and without its own quotes, for it gets some. */
export function named(q: string): string {
  const letters = [...(/^["„“«»]([^"„“”«»]+)["“”«»]$/.exec(q)?.[1] ?? q)];
  return letters.length > 80 ? letters.slice(0, 79).join("").trimEnd() + "…" : letters.join("");
}

/** The words of the page, with their %d and %s filled in order. */
export function say(text: string | undefined, ...values: (string | number)[]): string {
  return text!.replace(/%[ds]/g, () => String(values.shift()));
}
