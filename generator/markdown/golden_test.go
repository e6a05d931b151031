package markdown

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ag-vzkm/portal/generator/diag"
)

var update = flag.Bool("update", false, "write what the tests expect anew")

// site is the resolver of the tests.
type site struct{}

var siteEntries = map[string]Target{
	"manv":      {ID: "manv", URL: "/glossar/manv/", Title: "Massenanfall von Verletzten", Lang: "de"},
	"klinik":    {ID: "klinik", URL: "/produkte/klinik/", Title: `Die "modulare" Containerklinik`, Lang: "de"},
	"paper":     {ID: "paper", URL: "/en/positionen/paper/", Title: "A paper", Lang: "en"},
	"entwurf":   {Hidden: true},
	"self":      {ID: "self", URL: "/seite/", Title: "Diese Seite", Lang: "de"},
	"<b>&quot;": {ID: "x", URL: "/x/?a=1&b=\"2\"", Title: "<script>", Lang: "de"},
}

func (site) Entry(id, _ string) (Target, bool) { t, ok := siteEntries[id]; return t, ok }

func (site) Suggest(id string) string {
	return diag.DidYouMean(id, []string{"manv", "klinik", "paper"})
}

func (site) Path(file, dest string) (string, bool) {
	switch strings.TrimSuffix(strings.TrimPrefix(dest, "../"), ".md") {
	case "glossar/manv", "manv", "/glossar/manv/":
		return "/glossar/manv/", true
	case "bild.pdf":
		return "/seite/bild.pdf", true
	}
	return "", false
}

func (site) Image(file, src string) (Image, error) {
	switch src {
	case "karte.png":
		return Image{"/seite/karte.png", 1200, 800, []Variant{{"/seite/karte-600.png", 600}, {"/seite/karte.png", 1200}}}, nil
	case "plan.svg":
		return Image{URL: "/seite/plan.svg"}, nil
	}
	return Image{}, fmt.Errorf("Das Bild gibt es nicht.")
}

func testTerms() *Terms {
	return NewTerms([]Term{
		{ID: "manv", Words: []string{"Massenanfall von Verletzten", "MANV"}, URL: "/glossar/manv/"},
		{ID: "verletzte", Words: []string{"Verletzte"}},
		{ID: "triage", Words: []string{"Triage", "Sichtung"}},
		{ID: "dual-use", Words: []string{"Dual-Use"}},
		{ID: "iso", Words: []string{"ISO/IEEE 11073 SDC", "SDC"}},
		{ID: "uebung", Words: []string{"Übung"}},
		{ID: "self", Words: []string{"Vorhaltung"}},
		{ID: "ki", Words: []string{"KI"}},
	})
}

// TestGolden converts testdata/*.txtar. The comment above the files sets the
// input ("lang: en"); "show:" names parts of the result to be shown, too.
func TestGolden(t *testing.T) {
	names, _ := filepath.Glob("testdata/*.txtar")
	if len(names) == 0 {
		t.Fatal("no testdata")
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, f := range a.Files {
				want[f.Name] = string(f.Data)
			}
			got := golden(string(a.Comment), []byte(want["in.md"]))
			if err := nested(string(got[0].Data)); err != nil {
				t.Error(err)
			}
			if *update {
				a.Files = append([]txtar.File{{Name: "in.md", Data: []byte(want["in.md"])}}, got...)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, f := range got {
				if string(f.Data) != want[f.Name] {
					t.Errorf("%s\ngot:\n%s\nwant:\n%s", f.Name, f.Data, want[f.Name])
				}
				delete(want, f.Name)
			}
			delete(want, "in.md")
			for f := range want {
				t.Errorf("%s is expected, but not made", f)
			}
		})
	}
}

func golden(settings string, body []byte) []txtar.File {
	set := map[string]string{}
	for _, l := range strings.Split(settings, "\n") {
		if k, v, ok := strings.Cut(l, ":"); ok {
			set[k] = strings.TrimSpace(v)
		}
	}
	diags := &diag.List{Lenient: set["lenient"] != ""}
	c := New(Config{Words: words, Resolver: site{}, Diags: diags, SiteHost: "portal.example", ReservedIDs: []string{"inhalt"}})
	in := Input{
		Pos: diag.Pos{File: "seiten/test.md", Line: 1, Col: 1}, Lang: set["lang"], Body: body, Terms: testTerms(), SelfID: "self",
		Title: set["title"], TakeTitle: set["take-title"] != "",
		Sources: []Source{{Key: "bbk-2024"}, {Key: "khzg"}},
	}
	var d *Doc
	if set["inline"] != "" {
		d = c.Inline(in)
	} else {
		d = c.Convert(in)
	}
	files := []txtar.File{{Name: "out.html", Data: line(d.HTML)}}
	for _, part := range strings.Fields(set["show"]) {
		files = append(files, txtar.File{Name: part, Data: line(show(d, part))})
	}
	var b strings.Builder
	for _, d := range diags.Sorted() {
		fmt.Fprintln(&b, d)
	}
	if b.Len() > 0 {
		files = append(files, txtar.File{Name: "diagnostics", Data: line(b.String())})
	}
	return files
}

func line(s string) []byte {
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return []byte(s)
}

func show(d *Doc, part string) string {
	var b strings.Builder
	switch part {
	case "title":
		return d.Title
	case "outline":
		for _, h := range d.Outline {
			fmt.Fprintf(&b, "%d #%s %s\n", h.Level, h.ID, h.Text)
		}
	case "sections":
		for _, s := range d.Sections {
			fmt.Fprintf(&b, "== %d #%s %s\n%s\n", s.Level, s.ID, s.Title, s.Text)
		}
	case "links":
		for _, l := range d.Links {
			fmt.Fprintf(&b, "%s %s external=%t\n", l.Pos, l.URL, l.External)
		}
		fmt.Fprintf(&b, "refs %q\n", d.Refs)
	case "terms":
		return fmt.Sprintf("%q", d.Terms)
	case "cited":
		return fmt.Sprintf("%q", d.Cited)
	case "first":
		return fmt.Sprintf("%s\n%d words", d.FirstParagraph, d.Words)
	}
	return b.String()
}
