package view

import (
	"slices"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Course is how an undertaking goes on: the phases with the present one, the
// milestones, who takes part and what came out of it.
type Course struct {
	Steps      []Phase
	At         int // number of the present phase, from 1; 0 if it is not known
	Milestones []Milestone
	Next       *Milestone // the first that is not reached and not overdue
	Overdue    int
	Roles      []Role
	Results    []CourseResult
}

// Phase is a step. State is done, now or ahead.
type Phase struct{ Label, Note, State string }

// Milestone is something that is there by a day. State is done, overdue, next or
// ahead.
type Milestone struct {
	Date  time.Time
	Text  string
	State string
}

// Role is a contribution with those who make it. Name is "" if it is not said.
type Role struct {
	Name     string
	Partners []*site.Entry
}

// CourseResult is a field in prose with what it is called.
type CourseResult struct {
	Label string
	Value site.Value
}

// NewCourse reads an entry's course, by the fields that its type names for it.
// It is nil for types without one.
func NewCourse(e *site.Entry, lang string, now time.Time) *Course {
	def := e.Type.Course()
	if def == nil {
		return nil
	}
	c := &Course{Roles: roles(e, def)}
	c.phases(e, def.Phase, lang)
	c.milestones(e, def, now)
	for _, path := range def.Results {
		if v := e.Get(path); v != nil {
			c.Results = append(c.Results, CourseResult{e.Type.FieldByPath(path).Label.In(lang), v})
		}
	}
	return c
}

func (c *Course) phases(e *site.Entry, path, lang string) {
	var now string
	if words := Words(e, path, lang); len(words) > 0 {
		now = words[0].Key
	}
	scale := Scale(nil, e.Type, path, lang, nil)
	c.At = 1 + slices.IndexFunc(scale, func(w Word) bool { return w.Key == now })
	for i, w := range scale {
		state := "ahead"
		if i+1 < c.At {
			state = "done"
		} else if i+1 == c.At {
			state = "now"
		}
		c.Steps = append(c.Steps, Phase{w.Label, w.Note, state})
	}
}

func (c *Course) milestones(e *site.Entry, def *site.Course, now time.Time) {
	list, date, _ := cutLast(def.Date)
	_, text, _ := cutLast(def.Text)
	_, done, _ := cutLast(def.Done)
	for _, v := range site.Each(e.Get(list)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		m := Milestone{Text: rec.Text(text), State: "ahead"}
		m.Date, _ = instant(rec.Get(date))
		reached, _ := rec.Get(done).(site.Bool)
		switch {
		case reached.B:
			m.State = "done"
		case beforeDay(m.Date, now):
			m.State = "overdue"
			c.Overdue++
		}
		c.Milestones = append(c.Milestones, m)
	}
	slices.SortStableFunc(c.Milestones, func(a, b Milestone) int { return a.Date.Compare(b.Date) })
	for i, m := range c.Milestones {
		if m.State == "ahead" {
			c.Milestones[i].State = "next"
			c.Next = &c.Milestones[i]
			break
		}
	}
}

// roles are the partners by what they contribute, in the order of the entry.
func roles(e *site.Entry, def *site.Course) []Role {
	list, partner, _ := cutLast(def.Partner)
	_, role, _ := cutLast(def.Role)
	var out []Role
	for _, v := range site.Each(e.Get(list)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		name := rec.Text(role)
		for _, p := range site.Each(rec.Get(partner)) {
			ref, ok := p.(*site.Ref)
			if !ok || ref.Entry == nil {
				continue
			}
			i := slices.IndexFunc(out, func(r Role) bool { return r.Name == name })
			if i < 0 {
				i = len(out)
				out = append(out, Role{Name: name})
			}
			out[i].Partners = append(out[i].Partners, ref.Entry)
		}
	}
	return out
}
