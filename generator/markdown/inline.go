package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

func itoa(n int) string { return strconv.Itoa(n) }

// inlines writes the children of a block: a stretch of text with its own
// quotation marks.
func (p *page) inlines(block ast.Node) {
	p.set.reset()
	p.children(block)
	p.flush()
}

// children writes the inline nodes below n.
func (p *page) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.inlineNode(c)
	}
}

func (p *page) inlineNode(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		p.addText(n)
		return
	case *ast.String:
		p.addRun(n.Value, -1)
		return
	case *attrNode, *east.FootnoteBacklink:
		return
	}
	p.flush()
	switch n := n.(type) {
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		p.wrap(tag, n)
	case *east.Strikethrough:
		p.wrap("del", n)
	case *ast.CodeSpan:
		p.codeSpan(n)
	case *ast.Link:
		p.link(n)
	case *ast.AutoLink:
		p.autoLink(n)
	case *ast.Image:
		p.image(n)
	case *ast.RawHTML:
		p.rawHTML(n)
	case *east.TaskCheckBox:
		p.taskMark(n)
	case *east.FootnoteLink:
		p.footnoteRef(n)
	case *badNote:
		p.badFootnote(n)
	case *refNode:
		p.ref(n)
	case *citeNode:
		p.cite(n)
	default:
		p.children(n)
	}
}

func (p *page) wrap(tag string, n ast.Node) {
	if p.depth++; p.depth > depthLimit {
		p.children(n)
	} else {
		p.write("<", tag, ">")
		p.children(n)
		p.flush()
		p.write("</", tag, ">")
	}
	p.depth--
}

func (p *page) codeSpan(n *ast.CodeSpan) {
	p.write("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			continue
		}
		v := t.Segment.Value(p.src)
		if bytes.HasSuffix(v, []byte("\n")) {
			v = append(bytes.TrimRight(bytes.Clone(v), "\r\n"), ' ')
		}
		p.literal(v)
	}
	p.write("</code>")
}

// literal writes text as it is, without typography.
func (p *page) literal(v []byte) {
	v = clean(v)
	p.out = appendEscaped(p.out, v)
	p.text = append(p.text, v...)
	p.set.prev = 'x'
}

// A run is text between two pieces of markup, decoded. A byte literalMark
// before a character says that it was escaped and stays as it is. Control
// characters are dropped, so the mark is ours alone.
const literalMark = 1

// runSeg says that the run from position run on comes from src on.
type runSeg struct{ run, src int }

func (p *page) addText(n *ast.Text) {
	p.addRun(n.Segment.Value(p.src), n.Segment.Start)
	switch {
	case n.HardLineBreak():
		p.flush()
		p.write("<br>\n")
		p.text = append(p.text, '\n')
		p.set.prev = ' '
	case n.SoftLineBreak():
		p.run = append(p.run, '\n')
	}
}

func (p *page) addRun(v []byte, src int) {
	p.segs = append(p.segs, runSeg{len(p.run), src})
	p.run = decode(p.run, v)
}

// srcOffset is the place in the source of a place in the run; exact as long as
// its line has no escapes before it.
func (p *page) srcOffset(at int) int {
	i, found := slices.BinarySearchFunc(p.segs, at, func(s runSeg, at int) int { return s.run - at })
	if !found {
		i--
	}
	if i < 0 || p.segs[i].src < 0 {
		return -1
	}
	return p.segs[i].src + at - p.segs[i].run
}

// flush writes the run.
func (p *page) flush() {
	if len(p.run) == 0 {
		return
	}
	run, done := p.run, 0
	if !p.inLink {
		for _, l := range bareLinks(run) {
			p.flushText(run[done:l.start])
			p.bareLink(l, run)
			done = l.stop
		}
	}
	p.flushText(run[done:])
	p.run, p.segs = p.run[:0], p.segs[:0]
}

func (p *page) flushText(run []byte) {
	if len(run) == 0 {
		return
	}
	before := p.set.prev
	p.setBuf = p.set.append(p.setBuf[:0], run)
	p.markTerms(p.setBuf, before)
}

// writeText writes text that is final.
func (p *page) writeText(v []byte) {
	n := 0
	for i, c := range v {
		var e string
		switch c {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		default:
			continue
		}
		p.out = append(append(p.out, v[n:i]...), e...)
		n = i + 1
	}
	p.out = append(p.out, v[n:]...)
	p.text = append(p.text, v...)
}

// plainText sets and writes a text that is not from the Markdown source, such
// as the title of another entry.
func (p *page) plainText(s string) {
	p.flush()
	p.run = decodePlain(p.run, s)
	p.flushText(p.run)
	p.run = p.run[:0]
}

// rare marks the bytes that decode has to look at.
var rare = func() (t [256]bool) {
	for c := range 32 {
		t[c] = c != '\n' && c != '\t'
	}
	t[127], t['\\'], t['&'] = true, true, true
	return
}()

// decode appends v with backslashes and character references resolved.
func decode(dst, v []byte) []byte {
	n := 0
	for i := 0; i < len(v); {
		c := v[i]
		if !rare[c] {
			i++
			continue
		}
		dst = append(dst, v[n:i]...)
		switch {
		case c == '\\' && i+1 < len(v) && util.IsPunct(v[i+1]):
			dst = append(dst, literalMark, v[i+1])
			i += 2
		case c == '&':
			var r []byte
			r, i = entity(v, i)
			dst = append(dst, r...)
		case c == '\\':
			dst = append(dst, c)
			i++
		default: // a control character
			i++
		}
		n = i
	}
	return append(dst, v[n:]...)
}

// entity resolves the character reference at v[i], if it is one, and returns
// the characters for the run and the place behind it.
func entity(v []byte, i int) ([]byte, int) {
	end := bytes.IndexByte(v[i:min(len(v), i+34)], ';')
	if end < 2 {
		return v[i : i+1], i + 1
	}
	name := v[i+1 : i+end]
	var chars []byte
	if name[0] == '#' {
		chars = charRef(name[1:])
	} else if e, ok := util.LookUpHTML5EntityByName(string(name)); ok {
		chars = e.Characters
	}
	if chars = clean(chars); len(chars) == 0 {
		return v[i : i+1], i + 1
	}
	if len(chars) == 1 {
		chars = []byte{literalMark, chars[0]}
	}
	return chars, i + end + 1
}

func charRef(digits []byte) []byte {
	base := 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || n > utf8.MaxRune {
		return nil
	}
	return utf8.AppendRune(nil, util.ToValidRune(rune(n)))
}

// decodePlain appends s as it is, without control characters.
func decodePlain(dst []byte, s string) []byte {
	return append(dst, clean([]byte(s))...)
}

// clean drops control characters, which HTML forbids.
func clean(v []byte) []byte {
	bad := func(r rune) bool { return r < 32 && r != '\n' && r != '\t' || r >= 127 && r < 160 || isNonchar(r) }
	if !dubious(v) || bytes.IndexFunc(v, bad) < 0 {
		return v
	}
	return bytes.Map(func(r rune) rune {
		if bad(r) {
			return -1
		}
		return r
	}, v)
}

// dubious looks for bytes that control characters and the like have.
func dubious(v []byte) bool {
	for i, c := range v {
		if rare[c] && c != '\\' && c != '&' || c >= 0xEF || c == 0xC2 && i+1 < len(v) && v[i+1] < 0xA0 {
			return true
		}
	}
	return false
}

func isNonchar(r rune) bool { return r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF }

// unmark drops the marks of literal characters.
func unmark(v []byte) []byte {
	if bytes.IndexByte(v, literalMark) < 0 {
		return v
	}
	return bytes.ReplaceAll(v, []byte{literalMark}, nil)
}
