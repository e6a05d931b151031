package markdown

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/ag-vzkm/portal/generator/diag"
)

// page is the state of one conversion.
type page struct {
	c     *Converter
	in    Input
	lang  string
	src   []byte
	doc   *Doc
	scope *Scope

	out  []byte // HTML
	text []byte // plain text, with no-break spaces

	run    []byte // text not yet written, see inline.go
	segs   []runSeg
	set    typesetter
	setBuf []byte
	fold   []byte

	depth   int  // of blocks and of marks within a block
	inLink  bool // no link may be opened
	noTerms int  // glossary words are marked only when zero

	lines      []int // offset of each line, made when first needed
	colAt, col int   // the last place asked for and its column
	headings   map[*ast.Heading]*heading
	anchors    map[string]string // the headings' ids and texts, for links on this page
	open       openSection
	raw        []*rawTag
	empty      rawTag // empty headings
	notes      []*note
	noteNodes  map[int]ast.Node
	refs       map[string]bool
}

// openSection is the section being written: its text starts at start.
type openSection struct {
	Section
	start int
}

func newPage(c *Converter, in Input) *page {
	p := &page{c: c, in: in, lang: in.Lang, src: in.Body, doc: &Doc{}, scope: in.Scope}
	if p.lang == "" {
		p.lang = "de"
	}
	if p.scope == nil {
		p.scope = NewScope()
	}
	for _, id := range c.cfg.ReservedIDs {
		p.scope.ids[id] = true
	}
	if !utf8.Valid(p.src) {
		p.src = bytes.ToValidUTF8(p.src, []byte("\uFFFD"))
	}
	p.set = typesetter{english: p.lang == "en"}
	p.refs = map[string]bool{}
	return p
}

func (p *page) convert(md parser.Parser) *Doc {
	p.out = make([]byte, 0, len(p.src)+len(p.src)/4+64)
	p.text = make([]byte, 0, len(p.src)+16)
	root := md.Parse(text.NewReader(p.src))
	p.collectNotes(root)
	p.takeTitle(root)
	p.numberHeadings(root)
	p.topBlocks(root)
	p.closeSection()
	p.reportCounted()
	p.doc.HTML = string(p.out)
	return p.doc
}

func (p *page) convertInline(md parser.Parser) *Doc {
	p.noTerms++
	root := md.Parse(text.NewReader(p.src))
	for b := root.FirstChild(); b != nil; b = b.NextSibling() {
		if len(p.out) > 0 {
			p.write("<br>\n")
			p.text = append(p.text, '\n')
		}
		p.inlines(b)
	}
	p.doc.FirstParagraph = strings.TrimSpace(string(p.text))
	p.closeSection()
	p.reportCounted()
	p.doc.HTML = string(p.out)
	return p.doc
}

// closeSection ends the section being written and adds it to the document.
func (p *page) closeSection() {
	t := strings.TrimSpace(strings.ReplaceAll(string(p.text[p.open.start:]), nbsp, " "))
	p.open.Text = t
	if t != "" || p.open.ID != "" {
		p.doc.Sections = append(p.doc.Sections, p.open.Section)
	}
	p.doc.Words += countWords(t) + countWords(p.open.Title)
}

func countWords(s string) int {
	n, in := 0, false
	for i := 0; i < len(s); i++ {
		space := s[i] == ' ' || s[i] == '\n'
		if !space && !in {
			n++
		}
		in = !space
	}
	return n
}

// write appends markup to the output.
func (p *page) write(s ...string) {
	for _, t := range s {
		p.out = append(p.out, t...)
	}
}

// attr writes ` name="value"`, escaped.
func (p *page) attr(name, value string) {
	p.out = append(append(append(p.out, ' '), name...), '=', '"')
	p.out = appendEscaped(p.out, value)
	p.out = append(p.out, '"')
}

// newline ends a block in the plain text.
func (p *page) newline() {
	if n := len(p.text); n > 0 && p.text[n-1] != '\n' {
		p.text = append(p.text, '\n')
	}
}

func appendEscaped[T string | []byte](dst []byte, s T) []byte {
	n := 0
	for i := 0; i < len(s); i++ {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&quot;"
		default:
			continue
		}
		dst = append(dst, s[n:i]...)
		dst = append(dst, e...)
		n = i + 1
	}
	return append(dst, s[n:]...)
}

// pos is the place of a byte of the source. Columns count characters.
func (p *page) pos(offset int) diag.Pos {
	if offset < 0 || offset > len(p.src) {
		return p.in.Pos
	}
	if p.lines == nil {
		p.lines = []int{0}
		for i := 0; ; {
			n := bytes.IndexByte(p.src[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			p.lines = append(p.lines, i)
		}
	}
	line, exact := slices.BinarySearch(p.lines, offset)
	if !exact {
		line--
	}
	// Places come mostly in order: count on from the last one in a long line.
	if from := p.lines[line]; p.colAt < from || p.colAt > offset {
		p.colAt, p.col = from, 0
	}
	p.col += utf8.RuneCount(p.src[p.colAt:offset])
	p.colAt = offset
	at := p.in.Pos.Down(line)
	at.Col = max(at.Col, 1) + p.col
	return at
}

// nodePos is the place of a node.
func (p *page) nodePos(n ast.Node) diag.Pos { return p.pos(nodeOffset(n)) }

func nodeOffset(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if o := n.Pos(); o >= 0 {
			return o
		}
	}
	return -1
}

// plain is the text below n as written, without markup and typography.
func (p *page) plain(n ast.Node) string {
	var b strings.Builder
	p.plainTo(&b, n)
	return b.String()
}

func (p *page) plainTo(b *strings.Builder, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if c.IsRaw() {
				b.Write(c.Segment.Value(p.src))
			} else {
				b.Write(unmark(decode(nil, c.Segment.Value(p.src))))
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(p.src))
		case *refNode:
			b.WriteString(p.refText(c))
		default:
			p.plainTo(b, c)
		}
	}
}

// id makes a free id from a text and takes it: "weg", "weg-2", "weg-3".
func (p *page) id(base string) string {
	id := base
	for p.scope.ids[id] {
		n := max(2, p.scope.suffix[base]+1)
		p.scope.suffix[base] = n
		id = base + "-" + itoa(n)
	}
	p.scope.ids[id] = true
	return id
}
