package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// undertaking is a type with a course and a map.
func undertaking() (*site.Type, *site.Site) {
	states := &site.Taxonomy{Name: "land"}
	for i, id := range []string{"be", "ni", "sn"} {
		term := &site.Term{ID: id, Taxonomy: states, Label: site.Text{"de": strings.ToUpper(id)}}
		if id != "sn" {
			term.Tile = []int{3 - i, 1 + i}
		}
		states.Terms = append(states.Terms, term)
	}
	text := func(name string) *site.Field { return field(name, site.KindText) }
	t := &site.Type{Name: "vorhaben", Labels: site.Labels{One: site.Text{"de": "Vorhaben"}}, Fields: []*site.Field{
		{Name: "land", Kind: site.KindTags, Vocabulary: "land", Multiple: true}, text("ort"),
		{Name: "phase", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "idee"}, {Key: "laufend"}, {Key: "fertig"}}},
		{Name: "schritte", Kind: site.KindList, Sub: []*site.Field{field("tag", site.KindDate), text("text"), field("erreicht", site.KindBool)}},
		{Name: "partner", Kind: site.KindList, Sub: []*site.Field{field("wer", site.KindRelation), text("rolle")}},
		field("lehre", site.KindMarkdown),
	}}
	t.Views = []*site.ViewDef{{Name: "karte", Type: t, Map: &site.MapView{Region: "land", Place: "ort", Course: site.Course{
		Phase: "phase", Date: "schritte.tag", Text: "schritte.text", Done: "schritte.erreicht", Partner: "partner.wer", Role: "partner.rolle", Results: []string{"lehre"}}}}}
	s := &site.Site{Config: &site.Config{Languages: []string{"de"}, BaseURL: "https://x.example"}, Types: []*site.Type{t}, Taxonomies: []*site.Taxonomy{states},
		Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	return t, s
}

func values(t *site.Type, pairs ...any) site.Record {
	var r site.Record
	for i := 0; i < len(pairs); i += 2 {
		r.Items = append(r.Items, site.Item{Field: t.FieldByPath(pairs[i].(string)), Value: pairs[i+1].(site.Value)})
	}
	return r
}

func within(t *site.Type, list string, pairs ...any) site.Record {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = list + "." + pairs[i].(string)
	}
	return values(t, pairs...)
}

// TestCourse: what is done, overdue, next and ahead depends on the day; today is
// not over.
func TestCourse(t *testing.T) {
	t.Parallel()
	typ, _ := undertaking()
	step := func(on string, done bool) site.Value {
		return within(typ, "schritte", "tag", day(on), "text", site.Str{S: on}, "erreicht", site.Bool{B: done})
	}
	one, two := &site.Entry{Title: "Eins"}, &site.Entry{Title: "Zwei"}
	partner := func(e *site.Entry, role string) site.Value {
		return within(typ, "partner", "wer", &site.Ref{Entry: e}, "rolle", site.Str{S: role})
	}
	e := &site.Entry{Type: typ, Lang: "de", Values: values(typ, "phase", site.Enum{Key: "laufend"},
		"schritte", site.Many{Values: []site.Value{step("2027-05-01", false), step("2026-03-01", true), step("2026-10-01", false), step("2026-11-22", false), step("2027-01-01", true)}},
		"partner", site.Many{Values: []site.Value{partner(one, "Übung"), partner(&site.Entry{Title: "Drei"}, "Messung"), partner(two, "Übung"), partner(nil, "verborgen")}})}
	for now, want := range map[string]string{
		"2026-11-22T00:00": "2026-03-01 done, 2026-10-01 overdue, 2026-11-22 next, 2027-01-01 done, 2027-05-01 ahead",
		"2026-11-22T23:59": "2026-03-01 done, 2026-10-01 overdue, 2026-11-22 next, 2027-01-01 done, 2027-05-01 ahead",
		"2026-11-23T00:00": "2026-03-01 done, 2026-10-01 overdue, 2026-11-22 overdue, 2027-01-01 done, 2027-05-01 next",
		"2028-01-01T00:00": "2026-03-01 done, 2026-10-01 overdue, 2026-11-22 overdue, 2027-01-01 done, 2027-05-01 overdue",
	} {
		at, err := time.Parse("2006-01-02T15:04", now)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range view.NewCourse(e, "de", at).Milestones {
			got = append(got, m.Text+" "+m.State)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", now, got, want)
		}
	}
	c := view.NewCourse(e, "de", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	var got []string
	for _, p := range c.Steps {
		got = append(got, p.Label+" "+p.State)
	}
	for _, r := range c.Roles {
		for _, p := range r.Partners {
			got = append(got, r.Name+" "+p.Title)
		}
	}
	if got := strings.Join(got, ", "); got != "idee done, laufend now, fertig ahead, Übung Eins, Übung Zwei, Messung Drei" {
		t.Error(got)
	}
	if other := (&site.Entry{Type: &site.Type{}}); view.NewCourse(other, "de", time.Now()) != nil {
		t.Error("a type without a course has one")
	}
}

// TestMap: entries by region and on tiles; what has no region and what has several
// is not lost; a page names the first only, the table has all.
func TestMap(t *testing.T) {
	t.Parallel()
	typ, s := undertaking()
	terms := s.Taxonomies[0].Terms
	make := func(id, phase string, regions ...int) *site.Entry {
		var land site.Many
		for _, i := range regions {
			land.Values = append(land.Values, &site.Tag{Term: terms[i]})
		}
		return &site.Entry{ID: id, Title: id, URL: "/" + id + "/", Lang: "de", Type: typ, Values: values(typ, "land", land, "ort", site.Str{S: "Ort " + id}, "phase", site.Enum{Key: phase})}
	}
	entries := []*site.Entry{make("a", "idee", 0), make("b", "fertig", 0, 2), make("c", "laufend"), make("d", "laufend", 1)}
	c := view.Context{Site: s, Def: typ.Views[0], Lang: "de", Entries: entries, Plain: site.Plain, Word: func(key string, _ ...any) string { return key }}
	m := view.Make(c).(*view.Map)
	var got []string
	for _, x := range m.Tiles {
		marks := ""
		for _, k := range x.Marks {
			marks += fmt.Sprintf(" %s=%d", k.ID, k.Part)
		}
		got = append(got, fmt.Sprintf("%d,%d %s %d/%d%s", x.Col, x.Row, x.Label, x.Count, x.Shade, marks))
	}
	for _, r := range m.Regions {
		for _, x := range r.Members {
			got = append(got, r.Word.Label+" "+x.Entry.ID)
		}
	}
	for _, x := range m.Nowhere.Members {
		got = append(got, "- "+x.Entry.ID)
	}
	if got := strings.Join(got, "; "); got != "3,1 BE 2/4 a=0 b=100; 2,2 NI 1/1 d=50; BE a; BE b; NI d; SN b; - c" {
		t.Error(got)
	}
	got = nil
	for _, row := range m.Table(c).Rows {
		got = append(got, fmt.Sprint(row[0], " ", row[3], " ", row[5]))
	}
	if got := strings.Join(got, "; "); got != "BE a idee; BE b fertig; SN b fertig; view.map.nowhere c laufend; NI d laufend" {
		t.Error(got)
	}
	for i := range 500 {
		c.Entries = append(c.Entries, make(fmt.Sprint("x", i), "idee", 1))
	}
	m = view.Make(c).(*view.Map)
	if m.Shown != 89 || len(m.Regions[2].Members) != 1 || len(m.Nowhere.Members) != 1 || m.Regions[0].Members[0].Course != nil || m.Regions[1].Count != 501 || len(m.Tiles[1].Marks) != 8 || len(m.Table(c).Rows) != 505 {
		t.Errorf("shown %d, counted %d, marks %d, rows %d", m.Shown, m.Regions[1].Count, len(m.Tiles[1].Marks), len(m.Table(c).Rows))
	}
}
