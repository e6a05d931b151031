package generator_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestViewsOfAnotherGroup builds sites with types of their own and holds what
// their views tell against the archives.
func TestViewsOfAnotherGroup(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/views/*.txtar")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no archives")
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		must(t, err)
		dir, o := writeSite(t, a)
		built(t, o)
		tables, err := filepath.Glob(filepath.Join(dir, "public", "werkzeuge", "*", "*.csv"))
		must(t, err)
		var got strings.Builder
		for _, table := range tables {
			page, err := os.ReadFile(filepath.Join(filepath.Dir(table), "index.html"))
			must(t, err)
			if !strings.Contains(string(page), "data-view") {
				t.Errorf("%s: no view on its page", table)
			}
			b, err := os.ReadFile(table)
			must(t, err)
			text := strings.TrimPrefix(strings.ReplaceAll(string(b), "\r\n", "\n"), "\uFEFF")
			fmt.Fprintf(&got, "%s\n%s\n", filepath.Base(table), text)
		}
		compare(t, file, a, got.String())
	}
}
