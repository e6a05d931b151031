package docx

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Write writes the text as our Markdown, and the report with places in it. The
// names of pictures begin with base. It must be called once.
func (d *Document) Write(base string) (text string, notes []Note) {
	w := &writer{d: d, base: base, images: map[string]string{}}
	var b strings.Builder
	w.blocks(&b, d.blocks, "")
	for i := 0; i < len(w.notes); i++ { // a note may have notes
		fmt.Fprintf(&b, "\n[^%d]: ", i+1)
		var n strings.Builder
		w.blocks(&n, w.notes[i], "")
		b.WriteString(strings.TrimLeft(indent(n.String(), "    "), " \n"))
	}
	text, notes = d.places(strings.TrimLeft(b.String(), "\n"))
	return text, append(slices.Clone(d.general), notes...)
}

// places takes the marks out and finds the lines they stood in.
func (d *Document) places(s string) (string, []Note) {
	s = fences.Replace(s)
	var out strings.Builder
	var notes []Note
	line, col := 1, 1
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case markStart:
			end := strings.IndexRune(s[i:], markEnd)
			number, _ := strconv.Atoi(s[i : i+end])
			note := d.notes[number]
			note.Line, note.Column = line, col
			notes = append(notes, note)
			i += end + utf8.RuneLen(markEnd)
			continue
		case '\n':
			line, col = line+1, 0
		}
		col++
		out.WriteRune(r)
	}
	slices.SortStableFunc(notes, func(a, b Note) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	return out.String(), notes
}

// writer writes blocks.
type writer struct {
	d      *Document
	base   string
	notes  [][]block
	images map[string]string // part → file
}

// blocks writes blocks with a blank line before each, and every line behind
// prefix.
func (w *writer) blocks(out *strings.Builder, list []block, prefix string) {
	last, other := "", false
	for i, b := range list {
		var one strings.Builder
		// Two lists that touch would be one; another sign keeps them apart.
		other = b.kind == last && (b.kind == "BulletList" || b.kind == "OrderedList") && !other
		w.block(&one, b, other)
		text := strings.Trim(one.String(), "\n")
		if text == "" {
			continue
		}
		if i > 0 || prefix == "" {
			out.WriteString(strings.TrimRight(prefix, " ") + "\n")
		}
		for line := range strings.SplitSeq(text, "\n") {
			out.WriteString(strings.TrimRight(prefix+line, " ") + "\n")
		}
		last = b.kind
	}
}

func (w *writer) block(out *strings.Builder, b block, other bool) {
	switch b.kind {
	case "Para":
		w.paragraph(out, b)
	case "Header":
		text := oneLine(w.inlines(plainer(b.in), within{heading: true}))
		if strings.TrimSpace(unmarked(text)) != "" {
			out.WriteString(strings.Repeat("#", max(2, b.level)) + " " + closingSigns.ReplaceAllString(text, `\$1`) + "\n")
		}
	case "BulletList", "OrderedList":
		w.list(out, b, other)
	case "BlockQuote":
		w.blocks(out, b.blocks, "> ")
	case "Callout":
		w.callout(out, b)
	case "CodeBlock":
		fence := "```"
		for strings.Contains(b.text, fence) {
			fence += "`"
		}
		out.WriteString(fence + "text\n" + strings.Trim(b.text, "\n") + "\n" + fence + "\n")
	case "DefinitionList":
		w.definitions(out, b)
	case "HorizontalRule":
		out.WriteString("***\n")
	case "Table":
		w.table(out, b)
	}
}

// closingSigns at the end of a heading are no part of it.
var closingSigns = regexp.MustCompile(`(#+)$`)

// plainer is a heading's text without bold, which it is anyway.
func plainer(in []inline) []inline {
	var out []inline
	for _, n := range in {
		if n.kind == "Strong" {
			out = append(out, n.kids...)
		} else {
			out = append(out, n)
		}
	}
	return merge(out)
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\\\n", " ") }

// paragraph writes a paragraph; pictures in it that do not stand in a sentence
// get paragraphs of their own.
func (w *writer) paragraph(out *strings.Builder, b block) {
	if strings.TrimSpace(plain(b.in)) == "" {
		first := true
		for _, n := range b.in {
			if n.kind == "Image" || n.kind == "Gap" {
				if !first {
					out.WriteString("\n")
				}
				first = false
			}
			out.WriteString(w.inlines([]inline{n}, within{figure: true}))
			if n.kind == "Image" || n.kind == "Gap" {
				out.WriteString("\n")
			}
		}
		return
	}
	out.WriteString(lineStarts(w.inlines(w.breaks(b.in), within{})) + "\n")
}

// breaks keeps line breaks where lines are short, as in an address, and lets
// the others go: they only filled the page.
func (w *writer) breaks(in []inline) []inline {
	lines := atBreaks(in)
	if len(lines) < 2 {
		return in
	}
	keep := len(lines) > 2
	for _, l := range lines {
		keep = keep && utf8.RuneCountInString(plain(l)) <= 60
	}
	if keep {
		return in
	}
	out := []inline{w.d.mark("", "Zeilenumbrüche innerhalb des Absatzes wurden entfernt.")}
	for i, l := range lines {
		if i > 0 {
			out = append(out, inline{kind: "Str", text: " "})
		}
		out = append(out, l...)
	}
	return merge(out)
}

func (w *writer) list(out *strings.Builder, b block, other bool) {
	if b.kind == "OrderedList" && !b.digits && len(b.items) > 0 && len(b.items[0]) > 0 && b.level == 0 {
		first := &b.items[0][0]
		first.in = append([]inline{w.d.mark("Nennt der Text einzelne Punkte mit ihrem Buchstaben, ändern Sie das.", "Die Liste war mit Buchstaben oder römischen Zahlen gezählt; jetzt hat sie Ziffern.")}, first.in...)
	}
	loose := isLoose(b)
	for i, it := range b.items {
		bullet := map[bool]string{false: "- ", true: "* "}[other]
		if b.kind == "OrderedList" {
			bullet = strconv.Itoa(max(b.start, 0)+i) + map[bool]string{false: ". ", true: ") "}[other]
		}
		for j := range it {
			if it[j].kind == "OrderedList" {
				it[j].level = 1 // letters are usual there, and not reported
			}
		}
		var inner strings.Builder
		w.blocks(&inner, it, "")
		text := strings.Trim(inner.String(), "\n")
		if !loose { // only lists follow the first paragraph, and need no blank line
			text = tight(text)
		}
		if loose && i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(bullet + strings.TrimLeft(indent(task(text), strings.Repeat(" ", len(bullet))), " ") + "\n")
	}
}

// isLoose reports whether a list needs blank lines: where more than lists follows
// the first paragraph of an item, and before a list that does not begin with 1,
// which would be read as part of the paragraph above.
func isLoose(b block) bool {
	for _, it := range b.items {
		for i, x := range it {
			isList := x.kind == "BulletList" || x.kind == "OrderedList"
			if i > 0 && !isList || isList && (isLoose(x) || x.kind == "OrderedList" && x.start != 1) {
				return true
			}
		}
	}
	return false
}

// tight drops blank lines.
func tight(s string) string { return strings.ReplaceAll(s, "\n\n", "\n") }

// task writes a box to tick at the beginning of an item as Markdown does.
func task(s string) string {
	for sign, box := range map[string]string{"☐ ": "[ ] ", "☒ ": "[x] ", "☑ ": "[x] "} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return box + rest
		}
	}
	return s
}

func indent(s, by string) string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = by + l
		}
	}
	return strings.Join(lines, "\n") + strings.Repeat("\n", strings.Count(s, "\n")-strings.Count(strings.TrimRight(s, "\n"), "\n"))
}

func (w *writer) callout(out *strings.Builder, b block) {
	title := ""
	blocks := b.blocks
	if len(blocks) > 1 && (looksLikeHeading(blocks[0]) || blocks[0].kind == "Header") {
		title = " " + oneLine(w.inlines(plainer(blocks[0].in), within{heading: true}))
		blocks = blocks[1:]
	}
	out.WriteString("> [!" + b.text + "]" + title + w.inlines(b.in, within{}) + "\n")
	var inner strings.Builder
	w.blocks(&inner, flatHeadings(blocks), "> ")
	out.WriteString(inner.String())
}

// flatHeadings makes bold paragraphs of headings where there can be none.
func flatHeadings(list []block) []block {
	out := slices.Clone(list)
	for i := range out {
		if out[i].kind == "Header" {
			out[i] = block{kind: "Para", in: []inline{{kind: "Strong", kids: plainer(out[i].in)}}}
		}
	}
	return out
}

func (w *writer) definitions(out *strings.Builder, b block) {
	for i, term := range b.terms {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(lineStarts(oneLine(w.inlines(term, within{}))) + "\n")
		var inner strings.Builder
		w.blocks(&inner, b.items[i], "")
		out.WriteString(":   " + strings.TrimLeft(indent(strings.Trim(inner.String(), "\n"), "    "), " ") + "\n")
	}
}

// Formats that the portal shows.
var formats = []struct{ magic, ext string }{
	{"\x89PNG\r\n", ".png"}, {"\xff\xd8\xff", ".jpg"}, {"GIF8", ".gif"},
}

// maxPicture is what the portal takes.
const maxPicture = 20 << 20

// image names a picture's file, or says in the report why it has none.
func (w *writer) image(n inline, in within) string {
	alt := altText(tidy(plain(n.kids)))
	name, ok := w.images[n.url]
	if !ok {
		number := len(w.images) + 1
		data := w.d.archive.picture(n.url)
		ext := extension(data)
		name = fmt.Sprintf("%s-%d%s", w.base, number, ext)
		w.images[n.url] = name
		if ext != "" && len(data) <= maxPicture {
			w.d.Pictures = append(w.d.Pictures, Picture{name, data})
		}
	}
	if path.Ext(name) == "" || len(w.d.archive.picture(n.url)) > maxPicture {
		return w.missing(n, name, alt, in)
	}
	note := ""
	switch {
	case alt == "":
		note = w.d.note("Schreiben Sie in die eckigen Klammern, was auf dem Bild zu sehen ist.", "Das Bild „%s“ hat keinen Alternativtext.", name)
	case automatic.MatchString(tidy(plain(n.kids))):
		note = w.d.note("Sagt er, was auf dem Bild zu sehen ist?", "Den Alternativtext des Bildes „%s“ hat Word erzeugt.", name)
	}
	return note + imageText(n, name, alt, in)
}

// imageText is a picture as the handbook shows it.
func imageText(n inline, name, alt string, in within) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	text := "![" + escapeText(alt, true) + "](" + name
	if n.title != "" && in.figure {
		text += ` "` + quoted.Replace(tidy(n.title)) + `"`
	}
	text += ")"
	if c := n.attrs["credit"]; c != "" {
		text += `{credit="` + quoted.Replace(c) + `"}`
	}
	if in.cell {
		text = strings.ReplaceAll(text, "|", `\|`)
	}
	return text
}

// missing stands for a picture that the portal cannot show. The comment has the
// line that is to stand there, and is reported by every check until it is gone.
func (w *writer) missing(n inline, name, alt string, in within) string {
	kind := strings.ToUpper(strings.TrimPrefix(path.Ext(n.url), "."))
	file := strings.TrimSuffix(name, path.Ext(name)) + ".png"
	note := w.d.note("Speichern Sie das Bild in Word mit „Als Grafik speichern“ als PNG unter dem Namen "+file+" neben dem Text, und lassen Sie hier nur den Teil von ![ an stehen.",
		"Ein Bild im Format %s lässt sich nicht übernehmen.", cmp.Or(kind, "unbekannt"))
	if !in.figure {
		return note
	}
	return note + "<!-- Hier fehlt das Bild: " + strings.ReplaceAll(imageText(n, file, cmp.Or(alt, "Was zu sehen ist"), in), "--", "–") + " -->"
}

func extension(data []byte) string {
	for _, f := range formats {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return f.ext
		}
	}
	switch {
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return ".webp"
	case bytes.Contains(data[:min(len(data), 600)], []byte("<svg")):
		return ".svg"
	}
	return ""
}

var (
	automatic = regexp.MustCompile(`(?i)(automatisch generierte beschreibung|ki-generierte inhalte können fehlerhaft sein|description automatically generated|ai-generated content may be incorrect)\.?`)
	fileName  = regexp.MustCompile(`(?i)^(?:(?:grafik|bild|picture|image|abbildung|objekt)\s*\d*|\S+\.(?:png|jpe?g|gif|emf|wmf|tiff?|bmp|svg|webp))$`)
)

// altText is an alternative text without what Word adds and without the name of
// a file, which says nothing.
func altText(s string) string {
	s = strings.Trim(automatic.ReplaceAllString(s, ""), " .,–-")
	if fileName.MatchString(s) {
		return ""
	}
	return s
}
