package generator

import (
	"html/template"
	"path"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/export"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// machine tells pages what export makes for machines.
type machine struct {
	b   *build
	in  export.Input
	own map[string]bool // paths of files that export writes and pages may link
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
	_, m.in.RedirectScript = b.bundle.Page("redirect")
	for _, f := range export.Feeds(b.site) {
		m.own[f.Atom], m.own[f.JSON] = true, true
	}
	for _, l := range b.site.Config.Languages {
		for _, t := range b.site.Types {
			for _, d := range export.DataFiles(b.site, t, l) {
				m.own[d.Path] = true
			}
		}
	}
	for _, l := range b.site.Config.Languages {
		for _, t := range b.site.Types {
			for _, v := range t.Views {
				if view.Shown(b.site, v, l) {
					for _, d := range export.ViewFiles(v, render.ViewPath(b.site, v, l)) {
						m.own[d.Path] = true
					}
				}
			}
		}
	}
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

func (m *machine) Feeds(lang string, t *site.Type, term *site.Term) []render.FeedLink {
	var f *export.Feed
	switch {
	case term != nil:
		f = export.TermFeed(m.b.site, term, lang)
	case t != nil:
		f = export.TypeFeed(m.b.site, t, lang)
	default:
		f = export.SiteFeed(m.b.site, lang)
	}
	if f == nil {
		return nil
	}
	return []render.FeedLink{
		{Title: f.Title, Type: export.AtomType, URL: m.b.base + f.Atom},
		{Title: f.Title, Type: export.JSONFeedType, URL: m.b.base + f.JSON},
	}
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
