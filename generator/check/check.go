package check

import (
	"cmp"
	"compress/flate"
	"fmt"
	"hash/maphash"
	"io"
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

// Checker collects what Page and File see.
type Checker struct {
	opts Options
	seed maphash.Seed

	mu    sync.Mutex
	pages []*page
	files map[string]*file
	names map[string]string // one copy of every address
	links []link            // every link once: menus repeat them on each page
	known map[link]uint32
	// written is where links were written, by page; see Written.
	written map[string]map[link]diag.Pos
}

// page is what is kept of a page.
type page struct {
	path     string
	src      diag.Pos
	lang     string
	title    string
	redirect bool
	links    []uint32 // places in Checker.links
	parts    []string // paths of style sheets, scripts and fonts
	weight   int      // of the HTML, compressed
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
	ids    []uint64 // sorted hashes; nil when the file has no ids to point to
	hasIDs bool
	weight int
	fonts  []string // of a style sheet: fonts that every page needs
}

// finding is one fault of a page. Equal findings of many pages are told once.
type finding struct {
	severity         diag.Severity
	showable         bool // a warning when lenient
	code, text, hint string
	link             link // what leads nowhere
}

// New starts a check.
func New(opts Options) *Checker {
	opts.Budget = cmp.Or(opts.Budget, 60<<10)
	return &Checker{opts: opts, seed: maphash.MakeSeed(), files: map[string]*file{}, names: map[string]string{}, known: map[link]uint32{}, written: map[string]map[link]diag.Pos{}}
}

// Page checks a page. name is its path in the output
// ("produkte/x/index.html"); src is the file it was made from, and may be
// empty. html is not kept.
func (c *Checker) Page(name string, src diag.Pos, html []byte) {
	s := newScan(c, name, html)
	s.run()
	s.page.src = src
	s.page.weight = compressed(html)
	f := &file{ids: s.sortedIDs(), hasIDs: true}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keepLinks(s.page, s.links)
	for i, p := range s.page.parts {
		s.page.parts[i] = c.intern(p)
	}
	c.pages = append(c.pages, s.page)
	c.files[name] = f
}

// File notes any other file. data is needed of style sheets, scripts, fonts
// and SVG, and may be nil for the rest.
func (c *Checker) File(name string, data []byte) {
	f := &file{}
	var p *page
	var links map[link]bool
	switch path.Ext(name) {
	case ".css":
		p = &page{path: name}
		links = checkCSS(c, p, data)
		f.fonts = fonts(c, name, data)
		f.weight = compressed(data)
	case ".js", ".mjs":
		f.weight = compressed(data)
	case ".woff", ".woff2":
		f.weight = len(data)
	case ".svg":
		if data != nil {
			s := newScan(c, name, data)
			s.run()
			f.ids, f.hasIDs = s.sortedIDs(), true
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[name] = f
	if p != nil {
		c.keepLinks(p, links)
		c.pages = append(c.pages, p)
	}
}

// Written says where in a page's source a link was written, so that what is
// wrong with it is reported there. ref is the address as the page has it.
func (c *Checker) Written(name, ref string, pos diag.Pos) {
	kind, to, fragment := c.resolve(name, ref)
	if kind != inside {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.written[name] == nil {
		c.written[name] = map[link]diag.Pos{}
	}
	l := link{to: to, fragment: fragment}
	if _, ok := c.written[name][l]; !ok {
		c.written[name][l] = pos
	}
}

func (c *Checker) keepLinks(p *page, links map[link]bool) {
	p.links = make([]uint32, 0, len(links))
	for l := range links {
		n, ok := c.known[l]
		if !ok {
			l.to, l.fragment = c.intern(l.to), c.intern(l.fragment)
			n = uint32(len(c.links))
			c.links, c.known[l] = append(c.links, l), n
		}
		p.links = append(p.links, n)
	}
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
			if _, written := c.written[p.path][l]; written {
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
	case l.fragment != "" && f.hasIDs && !c.has(f, l.fragment):
		return bad(showable("anker-fehlt", "Bitte die Überschrift auf der Zielseite prüfen; ihr Anker folgt aus ihrem Wortlaut.",
			"Der Verweis auf „%s#%s“ führt zu einem Abschnitt, den es nicht gibt", c.url(to), l.fragment))
	}
	return verdict{done: true}
}

func (c *Checker) has(f *file, id string) bool {
	_, ok := slices.BinarySearch(f.ids, maphash.String(c.seed, id))
	return ok
}

// weigh warns of heavy pages: of each, or if there are many, of the heaviest.
func (c *Checker) weigh() {
	var heavy []*page
	for _, p := range c.pages {
		if c.weightOf(p) > c.opts.Budget {
			heavy = append(heavy, p)
		}
	}
	tell := func(p *page, more string) {
		p.add(warn("seite-schwer", "Lange Seiten lassen sich teilen, lange Tabellen als Datei anbieten.",
			"Die Seite wiegt komprimiert %d KB ohne Bilder; vorgesehen sind höchstens %d KB%s", (c.weightOf(p)+1023)>>10, c.opts.Budget>>10, more))
	}
	if len(heavy) < manyPages {
		for _, p := range heavy {
			tell(p, "")
		}
		return
	}
	heaviest := slices.MaxFunc(heavy, func(a, b *page) int { return cmp.Or(c.weightOf(a)-c.weightOf(b), cmp.Compare(b.path, a.path)) })
	tell(heaviest, fmt.Sprintf(". Sie ist die schwerste von %d zu schweren", len(heavy)))
}

// Weight is what the first view of a page weighs, compressed and without
// pictures. It is complete when all files have been seen.
func (c *Checker) Weight(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pages {
		if p.path == name {
			return c.weightOf(p)
		}
	}
	return 0
}

func (c *Checker) weightOf(p *page) int {
	sum := p.weight
	for _, part := range p.parts {
		f := c.files[part]
		if f == nil {
			continue
		}
		sum += f.weight
		for _, font := range f.fonts {
			if f := c.files[font]; f != nil && !slices.Contains(p.parts, font) {
				sum += f.weight
			}
		}
	}
	return sum
}

// manyPages is from how many pages on a fault is told once for all of them.
const manyPages = 6

func (c *Checker) report() {
	where := map[finding][]*page{}
	for _, p := range c.pages {
		slices.SortFunc(p.findings, func(a, b finding) int { return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.text, b.text)) })
		for _, f := range slices.Compact(p.findings) {
			if pos, ok := c.written[p.path][f.link]; ok {
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

var deflaters = [2]sync.Pool{}

// compressed is the size on the wire. Small files are taken as they are and
// middling ones at the fastest level: both only overstate it.
func compressed(b []byte) int {
	n := len(b)
	for i, step := range []struct{ above, level int }{{8 << 10, flate.BestSpeed}, {20 << 10, flate.DefaultCompression}} {
		if n <= step.above {
			break
		}
		var count counter
		w, _ := deflaters[i].Get().(*flate.Writer)
		if w == nil {
			w, _ = flate.NewWriter(io.Discard, step.level)
		}
		w.Reset(&count)
		_, _ = w.Write(b)
		_ = w.Close()
		deflaters[i].Put(w)
		n = int(count)
	}
	return n
}

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
