package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// matrixRows is how many entries a page shows. Each weighs about 350 bytes
// compressed; style sheets, scripts and font leave a page some 13 KB.
const matrixRows = 18

// Matrix holds entries against columns, in one or several sets.
type Matrix struct {
	Sets  []MatrixSet
	Marks []MatrixMark // all that occur
	Total int          // entries; each set shows the first of them
	Shown int
	// Unsourced of Statements levels name no source, where sources can be named.
	Unsourced, Statements int
}

// MatrixSet are columns with a row for each entry.
type MatrixSet struct {
	Key, Label, Note string
	Text             bool // cells have texts and sources
	Groups           []MatrixHead
	Columns          []MatrixColumn
	Rows             []MatrixRow
	Gaps             []string // what nobody offers, a sentence each
}

// MatrixHead is a heading over Span columns.
type MatrixHead struct {
	Label string
	Span  int
	Chain bool // the columns are steps, one after the other
}

// MatrixColumn is what a column is about. Counts tell how many entries are how
// far, the furthest first.
type MatrixColumn struct {
	Key, Label, Short string
	Field             *site.Field // of the level, nil if there is none
	First, Chain      bool        // first of its group
	Filled            int         // entries with a statement other than „not intended“
	Counts            []MatrixCount
	Path              string // of the record, or of the level of those that have the word
}

// MatrixMark is a step as bars: Filled Of so many. Tone is 0 (none) to 3 (all).
type MatrixMark struct{ Filled, Of, Tone int }

// MatrixCount is how many entries are at a step. Step is nil for those that say
// nothing.
type MatrixCount struct {
	State string // of the cells
	Step  site.Value
	Mark  MatrixMark
	Label string
	N     int
}

// MatrixRow is an entry. Keys are its words in the filters.
type MatrixRow struct {
	Entry *site.Entry
	Keys  string
	Cells []MatrixCell
}

// MatrixCell is what an entry says in a column.
type MatrixCell struct {
	State  string // CellStep, CellYes, CellNo or CellGap
	Step   site.Value
	Mark   MatrixMark
	Label  string // the step or the state in words
	Text   site.Value
	Source MatrixSource
}

// MatrixSource is the source of a statement, on the page of its entry.
type MatrixSource struct{ Key, Title string }

// States of a cell. That an entry says nothing is not the same as its saying
// that something is not intended (step 0) or leaving a word out.
const (
	CellStep = "step" // so far
	CellYes  = "yes"  // has the word; how far is not said
	CellNo   = "no"   // has other words of the field, not this
	CellGap  = "gap"  // no statement
)

func makeMatrix(c Context) Data {
	m := &Matrix{Total: len(c.Entries), Shown: min(len(c.Entries), matrixRows)}
	for _, def := range c.Def.Matrix.Sets {
		set := newMatrixSet(c, def)
		if len(set.Columns) == 0 {
			continue
		}
		all := make([][]MatrixCell, len(c.Entries))
		for i, e := range c.Entries {
			all[i] = cells(c, def, set.Columns, e)
			if i < m.Shown {
				set.Rows = append(set.Rows, MatrixRow{Entry: e, Keys: Keys(c, e), Cells: all[i]})
			}
		}
		for i := range set.Columns {
			set.Columns[i].count(c, all, i)
			m.addMarks(set.Columns[i].Counts)
			set.Gaps = append(set.Gaps, gaps(c, def, set.Columns[i], all, i)...)
		}
		if def.Evidence != "" {
			m.countSources(all)
		}
		m.Sets = append(m.Sets, set)
	}
	return m
}

// Items are the words of the rows.
func (m *Matrix) Items() []string {
	var out []string
	if len(m.Sets) > 0 { // all sets have the same rows
		for _, r := range m.Sets[0].Rows {
			out = append(out, r.Keys)
		}
	}
	return out
}

// Bound counts entries.
func (m *Matrix) Bound() (shown, total int) { return m.Shown, m.Total }

func newMatrixSet(c Context, def *site.MatrixSet) MatrixSet {
	set := MatrixSet{Key: def.Key(), Note: def.Note.In(c.Lang), Text: def.Text != "" || def.Evidence != ""}
	if def.Tags == "" {
		for i, path := range def.Levels {
			f := c.Def.Type.FieldByPath(path)
			if i == 0 {
				set.Label = c.Label(path)
				if parent, _, ok := cutLast(path); ok {
					set.Label = c.Label(parent)
				}
			}
			set.Columns = append(set.Columns, MatrixColumn{Key: strings.ReplaceAll(path, ".", "-"), Label: f.Label.In(c.Lang), Short: f.Label.In(c.Lang),
				Field: c.Def.Type.FieldByPath(path + "." + def.Level), Path: path})
		}
		return set
	}
	set.Label = c.Label(def.Tags)
	scale := Scale(c.Site, c.Def.Type, def.Tags, c.Lang, c.Entries)
	for _, g := range matrixGroups(def, scale) {
		first := len(set.Columns)
		for _, w := range scale {
			if slices.Contains(g.Terms, w.Key) {
				set.Columns = append(set.Columns, MatrixColumn{Key: w.Key, Label: w.Label, Short: shortWord(c, def.Tags, w),
					Field: c.Def.Type.FieldByPath(g.Level), First: len(set.Columns) == first, Chain: g.Chain, Path: g.Level})
			}
		}
		if n := len(set.Columns) - first; n > 0 {
			set.Groups = append(set.Groups, MatrixHead{g.Label.In(c.Lang), n, g.Chain})
		}
	}
	return set
}

// matrixGroups are a set's groups with all words of its field: those that none
// names are in the one that names none, or in a last one without a heading.
func matrixGroups(def *site.MatrixSet, scale []Word) []site.MatrixGroup {
	var out []site.MatrixGroup
	rest := -1
	named := map[string]bool{}
	for i, g := range def.Groups {
		out = append(out, *g)
		if len(g.Terms) == 0 {
			rest = i
		}
		for _, t := range g.Terms {
			named[t] = true
		}
	}
	if rest < 0 {
		rest = len(out)
		out = append(out, site.MatrixGroup{})
	}
	var terms []string
	for _, w := range scale {
		if !named[w.Key] {
			terms = append(terms, w.Key)
		}
	}
	out[rest].Terms = terms
	return out
}

func shortWord(c Context, path string, w Word) string {
	f := c.Def.Type.FieldByPath(path)
	if tax := c.Site.Taxonomy(f.Vocabulary); f.Kind == site.KindTags && tax != nil {
		for _, t := range tax.Terms {
			if s := t.Short.In(c.Lang); t.ID == w.Key && s != "" {
				return s
			}
		}
	}
	return w.Label
}

// cells are what an entry says in the columns of a set.
func cells(c Context, def *site.MatrixSet, columns []MatrixColumn, e *site.Entry) []MatrixCell {
	out := make([]MatrixCell, len(columns))
	var words []Word
	if def.Tags != "" {
		words = Words(e, def.Tags, c.Lang)
	}
	for i, col := range columns {
		cell := &out[i]
		switch {
		case def.Tags == "":
			cell.Step = e.Get(col.Path + "." + def.Level)
			cell.State = CellGap
			if def.Text != "" {
				cell.Text = e.Get(col.Path + "." + def.Text)
			}
			if def.Evidence != "" {
				cell.Source = sourceOf(e, e.Text(col.Path+"."+def.Evidence))
			}
		case len(words) == 0:
			cell.State = CellGap
		case slices.ContainsFunc(words, func(w Word) bool { return w.Key == col.Key }):
			cell.State = CellYes
			if col.Path != "" {
				cell.Step = e.Get(col.Path)
			}
		default:
			cell.State = CellNo
		}
		cell.name(c, col.Field)
	}
	return out
}

func (m *MatrixCell) name(c Context, f *site.Field) {
	if m.Step == nil {
		m.Label = c.Word("view.matrix." + m.State)
		return
	}
	m.State = CellStep
	m.Mark = markOf(f, site.Plain(m.Step))
	m.Label = f.ValueLabel(site.Plain(m.Step), c.Lang)
}

// sourceOf is a source of an entry by its key, named by who published it: „WHO“
// for „Weltgesundheitsorganisation (WHO)“.
func sourceOf(e *site.Entry, key string) MatrixSource {
	if key == "" {
		return MatrixSource{}
	}
	for _, v := range site.Each(e.Get("sources")) {
		if rec, ok := v.(site.Record); ok && rec.Text("key") == key {
			name := rec.Text("publisher")
			if name == "" {
				name = rec.Text("title")
			}
			if i := strings.LastIndexByte(name, '('); i >= 0 && strings.HasSuffix(name, ")") {
				name = name[i+1 : len(name)-1]
			}
			return MatrixSource{key, name}
		}
	}
	return MatrixSource{key, key}
}

func reached(v site.Value) int {
	l, _ := v.(site.Level)
	return l.N
}

// filled reports whether an entry offers something in a column.
func (m MatrixCell) filled() bool {
	return m.State == CellYes || m.State == CellStep && reached(m.Step) > 0
}

func (m *Matrix) addMarks(counts []MatrixCount) {
	for _, x := range counts {
		if x.Step != nil && !slices.Contains(m.Marks, x.Mark) {
			m.Marks = append(m.Marks, x.Mark)
		}
	}
}

// Bars are those of a mark, true for the filled ones.
func (m MatrixMark) Bars() []bool {
	out := make([]bool, m.Of)
	for i := range m.Filled {
		out[i] = true
	}
	return out
}

// Width is that of its drawing.
func (m MatrixMark) Width() int { return barWidth * m.Of }

// X is where a bar of its drawing begins.
func (m MatrixMark) X(bar int) int { return barWidth * bar }

const barWidth = 11

func (m *Matrix) countSources(all [][]MatrixCell) {
	for _, row := range all {
		for _, cell := range row {
			if cell.filled() {
				m.Statements++
				if cell.Source.Key == "" {
					m.Unsourced++
				}
			}
		}
	}
}

// markOf is a step of a scale; one called 0 has no bar.
func markOf(f *site.Field, key string) MatrixMark {
	keys := slices.DeleteFunc(scaleKeys(f), func(k string) bool { return k == "0" })
	m := MatrixMark{Filled: slices.Index(keys, key) + 1, Of: len(keys)}
	if m.Of > 0 {
		m.Tone = (3*m.Filled + m.Of - 1) / m.Of
	}
	return m
}

// scaleKeys are the keys of a scale, in order.
func scaleKeys(f *site.Field) []string {
	var out []string
	for _, v := range f.Values {
		out = append(out, v.Key)
	}
	if len(out) == 0 && f.Min != nil && f.Max != nil {
		for n := int(*f.Min); n <= int(*f.Max); n++ {
			out = append(out, strconv.Itoa(n))
		}
	}
	return out
}

// count fills in how many entries are how far in a column: all steps of its
// scale, then the states without one that occur.
func (m *MatrixColumn) count(c Context, all [][]MatrixCell, column int) {
	n := map[string]int{}
	for _, row := range all {
		cell := row[column]
		n[cell.State+site.Plain(cell.Step)]++
		if cell.filled() {
			m.Filled++
		}
	}
	if m.Field != nil {
		for _, key := range slices.Backward(scaleKeys(m.Field)) {
			if k := n[CellStep+key]; k > 0 {
				m.Counts = append(m.Counts, MatrixCount{CellStep, stepOf(key), markOf(m.Field, key), m.Field.ValueLabel(key, c.Lang), k})
			}
		}
	}
	for _, state := range []string{CellYes, CellNo, CellGap} {
		if k := n[state]; k > 0 {
			m.Counts = append(m.Counts, MatrixCount{State: state, Label: c.Word("view.matrix." + state), N: k})
		}
	}
}

// Table has a row for each entry in each column of each set, but for words that
// it leaves out.
func (m *Matrix) Table(c Context) Table {
	t := Table{Columns: []Column{{"set", c.Word("view.matrix.set")}, {"group", c.Word("view.matrix.group")}, {"column", c.Word("view.matrix.column")}, c.EntryColumn(), c.URLColumn(),
		{"level", c.Word("view.matrix.level")}, {"statement", c.Word("view.matrix.statement")}, {"text", c.Word("view.matrix.text")}, {"source", c.Word("view.matrix.source")}}}
	for _, def := range c.Def.Matrix.Sets {
		set := newMatrixSet(c, def)
		for _, e := range c.Entries {
			for i, cell := range cells(c, def, set.Columns, e) {
				if cell.State == CellNo {
					continue
				}
				var level any
				if cell.Step != nil {
					level = float64(reached(cell.Step))
				}
				t.Rows = append(t.Rows, []any{set.Label, set.group(i), set.Columns[i].Label, e.Title, c.URL(e), level, cell.Label, c.Plain(cell.Text), cell.Source.Title})
			}
		}
	}
	return t
}

// group is the heading over a column.
func (s *MatrixSet) group(column int) string {
	for _, g := range s.Groups {
		if column < g.Span {
			return g.Label
		}
		column -= g.Span
	}
	return ""
}
