package docx

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/ag-vzkm/portal/generator/lang"
)

// clean takes what is formatting only out of blocks: empty paragraphs, tables of
// contents, runs without meaning. Marks of what goes move to what follows.
func (d *Document) clean(list []block) []block {
	var out []block
	var left []inline
	for _, b := range list {
		switch {
		case isContents(b):
			d.contents()
			continue
		case b.kind == "BlockQuote" && !quotes(b):
			out = append(out, d.clean(b.blocks)...)
			continue
		}
		d.cleanOne(&b)
		if last := len(out) - 1; last >= 0 && b.kind == "Para" && joins(out[last]) {
			b.in = append(append(out[last].in[:len(out[last].in)-1:len(out[last].in)-1], inline{kind: "Str", text: " "}), b.in...)
			b.in, out = trimEnds(merge(b.in)), out[:last]
		}
		if b.kind == "Para" || b.kind == "Header" {
			b.in = append(left, b.in...)
			left = nil
			if !says(b.in) {
				left = marksOf(b.in)
				continue
			}
		}
		if last := len(out) - 1; b.kind == "BlockQuote" && last >= 0 && out[last].kind == "BlockQuote" {
			out[last].blocks = append(out[last].blocks, b.blocks...) // paragraphs of one quotation
			continue
		}
		out = append(out, b)
	}
	if len(left) > 0 {
		out = append(out, block{kind: "Para", in: left})
	}
	return out
}

// joins reports whether the end of a paragraph has been taken out.
func joins(b block) bool {
	return b.kind == "Para" && len(b.in) > 0 && b.in[len(b.in)-1].kind == "Join"
}

// items drops items in which nothing is left; their marks move to the one
// before, or to the next.
func items(list [][]block) [][]block {
	var out [][]block
	var left []inline
	for _, it := range list {
		for i := range it {
			if it[i].kind == "Para" {
				it[i].in = append(left, it[i].in...)
				left = nil
				break
			}
		}
		switch {
		case len(it) == 0:
		case len(it) == 1 && it[0].kind == "Para" && !says(it[0].in):
			left = marksOf(it[0].in)
		default:
			out = append(out, it)
		}
	}
	if last := len(out) - 1; len(left) > 0 && last >= 0 && out[last][0].kind == "Para" {
		out[last][0].in = append(out[last][0].in, left...)
	}
	return out
}

func (d *Document) cleanOne(b *block) {
	b.in = d.paragraph(b.in)
	b.text = strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return visible(r)
	}, b.text)
	b.blocks = d.clean(b.blocks)
	for i := range b.terms {
		b.terms[i] = d.paragraph(b.terms[i])
	}
	for i := range b.items {
		b.items[i] = d.clean(b.items[i])
	}
	if b.kind != "DefinitionList" {
		b.items = items(b.items)
	}
	for _, rows := range [][][]cell{b.head, b.rows} {
		for _, row := range rows {
			for i := range row {
				row[i].blocks = d.clean(row[i].blocks)
			}
		}
	}
}

// isContents reports whether a paragraph belongs to Word's table of contents.
func isContents(b block) bool {
	s := strings.ToLower(b.style)
	return strings.HasPrefix(s, "toc ") || s == "toc heading" || strings.HasPrefix(s, "table of figures")
}

const contentsGone = "Das Inhaltsverzeichnis wurde weggelassen; das Portal macht es selbst."

func (d *Document) contents() {
	if !slices.ContainsFunc(d.general, func(n Note) bool { return n.Text == contentsGone }) {
		d.remark("", contentsGone)
	}
}

// quotes reports whether an indented paragraph is a quotation: pandoc takes
// every indented one for one.
func quotes(b block) bool {
	s := strings.ToLower(b.style)
	for _, word := range []string{"quot", "zitat", "block text"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return len(b.blocks) > 0 && strings.ContainsAny(first(plain(b.blocks[0].in)), "„“\"»«‚")
}

func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// says reports whether there is anything to read or see.
func says(in []inline) bool {
	return slices.ContainsFunc(in, func(n inline) bool {
		switch n.kind {
		case "Mark", "LineBreak", "Join":
			return false
		case "Str":
			return strings.TrimSpace(n.text) != ""
		}
		return true
	})
}

func marksOf(in []inline) []inline {
	return slices.DeleteFunc(slices.Clone(in), func(n inline) bool { return n.kind != "Mark" })
}

// paragraph cleans the runs of a paragraph.
func (d *Document) paragraph(in []inline) []inline {
	out := merge(d.flatten(in))
	return trimEnds(out)
}

// flatten resolves what has no counterpart in Markdown.
func (d *Document) flatten(in []inline) []inline {
	var out []inline
	for _, n := range in {
		switch n.kind {
		case "Str":
			out = append(out, d.text(n.text)...)
		case "Span":
			out = append(out, d.span(n)...)
		case "Underline", "SmallCaps":
			out = append(out, d.flatten(n.kids)...)
		case "Superscript", "Subscript":
			out = append(out, d.raised(n)...)
		case "Math":
			out = append(out, d.mark("Schreiben Sie die Formel in Worten oder setzen Sie sie als Bild.", "Die Formel „%s“ steht als Quelltext da.", short(n.text)), inline{kind: "Code", text: n.text})
		case "Code":
			n.text = tidy(n.text)
			out = append(out, n)
		case "Note":
			n.blocks = d.clean(n.blocks)
			out = append(out, n)
		case "Link":
			n.kids = merge(d.flatten(n.kids))
			out = append(out, d.link(n)...)
		case "Image":
			out = append(out, n)
		default:
			n.kids = merge(d.flatten(n.kids))
			out = append(out, n)
		}
	}
	return out
}

// gaps are what cannot be taken over, by the sign that stands for it.
var gaps = []struct{ sign, text, what, hint string }{
	{gapChart, "ein Diagramm", "Ein Diagramm aus Word lässt sich nicht übernehmen.", "Schreiben Sie seine Zahlen als Tabelle zwischen „::: diagramm balken titel=\"…\" quelle=\"…\"“ und „:::“; das Portal zeichnet es."},
	{gapSmart, "eine SmartArt-Grafik", "Eine SmartArt-Grafik lässt sich nicht übernehmen.", "Speichern Sie sie in Word mit „Als Grafik speichern“ als PNG und setzen Sie das Bild hier ein."},
	{gapDrawn, "eine gezeichnete Grafik", "Eine in Word gezeichnete Grafik lässt sich nicht übernehmen.", "Kopieren Sie sie in ein Bildprogramm, speichern Sie sie als PNG und setzen Sie das Bild hier ein."},
	{gapLinked, "ein Bild", "Ein Bild ist nicht in der Datei; sie verweist nur darauf.", "Öffnen Sie das Dokument, wo das Bild zu sehen ist, speichern Sie es mit „Als Grafik speichern“ und setzen Sie es hier ein."},
	{gapObject, "ein eingebettetes Objekt", "Ein eingebettetes Objekt (etwa aus Excel oder Visio) lässt sich nicht übernehmen.", "Speichern Sie es als Bild (PNG) oder schreiben Sie es als Tabelle."},
}

// text is a run of text without what cannot be seen; signs in it become gaps.
func (d *Document) text(s string) []inline {
	for _, g := range gaps {
		if before, after, ok := strings.Cut(s, g.sign); ok {
			here := []inline{d.mark(g.hint, "%s", g.what), {kind: "Gap", text: g.text}}
			return append(append(d.text(before), here...), d.text(after)...)
		}
	}
	return []inline{{kind: "Str", text: strings.Map(visible, s)}}
}

// span resolves tracked changes and comments.
func (d *Document) span(n inline) []inline {
	switch n.class {
	case "insertion", "deletion":
		return d.change(n)
	case "paragraph-deletion", "paragraph-insertion":
		if (n.class == "paragraph-deletion") == d.opts.Reject {
			return nil
		}
		if n.class == "paragraph-deletion" {
			return []inline{d.mark("", "%s hat%s diesen Absatz mit dem nächsten verbunden.", author(n), of(day(n))), {kind: "Join"}}
		}
		return []inline{d.mark("", "%s hat%s hier einen Absatz begonnen; das wurde verworfen.", author(n), of(day(n))), {kind: "Join"}}
	case "comment-end":
		return nil
	case "comment-start":
		return []inline{d.mark("", "Kommentar von %s%s: „%s“", author(n), of(day(n)), tidy(plain(n.kids)))}
	}
	return d.flatten(n.kids)
}

// change makes or undoes a tracked change, and lists it.
func (d *Document) change(n inline) []inline {
	added := n.class == "insertion"
	kids := d.flatten(n.kids)
	words := tidy(plain(kids))
	if words == "" {
		words = "Leerraum oder Formatierung"
	}
	keep, done := added != d.opts.Reject, "übernommen"
	if d.opts.Reject {
		done = "verworfen"
	}
	verb := map[bool]string{true: "eingefügt", false: "gelöscht"}[added]
	m := d.mark("", "Änderung %s: %s hat %s „%s“ %s.", done, author(n), day(n), short(words), verb)
	if !keep {
		return []inline{m}
	}
	return append([]inline{m}, kids...)
}

func author(n inline) string {
	if a := tidy(n.attrs["author"]); a != "" {
		return a
	}
	return "Unbekannt"
}

func day(n inline) string {
	t, err := time.Parse(time.RFC3339, n.attrs["date"])
	if err != nil {
		return ""
	}
	return "am " + lang.Date("de", t)
}

func of(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

var (
	superscripts = map[rune]rune{'0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹', '+': '⁺', '-': '⁻', '−': '⁻', '–': '⁻', '(': '⁽', ')': '⁾', 'n': 'ⁿ', 'i': 'ⁱ'}
	subscripts   = map[rune]rune{'0': '₀', '1': '₁', '2': '₂', '3': '₃', '4': '₄', '5': '₅', '6': '₆', '7': '₇', '8': '₈', '9': '₉', '+': '₊', '-': '₋', '(': '₍', ')': '₎', 'x': 'ₓ', 'n': 'ₙ'}
)

// raised writes superscripts and subscripts with the characters that there are
// for them.
func (d *Document) raised(n inline) []inline {
	kids := d.flatten(n.kids)
	table := superscripts
	if n.kind == "Subscript" {
		table = subscripts
	}
	var out []inline
	for _, k := range kids {
		if k.kind != "Str" {
			out = append(out, k)
			continue
		}
		all, lost := true, false
		text := strings.Map(func(r rune) rune {
			if c, ok := table[r]; ok {
				return c
			}
			all = false
			lost = lost || unicode.IsLetter(r) || unicode.IsDigit(r)
			return r
		}, k.text)
		if all {
			k.text = text
		} else if lost {
			where := map[string]string{"Superscript": "Hochgestelltes", "Subscript": "Tiefgestelltes"}[n.kind]
			out = append(out, d.mark("", "%s „%s“ steht jetzt in der Zeile.", where, short(k.text)))
		}
		out = append(out, k)
	}
	return out
}

// emphatic are the kinds that mark words.
var emphatic = []string{"Strong", "Emph", "Strikeout"}

// merge joins neighbours of one kind and moves spaces out of marked words.
func merge(in []inline) []inline {
	var out []inline
	for _, n := range in {
		if slices.Contains(emphatic, n.kind) {
			n.kids = merge(unnest(n.kids, n.kind))
			if !says(n.kids) { // a bold space
				out = join(out, n.kids...)
				continue
			}
			before, kids, after := outer(n.kids)
			n.kids = kids
			out = join(out, before...)
			out = join(out, n)
			out = join(out, after...)
			continue
		}
		out = join(out, n)
	}
	return out
}

// unnest dissolves what is marked twice.
func unnest(in []inline, kind string) []inline {
	var out []inline
	for _, n := range in {
		if n.kind == kind {
			out = append(out, unnest(n.kids, kind)...)
		} else {
			out = append(out, n)
		}
	}
	return out
}

func join(out []inline, more ...inline) []inline {
	for _, n := range more {
		if len(out) > 0 {
			last := &out[len(out)-1]
			switch {
			case n.kind == last.kind && (n.kind == "Str" || n.kind == "Code"):
				last.text += n.text
				continue
			case n.kind == last.kind && slices.Contains(emphatic, n.kind):
				last.kids = merge(append(slices.Clone(last.kids), n.kids...))
				continue
			}
		}
		out = append(out, n)
	}
	return out
}

// outer takes the spaces, breaks and marks off both ends.
func outer(in []inline) (before, kids, after []inline) {
	kids = slices.Clone(in)
	for len(kids) > 0 {
		k := kids[0]
		if k.kind != "LineBreak" && k.kind != "Mark" {
			break
		}
		before, kids = append(before, k), kids[1:]
	}
	for len(kids) > 0 {
		k := kids[len(kids)-1]
		if k.kind != "LineBreak" && k.kind != "Mark" && k.kind != "Note" {
			break
		}
		after, kids = append([]inline{k}, after...), kids[:len(kids)-1]
	}
	if len(kids) > 0 && kids[0].kind == "Str" {
		rest := strings.TrimLeft(kids[0].text, " ")
		if rest != kids[0].text {
			before = append(before, inline{kind: "Str", text: " "})
			kids[0].text = rest
		}
	}
	if n := len(kids) - 1; n >= 0 && kids[n].kind == "Str" {
		rest := strings.TrimRight(kids[n].text, " ")
		if rest != kids[n].text {
			after = append([]inline{{kind: "Str", text: " "}}, after...)
			kids[n].text = rest
		}
	}
	return before, slices.DeleteFunc(kids, func(k inline) bool { return k.kind == "Str" && k.text == "" }), after
}

// trimEnds drops breaks and spaces at both ends of a paragraph and makes single
// spaces of many.
func trimEnds(in []inline) []inline {
	space := true // before the first run
	for i := range in {
		n := &in[i]
		switch n.kind {
		case "Str":
			var b strings.Builder
			for _, r := range n.text {
				if r != ' ' || !space {
					b.WriteRune(r)
				}
				space = r == ' '
			}
			n.text = b.String()
		case "LineBreak":
			space = true
		case "Mark", "Join":
		default:
			space = false
		}
	}
	for i := len(in) - 1; i >= 0; i-- {
		n := &in[i]
		if n.kind == "Mark" || n.kind == "Join" {
			continue
		}
		if n.kind == "Str" {
			n.text = strings.TrimRight(n.text, " ")
		}
		if n.kind != "LineBreak" && (n.kind != "Str" || n.text != "") {
			break
		}
		n.kind, n.text = "Str", ""
	}
	for len(in) > 0 && in[0].kind == "LineBreak" {
		in = in[1:]
	}
	return slices.DeleteFunc(in, func(n inline) bool { return n.kind == "Str" && n.text == "" })
}

// plain is what can be read.
func plain(in []inline) string {
	var b strings.Builder
	for _, n := range in {
		switch n.kind {
		case "Str", "Code":
			b.WriteString(n.text)
		case "LineBreak":
			b.WriteByte(' ')
		case "Image", "Note", "Mark", "Gap", "Join":
		default:
			b.WriteString(plain(n.kids))
		}
	}
	return b.String()
}
