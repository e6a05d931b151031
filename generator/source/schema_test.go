package source_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// repo is the repository: its templates and its content.
var repo = os.DirFS("../..")

func definitions(t testing.TB) source.Definitions {
	t.Helper()
	templates, err := fs.Sub(repo, "templates")
	must(t, err)
	var diags diag.List
	defs := source.LoadDefinitions(templates, &diags)
	for _, d := range diags.Sorted() {
		t.Error(d)
	}
	if len(defs.Types) < 10 || len(defs.Taxonomies) < 5 {
		t.Fatalf("%d types, %d taxonomies", len(defs.Types), len(defs.Taxonomies))
	}
	return defs
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// compile makes a validator of a schema as `portal schema` prints it.
func compile(t testing.TB, schema any) *jsonschema.Schema {
	t.Helper()
	b, err := json.Marshal(schema)
	must(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	must(t, err)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020) // so that $schema must be what names draft-07
	must(t, c.AddResource("https://schema.example/type.json", doc))
	s, err := c.Compile("https://schema.example/type.json")
	must(t, err)
	if s.DraftVersion != 7 {
		t.Errorf("draft %d", s.DraftVersion)
	}
	return s
}

// asJSON is what an editor's tool makes of front matter: YAML read as YAML,
// then as JSON.
func asJSON(t testing.TB, front []byte) any {
	t.Helper()
	b, err := yaml.YAMLToJSON(front)
	must(t, err)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	must(t, err)
	if v == nil {
		return map[string]any{}
	}
	return v
}

func frontMatter(t testing.TB, text []byte) ([]byte, bool) {
	t.Helper()
	rest, found := bytes.CutPrefix(text, []byte("---\n"))
	front, _, closed := bytes.Cut(rest, []byte("\n---\n"))
	return append(front, '\n'), found && closed
}

func TestSchemaTakesExamples(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	for _, typ := range defs.Types {
		t.Run(typ.Name, func(t *testing.T) {
			t.Parallel()
			front, ok := frontMatter(t, typ.Example)
			if !ok {
				t.Fatal("no example.md with front matter")
			}
			if err := compile(t, source.Schema(typ, defs.Taxonomies)).Validate(asJSON(t, front)); err != nil {
				t.Error(err)
			}
			for _, f := range typ.Fields {
				if f.Name != "translation_of" && !bytes.Contains(front, []byte("\n"+f.Name+":")) && !bytes.HasPrefix(front, []byte(f.Name+":")) {
					t.Errorf("example.md does not show the field %s", f.Name)
				}
			}
		})
	}
}

// TestSchemaTakesContent: whatever the program accepts, the schema accepts.
func TestSchemaTakesContent(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	all := compile(t, source.SchemaOfAll(defs.Types, defs.Taxonomies))
	schemas := map[string]*jsonschema.Schema{}
	var fallback *jsonschema.Schema
	for _, typ := range defs.Types {
		s := compile(t, source.Schema(typ, defs.Taxonomies))
		schemas[typ.Folder] = s
		if typ.Fallback {
			fallback = s
		}
	}
	seen := 0
	must(t, fs.WalkDir(repo, "content", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(repo, name)
		must(t, err)
		front, ok := frontMatter(t, text)
		folder := strings.Split(name, "/")[1]
		s := schemas[folder]
		if s == nil || strings.HasPrefix(path.Base(name), "index.") {
			s = fallback
		}
		if !ok {
			return nil
		}
		seen++
		v := asJSON(t, front)
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := all.Validate(v); err != nil {
			t.Errorf("%s: with the schema of all types: %v", name, err)
		}
		return nil
	}))
	if seen < 60 {
		t.Errorf("only %d entries seen", seen)
	}
}

func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	for _, c := range []struct{ typ, front string }{
		{"term", "title: A\nsummary: B\n"},                                             // required
		{"term", "title: A\nsummary: B\ndefinition: C\ndefinitoin: D\n"},               // unknown
		{"term", "title: A\nsummary: B\ndefinition: C\nstatus: fertig\n"},              // enum
		{"term", "title: A\nsummary: B\ndefinition: C\npublished: 15.4.2026\n"},        // date and time
		{"term", "title: A\nsummary: B\ndefinition: C\nupdated: 2026-13-01\n"},         // date
		{"term", "title: A\nsummary: B\ndefinition: C\ntopics: [wolken]\n"},            // term
		{"term", "title: A\nsummary: B\ndefinition: C\nid: Ü\n"},                       // pattern
		{"term", "title: A\nsummary: B\ndefinition: C\nabbr: [A, B]\n"},                // one, not many
		{"term", "title: A\nsummary: " + strings.Repeat("x", 161) + "\ndefinition: C"}, // too long
		{"term", "title: A\nsummary: B\ndefinition: C\ndiscussion: vielleicht\n"},      // bool
		{"term", "title: A\nsummary: B\ndefinition: C\nimage: {alt: ohne}\n"},          // image
		{"term", "title: A\nsummary: B\ndefinition: C\nsources: {key: a, title: b}\n"}, // list
		{"term", "title: A\nsummary: B\ndefinition: C\nsources: [{key: a}]\n"},         // required in a list
		{"term", "title: A\nsummary: B\ndefinition: C\nsources: [{key: a, title: b, url: \"javascript:x\"}]\n"},
		{"product", "title: A\nsummary: B\ncategory: mobile-infrastruktur\ntrl: 10\n"},                // level
		{"product", "title: A\nsummary: B\ncategory: mobile-infrastruktur\ntrl: \"7\"\n"},             // level as text
		{"product", "title: A\nsummary: B\ncategory: mobile-infrastruktur\nweight_kg: -1\n"},          // number
		{"product", "title: A\nsummary: B\ncategory: mobile-infrastruktur\nweight_kg: 4,5\n"},         // number
		{"product", "title: A\nsummary: B\ncategory: mobile-infrastruktur\ntemp_range: {min: -99}\n"}, // range
		{"product", "title: A\nsummary: B\ncategory: mobile-infrastruktur\npower: {volt: 3}\n"},       // record
		{"funding", "title: A\nsummary: B\nvolume: 5 Mio.\n"},                                         // money
		{"demand", "title: A\nsummary: B\nmust: [\"trl mindestens 7\"]\n"},                            // constraint
	} {
		i := slices.IndexFunc(defs.Types, func(x *site.Type) bool { return x.Name == c.typ })
		v := asJSON(t, []byte(c.front))
		if err := compile(t, source.Schema(defs.Types[i], defs.Taxonomies)).Validate(v); err == nil {
			t.Errorf("%s takes %q", c.typ, c.front)
		}
	}
}

// TestSchemaAgreesWithTheProgram: what one of them takes, the other takes.
func TestSchemaAgreesWithTheProgram(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ field, values string }{
		{"kind: text, max_len: 5", "abc|abcdef|007|1.50|true|[a]|{a: 1}|äöüßé"},
		{"kind: text, multiple: true", "a|[a, b]|[a, {b: 1}]|{a: 1}"},
		{"kind: text, match: '[a-z]+'", "abc|aBc|\"abc\\ndef\""},
		{"kind: date", "2026-04-15|2026-4-15|2026-13-01|15.04.2026|\"2026-04-15\"|2026-04-15T09:00"},
		{"kind: datetime", "2026-04-15|2026-04-15T09:00|2026-04-15 09:00|2026-04-15T09:00:30|2026-04-15T09:00:00Z|2026-04-15T09:00:00+02:00|2026-04-15T9|2026-04-15T29:00|2026-04-15 09:00:30"},
		{"kind: number, min: 0, max: 9", "0|9|4.5|-1|10|1e1|.5|vier|4 h"},
		{"kind: range, min: 0", "5|{min: 1}|{max: 3}|{min: 1, max: 2}|{}|{min: -1}|{von: 1}|[1, 2]"},
		{"kind: money", "500000|500000 EUR|500000.50|12.5 CHF|500.000 EUR|-5|1,5|500000EUR|500000 eur"},
		{"kind: bool", "true|false|ja|nein|yes|no|Ja|True|1|vielleicht"},
		{"kind: enum, values: [{key: a}, {key: \"1\"}]", "a|b|1|\"1\"|[a]"},
		{"kind: enum, multiple: true, values: [{key: a}, {key: b}]", "a|[a, b]|[a, c]|[]"},
		{"kind: level, min: 1, max: 3", "1|3|4|1.5|eins"},
		{"kind: level, values: [{key: \"1\"}, {key: \"2\"}]", "1|2|3|eins"},
		{"kind: tags, vocabulary: thema, multiple: true", "krisenvorsorge|[krisenvorsorge, dual-use]"},
		{"kind: relation", "a|[a]|{a: b}"},
		{"kind: link", "https://a.example/|http://a.example|mailto:a@b.example|www.a.example|{url: \"https://a.example/\", text: A}|{text: A}|{url: \"https://a.example\", titel: A}|\"javascript:x\""},
		{"kind: image", "a.png|{src: a.png, alt: A}|{src: a.png, alt: A, caption: C, credit: D}|{alt: A}|{src: a.png, title: A}"},
		{"kind: file", "a.pdf|{src: a.pdf, title: A}|{title: A}|{src: a.pdf, alt: A}"},
		{"kind: record, fields: [{name: x, kind: number, required: true}]", "{x: 1}|{}|{x: 1, y: 2}|1|[1]"},
		{"kind: list, fields: [{name: x, kind: number}]", "[{x: 1}, {x: 2}]|[]|{x: 1}|[1]|[{y: 1}]"},
		{"kind: constraint, of: probe", "feld >= 1|feld => 1|\"feld in [a, b]\"|feld groß|feld in a"},
	} {
		typ, taxonomies := probeType(t, c.field)
		schema := compile(t, source.Schema(typ, taxonomies))
		for value := range strings.SplitSeq(c.values, "|") {
			front := "title: A\nsummary: B\nfeld: " + value + "\n"
			program := faults(t, typ, front)
			err := schema.Validate(asJSON(t, []byte(front)))
			if (err == nil) != (program == "") {
				t.Errorf("{%s} with %s\n  program: %s\n  schema: %v", c.field, value, program, err)
			}
		}
	}
}

// probeType is a type with one field of its own.
func probeType(t *testing.T, field string) (*site.Type, []*site.Taxonomy) {
	t.Helper()
	templates, err := fs.Sub(repo, "templates")
	must(t, err)
	own := mapFS(map[string]string{"types/probe/type.yaml": "labels: {one: {de: Probe}}\nfolder: proben\nfields:\n  - {name: feld, " + field + "}\n"})
	var diags diag.List
	defs := source.LoadDefinitions(source.Overlay(own, templates), &diags)
	for _, d := range diags.Sorted() {
		t.Fatal(d)
	}
	i := slices.IndexFunc(defs.Types, func(x *site.Type) bool { return x.Name == "probe" })
	return defs.Types[i], defs.Taxonomies
}

// faults are the errors that reading an entry of the type yields, in a line.
func faults(t *testing.T, typ *site.Type, front string) string {
	t.Helper()
	_, diags := load(t, []*site.Type{typ}, map[string]string{"proben/a.md": "---\n" + front + "---\n"})
	var out []string
	for _, d := range diags {
		if d.Severity == diag.Error {
			out = append(out, d.Text)
		}
	}
	return strings.Join(out, " ")
}
