package render

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// How many entries of one relation an entry's page shows: relationCards, and
// fewer where it has so many relations that their cards would not fit. Of more,
// it shows the first and leads to a list of its own.
const (
	relationCards      = 12
	relationCardsLeast = 4
	relationCardsAll   = 72 // of all relations together
)

func cardsEach(relations int) int {
	return max(relationCardsLeast, min(relationCards, relationCardsAll/max(relations, 1)))
}

// relation is one side of a relation of an entry.
type relation struct {
	id, label string
	entries   []*site.Entry
	seen      map[*site.Entry]bool
}

// relationsOf are the entries that refer to this one, by relation, and those
// this one refers to in relations that no group shows.
func (r *Renderer) relationsOf(e *site.Entry, l string) []*relation {
	var out []*relation
	add := func(id, label string, target *site.Entry) {
		i := slices.IndexFunc(out, func(g *relation) bool { return g.id == id })
		if i < 0 {
			i = len(out)
			out = append(out, &relation{id: id, label: label, seen: map[*site.Entry]bool{}})
		}
		if g := out[i]; !g.seen[target] {
			g.seen[target] = true
			g.entries = append(g.entries, target)
		}
	}
	for _, edge := range e.Out {
		if f := edge.Field; f.Group == "" && !f.Hidden && !f.Common && e.Type.FieldByPath(f.Name) == f {
			add("beziehung-"+lang.ID(f.Name), f.Label.In(l), edge.To)
		}
	}
	for _, edge := range e.In {
		if rev := edge.Field.Reverse; rev != nil && edge.From.Lang == e.Lang {
			add("beziehung-"+lang.ID(rev.Name), rev.Label.In(l), edge.From)
		}
	}
	return out
}

func (r *Renderer) relations(e *site.Entry, l string) []RelationGroup {
	var out []RelationGroup
	all := r.relationsOf(e, l)
	for _, g := range all {
		v := RelationGroup{ID: g.id, Label: g.label, Total: len(g.entries)}
		v.Cards = r.cardsOf(limit(g.entries, cardsEach(len(all))), l)
		if v.Total > len(v.Cards) {
			v.URL = r.link(e.URL + g.id + "/")
		}
		out = append(out, v)
	}
	return out
}
