package view

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// timelineRows is how many entries the page shows; the table for programs has all.
const timelineRows = 60

// Timeline are entries as rows over time. Places in it are percentages of its
// width.
type Timeline struct {
	From, To time.Time // first day, and the day after the last
	Last     time.Time
	Today    time.Time
	TodayX   float64
	Years    []Tick
	Quarters []Tick
	Rows     []TimelineRow
	Undated  []TimelineRow // entries without any date
	Shapes   []Shape       // legend
	Bars     bool          // whether any row has one
	Links    bool
	Total    int
	// KindLabel heads the column with the kind of a date, or whether it has been
	// reached.
	KindLabel string
}

// Tick is the first day of a year or quarter, or of the chart; Label is its
// number. Narrow ones have no room for it on a phone.
type Tick struct {
	X      float64
	Label  int
	Narrow bool
}

// Shape is what a mark looks like, with what it means.
type Shape struct{ Name, Label string }

// TimelineRow is an entry. Before and After are its nearest days when none of
// them lies within the chart.
type TimelineRow struct {
	Entry         *site.Entry
	Keys          string
	Schedule      *Schedule // nil for types without one
	Dates         []TimelineDate
	Bar           *Bar
	Marks         []Mark
	Links         []Bar
	Before, After time.Time
	Next          *TimelineDate // first that lies ahead
}

// Bar is a span. It goes on beyond an end that is open.
type Bar struct {
	X, Width            float64
	OpenStart, OpenDone bool
}

// Mark is a date in the chart.
type Mark struct {
	X     float64
	Shape string
}

// TimelineDate is a date in the table. Day is zero for what has none.
type TimelineDate struct {
	What   string // what happens
	Lang   string // of What, if it is not the page's
	Kind   string // of which kind, or whether it has been reached
	Day    time.Time
	Time   string
	Yearly bool
	Since  time.Time // of what is yearly: the first turn that is known

	Shape string
	Stage int
}

func makeTimeline(c Context) Data {
	t := &Timeline{Total: len(c.Entries), KindLabel: c.Word("view.timeline.kind")}
	if c.Def.Timeline.Done != "" {
		t.KindLabel = c.Word("schedule.state")
	}
	y, m, d := c.Site.Now.Date()
	t.Today = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	t.axis()
	for _, e := range c.Entries {
		row := timelineRow(c, e)
		if len(row.Dates) == 0 {
			t.Undated = append(t.Undated, row)
			continue
		}
		t.draw(c.Def.Timeline, &row)
		t.Rows = append(t.Rows, row)
	}
	slices.SortStableFunc(t.Rows, func(a, b TimelineRow) int { return cmp.Compare(t.rank(a), t.rank(b)) })
	t.legend(c)
	return t
}

// axis is a year back and two ahead, in whole quarters.
func (t *Timeline) axis() {
	quarter := func(d time.Time) time.Time {
		return time.Date(d.Year(), (d.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	}
	t.From, t.To = quarter(t.Today.AddDate(-1, 0, 0)), quarter(t.Today.AddDate(2, 3, 0))
	t.Last = t.To.AddDate(0, 0, -1)
	for d := t.From; d.Before(t.To); d = d.AddDate(0, 3, 0) {
		t.Quarters = append(t.Quarters, Tick{X: t.x(d), Label: int(d.Month()-1)/3 + 1})
		if d.Month() == time.January || d.Equal(t.From) {
			t.Years = append(t.Years, Tick{t.x(d), d.Year(), d.Month() > time.July})
		}
	}
	t.TodayX = t.x(t.Today)
}

// x is the place of a day.
func (t *Timeline) x(d time.Time) float64 {
	share := d.Sub(t.From).Hours() / t.To.Sub(t.From).Hours()
	return math.Round(min(1, max(0, share))*1e4) / 100
}

func (t *Timeline) within(d time.Time) bool { return !d.Before(t.From) && d.Before(t.To) }

// timelineRow reads an entry's dates.
func timelineRow(c Context, e *site.Entry) TimelineRow {
	def := c.Def.Timeline
	row := TimelineRow{Entry: e, Keys: Keys(c, e), Schedule: ScheduleOf(c.Site, e)}
	if d := Day(e, def.From); !d.IsZero() {
		row.Dates = append(row.Dates, TimelineDate{What: c.Label(def.From), Day: d})
	}
	for _, v := range site.Each(e.Get(def.Marks)) {
		if rec, ok := v.(site.Record); ok {
			row.Dates = append(row.Dates, timelineDate(c, e, rec))
		}
	}
	if d := Day(e, def.Until); !d.IsZero() {
		row.Dates = append(row.Dates, TimelineDate{What: c.Label(def.Until), Day: d})
	}
	y, m, d := c.Site.Now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for i := range row.Dates {
		if x := &row.Dates[i]; x.Yearly { // the table says when next, or when last
			x.Since, x.Day = x.Day, yearlyTurn(x.Day, today, Day(e, def.Until))
		}
	}
	slices.SortStableFunc(row.Dates, func(a, b TimelineDate) int { return a.Day.Compare(b.Day) })
	for i, x := range row.Dates {
		if !x.Day.Before(today) && x.Shape != shapeDone {
			row.Next = &row.Dates[i]
			break
		}
	}
	return row
}

// Names of shapes, which are also their classes.
const (
	shapeDay    = "day"
	shapeCutoff = "cutoff"
	shapeYearly = "yearly"
	shapeDone   = "done"
	shapeAhead  = "ahead"
)

func timelineDate(c Context, e *site.Entry, rec site.Record) TimelineDate {
	def := c.Def.Timeline
	word := func(path string) string {
		if it := rec.Item(path); it != nil && it.Field.Kind == site.KindEnum {
			return it.Field.ValueLabel(site.Plain(it.Value), c.Lang)
		}
		return rec.Text(path)
	}
	x := TimelineDate{What: cmp.Or(word(def.Text), word(def.Stage), word(def.Kind)), Kind: word(def.Kind),
		Time: rec.Text(def.Time), Shape: shapeDay, Stage: stageOf(rec, def.Stage)}
	if _, written := rec.Get(def.Text).(site.Str); written {
		x.Lang = foreign(e.Lang, c.Lang)
	}
	if d, ok := rec.Get(def.Date).(site.Date); ok {
		x.Day = d.Time
	}
	switch k := rec.Text(def.Kind); {
	case def.Done != "":
		x.Shape, x.Kind = shapeAhead, c.Word("view.timeline.ahead")
		if done, ok := rec.Get(def.Done).(site.Bool); ok && done.B {
			x.Shape, x.Kind = shapeDone, c.Label(def.Marks+"."+def.Done)
		}
	case k == "":
	case k == def.Rolling:
		x.Shape, x.Day, x.Time = "", time.Time{}, ""
	case k == def.Yearly:
		x.Shape, x.Yearly = shapeYearly, !x.Day.IsZero()
	case k == def.Cutoff:
		x.Shape = shapeCutoff
	}
	return x
}

// draw places an entry's dates in the chart.
func (t *Timeline) draw(def *site.TimelineView, row *TimelineRow) {
	from, until := Day(row.Entry, def.From), Day(row.Entry, def.Until)
	marks := t.turns(row, from, until)
	for i, x := range marks {
		if i > 0 && (def.Stage == "" || marks[i-1].Stage > 0 && x.Stage > marks[i-1].Stage) {
			a, b := t.x(marks[i-1].Day), t.x(x.Day)
			if b > a {
				row.Links = append(row.Links, Bar{X: a, Width: b - a})
			}
		}
		if t.within(x.Day) {
			row.Marks = append(row.Marks, Mark{t.x(x.Day), x.Shape})
		}
	}
	row.Bar = t.bar(row, from, until)
	if row.Bar == nil && len(row.Marks) == 0 {
		for _, x := range row.Dates {
			switch {
			case x.Day.IsZero():
			case x.Day.Before(t.From):
				row.Before = x.Day
			case row.After.IsZero():
				row.After = x.Day
			}
		}
	}
	t.Bars = t.Bars || row.Bar != nil
	t.Links = t.Links || def.Stage != "" && len(row.Links) > 0
}

// turns are the dates that are marks, yearly ones at each of their turns within
// chart and span.
func (t *Timeline) turns(row *TimelineRow, from, until time.Time) []TimelineDate {
	var out []TimelineDate
	for _, x := range row.Dates {
		if x.Shape == "" || x.Day.IsZero() {
			continue
		}
		if !x.Yearly {
			out = append(out, x)
			continue
		}
		since := from // the date is the next one; earlier ones are known from the start on
		if since.IsZero() {
			since = x.Since
		}
		for y := t.From.Year(); y <= t.To.Year(); y++ {
			turn := x
			turn.Day = time.Date(y, x.Since.Month(), x.Since.Day(), 0, 0, 0, 0, time.UTC)
			if t.within(turn.Day) && !turn.Day.Before(since) && (until.IsZero() || !turn.Day.After(until)) {
				out = append(out, turn)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b TimelineDate) int { return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Stage, b.Stage)) })
	return out
}

// bar is the span of an entry, nil if it has none within the chart. A start
// without an end lasts to the last day, or goes on if dates come again.
func (t *Timeline) bar(row *TimelineRow, from, until time.Time) *Bar {
	goesOn := false
	last := until
	for _, x := range row.Dates {
		goesOn = goesOn || x.Yearly || x.Day.IsZero() || x.Shape == shapeCutoff
		if until.IsZero() && x.Day.After(last) {
			last = x.Day
		}
	}
	if from.IsZero() && until.IsZero() && !slices.ContainsFunc(row.Dates, func(x TimelineDate) bool { return x.Day.IsZero() }) {
		return nil // nothing but marks
	}
	b := &Bar{OpenStart: from.IsZero() || from.Before(t.From), OpenDone: until.IsZero() && (goesOn || last.Equal(from)) || !until.Before(t.To)}
	start, stop := t.From, t.To
	if !b.OpenStart {
		start = from
	}
	if !b.OpenDone {
		stop = last.AddDate(0, 0, 1)
	}
	if !start.Before(t.To) || !stop.After(t.From) {
		return nil
	}
	b.X = t.x(start)
	b.Width = math.Round((t.x(stop)-b.X)*100) / 100
	return b
}

// rank puts what comes next first, then what has no day, then what is over.
func (t *Timeline) rank(r TimelineRow) int64 {
	const day = 24 * 60 * 60
	switch {
	case r.Schedule != nil && r.Schedule.State.Key == StateClosed:
		return math.MaxInt64
	case r.Next != nil:
		return r.Next.Day.Unix() / day
	case r.Bar != nil && r.Bar.OpenDone:
		return math.MaxInt64 - 2
	}
	return math.MaxInt64 - 1
}

// legend explains the shapes that occur.
func (t *Timeline) legend(c Context) {
	def := c.Def.Timeline
	labels := map[string]string{shapeDone: c.Label(def.Marks + "." + def.Done), shapeAhead: c.Word("view.timeline.ahead"), shapeDay: c.Word("view.timeline.day")}
	if f := c.Def.Type.FieldByPath(def.Marks + "." + def.Kind); f != nil {
		labels[shapeCutoff], labels[shapeYearly] = f.ValueLabel(def.Cutoff, c.Lang), f.ValueLabel(def.Yearly, c.Lang)
	}
	for _, name := range []string{shapeDone, shapeAhead, shapeDay, shapeCutoff, shapeYearly} {
		if slices.ContainsFunc(t.Rows, func(r TimelineRow) bool {
			return slices.ContainsFunc(r.Marks, func(m Mark) bool { return m.Shape == name })
		}) {
			t.Shapes = append(t.Shapes, Shape{name, labels[name]})
		}
	}
}

// First are the rows that the page shows.
func (t *Timeline) First() []TimelineRow { return t.Rows[:min(timelineRows, len(t.Rows))] }

// FirstUndated are the entries without dates that the page still has room for.
func (t *Timeline) FirstUndated() []TimelineRow {
	return t.Undated[:min(timelineRows-len(t.First()), len(t.Undated))]
}

// Items are the words of the rows that the page shows.
func (t *Timeline) Items() []string {
	var out []string
	for _, r := range slices.Concat(t.First(), t.FirstUndated()) {
		out = append(out, r.Keys)
	}
	return out
}

// Bound counts entries.
func (t *Timeline) Bound() (shown, total int) {
	return len(t.First()) + len(t.FirstUndated()), t.Total
}

// Table has a row for each date of each entry; entries without one have one row.
func (t *Timeline) Table(c Context) Table {
	out := Table{Columns: []Column{c.EntryColumn(), c.URLColumn()}}
	scheduled := c.Def.Type.Schedule != nil
	if scheduled {
		out.Columns = append(out.Columns, Column{"state", c.Word("schedule.state")})
	}
	out.Columns = append(out.Columns, Column{"what", c.Word("view.timeline.what")}, Column{"kind", t.KindLabel},
		Column{"date", c.Word("view.timeline.date")}, Column{"time", c.Word("view.timeline.time")}, Column{"yearly", c.Word("view.timeline.yearly")})
	for _, r := range slices.Concat(t.Rows, t.Undated) {
		head := []any{r.Entry.Title, c.URL(r.Entry)}
		if scheduled {
			head = append(head, c.Word("schedule."+r.Schedule.State.Key))
		}
		dates := r.Dates
		if len(dates) == 0 {
			dates = []TimelineDate{{}}
		}
		for _, x := range dates {
			var day any
			if !x.Day.IsZero() {
				day = x.Day
			}
			out.Rows = append(out.Rows, append(slices.Clone(head), x.What, x.Kind, day, x.Time, x.Yearly))
		}
	}
	return out
}
