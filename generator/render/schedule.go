package render

import "github.com/ag-vzkm/portal/generator/view"

// Schedule is the entry's state as its dates give it, nil for types without.
func (c Card) Schedule() *view.Schedule { return view.ScheduleOf(c.r.Site, c.Entry) }
