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
		s.To = recordWords(e.Type, rec, def, def.To, l)
		if w := recordWords(e.Type, rec, def, def.State, l); len(w) > 0 {
			s.State = w[0]
		}
		out = append(out, s)
	}
	return out
}

// recordWords are the words in a field of a statement. A line of text is a word,
// too.
func recordWords(t *site.Type, rec site.Record, def *site.Statements, name, l string) []Word {
	f := t.FieldByPath(def.Path(name))
	if f == nil {
		return nil
	}
	var out []Word
	for _, v := range site.Each(rec.Get(name)) {
		w, ok := wordOf(f, v, l)
		if s, line := v.(site.Str); line {
			w, ok = Word{Key: lang.ID(s.S), Label: s.S}, true
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

// FateOf follows a statement through the versions after its entry's. There is
// none when the entry is the newest.
func FateOf(e *site.Entry, s Statement, l string) (f Fate, replaced bool) {
	seen := []*site.Entry{e}
	for later := e.Later(); later != nil && !slices.Contains(seen, later); later = later.Later() {
		seen = append(seen, later)
		f = Fate{Entry: later, Now: Carried(s.ID, Statements(later, l))}
		if f.Now == nil {
			return f, true
		}
		s = *f.Now
	}
	return f, f.Entry != nil
}

// Carried is the statement among later ones that a statement's id leads to, or
// nil.
func Carried(id string, later []Statement) *Statement {
	for i, s := range later {
		if s.ID == id || slices.Contains(s.formerly, id) {
			return &later[i]
		}
	}
	return nil
}
