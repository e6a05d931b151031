// Search over titles, names and summaries on the page /suche/. The list is
// fetched when somebody asks, and only then.

type Entry = { title: string; url: string; type: string; summary: string; names: string }

// fold writes a text as readers without German keys would: ä is ae, ß is ss.
function fold(text: string): string {
  return text.toLowerCase()
    .replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss")
    .normalize("NFD").replace(/[\u0300-\u036f\u00ad]/g, "")
}

function words(text: string): string[] {
  return fold(text).split(/[^a-z0-9]+/).filter(Boolean)
}

// weigh is how well one word of the question fits a text: as a word, as its
// beginning, or, from four letters on, as a part of a compound.
function weigh(word: string, text: string[]): number {
  let best = 0
  for (const t of text) {
    if (t === word) return 1
    if (t.startsWith(word)) best = Math.max(best, 0.7)
    else if (word.length > 3 && t.includes(word)) best = Math.max(best, 0.4)
  }
  return best
}

function rank(entries: Entry[], query: string): Entry[] {
  const asked = words(query)
  const scored: { entry: Entry; score: number; found: number }[] = []
  for (const entry of entries) {
    const fields: [string[], number][] = [[words(entry.title), 4], [words(entry.names), 4], [words(entry.summary), 1]]
    let score = 0, found = 0
    for (const word of asked) {
      const best = Math.max(...fields.map(([text, weight]) => weight * weigh(word, text)))
      if (best > 0) found++
      score += best
    }
    if (found > 0) scored.push({ entry, score: score + (fold(entry.title) === fold(query) ? 9 : 0), found })
  }
  scored.sort((a, b) => b.found - a.found || b.score - a.score)
  return scored.map((s) => s.entry)
}

// mark writes a text into an element, with the asked words marked.
function mark(el: Element, text: string, asked: string[]): void {
  for (const part of text.split(/([^\p{L}\p{N}]+)/u)) {
    const hit = asked.some((w) => fold(part).startsWith(w) || w.length > 3 && fold(part).includes(w))
    el.append(hit && part ? Object.assign(document.createElement("mark"), { textContent: part }) : part)
  }
}

function show(box: HTMLElement, found: Entry[], query: string): void {
  const text = found.length === 0 ? box.dataset.none : found.length === 1 ? box.dataset.one : box.dataset.other
  const status = box.querySelector("[role=status]")!
  status.textContent = (text ?? "").replace("%d", String(found.length)).replace("%s", query)
  const list = box.querySelector("ol")!
  list.replaceChildren(...found.slice(0, 50).map((entry) => {
    const item = document.createElement("li")
    const label = Object.assign(document.createElement("p"), { className: "result-type", textContent: entry.type })
    const title = document.createElement("h2")
    const link = Object.assign(document.createElement("a"), { href: entry.url })
    const summary = Object.assign(document.createElement("p"), { className: "result-summary" })
    mark(link, entry.title, words(query))
    mark(summary, entry.summary, words(query))
    title.append(link)
    item.append(label, title, summary)
    return item
  }))
}

export async function init(): Promise<void> {
  const box = document.querySelector<HTMLElement>("[data-search-results]")
  const query = new URLSearchParams(location.search).get("q")?.trim().slice(0, 200)
  if (!box || !query) return
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=q]")) input.value = query
  box.hidden = false
  try {
    const answer = await fetch(box.dataset.searchResults!)
    if (!answer.ok) throw new Error(String(answer.status))
    show(box, rank(await answer.json(), query), query)
  } catch {
    box.querySelector("[role=status]")!.textContent = box.dataset.failed ?? ""
  }
}
