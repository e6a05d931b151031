package generator_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator"
)

const goodPage = "# Willkommen\n\nEin Text.\n"

// siteOf writes a site of plain files, with the smallest portal.yaml, and
// returns the options to build it with.
func siteOf(t *testing.T, files map[string]string) (dir string, o generator.Options) {
	t.Helper()
	a := &txtar.Archive{}
	for name, text := range files {
		a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	return writeSite(t, a)
}

// built builds a site that must have no fault.
func built(t *testing.T, o generator.Options) *generator.Result {
	t.Helper()
	res, err := generator.Build(t.Context(), o)
	must(t, err)
	if !res.OK {
		t.Fatal(said(res))
	}
	return res
}

func said(r *generator.Result) string {
	var b strings.Builder
	for _, d := range r.Diagnostics {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

// tree is one line for every file below dir: its hash and name. The cache is
// left out: it grows with every build.
func tree(t testing.TB, dir string) string {
	t.Helper()
	var lines []string
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) == ".cache" {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256(data), filepath.ToSlash(rel)))
		return err
	}))
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func TestFaultLeavesOutputAlone(t *testing.T) {
	t.Parallel()
	dir, o := siteOf(t, map[string]string{"content/index.md": goodPage, "content/a.md": "# A\n"})
	built(t, o)
	before := tree(t, dir)
	for name, fault := range map[string]string{
		"read":     "---\ntitle: [\n---\n",
		"assemble": "---\ntitle: B\ntopics: [unbekannt]\n---\n",
		"convert":  "# B\n\n[[nirgends]]\n",
		"export":   "---\ntitle: B\naliases: [/a/]\n---\n",
		"check":    "# B\n\n[x](a.md#nichts)\n",
	} {
		bad := filepath.Join(dir, "content", "b.md")
		put(t, bad, []byte(fault))
		res, err := generator.Build(t.Context(), o)
		must(t, err)
		if res.OK || res.Errors != 1 {
			t.Errorf("%s: not exactly one error\n%s", name, said(res))
		}
		must(t, os.Remove(bad))
		if after := tree(t, dir); after != before {
			t.Errorf("%s: the site's folder changed\n--- before\n%s--- after\n%s", name, before, after)
		}
	}
}

// TestStrictAndLenient: a warning stops a build with --strict only, a fault
// that can be shown does not stop one with --lenient.
func TestStrictAndLenient(t *testing.T) {
	t.Parallel()
	const warning, showable, fault = "![](punkt.svg)\n", "[x](fehlt.md)\n", "---\ntopics: [nirgends]\n---\n"
	for _, c := range []struct {
		name, body      string
		lenient, strict bool
		ok              bool
	}{
		{"warning", warning, false, false, true},
		{"warning strict", warning, false, true, false},
		{"showable", showable, false, false, false},
		{"showable lenient", showable, true, false, true},
		{"showable lenient strict", showable, true, true, false},
		{"fault lenient", fault, true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, o := siteOf(t, map[string]string{"content/a.md": c.body, "content/punkt.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`})
			o.Lenient, o.Strict, o.Dry = c.lenient, c.strict, true
			res, err := generator.Build(t.Context(), o)
			must(t, err)
			if res.OK != c.ok || len(res.Diagnostics) == 0 {
				t.Errorf("OK is %t\n%s", res.OK, said(res))
			}
		})
	}
}

// TestArchivedAlone: a term has no page when only archived entries carry it,
// and theirs do not link to one.
func TestArchivedAlone(t *testing.T) {
	t.Parallel()
	_, o := siteOf(t, map[string]string{
		"content/meldungen/a.md":    "---\ntitle: A\nsummary: S.\nkind: meldung\ndate: 2026-01-01\nstatus: archiviert\ntopics: [dual-use]\n---\nText.\n",
		"content/bedarfe/bedarf.md": "---\ntitle: B\nsummary: S.\nstatus: archiviert\ncapability: C\nscenario: [manv]\nstate: offen\n---\nText.\n",
	})
	o.Dry = true
	built(t, o)
}

func TestLongLine(t *testing.T) {
	t.Parallel()
	_, o := siteOf(t, map[string]string{
		"content/lang.md": "# Lang\n\n" + strings.Repeat("Wörter ", 300_000) + "\n",
		"content/viel.md": "# Viel\n\n" + strings.Repeat("Wörter und mehr Wörter in vielen Zeilen.\n", 20_000),
	})
	o.Dry = true
	res, err := generator.Build(t.Context(), o)
	must(t, err)
	want := "content/lang.md:3:1: Fehler: Diese Zeile hat 2100000 Zeichen. [zeile-zu-lang]\n" +
		"    → Teilen Sie den Text in Absätze; höchstens 1 Million Zeichen je Zeile.\n"
	if got := said(res); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestExamples: the example of every type, among the repository's content
// that it refers to, has no fault and calls for no hint.
func TestExamples(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.CopyFS(filepath.Join(dir, "content"), os.DirFS("../content")))
	put(t, filepath.Join(dir, "portal.yaml"), []byte("title: Beispiele\nbase_url: https://probe.example\nlanguages: [de, en]\n"))
	types, err := filepath.Glob("../templates/types/*/example.md")
	must(t, err)
	for _, file := range types {
		text, err := os.ReadFile(file)
		must(t, err)
		name := filepath.Base(filepath.Dir(file))
		put(t, filepath.Join(dir, "content", folderOf(t, filepath.Dir(file)), "example-"+name+".md"), text)
	}
	if len(types) < 10 {
		t.Fatal("examples are missing:", types)
	}
	res, err := generator.Build(t.Context(), generator.Options{Source: dir, Builtin: builtin, Now: noon, Dry: true})
	must(t, err)
	for _, d := range res.Diagnostics {
		if strings.Contains(d.String(), "example-") {
			t.Error(d)
		}
	}
}

// folderOf is what a type.yaml says of its folder.
func folderOf(t *testing.T, typ string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(typ, "type.yaml"))
	must(t, err)
	for line := range strings.Lines(string(b)) {
		if f, ok := strings.CutPrefix(line, "folder: "); ok {
			return strings.Fields(f)[0]
		}
	}
	return ""
}
