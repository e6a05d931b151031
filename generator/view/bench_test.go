package view_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// texts makes n entries of about 8 KB. Their words are spread as in a
// language: few are in every text, most in a handful.
func texts(n int) []*site.Entry {
	var words []string
	for _, a := range strings.Fields("Kranken Rettungs Katastrophen Zivil Medizin Wasser Strom Verkehrs Notfall Gesundheits") {
		for _, b := range strings.Fields("versorgungs schutz dienst hilfe technik planungs material personal ausbildungs einsatz") {
			for _, c := range strings.Fields("behörde verordnung leitung übung stelle anlage gerät register bericht förderung") {
				words = append(words, a+b+c, a+c, b+c)
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	z := rand.NewZipf(r, 1.1, 4, uint64(len(words)-1))
	out := make([]*site.Entry, n)
	for i := range out {
		var b strings.Builder
		for b.Len() < 8<<10 {
			fmt.Fprintf(&b, "%s der %s und das ", words[z.Uint64()], words[(int(z.Uint64())+37*i)%len(words)])
		}
		out[i] = entry(fmt.Sprintf("e%05d", i))
		out[i].Title = words[i%len(words)]
		setBody(out[i], b.String())
	}
	return out
}

// BenchmarkProfile reads one text of 8 KB.
func BenchmarkProfile(b *testing.B) {
	e := texts(1)[0]
	text := body(e)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		view.NewProfile(e, text)
	}
}

// BenchmarkRelated compares entries whose profiles are there.
func BenchmarkRelated(b *testing.B) {
	for _, n := range []int{600, 6000} {
		entries := texts(n)
		profiles := map[*site.Entry]*view.Profile{}
		for _, e := range entries {
			profiles[e] = profile(e)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				view.Related(entries, func(e *site.Entry) *view.Profile { return profiles[e] }, 4)
			}
		})
	}
}
