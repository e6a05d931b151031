package export

import "time"

// zoneRule is a change of a zone's offset: once, or every year in the same month
// on the same weekday.
type zoneRule struct {
	start    time.Time // of the first one, on the clock that it ends
	from, to int       // offsets in seconds
	name     string
	daylight bool
	every    bool
	week     int // of the month, from 1, or -1: the last
}

// zoneSpan is for how many years a rule must hold to be taken for one.
const zoneSpan = 8

// zoneRules are the rules of a zone that hold from a year before first to last
// and beyond. It reports false for zones that no rule of this form describes:
// those that follow the moon, or that changed their mind in these years.
func zoneRules(loc *time.Location, first, last int) ([]zoneRule, bool) {
	if loc == time.UTC || loc.String() == "Local" {
		return nil, false
	}
	from := time.Date(first-1, 1, 1, 0, 0, 0, 0, loc)
	to := time.Date(max(last, first+zoneSpan)+1, 1, 1, 0, 0, 0, 0, loc)
	var changes []zoneRule
	for t := from; ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			break
		}
		changes = append(changes, changeAt(end))
		t = end
	}
	if len(changes) == 0 {
		name, offset := from.Zone()
		return []zoneRule{{start: time.Date(first-1, 1, 1, 0, 0, 0, 0, time.UTC), from: offset, to: offset, name: name}}, true
	}
	if len(changes) != 2*(to.Year()-from.Year()) {
		return nil, false
	}
	a, ok := yearly(changes, 0)
	b, fine := yearly(changes, 1)
	return []zoneRule{a, b}, ok && fine
}

// changeAt is the change at an instant, on the clock before it.
func changeAt(t time.Time) zoneRule {
	before := t.Add(-time.Second)
	_, from := before.Zone()
	name, to := t.Zone()
	clock := t.UTC().Add(time.Duration(from) * time.Second)
	return zoneRule{start: clock, from: from, to: to, name: name, daylight: t.IsDST()}
}

// yearly finds what every second change from one on has in common.
func yearly(changes []zoneRule, at int) (zoneRule, bool) {
	rule := changes[at]
	rule.every = true
	nth, last := (rule.start.Day()-1)/7+1, true
	same := true
	for i := at; i < len(changes); i += 2 {
		c := changes[i]
		h, m, s := c.start.Clock()
		rh, rm, rs := rule.start.Clock()
		if c.start.Month() != rule.start.Month() || c.start.Weekday() != rule.start.Weekday() || h != rh || m != rm || s != rs ||
			c.from != rule.from || c.to != rule.to || c.name != rule.name {
			return rule, false
		}
		same = same && (c.start.Day()-1)/7+1 == nth
		last = last && c.start.AddDate(0, 0, 7).Month() != c.start.Month()
	}
	rule.week = nth
	if last {
		rule.week = -1
	}
	return rule, last || same
}
