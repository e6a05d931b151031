// Puts two to four entries side by side. Each has a sheet, a JSON file beside
// the page, which is fetched when it is chosen; all have the same fields in the
// same order.

import { parameter, setParameter } from "../address";

interface Sheet {
  id: string;
  title: string;
  url: string;
  language: string;
  status?: string;
  groups: { label: string; fields: { key: string; label: string; values: string[]; own?: boolean }[] }[];
}

export function init(): void {
  const section = document.querySelector<HTMLElement>("[data-compare]");
  const bar = document.querySelector<HTMLElement>("[data-bar]");
  if (section && bar) new Comparison(section, bar).start();
}

class Comparison {
  private chosen: string[] = [];
  private open = false;
  private readonly sheets = new Map<string, Promise<Sheet>>();
  private readonly boxes: HTMLInputElement[];
  private readonly only: HTMLInputElement;
  private drawn = 0; // the last drawing wins, whatever order sheets arrive in

  constructor(private readonly section: HTMLElement, private readonly bar: HTMLElement) {
    this.only = find<HTMLInputElement>(section, "[data-only]");
    this.boxes = [...document.querySelectorAll<HTMLElement>("tr[data-id] > th")].map((head) => this.box(head));
  }

  /** A box for the entry of a row: without a script it would be of no use. */
  private box(head: HTMLElement): HTMLInputElement {
    const box = document.createElement("input");
    const title = head.textContent ?? "";
    const lang = head.querySelector("a")?.lang;
    box.type = "checkbox";
    box.value = head.parentElement?.dataset.id ?? "";
    box.dataset.title = title;
    box.autocomplete = "off";
    head.append(element("label", { class: "pick" }, box, element("span", {}, this.section.dataset.pick ?? "", element("span", { class: "visually-hidden" }, ": ", element("span", lang ? { lang } : {}, title)))));
    return box;
  }

  start(): void {
    document.querySelector("[data-view]")?.classList.add("can-compare");
    for (const box of this.boxes) {
      box.addEventListener("change", () => this.choose(box.checked ? [...this.chosen, box.value] : this.chosen.filter((id) => id !== box.value)));
    }
    find(this.bar, "[data-open]").addEventListener("click", () => {
      this.open = true;
      void this.draw().then(() => this.begin());
    });
    find(this.bar, "[data-clear]").addEventListener("click", () => this.leave([]));
    find(this.section, "[data-close]").addEventListener("click", () => {
      this.open = false;
      void this.draw();
      this.boxes.find((b) => b.checked && b.checkVisibility())?.focus();
    });
    this.only.addEventListener("change", () => {
      setParameter("unterschiede", this.only.checked ? "1" : "");
      void this.draw();
    });
    addEventListener("popstate", () => this.read());
    this.read();
  }

  /** Takes the choice from the address; what is not on this page is left out. */
  private read(): void {
    const known = new Set(this.boxes.map((b) => b.value));
    const ids = parameter("vergleich").split(",").filter((id) => /^[a-z0-9-]+$/.test(id) && (known.has(id) || !("all" in this.section.dataset)));
    this.chosen = [...new Set(ids)].slice(0, this.max);
    this.only.checked = parameter("unterschiede") === "1";
    this.open = this.chosen.length > 1;
    void this.draw();
  }

  private get max(): number {
    return Number(this.section.dataset.max);
  }

  private choose(ids: string[]): void {
    this.chosen = ids.slice(0, this.max);
    setParameter("vergleich", this.chosen.join(","));
    if (this.chosen.length < 2) this.open = false;
    void this.draw();
  }

  /** Chooses anew when what had the focus goes away with it. */
  private leave(ids: string[]): void {
    const from = this.chosen.find((id) => !ids.includes(id));
    this.choose(ids);
    const next = this.bar.hidden ? this.boxes.find((b) => b.value === from && b.checkVisibility()) : find(this.bar, "li button");
    next?.focus();
  }

  private begin(): void {
    const title = find(this.section, "h2");
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  }

  private async draw(): Promise<void> {
    const turn = ++this.drawn;
    for (const box of this.boxes) {
      box.checked = this.chosen.includes(box.value);
      box.disabled = !box.checked && this.chosen.length >= this.max;
    }
    this.drawBar();
    this.section.hidden = !this.open;
    if (!this.open) return;
    const answers = await Promise.allSettled(this.chosen.map((id) => this.sheet(id)));
    if (turn !== this.drawn) return;
    const sheets = answers.flatMap((a) => (a.status === "fulfilled" ? [a.value] : []));
    const lost = this.chosen.filter((_, i) => answers[i]?.status === "rejected");
    this.drawTable(sheets);
    const fault = find(this.section, "[data-fault]");
    fault.hidden = lost.length === 0;
    fault.textContent = lost.map((id) => this.word("failed", { title: this.title(id) })).join(" ");
  }

  private sheet(id: string): Promise<Sheet> {
    let sheet = this.sheets.get(id);
    if (!sheet) {
      sheet = fetch(`${this.section.dataset.sheets}${id}.json`).then((r) => {
        if (!r.ok) throw new Error(`${r.status}`);
        return r.json() as Promise<Sheet>;
      });
      sheet.catch(() => this.sheets.delete(id)); // the next drawing tries again
      this.sheets.set(id, sheet);
    }
    return sheet;
  }

  private drawBar(): void {
    this.bar.hidden = this.chosen.length === 0;
    const state = find(this.bar, "[data-state]");
    const n = this.chosen.length;
    const text = fill(state.dataset.chosen, { n, max: this.max }) + (n === 1 ? ". " + state.dataset.more : "");
    if (state.textContent !== text) state.textContent = text;
    find(this.bar, "[data-open]").hidden = n < 2 || this.open;
    find(this.bar, "[data-chosen-list]").replaceChildren(...this.chosen.map((id) => element("li", {}, this.remover(id, this.title(id)))));
  }

  private remover(id: string, text: string): HTMLElement {
    const button = element("button", { type: "button", class: "compare-remove", "aria-label": this.word("remove", { title: this.title(id) }) }, text, element("span", { "aria-hidden": "true" }, " ×"));
    button.addEventListener("click", () => this.leave(this.chosen.filter((x) => x !== id)));
    return button;
  }

  private title(id: string): string {
    return this.boxes.find((b) => b.value === id)?.dataset.title ?? id;
  }

  private drawTable(sheets: Sheet[]): void {
    const into = find(this.section, "[data-table]");
    const first = sheets[0];
    if (!first) {
      into.replaceChildren();
      return;
    }
    const head = element("tr", { role: "row" }, element("th", { scope: "col", role: "columnheader" }, this.word("field")),
      ...sheets.map((s) => element("th", { scope: "col", role: "columnheader" }, this.heading(s))));
    const table = element("table", { class: `compare-table is-${sheets.length}`, role: "table", "aria-labelledby": "vergleich-titel" }, element("thead", { role: "rowgroup" }, head));
    let differs = 0;
    let same = 0;
    const blank: string[] = [];
    first.groups.forEach((group, g) => {
      const rows: HTMLElement[] = [];
      group.fields.forEach((field, f) => {
        const values = sheets.map((s) => s.groups[g]?.fields[f]?.values ?? []);
        if (values.every((v) => v.length === 0)) {
          blank.push(field.label);
          return;
        }
        const equal = values.every((v) => key(v) === key(values[0] ?? []));
        if (equal) same++;
        else differs++;
        if (!equal || !this.only.checked) rows.push(this.row(field.label, values, equal, sheets, field.own ?? false));
      });
      if (rows.length === 0) return;
      const title = element("tr", { role: "row", class: "compare-group" }, element("th", { scope: "rowgroup", role: "rowheader", colspan: String(sheets.length + 1) }, group.label));
      table.append(element("tbody", { role: "rowgroup" }, ...(group.label ? [title] : []), ...rows));
    });
    into.replaceChildren(table);
    find(this.section, "[data-summary]").textContent = differs > 0 ? this.word("count", { differs, same }) : this.word("equal", {});
    this.drawBlanks(blank);
  }

  private heading(s: Sheet): HTMLElement {
    const link = element("a", { href: new URL(s.url).pathname }, s.title);
    if (foreign(s)) link.lang = s.language;
    return element("span", { class: "compare-title" }, link, ...(s.status ? [element("span", { class: "badge is-draft" }, s.status)] : []));
  }

  private row(label: string, values: string[][], equal: boolean, sheets: Sheet[], own: boolean): HTMLElement {
    const mark = element("span", { class: "compare-mark" }, element("span", { "aria-hidden": "true" }, equal ? "= " : "≠ "), this.word(equal ? "same" : "differs"));
    return element("tr", { role: "row", class: equal ? "is-same" : "is-different" },
      element("th", { scope: "row", role: "rowheader" }, label, mark),
      ...values.map((v, i) => {
        const sheet = sheets[i];
        const cell = element("td", { role: "cell", "data-label": sheet?.title ?? "" }, this.value(v, values));
        if (own && v.length > 0 && sheet && foreign(sheet)) cell.lang = sheet.language;
        return cell;
      }));
  }

  /** One value, or a list in which what not all have stands out. */
  private value(v: string[], all: string[][]): HTMLElement {
    if (v.length === 0) return element("small", {}, this.word("none"));
    const list = all.some((x) => x.length > 1);
    const items = v.map((x) => element(list && !all.every((o) => o.includes(x)) ? "b" : "span", {}, x));
    return items.length > 1 ? element("ul", {}, ...items.map((x) => element("li", {}, x))) : element("div", {}, ...items);
  }

  private drawBlanks(names: string[]): void {
    const blanks = find(this.section, "[data-blanks]");
    blanks.hidden = names.length === 0;
    find(blanks, "summary").textContent = this.word(names.length === 1 ? "blankOne" : "blank", { n: names.length });
    find(blanks, "p").textContent = names.join(", ");
  }

  private word(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.section.dataset[name], values);
  }
}

/** An entry that the page's language does not have. */
function foreign(s: Sheet): boolean {
  return s.language !== document.documentElement.lang;
}

/** Lists are the same in any order. */
function key(values: string[]): string {
  return JSON.stringify([...values].sort());
}

function fill(text: string | undefined, values: Record<string, string | number>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

function find<T extends HTMLElement>(root: HTMLElement, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`compare: ${selector} is missing`);
  return found;
}

function element(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
}
