package markdown

import (
	"strings"
	"testing"
)

// TestStretches: what is text, in which order, and that each byte of it knows
// where it comes from. Gaps are shown as _.
func TestStretches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"blocks", "# Kopf {#id}\n\nEin *Satz*\nmit Zeilen.\n\n- Punkt\n- Zwei\n\n> Zitat", "Kopf|Ein Satz\nmit Zeilen.|Punkt|Zwei|Zitat"},
		{"marks within a word", "**Kranken**haus und ~~weg~~", "Krankenhaus und weg"},
		{"code", "Der `code` hier\n\n```go\nfunc x()\n```\n\n    alt", "Der _ hier"},
		{"links", `Das [Wort](https://adresse.example "Titel") und <https://adresse.example>.`, "Titel|Das Wort und _."},
		{"picture", `Vor ![Ein Bild](bild.png "Unterschrift") nach`, "Ein Bild|Unterschrift|Vor _ nach"},
		{"reference", "[[manv]] und [[manv|die Lage]]-X", "_ und die Lage-X"},
		{"citation and note", "Satz.[@norm, S. 3] Und[^1] mehr.\n\n[^1]: Die Note.", "Satz._ Und_ mehr.|Die Note._"},
		{"table", "| Kopf | B |\n|---|---|\n| [[x\\|Text]] | **fett** |", "Kopf|B|Text|fett"},
		{"callout", "> [!HINWEIS] Titel\n> Text", "Titel|Text"},
		{"chart", "::: diagramm balken titel=\"Was es kostet\" quelle=\"Amt\" beschreibung=\"Steigt an\"\n| Jahr | Wert |\n|---|---|\n| neu | 1 |\n:::", "Was es kostet|Steigt an|Jahr|Wert|neu|1"},
		{"definition", "Begriff\n: Erklärung", "Begriff|Erklärung"},
		{"escapes", `M&uuml;he\-los &amp; Sau&shy;erstoff`, "Mühe-los & Sau\u00aderstoff"},
		{"comment", "<!-- nichts -->\n\nEtwas", "Etwas"},
		{"attribute", "[englisch](x.md){lang=en} weiter", "englisch_ weiter"},
	} {
		var got []string
		for _, s := range New(Config{}).Stretches([]byte(c.in)) {
			got = append(got, strings.ReplaceAll(s.Text, string(Gap), "_"))
			if len(s.Src) != len(s.Text) {
				t.Fatalf("%s: %d places for %d bytes", c.name, len(s.Src), len(s.Text))
			}
			for i, at := range s.Src {
				if b := s.Text[i]; b < 0x80 && b != '\n' && c.in[at] != b && c.in[at] != '&' {
					t.Errorf("%s: byte %d (%q) does not come from %q", c.name, i, b, c.in[at:])
				}
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q", c.name, strings.Join(got, "|"))
		}
	}
}
