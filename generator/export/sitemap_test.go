package export

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

type readURLSet struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []struct {
		Loc   string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		Links []struct {
			Lang string `xml:"hreflang,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/1999/xhtml link"`
	} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
}

func TestSitemap(t *testing.T) {
	var set readURLSet
	if err := xml.Unmarshal(files(t, sample(t, nil))["sitemap.xml"], &set); err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, u := range set.URLs {
		if strings.Contains(u.Loc, "suche") || strings.Contains(u.Loc, "seite-2") {
			t.Errorf("%s is not for search engines", u.Loc)
		}
		var links []string
		self := len(u.Links) == 0
		for _, l := range u.Links {
			links = append(links, l.Lang+" "+l.Href)
			self = self || l.Href == u.Loc
		}
		if !self {
			t.Errorf("%s does not name itself among its versions", u.Loc)
		}
		versions[u.Loc] = strings.Join(links, "\n")
	}
	want := "de https://probe.example/papiere/krise/\nen https://probe.example/en/papiere/krise/\nx-default https://probe.example/papiere/krise/"
	for _, loc := range []string{"https://probe.example/papiere/krise/", "https://probe.example/en/papiere/krise/"} {
		if versions[loc] != want {
			t.Errorf("%s has\n%s", loc, versions[loc])
		}
	}
}

func TestLargeSitemapIsSplit(t *testing.T) {
	for _, c := range []struct{ urls, bytes, parts int }{{50, maxBytes, 5}, {maxURLs, 10_000, 3}} {
		in := sample(t, nil)
		in.Pages = nil
		for i := range 210 {
			in.Pages = append(in.Pages, PageRef{Path: fmt.Sprintf("/seiten/seite-%04d/", i), Lang: "de", LastMod: date("2026-01-01").AddDate(0, 0, i)})
		}
		out := map[string][]byte{}
		in.writeSitemap(&writer{write: func(p string, b []byte) error { out[p] = b; return nil }}, c.urls, c.bytes)
		var index struct {
			XMLName  xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
			Sitemaps []struct {
				Loc     string `xml:"loc"`
				LastMod string `xml:"lastmod"`
			} `xml:"sitemap"`
		}
		if err := xml.Unmarshal(out["sitemap.xml"], &index); err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, s := range index.Sitemaps {
			data := out[strings.TrimPrefix(s.Loc, "https://probe.example/")]
			var set readURLSet
			if err := xml.Unmarshal(data, &set); err != nil {
				t.Fatal(err)
			}
			if len(set.URLs) > c.urls || len(data) > c.bytes {
				t.Errorf("%s has %d addresses in %d bytes", s.Loc, len(set.URLs), len(data))
			}
			total += len(set.URLs)
		}
		if total != 210 || len(index.Sitemaps) != c.parts || index.Sitemaps[c.parts-1].LastMod != "2026-07-29" {
			t.Errorf("%d addresses in %d files: %v", total, len(index.Sitemaps), index.Sitemaps)
		}
	}
}

func TestSecurityTxt(t *testing.T) {
	for _, c := range []struct {
		sec   site.Security
		want  string // a line of the file; "" for no file
		codes string
	}{
		{site.Security{}, "", ""},
		{site.Security{Contact: "a@b.example"}, "", "security-ablauf"},
		{site.Security{Contact: "a@b.example", Expires: "bald"}, "", "security-ablauf"},
		{site.Security{Contact: "https://b.example/melden", Expires: "2027-01-31"}, "Contact: https://b.example/melden", ""},
		{site.Security{Contact: "a@b.example", Expires: "2027-01-31T12:00:00+01:00"}, "Expires: 2027-01-31T12:00:00+01:00", ""},
		{site.Security{Contact: "mailto:a@b.example", Expires: "2026-01-31"}, "Contact: mailto:a@b.example", "security-abgelaufen"},
	} {
		in := sample(t, func(d *site.Draft, _ *Input) { d.Config.Security = c.sec })
		data, ok := files(t, in)[".well-known/security.txt"]
		if ok != (c.want != "") || !strings.Contains("\n"+string(data), "\n"+c.want) {
			t.Errorf("%+v gives %q", c.sec, data)
		}
		if got := codes(in.Diags); got != c.codes {
			t.Errorf("%+v reports %q", c.sec, got)
		}
	}
}

func codes(l *diag.List) string {
	var out []string
	for _, d := range l.Sorted() {
		if strings.HasPrefix(d.Code, "security") || strings.HasPrefix(d.Code, "alias") {
			out = append(out, d.Code)
		}
	}
	return strings.Join(out, " ")
}

func TestAliases(t *testing.T) {
	for _, c := range []struct {
		alias string
		file  string // of the redirect; "" for none
		codes string
	}{
		{"/neu/", "neu/index.html", ""},
		{"/neu", "neu/index.html", ""},
		{"neu/x.htm", "neu/x.htm", ""},
		{"https://probe.example/von/aussen/", "von/aussen/index.html", ""},
		{"/gr%C3%BCn/", "grün/index.html", ""},
		{"/version-1.0", "version-1.0/index.html", ""},
		{"/", "", "alias-vergeben"},
		{"/suche/", "", "alias-vergeben"},
		{"/Geraete/Zelt/", "", "alias-vergeben"},
		{"/geraete/zelt-2", "", "alias-vergeben"},
		{"/papiere/krise/index.html", "", "alias-vergeben"},
		{"/alt/papier", "", "alias-vergeben"},
		{"/papier.html/", "", "alias-vergeben"},
		{"/feed.atom/", "", "alias-vergeben"},
		{"https://anders.example/x/", "", "alias-ungueltig"},
		{"/x/?id=3", "", "alias-ungueltig"},
		{"/x/#da", "", "alias-ungueltig"},
		{"/../x/", "", "alias-ungueltig"},
		{"/x\ny/", "", "alias-ungueltig"},
		{"", "", "alias-ungueltig"},
	} {
		in := sample(t, func(d *site.Draft, _ *Input) {
			e := d.Entries[7] // zelt-2
			e.Aliases = []string{c.alias}
		})
		out := files(t, in)
		if got := codes(in.Diags); got != c.codes {
			t.Errorf("%q reports %q, want %q", c.alias, got, c.codes)
		}
		var redirects []string
		for path, data := range out {
			if strings.Contains(string(data), `url=/geraete/zelt-2/"`) {
				redirects = append(redirects, path)
			}
		}
		if strings.Join(redirects, " ") != c.file {
			t.Errorf("%q writes %q, want %q", c.alias, redirects, c.file)
		}
	}
}

func TestAliasMessage(t *testing.T) {
	in := sample(t, func(d *site.Draft, _ *Input) { d.Entries[7].Aliases = []string{"/geraete/zelt/"} })
	files(t, in)
	var got []string
	for _, d := range in.Diags.Sorted() {
		got = append(got, d.String())
	}
	want := "content/geraete/zelt-2.md: Fehler: Die frühere Adresse „/geraete/zelt/“ ist vergeben: content/geraete/zelt.md. [alias-vergeben]\n" +
		"    → Streichen Sie die Adresse unter „aliases“ oder benennen Sie die andere Seite um."
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}
