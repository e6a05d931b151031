package docx

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/diag"
)

// nasty are texts that mean something in Markdown.
var nasty = []string{
	"*", "**", "_", "__", "`", "``", "[", "]", "(", ")", "<b>", "</b>", "<", ">", "&amp;", "&", "#", "##", "+", "-", "---", "1.", "2)", "10.", "|", "~~", "~", `\`, "!", "![",
	"{#x}", "{", "}", ":::", ":", "=", "===", "[^1]", "[@x]", "[[y]]", "[x]", "[ ]", "]:", "[a]: b", "](c)", "<!-- x -->", "<https://a.de>", "https://a.de/b_c_d", "a@b.de", "status: entwurf", "draft=true",
	"wort", "Wort", "ä", "a_b", "5", "…", "„so“", "§ 3", "\u00ad", "\ue012" + "3" + "\ue013", "\t", "  ", "^", "$x$", "%", "'", "- ", "* ", "> ", "# ", "::: diagramm", "| a |", "\u200b",
}

// maker makes documents at random.
type maker struct{ *rand.Rand }

func (m maker) of(list []string) string { return list[m.IntN(len(list))] }

func (m maker) words() string {
	var b strings.Builder
	for range 1 + m.IntN(5) {
		b.WriteString(m.of(nasty))
		if m.IntN(2) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func (m maker) inlines(depth int) []inline {
	var out []inline
	for range 1 + m.IntN(4) {
		switch k := m.IntN(10); {
		case k < 5 || depth > 2:
			out = append(out, inline{kind: "Str", text: m.words()})
		case k < 7:
			out = append(out, inline{kind: m.of([]string{"Strong", "Emph", "Strikeout", "Underline", "Span"}), kids: m.inlines(depth + 1)})
		case k == 7:
			out = append(out, inline{kind: "Code", text: m.words()})
		case k == 8 && depth == 0:
			out = append(out, inline{kind: "Link", url: "https://example.org/" + m.of([]string{"a", "b(c)", "d|e", "f g", "h_i*j"}), kids: []inline{{kind: "Str", text: "Wort " + m.words()}}})
		default:
			out = append(out, inline{kind: "Superscript", kids: []inline{{kind: "Str", text: m.of([]string{"2", "te", "n+1"})}}})
		}
	}
	return out
}

func (m maker) para() block {
	return block{kind: "Para", in: append([]inline{{kind: "Str", text: m.of(nasty)}}, m.inlines(0)...)}
}

func (m maker) blocks(n, depth int) []block {
	var out []block
	for range n {
		b := m.para()
		switch m.IntN(8) {
		case 0:
			b = block{kind: "Header", level: 1 + m.IntN(4), in: append([]inline{{kind: "Str", text: "Kopf "}}, m.inlines(1)...)}
			if depth > 0 {
				b.kind = "Para"
			}
		case 1, 2:
			if depth < 3 {
				b = block{kind: m.of([]string{"BulletList", "OrderedList"}), digits: true, start: 1 + m.IntN(3)}
				for range 1 + m.IntN(3) {
					b.items = append(b.items, append([]block{m.para()}, m.blocks(m.IntN(2), depth+1)...))
				}
			}
		case 3:
			b = block{kind: "BlockQuote", style: "Quote", blocks: []block{m.para()}}
		case 4:
			b = block{kind: "Table"}
			columns := 2 + m.IntN(2)
			for range 2 + m.IntN(2) {
				var row []cell
				for range columns {
					row = append(row, cell{wide: 1, tall: 1, blocks: []block{m.para()}})
				}
				b.rows = append(b.rows, row)
			}
			b.head, b.rows = b.rows[:1], b.rows[1:]
		}
		out = append(out, b)
	}
	return out
}

var (
	dashes = regexp.MustCompile(`[-–—]+`)
	spaces = regexp.MustCompile(`[\s\x{a0}\x{202f}]+`)
)

// same makes alike what the page's typography sets in another way.
func same(s string) string {
	s = strings.NewReplacer("’", "'", "‘", "'", "‚", "'", "\u00ad", "", "\u200b", "", "\u2060", "").Replace(s)
	return dashes.ReplaceAllString(spaces.ReplaceAllString(s, ""), "-")
}

// TestWriterAnyText: whatever a document says, its Markdown is read as the same
// words, in blocks of the same kinds, and nothing in it is at fault.
func TestWriterAnyText(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2500) {
		m := maker{rand.New(rand.NewPCG(seed, 7))}
		d := &Document{archive: &archive{}, headings: map[string]string{}}
		d.blocks = d.clean(m.blocks(1+m.IntN(4), 0))
		d.levels()
		want := kinds(d.blocks)
		body, _ := d.Write("x")
		page, found := convert(body, nil)
		for _, f := range found {
			if f.Severity == diag.Error {
				t.Errorf("seed %d: %s\n%s", seed, f, body)
			}
		}
		if got := kindsOfPage(t, page); !slices.Equal(want, got) {
			t.Errorf("seed %d: %s\n%s\n%s", seed, difference(want, got), body, page)
		}
		if t.Failed() {
			return
		}
	}
}

// kinds is a line for every paragraph, heading and cell, with its words.
func kinds(list []block) []string {
	var out []string
	add := func(kind string, in []inline) {
		if s := same(plain(in)); s != "" {
			out = append(out, kind+": "+s)
		}
	}
	for _, b := range list {
		switch b.kind {
		case "Para":
			add("p", b.in)
		case "Header":
			add(fmt.Sprint("h", b.level), b.in)
		case "Table":
			for _, row := range append(slices.Clone(b.head), b.rows...) {
				for _, c := range row {
					for _, p := range c.blocks {
						add("cell", p.in)
					}
				}
			}
		}
		out = append(out, kinds(b.blocks)...)
		for _, it := range b.items {
			sub := kinds(it)
			if len(sub) > 0 {
				sub[0] = "li " + sub[0]
			}
			out = append(out, sub...)
		}
	}
	return out
}

func kindsOfPage(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<body>" + page))
	must(t, err)
	var out []string
	var words strings.Builder
	kind, item := "", false
	flush := func() {
		if s := same(words.String()); s != "" {
			k := kind + ": "
			if item {
				k = "li " + k
			}
			out, item = append(out, k+s), false
		}
		words.Reset()
	}
	var walk func(n *html.Node, inside string)
	walk = func(n *html.Node, inside string) {
		switch {
		case n.Type == html.TextNode:
			kind = inside
			words.WriteString(n.Data)
			return
		case hasClass(n, "anchor", "visually-hidden"):
			return
		case n.Data == "li":
			flush()
			item, inside = true, "p"
		case n.Data == "td", n.Data == "th":
			flush()
			inside = "cell"
		case n.Data == "p" || len(n.Data) == 2 && n.Data[0] == 'h' && n.Data != "hr":
			flush()
			inside = n.Data
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
		switch n.Data {
		case "li", "td", "th", "p", "ul", "ol", "h2", "h3", "h4", "h5", "h6":
			flush()
		}
	}
	walk(root, "")
	flush()
	return out
}
