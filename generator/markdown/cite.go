package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
)

// citeNode is [@key] or [@key, S. 12].
type citeNode struct {
	ast.BaseInline
	key, at string
}

var kindCite = ast.NewNodeKind("Cite")

func (*citeNode) Kind() ast.NodeKind { return kindCite }

// Dump implements ast.Node.
func (n *citeNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type citeParser struct{}

func (citeParser) Trigger() []byte { return []byte{'['} }

func (citeParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 4 || line[1] != '@' {
		return nil
	}
	end := bytes.IndexByte(line[:min(len(line), refLimit)], ']')
	if end < 3 || end+1 < len(line) && (line[end+1] == '(' || line[end+1] == '[' && !bytes.HasPrefix(line[end+2:], []byte("@"))) {
		return nil
	}
	key, at, _ := strings.Cut(string(line[2:end]), ",")
	if key = strings.TrimSpace(key); key == "" || strings.ContainsAny(key, " \t[") {
		return nil
	}
	block.Advance(end + 1)
	return &citeNode{key: key, at: strings.TrimSpace(at)}
}

// SourceID is the id that the list of sources gives to the source with this
// key. The first citation on the page has the id "zu-" + SourceID(key).
func SourceID(key string) string { return "quelle-" + lang.ID(key) }

// TermID is the id that the list of terms gives to an entry's definition. The
// marked word has the id "zu-" + TermID(id).
func TermID(id string) string { return "begriff-" + lang.ID(id) }

func (p *page) cite(n *citeNode) {
	if !p.knownSource(n) {
		p.plainText("[" + n.key + "]")
		return
	}
	number, again := p.scope.cited[n.key]
	if !again {
		number = len(p.scope.keys) + 1
		p.scope.cited[n.key] = number
		p.scope.keys = append(p.scope.keys, n.key)
	}
	if !p.refs["@"+n.key] {
		p.refs["@"+n.key] = true
		p.doc.Cited = append(p.doc.Cited, n.key)
	}
	at, label := "", p.word("md.cite", number)
	if n.at != "" {
		at = Typography(p.lang, n.at)
		label = p.word("md.cite.at", number, at)
		at = ", " + at
	}
	if p.inLink {
		p.plainText("[" + itoa(number) + at + "]")
		return
	}
	p.write(`<a class="cite" href="#`, SourceID(n.key), `"`)
	if !again {
		p.write(` id="`, p.id("zu-"+SourceID(n.key)), `"`)
	}
	p.attr("aria-label", label)
	p.write(">[", itoa(number))
	p.out = appendEscaped(p.out, at)
	p.write("]</a>")
	p.set.prev = 'x'
}

func (p *page) knownSource(n *citeNode) bool {
	keys := make([]string, len(p.in.Sources))
	for i, s := range p.in.Sources {
		if s.Key == n.key {
			return true
		}
		keys[i] = s.Key
	}
	hint := "Tragen Sie die Quelle im Kopf der Datei unter „sources“ ein."
	if near := diag.Nearest(n.key, keys, 3); len(near) > 0 {
		hint = "Meinten Sie " + diag.QuoteList(near, "oder") + "?"
	}
	p.c.cfg.Diags.Showablef(p.nodePos(n), "quelle-unbekannt", hint, "Die Quelle [@%s] ist nicht angegeben.", shorten(n.key))
	return false
}
