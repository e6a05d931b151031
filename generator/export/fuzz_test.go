package export

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/site"
)

// Whatever stands in a title, every file stays what it is, and a reader of
// the format gets the title back.
func FuzzTitle(f *testing.F) {
	for _, s := range []string{
		"</script><script>alert(1)</script>", `"quoted" 'single' „deutsch“`, "A & B &amp; C", "🚑 Hilfe\u200d🚒", "erste\nzweite\r\nZeile",
		`{} \ % $ # _ ~ ^ }{`, "]]> <!-- --> <![CDATA[", "=1+1", "-2+3|cmd", "@x", "a;b,c\td", "\\{", "}", "{", "\u2028 \u2029", "\x00\x01 \x7f",
		"\xff\xfe", strings.Repeat("Donaudampfschifffahrt ", 12), "ER  - ", "Smith and Wesson, John", " ", "%", "\u202ertl",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if oneLine(s) == "" {
			t.Skip() // a missing title is found when the content is read
		}
		in := sample(t, func(d *site.Draft, _ *Input) {
			for _, e := range []*site.Entry{d.Entries[0], d.Entries[6]} {
				e.Title, e.Summary = s, s
			}
			d.Entries[0].Values.Items[0].Value = list(str(s), str(s+", "+s))
			d.Config.Title, d.Config.Publisher.Name = s, s
		})
		for path, data := range files(t, in) {
			checkFile(t, path, data, s)
		}
		for _, e := range in.Site.Entries {
			b := JSONLD(in, e)
			if bytes.ContainsAny(b, "<>&") {
				t.Errorf("not safe in a script: %s", b)
			}
			decode(t, b)
			for _, m := range EntryMeta(in, e) {
				if strings.ContainsAny(m.Content, "\r\n") || m.Content == "" {
					t.Errorf("meta %s%s: %q", m.Name, m.Property, m.Content)
				}
			}
		}
	})
}

// plain reports whether a text survives XML and JSON unchanged.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cc, r) || r == 0xFFFE || r == 0xFFFF })
}

func checkFile(t *testing.T, path string, data []byte, title string) {
	t.Helper()
	same := func(got string) {
		if want := oneLine(title); plain(want) && got != want {
			t.Errorf("%s: the title is %q, want %q", path, got, want)
		}
	}
	switch {
	case strings.HasSuffix(path, ".atom"):
		for _, e := range checkAtom(t, path, data).Entries {
			if e.ID[0] == "https://probe.example/papiere/krise/" {
				same(e.Title[0])
			}
		}
	case strings.HasSuffix(path, "feed.json"):
		checkJSONFeed(t, path, data)
	case strings.HasSuffix(path, ".csl.json"):
		checkCSL(t, data)
	case strings.HasSuffix(path, ".json"):
		decode(t, data)
	case strings.HasSuffix(path, ".bib"):
		checkBibTeX(t, data)
	case strings.HasSuffix(path, ".ris"):
		checkRIS(t, data)
	case path == "geraete/geraete.csv":
		got := readCSV(t, data, ';')[0]["title"]
		if got != "" && strings.ContainsAny(got[:1], "=+-@") && !numeric.MatchString(got) {
			t.Errorf("%s: %q is a formula", path, got)
		}
		if got != harmless(got) || strings.ContainsAny(oneLine(title)[:1], "=+-@") {
			got = strings.TrimPrefix(got, "'")
		}
		same(got)
	case path == "alt/papier/index.html":
		checkRedirect(t, data, same)
	}
}

func checkRedirect(t *testing.T, data []byte, title func(string)) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(data))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		tok := z.Token()
		if kind != html.StartTagToken {
			continue
		}
		if tok.Data == "script" {
			t.Errorf("a script:\n%s", data)
		}
		if tok.Data == "title" && z.Next() == html.TextToken {
			title(z.Token().Data)
		}
	}
}
