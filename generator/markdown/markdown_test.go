package markdown

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/diag"
)

func convert(body string) *Doc {
	c := New(Config{Words: words, Resolver: site{}, Diags: &diag.List{Lenient: true}, SiteHost: "portal.example"})
	return c.Convert(Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Lang: "de", Body: []byte(body), Terms: testTerms(), Sources: []Source{{Key: "khzg"}}})
}

// wellFormed parses HTML as strictly as XML: every element is closed in order,
// nothing may lead to a script, no id comes twice, every link on the page
// leads somewhere.
func wellFormed(src string) error {
	var open []string
	ids, links := map[string]bool{}, []string{}
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		kind := z.Next()
		t := z.Token()
		switch kind {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Errorf("not closed: %v", open)
			}
			for _, l := range links {
				if id := strings.TrimPrefix(l, "#"); !ids[id] && !strings.HasPrefix(id, "begriff-") && !strings.HasPrefix(id, "quelle-") {
					return fmt.Errorf("nothing has the id %q", id)
				}
			}
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := harmless(t); err != nil {
				return err
			}
			for _, a := range t.Attr {
				if a.Key == "id" && ids[a.Val] {
					return fmt.Errorf("id %q comes twice", a.Val)
				} else if a.Key == "id" {
					ids[a.Val] = true
				}
				if a.Key == "href" && strings.HasPrefix(a.Val, "#") && a.Val != "#fehlt" {
					links = append(links, a.Val)
				}
			}
			switch t.Data {
			case "br", "hr", "img":
			default:
				if kind == html.StartTagToken {
					open = append(open, t.Data)
				}
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != t.Data {
				return fmt.Errorf("</%s> closes %v", t.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
}

var allowedTags = regexp.MustCompile(`^(a|aside|blockquote|br|circle|code|dd|del|desc|div|dl|dt|em|figcaption|figure|h[2-6]|hr|img|li|line|ol|p|path|pre|rect|section|span|strong|sup|svg|table|tbody|td|text|th|thead|title|tr|ul)$`)

func harmless(t html.Token) error {
	if !allowedTags.MatchString(t.Data) {
		return fmt.Errorf("element %s", t.Data)
	}
	for _, a := range t.Attr {
		v := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
			return fmt.Errorf("attribute %s", a.Key)
		}
		if a.Key == "href" && (strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:")) {
			return fmt.Errorf("address %s", a.Val)
		}
	}
	return nil
}

// nested finds what a parser would move: links in links, blocks in paragraphs.
func nested(src string) error {
	root, err := html.Parse(strings.NewReader("<!doctype html><body>" + src))
	if err != nil {
		return err
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data != "html" && n.Data != "head" && n.Data != "body" {
			b.WriteString("<" + n.Data + ">")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	var tokens strings.Builder
	for z := html.NewTokenizer(strings.NewReader(src)); ; {
		k := z.Next()
		if k == html.ErrorToken {
			break
		}
		if k == html.StartTagToken || k == html.SelfClosingTagToken {
			name, _ := z.TagName()
			tokens.WriteString("<" + string(name) + ">")
		}
	}
	if b.String() != tokens.String() {
		return fmt.Errorf("the parser makes %s of %s", b.String(), tokens.String())
	}
	return nil
}

func FuzzConvert(f *testing.F) {
	for _, s := range []string{
		"# A\n\n[[manv]] [^1] [@khzg]\n\n[^1]: x", "<script>alert(1)</script>", "[x](javascript:alert(1))", "[a [b](c) [[d]]](e)",
		"> [!HINWEIS] *x*\n> y", "::: diagramm saeulen titel=\"x\" quelle=y\n|a|b|\n|-|-|\n|c|-1,5|\n:::", "| |\n|-|\n", "- [ ] x\n  - y",
		"a\n: b\n\n: c", "![](x.png){credit=\"<b>\"}", "<!-- x", "\"a 'b\" c'", "## {#a}\n## x {#a onclick=1}", "[^a]: [^a]", "&#0;&#1;&#x3c;b>\x01\x00\xff",
		"www.www.www. http://a.b/((( a@b.c@d.e", "::: diagramm linie\n|x|1|2|3|4|\n|-|-|-|-|-|\n|1|9e999|NaN|1|2|", "[x](<a b> \"t\"){lang=\"\\\"\"}", "***a** b* ~~c*~~",
		"[![x](karte.png)](manv)[](manv)", "<a@b.c> <tel:1> <javascript:x>", "`a\nb` ``` ` ```", "1. a\n\n   b\n2. > c\n   - d", "Setext\n===\nx\n---",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		watch := time.AfterFunc(10*time.Second, func() { panic(fmt.Sprintf("no end: %q", body)) })
		defer watch.Stop()
		d := convert(body)
		if err := wellFormed(d.HTML); err != nil && !strings.Contains(err.Error(), "nothing has the id") {
			t.Fatalf("%v\n%q\n%s", err, body, d.HTML)
		}
		if err := nested(d.HTML); err != nil {
			t.Fatalf("%v\n%q\n%s", err, body, d.HTML)
		}
		if d2 := convert(body); !reflect.DeepEqual(d, d2) {
			t.Fatalf("two results for %q", body)
		}
	})
}

// TestLong holds that no input of 100 KB takes long, whatever is repeated. Deep
// nesting is quadratic in goldmark itself, so there is less of it.
func TestLong(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	for _, unit := range []string{
		"[", "[[", "[[a", "[@", "[^", "[^a]", "![", "](", "*", "_a", "**a ", "~~", "`", "<", "<a ", "<!--", "&", "&a;", "\"", "'a", "' ", "a'", ">", "> ", "- ",
		"a\n", "a@", "a.b@", "www.", "www./", "http://", "http://a.b/)", "http://a.b/( ", "-", "- - ", ".", "...", "z.", "§ ", "\\", "\\[", "{", "[a](b){c=", ":", ":::", "::: a=„", "|", "|a", "| - ",
		"# a\n", "#### \n", "[^a]: b\n", "[^a] [^b] ", "a\n: b\n", "MANV ", "Massenanfall von ", "![a](b)", "[a](b)\n", "> [!HINWEIS]\n\n", "<br>", "    a\n", "```\n", "\x00", "\xff", "x",
	} {
		size := 100_000
		if unit == ">" || unit == "> " || unit[0] == '[' {
			size = 20_000
		}
		body := strings.Repeat(unit, size/len(unit))
		start := time.Now()
		convert(body)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%q takes %v", unit, took)
		} else if took > 300*time.Millisecond {
			t.Logf("%q takes %v", unit, took)
		}
	}
}

// TestConcurrent holds that conversions do not disturb each other.
func TestConcurrent(t *testing.T) {
	c := New(Config{Words: words, Resolver: site{}, Diags: &diag.List{}})
	body := []byte("# A\n\n\"MANV\" [^1] und [[manv]] <br>\n\n```go\nfunc x() {}\n```\n\n[^1]: x\n")
	terms := testTerms()
	var wg sync.WaitGroup
	docs := make([]*Doc, 16)
	for i := range docs {
		wg.Go(func() {
			docs[i] = c.Convert(Input{Pos: diag.Pos{File: "x.md", Line: 1}, Lang: "de", Body: body, Terms: terms})
		})
	}
	wg.Wait()
	for _, d := range docs {
		if !reflect.DeepEqual(d, docs[0]) {
			t.Fatal("results differ")
		}
	}
}

// TestScope: several texts on one page share ids and numbers.
func TestScope(t *testing.T) {
	c := New(Config{Words: words, Resolver: site{}, Diags: &diag.List{}})
	s := NewScope()
	var page strings.Builder
	for range 2 {
		d := c.Convert(Input{Lang: "de", Scope: s, Terms: testTerms(), Sources: []Source{{Key: "a"}, {Key: "b"}},
			Body: []byte("## Teil\n\nMANV[^1] [@b] [@a]\n\n|a|\n|-|\n|b|\n\n> [!HINWEIS]\n> x\n\n[^1]: Note\n")})
		page.WriteString(d.HTML)
	}
	if err := wellFormed(page.String()); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`id="teil-2"`, `"Tabelle 2"`, `id="fn-2"`, `<ol start="2">`, `id="hinweis-2"`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %s in\n%s", want, page.String())
		}
	}
	if got := s.Cited(); !reflect.DeepEqual(got, []string{"b", "a"}) {
		t.Error(got)
	}
}

// TestPositions: a column counts characters, also behind a front matter and in
// a field that starts within a line.
func TestPositions(t *testing.T) {
	diags := &diag.List{}
	c := New(Config{Words: words, Resolver: site{}, Diags: diags})
	c.Convert(Input{Pos: diag.Pos{File: "a.md", Line: 10}, Lang: "de", Body: []byte("\nÄÖÜ ß [[fehlt]]\n\n> > - „x“ [[fehlt2]]\n")})
	c.Inline(Input{Pos: diag.Pos{File: "b.md", Line: 3, Col: 12}, Lang: "de", Body: []byte("Größe [[fehlt3]]")})
	var got []string
	for _, d := range diags.Sorted() {
		got = append(got, d.Pos.String())
	}
	if want := []string{"a.md:11:7", "a.md:13:11", "b.md:3:18"}; !reflect.DeepEqual(got, want) {
		t.Error(got, want)
	}
}

func TestTypographyOfTitles(t *testing.T) {
	for in, want := range map[string]string{
		`Ein "Titel" - mit § 5`: "Ein „Titel“\u00a0– mit §\u00a05",
		"a < b & c":             "a < b & c",
	} {
		if got := Typography("de", in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestContrast holds WCAG AA for highlighted code on its ground.
func TestContrast(t *testing.T) {
	for _, c := range codeColours() {
		if r := contrast(c.light, codeGround); r < 4.5 {
			t.Errorf("%s light %.2f", c.class, r)
		}
		if r := contrast(c.dark, codeGroundDark); r < 4.5 {
			t.Errorf("%s dark %.2f", c.class, r)
		}
	}
	if css := ChromaCSS(); !strings.Contains(css, "prefers-color-scheme:dark") || strings.Count(css, "{") != strings.Count(css, "}") {
		t.Error(css)
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	l := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]float64{"1.250,5": 1250.5, "12,5": 12.5, "-3": -3, "−3": -3, "–3": -3, "1 234": 1234, "42 %": 42, "0": 0, "1.000.000": 1e6} {
		if got, ok := parseNumber("de", in); !ok || got != want {
			t.Errorf("%s: %v %v", in, got, ok)
		}
	}
	for _, in := range []string{"viel", "12.5", "1.25", "1e3", "NaN", "Inf", "1,2,3", "0x1"} {
		if got, ok := parseNumber("de", in); ok {
			t.Errorf("%s: %v", in, got)
		}
	}
	if v, ok := parseNumber("en", "1,250.5"); !ok || v != 1250.5 {
		t.Error(v)
	}
}
