package view

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/site"
)

// Graph is a picture of an entry in the middle and what it is related to around
// it, in the units of a drawing that is GraphWidth wide. Its text says less than
// the list of relations: long titles are cut, and of many entries it has some.
type Graph struct {
	Height int
	CX, CY int
	Nodes  []GraphNode
	More   int // that are related, too, and not in the picture
}

// GraphNode is an entry on the rim. Label, on the first of those with the same
// relation, is its name.
type GraphNode struct {
	Link
	Relation  string
	Label     string
	X, Y      int
	Left      bool // text stands to the left of the node
	TextX     int
	LabelY    int
	Lines     []GraphLine
	EdgeX     int // where the line from the middle ends
	EdgeY     int
	FromX     int // and where it begins
	FromY     int
	Shortened bool
}

// GraphLine is a line of a node's title.
type GraphLine struct {
	Y    int
	Text string
}

// Measures of the drawing. A line of text is as long as the room beside a node
// allows, at about 6.7 units a letter.
const (
	GraphWidth  = 760
	graphNodes  = 12
	graphFewest = 3 // of fewer, the list is picture enough
	graphChars  = 31
	graphLine   = 17
	graphNode   = 15 // radius
	graphCentre = 27
	graphGap    = 16
)

// NewGraph draws neighbours in their order, clockwise from the upper right. It is
// nil when there are too few to be worth a picture.
func NewGraph(all []Neighbour, lang string) *Graph {
	all = once(all)
	if len(all) < graphFewest {
		return nil
	}
	nodes := make([]GraphNode, 0, graphNodes)
	for _, n := range spread(all, graphNodes) {
		nodes = append(nodes, GraphNode{Link: linkTo(n.Entry), Relation: n.Label(lang)})
	}
	half := (len(nodes) + 1) / 2
	height := max(side(nodes[:half]), side(nodes[half:]), 2*graphCentre+2*graphGap)
	g := &Graph{Height: height, CX: GraphWidth / 2, CY: height / 2, Nodes: nodes, More: len(all) - len(nodes)}
	g.place(nodes[:half], false)
	g.place(nodes[half:], true)
	return g
}

// once keeps an entry's first relation.
func once(all []Neighbour) []Neighbour {
	var out []Neighbour
	seen := map[*site.Entry]bool{}
	for _, n := range all {
		if !seen[n.Entry] {
			seen[n.Entry] = true
			out = append(out, n)
		}
	}
	return out
}

// spread takes at most n neighbours, of each relation in turn, in their order.
func spread(all []Neighbour, n int) []Neighbour {
	if len(all) <= n {
		return all
	}
	type relation struct {
		f  *site.Field
		in bool
	}
	turn, seen := make([]int, len(all)), map[relation]int{}
	for i, x := range all {
		k := relation{x.Field, x.In}
		turn[i] = seen[k]
		seen[k]++
	}
	taken := make([]bool, len(all))
	for round, left := 0, n; left > 0; round++ {
		for i := range all {
			if turn[i] == round && left > 0 {
				taken[i] = true
				left--
			}
		}
	}
	var out []Neighbour
	for i, x := range all {
		if taken[i] {
			out = append(out, x)
		}
	}
	return out
}

// side cuts the titles of the nodes on one side into lines, names each relation
// once, and tells how high all of it is.
func side(nodes []GraphNode) int {
	height := 0
	for i := range nodes {
		n := &nodes[i]
		if i == 0 || nodes[i-1].Relation != n.Relation {
			n.Label, _ = cut(n.Relation, graphChars+3)
		}
		lines, short := wrap(n.Title, graphChars, 2)
		for _, l := range lines {
			n.Lines = append(n.Lines, GraphLine{Text: l})
		}
		n.Shortened = short
		height += n.height()
	}
	return height
}

// place gives the nodes of a side their places on the rim, from top to bottom on
// the right and on the left.
func (g *Graph) place(nodes []GraphNode, left bool) {
	y, sign := g.Height/2, 1
	if left {
		sign = -1
	}
	for _, n := range nodes {
		y -= n.height() / 2
	}
	for i := range nodes {
		n := &nodes[i]
		if n.Label != "" {
			n.LabelY = y + 12
			y += graphLine
		}
		body := max(len(n.Lines)*graphLine, 2*graphNode)
		n.Y = y + body/2
		t := float64(n.Y-g.CY) / (float64(g.Height) / 2)
		n.Left = left
		n.X = g.CX + sign*(78+int(52*math.Sqrt(max(0, 1-t*t))))
		n.TextX = n.X + sign*(graphNode+9)
		first := n.Y - (len(n.Lines)*graphLine)/2 + 13
		for j := range n.Lines {
			n.Lines[j].Y = first + j*graphLine
		}
		n.edge(g)
		y += body + graphGap
	}
}

func (n GraphNode) height() int {
	h := max(len(n.Lines)*graphLine, 2*graphNode) + graphGap
	if n.Label != "" {
		h += graphLine
	}
	return h
}

// edge lets the line begin and end at the rims of the circles.
func (n *GraphNode) edge(g *Graph) {
	dx, dy := float64(n.X-g.CX), float64(n.Y-g.CY)
	d := math.Hypot(dx, dy)
	at := func(r float64) (int, int) {
		return g.CX + int(math.Round(dx/d*r)), g.CY + int(math.Round(dy/d*r))
	}
	n.FromX, n.FromY = at(graphCentre)
	n.EdgeX, n.EdgeY = at(d - graphNode)
}

// wrap breaks a text into at most n lines of about size letters; what is left
// over becomes "…".
func wrap(text string, size, n int) (lines []string, short bool) {
	words := strings.Fields(text)
	for len(words) > 0 {
		line := words[0]
		words = words[1:]
		for len(words) > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(words[0]) <= size {
			line += " " + words[0]
			words = words[1:]
		}
		if len(lines) == n-1 && len(words) > 0 {
			line, _ = cut(line+" "+strings.Join(words, " "), size)
			return append(lines, line), true
		}
		cutLine, wasCut := cut(line, size+4)
		lines, short = append(lines, cutLine), short || wasCut
	}
	return lines, short
}

// cut shortens a text to size letters, between words if that leaves half of it.
func cut(text string, size int) (string, bool) {
	r := []rune(text)
	if len(r) <= size {
		return text, false
	}
	if i := strings.LastIndexByte(string(r[:size]), ' '); i > size/2 {
		return strings.TrimRight(string(r[:size])[:i], " ,:;–-") + "…", true
	}
	return strings.TrimRight(string(r[:size-1]), " ,:;–-") + "…", true
}
