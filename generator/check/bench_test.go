package check

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

// BenchmarkScan looks at a law of 45 KB.
func BenchmarkScan(b *testing.B) {
	c, page := New(Options{}), lawPage()
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		c.Scan("p1/index.html", diag.Pos{}, page)
	}
}

// BenchmarkFacts writes what was found to a cache, reads it again and collects
// it: what an unchanged page costs.
func BenchmarkFacts(b *testing.B) {
	f := New(Options{}).Scan("p1/index.html", diag.Pos{}, lawPage())
	data, _ := f.MarshalBinary()
	b.Run("marshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = f.MarshalBinary()
		}
		b.ReportMetric(float64(len(data)), "bytes")
	})
	b.Run("unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := new(Facts).UnmarshalBinary(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("add", func(b *testing.B) {
		c := New(Options{})
		b.ReportAllocs()
		for b.Loop() {
			c.Add(f)
		}
	})
}

// BenchmarkFinish compares 5,000 pages.
func BenchmarkFinish(b *testing.B) {
	page := lawPage()
	c := New(Options{Diags: &diag.List{}})
	facts := make([]*Facts, 5000)
	for i := range facts {
		facts[i] = c.Scan(fmt.Sprintf("p%d/index.html", i), diag.Pos{}, page)
	}
	b.ReportAllocs()
	for b.Loop() {
		c := New(Options{Diags: &diag.List{}})
		for _, f := range facts {
			c.Add(f)
		}
		c.Finish()
	}
}

func lawPage() []byte {
	var b bytes.Buffer
	b.WriteString(`<!doctype html><html lang="de"><head><title>Gesetz</title><link rel="stylesheet" href="/assets/site.css"></head><body><nav aria-label="Haupt"><ul>`)
	for i := range 60 {
		fmt.Fprintf(&b, `<li><a class="nav-link" href="/p%d/">Abschnitt %d</a></li>`, i, i)
	}
	b.WriteString(`</ul></nav><main id="main"><h1>Gesetz</h1>`)
	words := strings.Fields("die zuständige Behörde kann im Einzelfall anordnen dass der Betreiber eines Medizinprodukts Auskunft erteilt soweit dies zur Abwehr erforderlich ist")
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; b.Len() < 45<<10; i++ {
		fmt.Fprintf(&b, `<h2 id="p-%d">§ %d</h2><p class="absatz" id="p-%d-1">(1) `, i, i, i)
		for range 60 {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		fmt.Fprintf(&b, `<a href="/p%d/#p-%d">§ %d</a> und <a href="#p-%d">§ %d</a>.</p>`, r.IntN(6636), r.IntN(40), i, max(0, i-1), i)
	}
	b.WriteString(`</main></body></html>`)
	return b.Bytes()
}
