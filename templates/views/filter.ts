// Narrows a view down. Everything is in the page: what has data-keys
// ("state:offen scenario:manv") stays if for each filter with something chosen
// it has one of the chosen words. The state is in the address, so that it can be
// sent to somebody; other parameters stay as they are.

type Chosen = Map<string, Set<string>>;

export function init(): void {
  const view = document.querySelector<HTMLElement>("[data-view]");
  const form = view?.querySelector<HTMLFormElement>("[data-filters]");
  if (!view || !form) return;
  read(form);
  apply(view, form);
  form.addEventListener("change", () => {
    write(form);
    apply(view, form);
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.querySelector("[data-reset]")?.addEventListener("click", () => {
    form.reset();
    write(form);
    apply(view, form);
    form.querySelector<HTMLElement>("summary")?.focus();
  });
  addEventListener("popstate", () => {
    read(form);
    apply(view, form);
  });
  closing(form);
}

/** Reads the choice out of the address. */
function read(form: HTMLFormElement): void {
  const params = new URLSearchParams(location.search);
  for (const box of boxes(form)) {
    box.checked = (params.get(box.name) ?? "").split(",").includes(box.value);
  }
}

function write(form: HTMLFormElement): void {
  const params = new URLSearchParams(location.search);
  for (const box of boxes(form)) params.delete(box.name);
  for (const [name, words] of chosen(form)) params.set(name, [...words].join(","));
  const query = params.toString().replace(/%2C/g, ",");
  history.replaceState(null, "", location.pathname + (query && "?" + query) + location.hash);
}

function apply(view: HTMLElement, form: HTMLFormElement): void {
  const wanted = chosen(form);
  const shown = new Set<string>();
  const all = new Set<string>();
  view.querySelectorAll<HTMLElement>("[data-keys]").forEach((item, i) => {
    const keys = new Set(item.dataset.keys?.split(" "));
    const fits = [...wanted].every(([name, words]) => [...words].some((w) => keys.has(name + ":" + w)));
    item.hidden = !fits;
    const id = item.dataset.id ?? String(i); // an entry may stand in several places
    all.add(id);
    if (fits) shown.add(id);
  });
  for (const group of view.querySelectorAll<HTMLElement>("[data-group]")) {
    group.hidden = !group.querySelector("[data-keys]:not([hidden])");
  }
  for (const filter of form.querySelectorAll<HTMLElement>("[data-filter]")) {
    const n = wanted.get(filter.dataset.filter ?? "")?.size ?? 0;
    filter.classList.toggle("is-set", n > 0);
    const mark = filter.querySelector<HTMLElement>("[data-chosen]");
    if (mark) {
      mark.hidden = n === 0;
      mark.textContent = String(n);
    }
  }
  const reset = form.querySelector<HTMLElement>("[data-reset]");
  if (reset) reset.hidden = wanted.size === 0;
  tell(form.querySelector("[data-count]"), shown.size, all.size);
  view.dispatchEvent(new CustomEvent("filtered"));
}

function tell(out: HTMLElement | null, shown: number, all: number): void {
  if (!out) return;
  const form = shown === 0 ? out.dataset.none : out.dataset.count;
  const text = (form ?? "").replace("{n}", String(shown)).replace("{all}", String(all));
  if (out.textContent !== text) out.textContent = text;
}

function chosen(form: HTMLFormElement): Chosen {
  const out: Chosen = new Map();
  for (const box of boxes(form)) {
    if (!box.checked) continue;
    out.set(box.name, (out.get(box.name) ?? new Set()).add(box.value));
  }
  return out;
}

function boxes(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
}

/** One list is open at a time; Escape and a click beside it close it. */
function closing(form: HTMLFormElement): void {
  const lists = [...form.querySelectorAll<HTMLDetailsElement>("details.filter")];
  for (const list of lists) {
    list.addEventListener("toggle", () => {
      if (list.open) for (const other of lists) if (other !== list) other.open = false;
    });
    list.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || !list.open) return;
      list.open = false;
      list.querySelector("summary")?.focus();
    });
  }
  document.addEventListener("click", (e) => {
    for (const list of lists) if (list.open && !list.contains(e.target as Node)) list.open = false;
  });
}
