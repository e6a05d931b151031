package export

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones must not depend on the machine
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/site"
)

// calendars are the calendar files of a site with meetings and deadlines.
func calendars(t *testing.T) map[string]string {
	t.Helper()
	in := sample(t, func(d *site.Draft, in *Input) {
		meeting := &site.Type{Name: "treffen", Labels: site.Labels{One: de("Treffen"), Many: de("Treffen")}, Folder: "treffen", Fields: append([]*site.Field{
			{Name: "von", Kind: site.KindDateTime}, {Name: "bis", Kind: site.KindDateTime}, {Name: "ort", Kind: site.KindText},
			{Name: "anmelden", Kind: site.KindRecord, Sub: []*site.Field{{Name: "wo", Kind: site.KindLink}, {Name: "bis", Kind: site.KindDate}}},
			{Name: "reihe", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "runde", Label: de("Runde")}}},
			{Name: "changes", Kind: site.KindList, Common: true, Sub: []*site.Field{{Name: "date", Kind: site.KindDate}}},
		}, common()...),
			ICal: &site.ICal{Dates: site.Dates{Start: "von", End: "bis", Place: "ort", Register: "anmelden.wo", RegisterBy: "anmelden.bis"}, Series: "reihe"}}
		grant := &site.Type{Name: "gabe", Labels: site.Labels{One: de("Gabe"), Many: de("Gaben")}, Folder: "gaben", Fields: append([]*site.Field{
			{Name: "fristen", Kind: site.KindList, Sub: []*site.Field{{Name: "art", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "immer", Label: de("jedes Jahr")}}}, {Name: "tag", Kind: site.KindDate}}},
			{Name: "zu", Kind: site.KindDate}}, common()...),
			ICal: &site.ICal{Dates: site.Dates{Start: "fristen.tag", Yearly: "fristen.art", YearlyValue: "immer", Closed: "zu", Notes: []string{"fristen.art"}}}}
		d.Types = append(d.Types, meeting, grant)
		when := func(zone, s string) site.Value {
			loc, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.ParseInLocation("2006-01-02T15:04", s, loc)
			if err != nil {
				t.Fatal(err)
			}
			return site.DateTime{Time: at}
		}
		round := entry(meeting, "runde", "de", "Über Größen; Maße, \\ und ein Titel, der so lang ist, dass die Zeile gefaltet werden muß – öäüß", date("2026-06-01"),
			"von", when("Europe/Berlin", "2026-07-28T10:00"), "bis", when("Europe/Berlin", "2026-07-28T12:30"), "ort", str("Haus 1, Bonn"), "reihe", site.Enum{Key: "runde"}, "topics", list(tag("technik")),
			"anmelden", values(meeting.Fields[3].Sub, "wo", site.Link{URL: "https://x.example/?a=1&b=2"}, "bis", site.Date{Time: date("2026-07-14")}),
			"changes", list(values(meeting.Fields[5].Sub, "date", site.Date{Time: date("2026-06-02")}), values(meeting.Fields[5].Sub, "date", site.Date{Time: date("2026-06-03")})))
		round.Updated = date("2026-06-20")
		utc := entry(meeting, "utc", "de", "In Casablanca", date("2026-06-01"), "von", when("Africa/Casablanca", "2026-12-01T10:00"))
		tokyo := entry(meeting, "tokio", "de", "In Tokio", date("2026-06-01"), "von", when("Asia/Tokyo", "2026-12-01T10:00"))
		open := entry(meeting, "plan", "de", "Geplant", date("2026-06-01"), "von", when("Europe/Berlin", "2026-12-01T10:00"))
		open.Status, open.Discussion = site.StatusDraft, true
		leap := entry(grant, "gabe", "de", "Gabe", date("2026-06-01"), "zu", site.Date{Time: date("2031-12-31")}, "fristen", list(
			values(grant.Fields[0].Sub, "art", site.Enum{Key: "immer"}, "tag", site.Date{Time: date("2024-02-29")}),
			values(grant.Fields[0].Sub, "tag", site.Date{Time: date("2026-10-15")})))
		d.Entries = append(d.Entries, round, utc, tokyo, open, leap)
	})
	out := map[string]string{}
	for path, data := range files(t, in) {
		if strings.HasSuffix(path, ".ics") {
			out[path] = string(data)
		}
	}
	return out
}

func unfolded(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

func TestCalendarFiles(t *testing.T) {
	all := calendars(t)
	var names []string
	for name, text := range all {
		names = append(names, name)
		if strings.ReplaceAll(text, "\r\n", "") != strings.NewReplacer("\r", "", "\n", "").Replace(text) {
			t.Errorf("%s has other line ends than CR LF", name)
		}
		for line := range strings.SplitSeq(text, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("%s: a line of %d octets, valid: %t", name, len(line), utf8.ValidString(line))
			}
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "en/gaben/kalender.ics en/kalender.ics en/themen/technik/kalender.ics en/treffen/kalender-runde.ics en/treffen/kalender.ics "+
		"gaben/gabe/gabe.ics gaben/kalender.ics kalender.ics themen/technik/kalender.ics "+
		"treffen/kalender-runde.ics treffen/kalender.ics treffen/plan/plan.ics treffen/runde/runde.ics treffen/tokio/tokio.ics treffen/utc/utc.ics" {
		t.Error(got)
	}
	const want = `BEGIN:VEVENT
UID:runde@probe.example
DTSTAMP:20260620T000000Z
LAST-MODIFIED:20260620T000000Z
CREATED:20260601T000000Z
SEQUENCE:966702
DTSTART;TZID=Europe/Berlin:20260728T100000
DTEND;TZID=Europe/Berlin:20260728T123000
SUMMARY:Über Größen\; Maße\, \\ und ein Titel\, der so lang ist\, dass die Zeile gefaltet werden muß – öäüß
LOCATION:Haus 1\, Bonn
DESCRIPTION:Worum es geht: Über Größen\; Maße\, \\ und ein Titel\, der so lang ist\, dass die Zeile gefaltet werden muß – öäüß\n\nAnmeldung bis 14.` + "\u00a0" + `Juli 2026: https://x.example/?a=1&b=2\n\nMehr dazu: https://probe.example/treffen/runde/
URL:https://probe.example/treffen/runde/
CATEGORIES:Treffen
STATUS:CONFIRMED
END:VEVENT`
	if got := strings.ReplaceAll(unfolded(all["treffen/runde/runde.ics"]), "\r\n", "\n"); !strings.Contains(got, want) {
		t.Errorf("got\n%s", got)
	}
	for name, lines := range map[string][]string{
		"treffen/utc/utc.ics":     {"DTSTART:20261201T090000Z"}, // its summer time pauses with Ramadan
		"treffen/tokio/tokio.ics": {"DTSTART;TZID=Asia/Tokyo:20261201T100000", "BEGIN:STANDARD\r\nDTSTART:20250101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nTZNAME:JST\r\nEND:STANDARD"},
		"treffen/plan/plan.ics":   {"STATUS:TENTATIVE", "Entwurf zur Diskussion"},
		"gaben/gabe/gabe.ics": {"UID:gabe.1@probe.example", "DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;BYYEARDAY=60;UNTIL=20311231", "SUMMARY:Gabe (jedes Jahr)",
			"UID:gabe.2@probe.example", "DTSTART;VALUE=DATE:20261015", "TRANSP:TRANSPARENT"},
		"treffen/kalender-runde.ics": {"NAME:Probe – Runde", "X-WR-CALNAME:Probe – Runde", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H", "SOURCE;VALUE=URI:https://probe.example/treffen/kalender-runde.ics"},
		"kalender.ics":               {"UID:gabe.1@probe.example", "UID:tokio@probe.example", "TZID:Asia/Tokyo", "TZID:Europe/Berlin"},
	} {
		for _, line := range lines {
			if !strings.Contains(unfolded(all[name]), line) {
				t.Errorf("%s lacks %q:\n%s", name, line, all[name])
			}
		}
	}
	if strings.Contains(all["treffen/utc/utc.ics"], "VTIMEZONE") || strings.Contains(all["treffen/kalender-runde.ics"], "utc@") {
		t.Error("a calendar has what it should not have")
	}
}

func TestSequenceGrows(t *testing.T) {
	e := entry(&site.Type{Name: "x", Folder: "x"}, "x", "de", "X", date("2026-06-01"))
	last := sequence(e)
	for _, day := range []string{"2026-06-02", "2026-12-24", "2030-01-01"} {
		e.Updated = date(day)
		if now := sequence(e); now <= last {
			t.Errorf("%s: %d after %d", day, now, last)
		} else {
			last = now
		}
	}
}

// TestZoneRules: the rules give the same offset as the zone, at every change
// and between them, in the years they are made for and after.
func TestZoneRules(t *testing.T) {
	for zone, want := range map[string]string{
		"Europe/Berlin":       "3 -1 Sunday 02:00, 10 -1 Sunday 03:00",
		"Europe/London":       "3 -1 Sunday 01:00, 10 -1 Sunday 02:00",
		"America/New_York":    "3 2 Sunday 02:00, 11 1 Sunday 02:00",
		"Australia/Sydney":    "4 1 Sunday 03:00, 10 1 Sunday 02:00",
		"Asia/Kolkata":        "",
		"America/Havana":      "3 2 Sunday 00:00, 11 1 Sunday 01:00",
		"Pacific/Chatham":     "4 1 Sunday 03:45, 9 -1 Sunday 02:45",
		"Africa/Casablanca":   "no rule",
		"UTC":                 "no rule",
		"Asia/Jerusalem":      "no rule", // the Friday before the last Sunday
		"Australia/Lord_Howe": "4 1 Sunday 02:00, 10 1 Sunday 02:00",
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		rules, ok := zoneRules(loc, 2026, 2027)
		var got []string
		for _, r := range rules {
			if r.every {
				got = append(got, fmt.Sprintf("%d %d %s %s", r.start.Month(), r.week, r.start.Weekday(), r.start.Format("15:04")))
			}
		}
		if !ok {
			got = []string{"no rule"}
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %s, want %s", zone, s, want)
		}
	}
}
