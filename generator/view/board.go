package view

import "github.com/ag-vzkm/portal/generator/site"

// Board are entries under headings, in columns.
type Board struct {
	Columns []*site.Field
	Rows    []BoardRow
}

// BoardRow is a heading with the entries of each column.
type BoardRow struct {
	Word  Word
	Cells [][]BoardItem // one for each column, empty where there is nothing
}

// BoardItem is what an entry says in a column. Keys are its words in the filters.
type BoardItem struct {
	Entry *site.Entry
	Value site.Value
	Keys  string
}

func makeBoard(c Context) Data {
	def := c.Def.Board
	b := &Board{}
	entries := current(c, def.Until)
	for _, path := range def.Columns {
		b.Columns = append(b.Columns, c.Def.Type.FieldByPath(path))
	}
	for _, w := range Scale(c.Site, c.Def.Type, def.Rows, c.Lang, entries) {
		row, empty := BoardRow{Word: w, Cells: make([][]BoardItem, len(b.Columns))}, true
		for _, e := range entries {
			if !has(e, def.Rows, w.Key, c.Lang) {
				continue
			}
			for i, path := range def.Columns {
				if v := e.Get(path); v != nil {
					row.Cells[i] = append(row.Cells[i], BoardItem{e, v, Keys(c, e)})
					empty = false
				}
			}
		}
		if !empty {
			b.Rows = append(b.Rows, row)
		}
	}
	return b
}

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

func has(e *site.Entry, path, key, lang string) bool {
	for _, w := range Words(e, path, lang) {
		if w.Key == key {
			return true
		}
	}
	return false
}

// Table has a row for each entry in each column under each heading.
func (b *Board) Table(c Context) Table {
	t := Table{Columns: []Column{{"subject", c.Label(c.Def.Board.Rows)}, {"column", c.Word("view.board.column")}, c.EntryColumn(), c.URLColumn(), {"text", c.Word("view.board.text")}}}
	for _, row := range b.Rows {
		for i, cell := range row.Cells {
			for _, x := range cell {
				t.Rows = append(t.Rows, []any{row.Word.Label, b.Columns[i].Label.In(c.Lang), x.Entry.Title, c.URL(x.Entry), c.Plain(x.Value)})
			}
		}
	}
	return t
}
