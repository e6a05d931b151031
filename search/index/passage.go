package index

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A passage is so short that words in it are near each other, and long enough
// to be shown: some sentences of one section. Phrases are looked for within
// passages, so they end with a sentence or a line where they can.
const (
	passageWords = 120 // at most
	passageLeast = 60  // before a sentence's end is good enough to stop
)

// cut appends the passages of a section's text. No text is one empty one.
func cut(passages []string, text string) []string {
	words, good := 0, 0 // words since the last cut; where it would be good to cut
	start, inWord, last := 0, false, byte(0)
	for i := 0; i < len(text); {
		c, size, space := text[i], 1, false
		switch spaces[c] {
		case isSpace:
			space = true
		case mayBeSpace:
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			space = unicode.IsSpace(r)
		}
		if space {
			if words >= passageLeast && (c == '\n' || inWord && endsSentence(last)) {
				good = i
			}
			inWord = false
			i += size
			continue
		}
		if !inWord {
			if words == passageWords {
				at := i
				if good > start {
					at = good
				}
				passages = append(passages, text[start:at])
				words = len(strings.Fields(text[at:i]))
				start = at
			}
			words++
			inWord = true
		}
		for i += size; i < len(text) && spaces[text[i]] == noSpace; {
			i++
		}
		last = text[i-1]
	}
	return append(passages, text[start:])
}

// spaces tells which bytes may begin white space.
var spaces = func() (kinds [256]uint8) {
	for _, c := range "\t\n\v\f\r " {
		kinds[c] = isSpace
	}
	for _, c := range []byte{0xC2, 0xE1, 0xE2, 0xE3} { // of U+0085, U+00A0, U+1680, U+2000 …, U+3000
		kinds[c] = mayBeSpace
	}
	return kinds
}()

const (
	noSpace = iota
	isSpace
	mayBeSpace
)

func endsSentence(c byte) bool {
	switch c {
	case '.', ';', ':', '!', '?':
		return true
	}
	return false
}

// tied reports whether a passage may end within what the analyzer would take
// for one word if it went on: "z. | B.", "§ | 21".
func tied(passage string) bool {
	passage = strings.TrimRightFunc(passage, unicode.IsSpace)
	if strings.HasSuffix(passage, "§") {
		return true
	}
	letter, ok := strings.CutSuffix(passage, ".")
	if !ok {
		return false
	}
	_, size := utf8.DecodeLastRuneInString(letter)
	before, _ := utf8.DecodeLastRuneInString(letter[:len(letter)-size])
	return size > 0 && !unicode.IsLetter(before) && !unicode.IsDigit(before)
}

// squeeze makes every run of white space one space, drops control characters
// and repairs what is not UTF-8.
func squeeze(s string) string { return string(appendSqueezed(nil, s)) }

// appendSqueezed appends a text squeezed.
func appendSqueezed(dst []byte, s string) []byte {
	first := len(dst)
	space := false
	for i := 0; i < len(s); {
		from := i
		for i < len(s) && '!' <= s[i] && s[i] <= '~' {
			i++
		}
		if i > from {
			if space {
				dst, space = append(dst, ' '), false
			}
			dst = append(dst, s[from:i]...)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case unicode.IsSpace(r):
			space = len(dst) > first
			continue
		case r == utf8.RuneError || unicode.IsControl(r):
			continue
		}
		if space {
			dst, space = append(dst, ' '), false
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// Fragments are the files that a hit's text is read from: so many passages of
// one document. Long documents have larger ones, since many small files cost
// space and a long document is rarely among the hits.
const (
	fragmentLeast = 1800  // bytes of text
	fragmentMost  = 16000 //
	fragmentParts = 10    // a document has about so many, between those bounds
	chunkLeast    = 1     // powers of two, in passages
	chunkMost     = 7
)

// chunkOf returns how many passages a fragment has, as a power of two.
func chunkOf(passages, bytes int) int {
	size := min(max(bytes/fragmentParts, fragmentLeast), fragmentMost)
	chunk := chunkLeast
	for chunk < chunkMost && (1<<chunk)*bytes < size*passages {
		chunk++
	}
	return chunk
}

// longDocument is how many passages a document has of which the browser gets
// only the first passage of each section: with all of their tables, laws would
// make an index as large as themselves.
const longDocument = 20

// leavesOut tells whether fragments have no text for a passage.
func (m *docMeta) leavesOut(passage int) bool {
	i := m.section(passage)
	return m.Passages > longDocument && i >= 0 && m.Starts[i] != passage
}
