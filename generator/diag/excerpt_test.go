package diag_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

func TestExcerpt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("abcdefghij", 30)
	for _, c := range []struct {
		line string
		col  int
		want string // the line and, below it, the caret
	}{
		{"status: neu", 9, "status: neu\n        ^"},
		{"", 1, "\n^"},
		{"kurz", 99, "kurz\n    ^"},
		{"kurz", 0, "kurz\n^"},
		{"\tTab: a\tb", 2, "    Tab: a    b\n    ^"},
		{"\tTab: a\tb", 9, "    Tab: a    b\n              ^"},
		{"Grüße: übung", 8, "Grüße: übung\n       ^"},
		{"日本語: x", 6, "日本語: x\n        ^"},
		{"u\u0308ber x", 7, "u\u0308ber x\n     ^"}, // two characters, one column
		{"😀 ja", 3, "😀 ja\n   ^"},
		{"a\x1b[31mrot", 2, "a?[31mrot\n ^"},
		{"a\u202eb", 3, "a?b\n  ^"},       // turns the direction of reading
		{"F\xfcr x", 2, "F\ufffdr x\n ^"}, // a byte that is no text
		{"Ende   ", 1, "Ende\n^"},
		{long, 1, long[:94] + "…\n^"},
		{long, 70, long[:94] + "…\n" + strings.Repeat(" ", 69) + "^"},
		{long, 150, "…" + long[79:173] + "…\n" + strings.Repeat(" ", 71) + "^"},
		{long, 300, "…" + long[206:] + "\n" + strings.Repeat(" ", 94) + "^"},
	} {
		text, indent := diag.Excerpt(c.line, c.col)
		if got := text + "\n" + indent + "^"; got != c.want {
			t.Errorf("%.40q, column %d:\n%s\nwant\n%s", c.line, c.col, got, c.want)
		}
	}
}

// TestExcerptOfHugeLine: a line of a million characters is no more work than
// reading it.
func TestExcerptOfHugeLine(t *testing.T) {
	line := strings.Repeat("ä", 1<<20)
	text, indent := diag.Excerpt(line, 1<<19)
	if n := len([]rune(text)); n != 96 || len(indent) > 96 {
		t.Errorf("%d characters, caret behind %d", n, len(indent))
	}
	// A text of one line may have thousands of findings.
	if n := testing.AllocsPerRun(2, func() { diag.Excerpt(line, 1<<19) }); n > 4000 {
		t.Errorf("%g allocations", n)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"a.md":   "\ufeffeins\r\nzwei\rdrei\n",
		"b.bin":  "eins\n\x00\x01\n",
		"lang":   strings.Repeat("x", 2000),
		"leer":   "",
		"zeilen": strings.Repeat("x\n", 9) + "zehn\n",
	}
	read := func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, errors.New("gone")
		}
		return []byte(text), nil
	}
	at := func(file string, line, col int) diag.Diagnostic {
		return diag.Diagnostic{Pos: diag.Pos{File: file, Line: line, Col: col}, Severity: diag.Error, Code: "x-y", Text: "Falsch.", Hint: "Anders."}
	}
	for _, c := range []struct {
		d    diag.Diagnostic
		want string
	}{
		{at("a.md", 1, 1), "a.md:1:1: Fehler: Falsch. [x-y]\n    1 | eins\n      | ^\n    → Anders."},
		{at("a.md", 2, 3), "a.md:2:3: Fehler: Falsch. [x-y]\n    2 | zwei\n      |   ^\n    → Anders."},
		{at("a.md", 3, 0), "a.md:3: Fehler: Falsch. [x-y]\n    3 | drei\n    → Anders."},
		{at("zeilen", 10, 1), "zeilen:10:1: Fehler: Falsch. [x-y]\n    10 | zehn\n       | ^\n    → Anders."},
		{at("a.md", 9, 1), "a.md:9:1: Fehler: Falsch. [x-y]\n    → Anders."},
		{at("a.md", 0, 0), "a.md: Fehler: Falsch. [x-y]\n    → Anders."},
		{at("b.bin", 2, 1), "b.bin:2:1: Fehler: Falsch. [x-y]\n    → Anders."},
		{at("leer", 1, 1), "leer:1:1: Fehler: Falsch. [x-y]\n    → Anders."},
		{at("weg", 1, 1), "weg:1:1: Fehler: Falsch. [x-y]\n    → Anders."},
		{at("", 1, 1), "Fehler: Falsch. [x-y]\n    → Anders."},
	} {
		shown := diag.Show([]diag.Diagnostic{c.d}, diag.NewLines(read), "h")[0]
		if shown.String() != c.want || shown.Help != "h#x-y" {
			t.Errorf("%s\nwant\n%s", shown, c.want)
		}
	}
	if shown := diag.Show([]diag.Diagnostic{at("a.md", 1, 1)}, nil, "")[0]; shown.Source != "" || shown.Help != "" {
		t.Errorf("%+v", shown)
	}
}
