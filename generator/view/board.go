package view

import (
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// boardEntries is how many entries a board's page shows.
const boardEntries = 80

// Board are entries side by side in columns, each once, with the words that it
// can be found by.
type Board struct {
	Columns []*site.Field
	Rows    []BoardItem
	Total   int
}

// BoardItem is what an entry says: a value for each column, nil where there is
// none. Kinds and Subjects are its words, Keys those in the filters.
type BoardItem struct {
	Entry    *site.Entry
	Kinds    []Word
	Subjects []Word
	Cells    []site.Value
	Until    time.Time
	Keys     string
}

func makeBoard(c Context) Data {
	b := &Board{}
	for _, path := range c.Def.Board.Columns {
		b.Columns = append(b.Columns, c.Def.Type.FieldByPath(path))
	}
	entries := current(c, c.Def.Board.Until)
	b.Total = len(entries)
	for _, e := range entries[:min(len(entries), boardEntries)] {
		b.Rows = append(b.Rows, boardItem(c, e))
	}
	return b
}

func boardItem(c Context, e *site.Entry) BoardItem {
	def := c.Def.Board
	x := BoardItem{Entry: e, Kinds: Words(e, def.Kind, c.Lang), Subjects: Words(e, def.Subjects, c.Lang), Until: Day(e, def.Until), Keys: Keys(c, e)}
	for _, path := range def.Columns {
		x.Cells = append(x.Cells, e.Get(path))
	}
	return x
}

// Items are the words of the entries that the page shows.
func (b *Board) Items() []string {
	var out []string
	for _, x := range b.Rows {
		out = append(out, x.Keys)
	}
	return out
}

// Bound counts entries.
func (b *Board) Bound() (shown, total int) { return len(b.Rows), b.Total }

// current are the entries whose day, if they have one, has not passed.
func current(c Context, until string) []*site.Entry {
	var out []*site.Entry
	for _, e := range c.Entries {
		if t := Day(e, until); t.IsZero() || !beforeDay(t, c.Site.Now) {
			out = append(out, e)
		}
	}
	return out
}

// Table has a row for each entry, those that the page leaves out, too.
func (b *Board) Table(c Context) Table {
	def := c.Def.Board
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"kind", c.Label(def.Kind)}, {"subjects", c.Label(def.Subjects)}, {"until", c.Label(def.Until)}}}
	for _, f := range b.Columns {
		t.Columns = append(t.Columns, Column{f.Name, f.Label.In(c.Lang)})
	}
	for _, e := range current(c, def.Until) {
		x := boardItem(c, e)
		row := []any{e.Title, c.URL(e), labels(x.Kinds), labels(x.Subjects), day(x.Until)}
		for _, v := range x.Cells {
			row = append(row, c.Plain(v))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func labels(words []Word) []string {
	out := []string{}
	for _, w := range words {
		out = append(out, w.Label)
	}
	return out
}
