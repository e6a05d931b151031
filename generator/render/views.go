package render

import (
	"cmp"
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// viewsPath is the page of all views; each view lies below it.
const viewsPath = "/werkzeuge/"

// allViews are the views that have something to show in a language.
func (r *Renderer) allViews(l string) []*site.ViewDef { return r.views.get(l) }

func (r *Renderer) findViews(l string) []*site.ViewDef {
	var out []*site.ViewDef
	for _, v := range r.Site.AllViews() {
		if view.Shown(r.Site, v, l) {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b *site.ViewDef) int { return cmp.Compare(a.Order, b.Order) })
	return out
}

// ViewPath is the address of a view from the site's root.
func ViewPath(s *site.Site, v *site.ViewDef, l string) string {
	return s.Config.Prefix(l) + viewsPath + v.Name + "/"
}

func (p *planner) views(prefix string) {
	all := p.r.allViews(p.lang)
	if len(all) == 0 {
		return
	}
	p.add(&Job{Kind: "views", Path: prefix + viewsPath, Title: p.word("views.title"), Summary: p.word("views.summary")})
	for _, v := range all {
		p.add(&Job{Kind: "view", Path: ViewPath(p.r.Site, v, p.lang), Title: v.Title.In(p.lang), Summary: v.Intro.In(p.lang), Pos: v.Pos,
			Type: v.Type, View: v, Entries: p.r.ViewEntries(v, p.lang)})
	}
}

// ViewEntries are what a view shows.
func (r *Renderer) ViewEntries(v *site.ViewDef, l string) []*site.Entry {
	if v.Type != nil {
		return r.Listing(v.Type, l)
	}
	return view.ListedOf(r.Site, v, l)
}

// viewLinks lead to the views of a type, or to all.
func (r *Renderer) viewLinks(t *site.Type, l string) []Link {
	var out []Link
	for _, v := range r.allViews(l) {
		if t == nil || v.Type == t {
			out = append(out, r.viewLink(v, l))
		}
	}
	return out
}

func (r *Renderer) viewLink(v *site.ViewDef, l string) Link {
	return Link{Title: v.Title.In(l), URL: r.link(ViewPath(r.Site, v, l)), Note: v.Intro.In(l), Icon: v.Icon}
}

func (r *Renderer) viewPage(p *Page, j *Job) {
	c, data := r.View(j.View, j.Lang)
	form, _ := j.View.Form()
	v := &ViewPage{Def: j.View, Form: form, Data: data, Filters: view.Filters(c, data), Noun: r.viewNoun(j), List: r.viewList(j)}
	if b, ok := data.(view.Bounded); ok {
		v.Shown, v.Total = b.Bound()
	}
	for _, o := range r.allViews(j.Lang) {
		if o != j.View && o.Type == j.Type {
			v.Others = append(v.Others, r.viewLink(o, j.Lang))
		}
	}
	p.View = v
	p.Style, p.Script = r.ViewFiles(form)
	p.Downloads = r.Machine.ViewExports(j.Lang, j.View)
	p.JSONLD = jsonLD(r.Machine.ListJSONLD(j.Lang, j.Title, j.Path, j.Entries, p.Crumbs))
}

// viewNoun is what the things of a view are called.
func (r *Renderer) viewNoun(j *Job) string {
	switch noun := j.View.Noun.In(j.Lang); {
	case noun != "":
		return noun
	case j.Type != nil:
		return j.Type.Labels.Many.In(j.Lang)
	}
	return r.Words.Must(j.Lang, "view.entries")
}

// viewList is the list that a view is another form of: the type's, or the page
// of all views.
func (r *Renderer) viewList(j *Job) Link {
	if j.Type != nil {
		l := r.typeLink(j.Type, j.Lang)
		l.Title = r.Words.Must(j.Lang, "list.all", l.Title)
		return l
	}
	all := r.index[r.Site.Config.Prefix(j.Lang)+viewsPath]
	return Link{Title: r.Words.Must(j.Lang, "view.all"), URL: r.link(all.Path)}
}
