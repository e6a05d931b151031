package export

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/site"
)

// readAtom is what a feed reader sees; it shares nothing with the writer.
type readAtom struct {
	XMLName xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string       `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string     `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string     `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string     `xml:"http://www.w3.org/2005/Atom updated"`
	Links   []readLink   `xml:"http://www.w3.org/2005/Atom link"`
	Authors []readPerson `xml:"http://www.w3.org/2005/Atom author"`
	Entries []readEntry  `xml:"http://www.w3.org/2005/Atom entry"`
}

type readLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type readPerson struct {
	Name []string `xml:"http://www.w3.org/2005/Atom name"`
}

type readEntry struct {
	ID        []string     `xml:"http://www.w3.org/2005/Atom id"`
	Title     []string     `xml:"http://www.w3.org/2005/Atom title"`
	Updated   []string     `xml:"http://www.w3.org/2005/Atom updated"`
	Published []string     `xml:"http://www.w3.org/2005/Atom published"`
	Links     []readLink   `xml:"http://www.w3.org/2005/Atom link"`
	Authors   []readPerson `xml:"http://www.w3.org/2005/Atom author"`
	Summary   []readText   `xml:"http://www.w3.org/2005/Atom summary"`
	Content   []readText   `xml:"http://www.w3.org/2005/Atom content"`
}

type readText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// checkAtom asserts the MUSTs of RFC 4287, sections 3 and 4, as far as they
// concern what we write.
func checkAtom(t *testing.T, path string, data []byte) readAtom {
	t.Helper()
	var f readAtom
	if err := xml.Unmarshal(data, &f); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	fail := func(format string, args ...any) { t.Errorf("%s: %s", path, fmt.Sprintf(format, args...)) }
	if f.Lang == "" {
		fail("no xml:lang")
	}
	once := func(what string, v []string) {
		if len(v) != 1 || v[0] == "" {
			fail("%s must be there once, got %q", what, v)
		}
	}
	once("id", f.ID)
	once("title", f.Title)
	once("updated", f.Updated)
	if len(f.Authors) == 0 {
		fail("an author is required unless every entry has one")
	}
	self := 0
	for _, l := range f.Links {
		if l.Rel == "self" {
			self++
		}
	}
	if self != 1 {
		fail("%d links to itself", self)
	}
	checkLinks(t, path, f.Links)
	ids, newest := map[string]bool{}, time.Time{}
	for _, e := range f.Entries {
		once("entry id", e.ID)
		once("entry title", e.Title)
		once("entry updated", e.Updated)
		if ids[e.ID[0]] {
			fail("id twice: %s", e.ID[0])
		}
		ids[e.ID[0]] = true
		checkIRI(t, path, e.ID[0])
		checkLinks(t, path, e.Links)
		up := checkDate(t, path, e.Updated[0])
		if up.After(newest) {
			newest = up
		}
		for _, p := range e.Published {
			if checkDate(t, path, p).After(up) {
				fail("published after it was updated: %s", e.ID[0])
			}
		}
		if len(e.Published) > 1 || len(e.Summary) > 1 || len(e.Content) > 1 {
			fail("published, summary and content may be there once: %s", e.ID[0])
		}
		if len(e.Content)+len(e.Summary) == 0 {
			fail("nothing to read: %s", e.ID[0])
		}
		for _, c := range append(slices.Clone(e.Content), e.Summary...) {
			if c.Type != "html" && c.Type != "text" {
				fail("type %q of a text", c.Type)
			}
		}
		for _, a := range append(slices.Clone(e.Authors), f.Authors...) {
			once("name of a person", a.Name)
		}
	}
	if up := checkDate(t, path, f.Updated[0]); len(f.Entries) > 0 && !up.Equal(newest) {
		fail("updated %s, but the newest entry is of %s", up, newest)
	}
	return f
}

// checkLinks asserts absolute addresses, and no two alternate links of the
// same type and language.
func checkLinks(t *testing.T, path string, links []readLink) {
	t.Helper()
	seen, html := map[string]bool{}, false
	for _, l := range links {
		checkIRI(t, path, l.Href)
		key := l.Type + " " + l.Lang
		if l.Rel == "alternate" && seen[key] {
			t.Errorf("%s: two alternate links for %s", path, key)
		}
		if l.Rel == "alternate" {
			seen[key] = true
			html = html || l.Type == "text/html"
		}
	}
	if !html {
		t.Errorf("%s: no link to a page", path)
	}
}

func checkIRI(t *testing.T, path, s string) {
	t.Helper()
	if u, err := url.Parse(s); err != nil || !u.IsAbs() || u.Host == "" {
		t.Errorf("%s: %q is not absolute", path, s)
	}
}

func checkDate(t *testing.T, path, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return d
}

func TestAtomIsValid(t *testing.T) {
	n := 0
	for path, data := range files(t, sample(t, nil)) {
		if strings.HasSuffix(path, ".atom") {
			checkAtom(t, path, data)
			n++
		}
	}
	if n != 7 {
		t.Errorf("%d feeds", n)
	}
}

func TestJSONFeedIsValid(t *testing.T) {
	for path, data := range files(t, sample(t, nil)) {
		if strings.HasSuffix(path, "feed.json") {
			checkJSONFeed(t, path, data)
		}
	}
}

// checkJSONFeed asserts what version 1.1 requires.
func checkJSONFeed(t *testing.T, path string, data []byte) {
	t.Helper()
	var f map[string]any
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if f["version"] != "https://jsonfeed.org/version/1.1" || f["title"] == "" {
		t.Errorf("%s: version %v, title %v", path, f["version"], f["title"])
	}
	checkIRI(t, path, f["feed_url"].(string))
	checkIRI(t, path, f["home_page_url"].(string))
	ids := map[any]bool{}
	for _, x := range f["items"].([]any) {
		item := x.(map[string]any)
		if id, _ := item["id"].(string); id == "" || ids[id] {
			t.Errorf("%s: id %q is empty or there twice", path, id)
		}
		ids[item["id"]] = true
		if item["content_html"] == nil && item["content_text"] == nil {
			t.Errorf("%s: %v has neither content_html nor content_text", path, item["id"])
		}
		for _, k := range []string{"date_published", "date_modified"} {
			if s, ok := item[k].(string); ok {
				checkDate(t, path, s)
			}
		}
	}
}

func TestLinksInFeedsAreAbsolute(t *testing.T) {
	for path, data := range files(t, sample(t, nil)) {
		if !strings.HasSuffix(path, ".atom") {
			continue
		}
		for _, e := range checkAtom(t, path, data).Entries {
			for _, c := range e.Content {
				z := html.NewTokenizer(strings.NewReader(c.Text))
				for z.Next() != html.ErrorToken {
					for _, a := range z.Token().Attr {
						if a.Key == "href" || a.Key == "src" {
							checkIRI(t, path, a.Val)
						}
					}
				}
			}
		}
	}
}

func TestAbsoluteLinks(t *testing.T) {
	for _, c := range [][2]string{
		{`<a href="/x/?a=1&amp;b=2">`, `<a href="https://h.example/x/?a=1&amp;b=2">`},
		{`<a href="../y/">y</a>`, `<a href="https://h.example/p/y/">y</a>`},
		{`<a href="mailto:a@b.example">`, `<a href="mailto:a@b.example">`},
		{`<a href="//o.example/">`, `<a href="https://o.example/">`},
		{`<img src="b.png" srcset="b.png 1x,  c.png 2x" alt="&quot;">`, `<img src="https://h.example/p/x/b.png" srcset="https://h.example/p/x/b.png 1x, https://h.example/p/x/c.png 2x" alt="&#34;">`},
		{`<p title="a &lt; b">1 &lt; 2 &amp; <code>&lt;a href="/"&gt;</code></p>`, `<p title="a &lt; b">1 &lt; 2 &amp; <code>&lt;a href="/"&gt;</code></p>`},
	} {
		if got := absoluteLinks(c[0], "https://h.example/p/x/"); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func TestFeedKeepsTheNewest(t *testing.T) {
	in := sample(t, func(d *site.Draft, _ *Input) {
		for i := range 40 {
			d.Entries = append(d.Entries, entry(d.Types[1], fmt.Sprintf("g%02d", i), "de", "Gerät", date("2020-01-01").AddDate(0, i, 0)))
		}
	})
	entries := TypeFeed(in.Site, in.Site.Type("geraet"), "de").entries()
	if len(entries) != feedLength || entries[0].ID != "zelt-2" {
		t.Fatalf("%d entries, first %s", len(entries), entries[0].ID)
	}
	if last := entries[feedLength-1].ID; last != "g12" {
		t.Errorf("last is %s", last)
	}
}

// TestFeedLeavesLongTextsOut: of an entry as long as a law, the feeds have the
// summary and are valid all the same.
func TestFeedLeavesLongTextsOut(t *testing.T) {
	for size, want := range map[int]bool{feedText / 2: true, feedText * 2: false} {
		in := sample(t, func(_ *site.Draft, in *Input) {
			in.Body = func(*site.Entry) template.HTML {
				return template.HTML("<p>" + strings.Repeat("Wort ", size/5) + "</p>")
			}
		})
		f := TypeFeed(in.Site, in.Site.Type("papier"), "de")
		entries := f.entries()
		atom, feed := in.atom(f, entries), in.jsonFeed(f, entries)
		checkAtom(t, f.Atom, atom)
		checkJSONFeed(t, f.JSON, feed)
		if got := strings.Contains(string(atom), "Wort Wort") && strings.Contains(string(feed), "Wort Wort"); got != want {
			t.Errorf("text of %d bytes in the feeds: %v, want %v", size, got, want)
		}
	}
}

func TestWhichFeedsExist(t *testing.T) {
	in := sample(t, func(d *site.Draft, _ *Input) {
		empty, _, _, _ := sampleTypes()
		empty.Name, empty.Folder, empty.Nav = "leer", "leer", 30
		d.Types = append(d.Types, empty)
		undated := entry(d.Types[1], "undatiert", "de", "Ohne Datum", time.Time{})
		d.Entries = append(d.Entries, undated, entry(empty, "nichts", "de", "Nichts", time.Time{}))
	})
	var got []string
	for _, f := range Feeds(in.Site) {
		got = append(got, f.Atom)
		if f.JSON != strings.TrimSuffix(f.Atom, ".atom")+".json" {
			t.Errorf("JSON at %s", f.JSON)
		}
	}
	want := []string{"/feed.atom", "/papiere/feed.atom", "/geraete/feed.atom", "/leer/feed.atom",
		"/themen/vorsorge/feed.atom", "/themen/technik/feed.atom", "/en/feed.atom", "/en/papiere/feed.atom"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	out := files(t, in)
	if f := checkAtom(t, "leer", out["leer/feed.atom"]); f.Updated[0] != "1970-01-01T00:00:00Z" {
		t.Errorf("an empty feed is of %s", f.Updated[0])
	}
	checkJSONFeed(t, "leer", out["leer/feed.json"])
	if strings.Contains(string(out["geraete/feed.atom"]), "undatiert") {
		t.Error("an entry without a date is in the feed")
	}
}
