package render

import (
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// answersShown is how many needs the page of a candidate names.
const answersShown = 12

// CoverageView is what a coverage view has to say about an entry: of a need,
// what meets it; of a candidate, the needs it meets.
type CoverageView struct {
	View    Link
	Match   *view.Match
	Needs   string // the needs' type: „Bedarfe“
	Answers []view.Answer
	Total   int // of the answers
}

type viewLang struct {
	v *site.ViewDef
	l string
}

func (r *Renderer) matching(k viewLang) *view.Matching {
	return view.NewMatching(r.phrases(k.l), k.v)
}

// coverage is what the site's coverage views say about an entry.
func (r *Renderer) coverage(e *site.Entry, l string) []CoverageView {
	if !e.Listed() || e.Lang != l {
		return nil
	}
	var out []CoverageView
	for _, v := range r.allViews(l) {
		if v.Coverage == nil {
			continue
		}
		c := CoverageView{View: r.viewLink(v, l), Needs: v.Type.Labels.Many.In(l)}
		if v.Type == e.Type {
			m := r.matchings.get(viewLang{v, l}).Match(e)
			c.Match = &m
			out = append(out, c)
		}
		if v.Coverage.SpokenOf(v.Type) == e.Type.Name {
			c.Match = nil
			if c.Answers, c.Total = r.matchings.get(viewLang{v, l}).Answers(e, answersShown); c.Total > 0 {
				out = append(out, c)
			}
		}
	}
	return out
}
