package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// maxStatements is how many a page shows; the table has all.
const maxStatements = 60

// StatementList are the statements of all entries under the words of a field.
type StatementList struct {
	Groups  []StatementGroup
	States  []Option // how many are in which state
	Choices []Filter
	Total   int // statements, each counted once
	Shown   int
	Papers  int // entries that have any
}

// StatementGroup are the statements of one word. The last one's word may be
// empty: nobody in particular.
type StatementGroup struct {
	Anchor string
	Word   Word
	Items  []StatementItem
}

// StatementItem is a statement with its entry. ID tells it from all others, Keys
// are its words in the filters, Others the words it stands under besides.
type StatementItem struct {
	Entry     *site.Entry
	Statement Statement
	ID, Keys  string
	Others    []Word
}

// Filters are by the words of statements, not of the papers they stand in.
func (l *StatementList) Filters(Context) []Filter { return l.Choices }

// Bound counts statements.
func (l *StatementList) Bound() (shown, total int) { return l.Shown, l.Total }

// found is a statement before it is put under its words.
type found struct {
	StatementItem
	by   []Word
	keys []choice
}

type choice struct {
	path string
	word Word
}

func makeStatements(c Context) Data {
	out := &StatementList{}
	var all []found
	for _, e := range c.Entries {
		list := findStatements(c, e)
		if len(list) > 0 {
			out.Papers++
		}
		all = append(all, list...)
	}
	out.Total, out.Shown = len(all), min(len(all), maxStatements)
	out.Choices = statementFilters(c, all[:out.Shown])
	for _, f := range all[:out.Shown] {
		out.count(f)
		for _, w := range f.by {
			item := f.StatementItem
			for _, o := range f.by {
				if o != w {
					item.Others = append(item.Others, o)
				}
			}
			out.put(w, item)
		}
	}
	byName := lang.Compare(c.Lang)
	slices.SortStableFunc(out.Groups, func(a, b StatementGroup) int {
		return cmp.Or(emptyLast(a.Word, b.Word), byName(a.Word.Label, b.Word.Label))
	})
	out.anchor()
	return out
}

// anchor gives each group an address: „an-laender“. Words that differ in spelling
// only come out the same, and are numbered.
func (l *StatementList) anchor() {
	taken := map[string]int{}
	for i := range l.Groups {
		a := strings.TrimSuffix("an-"+l.Groups[i].Word.Key, "-")
		if taken[a]++; taken[a] > 1 {
			a = fmt.Sprintf("%s--%d", a, taken[a])
		}
		l.Groups[i].Anchor = a
	}
}

func emptyLast(a, b Word) int {
	switch {
	case a.Label == "" && b.Label != "":
		return 1
	case b.Label == "" && a.Label != "":
		return -1
	}
	return 0
}

func (l *StatementList) put(w Word, item StatementItem) {
	i := slices.IndexFunc(l.Groups, func(g StatementGroup) bool { return g.Word.Label == w.Label })
	if i < 0 {
		i = len(l.Groups)
		l.Groups = append(l.Groups, StatementGroup{Word: w})
	}
	l.Groups[i].Items = append(l.Groups[i].Items, item)
}

func (l *StatementList) count(f found) {
	s := f.Statement.State
	if s.Label == "" {
		return
	}
	i := slices.IndexFunc(l.States, func(o Option) bool { return o.Key == s.Key })
	if i < 0 {
		i = len(l.States)
		l.States = append(l.States, Option{Key: s.Key, Label: s.Label})
	}
	l.States[i].Count++
}

// findStatements are the statements of an entry with their words: under which
// they stand, and in the filters.
func findStatements(c Context, e *site.Entry) []found {
	def := e.Type.Statements
	by := strings.TrimPrefix(c.Def.Statements.By, def.List+".")
	var out []found
	for _, s := range Statements(e, c.Lang) {
		f := found{StatementItem: StatementItem{Entry: e, Statement: s, ID: e.ID + "-" + s.ID}, by: recordWords(e, s.rec, def, by, c.Lang)}
		for _, w := range f.by {
			f.keys = append(f.keys, choice{c.Def.Statements.By, w})
		}
		for _, path := range c.Def.Filters {
			words := Words(e, path, c.Lang)
			if name, inside := strings.CutPrefix(path, def.List+"."); inside {
				words = recordWords(e, s.rec, def, name, c.Lang)
			}
			for _, w := range words {
				f.keys = append(f.keys, choice{path, w})
			}
		}
		if len(f.by) == 0 {
			f.by = []Word{{}}
		}
		keys := make([]string, len(f.keys))
		for i, k := range f.keys {
			keys[i] = k.path + ":" + k.word.Key
		}
		f.Keys = strings.Join(keys, " ")
		out = append(out, f)
	}
	return out
}

// statementFilters are the fields that tell statements apart, with the number of
// statements for each word. Scales keep their order; the rest is by the alphabet.
func statementFilters(c Context, all []found) []Filter {
	var out []Filter
	byName := lang.Compare(c.Lang)
	for _, path := range append([]string{c.Def.Statements.By}, c.Def.Filters...) {
		field := c.Def.Type.FieldByPath(path)
		filter := Filter{Name: path, Label: field.Label.In(c.Lang)}
		for _, f := range all {
			for _, k := range f.keys {
				if k.path != path {
					continue
				}
				i := slices.IndexFunc(filter.Options, func(o Option) bool { return o.Key == k.word.Key })
				if i < 0 {
					i = len(filter.Options)
					filter.Options = append(filter.Options, Option{Key: k.word.Key, Label: k.word.Label, Lang: k.word.Lang})
				}
				filter.Options[i].Count++
			}
		}
		place := func(o Option) int {
			return slices.IndexFunc(field.Values, func(v site.EnumValue) bool { return v.Key == o.Key })
		}
		slices.SortStableFunc(filter.Options, func(a, b Option) int {
			return cmp.Or(cmp.Compare(place(a), place(b)), byName(a.Label, b.Label))
		})
		if len(filter.Options) > 1 {
			out = append(out, filter)
		}
	}
	return out
}

// Table has a row for each statement, all of them.
func (l *StatementList) Table(c Context) Table {
	def := c.Def.Type.Statements
	label := func(name string) string { return c.Label(def.Path(name)) }
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"statement", label(def.ID)}, {"text", label(def.Text)}}}
	if def.To != "" {
		t.Columns = append(t.Columns, Column{"to", label(def.To)})
	}
	if def.State != "" {
		t.Columns = append(t.Columns, Column{"state", label(def.State)})
	}
	for _, e := range c.Entries {
		for _, s := range Statements(e, c.Lang) {
			row := []any{e.Title, c.URL(e) + "#" + s.Anchor, s.ID, c.Plain(s.Text)}
			if def.To != "" {
				row = append(row, Labels(s.To))
			}
			if def.State != "" {
				row = append(row, s.State.Label)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// Labels are words as people read them.
func Labels(words []Word) []string {
	var out []string
	for _, w := range words {
		out = append(out, w.Label)
	}
	return out
}
