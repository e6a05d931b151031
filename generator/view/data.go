package view

import (
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Context is what a view is computed from.
type Context struct {
	Site    *site.Site
	Def     *site.ViewDef
	Lang    string
	Entries []*site.Entry // of the view's type, or of all; see Listed
	// Plain is the text of any value, of a markdown field without its marks.
	Plain func(site.Value) string
	// Figures are what an entry's texts state in figures.
	Figures func(*site.Entry) []Figure
	// Word is a word of the interface (templates/i18n) in Lang.
	Word func(key string, args ...any) string
}

// Data is what a view shows. It has no unexported parts: pages are kept or made
// anew by what is in it. Entries in it are pointers; a template may use all that
// cards use of them.
type Data interface {
	// Table is all of it for a spreadsheet or a program.
	Table(Context) Table
}

// Table has one row for each thing shown. Cells are string, float64, bool,
// time.Time (a day or an instant), []string or nil.
type Table struct {
	Columns []Column
	Rows    [][]any
}

// Column has a name for programs (snake_case) and one for people.
type Column struct{ Key, Label string }

// Label is what the type calls a field.
func (c Context) Label(path string) string {
	if c.Def.Type == nil {
		return path
	}
	if f := c.Def.Type.FieldByPath(path); f != nil {
		return f.Label.In(c.Lang)
	}
	return path
}

// EntryColumn and URLColumn begin most tables: the title of an entry of the
// view's type and its absolute address.
func (c Context) EntryColumn() Column {
	if c.Def.Type == nil {
		return Column{"entry", c.Word("view.entry")}
	}
	return Column{c.Def.Type.Name, c.Def.Type.Labels.One.In(c.Lang)}
}

func (c Context) URLColumn() Column { return Column{"url", c.Word("view.url")} }

// URL is an entry's absolute address.
func (c Context) URL(e *site.Entry) string { return c.Site.Config.BaseURL + e.URL }

// Make computes a view.
func Make(c Context) Data {
	switch {
	case c.Def.Board != nil:
		return makeBoard(c)
	case c.Def.Calendar != nil:
		return makeCalendar(c)
	case c.Def.Coverage != nil:
		return makeCoverage(c)
	case c.Def.Due != nil:
		return makeDue(c)
	case c.Def.Figures != nil:
		return makeFigures(c)
	case c.Def.Finder != nil:
		return makeFinder(c)
	case c.Def.FollowUp != nil:
		return makeFollowUp(c)
	case c.Def.Map != nil:
		return makeMap(c)
	case c.Def.Matrix != nil:
		return makeMatrix(c)
	case c.Def.Network != nil:
		return makeNetwork(c)
	case c.Def.Statements != nil:
		return makeStatements(c)
	case c.Def.Timeline != nil:
		return makeTimeline(c)
	case c.Def.Way != nil:
		return makeWay(c)
	}
	panic("view: no form in " + c.Def.Name) // definitions are checked when they are read
}

// Listed are the entries of a type that a page in a language shows: its own
// and, of the default language, those without a version in it. Superseded and
// archived ones are left out.
func Listed(s *site.Site, typ, lang string) []*site.Entry {
	var out []*site.Entry
	for _, e := range s.OfType(typ, lang) {
		if e.Listed() {
			out = append(out, e)
		}
	}
	def := s.Config.DefaultLang()
	if lang == def {
		return out
	}
	for _, e := range s.OfType(typ, def) {
		if e.Listed() && !slices.ContainsFunc(e.Translations, func(o *site.Entry) bool { return o.Lang == lang }) {
			out = append(out, e)
		}
	}
	site.Sort(out, lang)
	return out
}

// ListedOf are the entries that a view shows in a language: those of its type,
// or, of a view that spans types, those of all.
func ListedOf(s *site.Site, v *site.ViewDef, lang string) []*site.Entry {
	if v.Type != nil {
		return Listed(s, v.Type.Name, lang)
	}
	var out []*site.Entry
	for _, t := range s.Types {
		out = append(out, Listed(s, t.Name, lang)...)
	}
	return out
}

// Shown reports whether a view has a page in a language.
func Shown(s *site.Site, v *site.ViewDef, lang string) bool {
	switch entries := ListedOf(s, v, lang); {
	case v.Due != nil:
		return slices.ContainsFunc(entries, func(e *site.Entry) bool { return !e.ReviewBy.IsZero() })
	case v.Figures != nil:
		return slices.ContainsFunc(entries, func(e *site.Entry) bool { return e.Type.Claims && e.Get("sources") != nil })
	default:
		return len(entries) > 0
	}
}

// Word is a value of a closed set: a key with what it is called. Lang is the
// language of that, if it is not the page's.
type Word struct{ Key, Label, Note, Lang string }

// Words are the words that an entry has in a field of kind enum, level, tags,
// bool or relation. Hidden ones are left out.
func Words(e *site.Entry, path, lang string) []Word {
	f := e.Type.FieldByPath(path)
	if f == nil {
		return nil
	}
	var out []Word
	for _, v := range site.Each(e.Get(path)) {
		if w, ok := wordOf(f, v, lang); ok && !slices.ContainsFunc(out, func(o Word) bool { return o.Key == w.Key }) {
			out = append(out, w)
		}
	}
	return out
}

func wordOf(f *site.Field, v site.Value, lang string) (Word, bool) {
	switch v := v.(type) {
	case site.Enum, site.Level, site.Bool:
		key := site.Plain(v)
		w := Word{Key: key, Label: f.ValueLabel(key, lang)}
		for _, x := range f.Values {
			if x.Key == key {
				w.Note = x.Note.In(lang)
			}
		}
		return w, true
	case *site.Tag:
		if v.Term != nil {
			return Word{Key: v.Term.ID, Label: v.Term.Label.In(lang), Note: v.Term.Note.In(lang)}, true
		}
	case *site.Ref:
		if v.Entry != nil {
			return Word{Key: v.Entry.ID, Label: v.Entry.Title, Lang: foreign(v.Entry.Lang, lang)}, true
		}
	}
	return Word{}, false
}

// foreign is the language of a text, if it is not the page's.
func foreign(of, page string) string {
	if of == page {
		return ""
	}
	return of
}

// Scale are all words a field may have, in order, used or not: the values of an
// enum or level, the terms of a vocabulary. Of relations, those in use.
func Scale(s *site.Site, t *site.Type, path, lang string, entries []*site.Entry) []Word {
	f := t.FieldByPath(path)
	if f == nil {
		return nil
	}
	var out []Word
	switch f.Kind {
	case site.KindTags:
		for _, term := range s.Taxonomy(f.Vocabulary).Terms {
			out = append(out, Word{Key: term.ID, Label: term.Label.In(lang), Note: term.Note.In(lang)})
		}
	case site.KindRelation, site.KindBool:
		for _, e := range entries {
			for _, w := range Words(e, path, lang) {
				if !slices.ContainsFunc(out, func(o Word) bool { return o.Key == w.Key }) {
					out = append(out, w)
				}
			}
		}
		slices.SortFunc(out, func(a, b Word) int { return strings.Compare(a.Label, b.Label) })
	default:
		for _, v := range f.Values {
			out = append(out, Word{Key: v.Key, Label: f.ValueLabel(v.Key, lang), Note: v.Note.In(lang)})
		}
	}
	return out
}

// Filter is a field by which readers narrow a view down.
type Filter struct {
	Name, Label string
	Options     []Option
}

// Option is a word of a filter with the number of things that have it.
type Option struct {
	Key, Label, Lang string
	Count            int
}

// Filtered is data that knows its filters itself.
type Filtered interface{ Filters(Context) []Filter }

// Filters are those of a view's filters that tell its entries apart, with the
// words that are in use.
func Filters(c Context, data Data) []Filter {
	if d, ok := data.(Filtered); ok {
		return d.Filters(c)
	}
	var out []Filter
	counts := map[string]int{}
	for _, keys := range itemKeys(c, data) {
		for key := range strings.FieldsSeq(keys) {
			counts[key]++
		}
	}
	for _, path := range c.Def.Filters {
		if path == site.StateFilter && c.Def.Type.Schedule != nil {
			out = append(out, stateFilter(c, counts))
			continue
		}
		f := c.Def.Type.FieldByPath(path)
		if f == nil {
			continue
		}
		filter := Filter{Name: path, Label: f.Label.In(c.Lang)}
		for _, w := range Scale(c.Site, c.Def.Type, path, c.Lang, c.Entries) {
			if n := counts[path+":"+w.Key]; n > 0 {
				filter.Options = append(filter.Options, Option{w.Key, w.Label, w.Lang, n})
			}
		}
		if len(filter.Options) > 1 {
			filter.Options = mostFrequent(filter.Options)
			out = append(out, filter)
		}
	}
	return out
}

// filterOptions is how many words of a filter a reader can choose from.
const filterOptions = 40

// mostFrequent are the words that most things have, in their order.
func mostFrequent(options []Option) []Option {
	if len(options) <= filterOptions {
		return options
	}
	counts := make([]int, len(options))
	for i, o := range options {
		counts[i] = o.Count
	}
	out := make([]Option, 0, filterOptions)
	for _, i := range mostOf(counts, filterOptions) {
		out = append(out, options[i])
	}
	return out
}

// Itemized is data whose things are not all entries of its type: the words of
// each thing that its page shows. Filters offer no others.
type Itemized interface{ Items() []string }

// Bounded is data of which a page may show a part: how many things of how many.
type Bounded interface{ Bound() (shown, total int) }

func itemKeys(c Context, data Data) []string {
	if d, ok := data.(Itemized); ok {
		return d.Items()
	}
	out := make([]string, len(c.Entries))
	for i, e := range c.Entries {
		out[i] = Keys(c, e)
	}
	return out
}

// Keys are an entry's words in a view's filters, for the script: "state:offen
// scenario:manv scenario:cbrn".
func Keys(c Context, e *site.Entry) string {
	var out []string
	for _, path := range c.Def.Filters {
		if path == site.StateFilter && e.Type.Schedule != nil {
			out = append(out, path+":"+ScheduleOf(c.Site, e).State.Key)
		}
		for _, w := range Words(e, path, c.Lang) {
			out = append(out, path+":"+w.Key)
		}
	}
	return strings.Join(out, " ")
}

// Day is the calendar day or instant at path, zero when there is none.
func Day(e *site.Entry, path string) time.Time {
	if path == "" {
		return time.Time{}
	}
	t, _ := instant(e.Get(path))
	return t
}
