package markdown

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
)

// heading is what is known about a heading before anything is written.
type heading struct {
	level int
	id    string
}

// takeTitle takes the title out of the text, or drops a heading that repeats
// the title the page already has.
func (p *page) takeTitle(root ast.Node) {
	h, leading := p.titleHeading(root)
	if h == nil {
		return
	}
	text := Typography(p.lang, strings.TrimSpace(p.plain(h)))
	switch {
	case p.in.Title == "" && p.in.TakeTitle && text != "":
		p.doc.Title = text
	case p.in.Title != "" && leading && h.Level == 1 && sameTitle(text, p.in.Title):
	default:
		return
	}
	h.Parent().RemoveChild(h.Parent(), h)
}

// titleHeading finds the heading that may be the title: the first block, or
// else the only heading of level 1.
func (p *page) titleHeading(root ast.Node) (h *ast.Heading, leading bool) {
	leading = true
	var found *ast.Heading
	for c := root.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Heading:
			if leading {
				return c, true
			}
			if c.Level == 1 {
				if found != nil {
					return nil, false
				}
				found = c
			}
		case *ast.LinkReferenceDefinition, *ast.HTMLBlock:
			continue
		}
		leading = false
	}
	return found, false
}

// sameTitle also takes a heading for the title's repetition that adds
// something in brackets: „Bürgerliches Gesetzbuch (BGB)“.
func sameTitle(heading, title string) bool {
	h, t := lang.ID(heading), lang.ID(title)
	if h == t {
		return true
	}
	rest, ok := strings.CutPrefix(heading, Typography("de", title))
	if !ok {
		return false
	}
	rest = strings.TrimSpace(rest)
	return strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")")
}

// numberHeadings gives each heading its level and its id. Levels start at
// BaseLevel and never skip one, whatever the text does. Ids that the editor
// wrote come first, so that a generated one never takes theirs.
func (p *page) numberHeadings(root ast.Node) {
	base := p.in.BaseLevel
	if base == 0 {
		base = 2
	}
	type named struct {
		node *ast.Heading
		heading
		text string
	}
	var all []named
	var above []int // source levels of the headings around
	p.eachHeading(root, func(h *ast.Heading) {
		text := strings.TrimSpace(p.plain(h))
		if text == "" {
			if p.empty.count++; p.empty.count == 1 {
				p.empty.at = p.nodePos(h)
			}
			return
		}
		p.skips.see(p, h)
		for len(above) > 0 && above[len(above)-1] >= h.Level {
			above = above[:len(above)-1]
		}
		n := named{h, heading{level: min(6, base+len(above))}, text}
		above = append(above, h.Level)
		if id := p.ownID(h); id != "" {
			n.id = p.id(id)
		}
		all = append(all, n)
	})
	p.headings, p.anchors = make(map[*ast.Heading]heading, len(all)), make(map[string]string, len(all))
	for _, n := range all {
		if n.id == "" {
			n.id = p.id(cmp.Or(lang.ID(n.text), "abschnitt"))
		}
		p.headings[n.node] = n.heading
		p.anchors[n.id] = n.text
	}
}

// skips are headings that leave out a level. Those of the page do not, so that
// nobody is sent astray; the text should not either: it may have been cut.
type skips struct {
	before   int // level of the heading before
	first    rawTag
	from, to int // levels of the first skip
}

func (s *skips) see(p *page, h *ast.Heading) {
	if s.before > 0 && h.Level > s.before+1 {
		if s.first.count++; s.first.count == 1 {
			s.first.at, s.from, s.to = p.nodePos(h), s.before, h.Level
		}
	}
	s.before = h.Level
}

func (s *skips) report(diags *diag.List) {
	if s.first.count == 0 {
		return
	}
	marks := func(level int) string { return strings.Repeat("#", level) }
	diags.Warnf(s.first.at, "ueberschrift-sprung", "Schreiben Sie hier „"+marks(s.from+1)+"“.",
		"Auf eine Überschrift mit „%s“ folgt eine mit „%s“%s.", marks(s.from), marks(s.to), times(s.first.count))
}

func (p *page) eachHeading(n ast.Node, f func(*ast.Heading)) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok {
			f(h)
		} else if c.Type() == ast.TypeBlock && c.FirstChild() != nil && c.FirstChild().Type() == ast.TypeBlock {
			p.eachHeading(c, f)
		}
	}
}

// ownID is the id written as {#id}.
func (p *page) ownID(h *ast.Heading) string {
	v, ok := h.AttributeString("id")
	b, isBytes := v.([]byte)
	if !ok || !isBytes {
		return ""
	}
	id := lang.ID(string(b))
	switch {
	case id == "":
	case id != string(b):
		p.c.cfg.Diags.Warnf(p.nodePos(h), "anker-form", "Schreiben Sie {#"+id+"}.",
			"Der Anker „%s“ enthält Zeichen, die in einer Adresse stören.", b)
	case p.taken(id):
		p.c.cfg.Diags.Showablef(p.nodePos(h), "anker-doppelt", "Geben Sie jedem Abschnitt einen eigenen Anker.",
			"Der Anker „%s“ kommt auf dieser Seite schon vor.", id)
	}
	return id
}

func (p *page) heading(n *ast.Heading) {
	info, ok := p.headings[n]
	if !ok { // empty
		return
	}
	p.closeSection()
	start := len(p.text)
	tag := "h" + itoa(info.level)
	p.write(`<div class="heading heading--`, itoa(info.level), `"><`, tag)
	p.attr("id", info.id)
	p.write(">")
	p.noTerms++
	p.inlines(n)
	p.noTerms--
	title := string(bytes.TrimSpace(p.text[start:]))
	p.write("</", tag, ">")
	p.write(`<a class="anchor" href="#`, info.id, `"`)
	before, after := p.around("md.anchor", "\x00")
	p.attr("aria-label", before, title, after)
	p.write(">#</a></div>\n")
	p.newline()
	p.open = openSection{Section{ID: info.id, Title: title, Level: info.level}, len(p.text)}
	if info.level <= 3 {
		p.doc.Outline = append(p.doc.Outline, Heading{info.level, info.id, title})
	}
}
