package view

import (
	"cmp"
	"slices"
)

// Bounds of the page of a way: entries, and those named in a cell.
const (
	wayEntries = 100
	wayNamed   = 3
)

// Ways are the ways of all entries of a type, side by side. Those on which most
// is there come first.
type Ways struct {
	Steps  []WayStep // without the entries' own
	Rows   []WayRow
	Closed int // entries on whose way nothing is missing
	Total  int
}

// WayStep is a type on the way with the number of entries that have something
// there.
type WayStep struct {
	Label, Icon string
	Before      bool // it stands before the entries' own step
	Have        int
}

// WayRow is an entry with a cell for each step. Have counts those that are not
// empty.
type WayRow struct {
	ID     string
	Link   Link
	States []Word
	Cells  []WayCell
	Have   int
	Keys   string
}

// WayCell are the entries of a step: the first of Count. Via is set when they are
// related to others on the way and not to the entry itself.
type WayCell struct {
	Links []Link
	Count int
	Via   bool
}

func makeWay(c Context) Data {
	out := &Ways{Total: len(c.Entries)}
	way := NewWay(c.Site)
	for _, e := range c.Entries {
		steps := way.Thread(e)
		if out.Steps == nil {
			out.Steps = waySteps(steps, c.Lang)
		}
		row := WayRow{ID: e.ID, Link: linkTo(e), States: Words(e, c.Def.Way.State, c.Lang), Keys: Keys(c, e)}
		for _, s := range steps {
			if !s.Here {
				row.Cells = append(row.Cells, wayCell(s))
			}
		}
		for i, cell := range row.Cells {
			if cell.Count > 0 {
				row.Have++
				out.Steps[i].Have++
			}
		}
		if len(row.Cells) > 0 && row.Have == len(row.Cells) {
			out.Closed++
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortStableFunc(out.Rows, func(a, b WayRow) int { return cmp.Compare(b.Have, a.Have) })
	out.Rows = out.Rows[:min(len(out.Rows), wayEntries)]
	return out
}

// Items are the words of the entries that the page shows.
func (w *Ways) Items() []string {
	var out []string
	for _, r := range w.Rows {
		out = append(out, r.Keys)
	}
	return out
}

// Bound counts entries.
func (w *Ways) Bound() (shown, total int) { return len(w.Rows), w.Total }

func waySteps(steps []ThreadStep, lang string) []WayStep {
	var out []WayStep
	before := true
	for _, s := range steps {
		if s.Here {
			before = false
			continue
		}
		out = append(out, WayStep{Label: s.Type.Labels.Many.In(lang), Icon: s.Type.Icon, Before: before})
	}
	return out
}

func wayCell(s ThreadStep) WayCell {
	cell := WayCell{Count: len(s.Entries), Via: len(s.Entries) > 0 && !s.Direct}
	for _, e := range s.Entries[:min(len(s.Entries), wayNamed)] {
		cell.Links = append(cell.Links, linkTo(e))
	}
	return cell
}

// Table has a row for each entry on each step of each way, and one for each gap.
func (w *Ways) Table(c Context) Table {
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"step", c.Word("view.way.step")}, {"direct", c.Word("view.way.direct")}, {"other", c.Word("view.network.entry")}, {"other_url", c.Word("view.network.url")}}}
	way := NewWay(c.Site)
	for _, e := range c.Entries {
		for _, s := range way.Thread(e) {
			if s.Here {
				continue
			}
			label := s.Type.Labels.Many.In(c.Lang)
			if len(s.Entries) == 0 {
				t.Rows = append(t.Rows, []any{e.Title, c.URL(e), label, nil, nil, nil})
			}
			for _, o := range s.Entries {
				t.Rows = append(t.Rows, []any{e.Title, c.URL(e), label, s.Direct, o.Title, c.URL(o)})
			}
		}
	}
	return t
}
