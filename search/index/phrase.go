package index

import (
	"slices"

	"github.com/ag-vzkm/portal/search/analyze"
)

// phrase is where a quoted phrase stands: exact forms at their distances. Stop
// words are not indexed, so any word may stand in their place.
type phrase struct {
	at map[int][]int // ordinal → positions of its first word
}

func (p *phrase) visit(found []ranked, visit func(ordinal, pos int)) {
	for _, d := range found {
		for _, pos := range p.at[d.ordinal] {
			visit(d.ordinal, pos)
		}
	}
}

// findPhrase finds all occurrences. A phrase of stop words is nil.
func (s *search) findPhrase(text string) *phrase {
	words := slices.DeleteFunc(s.expander.analyzer.Tokens(text), func(t analyze.Token) bool { return t.Stop })
	if len(words) == 0 {
		return nil
	}
	// Only documents that have all words are read in full.
	having := make([]int, s.Len())
	for i, w := range words {
		for f := range numFields {
			s.check(s.store.postings(s.ctx, f, w.Form, func(ordinal, _ int) {
				if having[ordinal] == i {
					having[ordinal]++
				}
			}))
		}
	}
	var numbers []uint64
	for ordinal, n := range having {
		if n == len(words) {
			numbers = append(numbers, s.store.number[ordinal])
		}
	}
	slices.Sort(numbers)
	p := &phrase{at: map[int][]int{}}
	if len(numbers) == 0 {
		return p
	}
	// follows counts, for each possible first position, the words in place.
	follows := map[[2]int]int{}
	for i, w := range words {
		shift := w.Pos - words[0].Pos
		for f := range numFields {
			s.check(s.store.positions(s.ctx, f, w.Form, numbers, func(ordinal, pos int) {
				start := [2]int{ordinal, pos - shift}
				if follows[start] == i {
					follows[start]++
				}
			}))
		}
	}
	for start, n := range follows {
		if n == len(words) {
			p.at[start[0]] = append(p.at[start[0]], start[1])
		}
	}
	for _, at := range p.at {
		slices.Sort(at)
	}
	return p
}

// constraints makes concepts of the query's phrases and returns which
// documents its phrases, exclusions and title words allow. A phrase that
// stands nowhere is asked for by its words instead.
func (s *search) constraints() func(ordinal int) bool {
	banned := make([]bool, s.Len())
	for _, text := range s.query.phrases {
		p := s.findPhrase(text)
		if p == nil {
			continue
		}
		if len(p.at) == 0 {
			words, _ := s.expander.concepts(text, false)
			for _, c := range words {
				s.gather(c)
			}
			s.concepts = append(s.concepts, words...)
			continue
		}
		s.concepts = append(s.concepts, s.phraseConcept(p))
		for ordinal := range banned {
			banned[ordinal] = banned[ordinal] || len(p.at[ordinal]) == 0
		}
	}
	for _, text := range s.query.without {
		for ordinal, has := range s.having(text, numFields) {
			banned[ordinal] = banned[ordinal] || has
		}
	}
	for _, text := range s.query.title {
		for ordinal, has := range s.having(text, fieldTitle) {
			banned[ordinal] = banned[ordinal] || !has
		}
	}
	return func(ordinal int) bool { return !banned[ordinal] }
}

// phraseConcept weighs a phrase like a word.
func (s *search) phraseConcept(p *phrase) *concept {
	l := layer{weight: weightExact, phrase: p, idf: idf(len(p.at), s.Len()), tf: make([]float64, s.Len())}
	for ordinal, at := range p.at {
		m := &s.meta.Docs[ordinal]
		for _, pos := range at {
			f := m.fieldAt(pos)
			l.tf[ordinal] += fieldTF(f, 1, m.Len[f], s.average[f])
		}
	}
	return &concept{layers: []layer{l}, idf: l.idf}
}

// having tells which documents have a word, in any of its inflections, in one
// field or in all (numFields). Where the words of text are several, each must
// be there.
func (s *search) having(text string, in field) []bool {
	all := make([]int, s.Len())
	n := 0
	for _, t := range s.expander.analyzer.Tokens(text) {
		if t.Stop {
			continue
		}
		for _, form := range append(s.expander.lexicon.forms(t.Stem), t.Form) {
			for f := range numFields {
				if in != numFields && in != f {
					continue
				}
				s.check(s.store.postings(s.ctx, f, form, func(ordinal, _ int) {
					if all[ordinal] == n {
						all[ordinal]++
					}
				}))
			}
		}
		n++
	}
	having := make([]bool, len(all))
	for ordinal, k := range all {
		having[ordinal] = n > 0 && k == n
	}
	return having
}
