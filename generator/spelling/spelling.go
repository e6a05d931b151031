// Package spelling finds words that no dictionary has, and words that stand
// twice in a row. It asks Hunspell, which must be installed, and knows nothing
// of sites: it gets texts, and words that are right.
//
// Terms: a text is something that somebody wrote, with its places; a word is
// what is looked up: letters only, so that „Dual-Use-Güter“ is three words; a
// form is how a word may also be written, such as a genitive; a part is a piece
// of a compound.
//
// Flow (Check): texts are cut into words (words.go); those of the project are
// right (known.go), as are abbreviations and units. Hunspell is asked once for
// all others of a language (hunspell.go). What it does not know is right, too,
// if it divides into parts that are known (compound.go). For the rest, Hunspell
// is asked what was meant.
package spelling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Text is one text. Texts of one Entry are looked at together.
type Text struct {
	Entry string // file of the entry: a word is reported once in it
	Lang  string
	S     string
	// Title says that the words of the text are right elsewhere but have to
	// prove it themselves.
	Title bool
	At    func(offset int) diag.Pos
}

// Options of a check.
type Options struct {
	Words   []byte   // the project's list, see parseList
	Names   []string // texts whose words are right
	Program string   // hunspell
	// Langs are the languages; without a dictionary for the first one, the check
	// is of no use.
	Langs []string
}

// WordsFile is the name of the project's list.
const WordsFile = "woerter.txt"

// Check looks up all words and reports what is wrong. It returns the number of
// words that it has looked at.
func Check(ctx context.Context, texts []Text, o Options, diags *diag.List) (int, error) {
	c := &check{texts: texts, list: parseList(o.Words, diags), diags: diags}
	c.known = newKnown(c.list, o.Names, texts)
	total := 0
	for i, l := range o.Langs {
		dict, err := openDictionary(ctx, o.Program, l, c.list)
		switch {
		case errors.Is(err, errNoProgram):
			diags.Warnf(diag.Pos{}, "hunspell-fehlt", "Debian und Ubuntu: sudo apt install hunspell hunspell-de-de. macOS: brew install hunspell, dann de_DE.aff und de_DE.dic in den Ordner ~/Library/Spelling legen. Windows: im Windows-Subsystem für Linux (WSL) wie unter Ubuntu.",
				"Die Rechtschreibung wurde nicht geprüft: Das Programm Hunspell ist nicht installiert.")
			return total, nil
		case errors.Is(err, errNoDictionary):
			c.noDictionary(l, i == 0)
			continue
		case err != nil:
			return total, err
		}
		n, err := c.language(ctx, l, dict)
		dict.close()
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

type check struct {
	texts []Text
	list  *list
	known *known
	diags *diag.List
}

func (c *check) noDictionary(lang string, first bool) {
	var entries []string
	for _, t := range c.texts {
		if t.Lang == lang {
			entries = append(entries, t.Entry)
		}
	}
	slices.Sort(entries)
	if n := len(slices.Compact(entries)); n > 0 {
		report := c.diags.Hintf
		if first {
			report = c.diags.Warnf
		}
		what := fmt.Sprintf("%d Einträge in dieser Sprache wurden nicht geprüft", n)
		if n == 1 {
			what = "1 Eintrag in dieser Sprache wurde nicht geprüft"
		}
		report(diag.Pos{}, "woerterbuch-fehlt", "Installieren Sie es, unter Debian und Ubuntu etwa mit: sudo apt install "+packageOf(lang),
			"Für die Sprache „%s“ hat Hunspell kein Wörterbuch; %s.", lang, what)
	}
}

// language checks the texts of one language and returns how many words they
// have.
func (c *check) language(ctx context.Context, lang string, dict *dictionary) (int, error) {
	total, open := 0, []found{}
	for i, t := range c.texts {
		if t.Lang != lang {
			continue
		}
		ws := cut(t.S)
		total += len(ws)
		c.doubled(t, ws)
		for _, w := range ws {
			if len(w.s) <= longest && !c.known.has(w, t.Title) {
				open = append(open, found{w, &c.texts[i]})
			}
		}
	}
	forms := map[string]bool{}
	for _, f := range open {
		for _, w := range f.asked() {
			forms[w] = true
		}
	}
	right, err := dict.right(ctx, forms)
	if err != nil {
		return total, err
	}
	open = slices.DeleteFunc(open, func(f found) bool {
		return slices.ContainsFunc(f.asked(), func(w string) bool { return right[w] })
	})
	if open, err = c.compounds(ctx, dict, open); err != nil {
		return total, err
	}
	return total, c.report(ctx, dict, open)
}

// longest is how many bytes a word has at most. What is longer is none, and
// Hunspell would think about it for minutes.
const longest = 120

// found is a word in its text.
type found struct {
	word
	text *Text
}

// report says each word once for an entry, where it stands first.
func (c *check) report(ctx context.Context, dict *dictionary, open []found) error {
	var words []string
	for _, f := range open {
		words = append(words, f.s)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	meant, err := dict.meant(ctx, words)
	if err != nil {
		return err
	}
	type place struct {
		at   diag.Pos
		more int
	}
	places := map[[2]string]*place{}
	for _, f := range open {
		key, at := [2]string{f.text.Entry, f.s}, f.text.At(f.at)
		p := places[key]
		switch {
		case p == nil:
			places[key] = &place{at: at}
			continue
		case at.Line < p.at.Line || at.Line == p.at.Line && at.Col < p.at.Col:
			p.at = at
		}
		p.more++
	}
	for key, p := range places {
		more := ""
		if p.more > 0 {
			more = fmt.Sprintf(" (noch %d-mal in diesem Eintrag)", p.more)
		}
		c.diags.Warnf(p.at, "rechtschreibung", advice(c.known.near(key[1], meant[key[1]]), key[1]), "„%s“ steht in keinem Wörterbuch%s.", key[1], more)
	}
	return nil
}

func advice(near []string, word string) string {
	add := "nehmen Sie „" + word + "“ in " + WordsFile + " auf"
	if len(near) == 0 {
		return "Ist es richtig, " + add + "."
	}
	return "Meinten Sie " + diag.QuoteList(near, "oder") + "? Sonst " + add + "."
}

// doubled reports a word that stands twice in a row.
func (c *check) doubled(t Text, ws []word) {
	for i := 1; i < len(ws); i++ {
		a, b := ws[i-1], ws[i]
		if len(a.s) < 2 || !strings.EqualFold(a.s, b.s) || strings.TrimSpace(t.S[a.at+a.size:b.at]) != "" || a.at+a.size == b.at || a.joined || b.joined {
			continue
		}
		if mayDouble(t.S, ws, i) {
			continue
		}
		c.diags.Warnf(t.At(b.at), "wort-doppelt", "Löschen Sie eines von beiden.", "„%s“ steht zweimal hintereinander.", b.s)
	}
}

var (
	// After a comma or a preposition, the first of two is a relative pronoun:
	// „in der der Bund …“, „…, die die Länder …“.
	articles     = []string{"der", "die", "das", "dem", "den"}
	prepositions = strings.Fields("an auf aus bei durch für gegen hinter in mit nach neben ohne seit über um unter von vor während wegen zu zwischen und oder als wie")
	// These may follow themselves: „dass sie sie …“, „that that …“, „had had“.
	twice = strings.Fields("sie that had")
)

// mayDouble reports whether the second of two equal words is no mistake.
func mayDouble(s string, ws []word, i int) bool {
	w := strings.ToLower(ws[i].s)
	if slices.Contains(twice, w) {
		return true
	}
	if !slices.Contains(articles, w) || i < 2 {
		return false
	}
	before := ws[i-2]
	between := s[before.at+before.size : ws[i-1].at]
	return strings.Contains(between, ",") || strings.TrimSpace(between) == "" && slices.Contains(prepositions, strings.ToLower(before.s))
}
