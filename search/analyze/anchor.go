package analyze

import (
	"strings"
	"unicode"
)

const longWord = 60 // bytes; the browser may cut longer words elsewhere

// Anchor returns the anchor that most headings have: their words folded, with
// hyphens between them. It is false for a heading with letters that newer
// versions of Unicode may know better, or with a very long word: the browser
// does the same to a heading whose anchor was left out, and must not err.
func Anchor(heading string) (anchor string, ok bool) {
	if strings.ContainsFunc(heading, func(r rune) bool { return r > 0x24F && (r < 0x2010 || r > 0x205E) }) {
		return "", false
	}
	words := strings.FieldsFunc(heading, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		if len(word) > longWord {
			return "", false
		}
		words[i] = Fold(word)
	}
	return strings.Join(words, "-"), true
}
