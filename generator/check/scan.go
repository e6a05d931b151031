package check

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// scan reads one page, token by token. It builds no tree: of the elements that
// are open it knows the few facts in element.
type scan struct {
	c    *Checker
	z    *html.Tokenizer
	page *page
	html bool // an HTML page, not an SVG file

	open      []element
	attrs     []attribute
	ids       map[string]bool
	idrefs    []idref
	labels    map[string]bool // ids named by label for=
	fields    []field
	links     map[link]bool
	heads     int // number of h1
	level     int // of the last heading
	mains     int
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
	what    string
}

type attribute struct{ key, val string }

type idref struct{ attr, id string }

type field struct{ id, what string }

func newScan(c *Checker, name string, data []byte) *scan {
	s := &scan{
		c: c, z: html.NewTokenizer(bytes.NewReader(data)), page: &page{path: name},
		html: strings.HasSuffix(name, ".html"), ids: map[string]bool{}, labels: map[string]bool{}, links: map[link]bool{},
	}
	return s
}

func (s *scan) run() {
	for {
		switch s.z.Next() {
		case html.ErrorToken:
			s.finish()
			return
		case html.StartTagToken:
			s.start(false)
		case html.SelfClosingTagToken:
			s.start(true)
		case html.EndTagToken:
			name, _ := s.z.TagName()
			s.end(name)
		case html.TextToken:
			s.text(s.z.Raw())
		}
	}
}

func (s *scan) sortedIDs() []uint64 {
	out := make([]uint64, 0, len(s.ids))
	for id := range s.ids {
		out = append(out, maphash.String(s.c.seed, id))
	}
	slices.Sort(out)
	return out
}

func (s *scan) top() *element {
	if len(s.open) == 0 {
		return &element{}
	}
	return &s.open[len(s.open)-1]
}

func (s *scan) attr(key string) (string, bool) {
	for _, a := range s.attrs {
		if a.key == key {
			return a.val, true
		}
	}
	return "", false
}

func (s *scan) val(key string) string {
	v, _ := s.attr(key)
	return strings.TrimSpace(v)
}

// names reports whether the element's attributes give it a name.
func (s *scan) names() bool {
	return s.val("aria-label") != "" || s.val("aria-labelledby") != "" || s.val("title") != ""
}

var voids = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true,
	"input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

func (s *scan) start(selfClosing bool) {
	raw, more := s.z.TagName()
	name := tagName(raw)
	s.attrs = s.attrs[:0]
	for more {
		var k, v []byte
		k, v, more = s.z.TagAttr()
		s.attrs = append(s.attrs, attribute{attrName(k), string(v)})
	}
	around := s.top()
	e := element{name: name, hidden: around.hidden || s.val("aria-hidden") == "true", inert: around.inert || name == "template"}
	if name == "noscript" {
		s.z.NextIsNotRawText() // readers without scripts get what is in it
	}
	s.safety(name)
	if !around.inert {
		s.identifiers(name)
		s.references(name)
		if s.html {
			s.structure(&e)
		}
	}
	svg := name != "svg" && slices.ContainsFunc(s.open, func(e element) bool { return e.name == "svg" })
	if !voids[name] && !(selfClosing && (svg || !s.html || name == "svg")) {
		s.open = append(s.open, e)
	}
}

func (s *scan) end(raw []byte) {
	name := tagName(raw)
	at := -1
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i].name == name {
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
			s.page.add(showable("link-ohne-namen", "Ein Link braucht Worte; ein Bild darin einen Alternativtext.", "Der Link auf „%s“ hat keinen Text", shorten(e.what)))
		default:
			s.page.add(fault("knopf-ohne-namen", "Bitte Text oder aria-label ergänzen.", "Ein Bedienelement (%s) hat keinen Text", e.name))
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
		if s.html && s.page.title == "" && s.around("svg") == nil {
			s.page.title = strings.Join(strings.Fields(html.UnescapeString(string(s.titleText))), " ")
		}
	}
}

func (s *scan) tableFault() {
	s.page.add(showable("tabelle-ohne-titel", "Bitte der Tabelle eine Überschrift (caption) geben oder sie in einen benannten Bereich setzen.", "Eine Tabelle hat keinen Titel"))
}

func (s *scan) around(name string) *element {
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i].name == name {
			return &s.open[i]
		}
	}
	return nil
}

func (s *scan) text(raw []byte) {
	e := s.top()
	if e.name == "title" && s.around("svg") == nil {
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
		if !s.ids[r.id] {
			s.page.add(fault("verweis-id-fehlt", "Bitte die Vorlage prüfen.", "Das Attribut %s nennt die id „%s“, die es auf der Seite nicht gibt", r.attr, r.id))
		}
	}
	for _, f := range s.fields {
		if f.id == "" || !s.labels[f.id] {
			s.page.add(fault("feld-ohne-beschriftung", "Bitte ein label mit for ergänzen.", "Ein Eingabefeld (%s) hat keine Beschriftung", f.what))
		}
	}
	if !s.html || s.page.redirect {
		return
	}
	const template = "Bitte die Vorlage der Seite prüfen."
	if s.page.lang == "" {
		s.page.add(fault("sprache-fehlt", template, "Die Seite nennt ihre Sprache nicht (html lang)"))
	}
	if s.page.title == "" {
		s.page.add(fault("titel-fehlt", template, "Die Seite hat keinen Titel (title)"))
	}
	if s.heads == 0 {
		s.page.add(fault("h1-fehlt", template, "Die Seite hat keine Hauptüberschrift (h1)"))
	}
	if s.heads > 1 {
		s.page.add(showable("h1-mehrfach", "Im Text beginnen Überschriften mit „##“.", "Die Seite hat %d Hauptüberschriften (h1)", s.heads))
	}
	if s.mains != 1 {
		s.page.add(fault("main-fehlt", template, "Die Seite hat %d Hauptbereiche (main) und braucht genau einen", s.mains))
	}
}

// tagName and attrName return the same string for the same name: pages have
// millions of them, and few different ones.
func tagName(b []byte) string  { return intern(tagNames, b) }
func attrName(b []byte) string { return intern(attrNames, b) }

func intern(known map[string]string, b []byte) string {
	if s, ok := known[string(b)]; ok {
		return s
	}
	return string(b)
}

func nameMap(names string) map[string]string {
	m := map[string]string{}
	for _, n := range strings.Fields(names) {
		m[n] = n
	}
	return m
}

var (
	tagNames  = nameMap("html head meta link title script body header nav main footer section article aside div span p a ul ol li dl dt dd h1 h2 h3 h4 h5 h6 strong em b i small time table caption thead tbody tr th td svg use path button form label input select option textarea img figure figcaption details summary code pre blockquote br hr abbr sup sub picture source mark")
	attrNames = nameMap("class id href src rel lang type name content aria-hidden aria-label aria-labelledby aria-describedby aria-current aria-expanded aria-controls role for title alt width height loading datetime scope colspan rowspan charset media hreflang tabindex focusable value action method srcset sizes decoding d viewbox")
)
