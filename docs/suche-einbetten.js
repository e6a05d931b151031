// Searches the portal from any page. Whatever comes from the portal is shown
// as text, never as HTML. suche-einbetten.md explains it.

const form = document.querySelector("form[data-engine]");
const [status, list, all] = ["[data-status]", "[data-hits]", "[data-all]"].map((s) => document.querySelector(s));
const folder = new URL(form.dataset.engine, form.action);
const lang = document.documentElement.lang;
const LIMIT = 8, PAUSE = 150; // hits; milliseconds without a key

let opened, asked = new AbortController();

// Loads the engine when somebody turns to the field. What failed is tried again.
const engine = () => (opened ??= import(new URL("engine.js", folder))
  .then((module) => module.open(folder))
  .catch((e) => { opened = undefined; throw e; }));

const element = (name, content, properties) => {
  const e = Object.assign(document.createElement(name), properties);
  e.append(...content);
  return e;
};

// An excerpt is escaped text with <mark> around what was found.
const signs = { lt: "<", gt: ">", amp: "&" };
const text = (s) => s.replace(/&(?:#(\d+)|(lt|gt|amp));/g, (_, code, name) => signs[name] ?? String.fromCodePoint(code));
const marked = (s) => s.split(/<\/?mark>/).map((part, i) => (i % 2 ? element("mark", [text(part)]) : text(part)));

const item = (hit) => {
  const day = hit.date && new Date(hit.date).toLocaleDateString(lang, { dateStyle: "medium", timeZone: "UTC" });
  const link = element("a", [hit.title], { href: hit.section?.url ?? hit.url });
  return element("li", [
    element("h2", [link], { lang: hit.id.split(":")[0] }),
    element("p", [[hit.typeLabel, day, hit.status, hit.section?.title].filter(Boolean).join(" · ")]),
    element("p", marked(hit.excerpt)),
  ]);
};

const show = (message, hits = [], address = "") => {
  status.textContent = message;
  list.replaceChildren(...hits.map(item));
  all.hidden = !address;
  all.href = address;
};

async function search() {
  asked.abort(); // the answer to what was typed before
  const { signal } = (asked = new AbortController());
  const query = form.elements.q.value.trim();
  if (!query) return show("");
  if (!list.firstChild) status.textContent = "Die Suche läuft …";
  const address = `${form.action}?${new URLSearchParams({ q: query })}`;
  try {
    await new Promise((go) => setTimeout(go, PAUSE));
    if (signal.aborted) return;
    const found = await (await engine()).search(query, { limit: LIMIT, filters: { lang: [lang] }, facets: false, signal });
    if (signal.aborted) return;
    if (found.partial) opened = undefined; // perhaps the portal has been renewed: open it anew
    const meant = found.suggestion && ` Meinten Sie „${found.suggestion}“?`;
    const missing = found.partial ? " Ein Teil war nicht zu laden; es können Treffer fehlen." : "";
    const count = found.total ? `${found.total} Treffer für „${query}“.` : `Keine Treffer für „${query}“. Versuchen Sie es mit weniger oder anderen Wörtern.`;
    show(count + meant + missing, found.hits, found.total > found.hits.length ? address : "");
  } catch {
    if (!signal.aborted) show("Die Suche ist von hier aus gerade nicht erreichbar. Versuchen Sie es im Portal selbst.", [], address);
  }
}

form.addEventListener("focusin", () => engine().catch(() => {}), { once: true });
form.addEventListener("input", search);
form.addEventListener("submit", (e) => { e.preventDefault(); search(); });
