package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuery bounds a query in bytes; more is not a question but a mistake.
const maxQuery = 400

// maxConcepts bounds the words of a query that are looked up.
const maxConcepts = 24

// parsed is a query by its syntax:
//
//	wort "eine Phrase" „eine Phrase“ -ohne titel:wort
type parsed struct {
	query   string   // what of the text is looked at
	words   string   // free words, with titel: words, each at its place in query
	phrases []string // all must occur
	without []string // none may occur
	lacking []string // phrases that may not occur
	title   []string // must be in the title
	open    bool     // the last word is still being typed
}

// loose says which conditions of a query are none: what they ask for is asked
// for as free words.
type loose struct{ title, phrases bool }

func parse(query string, l loose) parsed {
	query = strings.ToValidUTF8(query, " ")
	if len(query) > maxQuery {
		query = strings.ToValidUTF8(query[:maxQuery], "")
	}
	p := parsed{query: query}
	for rest := trimSpace(query); rest != ""; rest = trimSpace(rest) {
		into, sign := p.quoted(rest)
		if open, phrase, after, ok := cutPhrase(rest[sign:]); ok {
			if into == &p.title || l.phrases && into == &p.phrases {
				p.put(phrase, len(query)-len(rest)+sign+open)
			}
			if !(l.title && into == &p.title || l.phrases && into == &p.phrases) {
				*into = append(*into, phrase)
			}
			rest, p.open = after, false
			continue
		}
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		word, at := rest[:end], len(query)-len(rest)
		rest = rest[end:]
		p.open = false
		switch field, value, ok := strings.Cut(word, ":"); {
		case ok && value != "" && (strings.EqualFold(field, "titel") || strings.EqualFold(field, "title")):
			p.put(value, at+len(word)-len(value))
			if p.open = l.title; !l.title {
				p.title = append(p.title, value)
			}
		case !p.suspended() && startsWord(strings.TrimLeft(word, "-−")) && !startsWord(word):
			p.without = append(p.without, strings.TrimLeft(word, "-−"))
		default:
			p.put(word, at)
			p.open = true
		}
	}
	last, _ := utf8.DecodeLastRuneInString(query)
	p.open = p.open && (unicode.IsLetter(last) || unicode.IsDigit(last))
	return p
}

func trimSpace(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }

// put adds a free word at its place: what is none stands as blanks.
func (p *parsed) put(word string, at int) {
	p.words += strings.Repeat(" ", at-len(p.words)) + word
}

// suspended tells whether a hyphen behind these words stands for what a
// compound before has already said: „Krisenvorsorge und -reaktion“.
func (p *parsed) suspended() bool {
	return slices.ContainsFunc([]string{"und", "oder", "bzw.", "sowie", "bis"}, func(w string) bool {
		before, ok := strings.CutSuffix(p.words, " "+w)
		return ok && strings.Trim(before, " ") != ""
	})
}

// quoted tells where a phrase belongs that may begin here, and how long what
// stands before its quote is: -"…" or titel:"…".
func (p *parsed) quoted(rest string) (into *[]string, sign int) {
	for _, minus := range [...]string{"-", "−"} {
		if strings.HasPrefix(rest, minus) {
			return &p.lacking, len(minus)
		}
	}
	for _, field := range [...]string{"titel:", "title:"} {
		if len(rest) > len(field) && strings.EqualFold(rest[:len(field)], field) {
			return &p.title, len(field)
		}
	}
	return &p.phrases, 0
}

// cutPhrase takes a quoted phrase off the front; open is how long its first
// quote is. A quote that is never closed is none.
func cutPhrase(s string) (open int, phrase, rest string, ok bool) {
	for _, q := range [...]struct{ open, shut string }{
		{`"`, `"`}, {"„", "“"}, {"„", "”"}, {"„", `"`}, {"“", "”"}, {"«", "»"}, {"»", "«"},
	} {
		if after, found := strings.CutPrefix(s, q.open); found {
			if phrase, rest, found = strings.Cut(after, q.shut); found {
				return len(q.open), phrase, rest, true
			}
		}
	}
	return 0, "", s, false
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
