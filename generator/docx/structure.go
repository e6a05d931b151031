package docx

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/lang"
)

// structure finds out what the document says about itself, and makes of what
// only looks like a heading, a list or a box what it is meant to be.
func (d *Document) structure(meta map[string]element) error {
	h, err := readHead(meta)
	if err != nil {
		return err
	}
	d.blocks = d.boxes(d.blocks)
	d.blocks = d.clean(d.blocks)
	d.blocks = h.take(d.blocks)
	d.blocks = d.typedLists(d.blocks)
	d.blocks = d.callouts(d.blocks)
	d.disguised()
	d.title(h)
	d.summarise(h)
	d.levels()
	d.blocks = captions(d.blocks)
	if d.opts.Sources {
		d.bibliography()
		d.notesToSources(d.blocks)
	}
	return nil
}

// head is what stands above the text, by style.
type head struct {
	title, subtitle, date string
	authors, abstract     []string
}

func readHead(meta map[string]element) (*head, error) {
	h := &head{}
	for _, part := range []struct {
		name string
		to   func(string)
	}{
		{"title", func(s string) { h.title = tidy(h.title + " " + s) }},
		{"subtitle", func(s string) { h.subtitle = tidy(h.subtitle + " " + s) }},
		{"author", func(s string) { h.authors = append(h.authors, s) }},
		{"date", func(s string) { h.date = s }},
		{"abstract", func(s string) { h.abstract = append(h.abstract, s) }},
	} {
		texts, err := metaText(meta[part.name])
		if err != nil {
			return nil, err
		}
		for _, in := range texts {
			if s := tidy(plain(in)); s != "" {
				part.to(s)
			}
		}
	}
	return h, nil
}

// take moves paragraphs in the styles of a head, wherever they stand.
func (h *head) take(list []block) []block {
	return slices.DeleteFunc(list, func(b block) bool {
		if b.kind != "Para" {
			return false
		}
		text := tidy(plain(b.in))
		switch strings.ToLower(b.style) {
		case "title", "titel":
			h.title = tidy(h.title + " " + text)
		case "subtitle", "untertitel":
			h.subtitle = tidy(h.subtitle + " " + text)
		case "author", "autor", "verfasser":
			h.authors = append(h.authors, text)
		case "abstract", "zusammenfassung", "kurzfassung":
			h.abstract = append(h.abstract, text)
		default:
			return false
		}
		return true
	})
}

// boxes makes callouts of text boxes; a caption in a box is a caption.
func (d *Document) boxes(list []block) []block {
	var out []block
	for i := 0; i < len(list); i++ {
		b := list[i]
		b.blocks = d.boxes(b.blocks)
		for j := range b.items {
			b.items[j] = d.boxes(b.items[j])
		}
		for _, rows := range [][][]cell{b.head, b.rows} {
			for _, row := range rows {
				for j := range row {
					row[j].blocks = d.boxes(row[j].blocks)
				}
			}
		}
		switch sign(b) {
		case boxEnd:
			continue
		case boxStart:
		default:
			out = append(out, b)
			continue
		}
		end := i + 1
		for end < len(list) && sign(list[end]) != boxEnd {
			end++
		}
		out = append(out, d.box(d.boxes(list[i+1:end]))...)
		i = end
	}
	return out
}

func sign(b block) string {
	if b.kind == "Para" && len(b.in) == 1 && b.in[0].kind == "Str" {
		return b.in[0].text
	}
	return ""
}

func (d *Document) box(inner []block) []block {
	if len(inner) == 1 && isCaption(inner[0]) || len(inner) == 0 {
		return inner
	}
	m := d.mark("Prüfen Sie Stelle und Art: HINWEIS, KERNAUSSAGE oder WARNUNG.", "Ein Textfeld steht hier als Kasten.")
	return []block{{kind: "Callout", text: "HINWEIS", in: []inline{m}, blocks: inner}}
}

var (
	typedBullet = regexp.MustCompile(`^(?:[•●▪■◦‣·–—-]|o)[ \t]+`)
	sureBullet  = regexp.MustCompile(`^[•●▪■◦‣·]`)
	typedNumber = regexp.MustCompile(`^\(?(\d{1,2})[.)][ \t]+`)
)

// typedLists makes lists of paragraphs that begin with a typed bullet or number.
func (d *Document) typedLists(list []block) []block {
	list = splitLines(list)
	var out []block
	for i := 0; i < len(list); i++ {
		b := list[i]
		b.blocks = d.typedLists(b.blocks)
		for j := range b.items {
			b.items[j] = d.typedLists(b.items[j])
		}
		n := bulletRun(list[i:])
		numbered := false
		if n == 0 {
			n, numbered = numberRun(list[i:]), true
		}
		if n == 0 {
			out = append(out, b)
			continue
		}
		out = append(out, d.typed(list[i:i+n], numbered))
		i += n - 1
	}
	return out
}

// splitLines divides a paragraph whose lines are items.
func splitLines(list []block) []block {
	var out []block
	for _, b := range list {
		var lines [][]inline
		if b.kind == "Para" {
			lines = atBreaks(b.in)
		}
		items := 0
		for _, l := range lines {
			if t := plain(l); typedBullet.MatchString(t) || typedNumber.MatchString(t) {
				items++
			}
		}
		if items < 2 || items < len(lines)-1 {
			out = append(out, b)
			continue
		}
		for _, l := range lines {
			out = append(out, block{kind: "Para", style: b.style, in: l})
		}
	}
	return out
}

func atBreaks(in []inline) [][]inline {
	lines := [][]inline{nil}
	for _, n := range in {
		if n.kind == "LineBreak" {
			lines = append(lines, nil)
		} else {
			lines[len(lines)-1] = append(lines[len(lines)-1], n)
		}
	}
	for i := range lines {
		lines[i] = trimEnds(slices.Clone(lines[i]))
	}
	return slices.DeleteFunc(lines, func(l []inline) bool { return !says(l) })
}

// bulletRun is how many paragraphs from the first on begin with a bullet. Dashes
// may begin a paragraph of another kind: of them, it takes two.
func bulletRun(list []block) int {
	n, sign := 0, ""
	for ; n < len(list) && list[n].kind == "Para"; n++ {
		text := plain(list[n].in)
		if !typedBullet.MatchString(text) || sign != "" && first(text) != sign {
			break
		}
		sign = first(text)
	}
	if n < 2 && !sureBullet.MatchString(sign) {
		return 0
	}
	return n
}

// numberRun is the same for numbers that count up.
func numberRun(list []block) int {
	n, last := 0, 0
	for n < len(list) && list[n].kind == "Para" {
		m := typedNumber.FindStringSubmatch(plain(list[n].in))
		if m == nil {
			break
		}
		i, _ := strconv.Atoi(m[1])
		if n > 0 && i != last+1 {
			break
		}
		last = i
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}

func (d *Document) typed(list []block, numbered bool) block {
	b := block{kind: "BulletList"}
	form, what := typedBullet, "Aufzählungszeichen"
	if numbered {
		b.kind, b.digits = "OrderedList", true
		m := typedNumber.FindStringSubmatch(plain(list[0].in))
		b.start, _ = strconv.Atoi(m[1])
		form, what = typedNumber, "Nummern"
	}
	for i, p := range list {
		in := dropPrefix(p.in, len(form.FindString(plain(p.in))))
		if i == 0 {
			in = append([]inline{d.mark("", "Von Hand gesetzte %s wurden zu einer Liste.", what)}, in...)
		}
		b.items = append(b.items, []block{{kind: "Para", in: in}})
	}
	return b
}

// dropPrefix takes n bytes of text off the beginning.
func dropPrefix(in []inline, n int) []inline {
	out := slices.Clone(in)
	for i := range out {
		if n == 0 {
			break
		}
		switch {
		case out[i].kind == "Str":
			cut := min(n, len(out[i].text))
			out[i].text, n = out[i].text[cut:], n-cut
		case len(out[i].kids) > 0:
			had := len(plain(out[i].kids))
			out[i].kids = dropPrefix(out[i].kids, n)
			n = max(0, n-had)
		}
	}
	return trimEnds(merge(out))
}

var boxStyle = regexp.MustCompile(`(?i)kasten|infobox|merksatz|hinweis|warn|achtung|kernauss|kernbotschaft`)

// callouts makes boxes of tables with a single cell and of styles that are named
// after a box.
func (d *Document) callouts(list []block) []block {
	var out []block
	for _, b := range list {
		switch {
		case b.kind == "Table" && len(b.head)+len(b.rows) == 1 && len(append(slices.Clone(b.head), b.rows...)[0]) == 1:
			cell := append(slices.Clone(b.head), b.rows...)[0][0]
			if len(cell.blocks) > 0 {
				m := d.mark("Prüfen Sie die Art: HINWEIS, KERNAUSSAGE oder WARNUNG.", "Eine Tabelle mit nur einer Zelle steht hier als Kasten.")
				out = append(out, block{kind: "Callout", text: "HINWEIS", in: []inline{m}, blocks: d.typedLists(cell.blocks)})
			}
		case b.style != "" && boxStyle.MatchString(b.style) && b.kind != "Header":
			if last := len(out) - 1; last >= 0 && out[last].kind == "Callout" && out[last].style == b.style {
				out[last].blocks = append(out[last].blocks, b)
				continue
			}
			m := d.mark("Prüfen Sie die Art: HINWEIS, KERNAUSSAGE oder WARNUNG.", "Was in Word die Formatvorlage „%s“ hat, steht hier als Kasten.", short(b.style))
			out = append(out, block{kind: "Callout", style: b.style, text: calloutKind(b.style), in: []inline{m}, blocks: []block{b}})
		default:
			out = append(out, b)
		}
	}
	return out
}

func calloutKind(style string) string {
	s := strings.ToLower(style)
	switch {
	case strings.Contains(s, "warn"), strings.Contains(s, "achtung"):
		return "WARNUNG"
	case strings.Contains(s, "kern"):
		return "KERNAUSSAGE"
	}
	return "HINWEIS"
}

// longHeading is the length from which on a bold paragraph is no heading.
const longHeading = 90

// disguised makes headings of short paragraphs in bold, if that is the
// document's way: there are two of them, or no other headings.
func (d *Document) disguised() {
	var at []int
	headers := false
	for i, b := range d.blocks {
		headers = headers || b.kind == "Header"
		if i+1 < len(d.blocks) && looksLikeHeading(b) && d.blocks[i+1].kind != "Header" && !looksLikeHeading(d.blocks[i+1]) {
			at = append(at, i)
		}
	}
	if len(at) == 0 || len(at) == 1 && headers {
		return
	}
	level := 1
	for i := range d.blocks {
		b := &d.blocks[i]
		if b.kind == "Header" {
			level = b.level + 1
		}
		if slices.Contains(at, i) {
			m := d.mark("", "Aus dem fett gesetzten Absatz wurde eine Überschrift.")
			*b = block{kind: "Header", level: min(level, 6), in: append([]inline{m}, b.in...)}
		}
	}
}

func looksLikeHeading(b block) bool {
	if b.kind != "Para" || isCaption(b) {
		return false
	}
	bold := 0
	for _, n := range b.in {
		switch n.kind {
		case "Strong":
			bold++
		case "Mark":
		default:
			return false
		}
	}
	text := plain(b.in)
	return bold > 0 && utf8.RuneCountInString(text) <= longHeading && !strings.ContainsAny(text[len(text)-1:], ".,;:!")
}

// title finds the document's title: in its style, or a heading above all
// others, or in the document's properties.
func (d *Document) title(h *head) {
	p := d.archive.properties()
	d.Date = p.Modified.Time
	at := slices.IndexFunc(d.blocks, func(b block) bool { return b.kind == "Header" })
	above := at == 0 && !slices.ContainsFunc(d.blocks[1:], func(b block) bool { return b.kind == "Header" && b.level <= d.blocks[0].level })
	switch {
	case h.title != "":
		d.Title = h.title
		if at == 0 && lang.ID(plain(d.blocks[0].in)) == lang.ID(h.title) {
			d.blocks = d.blocks[1:]
		}
	case above:
		d.Title = tidy(plain(d.blocks[0].in))
		rest := d.blocks[1:]
		if marks := marksOf(d.blocks[0].in); len(marks) > 0 {
			rest = append([]block{{kind: "Para", in: marks}}, rest...)
		}
		d.blocks = rest
	case p.Title != "":
		d.Title = p.Title
		d.about(FieldTitle, "Prüfen Sie ihn; Vorlagen bringen oft einen falschen mit.", "Der Titel „%s“ stammt aus den Eigenschaften der Datei.", short(p.Title))
	}
	d.Authors = h.authors
	if len(d.Authors) == 0 && p.Creator != "" {
		d.Authors = []string{p.Creator}
		d.about(FieldAuthors, "Prüfen Sie, ob diese Person genannt werden soll.", "Als Autorin oder Autor steht in den Eigenschaften der Datei „%s“.", short(p.Creator))
	}
}

// summarise makes the summary, and keeps what does not fit into it.
func (d *Document) summarise(h *head) {
	var above []block
	text := strings.Join(h.abstract, " ")
	if text == "" && utf8.RuneCountInString(h.subtitle) >= 30 {
		text, h.subtitle = h.subtitle, ""
	}
	from := "aus der Zusammenfassung"
	if text == "" {
		i := slices.IndexFunc(d.blocks, func(b block) bool {
			t := plain(b.in)
			return b.kind == "Para" && len(t) > 20 && !strings.HasSuffix(t, ":") && !isCaption(b) && !captionStart.MatchString(t) && !looksLikeHeading(b)
		})
		if i >= 0 {
			text, from = tidy(plain(d.blocks[i].in)), "aus dem ersten Absatz"
		}
	}
	d.Summary = summary(text)
	if d.Summary != "" {
		d.about(FieldSummary, "Lesen Sie sie noch einmal: ein Satz, höchstens 160 Zeichen.", "Die Kurzfassung stammt %s.", from)
	}
	if whole := strings.Join(h.abstract, " "); whole != "" && tidy(whole) != d.Summary {
		var paragraphs []block
		for _, a := range h.abstract {
			paragraphs = append(paragraphs, block{kind: "Para", in: []inline{{kind: "Str", text: a}}})
		}
		above = append(above, block{kind: "Callout", text: "KERNAUSSAGE", blocks: paragraphs})
	}
	if h.subtitle != "" {
		m := d.mark("Gehört er in den Titel, in die Kurzfassung oder in den Text?", "Der Untertitel steht hier als erster Absatz.")
		above = append([]block{{kind: "Para", in: []inline{m, {kind: "Str", text: h.subtitle}}}}, above...)
	}
	d.blocks = append(above, d.blocks...)
}

// longSummary is what a summary may have.
const longSummary = 160

var sentenceEnd = regexp.MustCompile(`[^.\s]{4,}[.!?]["“«)]?(?:\s|$)`)

// summary is the first sentences that fit, or as many words as do.
func summary(text string) string {
	text = tidy(text)
	if utf8.RuneCountInString(text) <= longSummary {
		return text
	}
	best := ""
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		if s := strings.TrimSpace(text[:at[1]]); utf8.RuneCountInString(s) <= longSummary {
			best = s
		}
	}
	if utf8.RuneCountInString(best) >= 40 {
		return best
	}
	cut := string([]rune(text)[:longSummary-2])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–-") + " …"
}

// levels lets headings begin at two without skipping one, and finds their
// anchors.
func (d *Document) levels() {
	var above []int
	taken := map[string]int{}
	for i := range d.blocks {
		b := &d.blocks[i]
		if b.kind != "Header" {
			continue
		}
		for len(above) > 0 && above[len(above)-1] >= b.level {
			above = above[:len(above)-1]
		}
		above = append(above, b.level)
		b.level = min(6, 1+len(above))
		anchor := lang.ID(plain(b.in))
		if anchor == "" {
			anchor = "abschnitt"
		}
		if taken[anchor]++; taken[anchor] > 1 {
			anchor += "-" + strconv.Itoa(taken[anchor])
		}
		if b.id != "" {
			d.headings[b.id] = anchor
		}
		b.id = anchor
	}
}

var captionStart = regexp.MustCompile(`^(?i:abb(?:ildung|\.)|bild|grafik|foto)\s*\d*\s*[:.–-]`)

func isCaption(b block) bool {
	s := strings.ToLower(b.style)
	return b.kind == "Para" && (strings.Contains(s, "caption") || strings.Contains(s, "beschriftung"))
}

var creditStart = regexp.MustCompile(`^(?:Quelle|Bildquelle|Foto|Grafik|Bild|Bildnachweis|Fotos?|©)\s*:?\s+\S`)

// captions gives pictures that stand alone the caption and the credit around
// them.
func captions(list []block) []block {
	list = apart(list)
	var out []block
	for i := 0; i < len(list); i++ {
		b := list[i]
		img := loneImage(b)
		if img == nil {
			out = append(out, b)
			continue
		}
		if last := len(out) - 1; last >= 0 && isCaption(out[last]) && captionStart.MatchString(plain(out[last].in)) && (i+1 == len(list) || !isCaption(list[i+1])) {
			img.title = tidy(plain(out[last].in))
			b.in = append(marksOf(out[last].in), b.in...)
			out = out[:last]
		}
		if i+1 < len(list) && img.title == "" && (isCaption(list[i+1]) || list[i+1].kind == "Para" && captionStart.MatchString(plain(list[i+1].in))) {
			img.title = tidy(plain(list[i+1].in))
			b.in = append(b.in, marksOf(list[i+1].in)...)
			i++
		}
		if i+1 < len(list) && list[i+1].kind == "Para" && creditStart.MatchString(plain(list[i+1].in)) && utf8.RuneCountInString(plain(list[i+1].in)) < 120 {
			img.attrs = map[string]string{"credit": tidy(plain(list[i+1].in))}
			i++
		}
		out = append(out, b)
	}
	return out
}

// apart gives every picture of a paragraph of pictures one of its own.
func apart(list []block) []block {
	var out []block
	for _, b := range list {
		if b.kind != "Para" || strings.TrimSpace(plain(b.in)) != "" || imageIn(b.in) != nil {
			out = append(out, b)
			continue
		}
		var one []inline
		for _, n := range b.in {
			one = append(one, n)
			if n.kind == "Image" {
				out = append(out, block{kind: "Para", in: one})
				one = nil
			}
		}
		if len(one) > 0 {
			out = append(out, block{kind: "Para", in: one})
		}
	}
	return out
}

// loneImage is the picture that is all there is in a paragraph.
func loneImage(b block) *inline {
	if b.kind != "Para" || strings.TrimSpace(plain(b.in)) != "" {
		return nil
	}
	return imageIn(b.in)
}

// imageIn is the only picture among inlines.
func imageIn(in []inline) *inline {
	var found *inline
	for i := range in {
		switch in[i].kind {
		case "Image":
			if found != nil {
				return nil
			}
			found = &in[i]
		case "Mark":
		case "Str":
			if strings.TrimSpace(in[i].text) != "" {
				return nil
			}
		default:
			return nil
		}
	}
	return found
}
