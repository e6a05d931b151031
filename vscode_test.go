package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/vscode"
)

// vscodeFiles are those of the repository.
func vscodeFiles(t *testing.T) []vscode.File {
	t.Helper()
	var diags diag.List
	defs := source.LoadDefinitions(os.DirFS("templates"), &diags)
	if diags.Failed(true) {
		t.Fatal(diags.Sorted())
	}
	return vscode.Files(defs, siteLanguages("."), programOf("."))
}

// TestVSCodeIsUpToDate: the repository's own .vscode follows from its types.
func TestVSCodeIsUpToDate(t *testing.T) {
	t.Parallel()
	dir := "."
	if !*update {
		dir = t.TempDir()
		must(t, os.CopyFS(filepath.Join(dir, ".vscode"), os.DirFS(".vscode")))
	}
	done, err := vscode.Install(dir, vscodeFiles(t))
	must(t, err)
	for _, d := range done {
		if d.Outcome == vscode.Foreign || d.Outcome != vscode.Unchanged && !*update {
			t.Errorf("%s is not up to date (make update)", d.Path)
		}
	}
}

var (
	choice    = regexp.MustCompile(`\$\{\d+\|([^,|]*)[^}]*\|\}`)
	variable  = strings.NewReplacer("${CURRENT_YEAR}", "2026", "${CURRENT_MONTH}", "11", "${CURRENT_DATE}", "22", "${TM_SELECTED_TEXT}", "Wort", "$0", "")
	filledIn  = regexp.MustCompile(`\$\{\d+:((?:[^}\\]|\\.)*)\}`)
	unescaped = strings.NewReplacer(`\}`, "}", `\$`, "$", `\\`, `\`)
)

// expanded is a snippet with its first choices and its examples.
func expanded(body []string) string {
	s := variable.Replace(strings.Join(body, "\n"))
	s = choice.ReplaceAllString(s, "$1")
	return unescaped.Replace(filledIn.ReplaceAllString(s, "$1")) + "\n"
}

// TestSnippets: what a snippet gives is right as it is, but for what it names.
func TestSnippets(t *testing.T) {
	t.Parallel()
	var all map[string]struct {
		Scope  string
		Prefix []string
		Body   []string
	}
	for _, f := range vscodeFiles(t) {
		if strings.HasSuffix(f.Path, ".code-snippets") {
			_, text, _ := bytes.Cut(f.Data, []byte("\n"))
			must(t, json.Unmarshal(text, &all))
		}
	}
	var diags diag.List
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		must(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("portal.yaml", "title: Probe\nbase_url: https://probe.example/\nlanguages: [de]\n")
	write("content/kennung.md", "# Ziel\n\nText.\n")
	write("content/bild.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`)
	page := "---\ntitle: Bausteine\nsources: [{key: schluessel, title: Quelle}]\n---\n\n"
	entries := 0
	for _, typ := range source.LoadDefinitions(os.DirFS("templates"), &diags).Types {
		one := typ.Labels.One.In("de")
		write("content/"+typ.Folder+"/neu-"+typ.Name+".md", expanded(all["Neu: "+one].Body))
		write("content/"+typ.Folder+"/begleitet-"+typ.Name+".md", "Text.\n")
		write("content/"+typ.Folder+"/begleitet-"+typ.Name+".yaml", expanded(all["Neu: "+one+" (Begleitdatei)"].Body))
		delete(all, "Neu: "+one)
		delete(all, "Neu: "+one+" (Begleitdatei)")
		entries++
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		page += expanded(all[name].Body) + "\n"
	}
	write("content/bausteine.md", page)
	out, err := portal(t, nil, "check", "--drafts", "--source", dir).CombinedOutput()
	if err != nil || entries < 10 || len(all) < 10 {
		t.Errorf("%d entries, %d pieces: %v\n%s", entries, len(all), err, out)
	}
}
