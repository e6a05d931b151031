package check

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// scan reads one file, token by token. It builds no tree: of the elements that
// are open it knows the few facts in element. It is used again for the next
// file.
type scan struct {
	tokens
	c     *Checker
	facts *Facts
	html  bool // an HTML page, not an SVG file

	open      []element
	ids       map[uint64]bool
	idrefs    []idref
	labels    map[uint64]bool // ids named by label for=
	fields    []field
	seen      map[link]bool
	own       [][]byte // fragments that links within the page name, if no id before them has it
	known     map[string]target
	heads     int // number of h1
	level     int // of the last heading
	mains     int
	later     int // where the first element of class later begins
	titleText []byte
}

// element is an open element.
type element struct {
	name    string
	hidden  bool // aria-hidden, this one or one around it
	inert   bool // inside template
	named   bool // link, button: has a name; label: always
	wants   bool // a link or button that needs a name
	labels  bool // a region or figure that names the tables in it
	caption bool // table, figure: has a caption
	alone   bool // table: nothing around it names it; figure: has such a table
	svg     bool // inside svg
	what    []byte
}

type idref struct {
	attr string
	id   []byte
}

type field struct {
	id   []byte
	what string
}

// target is what an address means on every page, whatever its place.
type target struct {
	link
	kind place
}

// scan looks at one file.
func (c *Checker) scan(f *Facts, data []byte) {
	s, _ := c.scans.Get().(*scan)
	if s == nil {
		s = &scan{ids: map[uint64]bool{}, labels: map[uint64]bool{}, seen: map[link]bool{}, known: map[string]target{}}
	}
	s.reset(data)
	s.c, s.facts, s.html = c, f, f.kind == web
	s.heads, s.level, s.mains, s.later = 0, 0, 0, len(data)
	s.run()
	f.ids = make([]uint64, 0, len(s.ids))
	for id := range s.ids {
		f.ids = append(f.ids, id)
	}
	slices.Sort(f.ids)
	slices.SortFunc(f.findings, byText)
	f.findings = slices.Compact(f.findings)
	if f.kind == web {
		f.weight = c.bound(data[:s.later])
	}
	clear(s.ids)
	clear(s.labels)
	clear(s.seen)
	if len(s.known) > knownTargets {
		clear(s.known)
	}
	s.reset(nil)
	s.c, s.facts, s.idrefs, s.fields, s.own, s.titleText = nil, nil, s.idrefs[:0], s.fields[:0], s.own[:0], s.titleText[:0]
	c.scans.Put(s)
}

// knownTargets bounds what a scan remembers of the pages before.
const knownTargets = 4096

func (s *scan) run() {
	for {
		switch s.next() {
		case html.ErrorToken:
			s.finish()
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			s.startTag(s.kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			s.endTag()
		case html.TextToken:
			s.textToken(s.text())
		}
	}
}

func (s *scan) top() *element {
	if len(s.open) == 0 {
		return &element{}
	}
	return &s.open[len(s.open)-1]
}

func (s *scan) attr(key string) ([]byte, bool) {
	for _, a := range s.attrs {
		if a.key == key {
			return a.val, true
		}
	}
	return nil, false
}

func (s *scan) val(key string) []byte {
	v, _ := s.attr(key)
	return bytes.TrimSpace(v)
}

func (s *scan) hasClass(name string) bool {
	all := s.val("class")
	if !bytes.Contains(all, []byte(name)) {
		return false
	}
	for class := range bytes.FieldsSeq(all) {
		if string(class) == name {
			return true
		}
	}
	return false
}

func (s *scan) has(key string) bool { return len(s.val(key)) > 0 }

// names reports whether the element's attributes give it a name.
func (s *scan) names() bool {
	return s.has("aria-label") || s.has("aria-labelledby") || s.has("title")
}

func (s *scan) add(f finding) { s.facts.findings = append(s.facts.findings, f) }

var voids = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true,
	"input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

func (s *scan) startTag(selfClosing bool) {
	name, around := s.name, s.top()
	e := element{name: name, hidden: around.hidden || string(s.val("aria-hidden")) == "true",
		inert: around.inert || name == "template", svg: around.svg || around.name == "svg"}
	s.safety(name)
	if !around.inert {
		if s.start < s.later && s.hasClass("later") {
			s.later = s.start
		}
		s.identifiers(name)
		s.references(name)
		if s.html {
			s.structure(&e)
		}
	}
	if !voids[name] && !(selfClosing && (e.svg || !s.html || name == "svg")) {
		s.open = append(s.open, e)
	}
}

func (s *scan) endTag() {
	at := -1
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i].name == s.name {
			at = i
			break
		}
	}
	if at < 0 {
		return
	}
	for i := len(s.open) - 1; i >= at; i-- {
		e := s.open[i]
		s.open = s.open[:i]
		s.closed(e)
	}
}

// closed is called when everything inside the element has been seen.
func (s *scan) closed(e element) {
	if e.inert {
		return
	}
	if e.wants && !e.named && !e.hidden {
		switch e.name {
		case "a":
			s.add(showable("link-ohne-namen", "Ein Link braucht Worte; ein Bild darin einen Alternativtext.", "Der Link auf „%s“ hat keinen Text", shorten(string(e.what))))
		default:
			s.add(fault("knopf-ohne-namen", "Bitte Text oder aria-label ergänzen.", "Ein Bedienelement (%s) hat keinen Text", e.name))
		}
	}
	switch e.name {
	case "table":
		if f := s.around("figure"); e.alone && !e.caption && f != nil {
			f.alone = true // its caption may come below the table
		} else if e.alone && !e.caption {
			s.tableFault()
		}
	case "figure":
		if e.alone && !e.caption {
			s.tableFault()
		}
	case "title":
		if s.html && s.facts.title == "" && !e.svg {
			s.facts.title = strings.Join(strings.Fields(html.UnescapeString(string(s.titleText))), " ")
		}
	}
}

func (s *scan) tableFault() {
	s.add(showable("tabelle-ohne-titel", "Bitte der Tabelle eine Überschrift (caption) geben oder sie in einen benannten Bereich setzen.", "Eine Tabelle hat keinen Titel"))
}

func (s *scan) around(name string) *element {
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i].name == name {
			return &s.open[i]
		}
	}
	return nil
}

func (s *scan) textToken(raw []byte) {
	e := s.top()
	if e.name == "title" && !e.svg {
		s.titleText = append(s.titleText, raw...)
	}
	if !e.hidden && e.name != "script" && e.name != "style" && len(bytes.TrimSpace(raw)) > 0 {
		s.give()
	}
}

// give says that what is open around here has something in it to be named by.
func (s *scan) give() {
	for i := range s.open {
		if s.open[i].wants {
			s.open[i].named = true
		}
	}
}

// finish looks at what only the whole page can tell.
func (s *scan) finish() {
	for i := len(s.open) - 1; i >= 0; i-- {
		e := s.open[i]
		s.open = s.open[:i]
		s.closed(e)
	}
	for _, r := range s.idrefs {
		if !s.ids[hash(r.id)] {
			s.add(fault("verweis-id-fehlt", "Bitte die Vorlage prüfen.", "Das Attribut %s nennt die id „%s“, die es auf der Seite nicht gibt", r.attr, r.id))
		}
	}
	for _, f := range s.fields {
		if len(f.id) == 0 || !s.labels[hash(f.id)] {
			s.add(fault("feld-ohne-beschriftung", "Bitte ein label mit for ergänzen.", "Ein Eingabefeld (%s) hat keine Beschriftung", f.what))
		}
	}
	s.ownLinks()
	if !s.html || s.facts.redirect {
		return
	}
	const template = "Bitte die Vorlage der Seite prüfen."
	if s.facts.lang == "" {
		s.add(fault("sprache-fehlt", template, "Die Seite nennt ihre Sprache nicht (html lang)"))
	}
	if s.facts.title == "" {
		s.add(fault("titel-fehlt", template, "Die Seite hat keinen Titel (title)"))
	}
	if s.heads == 0 {
		s.add(fault("h1-fehlt", template, "Die Seite hat keine Hauptüberschrift (h1)"))
	}
	if s.heads > 1 {
		s.add(showable("h1-mehrfach", "Im Text beginnen Überschriften mit „##“.", "Die Seite hat %d Hauptüberschriften (h1)", s.heads))
	}
	if s.mains != 1 {
		s.add(fault("main-fehlt", template, "Die Seite hat %d Hauptbereiche (main) und braucht genau einen", s.mains))
	}
}

// ownLinks keeps of the links within the page those that lead nowhere.
func (s *scan) ownLinks() {
	s.facts.links = slices.DeleteFunc(s.facts.links, func(l link) bool {
		return l.to == "" && (l.fragment == "" || s.ids[hash([]byte(l.fragment))])
	})
	for _, fragment := range s.own {
		if !s.ids[hash(fragment)] {
			s.keep(link{fragment: string(fragment)})
		}
	}
}
