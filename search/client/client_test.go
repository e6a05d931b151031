package client_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
	_ "unsafe" // for go:linkname

	"github.com/evanw/esbuild/pkg/api"

	"github.com/ag-vzkm/portal/search/analyze"
	"github.com/ag-vzkm/portal/search/client"
)

var update = flag.Bool("update", false, "write testdata/words.tsv and texts.jsonl anew; one that is missing is gathered from content/")

// What the analyzer keeps to itself and analyze.ts has as well.

//go:linkname strip github.com/ag-vzkm/portal/search/analyze.strip
func strip(form string) string

// bareAnalyzer has no vocabulary, as the browser has none.
var bareAnalyzer = analyze.New(analyze.NewCounter().Vocabulary(nil), nil)

// word is what Go makes of one word: form, strip, bare, stem, root.
func word(w string) string {
	form := analyze.Fold(w)
	stem := analyze.StemForm(form)
	return strings.Join([]string{form, strip(form), analyze.Bare(form), stem, analyze.Root(stem)}, "\t")
}

// keys is what else Go makes of a form for looking it up: whether it has an
// umlaut, its derivations, and what it may stand for in a compound.
func keys(form string) string {
	var members []string
	for _, m := range analyze.Members(form) {
		members = append(members, fmt.Sprintf("%s:%v", m.Form, m.Cost))
	}
	return fmt.Sprintf("%v %s; %s", analyze.Umlaut(form),
		strings.Join(analyze.Derivations(analyze.StemForm(form)), ","), strings.Join(members, ","))
}

// tokens is what Go makes of a text without a vocabulary, one line a token:
// position, place in UTF-16 units, form, +also-term, =Arabic number.
func tokens(text string) []string {
	var lines []string
	units, seen := 0, 0 // units of text[:seen]
	at := func(i int) int {
		units += len(utf16.Encode([]rune(text[seen:i])))
		seen = i
		return units
	}
	for _, t := range bareAnalyzer.Tokens(text) {
		start := at(t.Start)
		line := fmt.Sprintf("%d %d-%d %s", t.Pos, start, at(t.End), t.Form)
		for _, also := range t.Also {
			line += " +" + also
		}
		if t.Arabic != "" {
			line += " =" + t.Arabic
		}
		if t.Caps {
			line += " caps"
		}
		if t.Stop {
			line += " stop"
		}
		lines = append(lines, line)
	}
	return lines
}

// question is a line for testdata/runner.mjs with the answer it should have.
type question struct{ ask, want string }

// ask makes a question. Texts are given as strings or, where they need not be
// valid, as UTF-16 units.
func ask(want, what string, args ...any) question {
	line := `["` + what + `"`
	for _, arg := range args {
		switch arg := arg.(type) {
		case int:
			line += fmt.Sprintf(",%d", arg)
		case string:
			line += "," + quote(utf16.Encode([]rune(arg)))
		case []uint16:
			line += "," + quote(arg)
		}
	}
	return question{line + "]", want}
}

func quote(units []uint16) string {
	var b strings.Builder
	for _, u := range units {
		fmt.Fprintf(&b, `\u%04x`, u)
	}
	return `"` + b.String() + `"`
}

func askWord(w string) question    { return ask(word(w), "word", w) }
func askKeys(form string) question { return ask(keys(form), "keys", form) }
func askText(text string) question { return ask(strings.Join(tokens(text), "\n"), "text", text) }

// bundle is what becomes of an entry with the options of the site's scripts.
func bundle(t *testing.T, entry string) []byte {
	t.Helper()
	res := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Bundle: true, Format: api.FormatESModule, Target: api.ES2020,
		Platform: api.PlatformNode, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset: api.CharsetUTF8, TsconfigRaw: "{}",
	})
	for _, m := range res.Errors {
		t.Errorf("%+v: %s", m.Location, m.Text)
	}
	if t.Failed() {
		t.FailNow()
	}
	return res.OutputFiles[0].Contents
}

// compare puts the questions to analyze.ts in one run of Node.
func compare(t *testing.T, questions []question) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs Node, which make test installs")
	}
	script := filepath.Join(t.TempDir(), "runner.mjs")
	if err := os.WriteFile(script, bundle(t, "testdata/runner.mjs"), 0o644); err != nil {
		t.Fatal(err)
	}
	var in, errs bytes.Buffer
	for _, q := range questions {
		in.WriteString(q.ask + "\n")
	}
	cmd := exec.Command(node, append([]string{script}, analyze.StopWords()...)...)
	cmd.Stdin, cmd.Stderr = &in, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	faults := 0
	for i, q := range questions {
		var got string
		if err := json.Unmarshal([]byte(answers[i]), &got); err != nil {
			t.Fatal(err)
		}
		if got == q.want {
			continue
		}
		if faults++; faults <= 10 {
			t.Errorf("%s\n  ts %q\n  go %q", readable(q.ask), got, q.want)
		}
	}
	if faults > 0 {
		t.Errorf("%d of %d differ", faults, len(questions))
	}
}

// readable writes the letters of a question as themselves.
func readable(line string) string {
	var args []any
	if json.Unmarshal([]byte(line), &args) != nil {
		return line
	}
	return fmt.Sprintf("%+q", args)
}

// TestWords holds both sides to testdata/words.tsv: a word, its form, and
// strip, bare, stem and root of it, empty where they are the form.
func TestWords(t *testing.T) {
	name := filepath.Join("testdata", "words.tsv")
	text, err := os.ReadFile(name)
	var words []string
	for line := range strings.Lines(string(text)) {
		w, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		words = append(words, w)
	}
	if *update && os.IsNotExist(err) {
		words, err = gatherWords(t), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var questions []question
	for _, w := range words {
		q := askWord(w)
		questions = append(questions, q, askKeys(analyze.Fold(w)))
		columns := strings.Split(q.want, "\t")
		for i, c := range columns {
			if i > 0 && c == columns[0] {
				columns[i] = ""
			}
		}
		b.WriteString(strings.TrimRight(w+"\t"+strings.Join(columns, "\t"), "\t") + "\n")
	}
	if slices.Sort(words); len(slices.Compact(words)) < 10_000 {
		t.Errorf("only %d distinct words", len(slices.Compact(words)))
	}
	golden(t, name, string(text), b.String())
	compare(t, questions)
}

// TestTexts holds both sides to testdata/texts.jsonl: a text and its tokens.
func TestTexts(t *testing.T) {
	type line struct {
		Text   string   `json:"text"`
		Tokens []string `json:"tokens"`
	}
	name := filepath.Join("testdata", "texts.jsonl")
	file, err := os.ReadFile(name)
	var texts []string
	for s := range strings.Lines(string(file)) {
		var l line
		if err := json.Unmarshal([]byte(s), &l); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, l.Text)
	}
	if *update && os.IsNotExist(err) {
		texts, err = gatherTexts(t), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	var questions []question
	for _, text := range texts {
		if err := lines.Encode(line{text, tokens(text)}); err != nil {
			t.Fatal(err)
		}
		questions = append(questions, askText(text))
		if anchor, ok := analyze.Anchor(text); ok {
			questions = append(questions, ask(anchor, "anchor", text))
		}
	}
	if slices.Sort(texts); len(slices.Compact(texts)) < 300 {
		t.Errorf("only %d distinct texts", len(slices.Compact(texts)))
	}
	golden(t, name, string(file), b.String())
	compare(t, questions)
}

// golden holds what Go says now to what it said; with -update it is written.
func golden(t *testing.T, name, want, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("%s:%d: Go has changed; if that is meant, run with -update\n got %s\nwant %s", name, i+1, g[i], w[i])
			return
		}
	}
	if len(g) != len(w) {
		t.Errorf("%s: %d lines, want %d", name, len(g), len(w))
	}
}

// TestRandom compares both sides on 20,000 strings of what is likely to go
// wrong. They are the same in every run.
func TestRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var questions []question
	before := ""
	for range 20_000 {
		units := nasty(random)
		text := string(utf16.Decode(units)) // half of a surrogate pair is U+FFFD to Go
		form := analyze.Fold(text)
		questions = append(questions,
			ask(strings.Join(tokens(text), "\n"), "text", units),
			ask(word(text), "word", units), askKeys(form))
		if letters := []rune(form); len(letters) > 40 { // a larger table says no more
			form = string(letters[:40])
		}
		near := mistyped(random, form)
		for _, other := range []string{before, near, mistyped(random, near)} {
			limit := random.IntN(4)
			questions = append(questions, ask(fmt.Sprint(min(distance(form, other), limit+1)), "distance", form, other, limit))
		}
		before = form
	}
	compare(t, questions)
}

// shreds are what nasty texts are made of.
var shreds = strings.Split("a|e|o|u|n|s|ss|r|t|x|A|B|I|V|X|IX|Ab|abc|Abc|ä|ö|ü|Ä|Ü|ß|ẞ|é|ø|œ|Æ|ë|ǟ|ṻ|"+
	"a\u0308|u\u0308|\u0308|\u0301|\u0344|\u00ad|\u200b|\u200d|\u2060|\ufeff|.|.|. |.\u00a0|.\u202f|,|-|-|\u2010|\u2011|–|_|/|'|’|"+
	"§|§ |§\u00a0|§\u0085| | |\t|\n|\v|\x00|\x1b|\x7f|\u0085|\u2028|\u3000|0|1|2|9|12|000|.000|,5|2021|１|٣|²|½|Ⅳ|ª|º|µ|"+
	"Σ|ς|ΑΣ|й|Й|ї|א|بـ|ﷺ|\u202e|ſ|ﬁ|ＡＢ|İ|ı|ǅ|K|Å|ͺ|\u037a\u0308|中|ｶﾞ|가|क्ष|ⓐ|𝔄|𐐀|😀|👩\u200d⚕️|🇩🇪|\ufffd|\ufffe|"+
	"lich|um|keit|igkeit|ung|heit|isch|isier|schaft|bar|ig|in|inn|innen|er|en|em|es|ern|eln|e|niss|ium|rum|ren|"+
	"system|problem|oedem|ekzem|viren|themen|risiken|firmen|praxen|konten|dramen|boni|kriterien|"+
	"der|und|AN|z. B.|d.h.|1.000|10,5|Dual|Use|Haus|aue|quer|neue|ffff|xxx|iii|III|XXX|sss", "|")

func nasty(random *rand.Rand) []uint16 {
	var units []uint16
	for range 1 + random.IntN(14) {
		switch random.IntN(40) {
		case 0: // half of a pair
			units = append(units, uint16(0xd800+random.IntN(0x800)))
		case 1: // up to the longest form and beyond
			shred := utf16.Encode([]rune(shreds[random.IntN(len(shreds))]))
			for range 20 + random.IntN(90) {
				units = append(units, shred...)
			}
		case 2:
			units = append(units, uint16(random.IntN(0x600)))
		case 3, 4, 5:
			units = append(units, uint16('a'+random.IntN(26)))
		default:
			units = append(units, utf16.Encode([]rune(shreds[random.IntN(len(shreds))]))...)
		}
	}
	return slices.DeleteFunc(units, func(u uint16) bool { return unassigned(rune(u)) })
}

// mistyped makes one edit in a form.
func mistyped(random *rand.Rand, form string) string {
	runes := []rune(form)
	letter := rune("abehnrstäσ0"[random.IntN(9)])
	if len(runes) < 2 {
		return form + string(letter)
	}
	i := random.IntN(len(runes) - 1)
	switch random.IntN(4) {
	case 0:
		runes[i] = letter
	case 1:
		runes = slices.Insert(runes, i, letter)
	case 2:
		runes = slices.Delete(runes, i, i+1)
	default:
		runes[i], runes[i+1] = runes[i+1], runes[i]
	}
	return string(runes)
}

// distance is the definition of optimal string alignment, the whole table.
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = d[i-1][j-1] + 1
			}
			d[i][j] = min(d[i][j], d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

// unassigned holds for code points that Go's version of Unicode does not have
// yet; Node's may.
func unassigned(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Cs)
}

// TestEveryLetter compares fold and the classes of characters on all that
// there are, but for most of those that only differ in their number.
func TestEveryLetter(t *testing.T) {
	var questions []question
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if unassigned(r) || unicode.Is(unicode.Cs, r) ||
			unicode.In(r, unicode.Han, unicode.Hangul, unicode.Tangut) && r%64 != 0 {
			continue
		}
		c := string(r)
		questions = append(questions, askWord("o"+c), askText(c+" x"+c+" §"+c+"1 Aaa"+c+"bb 1.00"+c+" b."+c+".d"))
	}
	compare(t, questions)
}

// TestHugeInput: a long text costs time, never a stack or a square of time.
func TestHugeInput(t *testing.T) {
	const n = 1 << 20
	var questions []question
	for _, piece := range []string{
		"a", "A", "ä", "ß", "中", "😀", "𝔄", "0", "1.", "1,", "1.000.", "a.", "a. ", "a-", "1/", "§", "§ ", " ", ".", "\u0308",
		"\u00ad", "a\u0308", "Ab", "Abc", "AbcD", "krankenhaus", "krankenhaus ", "IV", "X", "\x00", "\ufffd", "א", "\u202e",
	} {
		count := n / len(piece)
		all := tokens(strings.Repeat(piece, count))
		last := ""
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		questions = append(questions, ask(fmt.Sprintf("%d %s", len(all), last), "repeat", piece, count),
			ask(word(strings.Repeat(piece, count/16)), "long", piece, count/16))
	}
	compare(t, questions)
}

// TestSize: every visitor who searches pays for this.
func TestSize(t *testing.T) {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	script := bundle(t, "analyze.ts")
	if _, err := z.Write(script); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("analyze.ts: %d bytes minified, %d compressed", len(script), b.Len())
	if b.Len() > 2700 {
		t.Errorf("analyze.ts has %d bytes compressed, 2700 are meant for it", b.Len())
	}
}

func TestFiles(t *testing.T) {
	if _, err := client.Files.Open("analyze.ts"); err != nil {
		t.Error(err)
	}
}

// contentLines returns the lines of the portal's own texts.
func contentLines(t *testing.T) (lines []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join("..", "..", "content"), func(name string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		text, err := os.ReadFile(name)
		for line := range strings.Lines(string(text)) {
			lines = append(lines, strings.TrimSpace(line))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// gatherWords returns the words of content/ as they are written, each once,
// most of them also in one other spelling, and what content/ lacks.
func gatherWords(t *testing.T) (words []string) {
	t.Helper()
	known := map[string]bool{"": true}
	add := func(w string) {
		if !known[w] && utf8.ValidString(w) && len(w) <= 48 {
			known[w] = true
			words = append(words, w)
		}
	}
	for _, text := range moreTexts(t) {
		for w := range strings.FieldsSeq(text) {
			add(w)
		}
	}
	for n := range 45 {
		add(strings.Repeat("X", n/10) + []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n%10])
		add(fmt.Sprintf("§ %d", n*n))
		add(fmt.Sprintf("%d.%03d", n, n*21))
		add(fmt.Sprintf("%d,%d", n, n%10))
		add(fmt.Sprintf("%d/%d", 2000+n, n*37))
	}
	var written []string
	for _, line := range contentLines(t) {
		for _, w := range strings.FieldsFunc(line, func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune("\"“”„‚‘»«()[]{}<>|*#=;:?!`…–—", r)
		}) {
			if w = strings.Trim(w, ".,'/_-"); w != "" && (!strings.ContainsAny(w, "/@&%") || len(w) < 20) {
				written = append(written, w)
			}
		}
	}
	slices.Sort(written)
	written = slices.Compact(written)
	for i, w := range written {
		add(w)
		for j := range spellings { // the first that makes a difference
			if other := spellings[(i+j)%len(spellings)](w, i); other != w {
				add(other)
				break
			}
		}
	}
	slices.Sort(words)
	return words
}

// spellings are other ways to write a word.
var spellings = []func(w string, i int) string{
	func(w string, _ int) string { return strings.ToUpper(w) },
	func(w string, _ int) string {
		return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "Ä", "Ae", "Ö", "OE", "Ü", "Ue").Replace(w)
	},
	func(w string, _ int) string {
		return strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "s").Replace(w)
	},
	func(w string, i int) string { // with an ending more
		if !unicode.IsLetter(rune(w[len(w)-1])) {
			return w
		}
		return w + endings[i%len(endings)]
	},
	func(w string, _ int) string {
		return strings.NewReplacer("ae", "ä", "oe", "ö", "ue", "ü", "ss", "ß").Replace(w)
	},
	func(w string, _ int) string {
		return strings.NewReplacer("ä", "a\u0308", "ö", "o\u0308", "ü", "u\u0308", "é", "e\u0301", "Ü", "U\u0308").Replace(w)
	},
	func(w string, i int) string { // a soft hyphen or something as unseen
		half := []rune(w)
		unseen := []rune("\u00ad\u00ad\u200b\u200d\u2060")
		return string(slices.Insert(half, len(half)/2, unseen[i%len(unseen)]))
	},
	func(w string, _ int) string { return strings.ReplaceAll(w, "-", "\u2011") },
	func(w string, i int) string { // a letter missing
		half := []rune(w)
		return string(slices.Delete(half, len(half)/2, len(half)/2+1))
	},
}

var endings = strings.Fields(`e en er es em ern eln n s ens nis nisse nissen in innen ium ien rum ung ungen heit
	heiten keit igkeit igkeiten lich liche lichkeit lichem isch ischer bar bare schaft schaften isieren t st ig`)

// gatherTexts returns moreTexts and sentences of content/.
func gatherTexts(t *testing.T) []string {
	t.Helper()
	texts := moreTexts(t)
	lines := contentLines(t)
	slices.Sort(lines)
	lines = slices.DeleteFunc(slices.Compact(lines), func(l string) bool { return len(l) < 25 || len(l) > 130 })
	for i := 0; i < len(lines); i += max(1, len(lines)/260) {
		texts = append(texts, lines[i])
	}
	return texts
}

// moreTexts returns the analyzer's own examples and those of testdata/more.txt.
func moreTexts(t *testing.T) (texts []string) {
	t.Helper()
	for _, name := range []string{filepath.Join("..", "analyze", "testdata", "words.txt"), filepath.Join("testdata", "more.txt")} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(file)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
				texts = append(texts, line)
			}
		}
	}
	return texts
}
