// Package help explains diagnostics: it divides docs/fehler.md into its
// sections and gives them as text for a terminal, as Markdown and as HTML.
//
// Terms: a section explains one code; its heading is the code. A group is a
// part of the file, with a heading of level 1, and holds sections.
package help

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Section explains one code. Meaning is its first paragraph; Body is all of
// it, without the heading.
type Section struct {
	Code, Group, Meaning, Body string
}

// Catalogue are all sections in the order of the file.
type Catalogue struct {
	Sections []Section
	source   string
}

// Read divides the text of docs/fehler.md.
func Read(source string) *Catalogue {
	c := &Catalogue{source: source}
	group, fenced := "", false
	var body strings.Builder
	end := func() {
		if n := len(c.Sections); n > 0 && c.Sections[n-1].Body == "" {
			s := &c.Sections[n-1]
			s.Body = strings.TrimSpace(body.String()) + "\n"
			s.Meaning, _, _ = strings.Cut(s.Body, "\n")
		}
		body.Reset()
	}
	for line := range strings.Lines(source) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if name, ok := strings.CutPrefix(line, "# "); ok && !fenced {
			end()
			group = strings.TrimSpace(name)
			continue
		}
		if name, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			end()
			c.Sections = append(c.Sections, Section{Code: strings.TrimSpace(name), Group: group})
			continue
		}
		body.WriteString(line)
	}
	end()
	return c
}

// Lookup finds the section of a code.
func (c *Catalogue) Lookup(code string) (Section, bool) {
	for _, s := range c.Sections {
		if s.Code == code {
			return s, true
		}
	}
	return Section{}, false
}

// Codes are the codes of all sections, in the order of the file.
func (c *Catalogue) Codes() []string {
	out := make([]string, len(c.Sections))
	for i, s := range c.Sections {
		out[i] = s.Code
	}
	return out
}

// textWidth is how wide a terminal's text is set at most.
const textWidth = 78

// Text is a section for a terminal: paragraphs are wrapped, examples indented.
func (s Section) Text() string {
	var b strings.Builder
	b.WriteString(s.Code + "\n" + strings.Repeat("─", len(s.Code)) + "\n\n")
	fenced := false
	for line := range strings.Lines(s.Body) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case fenced:
			b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
		default:
			wrap(&b, strings.ReplaceAll(line, "**", ""))
		}
	}
	return b.String()
}

func wrap(b *strings.Builder, line string) {
	at := 0
	for i, word := range strings.Fields(line) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > textWidth:
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteByte('\n')
}

// HTML is the whole file as a part of a page; the id of a section's heading is
// its code.
func (c *Catalogue) HTML() []byte {
	md := goldmark.New(goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(ids{}, 1))))
	var b bytes.Buffer
	if err := md.Convert([]byte(c.source), &b); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// ids gives headings their ids and moves them down by one level, below that of
// the page; the first, which is the page's, stays.
type ids struct{}

func (ids) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		if h.Level == 2 {
			h.SetAttributeString("id", bytes.Clone(h.Lines().Value(reader.Source())))
		}
		if n.PreviousSibling() != nil {
			h.Level++
		}
	}
}
