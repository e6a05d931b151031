package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds of a map's page: how many entries it names, of each region some, and up
// to how many it tells the course of each. The tiles count all.
const (
	mapEntries = 90
	mapCourses = 20
)

// Map are entries by region, and the regions as tiles.
type Map struct {
	Phases  []Phase // the scale of the marks, as a legend; empty if there is none
	Columns int
	Tiles   []Tile   // by row and column; empty if the vocabulary has no places
	Regions []Region // those with entries, in the order of the vocabulary
	Nowhere Region
	Brief   bool // entries have no course, but only their phase
	Shown   int  // entries; one may stand in several regions
	Total   int
}

// Tile is a region's place on the map.
type Tile struct {
	Col, Row     int
	Key          string
	Short, Label string
	Count        int
	Shade        int // 0 to 4, by count
	Marks        []MapMark
}

// MapMark stands for an entry on a tile: how far it is, in hundredths.
type MapMark struct {
	Part int
	Keys string
	ID   string
}

// Region is a region with its entries.
type Region struct {
	Word    Word
	Count   int
	Members []MapEntry
}

// MapEntry is an entry as the list below the map has it.
type MapEntry struct {
	Entry  *site.Entry
	Place  string
	Course *Course // nil if the type has none, or if there are too many
	Phase  string
	Part   int
	Keys   string
}

func makeMap(c Context) Data {
	def := c.Def.Map
	m := &Map{Total: len(c.Entries), Brief: len(c.Entries) > mapCourses}
	byRegion := map[string][]*site.Entry{}
	var nowhere []*site.Entry
	for _, e := range c.Entries {
		words := Words(e, def.Region, c.Lang)
		for _, w := range words {
			byRegion[w.Key] = append(byRegion[w.Key], e)
		}
		if len(words) == 0 {
			nowhere = append(nowhere, e)
		}
	}
	most, sizes := 0, []int{len(nowhere)}
	for _, entries := range byRegion {
		most = max(most, len(entries))
		sizes = append(sizes, len(entries))
	}
	share := fairShare(sizes, mapEntries)
	shown := map[*site.Entry]bool{}
	list := func(entries []*site.Entry) []MapEntry {
		var out []MapEntry
		for _, e := range entries[:min(len(entries), share)] {
			out = append(out, mapEntry(c, e, !m.Brief))
			shown[e] = true
		}
		return out
	}
	f := c.Def.Type.FieldByPath(def.Region)
	for _, term := range c.Site.Taxonomy(f.Vocabulary).Terms {
		entries := byRegion[term.ID]
		m.tile(c, term, entries, most, min(share, tileMarks))
		if len(entries) > 0 {
			m.Regions = append(m.Regions, Region{Word{Key: term.ID, Label: term.Label.In(c.Lang), Note: term.Note.In(c.Lang)}, len(entries), list(entries)})
		}
	}
	m.Nowhere = Region{Count: len(nowhere), Members: list(nowhere)}
	m.Shown = len(shown)
	slices.SortStableFunc(m.Tiles, func(a, b Tile) int { return cmp.Or(a.Row-b.Row, a.Col-b.Col) })
	if def.Course.Phase != "" && len(c.Entries) > 0 {
		m.Phases = NewCourse(c.Entries[0], c.Lang, c.Site.Now).Steps
	}
	return m
}

// Items are the words of the entries that the page names.
func (m *Map) Items() []string {
	seen := map[*site.Entry]bool{}
	var out []string
	for _, r := range append(slices.Clone(m.Regions), m.Nowhere) {
		for _, x := range r.Members {
			if !seen[x.Entry] {
				out = append(out, x.Keys)
			}
			seen[x.Entry] = true
		}
	}
	return out
}

// Bound counts entries.
func (m *Map) Bound() (shown, total int) { return m.Shown, m.Total }

// fairShare is how many of each group there may be, so that all together are at
// most n and none that has any is left out.
func fairShare(sizes []int, n int) int {
	for share := n; ; share-- {
		sum := 0
		for _, size := range sizes {
			sum += min(size, share)
		}
		if sum <= n || share <= 1 {
			return share
		}
	}
}

// tileMarks is how many entries a tile has a mark for, if the list names as many.
const tileMarks = 8

func (m *Map) tile(c Context, term *site.Term, entries []*site.Entry, most, marks int) {
	if len(term.Tile) != 2 {
		return
	}
	t := Tile{Col: term.Tile[0], Row: term.Tile[1], Key: term.ID, Short: cmp.Or(term.Short.In(c.Lang), term.ID), Label: term.Label.In(c.Lang), Count: len(entries)}
	if len(entries) > 0 {
		t.Shade = 1 + 3*(len(entries)-1)/max(1, most-1)
	}
	for _, e := range entries[:min(len(entries), marks)] {
		x := mapEntry(c, e, false)
		t.Marks = append(t.Marks, MapMark{x.Part, x.Keys, e.ID})
	}
	m.Columns = max(m.Columns, t.Col)
	m.Tiles = append(m.Tiles, t)
}

func mapEntry(c Context, e *site.Entry, full bool) MapEntry {
	x := MapEntry{Entry: e, Place: e.Text(c.Def.Map.Place), Keys: Keys(c, e)}
	if c.Def.Map.Course.Phase == "" {
		return x
	}
	course := NewCourse(e, c.Lang, c.Site.Now)
	x.Part = part(course.At-1, len(course.Steps)-1)
	if course.At > 0 {
		x.Phase = course.Steps[course.At-1].Label
	}
	if full {
		x.Course = course
	}
	return x
}

// part is n of all in hundredths.
func part(n, all int) int { return max(0, n) * 100 / max(1, all) }

// Table has a row for each entry in each region.
func (m *Map) Table(c Context) Table {
	def := c.Def.Map
	t := Table{Columns: []Column{{"region", c.Label(def.Region)}, {"region_id", c.Word("view.map.key")}, {"place", c.Label(def.Place)}, c.EntryColumn(), c.URLColumn()}}
	course := def.Course.Phase != ""
	if course {
		t.Columns = append(t.Columns, Column{"phase", c.Label(def.Course.Phase)}, Column{"next_date", c.Word("view.map.next")}, Column{"next", c.Word("view.map.next.text")})
	}
	for _, e := range c.Entries {
		words := Words(e, def.Region, c.Lang)
		if len(words) == 0 {
			words = []Word{{Label: c.Word("view.map.nowhere")}}
		}
		for _, w := range words {
			row := []any{w.Label, w.Key, e.Text(def.Place), e.Title, c.URL(e)}
			if course {
				row = append(row, courseCells(NewCourse(e, c.Lang, c.Site.Now))...)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func courseCells(x *Course) []any {
	phase := ""
	if x.At > 0 {
		phase = x.Steps[x.At-1].Label
	}
	if x.Next == nil {
		return []any{phase, nil, nil}
	}
	return []any{phase, day(x.Next.Date), x.Next.Text}
}

func day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
