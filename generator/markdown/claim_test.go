package markdown

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

// TestClaims: which figures of a text are claims, where their source is found,
// and what is none. Each line of want is „figure: keys“; „!“ stands for no
// source, „=“ for the authors' own calculation.
func TestClaims(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Es gab 4,3 Milliarden Euro.[@a]", "4,3 Milliarden Euro: a"},
		{"Es gab 4,3 Milliarden Euro.", "4,3 Milliarden Euro: !"},
		{"Es gibt 80 000 Betten.", "80 000 Betten: !"},
		{"Es kostet 1 200 000,50 Euro.", "1 200 000,50 Euro: !"},
		{"Im Jahr 2025 100 Betten, 10 bis 12 000 Personen.", "100 Betten: !; 12 000 Personen: !"},
		{"Telefon 030 123 456.", ""},
		{"Rund 30 % der 1.800 Betten.[@a] [@b]", "30 %: a b; 1.800 Betten: a b"},
		{"Zwischen 20 und 30 Prozent.", "30 Prozent: !"},
		{"Ein Anteil von 20 bis 30 Prozent.", "20 bis 30 Prozent: !"},
		{"Eins: 5 Mio. Euro.[@a] Zwei: 86 Prozent.[@b]", "5 Mio. Euro: a; 86 Prozent: b"},
		{"Eins: 5 Mio. Euro. Zwei: 86 Prozent.[@b]", "5 Mio. Euro: b; 86 Prozent: b"}, // the paragraph's source
		{"Das wären 5 Milliarden Euro (eigene Rechnung).", "5 Milliarden Euro: ="},
		{"Drei Millionen Menschen und zwei Prozent.", "Drei Millionen: !; zwei Prozent: !"},
		{"Es waren 12 345 Geräte und 10.000 Masken, 4500 Helme.", "10.000: !; 4500: !"},
		{"Der Bericht nennt:[@a]\n\n- 20 Betten\n- 3.000 Personen", "20 Betten: a; 3.000 Personen: a"},
		{"Der Bericht nennt:\n\n- 20 Betten[@a]\n- 3.000 Personen", "20 Betten: a; 3.000 Personen: !"},
		{"Die Lage:[@a]\n\n| Jahr | Anteil |\n|---|---|\n| 2024 | 16 % |", "16 %: a"},
		{"> [!HINWEIS] Titel\n> Es sind 20 Betten.", "20 Betten: !"},
		{"Im Fußnotentext: 20 Betten.[^1]\n\n[^1]: Eine Quelle.", "20 Betten: "},

		{"Es fehlen 25000 Euro und 15000 Menschen in 10117 Berlin.", "25000 Euro: !; 15000 Menschen: !"},
		{"> Es waren 20 Betten, sagt jemand.", ""},
		{"Er sagte „es sind 20 Prozent“ und `20 %` und [20 Prozent](https://example.org/).", ""},
		{"Seit 2024 gilt § 1800 BGB, ISO 13485, EN 60601-1-12, IEC 62304, Verordnung (EU) 2017/745, Drs. 20/12345.", ""},
		{"Am 22.11.2026 um 10:30 Uhr, am 3. März 2025, bis 31. Dezember 2021, Stand 2026-11-22.", ""},
		{"Fünf Forderungen, 3 Depots, Role 1 bis 4, 230 V, 10 kg, Typ 2, Version 1.2.3, 10117 Berlin.", ""},
		{"Eine Intensivbetten-Reserve hat viele Betten.", ""},
		{"::: diagramm balken titel=\"T\" quelle=\"Q\" einheit=\"Mio. Euro\"\n| a | b |\n|---|---|\n| x | 5 Mio. Euro |\n:::", ""},
	} {
		diags := &diag.List{}
		conv := New(Config{Resolver: nobody{}, Diags: diags, Words: func(_, key string, _ ...any) string { return key }})
		doc := conv.Convert(Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Lang: "de", Body: []byte(c.text), Claims: true, Sources: []Source{{Key: "a"}, {Key: "b"}}})
		var got []string
		for _, x := range doc.Claims {
			keys := strings.Join(x.Keys, " ")
			if x.Own {
				keys = "="
			} else if x.Keys == nil {
				keys = "!"
			}
			got = append(got, fmt.Sprintf("%s: %s", x.Figure, keys))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, s, c.want)
		}
	}
}

// TestClaimSentence: the sentence of a figure reads like the text, without
// marks, and ends where it ends.
func TestClaimSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Vorher. In der [Umfrage](https://example.org/) z. B. nennen **86 Prozent** das.[@a] Danach.": "In der Umfrage z. B. nennen 86 Prozent das.",
		"Am 3. März waren es\n20 Betten. Ende.":                                                       "Am 3. März waren es 20 Betten.",
		"| Jahr | Anteil |\n|---|---|\n| 2024 | 16 % |":                                               "16 %",
	} {
		conv := New(Config{Resolver: nobody{}, Diags: &diag.List{}, Words: func(_, key string, _ ...any) string { return key }})
		doc := conv.Convert(Input{Lang: "de", Body: []byte(text), Claims: true, Sources: []Source{{Key: "a"}}})
		if len(doc.Claims) != 1 || doc.Claims[0].Sentence != want {
			t.Errorf("%q: %+v", text, doc.Claims)
		}
	}
}

// nobody knows no entries and no files.
type nobody struct{}

func (nobody) Entry(string, string) (Target, bool) { return Target{}, false }
func (nobody) Suggest(string) string               { return "" }
func (nobody) Path(_, dest string) (string, bool)  { return dest, true }
func (nobody) Image(string, string) (Image, error) { return Image{}, nil }
