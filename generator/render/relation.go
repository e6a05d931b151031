package render

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// relationCards is how many entries of one relation an entry's page shows. Of
// more, it shows the first and leads to a list of its own.
const relationCards = 12

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
	for _, g := range r.relationsOf(e, l) {
		v := RelationGroup{ID: g.id, Label: g.label, Total: len(g.entries)}
		v.Cards = r.cardsOf(limit(g.entries, relationCards), l)
		if v.Total > len(v.Cards) {
			v.URL = r.link(e.URL + g.id + "/")
		}
		out = append(out, v)
	}
	return out
}
