package markdown

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// note is a footnote with the ids of the places that refer to it.
type note struct {
	index  int // in the source
	number int // on the page
	id     string
	places []string
}

// footnoteRef writes the raised number. Numbers follow the order on the page,
// over all its texts.
func (p *page) footnoteRef(n *east.FootnoteLink) {
	if p.inLink {
		return
	}
	i := slices.IndexFunc(p.notes, func(f *note) bool { return f.index == n.Index })
	if i < 0 {
		i = len(p.notes)
		number := p.scope.next("note")
		p.notes = append(p.notes, &note{index: n.Index, number: number, id: p.id("fn-" + itoa(number))})
	}
	f := p.notes[i]
	id := "fnref-" + itoa(f.number)
	if len(f.places) > 0 {
		id += "-" + itoa(len(f.places)+1)
	}
	id = p.id(id)
	f.places = append(f.places, id)
	p.write(`<sup class="footnote-ref"><a id="`, id, `" href="#`, f.id, `" role="doc-noteref"`)
	p.attr("aria-label", p.word("md.footnote", f.number))
	p.write(">", itoa(f.number), "</a></sup>")
	p.set.prev = 'x'
}

// writeFootnotes writes the notes that the text refers to, in this order.
// Notes may refer to notes: the list grows while it is written.
func (p *page) writeFootnotes() {
	if len(p.notes) == 0 {
		return
	}
	p.closeSection()
	p.open = openSection{Section{ID: p.notes[0].id, Title: p.word("md.footnotes"), Level: 2}, len(p.text)}
	start := p.notes[0].number
	p.write(`<section class="footnotes" role="doc-endnotes"`)
	p.attr("aria-label", p.word("md.footnotes"))
	p.write(">\n<ol")
	if start != 1 {
		p.attr("start", itoa(start))
	}
	p.write(">\n")
	p.noTerms++
	for i := 0; i < len(p.notes); i++ {
		p.footnote(p.notes[i])
	}
	p.noTerms--
	p.write("</ol>\n</section>\n")
}

func (p *page) footnote(f *note) {
	p.write(`<li id="`, f.id, `">`, "\n")
	p.inNote = true
	p.blocks(p.noteNodes[f.index])
	p.inNote = false
	p.write(`<p class="footnote-back">`)
	for i, place := range f.places {
		if i > 0 {
			p.write(" ")
		}
		p.write(`<a href="#`, place, `" role="doc-backlink"`)
		if i == 0 {
			p.attr("aria-label", p.word("md.footnote.back", f.number))
		} else {
			p.attr("aria-label", p.word("md.footnote.back.n", f.number, i+1))
		}
		p.write(">↩</a>")
	}
	p.write("</p>\n</li>\n")
	p.newline()
}

// collectNotes finds the footnotes by their index.
func (p *page) collectNotes(root ast.Node) {
	p.noteNodes = map[int]ast.Node{}
	for c := root.LastChild(); c != nil; c = c.PreviousSibling() {
		if c.Kind() != east.KindFootnoteList {
			continue
		}
		for f := c.FirstChild(); f != nil; f = f.NextSibling() {
			p.noteNodes[f.(*east.Footnote).Index] = f
		}
	}
}

// badNote is [^label] without a note.
type badNote struct {
	ast.BaseInline
	label string
}

var kindBadNote = ast.NewNodeKind("BadNote")

func (*badNote) Kind() ast.NodeKind { return kindBadNote }

// Dump implements ast.Node.
func (n *badNote) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// badNoteParser comes after the one for footnotes and takes what it left.
type badNoteParser struct{}

func (badNoteParser) Trigger() []byte { return []byte{'['} }

func (badNoteParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 4 || line[1] != '^' {
		return nil
	}
	end := bytes.IndexByte(line[:min(len(line), refLimit)], ']')
	if end < 3 || bytes.ContainsAny(line[2:end], " \t[") || end+1 < len(line) && line[end+1] == '(' {
		return nil
	}
	block.Advance(end + 1)
	return &badNote{label: string(line[2:end])}
}

func (p *page) badFootnote(n *badNote) {
	p.c.cfg.Diags.Showablef(p.nodePos(n), "fussnote-unbekannt",
		"Schreiben Sie den Text der Fußnote in einen eigenen Absatz: [^"+n.label+"]: Text.",
		"Zur Fußnote [^%s] gibt es keinen Text.", shorten(n.label))
	p.literal([]byte("[^" + n.label + "]"))
}
