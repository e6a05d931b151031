package view

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// FollowUp is what became of what was agreed in all entries.
type FollowUp struct {
	Groups  []OutcomeGroup // late, open, done; without empty ones
	Omitted int            // beyond the bound
}

// OutcomeGroup are the outcomes of a state: "late", "open" or "done".
type OutcomeGroup struct {
	State string
	Total int
	Items []Outcome // all, or the first
}

// Outcome is one thing that was agreed, with what followed from it.
type Outcome struct {
	Entry    *site.Entry
	N        int       // place in its list, from 1
	When     time.Time // of the entry
	Text     site.Value
	Owners   []*site.Entry
	Due      time.Time
	DoneOn   time.Time
	State    string // of its group
	Targets  []Target
	Steps    []Step
	ID, Keys string
}

// Target is what an outcome led to, with its state if it has one.
type Target struct {
	Entry *site.Entry
	State Word
}

// Step is a part of the thread behind the targets: entries of one type, the
// first ones of them.
type Step struct {
	Type    *site.Type
	Entries []*site.Entry
	More    int
}

// Bounds: of the page, of a step, and of the relations of an entry that the
// thread is looked for in, so that hubs do not make it slow.
const (
	maxOutcomes = 40
	maxStep     = 4
	maxEdges    = 500
)

// Items are the words of each outcome.
func (f *FollowUp) Items() []string {
	var out []string
	for _, g := range f.Groups {
		for _, o := range g.Items {
			out = append(out, o.Keys)
		}
	}
	return out
}

// Bound counts outcomes.
func (f *FollowUp) Bound() (shown, total int) {
	shown = len(f.Items())
	return shown, shown + f.Omitted
}

// Outcomes are those of one entry, in the order in which they are written.
func Outcomes(e *site.Entry, def *site.FollowUpView, lang string, now time.Time) []Outcome {
	var out []Outcome
	for i, v := range site.Each(e.Get(def.Items)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		o := Outcome{Entry: e, N: i + 1, When: Day(e, def.Date), Text: rec.Get(def.Text), ID: e.ID + "-" + strconv.Itoa(i+1)}
		o.Owners = entriesOf(rec.Get(def.Owner))
		o.Due, _ = instant(rec.Get(def.Due))
		o.DoneOn, _ = instant(rec.Get(def.DoneOn))
		for _, path := range def.LeadsTo {
			for _, to := range entriesOf(rec.Get(path)) {
				t := Target{Entry: to}
				if words := Words(to, def.State, lang); len(words) > 0 {
					t.State = words[0]
				}
				o.Targets = append(o.Targets, t)
			}
		}
		o.State = state(&o, def, now)
		o.Steps = thread(&o, def)
		out = append(out, o)
	}
	return out
}

// state is "done" when it is said to be or all that it led to has come as far as
// it can, "late" when its day is over, else "open".
func state(o *Outcome, def *site.FollowUpView, now time.Time) string {
	settled := len(o.Targets) > 0
	for _, t := range o.Targets {
		settled = settled && slices.Contains(def.Done, t.State.Key)
	}
	switch {
	case settled, !o.DoneOn.IsZero():
		return "done"
	case !o.Due.IsZero() && beforeDay(o.Due, now):
		return "late"
	}
	return "open"
}

func entriesOf(v site.Value) []*site.Entry {
	var out []*site.Entry
	for _, v := range site.Each(v) {
		if ref, ok := v.(*site.Ref); ok && ref.Entry != nil {
			out = append(out, ref.Entry)
		}
	}
	return out
}

// thread goes on from the targets, type by type: to what relates to them, or,
// where nothing does, to what relates to the step before.
func thread(o *Outcome, def *site.FollowUpView) []Step {
	var start, before []*site.Entry
	for _, t := range o.Targets {
		start = append(start, t.Entry)
	}
	before = start
	seen := map[*site.Entry]bool{o.Entry: true}
	for _, e := range start {
		seen[e] = true
	}
	var out []Step
	for _, typ := range def.Then {
		found := related(start, typ, seen)
		if len(found) == 0 {
			found = related(before, typ, seen)
		}
		if len(found) == 0 {
			continue
		}
		n := min(len(found), maxStep)
		before = found[:n]
		out = append(out, Step{Type: found[0].Type, Entries: found[:n], More: len(found) - n})
	}
	return out
}

// related are the entries of a type on the other side of any relation of some
// entries, in the site's order of each side.
func related(from []*site.Entry, typ string, seen map[*site.Entry]bool) []*site.Entry {
	var out []*site.Entry
	add := func(e *site.Entry, lang string) {
		if e.Type.Name == typ && e.Lang == lang && e.Listed() && !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	for _, e := range from {
		for _, edge := range e.Out[:min(len(e.Out), maxEdges)] {
			add(edge.To, e.Lang)
		}
		for _, edge := range e.In[:min(len(e.In), maxEdges)] {
			add(edge.From, e.Lang)
		}
	}
	return out
}

// Gap is an outcome that lacks something. Place is its text, by which it is
// found in its file.
type Gap struct {
	Place                   site.Item
	N                       int
	NoOwner, NoDue, NoThing bool
}

// Gaps are the outcomes of an entry, as it is written, that nobody takes care
// of, that have no day, or that lead to nothing. What is done lacks nothing.
func Gaps(e *site.Entry, def *site.FollowUpView) []Gap {
	var out []Gap
	for i, v := range site.Each(e.Get(def.Items)) {
		rec, ok := v.(site.Record)
		if !ok || len(rec.Items) == 0 || rec.Item(def.DoneOn) != nil {
			continue
		}
		g := Gap{Place: rec.Items[0], N: i + 1, NoOwner: rec.Item(def.Owner) == nil, NoDue: rec.Item(def.Due) == nil, NoThing: true}
		if it := rec.Item(def.Text); it != nil {
			g.Place = *it
		}
		for _, path := range def.LeadsTo {
			g.NoThing = g.NoThing && rec.Item(path) == nil
		}
		if g.NoOwner || g.NoDue || g.NoThing {
			out = append(out, g)
		}
	}
	return out
}

func makeFollowUp(c Context) Data { return newFollowUp(c, maxOutcomes) }

func newFollowUp(c Context, limit int) *FollowUp {
	def := c.Def.FollowUp
	var all []Outcome
	for _, e := range c.Entries {
		for _, o := range Outcomes(e, def, c.Lang, c.Site.Now) {
			o.Keys = outcomeKeys(c, &o)
			all = append(all, o)
		}
	}
	// What is due first comes first, then what was agreed last.
	slices.SortStableFunc(all, func(a, b Outcome) int {
		return cmp.Or(compareDue(a.Due, b.Due), b.When.Compare(a.When), cmp.Compare(a.Entry.Path, b.Entry.Path), cmp.Compare(a.N, b.N))
	})
	out := &FollowUp{}
	for _, s := range []string{"late", "open", "done"} {
		g := OutcomeGroup{State: s}
		for _, o := range all {
			if o.State == s {
				g.Items = append(g.Items, o)
			}
		}
		g.Total = len(g.Items)
		g.Items = g.Items[:min(g.Total, limit)]
		limit -= len(g.Items)
		out.Omitted += g.Total - len(g.Items)
		if g.Total > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// compareDue puts what has no day last.
func compareDue(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		if a.IsZero() {
			return 1
		}
		return -1
	}
	return a.Compare(b)
}

// outcomeKeys are the words of an outcome in the filters: of fields of the list
// its own, of others its entry's.
func outcomeKeys(c Context, o *Outcome) string {
	def := c.Def.FollowUp
	keys := ""
	add := func(path, key string) {
		if keys != "" {
			keys += " "
		}
		keys += path + ":" + key
	}
	for _, path := range c.Def.Filters {
		if path == def.Sub(def.Owner) {
			for _, e := range o.Owners {
				add(path, e.ID)
			}
			continue
		}
		for _, w := range Words(o.Entry, path, c.Lang) {
			add(path, w.Key)
		}
	}
	return keys
}

// Table has a row for each outcome, with a column for each type in which the
// thread goes on.
func (f *FollowUp) Table(c Context) Table {
	if f.Omitted > 0 {
		f = newFollowUp(c, math.MaxInt)
	}
	var t Table
	columns := outcomeColumns(c)
	for _, col := range columns {
		t.Columns = append(t.Columns, col.Column)
	}
	for _, g := range f.Groups {
		for _, o := range g.Items {
			row := make([]any, len(columns))
			for i, col := range columns {
				row[i] = col.cell(&o)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

type outcomeColumn struct {
	Column
	cell func(*Outcome) any
}

// outcomeColumns are those of the fields that the view names.
func outcomeColumns(c Context) []outcomeColumn {
	def := c.Def.FollowUp
	var out []outcomeColumn
	add := func(col Column, cell func(*Outcome) any) { out = append(out, outcomeColumn{col, cell}) }
	field := func(key, path string, cell func(*Outcome) any) {
		if path != "" {
			add(Column{key, c.Label(path)}, cell)
		}
	}
	add(Column{"text", c.Label(def.Sub(def.Text))}, func(o *Outcome) any { return c.Plain(o.Text) })
	add(c.EntryColumn(), func(o *Outcome) any { return o.Entry.Title })
	add(c.URLColumn(), func(o *Outcome) any { return c.URL(o.Entry) })
	field("date", def.Date, func(o *Outcome) any { return cell(o.When) })
	field("owner", def.Sub(def.Owner), func(o *Outcome) any { return titles(o.Owners) })
	field("due", def.Sub(def.Due), func(o *Outcome) any { return cell(o.Due) })
	field("done_on", def.Sub(def.DoneOn), func(o *Outcome) any { return cell(o.DoneOn) })
	add(Column{"state", c.Word("followup.state")}, func(o *Outcome) any { return c.Word("followup." + o.State) })
	if len(def.LeadsTo) > 0 {
		add(Column{"led_to", c.Word("followup.ledto")}, func(o *Outcome) any { return o.targets(func(t Target) string { return t.Entry.Title }) })
	}
	if def.State != "" {
		add(Column{"led_to_state", c.stateLabel()}, func(o *Outcome) any { return o.targets(func(t Target) string { return t.State.Label }) })
	}
	for _, name := range def.Then {
		add(Column{name, c.Site.Type(name).Labels.Many.In(c.Lang)}, func(o *Outcome) any { return o.step(name) })
	}
	return out
}

func (o *Outcome) targets(say func(Target) string) []string {
	var out []string
	for _, t := range o.Targets {
		if s := say(t); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (o *Outcome) step(typ string) []string {
	for _, s := range o.Steps {
		if s.Type.Name == typ {
			return titles(s.Entries)
		}
	}
	return nil
}

// stateLabel is what the state of the first kind of target is called: „Bedarf:
// Stand“.
func (c Context) stateLabel() string {
	def := c.Def.FollowUp
	if len(def.LeadsTo) > 0 {
		for _, name := range c.Def.Type.FieldByPath(def.Sub(def.LeadsTo[0])).To {
			if t := c.Site.Type(name); t != nil && def.State != "" {
				return t.Labels.One.In(c.Lang) + ": " + t.FieldByPath(def.State).Label.In(c.Lang)
			}
		}
	}
	return c.Word("followup.state")
}

func titles(entries []*site.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Title)
	}
	return out
}
