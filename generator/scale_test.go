package generator_test

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/e2e/sitegen"
	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds of growth: what a build costs may grow with n^1.1, and no page of a
// generated site may be larger than this, however many entries there are.
const growthLimit = 1.1

var pageLimits = map[string]float64{
	"largest page": 120 << 10,
	"largest view": 400 << 10, // has the first of everything in full, most of it further down
}

// TestGrowth builds generated sites, each four times as large as the one
// before, and counts. The steps between them are compared, so that what every
// site costs, however small, does not hide how the rest grows. Not parallel:
// what others allocate would be counted.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("builds 1,050 entries")
	}
	var counts [3]map[string]float64
	for i, n := range [3]int{50, 200, 800} {
		counts[i] = buildCounts(t, n)
	}
	for name := range counts[0] {
		if limit, ok := pageLimits[name]; ok {
			if got := counts[2][name]; got > limit {
				t.Errorf("%s: %.0f bytes, and %.0f with a quarter of the entries; at most %.0f", name, got, counts[1][name], limit)
			}
			continue
		}
		small, large := counts[1][name]-counts[0][name], counts[2][name]-counts[1][name]
		exponent := math.Log(large/small) / math.Log(4)
		t.Logf("%s: %.0f, %.0f, %.0f: n^%.2f", name, counts[0][name], counts[1][name], counts[2][name], exponent)
		if exponent > growthLimit {
			t.Errorf("%s: 150 entries more cost %.0f, 600 more cost %.0f: n^%.2f", name, small, large, exponent)
		}
	}
}

// buildCounts builds a site of n entries and counts what that took and made.
func buildCounts(t *testing.T, n int) map[string]float64 {
	t.Helper()
	builtin := os.DirFS("..")
	s, err := sitegen.New(os.DirFS("../templates"), n, 1)
	must(t, err)
	dir := t.TempDir()
	must(t, s.Write(dir))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	server := false
	res := built(t, generator.Options{Source: dir, Builtin: builtin, Out: filepath.Join(dir, "out", "public"), Now: "2026-11-22", ServerIndex: &server})
	runtime.ReadMemStats(&after)
	page, view := largest(t, res.Out)
	if n > 500 {
		checkFilters(t, filepath.Join(res.Out, "werkzeuge"))
	}
	return map[string]float64{
		"allocations":     float64(after.Mallocs - before.Mallocs),
		"bytes allocated": float64(after.TotalAlloc - before.TotalAlloc),
		"bytes written":   float64(res.Bytes),
		"pages":           float64(res.Pages),
		"largest page":    float64(page),
		"largest view":    float64(view),
	}
}

// largest are the bytes of the largest page and of the largest view.
func largest(t *testing.T, dir string) (page, view int64) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		info, err := d.Info()
		switch {
		case err != nil:
		case strings.Contains(filepath.ToSlash(name), "/werkzeuge/"):
			view = max(view, info.Size())
		default:
			page = max(page, info.Size())
		}
		return err
	}))
	return page, view
}

// checkFilters holds each choice of the filters of all views against what is on
// their pages: many pages show the first entries of a large site only, and none
// may offer a word that leaves nothing. Those say what they leave out.
func checkFilters(t *testing.T, dir string) {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(dir, "*", "index.html"))
	must(t, err)
	bounded, choices := 0, 0
	for _, name := range pages {
		b, err := os.ReadFile(name)
		must(t, err)
		doc, err := html.Parse(bytes.NewReader(b))
		must(t, err)
		view := filepath.Base(filepath.Dir(name))
		has := map[string]bool{}
		items := map[string]bool{}
		for n := range doc.Descendants() {
			if keys, ok := attr(n, "data-keys"); ok {
				id, _ := attr(n, "data-id")
				items[id] = true
				for key := range strings.FieldsSeq(keys) {
					has[key] = true
				}
			}
			if class, _ := attr(n, "class"); class == "view-bound" {
				bounded++
			}
		}
		for n := range doc.Descendants() {
			if kind, _ := attr(n, "type"); kind != "checkbox" {
				continue
			}
			field, _ := attr(n, "name")
			value, _ := attr(n, "value")
			if field == "" || field == site.StateFilter { // states that nothing has are left out by the script
				continue
			}
			choices++
			if !has[field+":"+value] {
				t.Errorf("%s: %s:%s leaves none of %d", view, field, value, len(items))
			}
		}
	}
	if bounded < 6 || choices < 100 {
		t.Errorf("%d pages with a bound, %d choices: nothing is tested", bounded, choices)
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}
