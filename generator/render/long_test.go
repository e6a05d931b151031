package render

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestBody: the parts of a long text are all there, in order, and the style
// sheet knows their classes.
func TestBody(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("../../templates/components/prose/prose.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range partHeights {
		if !strings.Contains(string(css), fmt.Sprintf(".later-%d {\n  --height: %drem;", h, h)) {
			t.Errorf("prose.css has no class for parts of %d rem", h)
		}
	}
	wrap := regexp.MustCompile(`<div class="prose later later-(\d+)">\n((?s).*?)</div>\n`)
	line, code := strings.Repeat("Wort ", 20)+"\n", "x\n"
	for name, c := range map[string]struct {
		parts   []string // the first stands for itself
		heights string
	}{
		"short":  {[]string{"<p>a</p>\n"}, ""},
		"prose":  {[]string{"<p>a</p>\n", strings.Repeat(line, 100), strings.Repeat(line, 200)}, "250 450"},
		"code":   {[]string{"<p>a</p>\n", strings.Repeat(code, 1000), strings.Repeat(code, 2000)}, "800 1400"},
		"little": {[]string{"<p>a</p>\n", "<p>b</p>\n"}, "80"},
		"huge":   {[]string{"<p>a</p>\n", strings.Repeat(code, 90000)}, "2500"},
	} {
		text, at := Text{HTML: strings.Join(c.parts, "")}, 0
		for _, p := range c.parts[:len(c.parts)-1] {
			at += len(p)
			text.Breaks = append(text.Breaks, at)
		}
		got := string(body(&text))
		var heights []string
		for _, m := range wrap.FindAllStringSubmatch(got, -1) {
			heights = append(heights, m[1])
		}
		if strings.Join(heights, " ") != c.heights {
			t.Errorf("%s: heights %v, want %s", name, heights, c.heights)
		}
		if bare := wrap.ReplaceAllString(got, "$2"); bare != text.HTML {
			t.Errorf("%s: without its boxes the text is %.80s", name, bare)
		}
	}
}

func TestOutline(t *testing.T) {
	t.Parallel()
	headings := func(levels string, times int) []Heading {
		var out []Heading
		for _, l := range strings.Repeat(levels, times) {
			out = append(out, Heading{Level: int(l - '0'), ID: fmt.Sprint(len(out))})
		}
		return out
	}
	for name, c := range map[string]struct {
		all   []Heading
		shown int
		full  bool
		last  string
	}{
		"all of a few":                       {headings("233", 26), 78, false, "77"},
		"chapters of many sections":          {headings("23333", 30), 30, true, "145"},
		"some sections if there is one part": {append(headings("2", 1), headings("3", 399)...), 40, true, "389"},
		"some of very many chapters":         {headings("2", 1000), 40, true, "975"},
	} {
		shown, full := outline(c.all)
		if len(shown) != c.shown || len(full) != map[bool]int{true: len(c.all)}[c.full] {
			t.Errorf("%s: %d of %d shown, %d in full", name, len(shown), len(c.all), len(full))
		}
		if last := shown[len(shown)-1].ID; last != c.last {
			t.Errorf("%s: the last is %s, want %s", name, last, c.last)
		}
	}
}
