package view_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func day(s string) site.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return site.Date{Time: t}
}

func field(name string, kind site.Kind) *site.Field { return &site.Field{Name: name, Kind: kind} }

func entry(path string, items ...site.Item) *site.Entry {
	return &site.Entry{Path: path, Lang: "de", Type: &site.Type{}, Values: site.Record{Items: items}}
}

func item(name string, v site.Value) site.Item {
	return site.Item{Field: field(name, site.KindDate), Value: v}
}

// TestUpcomingDeadlines: dates in lists, those of every year at their next
// turn, today still counts.
func TestUpcomingDeadlines(t *testing.T) {
	t.Parallel()
	block := &site.HomeBlock{View: "upcoming", Date: "deadlines.date", Yearly: "deadlines.kind", YearlyValue: "jaehrlich"}
	deadline := func(kind, date string) site.Record {
		return site.Record{Items: []site.Item{item("kind", site.Enum{Key: kind}), item("date", day(date))}}
	}
	entries := []*site.Entry{
		entry("b", item("deadlines", site.Many{Values: []site.Value{deadline("jaehrlich", "2020-04-15"), deadline("jaehrlich", "2020-10-15"), deadline("fest", "2026-10-15")}})),
		entry("a", item("deadlines", site.Many{Values: []site.Value{deadline("fest", "2026-12-01"), deadline("fest", "2026-11-22"), deadline("fest", "2026-11-21")}})),
		entry("c", item("deadlines", site.Many{Values: []site.Value{deadline("jaehrlich", "2024-02-29"), deadline("jaehrlich", "2030-01-01")}})),
		entry("d"),
	}
	for now, want := range map[string]string{
		"2026-11-22T00:00": "a 2026-11-22, a 2026-12-01, c 2027-03-01, b 2027-04-15, b 2027-10-15, c 2030-01-01",
		"2026-11-22T23:59": "a 2026-11-22, a 2026-12-01, c 2027-03-01, b 2027-04-15, b 2027-10-15, c 2030-01-01",
		"2026-11-23T00:00": "a 2026-12-01, c 2027-03-01, b 2027-04-15, b 2027-10-15, c 2030-01-01",
		"2027-04-15T23:59": "b 2027-04-15, b 2027-10-15, c 2028-02-29, c 2030-01-01",
		"2027-04-16T00:00": "b 2027-10-15, c 2028-02-29, b 2028-04-15, c 2030-01-01",
		"2028-02-29T12:00": "c 2028-02-29, b 2028-04-15, b 2028-10-15, c 2030-01-01",
		"2010-01-01T00:00": "b 2020-04-15, b 2020-10-15, c 2024-02-29, b 2026-10-15, a 2026-11-21, a 2026-11-22, a 2026-12-01, c 2030-01-01",
	} {
		when, err := time.ParseInLocation("2006-01-02T15:04", now, zone(t, "Europe/Berlin"))
		if err != nil {
			t.Fatal(err)
		}
		if got := write(view.Upcoming(entries, block, when, 0), time.DateOnly); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", now, got, want)
		}
	}
	when, _ := time.Parse(time.DateOnly, "2026-11-22")
	if got := view.Upcoming(entries, block, when, 2); len(got) != 2 || got[0].Record.Text("kind") != "fest" {
		t.Errorf("%v", got)
	}
	if got := view.Upcoming(nil, block, when, 2); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// TestYearlyEnds: what came back every year stands, once it is over, at its last
// turn and not at the first.
func TestYearlyEnds(t *testing.T) {
	t.Parallel()
	dates := &site.Dates{Start: "day", Yearly: "kind", YearlyValue: "jaehrlich", Closed: "closed"}
	for _, c := range []struct{ day, closed, now, want string }{
		{"2024-09-15", "2029-09-15", "2028-01-01", "2028-09-15"},
		{"2024-09-15", "2029-09-15", "2029-09-15", "2029-09-15"},
		{"2024-09-15", "2029-09-15", "2029-09-16", "2029-09-15"},
		{"2024-09-15", "2029-09-14", "2029-09-16", "2028-09-15"},
		{"2024-09-15", "2024-12-31", "2026-11-22", "2024-09-15"},
		{"2024-09-15", "2024-01-31", "2026-11-22", "2024-09-15"},
	} {
		e := entry("a", item("day", day(c.day)), item("kind", site.Enum{Key: "jaehrlich"}), item("closed", day(c.closed)))
		when, _ := time.Parse(time.DateOnly, c.now)
		all := view.Events(e, dates, "de", when)
		if len(all) != 1 || all[0].Start.Format(time.DateOnly) != c.want {
			t.Errorf("%s until %s at %s: %v, want %s", c.day, c.closed, c.now, all, c.want)
		}
	}
}

func write(list []view.Occurrence, form string) string {
	var out []string
	for _, o := range list {
		out = append(out, o.Entry.Path+" "+o.When.Format(form))
	}
	return strings.Join(out, ", ")
}

// TestUpcomingInstants: a date with a time is today until its own midnight,
// in its own zone, in summer and in winter.
func TestUpcomingInstants(t *testing.T) {
	t.Parallel()
	block := &site.HomeBlock{View: "upcoming", Date: "start"}
	for _, c := range []struct {
		start, zone, now string
		want             bool
	}{
		{"2026-11-22T09:00", "Europe/Berlin", "2026-11-22T22:59:59Z", true},
		{"2026-11-22T09:00", "Europe/Berlin", "2026-11-22T23:00:00Z", false},
		{"2026-07-22T09:00", "Europe/Berlin", "2026-07-22T21:59:59Z", true},
		{"2026-07-22T09:00", "Europe/Berlin", "2026-07-22T22:00:00Z", false},
		{"2026-03-29T23:30", "Europe/Berlin", "2026-03-29T21:59:59Z", true}, // 23 hours long
		{"2026-03-29T23:30", "Europe/Berlin", "2026-03-29T22:00:00Z", false},
		{"2026-10-25T01:00", "Europe/Berlin", "2026-10-25T22:59:59Z", true}, // 25 hours long
		{"2026-10-25T01:00", "Europe/Berlin", "2026-10-25T23:00:00Z", false},
		{"2026-11-22T09:00", "America/New_York", "2026-11-23T04:59:59Z", true},
		{"2026-11-22T09:00", "America/New_York", "2026-11-23T05:00:00Z", false},
	} {
		start, err := time.ParseInLocation("2006-01-02T15:04", c.start, zone(t, c.zone))
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		e := entry("a", item("start", site.DateTime{Time: start}))
		got := view.Upcoming([]*site.Entry{e}, block, now.In(zone(t, "Europe/Berlin")), 0)
		if (len(got) == 1) != c.want {
			t.Errorf("%s %s at %s: %d", c.start, c.zone, c.now, len(got))
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	state := func(keys ...string) site.Item {
		var m site.Many
		for _, k := range keys {
			m.Values = append(m.Values, site.Enum{Key: k})
		}
		return item("state", m)
	}
	gone := entry("gone", state("offen"))
	gone.Status = site.StatusArchived
	entries := []*site.Entry{entry("b", state("offen", "neu")), entry("a", state("gedeckt")), entry("c", state("neu")), entry("d"), gone}
	var got []string
	for _, e := range view.Open(entries, &site.HomeBlock{Where: "state", In: []string{"offen", "neu"}}) {
		got = append(got, e.Path)
	}
	if strings.Join(got, " ") != "b c" {
		t.Error(got)
	}
}
