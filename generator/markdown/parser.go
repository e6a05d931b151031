package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// newParser is goldmark with the extensions we use. Footnotes come before our
// brackets, and those before links, because all start with "[".
func newParser(inline []util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(parser.WithHeadingAttribute()), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(codeBlockParser{parser.NewCodeBlockParser()}, 500),
			util.Prioritized(parser.NewATXHeadingParser(parser.WithHeadingAttribute()), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(containerParser{}, 850),
			util.Prioritized(commentParser{parser.NewHTMLBlockParser()}, 900),
			util.Prioritized(extension.NewFootnoteBlockParser(), 950),
			util.Prioritized(extension.NewDefinitionListParser(), 960),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 970),
			util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(append(inline,
			util.Prioritized(extension.NewTaskCheckBoxParser(), 50),
			util.Prioritized(extension.NewFootnoteParser(), 101),
			util.Prioritized(badNoteParser{}, 102))...),
		parser.WithParagraphTransformers(
			util.Prioritized(calloutTransformer{}, 50),
			util.Prioritized(linkReferences{}, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
}

// newInlineParser knows paragraphs only.
func newInlineParser(inline []util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(inline...),
	)
}

func inlineParsers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(refParser{}, 150),
		util.Prioritized(citeParser{}, 151),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(attrParser{}, 250),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(plainParser{}, 600),
	}
}

// Lines are added to a block one by one, and would be moved at each second,
// fourth, eighth. The two parsers below make room for all of them at once.

// paragraphParser is goldmark's, but for the room.
type paragraphParser struct{ parser.BlockParser }

func (paragraphParser) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	n := ast.NewParagraph()
	makeRoom(n.Lines(), linesAhead(reader.Source()[segment.Start:], false)+1)
	n.Lines().Append(segment)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

type codeBlockParser struct{ parser.BlockParser }

func (c codeBlockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	n, state := c.BlockParser.Open(parent, reader, pc)
	if n != nil {
		_, at := reader.Position()
		makeRoom(n.Lines(), linesAhead(reader.Source()[at.Start:], true))
	}
	return n, state
}

func makeRoom(lines *text.Segments, more int) {
	had := lines.Len()
	lines.AppendAll(room[:min(more, len(room))])
	lines.SetSliced(0, had)
}

// room is what room is made with.
var room [16]text.Segment

// linesAhead guesses how many lines follow the first one in the block, as far
// as there is room for. Text goes on with a letter, code goes on behind a blank
// line if it is indented there.
func linesAhead(src []byte, code bool) int {
	for n := 0; ; n++ {
		i := bytes.IndexByte(src, '\n')
		if i < 0 || n == len(room) {
			return n
		}
		src = src[i+1:]
		next := bytes.TrimLeft(src[:min(len(src), 80)], " ")
		switch indented := len(src) > 0 && (src[0] == ' ' || src[0] == '\n'); {
		case code && !indented, len(next) == 0:
			return n
		case !code && !isLetter(next[0]):
			return n
		}
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf }

// linkReferences looks for definitions only where a bracket begins one.
type linkReferences struct{}

func (linkReferences) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if n.Lines().Len() > 0 {
		first := n.Lines().At(0)
		if !bytes.HasPrefix(bytes.TrimLeft(first.Value(reader.Source()), " \t\r\n"), []byte("[")) {
			return
		}
	}
	parser.LinkReferenceParagraphTransformer.Transform(n, reader, pc)
}
