package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
)

// Draft is what has been read and not yet connected. Entries may come in any
// order. Assemble does not change them: what was read once can be assembled
// again with other neighbours.
type Draft struct {
	Config     *Config
	Types      []*Type
	Taxonomies []*Taxonomy
	Views      []*ViewDef
	Entries    []*Entry
}

// Assemble drops what the view does not show, gives every entry its URL,
// resolves relations and terms, computes reverse sides and sorts. Findings go
// to diags; the site is usable even then. A relation to a hidden entry is
// dropped without a word about it: saying that it exists would show it.
func Assemble(d Draft, v View, diags *diag.List) *Site {
	s := &Site{
		Config: d.Config, Types: slices.Clone(d.Types), Taxonomies: slices.Clone(d.Taxonomies), Views: d.Views, Now: v.Now,
		byID: map[string]*Entry{}, byType: map[string][]*Entry{}, byPath: map[string]*Entry{}, hidden: map[string]bool{}, hiddenPaths: map[string]bool{},
	}
	slices.SortFunc(s.Types, func(a, b *Type) int { return cmp.Or(navRank(a)-navRank(b), cmp.Compare(a.Name, b.Name)) })
	slices.SortFunc(s.Taxonomies, func(a, b *Taxonomy) int { return cmp.Compare(a.Name, b.Name) })
	entries := copies(d.Entries)
	slices.SortFunc(entries, func(a, b *Entry) int { return cmp.Compare(a.Pos.File, b.Pos.File) })

	known := index(entries, diags)
	hidden := map[*Entry]bool{}
	originals := newOriginals(entries, known, d.Config)
	for _, e := range entries {
		// A translation is not shown where its original is not.
		if o := originals.of(e); Visible(e, v) && (o == nil || Visible(o, v)) {
			s.Entries = append(s.Entries, e)
			continue
		}
		hidden[e] = true
		s.hidden[e.ID] = true
		for p := e.Path; p != "." && p != ""; p = path.Dir(p) {
			s.hiddenPaths[p] = true
		}
	}
	for _, e := range s.Entries {
		s.byID[e.Key()] = e
		s.byPath[e.Lang+":"+e.Path] = e
		e.URL = d.Config.URLOf(e)
	}
	checkURLs(s, diags)
	links := resolver{site: s, known: known, hidden: hidden, diags: diags, ids: ids(s.Entries)}
	for _, e := range s.Entries {
		links.entry(e)
	}
	for _, e := range s.Entries {
		links.original(e)
	}
	s.sort()
	s.connectTranslations()
	s.fillTerms()
	s.checkStatements(diags)
	s.checkVersions(diags)
	return s
}

func copies(entries []*Entry) []*Entry {
	all := make([]Entry, len(entries))
	out := make([]*Entry, len(entries))
	for i, e := range entries {
		all[i] = *e
		out[i] = &all[i]
	}
	return out
}

func navRank(t *Type) int {
	if t.Nav == 0 {
		return 1 << 20
	}
	return t.Nav
}

// URLOf is the address of an entry: its language's prefix, its folder, its id.
func (c *Config) URLOf(e *Entry) string {
	dir := e.Path
	if i := strings.LastIndex(dir, "/"); i >= 0 {
		dir = dir[:i+1]
	} else {
		dir = ""
	}
	if e.Index {
		return c.Prefix(e.Lang) + "/" + slugPath(dir)
	}
	if !e.Type.Fallback {
		dir = e.Type.Folder + "/"
	}
	return c.Prefix(e.Lang) + "/" + slugPath(dir) + e.ID + "/"
}

func slugPath(dir string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.TrimSuffix(dir, "/"), "/") {
		if part != "" {
			b.WriteString(lang.ID(part) + "/")
		}
	}
	return b.String()
}

// index finds every entry by language and id, hidden ones included, and
// reports ids that are taken twice. In sections of plain pages the same name
// may come back in another folder; there, the id is a shorthand that only its
// first bearer keeps.
func index(entries []*Entry, diags *diag.List) map[string]*Entry {
	known := make(map[string]*Entry, len(entries))
	for _, e := range entries {
		if e.Index {
			continue
		}
		first, taken := known[e.Key()]
		switch {
		case !taken:
			known[e.Key()] = e
		case e.Type.Fallback && first.Type.Fallback && e.Path != first.Path:
		case e.Type.Fallback != first.Type.Fallback:
			if first.Type.Fallback {
				known[e.Key()] = e
			}
		default:
			// The entry that was given the id by hand is the one to change.
			pos := e.Pos
			if it := e.Values.Item("id"); it != nil {
				pos = it.Pos
			} else if it := first.Values.Item("id"); it != nil {
				first, pos = e, it.Pos
			}
			diags.Errorf(pos, "id-doppelt", "Geben Sie einem der beiden Einträge mit „id:“ einen anderen Namen.",
				"Die Kennung „%s“ ist schon vergeben: %s.", e.ID, first.Pos.File)
		}
	}
	return known
}

// originals finds the text of which an entry is a translation.
type originals struct {
	first     string // language
	languages []string
	known     map[string]*Entry
	byPath    map[string]*Entry // of the first language
}

func newOriginals(entries []*Entry, known map[string]*Entry, c *Config) originals {
	o := originals{c.DefaultLang(), c.Languages, known, map[string]*Entry{}}
	for _, e := range entries {
		if e.Lang == o.first {
			o.byPath[e.Path] = e
		}
	}
	return o
}

func (o originals) of(e *Entry) *Entry {
	if e.Base != "" {
		for _, l := range o.languages {
			if x := o.known[l+":"+e.Base]; x != nil && x != e {
				return x
			}
		}
		return nil
	}
	switch {
	case e.Lang == o.first:
		return nil
	case o.byPath[e.Path] != nil:
		return o.byPath[e.Path]
	case !e.Index && !e.Type.Fallback:
		return o.known[o.first+":"+e.ID]
	}
	return nil
}

func ids(entries []*Entry) []string {
	out := make([]string, 0, len(entries))
	for _, e := range entries {
		if !e.Index {
			out = append(out, e.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func checkURLs(s *Site, diags *diag.List) {
	seen := map[string]*Entry{}
	for _, e := range s.Entries {
		if first, ok := seen[e.URL]; ok {
			if first.ID == e.ID && !e.Type.Fallback {
				continue // reported as id-doppelt
			}
			diags.Errorf(e.Pos, "adresse-doppelt", "Benennen Sie eine der beiden Dateien um oder geben Sie ihr eine eigene „id:“.",
				"Die Adresse %s ist schon vergeben: %s.", e.URL, first.Pos.File)
			continue
		}
		seen[e.URL] = e
	}
}

// resolver connects the values of one entry after the other.
type resolver struct {
	site   *Site
	known  map[string]*Entry
	hidden map[*Entry]bool
	diags  *diag.List
	ids    []string
}

func (r *resolver) entry(e *Entry) {
	e.Values, _ = r.record(e, e.Values)
	e.Topics = nil
	for _, v := range Each(e.Get("topics")) {
		if t, ok := v.(*Tag); ok {
			e.Topics = append(e.Topics, t)
		}
	}
}

// record returns rec without the tags and references that lead nowhere: what
// is not in the values cannot be shown by anything that prints them. whole is
// false when a required reference is among them; what is said beside it would
// then be said of nobody.
func (r *resolver) record(e *Entry, rec Record) (out Record, whole bool) {
	out, whole = Record{Items: make([]Item, 0, len(rec.Items))}, true
	for _, it := range rec.Items {
		lost := it.Field.Kind == KindRelation && it.Field.Required
		if many, ok := it.Value.(Many); ok {
			var kept Many
			for _, v := range many.Values {
				if v = r.resolve(e, it, v); v != nil {
					kept.Values = append(kept.Values, v)
				}
			}
			if it.Value = kept; len(kept.Values) == 0 {
				whole = whole && !lost
				continue
			}
		} else if it.Value = r.resolve(e, it, it.Value); it.Value == nil {
			whole = whole && !lost
			continue
		}
		out.Items = append(out.Items, it)
	}
	return out, whole
}

func (r *resolver) resolve(e *Entry, it Item, v Value) Value {
	f := it.Field
	switch v := v.(type) {
	case *Tag:
		tag := *v
		if r.tag(f, &tag); tag.Term == nil {
			return nil
		}
		return &tag
	case *Ref:
		ref := *v
		if r.ref(e, f, &ref); ref.Entry == nil {
			return nil
		}
		return &ref
	case *Constraint:
		r.constraint(f, v) // changes nothing
	case Record:
		if rec, whole := r.record(e, v); whole {
			return rec
		}
		return nil
	case Str:
		if f.Cites {
			v.Source = r.source(e, it, v.S)
			return v
		}
	}
	return v
}

// source is the title of the entry's source with this key.
func (r *resolver) source(e *Entry, it Item, key string) string {
	var keys []string
	for _, s := range Each(e.Get("sources")) {
		rec, _ := s.(Record)
		if rec.Text("key") == key {
			return rec.Text("title")
		}
		keys = append(keys, rec.Text("key"))
	}
	hint := "Tragen Sie die Quelle unter „sources“ ein, mit „key: " + key + "“."
	if near := diag.Nearest(key, keys, 3); len(near) > 0 {
		hint = "Meinten Sie " + diag.QuoteList(near, "oder") + "?"
	}
	r.diags.Errorf(it.Pos, "quelle-unbekannt", hint, "Das Feld „%s“ nennt die Quelle „%s“; sie steht nicht unter „sources“.", it.Field.Name, key)
	return ""
}

// original checks that a translation names a text that exists.
func (r *resolver) original(e *Entry) {
	if e.Base == "" || r.site.Hidden(e.Base) {
		return
	}
	for _, l := range r.site.Config.Languages {
		if o := r.known[l+":"+e.Base]; o != nil && o != e {
			return
		}
	}
	r.diags.Errorf(e.Values.Item("translation_of").Pos, "verweis-unbekannt", diag.DidYouMean(e.Base, r.ids),
		"„translation_of“ nennt „%s“; einen solchen Eintrag gibt es nicht.", e.Base)
}

func (r *resolver) tag(f *Field, t *Tag) {
	tax := r.site.Taxonomy(f.Vocabulary)
	if tax == nil {
		r.diags.Errorf(t.Pos, "vokabular-unbekannt", "Beheben Sie zuerst die Fehler des Vokabulars.", "Das Vokabular „%s“ des Feldes „%s“ gibt es nicht.", f.Vocabulary, f.Name)
		return
	}
	var names []string
	hint := ""
	for _, term := range tax.Terms {
		if term.ID == t.ID {
			t.Term = term
			return
		}
		if lang.ID(term.Label.In("de")) == lang.ID(t.ID) { // its name instead of its id
			hint = "Schreiben Sie „" + term.ID + "“."
		}
		names = append(names, term.ID)
	}
	r.diags.Errorf(t.Pos, "begriff-unbekannt", cmp.Or(hint, diag.DidYouMean(t.ID, names), "Welche Begriffe es gibt, steht in templates/taxonomies/"+tax.Name+".yaml."),
		"„%s“ steht nicht im Vokabular „%s“.", t.ID, tax.Many.In("de"))
}

func (r *resolver) ref(e *Entry, f *Field, ref *Ref) {
	target := r.known[e.Lang+":"+ref.ID]
	if target == nil {
		target = r.known[r.site.Config.DefaultLang()+":"+ref.ID]
	}
	if target == nil {
		r.diags.Errorf(ref.Pos, "verweis-unbekannt", diag.DidYouMean(ref.ID, r.candidates(e, f)),
			"Das Feld „%s“ verweist auf „%s“; einen solchen Eintrag gibt es nicht.", f.Name, ref.ID)
		return
	}
	if len(f.To) > 0 && !slices.Contains(f.To, target.Type.Name) {
		r.diags.Errorf(ref.Pos, "verweis-falscher-typ", r.typeNames(f.To),
			"Das Feld „%s“ verweist auf „%s“; das ist ein Eintrag vom Typ „%s“.", f.Name, ref.ID, target.Type.Labels.One.In("de"))
		return
	}
	if r.hidden[target] || target == e {
		return
	}
	ref.Entry = target
	edge := Edge{Field: f, From: e, To: target}
	e.Out = append(e.Out, edge)
	target.In = append(target.In, edge)
}

// candidates are the ids that a relation could name.
func (r *resolver) candidates(e *Entry, f *Field) []string {
	var out []string
	for _, o := range r.site.Entries {
		if o != e && !o.Index && (len(f.To) == 0 || slices.Contains(f.To, o.Type.Name)) {
			out = append(out, o.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r *resolver) typeNames(names []string) string {
	var out []string
	for _, n := range names {
		if t := r.site.Type(n); t != nil {
			out = append(out, t.Labels.One.In("de"))
		}
	}
	if len(out) == 0 {
		return ""
	}
	if len(out) == 1 {
		return "Erlaubt ist hier ein Eintrag vom Typ " + diag.QuoteList(out, "") + "."
	}
	return "Erlaubt sind hier Einträge der Typen " + diag.QuoteList(out, "und") + "."
}

// sort orders entries by type, language and the type's own order.
func (s *Site) sort() {
	rank := map[*Type]int{}
	for i, t := range s.Types {
		rank[t] = i
	}
	compare := map[string]func(a, b string) int{}
	for _, l := range s.Config.Languages {
		compare[l] = lang.Compare(l)
	}
	slices.SortStableFunc(s.Entries, func(a, b *Entry) int {
		return cmp.Or(rank[a.Type]-rank[b.Type],
			slices.Index(s.Config.Languages, a.Lang)-slices.Index(s.Config.Languages, b.Lang),
			inOrder(a, b, compare[a.Lang]))
	})
	place := make(map[*Entry]int, len(s.Entries))
	for i, e := range s.Entries {
		place[e] = i
	}
	for _, e := range s.Entries {
		slices.SortStableFunc(e.In, func(a, b Edge) int { return place[a.From] - place[b.From] })
	}
	for _, e := range s.Entries {
		if !e.Index {
			key := e.Lang + ":" + e.Type.Name
			s.byType[key] = append(s.byType[key], e)
		}
	}
}

// Sort puts entries of one type, whatever their language, into the type's
// order, with words compared as in language l.
func Sort(entries []*Entry, l string) {
	words := lang.Compare(l)
	slices.SortStableFunc(entries, func(a, b *Entry) int { return inOrder(a, b, words) })
}

// inOrder compares two entries of one type by the type's order.
func inOrder(a, b *Entry, words func(a, b string) int) int {
	for _, k := range a.Type.Order {
		c := compareAt(a, b, k.Path, words)
		if k.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Path, b.Path)
}

// compareAt orders two entries by one field. A missing value comes last in
// ascending order.
func compareAt(a, b *Entry, path string, words func(a, b string) int) int {
	switch path {
	case "title":
		return words(a.Title, b.Title)
	case "published":
		return a.Date().Compare(b.Date())
	}
	x, y := Each(a.Get(path)), Each(b.Get(path))
	if len(x) == 0 || len(y) == 0 {
		return len(y) - len(x)
	}
	if e, ok := x[0].(Enum); ok { // in the order of the type's values, not of their names
		f := a.Type.FieldByPath(path)
		w, _ := y[0].(Enum)
		return valueIndex(f, e.Key) - valueIndex(f, w.Key)
	}
	if ordered(x[0]) {
		return Compare(x[0], y[0])
	}
	return words(Plain(x[0]), Plain(y[0]))
}

func ordered(v Value) bool {
	switch v.(type) {
	case Date, DateTime, Number, Level, Money:
		return true
	}
	return false
}

// Compare orders two values of one kind that has an order: dates, numbers,
// levels, amounts. Others are equal.
func Compare(a, b Value) int {
	switch v := a.(type) {
	case Date:
		w, _ := b.(Date)
		return v.Compare(w.Time)
	case DateTime:
		w, _ := b.(DateTime)
		return v.Compare(w.Time)
	case Number:
		w, _ := b.(Number)
		return cmp.Compare(v.N, w.N)
	case Level:
		w, _ := b.(Level)
		return cmp.Compare(v.N, w.N)
	case Money:
		w, _ := b.(Money)
		return cmp.Compare(v.Cents, w.Cents)
	}
	return 0
}

func valueIndex(f *Field, key string) int {
	return slices.IndexFunc(f.Values, func(v EnumValue) bool { return v.Key == key })
}

// connectTranslations joins the versions of one text: those with the same id,
// or that name it in translation_of.
func (s *Site) connectTranslations() {
	groups := map[string][]*Entry{}
	for _, e := range s.Entries {
		key := e.Base
		if key == "" {
			key = e.ID
		}
		if e.Index || e.Type.Fallback && e.Base == "" {
			key = "/" + e.Path
		}
		if e.Base != "" {
			if o := s.byID[s.Config.DefaultLang()+":"+e.Base]; o != nil && o.Type.Fallback {
				key = "/" + o.Path
			}
		}
		groups[key] = append(groups[key], e)
	}
	for _, g := range groups {
		for _, e := range g {
			e.Translations = nil
			for _, o := range g {
				if o != e && o.Lang != e.Lang {
					e.Translations = append(e.Translations, o)
				}
			}
		}
	}
}

// fillTerms gives every term the listed entries that carry it in any field.
func (s *Site) fillTerms() {
	for _, tax := range s.Taxonomies {
		for _, t := range tax.Terms {
			t.Entries = nil
		}
	}
	for _, e := range s.Entries {
		if !e.Listed() {
			continue
		}
		e.Values.Walk(func(_ string, it Item) {
			for _, v := range Each(it.Value) {
				// An entry that carries a term twice is the last one listed.
				if t, ok := v.(*Tag); ok && t.Term != nil && (len(t.Term.Entries) == 0 || t.Term.Entries[len(t.Term.Entries)-1] != e) {
					t.Term.Entries = append(t.Term.Entries, e)
				}
			}
		})
	}
}

// Newest returns the newest day among the entries, zero when none has one.
func Newest(entries []*Entry) time.Time {
	var t time.Time
	for _, e := range entries {
		for _, d := range []time.Time{e.Published, e.LastChange()} {
			if d.After(t) {
				t = d
			}
		}
	}
	return t
}
