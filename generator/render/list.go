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
	for _, o := range view.Upcoming(entries, t.Home, r.Site.Now, 0) {
		out = append(out, o.Entry)
	}
	coming := len(out)
	for _, e := range entries {
		if !slices.Contains(out[:coming], e) {
			out = append(out, e)
		}
	}
	return out
}

// listPage fills pages that show many entries: lists, glossary, sections and
// terms.
func (r *Renderer) listPage(p *Page, j *Job) {
	v := &ListView{Type: j.Type, Intro: j.Summary, Page: max(1, j.Page), Pages: max(1, j.Pages)}
	p.List = v
	total := r.total(j)
	v.Total = len(total)
	for _, e := range j.Entries {
		v.Fallback = v.Fallback || e.Lang != j.Lang
	}
	r.pageLinks(v, j)
	switch j.Kind {
	case "term":
		r.byType(v, j)
		p.Feeds = append(r.Machine.Feeds(j.Lang, nil, j.Term), p.Feeds...)
	case "glossary":
		p.Glossary = r.letters(j)
	case "section":
		v.Cards = r.cardsOf(j.Entries, j.Lang)
		for _, f := range r.folders(j.Folder, j.Lang) {
			if s := r.index[r.Site.Config.Prefix(j.Lang)+"/"+Slug(f)+"/"]; s != nil {
				v.Sections = append(v.Sections, Link{Title: s.Title, URL: r.link(s.Path), Note: s.Summary, Count: len(r.inFolder(f, j.Lang))})
			}
		}
	default:
		r.typeList(v, j)
	}
	if j.Type != nil {
		p.Feeds = append(r.Machine.Feeds(j.Lang, j.Type, nil), p.Feeds...)
		p.Downloads = r.Machine.Exports(j.Lang, j.Type)
		v.Facets = r.facets(j.Type, total, j.Lang)
	}
	p.JSONLD = jsonLD(r.Machine.ListJSONLD(j.Lang, j.Title, j.Path, j.Entries, p.Crumbs))
}

func (r *Renderer) total(j *Job) []*site.Entry {
	switch {
	case j.Term != nil:
		return r.termEntries(j.Term, j.Lang)
	case j.Type != nil:
		return r.Listing(j.Type, j.Lang)
	}
	return r.inFolder(j.Folder, j.Lang)
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

func (r *Renderer) byType(v *ListView, j *Job) {
	counts := map[*site.Type]int{}
	for _, e := range r.termEntries(j.Term, j.Lang) {
		counts[e.Type]++
	}
	for _, t := range r.Site.Types {
		g := CardGroup{Label: t.Labels.Many.In(j.Lang), Icon: t.Icon, Total: counts[t]}
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

// pageLinks are the numbers below a list: first, last and two on each side.
func (r *Renderer) pageLinks(v *ListView, j *Job) {
	if v.Pages < 2 {
		return
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
}

// facets lead from a list to the pages of the terms its entries carry.
func (r *Renderer) facets(t *site.Type, entries []*site.Entry, l string) []LinkGroup {
	var out []LinkGroup
	for _, f := range t.Fields {
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
		g := LinkGroup{Title: f.Label.In(l)}
		tax := r.Site.Taxonomy(f.Vocabulary)
		for _, term := range tax.Terms {
			if n := counts[term]; n > 0 {
				g.Links = append(g.Links, Link{Title: term.Label.In(l), URL: r.link(term.URL(l, r.Site.Config.DefaultLang())), Count: n})
			}
		}
		if len(g.Links) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// letters sorts a glossary into its A–Z.
func (r *Renderer) letters(j *Job) []Letter {
	entries := slices.Clone(j.Entries)
	lang.SortBy(j.Lang, entries, func(e *site.Entry) string { return e.Title })
	var out []Letter
	for _, e := range entries {
		letter := lang.Initial(e.Title)
		if len(out) == 0 || out[len(out)-1].Letter != letter {
			out = append(out, Letter{Letter: letter})
		}
		last := &out[len(out)-1]
		last.Cards = append(last.Cards, r.card(e, j.Lang))
	}
	return out
}
