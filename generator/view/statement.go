package view

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Statement is a sentence of an entry with an address of its own (see
// site.Statements).
type Statement struct {
	N        int // its place in the entry, from 1
	ID       string
	Anchor   string
	Formerly []string // anchors it had before
	Text     site.Value
	To       []Word
	State    Word

	formerly []string // ids
	rec      site.Record
}

// Statements are those of an entry, in its order.
func Statements(e *site.Entry, l string) []Statement {
	def := e.Type.Statements
	if def == nil {
		return nil
	}
	var out []Statement
	for _, v := range site.Each(e.Get(def.List)) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		s := Statement{N: len(out) + 1, ID: rec.Text(def.ID), Text: rec.Get(def.Text), rec: rec}
		s.Anchor = def.AnchorOf(s.ID)
		if def.Formerly != "" {
			for _, v := range site.Each(rec.Get(def.Formerly)) {
				s.formerly = append(s.formerly, site.Plain(v))
				s.Formerly = append(s.Formerly, def.AnchorOf(site.Plain(v)))
			}
		}
		s.To = recordWords(e, rec, def, def.To, l)
		if w := recordWords(e, rec, def, def.State, l); len(w) > 0 {
			s.State = w[0]
		}
		out = append(out, s)
	}
	return out
}

// recordWords are the words in a field of a statement. A line of text is a word,
// too.
func recordWords(e *site.Entry, rec site.Record, def *site.Statements, name, l string) []Word {
	f := e.Type.FieldByPath(def.Path(name))
	if f == nil {
		return nil
	}
	var out []Word
	for _, v := range site.Each(rec.Get(name)) {
		w, ok := wordOf(f, v, l)
		if s, line := v.(site.Str); line {
			w, ok = Word{Key: lang.ID(s.S), Label: s.S, Lang: foreign(e.Lang, l)}, true
		}
		if ok && !slices.ContainsFunc(out, func(o Word) bool { return o.Label == w.Label }) {
			out = append(out, w)
		}
	}
	return out
}

// Fate is what became of a statement of a version that has been replaced: the
// statement of the newest version that carries it on, or, when it was dropped,
// nil and the version that did so.
type Fate struct {
	Entry *site.Entry
	Now   *Statement
}

// Fates follow the statements of an entry through the versions after it, one
// for each; nil when the entry is the newest.
func Fates(e *site.Entry, list []Statement, l string) []Fate {
	seen := []*site.Entry{e}
	var out []Fate
	for later := e.Later(); later != nil && !slices.Contains(seen, later); later = later.Later() {
		seen = append(seen, later)
		carry := carriers(Statements(later, l))
		if out == nil {
			out = make([]Fate, len(list))
			for i, s := range list {
				out[i] = Fate{later, carry[s.ID]}
			}
			continue
		}
		for i, f := range out {
			if f.Now != nil { // what was dropped stays so
				out[i] = Fate{later, carry[f.Now.ID]}
			}
		}
	}
	return out
}

// carriers are the statements that carry on those of versions before, by the ids
// that these have or had.
func carriers(list []Statement) map[string]*Statement {
	out := map[string]*Statement{}
	for i, s := range list {
		for _, id := range append([]string{s.ID}, s.formerly...) {
			if out[id] == nil {
				out[id] = &list[i]
			}
		}
	}
	return out
}
