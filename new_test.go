package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// TestNewEveryType: an entry of every type, with what it requires given by
// flags, has no fault and nothing left to fill in but its text.
func TestNewEveryType(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copySite(t, dir, strings.Compare)
	var diags diag.List
	defs := source.LoadDefinitions(os.DirFS("templates"), &diags)
	if len(defs.Types) < 13 {
		t.Fatal("types are missing", diags.Sorted())
	}
	for _, typ := range defs.Types {
		args := []string{"new", "--source", dir, typ.Name, "Probe für " + typ.Labels.One.In("de")}
		for _, s := range required(t, dir, defs, typ.Fields, "") {
			args = append(args, "--set", s)
		}
		out, err := portal(t, nil, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
		text, err := os.ReadFile(strings.TrimSpace(string(out)))
		must(t, err)
		front, _, _ := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
		for line := range strings.Lines(front) {
			if !strings.HasPrefix(line, "#") && strings.Contains(line, "Platzhalter") {
				t.Errorf("%s: %s", typ.Name, line)
			}
		}
	}
	runPortal(t, nil, "check", "--source", dir, "--now", "2026-11-22")
}

// required are settings for what a type requires, by the kinds of its fields.
func required(t *testing.T, dir string, defs source.Definitions, fields []*site.Field, path string) []string {
	t.Helper()
	var out []string
	for _, f := range fields {
		if !f.Required || path == "" && f.Name == "title" {
			continue
		}
		value := ""
		switch f.Kind {
		case site.KindRecord, site.KindList:
			out = append(out, required(t, dir, defs, f.Sub, path+f.Name+".")...)
			continue
		case site.KindText, site.KindMarkdown:
			value = "Ein Satz, der etwas sagt."
			if f.Pattern != nil {
				value = "wert-1"
			}
		case site.KindEnum, site.KindLevel:
			value = f.Values[len(f.Values)-1].Label.In("de")
		case site.KindTags:
			for _, x := range defs.Taxonomies {
				if x.Name == f.Vocabulary {
					value = x.Terms[0].Label.In("de")
				}
			}
		case site.KindDate:
			value = "1.2.2027"
		case site.KindDateTime:
			value = "1.2.2027 9:30"
		case site.KindRelation:
			files, err := filepath.Glob(filepath.Join(dir, "content", "organisationen", "*.md"))
			must(t, err)
			value = strings.TrimSuffix(filepath.Base(files[0]), ".md")
		case site.KindLink:
			value = "https://www.example.org/"
		case site.KindNumber, site.KindMoney:
			value = "1"
		default:
			t.Fatalf("%s%s: nothing to set for the kind %s", path, f.Name, f.Kind)
		}
		out = append(out, path+f.Name+"="+value)
	}
	return out
}
