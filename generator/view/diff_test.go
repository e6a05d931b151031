package view_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/view"
)

// mark writes runs as text: [-deleted-] {+added+}.
func mark(runs []view.Run) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Space {
			b.WriteByte(' ')
		}
		switch r.Op {
		case view.Deleted:
			b.WriteString("[-" + r.Text + "-]")
		case view.Added:
			b.WriteString("{+" + r.Text + "+}")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func TestDiffWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"Gleich.", "Gleich.", "Gleich."},
		{"", "Alles neu.", "{+Alles neu.+}"},
		{"Alles weg.", "", "[-Alles weg.-]"},
		{"mindestens drei Jahre einschließen.", "mindestens fünf Jahre einschließen.", "mindestens [-drei-] {+fünf+} Jahre einschließen."},
		{"Schnittstellen haben.", "Schnittstellen und eine Stückliste haben.", "Schnittstellen {+und eine Stückliste+} haben."},
		{"Wartung, Updates und Schulung", "Wartung und Schulung", "Wartung[-, Updates-] und Schulung"},
		// Signs within a word belong to it, those behind it do not.
		{"Dual-Use kostet 4,3 Mrd. Euro", "Dual-Use kostet 4,5 Mrd. Euro", "Dual-Use kostet [-4,3-] {+4,5+} Mrd. Euro"},
		{"am Ende.", "am Ende!", "am Ende[-.-]{+!+}"},
		{"„Ja“, sagte er", "„Nein“, sagte er", "„[-Ja-] {+Nein+}“, sagte er"},
		// Blanks are no words, and no-break spaces no change.
		{"rund 30 Prozent", "rund\u00a030  Prozent", "rund 30 Prozent"},
		// What only happens to be the same between two changes is no island.
		{"Die alte Halle und der kleine Schuppen bleiben am Ort stehen.", "Ein neues Haus und ein großes Lager bleiben am Ort stehen.",
			"[-Die alte Halle und der kleine Schuppen-] {+Ein neues Haus und ein großes Lager+} bleiben am Ort stehen."},
		// Nobody reads confetti.
		{"eins zwei drei vier fünf sechs sieben acht neun zehn", "a b c d fünf f g h i j k l", "[-eins zwei drei vier fünf sechs sieben acht neun zehn-] {+a b c d fünf f g h i j k l+}"},
	} {
		if got := mark(view.DiffWords(c.before, c.after)); got != c.want {
			t.Errorf("%q → %q:\n got %s\nwant %s", c.before, c.after, got, c.want)
		}
	}
}

// TestDiffWordsIsWhole: what is not added is the old text, what is not deleted
// the new one, whatever the two are.
func TestDiffWordsIsWhole(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("Bund Länder sollten bis 2028 , . und ein Haus je Region „nennen“ 4,3 Dual-Use –")
	random := func() string {
		words := make([]string, r.IntN(60))
		for i := range words {
			words[i] = vocabulary[r.IntN(len(vocabulary))]
		}
		return strings.Join(words, " ")
	}
	side := func(runs []view.Run, without view.Op) string {
		var b strings.Builder
		for _, x := range runs {
			if x.Op != without {
				b.WriteString(x.Text)
			}
		}
		return strings.ReplaceAll(b.String(), " ", "")
	}
	for range 3000 {
		before, after := random(), random()
		runs := view.DiffWords(before, after)
		if got, want := side(runs, view.Added), strings.ReplaceAll(before, " ", ""); got != want {
			t.Fatalf("%q → %q: the old text is %q", before, after, got)
		}
		if got, want := side(runs, view.Deleted), strings.ReplaceAll(after, " ", ""); got != want {
			t.Fatalf("%q → %q: the new text is %q", before, after, got)
		}
	}
}

// TestDiffIsBounded: two long texts with nothing in common take no more than
// their length, and come out as one for the other.
func TestDiffIsBounded(t *testing.T) {
	t.Parallel()
	words := func(prefix string) string {
		var b strings.Builder
		for i := range 20_000 {
			fmt.Fprintf(&b, "%s%d ", prefix, i)
		}
		return b.String()
	}
	if runs := view.DiffWords(words("a"), words("b")); len(runs) != 2 || runs[0].Op != view.Deleted || runs[1].Op != view.Added {
		t.Errorf("%d runs", len(runs))
	}
}

// passages writes blocks as lines: + - ~ for added, deleted and changed, … for
// what is folded away.
func passages(list []view.Passage) string {
	var out []string
	for _, p := range list {
		if p.Folded {
			out = append(out, fmt.Sprintf("… %d", p.Count))
			continue
		}
		for _, b := range p.Blocks {
			sign := map[view.Op]string{view.Same: " ", view.Added: "+", view.Deleted: "-", view.Changed: "~"}[b.Op]
			if b.Heading {
				sign += "#"
			}
			text := mark(b.Runs)
			if b.Op != view.Changed {
				text = b.Runs[0].Text
			}
			out = append(out, sign+" "+text)
		}
	}
	return strings.Join(out, "\n")
}

func blocks(text string) []view.Block {
	var out []view.Block
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "# ")
		if line != "" {
			out = append(out, view.Block{Heading: isHeading, Text: map[bool]string{true: heading, false: line}[isHeading]})
		}
	}
	return out
}

func TestCompareBlocks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Dieser Absatz ist lang und ändert sich nicht. ", 6)
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing changes", "# Eins\na\nb\nc", "# Eins\na\nb\nc", "… 4"},
		{"the heading above a change stays, the rest is folded",
			"# Eins\n" + long + "\nb\n# Zwei\n" + long + "\nMan sollte drei Häuser nennen.\n# Drei\nc\nd",
			"# Eins\n" + long + "\nb\n# Zwei\n" + long + "\nMan sollte vier Häuser nennen.\n# Drei\nc\nd",
			"… 3\n # Zwei\n… 1\n~ Man sollte [-drei-] {+vier+} Häuser nennen.\n… 3"},
		{"a short block between changes is shown", "alt eins\nkurz\nalt zwei", "neu drei\nkurz\nneu vier",
			"- alt eins\n+ neu drei\n  kurz\n- alt zwei\n+ neu vier"},
		{"paragraphs that are alike are compared, others replaced",
			"Der Fonds war einmalig und ist beendet.\nGanz anderes stand hier.", "Ein Satz davor, der neu ist.\nDer Fonds war einmalig und ist erschöpft.",
			"+ Ein Satz davor, der neu ist.\n~ Der Fonds war einmalig und ist [-beendet-] {+erschöpft+}.\n- Ganz anderes stand hier."},
		{"a heading is no paragraph", "# Der Leitgedanke", "Der Leitgedanke", "-# Der Leitgedanke\n+ Der Leitgedanke"},
	} {
		got := passages(view.Compare(view.Versions{Old: entry("a"), New: entry("b"), OldBlocks: blocks(c.before), NewBlocks: blocks(c.after), Lang: "de"}).Passages)
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	// Bounded, too: many blocks with nothing in common.
	var a, b []view.Block
	for i := range 3000 {
		a, b = append(a, view.Block{Text: fmt.Sprint("alt ", i)}), append(b, view.Block{Text: fmt.Sprint("neu ", i)})
	}
	c := view.Compare(view.Versions{Old: entry("a"), New: entry("b"), OldBlocks: a, NewBlocks: b, Lang: "de"})
	if c.Counts.Blocks != 6000 || slices.ContainsFunc(c.Passages, func(p view.Passage) bool { return p.Folded }) {
		t.Error(c.Counts)
	}
}
