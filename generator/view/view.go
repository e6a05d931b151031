// Package view computes what a page shows beyond one entry, as plain values:
// coming dates, related entries. It knows nothing of HTML and nothing of any
// particular type; which fields it reads comes from type.yaml.
package view

import (
	"cmp"
	"slices"
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
		for _, o := range occurrences(e, b) {
			if o.yearly {
				o.When = nextYear(o.When, now)
			}
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
}

func (o occurrence) end() time.Time {
	if o.until.After(o.When) {
		return o.until
	}
	return o.When
}

func occurrences(e *site.Entry, b *site.HomeBlock) []occurrence {
	list, field, inList := cutLast(b.Date)
	if !inList {
		if t, ok := instant(e.Get(b.Date)); ok {
			until, _ := instant(e.Get(b.Until))
			return []occurrence{{Occurrence{t, e, e.Values}, until, false}}
		}
		return nil
	}
	_, yearlyField, _ := cutLast(b.Yearly)
	var out []occurrence
	for _, v := range site.Each(e.Get(list)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		if t, ok := instant(rec.Get(field)); ok {
			yearly := b.Yearly != "" && rec.Text(yearlyField) == b.YearlyValue
			_, untilField, _ := cutLast(b.Until)
			until, _ := instant(rec.Get(untilField))
			out = append(out, occurrence{Occurrence{t, e, rec}, until, yearly})
		}
	}
	return out
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
		next := time.Date(y, t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, t.Location())
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
