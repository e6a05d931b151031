package view

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// The states of what can be applied for. They stand in addresses and in words
// of the interface ("schedule.offen"), and templates/views/deadline.ts has them.
const (
	StatePlanned = "geplant"
	StateOpen    = "offen"
	StateRolling = "laufend" // at any time
	StateClosed  = "geschlossen"
	StateUnknown = "unbekannt"
)

// States are all of them, in the order of filters.
var States = []string{StateOpen, StateRolling, StatePlanned, StateUnknown, StateClosed}

// Kinds of deadlines, as in the JSON of Dates.
const (
	fixed   = "fixed"
	cutoff  = "cutoff"
	yearly  = "yearly"
	rolling = "rolling"
)

// Dates are what a state follows from. Days are 2027-04-15, times 12:00, both on
// the clock of the site's zone; "" is not known.
type Dates struct {
	Opens     string     `json:"opens,omitempty"`
	Closes    string     `json:"closes,omitempty"`
	Deadlines []Deadline `json:"deadlines,omitempty"`
}

// Deadline is a day until whose time, or end, something can be handed in. Stage
// counts from 1; 0 is none.
type Deadline struct {
	Kind  string `json:"kind"`
	Day   string `json:"day,omitempty"`
	Time  string `json:"time,omitempty"`
	Stage int    `json:"stage,omitempty"`
}

// State is what holds at an instant. Day is the first day when planned, the next
// deadline or last day when open or rolling, the last day when closed; "" when
// none is known.
type State struct{ Key, Day, Time string }

// StateAt computes the state at a time of the site's clock, 2026-11-22T14:05.
// deadline.ts has the same function; testdata/states.tsv holds them together.
//
// A deadline is held against the clock on the wall: without a time it ends at
// 24:00, whatever the day's length. Who begins now has to hand in the first
// stage, so later ones do not count.
func StateAt(d Dates, now string) State {
	switch {
	case d.Closes != "" && passed(d.Closes, "", now):
		return State{Key: StateClosed, Day: d.Closes}
	case d.Opens != "" && now < d.Opens+"T00:00":
		return State{Key: StatePlanned, Day: d.Opens}
	}
	var next, last Deadline
	anyTime, late := false, false
	first := firstStage(d.Deadlines)
	for _, x := range d.Deadlines {
		if x.Stage > first {
			continue
		}
		anyTime = anyTime || x.Kind == rolling
		if x.Kind == rolling || x.Day == "" {
			continue
		}
		if x.Kind == yearly {
			if x.Day = turnOf(x, now, d); x.Day == "" {
				continue
			}
		}
		if passed(x.Day, x.Time, now) {
			late = late || x.Kind == cutoff
			if last.Day == "" || end(x.Day, x.Time) >= end(last.Day, last.Time) {
				last = x
			}
		} else if d.Closes == "" || x.Day <= d.Closes {
			if next.Day == "" || end(x.Day, x.Time) < end(next.Day, next.Time) {
				next = x
			}
		}
	}
	switch {
	case anyTime:
		return State{StateRolling, next.Day, next.Time}
	case next.Day != "":
		return State{StateOpen, next.Day, next.Time}
	case late:
		return State{Key: StateRolling}
	case last.Day != "":
		return State{StateClosed, last.Day, last.Time}
	case d.Opens != "" || d.Closes != "":
		return State{Key: StateOpen, Day: d.Closes}
	}
	return State{Key: StateUnknown}
}

func end(day, clock string) string { return day + "T" + cmp.Or(clock, "24:00") }

func passed(day, clock, now string) bool { return now >= end(day, clock) }

// firstStage is the least stage of all deadlines, 0 if one has none.
func firstStage(all []Deadline) int {
	first := 0
	for i, d := range all {
		if i == 0 || d.Stage < first {
			first = d.Stage
		}
	}
	return first
}

// turnOf is the next turn of a yearly deadline, or, when that would be after the
// end, the last one that lies within; "" if there is none.
func turnOf(d Deadline, now string, all Dates) string {
	next := nextTurn(d, now)
	if all.Closes == "" || next <= all.Closes {
		return next
	}
	for y := year(all.Closes); y >= year(d.Day); y-- {
		if day := turn(d.Day, y); day <= all.Closes && day >= all.Opens {
			return day
		}
	}
	return ""
}

// nextTurn is the first turn of a yearly deadline that has not passed, from its
// own year on. The 29th of February is the 1st of March in other years.
func nextTurn(d Deadline, now string) string {
	for y := max(year(d.Day), year(now)); ; y++ {
		if day := turn(d.Day, y); !passed(day, d.Time, now) {
			return day
		}
	}
}

func turn(day string, y int) string {
	rest := day[4:]
	if rest == "-02-29" && (y%4 != 0 || y%100 == 0 && y%400 != 0) {
		rest = "-03-01"
	}
	return fmt.Sprintf("%04d%s", y, rest)
}

// year reads four digits; days are well-formed when they come from fields.
func year(s string) int {
	y := 0
	for _, c := range s[:4] {
		y = y*10 + int(c-'0')
	}
	return y
}

// DatesOf reads an entry by its type's schedule.
func DatesOf(e *site.Entry) Dates {
	s := e.Type.Schedule
	d := Dates{Opens: dayText(e.Values, s.Opens), Closes: dayText(e.Values, s.Closes)}
	for _, v := range site.Each(e.Get(s.Deadlines)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		x := Deadline{Kind: fixed, Day: dayText(rec, s.Date), Time: rec.Text(s.Time)}
		switch k := rec.Text(s.Kind); {
		case k == "":
		case k == s.Cutoff:
			x.Kind = cutoff
		case k == s.Yearly:
			x.Kind = yearly
		case k == s.Rolling:
			x.Kind = rolling
		}
		x.Stage = stageOf(rec, s.Stage)
		d.Deadlines = append(d.Deadlines, x)
	}
	return d
}

// stageOf is the place of a record's stage among the field's values, from 1 on.
func stageOf(rec site.Record, path string) int {
	it := rec.Item(path)
	if it == nil {
		return 0
	}
	for i, v := range it.Field.Values {
		if v.Key == site.Plain(it.Value) {
			return i + 1
		}
	}
	return 0
}

func dayText(r site.Record, path string) string {
	if d, ok := r.Get(path).(site.Date); ok {
		return d.Format(time.DateOnly)
	}
	return ""
}

// Schedule is an entry's state on the day of the build with all that a script
// needs to tell it on any other.
type Schedule struct {
	State State
	When  time.Time // Day and Time of the state, zero when not known
	Dates string    // JSON
	Zone  string
}

// ScheduleOf is nil for types without a schedule. The state is that at the
// beginning of the day: pages hold for all of it, scripts do the rest.
func ScheduleOf(s *site.Site, e *site.Entry) *Schedule {
	if e.Type.Schedule == nil {
		return nil
	}
	zone := s.Config.Location
	d := DatesOf(e)
	js, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings and numbers only
	}
	out := &Schedule{State: StateAt(d, s.Now.In(zone).Format(time.DateOnly)+"T00:00"), Dates: string(js), Zone: zone.String()}
	if day := out.State.Day; day != "" {
		out.When, _ = time.ParseInLocation("2006-01-02 15:04", day+" "+cmp.Or(out.State.Time, "00:00"), zone)
		if out.State.Time == "" { // a plain day has no zone
			out.When, _ = time.Parse(time.DateOnly, day)
		}
	}
	return out
}

// stateFilter lets readers choose by state. All states are offered: what is open
// today may be closed when the page is read, and the script counts anew.
func stateFilter(c Context, counts map[string]int) Filter {
	f := Filter{Name: site.StateFilter, Label: c.Word("schedule.state")}
	for _, key := range States {
		f.Options = append(f.Options, Option{Key: key, Label: c.Word("schedule." + key), Count: counts[site.StateFilter+":"+key]})
	}
	return f
}
