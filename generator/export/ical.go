package export

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// ICalType is the media type of calendars (RFC 5545).
const ICalType = "text/calendar"

// icalRefresh is how often calendar programs are asked to look again.
const icalRefresh = "PT12H"

// CalendarTitle is what a calendar is called: „AG VZKM – Anwenderdialog“.
func CalendarTitle(s *site.Site, f view.CalendarFile) string {
	if f.Name == "" {
		return s.Config.Title
	}
	return s.Config.Title + " – " + f.Name
}

func (in *Input) writeCalendars(w *writer) {
	for _, e := range in.Site.Entries {
		if path := view.EventFile(e); path != "" {
			w.put(path, in.calendar(e.Lang, "", path, []*site.Entry{e}))
		}
	}
	for _, l := range in.Site.Config.Languages {
		for _, f := range view.CalendarFiles(in.Site, l) {
			w.put(f.Path, in.calendar(l, CalendarTitle(in.Site, f), f.Path, f.Entries))
		}
	}
}

// calendar writes the dates of some entries. Without a title it is a single
// date to be taken over, with one a calendar to be subscribed to.
func (in *Input) calendar(l, title, path string, entries []*site.Entry) []byte {
	var events []view.Event
	for _, e := range entries {
		events = append(events, view.Events(e, &e.Type.ICal.Dates, l, in.Site.Now)...)
	}
	slices.SortStableFunc(events, func(a, b view.Event) int { return a.First.Compare(b.First) })
	var b icalWriter
	b.line("BEGIN", "VCALENDAR")
	b.line("VERSION", "2.0")
	b.line("PRODID", "-//"+icalText(in.publisher())+"//Portal//"+strings.ToUpper(l))
	b.line("CALSCALE", "GREGORIAN")
	if title != "" {
		b.line("NAME", icalText(title)) // RFC 7986, and what programs knew before it
		b.line("X-WR-CALNAME", icalText(title))
		b.line("REFRESH-INTERVAL;VALUE=DURATION", icalRefresh)
		b.line("X-PUBLISHED-TTL", icalRefresh)
		b.line("SOURCE;VALUE=URI", in.abs(path))
		b.line("LAST-MODIFIED", icalUTC(newest(entries)))
	}
	zones := in.zones(&b, events)
	for _, ev := range events {
		in.event(&b, l, ev, zones)
	}
	b.line("END", "VCALENDAR")
	return b.Bytes()
}

// zones writes the time zones of the events and returns the names of those that
// rules can be written for.
func (in *Input) zones(b *icalWriter, events []view.Event) map[string]bool {
	spans := map[string][2]int{}
	places := map[string]*time.Location{}
	for _, ev := range events {
		if ev.Day {
			continue
		}
		loc := ev.First.Location()
		first, last := ev.First.Year(), max(ev.First.Year(), ev.End.Year())
		if s, ok := spans[loc.String()]; ok {
			first, last = min(first, s[0]), max(last, s[1])
		}
		spans[loc.String()], places[loc.String()] = [2]int{first, last}, loc
	}
	known := map[string]bool{}
	var names []string
	for name := range spans {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if rules, ok := zoneRules(places[name], spans[name][0], spans[name][1]); ok {
			known[name] = true
			b.zone(name, rules)
		}
	}
	return known
}

func (in *Input) event(b *icalWriter, l string, ev view.Event, zones map[string]bool) {
	e := ev.Entry
	b.line("BEGIN", "VEVENT")
	b.line("UID", in.uid(ev))
	b.line("DTSTAMP", icalUTC(changed(e)))
	b.line("LAST-MODIFIED", icalUTC(changed(e)))
	if !e.Published.IsZero() {
		b.line("CREATED", icalUTC(e.Published))
	}
	b.line("SEQUENCE", strconv.Itoa(sequence(e)))
	b.when(ev, zones)
	title := e.Title
	if len(ev.Notes) > 0 {
		title += " (" + strings.Join(ev.Notes, ", ") + ")"
	}
	b.line("SUMMARY", icalText(oneLine(title)))
	if ev.Place != "" {
		b.line("LOCATION", icalText(oneLine(ev.Place)))
	}
	b.line("DESCRIPTION", icalText(in.description(l, ev)))
	b.line("URL", in.abs(e.URL))
	b.line("CATEGORIES", icalText(e.Type.Labels.One.In(l)))
	if draft(e) {
		b.line("STATUS", "TENTATIVE")
	} else {
		b.line("STATUS", "CONFIRMED")
	}
	if ev.Day {
		b.line("TRANSP", "TRANSPARENT") // a deadline takes nobody's day
	}
	b.line("END", "VEVENT")
}

// uid is made of the permanent id, so that an event that moves stays the same;
// of several dates of an entry each is told by its place in the list.
func (in *Input) uid(ev view.Event) string {
	id := lang.ID(ev.Entry.ID)
	if ev.N > 0 {
		id += "." + strconv.Itoa(ev.N)
	}
	host := "portal"
	if u, err := url.Parse(in.Site.Config.BaseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return id + "@" + host
}

// sequence grows with each revision: by the day of the last change, and within
// a day by the changes that are noted. It never follows from the clock.
func sequence(e *site.Entry) int {
	days := int(changed(e).Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	return max(0, days)*100 + min(99, len(site.Each(e.Get("changes"))))
}

func (in *Input) description(l string, ev view.Event) string {
	var parts []string
	e := ev.Entry
	if draft(e) {
		parts = append(parts, in.word(l, wordDraft))
	}
	if e.Summary != "" {
		parts = append(parts, e.Summary)
	}
	if ev.Register.Open {
		s := in.word(l, wordRegister)
		if !ev.Register.By.IsZero() {
			s = in.word(l, wordRegisterBy, lang.Date(l, ev.Register.By))
		}
		parts = append(parts, s+": "+ev.Register.URL)
	}
	parts = append(parts, in.word(l, wordMore)+": "+in.abs(e.URL))
	return strings.Join(parts, "\n\n")
}

// icalWriter writes content lines: folded, with CR LF.
type icalWriter struct{ buf []byte }

func (b *icalWriter) Bytes() []byte { return b.buf }

// line writes a property. No line has more than 75 octets; a longer one goes on
// behind a blank in the next, cut between characters.
func (b *icalWriter) line(name, value string) {
	s := name + ":" + value
	for limit := 75; len(s) > limit; limit = 74 { // the blank counts
		cut := limit
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		b.buf = append(append(b.buf, s[:cut]...), "\r\n "...)
		s = s[cut:]
	}
	b.buf = append(append(b.buf, s...), "\r\n"...)
}

// when writes start and end, and of a date that comes back its rule.
func (b *icalWriter) when(ev view.Event, zones map[string]bool) {
	b.time("DTSTART", ev.First, ev.Day, zones)
	if ev.End.After(ev.First) {
		end := ev.End
		if ev.Day {
			end = end.AddDate(0, 0, 1) // the first day that is free again
		}
		b.time("DTEND", end, ev.Day, zones)
	}
	if !ev.Yearly {
		return
	}
	rule := "FREQ=YEARLY"
	if ev.First.Month() == time.February && ev.First.Day() == 29 {
		rule += ";BYYEARDAY=60" // the 1st of March in other years
	}
	if !ev.Last.IsZero() {
		rule += ";UNTIL=" + ev.Last.Format("20060102")
		if !ev.Day {
			rule += "T235959Z"
		}
	}
	b.line("RRULE", rule)
}

func (b *icalWriter) time(name string, t time.Time, day bool, zones map[string]bool) {
	switch zone := t.Location().String(); {
	case day:
		b.line(name+";VALUE=DATE", t.Format("20060102"))
	case zones[zone]:
		b.line(name+";TZID="+zone, t.Format("20060102T150405"))
	default:
		b.line(name, icalUTC(t))
	}
}

// icalUTC is an instant. What has no date at all has the epoch: a time stamp is
// required, and the clock's would change with each build.
func icalUTC(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("20060102T150405Z")
}

func icalText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// zone writes a time zone.
func (b *icalWriter) zone(name string, rules []zoneRule) {
	b.line("BEGIN", "VTIMEZONE")
	b.line("TZID", name)
	for _, r := range rules {
		kind := "STANDARD"
		if r.daylight {
			kind = "DAYLIGHT"
		}
		b.line("BEGIN", kind)
		b.line("DTSTART", r.start.Format("20060102T150405"))
		b.line("TZOFFSETFROM", icalOffset(r.from))
		b.line("TZOFFSETTO", icalOffset(r.to))
		b.line("TZNAME", r.name)
		if r.every {
			b.line("RRULE", fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", r.start.Month(), r.week, strings.ToUpper(r.start.Weekday().String()[:2])))
		}
		b.line("END", kind)
	}
	b.line("END", "VTIMEZONE")
}

func icalOffset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	s := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
