package diag_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ag-vzkm/portal/generator/diag"
)

// schema is that of OASIS for SARIF 2.1.0, as its specification publishes it.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is a log as whoever reads it sees it.
func asJSON(t *testing.T, log any) any {
	t.Helper()
	b, err := json.Marshal(log)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func explain(code string) diag.Rule {
	return diag.Rule{Short: &diag.Message{Text: "Kurz."}, Help: &diag.Markdown{Text: "Lang.", Markdown: "**Lang.**"}}
}

var sarifFindings = []diag.Diagnostic{
	{Pos: diag.Pos{File: "content/ä ß%.md", Line: 2, Col: 3}, Severity: diag.Error, Code: "x-y", Text: "Falsch.", Hint: "Anders."},
	{Pos: diag.Pos{File: "content/ä ß%.md", Line: 2, Col: 3}, Severity: diag.Warning, Code: "x-y", Text: "Falsch."},
	{Pos: diag.Pos{File: "content/ä ß%.md", Line: 3}, Severity: diag.Hint, Code: "z", Text: "Ganze Zeile."},
	{Pos: diag.Pos{File: "content/weg.md"}, Severity: diag.Error, Code: "z", Text: "Ganze Datei."},
	{Severity: diag.Error, Code: "z", Text: "Überall."},
}

func sarif(help, text string) diag.Log {
	lines := diag.NewLines(func(string) ([]byte, error) { return []byte(text), nil })
	return diag.SARIF(diag.Show(sarifFindings, lines, help), explain)
}

// TestSARIFSchema: what is written is valid; the schema itself complains where
// it should.
func TestSARIFSchema(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for name, log := range map[string]diag.Log{
		"empty":   diag.SARIF(nil, explain),
		"file":    sarif("docs/fehler.md", "eins\nzwölf Wörter\ndrei"),
		"address": sarif("https://example.org/fehler.md", "eins\nzwölf Wörter\ndrei"),
		"unknown": diag.SARIF(diag.Show(sarifFindings, nil, ""), func(string) diag.Rule { return diag.Rule{} }),
	} {
		if err := s.Validate(asJSON(t, log)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := sarif("", "")
	bad.Runs[0].Results[0].Level = "schlimm"
	if s.Validate(asJSON(t, bad)) == nil {
		t.Error("the schema takes any level")
	}
	bad = sarif("", "")
	bad.Runs[0].Tool.Driver.Rules[0].HelpURI = "docs/fehler.md#x"
	if s.Validate(asJSON(t, bad)) == nil {
		t.Error("the schema takes a relative helpUri")
	}
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	run := sarif("https://example.org/fehler.md", "eins\nzwölf Wörter\ndrei").Runs[0]
	if n := len(run.Tool.Driver.Rules); n != 2 {
		t.Fatalf("%d rules", n)
	}
	if got := run.Tool.Driver.Rules[0]; got.ID != "x-y" || got.HelpURI != "https://example.org/fehler.md#x-y" || got.Short.Text != "Kurz." {
		t.Errorf("%+v", got)
	}
	if sarif("docs/fehler.md", "").Runs[0].Tool.Driver.Rules[0].HelpURI != "" {
		t.Error("a relative helpUri")
	}
	first := run.Results[0]
	at := first.Locations[0].Physical
	if first.Message.Text != "Falsch. Anders." || at.Artifact.URI != "content/%C3%A4%20%C3%9F%25.md" ||
		at.Region.Snippet.Text != "ölf Wörter" || at.Context.Snippet.Text != "zwölf Wörter" {
		t.Errorf("%+v %+v", first, at)
	}
	if whole := run.Results[2].Locations[0].Physical.Region; whole.Col != 0 || whole.Snippet.Text != "drei" {
		t.Errorf("%+v", whole)
	}
	if run.Results[3].Locations[0].Physical.Region != nil || run.Results[4].Locations != nil {
		t.Error("a region without a line")
	}
	long := sarif("", "\n"+strings.Repeat("x", 5000)+"\n").Runs[0].Results[0].Locations[0].Physical
	if long.Region.Snippet != nil || long.Context != nil {
		t.Error("a very long snippet")
	}
}

// TestFingerprints: they stay when lines move, and tell equal findings apart.
func TestFingerprints(t *testing.T) {
	t.Parallel()
	of := func(text string, line int) []string {
		var out []string
		d := sarifFindings[0]
		d.Line = line
		lines := diag.NewLines(func(string) ([]byte, error) { return []byte(text), nil })
		for _, r := range diag.SARIF(diag.Show([]diag.Diagnostic{d, d}, lines, ""), explain).Runs[0].Results {
			out = append(out, r.Prints["primaryLocationLineHash"])
		}
		return out
	}
	before, moved, other := of("eins\nzwei", 2), of("null\neins\n  zwei", 3), of("eins\nanders", 2)
	if before[0] == before[1] || before[0] != moved[0] || before[1] != moved[1] || before[0] == other[0] {
		t.Error(before, moved, other)
	}
}
