package markdown

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/yuin/goldmark/parser"

	"github.com/ag-vzkm/portal/generator/diag"
)

// slowConverter leaves all text to goldmark.
func slowConverter(cfg Config) *Converter {
	c, all := New(cfg), inlineParsers()
	c.full, c.inline = newParser(all[:len(all)-1]), newInlineParser(all[:len(all)-1])
	return c
}

// outcome is everything that a conversion gives, with its diagnostics. Columns
// are left out: behind a character reference, more pieces of text place a bare
// link more exactly.
func outcome(make func(Config) *Converter, body []byte) string {
	diags := &diag.List{Lenient: true}
	c := make(Config{Words: words, Resolver: site{}, Diags: diags, SiteHost: "portal.example"})
	in := Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Body: body, Terms: testTerms(), Sources: []Source{{Key: "khzg"}}}
	whole := c.Convert(in)
	in.Lang = "en"
	short := c.Inline(in)
	for _, d := range []*Doc{whole, short} {
		for i := range d.Links {
			d.Links[i].Pos.Col = 0
		}
	}
	all := diags.Sorted()
	for i := range all {
		all[i].Col = 0
	}
	return fmt.Sprintf("%+v\n%+v\n%v", whole, short, all)
}

// inputs are the Markdown texts of the golden files.
func inputs(t testing.TB) (all [][]byte) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "in.md" })
		all = append(all, a.Files[i].Data)
	}
	return all
}

var plainTests = []string{
	"Eine lange Zeile ohne jedes Zeichen, das etwas bedeutet\nund noch eine solche, die hier endet",
	"Eine lange Zeile mit zwei Leerzeichen am Ende, die trennt  \nund noch eine solche, die hier endet   ",
	"Eine lange Zeile mit zwei Leerzeichen und einem CR  \r\nund noch eine solche, die hier endet\r\n",
	"Eine lange Zeile mit einem Backslash am Ende, der trennt\\\nund noch eine solche, die hier endet\\",
	"Ein Backslash\\ vor einem Leerzeichen und dann lange nichts\\*kein* Kursiv\\\\*kursiv* und so weiter ohne Zeichen",
	"Lange nichts, dann *kursiv* und lange nichts, dann **fett** und lange nichts, dann ~~weg~~ und lange nichts.",
	"- Eine lange Zeile in einer Liste ohne Zeichen\n  und ihre Fortsetzung, die eingerückt ist\n\n  Ein Absatz darin, der auch lang genug ist",
	"> Eine lange Zeile in einem Zitat ohne Zeichen\n> und ihre Fortsetzung\nund eine faule Fortsetzung, die lang ist",
	"Begriff, der eine lange Zeile hat und keine Zeichen\n: Erklärung, die eine lange Zeile hat\n\n\tCode mit Tab\n\n\t  und mehr Code",
	"| Eine lange Zelle ohne Zeichen | Noch eine lange Zelle \\| mit Strich |\n|---|---|\n| Eine lange Zelle ohne alle Zeichen | `a \\| b` |",
	"Eine lange Zeile vor einer Überschrift ohne Zeichen\n===\n\n[a]: /klinik \"Titel\"\n[b]: /manv\nText, der lang ist und der [a] und [b] nennt.",
	"[ ] Kein Kästchen, sondern eine lange Zeile\n\n- [ ] Ein Kästchen mit einer langen Zeile\n- [x] Noch ein Kästchen mit einer langen Zeile",
	"Eine lange Zeile mit https://portal.example/ und www.example.org und name@example.org darin\nsowie &amp; &#8364; und &unbekannt; und viel mehr Text",
	"    Code, eingerückt\n\n    mit Lücke\n\n\nText.\n\n    1\n    2\n    3\n    4\n    5\n    6\n    7\n    8\n    9\n    10\n    11\n    12\n    13\n    14\n    15\n    16\n    17\n    18",
	"       \n  Eingerückt und lang genug, um etwas auszumachen   \n\t\n",
}

// TestPlain: text without marks comes out as goldmark itself finds it.
func TestPlain(t *testing.T) {
	all := inputs(t)
	for _, s := range plainTests {
		all = append(all, []byte(s))
	}
	for _, body := range all {
		if got, want := outcome(New, body), outcome(slowConverter, body); got != want {
			t.Errorf("%q\ngot:\n%s\nwant:\n%s", body, got, want)
		}
	}
}

// TestMarks: plainParser stops at whatever begins something.
func TestMarks(t *testing.T) {
	all := inlineParsers()
	for _, p := range all[:len(all)-1] {
		for _, c := range p.Value.(parser.InlineParser).Trigger() {
			if !marks[c] {
				t.Errorf("%T begins with %q", p.Value, c)
			}
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, body := range inputs(f) {
		f.Add(body)
	}
	for _, s := range plainTests {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if got, want := outcome(New, body), outcome(slowConverter, body); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	})
}

// TestReuse: nothing of one text is left in the next, whatever came before.
func TestReuse(t *testing.T) {
	texts := inputs(t)
	c := New(Config{Words: words, Resolver: site{}, Diags: &diag.List{Lenient: true}, SiteHost: "portal.example", ReservedIDs: []string{"inhalt"}})
	do := func(c *Converter, i int) *Doc {
		in := Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Body: texts[i], Terms: testTerms(), Sources: []Source{{Key: "khzg"}}}
		if i%3 == 0 {
			return c.Inline(in)
		}
		return c.Convert(in)
	}
	want := make([]*Doc, len(texts))
	for i := range texts {
		want[i] = do(New(c.cfg), i)
	}
	var wg sync.WaitGroup
	for seed := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, 0))
			var held []*Doc
			var which []int
			for range 200 {
				i := r.IntN(len(texts))
				held, which = append(held, do(c, i)), append(which, i)
			}
			for n, d := range held {
				if !reflect.DeepEqual(d, want[which[n]]) {
					t.Errorf("text %d is another one now:\n%s\nwant:\n%s", which[n], d.HTML, want[which[n]].HTML)
				}
			}
		})
	}
	wg.Wait()
}

// TestWords: what is counted is what the sections say.
func TestWords(t *testing.T) {
	texts := append(inputs(t), []byte("<br> eins zwei\n\n# drei\n\n<br> vier\u00a0fünf\n\n## \n\n### sechs\n"))
	for _, body := range texts {
		n := 0
		d := convert(string(body))
		for _, s := range d.Sections {
			n += countWords(s.Title) + countWords(s.Text)
		}
		if d.Words != n {
			t.Errorf("%.60q has %d words, counted are %d", body, n, d.Words)
		}
	}
}
