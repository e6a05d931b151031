package source_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

func mapFS(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// load reads entries of the given types; files are below content/.
func load(t testing.TB, types []*site.Type, files map[string]string) ([]*site.Entry, []diag.Diagnostic) {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	cfg := &site.Config{Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de", "en"}, Location: berlin}
	var diags diag.List
	return source.LoadEntries(mapFS(files), cfg, types, nil, nil, &diags), diags.Sorted()
}

// TestDraftSpellings: pages from other programs say in many ways that they
// are not to be seen.
func TestDraftSpellings(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	for front, visible := range map[string]bool{
		"draft: true":               false,
		"draft: True":               false,
		"draft: TRUE":               false,
		"draft: yes":                false,
		"draft: ja":                 false,
		`draft: "true"`:             false,
		"Draft: true":               false,
		"draft: false":              true,
		"draft: no":                 true,
		"draft: False":              true,
		"draft:":                    true,
		"status: entwurf":           false,
		"status: 'entwurf'":         false,
		"status: \"entwurf\"":       false,
		"status: pruefung":          false,
		"audience: members":         false,
		"published: 2027-01-1":      false,
		"published: 2027-01-01":     false,
		"published: 2026-11-22":     true,
		"weight: 3":                 true,
		"? status\n: entwurf":       false,
		"status: !!str entwurf":     false,
		"x: &a entwurf\nstatus: *a": false,
		"x: &base {audience: members}\n<<: *base":                   false,
		"x: &base {audience: public}\naudience: members\n<<: *base": false,
		"x: &base {audience: public}\n<<: *base\naudience: members": false,
	} {
		entries, diags := load(t, defs.Types, map[string]string{"a.md": "---\ntitle: A\n" + front + "\n---\n"})
		view := site.View{Audience: site.Public, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
		shown := len(entries) == 1 && site.Visible(entries[0], view)
		if slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
			shown = false // the build stops
		}
		if shown != visible {
			t.Errorf("%q: shown is %t; %v", front, shown, diags)
		}
	}
}

// TestPlaces: what a file's path says of type, language, id and address.
func TestPlaces(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	const term = "---\ntitle: A\nsummary: B\ndefinition: C\n---\n"
	for file, want := range map[string]string{
		"index.md":               "page de index true index",
		"index.en.md":            "page en index true index",
		"a.md":                   "page de a false a",
		"Über uns.md":            "page de ueber-uns false Über uns",
		"a.en.md":                "page en a false a",
		"a.fr.md":                "page de a-fr false a.fr",
		"A.MD":                   "page de a false A",
		"hilfe/a.b.md":           "page de a-b false hilfe/a.b",
		"hilfe/…….md":            "page de seite false hilfe/……",
		"glossar/triage.md":      "term de triage false glossar/triage",
		"glossar/triage.en.md":   "term en triage false glossar/triage",
		"glossar/index.md":       "term de index true glossar/index",
		"glossar/tief/triage.md": "term de triage false glossar/tief/triage",
		"glossare/triage.md":     "page de triage false glossare/triage",
		"x/glossar/triage.md":    "page de triage false x/glossar/triage",
		"glossar.md":             "page de glossar false glossar",
	} {
		entries, diags := load(t, defs.Types, map[string]string{file: term})
		if len(entries) != 1 {
			t.Errorf("%s: %d entries, %v", file, len(entries), diags)
			continue
		}
		e := entries[0]
		if got := fmt.Sprintf("%s %s %s %t %s", e.Type.Name, e.Lang, e.ID, e.Index, e.Path); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}

// TestTitles: front matter, first heading, file name, in this order; a heading
// that became the title is gone from the text, and lines keep their numbers.
func TestTitles(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	for _, c := range []struct{ text, title, body string }{
		{"---\ntitle: A\n---\nText\n", "A", "Text\n"},
		{"---\ntitle: A\n---\n# A\n\nText\n", "A", "\nText\n"},
		{"---\ntitle: A\n---\n# B\n", "A", "# B\n"},
		{"# A\n\nText\n", "A", "\nText\n"},
		{"\n\n#   A **b** `c` [d](e) ##  \nText\n", "A b c d", "\n\n\nText\n"},
		{"# A {#anker}\n", "A", "\n"},
		{"A\n===\nText\n", "A", "\n\nText\n"},
		{"## A\n", "A", "\n"},
		{"#A\n", "Datei", "#A\n"},
		{"Text\n\n# A\n", "Datei", "Text\n\n# A\n"},
		{"***\n", "Datei", "***\n"},
	} {
		entries, _ := load(t, defs.Types, map[string]string{"datei.md": c.text})
		e := entries[0]
		if e.Title != c.title {
			t.Errorf("%q: title %q", c.text, e.Title)
		}
		body, err := source.Body(mapFS(map[string]string{"datei.md": c.text}), e)
		must(t, err)
		if !slices.Equal(lines(string(body)), lines(c.body)) {
			t.Errorf("%q: body %q, want %q", c.text, body, c.body)
		}
	}
}

// lines without blanks, so that a heading may leave an empty line or none.
func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		out = append(out, strings.TrimSpace(l))
	}
	for len(out) > 0 && out[0] == "" {
		out = out[1:]
	}
	return out
}

func TestOrderOfReadingDoesNotShow(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	files := map[string]string{}
	for i := range 60 {
		files[fmt.Sprintf("o%d/s%d.md", i%3, i)] = fmt.Sprintf("---\nsidebar: %d\ntitel: x\n---\n# Text %d\n", i, i)
	}
	_, first := load(t, defs.Types, files)
	for range 10 {
		entries, diags := load(t, defs.Types, files)
		if !slices.Equal(diags, first) {
			t.Fatalf("other findings:\n%v\n%v", diags, first)
		}
		if !slices.IsSortedFunc(entries, func(a, b *site.Entry) int { return strings.Compare(a.Pos.File, b.Pos.File) }) {
			t.Fatal("entries are not sorted by file")
		}
	}
	if len(first) < 6 || !strings.Contains(first[0].Text, "20 Dateien") {
		t.Errorf("hints are not counted by folder: %v", first[0])
	}
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	o := source.Overlay(
		mapFS(map[string]string{"types/a/type.yaml": "upper", "types/b/type.yaml": "upper", "only/upper.txt": "u"}),
		mapFS(map[string]string{"types/a/type.yaml": "lower", "types/a/card.html": "lower", "types/c/type.yaml": "lower", "x.txt": "l"}))
	for name, want := range map[string]string{"types/a/type.yaml": "upper", "types/a/card.html": "lower", "types/c/type.yaml": "lower", "only/upper.txt": "u", "x.txt": "l"} {
		b, err := fs.ReadFile(o, name)
		must(t, err)
		if string(b) != want {
			t.Errorf("%s is from %s", name, b)
		}
	}
	for pattern, want := range map[string]int{"types/*/type.yaml": 3, "types/*": 3, "types/a/*": 2, "*": 3} {
		found, err := fs.Glob(o, pattern)
		must(t, err)
		if len(found) != want || !slices.IsSorted(found) {
			t.Errorf("%s: %v", pattern, found)
		}
	}
	if _, err := fs.ReadFile(o, "types/b/card.html"); err == nil {
		t.Error("a file that is nowhere was read")
	}
}

// TestNewEntriesLoad: what `portal new` writes has no fault, with the
// comments and, as far as it can be, without.
func TestNewEntriesLoad(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	for _, typ := range defs.Types {
		d := newEntry(t, typ, defs, `Größe „x“: 100 % "y" \ #1`)
		if d.ID != "groesse-x-100-y-1" {
			t.Errorf("%s: id %s", typ.Name, d.ID)
		}
		entries, diags := load(t, defs.Types, map[string]string{strings.TrimPrefix(d.Path, "content/"): d.Text})
		if len(entries) != 1 || entries[0].Title != `Größe „x“: 100 % "y" \ #1` || entries[0].Status != site.StatusDraft {
			t.Errorf("%s: %v", typ.Name, diags)
			continue
		}
		for _, x := range diags {
			if !namesAnother(typ, x) && x.Code != "platzhalter" {
				t.Errorf("%s: %s", typ.Name, x)
			}
		}
		for _, f := range typ.Fields {
			if f.Name != "id" && !strings.Contains(d.Text, f.Name+":") {
				t.Errorf("%s: the field %s is not explained", typ.Name, f.Name)
			}
		}
	}
}

func newEntry(t *testing.T, typ *site.Type, defs source.Definitions, title string) source.Draft {
	t.Helper()
	f := source.NewForm(typ, defs, nil, time.UTC)
	must(t, f.SetText("title", title))
	return f.Draft(f.ID(), "", "")
}

// TestNewEntriesUncommented: with every # taken away, the samples are right,
// too, but for names of what there is not.
func TestNewEntriesUncommented(t *testing.T) {
	t.Parallel()
	defs := definitions(t)
	for _, typ := range defs.Types {
		d := newEntry(t, typ, defs, "Probe")
		_, diags := load(t, defs.Types, map[string]string{strings.TrimPrefix(d.Path, "content/"): uncomment(d.Text, typ)})
		for _, x := range diags {
			if !namesAnother(typ, x) && x.Code != "platzhalter" {
				t.Errorf("%s: %s", typ.Name, x)
			}
		}
	}
}

// namesAnother reports whether a finding says that a required relation is
// empty: which entry to name, nobody but the editor knows.
func namesAnother(typ *site.Type, d diag.Diagnostic) bool {
	found := false
	var look func([]*site.Field)
	look = func(fields []*site.Field) {
		for _, f := range fields {
			if f.Kind == site.KindRelation && f.Required && strings.Contains(d.Text, "„"+f.Name+"“") {
				found = true
			}
			look(f.Sub)
		}
	}
	look(typ.Fields)
	return found && d.Code == "pflichtfeld-fehlt"
}

// uncomment takes the # from lines that name a field or lie below one.
func uncomment(text string, typ *site.Type) string {
	var b strings.Builder
	below := false
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, "# ")
		name, _, hasColon := strings.Cut(rest, ":")
		switch {
		case ok && hasColon && typ.FieldByPath(name) != nil:
			below, line = true, rest
		case ok && below && strings.HasPrefix(rest, "  "):
			line = rest
		default:
			below = false
		}
		b.WriteString(line)
	}
	return b.String()
}

// closedFolder is a tree of templates in which one folder cannot be listed.
type closedFolder struct{ fs.FS }

func (closedFolder) ReadDir(string) ([]fs.DirEntry, error) { return nil, fs.ErrPermission }

func TestTypesUnreadable(t *testing.T) {
	t.Parallel()
	var diags diag.List
	tree := closedFolder{fstest.MapFS{"types/common.yaml": {Data: []byte("fields: []\n")}}}
	if types := source.LoadTypes(tree, &diags); types != nil || len(diags.Sorted()) != 1 || diags.Sorted()[0].Code != "typen-fehlen" {
		t.Error(types, diags.Sorted())
	}
}
