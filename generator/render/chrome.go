package render

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// page fills what every page has and hands over to the kind's own part.
func (r *Renderer) page(j *Job, text *Text) (p *Page, err error) {
	c := r.Site.Config
	p = &Page{
		Site: r.Site, Kind: j.Kind, Lang: j.Lang, Path: j.Path, URL: r.link(j.Path),
		Canonical: c.BaseURL + j.Path, Title: j.Title, Summary: j.Summary,
		Home: r.link(c.Prefix(j.Lang) + "/"), NoIndex: j.NoIndex, Assets: r.Assets,
	}
	p.DocTitle = r.docTitle(j)
	p.chrome = r.chromeOf(j)
	p.Nav, p.Footer, p.Feeds, p.FollowURL = p.chrome.Nav, p.chrome.Footer, p.chrome.Feeds, p.chrome.FollowURL
	p.Crumbs = r.crumbs(j)
	p.Langs = r.languages(j)
	switch j.Kind {
	case "home":
		p.Start = r.start(j)
		p.JSONLD = jsonLD(r.Machine.StartJSONLD(j.Lang))
	case "entry":
		err = r.entryPage(p, j, text)
	case "list", "glossary", "section", "term", "entries":
		r.listPage(p, j)
	case "view":
		r.viewPage(p, j)
	case "follow":
		r.followPage(p, j)
	case "delta":
		r.deltaPage(p, j)
	case "brief":
		r.briefPage(p, j)
	case "views":
		p.Views = r.viewLinks(nil, j.Lang)
	case "taxonomy":
		r.taxonomyPage(p, j)
	case "topics", "search", "notfound":
		p.Terms = r.termGroups(j.Lang)
		p.Sitemap = r.signposts.get(j.Lang)
	case "sitemap":
		p.Sitemap = r.sitemap.get(j.Lang)[j.Page-1]
		p.Paging = r.paging(j)
	}
	if j.Entry != nil && j.Kind != "entry" {
		p.Entry = r.plainText(j.Entry, j.Lang, text)
		p.Outline = text.Outline
	}
	if len(p.Meta) == 0 {
		p.Meta = []Meta{{Property: "og:title", Content: j.Title}, {Property: "og:type", Content: "website"}, {Property: "og:url", Content: p.Canonical}}
	}
	return p, err
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
	case j.Kind == "delta":
		title := j.Title + " " + j.Of.Title
		if j.Path != j.Of.URL+deltaPath { // one of several versions that it replaces
			title += " / " + j.Old.Title
		}
		return title + " – " + r.Site.Config.Title
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

// branch is a place in the menus, the numbers of the links of menu and footer
// that lead to a page or above it, and whose feeds the page offers beside the
// site's own.
type branch struct {
	lang, current string
	t             *site.Type
	term          *site.Term
}

// chromeOf is what a page has in common with all of its branch.
func (r *Renderer) chromeOf(j *Job) *Chrome {
	plain := r.chromes.get(branch{lang: j.Lang})
	at, current := r.link(j.Path), ""
	for i, l := range plain.Nav {
		if l.leadsTo(at, plain.Home) {
			current += strconv.Itoa(i) + " "
		}
	}
	for i, l := range plain.Footer {
		if l.leadsTo(at, plain.Home) {
			current += strconv.Itoa(len(plain.Nav)+i) + " "
		}
	}
	return r.chromes.get(branch{j.Lang, current, j.Type, j.Term})
}

func (l Link) leadsTo(at, home string) bool { return l.URL != home && strings.HasPrefix(at, l.URL) }

func (r *Renderer) newChrome(b branch) *Chrome {
	s := r.Site
	c := &Chrome{Site: s, Lang: b.lang, Home: r.link(s.Config.Prefix(b.lang) + "/"), Assets: r.Assets}
	c.Feeds = r.Machine.Feeds(b.lang, nil, nil)
	if b.t != nil || b.term != nil {
		c.Feeds = slices.Concat(r.Machine.Feeds(b.lang, b.t, b.term), c.Feeds)
	}
	c.FollowURL = r.followURL(b.lang)
	if b.term != nil {
		c.FollowTitle = b.term.Taxonomy.Follow.In(b.lang)
	}
	if b.current == "" {
		c.Nav, c.Footer = r.nav(s.Config.Nav, b.lang), r.nav(s.Config.Footer, b.lang)
		if len(s.Config.Nav) == 0 {
			c.Nav = r.defaultNav(b.lang)
		}
	} else {
		plain := r.chromes.get(branch{lang: b.lang})
		c.Nav, c.Footer = slices.Clone(plain.Nav), slices.Clone(plain.Footer)
		for f := range strings.FieldsSeq(b.current) {
			if i, _ := strconv.Atoi(f); i < len(c.Nav) {
				c.Nav[i].Current = true
			} else {
				c.Footer[i-len(c.Nav)].Current = true
			}
		}
	}
	c.parts = newMemo(func(name string) part {
		html, err := r.html(r.parsed.shared(), name, c)
		return part{html, err}
	})
	return c
}

// part is a template executed, or what went wrong.
type part struct {
	html template.HTML
	err  error
}

// part executes a template that is the same on all pages of a branch, once.
func (r *Renderer) part(name string, p *Page) (template.HTML, error) {
	out := p.chrome.parts.get(name)
	return out.html, out.err
}

// nav turns configured menu items into links. An item whose target is not
// shown is left out; CheckConfig reports those that name nothing.
func (r *Renderer) nav(items []site.NavItem, lang string) []Link {
	var out []Link
	for _, it := range items {
		l, ok := r.navLink(it, lang)
		if !ok {
			continue
		}
		if s := it.Label.In(lang); s != "" {
			l.Title = s
		}
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
	case it.Views:
		if j := r.index[prefix+viewsPath]; j != nil {
			return Link{Title: j.Title, URL: r.link(j.Path)}, true
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

func (r *Renderer) defaultNav(l string) []Link {
	var items []site.NavItem
	for _, t := range r.Site.Types {
		if t.Nav > 0 && !t.Fallback && r.Active(t) {
			items = append(items, site.NavItem{Type: t.Name})
		}
	}
	for _, f := range r.folders("", l) {
		items = append(items, site.NavItem{Section: f})
	}
	return r.nav(items[:min(maxNav, len(items))], l)
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
	case j.Of != nil:
		out = append(out, r.entryCrumbs(j.Of, j.Lang)...)
		out = append(out, r.entryLink(j.Of, j.Lang))
	case j.Kind == "entries":
		out = append(out, Link{Title: r.Words.Must(j.Lang, "sitemap.title"), URL: r.link(prefix + "/inhalt/")})
	case j.Kind == "entry":
		out = append(out, r.entryCrumbs(j.Entry, j.Lang)...)
	case j.Kind == "view":
		out = append(out, Link{Title: r.Words.Must(j.Lang, "views.title"), URL: r.link(prefix + viewsPath)})
	case j.Letter != "" && j.First != r.Site.TypeURL(j.Type, j.Lang):
		out = append(out, r.typeLink(j.Type, j.Lang))
	case j.Kind == "section":
		out = append(out, r.folderCrumbs(strings.TrimPrefix(j.Path, prefix), prefix)...)
	}
	if j.Page > 1 {
		out = append(out, Link{Title: r.index[j.First].Title, URL: r.link(j.First)})
	}
	return out
}

func (r *Renderer) typeLink(t *site.Type, l string) Link {
	return Link{Title: t.Labels.Many.In(l), URL: r.link(r.Site.TypeURL(t, l))}
}

// entryCrumbs are the pages above an entry.
func (r *Renderer) entryCrumbs(e *site.Entry, l string) []Link {
	if !e.Type.Fallback {
		return []Link{r.typeLink(e.Type, l)}
	}
	prefix := r.Site.Config.Prefix(l)
	return r.folderCrumbs(strings.TrimPrefix(e.URL, prefix), prefix)
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
	if j.Of != nil {
		if i := slices.IndexFunc(j.Of.Translations, func(e *site.Entry) bool { return e.Lang == l }); i >= 0 {
			return j.Of.Translations[i].URL
		}
		if !j.Of.Type.Fallback {
			return r.Site.TypeURL(j.Of.Type, l)
		}
	}
	if j.Type != nil && !j.Type.Fallback {
		return r.Site.TypeURL(j.Type, l)
	}
	if j.Taxonomy != nil && r.index[prefix+"/"+j.Taxonomy.Slug+"/"] != nil {
		return prefix + "/" + j.Taxonomy.Slug + "/"
	}
	return prefix + "/"
}
