package analyze

import (
	"slices"
	"strings"
)

// stem.go strips German inflection in the manner of the "light" stemmer of
// Jacques Savoy (UniNE; "Light stemming approaches for the French, Portuguese,
// German and Hungarian languages", SAC 2006): case and number endings of nouns
// and adjectives only, in two steps, and never from a short word. His last
// step, the superlative, is left out because it makes Dienst a form of dienen.

// irregular plurals, as endings so that they hold in compounds too.
var irregular = [...]struct{ plural, singular string }{
	{"viren", "virus"}, {"themen", "thema"}, {"risiken", "risiko"},
	{"firmen", "firma"}, {"praxen", "praxis"}, {"konten", "konto"},
	{"dramen", "drama"}, {"boni", "bonus"}, {"kriterien", "kriterium"},
}

// StemForm returns the stem of a form by rule alone, without a vocabulary.
func StemForm(form string) string { return Bare(strip(form)) }

// strip takes the endings off a folded form and leaves its umlauts.
func strip(form string) string {
	if form == "" || isDigit(form[0]) {
		return form
	}
	for _, x := range irregular {
		if strings.HasSuffix(form, x.plural) {
			return form[:len(form)-len(x.plural)] + strip(x.singular)
		}
	}
	w := stripCase(form)
	if len(w) > 5 && (strings.HasSuffix(w, "er") || strings.HasSuffix(w, "en")) {
		w = w[:len(w)-2]
	}
	switch {
	case strings.HasSuffix(w, "niss"), strings.HasSuffix(w, "inn") && len(w) > 5:
		w = w[:len(w)-1]
	case len(w) > 5 && (strings.HasSuffix(w, "rum") || strings.HasSuffix(w, "ium")):
		w = w[:len(w)-2] // Zentrum, Zentren
	}
	return w
}

func stripCase(w string) string {
	n := len(w)
	switch {
	case hasAny(w, "system", "problem", "oedem", "ekzem"):
		return w // not the dative of an adjective
	case n > 5 && strings.HasSuffix(w, "ern"):
		return w[:n-3]
	case n > 4 && hasAny(w, "em", "en", "er", "es"):
		return w[:n-2]
	case n > 3 && w[n-1] == 'e', n > 5 && strings.HasSuffix(w, "eln"):
		return w[:n-1]
	case n > 3 && w[n-1] == 's' && strings.IndexByte("bdfghklmnrt", w[n-2]) >= 0:
		return w[:n-1]
	}
	return w
}

func hasAny(w string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// derivations, longest first: what makes a noun or adjective of a word.
var derivations = [...]string{
	"igkeit", "lichkeit", "isier", "schaft", "keit", "heit", "lich", "isch",
	"ung", "bar", "ig", "in", "t",
}

// Root takes one derivation off a stem: versorgung and versorg(en) share
// versorg. It returns the stem itself where nothing sensible would be left.
func Root(stem string) string {
	for _, d := range derivations {
		if strings.HasSuffix(stem, d) && len(stem)-len(d) >= 4 {
			return stem[:len(stem)-len(d)]
		}
	}
	return stem
}

// Derivations returns the keys that share the root of a key, without itself:
// the root, and what each derivation makes of it.
func Derivations(key string) (keys []string) {
	root := Root(key)
	if len(root) < 4 {
		return nil
	}
	for _, d := range append(derivations[:], "") {
		if k := root + d; k != key && Root(k) == root {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// Umlaut reports whether the stem of a form is written with an umlaut, or
// with what could be one.
func Umlaut(form string) bool {
	s := strip(form)
	return Bare(s) != s
}
