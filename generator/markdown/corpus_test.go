package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

type nothing struct{}

func (nothing) Entry(id, lang string) (Target, bool)  { return Target{}, false }
func (nothing) Suggest(id string) string              { return "" }
func (nothing) Path(file, dest string) (string, bool) { return "", false }
func (nothing) Image(file, src string) (img Image, e error) {
	return img, errors.New("die Datei fehlt")
}

// TestCorpus converts a folder of foreign Markdown, named by MARKDOWN_CORPUS,
// and prints what it took. With MARKDOWN_CHECK the HTML is checked, with
// MARKDOWN_OUT it is written there, with MARKDOWN_DIAGS the findings are.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("MARKDOWN_CORPUS")
	if dir == "" {
		t.Skip("MARKDOWN_CORPUS nennt keinen Ordner")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.md"))
	type text struct {
		name, title string
		line        int
		body        []byte
	}
	texts := make([]text, len(files))
	size := 0
	for i, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := bytes.Cut(b, []byte("---\n"))
		head, body, _ := bytes.Cut(rest, []byte("---\n"))
		title := ""
		for _, l := range strings.Split(string(head), "\n") {
			if v, ok := strings.CutPrefix(l, "title: "); ok {
				title = strings.ReplaceAll(strings.Trim(v, `"`), `\"`, `"`)
			}
		}
		texts[i] = text{filepath.Base(f), title, 3 + bytes.Count(head, []byte("\n")), body}
		size += len(body)
	}
	var terms []Term
	for i, w := range strings.Fields("Verordnung Bundesanstalt Krankenhaus Zivilschutz Medizinprodukt Arzneimittel Rechtsverordnung Behandlung Behörde Zulassung BGB SGB Anlage Betreiber Sachverständiger Lieferung Beförderung Wirtschaft Forschung Prüfung") {
		for j := range 5 {
			terms = append(terms, Term{ID: fmt.Sprintf("t%d-%d", i, j), Words: []string{w + strings.Repeat("x", j), w + " von Kindern"}})
		}
	}
	diags := &diag.List{Lenient: true}
	c := New(Config{Words: words, Resolver: nothing{}, Diags: diags})
	gloss := NewTerms(terms)
	out := os.Getenv("MARKDOWN_OUT")
	start := time.Now()
	var next, html atomic.Int64
	var slow sync.Map
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(texts) {
					return
				}
				x, begin := texts[i], time.Now()
				d := c.Convert(Input{Pos: diag.Pos{File: x.name, Line: x.line}, Lang: "de", Title: x.title, Body: x.body, Terms: gloss})
				html.Add(int64(len(d.HTML)))
				if took := time.Since(begin); took > time.Second/2 {
					slow.Store(x.name, took)
				}
				if os.Getenv("MARKDOWN_CHECK") != "" {
					if err := errors.Join(wellFormed(d.HTML), nested(d.HTML)); err != nil {
						t.Errorf("%s: %v", x.name, err)
					}
				}
				if out != "" {
					page := "<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\"><title>x</title></head><body><main><h1>x</h1>\n" + d.HTML
					for _, id := range d.Terms {
						page += "<p id=\"begriff-" + id + "\">x</p>\n"
					}
					_ = os.WriteFile(filepath.Join(out, x.name+".html"), []byte(page+"</main></body></html>"), 0o644)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d Texte, %d MB, %d MB HTML in %v", len(texts), size>>20, html.Load()>>20, time.Since(start).Round(time.Millisecond))
	slow.Range(func(k, v any) bool { t.Log("langsam:", k, v); return true })
	count := map[string]int{}
	for _, d := range diags.Sorted() {
		count[d.Code]++
	}
	t.Log(count)
	if f := os.Getenv("MARKDOWN_DIAGS"); f != "" {
		var b strings.Builder
		for _, d := range diags.Sorted() {
			fmt.Fprintln(&b, d)
		}
		_ = os.WriteFile(f, []byte(b.String()), 0o644)
	}
}
