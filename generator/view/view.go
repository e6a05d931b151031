// Package view computes what a page shows beyond one entry, as plain values:
// coming dates, related entries. It knows nothing of HTML and nothing of any
// particular type; which fields it reads comes from type.yaml.
package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Occurrence is a date of an entry. Record is the list item the date stands
// in (a deadline with its kind), or the entry's own values.
type Occurrence struct {
	When   time.Time
	Entry  *site.Entry
	Record site.Record
}

// Upcoming returns the dates of the entries from the day of now on, soonest
// first, at most limit (0: all). Dates that come back every year are moved to
// their next turn.
func Upcoming(entries []*site.Entry, b *site.HomeBlock, now time.Time, limit int) []Occurrence {
	var out []Occurrence
	for _, e := range entries {
		for _, o := range occurrences(e, b.Dates()) {
			o.turn(now)
			if !beforeDay(o.end(), now) {
				out = append(out, o.Occurrence)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Occurrence) int {
		return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.Entry.Path, b.Entry.Path))
	})
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out
}

type occurrence struct {
	Occurrence
	until  time.Time // zero: one day
	yearly bool
	closed time.Time // yearly: the last day on which it may come back
	day    bool      // without a time of day
	n      int       // place in its list, from 1; 0 without one
}

func (o *occurrence) end() time.Time {
	if o.until.After(o.When) {
		return o.until
	}
	return o.When
}

// turn moves a date of every year to its next turn, or to the last one before
// the end.
func (o *occurrence) turn(now time.Time) {
	if o.yearly {
		o.When = yearlyTurn(o.When, now, o.closed)
	}
}

// yearlyTurn is the first turn of a yearly date not before now; if that lies after
// the day closed, the last one that does not. What has no such turn stays.
func yearlyTurn(t, now, closed time.Time) time.Time {
	next := nextYear(t, now)
	for y := next.Year(); !closed.IsZero() && next.After(closed); y-- {
		if y < t.Year() {
			return t
		}
		next = inYear(t, y)
	}
	return next
}

func inYear(t time.Time, y int) time.Time {
	return time.Date(y, t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, t.Location())
}

func occurrences(e *site.Entry, d *site.Dates) []occurrence {
	list, field, inList := cutLast(d.Start)
	closed, _ := instant(e.Get(d.Closed))
	if !inList {
		if t, ok := instant(e.Get(d.Start)); ok {
			until, _ := instant(e.Get(d.End))
			o := occurrence{Occurrence: Occurrence{t, e, e.Values}, until: until, closed: closed, day: wholeDay(e.Get(d.Start))}
			o.yearly = d.Yearly != "" && e.Text(d.Yearly) == d.YearlyValue
			return []occurrence{o}
		}
		return nil
	}
	var out []occurrence
	for i, v := range site.Each(e.Get(list)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		if t, ok := instant(rec.Get(field)); ok {
			o := occurrence{Occurrence: Occurrence{t, e, rec}, closed: closed, day: wholeDay(rec.Get(field)), n: i + 1}
			o.until, _ = instant(o.get(d, d.End))
			o.yearly = d.Yearly != "" && site.Plain(o.get(d, d.Yearly)) == d.YearlyValue
			out = append(out, o)
		}
	}
	return out
}

// get is the value of a field said with the date: of its record if it stands in
// the same list, else of the entry.
func (o *occurrence) get(d *site.Dates, path string) site.Value {
	return ofRecord(o.Entry, o.Record, d, path)
}

func ofRecord(e *site.Entry, rec site.Record, d *site.Dates, path string) site.Value {
	list, _, inList := cutLast(d.Start)
	if rest, ok := strings.CutPrefix(path, list+"."); ok && inList {
		return rec.Get(rest)
	}
	return e.Get(path)
}

// wholeDay reports whether a date has no time of day: midnight is what a mere
// day becomes in a field that may have one.
func wholeDay(v site.Value) bool {
	t, _ := instant(v)
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0
}

func cutLast(path string) (before, after string, found bool) {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[:i], path[i+1:], true
		}
	}
	return "", path, false
}

func instant(v site.Value) (time.Time, bool) {
	switch v := v.(type) {
	case site.Date:
		return v.Time, true
	case site.DateTime:
		return v.Time, true
	}
	return time.Time{}, false
}

// nextYear moves a yearly date to its first turn not before now. The 29th of
// February falls on the 1st of March in other years.
func nextYear(t, now time.Time) time.Time {
	for y := max(t.Year(), now.Year()); ; y++ {
		next := inYear(t, y)
		if !beforeDay(next, now) {
			return next
		}
	}
}

// beforeDay reports whether t's day is over at now. A plain day has no zone of
// its own; it is held against the day that now shows.
func beforeDay(t, now time.Time) bool {
	if t.Location() != time.UTC {
		now = now.In(t.Location())
	}
	y, m, d := now.Date()
	return t.Before(time.Date(y, m, d, 0, 0, 0, 0, t.Location()))
}

// Open returns the listed entries whose field has one of the block's values.
func Open(entries []*site.Entry, b *site.HomeBlock) []*site.Entry {
	var out []*site.Entry
	for _, e := range entries {
		for _, v := range site.Each(e.Get(b.Where)) {
			if e.Listed() && slices.Contains(b.In, site.Plain(v)) {
				out = append(out, e)
				break
			}
		}
	}
	return out
}

// Latest returns the n newest listed entries by the day that date gives,
// newest first. Entries without one are left out.
func Latest(entries []*site.Entry, date func(*site.Entry) time.Time, n int) []*site.Entry {
	out := slices.DeleteFunc(slices.Clone(entries), func(e *site.Entry) bool { return !e.Listed() || date(e).IsZero() })
	slices.SortStableFunc(out, func(a, b *site.Entry) int {
		return cmp.Or(date(b).Compare(date(a)), cmp.Compare(a.Path, b.Path))
	})
	return out[:min(n, len(out))]
}

// DateOf is the day an entry stands for in lists: that of its home block's
// field, such as the day of an event, else the day it was published.
func DateOf(e *site.Entry) time.Time {
	if h := e.Type.Home; h != nil && h.Date != "" {
		if t, ok := instant(e.Get(h.Date)); ok {
			return t
		}
	}
	return e.Date()
}
