package index

import (
	"encoding/json"
	"fmt"
	"sort"
)

// shardtexts.go writes what is not looked up by words: spelling blocks, facets,
// and the fragments that hits are shown from.

// spellBlocks writes both alphabets.
func (w *shardWriter) spellBlocks() error {
	s := w.dict.spell()
	for i, words := range [...][]int32{s.words, s.back} {
		form := func(k int) string {
			if i == 1 {
				return reverse(s.form(words[k]))
			}
			return s.form(words[k])
		}
		var firsts []string
		for at := 0; at < len(words); at += spellBlock {
			from, to := block(at, len(words))
			o := output{}
			o.number(to - from)
			last := ""
			for k := from; k < to; k++ {
				shared := sharedPrefix(last, form(k))
				o.number(shared)
				o.text(form(k)[shared:])
				o.number(s.word(words[k]).docs)
				last = form(k)
			}
			if err := w.add(fmt.Sprintf("s/%c%d", "fb"[i], len(firsts)), o); err != nil {
				return err
			}
			firsts = append(firsts, form(at))
		}
		w.manifest.Spell[i] = frontCoded(firsts)
	}
	return nil
}

// fragments hands on the files of all documents, which their records have.
func (w *shardWriter) fragments(release string) error {
	return each(w.opts.Workers, len(w.docs), func() func(int) error {
		return func(ordinal int) error {
			b, err := w.spill.read(w.docs[ordinal].fragments, nil)
			if err != nil {
				return err
			}
			in := input{b: b}
			sizes, all := make([]int, in.count()), 0
			for i := range sizes {
				sizes[i] = in.number()
				all += sizes[i]
			}
			if in.bad || all != len(in.b) {
				return errRecord
			}
			for i, n := range sizes {
				if err := w.file(release, fmt.Sprintf("d/%d/%d-%d", ordinal/100, ordinal, i), in.b[:n:n]); err != nil {
					return err
				}
				in.b = in.b[n:]
			}
			return nil
		}
	})
}

// facetFile is which documents have which values.
type facetFile struct {
	Fields map[string][][]any `json:"fields"`
	Dates  []string           `json:"dates,omitempty"`
}

func (w *shardWriter) facets() error {
	f := facetFile{Fields: map[string][][]any{}}
	values := map[label][]int{}
	dated := false
	for i, m := range w.docs {
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
		f.Fields[l.Field] = append(f.Fields[l.Field], append([]any{l.Value, skips(docs)}, w.labelsOf(l.Field, l.Value)...))
	}
	for _, v := range f.Fields {
		sort.Slice(v, func(i, j int) bool { return v[i][0].(string) < v[j][0].(string) })
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	if len(new(deflater).deflate(b)) <= facetsInline {
		w.manifest.Facets = b
		return nil
	}
	return w.add("facets", b)
}

// skips codes ascending ordinals as numbers to skip and to take in turn.
func skips(docs []int) []int {
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
