package analyze

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write testdata/golden.txt anew")

// testVocabulary reads testdata/vocabulary.txt.
func testVocabulary(t testing.TB) *Vocabulary {
	t.Helper()
	c := NewCounter()
	for range 100 {
		c.AddDocument()
	}
	for _, line := range lines(t, "vocabulary.txt") {
		for entry := range strings.FieldsSeq(line) {
			word, number, counted := strings.Cut(entry, "=")
			docs := 10
			if counted {
				docs, _ = strconv.Atoi(number)
			}
			c.counts[c.Number([]byte(Fold(word)))].docs = int32(docs)
		}
	}
	return c.Vocabulary(nil)
}

func testAnalyzer(t testing.TB) *Analyzer {
	return New(testVocabulary(t), Synonyms{{"MANV", "Massenanfall von Verletzten"}})
}

// lines returns the lines of a file of testdata but for comments.
func lines(t testing.TB, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for s := bufio.NewScanner(strings.NewReader(string(text))); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "# ") {
			all = append(all, line)
		}
	}
	return all
}

// TestGolden holds what becomes of words.txt. The browser's tests read the
// same file.
func TestGolden(t *testing.T) {
	a := testAnalyzer(t)
	var b strings.Builder
	b.WriteString("# What the analyzer makes of words.txt: position, word, form, stem, parts, also-terms.\n" +
		"# Written by go test ./search/analyze -update; check it by eye.\n")
	for _, line := range lines(t, "words.txt") {
		fmt.Fprintf(&b, "\n> %s\n", line)
		for _, token := range a.Tokens(line) {
			b.WriteString(golden(line, token))
		}
	}
	path := filepath.Join("testdata", "golden.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("testdata/golden.txt differs; run with -update and look at the diff\n%s", firstDifference(got, string(want)))
	}
}

func golden(line string, t Token) string {
	if t.Stop {
		return fmt.Sprintf("%d\t%s\tstop\n", t.Pos, line[t.Start:t.End])
	}
	var parts []string
	for _, p := range t.Parts {
		parts = append(parts, strings.Repeat("·", p.Level-1)+p.Stem)
	}
	also := slices.Clone(t.Also)
	if t.Arabic != "" {
		also = append(also, "="+t.Arabic)
	}
	s := fmt.Sprintf("%d\t%s\t%s\t%s\t%s\t%s", t.Pos, line[t.Start:t.End], t.Form, t.Stem,
		strings.Join(parts, " "), strings.Join(also, " "))
	return strings.TrimRight(s, "\t") + "\n"
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return "one is longer"
}

// TestCompounds measures the splitter on hand-made judgements. A wrong split
// finds nonsense, a missed one only finds less, so they are held apart.
func TestCompounds(t *testing.T) {
	v := testVocabulary(t)
	right, wrong, missed := 0, 0, 0
	for _, line := range lines(t, "compounds.txt") {
		word, expected, _ := strings.Cut(line, "\t")
		got := stemsOf(NewSplitter(v).Split(Fold(word)))
		switch {
		case slices.ContainsFunc(strings.Split(expected, "|"), func(e string) bool {
			return got == stemsOf(strings.Fields(strings.TrimLeft(strings.TrimSpace(e), "-")))
		}):
			right++
		case got == "":
			missed++
			t.Logf("missed: %s, want %s", word, expected)
		default:
			wrong++
			t.Logf("wrong: %s → %s, want %s", word, got, expected)
		}
	}
	t.Logf("%d right, %d wrong, %d missed", right, wrong, missed)
	if total := right + wrong + missed; right*100 < 95*total || wrong*100 > 2*total {
		t.Errorf("of %d words %d are right, %d wrong, %d missed; want 95 %% right, at most 2 %% wrong", total, right, wrong, missed)
	}
}

func stemsOf(words []string) string {
	var stems []string
	for _, w := range words {
		stems = append(stems, StemForm(Fold(w)))
	}
	return strings.Join(stems, " ")
}

func TestNeverSplitsInsideAWord(t *testing.T) {
	a := New(testVocabulary(t), nil)
	for _, word := range []string{"Krankenhauszukunftsgesetz", "Krankenhaus", "Schutzverordnung"} {
		for _, p := range a.Tokens(word)[0].Parts {
			if p.Stem == "rank" || p.Stem == "ordnung" {
				t.Errorf("%s has the part %q", word, p.Stem)
			}
		}
	}
}

func TestForderungIsNotFoerderung(t *testing.T) {
	v := testVocabulary(t)
	if a, b := v.Lookup("forderung").Stem, v.Lookup("foerderung").Stem; a == b {
		t.Errorf("Forderung and Förderung share the stem %q", a)
	}
	if a, b := v.Lookup("haus").Stem, v.Lookup("haeuser").Stem; a != b {
		t.Errorf("Haus has the stem %q, Häuser %q", a, b)
	}
	if a, b := v.Lookup("mangel").Stem, v.Lookup("maengel").Stem; a != b {
		t.Errorf("Mangel has the stem %q, Mängel %q", a, b)
	}
}

func TestOffsetsPointAtTheWord(t *testing.T) {
	text := "Über die Häuser, z. B. das Kranken\u00adhaus (§ 21)"
	var words []string
	for _, token := range testAnalyzer(t).Tokens(text) {
		words = append(words, text[token.Start:token.End])
	}
	want := []string{"Über", "die", "Häuser", "z. B", "das", "Kranken\u00adhaus", "21"}
	if !slices.Equal(words, want) {
		t.Errorf("got %q, want %q", words, want)
	}
}

func TestRestoredVocabularyIsTheSame(t *testing.T) {
	v := testVocabulary(t)
	r := RestoreVocabulary(v.Len(), v.Words(), 100, nil)
	for _, word := range []string{"Feldlazarett", "Krankenhauszukunftsgesetz", "Häuser", "Notfallwagen"} {
		if a, b := v.Lookup(Fold(word)), r.Lookup(Fold(word)); !slices.Equal(a.Parts, b.Parts) || a.Stem != b.Stem || a.Docs != b.Docs {
			t.Errorf("%s: %v, restored %v", word, a, b)
		}
	}
}

// countTexts counts the texts of one document.
func countTexts(c *Counter, r *Reader, texts ...string) {
	r.Reset()
	c.AddDocument()
	for _, text := range texts {
		r.Read(text, true)
	}
	for i, s := range r.Shapes() {
		if s.Counted {
			c.Count(c.Number(r.Form(i)), s, []byte(s.Shown))
		}
	}
}

func TestCounterCountsDocuments(t *testing.T) {
	c, r := NewCounter(), NewReader()
	countTexts(c, r, "Schutz Schutz", "Schutz-Hülle")
	countTexts(c, r, "hilfe")
	countTexts(c, r, "Schutz und Hilfe")
	v := c.Vocabulary(nil)
	for _, want := range []Word{
		{Form: "hilfe", Docs: 2, Stem: "hilf"},
		{Form: "huelle", Docs: 1, Stem: "hull", Shown: "hülle", Noun: true, Joined: true},
		{Form: "schutz", Docs: 2, Stem: "schutz", Noun: true, Joined: true},
		{Form: "schutzhuelle", Docs: 1, Stem: "schutzhull", Glued: true},
	} {
		if got := v.Lookup(want.Form); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// A Reader finds what scan finds, only sooner.
func sameWords(t *testing.T, r *Reader, text string) {
	t.Helper()
	r.Reset()
	type word struct {
		form, also string
		caps       bool
	}
	var got, want []word
	for _, o := range r.Read(text, true) {
		w := word{form: string(r.Form(o.Form)), caps: o.Caps}
		if o.Also >= 0 {
			w.also = string(r.Form(o.Also))
		}
		if o.Stop != (!w.caps && IsStop(w.form)) {
			t.Fatalf("%q: stop word: %v", w.form, o.Stop)
		}
		got = append(got, w)
	}
	shapes := map[string]Shape{}
	rest := ""
	scan(text, func(place span, form []byte, also string) {
		w := word{string(form), also, isCaps(text[place.start:place.end])}
		s := shapes[w.form]
		s.write(text[place.start:place.end])
		if also != "" && isDigit(also[0]) && !isDigit(form[0]) {
			w.also = "" // a Roman numeral, which only names are found by
		}
		if also != "" && !isDigit(also[0]) && also[0] < utf8.RuneSelf {
			a := shapes[also]
			a.Counted = true
			shapes[also] = a
			rest = also
		}
		rest, s.Joined = cutJoined(rest, w.form, s.Joined)
		shapes[w.form] = s
		want = append(want, w)
	})
	if !slices.Equal(got, want) {
		t.Fatalf("%q:\n got %v\nwant %v", text, got, want)
	}
	for i, s := range r.Shapes() {
		if form := string(r.Form(i)); s != shapes[form] {
			t.Fatalf("%q in %q: got %+v, want %+v", form, text, s, shapes[form])
		}
	}
}

// cutJoined takes a form off the rest of a hyphenated word.
func cutJoined(rest, form string, joined bool) (string, bool) {
	if after, ok := strings.CutPrefix(rest, form); ok {
		return after, true
	}
	return "", joined
}

func FuzzReader(f *testing.F) {
	for _, line := range lines(f, "words.txt") {
		f.Add(line)
	}
	for _, text := range []string{
		"\xff\xfe§ \u0308a\u200d", "1.000 1. 1.2 a.b. z. B. 21a,5 2021/821 §§ 21, 22 § XI", "DualUse Dual-Use dual\u2011use BtMG a-b-c-",
		"Größe GRÖSSE grö\u00adße À×ÿ÷", strings.Repeat("a", 300), "A4-Blatt 4-fach 10,5-fach 3/4 x/y",
	} {
		f.Add(text)
	}
	r := NewReader()
	f.Fuzz(func(t *testing.T, text string) { sameWords(t, r, text) })
}

func TestBleveTokens(t *testing.T) {
	var terms []string
	for _, token := range testAnalyzer(t).Bleve().Analyze([]byte("der Zivilschutz in § 21")) {
		terms = append(terms, fmt.Sprintf("%d:%s", token.Position, token.Term))
	}
	want := []string{"2:zivilschutz", "2:+zivil", "2:+schutz", "4:21", "4:§21"}
	if !slices.Equal(terms, want) {
		t.Errorf("got %q, want %q", terms, want)
	}
}

func TestHugeInput(t *testing.T) {
	a := testAnalyzer(t)
	for name, text := range map[string]string{
		"one word":     strings.Repeat("krankenhaus", 500_000),
		"many words":   strings.Repeat("krankenhaus ", 50_000),
		"hyphens":      strings.Repeat("a-", 100_000),
		"dots":         strings.Repeat("a.", 100_000),
		"digits":       strings.Repeat("1.", 100_000),
		"broken UTF-8": strings.Repeat("\xc3\x28\xff", 100_000),
		"marks":        "a" + strings.Repeat("\u0308", 100_000),
	} {
		for _, token := range a.Tokens(text) {
			if len(token.Form) > maxForm+8 {
				t.Fatalf("%s: a form of %d bytes", name, len(token.Form))
			}
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, line := range lines(f, "words.txt") {
		f.Add(line)
	}
	f.Add("\xff\xfe§ \u0308a\u200d")
	a := testAnalyzer(f)
	f.Fuzz(func(t *testing.T, text string) {
		end, pos := 0, 0
		for _, token := range a.Tokens(text) {
			if token.Start < end || token.End <= token.Start || token.End > len(text) {
				t.Fatalf("token %+v after %d in %q", token, end, text)
			}
			if token.Pos != pos+1 || token.Form == "" || token.Stem == "" || !utf8.ValidString(token.Form) {
				t.Fatalf("token %+v in %q", token, text)
			}
			end, pos = token.End, token.Pos
		}
	})
}
