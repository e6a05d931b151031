package render_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
)

// counted is a silent machine that counts how often it is asked for feeds.
type counted struct {
	silent
	feeds *atomic.Int64
}

func (c counted) Feeds(string, *site.Type, *site.Term) []render.FeedLink {
	c.feeds.Add(1)
	return nil
}

// large is a site of the portal's own types in which everything that can become
// long is long: one organisation makes all products and organises all dates, the
// glossary, the archive, the folders and one folder's pages fill many pages.
func large(t *testing.T, m render.Machine) (*render.Renderer, []*render.Job) {
	t.Helper()
	content := fstest.MapFS{}
	put := func(path, format string, args ...any) {
		content[path+".md"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("---\nsummary: Ein Satz darüber, worum es geht.\npublished: 2026-01-02\n"+format+"---\nText.\n", args...))}
	}
	put("organisationen/amt", "title: Das Amt\nkind: behoerde\n")
	for i := range 1000 {
		put(fmt.Sprintf("produkte/p%d", i), "title: Profil %d\ntopics: [dual-use]\nmanufacturer: [amt]\ncategory: [mobile-infrastruktur]\n"+
			"uses:\n  civil: {text: Im Alltag., maturity: 2}\nscenarios: [manv]\n", i)
	}
	for i := range 600 {
		put(fmt.Sprintf("dialog/d%d", i), "title: Termin %d\nstart: %s\norganiser: [amt]\n", i, time.Date(2026, 12, 24-i, 10, 0, 0, 0, time.UTC).Format("2006-01-02T15:04"))
	}
	for i := range 600 {
		put(fmt.Sprintf("glossar/g%d", i), "title: %c%c-Wort %d\ndefinition: Was es heißt.\n", 'A'+i%3, 'a'+i%26, i)
	}
	for i := range 300 {
		put(fmt.Sprintf("meldungen/m%d", i), "title: Meldung %d\nkind: meldung\ndate: 2026-01-02\nstatus: archiviert\n", i)
	}
	for i := range 300 {
		put(fmt.Sprintf("wissen/bereich-%d/seite", i), "title: Seite %d\n", i)
		put(fmt.Sprintf("wissen/seite-%d", i), "title: Wissen %d\n", i)
	}

	var diags diag.List
	templates := os.DirFS("../../templates")
	cfg := &site.Config{Title: "Groß", BaseURL: "https://gross.example", Languages: []string{"de"}, Location: time.UTC}
	defs := source.LoadDefinitions(templates, &diags)
	entries := source.LoadEntries(content, cfg, defs.Types, nil, nil, &diags)
	s := site.Assemble(site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies, Entries: entries},
		site.View{Audience: site.Public, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}, &diags)
	for _, d := range diags.Sorted() {
		if d.Severity == diag.Error {
			t.Fatal(d)
		}
	}
	words, err := lang.Load(cfg.Languages, templates)
	must(t, err)
	r, err := render.New(render.Input{Site: s, Words: words, Templates: templates, Machine: m,
		Prose: func(p site.Prose) string { return "<p>" + p.Source + "</p>" },
		Plain: site.Plain,
		View: func(v *site.ViewDef, l string) (view.Context, view.Data) {
			c := view.Context{Site: s, Def: v, Lang: l, Entries: view.Listed(s, v.Type.Name, l), Plain: site.Plain,
				Word: func(key string, args ...any) string { return words.Must(l, key, args...) }}
			return c, view.Make(c)
		},
		ViewFiles: func(string) (string, string) { return "", "" },
		Picture:   func(site.Image) *render.Picture { return nil },
		Download:  func(site.File) *render.Link { return nil }})
	must(t, err)
	return r, r.Plan()
}

var (
	hrefs = regexp.MustCompile(`<a[^>]* href="(/[^"#]*)`)
	cards = regexp.MustCompile(`<article class="card |class="link-card"|<div><dt><a `)
)

// TestLargeSite: no page grows with the site, and nothing is lost by that: every
// page is reached by links from the start page.
func TestLargeSite(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	r, jobs := large(t, counted{feeds: &asked})
	links := map[string][]string{}
	perKind := map[string]int{}
	for _, j := range jobs {
		page, err := makePage(r, j)
		must(t, err)
		perKind[j.Kind]++
		for _, m := range hrefs.FindAllSubmatch(page, -1) {
			links[j.Path] = append(links[j.Path], string(m[1]))
		}
		// With style sheet, scripts and font, which weigh 40 KB, this is the budget.
		if n := len(page); n > 20<<10 && deflated(page) > 20<<10 {
			t.Errorf("%s weighs %d bytes, and compressed more than 20 KB", j.Path, n)
		}
		if n := len(links[j.Path]); n > 600 {
			t.Errorf("%s has %d links", j.Path, n)
		}
		if n := len(cards.FindAll(page, -1)); n > 200 {
			t.Errorf("%s has %d cards", j.Path, n)
		}
	}
	for kind, want := range map[string]int{
		"list":     1000/24 + 1 + 600/20 + 1 + 1, // products, dates, the organisation
		"glossary": 3,                            // A, B and C: 200 words each
		"entries":  (1000/60 + 1) + 600/60 + 300/60,
		"section":  3 + 300, // wissen/, and the folders in it
	} {
		if perKind[kind] != want {
			t.Errorf("%d pages of kind %s, want %d", perKind[kind], kind, want)
		}
	}
	if n := asked.Load(); n > 500 {
		t.Errorf("asked for feeds %d times for %d pages", n, len(jobs))
	}

	reached := map[string]bool{"/": true, "/suche/": true} // every page has a search field
	for queue := []string{"/", "/suche/"}; len(queue) > 0; queue = queue[1:] {
		for _, to := range links[queue[0]] {
			if !reached[to] {
				reached[to] = true
				queue = append(queue, to)
			}
		}
	}
	var lost []string
	for _, j := range jobs {
		if !reached[j.Path] && j.Kind != "notfound" {
			lost = append(lost, j.Path)
		}
	}
	if len(lost) > 0 {
		t.Errorf("%d pages that no link leads to: %s …", len(lost), strings.Join(lost[:min(5, len(lost))], ", "))
	}
}

func deflated(b []byte) int {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, 6)
	if err != nil {
		return -1
	}
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Len()
}

// TestRelationPage: an entry shows the first entries of a relation, says how many
// there are, and leads to all of them.
func TestRelationPage(t *testing.T) {
	t.Parallel()
	r, jobs := large(t, silent{})
	at := func(path string) string {
		i := slices.IndexFunc(jobs, func(j *render.Job) bool { return j.Path == path })
		if i < 0 {
			t.Fatalf("%s is not planned", path)
		}
		page, err := makePage(r, jobs[i])
		must(t, err)
		return string(page)
	}
	amt := at("/organisationen/amt/")
	for _, want := range []string{
		`<h3 id="beziehung-manufactures">Dual-Use-Profile dieses Herstellers <span class="count">1000</span></h3>`,
		`<a class="more" href="/organisationen/amt/beziehung-manufactures/">Alle 1000 anzeigen<span class="visually-hidden">: Dual-Use-Profile dieses Herstellers</span>`,
	} {
		if !strings.Contains(amt, want) {
			t.Errorf("the page of the organisation lacks %s", want)
		}
	}
	if n := strings.Count(amt, `class="link-card"`); n != 24 { // twelve of each of two relations
		t.Errorf("%d entries on the page", n)
	}
	last := at("/organisationen/amt/beziehung-manufactures/seite-17/")
	for _, want := range []string{
		`<h1>Dual-Use-Profile dieses Herstellers: Das Amt – Seite 17</h1>`,
		`<meta name="robots" content="noindex">`,
		`<li><a href="/organisationen/amt/">Das Amt</a></li>`,
		`1000 Einträge<span class="soft">, Seite 17 von 17</span>`,
		`href="/organisationen/amt/beziehung-manufactures/seite-16/" rel="prev"`,
	} {
		if !strings.Contains(last, want) {
			t.Errorf("the last page of the relation lacks %s", want)
		}
	}
}
