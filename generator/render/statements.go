package render

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// StatementsView are the statements of an entry as its page shows them.
type StatementsView struct {
	ID, Label        string // of the heading
	ToLabel, StateOf string // what addressee and state are called
	Items            []StatementView
	Brief, Delta     *Link // on one sheet; compared with the version before
}

// StatementView is a statement and, of a version that has been replaced, what
// became of it.
type StatementView struct {
	view.Statement
	Fate *FateView
}

// FateView leads to where a statement stands now. Link is nil when it was
// dropped; Version is the one that carries it on or dropped it.
type FateView struct {
	Version string
	Text    site.Value
	Link    *Link
	Delta   *Link
}

// statements are nil for an entry that has none.
func (r *Renderer) statements(e *site.Entry, l string) *StatementsView {
	list := view.Statements(e, l)
	if len(list) == 0 {
		return nil
	}
	def := e.Type.Statements
	f := e.Type.FieldByPath(def.List)
	v := &StatementsView{ID: "angaben-" + lang.ID(f.Group), Label: f.Label.In(l), ToLabel: r.labelOf(e.Type, def.Path(def.To), l), StateOf: r.labelOf(e.Type, def.Path(def.State), l)}
	fates := view.Fates(e, list, l)
	for i, s := range list {
		x := StatementView{Statement: s}
		if fates != nil {
			fate := fates[i]
			x.Fate = &FateView{Version: r.versionName(fate.Entry, l), Delta: r.deltaLink(fate.Entry, l)}
			if fate.Now != nil {
				link := r.entryLink(fate.Entry, l)
				link.URL += "#" + fate.Now.Anchor
				x.Fate.Text, x.Fate.Link = fate.Now.Text, &link
			}
		}
		v.Items = append(v.Items, x)
	}
	if def.Brief {
		v.Brief = &Link{Title: r.Words.Must(l, "brief.link"), URL: r.link(e.URL + briefPath), Icon: "print"}
	}
	v.Delta = r.deltaLink(e, l)
	return v
}

func (r *Renderer) labelOf(t *site.Type, path, l string) string {
	if f := t.FieldByPath(path); f != nil {
		return f.Label.In(l)
	}
	return ""
}

// versionName is „Fassung 2.0“, or the entry's title.
func (r *Renderer) versionName(e *site.Entry, l string) string {
	if n := e.Version(); n != "" {
		return r.Words.Must(l, "versions.number", n)
	}
	return r.Words.Must(l, "versions.title", e.Title)
}

// versionNotice tells of the version that an entry replaces.
func (r *Renderer) versionNotice(e, old *site.Entry, l string) Notice {
	link := r.entryLink(old, l)
	name := r.versionName(old, l)
	if d := old.Date(); !d.IsZero() {
		name = r.Words.Must(l, "versions.of", name, lang.Date(l, d))
	}
	return Notice{Kind: "supersedes", Title: r.Words.Must(l, "notice.supersedes.title"), Text: r.Words.Must(l, "notice.supersedes.text", name),
		Link: &link, More: r.deltaOf(e, old, l)}
}

// The addresses of the pages that belong to an entry, below its own.
const (
	deltaPath = "aenderungen/"
	briefPath = "kurzfassung/"
)

// precursors are the versions that an entry is compared with: those in its own
// language.
func precursors(e *site.Entry) []*site.Entry {
	return slices.DeleteFunc(e.Earlier(), func(old *site.Entry) bool { return old.Lang != e.Lang })
}

// deltaPathOf is where an entry is compared with one that it replaces, "" when it
// is not.
func deltaPathOf(e, old *site.Entry) string {
	switch slices.Index(precursors(e), old) {
	case -1:
		return ""
	case 0:
		return e.URL + deltaPath
	}
	return e.URL + deltaPath + old.ID + "/"
}

func (r *Renderer) deltaOf(e, old *site.Entry, l string) *Link {
	path := deltaPathOf(e, old)
	if path == "" {
		return nil
	}
	return &Link{Title: r.Words.Must(l, "delta.link"), URL: r.link(path), Icon: "history"}
}

// deltaLink leads to the comparison with the version before, nil when there is
// none.
func (r *Renderer) deltaLink(e *site.Entry, l string) *Link {
	if old := precursors(e); len(old) > 0 {
		return r.deltaOf(e, old[0], l)
	}
	return nil
}

// companions plans the pages that belong to an entry: it on one sheet, and what
// changed since the versions that it replaces. Both say what is said elsewhere.
func (p *planner) companions(e *site.Entry, key string) {
	add := func(kind, path, title, summary string, old *site.Entry) {
		p.add(&Job{Kind: kind, Path: path, Title: title, Summary: summary, Pos: e.Pos, Type: e.Type, Of: e, Old: old, Changed: e.LastChange(),
			NoIndex: true, key: key + path[len(e.URL):]})
	}
	if def := e.Type.Statements; def != nil && def.Brief && len(view.Statements(e, p.lang)) > 0 {
		add("brief", e.URL+briefPath, p.word("brief.title", e.Title), e.Summary, nil)
	}
	for _, old := range precursors(e) {
		add("delta", deltaPathOf(e, old), p.word("delta.title"), "", old)
	}
}

// DeltaPage compares two versions of an entry.
type DeltaPage struct {
	Title      string
	Old, New   VersionLink
	Changes    []Change // what the editors say of the new version
	Statement  string   // what statements are called
	ToLabel    string
	StateOf    string
	CountWords []string // „2 geändert“
	view.Comparison
}

// VersionLink is a version with its date.
type VersionLink struct {
	Link
	Name string
	Date Date
}

func (r *Renderer) versionLink(e *site.Entry, l string) VersionLink {
	return VersionLink{Link: r.entryLink(e, l), Name: r.versionName(e, l), Date: dateOf(l, e.Date())}
}

func (r *Renderer) deltaPage(p *Page, j *Job) {
	e, old, l := j.Of, j.Old, j.Lang
	d := &DeltaPage{Title: e.Title, Old: r.versionLink(old, l), New: r.versionLink(e, l)}
	for _, c := range r.changes(e, l) {
		if c.Date.ISO >= d.New.Date.ISO {
			d.Changes = append(d.Changes, c)
		}
	}
	if def := e.Type.Statements; def != nil {
		d.Statement, d.ToLabel, d.StateOf = r.labelOf(e.Type, def.List, l), r.labelOf(e.Type, def.Path(def.To), l), r.labelOf(e.Type, def.Path(def.State), l)
	}
	d.Comparison = view.Compare(view.Versions{Old: old, New: e, OldBlocks: r.Blocks(old), NewBlocks: r.Blocks(e), Lang: l, Plain: r.Plain})
	d.CountWords = r.countWords(d.Counts, l)
	p.Summary = r.Words.Must(l, "delta.summary", e.Title, d.Old.Name, d.New.Name)
	p.Delta = d
	p.Style, p.Script = r.PageFiles(j.Kind)
}

func (r *Renderer) countWords(c view.Counts, l string) []string {
	var out []string
	for _, x := range []struct {
		name string
		n    int
	}{{"changed", c.Changed}, {"added", c.Added}, {"deleted", c.Deleted}, {"same", c.Same}} {
		if x.n == 0 {
			continue
		}
		s, err := r.Words.N(l, "delta.count."+x.name, x.n)
		if err != nil {
			s = x.name
		}
		out = append(out, s)
	}
	return out
}

// BriefPage is an entry on one sheet of paper. Dense is how much there is on it,
// 0 to 5: the style sheet makes the type as small as it takes.
type BriefPage struct {
	Entry      Link
	Label      string // the type's name
	Summary    string
	Status     string // „Entwurf zur Diskussion“, or ""
	Version    VersionLink
	Address    string // absolute, of the whole text
	Statements *StatementsView
	Sources    []SourceView
	More       int // sources that are left out
	Cite       string
	Dense      int
}

// briefSources is how many sources a sheet names.
const briefSources = 6

func (r *Renderer) briefPage(p *Page, j *Job) {
	e, l := j.Of, j.Lang
	b := &BriefPage{Entry: r.entryLink(e, l), Label: e.Type.Labels.One.In(l), Summary: e.Summary, Status: r.Status(e, l), Version: r.versionLink(e, l),
		Address: r.Site.Config.BaseURL + e.URL, Statements: r.statements(e, l), Sources: r.sources(e, &Text{}, l)}
	if n := len(b.Sources); n > briefSources {
		b.Sources, b.More = b.Sources[:briefSources], n-briefSources
	}
	b.Cite, _ = r.Machine.Cite(e)
	b.Dense = r.density(b)
	p.Brief = b
	p.Style, p.Script = r.PageFiles(j.Kind)
}

// densities are up to how many characters a sheet holds at each size of type, as
// tried with Chromium; see e2e/tests/positions.test.mjs.
var densities = []int{2850, 3300, 3950, 4900, 6600}

// density is the step that a sheet's text needs.
func (r *Renderer) density(b *BriefPage) int {
	n := len(b.Summary) + len(b.Entry.Title)*2 + len(b.Cite)
	for _, s := range b.Statements.Items {
		n += len(r.Plain(s.Text)) + 140 // a line for the addressee
		for _, w := range s.To {
			n += len(w.Label)
		}
	}
	for _, s := range b.Sources {
		n += len(s.Title) + len(s.Publisher)
	}
	dense := 0
	for dense < len(densities) && n > densities[dense] {
		dense++
	}
	return dense
}
