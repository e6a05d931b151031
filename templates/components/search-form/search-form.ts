// Keys that lead to the search field, and the search itself, which is fetched
// when somebody turns to it. Until then, and without scripts, the form does
// what forms do.

type Search = { start(): Promise<unknown> } // search/client/ui.ts

const OFF = "suche-taste-aus"

export function init(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-search]")
  if (!form) return
  const input = form.querySelector<HTMLInputElement>("[name=q]")!
  const box = document.querySelector<HTMLElement>("[data-search-results]")
  let search: Promise<Search> | undefined
  let tries = 0

  function load(): void {
    // A browser may remember that a module failed, but not under another name.
    search ??= import(form!.dataset.search! + (tries++ ? "?" + tries : ""))
    search.then((s) => s.start(), (e) => {
      search = undefined
      throw e
    }).catch(() => {
      if (!box) return // the form still leads on
      box.dataset.state = "failed"
      box.hidden = false
    })
  }

  if (document.body.matches(".page-notfound")) input.value = guess()
  const asked = new URLSearchParams(location.search).get("q")?.trim()
  if (box && asked) {
    input.value ||= asked // the rest may take long, or never come
    box.hidden = false
    load()
  } else if (box && location.search) {
    // Filters alone show nothing; an address that has them must not look as if.
    history.replaceState(history.state, "", location.pathname + location.hash)
  }
  input.addEventListener("focus", () => search || load())
  box?.querySelector("[data-part=retry]")?.addEventListener("click", () => {
    box.dataset.state = "wait"
    box.querySelector<HTMLElement>("[data-part=count]")!.focus() // the button is gone
    load()
  })
  keys(input)
}

// guess reads words out of an address that leads nowhere: what was looked for
// is often in its last part.
function guess(): string {
  const parts = location.pathname.split("/").filter(Boolean)
  try {
    return decodeURIComponent(parts[parts.length - 1] ?? "").replace(/\.\w+$/, "").replace(/[-_+]+/g, " ")
  } catch {
    return ""
  }
}

// A single key may be in somebody's way, dictating for example: it can be
// switched off on the results page (WCAG 2.1.4).
function keys(input: HTMLInputElement): void {
  let off = false
  try {
    off = localStorage.getItem(OFF) !== null
  } catch { /* storage is forbidden: the key stays on */ }
  input.form!.classList.toggle("has-key", !off)
  const help = document.querySelector<HTMLElement>("[data-search-keys]")
  const check = help?.querySelector<HTMLInputElement>("input")
  if (help && check) {
    help.hidden = false
    check.checked = !off
    check.addEventListener("change", () => {
      off = !check.checked
      input.form!.classList.toggle("has-key", !off)
      if (off) localStorage.setItem(OFF, "1")
      else localStorage.removeItem(OFF)
    })
  }
  input.setAttribute("aria-keyshortcuts", "Control+K")
  document.addEventListener("keydown", (e) => {
    const at = e.target as HTMLElement
    if (at.isContentEditable || at.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return
    const plain = !e.ctrlKey && !e.metaKey && !e.altKey
    if (plain ? off || e.key !== "/" : e.altKey || e.shiftKey || e.key.toLowerCase() !== "k") return
    e.preventDefault()
    input.focus()
    input.select()
  })
}
