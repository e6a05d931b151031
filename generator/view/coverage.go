package view

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds of the page: needs, those of them with all details, and columns of the
// map. The details of the others are on their own pages.
const (
	coverageRows    = 30
	coverageDetails = 7
	coverageColumns = 14
)

// Coverage are needs and what could meet them: a map of all with all, and the
// details of each need.
type Coverage struct {
	Columns    []Named
	Rows       []CoverageRow
	Needs      int // of which Rows has the first
	Candidates int // of which Columns has those that meet most needs
	NeedsLabel string
	Label      string // of the candidates: „Dual-Use-Profile“
	Solved     int    // of all needs: some candidate meets all that must be met
	Confirmed  int    // editors say so
}

// CoverageRow is a need with its state in words, a cell for each column, and
// its details, which the page shows of some (Detailed). Keys are its words in the
// filters.
type CoverageRow struct {
	Match
	Keys     string
	Cells    []CoverageCell
	Detailed bool
}

// CoverageCell is what a candidate comes to. Text are counts in words; Link is
// the id of the details, "" where the page has none.
type CoverageCell struct {
	Verdict   string
	Confirmed bool
	Text      string
	Failed    int
	Open      int
	Link      string
}

func makeCoverage(c Context) Data {
	m := NewMatching(c.Phrases(), c.Def)
	out := &Coverage{Needs: len(m.Needs), Candidates: len(m.Candidates), NeedsLabel: c.Def.Type.Labels.Many.In(c.Lang)}
	out.Label = c.Site.Type(c.Def.Coverage.SpokenOf(c.Def.Type)).Labels.Many.In(c.Lang)
	met := make([]int, len(m.Candidates)) // how many needs each candidate meets
	var shown []Match
	for n, need := range m.Needs {
		must := m.needs[need].must
		solved := false
		for i := range m.Candidates {
			if count(must, i).verdict() == VerdictMet {
				met[i]++
				solved = true
			}
		}
		if solved {
			out.Solved++
		}
		if len(m.needs[need].confirmed) > 0 {
			out.Confirmed++
		}
		if n < coverageRows {
			shown = append(shown, m.Match(need))
		}
	}
	columns := mostOf(met, coverageColumns)
	for _, i := range columns {
		out.Columns = append(out.Columns, m.named(m.Candidates[i]))
	}
	for n, match := range shown {
		need := m.Needs[n]
		row := CoverageRow{match, Keys(c, need), m.cells(need, match, columns), n < coverageDetails}
		if !row.Detailed {
			for i := range row.Cells {
				row.Cells[i].Link = ""
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// Items are the words of the needs that the page shows.
func (v *Coverage) Items() []string {
	var out []string
	for _, r := range v.Rows {
		out = append(out, r.Keys)
	}
	return out
}

// Bound counts needs.
func (v *Coverage) Bound() (shown, total int) { return len(v.Rows), v.Needs }

// mostOf are the places of the n greatest counts, in the order of places.
func mostOf(counts []int, n int) []int {
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b] - counts[a] })
	order = order[:min(n, len(order))]
	slices.Sort(order)
	return order
}

func (m *Matching) cells(need *site.Entry, match Match, columns []int) []CoverageCell {
	n := m.needs[need]
	var out []CoverageCell
	for _, i := range columns {
		t := count(n.must, i)
		cell := CoverageCell{Verdict: t.verdict(), Confirmed: slices.Contains(n.confirmed, i), Text: m.InWords(t), Failed: t.Failed, Open: t.Unknown}
		id := m.Candidates[i].ID
		if slices.ContainsFunc(slices.Concat(match.Best, match.Others), func(c Candidate) bool { return c.ID == id }) {
			cell.Link = match.Need.ID + "--" + id
		}
		out = append(out, cell)
	}
	return out
}

// Table has a row for each condition of each need and each candidate that is
// shown with it in full; a need without one has a single row.
func (v *Coverage) Table(c Context) Table {
	def := c.Def.Coverage
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"status", c.Word("coverage.status")},
		{"candidate", c.Site.Type(def.SpokenOf(c.Def.Type)).Labels.One.In(c.Lang)}, {"candidate_url", c.Word("coverage.candidate.url")}, {"confirmed", c.Word("coverage.confirmed")},
		{"kind", c.Word("coverage.kind")}, {"criterion", c.Word("coverage.criterion")}, {"condition", c.Word("coverage.condition")},
		{"result", c.Word("coverage.result")}, {"value", c.Word("coverage.value")}, {"source", c.Word("coverage.source")}, {"source_url", c.Word("coverage.source.url")},
		{"gap", c.Word("coverage.gap")}}}
	for _, match := range v.matches(c) {
		var gaps []string
		for _, g := range match.Gaps {
			gaps = append(gaps, g.Title)
		}
		need := []any{match.Need.Title, c.Site.Config.BaseURL + match.Need.URL, c.Word("coverage.status." + match.Status)}
		if len(match.Best) == 0 {
			t.Rows = append(t.Rows, append(need, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, gaps))
		}
		for i, candidate := range match.Best {
			head := append(slices.Clone(need), candidate.Title, c.Site.Config.BaseURL+candidate.URL, candidate.Confirmed)
			for _, x := range match.Must {
				t.Rows = append(t.Rows, c.criterionRow(head, def.Must, x, i, gaps))
			}
			for _, x := range match.Should {
				t.Rows = append(t.Rows, c.criterionRow(head, def.Should, x, i, gaps))
			}
		}
	}
	return t
}

// matches are those of all needs, of which the page may show only the first.
func (v *Coverage) matches(c Context) []Match {
	var out []Match
	for _, r := range v.Rows {
		out = append(out, r.Match)
	}
	if len(out) < v.Needs {
		m := NewMatching(c.Phrases(), c.Def)
		for _, need := range m.Needs[len(out):] {
			out = append(out, m.Match(need))
		}
	}
	return out
}

// criterionRow is a condition with what the i-th candidate comes to.
func (c Context) criterionRow(head []any, path string, x Criterion, i int, gaps []string) []any {
	k := x.Checks[i]
	url := ""
	if k.URL != "" {
		url = c.Site.Config.BaseURL + k.URL
	}
	return append(slices.Clone(head), c.Label(path), x.Label, x.Text, c.Word("coverage.result."+k.Result), k.Value, k.Source, url, gaps)
}
