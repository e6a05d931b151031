package view

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds of what is shown of a need: candidates with all criteria, and those
// that are named with what they lack.
const (
	bestCandidates  = 3
	namedCandidates = 20
)

// Matching holds entries with conditions (needs) against all entries of the type
// these speak of (candidates). Each condition is asked once of each candidate,
// however many needs have it. A Matching does not change.
type Matching struct {
	Phrases
	Def        *site.ViewDef
	Needs      []*site.Entry
	Candidates []*site.Entry

	needs map[*site.Entry]*need
	asked map[string]*asked // by the condition's text
	place map[string]int    // of candidates, by base
}

// need is an entry with its conditions and the places of the candidates that
// editors say meet it.
type need struct {
	must, should []*asked
	confirmed    []int
}

// asked is a condition with what all candidates come to.
type asked struct {
	*site.Constraint
	target  *site.Field
	results []Result
}

// NewMatching is for the entries that pages in the language of p list.
func NewMatching(p Phrases, def *site.ViewDef) *Matching {
	m := &Matching{Phrases: p, Def: def, Needs: Listed(p.Site, def.Type.Name, p.Lang), needs: map[*site.Entry]*need{}, asked: map[string]*asked{}, place: map[string]int{}}
	m.Candidates = Listed(p.Site, def.Coverage.SpokenOf(def.Type), p.Lang)
	for i, e := range m.Candidates {
		m.place[base(e)] = i
	}
	for _, e := range m.Needs {
		m.needs[e] = &need{m.conditions(e, def.Coverage.Must), m.conditions(e, def.Coverage.Should), m.confirmed(e)}
	}
	return m
}

// base identifies an entry with its versions in other languages.
func base(e *site.Entry) string { return cmp.Or(e.Base, e.ID) }

// Named is an entry as a link.
type Named struct{ ID, Title, URL, Lang string }

func (m *Matching) named(e *site.Entry) Named {
	n := Named{ID: e.ID, Title: e.Title, URL: e.URL}
	if e.Lang != m.Lang {
		n.Lang = e.Lang
	}
	return n
}

func (m *Matching) conditions(e *site.Entry, path string) []*asked {
	f := m.Def.Type.FieldByPath(path)
	if path == "" || f == nil {
		return nil
	}
	var out []*asked
	for _, v := range site.Each(e.Get(path)) {
		c, ok := v.(*site.Constraint)
		if !ok {
			continue
		}
		if m.asked[c.Source] == nil {
			m.asked[c.Source] = m.ask(f, c)
		}
		out = append(out, m.asked[c.Source])
	}
	return out
}

func (m *Matching) ask(f *site.Field, c *site.Constraint) *asked {
	a := &asked{Constraint: c, target: m.Site.Type(f.Of).FieldByPath(c.Path), results: make([]Result, len(m.Candidates))}
	for i, e := range m.Candidates {
		a.results[i], _ = Check(a.target, e.Get(c.Path), c)
	}
	return a
}

func (m *Matching) confirmed(e *site.Entry) []int {
	var out []int
	if path := m.Def.Coverage.Confirmed; path != "" {
		for _, v := range site.Each(e.Get(path)) {
			if ref, ok := v.(*site.Ref); ok && ref.Entry != nil {
				if i, ok := m.place[base(ref.Entry)]; ok {
					out = append(out, i)
				}
			}
		}
	}
	return out
}

// Tally counts the results of some conditions.
type Tally struct{ Met, Failed, Unknown int }

func (t Tally) total() int { return t.Met + t.Failed + t.Unknown }

func count(conditions []*asked, candidate int) Tally {
	var t Tally
	for _, c := range conditions {
		switch c.results[candidate] {
		case Met:
			t.Met++
		case Failed:
			t.Failed++
		default:
			t.Unknown++
		}
	}
	return t
}

// Verdicts on a candidate, from the conditions that must be met.
const (
	VerdictMet    = "met"    // all are
	VerdictOpen   = "open"   // none is not, but of some it is not known
	VerdictFailed = "failed" // one or more are not
	VerdictNone   = "none"   // there are no such conditions
)

func (t Tally) verdict() string {
	switch {
	case t.total() == 0:
		return VerdictNone
	case t.Failed > 0:
		return VerdictFailed
	case t.Unknown > 0:
		return VerdictOpen
	}
	return VerdictMet
}

// InWords is „4 von 5 erfüllt, 1 unbekannt“; "" without conditions.
func (m *Matching) InWords(t Tally) string {
	if t.total() == 0 {
		return ""
	}
	out := m.Word("coverage.tally", t.Met, t.total())
	if t.Failed > 0 {
		out += ", " + m.Word("coverage.tally.failed", t.Failed)
	}
	if t.Unknown > 0 {
		out += ", " + m.Word("coverage.tally.unknown", t.Unknown)
	}
	return out
}

// ranked is a candidate's place in a need's order.
type ranked struct {
	i            int
	must, should Tally
	confirmed    bool
}

// compare puts candidates into the order that pages name: fewer conditions
// that must be met and are not, fewer of which it is not known, more wanted
// ones that are met; then the order of the type.
func compare(a, b ranked) int {
	return cmp.Or(a.must.Failed-b.must.Failed, a.must.Unknown-b.must.Unknown, b.should.Met-a.should.Met, a.i-b.i)
}

// rank are the first candidates of a need and, behind them, at most as many that
// editors confirmed, in order, and how many meet all conditions or might.
func (m *Matching) rank(n *need) (first []ranked, met, open int) {
	var confirmed []ranked
	for i := range m.Candidates {
		r := ranked{i, count(n.must, i), count(n.should, i), slices.Contains(n.confirmed, i)}
		switch r.must.verdict() {
		case VerdictMet:
			met++
		case VerdictOpen:
			open++
		}
		if r.confirmed {
			confirmed = append(confirmed, r)
		}
		if len(first) == namedCandidates && compare(r, first[len(first)-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(first, r, compare)
		first = slices.Insert(first, at, r)
		first = first[:min(len(first), namedCandidates)]
	}
	slices.SortFunc(confirmed, compare)
	for _, r := range confirmed {
		if len(first) < 2*namedCandidates && compare(r, first[len(first)-1]) > 0 {
			first = append(first, r)
		}
	}
	return first, met, open
}

// Match is a need with the candidates for it.
type Match struct {
	Need Named
	// Status is solved (some candidate meets all that must be met), open (for
	// some only information is missing), none, or unchecked (nothing must be met).
	Status    string
	Met, Open int // candidates that meet all, and those of which not enough is known
	Total     int
	Label     string      // what candidates are called: „Dual-Use-Profile“
	Best      []Candidate // shown with all criteria
	Others    []Candidate // the next ones
	Must      []Criterion
	Should    []Criterion
	Closing   bool    // whether there is a relation by which entries help to close needs
	Gaps      []Named // these entries
}

// Candidate is what could meet a need. Must and Should are counts in words.
type Candidate struct {
	Named
	Verdict      string
	Confirmed    bool
	Must, Should string
	Failed, Open []string // the conditions that must be met and are not, or may not be: labels
}

// Criterion is a condition in words with what the best candidates come to.
type Criterion struct {
	Condition
	Checks []Checked
}

// Checked is a condition held against a candidate. Result and Reason are words
// of the interface below "coverage.result." and "coverage.reason.". Of several
// values of which some meet the condition, Value has these. Source says what it
// rests on, URL where that is; of a value that is missing, both are "".
type Checked struct {
	Result      string
	Reason      Reason
	Value       string
	Source, URL string
}

// Match finds what could meet a need, which is one of m.Needs.
func (m *Matching) Match(e *site.Entry) Match {
	def, n := m.Def.Coverage, m.needs[e]
	out := Match{Need: m.named(e), Total: len(m.Candidates), Closing: def.Gap.By != "", Gaps: m.gaps(e)}
	out.Label = m.Site.Type(def.SpokenOf(m.Def.Type)).Labels.Many.In(m.Lang)
	var first []ranked
	if len(n.must)+len(n.should) > 0 {
		first, out.Met, out.Open = m.rank(n)
	}
	out.Status = status(out, len(n.must) > 0)
	best := split(first)
	for i, r := range first {
		c := m.candidate(r, n.must)
		if slices.Contains(best, i) {
			out.Best = append(out.Best, c)
		} else {
			out.Others = append(out.Others, c)
		}
	}
	out.Must, out.Should = m.criteria(def.Must, n.must, first, best), m.criteria(def.Should, n.should, first, best)
	return out
}

func status(m Match, checked bool) string {
	switch {
	case !checked:
		return "unchecked"
	case m.Met > 0:
		return "solved"
	case m.Open > 0:
		return "open"
	}
	return "none"
}

// split are the places of the candidates to be shown in full: those that meet
// all, else those that may, else the nearest; and the confirmed ones.
func split(first []ranked) []int {
	var best []int
	for i, r := range first {
		near := i < bestCandidates && r.must.verdict() == first[0].must.verdict() && r.must.Failed == first[0].must.Failed
		if near || r.confirmed {
			best = append(best, i)
		}
	}
	return best[:min(len(best), bestCandidates+1)]
}

func (m *Matching) candidate(r ranked, must []*asked) Candidate {
	c := Candidate{Named: m.named(m.Candidates[r.i]), Verdict: r.must.verdict(), Confirmed: r.confirmed, Must: m.InWords(r.must), Should: m.InWords(r.should)}
	for _, a := range must {
		switch label := m.path(m.Candidates[r.i].Type, a.Path); a.results[r.i] {
		case Failed:
			c.Failed = append(c.Failed, label)
		case Unknown:
			c.Open = append(c.Open, label)
		}
	}
	return c
}

func (m *Matching) criteria(path string, conditions []*asked, first []ranked, best []int) []Criterion {
	f := m.Def.Type.FieldByPath(path)
	var out []Criterion
	for _, a := range conditions {
		c := Criterion{Condition: m.Condition(f, a.Constraint)}
		for _, i := range best {
			c.Checks = append(c.Checks, m.checked(a, m.Candidates[first[i].i]))
		}
		out = append(out, c)
	}
	return out
}

func (m *Matching) checked(a *asked, e *site.Entry) Checked {
	v := e.Get(a.Path)
	result, reason := Check(a.target, v, a.Constraint)
	out := Checked{Result: result.String(), Reason: reason, Value: m.telling(a, v)}
	if out.Value != "" {
		out.Source, out.URL = m.source(e, a.Path)
	}
	return out
}

// telling are the values that meet a condition, if only some of them do; else
// all.
func (m *Matching) telling(a *asked, v site.Value) string {
	var meet site.Many
	all := site.Each(v)
	for _, x := range all {
		if r, _ := Check(a.target, x, a.Constraint); r == Met {
			meet.Values = append(meet.Values, x)
		}
	}
	if n := len(meet.Values); n == 0 || n == len(all) || a.Op == "!=" {
		return m.Value(a.target, v)
	}
	return m.Word("coverage.among", m.Value(a.target, meet))
}

// source is what a value rests on: the source that is cited beside it, else the
// part of the entry's page that shows it.
func (m *Matching) source(e *site.Entry, path string) (label, url string) {
	if parent, _, deeper := cutLast(path); deeper {
		if rec, ok := e.Get(parent).(site.Record); ok {
			for _, it := range rec.Items {
				if s, ok := it.Value.(site.Str); ok && it.Field.Cites {
					return cited(e, s), e.URL + "#quelle-" + lang.ID(s.S)
				}
			}
		}
	}
	top, _, _ := strings.Cut(path, ".")
	f := e.Type.FieldByPath(top)
	if f.Common || f.Hidden {
		return e.Type.Labels.One.In(m.Lang), e.URL
	}
	for _, g := range e.Type.Groups {
		if g.Name == f.Group {
			return g.Label.In(m.Lang), e.URL + "#angaben-" + lang.ID(g.Name)
		}
	}
	return m.Word("entry.details"), e.URL + "#angaben"
}

// cited is the short name of a source: who published it, else its title.
func cited(e *site.Entry, key site.Str) string {
	for _, v := range site.Each(e.Get("sources")) {
		if rec, ok := v.(site.Record); ok && rec.Text("key") == key.S {
			return cmp.Or(rec.Text("publisher"), key.Source)
		}
	}
	return key.Source
}

func (m *Matching) gaps(e *site.Entry) []Named {
	gap := m.Def.Coverage.Gap
	t := m.Site.Type(gap.Of)
	if t == nil {
		return nil
	}
	f := t.FieldByPath(gap.By)
	var out []Named
	for _, edge := range e.In {
		if edge.Field == f && edge.From.Listed() && edge.From.Lang == e.Lang {
			out = append(out, m.named(edge.From))
		}
	}
	return out
}

// Answer is a need that a candidate meets, or may meet.
type Answer struct {
	Need         Named
	Verdict      string
	Confirmed    bool
	Must, Should string
	Failed, Open []string // as those of a candidate
}

// Answers are the needs that a candidate meets, those of which it meets a part
// and for the rest only information is missing, and those it is confirmed for,
// in this order; the first ones, and how many there are.
func (m *Matching) Answers(e *site.Entry, limit int) (out []Answer, total int) {
	i, ok := m.place[base(e)]
	if !ok {
		return nil, 0
	}
	found := map[string][]*site.Entry{}
	for _, need := range m.Needs {
		n := m.needs[need]
		must := count(n.must, i)
		v := must.verdict()
		if v == VerdictMet || v == VerdictOpen && must.Met > 0 || slices.Contains(n.confirmed, i) {
			found[v] = append(found[v], need)
			total++
		}
	}
	for _, need := range slices.Concat(found[VerdictMet], found[VerdictOpen], found[VerdictFailed], found[VerdictNone]) {
		if len(out) == limit {
			break
		}
		n := m.needs[need]
		c := m.candidate(ranked{i, count(n.must, i), count(n.should, i), slices.Contains(n.confirmed, i)}, n.must)
		out = append(out, Answer{m.named(need), c.Verdict, c.Confirmed, c.Must, c.Should, c.Failed, c.Open})
	}
	return out, total
}
