package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// blocks writes the blocks below n.
func (p *page) blocks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.block(c)
	}
}

// depthLimit is how deep elements may lie in each other; browsers have such a
// limit, too. What lies deeper is written without its element.
const depthLimit = 100

func (p *page) block(n ast.Node) {
	p.depth++
	if p.depth > depthLimit && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeBlock {
		p.blocks(n)
	} else {
		p.oneBlock(n)
	}
	p.depth--
}

func (p *page) oneBlock(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(n)
	case *ast.Paragraph:
		p.paragraph(n)
	case *ast.TextBlock:
		p.inlines(n)
		if n.NextSibling() != nil {
			p.write("\n")
		}
		p.newline()
	case *ast.List:
		p.list(n)
	case *ast.ListItem:
		p.listItem(n)
	case *ast.Blockquote:
		p.blockquote(n)
	case *ast.CodeBlock:
		p.code("", p.codeLines(n))
	case *ast.FencedCodeBlock:
		p.code(string(n.Language(p.src)), p.codeLines(n))
	case *ast.ThematicBreak:
		p.write("<hr>\n")
	case *ast.HTMLBlock:
		p.comment(n)
	case *east.DefinitionList:
		p.element("dl", n)
	case *east.DefinitionTerm:
		if p.repeatedTerm(n) {
			return
		}
		p.write("<dt>")
		p.inlines(n)
		p.write("</dt>\n")
		p.newline()
	case *east.DefinitionDescription:
		p.write("<dd>")
		p.blocks(n)
		p.write("</dd>\n")
		p.newline()
	case *east.Table:
		p.table(n)
	case *containerNode:
		p.container(n)
	case *ast.LinkReferenceDefinition, *east.FootnoteList, *calloutTitle:
	default:
		p.blocks(n)
	}
}

// element writes a block around blocks.
func (p *page) element(tag string, n ast.Node) {
	p.write("<", tag, ">\n")
	p.blocks(n)
	p.write("</", tag, ">\n")
	p.newline()
}

func (p *page) paragraph(n *ast.Paragraph) {
	if img := loneImage(n, p.src); img != nil {
		p.figure(img)
		return
	}
	start, out := len(p.text), len(p.out)
	p.write("<p>")
	p.inlines(n)
	if len(p.out) == out+len("<p>") { // nothing but a comment
		p.out = p.out[:out]
		return
	}
	p.write("</p>\n")
	if p.doc.FirstParagraph == "" && n.Parent().Kind() == ast.KindDocument {
		p.doc.FirstParagraph = string(bytes.TrimSpace(p.text[start:]))
	}
	p.newline()
}

// repeatedTerm reports whether the group before has the same term: a list must
// not name it twice, the definitions go together.
func (p *page) repeatedTerm(n *east.DefinitionTerm) bool {
	b := n.PreviousSibling()
	if b == nil || b.Kind() == n.Kind() || n.NextSibling() == nil || n.NextSibling().Kind() == n.Kind() {
		return false
	}
	for b != nil && b.Kind() != n.Kind() {
		b = b.PreviousSibling()
	}
	if b == nil || b.PreviousSibling() != nil && b.PreviousSibling().Kind() == n.Kind() {
		return false
	}
	return p.plain(b) == p.plain(n)
}

func (p *page) list(n *ast.List) {
	if !n.IsOrdered() {
		p.element("ul", n)
		return
	}
	p.write("<ol")
	if n.Start != 1 {
		p.attr("start", itoa(n.Start))
	}
	p.write(">\n")
	p.blocks(n)
	p.write("</ol>\n")
	p.newline()
}

func (p *page) listItem(n *ast.ListItem) {
	p.write("<li")
	first := n.FirstChild()
	if first != nil && first.FirstChild() != nil && first.FirstChild().Kind() == east.KindTaskCheckBox {
		p.write(` class="task"`)
	}
	p.write(">")
	if first != nil && first.Kind() != ast.KindTextBlock {
		p.write("\n")
	}
	p.blocks(n)
	p.write("</li>\n")
	p.newline()
}

// taskMark writes a box that is said, too: a real checkbox would need a label
// and could not be used anyway.
func (p *page) taskMark(n *east.TaskCheckBox) {
	class, sign, word := "task__mark", "☐", p.word("md.task.open")
	if n.IsChecked {
		class, sign, word = "task__mark task__mark--done", "☑", p.word("md.task.done")
	}
	p.write(`<span class="`, class, `" aria-hidden="true">`, sign, `</span> <span class="visually-hidden">`)
	p.out = appendEscaped(p.out, word)
	p.write(` </span>`)
}

// codeLines is good until it is called again.
func (p *page) codeLines(n ast.Node) []byte {
	p.codeBuf = p.codeBuf[:0]
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		v := bytes.TrimRight(line.Value(p.src), "\r\n")
		p.codeBuf = append(append(p.codeBuf, v...), '\n')
	}
	return p.codeBuf
}
