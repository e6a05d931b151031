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
		if b.kind == "Para" || b.kind == "Header" {
			b.in = append(left, b.in...)
			left = nil
			if !says(b.in) {
				left = marksOf(b.in)
				continue
			}
		}
		out = append(out, b)
	}
	if len(left) > 0 {
		out = append(out, block{kind: "Para", in: left})
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
		b.items = slices.DeleteFunc(b.items, func(it []block) bool { return len(it) == 0 })
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
		case "Mark", "LineBreak":
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
			n.text = strings.Map(visible, n.text)
			out = append(out, n)
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

// span resolves tracked changes, comments and pandoc's signs for what it cannot
// read.
func (d *Document) span(n inline) []inline {
	switch n.class {
	case "insertion", "deletion":
		return d.change(n)
	case "paragraph-deletion":
		return []inline{d.mark("Prüfen Sie, ob hier zwei Absätze zu einem werden sollen.", "%s hat %s das Ende des Absatzes gelöscht.", author(n), day(n))}
	case "paragraph-insertion", "comment-end":
		return nil
	case "comment-start":
		return []inline{d.mark("", "Kommentar von %s%s: „%s“", author(n), of(day(n)), tidy(plain(n.kids)))}
	case "chart":
		return []inline{{kind: "Gap", text: "ein Diagramm"}, d.mark("Ein Diagramm schreiben Sie als Tabelle zwischen „::: diagramm“ und „:::“, siehe Handbuch.", "Ein Diagramm aus Word lässt sich nicht übernehmen.")}
	case "diagram":
		return []inline{{kind: "Gap", text: "eine Grafik"}, d.mark("Speichern Sie sie in Word mit „Als Grafik speichern“ als PNG und setzen Sie das Bild hier ein.", "Eine SmartArt-Grafik lässt sich nicht übernehmen.")}
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
			case n.kind == "Str" && last.kind == "Str":
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
		case "Mark":
		default:
			space = false
		}
	}
	for i := len(in) - 1; i >= 0; i-- {
		n := &in[i]
		if n.kind == "Mark" {
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
		case "Image", "Note", "Mark", "Gap":
		default:
			b.WriteString(plain(n.kids))
		}
	}
	return b.String()
}
