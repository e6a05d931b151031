package index

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// excerptRunes is about how long an excerpt is.
const excerptRunes = 220

// hit makes what is shown of a document: its best section, and from its best
// passage the stretch where most of the query stands; its summary if no
// passage matches.
func (s *search) hit(d ranked) (Hit, error) {
	m := &s.meta.Docs[d.ordinal]
	h := Hit{
		ID: m.ID, URL: m.URL, Title: m.Title, Type: m.Type, TypeLabel: s.label("type", m.Type, s.lang),
		Date: m.Date, Status: m.Status, Score: d.score, Words: []string{},
	}
	at := max(d.passage, 0)
	section := m.section(at)
	t, err := s.store.texts(d.ordinal)
	if err != nil {
		return h, err
	}
	if at >= len(t.passages) || section >= len(t.sections) {
		return h, errNoPassage
	}
	if section >= 0 && t.sections[section].ID != "" {
		h.Section = &HitSection{Title: t.sections[section].Title, URL: m.URL + "#" + t.sections[section].ID}
	}
	// A heading right above another, or a page without a summary, has no text.
	for at < len(t.passages)-1 && t.passages[at] == "" {
		at++
	}
	h.Excerpt, h.Words = s.excerpt(t.passages[at])
	if section = m.section(at); section >= 0 && m.Starts[section] != at && !strings.HasPrefix(h.Excerpt, "… ") {
		h.Excerpt = "… " + h.Excerpt // the section began before
	}
	return h, nil
}

func (x *Index) label(field, value, lang string) string {
	return cmp.Or(x.labels[label{Field: field, Value: value, Lang: lang}], x.labels[label{Field: field, Value: value}], value)
}

// marked is a word of a section that the query matches.
type marked struct {
	start, end int
	concept    int
	weight     float64
}

// excerpt cuts the densest stretch out of text and marks what matches.
func (s *search) excerpt(text string) (excerpt string, words []string) {
	words = []string{}
	marks := s.marks(text)
	from, to := stretch(text, marks)
	var b strings.Builder
	if from > 0 {
		b.WriteString("… ")
	}
	at := from
	for _, m := range marks {
		if m.start < at || m.end > to {
			continue
		}
		b.WriteString(escapeText(text[at:m.start]))
		word := text[m.start:m.end]
		b.WriteString("<mark>" + escapeText(word) + "</mark>")
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
		at = m.end
	}
	b.WriteString(escapeText(text[at:to]))
	if to < len(text) {
		b.WriteString(" …")
	}
	return b.String(), words
}

// marks analyses text again and finds the words whose terms the query asked
// for.
func (s *search) marks(text string) []marked {
	wanted := map[string]marked{}
	for i, c := range s.concepts {
		for _, l := range c.layers {
			if !l.unmarked {
				want(wanted, l.terms, marked{concept: i, weight: l.weight * c.idf})
			}
		}
		for _, m := range c.members {
			for _, l := range m.layers {
				want(wanted, l.terms, marked{concept: i, weight: l.weight * memberShare * c.idf})
			}
		}
	}
	var marks []marked
	for _, t := range s.analyzer.Tokens(text) {
		var best marked
		for _, term := range t.Terms() {
			if m, ok := wanted[term]; ok && m.weight > best.weight {
				best = m
			}
		}
		if best.weight > 0 {
			best.start, best.end = t.Start, t.End
			marks = append(marks, best)
		}
	}
	return marks
}

func want(wanted map[string]marked, terms []string, m marked) {
	for _, term := range terms {
		if m.weight > wanted[term].weight {
			wanted[term] = m
		}
	}
}

// stretch chooses from where to where text is shown: the window that has the
// most weight of different concepts, opened a little before its first mark
// and cut between words.
func stretch(text string, marks []marked) (from, to int) {
	best, first := 0.0, 0
	for i := range marks {
		sum, seen := 0.0, map[int]float64{}
		for _, m := range marks[i:] {
			if m.end-marks[i].start > excerptRunes*3/4 {
				break
			}
			if gain := m.weight - seen[m.concept]; gain > 0 {
				sum += gain
				seen[m.concept] = m.weight
			} else {
				sum += m.weight / 20
			}
		}
		if sum > best {
			best, first = sum, i
		}
	}
	if len(marks) > 0 {
		from = wordStart(text, marks[first].start-excerptRunes/4)
	}
	to = from
	for n := 0; to < len(text) && n < excerptRunes; n++ {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if to < len(text) {
		if cut := strings.LastIndexAny(text[from:to], " \n\t"); cut > 0 {
			to = from + cut
		}
	}
	return from, max(from, to)
}

// wordStart returns where the word at or behind i begins.
func wordStart(text string, i int) int {
	if i <= 0 {
		return 0
	}
	if cut := strings.IndexAny(text[i:], " \n\t"); cut >= 0 && cut < excerptRunes/4 {
		return i + cut + 1
	}
	for i < len(text) && !utf8.RuneStart(text[i]) {
		i++
	}
	return i
}

// escapeText makes HTML of plain text, with runs of white space as one space
// and without control characters.
func escapeText(s string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
		case !unicode.IsControl(r):
			b.WriteRune(r)
			space = false
		}
	}
	return html.EscapeString(b.String())
}
