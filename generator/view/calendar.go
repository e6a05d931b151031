package view

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Calendar are entries by their dates.
type Calendar struct {
	Months  []CalendarMonth // what is coming
	Sheets  []Sheet         // of the months in which something is
	Undated []CalendarItem  // what goes on without a date
	Years   []CalendarYear  // what is over, the latest first
	Omitted int             // dates beyond the bound
	Files   []CalendarFile  // to subscribe to; without their entries
}

// CalendarMonth are the dates of a month.
type CalendarMonth struct {
	First time.Time
	Items []CalendarItem
}

// CalendarYear are the dates of a year.
type CalendarYear struct {
	Year  string
	Items []CalendarItem
}

// CalendarItem is a date. Anchor is its id on the page, Keys its words in the
// filters, File its calendar file. Outcomes is how many outcomes are written
// down, on its entry's page at OutcomesAt.
type CalendarItem struct {
	Event
	Anchor, Keys string
	Facts        []Fact
	File         string
	Outcomes     int
	OutcomesAt   string
	Draft        bool
}

// Sheet is a month as a table: weeks from Monday to Sunday.
type Sheet struct {
	First time.Time
	Weeks [][]SheetDay
}

// SheetDay is a day of a sheet, Day is 0 outside of the month. Dates are the
// anchors of what is on that day, Title is the first one's.
type SheetDay struct {
	Day   int
	Dates []string
	Title string
	Today bool
}

// Bounds of a calendar page: coming dates, those that are over, months, and
// calendars to subscribe to.
const (
	maxComing = 45
	maxOver   = 20
	maxSheets = 12
	maxFiles  = 40
)

func makeCalendar(c Context) Data { return newCalendar(c, maxComing, maxOver) }

func newCalendar(c Context, maxComing, maxOver int) *Calendar {
	def := c.Def.Calendar
	out := &Calendar{}
	var coming, over []CalendarItem
	for _, e := range c.Entries {
		events := Events(e, &def.Dates, c.Lang, c.Site.Now)
		if len(events) == 0 {
			if item := undated(c, e); len(item.Notes) > 0 {
				out.Undated = append(out.Undated, item)
			}
		}
		for _, ev := range events {
			item := calendarItem(c, ev)
			if ev.Over {
				over = append(over, item)
			} else {
				coming = append(coming, item)
			}
		}
	}
	sooner := func(a, b CalendarItem) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Entry.Path, b.Entry.Path))
	}
	slices.SortFunc(coming, sooner)
	slices.SortFunc(over, func(a, b CalendarItem) int { return sooner(b, a) })
	out.Omitted = max(0, len(coming)-maxComing) + max(0, len(over)-maxOver)
	coming, over = coming[:min(len(coming), maxComing)], over[:min(len(over), maxOver)]
	out.Months = months(coming)
	out.Years = years(over)
	out.Sheets = sheets(coming, c.Site.Now)
	for _, f := range CalendarFiles(c.Site, c.Lang) {
		if len(out.Files) < maxFiles && f.Type == c.Def.Type || f.Type == nil && f.Term == nil {
			f.Entries = nil
			out.Files = append(out.Files, f)
		}
	}
	return out
}

// Items are the words of each date.
func (cal *Calendar) Items() []string {
	var out []string
	add := func(items []CalendarItem) {
		for _, x := range items {
			out = append(out, x.Keys)
		}
	}
	for _, m := range cal.Months {
		add(m.Items)
	}
	add(cal.Undated)
	for _, y := range cal.Years {
		add(y.Items)
	}
	return out
}

// Bound counts dates.
func (cal *Calendar) Bound() (shown, total int) {
	shown = len(cal.Items())
	return shown, shown + cal.Omitted
}

func calendarItem(c Context, ev Event) CalendarItem {
	e := ev.Entry
	item := CalendarItem{Event: ev, Anchor: "termin-" + e.ID, Keys: Keys(c, e), File: EventFile(e),
		Draft: e.Status == site.StatusDraft || e.Status == site.StatusReview}
	if ev.N > 0 {
		item.Anchor += "-" + strconv.Itoa(ev.N)
	}
	for _, path := range c.Def.Calendar.Facts {
		if s := text(e.Values, e, &site.Dates{}, path, c.Lang); s != "" {
			item.Facts = append(item.Facts, Fact{s, factLang(c, e, path)})
		}
	}
	for _, v := range e.Type.Views {
		if v.FollowUp != nil {
			item.Outcomes = len(site.Each(e.Get(v.FollowUp.Items)))
			item.OutcomesAt = "angaben" // as render calls the groups of fields
			if g := e.Type.FieldByPath(v.FollowUp.Items).Group; g != "" {
				item.OutcomesAt += "-" + g
			}
		}
	}
	return item
}

// Fact is a value in words. Lang is their language, if it is not the page's.
type Fact struct{ Text, Lang string }

// factLang: words of a closed set are in the page's language, what somebody has
// written is in that of its entry.
func factLang(c Context, e *site.Entry, path string) string {
	for _, w := range Words(e, path, c.Lang) {
		return w.Lang
	}
	return foreign(e.Lang, c.Lang)
}

// undated is an entry whose list names what has no date: „laufend“. It has no
// notes if there is no such thing, or if it is over.
func undated(c Context, e *site.Entry) CalendarItem {
	d := &c.Def.Calendar.Dates
	item := calendarItem(c, Event{Entry: e})
	if closed := Day(e, d.Closed); !closed.IsZero() && beforeDay(closed, c.Site.Now) {
		return item
	}
	list, _, _ := cutLast(d.Start)
	for _, v := range site.Each(e.Get(list)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		for _, path := range d.Notes {
			if s := text(rec, e, d, path, c.Lang); s != "" && !slices.Contains(item.Notes, s) {
				item.Notes = append(item.Notes, s)
			}
		}
	}
	return item
}

func months(items []CalendarItem) []CalendarMonth {
	var out []CalendarMonth
	for _, it := range items {
		first := monthOf(it.Start)
		if len(out) == 0 || !out[len(out)-1].First.Equal(first) {
			out = append(out, CalendarMonth{First: first})
		}
		m := &out[len(out)-1]
		m.Items = append(m.Items, it)
	}
	return out
}

func years(items []CalendarItem) []CalendarYear {
	var out []CalendarYear
	for _, it := range items {
		year := strconv.Itoa(it.Start.Year())
		if len(out) == 0 || out[len(out)-1].Year != year {
			out = append(out, CalendarYear{Year: year})
		}
		y := &out[len(out)-1]
		y.Items = append(y.Items, it)
	}
	return out
}

// monthOf is the first day of a month as its place shows it.
func monthOf(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// sheets are the months from the first coming date on in which something is.
func sheets(items []CalendarItem, now time.Time) []Sheet {
	on := map[time.Time][]CalendarItem{}
	var firsts []time.Time
	for _, it := range items {
		last := dayOf(it.Start)
		if it.End.After(it.Start) {
			last = dayOf(it.End)
		}
		for d, n := dayOf(it.Start), 0; !d.After(last) && n < 31; d, n = d.AddDate(0, 0, 1), n+1 {
			on[d] = append(on[d], it)
			if m := monthOf(d); !slices.ContainsFunc(firsts, m.Equal) {
				firsts = append(firsts, m)
			}
		}
	}
	slices.SortFunc(firsts, time.Time.Compare)
	var out []Sheet
	for _, first := range firsts[:min(len(firsts), maxSheets)] {
		out = append(out, sheet(first, on, dayOf(now)))
	}
	return out
}

func sheet(first time.Time, on map[time.Time][]CalendarItem, today time.Time) Sheet {
	s := Sheet{First: first}
	week := make([]SheetDay, 7)
	at := (int(first.Weekday()) + 6) % 7 // Monday is the first day of the week
	for d := first; d.Month() == first.Month(); d = d.AddDate(0, 0, 1) {
		day := SheetDay{Day: d.Day(), Today: d.Equal(today)}
		for i, it := range on[d] {
			day.Dates = append(day.Dates, it.Anchor)
			if i == 0 {
				day.Title = it.Entry.Title
			}
		}
		week[at] = day
		if at++; at == 7 {
			s.Weeks = append(s.Weeks, week)
			week, at = make([]SheetDay, 7), 0
		}
	}
	if at > 0 {
		s.Weeks = append(s.Weeks, week)
	}
	return s
}

// Table has a row for each date, first what is coming, then what is over.
func (cal *Calendar) Table(c Context) Table {
	if cal.Omitted > 0 {
		cal = newCalendar(c, math.MaxInt, math.MaxInt)
	}
	d := &c.Def.Calendar.Dates
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"start", c.Word("calendar.start")}, {"end", c.Word("calendar.end")}}}
	if d.Place != "" {
		t.Columns = append(t.Columns, Column{"place", c.Label(d.Place)})
	}
	if len(d.Notes) > 0 {
		var labels []string
		for _, path := range d.Notes {
			labels = append(labels, c.Label(path))
		}
		t.Columns = append(t.Columns, Column{"notes", strings.Join(labels, ", ")})
	}
	if d.Register != "" {
		t.Columns = append(t.Columns, Column{"registration", c.Word("calendar.register")}, Column{"registration_by", c.Word("calendar.registerby")})
	}
	t.Columns = append(t.Columns, Column{"over", c.Word("calendar.over")})
	add := func(it CalendarItem) {
		row := []any{it.Entry.Title, c.URL(it.Entry), cell(it.Start), cell(it.End)}
		if d.Place != "" {
			row = append(row, it.Place)
		}
		if len(d.Notes) > 0 {
			row = append(row, it.Notes)
		}
		if d.Register != "" {
			row = append(row, it.Register.URL, cell(it.Register.By))
		}
		t.Rows = append(t.Rows, append(row, it.Over))
	}
	for _, m := range cal.Months {
		for _, it := range m.Items {
			add(it)
		}
	}
	for _, it := range cal.Undated {
		add(it)
	}
	for _, y := range cal.Years {
		for _, it := range y.Items {
			add(it)
		}
	}
	return t
}

// cell is a time in a table, nil when there is none.
func cell(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
