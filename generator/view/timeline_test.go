package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// timelineContext is a view of entries with a span and a list of marks, as no
// type of ours has them.
func timelineContext(t *testing.T, def *site.TimelineView, entries ...*site.Entry) view.Context {
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, berlin)
	typ := &site.Type{Name: "course", Labels: site.Labels{One: site.Text{"de": "Kurs"}}, Fields: []*site.Field{
		{Name: "begin", Kind: site.KindDate, Label: site.Text{"de": "Beginn"}}, {Name: "end", Kind: site.KindDate, Label: site.Text{"de": "Ende"}},
		{Name: "steps", Kind: site.KindList, Sub: []*site.Field{
			{Name: "on", Kind: site.KindDate},
			{Name: "form", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "once", Label: site.Text{"de": "einmal"}}, {Key: "again", Label: site.Text{"de": "jedes Jahr"}}, {Key: "soft", Label: site.Text{"de": "weich"}}, {Key: "any", Label: site.Text{"de": "immer"}}}},
			{Name: "part", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "first", Label: site.Text{"de": "Teil 1"}}, {Key: "second", Label: site.Text{"de": "Teil 2"}}}},
			{Name: "what", Kind: site.KindText}, {Name: "reached", Kind: site.KindBool, Label: site.Text{"de": "Erreicht"}},
		}},
	}}
	for _, e := range entries {
		e.Type, e.Title, e.URL = typ, strings.ToUpper(e.Path), "/"+e.Path+"/"
	}
	return view.Context{Site: &site.Site{Config: &site.Config{Location: berlin, BaseURL: "https://x.example"}, Now: now, Types: []*site.Type{typ}},
		Def: &site.ViewDef{Name: "t", Type: typ, Timeline: def}, Lang: "de", Entries: entries,
		Plain: site.Plain, Word: func(key string, _ ...any) string { return key }}
}

// steps reads „2027-04-15 once first, any“ by the fields of the type above.
func steps(typ *site.Type, text string) site.Item {
	list := typ.FieldByPath("steps")
	var m site.Many
	for part := range strings.SplitSeq(text, ",") {
		var r site.Record
		for i, w := range strings.Fields(part) {
			var v site.Value
			switch f := list.Sub[i]; {
			case w == "-":
				continue
			case f.Kind == site.KindDate:
				v = day(w)
			case f.Kind == site.KindEnum:
				v = site.Enum{Key: w}
			case f.Kind == site.KindBool:
				v = site.Bool{B: w == "true"}
			default:
				v = site.Str{S: w}
			}
			r.Items = append(r.Items, site.Item{Field: list.Sub[i], Value: v})
		}
		m.Values = append(m.Values, r)
	}
	return site.Item{Field: list, Value: m}
}

var courseView = site.TimelineView{From: "begin", Until: "end", Marks: "steps", Date: "on", Kind: "form", Stage: "part", Cutoff: "soft", Yearly: "again", Rolling: "any"}

// TestTimelineRows draws one entry at a time. The chart goes from October 2025
// to the end of 2028: 1188 days.
func TestTimelineRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ begin, end, steps, want string }{
		{"2026-01-01", "2026-12-31", "", "bar 7.74+30.73"},
		{"2026-01-01", "", "2026-12-31 once", "bar 7.74+30.73 day@38.38"},
		{"2024-01-01", "2030-01-01", "", "bar <0+100>"},
		{"", "2026-12-31", "", "bar <0+38.47"},
		{"", "", "- any", "bar <0+100>"},
		{"2027-01-01", "", "- any", "bar 38.47+61.53>"},
		{"", "2021-12-31", "2021-12-31 once", "before 2021-12-31"},
		{"2031-01-01", "2032-01-01", "", "after 2031-01-01"},
		{"", "", "2027-04-15 once", "day@47.22"},
		{"", "", "2027-04-15 soft", "cutoff@47.22"},
		// Yearly: from the known turn on, or from the beginning of the span.
		{"", "", "2027-04-15 again", "yearly@47.22 yearly@78.03"},
		{"2024-06-01", "2027-12-31", "2027-04-15 again", "bar <0+69.19 yearly@16.5 yearly@47.22"},
		{"", "", "2024-02-29 again", "yearly@12.71 yearly@43.43 yearly@74.16"},
		// Two stages are connected, others are not.
		{"", "", "2027-04-15 once first, 2027-10-15 once second", "link 47.22+15.41 day@47.22 day@62.63"},
		{"", "", "2027-10-15 once second, 2027-04-15 once first", "link 47.22+15.41 day@47.22 day@62.63"},
		{"", "", "2027-04-15 once second, 2027-10-15 once first", "day@47.22 day@62.63"},
		{"", "", "2027-04-15 once first, 2027-10-15 once first", "day@47.22 day@62.63"},
		{"", "", "", ""},
	} {
		e := entry("a")
		ctx := timelineContext(t, &courseView, e)
		for name, value := range map[string]string{"begin": c.begin, "end": c.end} {
			if value != "" {
				e.Values.Items = append(e.Values.Items, item(name, day(value)))
			}
		}
		if c.steps != "" {
			e.Values.Items = append(e.Values.Items, steps(e.Type, c.steps))
		}
		line := view.Make(ctx).(*view.Timeline)
		got := ""
		for _, r := range line.Rows {
			got = drawn(r)
		}
		if got != c.want || (c.want == "") != (len(line.Undated) == 1) {
			t.Errorf("%s – %s, %s:\n got %s\nwant %s", c.begin, c.end, c.steps, got, c.want)
		}
	}
}

func drawn(r view.TimelineRow) string {
	var out []string
	if b := r.Bar; b != nil {
		s := fmt.Sprint(b.X, "+", b.Width)
		if b.OpenStart {
			s = "<" + s
		}
		if b.OpenDone {
			s += ">"
		}
		out = append(out, "bar "+strings.ReplaceAll(s, " ", ""))
	}
	for _, l := range r.Links {
		out = append(out, fmt.Sprintf("link %v+%.2f", l.X, l.Width))
	}
	for _, m := range r.Marks {
		out = append(out, fmt.Sprintf("%s@%v", m.Shape, m.X))
	}
	if !r.Before.IsZero() {
		out = append(out, "before "+r.Before.Format(time.DateOnly))
	}
	if !r.After.IsZero() {
		out = append(out, "after "+r.After.Format(time.DateOnly))
	}
	return strings.Join(out, " ")
}

// TestTimelineOrder: what comes next stands first, what is over last; steps that
// have been reached are not what comes next.
func TestTimelineOrder(t *testing.T) {
	t.Parallel()
	def := site.TimelineView{Marks: "steps", Date: "on", Text: "what", Done: "reached"}
	over, late, soon, none := entry("over"), entry("late"), entry("soon"), entry("none")
	ctx := timelineContext(t, &def, over, late, none, soon)
	typ := over.Type
	over.Values.Items = []site.Item{steps(typ, "2026-05-01 - - Start true")}
	late.Values.Items = []site.Item{steps(typ, "2026-11-22 - - Start true, 2028-05-01 - - Bericht false")}
	soon.Values.Items = []site.Item{steps(typ, "2026-11-22 - - Treffen, 2027-05-01 - - Bericht false")}
	line := view.Make(ctx).(*view.Timeline)
	var got []string
	for _, r := range line.Rows {
		next := "–"
		if r.Next != nil {
			next = r.Next.What
		}
		got = append(got, r.Entry.Path+" "+next+" "+drawn(r))
	}
	want := "soon Treffen link 35.1+13.47 ahead@35.1 ahead@48.57\nlate Bericht link 35.1+44.28 done@35.1 ahead@79.38\nover – done@17.85"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("%s\nwant\n%s", s, want)
	}
	if len(line.Undated) != 1 || line.Undated[0].Entry != none {
		t.Errorf("without dates: %d", len(line.Undated))
	}
	var rows []string
	for _, r := range line.Table(ctx).Rows {
		rows = append(rows, fmt.Sprintf("%v %v %v", r[0], r[2], r[3]))
	}
	if s := strings.Join(rows, " / "); s != "SOON Treffen view.timeline.ahead / SOON Bericht view.timeline.ahead / LATE Start Erreicht / LATE Bericht view.timeline.ahead / OVER Start Erreicht / NONE  " {
		t.Errorf("table: %s", s)
	}
}

// TestTimelineBounds: the page shows the first entries and says how many it
// leaves out; the table has all.
func TestTimelineBounds(t *testing.T) {
	t.Parallel()
	var many []*site.Entry
	for i := range 250 {
		many = append(many, entry(fmt.Sprintf("e%03d", i)))
	}
	ctx := timelineContext(t, &courseView, many...)
	for _, e := range many[:50] {
		e.Values.Items = []site.Item{item("begin", day("2026-01-01"))}
	}
	line := view.Make(ctx).(*view.Timeline)
	if shown, total := line.Bound(); len(line.First()) != 50 || len(line.FirstUndated()) != 10 || shown != 60 || total != 250 {
		t.Errorf("%d, %d: %d of %d", len(line.First()), len(line.FirstUndated()), shown, total)
	}
	if n := len(line.Table(ctx).Rows); n != 250 {
		t.Errorf("%d rows in the table", n)
	}
}
