package generator_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator"
)

// live opens a preview of a site; it ends with the test.
func live(t *testing.T, o generator.Options) *generator.Live {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, err := generator.OpenLive(ctx, o)
	must(t, err)
	t.Cleanup(func() {
		cancel()
		l.Close()
	})
	return l
}

func page(t *testing.T, l *generator.Live, path string) string {
	t.Helper()
	s := l.Serve(path)
	if s.Status != 200 {
		t.Fatalf("%s: status %d", path, s.Status)
	}
	return string(s.Body)
}

func edit(t *testing.T, dir, name, text string) {
	t.Helper()
	put(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(text))
}

// TestLiveIsTheBuild: the preview shows, to the byte, what a build publishes.
func TestLiveIsTheBuild(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "public")
	o := generator.Options{Source: "..", Builtin: os.DirFS(".."), Out: out, Now: "2026-11-22"}
	built(t, o)
	l := live(t, o)
	for range 100 { // the index is made in the background
		if l.Serve("/search/manifest.bin").Status == 200 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	n := 0
	ofItsOwn := regexp.MustCompile(`^search/(engine|ui-[^/]+)\.js$`) // the search that looks at what is recent, too
	must(t, filepath.WalkDir(out, func(name string, d os.DirEntry, err error) error {
		rel, _ := filepath.Rel(out, name)
		rel = filepath.ToSlash(rel)
		if err != nil || d.IsDir() || rel == ".portal-release" || ofItsOwn.MatchString(rel) {
			return err
		}
		want, err := os.ReadFile(name)
		must(t, err)
		if got := l.Serve("/" + strings.TrimSuffix(rel, "index.html")); string(got.Body) != string(want) {
			t.Errorf("%s: status %d, %d bytes, want %d", rel, got.Status, len(got.Body), len(want))
		}
		n++
		return nil
	}))
	if n < 300 {
		t.Errorf("only %d files", n)
	}
}

// TestLiveFollows: what was written is what is shown next.
// What another text does not mend is still said: an unknown term, a relation
// that leads nowhere.
func TestLiveGoesOnSaying(t *testing.T) {
	t.Parallel()
	const front = "---\ntitle: Massenanfall\nsummary: Kurz.\ndefinition: Viele Verletzte auf einmal.\nsee: [nirgends]\n---\n"
	dir, o := siteOf(t, map[string]string{"content/index.md": "# Willkommen\n\nStart.\n", "content/glossar/manv.md": front + "Text.\n"})
	l := live(t, o)
	said := func() (n int) {
		for _, d := range l.Diagnostics("/glossar/manv/") {
			if d.File == "content/glossar/manv.md" && d.Line == 5 {
				n++
			}
		}
		return n
	}
	if said() != 1 {
		t.Fatalf("at first: %v", l.Diagnostics("/glossar/manv/"))
	}
	for _, text := range []string{"Anderer Text.\n", "Noch einer.\n"} {
		edit(t, dir, "content/glossar/manv.md", front+text)
		if touched := l.Changed([]string{"content/glossar/manv.md"}, false); touched.All {
			t.Fatalf("this is more than a text: %+v", touched)
		}
		if said() != 1 {
			t.Errorf("after „%s“ it is said %d times", strings.TrimSpace(text), said())
		}
	}
	edit(t, dir, "content/glossar/manv.md", strings.Replace(front, "see: [nirgends]\n", "", 1)+"Text.\n")
	l.Changed([]string{"content/glossar/manv.md"}, false)
	if said() != 0 {
		t.Error("it is mended and still said")
	}
}

func TestLiveFollows(t *testing.T) {
	t.Parallel()
	dir, o := siteOf(t, map[string]string{
		"content/index.md":         "# Willkommen\n\nStart. [[manv]]\n",
		"content/wissen/a.md":      "# Anfang\n\nEin Text. [Weiter](b.md)\n",
		"content/wissen/b.md":      "# Ende\n\nNoch einer.\n",
		"content/glossar/manv.md":  "---\ntitle: Massenanfall\nabbr: MANV\nsummary: Kurz.\ndefinition: Viele Verletzte auf einmal.\n---\nText.\n",
		"content/wissen/manv-x.md": "# Lage\n\nBei einem MANV.\n",
	})
	l := live(t, o)
	has := func(path string, want bool, text string) {
		t.Helper()
		if got := strings.Contains(page(t, l, path), text); got != want {
			t.Errorf("%s has „%s“: %v", path, text, got)
		}
	}
	has("/wissen/a/", true, "Ein Text.")

	edit(t, dir, "content/wissen/a.md", "# Anfang\n\nEin anderer Satz.\n")
	touched := l.Changed([]string{"content/wissen/a.md"}, false)
	if touched.All || len(touched.Pages) != 1 || touched.Pages[0] != "/wissen/a/" {
		t.Errorf("a text: %+v", touched)
	}
	has("/wissen/a/", true, "Ein anderer Satz.")

	edit(t, dir, "content/wissen/a.md", "# Neuer Titel\n\nEin anderer Satz.\n")
	if touched := l.Changed([]string{"content/wissen/a.md"}, false); !touched.All {
		t.Errorf("a title: %+v", touched)
	}
	has("/wissen/", true, "Neuer Titel")

	edit(t, dir, "content/wissen/b.md", "---\ntitle: [\n---\n")
	l.Changed([]string{"content/wissen/b.md"}, false)
	found := l.Diagnostics("/wissen/")
	if len(found) == 0 || found[0].File != "content/wissen/b.md" {
		t.Errorf("a broken file: %v", found)
	}
	has("/wissen/a/", true, "Ein anderer Satz.")
	edit(t, dir, "content/wissen/b.md", "# Ende\n\nWieder da.\n")
	l.Changed([]string{"content/wissen/b.md"}, false)
	has("/wissen/b/", true, "Wieder da.")
	for _, d := range l.Diagnostics("/wissen/b/") {
		if d.File == "content/wissen/b.md" {
			t.Errorf("still said: %s", d)
		}
	}

	edit(t, dir, "content/wissen/neu.md", "# Neu\n\nHinzugekommen.\n")
	l.Changed([]string{"content/wissen/neu.md"}, false)
	has("/wissen/", true, "Neu")
	must(t, os.Remove(filepath.Join(dir, "content", "wissen", "neu.md")))
	l.Changed([]string{"content/wissen/neu.md"}, false)
	if s := l.Serve("/wissen/neu/"); s.Status != 404 || !strings.Contains(string(s.Body), "<main") {
		t.Errorf("a deleted page has status %d", s.Status)
	}

	edit(t, dir, "content/wissen/b.md", "Nur noch Text.\n") // the front matter moves out
	edit(t, dir, "content/wissen/b.yaml", "title: Aus der Begleitdatei\n")
	l.Changed([]string{"content/wissen/b.md", "content/wissen/b.yaml"}, false)
	has("/wissen/b/", true, "Aus der Begleitdatei")
	edit(t, dir, "content/wissen/b.yaml", "title: Anders benannt\n")
	l.Changed([]string{"content/wissen/b.yaml"}, false)
	has("/wissen/", true, "Anders benannt")
	edit(t, dir, "content/wissen/b.md", "Nur noch [[nichts]].\n")
	if touched := l.Changed([]string{"content/wissen/b.md"}, false); touched.All || strings.Join(touched.Pages, " ") != "/wissen/b/" {
		t.Errorf("the text of an entry with a companion: %+v", touched)
	}
	page(t, l, "/wissen/b/")
	edit(t, dir, "content/wissen/b.yaml", "# eine Bemerkung\ntitle: Anders benannt\nstatus: pruefungg\n")
	l.Changed([]string{"content/wissen/b.yaml"}, false)
	page(t, l, "/wissen/b/")
	var said []string
	for _, d := range l.Diagnostics("/wissen/b/")[:2] {
		said = append(said, d.Pos.String())
	}
	if got := strings.Join(said, " "); got != "content/wissen/b.md:1:10 content/wissen/b.yaml:3:9" {
		t.Errorf("first come the findings of both files: %s", got)
	}
	must(t, os.Remove(filepath.Join(dir, "content", "wissen", "b.yaml")))
	edit(t, dir, "content/wissen/b.md", "# Ende\n\nWieder da.\n")
	l.Changed([]string{"content/wissen/b.md", "content/wissen/b.yaml"}, false)
	has("/wissen/b/", true, "Wieder da.")

	has("/wissen/manv-x/", true, "Viele Verletzte auf einmal.")
	edit(t, dir, "content/glossar/manv.md", "---\ntitle: Massenanfall\nabbr: MANV\nsummary: Kurz.\ndefinition: Sehr viele Verletzte.\n---\nText.\n")
	l.Changed([]string{"content/glossar/manv.md"}, false)
	has("/wissen/manv-x/", true, "Sehr viele Verletzte.")

	edit(t, dir, "templates/components/site-footer/site-footer.html", `{{define "site-footer"}}<footer>Fuß der Probe</footer>{{end}}`)
	l.Changed([]string{"templates/components/site-footer/site-footer.html"}, false)
	has("/wissen/a/", true, "Fuß der Probe")
	edit(t, dir, "templates/components/site-footer/site-footer.html", `{{define "site-footer"}}{{.Nichts}}{{end}}`)
	l.Changed([]string{"templates/components/site-footer/site-footer.html"}, false)
	if s := l.Serve("/wissen/a/"); s.Status != 500 || len(l.Diagnostics("/wissen/a/")) == 0 {
		t.Errorf("a broken template: status %d", s.Status)
	}
	must(t, os.RemoveAll(filepath.Join(dir, "templates")))
	l.Changed(nil, true)
	has("/wissen/a/", true, "Ein anderer Satz.")

	edit(t, dir, "portal.yaml", "title: Umbenannt\nbase_url: https://probe.example\nlanguages: [de]\n")
	l.Changed([]string{"portal.yaml"}, false)
	has("/wissen/a/", true, "Umbenannt")
	edit(t, dir, "portal.yaml", "title: [\n")
	l.Changed([]string{"portal.yaml"}, false)
	has("/wissen/a/", true, "Umbenannt")
	if len(l.Diagnostics("/")) == 0 {
		t.Error("nothing is said of a broken portal.yaml")
	}
}
