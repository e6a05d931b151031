package generator

import (
	"github.com/ag-vzkm/portal/generator/export"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// calendarKey tells calendars apart that pages offer beside their feeds.
type calendarKey struct {
	lang string
	t    *site.Type
	term *site.Term
	word string // key of a series
}

// ownCalendars notes the calendar files that export writes.
func (m *machine) ownCalendars() {
	s := m.b.site
	m.calendars = map[calendarKey]render.FeedLink{}
	for _, e := range s.Entries {
		if path := view.EventFile(e); path != "" {
			m.own[path] = true
		}
	}
	for _, l := range s.Config.Languages {
		for _, f := range view.CalendarFiles(s, l) {
			m.own[f.Path] = true
			m.calendars[calendarKey{l, f.Type, f.Term, f.Word}] = render.FeedLink{Title: export.CalendarTitle(s, f), Type: export.ICalType, URL: m.b.base + f.Path}
		}
	}
}

// gaps warns of outcomes that nobody takes care of, that have no day or lead to
// nothing, in entries that are shown. It looks at the entries as they were read:
// what a reader may not see is no gap.
func (b *build) gaps(draft *site.Draft) {
	for _, e := range draft.Entries {
		if shown := b.site.Lookup(e.ID, e.Lang); shown == nil || shown.Pos != e.Pos || !e.Listed() {
			continue
		}
		for _, v := range e.Type.Views {
			if v.FollowUp == nil {
				continue
			}
			for _, g := range view.Gaps(e, v.FollowUp) {
				b.gap(e, v.FollowUp, g)
			}
		}
	}
}

func (b *build) gap(e *site.Entry, def *site.FollowUpView, g view.Gap) {
	warn := func(code, name, text string) {
		if f := e.Type.FieldByPath(def.Sub(name)); f != nil {
			b.diags.Warnf(g.Place.Pos, code, "Ergänzen Sie „"+f.Name+"“: "+f.Help.In("de"), text, g.N)
		}
	}
	if g.NoOwner {
		warn("ergebnis-ohne-zustaendige", def.Owner, "Für das %d. Ergebnis ist niemand zuständig.")
	}
	if g.NoDue {
		warn("ergebnis-ohne-frist", def.Due, "Das %d. Ergebnis hat keine Frist.")
	}
	if g.NoThing && len(def.LeadsTo) > 0 {
		warn("ergebnis-ohne-folge", def.LeadsTo[0], "Beim %d. Ergebnis steht nicht, was daraus werden soll.")
	}
}
