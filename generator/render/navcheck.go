package render

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// CheckConfig reports pages that want the same address, and menu items and parts
// of the start page that name something the site does not have. What exists and is hidden or empty is
// left out of the menu without a word. Plan comes first.
func (r *Renderer) CheckConfig(diags *diag.List) {
	for _, c := range r.collisions {
		r.collision(c[0], c[1], diags)
	}
	c := r.Site.Config
	for _, items := range [][]site.NavItem{c.Nav, c.Footer} {
		for _, it := range items {
			r.checkNav(it, diags)
		}
	}
	for _, names := range [][]site.TypeName{c.Thread, c.Topics.Lead, c.Topics.Order} {
		r.checkTypes(names, diags)
	}
	r.checkAuthors(diags)
	l := c.DefaultLang()
	if f := c.Home.Entrances; f != "" && r.index["/"+Slug(f)+"/"] == nil && !r.Site.HiddenPath(f) {
		diags.Errorf(c.Home.Pos, "menue-ziel", diag.DidYouMean(f, r.allFolders(l)), "„home.entrances“ nennt den Abschnitt „%s“; einen solchen Ordner mit Seiten gibt es nicht.", f)
	}
	if t := c.Home.Topics; t != "" && r.Site.Taxonomy(t) == nil {
		diags.Errorf(c.Home.Pos, "menue-ziel", diag.DidYouMean(t, r.taxonomyNames()), "„home.topics“ nennt das Vokabular „%s“; das gibt es nicht.", t)
	}
}

// collision reports two pages of one address at the one that comes from a file
// of the content. Two such files have been reported by site.Assemble.
func (r *Renderer) collision(a, b *Job, diags *diag.List) {
	ours := func(j *Job) bool { return strings.HasPrefix(j.Pos.File, "content/") }
	if ours(a) && a.Kind == "entry" && ours(b) && b.Kind == "entry" {
		return
	}
	j := a
	if !ours(a) {
		j = b
	}
	diags.Errorf(j.Pos, "adresse-doppelt", "Geben Sie der Datei oder dem Ordner einen anderen Namen.",
		"Die Adresse %s gehört schon einer Seite, die das Portal selbst macht.", a.Path)
}

func (r *Renderer) checkNav(it site.NavItem, diags *diag.List) {
	fault := func(what, name string, candidates []string) {
		diags.Errorf(it.Pos, "menue-ziel", diag.DidYouMean(name, candidates), "Das Menü nennt %s „%s“, aber so etwas gibt es hier nicht.", what, name)
	}
	targets := 0
	for _, s := range []string{it.Page, it.Type, it.Taxonomy, it.Section, it.URL} {
		if s != "" {
			targets++
		}
	}
	if it.Views {
		targets++
	}
	if targets != 1 {
		diags.Errorf(it.Pos, "menue-ziel", "Schreiben Sie genau eines von page, type, taxonomy, section, url und views.", "Ein Punkt des Menüs hat %d Ziele statt einem.", targets)
		return
	}
	l := r.Site.Config.DefaultLang()
	switch {
	case it.Type != "" && r.Site.Type(it.Type) == nil:
		fault("den Typ", it.Type, r.typeNames())
	case it.Taxonomy != "" && r.Site.Taxonomy(it.Taxonomy) == nil:
		fault("das Vokabular", it.Taxonomy, r.taxonomyNames())
	case it.Section != "" && r.index["/"+Slug(it.Section)+"/"] == nil && !r.Site.HiddenPath(it.Section):
		fault("den Abschnitt", it.Section, r.allFolders(l))
	case it.Page != "" && r.Site.Lookup(it.Page, l) == nil && !r.Site.Hidden(it.Page):
		var ids []string
		for _, e := range r.Site.Entries {
			if !e.Index && e.Type.Fallback {
				ids = append(ids, e.ID)
			}
		}
		fault("die Seite", it.Page, ids)
	case strings.HasPrefix(it.URL, "/") && r.index[it.URL] == nil:
		diags.Errorf(it.Pos, "menue-ziel", "Schreiben Sie den Pfad einer Seite mit Schrägstrich am Ende, etwa „/glossar/“.", "Das Menü führt zu „%s“; eine solche Seite gibt es nicht.", it.URL)
	}
}

// checkTypes reports names of types that are not there, or twice.
func (r *Renderer) checkTypes(names []site.TypeName, diags *diag.List) {
	seen := map[string]bool{}
	for _, n := range names {
		switch {
		case r.Site.Type(n.Name) == nil:
			hint := cmp.Or(diag.DidYouMean(n.Name, r.typeNames()), "Möglich sind: "+strings.Join(r.typeNames(), ", ")+".")
			diags.Errorf(n.Pos, "typ-unbekannt", hint, "Den Typ „%s“ gibt es nicht.", n.Name)
		case seen[n.Name]:
			diags.Errorf(n.Pos, "typ-doppelt", "Löschen Sie die Wiederholung.", "Der Typ „%s“ steht zweimal da.", n.Name)
		}
		seen[n.Name] = true
	}
}

// checkAuthors reports people of the history who are shown as an entry that is
// not there.
func (r *Renderer) checkAuthors(diags *diag.List) {
	for _, a := range r.Site.Config.History.Authors {
		if a.Entry == "" || r.Site.Hidden(a.Entry) || slices.ContainsFunc(r.Site.Entries, func(e *site.Entry) bool { return e.ID == a.Entry }) {
			continue
		}
		var ids []string
		for _, e := range r.Site.Entries {
			ids = append(ids, e.ID)
		}
		hint := cmp.Or(diag.DidYouMean(a.Entry, ids), "Schreiben Sie die Kennung eines Eintrags oder statt „entry“ einen Namen: name: Anna Muster")
		diags.Errorf(a.Pos, "konfiguration-verlauf", hint, "„history.authors“ nennt den Eintrag „%s“; den gibt es nicht.", a.Entry)
	}
}

func (r *Renderer) typeNames() []string {
	var names []string
	for _, t := range r.Site.Types {
		names = append(names, t.Name)
	}
	return names
}

func (r *Renderer) taxonomyNames() []string {
	var names []string
	for _, t := range r.Site.Taxonomies {
		names = append(names, t.Name)
	}
	return names
}
