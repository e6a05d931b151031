package view

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// Way is the order of types in which one thing leads to the next, as portal.yaml
// has it under "thread": dialogue, need, solution, trial, money, position. It
// closes: a position is where the next dialogue begins.
type Way struct {
	types []*site.Type
	near  map[*site.Entry][][]*site.Entry // by place of their type
}

// wayReach is how many entries of a step lead on to the next, so that a
// programme with thousands of projects does not make every page dear.
const wayReach = 24

// ThreadStep is a place on the way. Direct is set when the entries are related to the
// one that asks, and not only to others between it and them.
type ThreadStep struct {
	Type         *site.Type
	Here, Direct bool
	Entries      []*site.Entry // empty: a gap
}

// NewWay finds what is related to what on the way. Each relation is looked at
// once; it counts in both directions and for all language versions.
func NewWay(s *site.Site) *Way {
	w := &Way{near: map[*site.Entry][][]*site.Entry{}}
	place := map[*site.Type]int{}
	for _, n := range s.Config.Thread {
		if t := s.Type(n.Name); t != nil {
			place[t] = len(w.types)
			w.types = append(w.types, t)
		}
	}
	for _, e := range s.Entries {
		if _, on := place[e.Type]; !on || e.Index {
			continue
		}
		near, seen := make([][]*site.Entry, len(w.types)), map[*site.Entry]bool{}
		for _, n := range Neighbours(s, e) {
			if i, on := place[n.Entry.Type]; on && n.Entry.Type != e.Type && n.Entry.Listed() && !seen[n.Entry] {
				seen[n.Entry] = true
				near[i] = append(near[i], n.Entry)
			}
		}
		w.near[e] = near
	}
	return w
}

// Thread is the whole way with an entry's place on it, nil if it has none. A step
// that is not related to the entry itself is looked for step by step from those
// that are. What lies on the other side of the entry does not count for it: that
// a need has a project does not mean that this solution is tried out there. Only
// the two ends, where the way closes, are looked for from both sides.
func (w *Way) Thread(e *site.Entry) []ThreadStep {
	here := slices.Index(w.types, e.Type)
	near := w.near[e]
	if here < 0 || near == nil {
		return nil
	}
	steps := make([]ThreadStep, len(w.types))
	for i, t := range w.types {
		steps[i] = ThreadStep{Type: t, Here: i == here, Direct: len(near[i]) > 0, Entries: near[i]}
	}
	for again := true; again; {
		again = false
		found := make([][]*site.Entry, len(steps))
		for k := range steps {
			if k != here && len(steps[k].Entries) == 0 {
				found[k] = w.reach(steps, here, k)
			}
		}
		for k, entries := range found {
			if len(entries) > 0 {
				steps[k].Entries, again = entries, true
			}
		}
	}
	return steps
}

// reach is what the nearest step that leads to step k leads to.
func (w *Way) reach(steps []ThreadStep, here, k int) []*site.Entry {
	end := k == 0 || k == len(steps)-1
	for d := 1; d < len(steps); d++ {
		for _, j := range []int{k - d, k + d} {
			if j < 0 || j >= len(steps) || j == here || !end && (j < here) != (k < here) {
				continue
			}
			var out []*site.Entry
			for _, e := range steps[j].Entries[:min(len(steps[j].Entries), wayReach)] {
				for _, n := range w.near[e][k] {
					if len(out) < wayReach && !slices.Contains(out, n) {
						out = append(out, n)
					}
				}
			}
			if len(out) > 0 {
				return out
			}
		}
	}
	return nil
}
