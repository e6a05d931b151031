package markdown

import (
	"bytes"
	"fmt"
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

	*buffers
	set typesetter

	depth   int  // of blocks and of marks within a block
	inLink  bool // no link may be opened
	inNote  bool // what is written belongs to a footnote
	noTerms int  // glossary words are marked only when zero

	colAt, col int // the last place asked for and its column
	headings   map[*ast.Heading]heading
	anchors    map[string]string // the headings' ids and texts, for links on this page
	open       openSection
	raw        []*rawTag
	empty      rawTag // empty headings
	skips      skips
	notes      []*note
	noteNodes  map[int]ast.Node
	refs       map[string]bool
	words      map[string][2]string // see around
}

// buffers are what a conversion writes into; the next one uses them again.
type buffers struct {
	out      []byte // HTML
	text     []byte // plain text, with no-break spaces
	sections []byte // plain text as it is given out, of all sections
	ends     []int  // where each section ends in it

	run     []byte // text not yet written, see inline.go
	segs    []runSeg
	setBuf  []byte
	fold    []byte
	quotes  []byte
	codeBuf []byte
	lines   []int // offset of each line, made when first needed
}

// buffers are for a text of so many bytes.
func (c *Converter) buffers(size int) *buffers {
	b, _ := c.pool.Get().(*buffers)
	if b == nil {
		b = &buffers{}
	}
	b.out = slices.Grow(b.out[:0], size+size/4+64)
	b.text = slices.Grow(b.text[:0], size+16)
	b.sections = slices.Grow(b.sections[:0], size+16)
	b.ends, b.lines, b.run, b.segs = b.ends[:0], b.lines[:0], b.run[:0], b.segs[:0]
	return b
}

// openSection is the section being written: its text starts at start.
type openSection struct {
	Section
	start int
}

func newPage(c *Converter, in Input) *page {
	p := &page{c: c, in: in, lang: in.Lang, src: in.Body, doc: &Doc{}, scope: in.Scope, buffers: c.buffers(len(in.Body))}
	if p.lang == "" {
		p.lang = "de"
	}
	if p.scope == nil {
		p.scope = NewScope()
	}
	if !utf8.Valid(p.src) {
		p.src = bytes.ToValidUTF8(p.src, []byte("\uFFFD"))
	}
	p.set = typesetter{english: p.lang == "en", quotes: p.quotes}
	p.refs = map[string]bool{}
	return p
}

func (p *page) convert(md parser.Parser) *Doc {
	root := md.Parse(text.NewReader(p.src))
	if p.in.Claims {
		p.claims(root, nil)
	}
	p.collectNotes(root)
	p.takeTitle(root)
	p.numberHeadings(root)
	p.topBlocks(root)
	return p.finish()
}

// finish makes the document and gives the buffers back.
func (p *page) finish() *Doc {
	p.closeSection()
	p.reportCounted()
	p.doc.HTML = string(p.out)
	all, start := string(p.sections), 0
	for i, end := range p.ends {
		p.doc.Sections[i].Text = all[start:end]
		start = end
	}
	p.quotes = p.set.quotes
	p.c.pool.Put(p.buffers)
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
	return p.finish()
}

// closeSection ends the section being written and adds it to the document,
// which gets its text at the end.
func (p *page) closeSection() {
	start := len(p.sections)
	p.sections = appendSpaced(p.sections, p.text[p.open.start:])
	p.sections = append(p.sections[:start], bytes.TrimSpace(p.sections[start:])...)
	t := p.sections[start:]
	if len(t) > 0 || p.open.ID != "" {
		p.doc.Sections = append(p.doc.Sections, p.open.Section)
		p.ends = append(p.ends, len(p.sections))
	}
	p.doc.Words += countWords(t) + countWords(p.open.Title)
}

// appendSpaced appends a text with plain spaces for no-break spaces.
func appendSpaced(dst, text []byte) []byte {
	for {
		n := bytes.Index(text, []byte(nbsp))
		if n < 0 {
			return append(dst, text...)
		}
		dst = append(append(dst, text[:n]...), ' ')
		text = text[n+len(nbsp):]
	}
}

func countWords[T string | []byte](s T) int {
	n, before := 0, byte(1)
	for i := range len(s) {
		is := blank[s[i]]
		n += int(before &^ is)
		before = is
	}
	return n
}

// blank is 1 for what stands between words.
var blank = [256]byte{' ': 1, '\n': 1}

// write appends markup to the output.
func (p *page) write(s ...string) {
	for _, t := range s {
		p.out = append(p.out, t...)
	}
}

// attr writes ` name="value"`, escaped; the value may come in parts.
func (p *page) attr(name string, value ...string) {
	p.out = append(append(append(p.out, ' '), name...), '=', '"')
	for _, part := range value {
		p.out = appendEscaped(p.out, part)
	}
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
	if len(p.lines) == 0 {
		p.lines = append(p.lines, 0)
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
	if line > 0 {
		at.Col += p.in.Indent
	}
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
	for p.taken(id) {
		n := max(2, p.scope.suffix[base]+1)
		p.scope.suffix[base] = n
		id = base + "-" + itoa(n)
	}
	p.scope.ids[id] = true
	return id
}

// taken reports whether an id is in use, on the page or in the templates.
func (p *page) taken(id string) bool { return p.c.reserved[id] || p.scope.ids[id] }

// around gives what a word of the interface has before and after its argument,
// of which mark is an example that does not occur otherwise. The word is asked
// for once a page.
func (p *page) around(key string, mark any) (before, after string) {
	w, ok := p.words[key]
	if !ok {
		w[0], w[1], _ = strings.Cut(p.word(key, mark), fmt.Sprint(mark))
		if p.words == nil {
			p.words = map[string][2]string{}
		}
		p.words[key] = w
	}
	return w[0], w[1]
}
