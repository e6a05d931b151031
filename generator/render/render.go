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
	View      func(v *site.ViewDef, lang string) (view.Context, view.Data)
	ViewFiles func(form string) (style, script string)
	PageFiles func(kind string) (style, script string)
	Blocks    func(*site.Entry) []view.Block // an entry's text, plain
	Past      func(*site.Entry) Past         // what Git says of it; may be nil
	Private   bool                           // no page is meant for search engines
}

// Machine tells pages what there is for machines to read about them.
type Machine interface {
	// Feeds of the whole site (t and term nil), of a type, or of a term.
	Feeds(lang string, t *site.Type, term *site.Term) []FeedLink
	// Follow are the feeds of an entry's values that can be followed.
	Follow(*site.Entry) []FollowGroup
	// AllFeeds are all feeds in a language.
	AllFeeds(lang string) []FollowGroup
	// Exports of a type's list, and of a view.
	Exports(lang string, t *site.Type) []Link
	ViewExports(lang string, v *site.ViewDef) []Link
	// Meta tags and structured data of an entry's page.
	Meta(*site.Entry) []Meta
	JSONLD(e *site.Entry, crumbs []Link) []byte
	// StartJSONLD describes the site, ListJSONLD a list.
	StartJSONLD(lang string) []byte
	ListJSONLD(lang, title, path string, entries []*site.Entry, crumbs []Link) []byte
	// Cite is how to cite an entry, and the files for reference managers.
	Cite(*site.Entry) (text string, files []CiteFile)
}

// Renderer makes pages. It is safe for concurrent use.
type Renderer struct {
	Input
	parsed     *templates
	base       string           // path of base_url, "" or "/sub"
	index      map[string]*Job  // by path, set by Plan
	trees      map[string]*tree // by language, set by Plan
	collisions [][2]*Job        // pages of one path, set by Plan

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
	calendars   *memo[string, []view.CalendarFile]
	views       *memo[string, []*site.ViewDef]
	chromes     *memo[branch, *Chrome]
	icons       *memo[string, template.HTML]
	words       *memo[FieldData, part]
	matchings   *memo[viewLang, *view.Matching]
	way         func() *view.Way
	made        cards
	buffers     *sync.Pool // apart: a pool in use keeps alive what it is a part of, through two collections
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

// New parses the templates.
func New(in Input) (*Renderer, error) {
	t, err := newTemplates(in)
	if err != nil {
		return nil, err
	}
	return newRenderer(in, t)
}

// Next is New for another state of the same site, with the same templates and
// the same types: it takes over what has been parsed, which is most of the work.
// Pages that r makes from now on may show some of the new state.
func (r *Renderer) Next(in Input) (*Renderer, error) { return newRenderer(in, r.parsed) }

func newRenderer(in Input, t *templates) (*Renderer, error) {
	u, err := url.Parse(in.Site.Config.BaseURL)
	if err != nil {
		return nil, err
	}
	r := &Renderer{Input: in, base: strings.TrimSuffix(u.Path, "/"), parsed: t}
	r.listings, r.alphabet, r.facets = newMemo(r.listing), newMemo(r.byLetter), newMemo(r.facetsOf)
	r.termEntries, r.termTypes, r.termGroup = newMemo(r.entriesOf), newMemo(r.countTypes), newMemo(r.termsOf)
	r.archived, r.sitemap, r.signposts = newMemo(r.archive), newMemo(r.sitemapPages), newMemo(r.signpostsOf)
	r.views = newMemo(r.findViews)
	r.chromes, r.icons, r.words = newMemo(r.newChrome), newMemo(r.iconHTML), newMemo(r.wordHTML)
	r.calendars = newMemo(func(l string) []view.CalendarFile { return view.CalendarFiles(r.Site, l) })
	r.matchings = newMemo(r.matching)
	r.way = sync.OnceValue(func() *view.Way { return view.NewWay(r.Site) })
	r.made.html = map[cardKey]template.HTML{}
	r.buffers = &sync.Pool{New: func() any { return new(bytes.Buffer) }}
	t.renderer.Store(r)
	return r, nil
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
	t := r.parsed.pages[j.Kind]
	switch j.Kind {
	case "entry":
		t = r.parsed.entry[j.Entry.Type.Name]
	case "view":
		t = r.parsed.views[p.View.Form]
	}
	return t().ExecuteTemplate(b, "layout", p)
}

// link puts the base path before a path from the site's root.
func (r *Renderer) link(p string) string { return r.base + p }
