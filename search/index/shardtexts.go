package index

import (
	"encoding/json"
	"fmt"
	"sort"
)

// shardtexts.go writes what is not looked up by words: spelling blocks, the
// fragments that hits are shown from, facets.

// spellBlocks writes both alphabets.
func (w *shardWriter) spellBlocks() {
	s := &w.dict.spell
	forward := make([]spellWord, len(s.words))
	copy(forward, s.words)
	backward := make([]spellWord, len(s.words))
	for i, k := range s.back {
		backward[i] = s.words[k]
		backward[i].form = reverse(backward[i].form)
	}
	for i, words := range [...][]spellWord{forward, backward} {
		var firsts []string
		for at := 0; at < len(words); at += spellBlock {
			from, to := block(at, len(words))
			o := output{}
			o.number(to - from)
			last := ""
			for _, word := range words[from:to] {
				shared := sharedPrefix(last, word.form)
				o.number(shared)
				o.text(word.form[shared:])
				o.number(word.docs)
				last = word.form
			}
			w.add(fmt.Sprintf("s/%c%d", "fb"[i], len(firsts)), o)
			firsts = append(firsts, words[at].form)
		}
		w.manifest.Spell[i] = frontCoded(firsts)
	}
}

// fragment is what a hit is shown from.
type fragment struct {
	ID       string   `json:"i"`
	URL      string   `json:"u,omitempty"` // see cards
	Title    string   `json:"t"`
	Type     int      `json:"y"`
	Date     string   `json:"d,omitempty"`
	Status   string   `json:"s,omitempty"`
	Tags     []string `json:"g,omitempty"`
	Passages [][]any  `json:"p"`
}

func (w *shardWriter) fragments() {
	for ordinal := range w.plans {
		p := &w.plans[ordinal]
		for from := 0; from < len(p.passages); from += 1 << p.chunk {
			f := w.fragment(p, &w.meta.Docs[ordinal], from, min(len(p.passages), from+1<<p.chunk))
			b, err := json.Marshal(f)
			if err != nil {
				panic(err) // strings and numbers only
			}
			w.add(fmt.Sprintf("d/%d/%d-%d", ordinal/100, ordinal, from>>p.chunk), b)
		}
	}
}

func (w *shardWriter) fragment(p *plan, m *docMeta, from, to int) fragment {
	f := fragment{ID: p.doc.ID, URL: w.url(p.doc), Title: squeeze(p.doc.Title), Type: w.types[p.doc.Type], Date: p.doc.Date, Status: p.doc.Status}
	if from == 0 {
		f.Tags = p.doc.Tags
	}
	for i := from; i < to; i++ {
		passage := &p.passages[i]
		text := ""
		if !m.leavesOut(i) {
			text = squeeze(passage.text)
		}
		entry := []any{text}
		if passage.section >= 0 && (passage.first || i == from) {
			s := &p.doc.Sections[passage.section]
			entry = append(entry, squeeze(s.Title), s.ID)
			if !passage.first {
				entry = append(entry, 1)
			}
		}
		f.Passages = append(f.Passages, entry)
	}
	return f
}

// facetFile is which documents have which values.
type facetFile struct {
	Fields map[string][][]any `json:"fields"`
	Dates  []string           `json:"dates,omitempty"`
}

func (w *shardWriter) facets() {
	f := facetFile{Fields: map[string][][]any{}}
	values := map[label][]int{}
	dated := false
	for i, m := range w.meta.Docs {
		for _, field := range m.Facets {
			for _, v := range field.Values {
				l := label{Field: field.Field, Value: v}
				values[l] = append(values[l], i)
			}
		}
		dated = dated || m.Date != ""
		f.Dates = append(f.Dates, m.Date)
	}
	if !dated {
		f.Dates = nil
	}
	for l, docs := range values {
		f.Fields[l.Field] = append(f.Fields[l.Field], append([]any{l.Value, runs(docs)}, w.labels(l.Field, l.Value)...))
	}
	for _, v := range f.Fields {
		sort.Slice(v, func(i, j int) bool { return v[i][0].(string) < v[j][0].(string) })
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	if small, err := deflate(b); err == nil && len(small) <= facetsInline {
		w.manifest.Facets = b
	} else {
		w.add("facets", b)
	}
}

// runs codes ascending ordinals as numbers to skip and to take in turn.
func runs(docs []int) []int {
	coded := []int{}
	at := 0
	for i := 0; i < len(docs); {
		from := i
		for i++; i < len(docs) && docs[i] == docs[i-1]+1; i++ {
		}
		coded = append(coded, docs[from]-at, i-from)
		at = docs[from] + i - from
	}
	return coded
}
