package view_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
)

// The type of another working group: nothing in it has the name of one of ours.
const shipType = `
labels: {one: {de: Schiff}, many: {de: Schiffe}}
folder: schiffe
order: [title]
groups:
  - {name: lage, label: {de: Lage}}
fields:
  - name: fit
    kind: record
    label: {de: Eignung}
    group: lage
    fields:
      - name: sea
        kind: record
        label: {de: Hohe See}
        fields: &way
          - {name: grade, kind: level, min: 0, max: 3, label: {de: Stufe}, values: [{key: "0", label: {de: ungeeignet}}, {key: "1", label: {de: Plan}, note: {de: Nur gedacht.}}, {key: "2", label: {de: Probe}}, {key: "3", label: {de: Dienst}}]}
          - {name: why, kind: text, label: {de: Grund}}
          - {name: proof, kind: text, cites: true, label: {de: Beleg}}
      - {name: river, kind: record, label: {de: Fluss}, fields: *way}
  - {name: ports, kind: tags, vocabulary: hafen, multiple: true, label: {de: Häfen}}
  - {name: length, kind: number, unit: m, label: {de: Länge}}
  - {name: crew, kind: range, label: {de: Besatzung}}
views:
  - name: flotte
    title: {de: Flotte}
    filters: [ports]
    matrix:
      proven: 2
      unproven: {de: "Für {} ist nichts erprobt."}
      sets:
        - {levels: [fit.sea, fit.river], level: grade, text: why, evidence: proof}
        - tags: ports
          groups:
            - {label: {de: Meer}, terms: [kiel, emden], level: fit.sea.grade}
            - {label: {de: Binnen}}
`

var shipFiles = fstest.MapFS{
	"types/common.yaml": {Data: []byte(`
fields:
  - {name: title, kind: text, required: true, label: {de: Titel}}
  - {name: summary, kind: text, label: {de: Kurz}}
  - name: sources
    kind: list
    label: {de: Quellen}
    fields: [{name: key, kind: text, label: {de: K}}, {name: title, kind: text, label: {de: T}}, {name: publisher, kind: text, label: {de: P}}]
`)},
	"types/page/type.yaml": {Data: []byte("labels: {one: {de: Seite}, many: {de: Seiten}}\nfallback: true\n")},
	"types/ship/type.yaml": {Data: []byte(shipType)},
	"taxonomies/hafen.yaml": {Data: []byte(`
ordered: true
terms:
  - {id: emden, label: {de: Emden}}
  - {id: kiel, label: {de: Kiel an der Förde}, short: {de: Kiel}}
  - {id: bonn, label: {de: Bonn}}
  - {id: worms, label: {de: Worms}}
`)},
}

var ships = map[string]string{
	"anna":  "title: Anna\nfit:\n  sea: {grade: 3, why: Fährt., proof: werft}\n  river: {grade: 0, why: Zu tief.}\nports: [kiel, bonn]\nlength: 12.5\ncrew: {min: 2, max: 4}\nsources:\n  - {key: werft, title: Heft, publisher: \"Werft am Meer (WaM)\"}\n",
	"berta": "title: Berta\nfit:\n  sea: {grade: 1}\n  river: {grade: 1, why: Geplant.}\nports: [emden]\n",
	"clara": "title: Clara\nfit:\n  sea: {grade: 2, why: Übte.}\n",
}

// fleet is the view of some ships.
func fleet(t *testing.T, entries map[string]string) view.Context {
	t.Helper()
	content := fstest.MapFS{}
	for id, front := range entries {
		content["schiffe/"+id+".md"] = &fstest.MapFile{Data: []byte("---\n" + front + "---\nText.\n")}
	}
	var diags diag.List
	cfg := &site.Config{Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de"}, Location: time.UTC}
	defs := source.LoadDefinitions(shipFiles, &diags)
	s := site.Assemble(site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies, Entries: source.LoadEntries(content, cfg, defs.Types, nil, nil, &diags)},
		site.View{Audience: site.Public, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}, &diags)
	for _, d := range diags.Sorted() {
		t.Fatal(d)
	}
	def := s.Type("ship").Views[0]
	return view.Context{Site: s, Def: def, Lang: "de", Entries: view.Listed(s, "ship", "de"), Plain: site.Plain,
		Word: func(key string, args ...any) string {
			return strings.TrimSpace(fmt.Sprintln(append([]any{key}, args...)...))
		}}
}

// drawing is a matrix as text: a line for each row, then what is counted and missed.
func drawing(m *view.Matrix) string {
	var b strings.Builder
	for _, set := range m.Sets {
		fmt.Fprintf(&b, "%s %s\n", set.Key, set.Label)
		for _, g := range set.Groups {
			fmt.Fprintf(&b, "  <%s %d>", g.Label, g.Span)
		}
		for _, c := range set.Columns {
			fmt.Fprintf(&b, "  %s/%s", c.Label, c.Short)
		}
		b.WriteString("\n")
		for _, r := range set.Rows {
			fmt.Fprintf(&b, "  %s [%s]", r.Entry.ID, r.Keys)
			for _, c := range r.Cells {
				fmt.Fprintf(&b, " | %s %s %s %s", c.State, strings.Repeat("#", c.Mark.Filled)+strings.Repeat(".", c.Mark.Of-c.Mark.Filled), c.Label, site.Plain(c.Text))
				if c.Source.Key != "" {
					fmt.Fprintf(&b, " (%s: %s)", c.Source.Key, c.Source.Title)
				}
			}
			b.WriteString("\n")
		}
		for _, c := range set.Columns {
			fmt.Fprintf(&b, "  %s: %d of", c.Label, c.Filled)
			for _, n := range c.Counts {
				fmt.Fprintf(&b, " %d×%s", n.N, n.Label)
			}
			b.WriteString("\n")
		}
		for _, g := range set.Gaps {
			fmt.Fprintf(&b, "  ! %s\n", g)
		}
	}
	fmt.Fprintf(&b, "%d of %d without a source\n", m.Unsourced, m.Statements)
	return b.String()
}

// TestMatrix: a statement, none, a refusal and a word that is left out are four
// different things; groups order the columns, and gaps say what is missing.
func TestMatrix(t *testing.T) {
	t.Parallel()
	c := fleet(t, ships)
	got := drawing(view.Make(c).(*view.Matrix))
	want := `fit Eignung
  Hohe See/Hohe See  Fluss/Fluss
  anna [ports:kiel ports:bonn] | step ### Dienst Fährt. (werft: WaM) | step ... ungeeignet Zu tief.
  berta [ports:emden] | step #.. Plan  | step #.. Plan Geplant.
  clara [] | step ##. Probe Übte. | gap  view.matrix.gap 
  Hohe See: 3 of 1×Dienst 1×Probe 1×Plan
  Fluss: 1 of 1×Plan 1×ungeeignet 1×view.matrix.gap
  ! Für Fluss ist nichts erprobt. view.matrix.furthest Berta Plan
  ! view.matrix.silent Fluss Clara
ports Häfen
  <Meer 2>  <Binnen 2>  Emden/Emden  Kiel an der Förde/Kiel  Bonn/Bonn  Worms/Worms
  anna [ports:kiel ports:bonn] | no  view.matrix.no  | step ### Dienst  | yes  view.matrix.yes  | no  view.matrix.no 
  berta [ports:emden] | step #.. Plan  | no  view.matrix.no  | no  view.matrix.no  | no  view.matrix.no 
  clara [] | gap  view.matrix.gap  | gap  view.matrix.gap  | gap  view.matrix.gap  | gap  view.matrix.gap 
  Emden: 1 of 1×Plan 1×view.matrix.no 1×view.matrix.gap
  Kiel an der Förde: 1 of 1×Dienst 1×view.matrix.no 1×view.matrix.gap
  Bonn: 1 of 1×view.matrix.yes 1×view.matrix.no 1×view.matrix.gap
  Worms: 0 of 2×view.matrix.no 1×view.matrix.gap
  ! Für Emden ist nichts erprobt. view.matrix.furthest Berta Plan
  ! view.matrix.silent Häfen Clara
  ! view.matrix.missing Worms
3 of 4 without a source
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestMatrixTable: all statements and gaps, a row each.
func TestMatrixTable(t *testing.T) {
	t.Parallel()
	c := fleet(t, ships)
	table := view.Make(c).Table(c)
	var got []string
	for _, row := range table.Rows {
		if len(row) != len(table.Columns) {
			t.Fatalf("%d cells under %d columns", len(row), len(table.Columns))
		}
		got = append(got, fmt.Sprint(row...))
	}
	for _, want := range []string{
		"Eignung Hohe See Anna https://probe.example/schiffe/anna/ 3 Dienst Fährt. WaM",
		"Häfen Meer Emden Berta https://probe.example/schiffe/berta/ 1 Plan  ",
	} {
		want = strings.Join(strings.Fields(want), "")
		found := false
		for _, g := range got {
			found = found || strings.Join(strings.Fields(strings.ReplaceAll(g, "<nil>", "")), "") == want
		}
		if !found {
			t.Errorf("no row %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	// Six in the first set; in the second three words and four gaps.
	if len(got) != 13 {
		t.Errorf("%d rows:\n%s", len(got), strings.Join(got, "\n"))
	}
}

// TestMatrixLong: a page shows the first entries; counts, gaps and the table
// are of all.
func TestMatrixLong(t *testing.T) {
	t.Parallel()
	many := map[string]string{}
	for i := range 300 {
		many[fmt.Sprintf("s%03d", i)] = fmt.Sprintf("title: Schiff %03d\nfit: {sea: {grade: 3}}\n", i)
	}
	c := fleet(t, many)
	m := view.Make(c).(*view.Matrix)
	if m.Total != 300 || m.Shown >= 100 || len(m.Sets[0].Rows) != m.Shown || len(m.Sets[1].Rows) != m.Shown {
		t.Errorf("%d of %d, %d rows", m.Shown, m.Total, len(m.Sets[0].Rows))
	}
	if n := m.Sets[0].Columns[0].Counts[0].N; n != 300 {
		t.Errorf("%d counted", n)
	}
	if g := m.Sets[0].Gaps[len(m.Sets[0].Gaps)-1]; g != "view.matrix.silent Fluss view.matrix.names Schiff 000, Schiff 001, Schiff 002 297" {
		t.Error(g)
	}
	if n := len(m.Table(c).Rows); n != 300*6 {
		t.Errorf("%d rows in the table", n)
	}
	empty := fleet(t, nil)
	if m := view.Make(empty).(*view.Matrix); m.Total != 0 {
		t.Error(m.Total)
	}
}

// TestDatasheet: all fields in the same order, in words, those without a value too.
func TestDatasheet(t *testing.T) {
	t.Parallel()
	c := fleet(t, ships)
	m := view.Make(c).(*view.Matrix)
	write := func(i int) string {
		s := m.Datasheet(c, c.Entries[i])
		out := s.ID + " " + s.Title + " " + s.URL + "\n"
		for _, g := range s.Groups {
			out += "<" + g.Label + ">\n"
			for _, f := range g.Fields {
				out += fmt.Sprintf("%s %s [\"%s\"]\n", f.Key, f.Label, strings.Join(f.Values, `" "`))
			}
		}
		return out
	}
	want := `anna Anna https://probe.example/schiffe/anna/
<Lage>
fit.sea.grade Hohe See: Stufe ["Dienst"]
fit.sea.why Hohe See: Grund ["Fährt."]
fit.sea.proof Hohe See: Beleg ["Heft"]
fit.river.grade Fluss: Stufe ["ungeeignet"]
fit.river.why Fluss: Grund ["Zu tief."]
fit.river.proof Fluss: Beleg [""]
<>
ports Häfen ["Kiel an der Förde" "Bonn"]
length Länge ["12,5` + "\u00a0" + `m"]
crew Besatzung ["range.both 2 4"]
`
	if got := write(0); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := write(1); !strings.Contains(got, `fit.sea.grade Hohe See: Stufe ["Plan: Nur gedacht."]`) || !strings.Contains(got, `length Länge [""]`) {
		t.Error(got)
	}
}
