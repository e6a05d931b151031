package spelling

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

func TestMain(m *testing.M) {
	if _, err := exec.LookPath("hunspell"); err != nil {
		panic("these tests need hunspell with its German dictionary; .ci/setup.sh installs them")
	}
	m.Run()
}

// read checks texts that stand in files a.md, b.md …, each in one line; one that
// begins with # is a title.
func read(t *testing.T, o Options, texts ...string) (int, []string) {
	t.Helper()
	var in []Text
	for i, s := range texts {
		file := fmt.Sprintf("%c.md", 'a'+i)
		s, title := strings.CutPrefix(s, "#")
		lang := "de"
		if rest, other := strings.CutPrefix(s, "xx:"); other {
			s, lang = rest, "xx"
		}
		in = append(in, Text{Entry: file, Lang: lang, S: s, Title: title, At: func(i int) diag.Pos { return diag.Pos{File: file, Line: 1, Col: 1 + len([]rune(s[:i]))} }})
	}
	if o.Program == "" {
		o.Program = "hunspell"
	}
	if o.Langs == nil {
		o.Langs = []string{"de"}
	}
	diags := &diag.List{}
	n, err := Check(t.Context(), in, o, diags)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range diags.Sorted() {
		out = append(out, d.String())
	}
	return n, out
}

// TestRight: nothing is said about these.
func TestRight(t *testing.T) {
	t.Parallel()
	o := Options{Words: []byte("# Kommentar\nResilienzlabor\n\nrobotisch*   # alles davon\nKleeblattkonzept/Konzept\n"),
		Names: []string{"Dual-Use-Verordnung", "Pahl, Sinceritas", "Tourniquet", "MANV"}}
	if _, got := read(t, o,
		"Die Versorgung im Krankenhaus kostet 12 kVA, 5 mmHg und 3 km/h.",
		"Versorgungsknoten, netzunabhängige Geräte, Sauerstoffflaschenlager und Patientensteuerungssystem.", // compounds
		"Zivil- und Katastrophenschutz, Verteidigungs- und Haushaltsausschuss, Prüf- und Lernmittel, Be- und Entladung, Hausbau und -verkauf",
		"Die MANV-Lage, IoMT-Geräte der KMUs, BIP und Klasse IIa nach 24-Stunden-Betrieb",
		"Dual-Use-Güter und Tourniquets des Pahls, dem Resilienzlabor und den Resilienzlabors, Robotische Arme", // the project's words in their forms
		"Des Kleeblattkonzepts wegen gibt es Kleeblattkonzepte.",                                                // inflected like another word
		"Ärzt:innen, Bürger*innen, Patient_innen, Kolleg/-innen und Lehrer/innen",
		"bzw. z. B. z.B. u. a. usw. d. h.",
		"Ein Schlüssel: "+strings.Repeat("Versorgung", 20000)+".", // no word, and Hunspell would take minutes
		"Siehe https://falsch.exampel/Fald, www.exampel.org, a.bcdef@exampel.org, portal.yaml, content/produkte/xyzzy.md und --external-fresh.",
		"Sauer\u00adstoff, geht’s und geht's, E\u2011Mail, O₂ und CO2",
		"Die Lage, in der der Bund hilft, und die Mittel, die die Länder haben; er weiß, dass sie sie kennt.",
		"Er sagt: „Nein, nein“, und dann \uFFFC dann \uFFFC ist Schluss.",
		"kennwort_mit_unterstrich und $VARIABLE",
	); len(got) > 0 {
		t.Error(strings.Join(got, "\n"))
	}
}

// TestWrong: each of these words is reported, and no other of its text.
func TestWrong(t *testing.T) {
	t.Parallel()
	cases := [][2]string{
		{"Der Pazient liegt im Bett.", "„Pazient“ steht in keinem Wörterbuch. [rechtschreibung] … Meinten Sie „Patient“"},
		{"Die Sauerstofversorgung.", "„Sauerstofversorgung“ … Meinten Sie „Sauerstoffversorgung“"},
		{"Ein Versorgungknoten.", "„Versorgungknoten“"}, // without its s
		{"Die Dual-Nutzn-Güter.", ":1:10: … „Nutzn“"},
		{"Das neue-haus. Ja.", "„haus“"},
		{"Die Patentien:innen.", "„Patentieninnen“"},
		{"Der Pazient und der Pazient, der Pazient.", ":1:5: … „Pazient“ steht in keinem Wörterbuch (noch 2-mal in diesem Eintrag)."},
		{"Das Ende.Anfng war nah.", "„Anfng“"},
		{"Die Kosten der der Klinik.", ":1:16: … „der“ steht zweimal hintereinander. [wort-doppelt]"},
		{"Er hat hat recht.", "„hat“ steht zweimal"},
		{"Über\nÜber allem.", "„Über“ steht zweimal"},
		{"Der Tourniket sitzt.", "Meinten Sie „Tourniquet“"},
		{"Krankenhauszukunftsgesetzz und Medizintech", "„Krankenhauszukunftsgesetzz“"},
	}
	var texts []string
	for _, c := range cases {
		texts = append(texts, c[0])
	}
	_, all := read(t, Options{Names: []string{"Tourniquet", "Medizintech"}}, texts...)
	for i, c := range cases {
		var got []string
		for _, d := range all {
			if d[0] == byte('a'+i) {
				got = append(got, d)
			}
		}
		if len(got) != 1 {
			t.Errorf("%s: %d findings\n%s", c[0], len(got), strings.Join(got, "\n"))
			continue
		}
		for part := range strings.SplitSeq(c[1], " … ") {
			if !strings.Contains(got[0], part) {
				t.Errorf("%s: %q is not in\n%s", c[0], part, got[0])
			}
		}
	}
}

// TestTitles: a word of a title is right elsewhere, but has to be found right
// itself, once.
func TestTitles(t *testing.T) {
	t.Parallel()
	n, got := read(t, Options{}, "#Das Xylophil", "Wir spielen Xylophil und des Xylophils Freund.")
	if n != 9 || len(got) != 1 || !strings.HasPrefix(got[0], "a.md:1:5: Warnung: „Xylophil“") {
		t.Error(n, got)
	}
}

// TestMissing: what is said without Hunspell, or without a dictionary.
func TestMissing(t *testing.T) {
	t.Parallel()
	_, got := read(t, Options{Program: "hunspell-gibt-es-nicht"}, "Ein Pazient.")
	if len(got) != 1 || !strings.Contains(got[0], "Warnung: Die Rechtschreibung wurde nicht geprüft: Das Programm Hunspell ist nicht installiert. [hunspell-fehlt]\n    → Debian und Ubuntu: sudo apt install hunspell hunspell-de-de.") {
		t.Error(got)
	}
	_, got = read(t, Options{Langs: []string{"de", "xx", "yy"}}, "Ein Patient.", "xx:Brkl frz.")
	if want := "Hinweis: Für die Sprache „xx“ hat Hunspell kein Wörterbuch; 1 Eintrag in dieser Sprache wurde nicht geprüft. [woerterbuch-fehlt]"; len(got) != 1 || !strings.HasPrefix(got[0], want) {
		t.Error(got)
	}
	if _, got = read(t, Options{Langs: []string{"xx"}}, "xx:Brkl."); len(got) != 1 || !strings.HasPrefix(got[0], "Warnung: ") {
		t.Error(got)
	}
}

// TestList: the project's list is read strictly, at its lines.
func TestList(t *testing.T) {
	t.Parallel()
	diags := &diag.List{}
	l := parseList([]byte("\ufeff# Liste\r\nWort\r\nzwei Wörter\nabc*\n*\nvier*\nWort/\nWort/Muster # gut\nE-Mail\n"), diags)
	if !slices.Equal(l.words, []string{"Wort", "E-Mail"}) || !slices.Equal(l.prefixes, []string{"vier"}) || !slices.Equal(l.models, []string{"Wort/Muster"}) {
		t.Errorf("%+v", l)
	}
	var lines []int
	for _, d := range diags.Sorted() {
		if lines = append(lines, d.Line); d.File != WordsFile || d.Code != "woerter-zeile" {
			t.Error(d)
		}
	}
	if !slices.Equal(lines, []int{3, 4, 5, 7}) {
		t.Error(lines)
	}
}

// BenchmarkCheck tells how many words are looked up in a second.
func BenchmarkCheck(b *testing.B) {
	words := strings.Fields("Die Versorgung im Krankenhaus braucht netzunabhängige Geräte und Patientensteuerungssysteme für den Katastrophenschutz")
	s := strings.Repeat(strings.Join(words, " ")+". ", 1000)
	text := Text{Entry: "a.md", Lang: "de", S: s, At: func(int) diag.Pos { return diag.Pos{} }}
	for b.Loop() {
		if n, err := Check(b.Context(), []Text{text}, Options{Program: "hunspell", Langs: []string{"de"}}, &diag.List{}); err != nil || n == 0 {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(1000*len(words)*b.N)/b.Elapsed().Seconds(), "words/s")
}
