package render

import (
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// calendarType reports whether the entries of a type are themselves dates, so
// that its list shows what is coming before what is over.
func calendarType(t *site.Type) bool {
	return t.Home != nil && t.Home.View == "upcoming" && !strings.Contains(t.Home.Date, ".")
}

// calendarOrder puts coming entries first, soonest first.
func (r *Renderer) calendarOrder(t *site.Type, entries []*site.Entry) []*site.Entry {
	if !calendarType(t) {
		return entries
	}
	var out []*site.Entry
	coming := map[*site.Entry]bool{}
	for _, o := range view.Upcoming(entries, t.Home, r.Site.Now, 0) {
		out = append(out, o.Entry)
		coming[o.Entry] = true
	}
	for _, e := range entries {
		if !coming[e] {
			out = append(out, e)
		}
	}
	return out
}

// listPage fills pages that show many entries: lists, glossary, sections,
// terms and lists that belong to none of these.
func (r *Renderer) listPage(p *Page, j *Job) {
	v := &ListView{Type: j.Type, Intro: j.Summary, Total: j.Total, Paging: r.paging(j)}
	p.List = v
	for i, e := range j.Entries {
		v.Fallback = v.Fallback || e.Lang != j.Lang
		v.OneType = (i == 0 || v.OneType) && e.Type == j.Entries[0].Type
	}
	switch j.Kind {
	case "term":
		r.byType(v, j)
		if j.Taxonomy.Feed {
			p.Topic = r.topic(v, j)
		}
	case "glossary":
		p.Glossary = r.letters(j)
		p.Letters = r.letterNav(j)
	case "section":
		v.Cards = r.cardsOf(j.Entries, j.Lang)
		v.Sections = r.sectionLinks(j)
	case "entries":
		v.Cards = r.cardsOf(j.Entries, j.Lang)
	default:
		r.typeList(v, j)
	}
	if j.Type != nil {
		p.Downloads = r.Machine.Exports(j.Lang, j.Type)
		v.Facets = r.facets.get(typeLang{j.Type, j.Lang})
		p.Views = r.viewLinks(j.Type, j.Lang)
	}
	p.JSONLD = jsonLD(r.Machine.ListJSONLD(j.Lang, j.Title, j.Path, j.Entries, p.Crumbs))
}

// sectionLinks lead to the folders in a folder: to all of them, or, of very
// many, to those of this page.
func (r *Renderer) sectionLinks(j *Job) []Link {
	folders := r.folders(j.Folder, j.Lang)
	if n := len(folders); n > sectionPage {
		folders = folders[min((j.Page-1)*sectionPage, n):min(j.Page*sectionPage, n)]
	}
	var out []Link
	for _, f := range folders {
		out = append(out, r.sectionLink(f, j.Lang))
	}
	return out
}

func (r *Renderer) sectionLink(folder, l string) Link {
	s := r.trees[l].sections[folder]
	return Link{Title: s.Title, URL: r.link(s.Path), Note: s.Summary, Count: len(r.inFolder(folder, l))}
}

func (r *Renderer) cardsOf(entries []*site.Entry, l string) []Card {
	out := make([]Card, 0, len(entries))
	for _, e := range entries {
		out = append(out, r.card(e, l))
	}
	return out
}

func (r *Renderer) typeList(v *ListView, j *Job) {
	for _, f := range j.Type.Fields {
		if f.Card {
			v.Columns = append(v.Columns, f.Label.In(j.Lang))
		}
	}
	if !calendarType(j.Type) {
		v.Cards = r.cardsOf(j.Entries, j.Lang)
		return
	}
	coming := map[*site.Entry]bool{}
	for _, o := range view.Upcoming(j.Entries, j.Type.Home, r.Site.Now, 0) {
		coming[o.Entry] = true
	}
	for _, e := range j.Entries {
		if coming[e] {
			v.Cards = append(v.Cards, r.card(e, j.Lang))
		} else {
			v.Past = append(v.Past, r.card(e, j.Lang))
		}
	}
}

// countTypes tells how many entries of each type a term has.
func (r *Renderer) countTypes(k termLang) map[*site.Type]int {
	counts := map[*site.Type]int{}
	for _, e := range r.termEntries.get(k) {
		counts[e.Type]++
	}
	return counts
}

func (r *Renderer) byType(v *ListView, j *Job) {
	counts := r.termTypes.get(termLang{j.Term, j.Lang})
	types := r.Site.Types
	if j.Taxonomy.Feed {
		types = r.topicTypes()
	}
	for _, t := range types {
		g := CardGroup{ID: typeAnchor(t), Label: t.Labels.Many.In(j.Lang), Icon: t.Icon, Total: counts[t]}
		if !t.Fallback {
			g.URL = r.link(r.Site.TypeURL(t, j.Lang))
		}
		for _, e := range j.Entries {
			if e.Type == t {
				g.Cards = append(g.Cards, r.card(e, j.Lang))
			}
		}
		if len(g.Cards) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
}

// paging has the numbers below a list: first, last and two on each side.
func (r *Renderer) paging(j *Job) Paging {
	v := Paging{Page: j.Page, Pages: j.Pages}
	if v.Pages < 2 {
		return v
	}
	url := func(n int) string { return r.link(pagePath(j.First, n)) }
	if v.Page > 1 {
		v.Prev = url(v.Page - 1)
	}
	if v.Page < v.Pages {
		v.Next = url(v.Page + 1)
	}
	last := 0
	for n := 1; n <= v.Pages; n++ {
		if n != 1 && n != v.Pages && (n < v.Page-2 || n > v.Page+2) {
			continue
		}
		if n > last+1 {
			v.PageLinks = append(v.PageLinks, Link{Title: "…"})
		}
		v.PageLinks = append(v.PageLinks, Link{Title: lang.Int(j.Lang, n), URL: url(n), Current: n == v.Page})
		last = n
	}
	return v
}

// facetLinks is how many terms a facet shows: of more, those most entries have.
const facetLinks = 40

// facetsOf lead from a list to the pages of the terms its entries carry.
func (r *Renderer) facetsOf(k typeLang) []LinkGroup {
	var out []LinkGroup
	entries := r.Listing(k.t, k.l)
	for _, f := range k.t.Fields {
		if !f.Facet || f.Kind != site.KindTags {
			continue
		}
		counts := map[*site.Term]int{}
		for _, e := range entries {
			for _, v := range site.Each(e.Get(f.Name)) {
				if tag, ok := v.(*site.Tag); ok && tag.Term != nil {
					counts[tag.Term]++
				}
			}
		}
		g := LinkGroup{Title: f.Label.In(k.l)}
		tax := r.Site.Taxonomy(f.Vocabulary)
		for _, term := range tax.Terms {
			if n := counts[term]; n > 0 {
				g.Links = append(g.Links, Link{Title: term.Label.In(k.l), URL: r.termURL(k.l, term), Count: n})
			}
		}
		if g.Total = len(g.Links); g.Total > facetLinks {
			g.Links = mostUsed(g.Links, facetLinks)
			g.URL = r.link(r.Site.Config.Prefix(k.l) + "/" + tax.Slug + "/")
		}
		if g.Total > 0 {
			out = append(out, g)
		}
	}
	return out
}

// mostUsed keeps the n links with the highest counts, in their order.
func mostUsed(links []Link, n int) []Link {
	if len(links) <= n {
		return links
	}
	places := make([]int, len(links))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return links[b].Count - links[a].Count })
	places = places[:n]
	slices.Sort(places)
	out := make([]Link, n)
	for i, p := range places {
		out[i] = links[p]
	}
	return out
}
