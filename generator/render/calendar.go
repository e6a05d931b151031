package render

import (
	"html/template"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// CalendarLink is a calendar file: of the entry itself, to be taken over, or,
// with Subscribe, of its series.
type CalendarLink struct {
	Name, Path string // Path without base path
	Subscribe  bool
}

// dialogue fills in an entry's own dates with their calendar files, and what
// became of what it agreed.
func (r *Renderer) dialogue(v *EntryView, e *site.Entry, l string) {
	now := r.Site.Now
	if c := e.Type.ICal; c != nil {
		v.Dates = view.Events(e, &c.Dates, l, now)
	}
	if path := view.EventFile(e); path != "" {
		v.Calendars = append(v.Calendars, CalendarLink{Name: e.Title, Path: path})
		for _, f := range r.calendars.get(l) {
			if f.Type == e.Type && f.Word != "" && hasWord(e, f.Word, l) {
				v.Calendars = append(v.Calendars, CalendarLink{Name: f.Name, Path: f.Path, Subscribe: true})
			}
		}
	}
	for _, def := range e.Type.Views {
		if def.FollowUp != nil {
			v.Outcomes = view.Outcomes(e, def.FollowUp, l, now)
			break
		}
	}
}

func hasWord(e *site.Entry, key, l string) bool {
	for _, w := range view.Words(e, e.Type.ICal.Series, l) {
		if w.Key == key {
			return true
		}
	}
	return false
}

// NextDate is the first date that is not over, nil if there is none.
func (v *EntryView) NextDate() *view.Event {
	for i := range v.Dates {
		if !v.Dates[i].Over {
			return &v.Dates[i]
		}
	}
	return nil
}

// span writes when a date is, and where, if clocks there show another time than
// the site's.
func (r *Renderer) span(l string, e view.Event) string {
	s := lang.Span(l, e.Start, e.End, e.Day)
	_, here := e.Start.In(r.Site.Config.Location).Zone()
	if _, there := e.Start.Zone(); there == here || e.Day {
		return s
	}
	zone := e.Start.Location().String()
	place := strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
	return s + " (" + r.Words.Must(l, "calendar.localtime", place) + ")"
}

// webcal is the address by which calendar programs subscribe at once.
func (r *Renderer) webcal(path string) template.URL {
	_, rest, _ := strings.Cut(r.Site.Config.BaseURL, "://")
	return template.URL("webcal://" + rest + path)
}

// weekdays are the days of the week as headings: short, with the whole word.
func weekdays(l string) []Link {
	var out []Link
	for _, d := range lang.Weekdays(l) {
		out = append(out, Link{Title: d[:2], Note: d})
	}
	return out
}
