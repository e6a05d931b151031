package render

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// page fills what every page has and hands over to the kind's own part.
func (r *Renderer) page(j *Job, text *Text) *Page {
	c := r.Site.Config
	p := &Page{
		Site: r.Site, Kind: j.Kind, Lang: j.Lang, Path: j.Path, URL: r.link(j.Path),
		Canonical: c.BaseURL + j.Path, Title: j.Title, Summary: j.Summary,
		Home: r.link(c.Prefix(j.Lang) + "/"), NoIndex: j.NoIndex, Assets: r.Assets, Errors: r.Errors,
	}
	p.DocTitle = r.docTitle(j)
	p.Nav = r.nav(c.Nav, j)
	if len(c.Nav) == 0 {
		p.Nav = r.defaultNav(j)
	}
	p.Footer = r.nav(c.Footer, j)
	p.Crumbs = r.crumbs(j)
	p.Langs = r.languages(j)
	p.Feeds = r.Machine.Feeds(j.Lang, nil, nil)
	switch j.Kind {
	case "home":
		p.Start = r.start(j)
		p.JSONLD = jsonLD(r.Machine.StartJSONLD(j.Lang))
	case "entry":
		r.entryPage(p, j, text)
	case "list", "glossary", "section", "term":
		r.listPage(p, j)
	case "taxonomy":
		p.Terms = []TermGroup{r.termGroup(j.Taxonomy, j.Lang)}
	case "topics", "search", "notfound":
		p.Terms = r.termGroups(j.Lang)
		p.Sitemap = r.sitemap(j.Lang)
	case "sitemap":
		p.Sitemap = r.sitemap(j.Lang)
	}
	if j.Entry != nil && j.Kind != "entry" {
		p.Entry = r.plainText(j.Entry, j.Lang, text)
		p.Outline = text.Outline
	}
	if len(p.Meta) == 0 {
		p.Meta = []Meta{{Property: "og:title", Content: j.Title}, {Property: "og:type", Content: "website"}, {Property: "og:url", Content: p.Canonical}}
	}
	return p
}

// docTitle tells pages apart that have the same heading: a term and the
// glossary's explanation of the same word.
func (r *Renderer) docTitle(j *Job) string {
	switch {
	case j.Kind == "home":
		if s := r.Site.Config.Subtitle.In(j.Lang); s != "" {
			return j.Title + " – " + s
		}
		return j.Title
	case j.Term != nil:
		return j.Title + " (" + j.Taxonomy.One.In(j.Lang) + ") – " + r.Site.Config.Title
	}
	return j.Title + " – " + r.Site.Config.Title
}

// jsonLD wraps structured data, which export has made safe for a script
// element, into one.
func jsonLD(data []byte) template.HTML {
	if len(data) == 0 {
		return ""
	}
	return template.HTML(`<script type="application/ld+json">` + string(data) + `</script>`)
}

// nav turns configured menu items into links. An item whose target is not
// shown is left out; CheckConfig reports those that name nothing.
func (r *Renderer) nav(items []site.NavItem, j *Job) []Link {
	var out []Link
	for _, it := range items {
		l, ok := r.navLink(it, j.Lang)
		if !ok {
			continue
		}
		if s := it.Label.In(j.Lang); s != "" {
			l.Title = s
		}
		l.Current = l.URL != r.link(r.Site.Config.Prefix(j.Lang)+"/") && strings.HasPrefix(r.link(j.Path), l.URL)
		out = append(out, l)
	}
	return out
}

func (r *Renderer) navLink(it site.NavItem, l string) (Link, bool) {
	s, prefix := r.Site, r.Site.Config.Prefix(l)
	switch {
	case it.Type != "":
		if t := s.Type(it.Type); t != nil && r.Active(t) {
			return Link{Title: t.Labels.Many.In(l), URL: r.link(s.TypeURL(t, l)), Icon: t.Icon}, true
		}
	case it.Taxonomy != "":
		if t := s.Taxonomy(it.Taxonomy); t != nil && r.index[prefix+"/"+t.Slug+"/"] != nil {
			return Link{Title: t.Many.In(l), URL: r.link(prefix + "/" + t.Slug + "/")}, true
		}
	case it.Section != "":
		if j := r.index[prefix+"/"+Slug(it.Section)+"/"]; j != nil {
			return Link{Title: j.Title, URL: r.link(j.Path)}, true
		}
	case it.Page != "":
		if e := s.Lookup(it.Page, l); e != nil {
			return r.entryLink(e, l), true
		}
	case it.URL != "":
		u := it.URL
		if strings.HasPrefix(u, "/") {
			u = r.link(u)
		}
		return Link{Title: u, URL: u}, true
	}
	return Link{}, false
}

// entryLink names an entry's language when it differs from the page's.
func (r *Renderer) entryLink(e *site.Entry, l string) Link {
	link := Link{Title: e.Title, URL: r.link(e.URL), Icon: e.Type.Icon}
	if e.Lang != l {
		link.Lang = e.Lang
	}
	return link
}

// maxNav bounds the menu that a site without its own gets.
const maxNav = 7

func (r *Renderer) defaultNav(j *Job) []Link {
	var items []site.NavItem
	for _, t := range r.Site.Types {
		if t.Nav > 0 && !t.Fallback && r.Active(t) {
			items = append(items, site.NavItem{Type: t.Name})
		}
	}
	for _, f := range r.folders("", j.Lang) {
		items = append(items, site.NavItem{Section: f})
	}
	return r.nav(items[:min(maxNav, len(items))], j)
}

func (r *Renderer) crumbs(j *Job) []Link {
	if j.Kind == "home" {
		return nil
	}
	prefix := r.Site.Config.Prefix(j.Lang)
	out := []Link{{Title: r.Words.Must(j.Lang, "nav.home"), URL: r.link(prefix + "/")}}
	switch {
	case j.Term != nil:
		out = append(out, Link{Title: j.Taxonomy.Many.In(j.Lang), URL: r.link(prefix + "/" + j.Taxonomy.Slug + "/")})
		if b := r.index[prefix+"/"+j.Taxonomy.Slug+"/"+j.Term.Broader+"/"]; j.Term.Broader != "" && b != nil {
			out = append(out, Link{Title: b.Title, URL: r.link(b.Path)})
		}
	case j.Kind == "entry" && !j.Type.Fallback:
		out = append(out, Link{Title: j.Type.Labels.Many.In(j.Lang), URL: r.link(r.Site.TypeURL(j.Type, j.Lang))})
	case j.Kind == "entry" || j.Kind == "section":
		out = append(out, r.folderCrumbs(strings.TrimPrefix(j.Path, prefix), prefix)...)
	}
	if j.Page > 1 {
		out = append(out, Link{Title: r.index[j.First].Title, URL: r.link(j.First)})
	}
	return out
}

// folderCrumbs are the pages above a path, where there are such pages.
func (r *Renderer) folderCrumbs(path, prefix string) []Link {
	var out []Link
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := 1; i < len(parts); i++ {
		if j := r.index[prefix+"/"+strings.Join(parts[:i], "/")+"/"]; j != nil {
			out = append(out, Link{Title: j.Title, URL: r.link(j.Path)})
		}
	}
	return out
}

var languageNames = map[string]string{"de": "Deutsch", "en": "English"}

// languages is the language switch. Without a translation it leads to the
// list the page belongs to, else to the start page.
func (r *Renderer) languages(j *Job) []LangLink {
	if len(r.Site.Config.Languages) < 2 {
		return nil
	}
	var out []LangLink
	for _, l := range r.Site.Config.Languages {
		link := LangLink{Lang: l, Name: cmp.Or(languageNames[l], l), Current: l == j.Lang, Exact: true, URL: r.link(j.Path)}
		if l != j.Lang {
			i := slices.IndexFunc(j.Versions, func(v *Job) bool { return v.Lang == l })
			if link.Exact = i >= 0; link.Exact {
				link.URL = r.link(j.Versions[i].Path)
			} else {
				link.URL = r.link(r.overview(j, l))
			}
		}
		link.Canonical = r.Site.Config.BaseURL + strings.TrimPrefix(link.URL, r.base)
		out = append(out, link)
	}
	return out
}

func (r *Renderer) overview(j *Job, l string) string {
	prefix := r.Site.Config.Prefix(l)
	if j.Type != nil && !j.Type.Fallback {
		return r.Site.TypeURL(j.Type, l)
	}
	if j.Taxonomy != nil && r.index[prefix+"/"+j.Taxonomy.Slug+"/"] != nil {
		return prefix + "/" + j.Taxonomy.Slug + "/"
	}
	return prefix + "/"
}

func (r *Renderer) termGroups(l string) []TermGroup {
	var out []TermGroup
	for _, tax := range r.Site.Taxonomies {
		if g := r.termGroup(tax, l); len(g.Links) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (r *Renderer) termGroup(tax *site.Taxonomy, l string) TermGroup {
	prefix := r.Site.Config.Prefix(l)
	g := TermGroup{Taxonomy: tax, Title: tax.Many.In(l), Intro: tax.Intro.In(l), URL: r.link(prefix + "/" + tax.Slug + "/")}
	for _, t := range tax.Terms {
		if n := len(r.termEntries(t, l)); n > 0 {
			g.Links = append(g.Links, Link{Title: t.Label.In(l), URL: r.link(t.URL(l, r.Site.Config.DefaultLang())), Note: t.Note.In(l), Count: n})
		}
	}
	if !tax.Ordered {
		lang.SortBy(l, g.Links, func(x Link) string { return x.Title })
	}
	return g
}

// sitemapLinks bounds a group of the sitemap page; the group's title leads to
// the whole list.
const sitemapLinks = 100

func (r *Renderer) sitemap(l string) []LinkGroup {
	var out []LinkGroup
	for _, t := range r.Site.Types {
		if t.Fallback || !r.Active(t) {
			continue
		}
		g := LinkGroup{Title: t.Labels.Many.In(l), URL: r.link(r.Site.TypeURL(t, l))}
		for _, e := range r.Listing(t, l) {
			if len(g.Links) < sitemapLinks {
				g.Links = append(g.Links, r.entryLink(e, l))
			}
		}
		out = append(out, g)
	}
	if g := r.archive(l); len(g.Links) > 0 {
		out = append(out, g)
	}
	for _, f := range append([]string{""}, r.allFolders(l)...) {
		g := LinkGroup{Title: r.Words.Must(l, "sitemap.pages"), URL: r.link(r.Site.Config.Prefix(l) + "/")}
		if f != "" {
			j := r.index[r.Site.Config.Prefix(l)+"/"+Slug(f)+"/"]
			g.Title, g.URL = j.Title, r.link(j.Path)
		}
		for _, e := range r.inFolder(f, l) {
			if len(g.Links) < sitemapLinks {
				g.Links = append(g.Links, r.entryLink(e, l))
			}
		}
		if len(g.Links) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// archive are the entries that have left the lists and can still be cited.
func (r *Renderer) archive(l string) LinkGroup {
	g := LinkGroup{Title: r.Words.Must(l, "sitemap.archive")}
	for _, e := range r.Site.Entries {
		if e.Lang == l && !e.Listed() && !e.Index && len(g.Links) < sitemapLinks {
			link := r.entryLink(e, l)
			link.Note = r.Status(e, l)
			g.Links = append(g.Links, link)
		}
	}
	return g
}
