package source

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
)

func keySchemas(t *testing.T) []KeySchema {
	t.Helper()
	templates := os.DirFS("../../templates")
	var diags diag.List
	defs := LoadDefinitions(templates, &diags)
	if diags.Failed(true) {
		t.Fatal(diags.Sorted())
	}
	return KeySchemas(defs)
}

// validate holds YAML against a schema as an editor's tool does.
func validate(t *testing.T, schema any, text []byte) error {
	t.Helper()
	read := func(b []byte) any {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	b, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("https://schema.example/x.json", read(b)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("https://schema.example/x.json")
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(read(asJSON))
}

// TestKeySchemasTakeWhatThereIs: every file of configuration of the repository.
func TestKeySchemasTakeWhatThereIs(t *testing.T) {
	t.Parallel()
	repo, seen := os.DirFS("../.."), 0
	for _, k := range keySchemas(t) {
		files, err := fs.Glob(repo, k.Match)
		if err != nil || len(files) == 0 {
			t.Fatal(k.Match, err)
		}
		for _, file := range files {
			seen++
			text, err := fs.ReadFile(repo, file)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(t, k.Schema, text); err != nil {
				t.Errorf("%s: %v", path.Base(path.Dir(file))+"/"+path.Base(file), err)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d files", seen)
	}
}

func TestKeySchemasRefuse(t *testing.T) {
	t.Parallel()
	all := keySchemas(t)
	const portal = "title: A\nbase_url: https://a.example\nlanguages: [de]\n"
	for _, c := range []struct{ schema, text string }{
		{"portal", "title: A\n"},
		{"portal", portal + "titel: B\n"},
		{"portal", portal + "review: {grace: bald}\n"},
		{"portal", portal + "thread: [gibt-es-nicht]\n"},
		{"portal", portal + "nav: {type: product}\n"},
		{"typ", "folder: a\nfileds: []\n"},
		{"typ", "folder: a\nfields: [{name: x, kind: txt}]\n"},
		{"typ", "folder: a\nfields: [{name: x, kind: list, fields: [{kind: text}]}]\n"},
		{"typ", "folder: a\nfields: [{name: x, kind: tags, vocabulary: themen}]\n"},
		{"typ", "folder: a\nfeed: vielleicht\n"},
		{"typ", "folder: a\nviews: [{name: x, coverage: {gap: {off: product}}}]\n"},
		{"typ", "folder: a\nviews: [{name: x, calendar: {start: a, starts: b}}]\n"},
		{"vokabular", "terms: [{label: A}]\n"},
		{"vokabular", "terms: [{id: a, tile: [eins, zwei]}]\n"},
	} {
		i := slices.IndexFunc(all, func(k KeySchema) bool { return k.Name == c.schema })
		if validate(t, all[i].Schema, []byte(c.text)) == nil {
			t.Errorf("%s takes %q", c.schema, c.text)
		}
	}
}

// TestKeyTexts: every key is explained, and nothing is that there is not.
func TestKeyTexts(t *testing.T) {
	t.Parallel()
	w := &keyWriter{}
	all, err := json.Marshal(keySchemas(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{site.Config{}, site.Type{}, common{}, site.Taxonomy{}, viewFile{}} {
		w.file("", v)
	}
	for _, key := range w.missing {
		t.Errorf("keywords.go does not explain %s", key)
	}
	for key, text := range keyText {
		b, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(all), string(b)) {
			t.Errorf("keywords.go explains %s, which nothing has", key)
		}
	}
}
