package generator_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVersionsRendered: a page that compares two versions follows from both, one
// that tells what became of a statement from the version that has it now.
func TestVersionsRendered(t *testing.T) {
	t.Parallel()
	w, out := fixedWorld(t), filepath.Join(inMemory(t), "public")
	paper := func(title, status, more, theses, body string) string {
		return "---\ntitle: " + title + "\nsummary: Worum es geht.\nstatus: " + status + "\n" + more + "theses:\n" + theses + "---\n\n" + body + "\n"
	}
	w.files["content/positionen/alt.md"] = paper("Alt", "ersetzt", "version: \"1.0\"\n", "  - {id: f1, text: Drei Häuser., addressee: [Bund]}\n  - {id: f2, text: Bleibt.}\n", "Der alte Text.")
	w.files["content/positionen/neu.md"] = paper("Neu", "veroeffentlicht", "version: \"2.0\"\nsupersedes: [alt]\n", "  - {id: f1, text: Vier Häuser., addressee: [Bund]}\n", "Der neue Text.")
	w.write()
	built(t, w.to(out))
	const own, beside = "/positionen/neu/ /positionen/neu/kurzfassung/ ", "/positionen/neu/aenderungen/ "
	wantRemade(t, w, out, []remaking{
		{"the text of the old version", edited("content/positionen/alt.md", "Der alte Text.", "Der ältere Text."), "/positionen/alt/ " + beside},
		{"the text of the new version", edited("content/positionen/neu.md", "Der neue Text.", "Der neuere Text."), "/positionen/neu/ " + beside},
		{"a mark that says nothing", edited("content/positionen/neu.md", "Der neuere Text.", "Der **neuere** Text."), "/positionen/neu/"},
	})
	before := pages(t, out)
	for _, c := range []remaking{ // these pages among others
		{"a statement of the old version", edited("content/positionen/alt.md", "text: Bleibt.", "text: Blieb."), "/positionen/alt/ /positionen/alt/kurzfassung/ " + beside},
		{"a statement of the new version", edited("content/positionen/neu.md", "Vier Häuser.", "Fünf Häuser."), own + beside + "/positionen/alt/ /werkzeuge/kernforderungen/"},
		{"a statement is taken up again", edited("content/positionen/neu.md", "addressee: [Bund]}", "addressee: [Bund], formerly: [f2]}"), own + beside + "/positionen/alt/"},
		{"an addressee", edited("content/positionen/neu.md", "[Bund]", "[Länder]"), own + beside + "/werkzeuge/kernforderungen/"},
		{"no version any more", edited("content/positionen/neu.md", "supersedes: [alt]\n", ""), own + "/positionen/alt/"},
	} {
		c.do(w)
		w.write()
		built(t, w.to(out))
		after := pages(t, out)
		got := remade(before, after)
		for _, p := range strings.Fields(c.made) {
			if !slices.Contains(got, p) {
				t.Errorf("%s: %s was not made anew, but %v", c.change, p, got)
			}
		}
		before = after
	}
	wantAsClean(t, w, out)
}

// TestHeadingLikeAStatement: a heading that reads like the address of a
// statement gets another one.
func TestHeadingLikeAStatement(t *testing.T) {
	t.Parallel()
	_, o := siteOf(t, map[string]string{"content/positionen/a.md": `---
title: Papier
summary: Kurz.
status: veroeffentlicht
version: "1.0"
theses:
  - {id: f1, text: "Das soll geschehen.", addressee: [Bund], formerly: [k1]}
---

## Forderung F1

Text.

## Forderung K1

Text.
`})
	built(t, o)
}
