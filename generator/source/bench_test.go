package source_test

import (
	"io/fs"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/e2e/sitegen"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// BenchmarkLoadEntries reads entries of all types, with their whole front
// matter: figures are for 200 of them.
func BenchmarkLoadEntries(b *testing.B) {
	templates := os.DirFS("../../templates")
	content, bytes := generated(b, templates, 200)
	var diags diag.List
	types := source.LoadTypes(templates, &diags)
	cfg := &site.Config{Languages: []string{"de"}, Location: time.UTC}
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		if n := len(source.LoadEntries(content, cfg, types, nil, nil, &diags)); n != 200 {
			b.Fatal(n, diags.Sorted())
		}
	}
}

// BenchmarkLoadExamples reads the examples of all types, every field filled.
func BenchmarkLoadExamples(b *testing.B) {
	templates := os.DirFS("../../templates")
	var diags diag.List
	types := source.LoadTypes(templates, &diags)
	content := fstest.MapFS{}
	for _, t := range types {
		folder := t.Folder
		if t.Fallback {
			folder = "seiten"
		}
		content[folder+"/beispiel-"+t.Name+".md"] = &fstest.MapFile{Data: t.Example}
	}
	cfg := &site.Config{Languages: []string{"de"}, Location: time.UTC}
	b.ReportAllocs()
	for b.Loop() {
		if n := len(source.LoadEntries(content, cfg, types, nil, nil, &diags)); n != len(types) {
			b.Fatal(n, diags.Sorted())
		}
	}
}

// BenchmarkDefinitions reads the types and vocabularies.
func BenchmarkDefinitions(b *testing.B) {
	templates := os.DirFS("../../templates")
	b.ReportAllocs()
	for b.Loop() {
		var diags diag.List
		source.LoadDefinitions(templates, &diags)
	}
}

// generated is the content of a generated site, and its size.
func generated(tb testing.TB, templates fs.FS, entries int) (content fs.FS, bytes int64) {
	tb.Helper()
	s, err := sitegen.New(templates, entries, 1)
	must(tb, err)
	all := fstest.MapFS{}
	for name, text := range s.Files() {
		all[name] = &fstest.MapFile{Data: text}
		bytes += int64(len(text))
	}
	content, err = all.Sub("content")
	must(tb, err)
	return content, bytes
}
