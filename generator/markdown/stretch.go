package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Stretch is running text as its author wrote it: a paragraph, a heading, a
// cell, an alternative text. What is not the author's words – code, addresses,
// citations, the titles of other entries – is one Gap.
type Stretch struct {
	Text string
	Src  []int // for each byte of Text its place in the source
}

// Gap stands for what is no text. It is neither a letter nor a space.
const Gap = '\uFFFC'

// Stretches takes a text apart without converting it: for those who look at
// words and want to say where they stand. Typography is as written.
func (c *Converter) Stretches(body []byte) []Stretch {
	s := &stretcher{src: body}
	s.blocks(c.full.Parse(text.NewReader(body)))
	return s.out
}

type stretcher struct {
	src  []byte
	out  []Stretch
	text []byte
	at   []int
}

func (s *stretcher) end() {
	if len(s.text) > 0 {
		s.out = append(s.out, Stretch{string(s.text), s.at})
		s.text, s.at = nil, nil
	}
}

// blocks collects the texts below a block. Inline nodes directly below one are
// a stretch.
func (s *stretcher) blocks(block ast.Node) {
	for n := block.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
		case *containerNode:
			for _, key := range []string{"titel", "beschreibung"} {
				s.written(n.attrs[key], nodeOffset(n))
			}
			s.blocks(n)
		default:
			if n.Type() == ast.TypeInline {
				s.inline(n)
			} else {
				s.blocks(n)
			}
		}
	}
	s.end()
}

func (s *stretcher) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		s.add(n.Segment.Value(s.src), n.Segment.Start)
		if n.SoftLineBreak() || n.HardLineBreak() {
			s.put("\n", n.Segment.Stop)
		}
	case *ast.Link:
		s.inlines(n)
		s.aside(n.Title, nodeOffset(n))
	case *ast.Image:
		s.gap(n)
		s.nested(func() { s.inlines(n) })
		s.aside(n.Title, nodeOffset(n))
	case *refNode:
		if at := bytes.Index(s.from(nodeOffset(n)), []byte("|"+n.text)); n.text != "" && at >= 0 {
			s.add([]byte(n.text), nodeOffset(n)+at+1)
		} else {
			s.gap(n)
		}
	case *ast.Emphasis:
		s.inlines(n)
	default:
		if n.HasChildren() && n.Kind() != ast.KindCodeSpan {
			s.inlines(n)
		} else {
			s.gap(n)
		}
	}
}

func (s *stretcher) inlines(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		s.inline(c)
	}
}

// nested collects a stretch of its own in the midst of another.
func (s *stretcher) nested(collect func()) {
	text, at := s.text, s.at
	s.text, s.at = nil, nil
	collect()
	s.end()
	s.text, s.at = text, at
}

// aside is a text that the tree has without its place, such as a link's title.
func (s *stretcher) aside(title []byte, from int) {
	if at := bytes.Index(s.from(from), title); len(title) > 0 && at >= 0 {
		s.nested(func() { s.add(title, from+at) })
	}
}

// written is aside for a value that stands in the source as it is.
func (s *stretcher) written(value string, from int) {
	if strings.TrimSpace(value) != "" {
		s.aside([]byte(value), from)
	}
}

func (s *stretcher) from(offset int) []byte { return s.src[min(max(offset, 0), len(s.src)):] }

func (s *stretcher) gap(n ast.Node) { s.put(string(Gap), max(nodeOffset(n), 0)) }

func (s *stretcher) put(v string, src int) {
	s.text = append(s.text, v...)
	for range len(v) {
		s.at = append(s.at, src)
	}
}

// add appends text with backslashes and character references resolved.
func (s *stretcher) add(v []byte, src int) {
	for i := 0; i < len(v); {
		switch c := v[i]; {
		case c == '\\' && i+1 < len(v) && util.IsPunct(v[i+1]):
			s.put(string(v[i+1:i+2]), src+i+1)
			i += 2
		case c == '&':
			chars, next := entity(v, i)
			s.put(string(unmark(bytes.Clone(chars))), src+i)
			i = next
		default:
			s.put(string(v[i:i+1]), src+i)
			i++
		}
	}
}
