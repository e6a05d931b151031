package check

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Options of a check. Diags is required.
type Options struct {
	Base  string // base path of the site: "" or "/sub"
	Host  string // the site's own host: "https://Host/…" is an internal address
	Diags *diag.List
	// Budget is what the first view of a page may weigh, compressed and
	// without pictures; 60 KB by default.
	Budget int
}

// Checker looks at files and collects what it found. Its methods may be called
// from many goroutines, up to Finish.
type Checker struct {
	opts  Options
	scans *sync.Pool // of *scan, to be used again; apart, so that it keeps no Checker alive
	packs *sync.Pool // of *packer

	mu    sync.Mutex
	pages []*page
	files map[string]*file
	names map[string]string // one copy of every address
	links []link            // every link once: menus repeat them on each page
	known map[link]uint32
	// written is where links were written, by page; see Written.
	written map[string][]mark
}

// page is what is kept of a page, and of a style sheet.
type page struct {
	path     string
	src      diag.Pos
	lang     string
	title    string
	redirect bool
	links    []uint32 // places in Checker.links
	parts    []string
	weight   int
	findings []finding
}

// link points from a page to an address within the site.
type link struct {
	to       string // path in the output, "" for the page itself
	fragment string
	picture  bool
}

// file is what is kept of any file of the output.
type file struct {
	kind   kind
	ids    []uint64
	weight int
	fonts  []string
}

// mark is where a link was written.
type mark struct {
	link uint64 // its hash
	pos  diag.Pos
}

// finding is one fault of a page. Equal findings of many pages are told once.
type finding struct {
	severity         diag.Severity
	showable         bool // a warning when lenient
	code, text, hint string
	link             link // what leads nowhere; never in Facts
}

// New starts a check.
func New(opts Options) *Checker {
	opts.Budget = cmp.Or(opts.Budget, 60<<10)
	return &Checker{opts: opts, scans: &sync.Pool{}, packs: &sync.Pool{}, files: map[string]*file{}, names: map[string]string{}, known: map[link]uint32{}, written: map[string][]mark{}}
}

// Page checks a page: Scan and Add.
func (c *Checker) Page(name string, src diag.Pos, html []byte) { c.Add(c.Scan(name, src, html)) }

// File notes any other file: ScanFile and Add.
func (c *Checker) File(name string, data []byte) { c.Add(c.ScanFile(name, data)) }

// Scan looks at a page. name is its path in the output
// ("produkte/x/index.html"); src is the file it was made from, and may be
// empty. html is not kept. The result depends on the arguments and on Base,
// Host and Budget only.
func (c *Checker) Scan(name string, src diag.Pos, html []byte) *Facts {
	f := &Facts{name: name, src: src, kind: web}
	c.scan(f, html)
	return f
}

// ScanFile looks at any other file. data is needed of style sheets, scripts,
// fonts and SVG, and may be nil for the rest.
func (c *Checker) ScanFile(name string, data []byte) *Facts {
	f := &Facts{name: name}
	switch path.Ext(name) {
	case ".css":
		f.kind = sheet
		c.scanCSS(f, data)
		f.weight = c.compressed(data)
	case ".js", ".mjs":
		f.weight = c.compressed(data)
	case ".woff", ".woff2":
		f.weight = len(data)
	case ".svg":
		if data != nil {
			f.kind = drawing
			c.scan(f, data)
			f.links, f.parts, f.findings = nil, nil, nil // drawings are checked when they are taken in
		}
	}
	return f
}

// Add takes what was found in one file; of two of the same name, the last one
// counts as target.
func (c *Checker) Add(f *Facts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.intern(f.name) // no string of Facts is held: they can be parts of a longer one
	to := &file{kind: f.kind, ids: f.ids, weight: f.weight}
	for _, font := range f.fonts {
		to.fonts = append(to.fonts, c.intern(font))
	}
	c.files[name] = to
	if f.kind != sheet && f.kind != web {
		return
	}
	p := &page{path: name, src: f.src, lang: c.intern(f.lang), title: strings.Clone(f.title), redirect: f.redirect, weight: f.weight, findings: slices.Clone(f.findings)}
	p.src.File = strings.Clone(f.src.File)
	p.links = make([]uint32, len(f.links))
	for i, l := range f.links {
		p.links[i] = c.number(l)
	}
	for _, part := range f.parts {
		p.parts = append(p.parts, c.intern(part))
	}
	c.pages = append(c.pages, p)
}

// Written says where in a page's source a link was written, so that what is
// wrong with it is reported there. ref is the address as the page has it.
func (c *Checker) Written(name, ref string, pos diag.Pos) {
	kind, to, fragment := c.resolve(name, ref)
	if kind != inside {
		return
	}
	h := link{to: to, fragment: fragment}.hash()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written[name] = append(c.written[name], mark{h, pos})
}

// writtenAt is where a page's source has a link for the first time.
func (c *Checker) writtenAt(p *page, l link) (diag.Pos, bool) {
	h := l.hash()
	i := slices.IndexFunc(c.written[p.path], func(m mark) bool { return m.link == h })
	if i < 0 {
		return diag.Pos{}, false
	}
	return c.written[p.path][i].pos, true
}

func (l link) hash() uint64 {
	if l.picture {
		return hash([]byte(l.to), []byte(l.fragment), nil)
	}
	return hash([]byte(l.to), []byte(l.fragment))
}

func (c *Checker) number(l link) uint32 {
	n, ok := c.known[l]
	if !ok {
		l.to, l.fragment = c.intern(l.to), c.intern(l.fragment)
		n = uint32(len(c.links))
		c.links, c.known[l] = append(c.links, l), n
	}
	return n
}

func (c *Checker) intern(s string) string {
	if t, ok := c.names[s]; ok {
		return t
	}
	s = strings.Clone(s)
	c.names[s] = s
	return s
}

// Finish makes the comparisons between pages and hands everything to Diags.
func (c *Checker) Finish() {
	slices.SortFunc(c.pages, func(a, b *page) int { return cmp.Compare(a.path, b.path) })
	c.titles()
	seen := make([]verdict, len(c.links))
	for _, p := range c.pages {
		c.follow(p, seen)
	}
	c.weigh()
	c.report()
}

// titles: readers tell tabs, bookmarks and search results by them.
func (c *Checker) titles() {
	same := map[[2]string][]*page{}
	for _, p := range c.pages {
		if p.title != "" && !p.redirect {
			key := [2]string{p.lang, p.title}
			same[key] = append(same[key], p)
		}
	}
	for key, pages := range same {
		for _, p := range pages[1:] {
			p.add(warn("titel-doppelt", "Bitte einen der Titel genauer fassen.",
				"Die Seite hat denselben Titel „%s“ wie %s", key[1], address(pages[0].path)))
		}
	}
}

// follow looks for the targets of a page's links.
func (c *Checker) follow(p *page, seen []verdict) {
	for _, n := range p.links {
		l := c.links[n]
		if l.to == "" { // every page's own
			if _, written := c.writtenAt(p, l); written {
				continue // the converter has told, with what it might have meant
			}
			if v := c.look(l, p.path); v.bad {
				p.add(v.finding)
			}
			continue
		}
		if !seen[n].done {
			seen[n] = c.look(l, l.to)
		}
		if seen[n].bad {
			p.add(seen[n].finding)
		}
	}
}

// verdict is what became of a link.
type verdict struct {
	done, bad bool
	finding
}

func (c *Checker) look(l link, to string) verdict {
	bad := func(f finding) verdict {
		f.link = l
		return verdict{true, true, f}
	}
	f := c.files[to]
	switch {
	case f == nil && c.files[to+"/index.html"] != nil:
		return bad(warn("link-ohne-schraegstrich", "Bitte „"+c.url(to)+"/“ schreiben.",
			"Der Link „%s“ führt nur über eine Umleitung zum Ziel", c.url(to)))
	case f == nil && l.picture:
		return bad(showable("datei-fehlt", "Bitte Schreibweise und Ordner prüfen.",
			"Die Datei „%s“, die hier geladen werden soll, gibt es nicht", c.url(to)))
	case f == nil:
		return bad(showable("link-ziel-fehlt", "Bitte die Adresse prüfen; das Ziel kann umbenannt, gelöscht oder noch nicht veröffentlicht sein.",
			"Der Link auf „%s“ führt ins Leere", c.url(to)))
	case l.fragment != "" && !f.has(l.fragment):
		return bad(showable("anker-fehlt", "Bitte die Überschrift auf der Zielseite prüfen; ihr Anker folgt aus ihrem Wortlaut.",
			"Der Verweis auf „%s#%s“ führt zu einem Abschnitt, den es nicht gibt", c.url(to), l.fragment))
	}
	return verdict{done: true}
}

// has reports whether a fragment leads somewhere in a file; in files that are
// neither pages nor drawings it means something else ("#page=2").
func (f *file) has(id string) bool {
	if f.kind != web && f.kind != drawing {
		return true
	}
	_, ok := slices.BinarySearch(f.ids, hash([]byte(id)))
	return ok
}

// manyPages is from how many pages on a fault is told once for all of them.
const manyPages = 6

func (c *Checker) report() {
	where := map[finding][]*page{}
	for _, p := range c.pages {
		slices.SortFunc(p.findings, byText)
		for _, f := range slices.Compact(p.findings) {
			if pos, ok := c.writtenAt(p, f.link); ok && f.link != (link{}) {
				c.tell(pos, f, "")
				continue
			}
			where[f] = append(where[f], p)
		}
	}
	for f := range maps.Keys(where) { // Diags sorts
		pages := where[f]
		if len(pages) >= manyPages {
			c.tell(pages[0].src, f, fmt.Sprintf("auf %d Seiten, zuerst %s", len(pages), address(pages[0].path)))
			continue
		}
		for _, p := range pages {
			c.tell(p.src, f, address(p.path))
		}
	}
}

func (c *Checker) tell(src diag.Pos, f finding, where string) {
	text := f.text + "."
	if where != "" {
		text = f.text + " (" + where + ")."
	}
	switch {
	case f.showable:
		c.opts.Diags.Showablef(src, f.code, f.hint, "%s", text)
	default:
		c.opts.Diags.Add(diag.Diagnostic{Pos: src, Severity: f.severity, Code: f.code, Hint: f.hint, Text: text})
	}
}

func byText(a, b finding) int {
	return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.text, b.text))
}

func (p *page) add(f finding) { p.findings = append(p.findings, f) }

func fault(code, hint, format string, args ...any) finding {
	return finding{severity: diag.Error, code: code, hint: hint, text: fmt.Sprintf(format, args...)}
}

func showable(code, hint, format string, args ...any) finding {
	f := fault(code, hint, format, args...)
	f.showable = true
	return f
}

func warn(code, hint, format string, args ...any) finding {
	f := fault(code, hint, format, args...)
	f.severity = diag.Warning
	return f
}

// address is how a page is named to people: "/produkte/x/".
func address(name string) string { return "/" + strings.TrimSuffix(name, "index.html") }

func (c *Checker) url(name string) string { return c.opts.Base + address(name) }
