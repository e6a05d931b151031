package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// web makes a site out of entries "type/id" or "type/id.en" (a translation of
// "type/id") and relations "type/id > type/id". Types come in the order of the way.
func web(t *testing.T, way, entries, relations string) (*site.Site, map[string]*site.Entry) {
	t.Helper()
	s := &site.Site{Config: &site.Config{Languages: []string{"de", "en"}}}
	for _, name := range strings.Fields(way) {
		s.Types = append(s.Types, &site.Type{Name: name, Labels: site.Labels{Many: site.Text{"de": name}}})
		s.Config.Thread = append(s.Config.Thread, site.TypeName{Name: name})
	}
	byName := map[string]*site.Entry{}
	for _, name := range strings.Fields(entries) {
		typ, id, _ := strings.Cut(name, "/")
		base, lang, translated := strings.Cut(id, ".")
		e := &site.Entry{ID: id, Title: id, Path: name, Lang: "de", Type: s.Type(typ)}
		if translated {
			e.Lang = lang
			o := byName[typ+"/"+base]
			e.Translations, o.Translations = []*site.Entry{o}, []*site.Entry{e}
		}
		byName[name] = e
		s.Entries = append(s.Entries, e)
	}
	fields := map[string]*site.Field{}
	for _, r := range strings.Split(strings.TrimSpace(relations), ",") {
		a, b, _ := strings.Cut(strings.TrimSpace(r), " > ")
		from, to := byName[a], byName[b]
		if from == nil || to == nil {
			t.Fatalf("no entries for %q", r)
		}
		name := from.Type.Name + "-" + to.Type.Name
		if fields[name] == nil {
			fields[name] = &site.Field{Name: name, Kind: site.KindRelation, Label: site.Text{"de": name}, Reverse: &site.Reverse{Name: "r", Label: site.Text{"de": to.Type.Name + "<" + from.Type.Name}}}
		}
		edge := site.Edge{Field: fields[name], From: from, To: to}
		from.Out, to.In = append(from.Out, edge), append(to.In, edge)
	}
	return s, byName
}

// TestThread: steps that are related to an entry, or by way of those between it
// and them. "~" is not direct, "-" a gap.
func TestThread(t *testing.T) {
	t.Parallel()
	s, entries := web(t, "dialog bedarf produkt pilot geld position",
		"dialog/d1 bedarf/b1 bedarf/b2 produkt/p1 produkt/p2 produkt/p3 pilot/t1 pilot/t2 geld/g1 position/x1 position/alt bedarf/b3 bedarf/b3.en produkt/p4 pilot/t3",
		`bedarf/b1 > dialog/d1, bedarf/b1 > produkt/p1, bedarf/b1 > produkt/p2, pilot/t1 > produkt/p1, pilot/t1 > bedarf/b1,
		 pilot/t1 > geld/g1, position/x1 > bedarf/b1, position/alt > bedarf/b1, bedarf/b2 > produkt/p3,
		 bedarf/b3.en > produkt/p4, pilot/t3 > bedarf/b3, position/x1 > position/alt`)
	entries["position/alt"].Status = site.StatusArchived
	w := view.NewWay(s)
	for name, want := range map[string]string{
		"dialog/d1":    "*d1* | b1 | ~p1 p2 | ~t1 | ~g1 | ~x1",
		"bedarf/b1":    "d1 | *b1* | p1 p2 | t1 | ~g1 | x1",
		"produkt/p1":   "~d1 | b1 | *p1* | t1 | ~g1 | ~x1",
		"pilot/t1":     "~d1 | b1 | p1 | *t1* | g1 | ~x1",
		"geld/g1":      "~d1 | ~b1 | ~p1 | t1 | *g1* | ~x1",
		"position/x1":  "~d1 | b1 | ~p1 p2 | ~t1 | ~g1 | *x1*",
		"produkt/p2":   "~d1 | b1 | *p2* | - | - | ~x1", // that its need has a project says nothing about it
		"bedarf/b2":    "- | *b2* | p3 | - | - | -",
		"pilot/t2":     "- | - | - | *t2* | - | -",
		"bedarf/b3":    "- | *b3* | p4 | t3 | - | -",    // what the translation says counts
		"bedarf/b3.en": "- | *b3.en* | p4 | t3 | - | -", // and the other way round
	} {
		var got []string
		for _, step := range w.Thread(entries[name]) {
			var ids []string
			for _, e := range step.Entries {
				ids = append(ids, e.ID)
			}
			text := strings.Join(ids, " ")
			switch {
			case step.Here:
				text = "*" + entries[name].ID + "*"
			case text == "":
				text = "-"
			case !step.Direct:
				text = "~" + text
			}
			got = append(got, text)
		}
		if got := strings.Join(got, " | "); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	other := &site.Entry{Type: &site.Type{Name: "anderes"}}
	if got := w.Thread(other); got != nil {
		t.Errorf("a type that is not on the way: %v", got)
	}
}

// TestWays: a row for each entry, the fullest first, with gaps; the table has all.
func TestWays(t *testing.T) {
	t.Parallel()
	s, byName := web(t, "dialog bedarf produkt geld", "dialog/d1 bedarf/b1 bedarf/b2 bedarf/b3 produkt/p1 produkt/p2 produkt/p3 produkt/p4 geld/g1",
		"bedarf/b2 > dialog/d1, bedarf/b2 > produkt/p1, bedarf/b2 > produkt/p2, bedarf/b2 > produkt/p3, bedarf/b2 > produkt/p4, produkt/p2 > geld/g1, bedarf/b3 > dialog/d1")
	c := view.Context{Site: s, Lang: "de", Word: func(key string, _ ...any) string { return key }, Def: &site.ViewDef{Type: s.Type("bedarf"), Way: &site.WayView{}},
		Entries: []*site.Entry{byName["bedarf/b1"], byName["bedarf/b2"], byName["bedarf/b3"]}}
	w := view.Make(c).(*view.Ways)
	var got []string
	for _, x := range w.Steps {
		got = append(got, fmt.Sprint(x.Label, " ", x.Have))
	}
	for _, r := range w.Rows {
		row := r.ID
		for _, cell := range r.Cells {
			row += fmt.Sprintf(" %d/%d", len(cell.Links), cell.Count)
			if cell.Via {
				row += "~"
			}
		}
		got = append(got, row)
	}
	if got := strings.Join(got, ", "); got != "dialog 2, produkt 1, geld 1, b2 1/1 3/4 1/1~, b3 1/1 0/0 0/0, b1 0/0 0/0 0/0" || w.Closed != 1 {
		t.Error(got, w.Closed)
	}
	if rows := w.Table(c).Rows; len(rows) != 3+6+3 || rows[0][4] != nil || rows[3][4] != "d1" {
		t.Error(rows)
	}
}

// TestThreadBounds: an entry that everything leads to makes no page dear.
func TestThreadBounds(t *testing.T) {
	t.Parallel()
	var entries, relations strings.Builder
	entries.WriteString("geld/g dialog/d")
	relations.WriteString("dialog/d > geld/g")
	for i := range 300 {
		fmt.Fprintf(&entries, " pilot/t%d produkt/p%d", i, i)
		fmt.Fprintf(&relations, ", pilot/t%d > geld/g, produkt/p%d > pilot/t%d", i, i, i)
	}
	s, byName := web(t, "dialog produkt pilot geld", entries.String(), relations.String())
	steps := view.NewWay(s).Thread(byName["geld/g"])
	if n := len(steps[2].Entries); n != 300 {
		t.Errorf("%d projects, all of them are related to it", n)
	}
	if n := len(steps[1].Entries); n != 24 {
		t.Errorf("%d products are looked for by way of projects", n)
	}
}

// TestGraph: a picture from three neighbours on, with at most twelve of them, some
// of each relation, and none over another.
func TestGraph(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "none", 2: "none", 3: "3+0", 12: "12+0", 13: "12+1", 500: "12+488"} {
		names, relations := "pilot/mitte geld/g0", "pilot/mitte > geld/g0"
		for i := 1; i < n; i++ {
			names += fmt.Sprintf(" produkt/ein-recht-langer-titel-%d", i)
			relations += fmt.Sprintf(", produkt/ein-recht-langer-titel-%d > pilot/mitte", i)
		}
		s, byName := web(t, "pilot produkt geld", names, relations)
		all := view.Neighbours(s, byName["pilot/mitte"])
		g := view.NewGraph(all[:min(n, len(all))], "de")
		got := "none"
		if g != nil {
			got = fmt.Sprintf("%d+%d", len(g.Nodes), g.More)
		}
		if got != want {
			t.Errorf("%d neighbours: %s, want %s", n, got, want)
			continue
		}
		if g == nil {
			continue
		}
		relationsShown := map[string]bool{}
		for i, a := range g.Nodes {
			relationsShown[a.Relation] = true
			if a.Y < 15 || a.Y > g.Height-15 || a.X < 15 || a.X > view.GraphWidth-15 {
				t.Errorf("%d: node %d lies outside: %d, %d of %d", n, i, a.X, a.Y, g.Height)
			}
			for _, b := range g.Nodes[i+1:] {
				if dx, dy := a.X-b.X, a.Y-b.Y; dx*dx+dy*dy < 32*32 {
					t.Errorf("%d: nodes touch: %d, %d and %d, %d", n, a.X, a.Y, b.X, b.Y)
				}
			}
		}
		if len(relationsShown) != 2 {
			t.Errorf("%d: only %v", n, relationsShown)
		}
	}
}

// TestGraphTitles: two lines, cut with an ellipsis; a word that is too long is cut.
func TestGraphTitles(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Kurz": "Kurz",
		"Mobile Versorgung in der Übung: 72 Stunden Containerklinik ohne Netz": "Mobile Versorgung in der Übung:|72 Stunden Containerklinik…",
		"Donaudampfschifffahrtsgesellschaftskapitänsmütze ist lang":            "Donaudampfschifffahrtsgesellschaft…|ist lang",
	} {
		s, byName := web(t, "pilot produkt", "pilot/a produkt/b produkt/c produkt/d", "pilot/a > produkt/b, pilot/a > produkt/c, pilot/a > produkt/d")
		byName["produkt/b"].Title = title
		var lines []string
		for _, l := range view.NewGraph(view.Neighbours(s, byName["pilot/a"]), "de").Nodes[0].Lines {
			lines = append(lines, l.Text)
		}
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
}

// TestWeb: relations between types in both directions together, without those
// within a type and those of what only gathers others.
func TestWeb(t *testing.T) {
	t.Parallel()
	s, byName := web(t, "bedarf produkt sammlung", "bedarf/a bedarf/b produkt/c produkt/d produkt/e sammlung/s",
		"bedarf/a > produkt/c, bedarf/b > produkt/c, produkt/d > bedarf/a, produkt/c > produkt/d, sammlung/s > produkt/c, bedarf/a > produkt/e")
	s.Config.Topics.Lead = []site.TypeName{{Name: "sammlung"}}
	byName["produkt/e"].Status = site.StatusArchived
	var got []string
	for _, e := range view.NewWeb(s, "de").Edges {
		got = append(got, fmt.Sprintf("%s-%s %d", e.From, e.To, e.Count))
	}
	if got := strings.Join(got, ", "); got != "bedarf-produkt 3" {
		t.Error(got)
	}
}
