// Marks the words of a search on the page it led to (…?markiert=wort+wort), and
// takes them out of the address, so that nobody passes them on unawares.

const WORD = /[\p{L}\p{N}\p{M}\xad]+/gu

// ä is ae, ß is ss, é is e, and soft hyphens are nothing.
const fold = (s: string) => s.toLowerCase().normalize("NFD").replace(/([aou])\u0308/g, "$1e").replace(/ß/g, "ss").replace(/[\u0300-\u036f\xad]/g, "")

export function init(): void {
  const url = new URL(location.href)
  const words = new Set(url.searchParams.get("markiert")?.match(WORD)?.map(fold))
  if (!words.size) return
  url.searchParams.delete("markiert")
  history.replaceState(history.state, "", url)

  const main = document.querySelector("main")!
  const found: Range[] = []
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
  for (let node; (node = texts.nextNode()); ) {
    for (const m of node.nodeValue!.matchAll(WORD)) {
      if (!words.has(fold(m[0]))) continue
      const range = new Range()
      range.setStart(node, m.index!)
      range.setEnd(node, m.index! + m[0].length)
      found.push(range)
    }
  }
  const button = document.querySelector<HTMLElement>(".unmark")
  if (!found.length || !button) return
  let unmark: () => void
  if (window.Highlight) {
    // Here, because checkers of style sheets do not know it yet.
    const style = new CSSStyleSheet()
    style.replaceSync("::highlight(suche){background:var(--mark)}")
    document.adoptedStyleSheets.push(style)
    CSS.highlights.set("suche", new Highlight(...found))
    unmark = () => CSS.highlights.clear()
  } else {
    const marks = found.map((range) => {
      const mark = document.createElement("mark")
      range.surroundContents(mark)
      return mark
    })
    unmark = () => marks.forEach((m) => m.replaceWith(...m.childNodes))
  }
  // Tab goes on from where the address leads, so the button stands there.
  const target = document.getElementById(url.hash.slice(1))
  const at = target?.matches("main :is(h2, h3, h4, h5, h6)") ? target : null
  if (at) at.after(button)
  else main.prepend(button)
  button.hidden = false
  button.onclick = () => {
    unmark()
    button.remove()
    const place = at ?? main
    place.tabIndex = -1
    place.focus({ preventScroll: true })
  }
}
