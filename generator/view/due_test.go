package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// dueContext is a site of entries with dates of review, for 22 November 2026.
func dueContext(def *site.DueView) view.Context {
	typ := &site.Type{Name: "blatt", Labels: site.Labels{One: site.Text{"de": "Blatt"}, Many: site.Text{"de": "Blätter"}}}
	news := &site.Type{Name: "notiz", Labels: typ.Labels, Undue: true}
	add := func(t *site.Type, id, by, reviewer string) *site.Entry {
		e := entry(id)
		e.Type, e.ID, e.Title, e.URL = t, id, strings.ToUpper(id), "/"+id+"/"
		if by != "" {
			e.ReviewBy = day(by).Time
		}
		if reviewer != "" {
			e.Values.Items = append(e.Values.Items, item("reviewer", site.Str{S: reviewer}))
		}
		return e
	}
	contact := entry("amt")
	contact.Title = "Amt"
	asked := add(typ, "d", "2027-02-20", "")
	asked.Values.Items = append(asked.Values.Items, item("contacts", site.Many{Values: []site.Value{&site.Ref{ID: "amt", Entry: contact}, &site.Ref{ID: "weg"}}}))
	return view.Context{
		Lang: "de", Def: &site.ViewDef{Name: "due", Due: def},
		Site: &site.Site{Config: &site.Config{BaseURL: "https://x.example"}, Now: time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)},
		Entries: []*site.Entry{
			add(typ, "a", "2026-11-21", "Redaktion"), add(typ, "b", "2026-11-22", "Redaktion"), add(typ, "c", "", ""), asked,
			add(typ, "e", "2027-02-21", ""), add(typ, "f", "2026-01-01", "Dr. Ä. Öz"), add(news, "g", "", ""), add(news, "h", "2026-11-30", ""),
		},
		Word: func(key string, _ ...any) string { return key },
	}
}

// TestDue: who has to review what by when. Today is not late; the last day of
// the time ahead counts; news without a date is nothing to review.
func TestDue(t *testing.T) {
	t.Parallel()
	c := dueContext(&site.DueView{})
	data := view.Make(c).(*view.Due)
	var got []string
	for _, g := range data.Groups {
		line := g.State + ":"
		for _, x := range g.Items {
			line += fmt.Sprintf(" %s %d %q", x.Title, x.Left, x.Owner)
		}
		got = append(got, line)
	}
	want := `overdue: F -325 "Dr. Ä. Öz" A -1 "Redaktion"
soon: B 0 "Redaktion" H 8 "" D 90 "Amt"
undated: C 0 ""
later: E 91 ""`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if k := data.Groups[0].Items[0].Keys; k != "owner:dr-ä-öz type:blatt" {
		t.Errorf("keys %q", k)
	}
	filters := ""
	for _, f := range view.Filters(c, data) {
		filters += f.Name
		for _, o := range f.Options {
			filters += fmt.Sprintf(" %s=%s:%d", o.Key, o.Label, o.Count)
		}
		filters += "\n"
	}
	if want := "owner -=due.nobody:3 redaktion=Redaktion:2 amt=Amt:1 dr-ä-öz=Dr. Ä. Öz:1\ntype blatt=Blätter:6 notiz=Blätter:1\n"; filters != want {
		t.Errorf("filters\n%swant\n%s", filters, want)
	}
	if rows := data.Table(c).Rows; len(rows) != 7 || rows[0][0] != "F" || rows[0][4] != "due.state.overdue" || rows[6][3] != nil {
		t.Errorf("table %v", rows)
	}
}

// TestDueWithin: the time ahead is the definition's.
func TestDueWithin(t *testing.T) {
	t.Parallel()
	data := view.Make(dueContext(&site.DueView{Within: 7})).(*view.Due)
	if n := data.Groups[1].Total; n != 1 {
		t.Errorf("%d entries within a week", n)
	}
}

// TestDueIsBounded: of thousands of entries the page shows the first, the
// table all.
func TestDueIsBounded(t *testing.T) {
	t.Parallel()
	c := dueContext(&site.DueView{})
	for i := range 1000 {
		e := *c.Entries[0]
		e.Path = fmt.Sprint(i)
		c.Entries = append(c.Entries, &e)
	}
	data := view.Make(c).(*view.Due)
	if g := data.Groups[0]; len(g.Items) != 60 || g.Total != 1002 || len(data.Table(c).Rows) != 1007 {
		t.Errorf("%d of %d shown", len(g.Items), g.Total)
	}
}

// TestFigures: entry by entry, of types that take part, with the sources that
// are cited; the page is bounded, the table is not.
func TestFigures(t *testing.T) {
	t.Parallel()
	c := dueContext(nil)
	c.Def = &site.ViewDef{Name: "figures", Figures: &site.FiguresView{}}
	c.Entries[0].Type.Claims = true
	source := func(key, title, url string) site.Value {
		return site.Record{Items: []site.Item{item("key", site.Str{S: key}), item("title", site.Str{S: title}), item("url", site.Link{URL: url})}}
	}
	sources := item("sources", site.Many{Values: []site.Value{source("x", "Gesetz", "https://g.example/"), source("y", "Studie", "")}})
	c.Entries[0].Values.Items = append(c.Entries[0].Values.Items, sources)
	c.Figures = func(e *site.Entry) []view.Figure {
		switch e.ID {
		case "a":
			return []view.Figure{{Figures: []string{"20 %", "5 Mio."}, Sentence: "S.", Sources: view.Cited(e, []string{"y", "x", "weg"})}}
		case "b":
			return make([]view.Figure, 300)
		case "g":
			t.Error("asked for a type that does not take part")
		}
		return nil
	}
	data := view.Make(c).(*view.Figures)
	if data.Total != 301 || data.Shown != 200 || len(data.Papers) != 2 || len(data.Papers[1].Items) != 199 {
		t.Errorf("%d of %d in %d papers", data.Shown, data.Total, len(data.Papers))
	}
	rows := data.Table(c).Rows
	if got := fmt.Sprint(rows[0]); len(rows) != 301 || got != "[A https://x.example/a/ [20 % 5 Mio.] S. [Studie Gesetz] [https://g.example/]]" {
		t.Errorf("%d rows, first %s", len(rows), got)
	}
}
