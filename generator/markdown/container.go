package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/ag-vzkm/portal/generator/diag"
)

// containerNode is a block between ":::" lines, with what its first line says:
//
//	::: name word key="value"
//	…
//	:::
type containerNode struct {
	ast.BaseBlock
	name   string
	words  []string
	attrs  map[string]string
	fence  int
	closed bool
}

var kindContainer = ast.NewNodeKind("Container")

func (*containerNode) Kind() ast.NodeKind { return kindContainer }

// Dump implements ast.Node.
func (n *containerNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type containerParser struct{}

func (containerParser) Trigger() []byte { return []byte{':'} }

func (containerParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	i := pc.BlockOffset()
	if i < 0 {
		return nil, parser.NoChildren
	}
	fence := colons(line[i:])
	rest := strings.TrimSpace(string(line[i+fence : min(len(line), i+fence+argumentLimit)]))
	if fence < 3 || rest == "" {
		return nil, parser.NoChildren
	}
	n := &containerNode{fence: fence, attrs: map[string]string{}}
	for rest != "" {
		var key, value string
		var pair bool
		key, value, pair, rest = nextArgument(rest)
		switch {
		case pair:
			n.attrs[key] = value
		case n.name == "":
			n.name = key
		default:
			n.words = append(n.words, key)
		}
	}
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

// argumentLimit bounds the search for closing quotation marks.
const argumentLimit = 2000

func colons(line []byte) int {
	n := 0
	for n < len(line) && line[n] == ':' {
		n++
	}
	return n
}

// nextArgument takes one word or key="value" off s; German and English
// quotation marks are as good as straight ones.
func nextArgument(s string) (key, value string, pair bool, rest string) {
	i := strings.IndexAny(s, " \t=")
	if i < 0 {
		return s, "", false, ""
	}
	key, rest = s[:i], s[i:]
	if rest[0] != '=' {
		return key, "", false, strings.TrimSpace(rest)
	}
	rest = strings.TrimPrefix(rest, "=")
	for _, q := range [][2]string{{`"`, `"`}, {"„", "“"}, {"„", "”"}, {"„", `"`}, {"“", "”"}, {"'", "'"}} {
		if v, ok := strings.CutPrefix(rest, q[0]); ok {
			if value, after, ok := strings.Cut(v, q[1]); ok {
				return key, value, true, strings.TrimSpace(after)
			}
		}
	}
	value, rest, _ = strings.Cut(rest, " ")
	return key, value, true, strings.TrimSpace(rest)
}

func (containerParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*containerNode)
	line, _ := reader.PeekLine()
	t := bytes.TrimSpace(line)
	if c := colons(t); c >= n.fence && c == len(t) {
		n.closed = true
		reader.AdvanceToEOL()
		return parser.Close
	}
	return parser.Continue | parser.HasChildren
}

func (containerParser) Close(ast.Node, text.Reader, parser.Context) {}
func (containerParser) CanInterruptParagraph() bool                 { return true }
func (containerParser) CanAcceptIndentedLine() bool                 { return false }

func (p *page) container(n *containerNode) {
	d, at := p.c.cfg.Diags, p.nodePos(n)
	if !n.closed {
		d.Showablef(at, "block-offen", "Schreiben Sie "+strings.Repeat(":", n.fence)+" allein in eine Zeile hinter den Block.",
			"Der Block „::: %s“ wird nicht geschlossen.", shorten(n.name))
	}
	if n.name == "diagramm" {
		p.chart(n)
		return
	}
	d.Showablef(at, "block-unbekannt", diag.DidYouMean(n.name, []string{"diagramm"}),
		"Den Block „::: %s“ gibt es nicht.", shorten(n.name))
	p.blocks(n)
}
