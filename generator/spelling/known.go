package spelling

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
)

// list is the project's own list of words, a word a line: „Wort“; „Wort*“ for
// all that begins so; „Wort/Muster“ for a word with the forms of another one. A
// line that begins with # is a comment.
type list struct {
	words    []string
	prefixes []string
	models   []string // „Wort/Muster“
}

func parseList(b []byte, diags *diag.List) *list {
	l, n := &list{}, 0
	for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		n++
		text, _, _ := strings.Cut(line, "#")
		text = strings.TrimSpace(text)
		prefix, isPrefix := strings.CutSuffix(text, "*")
		base, model, isModel := strings.Cut(text, "/")
		switch {
		case text == "":
		case isPrefix && utf8.RuneCountInString(prefix) >= shortest && isWord(prefix):
			l.prefixes = append(l.prefixes, prefix)
		case isModel && isWord(base) && isWord(model):
			l.models = append(l.models, text)
		case !isPrefix && !isModel && isWord(text):
			l.words = append(l.words, text)
		default:
			diags.Warnf(diag.Pos{File: WordsFile, Line: n, Col: 1}, "woerter-zeile", "Schreiben Sie in jede Zeile ein Wort: „Wort“, „Wortanfang*“ (vier Buchstaben und mehr) oder „Wort/Muster“, wenn es gebeugt wird wie ein anderes.",
				"„%s“ ist kein Wort.", text)
		}
	}
	return l
}

func isWord(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !inWord(r) && !isHyphen(r) && !isApostrophe(r) && r != '.' }) < 0
}

// known are the words that are right here, whatever a dictionary says.
type known struct {
	words    map[string]bool
	titles   map[string]bool // right but in titles
	prefixes []string
}

func newKnown(l *list, names []string, texts []Text) *known {
	k := &known{words: map[string]bool{}, titles: map[string]bool{}, prefixes: l.prefixes}
	for _, s := range slices.Concat(l.words, names) {
		for _, w := range cut(s) {
			k.words[w.s] = true
		}
	}
	for _, t := range texts {
		if t.Title {
			for _, w := range cut(t.S) {
				k.titles[w.s] = true
			}
		}
	}
	return k
}

// endings are those by which a form of a word may be longer.
var endings = []string{"", "s", "es", "n", "en", "e", "er", "ern"}

// has reports whether a word is right. A word in a title has not proved itself.
func (k *known) has(w word, inTitle bool) bool {
	for _, s := range []string{w.s, lowerFirst(w.s)} {
		if s != w.s && w.back && !w.joined {
			s = upperFirst(w.s)
		}
		if k.isForm(s, k.words) || !inTitle && k.isForm(s, k.titles) {
			return true
		}
		if slices.ContainsFunc(k.prefixes, func(p string) bool { return strings.HasPrefix(s, p) }) {
			return true
		}
	}
	return false
}

func (k *known) isForm(s string, words map[string]bool) bool {
	for _, e := range endings {
		base, ok := strings.CutSuffix(s, e)
		if ok && words[base] && (e == "" || utf8.RuneCountInString(base) >= shortest || isAbbreviation(base)) {
			return true
		}
	}
	return false
}

// near are at most three words that may have been meant: those of the project
// first.
func (k *known) near(w string, fromDictionary []string) []string {
	var own []string
	for s := range k.words {
		if d := utf8.RuneCountInString(s) - utf8.RuneCountInString(w); d <= 2 && d >= -2 && utf8.RuneCountInString(s) >= 5 && sameStart(s, w) {
			own = append(own, s)
		}
	}
	slices.Sort(own)
	out := diag.Nearest(w, own, 1)
	for _, s := range fromDictionary {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out[:min(3, len(out))]
}

func sameStart(a, b string) bool {
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return unicode.ToLower(x) == unicode.ToLower(y)
}
