package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// table writes a table in a region that scrolls and can be reached by
// keyboard. An empty header cell is no header; a row of them is left out.
func (p *page) table(n *east.Table) {
	p.write(`<div class="table-scroll" tabindex="0" role="region"`)
	p.attr("aria-label", p.label(p.word("md.table", p.scope.next("table"))))
	p.write(">\n<table>\n")
	p.noTerms++
	p.tableRows(n)
	p.noTerms--
	p.write("</table>\n</div>\n")
	p.newline()
}

func (p *page) tableRows(n *east.Table) {
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		head := row.Kind() == east.KindTableHeader
		switch {
		case head && !hasText(row):
			continue
		case head:
			p.write("<thead>\n")
		case !body:
			p.write("<tbody>\n")
			body = true
		}
		p.write("<tr>")
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			p.cell(c.(*east.TableCell), head)
		}
		p.write("</tr>\n")
		p.newline()
		if head {
			p.write("</thead>\n")
		}
	}
	if body {
		p.write("</tbody>\n")
	}
}

func hasText(row ast.Node) bool {
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		if c.HasChildren() {
			return true
		}
	}
	return false
}

func (p *page) cell(n *east.TableCell, head bool) {
	tag := "td"
	if head && n.HasChildren() {
		tag = "th"
	}
	p.write("<", tag)
	if tag == "th" {
		p.write(` scope="col"`)
	}
	switch n.Alignment {
	case east.AlignRight:
		p.write(` class="align-right"`)
	case east.AlignCenter:
		p.write(` class="align-center"`)
	}
	p.write(">")
	p.cutRef(n)
	p.inlines(n)
	p.write("</", tag, ">")
	if n.NextSibling() != nil {
		p.text = append(p.text, ' ')
	}
}

// cutRef reports a reference whose bar has been taken for the end of the cell:
// then all that follows is in another cell, or lost.
func (p *page) cutRef(n *east.TableCell) {
	var text []byte
	end := 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && !t.IsRaw() {
			text, end = append(text, t.Segment.Value(p.src)...), t.Segment.Stop
		} else {
			text = append(text, ']', ']') // ends what came before
		}
	}
	open := bytes.LastIndex(text, []byte("[["))
	if open < 0 || bytes.Contains(text[open:], []byte("]]")) {
		return
	}
	id := shorten(string(text[open+2:]))
	p.c.cfg.Diags.Showablef(p.pos(end-len(text)+open), "verweis-in-tabelle", "Schreiben Sie in Tabellen einen umgekehrten Schrägstrich vor den Strich: [["+id+`\|Text]].`,
		"Der Verweis [[%s|… wird vom senkrechten Strich zerschnitten; der Rest der Zeile geht verloren.", id)
}
