package render

import (
	"cmp"
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// topicDates is how many coming dates the page of a topic shows.
const topicDates = 4

// topicTypes are all types in the order of a topic's page: those that portal.yaml
// names, then the others.
func (r *Renderer) topicTypes() []*site.Type {
	var out []*site.Type
	for _, n := range slices.Concat(r.Site.Config.Topics.Lead, r.Site.Config.Topics.Order) {
		if t := r.Site.Type(n.Name); t != nil {
			out = append(out, t)
		}
	}
	for _, t := range r.Site.Types {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// topicOrder sorts a topic's entries by type, and those that are dates so that
// what comes is before what is over.
func (r *Renderer) topicOrder(entries []*site.Entry) []*site.Entry {
	byType := map[*site.Type][]*site.Entry{}
	for _, e := range entries {
		byType[e.Type] = append(byType[e.Type], e)
	}
	var out []*site.Entry
	for _, t := range r.topicTypes() {
		out = append(out, r.calendarOrder(t, byType[t])...)
	}
	return out
}

func typeAnchor(t *site.Type) string { return "typ-" + lang.ID(t.Name) }

func (r *Renderer) leads(t *site.Type) bool {
	return slices.ContainsFunc(r.Site.Config.Topics.Lead, func(n site.TypeName) bool { return n.Name == t.Name })
}

// topic is the head of a topic's page. Entries that lead into it stand there and
// not in the list once more; dates are on the first page only.
func (r *Renderer) topic(v *ListView, j *Job) *TopicView {
	all := r.termEntries.get(termLang{j.Term, j.Lang})
	out := &TopicView{Parts: r.topicParts(all, j)}
	for _, e := range j.Entries {
		if r.leads(e.Type) {
			out.Leads = append(out.Leads, r.card(e, j.Lang))
		}
	}
	v.Groups = slices.DeleteFunc(v.Groups, func(g CardGroup) bool { return len(g.Cards) > 0 && r.leads(g.Cards[0].Entry.Type) })
	if j.Page == 1 {
		out.Leads = append(out.Leads, r.gathering(all, j.Lang)...)
		out.Dates = r.topicDates(all, j.Lang)
	}
	return out
}

// gathering are the entries that lead into topics and hold two entries of this
// one or more, those with most of them first, without those that carry the topic.
func (r *Renderer) gathering(all []*site.Entry, l string) []Card {
	counts, own := map[*site.Entry]int{}, map[*site.Entry]bool{}
	var found []*site.Entry
	for _, e := range all {
		own[e] = true
		seen := map[*site.Entry]bool{}
		for _, in := range e.In {
			if from := in.From; r.leads(from.Type) && from.Listed() && !seen[from] {
				if seen[from] = true; counts[from] == 0 {
					found = append(found, from)
				}
				counts[from]++
			}
		}
	}
	found = slices.DeleteFunc(found, func(e *site.Entry) bool { return own[e] || counts[e] < 2 })
	slices.SortStableFunc(found, func(a, b *site.Entry) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.Path, b.Path))
	})
	var out []Card
	for _, e := range limit(found, topicDates) {
		c := r.card(e, l)
		c.Why = r.Words.Must(l, "topic.holds", counts[e])
		out = append(out, c)
	}
	return out
}

// topicDates are the next dates of all of a topic's entries.
func (r *Renderer) topicDates(all []*site.Entry, l string) []DateItem {
	var out []DateItem
	for _, t := range r.Site.Types {
		if t.Home == nil || t.Home.View != "upcoming" {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(all), func(e *site.Entry) bool { return e.Type != t })
		for _, o := range view.Upcoming(own, t.Home, r.Site.Now, topicDates) {
			out = append(out, r.dateItem(o, t.Home, l))
		}
	}
	slices.SortStableFunc(out, func(a, b DateItem) int { return a.When.Compare(b.When) })
	return out[:min(len(out), topicDates)]
}

// topicParts lead to each type's first entry, be it on another page.
func (r *Renderer) topicParts(all []*site.Entry, j *Job) []Link {
	var out []Link
	for i, e := range all {
		switch {
		case r.leads(e.Type):
		case i == 0 || all[i-1].Type != e.Type:
			page, url := i/termPage+1, "#"+typeAnchor(e.Type)
			if page != j.Page {
				url = r.link(pagePath(j.First, page)) + url
			}
			out = append(out, Link{Title: e.Type.Labels.Many.In(j.Lang), URL: url, Icon: e.Type.Icon, Count: 1})
		default:
			out[len(out)-1].Count++
		}
	}
	return out
}
