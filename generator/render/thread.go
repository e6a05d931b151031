package render

import (
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// threadLinks is how many entries of a step are named.
const threadLinks = 3

// thread is the way from one type to the next with the entry's place on it. An
// entry that is related to nothing on it has none: a row of gaps helps nobody.
func (r *Renderer) thread(e *site.Entry, l string) []ThreadStep {
	var out []ThreadStep
	linked := false
	for _, s := range r.way().Thread(e) {
		if !s.Here && !r.Active(s.Type) {
			continue
		}
		step := ThreadStep{Label: s.Type.Labels.Many.In(l), Icon: s.Type.Icon, URL: r.link(r.Site.TypeURL(s.Type, l)), Here: s.Here, Direct: s.Direct}
		if s.Here || len(s.Entries) == 1 {
			step.Label = s.Type.Labels.One.In(l)
		}
		if !s.Here {
			for _, o := range limit(s.Entries, threadLinks) {
				link := r.entryLink(o, l)
				link.Note = r.Status(o, l)
				step.Links = append(step.Links, link)
			}
			step.More = len(s.Entries) - len(step.Links)
			linked = linked || len(step.Links) > 0
		}
		out = append(out, step)
	}
	if !linked {
		return nil
	}
	return out
}

// graph is what the entry is related to, as a picture.
func (r *Renderer) graph(e *site.Entry, l string) *view.Graph {
	return view.NewGraph(view.Neighbours(r.Site, e), l)
}
