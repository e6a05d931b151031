package lang_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
)

// plain shows no-break spaces as ~ so that the tables can be read.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", "~") }

func TestDates(t *testing.T) {
	t.Parallel()
	berlin, _ := time.LoadLocation("Europe/Berlin")
	nine := time.Date(2026, 4, 5, 9, 30, 0, 0, berlin)
	for got, want := range map[string]string{
		lang.Date("de", nine):                            "5.~April 2026",
		lang.Date("en", nine):                            "5~April 2026",
		lang.Date("fr", nine):                            "5.~April 2026",
		lang.Date("de", nine.AddDate(0, -1, 0)):          "5.~März 2026",
		lang.DateTime("de", nine):                        "5.~April 2026, 9:30~Uhr",
		lang.DateTime("en", nine):                        "5~April 2026, 9:30",
		lang.DateTime("de", nine.Add(5*time.Hour)):       "5.~April 2026, 14:30~Uhr",
		lang.DateTime("de", nine.Add(-90*time.Minute*6)): "5.~April 2026, 0:30~Uhr",
		lang.MonthShort("de", nine):                      "Apr.",
		lang.MonthShort("de", nine.AddDate(0, 1, 0)):     "Mai",
		lang.MonthShort("en", nine.AddDate(0, 5, 0)):     "Sep",
		lang.Date("de", time.Time{}) + "leer":            "leer",
		lang.DateTime("en", time.Time{}) + "leer zwei":   "leer zwei",
	} {
		if plain(got) != want {
			t.Errorf("%s, want %s", plain(got), want)
		}
	}
	midnight := time.Date(2026, 4, 5, 0, 0, 0, 0, berlin)
	if got := plain(lang.DateTime("de", midnight)); got != "5.~April 2026" {
		t.Error(got)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x      float64
		de, en string
	}{
		{0, "0", "0"}, {7, "7", "7"}, {-3.5, "−3,5", "−3.5"}, {999, "999", "999"}, {1000, "1000", "1,000"}, {9999.5, "9999,5", "9,999.5"},
		{10000, "10.000", "10,000"}, {1234567.25, "1.234.567,25", "1,234,567.25"}, {1e15, "1.000.000.000.000.000", "1,000,000,000,000,000"}, {0.1, "0,1", "0.1"},
	} {
		if got := lang.Number("de", c.x); got != c.de {
			t.Errorf("%s, want %s", got, c.de)
		}
		if got := lang.Number("en", c.x); got != c.en {
			t.Errorf("%s, want %s", got, c.en)
		}
	}
	if got := plain(lang.Quantity("de", 12.5, "kg") + lang.Quantity("de", 3, "")); got != "12,5~kg3" {
		t.Error(got)
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cents    int64
		currency string
		de, en   string
	}{
		{0, "EUR", "0~€", "€0"}, {5, "EUR", "0,05~€", "€0.05"}, {1250, "EUR", "12,50~€", "€12.50"}, {50_000_000, "EUR", "500.000~€", "€500,000"},
		{100_000_000, "EUR", "1~Mio.~€", "€1~m"}, {120_000_000, "EUR", "1,2~Mio.~€", "€1.2~m"}, {125_000_000, "EUR", "1.250.000~€", "€1,250,000"},
		{430_000_000_000, "EUR", "4300~Mio.~€", "€4,300~m"}, {400_000_000_000, "EUR", "4~Mrd.~€", "€4~bn"}, {1250, "CHF", "12,50~CHF", "CHF~12.50"},
		{123_456_789, "EUR", "1.234.567,89~€", "€1,234,567.89"},
	} {
		if got := plain(lang.Money("de", c.cents, c.currency)); got != c.de {
			t.Errorf("%d: %s, want %s", c.cents, got, c.de)
		}
		if got := plain(lang.Money("en", c.cents, c.currency)); got != c.en {
			t.Errorf("%d: %s, want %s", c.cents, got, c.en)
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	want := []string{"42", "Abschnitt 9", "Abschnitt 10", "Apfel", "Äpfel", "Apfelbaum", "Arzt", "Ärztin", "Éclair", "Efeu", "Ofen", "Öfen", "Ölung", "Ost", "Strasse", "Straße", "Überfall", "Ufer", "Zug"}
	for range 20 {
		got := slices.Clone(want)
		for i := range got { // a fixed shuffle is as good as any
			j := (i*7 + 3) % len(got)
			got[i], got[j] = got[j], got[i]
		}
		lang.SortBy("de", got, func(s string) string { return s })
		if !slices.Equal(got, want) {
			t.Fatalf("%v\nwant %v", got, want)
		}
	}
	less := lang.Compare("de")
	for _, a := range want {
		for _, b := range want {
			if (less(a, b) == 0) != (a == b) || less(a, b) != -less(b, a) {
				t.Errorf("%s and %s have no order", a, b)
			}
		}
	}
}

func TestInitial(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"Apfel": "A", "ärztin": "A", "Übung": "U", "éclair": "E", "42": "#", "„Zitat“": "Z", "": "#", "…": "#", "Łódź": "Ł", "(MANV)": "M"} {
		if got := lang.Initial(word); got != want {
			t.Errorf("%s stands under %s, want %s", word, got, want)
		}
	}
}

func TestID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Größe über Öl": "groesse-ueber-oel", "ÄÖÜß": "aeoeuess", "STRAẞE": "strasse", "Café Ø æ": "cafe-oe-ae", "a--b  c": "a-b-c", "-a-": "a", "§ 21 KHG": "21-khg",
		"KHZG: Fördertatbestand 9 (2021)": "khzg-foerdertatbestand-9-2021", "u\u0308ber": "ueber", "Kranken\u00adhaus": "krankenhaus", "10 %": "10", "…": "", "": "",
		"日本": "", "a_b.c": "a-b-c", "Šibenik": "sibenik", "../x": "x", "a\u200bb": "a-b", "\U0001F600 lächeln": "laecheln", "İstanbul": "istanbul",
	} {
		if got := lang.ID(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// FuzzID: an id is safe in an address and is its own id.
func FuzzID(f *testing.F) {
	for _, s := range []string{"Größe", "a--b", "İ", "ﬁ", "\xff", "ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id := lang.ID(s)
		if strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") || strings.Contains(id, "--") {
			t.Errorf("%q becomes %q", s, id)
		}
		if lang.ID(id) != id {
			t.Errorf("%q becomes %q becomes %q", s, id, lang.ID(id))
		}
	})
}

func TestWords(t *testing.T) {
	t.Parallel()
	files := func(de, en string) fstest.MapFS {
		return fstest.MapFS{"i18n/de.yaml": {Data: []byte(de)}, "i18n/en.yaml": {Data: []byte(en)}}
	}
	w, err := lang.Load([]string{"de", "en"}, files("a: \"A %s\"\nb.one: \"Ein Ding\"\nb.other: \"%d Dinge\"\n", "a: \"An %s\"\nb.one: \"One\"\nb.other: \"%d things\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	one, _ := w.N("de", "b", 1)
	many, _ := w.N("de", "b", 12345)
	none, _ := w.N("en", "b", 0)
	if got := strings.Join([]string{w.Must("de", "a", "x"), w.Must("en", "a", "y"), one, many, none, w.Must("de", "fehlt")}, "|"); got != "A x|An y|Ein Ding|12.345 Dinge|0 things|fehlt" {
		t.Error(got)
	}
	if _, err := w.T("de", "fehlt"); err == nil {
		t.Error("a missing word is no error")
	}
	for name, c := range map[string]struct{ de, en, want string }{
		"missing":   {"a: x\nb: y\n", "a: x\n", "das Wort „b“ fehlt"},
		"many":      {"a: x\nb: y\nc: y\nd: y\n", "a: x\n", "das Wort „b“ und 2 weitere fehlen"},
		"duplicate": {"a: x\na: y\n", "a: x\n", "de.yaml"},
		"no text":   {"a: [x]\n", "a: x\n", "de.yaml"},
	} {
		if _, err := lang.Load([]string{"de", "en"}, files(c.de, c.en)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := lang.Load([]string{"de", "fr"}, files("a: x\n", "a: x\n")); err == nil || !strings.Contains(err.Error(), "„fr“") {
		t.Error(err)
	}
	own := fstest.MapFS{"i18n/de.yaml": {Data: []byte("a: eigen\n")}}
	if w, err = lang.Load([]string{"de"}, files("a: x\nb: y\n", ""), own); err != nil || w.Must("de", "a")+w.Must("de", "b") != "eigeny" {
		t.Error("a site's own words are not laid over the program's:", w, err)
	}
}
