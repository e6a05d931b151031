package index

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/search/analyze"
)

const (
	excerptRunes = 220 // about as long as an excerpt is
	excerptWords = 12  // that an address may name, to be marked on the page
)

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
		h.Section = &HitSection{Title: squeeze(t.sections[section].Title), URL: m.URL + "#" + t.sections[section].ID}
	}
	at = m.shown(&t, at)
	h.Excerpt, h.Words = s.excerpt(squeeze(t.passages[at]))
	if section = m.section(at); section >= 0 && m.Starts[section] != at && !strings.HasPrefix(h.Excerpt, "… ") {
		h.Excerpt = "… " + h.Excerpt // the section began before
	}
	return h, nil
}

// shown returns the passage nearest to one that has a text in the browser's
// fragment: a heading right above another, a page without a summary and the
// end of a long section have none. Where nothing in the fragment has a text,
// the passage itself is shown: better than nothing, which the browser shows.
func (m *docMeta) shown(t *storedTexts, at int) int {
	from := at >> m.Chunk << m.Chunk
	has := func(i int) bool { return t.passages[i] != "" && !m.leavesOut(i) }
	for i := at; i < min(len(t.passages), from+1<<m.Chunk); i++ {
		if has(i) {
			return i
		}
	}
	for i := at - 1; i >= from; i-- {
		if has(i) {
			return i
		}
	}
	return at
}

func (x *Index) label(field, value, lang string) string {
	return cmp.Or(x.labels[label{Field: field, Value: value, Lang: lang}], x.labels[label{Field: field, Value: value}], value)
}

// marked is a word of a passage that the query matches.
type marked struct {
	start, end   int // bytes
	first, after int // the same in UTF-16 units
	concept      int
	weight       float64
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
		b.WriteString(html.EscapeString(text[at:m.start]))
		word := text[m.start:m.end]
		b.WriteString("<mark>" + html.EscapeString(word) + "</mark>")
		if len(words) < excerptWords && !slices.Contains(words, word) {
			words = append(words, word)
		}
		at = m.end
	}
	b.WriteString(html.EscapeString(text[at:to]))
	if to < len(text) {
		b.WriteString(" …")
	}
	return b.String(), words
}

// marks finds the words that the query matches.
func (s *search) marks(text string) []marked {
	tokens := content(s.analyzer.Tokens(text))
	best := make([]marked, len(tokens)) // by token
	mark := func(m *concept, weight float64, concept int) {
		for i := range m.layers {
			l := &m.layers[i]
			for k := range tokens {
				if w := l.weight * weight; w > best[k].weight && s.marksWord(l, &tokens[k]) {
					best[k] = marked{concept: concept, weight: w}
				}
			}
		}
	}
	for i, c := range s.concepts {
		mark(c, c.idf, i)
		for _, m := range c.members {
			mark(m, c.idf*memberShare, i)
		}
	}
	units, seen := 0, 0 // of text[:seen]
	at := func(i int) int {
		units += unitsOf(text[seen:i])
		seen = i
		return units
	}
	for k, t := range tokens {
		if m := &best[k]; m.weight > 0 {
			m.start, m.end, m.first, m.after = t.Start, t.End, at(t.Start), at(t.End)
		}
	}
	return slices.DeleteFunc(best, func(m marked) bool { return m.weight == 0 })
}

// marksWord tells whether a word of an excerpt is one that a layer stands for,
// or looks like a compound that begins or ends with it. The vocabulary would
// know compounds, but the browser has none; what it tells is nearly the same.
// Synonyms are not marked: the browser knows where they stand, not their words.
func (s *search) marksWord(l *layer, t *analyze.Token) bool {
	if l.unmarked {
		return false
	}
	is := func(form string) bool { return form[0] != analyze.SynonymPrefix[0] && slices.Contains(l.terms, form) }
	if is(t.Form) || slices.ContainsFunc(t.Also, is) || l.prefix != "" && strings.HasPrefix(analyze.Bare(t.Form), l.prefix) {
		return true
	}
	return l.part != nil && slices.ContainsFunc(s.dict.forms(l.part), func(f string) bool {
		return unitsOf(f) > 3 && (strings.HasPrefix(t.Form, f) || strings.HasSuffix(t.Form, f))
	})
}

// unitsOf is the length of a text as browsers count.
func unitsOf(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// stretch chooses from where to where text is shown: the window that has the
// most weight of different concepts, opened a little before its first mark
// and cut between words.
func stretch(text string, marks []marked) (from, to int) {
	best, first := 0.0, 0
	for i := range marks {
		sum, seen := 0.0, map[int]float64{}
		for _, m := range marks[i:] {
			if m.after-marks[i].first > excerptRunes*3/4 {
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
		from = before(text, marks[first].start)
	}
	to = from
	for n := 0; to < len(text) && n < excerptRunes; n++ {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if to < len(text) {
		if cut := strings.LastIndexByte(text[from:to], ' '); cut > 0 {
			to = from + cut
		}
	}
	return from, to
}

// before returns where a word begins that is a quarter of an excerpt before
// the place i.
func before(text string, i int) int {
	for units := excerptRunes / 4; units > 0 && i > 0; {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		units -= utf16.RuneLen(r)
		i -= size
	}
	if i < len(text) && text[i] == ' ' {
		return i + 1
	}
	return strings.LastIndexByte(text[:i], ' ') + 1
}
