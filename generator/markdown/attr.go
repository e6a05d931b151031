package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// attrNode is what is left of {key="value"} behind a link or a picture, after
// its values went to the link or picture.
type attrNode struct{ ast.BaseInline }

var kindAttr = ast.NewNodeKind("Attr")

func (*attrNode) Kind() ast.NodeKind { return kindAttr }

// Dump implements ast.Node.
func (n *attrNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type attrParser struct{}

func (attrParser) Trigger() []byte { return []byte{'{'} }

func (attrParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	switch parent.LastChild().(type) {
	case *ast.Link, *ast.Image:
	default:
		return nil
	}
	attrs, ok := parser.ParseAttributes(block)
	if !ok {
		return nil
	}
	for _, a := range attrs {
		parent.LastChild().SetAttribute(a.Name, a.Value)
	}
	return &attrNode{}
}

// attrOf is the text of an attribute, "" when it is not there.
func attrOf(n ast.Node, name string) string {
	v, _ := n.AttributeString(name)
	b, _ := v.([]byte)
	return string(clean(b))
}
