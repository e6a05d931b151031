package view

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/site"
)

// Block is a paragraph, a list item or a heading of a text, plain.
type Block struct {
	Heading bool
	Text    string
}

// Comparison is what changed from one version of an entry to the next.
type Comparison struct {
	Statements []StatementChange
	Fields     []FieldChange
	Passages   []Passage
	Counts     Counts
}

// Counts are in words how much changed.
type Counts struct{ Same, Changed, Added, Deleted, Blocks int }

// StatementChange is a statement of the new version, or one of the old one that
// it no longer has. Op is Same, Changed, Added or Deleted. Into is the number of
// the statement that a deleted one has become a part of, and Anchor its anchor.
type StatementChange struct {
	Op                 Op
	N                  int
	ID, Anchor         string
	Before             string // its id in the old version, if another
	Text               []Run
	To                 []Run // words, added and deleted
	State, StateBefore string
	Into               int
}

// FieldChange is a field whose value is another.
type FieldChange struct {
	Label string
	Words bool // Runs are words of a list
	Runs  []Run
}

// Passage are blocks that follow one another. Folded ones have not changed and
// need not be read; Count is how many.
type Passage struct {
	Folded bool
	Count  int
	Blocks []BlockChange
}

// BlockChange is a block with what became of it.
type BlockChange struct {
	Op      Op
	Heading bool
	Runs    []Run
}

// Versions are two versions of an entry with the blocks of their texts.
type Versions struct {
	Old, New             *site.Entry
	OldBlocks, NewBlocks []Block
	Lang                 string
	Plain                func(site.Value) string
}

// Compare tells what changed.
func Compare(v Versions) Comparison {
	c := Comparison{Statements: compareStatements(v), Fields: compareFields(v)}
	blocks := compareBlocks(v.OldBlocks, v.NewBlocks)
	c.Passages = fold(blocks)
	for _, b := range blocks {
		if b.Op != Same {
			c.Counts.Blocks++
		}
	}
	for _, s := range c.Statements {
		switch s.Op {
		case Same:
			c.Counts.Same++
		case Changed:
			c.Counts.Changed++
		case Added:
			c.Counts.Added++
		case Deleted:
			c.Counts.Deleted++
		}
	}
	return c
}

func compareStatements(v Versions) []StatementChange {
	before, after := Statements(v.Old, v.Lang), Statements(v.New, v.Lang)
	carry := carriers(after)
	first := map[string]Statement{} // what a new one is compared with, by its id
	var gone []Statement
	for _, o := range before {
		now := carry[o.ID]
		if now == nil {
			gone = append(gone, o)
		} else if _, taken := first[now.ID]; taken {
			gone = append(gone, o)
		} else {
			first[now.ID] = o
		}
	}
	var out []StatementChange
	for _, s := range after {
		o, known := first[s.ID]
		out = append(out, compareStatement(v, o, s, known))
	}
	for _, o := range gone {
		change := StatementChange{Op: Deleted, N: o.N, ID: o.ID, Text: DiffWords(v.Plain(o.Text), ""), To: changedWords(Labels(o.To), nil), State: o.State.Label}
		if now := carry[o.ID]; now != nil {
			change.Into, change.Anchor = now.N, now.Anchor
		}
		out = append(out, change)
	}
	return out
}

// compareStatement compares a statement with the one that it carries on, if such
// a one is known.
func compareStatement(v Versions, o, s Statement, known bool) StatementChange {
	c := StatementChange{Op: Same, N: s.N, ID: s.ID, Anchor: s.Anchor, State: s.State.Label, To: changedWords(Labels(o.To), Labels(s.To))}
	if !known {
		c.Op, c.Text = Added, DiffWords("", v.Plain(s.Text))
		return c
	}
	c.Text = DiffWords(v.Plain(o.Text), v.Plain(s.Text))
	if o.ID != s.ID {
		c.Before = o.ID
	}
	if o.State != s.State {
		c.StateBefore = o.State.Label
	}
	if differs(c.Text) || differs(c.To) || o.State != s.State {
		c.Op = Changed
	}
	return c
}

func differs(runs []Run) bool {
	return slices.ContainsFunc(runs, func(r Run) bool { return r.Op != Same })
}

// changedWords compares two lists of words word by word, a deleted one before an
// added one.
func changedWords(before, after []string) []Run {
	var out []Run
	add := func(op Op, words []string) {
		for _, w := range words {
			out = append(out, Run{Op: op, Text: w})
		}
	}
	i, j := 0, 0
	for _, m := range append(matches(before, after), [2]int{len(before), len(after)}) {
		add(Deleted, before[i:m[0]])
		add(Added, after[j:m[1]])
		if i, j = m[0], m[1]; j < len(after) && i < len(before) {
			add(Same, after[j:j+1])
			i, j = i+1, j+1
		}
	}
	return out
}

// compareFields are title, summary and the type's own fields, as far as they
// differ: not the statements, which are compared one by one, nor the relation
// between the two versions.
func compareFields(v Versions) []FieldChange {
	var out []FieldChange
	for _, name := range []string{"title", "summary"} {
		if f := v.New.Type.FieldByPath(name); f != nil {
			addChange(&out, FieldChange{Label: f.Label.In(v.Lang), Runs: DiffWords(v.Old.Text(name), v.New.Text(name))})
		}
	}
	for _, f := range v.New.Type.Fields {
		t := v.New.Type
		if f.Common || f.Hidden || t.Statements != nil && f.Name == t.Statements.List || t.Versions != nil && f.Name == t.Versions.Replaces {
			continue
		}
		compareField(v, f, f.Name, f.Label.In(v.Lang), &out)
	}
	return out
}

func compareField(v Versions, f *site.Field, path, label string, out *[]FieldChange) {
	if f.Kind == site.KindRecord {
		for _, sub := range f.Sub {
			compareField(v, sub, path+"."+sub.Name, label+": "+sub.Label.In(v.Lang), out)
		}
		return
	}
	before, after := valueTexts(v, v.Old, f, path), valueTexts(v, v.New, f, path)
	if len(before) <= 1 && len(after) <= 1 && !f.Multiple {
		addChange(out, FieldChange{Label: label, Runs: DiffWords(strings.Join(before, ""), strings.Join(after, ""))})
		return
	}
	addChange(out, FieldChange{Label: label, Words: true, Runs: changedWords(before, after)})
}

func addChange(out *[]FieldChange, c FieldChange) {
	if differs(c.Runs) {
		*out = append(*out, c)
	}
}

// valueTexts are the single values of a field as people read them.
func valueTexts(v Versions, e *site.Entry, f *site.Field, path string) []string {
	if slices.Contains(site.WordKinds, f.Kind) {
		return Labels(Words(e, path, v.Lang))
	}
	var out []string
	for _, x := range site.Each(e.Get(path)) {
		switch x := x.(type) {
		case site.Record:
			var parts []string
			for _, it := range x.Items {
				parts = append(parts, v.Plain(it.Value))
			}
			out = append(out, strings.Join(parts, ", "))
		case site.File:
			out = append(out, x.Title)
		default:
			out = append(out, v.Plain(x))
		}
	}
	return out
}

// compareBlocks aligns two texts by their equal blocks; of those in between,
// what is alike is compared word by word.
func compareBlocks(before, after []Block) []BlockChange {
	keys := func(list []Block) []string {
		out := make([]string, len(list))
		for i, b := range list {
			out[i] = map[bool]string{true: "#"}[b.Heading] + b.Text
		}
		return out
	}
	var out []BlockChange
	i, j := 0, 0
	for _, m := range append(matches(keys(before), keys(after)), [2]int{len(before), len(after)}) {
		out = append(out, between(before[i:m[0]], after[j:m[1]])...)
		if i, j = m[0], m[1]; i < len(before) && j < len(after) {
			out = append(out, BlockChange{Same, after[j].Heading, []Run{{Op: Same, Text: after[j].Text}}})
			i, j = i+1, j+1
		}
	}
	return out
}

// alike is from how large a part of common words on two blocks are versions of
// one another; maxPairs bounds how many are held against each other.
const (
	alike    = .4
	maxPairs = 4000
)

// between compares blocks none of which has stayed as it was. Those that are
// alike are paired in order, so that as much as possible is alike.
func between(before, after []Block) []BlockChange {
	var out []BlockChange
	add := func(b, a []Block) {
		for _, x := range b {
			out = append(out, BlockChange{Deleted, x.Heading, []Run{{Op: Deleted, Text: x.Text}}})
		}
		for _, x := range a {
			out = append(out, BlockChange{Added, x.Heading, []Run{{Op: Added, Text: x.Text}}})
		}
	}
	i, j := 0, 0
	for _, p := range pairs(before, after) {
		add(before[i:p[0]], after[j:p[1]])
		out = append(out, BlockChange{Changed, after[p[1]].Heading, DiffWords(before[p[0]].Text, after[p[1]].Text)})
		i, j = p[0]+1, p[1]+1
	}
	add(before[i:], after[j:])
	return out
}

func pairs(before, after []Block) [][2]int {
	n, m := len(before), len(after)
	if n*m > maxPairs {
		return nil
	}
	counts := make([]map[string]int, m)
	for j, b := range after {
		counts[j] = wordCounts(b.Text)
	}
	like := make([][]float64, n)
	best := make([][]float64, n+1) // of what is left from i and j on
	for i := range best {
		best[i] = make([]float64, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		like[i] = make([]float64, m)
		own := wordCounts(before[i].Text)
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if before[i].Heading == after[j].Heading {
				if like[i][j] = common(own, counts[j]); like[i][j] >= alike {
					best[i][j] = max(best[i][j], best[i+1][j+1]+like[i][j])
				}
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case like[i][j] >= alike && best[i][j] == best[i+1][j+1]+like[i][j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}

func wordCounts(s string) map[string]int {
	out := map[string]int{}
	for _, t := range tokens(s) {
		if t.word {
			out[t.text]++
		}
	}
	return out
}

// common is the part of their words that two texts share, 0 to 1 (Dice).
func common(a, b map[string]int) float64 {
	both, all := 0, 0
	for w, n := range a {
		both += min(n, b[w])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(both) / float64(all)
}

// shortBlock is up to how many characters an unchanged block is shown rather
// than folded away.
const shortBlock = 200

// fold puts away what has not changed. The heading above a change stays.
func fold(blocks []BlockChange) []Passage {
	var out []Passage
	show := func(list ...BlockChange) {
		if n := len(out); n > 0 && !out[n-1].Folded {
			out[n-1].Blocks = append(out[n-1].Blocks, list...)
		} else if len(list) > 0 {
			out = append(out, Passage{Blocks: list})
		}
	}
	away := func(list []BlockChange) {
		switch {
		case len(list) == 1 && utf8.RuneCountInString(list[0].Runs[0].Text) <= shortBlock:
			show(list...)
		case len(list) > 0:
			out = append(out, Passage{Folded: true, Count: len(list), Blocks: slices.Clone(list)})
		}
	}
	for i := 0; i < len(blocks); {
		if blocks[i].Op != Same {
			show(blocks[i])
			i++
			continue
		}
		end := i
		for end < len(blocks) && blocks[end].Op == Same {
			end++
		}
		heading := -1
		for k := i; k < end && end < len(blocks) && !blocks[end].Heading; k++ {
			if blocks[k].Heading {
				heading = k
			}
		}
		if heading < 0 {
			away(blocks[i:end])
		} else {
			away(blocks[i:heading])
			show(blocks[heading])
			away(blocks[heading+1 : end])
		}
		i = end
	}
	return out
}
