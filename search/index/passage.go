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

// cut divides the text of a section into passages. No text is one empty one.
func cut(text string) (passages []string) {
	words, good := 0, 0 // words since the last cut; where it would be good to cut
	start, inWord, last := 0, false, rune(0)
	for i, r := range text {
		if !unicode.IsSpace(r) {
			if !inWord && words == passageWords {
				at := i
				if good > start {
					at = good
				}
				passages = append(passages, text[start:at])
				words = len(strings.Fields(text[at:i]))
				start = at
			}
			if !inWord {
				words++
			}
			inWord, last = true, r
			continue
		}
		if words >= passageLeast && (r == '\n' || inWord && strings.ContainsRune(".;:!?", last)) {
			good = i
		}
		inWord = false
	}
	return append(passages, text[start:])
}

// squeeze makes every run of white space one space, drops control characters
// and repairs what is not UTF-8.
func squeeze(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case r == utf8.RuneError || unicode.IsControl(r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
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
