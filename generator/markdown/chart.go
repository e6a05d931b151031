package markdown

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
)

// chart is a diagram as written:
//
//	::: diagramm balken titel="…" quelle="…" einheit="%"
//	| Kategorie | Wert |
//	|---|---|
//	| A | 12,5 |
//	:::
type chart struct {
	kind, title, source, unit, desc string
	lang                            string
	series                          []string   // names of the value columns
	rows                            []chartRow // in order
}

// chartRow is a category with one value for each series; NaN is missing.
type chartRow struct {
	label  string
	values []float64
}

var chartKinds = []string{"balken", "saeulen", "linie"}

func (p *page) chart(n *containerNode) {
	c, table, ok := p.readChart(n)
	number := p.scope.next("diagramm")
	id := p.id("diagramm-" + itoa(number))
	p.write(`<figure class="chart chart--`, c.kind, `">`, "\n")
	p.noTerms++
	if c.title != "" {
		p.write(`<figcaption class="chart__title">`)
		p.set.reset()
		p.plainText(c.title)
		p.write("</figcaption>\n")
		p.newline()
	}
	if ok {
		p.svg(c, id)
	}
	if table != nil {
		p.chartTable(c, table)
	}
	if c.source != "" {
		p.write(`<p class="chart__source">`)
		p.set.reset()
		p.plainText(p.word("md.source", c.source))
		p.write("</p>\n")
		p.newline()
	}
	p.noTerms--
	p.write("</figure>\n")
}

// readChart reads and checks a chart; ok means that it can be drawn.
func (p *page) readChart(n *containerNode) (c *chart, table *east.Table, ok bool) {
	at, good := p.nodePos(n), true
	fail := func(at diag.Pos, code, hint, format string, args ...any) {
		p.c.cfg.Diags.Errorf(at, code, hint, format, args...)
		good = false
	}
	c = &chart{title: n.attrs["titel"], source: n.attrs["quelle"], unit: n.attrs["einheit"], desc: n.attrs["beschreibung"], lang: p.lang}
	if len(n.words) > 0 {
		c.kind = lang.ID(n.words[0])
	}
	if !slices.Contains(chartKinds, c.kind) {
		fail(at, "diagramm-art", "Möglich sind: „balken“, „saeulen“ und „linie“.", "Diese Art von Diagramm gibt es nicht: „%s“.", shorten(c.kind))
		c.kind = chartKinds[0]
	}
	if c.title == "" {
		fail(at, "diagramm-titel", "Ergänzen Sie titel=\"…\" in der Zeile mit „:::“.", "Das Diagramm hat keinen Titel.")
	}
	if c.source == "" {
		fail(at, "diagramm-quelle", "Ergänzen Sie quelle=\"…\" in der Zeile mit „:::“.", "Das Diagramm nennt keine Quelle.")
	}
	if len(n.words) > 1 {
		fail(at, "diagramm-angabe", "Schreiben Sie name=\"…\"; Anführungszeichen innerhalb schreiben Sie als „…“.",
			"Mit „%s“ kann das Diagramm nichts anfangen.", shorten(strings.Join(n.words[1:], " ")))
	}
	for key := range n.attrs {
		if known := []string{"titel", "quelle", "einheit", "beschreibung"}; !slices.Contains(known, key) {
			fail(at, "diagramm-angabe", diag.DidYouMean(key, known), "Die Angabe „%s“ kennt ein Diagramm nicht.", shorten(key))
		}
	}
	for b := n.FirstChild(); b != nil; b = b.NextSibling() {
		if t, isTable := b.(*east.Table); isTable && table == nil {
			table = t
		} else {
			fail(p.nodePos(b), "diagramm-daten", "Schreiben Sie den Text vor oder hinter das Diagramm.", "Im Diagramm darf nur eine Tabelle stehen.")
		}
	}
	if table == nil || table.ChildCount() < 2 {
		fail(at, "diagramm-daten", "Schreiben Sie eine Tabelle mit einer Kopfzeile und mindestens einer Zeile zwischen die „:::“-Zeilen.", "Das Diagramm hat keine Daten.")
		return c, table, false
	}
	return c, table, p.readRows(c, table) && good
}

// textIn is the place of a cell's text: that of the cell is before the blank.
func textIn(cell ast.Node) ast.Node {
	if c := cell.FirstChild(); c != nil {
		return c
	}
	return cell
}

func (p *page) readRows(c *chart, table *east.Table) bool {
	d, good := p.c.cfg.Diags, true
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		first := row.FirstChild()
		if row.Kind() == east.KindTableHeader {
			for cell := first.NextSibling(); cell != nil; cell = cell.NextSibling() {
				c.series = append(c.series, p.cellText(cell))
			}
			if len(c.series) == 0 || len(c.series) > 4 {
				d.Errorf(p.nodePos(row), "diagramm-daten", "Die erste Spalte nennt die Kategorie, die weiteren (eine bis vier) die Werte.",
					"Ein Diagramm braucht eine bis vier Spalten mit Werten.")
				return false
			}
			continue
		}
		r := chartRow{label: p.cellText(first)}
		for cell := first.NextSibling(); cell != nil; cell = cell.NextSibling() {
			s := p.cellText(cell)
			v, ok := parseNumber(c.lang, strings.TrimSpace(strings.TrimSuffix(s, c.unit)))
			if !ok {
				d.Errorf(p.nodePos(textIn(cell)), "diagramm-zahl", "Schreiben Sie Zahlen wie 1.250,5; ein fehlender Wert ist ein Gedankenstrich (–).",
					"„%s“ ist keine Zahl.", shorten(s))
				good = false
			}
			r.values = append(r.values, v)
		}
		c.rows = append(c.rows, r)
	}
	return good
}

func (p *page) cellText(n ast.Node) string {
	return Typography(p.lang, strings.Join(strings.Fields(p.plain(n)), " "))
}

// parseNumber reads a number as it is written in the language; a dash is a
// missing value.
func parseNumber(language, s string) (float64, bool) {
	s = strings.NewReplacer(" ", "", nbsp, "", "\u202f", "", "−", "-", "%", "", "€", "").Replace(s)
	switch s {
	case "", "-", "–", "—", "k.A.", "n/a":
		return math.NaN(), true
	}
	group, point := ".", ","
	if language == "en" {
		group, point = ",", "."
	}
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "–"), point)
	groups := strings.Split(strings.TrimPrefix(whole, "-"), group)
	for i, g := range groups {
		if i > 0 && len(g) != 3 || len(groups) > 1 && (len(g) > 3 || g == "") {
			return 0, false
		}
	}
	if strings.HasPrefix(s, "–") {
		whole = "-" + whole
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(whole, group, "")+"."+frac+"0", 64)
	return v, err == nil && !strings.ContainsAny(s, "eEnNxXpP_")
}

// number writes a value with its unit.
func (c *chart) number(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return lang.Quantity(c.lang, v, c.unit)
}

// chartTable writes the data; the first column heads the rows.
func (p *page) chartTable(c *chart, n *east.Table) {
	p.write(`<div class="table-scroll" tabindex="0" role="region"`)
	p.attr("aria-label", p.label(p.word("md.chart.data", c.title)))
	p.write(">\n<table class=\"chart-table\">\n")
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		head := row.Kind() == east.KindTableHeader
		if head {
			p.write("<thead>\n")
		}
		p.write("<tr>")
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			p.chartCell(c, cell, head, cell == row.FirstChild())
		}
		p.write("</tr>\n")
		p.newline()
		if head {
			p.write("</thead>\n<tbody>\n")
		}
	}
	p.write("</tbody>\n</table>\n</div>\n")
}

func (p *page) chartCell(c *chart, cell ast.Node, head, first bool) {
	tag := "td"
	switch {
	case head && (first || cell.HasChildren()):
		tag = "th"
		p.write(`<th scope="col"`)
	case first:
		tag = "th"
		p.write(`<th scope="row"`)
	default:
		p.write("<td")
	}
	if !first {
		p.write(` class="align-right"`)
	}
	p.write(">")
	if s := p.cellText(cell); !head && !first && strings.HasPrefix(s, "-") {
		p.plainText("−" + s[1:])
	} else {
		p.inlines(cell)
	}
	if head && !first && c.unit != "" {
		p.plainText(nbsp + "(" + c.unit + ")")
	}
	if head && first && !cell.HasChildren() {
		p.plainText(p.word("md.chart.category"))
	}
	p.write("</", tag, ">")
	if cell.NextSibling() != nil {
		p.text = append(p.text, ' ')
	}
}

// label makes the name of a region unique on the page.
func (p *page) label(s string) string {
	if n := p.scope.next("label " + s); n > 1 {
		s += " (" + itoa(n) + ")"
	}
	return s
}
