package analyze

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxForm bounds a form in bytes: nobody types more, and a megabyte of
// letters without a space must not become a term.
const maxForm = 96

// Fold returns the form of one word: see the package comment. It drops what
// is neither letter nor digit nor mark, so it is not for whole sentences.
func Fold(word string) string {
	return string(appendFold(nil, word))
}

// appendFold appends the folded word to dst, at most maxForm bytes of it.
func appendFold(dst []byte, word string) []byte {
	start := len(dst)
	for _, r := range word {
		if len(dst)-start >= maxForm {
			break
		}
		dst = appendFoldRune(dst, r)
	}
	return dst
}

func appendFoldRune(dst []byte, r rune) []byte {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return append(dst, byte(r))
	case r >= 'A' && r <= 'Z':
		return append(dst, byte(r)+'a'-'A')
	case r < utf8.RuneSelf:
		return dst
	}
	switch r {
	case 'ä', 'Ä', 'æ', 'Æ':
		return append(dst, "ae"...)
	case 'ö', 'Ö', 'ø', 'Ø', 'œ', 'Œ':
		return append(dst, "oe"...)
	case 'ü', 'Ü':
		return append(dst, "ue"...)
	case 'ß', 'ẞ':
		return append(dst, "ss"...)
	case '\u0308': // a decomposed umlaut; ë and ï have no e to gain
		if n := len(dst); n > 0 && strings.IndexByte("aou", dst[n-1]) >= 0 {
			return append(dst, 'e')
		}
		return dst
	case utf8.RuneError:
		return dst
	}
	return appendDecomposed(dst, r)
}

// appendDecomposed folds the rest of Unicode: compatibility decomposition
// (ﬁ→fi, Ａ→a, é→e), then letters and digits only.
func appendDecomposed(dst []byte, r rune) []byte {
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	for _, d := range string(norm.NFKD.Append(nil, buf[:n]...)) {
		if unicode.IsLetter(d) || unicode.IsDigit(d) {
			dst = utf8.AppendRune(dst, unicode.ToLower(d))
		}
	}
	return dst
}

// Bare drops from a form what spelling habits add: the e of a transcribed
// umlaut (not in "neue", "quer", where it is a vowel of its own) and the third
// of three equal consonants (Schifffahrt, formerly Schiffahrt).
func Bare(form string) string {
	if !strings.Contains(form, "ae") && !strings.Contains(form, "oe") &&
		!strings.Contains(form, "ue") && !hasTriple(form) {
		return form
	}
	dst := make([]byte, 0, len(form))
	for i := 0; i < len(form); i++ {
		c := form[i]
		if n := len(dst); n > 1 && c == dst[n-1] && c == dst[n-2] && isConsonant(c) {
			continue
		}
		dst = append(dst, c)
		if i+1 < len(form) && form[i+1] == 'e' && isUmlautBase(form, i) {
			i++
		}
	}
	return string(dst)
}

func isUmlautBase(form string, i int) bool {
	switch form[i] {
	case 'a', 'o':
		return true
	case 'u':
		return i == 0 || strings.IndexByte("aeq", form[i-1]) < 0
	}
	return false
}

func hasTriple(s string) bool {
	for i := 2; i < len(s); i++ {
		if s[i] == s[i-1] && s[i] == s[i-2] && isConsonant(s[i]) {
			return true
		}
	}
	return false
}

// isConsonant leaves out what numbers are made of: 1000, III, XXX.
func isConsonant(c byte) bool {
	return c >= 'b' && c <= 'z' && strings.IndexByte("eioux", c) < 0
}
