package generator

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

// TestForeignIsComplete: every foreign address that a page of our own site leads
// to would be asked for, and stands where the check says.
func TestForeignIsComplete(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "public")
	var f *foreign
	res, err := buildThen(t.Context(), Options{Source: "..", Builtin: os.DirFS(".."), Out: out, Now: "2026-11-22"}, func(b *build) { f = b.foreign() })
	if err != nil || !res.OK {
		t.Fatal(err, res)
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
