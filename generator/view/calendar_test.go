package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// meetings are a type with dates of its own and one with dates in a list, as no
// site has them.
func meetings() (meeting, grant *site.Type) {
	de := func(s string) site.Text { return site.Text{"de": s} }
	series := &site.Field{Name: "reihe", Kind: site.KindEnum, Label: de("Reihe"), Values: []site.EnumValue{{Key: "runde", Label: de("Runde")}, {Key: "tafel", Label: de("Tafel")}}}
	entry := &site.Field{Name: "anmelden", Kind: site.KindRecord, Sub: []*site.Field{{Name: "wo", Kind: site.KindLink}, {Name: "bis", Kind: site.KindDate}}}
	meeting = &site.Type{Name: "treffen", Folder: "treffen", Labels: site.Labels{One: de("Treffen"), Many: de("Treffen")},
		Fields: []*site.Field{{Name: "von", Kind: site.KindDateTime}, {Name: "bis", Kind: site.KindDateTime}, {Name: "ort", Kind: site.KindText, Label: de("Ort")}, series, entry}}
	dates := site.Dates{Start: "von", End: "bis", Place: "ort", Register: "anmelden.wo", RegisterBy: "anmelden.bis"}
	meeting.ICal = &site.ICal{Dates: dates, Series: "reihe"}
	meeting.Views = []*site.ViewDef{{Name: "kalender", Type: meeting, Calendar: &site.CalendarView{Dates: dates, Facts: []string{"reihe"}}, Filters: []string{"reihe"}}}
	kind := &site.Field{Name: "art", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "fest", Label: de("feste Frist")}, {Key: "immer", Label: de("jedes Jahr")}, {Key: "laufend", Label: de("laufend")}}}
	grant = &site.Type{Name: "gabe", Folder: "gaben", Labels: site.Labels{One: de("Gabe"), Many: de("Gaben")},
		Fields: []*site.Field{{Name: "fristen", Kind: site.KindList, Sub: []*site.Field{kind, {Name: "tag", Kind: site.KindDate}}}, {Name: "zu", Kind: site.KindDate}}}
	grantDates := site.Dates{Start: "fristen.tag", Yearly: "fristen.art", YearlyValue: "immer", Closed: "zu", Notes: []string{"fristen.art"}}
	grant.ICal = &site.ICal{Dates: grantDates}
	grant.Views = []*site.ViewDef{{Name: "fristen", Type: grant, Calendar: &site.CalendarView{Dates: grantDates}}}
	return meeting, grant
}

func of(t *site.Type, id string, pairs ...any) *site.Entry {
	e := &site.Entry{Type: t, ID: id, Lang: "de", Title: strings.ToUpper(id), Status: site.StatusPublished, Audience: site.Public,
		Path: t.Folder + "/" + id, Pos: diag.Pos{File: "content/" + t.Folder + "/" + id + ".md"}}
	e.Values = record(t.Fields, pairs...)
	return e
}

func record(fields []*site.Field, pairs ...any) site.Record {
	var r site.Record
	for i := 0; i < len(pairs); i += 2 {
		for _, f := range fields {
			if f.Name == pairs[i] {
				r.Items = append(r.Items, site.Item{Field: f, Value: pairs[i+1].(site.Value)})
			}
		}
	}
	return r
}

func at(t testing.TB, s string) site.DateTime {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02T15:04", s, zone(t, "Europe/Berlin"))
	if err != nil {
		t.Fatal(err)
	}
	return site.DateTime{Time: when}
}

func assemble(t testing.TB, now string, types []*site.Type, entries ...*site.Entry) *site.Site {
	t.Helper()
	diags := &diag.List{}
	s := site.Assemble(site.Draft{Config: &site.Config{Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de"}}, Types: types, Entries: entries},
		site.View{Audience: site.Public, Now: at(t, now).Time}, diags)
	if len(diags.Sorted()) > 0 {
		t.Fatal(diags.Sorted())
	}
	return s
}

func context(s *site.Site, v *site.ViewDef) view.Context {
	return view.Context{Site: s, Def: v, Lang: "de", Entries: view.Listed(s, v.Type.Name, "de"),
		Plain: site.Plain, Word: func(key string, _ ...any) string { return key }}
}

func registered(t *site.Type, url, by string) site.Value {
	fields := t.FieldByPath("anmelden").Sub
	if url == "" {
		return record(fields, "bis", day(by))
	}
	return record(fields, "wo", site.Link{URL: url}, "bis", day(by))
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	meeting, grant := meetings()
	entries := []*site.Entry{
		of(meeting, "bald", "von", at(t, "2027-01-28T10:00"), "bis", at(t, "2027-01-28T12:00"), "ort", site.Str{S: "Bonn"}, "reihe", site.Enum{Key: "runde"}, "anmelden", registered(meeting, "https://x.example/", "2027-01-14")),
		of(meeting, "zwei-tage", "von", at(t, "2027-01-31T10:00"), "bis", at(t, "2027-02-01T12:00"), "reihe", site.Enum{Key: "tafel"}),
		of(meeting, "frueher", "von", at(t, "2025-12-01T10:00"), "anmelden", registered(meeting, "https://x.example/", "2025-11-01")),
		of(meeting, "gestern", "von", at(t, "2027-01-13T10:00")),
		of(grant, "gabe", "fristen", site.Many{Values: []site.Value{
			record(grant.Fields[0].Sub, "art", site.Enum{Key: "immer"}, "tag", day("2026-04-15")),
			record(grant.Fields[0].Sub, "art", site.Enum{Key: "fest"}, "tag", day("2026-05-01"))}}),
		of(grant, "vorbei", "zu", day("2026-12-31"), "fristen", site.Many{Values: []site.Value{record(grant.Fields[0].Sub, "art", site.Enum{Key: "immer"}, "tag", day("2026-12-01"))}}),
		of(grant, "ohne-tag", "fristen", site.Many{Values: []site.Value{record(grant.Fields[0].Sub, "art", site.Enum{Key: "laufend"})}}),
	}
	s := assemble(t, "2027-01-14T23:00", []*site.Type{meeting, grant}, entries...)
	for _, c := range []struct {
		def  *site.ViewDef
		want string
	}{
		{meeting.Views[0], `2027-01: 2027-01-28 BALD Bonn [{Runde }] open until 2027-01-14 #termin-bald reihe:runde; 2027-01-31 ZWEI-TAGE [{Tafel }] #termin-zwei-tage reihe:tafel
over 2027: 2027-01-13 GESTERN [] #termin-gestern
over 2025: 2025-12-01 FRUEHER [] #termin-frueher
sheet 2027-01: 28 termin-bald, 31 termin-zwei-tage
sheet 2027-02: 1 termin-zwei-tage
file /treffen/kalender.ics /treffen/kalender-runde.ics /treffen/kalender-tafel.ics /kalender.ics`},
		{grant.Views[0], `2027-04: 2027-04-15 GABE jedes Jahr [] #termin-gabe-1
undated: OHNE-TAG laufend
over 2026: 2026-12-01 VORBEI jedes Jahr [] #termin-vorbei-1; 2026-05-01 GABE feste Frist [] #termin-gabe-2
sheet 2027-04: 15 termin-gabe-1
file /gaben/kalender.ics /kalender.ics`},
	} {
		if got := writeCalendar(view.Make(context(s, c.def)).(*view.Calendar)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.def.Name, got, c.want)
		}
	}
	// Filters offer nothing that only entries without a date have.
	grant.Views[0].Filters = []string{"von-wem"}
	givers := &site.Field{Name: "von-wem", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "a"}, {Key: "b"}, {Key: "c"}}}
	grant.Fields = append(grant.Fields, givers)
	for i, giver := range []string{"a", "b", "c"} {
		e := of(grant, "geber-"+giver, givers.Name, site.Enum{Key: giver})
		if i < 2 {
			e.Values.Items = append(e.Values.Items, entries[4].Values.Items...)
		}
		entries = append(entries, e)
	}
	s = assemble(t, "2027-01-14T23:00", []*site.Type{meeting, grant}, entries...)
	if got := view.Filters(context(s, grant.Views[0]), view.Make(context(s, grant.Views[0]))); len(got) != 1 || len(got[0].Options) != 2 {
		t.Errorf("filters: %v", got)
	}
	// The day after, the registration is closed.
	s = assemble(t, "2027-01-15T00:00", []*site.Type{meeting, grant}, entries...)
	cal := view.Make(context(s, meeting.Views[0])).(*view.Calendar)
	if r := cal.Months[0].Items[0].Register; r.Open || r.URL == "" {
		t.Errorf("registration: %+v", r)
	}
	table := cal.Table(context(s, meeting.Views[0]))
	if len(table.Rows) != 4 || len(table.Rows[0]) != len(table.Columns) {
		t.Errorf("table: %v", table)
	}
}

func writeCalendar(c *view.Calendar) string {
	var b strings.Builder
	item := func(it view.CalendarItem) string {
		s := it.Start.Format(time.DateOnly) + " " + it.Entry.Title + " " + it.Place
		if s = strings.TrimSpace(s) + " " + strings.Join(it.Notes, ","); len(it.Notes) == 0 {
			s = strings.TrimSpace(s)
		}
		s += fmt.Sprint(" ", it.Facts)
		if it.Register.Open {
			s += " open until " + it.Register.By.Format(time.DateOnly)
		}
		return strings.TrimSpace(s + " #" + it.Anchor + " " + it.Keys)
	}
	items := func(all []view.CalendarItem) string {
		var out []string
		for _, it := range all {
			out = append(out, item(it))
		}
		return strings.Join(out, "; ")
	}
	for _, m := range c.Months {
		fmt.Fprintf(&b, "%s: %s\n", m.First.Format("2006-01"), items(m.Items))
	}
	for _, it := range c.Undated {
		fmt.Fprintf(&b, "undated: %s %s\n", it.Entry.Title, strings.Join(it.Notes, ","))
	}
	for _, y := range c.Years {
		fmt.Fprintf(&b, "over %s: %s\n", y.Year, items(y.Items))
	}
	for _, s := range c.Sheets {
		var days []string
		for _, w := range s.Weeks {
			for _, d := range w {
				if len(d.Dates) > 0 {
					days = append(days, fmt.Sprint(d.Day, " ", strings.Join(d.Dates, "+")))
				}
			}
		}
		fmt.Fprintf(&b, "sheet %s: %s\n", s.First.Format("2006-01"), strings.Join(days, ", "))
	}
	b.WriteString("file")
	for _, f := range c.Files {
		b.WriteString(" " + f.Path)
	}
	return b.String()
}

// TestSheet: weeks begin on Monday, and a month has all its days.
func TestSheet(t *testing.T) {
	t.Parallel()
	meeting, grant := meetings()
	for month, want := range map[string]string{
		"2027-02": "1 2 3 4 5 6 7|8 9 10 11 12 13 14|15 16 17 18 19 20 21|22 23 24 25 26 27 28",
		"2027-08": "0 0 0 0 0 0 1|2 3 4 5 6 7 8|9 10 11 12 13 14 15|16 17 18 19 20 21 22|23 24 25 26 27 28 29|30 31 0 0 0 0 0",
	} {
		s := assemble(t, "2027-01-01T00:00", []*site.Type{meeting, grant}, of(meeting, "a", "von", at(t, month+"-02T10:00")))
		cal := view.Make(context(s, meeting.Views[0])).(*view.Calendar)
		var weeks []string
		for _, w := range cal.Sheets[0].Weeks {
			var days []string
			for _, d := range w {
				days = append(days, fmt.Sprint(d.Day))
			}
			weeks = append(weeks, strings.Join(days, " "))
		}
		if got := strings.Join(weeks, "|"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", month, got, want)
		}
	}
}

// TestCalendarBound: a page shows the next dates, the table has all of them.
func TestCalendarBound(t *testing.T) {
	t.Parallel()
	meeting, grant := meetings()
	var entries []*site.Entry
	start := at(t, "2027-01-02T10:00").Time
	for i := range 450 {
		entries = append(entries, of(meeting, fmt.Sprintf("e%03d", i), "von", site.DateTime{Time: start.AddDate(0, 0, i-150)}))
	}
	s := assemble(t, "2027-01-02T00:00", []*site.Type{meeting, grant}, entries...)
	c := context(s, meeting.Views[0])
	cal := view.Make(c).(*view.Calendar)
	coming, over := 0, 0
	for _, m := range cal.Months {
		coming += len(m.Items)
	}
	for _, y := range cal.Years {
		over += len(y.Items)
	}
	if coming != 45 || over != 20 || cal.Omitted != 385 || len(cal.Sheets) > 12 || len(cal.Table(c).Rows) != 450 {
		t.Errorf("%d coming, %d over, %d omitted, %d sheets, %d rows", coming, over, cal.Omitted, len(cal.Sheets), len(cal.Table(c).Rows))
	}
}
