package render

import (
	"fmt"
	"html/template"
	"io/fs"
	"sync"
	"sync/atomic"
)

// Kinds are the templates below templates/pages.
var Kinds = []string{"home", "list", "entry", "section", "taxonomy", "term", "glossary", "topics", "sitemap", "search", "notfound", "entries",
	"view", "views", "follow", "delta", "brief"}

// templates are parsed once. Their functions ask the renderer of the moment: in
// a preview, one follows the other.
type templates struct {
	renderer atomic.Pointer[Renderer]
	pages    map[string]lazy
	entry    map[string]lazy // by type: the entry page
	cards    map[string]lazy // by type: the card
	views    map[string]lazy // by form
	shared   lazy            // layout, components and fields
}

// lazy is a template that is put together when it is first asked for: a copy of
// all shared ones takes longer than parsing what is its own, and few sites have
// every kind of page.
type lazy func() *template.Template

func newTemplates(in Input) (*templates, error) {
	t := &templates{pages: map[string]lazy{}, entry: map[string]lazy{}, cards: map[string]lazy{}, views: map[string]lazy{}}
	funcs := t.funcs()
	shared := template.New("portal").Funcs(funcs).Option("missingkey=error")
	if err := parse(shared, in.Templates, "layout.html", "components/*/*.html", "fields/*.html"); err != nil {
		return nil, err
	}
	s := sources{shared, funcs, in.Templates}
	t.shared, _ = s.with()
	var err error
	for _, kind := range Kinds {
		if t.pages[kind], err = s.with("pages/" + kind + ".html"); err != nil {
			return nil, err
		}
	}
	for _, v := range in.Site.AllViews() {
		form, _ := v.Form()
		if t.views[form], err = s.with("pages/view.html", "views/"+form+"/*.html"); err != nil {
			return nil, err
		}
	}
	for _, typ := range in.Site.Types {
		folder := "types/" + typ.Name + "/"
		if t.entry[typ.Name], err = s.with(append([]string{"pages/entry.html"}, s.present(folder+"page.html")...)...); err != nil {
			return nil, err
		}
		if t.cards[typ.Name], err = s.with(s.present(folder + "card.html")...); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// sources are what templates are put together from.
type sources struct {
	shared *template.Template // never executed, so that it can be copied
	funcs  template.FuncMap
	files  fs.FS
}

// with is the shared templates and those of the patterns, which may redefine
// them. What is wrong in a file is told at once.
func (s sources) with(patterns ...string) (lazy, error) {
	if err := parse(template.New("").Funcs(s.funcs), s.files, patterns...); err != nil {
		return nil, err
	}
	return sync.OnceValue(func() *template.Template {
		t := template.Must(s.shared.Clone())
		if err := parse(t, s.files, patterns...); err != nil {
			panic(err) // they have just been parsed
		}
		return t
	}), nil
}

// present is the file, if there is one.
func (s sources) present(file string) []string {
	if _, err := fs.Stat(s.files, file); err != nil {
		return nil
	}
	return []string{file}
}

func parse(t *template.Template, templates fs.FS, patterns ...string) error {
	for _, p := range patterns {
		files, err := fs.Glob(templates, p)
		if err != nil || len(files) == 0 {
			return fmt.Errorf("templates/%s: die Vorlage fehlt", p)
		}
		for _, f := range files {
			b, err := fs.ReadFile(templates, f)
			if err != nil {
				return fmt.Errorf("templates/%s: nicht lesbar", f)
			}
			if _, err := t.New(f).Parse(string(b)); err != nil {
				return err
			}
		}
	}
	return nil
}
