package render

import "github.com/ag-vzkm/portal/generator/site"

// entryViews lead from an entry to the views that show it. Where a form can
// begin with one entry, the link says what for.
func (r *Renderer) entryViews(e *site.Entry, l string) []Link {
	if !e.Listed() {
		return nil
	}
	var out []Link
	for _, v := range r.allViews(l) {
		if v.Type != e.Type {
			continue
		}
		link := r.viewLink(v, l)
		if q := v.EntryQuery(e.ID); q != "" {
			link.URL += q
			link.Title = r.Words.Must(l, "view.compare.with")
		}
		out = append(out, link)
	}
	return out
}
