package generator

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestReservedIDs: every id that a template writes is kept from headings, so
// that „## Quellen“ in a text does not break the page.
func TestReservedIDs(t *testing.T) {
	id := regexp.MustCompile(`\bid="([^"{]+)"`)
	found := 0
	err := filepath.WalkDir("../templates", func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range id.FindAllStringSubmatch(string(b), -1) {
			found++
			if !slices.Contains(reservedIDs, m[1]) {
				t.Errorf("%s: id %q is not among reservedIDs", path, m[1])
			}
		}
		return err
	})
	if err != nil || found == 0 {
		t.Fatal(found, err)
	}
}
