package view

import (
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// gapNames is how many entries a sentence names.
const gapNames = 3

func stepOf(key string) site.Value {
	n, _ := strconv.Atoi(key) // keys of steps are numbers, checked when read
	return site.Level{N: n}
}

// gaps says in sentences what is missing in a column: anything at all, anything
// proven, and the statements of single entries.
func gaps(c Context, def *site.MatrixSet, col MatrixColumn, all [][]MatrixCell, column int) []string {
	var out []string
	m := c.Def.Matrix
	best, most, silent := []string(nil), 0, []string(nil)
	for i, row := range all {
		cell := row[column]
		if cell.State == CellGap {
			silent = append(silent, c.Entries[i].Title)
		}
		if n := reached(cell.Step); cell.filled() && n >= most {
			if n > most {
				best, most = nil, n
			}
			best = append(best, c.Entries[i].Title)
		}
	}
	switch {
	case col.Filled == 0:
		out = append(out, sentence(c, m.Missing, "view.matrix.missing", col.Label))
	case col.Field != nil && most > 0 && most < m.Proven:
		out = append(out, sentence(c, m.Unproven, "view.matrix.unproven", col.Label)+" "+
			c.Word("view.matrix.furthest", names(c, best), col.Field.ValueLabel(strconv.Itoa(most), c.Lang)))
	}
	// An entry without any of the words is silent in all columns: said once.
	if len(silent) > 0 && (def.Tags == "" || column == 0) {
		about := col.Label
		if def.Tags != "" {
			about = c.Label(def.Tags)
		}
		out = append(out, c.Word("view.matrix.silent", about, names(c, silent)))
	}
	return out
}

// sentence is the definition's own, or that of the interface.
func sentence(c Context, own site.Text, key, column string) string {
	if s := own.In(c.Lang); s != "" {
		return strings.ReplaceAll(s, "{}", column)
	}
	return c.Word(key, column)
}

// names are the first of some titles and the number of the others.
func names(c Context, titles []string) string {
	if more := len(titles) - gapNames; more > 0 {
		return c.Word("view.matrix.names", strings.Join(titles[:gapNames], ", "), strconv.Itoa(more))
	}
	return strings.Join(titles, ", ")
}
