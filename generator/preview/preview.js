// Keeps an open page as its source is. On every change it asks for the page
// again and puts in place what differs from what was sent before; what readers
// and other scripts have done to the rest stays. It runs before those scripts.
(() => {
  const { dataset } = document.currentScript
  const root = document.documentElement
  const here = () => decodeURI(location.pathname)
  const live = new WeakMap() // a node as it was sent: the node that is shown
  const sent = root.cloneNode(true)
  let { generation, etag } = dataset

  function pair(a, b) {
    live.set(a, b)
    for (a = a.firstChild, b = b.firstChild; a; a = a.nextSibling, b = b.nextSibling) pair(a, b)
  }

  const alike = (a, b) => a.nodeName === b.nodeName && a.id === b.id && a.rel === b.rel

  function insert(parent, node, next) {
    const shown = document.importNode(node, true)
    const last = parent.lastChild
    live.get(parent).insertBefore(shown, next ? live.get(next) : last && live.get(last).nextSibling)
    parent.insertBefore(node, next)
    pair(node, shown)
  }

  function drop(node) {
    const next = node.nextSibling
    live.get(node).remove()
    node.remove()
    return next
  }

  // Another style sheet takes over when it is there: nothing flashes.
  function restyle(node, href) {
    const old = live.get(node)
    const link = old.cloneNode()
    link.href = href
    link.onload = link.onerror = () => old.remove()
    old.after(link)
    live.set(node, link)
  }

  // Makes old, and what is shown for it, the same as node.
  function morph(old, node) {
    const shown = live.get(old)
    if (old.nodeType !== 1) return void (old.data = shown.data = node.data)
    for (const { name } of [...old.attributes]) if (!node.hasAttribute(name)) {
      old.removeAttribute(name)
      shown.removeAttribute(name)
    }
    for (const { name, value } of node.attributes) if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value)
      if (name === "href" && old.rel === "stylesheet") restyle(old, value)
      else shown.setAttribute(name, value)
    }
    const nodes = [...node.childNodes]
    let at = old.firstChild
    nodes.forEach((want, i) => {
      const near = want.nodeType === 1 ? 40 : 1 // white space is everywhere
      for (let a = at, n = 0; a && n < near; a = a.nextSibling, n++) {
        if (!a.isEqualNode(want)) continue
        while (at !== a) at = drop(at)
        at = at.nextSibling
        return
      }
      if (at && alike(at, want) && !(want.nodeType === 1 && nodes.slice(i + 1, i + 40).some((n) => at.isEqualNode(n)))) {
        const a = at
        at = at.nextSibling
        morph(a, want)
      } else insert(old, want, at)
    })
    while (at) at = drop(at)
  }

  // What one reads stays where it is on the screen, whatever grows above it. At
  // the top of a page, one stays at its top.
  const blocks = "h1,h2,h3,h4,h5,h6,p,li,tr,dt,dd,figure,pre,blockquote"
  function pinned(e) { // what does not scroll tells nothing
    for (; e; e = e.parentElement) if (/sticky|fixed/.test(getComputedStyle(e).position)) return true
  }
  function inView() {
    const seen = []
    for (const e of document.querySelectorAll(`main :is(${blocks})`)) {
      const { top, bottom, height } = e.getBoundingClientRect()
      if (height && bottom > 0 && top < innerHeight) seen.push({ e, top })
    }
    return seen.sort((a, b) => (a.top < 0) - (b.top < 0)) // what begins in view first
  }
  function staying(change) {
    const seen = scrollY > 0 ? inView() : []
    root.style.overflowAnchor = "none" // the browser's own way, where it has one
    change()
    const kept = seen.find(({ e }) => e.isConnected && e.getClientRects().length && !pinned(e))
    if (kept) scrollBy({ top: kept.e.getBoundingClientRect().top - kept.top, behavior: "instant" })
    requestAnimationFrame(() => root.style.removeProperty("overflow-anchor"))
  }

  // What the browser does not keep over a reload, or while the page is away.
  const KEY = "portal-preview"
  const details = () => [...document.querySelectorAll("main details")]
  let away = dataset.status !== "200" // the page: a file may be in the midst of an edit
  function remember() {
    if (away) return
    const near = [...document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6)[id]")].map((e) => ({ id: e.id, top: e.getBoundingClientRect().top }))
    near.sort((a, b) => Math.abs(a.top) - Math.abs(b.top))
    sessionStorage[KEY] = JSON.stringify({ path: here(), y: scrollY, open: details().map((d) => d.open), ...near[0] })
  }
  function reload() {
    remember()
    location.reload()
  }
  function restore() {
    const was = JSON.parse(sessionStorage[KEY] ?? "{}")
    if (away && was.path === here()) return
    delete sessionStorage[KEY]
    if (was.path !== here()) return
    details().forEach((d, i) => (d.open = was.open[i] ?? d.open))
    const go = () => {
      const e = was.y > 0 && was.id && document.getElementById(was.id)
      scrollTo({ top: e ? scrollY + e.getBoundingClientRect().top - was.top : was.y, behavior: "instant" })
    }
    go()
    // The browser only knows the pixel, and comes later.
    if (document.readyState !== "complete") addEventListener("load", () => requestAnimationFrame(go))
  }

  const scripts = (doc) => [...doc.querySelectorAll("script[src]")].map((s) => s.getAttribute("src")).join()

  let busy, again
  async function update() {
    again = true
    if (busy) return
    busy = true
    while (again) {
      again = false
      try {
        const res = await fetch(location.pathname + location.search, { cache: "no-store", headers: { "If-None-Match": etag } })
        if (res.status === 304) continue
        const doc = new DOMParser().parseFromString(await res.text(), "text/html")
        if (res.redirected || scripts(doc) !== scripts(sent)) return reload()
        etag = res.headers.get("ETag")
        if (!res.ok) remember()
        const back = away && res.ok
        away = !res.ok
        try {
          staying(() => morph(sent, doc.documentElement))
          if (back) restore()
        } catch {
          return reload() // another script has moved things
        }
      } catch {} // the stream tells when the server is back
    }
    busy = false
    mark()
  }

  // Links to what readers do not see say so: search hits and what is filtered
  // come later than the page. A badge beside a link says one word already, a day
  // only if there is no other, and perhaps in another language.
  let standings = {}
  async function mark() {
    try {
      standings = await (await fetch("/.portal/standings.json", { cache: "no-store" })).json()
    } catch {} // the stream tells when the server is back
    label()
    const time = document.getElementById("portal-preview-time")
    if (time) time.textContent = "Stand " + new Date().toLocaleTimeString("de-DE")
  }
  function decoded(path) {
    try {
      return decodeURI(path)
    } catch {
      return path // no UTF-8: somebody else's
    }
  }
  function label() {
    for (const a of document.querySelectorAll("main a[href]")) {
      const path = decoded(a.pathname)
      const badge = a.closest("article,li,tr")?.querySelector(".badge.is-draft")?.textContent
      const words = (a.origin === location.origin && path !== here() && standings[path]?.split(" · ") || []).filter((word) => word !== badge)
      if (words.length) a.dataset.portalPreview = words.join(" · ")
      else delete a.dataset.portalPreview
    }
  }
  let labelling
  new MutationObserver(() => {
    labelling ||= requestAnimationFrame(() => {
      labelling = 0
      label()
    })
  }).observe(document.body, { childList: true, subtree: true })

  // The bar: its end of the page is kept free, whatever is in it.
  const dock = document.getElementById("portal-preview-dock")
  const FOLDED = KEY + "-folded"
  function fold(folded) {
    dock.toggleAttribute("data-folded", folded)
    dock.querySelector(".portal-preview-toggle").setAttribute("aria-expanded", String(!folded))
    document.getElementById("portal-preview-tools").hidden = folded
  }
  new ResizeObserver(() => root.style.setProperty("--portal-preview-height", dock.offsetHeight + "px")).observe(dock)
  dock.addEventListener("click", async ({ target }) => {
    if (target.closest(".portal-preview-toggle")) {
      localStorage[FOLDED] = dock.hasAttribute("data-folded") ? "" : 1
      fold(!!localStorage[FOLDED])
    }
    const copy = target.closest("[data-portal-copy]")
    if (!copy) return
    try {
      await navigator.clipboard.writeText(copy.dataset.portalCopy)
    } catch {
      return prompt("Der Pfad der Datei:", copy.dataset.portalCopy)
    }
    const say = (from, to) => {
      copy.textContent = copy.textContent.replace(from, to)
      copy.ariaLabel = copy.ariaLabel.replace(from, to)
    }
    say("Pfad kopieren", "Kopiert")
    setTimeout(say, 2000, "Kopiert", "Pfad kopieren")
  })

  // Pictures and style sheets that changed under the same address.
  function refresh(paths) {
    for (const e of document.querySelectorAll("img[src],link[rel=stylesheet]")) {
      const name = e.src ? "src" : "href"
      const url = new URL(e[name])
      if (!paths.includes(decodeURI(url.pathname))) continue
      url.search = "?" + generation
      e[name] = url
    }
  }

  // A hidden page listens to nothing: a browser has six connections to a server.
  let events
  function listen() {
    events?.close()
    if (document.hidden) return
    const panel = document.getElementById(KEY)
    events = new EventSource("/.portal/events?generation=" + generation)
    events.addEventListener("reload", ({ data }) => {
      const told = JSON.parse(data)
      generation = told.generation
      if (!told.paths || told.paths.includes(here())) update()
      if (told.paths) refresh(told.paths)
    })
    events.onopen = () => panel.removeAttribute("data-offline")
    events.onerror = () => {
      panel.dataset.offline = ""
      if (events.readyState === 2) setTimeout(listen, 1000)
    }
  }

  // A panel that was closed stays closed until there is nothing to say.
  const closed = KEY + "-closed"
  const panel = document.querySelector("#portal-preview > details")
  if (!panel) delete sessionStorage[closed]
  document.addEventListener("click", (e) => {
    const d = e.target.closest?.("#portal-preview summary")?.parentNode
    if (d) sessionStorage[closed] = d.open ? 1 : ""
  })

  pair(sent, root)
  if (panel && sessionStorage[closed]) panel.open = false
  fold(!!localStorage[FOLDED])
  restore()
  mark()
  document.addEventListener("visibilitychange", listen)
  addEventListener("pagehide", () => events?.close())
  addEventListener("pageshow", (e) => e.persisted && listen())
  listen()
})()
