package generator

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/external"
	"github.com/ag-vzkm/portal/generator/site"
)

// TestOwnSite: on our own site no word is wrong, and every foreign address that
// a page leads to would be asked for and stands where the check says.
func TestOwnSite(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "public")
	var f *foreign
	var words *reading
	res, err := buildThen(t.Context(), Options{Source: "..", Builtin: os.DirFS(".."), Out: out, Now: "2026-11-22"}, func(b *build) { f, words = b.foreign(), b.reading() })
	if err != nil || !res.OK {
		t.Fatal(err, res)
	}
	found := &diag.List{}
	if line, err := words.check(t.Context(), found); err != nil || len(words.texts) < 1000 {
		t.Error(line, err)
	}
	for _, d := range found.Sorted() {
		t.Error(d)
	}
	known := map[string]diag.Pos{}
	for _, l := range f.links {
		known[l.URL] = l.Pos
	}
	href := regexp.MustCompile(`<a [^>]*href="((?:https?:|//|mailto:|tel:)[^"]*)"`)
	seen := map[string]bool{}
	err = filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		page, err := os.ReadFile(name)
		for _, m := range href.FindAllStringSubmatch(string(page), -1) {
			address := strings.ReplaceAll(m[1], "&amp;", "&")
			if _, ok := known[address]; !ok && !seen[address] && !strings.HasPrefix(address, "https://ag-vzkm.example") {
				t.Errorf("%s leads to %s, which is not asked for", name, address)
			}
			seen[address] = true
		}
		return err
	})
	if err != nil || len(seen) < 50 {
		t.Fatal(err, len(seen))
	}
	for address, pos := range known {
		b, err := os.ReadFile(filepath.Join("..", pos.File))
		if err != nil {
			t.Fatal(address, err)
		}
		if lines := strings.Split(string(b), "\n"); pos.Line < 1 || pos.Line > len(lines) || pos.Col < 1 || pos.Col > len([]rune(lines[pos.Line-1])) {
			t.Errorf("%s: %s is no place", address, pos)
		}
	}
}

// TestUnusedPattern: a pattern that no link needs any more is said.
func TestUnusedPattern(t *testing.T) {
	t.Parallel()
	pos := diag.Pos{File: "portal.yaml", Line: 6, Col: 7}
	f := &foreign{
		links:  []external.Link{{URL: "https://www.a.example/x"}},
		ignore: []site.AddressPattern{{Text: "a.example"}, {Text: "b.example", Pos: pos}},
	}
	diags := &diag.List{}
	line := f.check(t.Context(), Options{}, diags)
	got := diags.Sorted()
	if len(got) != 1 || got[0].Code != "links-muster-unbenutzt" || got[0].Pos != pos || line != "Fremde Links: 1 Adresse; 0 gefragt, 0 aus dem Zwischenspeicher, 1 übergangen; 0 kaputt." {
		t.Error(line, got)
	}
}
