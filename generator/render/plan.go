package render

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Job is a page that has been planned.
type Job struct {
	Kind     string
	Lang     string
	Path     string // from the site's root: "/produkte/", "/404.html"
	Title    string
	Summary  string
	Pos      diag.Pos // the file to correct when the page is wrong
	Changed  time.Time
	NoIndex  bool
	Versions []*Job // the same page in other languages, itself not included

	Entry    *site.Entry // the entry, or the text of a list, section or start page
	Type     *site.Type
	Term     *site.Term
	Taxonomy *site.Taxonomy
	Folder   string // sections: below content/
	Entries  []*site.Entry
	Page     int // from 1
	Pages    int
	First    string // path of the first page of a list
	key      string // the same in all languages
}

// termPage is how many entries a page of a term shows.
const termPage = 60

// Plan lists all pages of the site, in a stable order.
func (r *Renderer) Plan() []*Job {
	p := planner{r: r, taken: map[string]bool{}}
	for _, l := range r.Site.Config.Languages {
		p.language(l)
	}
	p.connect()
	r.index = map[string]*Job{}
	for _, j := range p.jobs {
		if first := r.index[j.Path]; first == nil {
			r.index[j.Path] = j
		} else {
			r.collisions = append(r.collisions, [2]*Job{first, j})
		}
	}
	r.trees = map[string]*tree{}
	for _, l := range r.Site.Config.Languages {
		r.trees[l] = r.growTree(l)
	}
	return p.jobs
}

type planner struct {
	r     *Renderer
	jobs  []*Job
	lang  string
	taken map[string]bool // paths
}

func (p *planner) add(j *Job) *Job {
	j.Lang = p.lang
	j.NoIndex = j.NoIndex || p.r.Private
	if j.Changed.IsZero() {
		j.Changed = site.Newest(j.Entries)
	}
	if j.key == "" {
		j.key = strings.TrimPrefix(j.Path, p.r.Site.Config.Prefix(p.lang))
	}
	p.jobs = append(p.jobs, j)
	p.taken[j.Path] = true
	return j
}

func (p *planner) word(key string) string { return p.r.Words.Must(p.lang, key) }

func (p *planner) language(l string) {
	p.lang = l
	s, prefix := p.r.Site, p.r.Site.Config.Prefix(l)
	home := s.ByPath("index", l)
	if home != nil && home.Lang != l {
		home = nil
	}
	p.add(&Job{Kind: "home", Path: prefix + "/", Title: s.Config.Title, Summary: s.Config.Description.In(l), Entry: home, Changed: site.Newest(s.Entries)})
	for _, t := range s.Types {
		p.typePages(t, prefix)
	}
	p.sections(prefix)
	used := 0
	for _, tax := range s.Taxonomies {
		if p.taxonomy(tax, prefix) {
			used++
		}
	}
	if used > 0 {
		p.add(&Job{Kind: "topics", Path: prefix + "/register/", Title: p.word("topics.title"), Summary: p.word("topics.summary")})
	}
	p.add(&Job{Kind: "sitemap", Path: prefix + "/inhalt/", Title: p.word("sitemap.title"), Summary: p.word("sitemap.summary")})
	p.add(&Job{Kind: "search", Path: prefix + "/suche/", Title: p.word("search.title"), Summary: p.word("search.summary"), NoIndex: true})
	p.add(&Job{Kind: "notfound", Path: prefix + "/404.html", Title: p.word("notfound.title"), NoIndex: true})
}

// typePages plans a type's list and its entries. A type that the site does
// not use has neither.
func (p *planner) typePages(t *site.Type, prefix string) {
	s := p.r.Site
	own := s.OfType(t.Name, p.lang)
	if !t.Fallback && p.r.Active(t) {
		p.list(t, prefix)
	}
	for _, e := range own {
		j := p.add(&Job{Kind: "entry", Path: e.URL, Title: e.Title, Summary: e.Summary, Pos: e.Pos, Entry: e, Type: t,
			Changed: e.LastChange(), key: p.entryKey(e)})
		j.NoIndex = e.Status == site.StatusDraft && !e.Discussion
	}
}

// entryKey joins the versions of an entry: its original's path.
func (p *planner) entryKey(e *site.Entry) string {
	k := e
	for _, o := range e.Translations {
		if o.Lang == p.r.Site.Config.DefaultLang() {
			k = o
		}
	}
	return strings.TrimPrefix(k.URL, p.r.Site.Config.Prefix(k.Lang))
}

// Active reports whether the site uses a type: it has entries or a text for
// its list.
func (r *Renderer) Active(t *site.Type) bool {
	for _, l := range r.Site.Config.Languages {
		if len(r.Site.OfType(t.Name, l)) > 0 || r.Site.ByPath(t.Folder+"/index", l) != nil {
			return true
		}
	}
	return false
}

// Listing returns what a type's list shows in a language: its own entries
// and, of the default language, those without a version in it.
func (r *Renderer) Listing(t *site.Type, l string) []*site.Entry {
	var out []*site.Entry
	for _, e := range r.Site.OfType(t.Name, l) {
		if e.Listed() {
			out = append(out, e)
		}
	}
	if l == r.Site.Config.DefaultLang() {
		return out
	}
	for _, e := range r.Site.OfType(t.Name, r.Site.Config.DefaultLang()) {
		if e.Listed() && !slices.ContainsFunc(e.Translations, func(o *site.Entry) bool { return o.Lang == l }) {
			out = append(out, e)
		}
	}
	site.Sort(out, l)
	return out
}

func (p *planner) list(t *site.Type, prefix string) {
	entries := p.r.Listing(t, p.lang)
	kind := "list"
	size := t.PageSize
	if t.Glossary != nil {
		kind, size = "glossary", len(entries)
	} else {
		entries = p.r.calendarOrder(t, entries)
	}
	base := prefix + "/" + t.Folder + "/"
	text := p.indexText(t.Folder)
	title, summary := t.Labels.Many.In(p.lang), t.Intro.In(p.lang)
	p.paged(Job{Kind: kind, Title: title, Summary: summary, Type: t, Entry: text, Pos: t.Pos}, base, entries, size)
}

// indexText is the index.md of a folder in the page's own language.
func (p *planner) indexText(folder string) *site.Entry {
	if e := p.r.Site.ByPath(path.Join(folder, "index"), p.lang); e != nil && e.Lang == p.lang {
		return e
	}
	return nil
}

// paged plans the pages of one list.
func (p *planner) paged(proto Job, base string, entries []*site.Entry, size int) {
	pages := 1
	if size > 0 {
		pages = max(1, (len(entries)+size-1)/size)
	}
	for n := 1; n <= pages; n++ {
		j := proto
		j.Page, j.Pages, j.First = n, pages, base
		j.Path = pagePath(base, n)
		if size > 0 {
			j.Entries = entries[(n-1)*size : min(n*size, len(entries))]
		}
		if n > 1 {
			j.Title = fmt.Sprintf("%s – %s", proto.Title, p.r.Words.Must(p.lang, "pagination.page", lang.Int(p.lang, n)))
		}
		p.add(&j)
	}
}

func pagePath(base string, n int) string {
	if n == 1 {
		return base
	}
	return fmt.Sprintf("%sseite-%d/", base, n)
}

// sections plans a page for every folder of plain pages.
func (p *planner) sections(prefix string) {
	s := p.r.Site
	folders := map[string][]*site.Entry{}
	note := func(dir string) { // makes sure of the folder and those above it
		for ; dir != "." && dir != ""; dir = path.Dir(dir) {
			if _, ok := folders[dir]; !ok {
				folders[dir] = nil
			}
		}
	}
	for _, t := range s.Types {
		if !t.Fallback {
			continue
		}
		for _, e := range p.r.Listing(t, p.lang) {
			dir := path.Dir(e.Path)
			note(dir)
			if dir != "." {
				folders[dir] = append(folders[dir], e)
			}
		}
	}
	for _, e := range s.Entries {
		if e.Index && e.Lang == p.lang && e.Type.Fallback {
			note(path.Dir(e.Path))
		}
	}
	names := make([]string, 0, len(folders))
	for f := range folders {
		names = append(names, f)
	}
	slices.Sort(names)
	for _, f := range names {
		if p.taken[prefix+"/"+Slug(f)+"/"] {
			continue // a page x.md beside the folder x/ is the section's page
		}
		text := p.indexText(f)
		title, summary, pos := sectionTitle(f), "", diag.Pos{File: "content/" + f}
		if text != nil {
			summary, pos = text.Summary, text.Pos
			title = cmp.Or(text.Title, title)
		}
		p.paged(Job{Kind: "section", Title: title, Summary: summary, Folder: f, Entry: text, Pos: pos}, prefix+"/"+Slug(f)+"/", folders[f], 100)
	}
}

// Slug is the address of a folder below content/, without slashes around it.
func Slug(folder string) string {
	parts := strings.Split(folder, "/")
	for i := range parts {
		parts[i] = lang.ID(parts[i])
	}
	return strings.Join(parts, "/")
}

func sectionTitle(folder string) string {
	r := []rune(strings.NewReplacer("-", " ", "_", " ").Replace(path.Base(folder)))
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// taxonomy plans the page of a vocabulary and one for each term in use. It
// reports whether any is.
func (p *planner) taxonomy(tax *site.Taxonomy, prefix string) bool {
	used := false
	for _, t := range tax.Terms {
		entries := p.r.termEntries(t, p.lang)
		if len(entries) == 0 {
			continue
		}
		used = true
		p.paged(Job{Kind: "term", Title: t.Label.In(p.lang), Summary: t.Note.In(p.lang), Term: t, Taxonomy: tax, Pos: tax.Pos},
			prefix+"/"+tax.Slug+"/"+t.ID+"/", entries, termPage)
	}
	if used {
		p.add(&Job{Kind: "taxonomy", Path: prefix + "/" + tax.Slug + "/", Title: tax.Many.In(p.lang), Summary: tax.Intro.In(p.lang), Taxonomy: tax, Pos: tax.Pos})
	}
	return used
}

// termEntries are the entries of a term in a language, with those of the
// default language that have no version in it.
func (r *Renderer) termEntries(t *site.Term, l string) []*site.Entry {
	var out []*site.Entry
	def := r.Site.Config.DefaultLang()
	for _, e := range t.Entries {
		if e.Lang == l || e.Lang == def && !slices.ContainsFunc(e.Translations, func(o *site.Entry) bool { return o.Lang == l }) {
			out = append(out, e)
		}
	}
	return out
}

// connect joins the versions of a page in different languages.
func (p *planner) connect() {
	byKey := map[string][]*Job{}
	for _, j := range p.jobs {
		byKey[j.key] = append(byKey[j.key], j)
	}
	for _, j := range p.jobs {
		for _, o := range byKey[j.key] {
			if o.Lang != j.Lang {
				j.Versions = append(j.Versions, o)
			}
		}
	}
}
