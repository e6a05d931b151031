package render_test

import (
	"bytes"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/e2e/sitegen"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// BenchmarkMake makes the pages of generated sites, each kind by itself; the
// texts are there already. The pages of lists and terms show what grows with
// the site.
func BenchmarkMake(b *testing.B) {
	for _, size := range []struct {
		name    string
		entries int
	}{{"300", 300}, {"1200", 1200}} {
		r, jobs := generatedSite(b, size.entries)
		byKind := map[string][]*render.Job{}
		var kinds []string
		for _, j := range jobs {
			if byKind[j.Kind] == nil {
				kinds = append(kinds, j.Kind)
			}
			byKind[j.Kind] = append(byKind[j.Kind], j)
		}
		for _, kind := range kinds {
			b.Run(path.Join(kind, size.name), func(b *testing.B) {
				jobs, text, page, size, i := byKind[kind], someText(), bytes.Buffer{}, 0, 0
				b.ReportAllocs()
				for b.Loop() {
					j, t := jobs[i%len(jobs)], text
					if j.Entry == nil {
						t = nil
					}
					p, err := r.Fill(j, t)
					must(b, err)
					page.Reset()
					must(b, r.Execute(&page, j, p))
					size += page.Len()
					i++
				}
				b.ReportMetric(float64(size)/float64(i), "bytes/page")
			})
		}
	}
}

// BenchmarkPlan lists the pages of a generated site of 1,200 entries.
func BenchmarkPlan(b *testing.B) {
	r, _ := generatedSite(b, 1200)
	b.ReportAllocs()
	for b.Loop() {
		r.Plan()
	}
}

// generatedSite renders with the templates of the program; every text is the
// same; pictures, structured data and related entries are left out.
func generatedSite(b *testing.B, entries int) (*render.Renderer, []*render.Job) {
	b.Helper()
	templates := os.DirFS("../../templates")
	gen, err := sitegen.New(templates, entries, 1)
	must(b, err)
	all := fstest.MapFS{}
	for name, text := range gen.Files() {
		all[name] = &fstest.MapFile{Data: text}
	}
	content, err := all.Sub("content")
	must(b, err)
	var diags diag.List
	cfg := &site.Config{Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de"}, Location: time.UTC}
	defs := source.LoadDefinitions(templates, &diags)
	s := site.Assemble(site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies,
		Entries: source.LoadEntries(content, cfg, defs.Types, nil, nil, &diags)},
		site.View{Audience: site.Public, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}, &diags)
	for _, d := range diags.Sorted() {
		b.Fatal(d)
	}
	words, err := lang.Load(cfg.Languages, templates)
	must(b, err)
	r, err := render.New(render.Input{Site: s, Words: words, Templates: templates, Machine: silent{},
		Prose:    func(p site.Prose) string { return "<p>" + p.Source + "</p>" },
		Plain:    site.Plain,
		Picture:  func(site.Image) *render.Picture { return nil },
		Download: func(site.File) *render.Link { return nil },
	})
	must(b, err)
	return r, r.Plan()
}

func someText() *render.Text {
	text := &render.Text{First: "Ein Satz.", HTML: strings.Repeat("<p>"+strings.Repeat("Ein Satz aus Wörtern. ", 20)+"</p>\n", 8)}
	for _, id := range []string{"worum", "ausgangslage", "folgen"} {
		text.Outline = append(text.Outline, render.Heading{Level: 2, ID: id, Text: "Worum es geht"})
	}
	return text
}
