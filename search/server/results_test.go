package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/search/index"
)

// searchSite has a results page in two languages and 23 entries on oxygen.
func searchSite(t *testing.T) (dir string, x *Live) {
	t.Helper()
	top := t.TempDir()
	dir = filepath.Join(top, "public")
	page, err := os.ReadFile("testdata/suche.html")
	if err != nil {
		t.Fatal(err)
	}
	english := strings.NewReplacer(`lang="de"`, `lang="en"`, `"%d. %s %d"`, `"%d %s %d"`, `März`, `March`).Replace(string(page))
	for name, text := range map[string]string{
		"suche/index.html": string(page), "en/suche/index.html": english, "index.html": "start",
		"eigene/index.html": `<html lang="de"><form id="f"><input name="q"></form><section data-search-results hidden></section>`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	docs := []index.Document{{
		ID: "de:katze", URL: "/katze/", Type: "page", TypeLabel: "Seite", Title: `Katze & <b>„Hund“</b>`, Date: "2026-03-07", Status: "Entwurf",
		Facets: map[string][]string{"lang": {"de"}}, Sections: []index.Section{{ID: "futter", Title: "Futter <1>", Text: `Napf & <script>alert("x")</script> für die Katze`}},
	}, {
		ID: "de:geraet", URL: "/geraet/", Type: "page", TypeLabel: "Seite", Title: "Gerät", Facets: map[string][]string{"lang": {"de", "en"}}, Date: "2026-03-07",
	}}
	for i := range 23 {
		d := index.Document{ID: fmt.Sprintf("de:s%d", i), URL: fmt.Sprintf("/s%d/", i), Type: "page", TypeLabel: "Seite", Title: fmt.Sprintf("Sauerstoff Nummer %d", i),
			Facets: map[string][]string{"lang": {"de"}, "thema": {[]string{"luft", "wasser"}[i%2]}}}
		if i < 4 {
			d.Type, d.TypeLabel, d.Facets["stand"] = "bedarf", "Bedarf", []string{[]string{"offen", "fertig"}[i%2]}
		}
		docs = append(docs, d)
	}
	at := filepath.Join(top, "index")
	labels := index.Labels{"thema": {"luft": {"": "Luft & Gas"}, "wasser": {"": "Wasser"}}}
	if err := index.Build(at, docs, labels, index.BuildOptions{Server: true}); err != nil {
		t.Fatal(err)
	}
	if x, err = Open(at); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return dir, x
}

func fetch(h http.Handler, address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w
}

func TestResultsPage(t *testing.T) {
	t.Parallel()
	dir, x := searchSite(t)
	h := Handler(dir, "", false, x)
	for _, c := range []struct {
		address string
		has     []string
		lacks   []string
	}{
		{"/suche/?q=Sauerstoff", []string{
			"<title>23 Treffer für „Sauerstoff“ – Suche – Portal</title>", `data-title="Suche – Portal"`, `data-wait="Die Suche läuft …"`,
			`>23 Treffer für „Sauerstoff“</h2>`, `data-state="found"`, `value="Sauerstoff"`, `<ol data-part="hits" start="1"><li>`,
			`data-sort="" href="?q=Sauerstoff" aria-current="true"`, `href="?q=Sauerstoff&amp;sortierung=datum"`,
			`<input type="checkbox" name="type" value="bedarf" form="suche-form"/><span>Bedarf</span><span class="count">4</span>`,
			`<span>Luft &amp; Gas</span><span class="count">12</span>`,
			`<a href="?q=Sauerstoff" aria-label="Seite 1" aria-current="page">1</a>`, `<li data-part="next"><a class="pagination-step" rel="next" href="?q=Sauerstoff&amp;seite=2">Weiter`, `<li data-part="prev" hidden="">`,
			`<a href="/en/suche/?q=Sauerstoff">`, `<noscript><p>a &amp; b</p></noscript>`, `content="noindex"`,
		}, []string{"Nur mit JavaScript", `value="offen"`, "data-wordless"}},
		{"/suche/?q=Sauerstoff&seite=3", []string{`>23 Treffer für „Sauerstoff“, Seite 3 von 3</h2>`, `start="21"`, `<li data-part="prev"><a class="pagination-step" rel="prev" href="?q=Sauerstoff&amp;seite=2">Zurück</a>`, `<li data-part="next" hidden="">`}, nil},
		{"/suche/?q=Sauerstoff&type=bedarf&thema=luft&thema=wasser&sortierung=datum", []string{
			">4 Treffer", `value="bedarf" form="suche-form" checked=""`, `<legend class="visually-hidden">Stand</legend>`,
			`<input type="hidden" name="sortierung" value="datum"/>`, `href="?q=Sauerstoff&amp;type=bedarf&amp;thema=wasser&amp;sortierung=datum"><span class="visually-hidden">Entfernen: </span><span>Luft &amp; Gas</span>`,
			`<li class="is-all"><a data-clear="" href="?q=Sauerstoff&amp;sortierung=datum">`, `<nav hidden="" data-part="pages">`, `<span data-part="chosen">3</span>`,
		}, nil},
		{"/suche/?q=Sauerstoff&stand=offen", []string{">2 Treffer", `value="offen" form="suche-form" checked=""`}, nil},
		{"/suche/?q=Sauerstoff&thema=unbekannt", []string{">Keine Treffer", `value="unbekannt" form="suche-form" checked=""`, "<span>unbekannt</span><svg>"}, nil},
		// Of the taken back type, the filters go that only it has.
		{"/suche/?q=Sauerstoff&type=bedarf&stand=offen", []string{`<a href="?q=Sauerstoff&amp;stand=offen"><span class="visually-hidden">Entfernen: </span><span>Bedarf</span>`}, nil},
		{"/suche/?q=Katze", []string{
			">1 Treffer für „Katze“</h2>", `<h3 class="card-title"><a href="/katze/?markiert=Katze">Katze &amp; &lt;b&gt;„Hund“&lt;/b&gt;</a>`,
			`<time datetime="2026-03-07">7. März 2026</time>`, `<span class="badge is-draft">Entwurf</span>`,
			`<a href="/katze/?markiert=Katze#futter">Futter &lt;1&gt;</a>`, `&lt;script&gt;`, `<mark>Katze</mark>`, `<use href="/icons.svg#page"></use>`, `<div data-part="facets"></div>`,
		}, []string{"<script>"}},
		{"/en/suche/?q=Ger%C3%A4t", []string{`<h3 class="card-title" lang="de"><a href="/geraet/?markiert=Ger%C3%A4t" hreflang="de">`, `<span class="badge is-lang">de</span>`, "7 March 2026"}, nil},
		{"/en/suche/?q=Sauerstoff", []string{`data-state="empty"`}, nil},
		{"/suche/?q=Sauerstaff", []string{`<p>Meinten Sie <a data-part="suggestion" href="?q=Sauerstoff">„Sauerstoff“</a>?</p>`}, nil},
		{"/suche/?q=wolkenschieber", []string{`data-state="empty"`, "Keine Treffer für „wolkenschieber“", `<div id="wegweiser">`}, []string{"Nur mit JavaScript", "data-wordless"}},
		{"/suche/?q=der+und", []string{"Kein Suchwort in „der und“", `data-wordless=""`}, nil},
		{"/suche/?q=%22Sauerstoff+Nummer+7%22", []string{">1 Treffer für „Sauerstoff Nummer 7“</h2>", `value="&#34;Sauerstoff Nummer 7&#34;"`}, nil},
		{"/suche/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", []string{"&lt;script&gt;"}, []string{"<script"}},
		{"/suche/?q=Sauerstoff&thema=%22%3E%3Cscript%3E", []string{"&lt;script&gt;"}, []string{"<script"}},
	} {
		t.Run(c.address, func(t *testing.T) {
			w := fetch(h, c.address)
			body := w.Body.String()
			if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			for _, s := range c.has {
				if !strings.Contains(body, s) {
					t.Errorf("lacks %s", s)
				}
			}
			for _, s := range c.lacks {
				if strings.Contains(body, s) {
					t.Errorf("has %s", s)
				}
			}
			if _, err := html.Parse(strings.NewReader(body)); err != nil || t.Failed() {
				t.Error(err, body)
			}
		})
	}
}

// What cannot be answered is left to the page as it was built.
func TestResultsPageAsBuilt(t *testing.T) {
	t.Parallel()
	dir, x := searchSite(t)
	browserOnly := filepath.Join(t.TempDir(), "index")
	if err := index.Build(browserOnly, []index.Document{{ID: "1", Title: "Sauerstoff"}}, nil, index.BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	without, err := Open(browserOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer without.Close()
	for _, c := range []struct {
		address string
		search  *Live
	}{
		{"/suche/", x},
		{"/suche/?q=", x},
		{"/suche/?q=+", x},
		{"/suche/?type=bedarf", x},
		{"/suche/?q=Sauerstoff", nil},
		{"/suche/?q=Sauerstoff", without},
		{"/suche/?q=" + strings.Repeat("x", 401), x},
		{"/suche/?q=Sauerstoff&x=" + strings.Repeat("x", 4000), x},
		{"/suche/?q=a%zz", x},
		{"/suche/?q=%ff", x},
		{"/suche/?q=a%00b", x},
		{"/suche/?q=a&thema=%01", x},
		{"/suche/?q=a" + many(51), x},
		{"/suche/index.html?q=", x},
		{"/eigene/?q=Sauerstoff", x}, // a template without the parts
		{"/?q=Sauerstoff", x},
	} {
		w := fetch(Handler(dir, "", false, c.search), c.address)
		name, _, _ := strings.Cut(strings.TrimPrefix(c.address, "/"), "?")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != 200 || w.Body.String() != string(want) || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%.40s: %d, not as it was built", c.address, w.Code)
		}
	}
}

func many(n int) (query string) {
	for i := range n {
		query += fmt.Sprintf("&thema=%d", i)
	}
	return query
}

// Below a path, with a page behind the last, and with a filter that the
// chosen types do not have.
func TestResultsPageLeadsToItsAddress(t *testing.T) {
	t.Parallel()
	dir, x := searchSite(t)
	h := Handler(dir, "/unter/pfad", true, x)
	for address, want := range map[string]string{
		"/suche/?q=Sauerstoff&seite=9":                         "/suche/?q=Sauerstoff&seite=3",
		"/suche/?q=Sauerstoff&seite=99999999999999999999":      "",
		"/suche/?q=Sauerstoff&seite=0&fremd=x":                 "",
		"/suche/?q=wolkenschieber&seite=2":                     "/suche/?q=wolkenschieber",
		"/suche/?q=Sauerstoff&type=page&stand=offen":           "/suche/?q=Sauerstoff&type=page",
		"/suche/?q=Sauerstoff&type=page&type=bedarf&stand=x":   "/suche/?q=Sauerstoff&type=page&type=bedarf",
		"/suche/?q=Sauerstoff&type=bedarf&stand=offen&seite=1": "",
	} {
		w := fetch(h, "/unter/pfad"+address)
		if want == "" {
			if w.Code != 200 {
				t.Errorf("%s: %d to %s", address, w.Code, w.Header().Get("Location"))
			}
		} else if got := w.Header().Get("Location"); w.Code != 302 || got != "/unter/pfad"+want {
			t.Errorf("%s: %d to %s, want %s", address, w.Code, got, want)
		}
	}
}
