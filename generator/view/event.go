package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Event is a date of an entry with what is said with it.
type Event struct {
	Entry    *site.Entry
	N        int       // place among the entry's dates, from 1; 0 if it has one only
	Start    time.Time // of one that comes back: its next turn
	End      time.Time // zero: not said
	Day      bool      // without a time of day; End is the last day
	Yearly   bool
	First    time.Time // of one that comes back: the turn that is written down
	Last     time.Time // the day on which it comes back no more, zero if not known
	Over     bool
	Place    string
	Notes    []string // what tells the entry's dates apart
	Register Registration
}

// Registration says where to register and until when. It is empty for what is over.
type Registration struct {
	URL  string
	By   time.Time
	Open bool
}

// Events are the dates of an entry, in order.
func Events(e *site.Entry, d *site.Dates, lang string, now time.Time) []Event {
	var out []Event
	for _, o := range occurrences(e, d) {
		first := o.When
		o.turn(now)
		ev := Event{Entry: e, N: o.n, Start: o.When, End: o.until, Day: o.day, Yearly: o.yearly, First: first, Over: beforeDay(o.end(), now)}
		if o.yearly {
			ev.Last = o.closed
		}
		if d.Place != "" {
			ev.Place = text(o.Record, e, d, d.Place, lang)
		}
		for _, path := range d.Notes {
			if s := text(o.Record, e, d, path, lang); s != "" {
				ev.Notes = append(ev.Notes, s)
			}
		}
		if !ev.Over {
			ev.Register = registration(&o, d, now)
		}
		out = append(out, ev)
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.Start.Compare(b.Start) })
	return out
}

func registration(o *occurrence, d *site.Dates, now time.Time) Registration {
	var r Registration
	if l, ok := o.get(d, d.Register).(site.Link); ok {
		r.URL = l.URL
	}
	r.By, _ = instant(o.get(d, d.RegisterBy))
	r.Open = r.URL != "" && (r.By.IsZero() || !beforeDay(r.By, now))
	return r
}

// text is a value said with a date: by its label if it is one of a closed set.
func text(rec site.Record, e *site.Entry, d *site.Dates, path, lang string) string {
	f := e.Type.FieldByPath(path)
	var out string
	for _, v := range site.Each(ofRecord(e, rec, d, path)) {
		s := site.Plain(v)
		if f != nil {
			if w, ok := wordOf(f, v, lang); ok {
				s = w.Label
			} else if _, hidden := v.(*site.Ref); hidden {
				continue
			}
		}
		if out != "" {
			out += ", "
		}
		out += s
	}
	return out
}

// EventFile is the address of an entry's calendar file, "" if it has no dates.
func EventFile(e *site.Entry) string {
	if e.Type.ICal == nil || e.Index || len(occurrences(e, &e.Type.ICal.Dates)) == 0 {
		return ""
	}
	return e.URL + e.ID + ".ics"
}

// CalendarFile is a calendar to subscribe to: of a type, of one of its series, of
// a term, or of all dates of the site.
type CalendarFile struct {
	Name    string // what it is of, „Anwenderdialog“; "" for all dates
	Path    string
	Page    string // where it belongs
	Lang    string
	Type    *site.Type
	Term    *site.Term
	Word    string // key of the series
	Entries []*site.Entry
}

// calendarLength bounds the entries of a calendar: those of the latest dates.
const calendarLength = 1000

// CalendarFiles are all calendars of a language. Entries without a version in it
// are in them as they are in lists.
func CalendarFiles(s *site.Site, lang string) []CalendarFile {
	var out []CalendarFile
	var all []*site.Entry
	types := 0
	for _, t := range s.Types {
		if t.ICal == nil {
			continue
		}
		dated := byDate(Listed(s, t.Name, lang))
		if len(dated) == 0 {
			continue
		}
		types++
		all = append(all, dated...)
		page := s.TypeURL(t, lang)
		out = append(out, CalendarFile{Name: t.Labels.Many.In(lang), Path: page + "kalender.ics", Page: page, Type: t, Entries: dated})
		out = append(out, seriesFiles(t, page, lang, dated)...)
	}
	if types > 1 {
		all = byDate(all)
		home := s.Config.Prefix(lang) + "/"
		out = append(out, CalendarFile{Path: home + "kalender.ics", Page: home, Entries: all})
	}
	out = append(out, termFiles(s, lang, all)...)
	for i := range out {
		out[i].Lang = lang
		out[i].Entries = out[i].Entries[max(0, len(out[i].Entries)-calendarLength):]
	}
	return out
}

// byDate are the entries that have dates, in the order of their last ones.
func byDate(entries []*site.Entry) []*site.Entry {
	type dated struct {
		e    *site.Entry
		last time.Time
	}
	var all []dated
	for _, e := range entries {
		if EventFile(e) == "" {
			continue
		}
		o := occurrences(e, &e.Type.ICal.Dates)
		all = append(all, dated{e, o[len(o)-1].When})
	}
	slices.SortFunc(all, func(a, b dated) int { return cmp.Or(a.last.Compare(b.last), cmp.Compare(a.e.URL, b.e.URL)) })
	out := make([]*site.Entry, len(all))
	for i, d := range all {
		out[i] = d.e
	}
	return out
}

func seriesFiles(t *site.Type, page, lang string, dated []*site.Entry) []CalendarFile {
	if t.ICal.Series == "" {
		return nil
	}
	var out []CalendarFile
	at := map[string]int{}
	for _, e := range dated {
		for _, w := range Words(e, t.ICal.Series, lang) {
			i, ok := at[w.Key]
			if !ok {
				i = len(out)
				at[w.Key] = i
				out = append(out, CalendarFile{Name: w.Label, Path: page + "kalender-" + w.Key + ".ics", Page: page, Type: t, Word: w.Key})
			}
			out[i].Entries = append(out[i].Entries, e)
		}
	}
	slices.SortFunc(out, func(a, b CalendarFile) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// termFiles are those of the terms that have feeds.
func termFiles(s *site.Site, lang string, dated []*site.Entry) []CalendarFile {
	var out []CalendarFile
	at := map[*site.Term]int{}
	for _, e := range dated {
		for _, tag := range e.Topics {
			t := tag.Term
			if t == nil || !t.Taxonomy.Feed {
				continue
			}
			i, ok := at[t]
			if !ok {
				i = len(out)
				at[t] = i
				page := t.URL(lang, s.Config.DefaultLang())
				out = append(out, CalendarFile{Name: t.Label.In(lang), Path: page + "kalender.ics", Page: page, Term: t})
			}
			out[i].Entries = append(out[i].Entries, e)
		}
	}
	slices.SortFunc(out, func(a, b CalendarFile) int { return cmp.Compare(a.Path, b.Path) })
	return out
}
