package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ag-vzkm/portal/search/analyze"
)

// site is a small portal: what the tests below ask is answered from it.
var site = []Document{
	{
		ID: "khzg", URL: "/foerderung/khzg/", Type: "funding", TypeLabel: "Förderprogramm",
		Title: "Krankenhauszukunftsgesetz", Abbr: []string{"KHZG"}, Tags: []string{"Digitalisierung"},
		Summary: "Förderung digitaler Notaufnahmen und der IT-Sicherheit.",
		Facets:  map[string][]string{"thema": {"digital", "krankenhaus"}}, Date: "2020-10-29",
		Sections: []Section{
			{Text: "Der Bund fördert die Modernisierung der Krankenhäuser."},
			{ID: "tatbestand-9", Title: "Fördertatbestand 9", Text: "Gefördert werden Versorgungsnachweise für Betten. Die Frist endete am 31.12.2021."},
		},
	},
	{
		ID: "zivilschutz", URL: "/recht/zsg/", Type: "law", TypeLabel: "Gesetz",
		Title: "Gesetz über den Zivilschutz und die Katastrophenhilfe des Bundes", Abbr: []string{"ZSKG"},
		Facets: map[string][]string{"thema": {"schutz"}},
		Sections: []Section{
			{ID: "p6", Title: "§ 6 Warnung der Bevölkerung", Text: "Der Bund warnt die Bevölkerung vor Gefahren im Verteidigungsfall."},
			{ID: "p21", Title: "§ 21 Planung der gesundheitlichen Versorgung", Text: "Die Behörden planen die Versorgung im Massenanfall von Verletzten."},
		},
	},
	{
		ID: "waffen", URL: "/recht/kwkg/", Type: "law", TypeLabel: "Gesetz",
		Title:    "Gesetz über die Kontrolle von Kriegswaffen",
		Facets:   map[string][]string{"thema": {"ausfuhr"}},
		Sections: []Section{{ID: "p1", Title: "Begriff", Text: "Zur Kriegsführung bestimmte Waffen sind Kriegswaffen. Güter mit doppeltem Verwendungszweck nennt die Verordnung (EU) 2021/821 Dual-Use-Güter."}},
	},
	{
		ID: "manv", URL: "/glossar/manv/", Type: "term", TypeLabel: "Begriff",
		Title: "MANV", Sections: []Section{{Text: "Viele Patienten zugleich: die Leitstelle ruft alle Kräfte."}},
	},
	{
		ID: "forderung", URL: "/position/forderung/", Type: "position", TypeLabel: "Positionspapier",
		Title:    "Unsere Forderung an die Politik",
		Facets:   map[string][]string{"thema": {"digital", "schutz"}},
		Sections: []Section{{Text: "Diese Forderung richtet sich an Bund und Länder. <script>alert('Forderung')</script> & mehr."}},
	},
	{
		ID: "foerderung", URL: "/position/foerderung/", Type: "position", TypeLabel: "Positionspapier",
		Title:    "Förderung der Medizintechnik",
		Facets:   map[string][]string{"thema": {"digital"}},
		Sections: []Section{{Text: "Die Förderung der Medizintechnik stärkt die Versorgung. Jedes Krankenhaus braucht Straßen und Wege."}},
	},
	{
		ID: "lang", URL: "/lang/", Type: "page", TypeLabel: "Seite", Title: "Lange Liste",
		Sections: []Section{{Text: strings.Repeat("Versorgung, Bund, Schutz, Patienten, Hilfe, Warnung, Waffen, Gesetz und noch viel mehr. ", 400)}},
	},
}

func openSite(t testing.TB) *Index {
	t.Helper()
	return openDocs(t, site)
}

func openDocs(t testing.TB, docs []Document) *Index {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	err := Build(dir, docs, Labels{"thema": {"digital": {"": "Digitales", "en": "Digital"}}}, BuildOptions{
		Synonyms: analyze.Synonyms{{"MANV", "Massenanfall von Verletzten"}},
		Words:    []string{"Feldlazarett"},
		Server:   true,
	})
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func ask(t testing.TB, x *Index, query string, opts Options) *Result {
	t.Helper()
	r, err := x.Search(t.Context(), query, opts)
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	return r
}

func ids(r *Result) []string {
	ids := []string{}
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func TestReaderFinds(t *testing.T) {
	x := openSite(t)
	for _, test := range []struct{ why, query, first string }{
		{"a title", "Krankenhauszukunftsgesetz", "khzg"},
		{"an abbreviation", "KHZG", "khzg"},
		{"an abbreviation in small letters", "khzg", "khzg"},
		{"a compound by its parts", "Zukunft Krankenhaus Gesetz", "khzg"},
		{"the parts by a compound", "Kriegswaffenkontrolle", "waffen"},
		{"another inflection", "Kontrollen der Kriegswaffe", "waffen"},
		{"umlauts typed as ae, oe, ue", "Foerderung Medizintechnik", "foerderung"},
		{"umlauts left out", "Bevolkerung", "zivilschutz"},
		{"ß typed as ss", "Strasse", "foerderung"},
		{"Förderung, which is not Forderung", "Förderung", "foerderung"},
		{"Forderung, which is not Förderung", "Forderung", "forderung"},
		{"a typo", "Katastrofenhilfe", "zivilschutz"},
		{"a letter left out", "Medizintecnik", "foerderung"},
		{"two letters exchanged", "Kriegswafefn", "waffen"},
		{"a word being typed", "Katastr", "zivilschutz"},
		{"a phrase", `"doppeltem Verwendungszweck"`, "waffen"},
		{"a phrase in German quotes", "„Warnung der Bevölkerung“", "zivilschutz"},
		{"a synonym from the glossary", "MANV Planung", "zivilschutz"},
		{"the glossary by a synonym", "Massenanfall von Verletzten Leitstelle", "manv"},
		{"a hyphenated word", "Dual-Use", "waffen"},
		{"it written as one", "DualUse", "waffen"},
		{"it written as two", "dual use", "waffen"},
		{"a paragraph", "§ 21", "zivilschutz"},
		{"a regulation's number", "2021/821", "waffen"},
		{"something if one word of many occurs", "Quantenradar Leitstelle Xylophon", "manv"},
		{"a short text rather than a long one", "Warnung Gefahren", "zivilschutz"},
		{"the words if no title has both", "titel:Versorgung titel:Kontrolle Waffen", "waffen"},
		{"a title word", "titel:Kriegswaffen", "waffen"},
		{"a tag", "Digitalisierung", "khzg"},
		{"nothing for a question of nothing", "", ""},
		{"nothing for stop words", "und der die das", ""},
		{"nothing where nothing is", "Quantenradar", ""},
	} {
		t.Run(test.why, func(t *testing.T) {
			r := ask(t, x, test.query, Options{})
			got := append(ids(r), "")[0]
			if got != test.first {
				t.Errorf("%q finds %q first, want %q (all: %v)", test.query, got, test.first, ids(r))
			}
		})
	}
}

func TestExclusionLeavesOut(t *testing.T) {
	x := openSite(t)
	with, without := ids(ask(t, x, "Versorgung.", Options{})), ids(ask(t, x, "Versorgung -Medizintechnik", Options{}))
	if !slices.Contains(with, "foerderung") || slices.Contains(without, "foerderung") || len(without) != len(with)-1 {
		t.Errorf("with %v, without %v", with, without)
	}
	if r := ask(t, x, "-Versorgung", Options{}); r.Total != 0 {
		t.Errorf("an exclusion alone finds %v", ids(r))
	}
}

func TestPhraseExcludesOtherOrder(t *testing.T) {
	x := openSite(t)
	if got := ids(ask(t, x, `"Bevölkerung vor Gefahren"`, Options{})); !slices.Equal(got, []string{"zivilschutz"}) {
		t.Errorf("got %v", got)
	}
	r := ask(t, x, `"Gefahren vor Bevölkerung"`, Options{})
	if r.Total == 0 {
		t.Error("a phrase that stands nowhere should be asked for by its words")
	}
}

func TestFacetCountsAreTrue(t *testing.T) {
	x := openSite(t)
	all := ask(t, x, "Bund Förderung Forderung Versorgung", Options{Limit: 100})
	for field, counts := range all.Facets {
		for _, c := range counts {
			r := ask(t, x, all.Query, Options{Filters: map[string][]string{field: {c.Value}}})
			if r.Total != c.Count {
				t.Errorf("%s=%s says %d, the filter leaves %d", field, c.Value, c.Count, r.Total)
			}
		}
	}
	if got := all.Facets["thema"][0]; got != (FacetCount{"digital", "Digitales", 3}) {
		t.Errorf("first topic is %+v", got)
	}
}

// TestPhraseCountsAreTrue: where all that may have a phrase can be read, totals
// and counts are true, whatever is filtered; of more, what is not read counts as
// having it, in the total as in the counts.
func TestPhraseCountsAreTrue(t *testing.T) {
	docs := func(n int) (all []Document) {
		add := func(n int, kind, text string) {
			for i := range n {
				all = append(all, Document{ID: fmt.Sprintf("%s%d", kind, i), Type: kind, Title: "Blatt", Sections: []Section{{Text: text + strings.Repeat(" Und mehr.", i)}}})
			}
		}
		add(n, "has", "Eine mobile Versorgung für alle.")
		add(n/2, "apart", "Die Versorgung ist mobil, die mobile Station nicht.")
		add(3, "both", "Eine mobile Versorgung für alle.")
		add(3, "both-apart", "Versorgung, dann mobile Station.")
		return all
	}
	type want struct {
		kind         string
		count, total int
	}
	for n, wants := range map[int][]want{
		12: {{"", 15, 15}, {"has", 12, 12}, {"apart", 0, 0}, {"both", 3, 3}},
		40: {{"", 66, 66}, {"has", 40, 40}, {"apart", 20, 0}, {"both", 3, 3}},
	} {
		x := openDocs(t, docs(n))
		all := ask(t, x, `"mobile Versorgung"`, Options{})
		for _, w := range wants {
			r := all
			if w.kind != "" {
				r = ask(t, x, all.Query, Options{Filters: map[string][]string{"type": {w.kind}}})
			}
			count := all.Total
			if w.kind != "" {
				count = 0
				for _, c := range all.Facets["type"] {
					if c.Value == w.kind {
						count = c.Count
					}
				}
			}
			if count != w.count || r.Total != w.total {
				t.Errorf("of %d, type %q: said %d, found %d, want %d and %d", n, w.kind, count, r.Total, w.count, w.total)
			}
			for _, c := range r.Facets["type"] {
				if n == 12 && !slices.Contains(all.Facets["type"], c) && c.Count > 0 {
					t.Errorf("a filter on %s changes its own field's counts: %+v, before %+v", w.kind, c, all.Facets["type"])
				}
			}
		}
	}
}

// TestNothingIsLost: no question finds nothing when any of its words occurs, but
// for what it excludes itself.
func TestNothingIsLost(t *testing.T) {
	x := openSite(t)
	for _, test := range []struct{ query, first, suggestion string }{
		{"titel:Leitstelle", "manv", ""}, // no title has it
		{`titel:"Leitstelle Xylophon"`, "manv", ""},
		{`titel:Xylophon "Bevölkerung vor Gefahren"`, "zivilschutz", ""},
		{`titel:Förderung "Gefahren vor Bevölkerung"`, "foerderung", ""},
		{`titel:Xylophon "Gefahren vor Bevölkerung"`, "zivilschutz", ""},
		{"titel:und Leitstelle", "manv", ""},
		{`"und der" Leitstelle`, "manv", ""},
		{`"und" titel:der`, "", ""},
		{`"Leitstelle`, "manv", ""},
		{`titel:"Leitstelle`, "manv", ""},
		{"Leitstelle -", "manv", ""},
		{"Leitstelle -und", "manv", ""},
		{`Leitstelle -"und der"`, "manv", ""},
		{"-Leitstelle", "", ""},
		{"titel:Leitstelle -Leitstelle", "", ""},
		{"titel:Leitste", "manv", ""}, // still being typed
		{"titel:Katastrofenhilfe -Waffen", "zivilschutz", "titel:Katastrophenhilfe -Waffen"},
		{`"Katastrofenhilfe" Bund`, "zivilschutz", `"Katastrophenhilfe" Bund`},
		{`-Medizintecnik Bevölkrung "Gefahren vor"`, "zivilschutz", `-Medizintecnik Bevölkerung "Gefahren vor"`},
	} {
		for _, filters := range []map[string][]string{nil, {"type": {"law"}}, {"type": {"law", "none"}, "thema": {"schutz"}}} {
			r := ask(t, x, test.query, Options{Filters: filters})
			if filters == nil && (append(ids(r), "")[0] != test.first || r.Suggestion != test.suggestion) {
				t.Errorf("%s finds %v and suggests %q, want %q and %q", test.query, ids(r), r.Suggestion, test.first, test.suggestion)
			}
			if len(r.Hits) != r.Total {
				t.Errorf("%s, %v: total %d, hits %v", test.query, filters, r.Total, ids(r))
			}
		}
	}
}

func TestFacetsAreOrWithinAndBetween(t *testing.T) {
	x := openSite(t)
	filters := map[string][]string{"type": {"position", "funding"}, "thema": {"schutz"}}
	r := ask(t, x, "Bund Förderung Versorgung", Options{Filters: filters})
	if got := ids(r); !slices.Equal(got, []string{"forderung"}) {
		t.Errorf("got %v", got)
	}
	for _, c := range r.Facets["type"] {
		alone := ask(t, x, r.Query, Options{Filters: map[string][]string{"type": {c.Value}, "thema": {"schutz"}}})
		if alone.Total != c.Count {
			t.Errorf("type=%s says %d, alone it is %d", c.Value, c.Count, alone.Total)
		}
	}
}

func TestHitLeadsToSection(t *testing.T) {
	x := openSite(t)
	h := ask(t, x, "Warnung Bevölkerung", Options{}).Hits[0]
	if want := (HitSection{"§ 6 Warnung der Bevölkerung", "/recht/zsg/#p6"}); h.Section == nil || *h.Section != want {
		t.Errorf("section %+v, want %+v", h.Section, want)
	}
	if h := ask(t, x, "Modernisierung", Options{}).Hits[0]; h.Section != nil {
		t.Errorf("text before the first heading leads to %+v", h.Section)
	}
}

func TestExcerptIsEscapedAndMarked(t *testing.T) {
	x := openSite(t)
	got := ask(t, x, "Forderung", Options{}).Hits[0].Excerpt
	want := "Diese <mark>Forderung</mark> richtet sich an Bund und Länder. &lt;script&gt;alert(&#39;<mark>Forderung</mark>&#39;)&lt;/script&gt; &amp; mehr."
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestExcerptShowsWhereItIs(t *testing.T) {
	docs := []Document{{ID: "a", Title: "A", Sections: []Section{{
		Text: strings.Repeat("Füllwörter ohne Belang stehen hier herum. ", 100) + "Dann kommt das Sauerstoffgerät. " + strings.Repeat("Und weiter geht es. ", 100),
	}}}}
	got := ask(t, openDocs(t, docs), "Sauerstoffgerät", Options{}).Hits[0].Excerpt
	if !strings.Contains(got, "<mark>Sauerstoffgerät</mark>") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len(got) > 400 {
		t.Errorf("got %s", got)
	}
}

func TestSuggestion(t *testing.T) {
	x := openSite(t)
	for query, want := range map[string]string{
		"Bevölkrung warnen": "Bevölkerung warnen",
		"Medizintecnik":     "Medizintechnik",
		"Krankenhäuser":     "",
		"Quantenradar":      "",
		"Krieg":             "",
	} {
		if got := ask(t, x, query, Options{}).Suggestion; got != want {
			t.Errorf("%q suggests %q, want %q", query, got, want)
		}
	}
}

func TestPagesFollowOneAnother(t *testing.T) {
	x := openSite(t)
	all := ask(t, x, "Bund Versorgung Gesetz", Options{Limit: 100})
	var paged []string
	for offset := 0; offset < all.Total; offset += 2 {
		paged = append(paged, ids(ask(t, x, all.Query, Options{Limit: 2, Offset: offset}))...)
	}
	if len(all.Hits) != all.Total || !slices.Equal(paged, ids(all)) {
		t.Errorf("total %d, at once %v, paged %v", all.Total, ids(all), paged)
	}
	if r := ask(t, x, all.Query, Options{Offset: 1000}); len(r.Hits) != 0 || r.Total != all.Total {
		t.Errorf("behind the end: %d hits of %d", len(r.Hits), r.Total)
	}
}

func TestResultAsJSON(t *testing.T) {
	r := ask(t, openSite(t), "Digitalisierung", Options{})
	r.Took, r.Hits[0].Score = 1.5, 2.5
	got, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "query": "Digitalisierung",
 "total": 1,
 "took": 1.5,
 "suggestion": "",
 "partial": false,
 "facets": {
  "thema": [
   {
    "value": "digital",
    "label": "Digitales",
    "count": 1
   },
   {
    "value": "krankenhaus",
    "label": "krankenhaus",
    "count": 1
   }
  ],
  "type": [
   {
    "value": "funding",
    "label": "Förderprogramm",
    "count": 1
   }
  ]
 },
 "hits": [
  {
   "id": "khzg",
   "url": "/foerderung/khzg/",
   "title": "Krankenhauszukunftsgesetz",
   "type": "funding",
   "typeLabel": "Förderprogramm",
   "date": "2020-10-29",
   "status": "",
   "score": 2.5,
   "excerpt": "Förderung digitaler Notaufnahmen und der IT-Sicherheit.",
   "section": null,
   "words": []
  }
 ]
}`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestEmptySite(t *testing.T) {
	x := openDocs(t, nil)
	if r := ask(t, x, "Hilfe", Options{}); r.Total != 0 || r.Hits == nil || r.Facets == nil {
		t.Errorf("got %+v", r)
	}
}

func TestBuildReplacesAtomically(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	for _, title := range []string{"Alt", "Neu"} {
		if err := Build(dir, []Document{{ID: "a", Title: title}}, nil, BuildOptions{Server: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := Build(dir, []Document{{ID: "a"}, {ID: "a"}, {Title: "B"}}, nil, BuildOptions{Server: true}); err == nil {
		t.Error("documents without or with the same ID are indexed")
	}
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := ids(ask(t, x, "Neu", Options{})); !slices.Equal(got, []string{"a"}) {
		t.Errorf("got %v", got)
	}
	if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOrderDoesNotDependOnInputOrder(t *testing.T) {
	reversed := slices.Clone(site)
	slices.Reverse(reversed)
	a, b := openSite(t), openDocs(t, reversed)
	for _, query := range []string{"Bund", "Versorgung Krankenhaus", "Gesetz", "Katastr"} {
		if x, y := ids(ask(t, a, query, Options{})), ids(ask(t, b, query, Options{})); !slices.Equal(x, y) {
			t.Errorf("%s: %v and %v", query, x, y)
		}
	}
}

func TestManyAskAtOnce(t *testing.T) {
	x := openSite(t)
	want := ids(ask(t, x, "Versorgung Krankenhaus", Options{}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got := ids(ask(t, x, "Versorgung Krankenhaus", Options{})); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestCancelledSearchFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := openSite(t).Search(ctx, "Hilfe", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLongNamesOfAbbreviations(t *testing.T) {
	docs := []Document{
		{ID: "strlschg", Title: "Gesetz zum Schutz vor der schädlichen Wirkung ionisierender Strahlung", Abbr: []string{"StrlSchG"}},
		{ID: "other", Title: "Kosten nach dem Strahlenschutzgesetz", Sections: []Section{{Text: "Strahlenschutz, Strahlen und das Gesetz."}}},
		{ID: "third", Title: "Zum Strahlenschutzgesetz", Sections: []Section{{Text: "Das Strahlenschutzgesetz."}}},
	}
	if got := ids(ask(t, openDocs(t, docs), "Strahlenschutzgesetz", Options{})); got[0] != "strlschg" {
		t.Errorf("got %v", got)
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"schutz", "schutz", 0}, {"schuz", "schutz", 1}, {"shcutz", "schutz", 1},
		{"waffen", "wafefn", 1}, {"abcdef", "ghijkl", 3}, {"gesetz", "setz", 2}, {"a", "abc", 2},
	} {
		if got := distance(test.a, test.b, 2); got != test.want {
			t.Errorf("%s, %s: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, query := range []string{
		"", " ", `"`, `""`, `"und"`, "-", "--", "-a", "titel:", "titel:und", `"a b" -"c d"`, "§", "§ 21a", "\xff\x00",
		"😀", strings.Repeat("krankenhaus", 100), strings.Repeat("a ", 500), "((((", "a:b:c", "*?~^", "-titel:x", "„a”", "~0 +haus =khzg",
	} {
		f.Add(query)
	}
	x := openSite(f)
	f.Fuzz(func(t *testing.T, query string) {
		r := ask(t, x, query, Options{})
		for _, h := range r.Hits {
			if strings.Contains(h.Excerpt, "<script") {
				t.Fatalf("%q: excerpt %s", query, h.Excerpt)
			}
		}
	})
}

func ExampleIndex_Search() {
	dir, _ := os.MkdirTemp("", "index")
	defer os.RemoveAll(dir)
	docs := []Document{{ID: "a", URL: "/a/", Title: "Krankenhäuser", Sections: []Section{{ID: "b", Title: "Betten", Text: "Es gibt Betten."}}}}
	if err := Build(dir+"/x", docs, nil, BuildOptions{Server: true}); err != nil {
		panic(err)
	}
	x, _ := Open(dir + "/x")
	defer x.Close()
	r, _ := x.Search(context.Background(), "krankenhaus bett", Options{})
	fmt.Println(r.Hits[0].Title, r.Hits[0].Section.URL, r.Hits[0].Excerpt)
	// Output: Krankenhäuser /a/#b Es gibt <mark>Betten</mark>.
}

func TestPagesDoNotOverlap(t *testing.T) {
	var docs []Document
	for i := range 450 {
		docs = append(docs, Document{ID: fmt.Sprintf("d%03d", i), Title: fmt.Sprintf("Nummer %d", i), Sections: []Section{{
			Text: "Das Gesetz. " + strings.Repeat("Füllung steht hier. ", i%37) + strings.Repeat("Gesetz und Recht. ", i%5),
		}}})
	}
	x := openDocs(t, docs)
	seen := map[string]bool{}
	for offset := 0; offset < 450; offset += 10 {
		for _, id := range ids(ask(t, x, "Gesetz", Options{Offset: offset})) {
			if seen[id] {
				t.Fatalf("%s is on two pages, again at %d", id, offset)
			}
			seen[id] = true
		}
	}
	if len(seen) != 450 {
		t.Errorf("%d of 450 documents are on some page", len(seen))
	}
}

// A word that stands in compounds only is not taken for a typo.
func TestPartBeforeTypo(t *testing.T) {
	x := openDocs(t, []Document{
		{ID: "feldzelt", Title: "Feldzelt", Sections: []Section{{Text: "Ein Feldzelt der Helfer."}}},
		{ID: "welt", Title: "Welt", Sections: []Section{{Text: "Die Welt und die Welten."}}},
		{ID: "feld", Title: "Feld", Sections: []Section{{Text: "Das Feld."}}},
	})
	if got := ids(ask(t, x, "Zelt ", Options{})); !slices.Equal(got, []string{"feldzelt"}) {
		t.Errorf("got %v", got)
	}
}

// A phrase whose words stand all over a long document is looked for in its
// beginning; who does not have it there comes behind those that do.
func TestPhraseOfCommonWords(t *testing.T) {
	sections := func(text string) (all []Section) {
		for i := range 40 {
			all = append(all, Section{ID: fmt.Sprintf("s%d", i), Title: "Abschnitt", Text: text})
		}
		return all
	}
	x := openDocs(t, []Document{
		{ID: "apart", Title: "Eins", Sections: sections("Die Person stellt einen Antrag.")},
		{ID: "together", Title: "Zwei", Sections: sections("Der Antrag Person zu Person.")},
	})
	if got := ids(ask(t, x, `"Antrag Person"`, Options{})); !slices.Equal(got, []string{"together", "apart"}) {
		t.Errorf("got %v", got)
	}
}

// A word that the site does not have is divided into words that it has, in
// whatever inflection.
func TestMembersInOtherInflections(t *testing.T) {
	x := openDocs(t, []Document{
		{ID: "request", Title: "Gesuch", Sections: []Section{{Text: "Wir suchen Partner für Kooperationen."}}},
		{ID: "partner", Title: "Partner", Sections: []Section{{Text: "Partner und Kooperationen."}}},
		{ID: "other", Title: "Etwas", Sections: []Section{{Text: "Kooperationen sind gesucht."}}},
	})
	if got := ids(ask(t, x, "Kooperationspartner ", Options{})); len(got) != 3 || got[2] != "other" {
		t.Errorf("got %v", got)
	}
}

func TestQueriesOfReview(t *testing.T) {
	x := openSite(t)
	for _, test := range []struct{ why, query, want string }{
		{"a phrase left out", `Waffen -"Kontrolle von Kriegswaffen"`, "lang"},
		{"two words that no title has", `titel:"Schutz Medizintechnik"`, "foerderung"},
		{"two words of one title", `titel:"Förderung Medizintechnik"`, "foerderung"},
		{"a compound of three that the site does not have", "Krankenhausversorgungsgesetz", "khzg"},
		{"a hyphen that stands for a word", "Zivilschutz und -hilfe", "zivilschutz"},
	} {
		if got := append(ids(ask(t, x, test.query, Options{})), "")[0]; got != test.want {
			t.Errorf("%s: %q finds %q first, want %q", test.why, test.query, got, test.want)
		}
	}
}
