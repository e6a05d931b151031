package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

const sentence = "Die Versorgung der Krankenhäuser mit Arzneimitteln im Verteidigungsfall regelt § 21 des Gesetzes, z. B. für Dual-Use-Güter. "

// BenchmarkTokens is the analysis of a query or an excerpt.
func BenchmarkTokens(b *testing.B) {
	a := testAnalyzer(b)
	text := strings.Repeat(sentence, 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var tokens []Token
	for b.Loop() {
		tokens = a.AppendTokens(tokens[:0], text)
	}
}

// BenchmarkReader is the analysis of a document that is indexed.
func BenchmarkReader(b *testing.B) {
	r := NewReader()
	text := strings.Repeat(sentence, 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r.Reset()
		r.Read(text, true)
	}
}

// BenchmarkVocabulary works out stems and parts of some thousand words.
func BenchmarkVocabulary(b *testing.B) {
	var text strings.Builder
	words := slices.Sorted(maps.Keys(members))
	for i, x := range words {
		for k := range 12 {
			y := words[(i*7+k*31)%len(words)]
			fmt.Fprintf(&text, "%s %s%s %ss%s-%s ", x, x, y, y, x, x)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		c, r := NewCounter(), NewReader()
		for range 3 {
			countTexts(c, r, text.String())
		}
		c.Vocabulary(nil)
	}
}
