package check

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden checks the small sites in testdata: what is said about
// testdata/<site> stands in testdata/<site>.golden.
func TestGolden(t *testing.T) {
	for _, site := range []string{"gut", "fehler"} {
		t.Run(site, func(t *testing.T) {
			got := run(t, os.DirFS("testdata/"+site), false)
			name := "testdata/" + site + ".golden"
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if again := run(t, os.DirFS("testdata/"+site), false); again != got {
				t.Errorf("a second run says something else:\n%s", again)
			}
		})
	}
}

func TestLenient(t *testing.T) {
	got := run(t, os.DirFS("testdata/fehler"), true)
	for _, want := range []string{"Warnung: Der Link auf „/sub/fehlt/“", "Fehler: Ein Skript steht in der Seite"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// run gives all files of a site to a check, in random order and at once.
func run(t *testing.T, fsys fs.FS, lenient bool) string {
	t.Helper()
	diags := &diag.List{Lenient: lenient}
	c := New(Options{Base: "/sub", Host: "portal.example", Diags: diags})
	names := files(t, fsys)
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Error(err)
			}
			if path.Ext(name) == ".html" {
				c.Page(name, diag.Pos{File: "content/" + strings.TrimSuffix(name, ".html") + ".md"}, data)
			} else {
				c.File(name, data)
			}
		})
	}
	wg.Wait()
	c.Finish()
	var b strings.Builder
	for _, d := range diags.Sorted() {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

// files lists what is in a folder.
func files(t testing.TB, fsys fs.FS) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestResolve(t *testing.T) {
	const from = "produkte/x/index.html"
	tests := []struct {
		base, ref string
		want      string
	}{
		{"", "/", "inside index.html"},
		{"", "/a/", "inside a/index.html"},
		{"", "/a", "inside a"},
		{"", "y.pdf", "inside produkte/x/y.pdf"},
		{"", "../y/", "inside produkte/y/index.html"},
		{"", "..", "inside produkte/index.html"},
		{"", "../../../..", "inside index.html"},
		{"", "#a", "inside  #a"},
		{"", "", "inside "},
		{"", "?q=1", "inside "},
		{"", "#top", "inside "},
		{"", "#%C3%BC", "inside  #ü"},
		{"", "/a%20b.pdf#page=2", "inside a b.pdf #page=2"},
		{"", "//fremd.example/x", "outside"},
		{"", "HTTPS://Portal.Example/a/", "inside a/index.html"},
		{"", "https://portal.example", "inside index.html"},
		{"", "https://portal.example.org/", "outside"},
		{"", "java\tscript:x()", "script"},
		{"", "JAVASCRIPT:x()", "script"},
		{"", "data:text/html,x", "inline"},
		{"", "tel:110", "neither"},
		{"", "a/b:c", "inside produkte/x/a/b:c"},
		{"/sub", "/sub/a/", "inside a/index.html"},
		{"/sub", "/sub", "inside index.html"},
		{"/sub", "/subway/", "astray"},
		{"/sub", "/", "astray"},
		{"/sub", "../../", "inside index.html"},
		{"/sub", "../../../", "astray"},
		{"/sub", "https://portal.example/sub/a/#b", "inside a/index.html #b"},
	}
	for _, tt := range tests {
		c := New(Options{Base: tt.base, Host: "portal.example"})
		kind, to, fragment := c.resolve(from, tt.ref)
		got := [...]string{"inside", "outside", "astray", "script", "inline", "neither"}[kind]
		if kind == inside {
			got += " " + to
		}
		if fragment != "" {
			got += " #" + fragment
		}
		if got != tt.want {
			t.Errorf("base %q, %q: got %q, want %q", tt.base, tt.ref, got, tt.want)
		}
	}
}

func TestWeight(t *testing.T) {
	diags := &diag.List{}
	c := New(Options{Diags: diags})
	noise := make([]byte, 40<<10)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(noise)
	c.File("assets/a.css", noise)
	c.Page("leicht/index.html", diag.Pos{}, []byte(`<html lang=de><title>a</title><link rel=stylesheet href=/assets/a.css><main><h1>a</h1></main>`))
	c.File("assets/b.js", noise)
	c.Page("schwer/index.html", diag.Pos{File: "content/schwer.md"}, []byte(`<html lang=de><title>b</title><link rel=stylesheet href=/assets/a.css><script src=/assets/b.js></script><main><h1>a</h1></main>`))
	c.Page("lang/index.html", diag.Pos{}, []byte(`<html lang=de><title>c</title><main><h1>a</h1>`+strings.Repeat("<p>Ein langer Text.</p>", 40000)+`</main>`))
	c.File("assets/f.css", []byte(`@font-face{font-family:F;src:url("./f.woff2")format("woff2")}@font-face{font-family:F;font-style:italic;src:url(./i.woff2)}`))
	c.File("assets/f.woff2", noise)
	c.File("assets/i.woff2", noise)
	c.Page("schrift/index.html", diag.Pos{}, []byte(`<html lang=de><title>f</title><link rel=stylesheet href=/assets/f.css><link rel=preload as=font href=/assets/f.woff2><main><h1>a</h1></main>`))
	c.Finish()
	got := fmt.Sprint(diags.Sorted())
	want := "[content/schwer.md: Warnung: Die erste Ansicht der Seite wiegt komprimiert 81 KB ohne Bilder; vorgesehen sind höchstens 60 KB (/schwer/). [seite-schwer]\n    → Lange Tabellen lassen sich als Datei anbieten, lange Texte durch Überschriften gliedern.]"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if w := c.Weight("schrift/index.html"); w < 40<<10 || w > 41<<10 {
		t.Errorf("weight with a font is %d", w)
	}
	if w := c.Weight("schwer/index.html"); w < 80<<10 || w > 82<<10 {
		t.Errorf("weight is %d", w)
	}
}

// TestManyHeavyPages: one warning says it.
func TestManyHeavyPages(t *testing.T) {
	diags := &diag.List{}
	c := New(Options{Diags: diags, Budget: 10})
	for i := range 9 {
		c.Page(fmt.Sprintf("p%d/index.html", i), diag.Pos{}, fmt.Appendf(nil, `<html lang=de><title>%d</title><main><h1>%s</h1></main>`, i, strings.Repeat("a", (i+1)*100)))
	}
	c.Finish()
	want := "Die erste Ansicht der Seite wiegt komprimiert 1 KB ohne Bilder; vorgesehen sind höchstens 0 KB. Sie ist die schwerste von 9 zu schweren (/p8/)."
	if got := diags.Sorted(); len(got) != 1 || got[0].Text != want {
		t.Errorf("got %v", got)
	}
}
