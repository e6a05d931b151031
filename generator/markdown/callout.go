package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/ag-vzkm/portal/generator/diag"
)

// calloutTitle stands first in a block quote that is a callout: its inline
// content is the rest of the line "[!HINWEIS] Titel".
type calloutTitle struct {
	ast.BaseBlock
	kind string
}

var kindCalloutTitle = ast.NewNodeKind("CalloutTitle")

func (*calloutTitle) Kind() ast.NodeKind { return kindCalloutTitle }

// Dump implements ast.Node.
func (n *calloutTitle) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// calloutTransformer splits the first line off the first paragraph of a quote.
type calloutTransformer struct{}

func (calloutTransformer) Transform(para *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := para.Parent().(*ast.Blockquote)
	if !ok || quote.FirstChild() != para || para.Lines().Len() == 0 {
		return
	}
	line := para.Lines().At(0)
	line = line.TrimLeftSpace(reader.Source())
	v := line.Value(reader.Source())
	end := bytes.IndexByte(v, ']')
	if !bytes.HasPrefix(v, []byte("[!")) || end < 3 || end > 40 || bytes.ContainsAny(v[2:end], " [") {
		return
	}
	title := &calloutTitle{kind: string(v[2:end])}
	title.SetPos(line.Start)
	rest := line.WithStart(line.Start + end + 1)
	rest = rest.TrimLeftSpace(reader.Source())
	rest = rest.TrimRightSpace(reader.Source())
	if rest.Len() > 0 {
		title.Lines().Append(rest)
	}
	quote.InsertBefore(quote, para, title)
	para.Lines().SetSliced(1, para.Lines().Len())
	if para.Lines().Len() == 0 {
		quote.RemoveChild(quote, para)
	}
}

// calloutKind finds the kind for a word in any case; "" for an unknown one.
func calloutKind(word string) string {
	switch strings.ToUpper(word) {
	case "HINWEIS", "NOTE", "TIP", "INFO", "TIPP":
		return "hinweis"
	case "KERNAUSSAGE", "IMPORTANT", "WICHTIG":
		return "kernaussage"
	case "WARNUNG", "WARNING", "CAUTION", "ACHTUNG":
		return "warnung"
	}
	return ""
}

func (p *page) blockquote(n *ast.Blockquote) {
	title, ok := n.FirstChild().(*calloutTitle)
	if !ok {
		p.element("blockquote", n)
		return
	}
	kind := calloutKind(title.kind)
	if kind == "" {
		p.c.cfg.Diags.Showablef(p.nodePos(title), "hinweis-art", diag.DidYouMean(title.kind, []string{"HINWEIS", "KERNAUSSAGE", "WARNUNG"}),
			"Die Art „%s“ gibt es für Hinweise nicht.", title.kind)
		kind = "hinweis"
	}
	id := p.id(kind + "-" + itoa(p.scope.next(kind)))
	p.write(`<aside class="callout callout--`, kind, `" role="note" aria-labelledby="`, id, `">`, "\n")
	p.write(`<p class="callout__title" id="`, id, `"><span class="callout__kind">`)
	p.set.reset()
	word := p.word("md.callout." + kind)
	if title.HasChildren() {
		word += ":"
	}
	p.plainText(word)
	p.write("</span>")
	if title.HasChildren() {
		p.write(" ")
		p.text = append(p.text, ' ')
		p.noTerms++
		p.inlines(title)
		p.noTerms--
	}
	p.write("</p>\n")
	p.newline()
	p.blocks(n)
	p.write("</aside>\n")
	p.newline()
}
