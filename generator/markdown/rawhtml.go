package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/ag-vzkm/portal/generator/diag"
)

// rawTag counts the uses of one HTML element; it is reported once per text.
type rawTag struct {
	name  string
	at    diag.Pos
	count int
}

// times is " (3-mal in diesem Text)" for what occurs more than once.
func times(n int) string {
	if n < 2 {
		return ""
	}
	return " (" + itoa(n) + "-mal in diesem Text)"
}

// rawHTML shows a tag as text. Comments are dropped.
func (p *page) rawHTML(n *ast.RawHTML) {
	var b []byte
	for i := range n.Segments.Len() {
		s := n.Segments.At(i)
		b = append(b, s.Value(p.src)...)
	}
	if bytes.HasPrefix(b, []byte("<!--")) {
		return
	}
	p.countRaw(tagName(b), n.Segments.At(0).Start)
	p.write(`<span class="raw-html">`)
	p.out = appendEscaped(p.out, clean(b))
	p.write("</span>")
	p.text = append(p.text, ' ')
	p.set.prev = 'x'
}

// tagName is the name in "<name …>" or "</name>", or the sign behind "<".
func tagName(b []byte) string {
	s := bytes.TrimLeft(b[1:], "/")
	n := 0
	for n < len(s) && (isAlnum(s[n]) || s[n] == '-') {
		n++
	}
	if n == 0 {
		n = min(1, len(s))
	}
	return strings.ToLower(string(s[:n]))
}

func (p *page) countRaw(name string, offset int) {
	for _, r := range p.raw {
		if r.name == name {
			r.count++
			return
		}
	}
	p.raw = append(p.raw, &rawTag{name, p.pos(offset), 1})
}

// reportCounted reports what is said once per text.
func (p *page) reportCounted() {
	for _, r := range p.raw {
		p.c.cfg.Diags.Showablef(r.at, "html-roh", rawHint(r.name),
			"HTML wird nicht übernommen: <%s>%s erscheint als Text.", r.name, times(r.count))
	}
	p.skips.report(p.c.cfg.Diags)
	if e := p.empty; e.count > 0 {
		p.c.cfg.Diags.Warnf(e.at, "ueberschrift-leer", "Löschen Sie die Zeile oder schreiben Sie einen Text hinter die #-Zeichen.",
			"Die Überschrift ist leer%s.", times(e.count))
	}
}

// rawHint is the Markdown for an HTML element.
func rawHint(name string) string {
	switch name {
	case "br":
		return "Schreiben Sie für einen Zeilenumbruch \\ an das Ende der Zeile."
	case "b", "strong":
		return "Schreiben Sie **fett**."
	case "i", "em":
		return "Schreiben Sie *kursiv*."
	case "a":
		return "Schreiben Sie [Text](Adresse) oder [[id]]."
	case "img", "figure", "figcaption":
		return "Schreiben Sie ![Alternativtext](bild.jpg \"Bildunterschrift\")."
	case "table", "tr", "td", "th", "thead", "tbody":
		return "Schreiben Sie eine Tabelle mit senkrechten Strichen: | Spalte | Spalte |."
	case "sup", "sub":
		return "Verwenden Sie die Zeichen ² ³ ₂ ₃ oder eine Fußnote [^1]."
	case "ul", "ol", "li":
		return "Schreiben Sie eine Liste mit „- “ oder „1. “ am Zeilenanfang."
	case "p", "div", "span":
		return "Lassen Sie das Element weg; Absätze trennt eine leere Zeile."
	}
	return "Verwenden Sie Markdown; ein gewöhnliches Kleiner-Zeichen schreiben Sie als \\<."
}

// commentParser takes comments only: every other HTML is part of a paragraph,
// so that the Markdown within it survives.
type commentParser struct{ parser.BlockParser }

func (c commentParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	if i := pc.BlockOffset(); i < 0 || !bytes.HasPrefix(line[i:], []byte("<!--")) {
		return nil, parser.NoChildren
	}
	return c.BlockParser.Open(parent, reader, pc)
}

// comment drops a comment, and says so if it swallows the rest of the text.
func (p *page) comment(n *ast.HTMLBlock) {
	if n.HasClosure() {
		return
	}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		if bytes.Contains(line.Value(p.src), []byte("-->")) {
			return
		}
	}
	p.c.cfg.Diags.Showablef(p.nodePos(n), "kommentar-offen", "Schließen Sie den Kommentar mit -->.",
		"Der Kommentar wird nicht geschlossen; alles danach fehlt auf der Seite.")
}
