package sitegen_test

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"github.com/ag-vzkm/portal/e2e/sitegen"
	"github.com/ag-vzkm/portal/generator"
)

// TestBuilds: the program finds no fault in what is generated, and nothing to
// warn of.
func TestBuilds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := made(t, 200, 7)
	must(t, s.Write(dir))
	res, err := generator.Build(t.Context(), generator.Options{Source: dir, Builtin: os.DirFS("../.."),
		Out: filepath.Join(dir, "out", "public"), Now: "2026-11-22"})
	must(t, err)
	for _, d := range res.Diagnostics {
		t.Error(d)
	}
	if !res.OK || res.Entries != 200 {
		t.Errorf("OK is %t, %d entries", res.OK, res.Entries)
	}
}

// TestSame: the same seed gives the same files, another seed others, in the
// same number.
func TestSame(t *testing.T) {
	t.Parallel()
	a, b, c := sums(made(t, 300, 7)), sums(made(t, 300, 7)), sums(made(t, 300, 8))
	if len(a) != 302 || len(c) != len(a) {
		t.Fatalf("%d and %d files", len(a), len(c))
	}
	same := 0
	for name, sum := range a {
		if b[name] != sum {
			t.Errorf("%s differs", name)
		}
		if c[name] == sum {
			same++
		}
	}
	if same > 2 {
		t.Errorf("%d files are the same with another seed", same)
	}
}

func made(t *testing.T, n int, seed uint64) *sitegen.Site {
	t.Helper()
	s, err := sitegen.New(os.DirFS("../../templates"), n, seed)
	must(t, err)
	return s
}

func sums(s *sitegen.Site) map[string][32]byte {
	out := map[string][32]byte{}
	for name, text := range s.Files() {
		out[name] = sha256.Sum256(text)
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
