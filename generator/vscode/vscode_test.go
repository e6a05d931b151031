package vscode

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/source"
)

func files(t *testing.T) []File {
	t.Helper()
	var diags diag.List
	defs := source.LoadDefinitions(os.DirFS("../../templates"), &diags)
	if diags.Failed(true) {
		t.Fatal(diags.Sorted())
	}
	return Files(defs, []string{"de", "en"}, "portal")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// withoutComments is JSON as VS Code reads it.
func withoutComments(text string) []byte {
	return []byte(regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(text, ""))
}

func TestFiles(t *testing.T) {
	t.Parallel()
	all := files(t)
	again := files(t)
	for i, f := range all {
		if string(f.Data) != string(again[i].Data) {
			t.Errorf("%s differs from one time to the next", f.Path)
		}
		var v any
		if err := json.Unmarshal(withoutComments(string(f.Data)), &v); err != nil {
			t.Errorf("%s: %v", f.Path, err)
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d files", len(all))
	}
}

// TestInstall: what is ours is brought up to date, what is others' stays.
func TestInstall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		must(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	get := func(name string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		return string(b)
	}
	install := func() map[string]Outcome {
		t.Helper()
		done, err := Install(dir, files(t))
		must(t, err)
		out := map[string]Outcome{}
		for _, d := range done {
			out[d.Path] = d.Outcome
		}
		return out
	}
	for name, o := range install() {
		if o != Written {
			t.Errorf("%s: %d at first", name, o)
		}
	}
	for name, o := range install() {
		if o != Unchanged {
			t.Errorf("%s: %d the second time", name, o)
		}
	}

	whole := get(settings)
	mine := strings.TrimSuffix(strings.TrimPrefix(whole, "{\n"), "}\n")
	own := "{\n  // Meine Schrift\n  \"editor.fontSize\": 16,\n" + strings.Replace(mine, `"yaml.validate": true`, `"yaml.validate": false`, 1) + "\n  /* und */ // mehr\n  \"editor.rulers\": [80] // am Rand\n}\n"
	put(settings, own)
	put(schemaDir+"/fort.json", `{"$comment": "`+signature+`"}`)
	put(schemaDir+"/eigenes.json", `{}`)
	put(tasks, ours+"{}")
	got := install()
	want := strings.Replace(own, `"yaml.validate": false`, `"yaml.validate": true,`, 1)
	if text := get(settings); got[settings] != Written || text != want {
		t.Errorf("settings with keys of one's own: %d\n%s", got[settings], text)
	}
	var v map[string]any
	plain := regexp.MustCompile(`/\*.*?\*/|// am Rand|// mehr`).ReplaceAllString(get(settings), "")
	if err := json.Unmarshal(withoutComments(plain), &v); err != nil || v["editor.fontSize"] != 16.0 || v["yaml.validate"] != true {
		t.Errorf("%v, %v", err, v["editor.fontSize"])
	}
	if install()[settings] != Unchanged {
		t.Error("not stable")
	}
	if got[schemaDir+"/fort.json"] != Removed || got[tasks] != Written {
		t.Errorf("%v", got)
	}
	get(schemaDir + "/eigenes.json")

	put(settings, `{"editor.fontSize": 16}`)
	put(tasks, `{"version": "2.0.0"}`)
	put(schemaDir+"/term.json", `{}`)
	got = install()
	for _, name := range []string{settings, tasks, schemaDir + "/term.json"} {
		if got[name] != Foreign {
			t.Errorf("%s of others: %d", name, got[name])
		}
	}
	if get(settings) != `{"editor.fontSize": 16}` {
		t.Error("the settings of others were changed")
	}
}

// TestMatchers: tasks find what the program says, and where.
func TestMatchers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    diag.Diagnostic
		want string
	}{
		{diag.Diagnostic{Pos: diag.Pos{File: "content/a b.md", Line: 3, Col: 4}, Severity: diag.Error, Code: "x-y", Text: "Zu: lang [hier]."}, "0 content/a b.md|3|4|Zu: lang [hier].|x-y"},
		{diag.Diagnostic{Pos: diag.Pos{File: "content/a.md", Line: 3}, Severity: diag.Warning, Code: "x", Text: "A."}, "1 content/a.md|3||A.|x"},
		{diag.Diagnostic{Pos: diag.Pos{File: "content"}, Severity: diag.Hint, Code: "x", Hint: "B: Fehler: C", Text: "A."}, "2 content|||A.|x"},
		{diag.Diagnostic{Severity: diag.Error, Code: "x", Text: "Ohne Ort."}, ""},
	} {
		got := ""
		for line := range strings.Lines(c.d.String()) {
			for i, word := range []string{"Fehler", "Warnung", "Hinweis"} {
				if m := regexp.MustCompile(findingForm(word)).FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
					got += string(rune('0'+i)) + " " + strings.Join(m[1:], "|")
				}
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.d, got, c.want)
		}
	}
}
