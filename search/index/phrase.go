package index

import (
	"cmp"
	"slices"

	"github.com/ag-vzkm/portal/search/analyze"
)

// phrase.go keeps the documents that have a phrase: exact forms at their
// distances. Stop words are not indexed, so any word may stand in their place.
// The postings say which documents have all words in one passage or beside
// each other in a name; whether the passage has the phrase itself, its text
// tells, which is read for the best documents only.

// verifyMost bounds the documents whose text is read for phrases. Where no more
// are found, all are read, and the total and the counts of facets are true. Of
// more, so many are read that the hits asked for have the phrases for certain;
// what was not read counts as having them, in the total as in every count.
// If none of the best has the phrases for certain, whatever is filtered, the
// words are asked for instead.
const verifyMost = 30

// verifyChunks is how many fragments of a document are read for a phrase whose
// words stand all over it: its beginning has to do. It has at least
// manyPassages, and so at least the fragments with those.
const verifyChunks = 2

// phraseMatch is where a document may have a phrase.
type phraseMatch struct {
	inName   bool
	all      bool // all its words stand in many passages
	passages []int
}

// match looks for a phrase in the postings: ordinal → where. nil is a phrase
// of stop words only, which any document has.
func (s *search) match(phrase string) map[int]*phraseMatch {
	words := content(s.analyzer.Tokens(phrase))
	if len(words) == 0 {
		return nil
	}
	found := map[int]*phraseMatch{}
	starts := map[int][]nameHit{}
	for i, w := range words {
		list := s.postings(w.Form)
		next, nextStarts := map[int]*phraseMatch{}, map[int][]nameHit{}
		for _, p := range list {
			if i == 0 {
				next[p.doc], nextStarts[p.doc] = &phraseMatch{all: p.all, passages: p.passages}, p.names
				continue
			}
			before := found[p.doc]
			if before == nil {
				continue
			}
			next[p.doc] = before.and(p)
			for _, n := range starts[p.doc] {
				if slices.Contains(p.names, nameHit{n.name, n.pos + i, n.len}) {
					nextStarts[p.doc] = append(nextStarts[p.doc], n)
				}
			}
		}
		found, starts = next, nextStarts
	}
	for doc, m := range found {
		m.inName = len(starts[doc]) > 0
		if !m.inName && !m.all && len(m.passages) == 0 {
			delete(found, doc)
		}
	}
	return found
}

// and keeps the passages that have one more word.
func (m *phraseMatch) and(p posting) *phraseMatch {
	switch {
	case p.all:
		return &phraseMatch{all: m.all, passages: m.passages}
	case m.all:
		return &phraseMatch{passages: p.passages}
	}
	return &phraseMatch{passages: slices.DeleteFunc(slices.Clone(m.passages), func(at int) bool {
		return !slices.Contains(p.passages, at)
	})}
}

func content(tokens []analyze.Token) []analyze.Token {
	return slices.DeleteFunc(tokens, func(t analyze.Token) bool { return t.Stop })
}

// constraints returns which documents the query's phrases, exclusions and
// title words allow.
func (s *search) constraints() func(ordinal int) bool {
	banned := make([]bool, s.Len())
	for _, phrase := range s.query.phrases {
		m := s.match(phrase)
		s.matches = append(s.matches, m)
		if m != nil {
			for ordinal := range banned {
				banned[ordinal] = banned[ordinal] || m[ordinal] == nil
			}
		}
	}
	for _, phrase := range s.query.lacking {
		for ordinal := range s.match(phrase) {
			banned[ordinal] = true
		}
	}
	for _, text := range s.query.without {
		for ordinal, has := range s.having(text, false) {
			banned[ordinal] = banned[ordinal] || has
		}
	}
	for _, text := range s.query.title {
		for ordinal, has := range s.having(text, true) {
			banned[ordinal] = banned[ordinal] || !has
		}
	}
	return func(ordinal int) bool { return !banned[ordinal] }
}

// proof is what the text of a document says of a phrase.
type proof int

const (
	refuted proof = iota
	open          // what could be read does not tell
	proven
)

// verify reads the texts of the first documents until enough of them have the
// phrases for certain, and returns whether any has.
func (s *search) verify(found []ranked, enough int) bool {
	sure, read := 0, 0
	for _, d := range found {
		if sure == enough || read == verifyMost {
			break
		}
		p, inNames := proven, true
		for i, phrase := range s.query.phrases {
			if m := s.matches[i]; m != nil && !m[d.ordinal].inName {
				inNames = false
				p = min(p, s.proves(d.ordinal, m[d.ordinal], phrase))
			}
		}
		s.proofs[d.ordinal] = p
		if p == proven {
			sure++
		}
		if !inNames {
			read++
		}
	}
	return sure > 0
}

// unread is behind what was read.
const unread = refuted - 1

// proven leaves out what does not have the phrases, and puts first what has
// them, and next what may have them.
func (s *search) proven(found []ranked, ordered bool) []ranked {
	of := func(d ranked) proof {
		if p, ok := s.proofs[d.ordinal]; ok {
			return p
		}
		return unread
	}
	found = slices.DeleteFunc(found, func(d ranked) bool { return of(d) == refuted })
	if ordered {
		slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(of(b), of(a)) })
	}
	return found
}

// proves reads the passages that may have a phrase.
func (s *search) proves(ordinal int, at *phraseMatch, phrase string) proof {
	t, err := s.store.texts(ordinal)
	if err != nil {
		s.err = err
		return open
	}
	words := content(s.analyzer.Tokens(phrase))
	m := &s.meta.Docs[ordinal]
	passages, found := at.passages, refuted
	if at.all {
		found = open
		chunks := min(verifyChunks, (manyPassages-1)>>m.Chunk+1)
		for i := range min(m.Passages, chunks<<m.Chunk) {
			passages = append(passages, i)
		}
	}
	for _, at := range passages {
		if m.leavesOut(at) {
			found = open // the browser has no text either
			continue
		}
		texts := t.at(m, at)
		if at == 0 {
			texts = append(texts, m.Tags...)
		}
		for _, text := range texts {
			if stands(words, s.analyzer.Tokens(text)) {
				return proven
			}
		}
	}
	return found
}

// at returns the texts of a passage, the heading before it among them.
func (t *storedTexts) at(m *docMeta, passage int) (texts []string) {
	if passage >= len(t.passages) {
		return nil
	}
	if i := m.section(passage); i >= 0 && i < len(t.sections) && m.Starts[i] == passage {
		texts = append(texts, t.sections[i].Title)
	}
	return append(texts, t.passages[passage])
}

// stands tells whether words stand among tokens at their distances.
func stands(words, tokens []analyze.Token) bool {
	for i := range tokens {
		k := 0
		for j := i; j < len(tokens) && k < len(words); j++ {
			switch d := words[k].Pos - words[0].Pos; {
			case tokens[j].Pos-tokens[i].Pos > d:
				j = len(tokens)
			case tokens[j].Pos-tokens[i].Pos == d && tokens[j].Form == words[k].Form:
				k++
			}
		}
		if k == len(words) {
			return true
		}
	}
	return false
}

// having tells which documents have a word, in any of its inflections, in the
// title or anywhere. Where the words of text are several, each must be there;
// nil is a text of stop words only.
func (s *search) having(text string, inTitle bool) []bool {
	all := make([]int, s.Len())
	n := 0
	for _, t := range content(s.analyzer.Tokens(text)) {
		terms := []string{t.Form}
		if r, _ := s.dict.lookup(t.Form); r != nil {
			terms = append(terms, s.dict.forms(r)...)
		}
		for _, term := range terms {
			for _, p := range s.postings(term) {
				isThere := !inTitle || slices.ContainsFunc(p.names, func(h nameHit) bool { return h.name == 0 })
				if isThere && all[p.doc] == n {
					all[p.doc]++
				}
			}
		}
		n++
	}
	if n == 0 {
		return nil
	}
	having := make([]bool, len(all))
	for ordinal, k := range all {
		having[ordinal] = k == n
	}
	return having
}
