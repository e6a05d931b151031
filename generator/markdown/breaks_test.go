package markdown

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// textOf makes a paragraph of about n bytes.
func textOf(n int) string { return strings.Repeat("Wort ", n/5) + "Ende.\n\n" }

func TestBreaks(t *testing.T) {
	t.Parallel()
	chapters := func(n, size int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "## Kapitel %d\n\n%s", i+1, textOf(size))
		}
		return b.String()
	}
	table := "| a | b |\n|---|---|\n" + strings.Repeat("| Zelle | Zelle |\n", 3000)
	for name, c := range map[string]struct {
		body  string
		parts int    // with the first
		each  string // how every part but the first begins
	}{
		"short texts are whole":                 {chapters(30, 1000), 1, ""},
		"before headings, after 10 KB":          {chapters(30, 3000), 8, `<div class="heading`},
		"subheadings do as well":                {strings.ReplaceAll(chapters(30, 3000), "## K", "#### K"), 8, `<div class="heading`},
		"long chapters between blocks":          {"## Eins\n\n" + strings.Repeat(textOf(3000), 30), 5, "<p>"},
		"texts without headings between blocks": {strings.Repeat(textOf(3000), 30), 5, "<p>"},
		"a long block is a part":                {textOf(3000) + table + "\n" + textOf(3000), 3, ""},
		"with its heading":                      {textOf(3000) + "## Tabelle\n\n" + table, 2, `<div class="heading`},
		"one block cannot be cut":               {table, 1, ""},
		"notes are a part":                      {"Satz.[^1]\n\n" + textOf(9000) + textOf(9000) + table + "\n[^1]: " + textOf(9000), 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := convert(c.body)
			parts := cut(doc)
			if len(parts) != c.parts {
				t.Errorf("%d parts of %d bytes, want %d parts", len(parts), len(doc.HTML), c.parts)
			}
			for i, p := range parts {
				if err := balanced(p); err != nil {
					t.Errorf("part %d: %v", i, err)
				}
				if i > 0 && !strings.HasPrefix(p, c.each) {
					t.Errorf("part %d begins with %.40s", i, p)
				}
				if before, _, ok := strings.Cut(p, `>#</a></div>`+"\n"); ok && i+1 < len(parts) && len(before)+13 == len(p) {
					t.Errorf("part %d is a heading without its text", i)
				}
			}
		})
	}
}

func cut(d *Doc) []string {
	var parts []string
	start := 0
	for _, at := range append(slices.Clone(d.Breaks), len(d.HTML)) {
		parts = append(parts, d.HTML[start:at])
		start = at
	}
	return parts
}

// balanced reports an element that a piece of HTML opens and does not close, or
// the other way round.
func balanced(s string) error {
	for _, tag := range []string{"div", "p", "ul", "ol", "li", "table", "section", "pre"} {
		if a, z := strings.Count(s, "<"+tag+">")+strings.Count(s, "<"+tag+" "), strings.Count(s, "</"+tag+">"); a != z {
			return fmt.Errorf("%d <%s> and %d </%s>", a, tag, z, tag)
		}
	}
	return nil
}
