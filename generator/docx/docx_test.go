package docx

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/docx/docxtest"
	"github.com/ag-vzkm/portal/generator/markdown"
)

var update = flag.Bool("update", false, "write the golden files anew")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// needPandoc skips a test where pandoc is not installed, but never on a build
// server: there it has to be.
func needPandoc(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("pandoc"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("pandoc is not installed; .ci/setup.sh installs it")
		}
		t.Skip("pandoc is not installed: nothing is read from Word files here")
	}
}

// resolver knows every entry, picture and path.
type resolver struct{}

func (resolver) Entry(id, _ string) (markdown.Target, bool) {
	return markdown.Target{ID: id, URL: "/" + id + "/", Title: id}, true
}
func (resolver) Suggest(string) string                       { return "" }
func (resolver) Path(_, dest string) (string, bool)          { return dest, true }
func (resolver) Image(_, src string) (markdown.Image, error) { return markdown.Image{URL: src}, nil }

// convert is the HTML of a text, and what is wrong with it.
func convert(body string, known []Source) (string, []diag.Diagnostic) {
	var diags diag.List
	c := markdown.New(markdown.Config{Resolver: resolver{}, Diags: &diags, Words: func(_, key string, _ ...any) string { return key }})
	var sources []markdown.Source
	for _, s := range known {
		sources = append(sources, markdown.Source{Key: s.Key, Title: s.Title, URL: s.URL})
	}
	doc := c.Convert(markdown.Input{Pos: diag.Pos{File: "x.md", Line: 1, Col: 1}, Lang: "de", Body: []byte(body), Sources: sources})
	return doc.HTML, diags.Sorted()
}

// outline is a text's structure: a line for each block with its words and the
// marks in it. What the page adds by itself is left out.
func outline(t testing.TB, source string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<body>" + source))
	must(t, err)
	var out []string
	var words strings.Builder
	path := []string{}
	flush := func() {
		if s := strings.Join(strings.Fields(words.String()), " "); s != "" {
			out = append(out, strings.Join(path, " ")+": "+s)
		}
		words.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			words.WriteString(n.Data)
			return
		case n.Type != html.ElementNode || slices.Contains([]string{"html", "head", "body"}, n.Data):
		case hasClass(n, "anchor", "visually-hidden", "cite", "footnote-back", "callout__kind", "figure__credit"):
			return
		case slices.Contains([]string{"div", "thead", "tbody", "section"}, n.Data):
		case slices.Contains([]string{"em", "strong", "code", "del", "sup"}, n.Data):
			words.WriteString("<" + n.Data + ">")
			defer words.WriteString("</" + n.Data + ">")
		case n.Data == "a":
			if to := attribute(n, "href"); !strings.HasPrefix(to, "#fn") {
				words.WriteString("<" + to + ">")
			}
		case n.Data == "img":
			words.WriteString("<img " + attribute(n, "alt") + ">")
		case n.Data == "br":
			words.WriteString(" ")
		default:
			flush()
			path = append(path, n.Data+attribute(n, "start"))
			if slices.Contains([]string{"ul", "ol", "blockquote", "table", "dl", "aside"}, n.Data) {
				out = append(out, strings.Join(path, " ")) // two lists are not one
			}
			defer func() { flush(); path = path[:len(path)-1] }()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	flush()
	return out
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, names ...string) bool {
	return slices.ContainsFunc(strings.Fields(attribute(n, "class")), func(c string) bool { return slices.Contains(names, c) })
}

// TestGolden: each document below testdata, its Markdown and its report. What is
// written has no fault.
func TestGolden(t *testing.T) {
	needPandoc(t)
	files, err := filepath.Glob("testdata/*.txt")
	must(t, err)
	if len(files) < 6 {
		t.Fatal("documents are missing:", files)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			must(t, err)
			data, err := docxtest.Make(string(source))
			must(t, err)
			d, err := Read(context.Background(), data, Options{Sources: true, Reject: strings.Contains(file, "verworfen"), Entry: entries})
			must(t, err)
			body, notes := d.Write("papier")
			compare(t, strings.TrimSuffix(file, ".txt")+".md", body)
			compare(t, strings.TrimSuffix(file, ".txt")+".report", report(d, notes))
			_, found := convert(body, d.Sources)
			for _, x := range found {
				if x.Severity == diag.Error {
					t.Error(x)
				}
			}
		})
	}
}

func entries(address string) string {
	if id, ok := strings.CutPrefix(address, "https://portal.example/produkte/"); ok {
		return strings.Trim(id, "/")
	}
	return ""
}

// report is all that a document comes to beside its text.
func report(d *Document, notes []Note) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Titel: %s\nKurzfassung: %s\n", d.Title, d.Summary)
	if len(d.Authors) > 0 {
		fmt.Fprintf(&b, "Autoren: %s\n", strings.Join(d.Authors, "; "))
	}
	if !d.Date.IsZero() {
		fmt.Fprintf(&b, "Geändert: %s\n", d.Date.Format(time.DateOnly))
	}
	for _, s := range d.Sources {
		fmt.Fprintf(&b, "Quelle %s: %s | %s | %s | %s\n", s.Key, s.Publisher, s.Title, s.URL, s.Accessed)
	}
	for _, p := range d.Pictures {
		fmt.Fprintf(&b, "Bild %s: %d Bytes\n", p.Name, len(p.Data))
	}
	for _, n := range notes {
		fmt.Fprintf(&b, "%d:%d: %s\n", n.Line, n.Column, n.Text)
		if n.Hint != "" {
			fmt.Fprintf(&b, "    → %s\n", n.Hint)
		}
	}
	return b.String()
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if string(want) != got {
		t.Errorf("%s is another now (-update writes it anew):\n%s", file, got)
	}
}

var (
	ours    = regexp.MustCompile(`\[@[^\]]*\]`)
	callout = regexp.MustCompile(`(?m)^> \[!\w+\] ?(.*)$`)
	ref     = regexp.MustCompile(`\[\[([^\]|\\]+)(?:\\?\|([^\]]+))?\]\]`)
	chart   = regexp.MustCompile(`(?m)^:::.*\n?`)
	picture = regexp.MustCompile(`(?m)^!\[.*\n`)
	inSite  = regexp.MustCompile(`\]\((?:#|(/))`)
)

// TestRoundTrip: entries of this portal, made Word documents by pandoc, come
// back with the same headings, lists, tables, notes, links and words.
func TestRoundTrip(t *testing.T) {
	needPandoc(t)
	var files []string
	for _, pattern := range []string{"positionen/*", "produkte/m*", "bedarfe/*", "foerderung/k*", "glossar/r*", "arbeitsfelder/*", "*"} {
		found, err := filepath.Glob("../../content/" + pattern + ".md")
		must(t, err)
		files = append(files, found...)
	}
	if len(files) < 30 {
		t.Fatal("entries are missing:", files)
	}
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, "../../content/"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			must(t, err)
			body := forPandoc(string(text))
			cmd := exec.Command("pandoc", "--from=markdown-citations-smart-example_lists-fancy_lists-tex_math_dollars-raw_html-auto_identifiers+gfm_auto_identifiers", "--to=docx", "--output=-")
			cmd.Stdin = strings.NewReader(body)
			data, err := cmd.Output()
			must(t, err)
			d, err := Read(context.Background(), data, Options{})
			must(t, err)
			d.Title = ""
			back, _ := d.Write("x")
			want, _ := convert(body, nil)
			got, found := convert(back, nil)
			for _, x := range found {
				if x.Severity == diag.Error {
					t.Error(x)
				}
			}
			if a, b := outline(t, want), outline(t, got); !slices.Equal(a, b) {
				t.Error(difference(a, b), "\n", back)
			}
		})
	}
}

// forPandoc is an entry's text without what only our Markdown has.
func forPandoc(s string) string {
	_, s, _ = strings.Cut(strings.TrimPrefix(s, "---\n"), "\n---\n")
	s = callout.ReplaceAllString(s, "> **$1**\n>")
	s = strings.ReplaceAll(s, "> ****\n>\n", "")
	s = ref.ReplaceAllStringFunc(s, func(m string) string {
		p := ref.FindStringSubmatch(m)
		if p[2] == "" {
			return p[1]
		}
		return p[2]
	})
	s = inSite.ReplaceAllString(s, "](https://example.org$1")
	return picture.ReplaceAllString(chart.ReplaceAllString(ours.ReplaceAllString(s, ""), ""), "")
}

func difference(want, got []string) string {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			return "too much: " + got[i]
		case i >= len(got):
			return "missing: " + want[i]
		case want[i] != got[i]:
			return "\nwant " + want[i] + "\ngot  " + got[i]
		}
	}
	return ""
}

// TestProperties: what a program leaves out of a date costs neither the date nor
// the title.
func TestProperties(t *testing.T) {
	for modified, want := range map[string]string{
		"2026-10-30T08:00:00Z": "2026-10-30",
		"2026-10-30T08:00:00":  "2026-10-30",
		"2026-10-30":           "2026-10-30",
		"":                     "0001-01-01",
		"gestern":              "0001-01-01",
	} {
		core := `<cp:coreProperties xmlns:cp="a" xmlns:dc="b" xmlns:dcterms="c"><dc:title>Depots</dc:title><dcterms:modified>` + modified + `</dcterms:modified></cp:coreProperties>`
		a := &archive{parts: map[string][]byte{"docProps/core.xml": []byte(core)}}
		if p := a.properties(); p.Title != "Depots" || p.Modified.Format(time.DateOnly) != want {
			t.Errorf("%q: title %q, modified %v", modified, p.Title, p.Modified)
		}
	}
}
