package render_test

import (
	"bytes"
	"flag"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

// silent is a machine that has nothing to say.
type silent struct{}

func (silent) Follow(*site.Entry) []render.FollowGroup                                { return nil }
func (silent) AllFeeds(string) []render.FollowGroup                                   { return nil }
func (silent) Feeds(string, *site.Type, *site.Term) []render.FeedLink                 { return nil }
func (silent) Exports(string, *site.Type) []render.Link                               { return nil }
func (silent) ViewExports(string, *site.ViewDef) []render.Link                        { return nil }
func (silent) Meta(*site.Entry) []render.Meta                                         { return nil }
func (silent) JSONLD(*site.Entry, []render.Link) []byte                               { return nil }
func (silent) StartJSONLD(string) []byte                                              { return nil }
func (silent) ListJSONLD(string, string, string, []*site.Entry, []render.Link) []byte { return nil }
func (silent) Cite(*site.Entry) (string, []render.CiteFile)                           { return "", nil }

// renderer reads the archive's templates and content.
func renderer(t *testing.T, a *txtar.Archive) (*render.Renderer, []*render.Job) {
	t.Helper()
	all := fstest.MapFS{}
	for _, f := range a.Files {
		all[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for _, kind := range render.Kinds {
		all["templates/pages/"+kind+".html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}{{end}}`)}
	}
	templates, err := all.Sub("templates")
	must(t, err)
	content, err := all.Sub("content")
	must(t, err)
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	var diags diag.List
	cfg := &site.Config{Title: "Probe", BaseURL: "https://probe.example/unter", Languages: []string{"de", "en"}, Location: berlin}
	defs := source.LoadDefinitions(templates, &diags)
	entries := source.LoadEntries(content, cfg, defs.Types, nil, nil, &diags)
	s := site.Assemble(site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies, Entries: entries},
		site.View{Audience: site.Public, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, berlin)}, &diags)
	for _, d := range diags.Sorted() {
		t.Fatal(d)
	}
	words, err := lang.Load([]string{"de", "en"}, os.DirFS("../../templates"))
	must(t, err)
	r, err := render.New(render.Input{Site: s, Words: words, Templates: templates, Machine: silent{},
		Prose:     func(site.Prose) string { return "" },
		Plain:     site.Plain,
		Blocks:    func(*site.Entry) []view.Block { return nil },
		PageFiles: func(string) (string, string) { return "", "" },
		Picture:   func(site.Image) *render.Picture { return nil },
		Download:  func(site.File) *render.Link { return nil }})
	must(t, err)
	return r, r.Plan()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func makePage(r *render.Renderer, j *render.Job) ([]byte, error) {
	p, err := r.Fill(j, &render.Text{})
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	err = r.Execute(&html, j, p)
	return html.Bytes(), err
}

// TestPages prints what every page holds and compares it with the archive.
func TestPages(t *testing.T) {
	t.Parallel()
	const file = "testdata/pages.txtar"
	a, err := txtar.ParseFile(file)
	must(t, err)
	want := ""
	if last := a.Files[len(a.Files)-1]; last.Name == "want" {
		want, a.Files = string(last.Data), a.Files[:len(a.Files)-1]
	}
	r, jobs := renderer(t, a)
	var b strings.Builder
	for _, j := range jobs {
		page, err := makePage(r, j)
		must(t, err)
		b.WriteString(html.UnescapeString(string(page)))
		if !r.Has(j.Path) {
			t.Errorf("Has(%s) is false", j.Path)
		}
	}
	got := strings.TrimSpace(regexp.MustCompile(`\n+`).ReplaceAllString(b.String(), "\n")) + "\n"
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("pages differ (write with -update)\n%s\nwant\n%s", got, want)
	}
	a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
	must(t, os.WriteFile(file, txtar.Format(a), 0o644))
}

// TestPlanOnce: no two pages have one address, and all have a title.
func TestPlanOnce(t *testing.T) {
	t.Parallel()
	a, err := txtar.ParseFile("testdata/pages.txtar")
	must(t, err)
	_, jobs := renderer(t, a)
	seen := map[string]bool{}
	for _, j := range jobs {
		if seen[j.Path] {
			t.Errorf("%s is planned twice", j.Path)
		}
		if strings.TrimSpace(j.Title) == "" {
			t.Errorf("%s has no title", j.Path)
		}
		seen[j.Path] = true
	}
}

// TestMakeHidesNoFault: what goes wrong in a page is an error or a panic,
// never an empty page.
func TestMakeHidesNoFault(t *testing.T) {
	t.Parallel()
	a, err := txtar.ParseFile("testdata/pages.txtar")
	must(t, err)
	r, jobs := renderer(t, a)
	r.Prose = func(site.Prose) string { panic("fault of the test") }
	r.Machine = nil
	for _, j := range jobs {
		if j.Kind != "entry" {
			continue
		}
		func() {
			defer func() { _ = recover() }()
			if page, err := makePage(r, j); err == nil {
				t.Errorf("%s is an empty page of %d bytes, without an error", j.Path, len(page))
			}
		}()
	}
}
