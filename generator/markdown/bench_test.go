package markdown

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

// law is a text of about size bytes as laws are: many headings, paragraphs and
// lists, lines of 80 characters, hardly any markup.
func law(size int) []byte {
	words := strings.Fields("die zuständige Behörde kann im Einzelfall anordnen dass der Betreiber eines Medizinprodukts nach § 21 Abs. 2 Satz 1 Auskunft erteilt soweit dies zur Abwehr einer Gefahr für die öffentliche Sicherheit oder zur Versorgung der Bevölkerung mit Arzneimitteln erforderlich ist und keine überwiegenden Interessen entgegenstehen Nr. 5 bis zum 15. April 1980 10 kg \"Krankenhaus\"")
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	text := func(indent string, n int) {
		col := 0
		for range n {
			w := words[r.IntN(len(words))]
			if col+len(w) > 78 {
				b.WriteString("\n" + indent)
				col = 0
			}
			b.WriteString(w + " ")
			col += len(w) + 1
		}
		b.WriteString("\n\n")
	}
	for n := 1; b.Len() < size; n++ {
		fmt.Fprintf(&b, "### § %d Anordnungen der Behörde\n\n(1) ", n)
		text("", 60)
		b.WriteString("(2) Dies gilt für\n\n")
		for i := range 4 {
			fmt.Fprintf(&b, "%d.  ", i+1)
			text("    ", 14)
		}
		b.WriteString("(3) *Ausnahmen* nach [MANV](/glossar/manv/) sind:\n\n    Tabelle in Schreibmaschine\n    und ihre zweite Zeile\n\n")
	}
	return []byte(b.String())
}

// glossary has n words; the text has some of them.
func glossary(n int) *Terms {
	terms := []Term{{ID: "mp", Words: []string{"Medizinprodukt", "MP"}}, {ID: "ver", Words: []string{"Versorgung der Bevölkerung"}}}
	for i := range n {
		terms = append(terms, Term{ID: fmt.Sprint("t", i), Words: []string{fmt.Sprintf("%s%cwesen", []string{"Anord", "Betrie", "Kranken", "Bevöl", "Sicher"}[i%5], 'a'+i%26), fmt.Sprintf("XQ%d", i)}})
	}
	return NewTerms(terms)
}

// BenchmarkConvert converts a law of 100 KB, without and with a glossary of
// 300 words.
func BenchmarkConvert(b *testing.B) {
	body := law(100 << 10)
	c := New(Config{Words: words, Resolver: site{}, Diags: &diag.List{Lenient: true}})
	for _, bench := range []struct {
		name  string
		terms *Terms
	}{{"plain", nil}, {"glossary", glossary(300)}} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				c.Convert(Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Body: body, Terms: bench.terms})
			}
		})
	}
}

// BenchmarkShort converts what most fields and entries have: half a page.
func BenchmarkShort(b *testing.B) {
	body := law(1 << 10)
	c := New(Config{Words: words, Resolver: site{}, Diags: &diag.List{Lenient: true}, ReservedIDs: []string{"inhalt", "quellen"}})
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		c.Convert(Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Body: body})
	}
}
