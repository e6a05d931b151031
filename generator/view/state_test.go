package view_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// TestStateAt says what a state is, in words that can be read.
func TestStateAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ dates, now, want string }{
		{``, "2026-11-22T12:00", "unbekannt"},
		{`opens 2027-01-15`, "2027-01-14T23:59", "geplant 2027-01-15"},
		{`opens 2027-01-15`, "2027-01-15T00:00", "offen"},
		{`closes 2021-12-31`, "2021-12-31T23:59", "offen 2021-12-31"},
		{`closes 2021-12-31`, "2022-01-01T00:00", "geschlossen 2021-12-31"},
		{`fixed 2027-04-15`, "2027-04-15T23:59", "offen 2027-04-15"},
		{`fixed 2027-04-15`, "2027-04-16T00:00", "geschlossen 2027-04-15"},
		{`fixed 2027-04-15 12:00`, "2027-04-15T11:59", "offen 2027-04-15 12:00"},
		{`fixed 2027-04-15 12:00`, "2027-04-15T12:00", "geschlossen 2027-04-15 12:00"},
		{`fixed 2027-04-15, fixed 2027-10-15`, "2027-05-01T00:00", "offen 2027-10-15"},
		{`fixed 2027-10-15, fixed 2027-04-15`, "2028-01-01T00:00", "geschlossen 2027-10-15"},
		{`cutoff 2027-04-15`, "2027-04-16T00:00", "laufend"},
		{`cutoff 2027-04-15, cutoff 2027-10-15`, "2027-04-16T00:00", "offen 2027-10-15"},
		{`yearly 2027-04-15, yearly 2027-10-15`, "2026-11-22T12:00", "offen 2027-04-15"},
		{`yearly 2027-04-15, yearly 2027-10-15`, "2030-10-16T00:00", "offen 2031-04-15"},
		{`yearly 2024-02-29`, "2027-02-28T12:00", "offen 2027-03-01"},
		{`yearly 2024-02-29`, "2028-02-29T23:59", "offen 2028-02-29"},
		{`yearly 2024-02-29`, "2028-03-01T00:00", "offen 2029-03-01"},
		{`yearly 2027-04-15, closes 2029-04-15`, "2029-04-15T12:00", "offen 2029-04-15"},
		{`yearly 2027-04-15, closes 2029-04-20`, "2029-04-15T23:59", "offen 2029-04-15"},
		{`yearly 2027-04-15, closes 2029-04-20`, "2029-04-16T00:00", "geschlossen 2029-04-15"}, // as after a fixed one
		{`yearly 2027-04-15, closes 2027-12-31`, "2027-05-01T00:00", "geschlossen 2027-04-15"},
		{`yearly 2027-04-15, closes 2027-03-31`, "2027-02-01T00:00", "offen 2027-03-31"},
		{`opens 2027-10-01, yearly 2027-04-15, closes 2028-03-31`, "2027-12-01T00:00", "offen 2028-03-31"},
		{`yearly 2024-02-29, closes 2027-12-31`, "2027-06-01T00:00", "geschlossen 2027-03-01"},
		{`fixed 2025-01-31, yearly 2026-09-15, closes 2029-12-31`, "2029-10-01T00:00", "geschlossen 2029-09-15"},
		{`yearly 2027-04-15, closes 2029-04-15`, "2029-04-16T00:00", "geschlossen 2029-04-15"},
		{`rolling`, "2026-11-22T12:00", "laufend"},
		{`rolling, fixed 2027-04-15`, "2026-11-22T12:00", "laufend 2027-04-15"},
		{`opens 2027-01-01, rolling`, "2026-12-31T23:59", "geplant 2027-01-01"},
		// Two stages: who begins now must hand in the first.
		{`fixed/2 2027-04-15, fixed/3 2027-10-15`, "2027-04-15T12:00", "offen 2027-04-15"},
		{`fixed/3 2027-10-15, fixed/2 2027-04-15`, "2027-05-01T12:00", "geschlossen 2027-04-15"},
		{`fixed/3 2027-10-15, fixed 2027-04-15`, "2027-05-01T12:00", "geschlossen 2027-04-15"},
	} {
		s := view.StateAt(parseDates(c.dates), c.now)
		if got := strings.TrimSpace(s.Key + " " + strings.TrimSpace(s.Day+" "+s.Time)); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.dates, c.now, got, c.want)
		}
	}
}

// parseDates reads „opens 2027-01-15, fixed/2 2027-04-15 12:00“.
func parseDates(s string) view.Dates {
	var d view.Dates
	for part := range strings.SplitSeq(s, ",") {
		w := append(strings.Fields(part), "", "", "")
		switch w[0] {
		case "":
		case "opens":
			d.Opens = w[1]
		case "closes":
			d.Closes = w[1]
		default:
			x := view.Deadline{Day: w[1], Time: w[2]}
			x.Kind, _, _ = strings.Cut(w[0], "/")
			if _, stage, ok := strings.Cut(w[0], "/"); ok {
				x.Stage = int(stage[0] - '0')
			}
			d.Deadlines = append(d.Deadlines, x)
		}
	}
	return d
}

// TestStatesInBothLanguages holds state.go and deadline.ts to testdata/states.tsv:
// dates, instant, zone; the clock on the wall there, and the state.
func TestStatesInBothLanguages(t *testing.T) {
	t.Parallel()
	name := filepath.Join("testdata", "states.tsv")
	file, err := os.ReadFile(name)
	questions := stateQuestions(file)
	if *update {
		questions = randomStates()
	} else if err != nil {
		t.Fatal(err)
	}
	if len(questions) < 1000 {
		t.Fatalf("only %d vectors", len(questions))
	}
	var b strings.Builder
	for _, q := range questions {
		fmt.Fprintf(&b, "%s\t%s\n", q, answer(t, q))
	}
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != string(file) {
		t.Error("testdata/states.tsv differs; if that is meant, run with -update and look at the diff")
	}
	script := askTypeScript(t, questions)
	faults := 0
	for i, q := range questions {
		if want := answer(t, q); script[i] != want && faults < 10 {
			faults++
			t.Errorf("%s\n ts %s\n go %s", q, script[i], want)
		}
	}
}

// stateQuestions are the first three columns of a file of vectors.
func stateQuestions(file []byte) []string {
	var out []string
	for line := range strings.Lines(string(file)) {
		out = append(out, strings.Join(strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)[:3], "\t"))
	}
	return out
}

func answer(t *testing.T, question string) string {
	t.Helper()
	cols := strings.Split(question, "\t")
	var d view.Dates
	if err := json.Unmarshal([]byte(cols[0]), &d); err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, cols[1])
	if err != nil {
		t.Fatal(err)
	}
	now := at.In(zone(t, cols[2])).Format("2006-01-02T15:04")
	s := view.StateAt(d, now)
	return strings.Join([]string{now, s.Key, s.Day, s.Time}, "\t")
}

// randomStates are instants near and far from the edges of random dates: both
// changes of summer time, the 29th of February, the last minute of a day.
func randomStates() []string {
	r := rand.New(rand.NewPCG(20261122, 7))
	berlin, _ := time.LoadLocation("Europe/Berlin")
	edges := []string{"2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2024-02-29", "2028-02-29", "2028-03-01", "2026-12-31", "2027-01-01"}
	day := func() string {
		if r.IntN(2) == 0 {
			return edges[r.IntN(len(edges))]
		}
		return time.Date(2024+r.IntN(6), time.January, 1+r.IntN(366), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	var out []string
	for range 1000 {
		var d view.Dates
		days := []string{day()}
		if r.IntN(3) == 0 {
			d.Opens = day()
			days = append(days, d.Opens)
		}
		if r.IntN(3) == 0 {
			d.Closes = day()
			days = append(days, d.Closes)
		}
		for range r.IntN(4) {
			x := view.Deadline{Kind: []string{"fixed", "cutoff", "yearly", "rolling"}[min(r.IntN(7)/2, 3)], Stage: r.IntN(3)}
			if x.Kind != "rolling" {
				x.Day, x.Time = day(), []string{"", "", "00:00", "02:30", "12:00", "23:59"}[r.IntN(6)]
				days = append(days, x.Day)
			}
			d.Deadlines = append(d.Deadlines, x)
		}
		near, _ := time.ParseInLocation(time.DateOnly, days[r.IntN(len(days))], berlin)
		near = near.AddDate([]int{0, 0, 0, 1, 4}[r.IntN(5)], 0, r.IntN(2))
		at := near.Add([]time.Duration{-time.Second, 0, time.Minute, 90 * time.Minute, 150 * time.Minute, 3 * time.Hour, 12 * time.Hour,
			time.Duration(r.IntN(400*24)) * time.Hour}[r.IntN(8)])
		js, _ := json.Marshal(d)
		place := []string{"Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "America/New_York", "UTC"}[r.IntN(5)]
		out = append(out, fmt.Sprintf("%s\t%s\t%s", js, at.UTC().Format(time.RFC3339), place))
	}
	return out
}

// askTypeScript puts the questions to deadline.ts in one run of Node, in a zone
// that is nobody's, as a reader's browser may be.
func askTypeScript(t *testing.T, questions []string) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs Node, which make test installs")
	}
	res := api.Build(api.BuildOptions{EntryPoints: []string{"testdata/states.mjs"}, Bundle: true, Format: api.FormatESModule,
		Target: api.ES2022, Platform: api.PlatformNode, TsconfigRaw: "{}"})
	for _, m := range res.Errors {
		t.Fatalf("%+v: %s", m.Location, m.Text)
	}
	script := filepath.Join(t.TempDir(), "states.mjs")
	if err := os.WriteFile(script, res.OutputFiles[0].Contents, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, script)
	cmd.Env = append(os.Environ(), "TZ=Pacific/Kiritimati")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(questions, "\n")+"\n"), &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// TestScheduleOf: what a page says holds for its whole day, whatever the hour
// of the build.
func TestScheduleOf(t *testing.T) {
	t.Parallel()
	sub := []*site.Field{
		{Name: "kind", Kind: site.KindEnum}, {Name: "date", Kind: site.KindDate}, {Name: "time", Kind: site.KindText},
		{Name: "stage", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "sketch"}, {Key: "proposal"}}},
	}
	rec := func(values ...site.Value) site.Record {
		var r site.Record
		for i, v := range values {
			if v != nil {
				r.Items = append(r.Items, site.Item{Field: sub[i], Value: v})
			}
		}
		return r
	}
	e := entry("a", item("calls", site.Many{Values: []site.Value{
		rec(site.Enum{Key: "once"}, day("2027-04-15"), site.Str{S: "12:00"}, site.Enum{Key: "sketch"}),
		rec(site.Enum{Key: "any"}, nil, nil, site.Enum{Key: "proposal"}),
	}}))
	e.Type.Schedule = &site.Schedule{Deadlines: "calls", Date: "date", Time: "time", Kind: "kind", Stage: "stage", Rolling: "any"}
	berlin := zone(t, "Europe/Berlin")
	for now, want := range map[string]string{
		"2027-04-15T00:00": "offen 15.04.2027 12:00",
		"2027-04-15T18:00": "offen 15.04.2027 12:00",
		"2027-04-16T00:00": "geschlossen 15.04.2027 12:00",
	} {
		at, _ := time.ParseInLocation("2006-01-02T15:04", now, berlin)
		s := view.ScheduleOf(&site.Site{Config: &site.Config{Location: berlin}, Now: at}, e)
		if got := s.State.Key + s.When.Format(" 02.01.2006 15:04"); got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
		if want := `{"deadlines":[{"kind":"fixed","day":"2027-04-15","time":"12:00","stage":1},{"kind":"rolling","stage":2}]}`; s.Dates != want || s.Zone != "Europe/Berlin" {
			t.Errorf("%s %s", s.Dates, s.Zone)
		}
	}
	if view.ScheduleOf(&site.Site{}, entry("b")) != nil {
		t.Error("a type without a schedule has one")
	}
}
