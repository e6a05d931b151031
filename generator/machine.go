package generator

import (
	"html/template"
	"path"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/export"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// machine tells pages what export makes for machines.
type machine struct {
	b   *build
	in  export.Input
	own map[string]bool // paths of files that export writes and pages may link

	calendars map[calendarKey]render.FeedLink
	feeds     []*export.Feed
	follow    map[followKey]*export.Feed // of values
}

type followKey struct {
	lang         string
	t            *site.Type
	field, value string
}

func newMachine(b *build) *machine {
	m := &machine{b: b, own: map[string]bool{}}
	m.in = export.Input{
		Site: b.site, Words: b.words, Diags: b.diags,
		Body: func(e *site.Entry) template.HTML { return template.HTML(b.texts.html(e)) },
		Asset: func(e *site.Entry, src string) string {
			p, ok := contentPath(e.Pos.File, src)
			if !ok {
				return ""
			}
			d, err := b.media.File(b.files.Content, p)
			if err != nil {
				return ""
			}
			return d.URL
		},
		Prose:    func(_ *site.Entry, p site.Prose) string { return b.texts.plainProse(p) },
		Licence:  b.site.Config.Licence,
		Private:  b.private(),
		View:     b.view,
		ViewPath: func(v *site.ViewDef, l string) string { return render.ViewPath(b.site, v, l) },
	}
	m.in.RedirectScript = func() string {
		_, script := b.bundle.Page("redirect", b.diags)
		return script
	}
	m.feeds = export.Feeds(b.site)
	m.follow = map[followKey]*export.Feed{}
	for _, f := range m.feeds {
		m.own[f.Atom], m.own[f.JSON] = true, true
		if f.Field != "" {
			m.follow[followKey{f.Lang, f.Type, f.Field, f.Value}] = f
		}
	}
	for _, l := range b.site.Config.Languages {
		for _, t := range b.site.Types {
			for _, d := range export.DataFiles(b.site, t, l) {
				m.own[d.Path] = true
			}
		}
	}
	for _, l := range b.site.Config.Languages {
		for _, v := range b.site.AllViews() {
			if view.Shown(b.site, v, l) {
				for _, d := range export.ViewFiles(v, render.ViewPath(b.site, v, l)) {
					m.own[d.Path] = true
				}
			}
		}
	}
	m.ownCalendars()
	m.own["/sitemap.xml"], m.own["/robots.txt"] = true, true
	return m
}

// has reports whether export will write a file at this path.
func (m *machine) has(path string) bool { return m.own[path] }

// input is what export.All needs, with all pages known.
func (m *machine) input(jobs []*render.Job) export.Input {
	in := m.in
	for _, j := range jobs {
		ref := export.PageRef{Path: j.Path, Lang: j.Lang, LastMod: j.Changed, NoIndex: j.NoIndex}
		for _, v := range j.Versions {
			ref.Alternates = append(ref.Alternates, export.Alternate{Lang: v.Lang, Path: v.Path})
		}
		in.Pages = append(in.Pages, ref)
	}
	return in
}

func (m *machine) Feeds(l string, t *site.Type, term *site.Term) []render.FeedLink {
	var f *export.Feed
	switch {
	case term != nil:
		f = export.TermFeed(m.b.site, term, l)
	case t != nil:
		f = export.TypeFeed(m.b.site, t, l)
	default:
		f = export.SiteFeed(m.b.site, l)
	}
	var out []render.FeedLink
	if f != nil {
		out = m.feedLinks(f)
	}
	if c, ok := m.calendars[calendarKey{l, t, term, ""}]; ok {
		out = append(out, c)
	}
	return out
}

// feedLinks are the forms in which a feed is to be had.
func (m *machine) feedLinks(f *export.Feed) []render.FeedLink {
	return []render.FeedLink{
		{Title: f.Title, Type: export.AtomType, URL: m.b.base + f.Atom},
		{Title: f.Title, Type: export.JSONFeedType, URL: m.b.base + f.JSON},
	}
}

func (m *machine) followed(f *export.Feed) render.Followed {
	x := render.Followed{Name: f.Name, Canonical: m.b.site.Config.BaseURL + f.Atom, Feeds: m.feedLinks(f)}
	if f.Field == "" {
		x.URL = m.b.base + f.Page
	}
	if f.Field == "" || f.Type.ICal != nil && f.Type.ICal.Series == f.Field {
		if c, ok := m.calendars[calendarKey{f.Lang, f.Type, f.Term, f.Value}]; ok {
			x.Feeds = append(x.Feeds, c)
		}
	}
	return x
}

func (m *machine) Follow(e *site.Entry) []render.FollowGroup {
	var out []render.FollowGroup
	for _, x := range e.Type.Follow {
		g := render.FollowGroup{Title: x.Title.In(e.Lang)}
		for _, w := range export.FollowWords(e, x.Field) {
			if f := m.follow[followKey{e.Lang, e.Type, x.Field, w.Key}]; f != nil {
				g.Items = append(g.Items, m.followed(f))
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// AllFeeds are grouped by what they are of: the site and its types first, then
// the values of fields, then vocabularies.
func (m *machine) AllFeeds(l string) []render.FollowGroup {
	var out []render.FollowGroup
	add := func(id, title string, f *export.Feed) {
		i := slices.IndexFunc(out, func(g render.FollowGroup) bool { return g.ID == id })
		if i < 0 {
			i = len(out)
			out = append(out, render.FollowGroup{ID: id, Title: title})
		}
		out[i].Items = append(out[i].Items, m.followed(f))
	}
	for _, pass := range []string{"site", "field", "term"} {
		for _, f := range m.feeds {
			switch {
			case f.Lang != l:
			case f.Field != "" && pass == "field":
				add(f.Type.Name+"-"+lang.ID(f.Field), f.Type.Labels.Many.In(l)+": "+f.Type.FieldByPath(f.Field).Label.In(l), f)
			case f.Term != nil && pass == "term":
				add(f.Term.Taxonomy.Slug, f.Term.Taxonomy.Many.In(l), f)
			case f.Field == "" && f.Term == nil && pass == "site":
				add("portal", m.b.words.Must(l, "follow.site"), f)
			}
		}
	}
	return out
}

func (m *machine) Exports(lang string, t *site.Type) []render.Link {
	return m.links(export.DataFiles(m.b.site, t, lang))
}

func (m *machine) ViewExports(lang string, v *site.ViewDef) []render.Link {
	return m.links(export.ViewFiles(v, render.ViewPath(m.b.site, v, lang)))
}

func (m *machine) links(files []export.Download) []render.Link {
	var out []render.Link
	for _, d := range files {
		out = append(out, render.Link{Title: d.Format, URL: m.b.base + d.Path, Note: path.Base(d.Path)})
	}
	return out
}

func (m *machine) Meta(e *site.Entry) []render.Meta {
	var out []render.Meta
	for _, x := range export.EntryMeta(m.in, e) {
		out = append(out, render.Meta{Name: x.Name, Property: x.Property, Content: x.Content})
	}
	return out
}

func (m *machine) JSONLD(e *site.Entry, crumbs []render.Link) []byte {
	return export.PageJSONLD(m.in, export.Page{Path: e.URL, Lang: e.Lang, Title: e.Title, Summary: e.Summary, Modified: e.LastChange(), Entry: e, Crumbs: m.crumbs(crumbs)})
}

func (m *machine) crumbs(links []render.Link) []export.Crumb {
	var out []export.Crumb
	for _, l := range links {
		out = append(out, export.Crumb{Title: l.Title, Path: strings.TrimPrefix(l.URL, m.b.base)})
	}
	return out
}

func (m *machine) StartJSONLD(lang string) []byte {
	c := m.b.site.Config
	return export.PageJSONLD(m.in, export.Page{Path: c.Prefix(lang) + "/", Lang: lang, Title: c.Title, Summary: c.Description.In(lang), Home: true})
}

func (m *machine) ListJSONLD(lang, title, path string, entries []*site.Entry, crumbs []render.Link) []byte {
	// Sections of hundreds of pages need no second copy of their titles.
	entries = slices.Clone(entries[:min(len(entries), 30)])
	return export.PageJSONLD(m.in, export.Page{Path: path, Lang: lang, Title: title, List: true, Items: entries, Crumbs: m.crumbs(crumbs)})
}

func (m *machine) Cite(e *site.Entry) (string, []render.CiteFile) {
	if e.Type.Citation == nil {
		return "", nil
	}
	var files []render.CiteFile
	for i, l := range m.links(export.CiteFiles(e)) {
		files = append(files, render.CiteFile{Link: l, Text: string(export.CiteFile(m.in, e, i))})
	}
	return export.CiteText(m.in, e), files
}
