package render

import (
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// termLinks bounds a vocabulary where it is one of several, or on the start
// page: its most used terms. Its own page has all.
const termLinks = 60

func (r *Renderer) termGroups(l string) []TermGroup {
	var out []TermGroup
	for _, tax := range r.Site.Taxonomies {
		g := r.termGroup.get(taxonomyLang{tax, l})
		if g.Links = mostUsed(g.Links, termLinks); len(g.Links) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// taxonomyPage shows the terms of a vocabulary, or those of one page of it.
func (r *Renderer) taxonomyPage(p *Page, j *Job) {
	g := r.termGroup.get(taxonomyLang{j.Taxonomy, j.Lang})
	if p.Paging = r.paging(j); j.Pages > 1 {
		g.Links = g.Links[(j.Page-1)*taxonomyPage : min(j.Page*taxonomyPage, len(g.Links))]
	}
	p.Terms = []TermGroup{g}
}

// termsOf are the terms of a vocabulary that a language has entries for.
func (r *Renderer) termsOf(k taxonomyLang) TermGroup {
	tax, l := k.t, k.l
	prefix := r.Site.Config.Prefix(l)
	g := TermGroup{Taxonomy: tax, Title: tax.Many.In(l), Intro: tax.Intro.In(l), URL: r.link(prefix + "/" + tax.Slug + "/")}
	for _, t := range tax.Terms {
		if n := len(r.termEntries.get(termLang{t, l})); n > 0 {
			g.Links = append(g.Links, Link{Title: t.Label.In(l), URL: r.termURL(l, t), Note: t.Note.In(l), Count: n})
		}
	}
	if !tax.Ordered {
		lang.SortBy(l, g.Links, func(x Link) string { return x.Title })
	}
	g.Total = len(g.Links)
	return g
}

// sitemapLinks bounds a group of the sitemap page; the group's title leads to
// the whole list.
const sitemapLinks = 100

// sitemapPages is the sitemap, cut into pages that are not too long.
func (r *Renderer) sitemapPages(l string) [][]LinkGroup {
	pages, links := [][]LinkGroup{nil}, 0
	for _, g := range r.sitemapGroups(l) {
		if links += len(g.Links) + 1; links > sitemapPage {
			pages, links = append(pages, nil), len(g.Links)+1
		}
		last := len(pages) - 1
		pages[last] = append(pages[last], g)
	}
	return pages
}

func (r *Renderer) sitemapGroups(l string) []LinkGroup {
	var out []LinkGroup
	for _, t := range r.Site.Types {
		if t.Fallback || !r.Active(t) {
			continue
		}
		link := r.typeLink(t, l)
		out = append(out, r.linkGroup(link.Title, link.URL, r.Listing(t, l), l))
	}
	if all := r.archived.get(l); len(all) > 0 {
		g := r.linkGroup(r.Words.Must(l, "sitemap.archive"), "", all, l)
		if g.Total > len(g.Links) {
			g.URL = r.link(r.Site.Config.Prefix(l) + archivePath)
		}
		for i := range g.Links {
			g.Links[i].Note = r.Status(all[i], l)
		}
		out = append(out, g)
	}
	if views := r.viewLinks(nil, l); len(views) > 0 {
		out = append(out, LinkGroup{Title: r.Words.Must(l, "views.title"), URL: r.link(r.Site.Config.Prefix(l) + viewsPath), Total: len(views), Links: views})
	}
	top := r.linkGroup(r.Words.Must(l, "sitemap.pages"), r.link(r.Site.Config.Prefix(l)+"/"), r.inFolder("", l), l)
	if top.Total > 0 {
		out = append(out, top)
	}
	for _, f := range r.allFolders(l) {
		link := r.sectionLink(f, l)
		if g := r.linkGroup(link.Title, link.URL, r.inFolder(f, l), l); g.Total > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (r *Renderer) linkGroup(title, url string, entries []*site.Entry, l string) LinkGroup {
	g := LinkGroup{Title: title, URL: url, Total: len(entries)}
	for _, e := range entries[:min(len(entries), sitemapLinks)] {
		g.Links = append(g.Links, r.entryLink(e, l))
	}
	return g
}

// archive are the entries that have left the lists and can still be cited.
func (r *Renderer) archive(l string) []*site.Entry {
	var out []*site.Entry
	for _, e := range r.Site.Entries {
		if e.Lang == l && !e.Listed() && !e.Index {
			out = append(out, e)
		}
	}
	return out
}

// maxSignposts bounds the ways on from a page that has nothing to read itself:
// on a site with many folders they lead to the uppermost ones.
const maxSignposts = 40

// signpostsOf are the titles of the sitemap, without links.
func (r *Renderer) signpostsOf(l string) []LinkGroup {
	var out []LinkGroup
	for _, t := range r.Site.Types {
		if !t.Fallback && r.Active(t) {
			link := r.typeLink(t, l)
			out = append(out, LinkGroup{Title: link.Title, URL: link.URL})
		}
	}
	folders := r.allFolders(l)
	many := len(folders) > maxSignposts
	if many {
		folders = r.folders("", l)
	}
	for _, f := range folders {
		link := r.sectionLink(f, l)
		if (many || link.Count > 0) && len(out) < maxSignposts {
			out = append(out, LinkGroup{Title: link.Title, URL: link.URL})
		}
	}
	return out
}
