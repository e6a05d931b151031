package render

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
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
	Of       *site.Entry   // kind entries: whose relation is listed, nil for the archive; delta, brief: whose page it is
	Old      *site.Entry   // kind delta: what Of is compared with
	View     *site.ViewDef // kind view
	Folder   string        // sections: below content/
	Letter   string        // of a glossary with a page for each letter
	Entries  []*site.Entry
	Total    int // of all pages of the list
	Page     int // from 1
	Pages    int
	First    string // path of the first page of a list
	key      string // the same in all languages
}

// How many entries or links a page shows at most, where its type does not say.
// Lists that are longer have pages.
const (
	termPage     = 60
	sectionPage  = 100 // of entries, and of folders
	entriesPage  = 60
	taxonomyPage = 200
	sitemapPage  = 400
)

// Plan lists all pages of the site, in a stable order. It is called once,
// before anything else.
func (r *Renderer) Plan() []*Job {
	p := planner{r: r, taken: map[string]bool{}}
	r.trees = map[string]*tree{}
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

func (p *planner) word(key string, args ...any) string { return p.r.Words.Must(p.lang, key, args...) }

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
	p.views(prefix)
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
	p.follow(prefix)
	p.archive(prefix)
	p.paged(Job{Kind: "sitemap", Title: p.word("sitemap.title"), Summary: p.word("sitemap.summary"), Pages: len(p.r.sitemap.get(l))}, prefix+"/inhalt/", nil, 0)
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
		p.relations(e, j.key)
		p.companions(e, j.key)
	}
}

// relations plans a list for each relation of an entry that its page does not
// show in full. They say nothing that the entries' pages do not say.
func (p *planner) relations(e *site.Entry, key string) {
	if len(e.Out) <= relationCardsLeast && len(e.In) <= relationCardsLeast {
		return
	}
	all := p.r.relationsOf(e, p.lang)
	for _, g := range all {
		if len(g.entries) > cardsEach(len(all)) {
			p.paged(Job{Kind: "entries", Title: g.label + ": " + e.Title, Of: e, Pos: e.Pos, NoIndex: true, key: key + g.id + "/"},
				e.URL+g.id+"/", g.entries, entriesPage)
		}
	}
}

// archive plans a list of what has left the lists, if the sitemap cannot hold it.
func (p *planner) archive(prefix string) {
	if all := p.r.archived.get(p.lang); len(all) > sitemapLinks {
		p.paged(Job{Kind: "entries", Title: p.word("sitemap.archive")}, prefix+archivePath, all, entriesPage)
	}
}

const archivePath = "/inhalt/archiv/"

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
// and, of the default language, those without a version in it. The slice is
// shared: it must not be changed.
func (r *Renderer) Listing(t *site.Type, l string) []*site.Entry {
	return r.listings.get(typeLang{t, l})
}

func (r *Renderer) listing(k typeLang) []*site.Entry { return view.Listed(r.Site, k.t.Name, k.l) }

func (p *planner) list(t *site.Type, prefix string) {
	entries := p.r.Listing(t, p.lang)
	base := prefix + "/" + t.Folder + "/"
	proto := Job{Kind: "list", Title: t.Labels.Many.In(p.lang), Summary: t.Intro.In(p.lang), Type: t, Entry: p.indexText(t.Folder), Pos: t.Pos}
	switch {
	case t.Glossary == nil:
		p.paged(proto, base, p.r.calendarOrder(t, entries), t.PageSize)
	case len(entries) <= t.PageSize:
		proto.Kind = "glossary"
		p.paged(proto, base, entries, len(entries))
	default:
		proto.Kind = "glossary"
		p.glossary(proto)
	}
}

// glossary plans a page for each letter. The first one is the glossary's own,
// as a book is opened at A.
func (p *planner) glossary(proto Job) {
	for i, letter := range p.r.alphabet.get(typeLang{proto.Type, p.lang}) {
		j := proto
		j.Letter = letter.letter
		if i > 0 {
			j.Title = proto.Title + " – " + letter.letter
			j.Entry = nil
		}
		p.paged(j, letter.path, letter.entries, proto.Type.PageSize)
	}
}

// indexText is the index.md of a folder in the page's own language.
func (p *planner) indexText(folder string) *site.Entry {
	if e := p.r.Site.ByPath(path.Join(folder, "index"), p.lang); e != nil && e.Lang == p.lang {
		return e
	}
	return nil
}

// paged plans the pages of one list: as many as the entries need, or
// proto.Pages if these are more. It returns the first.
func (p *planner) paged(proto Job, base string, entries []*site.Entry, size int) (first *Job) {
	pages := max(1, proto.Pages)
	if size > 0 {
		pages = max(pages, pagesOf(len(entries), size))
	}
	for n := 1; n <= pages; n++ {
		j := proto
		j.Page, j.Pages, j.First, j.Total = n, pages, base, len(entries)
		j.Path = pagePath(base, n)
		if size > 0 {
			j.Entries = entries[min((n-1)*size, len(entries)):min(n*size, len(entries))]
		}
		if n > 1 {
			j.Title = fmt.Sprintf("%s – %s", proto.Title, p.word("pagination.page", lang.Int(p.lang, n)))
			if proto.key != "" {
				j.key = pagePath(proto.key, n)
			}
		}
		p.add(&j)
		first = cmp.Or(first, &j)
	}
	return first
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
	own := map[string]*Job{}
	below := map[string]int{}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(folders)), func(f string) bool {
		base := prefix + "/" + Slug(f) + "/"
		if p.taken[base] {
			return true // a page x.md beside the folder x/ is the section's page
		}
		p.taken[base] = true
		below[path.Dir(f)]++
		return false
	})
	for _, f := range names {
		text := p.indexText(f)
		title, summary, pos := sectionTitle(f), "", diag.Pos{File: "content/" + f}
		if text != nil {
			summary, pos = text.Summary, text.Pos
			title = cmp.Or(text.Title, title)
		}
		own[f] = p.paged(Job{Kind: "section", Title: title, Summary: summary, Folder: f, Entry: text, Pos: pos, Pages: pagesOf(below[f], sectionPage)},
			prefix+"/"+Slug(f)+"/", folders[f], sectionPage)
	}
	p.r.trees[p.lang] = p.r.growTree(p.lang, own)
}

func pagesOf(n, size int) int { return (n + size - 1) / size }

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
	used := 0
	for _, t := range tax.Terms {
		entries := p.r.termEntries.get(termLang{t, p.lang})
		if len(entries) == 0 {
			continue
		}
		used++
		p.paged(Job{Kind: "term", Title: t.Label.In(p.lang), Summary: t.Note.In(p.lang), Term: t, Taxonomy: tax, Pos: tax.Pos},
			prefix+"/"+tax.Slug+"/"+t.ID+"/", entries, termPage)
	}
	if used > 0 {
		p.paged(Job{Kind: "taxonomy", Title: tax.Many.In(p.lang), Summary: tax.Intro.In(p.lang), Taxonomy: tax, Pos: tax.Pos, Pages: pagesOf(used, taxonomyPage)},
			prefix+"/"+tax.Slug+"/", nil, 0)
	}
	return used > 0
}

// entriesOf are the entries of a term in a language, with those of the
// default language that have no version in it.
func (r *Renderer) entriesOf(k termLang) []*site.Entry {
	var out []*site.Entry
	def, l := r.Site.Config.DefaultLang(), k.l
	for _, e := range k.t.Entries {
		if e.Lang == l || e.Lang == def && !slices.ContainsFunc(e.Translations, func(o *site.Entry) bool { return o.Lang == l }) {
			out = append(out, e)
		}
	}
	if k.t.Taxonomy.Feed {
		return r.topicOrder(out)
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
