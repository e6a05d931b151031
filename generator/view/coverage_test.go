package view_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestCoverage writes all of a coverage view as text: the map, the details as
// they go into its table, and what candidates' pages say.
func TestCoverage(t *testing.T) {
	t.Parallel()
	const file = "testdata/coverage.txtar"
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := contextOf(t, a, "de")
	var got strings.Builder
	data := view.Make(c).(*view.Coverage)
	fmt.Fprintf(&got, "%d %s, %d %s: %d solved, %d confirmed\n", data.Needs, data.NeedsLabel, data.Candidates, data.Label, data.Solved, data.Confirmed)
	for _, r := range data.Rows {
		fmt.Fprintf(&got, "\n%s [%s] (%s) met %d, open %d of %d, gaps %v\n", r.Need.Title, r.Keys, r.Status, r.Met, r.Open, r.Total, r.Gaps)
		for i, cell := range r.Cells {
			fmt.Fprintf(&got, "  %s: %s, %s", data.Columns[i].Title, cell.Verdict, cell.Text)
			if cell.Confirmed {
				got.WriteString(", confirmed")
			}
			fmt.Fprintf(&got, " #%s\n", cell.Link)
		}
	}
	table := data.Table(c)
	got.WriteString("\n")
	for _, row := range table.Rows {
		if len(row) != len(table.Columns) {
			t.Errorf("%d cells in %d columns", len(row), len(table.Columns))
		}
		fmt.Fprintln(&got, row...)
	}
	m := view.NewMatching(c.Phrases(), c.Def)
	got.WriteString("\n")
	for _, e := range m.Candidates {
		answers, total := m.Answers(e, 1)
		fmt.Fprintf(&got, "%s: %d %v\n", e.Title, total, answers)
	}
	golden(t, file, a, got.String())
}

func golden(t *testing.T, file string, a *txtar.Archive, got string) {
	t.Helper()
	want := &a.Files[len(a.Files)-1]
	if string(want.Data) == got {
		return
	}
	if !*update {
		t.Errorf("write with -update:\n%s\nwant\n%s", got, want.Data)
		return
	}
	want.Data = []byte(got)
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// contextOf is that of the only view of an archive's site.
func contextOf(t *testing.T, a *txtar.Archive, l string) view.Context {
	t.Helper()
	all := fstest.MapFS{}
	for _, f := range a.Files {
		all[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	templates, _ := all.Sub("templates") // the names are our own
	content, _ := all.Sub("content")
	var diags diag.List
	cfg := &site.Config{Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de", "en"}, Location: zone(t, "Europe/Berlin")}
	defs := source.LoadDefinitions(templates, &diags)
	s := site.Assemble(site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies, Entries: source.LoadEntries(content, cfg, defs.Types, nil, nil, &diags)},
		site.View{Audience: site.Public, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, cfg.Location)}, &diags)
	for _, d := range diags.Sorted() {
		t.Error(d)
	}
	words, err := lang.Load([]string{"de", "en"}, os.DirFS("../../templates"))
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range s.Types {
		for _, v := range typ.Views {
			return view.Context{Site: s, Def: v, Lang: l, Entries: view.Listed(s, typ.Name, l), Plain: site.Plain,
				Word: func(key string, args ...any) string { return words.Must(l, key, args...) }}
		}
	}
	t.Fatal("no view")
	return view.Context{}
}

// TestCoverageBounds: the page of a large site has the first needs and the
// candidates that meet most of them; its table has all needs.
func TestCoverageBounds(t *testing.T) {
	t.Parallel()
	a, err := txtar.ParseFile("testdata/coverage.txtar")
	if err != nil {
		t.Fatal(err)
	}
	const n = 60
	for i := range n {
		a.Files = append(a.Files,
			txtar.File{Name: fmt.Sprintf("content/dinge/d%02d.md", i), Data: fmt.Appendf(nil, "---\ntitle: D%02d\nlast: %d\nort: [luft]\n---\n", i, 2*i)},
			txtar.File{Name: fmt.Sprintf("content/wuensche/w%02d.md", i), Data: fmt.Appendf(nil, "---\ntitle: W%02d\nmuss: [\"last >= %d\"]\npasst: [d00]\n---\n", i, i)})
	}
	c := contextOf(t, a, "de")
	data := view.Make(c).(*view.Coverage)
	if data.Needs != n+4 || data.Candidates != n+3 || len(data.Rows) != 30 || len(data.Columns) != 14 {
		t.Errorf("%d of %d needs, %d of %d candidates", len(data.Rows), data.Needs, len(data.Columns), data.Candidates)
	}
	if last := data.Columns[len(data.Columns)-1]; last.Title != "Kran" && last.Title != "D59" {
		t.Errorf("the columns end with %s, which meets few needs", last.Title)
	}
	for _, r := range data.Rows {
		if len(r.Best) > 4 || len(r.Best)+len(r.Others) > 21 {
			t.Errorf("%s: %d and %d candidates", r.Need.Title, len(r.Best), len(r.Others))
		}
	}
	named := map[any]bool{}
	for _, row := range data.Table(c).Rows {
		named[row[0]] = true
	}
	if len(named) != n+4 {
		t.Errorf("the table has %d needs", len(named))
	}
}
