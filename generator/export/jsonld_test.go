package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
)

// at walks into decoded JSON: at(v, "mainEntity", "name").
func at(v any, keys ...string) any {
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}

func find(t *testing.T, in Input, id, lang string) *site.Entry {
	t.Helper()
	e := in.Site.Lookup(id, lang)
	if e == nil || e.Lang != lang {
		t.Fatalf("no entry %s in %s", id, lang)
	}
	return e
}

// Each kind of field becomes the type that schema.org has for it.
func TestJSONLDValues(t *testing.T) {
	in := sample(t, nil)
	got := decode(t, JSONLD(in, find(t, in, "zelt", "de")))
	for property, want := range map[string]string{
		"@context":         `"https://schema.org"`,
		"@type":            `"Product"`,
		"@id":              `"https://probe.example/geraete/zelt/#entry"`,
		"url":              `"https://probe.example/geraete/zelt/"`,
		"weight":           `{"@type":"QuantitativeValue","unitCode":"KGM","unitText":"kg","value":12.5}`,
		"material":         `{"@type":"QuantitativeValue","maxValue":40,"minValue":-20.5,"unitCode":"CEL","unitText":"°C"}`,
		"offers":           `{"@type":"MonetaryAmount","currency":"EUR","value":500000.5}`,
		"releaseDate":      `"2025-06-01T09:30:00+02:00"`,
		"isFamilyFriendly": `true`,
		"manufacturer":     `{"@id":"https://probe.example/stellen/hersteller/#entry","@type":"Organization","name":"Hersteller AG"}`,
		"location":         `{"@type":"Place","geo":{"@type":"GeoCoordinates","latitude":52.52,"longitude":13.4},"name":"Berlin"}`,
		"category":         `{"@id":"https://probe.example/themen/technik/","@type":"DefinedTerm","inDefinedTermSet":"https://probe.example/themen/","name":"Technik","termCode":"technik"}`,
		"subjectOf":        `{"@type":"MediaObject","contentUrl":"https://probe.example/geraete/zelt/blatt.pdf","name":"Datenblatt"}`,
		"additionalProperty": `[{"@type":"PropertyValue","name":"Akku","unitCode":"HUR","unitText":"h","value":4},` +
			`{"@type":"PropertyValue","name":"Quelle","value":"Akku"},{"@type":"PropertyValue","name":"Quelle","value":"Stromnetz"}]`,
		"image": `{"@type":"ImageObject","caption":"Das Zelt","creditText":"AG","url":"https://probe.example/geraete/zelt/bild.png"}`,
	} {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(at(got, property)); err != nil {
			t.Fatal(err)
		}
		if s := strings.TrimSpace(b.String()); s != want {
			t.Errorf("%s:\n got %s\nwant %s", property, s, want)
		}
	}
	page := at(got, "mainEntityOfPage")
	if at(page, "inLanguage") != "de" || at(page, "datePublished") != "2026-03-01" || at(page, "publisher", "name") != "AG Probe" || at(page, "isPartOf", "name") != "Probe" {
		t.Errorf("the page about it: %v", page)
	}
}

func TestJSONLDOfWork(t *testing.T) {
	in := sample(t, nil)
	got := decode(t, JSONLD(in, find(t, in, "krise", "de")))
	for _, c := range []struct {
		want any
		path []string
	}{
		{"Report", []string{"@type"}},
		{"https://probe.example/papiere/krise/", []string{"@id"}},
		{"2026-04-15", []string{"datePublished"}},
		{"2026-05-02", []string{"dateModified"}},
		{"de", []string{"inLanguage"}},
		{"WebSite", []string{"isPartOf", "@type"}},
		{"https://probe.example/#publisher", []string{"publisher", "@id"}},
		{"2026/02", []string{"reportNumber"}},
		{"https://doi.org/10.1234/ab_c", []string{"sameAs"}},
		{"Published", []string{"creativeWorkStatus"}},
		{nil, []string{"mainEntityOfPage"}},
	} {
		if v := at(got, c.path...); v != c.want {
			t.Errorf("%v is %v, want %v", c.path, v, c.want)
		}
	}
	authors := at(got, "author").([]any)
	if at(authors[0], "familyName") != "Müller" || at(authors[1], "@id") != "https://probe.example/#publisher" {
		t.Errorf("authors: %v", authors)
	}
	if about := at(got, "about").([]any); at(about[0], "name") != "Vorsorge" {
		t.Errorf("about: %v", about)
	}
	if s := at(decode(t, JSONLD(in, find(t, in, "offen", "de"))), "creativeWorkStatus"); s != "Draft" {
		t.Errorf("a draft has the status %v", s)
	}
}

func TestJSONLDOfTerm(t *testing.T) {
	in := sample(t, nil)
	got := decode(t, JSONLD(in, find(t, in, "manv", "de")))
	if at(got, "@type") != "DefinedTerm" || at(got, "termCode") != "MANV" || at(got, "description") != "Viele Verletzte auf einmal." ||
		at(got, "inDefinedTermSet") != "https://probe.example/woerter/" {
		t.Errorf("%v", got)
	}
}

func TestPageJSONLD(t *testing.T) {
	in := sample(t, nil)
	crumbs := []Crumb{{"Start", "/"}}
	home := at(decode(t, PageJSONLD(in, Page{Path: "/", Lang: "de", Title: "Probe", Home: true})), "@graph").([]any)
	if len(home) != 1 || at(home[0], "@type") != "WebSite" || at(home[0], "publisher", "email") != "post@ag.example" || at(home[0], "alternateName") != "Ein Portal" {
		t.Errorf("home: %v", home)
	}
	items := in.Site.OfType("geraet", "de")
	l := at(decode(t, PageJSONLD(in, Page{Path: "/geraete/", Lang: "de", Title: "Geräte", List: true, Items: items, Crumbs: crumbs})), "@graph").([]any)
	if at(l[0], "@type") != "CollectionPage" || at(l[0], "mainEntity", "numberOfItems") != 2.0 {
		t.Errorf("list: %v", l[0])
	}
	steps := at(l[1], "itemListElement").([]any)
	if at(l[1], "@type") != "BreadcrumbList" || len(steps) != 2 || at(steps[1], "item") != "https://probe.example/geraete/" || at(steps[1], "position") != 2.0 {
		t.Errorf("crumbs: %v", l[1])
	}
	e := find(t, in, "zelt", "de")
	p := at(decode(t, PageJSONLD(in, Page{Path: e.URL, Lang: "de", Title: e.Title, Entry: e, Crumbs: crumbs})), "@graph").([]any)
	if len(p) != 2 || at(p[0], "@type") != "Product" {
		t.Errorf("entry: %v", p)
	}
	if x := at(decode(t, PageJSONLD(in, Page{Path: "/x/", Lang: "en", Title: "X"})), "@graph").([]any); at(x[0], "@type") != "WebPage" || at(x[0], "inLanguage") != "en" {
		t.Errorf("page: %v", x)
	}
}

func TestMeta(t *testing.T) {
	in := sample(t, nil)
	show := func(ms []Meta) string {
		var b strings.Builder
		for _, m := range ms {
			b.WriteString(m.Name + m.Property + ": " + m.Content + "\n")
		}
		return b.String()
	}
	want := `DC.title: Für die Krise – „bereit“ & sicher?
DC.creator: Müller, Anna
DC.creator: AG Probe
DC.publisher: AG Probe
DC.type: Text
DC.format: text/html
DC.language: de
DC.identifier: https://probe.example/papiere/krise/
DC.identifier: https://doi.org/10.1234/ab_c
DC.subject: Vorsorge
DC.rights: https://creativecommons.org/licenses/by/4.0/
DCTERMS.issued: 2026-04-15
DCTERMS.modified: 2026-05-02
DCTERMS.abstract: Worum es geht: Für die Krise – „bereit“ & sicher?
citation_title: Für die Krise – „bereit“ & sicher?
citation_author: Müller, Anna
citation_author: AG Probe
citation_publication_date: 2026/04/15
citation_technical_report_institution: AG Probe
citation_technical_report_number: 2026/02
citation_publisher: AG Probe
citation_doi: 10.1234/ab_c
citation_language: de
citation_abstract_html_url: https://probe.example/papiere/krise/
citation_public_url: https://probe.example/papiere/krise/
citation_keywords: Vorsorge
og:type: article
og:title: Für die Krise – „bereit“ & sicher?
og:description: Worum es geht: Für die Krise – „bereit“ & sicher?
og:url: https://probe.example/papiere/krise/
og:site_name: Probe
og:locale: de_DE
og:locale:alternate: en_GB
article:published_time: 2026-04-15T00:00:00Z
article:modified_time: 2026-05-02T00:00:00Z
`
	if got := show(EntryMeta(in, find(t, in, "krise", "de"))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got := show(EntryMeta(in, find(t, in, "zelt", "de")))
	if strings.Contains(got, "citation_") || strings.Contains(got, "DC") || !strings.Contains(got, "og:image: https://probe.example/geraete/zelt/bild.png\nog:image:alt: Ein Zelt\n") {
		t.Errorf("of an entry that is no paper:\n%s", got)
	}
	got = show(PageMeta(in, Page{Path: "/geraete/", Lang: "de", Title: "Geräte"}))
	if got != "og:type: website\nog:title: Geräte\nog:description: Alles zur Probe.\nog:url: https://probe.example/geraete/\nog:site_name: Probe\nog:locale: de_DE\n" {
		t.Errorf("of a list:\n%s", got)
	}
}
