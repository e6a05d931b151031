package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// plainParser takes text without any mark at once, up to the next mark or the
// end of the line: most lines have none, and goldmark looks at each of their
// characters more than once. It finds the same text; a test compares.
type plainParser struct{}

// Trigger: goldmark asks at each blank, and at the start of each line, for the
// parsers of a blank.
func (plainParser) Trigger() []byte { return []byte{' '} }

// marks are all that another parser begins with, and the ends of lines.
var marks = [256]bool{'`': true, '[': true, ']': true, '!': true, '{': true, '<': true, '*': true, '_': true, '~': true, '\\': true, '\r': true, '\n': true}

// plainLeast is from how many bytes on it pays to make a node of its own.
const plainLeast = 24

func (plainParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, at := block.PeekLine()
	src := block.Source()
	if at.Padding > 0 || at.Start > 0 && src[at.Start-1] == '\\' {
		return nil
	}
	n := 0
	for n < len(line) && !marks[line[n]] {
		n++
	}
	found := at.WithStop(at.Start + n)
	switch end := string(line[n:min(len(line), n+3)]); {
	case end == "" || end == "\n" || end == "\r\n":
		t := ast.NewTextSegment(found.TrimRightSpace(src))
		if last, ok := parent.LastChild().(*ast.Text); ok && t.Segment.IsEmpty() && last.Segment.Stop == at.Start {
			last.Segment = last.Segment.TrimRightSpace(src) // goldmark has parted the blanks at the end
		}
		hard := n >= 2 && line[n-1] == ' ' && line[n-2] == ' '
		t.SetHardLineBreak(end != "" && hard)
		t.SetSoftLineBreak(end != "" && !hard)
		block.AdvanceLine()
		return t
	case n < plainLeast:
		return nil
	}
	block.Advance(n)
	return ast.NewTextSegment(found)
}
