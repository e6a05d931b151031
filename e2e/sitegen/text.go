package sitegen

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words are what texts are made of, as in data/words.yaml.
type words struct {
	Parts      []string   `yaml:"parts"`
	Heads      [][]string `yaml:"heads"`
	Begins     []string   `yaml:"begins"`
	Ends       []string   `yaml:"ends"`
	Adjectives []string   `yaml:"adjectives"`
	Headings   []string   `yaml:"headings"`

	sentences []string
	plain     []string // those without links and sources
}

func loadWords() (*words, error) {
	w := &words{}
	if err := decode("words.yaml", w); err != nil {
		return nil, err
	}
	b, err := data.ReadFile("data/sentences.txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		w.sentences = append(w.sentences, line)
		if !strings.Contains(line, "{L}") && !strings.Contains(line, "{T}") {
			w.plain = append(w.plain, strings.ReplaceAll(line, "{S}", ""))
		}
	}
	return w, nil
}

// noun is a compound with its gender (m, f, n) and plural.
type noun struct{ word, gender, plural string }

func (w *writer) noun() noun {
	parts := one(w, w.words.Parts)
	if w.chance(15) {
		parts += strings.ToLower(one(w, w.words.Parts))
	}
	h := one(w, w.words.Heads)
	return noun{parts + h[0], h[1], parts + h[2]}
}

// articles by case and gender: definite and indefinite.
var articles = map[byte]map[string]string{
	'N': {"m": "der", "f": "die", "n": "das"}, 'A': {"m": "den", "f": "die", "n": "das"}, 'D': {"m": "dem", "f": "der", "n": "dem"},
	'e': {"m": "ein", "f": "eine", "n": "ein"}, 'E': {"m": "einen", "f": "eine", "n": "ein"}, 'F': {"m": "einem", "f": "einer", "n": "einem"},
}

func (w *writer) place() string {
	return w.words.Begins[w.rng.IntN(len(w.words.Begins))] + w.words.Ends[w.rng.IntN(len(w.words.Ends))]
}

// expand fills the holes of a pattern.
func (w *writer) expand(pattern string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			break
		}
		b.WriteString(w.hole(rest[0]))
		pattern = rest[2:]
	}
	first, n := utf8.DecodeRuneInString(b.String())
	return string(unicode.ToUpper(first)) + b.String()[n:]
}

// hole is what stands for one of the letters that data/sentences.txt explains.
func (w *writer) hole(c byte) string {
	switch c {
	case 'V', 'v':
		return w.place()
	case 'Z', 'z':
		return strconv.Itoa(w.between(2, 400))
	case 'J', 'j':
		return strconv.Itoa(w.between(2019, 2031))
	case 'T':
		return one(w, w.glossed).title
	case 'L':
		e := w.entries[w.rng.IntN(len(w.entries))]
		return "[[" + e.id + "|" + e.title + "]]"
	case 'S':
		if len(w.keys) == 0 || w.chance(50) {
			return ""
		}
		return "[@" + w.keys[w.rng.IntN(len(w.keys))] + "]"
	}
	n := w.noun()
	switch c {
	case 'c':
		return n.word
	case 'I':
		return w.maybe() + n.plural
	case 'P':
		return "die " + n.plural
	case 'Q':
		if strings.HasSuffix(n.plural, "n") || strings.HasSuffix(n.plural, "s") {
			return "den " + n.plural
		}
		return "den " + n.plural + "n"
	}
	return articles[c][n.gender] + " " + n.word
}

// maybe is an adjective, or nothing.
func (w *writer) maybe() string {
	if w.chance(60) {
		return ""
	}
	return one(w, w.words.Adjectives) + " "
}

// plainText is prose of at most so many characters, without marks.
func (w *writer) plainText(limit int) string {
	text := ""
	for range 3 {
		s := w.expand(w.words.plain[w.rng.IntN(len(w.words.plain))])
		if text != "" && utf8.RuneCountInString(text)+1+utf8.RuneCountInString(s) > limit {
			break
		}
		text = strings.TrimSpace(text + " " + s)
	}
	if r := []rune(text); len(r) > limit {
		cut := strings.LastIndexByte(string(r[:limit-1]), ' ')
		return strings.TrimRight(text[:max(cut, 0)], " ,;:") + "…"
	}
	return text
}

// body writes the text: most have some hundred words, one in fifty is long.
func (w *writer) body() {
	sections := w.between(2, 4)
	if w.chance(2) {
		sections = w.between(10, 16)
	}
	w.paragraph()
	for range sections {
		fmt.Fprintf(&w.b, "## %s\n\n", w.expand(w.words.Headings[w.rng.IntN(len(w.words.Headings))]))
		for range w.between(1, 2) {
			w.paragraph()
		}
		switch w.rng.IntN(10) {
		case 0, 1, 2:
			w.list()
		case 3, 4:
			w.table()
		case 5:
			fmt.Fprintf(&w.b, "> [!HINWEIS] %s\n> %s\n\n", w.noun().word, w.plainText(200))
		case 6:
			fmt.Fprintf(&w.b, "### %s\n\n", w.noun().word)
			w.paragraph()
		}
	}
}

func (w *writer) paragraph() {
	for i := range w.between(2, 4) {
		if i > 0 {
			w.b.WriteByte('\n')
		}
		w.b.WriteString(w.expand(w.words.sentences[w.rng.IntN(len(w.words.sentences))]))
	}
	w.b.WriteString("\n\n")
}

func (w *writer) list() {
	for range w.between(3, 6) {
		fmt.Fprintf(&w.b, "- %s\n", w.expand("{I} in {V}: {Z} **{I}**"))
	}
	w.b.WriteByte('\n')
}

func (w *writer) table() {
	w.b.WriteString("| Ort | Bestand | Bedarf | Zuständig |\n|---|--:|--:|---|\n")
	for range w.between(3, 8) {
		fmt.Fprintf(&w.b, "| %s | %d | %d | %s |\n", w.place(), w.between(0, 90), w.between(10, 400), w.noun().word)
	}
	w.b.WriteByte('\n')
}
