// Package render makes the HTML pages of a site with the templates.
//
// Terms: a page is anything with a URL; a job is a page that has been planned
// and not yet made; a card is an entry as lists show it; chrome is what is
// around a page's own content (menus, breadcrumbs, languages).
//
// Flow: New parses the templates once. Plan lists all pages as jobs, without
// making them, so that links, sitemap and checks know the whole site. Fill
// gathers what a page shows and Execute writes it; both may be called by many
// goroutines.
//
// Files: plan.go says which pages there are, chrome.go, start.go, list.go,
// entry.go and card.go fill the structs of data.go, funcs.go is what templates
// may call.
package render

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// Text is an entry's converted text.
type Text struct {
	HTML    string
	Breaks  []int // offsets in HTML at which a long text is cut into parts
	Outline []Heading
	Terms   []string // glossary ids, by first use
	Cited   []string // source keys, by first use
	First   string   // first paragraph, plain
}

// Input is what a build gives to the pages. All of it is required but
// Related.
type Input struct {
	Site      *site.Site
	Words     *lang.Words
	Templates fs.FS
	Assets    Assets
	Prose     func(site.Prose) string // HTML of a markdown field
	Plain     func(site.Value) string // text of any value, of a markdown field without its marks
	Picture   func(site.Image) *Picture
	Download  func(site.File) *Link
	Related   map[*site.Entry][]view.Similar
	Machine   Machine
	Private   bool     // no page is meant for search engines
	Errors    []string // preview: what is wrong with the content
}

// Machine tells pages what there is for machines to read about them.
type Machine interface {
	// Feeds of the whole site (t and term nil), of a type, or of a term.
	Feeds(lang string, t *site.Type, term *site.Term) []FeedLink
	// Exports of a type's list.
	Exports(lang string, t *site.Type) []Link
	// Meta tags and structured data of an entry's page.
	Meta(*site.Entry) []Meta
	JSONLD(e *site.Entry, crumbs []Link) []byte
	// StartJSONLD describes the site, ListJSONLD a list.
	StartJSONLD(lang string) []byte
	ListJSONLD(lang, title, path string, entries []*site.Entry, crumbs []Link) []byte
	// Cite is how to cite an entry, and the files for reference managers.
	Cite(*site.Entry) (text string, files []Link)
}

// Renderer makes pages. It is safe for concurrent use.
type Renderer struct {
	Input
	base       string // path of base_url, "" or "/sub"
	pages      map[string]*template.Template
	entry      map[string]*template.Template // by type: the entry page
	cards      map[string]*template.Template // by type: the card
	shared     *template.Template            // layout, components and fields
	index      map[string]*Job               // by path, set by Plan
	trees      map[string]*tree              // by language, set by Plan
	collisions [][2]*Job                     // pages of one path, set by Plan

	// What many pages show is computed once, when it is first asked for.
	listings    *memo[typeLang, []*site.Entry]
	alphabet    *memo[typeLang, []letterEntries]
	facets      *memo[typeLang, []LinkGroup]
	termEntries *memo[termLang, []*site.Entry]
	termTypes   *memo[termLang, map[*site.Type]int]
	termGroup   *memo[taxonomyLang, TermGroup]
	archived    *memo[string, []*site.Entry] // by language, as those below
	sitemap     *memo[string, [][]LinkGroup] // by page
	signposts   *memo[string, []LinkGroup]
	chromes     *memo[branch, *Chrome]
	icons       *memo[string, template.HTML]
	words       *memo[FieldData, part] // fields of one word
	made        cards
	buffers     sync.Pool
}

type (
	typeLang struct {
		t *site.Type
		l string
	}
	termLang struct {
		t *site.Term
		l string
	}
	taxonomyLang struct {
		t *site.Taxonomy
		l string
	}
)

// Kinds are the templates below templates/pages.
var Kinds = []string{"home", "list", "entry", "section", "taxonomy", "term", "glossary", "topics", "sitemap", "search", "notfound", "entries"}

// New parses the templates.
func New(in Input) (*Renderer, error) {
	u, err := url.Parse(in.Site.Config.BaseURL)
	if err != nil {
		return nil, err
	}
	r := &Renderer{Input: in, base: strings.TrimSuffix(u.Path, "/"),
		pages: map[string]*template.Template{}, entry: map[string]*template.Template{}, cards: map[string]*template.Template{}}
	r.listings, r.alphabet, r.facets = newMemo(r.listing), newMemo(r.byLetter), newMemo(r.facetsOf)
	r.termEntries, r.termTypes, r.termGroup = newMemo(r.entriesOf), newMemo(r.countTypes), newMemo(r.termsOf)
	r.archived, r.sitemap, r.signposts = newMemo(r.archive), newMemo(r.sitemapPages), newMemo(r.signpostsOf)
	r.chromes, r.icons, r.made.html = newMemo(r.newChrome), newMemo(r.iconHTML), map[cardKey]template.HTML{}
	r.words = newMemo(func(d FieldData) part {
		html, err := r.html(r.shared, "field-"+string(d.Field.Kind), d)
		return part{html, err}
	})
	r.buffers.New = func() any { return new(bytes.Buffer) }
	shared := template.New("portal").Funcs(r.funcs()).Option("missingkey=error")
	if err := parse(shared, in.Templates, "layout.html", "components/*/*.html", "fields/*.html"); err != nil {
		return nil, err
	}
	r.shared = template.Must(shared.Clone())
	for _, kind := range Kinds {
		t := template.Must(shared.Clone())
		if err := parse(t, in.Templates, "pages/"+kind+".html"); err != nil {
			return nil, err
		}
		r.pages[kind] = t
	}
	for _, typ := range in.Site.Types {
		if err := r.parseType(shared, typ.Name); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Renderer) parseType(shared *template.Template, name string) error {
	entry := template.Must(shared.Clone())
	if err := parse(entry, r.Templates, "pages/entry.html"); err != nil {
		return err
	}
	card := template.Must(shared.Clone())
	for file, t := range map[string]*template.Template{"page.html": entry, "card.html": card} {
		file = "types/" + name + "/" + file
		if _, err := fs.Stat(r.Templates, file); err == nil {
			if err := parse(t, r.Templates, file); err != nil {
				return err
			}
		}
	}
	r.entry[name], r.cards[name] = entry, card
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

// Has reports whether a page is planned at a path.
func (r *Renderer) Has(path string) bool { return r.index[path] != nil }

// Job is the page planned at a path, or nil.
func (r *Renderer) Job(path string) *Job { return r.index[path] }

// Owns reports whether a planned page is the one that has its path.
func (r *Renderer) Owns(j *Job) bool { return r.index[j.Path] == j }

// Fill gathers what a page's template gets. text belongs to the job's entry and
// is nil if it has none.
func (r *Renderer) Fill(j *Job, text *Text) (*Page, error) { return r.page(j, text) }

// Execute turns a filled page into HTML, written to b.
func (r *Renderer) Execute(b *bytes.Buffer, j *Job, p *Page) error {
	t := r.pages[j.Kind]
	if j.Kind == "entry" {
		t = r.entry[j.Entry.Type.Name]
	}
	return t.ExecuteTemplate(b, "layout", p)
}

// link puts the base path before a path from the site's root.
func (r *Renderer) link(p string) string { return r.base + p }
