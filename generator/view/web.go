package view

import (
	"cmp"
	"math"
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// Web is how often the types of a site refer to each other: a picture with the
// types in a circle, and the same as a list, most first. Types whose entries only
// gather others (topics.lead) are not in it.
type Web struct {
	Nodes []WebNode
	Edges []WebEdge
}

// WebNode is a type. Lines are its name, which stands outside of the circle.
type WebNode struct {
	Name   string
	Label  string
	Icon   string
	X, Y   int
	TextX  int
	Lines  []GraphLine
	Anchor string // start, middle or end
}

// WebEdge are the relations between two types. Width is 1 to 5; Part is Count in
// hundredths of the most.
type WebEdge struct {
	From, To       string // the labels of their types
	Count          int
	Width, Part    int
	X1, Y1, X2, Y2 int
}

// Measures of the picture.
const (
	WebWidth  = 560
	WebHeight = 400
	webRadius = 140
	webNode   = 19
	webChars  = 16
)

// NewWeb counts the relations of the entries that lists in a language show.
// Fields that every type has do not count.
func NewWeb(s *site.Site, lang string) *Web {
	type pair struct{ a, b string } // names
	place, counts := map[string]int{}, map[pair]int{}
	for i, t := range s.Types {
		place[t.Name] = i
	}
	for _, n := range s.Config.Topics.Lead {
		delete(place, n.Name)
	}
	for _, e := range s.Entries {
		if e.Lang != s.Config.DefaultLang() || !e.Listed() { // translations repeat what their originals refer to
			continue
		}
		for _, x := range e.Out {
			if x.Field.Common || x.Field.Hidden || !x.To.Listed() {
				continue
			}
			p := pair{e.Type.Name, x.To.Type.Name}
			i, from := place[p.a]
			j, to := place[p.b]
			if !from || !to || i == j {
				continue
			}
			if i > j {
				p = pair{p.b, p.a}
			}
			counts[p]++
		}
	}
	w := &Web{}
	used := map[string]bool{}
	most := 0
	for p, n := range counts {
		used[p.a], used[p.b] = true, true
		most = max(most, n)
	}
	for _, t := range s.Types {
		if used[t.Name] {
			w.Nodes = append(w.Nodes, WebNode{Name: t.Name, Label: t.Labels.Many.In(lang), Icon: t.Icon})
		}
	}
	w.circle()
	for _, a := range w.Nodes {
		for _, b := range w.Nodes {
			if n := counts[pair{a.Name, b.Name}]; n > 0 {
				w.Edges = append(w.Edges, WebEdge{From: a.Label, To: b.Label, Count: n, Width: 1 + 4*(n-1)/max(1, most-1), Part: part(n, most), X1: a.X, Y1: a.Y, X2: b.X, Y2: b.Y})
			}
		}
	}
	slices.SortStableFunc(w.Edges, func(a, b WebEdge) int { return cmp.Compare(b.Count, a.Count) })
	return w
}

// circle puts the types on a circle, from the top and clockwise.
func (w *Web) circle() {
	for i := range w.Nodes {
		n := &w.Nodes[i]
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(w.Nodes)))
		n.X, n.Y = WebWidth/2+int(math.Round(webRadius*sin)), WebHeight/2-int(math.Round(webRadius*cos))
		lines, _ := wrap(n.Label, webChars, 2)
		first := n.Y + 5 - (len(lines)-1)*graphLine/2
		n.TextX, n.Anchor = n.X, "middle"
		switch {
		case sin > .2:
			n.TextX, n.Anchor = n.X+webNode+7, "start"
		case sin < -.2:
			n.TextX, n.Anchor = n.X-webNode-7, "end"
		case cos > 0:
			first = n.Y - webNode - 7 - (len(lines)-1)*graphLine
		default:
			first = n.Y + webNode + 17
		}
		for j, l := range lines {
			n.Lines = append(n.Lines, GraphLine{first + j*graphLine, l})
		}
	}
}
