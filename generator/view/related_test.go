package view_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

func profile(e *site.Entry) *view.Profile { return view.NewProfile(e, body(e)) }

// An entry does not hold its text; in these tests, a key that no type has does.
func body(e *site.Entry) []byte { return []byte(e.Extra[0].Value) }

func setBody(e *site.Entry, text string) { e.Extra = []site.Extra{{Value: text}} }

// library makes n texts; four each are on one subject and share its words.
func library(n int) []*site.Entry {
	term := &site.Term{ID: "gemeinsam", Taxonomy: &site.Taxonomy{}}
	var out []*site.Entry
	for i := range n {
		e := entry(fmt.Sprintf("e%04d", i))
		e.Title = fmt.Sprintf("Bericht Nummer %d", i)
		subject := strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8", "i", "9", "j").Replace(fmt.Sprintf("%05d", i/4))
		setBody(e, strings.Repeat("Krankenhaus Fach"+subject+"wort Eigen"+subject+"name ", 3+i%5))
		if i%7 == 0 {
			e.Topics = []*site.Tag{{ID: "gemeinsam", Term: term}}
		}
		out = append(out, e)
	}
	return out
}

func TestRelated(t *testing.T) {
	t.Parallel()
	entries := library(40)
	entries[5].Status = site.StatusArchived
	entries[6].Lang = "en"
	entries[0].Out = []site.Edge{{Field: field("x", site.KindRelation), From: entries[0], To: entries[1]}}
	entries[1].In = entries[0].Out
	related := view.Related(entries, profile, 4)
	if _, ok := related[entries[5]]; ok {
		t.Error("an archived entry has neighbours")
	}
	full := 0
	for e, list := range related {
		if len(list) > 4 {
			t.Errorf("%s has %d", e.Path, len(list))
		}
		if len(list) > 1 {
			full++
		}
		for i, s := range list {
			switch {
			case s.Entry == e || s.Entry.Lang != e.Lang || s.Entry == entries[5]:
				t.Errorf("%s: %s", e.Path, s.Entry.Path)
			case slices.ContainsFunc(list[:i], func(o view.Similar) bool { return o.Entry == s.Entry }):
				t.Errorf("%s: %s twice", e.Path, s.Entry.Path)
			}
		}
	}
	if full < 30 || len(related[entries[14]]) != 4 {
		t.Errorf("%d entries have neighbours, one has %d", full, len(related[entries[14]]))
	}
	for _, pair := range [][2]*site.Entry{{entries[0], entries[1]}, {entries[1], entries[0]}} {
		if slices.ContainsFunc(related[pair[0]], func(s view.Similar) bool { return s.Entry == pair[1] }) {
			t.Error("what a relation shows already is shown again")
		}
	}
	for i, s := range related[entries[8]][:3] {
		if s.Entry != entries[9+i] {
			t.Errorf("place %d beside e0008 has %s", i, s.Entry.Path)
		}
	}
}

// TestRelatedIsDeterministic: neither the run nor the number of cores shows.
func TestRelatedIsDeterministic(t *testing.T) {
	t.Parallel()
	describe := func() string {
		entries := library(200)
		related := view.Related(entries, profile, 4)
		var b strings.Builder
		for _, e := range entries {
			for _, s := range related[e] {
				fmt.Fprintf(&b, "%s %s %d\n", e.Path, s.Entry.Path, len(s.Topics))
			}
		}
		return b.String()
	}
	want := describe()
	if strings.Count(want, "\n") < 200 {
		t.Fatal("hardly anything is related")
	}
	for range 5 {
		if got := describe(); got != want {
			t.Fatal("another result")
		}
	}
}

// TestRelatedIsBounded: ten times the entries take about ten times as long,
// also when all of them say the same.
func TestRelatedIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	measure := func(n int) time.Duration {
		entries := library(n)
		best := time.Hour
		for range 3 {
			start := time.Now()
			view.Related(entries, profile, 4)
			best = min(best, time.Since(start))
		}
		return best
	}
	small, large := measure(400), measure(4000)
	if large > 40*small+50*time.Millisecond {
		t.Errorf("400 entries take %s, 4000 take %s", small, large)
	}
}

// TestRelatedStays: another text for one entry changes nothing for those that
// are about something else.
func TestRelatedStays(t *testing.T) {
	t.Parallel()
	entries := library(400)
	before := view.Related(entries, profile, 4)
	setBody(entries[42], "Krankenhaus Fachaaaaawort Strahlenschutz Wasserversorgung Hubschrauber")
	changed := 0
	for e, list := range view.Related(entries, profile, 4) {
		if !slices.EqualFunc(list, before[e], func(a, b view.Similar) bool { return a.Entry == b.Entry }) {
			changed++
		}
	}
	if changed == 0 || changed > 8 {
		t.Errorf("%d entries have others now", changed)
	}
}

// TestProfile: it is small, the same each time, and comes back from a cache as
// it was or not at all.
func TestProfile(t *testing.T) {
	t.Parallel()
	e := entry("a")
	e.Title, e.Summary = "Ärztliche Versorgung", "Wer versorgt wird."
	var long strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&long, "Wort%sende ", strings.Map(func(r rune) rune { return r + 'a' - '0' }, fmt.Sprint(i)))
	}
	for _, body := range []string{"", "kurz", "Überörtliche Übungen üben\nÜbung ÜBUNGEN", long.String(), "\xff\xfeabcdefg\xc3", strings.Repeat("ä", 40000)} {
		b, err := view.NewProfile(e, []byte(body)).MarshalBinary()
		if err != nil || len(b) > 2<<10 {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
		var p view.Profile
		if err := p.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if again, _ := p.MarshalBinary(); !bytes.Equal(b, again) {
			t.Errorf("%.20q does not come back", body)
		}
		for i := range b {
			damaged := bytes.Clone(b)
			damaged[i] ^= 1
			if p.UnmarshalBinary(damaged) == nil || p.UnmarshalBinary(b[:i]) == nil {
				t.Fatalf("damage at byte %d of %d is not noticed", i, len(b))
			}
		}
	}
}

// TestProfileWords: inflected forms are one word, short words none.
func TestProfileWords(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{
		{"Übungen Übung", "übung ÜBUNGEN"},
		{"Krankenhäuser, (Krankenhäuser)", "krankenhäuser\nKRANKENHÄUSER"},
		{"der die das kurz", ""},
		{"Straßenverkehr2Straßenverkehr", "Straßenverkehr Straßenverkehr"},
	} {
		var b [2][]byte
		for i, text := range same {
			b[i], _ = view.NewProfile(entry("a"), []byte(text)).MarshalBinary()
		}
		if !bytes.Equal(b[0], b[1]) {
			t.Errorf("%q is not %q", same[0], same[1])
		}
	}
}

func FuzzProfile(f *testing.F) {
	b, _ := view.NewProfile(entry("a"), []byte("Übungen und Krankenhäuser")).MarshalBinary()
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		var p view.Profile
		if p.UnmarshalBinary(data) == nil {
			if again, _ := p.MarshalBinary(); !bytes.Equal(again, data) {
				t.Errorf("%x became %x", data, again)
			}
		}
	})
}
