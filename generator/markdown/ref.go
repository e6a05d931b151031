package markdown

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/ag-vzkm/portal/generator/lang"
)

// refNode is [[id]], [[id|text]] or [[id#anchor]].
type refNode struct {
	ast.BaseInline
	id, anchor, text string
}

var kindRef = ast.NewNodeKind("Ref")

func (*refNode) Kind() ast.NodeKind { return kindRef }

// Dump implements ast.Node.
func (n *refNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type refParser struct{}

func (refParser) Trigger() []byte { return []byte{'['} }

// refLimit keeps a missing "]]" from costing a search through the whole line.
const refLimit = 400

func (refParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 5 || line[1] != '[' {
		return nil
	}
	end := bytes.Index(line[:min(len(line), refLimit)], []byte("]]"))
	if end < 3 {
		return nil
	}
	target, label, _ := strings.Cut(string(line[2:end]), "|")
	target = strings.TrimSuffix(target, `\`) // in a table, the bar is written \|
	id, anchor, _ := strings.Cut(target, "#")
	n := &refNode{id: strings.TrimSpace(id), anchor: strings.TrimSpace(anchor), text: strings.TrimSpace(label)}
	if n.id == "" && n.anchor == "" || strings.ContainsAny(target, "[]") {
		return nil
	}
	block.Advance(end + 2)
	return n
}

// refText is what a reader sees of a reference.
func (p *page) refText(n *refNode) string {
	if n.text != "" {
		return unescape([]byte(n.text))
	}
	if t, ok := p.c.cfg.Resolver.Entry(n.id, p.lang); ok && n.id != "" {
		return t.Title // "" of one that is hidden: its id says too much
	}
	if title := p.anchors[lang.ID(n.anchor)]; n.id == "" && title != "" {
		return title
	}
	if n.id == "" {
		return n.anchor
	}
	return n.id
}

func (p *page) ref(n *refNode) {
	offset := nodeOffset(n)
	t, ok := Target{}, true
	if n.id != "" {
		t, ok = p.c.cfg.Resolver.Entry(n.id, p.lang)
	}
	switch {
	case t.Hidden:
		p.hiddenRef(n, offset)
		return
	case p.inLink:
		p.plainText(p.refText(n))
		return
	}
	href, attrs := "", []string(nil)
	if n.id != "" {
		if !ok {
			p.c.cfg.Diags.Showablef(p.pos(offset), "verweis-unbekannt", cmp.Or(p.c.cfg.Resolver.Suggest(n.id), "Die Kennung eines Eintrags ist der Name seiner Datei ohne „.md“."),
				"Der Verweis [[%s]] findet keinen Eintrag.", shorten(n.id))
			p.write(`<span class="broken-link">`)
			p.plainText(p.refText(n))
			p.write(`</span>`)
			return
		}
		href = t.URL
		if t.Lang != "" && t.Lang != p.lang {
			attrs = append(attrs, "hreflang", t.Lang)
		}
		if !p.refs[t.ID] {
			p.refs[t.ID] = true
			p.doc.Refs = append(p.doc.Refs, t.ID)
		}
	}
	if n.anchor != "" {
		anchor := n.anchor
		if n.id == "" || n.id == p.in.SelfID {
			anchor = p.fragment(anchor, offset)
		}
		href += "#" + anchor
	}
	p.openLink(href, p.pos(offset), attrs...)
	p.plainText(p.refText(n))
	p.closeLink(href)
}

// hiddenRef keeps the words of a reference to an entry that is not shown.
// Without words of its own nothing is left of it, so it is a fault.
func (p *page) hiddenRef(n *refNode, offset int) {
	if n.text == "" {
		p.c.cfg.Diags.Showablef(p.pos(offset), "verweis-verborgen", "Schreiben Sie [["+n.id+"|Text]]; bis zur Veröffentlichung steht dort nur der Text.",
			"Der Eintrag „%s“ ist nicht veröffentlicht.", shorten(n.id))
	}
	p.plainText(p.refText(n))
}
