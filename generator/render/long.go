package render

import (
	"html/template"
	"strconv"
	"strings"
)

// body is a text as its page shows it: the later parts of a long one stand in
// boxes that a browser lays out when they come near. Their classes say how high
// they will be, about, so that the scroll bar is right from the start.
func body(t *Text) template.HTML {
	if len(t.Breaks) == 0 {
		return template.HTML(t.HTML)
	}
	var b strings.Builder
	b.Grow(len(t.HTML) + 48*len(t.Breaks))
	b.WriteString(t.HTML[:t.Breaks[0]])
	for i, start := range t.Breaks {
		end := len(t.HTML)
		if i+1 < len(t.Breaks) {
			end = t.Breaks[i+1]
		}
		part := t.HTML[start:end]
		b.WriteString(`<div class="prose later later-`)
		b.WriteString(strconv.Itoa(partHeight(part)))
		b.WriteString("\">\n")
		b.WriteString(part)
		b.WriteString("</div>\n")
	}
	return template.HTML(b.String())
}

// How many headings a table of contents has beside the text. Of a longer one it
// shows the upper level, or some of it: marks to find one's way by. All of it
// then stands below the text.
const (
	outlineMax   = 80
	outlineLeast = 8
	outlineMarks = 40
)

func outline(all []Heading) (shown, full []Heading) {
	if len(all) <= outlineMax {
		return all, nil
	}
	for _, h := range all {
		if h.Level == 2 {
			shown = append(shown, h)
		}
	}
	if len(shown) < outlineLeast {
		shown = all
	}
	if len(shown) <= outlineMax {
		return shown, all
	}
	step := (len(shown) + outlineMarks - 1) / outlineMarks
	var marks []Heading
	for i := 0; i < len(shown); i += step {
		marks = append(marks, shown[i])
	}
	return marks, all
}

// partHeights are those that prose.css has classes for, in rem.
var partHeights = []int{80, 140, 250, 450, 800, 1400, 2500}

// partHeight is near the height of a part on a desk. The two numbers were fitted
// to the parts of ten long laws; half of them come within 6 percent, and nine
// of ten within 17, before the height is rounded to a class.
func partHeight(html string) int {
	const perKB, perLine = 12, 0.75 // rem
	h := perKB*float64(len(html))/1000 + perLine*float64(strings.Count(html, "\n"))
	for _, step := range partHeights {
		if h < 1.33*float64(step) { // the classes grow by 1.78: this is halfway
			return step
		}
	}
	return partHeights[len(partHeights)-1]
}
