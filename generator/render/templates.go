package render

import (
	"fmt"
	"html/template"
	"io/fs"
	"sync/atomic"

	"github.com/ag-vzkm/portal/generator/site"
)

// Kinds are the templates below templates/pages.
var Kinds = []string{"home", "list", "entry", "section", "taxonomy", "term", "glossary", "topics", "sitemap", "search", "notfound", "entries",
	"view", "views", "follow", "delta", "brief"}

// templates are parsed once. Their functions ask the renderer of the moment: in
// a preview, one follows the other.
type templates struct {
	renderer atomic.Pointer[Renderer]
	pages    map[string]*template.Template
	entry    map[string]*template.Template // by type: the entry page
	cards    map[string]*template.Template // by type: the card
	views    map[string]*template.Template // by form
	shared   *template.Template            // layout, components and fields
}

func newTemplates(in Input) (*templates, error) {
	t := &templates{pages: map[string]*template.Template{}, entry: map[string]*template.Template{}, cards: map[string]*template.Template{}, views: map[string]*template.Template{}}
	shared := template.New("portal").Funcs(t.funcs()).Option("missingkey=error")
	if err := parse(shared, in.Templates, "layout.html", "components/*/*.html", "fields/*.html"); err != nil {
		return nil, err
	}
	t.shared = template.Must(shared.Clone())
	for _, kind := range Kinds {
		page := template.Must(shared.Clone())
		if err := parse(page, in.Templates, "pages/"+kind+".html"); err != nil {
			return nil, err
		}
		t.pages[kind] = page
	}
	if err := t.parseViews(in.Templates, in.Site.AllViews()); err != nil {
		return nil, err
	}
	for _, typ := range in.Site.Types {
		if err := t.parseType(shared, in.Templates, typ.Name); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *templates) parseViews(files fs.FS, views []*site.ViewDef) error {
	for _, v := range views {
		form, _ := v.Form()
		if t.views[form] != nil {
			continue
		}
		page := template.Must(t.pages["view"].Clone())
		if err := parse(page, files, "views/"+form+"/*.html"); err != nil {
			return err
		}
		t.views[form] = page
	}
	return nil
}

func (t *templates) parseType(shared *template.Template, files fs.FS, name string) error {
	entry := template.Must(shared.Clone())
	if err := parse(entry, files, "pages/entry.html"); err != nil {
		return err
	}
	card := template.Must(shared.Clone())
	for file, to := range map[string]*template.Template{"page.html": entry, "card.html": card} {
		file = "types/" + name + "/" + file
		if _, err := fs.Stat(files, file); err == nil {
			if err := parse(to, files, file); err != nil {
				return err
			}
		}
	}
	t.entry[name], t.cards[name] = entry, card
	return nil
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
