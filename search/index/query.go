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
	words   string   // free words, with titel: words, in order
	phrases []string // all must occur
	without []string // none may occur
	lacking []string // phrases that may not occur
	title   []string // must be in the title
	open    bool     // the last word is still being typed
}

func parse(query string) parsed {
	var p parsed
	query = strings.ToValidUTF8(query, " ")
	if len(query) > maxQuery {
		query = strings.ToValidUTF8(query[:maxQuery], "")
	}
	var words []string
	for rest := strings.TrimSpace(query); rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		if into, sign := p.quoted(rest); into != nil {
			if phrase, after, ok := cutPhrase(rest[sign:]); ok {
				*into = append(*into, phrase)
				if into == &p.title {
					words = append(words, phrase)
				}
				rest, p.open = after, false
				continue
			}
		}
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		word := rest[:end]
		rest = rest[end:]
		p.open = false
		switch field, value, ok := strings.Cut(word, ":"); {
		case ok && value != "" && (strings.EqualFold(field, "titel") || strings.EqualFold(field, "title")):
			p.title = append(p.title, value)
			words = append(words, value)
		case !suspended(words) && len(word) > 1 && (word[0] == '-' || strings.HasPrefix(word, "−")) && startsWord(strings.TrimLeft(word, "-−")):
			p.without = append(p.without, strings.TrimLeft(word, "-−"))
		default:
			words = append(words, word)
			p.open = true
		}
	}
	p.words = strings.Join(words, " ")
	last, _ := utf8.DecodeLastRuneInString(query)
	p.open = p.open && (unicode.IsLetter(last) || unicode.IsDigit(last))
	return p
}

// suspended tells whether a hyphen behind these words stands for what a
// compound before has already said: „Krisenvorsorge und -reaktion“.
func suspended(words []string) bool {
	return len(words) > 1 && slices.Contains([]string{"und", "oder", "bzw.", "sowie", "bis"}, words[len(words)-1])
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

// cutPhrase takes a quoted phrase off the front. A quote that is never closed
// is none.
func cutPhrase(s string) (phrase, rest string, ok bool) {
	for _, q := range [...]struct{ open, shut string }{
		{`"`, `"`}, {"„", "“"}, {"„", "”"}, {"„", `"`}, {"“", "”"}, {"«", "»"}, {"»", "«"},
	} {
		if after, found := strings.CutPrefix(s, q.open); found {
			if phrase, rest, found = strings.Cut(after, q.shut); found {
				return phrase, rest, true
			}
		}
	}
	return "", s, false
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
