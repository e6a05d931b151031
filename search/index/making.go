package index

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ag-vzkm/portal/search/analyze"
)

// making is an index that is being made of all records: what Finish works with.
type making struct {
	*Builder
	known    []string
	vocab    *analyze.Vocabulary
	analyzer *analyze.Analyzer
	dict     *dictionary
	average  [numFields]float64
	terms    *terms
	apart    []record // of synonyms that no text has, sorted
	labels   []label
	runs     *runs
}

func (b *Builder) make(labels Labels) error {
	m := &making{Builder: b, known: knownWords(b.docs, b.opts), labels: allLabels(b.docs, labels)}
	m.vocab = b.counter.Vocabulary(m.known)
	m.analyzer = analyze.New(m.vocab, m.opts.Synonyms)
	m.addLongNames()
	m.setAverages()
	m.dict = newDictionary(m.vocab)
	m.numberTerms()
	b.counter = nil // the vocabulary has it all
	if err := m.collect(); err != nil {
		return err
	}
	shards := m.newShardWriter()
	if err := shards.makeRecords(); err != nil {
		return err
	}
	if b.opts.Browser != nil {
		if err := shards.write(); err != nil {
			return err
		}
	}
	if !b.opts.Server {
		return os.WriteFile(filepath.Join(b.tmp, browserOnlyFile), nil, 0o644)
	}
	return m.writeServer(slices.Concat(shards.prefixes...))
}

// addLongNames gives documents the long names of their abbreviations, but for
// what their titles say already.
func (m *making) addLongNames() {
	if !slices.ContainsFunc(m.docs, func(d *document) bool { return len(d.abbr)+len(d.aliases) > 0 }) {
		return
	}
	names := newLongNames(m.vocab)
	for _, d := range m.docs {
		d.long = names.ofAll(d.Title, slices.Concat(d.abbr, d.aliases)) // an alias may be an abbreviation as well
	}
}

// names are all that a document is found by as by its title.
func (m *making) names(d *document) []string {
	return append(nameList(d.Title, d.abbr, d.aliases), d.long...)
}

// setAverages finds the mean lengths of the fields that are not empty.
func (m *making) setAverages() {
	for f := range m.average {
		n := 0
		for _, d := range m.docs {
			if d.length[f] > 0 {
				m.average[f] += float64(d.length[f])
				n++
			}
		}
		m.average[f] /= float64(max(n, 1))
	}
}

// norms are what one occurrence in a field adds to tf. Very long texts are not
// punished further, nor rewarded; names are not normalised.
func (m *making) norms(d *document) (norms [numFields]float64) {
	for f := range norms {
		norm := 1.0
		if avg := m.average[f]; avg > 0 && field(f) != fieldAbbr {
			norm = 1 - lengthEffect + lengthEffect*min(float64(d.length[f])/avg, lengthCap)
		}
		norms[f] = fieldWeights[f] / norm
	}
	return norms
}

// each calls do for 0 … n-1 with so many workers and returns the first error
// of each.
func each(workers, n int, worker func() (do func(i int) error)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, max(1, min(workers, n)))
	for w := range errs {
		wg.Go(func() {
			do := worker()
			for i := int(next.Add(1)) - 1; i < n && errs[w] == nil; i = int(next.Add(1)) - 1 {
				errs[w] = do(i)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// collect makes the postings of all documents.
func (m *making) collect() (err error) {
	if m.postings, err = newSpill(filepath.Join(m.tmp, "postings")); err != nil {
		return err
	}
	m.runs = &runs{spill: m.postings}
	ranges := m.ranges(4 * m.opts.Workers)
	m.runs.ranges = make([][]run, len(ranges))
	return each(m.opts.Workers, len(ranges), func() func(int) error {
		w, out := m.worker(), m.runs.writer()
		return func(i int) error {
			for ordinal := ranges[i][0]; ordinal < ranges[i][1]; ordinal++ {
				err := w.document(ordinal, func(_ int32, place uint32, o *occurrence) error { return out.add(place, ordinal, o) })
				if err != nil {
					return err
				}
			}
			made, err := out.close()
			m.runs.ranges[i] = made
			return err
		}
	})
}

// ranges divides the documents into about n ranges with as much text each.
func (m *making) ranges(n int) (ranges [][2]int) {
	all := 0
	for _, d := range m.docs {
		all += d.words.n
	}
	from, size := 0, 0
	for i, d := range m.docs {
		if size += d.words.n; size > all/n {
			ranges, from, size = append(ranges, [2]int{from, i + 1}), i+1, 0
		}
	}
	return append(ranges, [2]int{from, len(m.docs)})
}

// occurrence is what a document has of a term.
type occurrence struct {
	tf    float64
	names []nameHit
	where []byte // passages, as a list has them
}

// found is a term that stands in several forms or in names: what it comes to is
// known only at the end of the document.
type found struct {
	term     int32
	n        int32 // passages; manyPassages for more than can be told
	tf       float64
	names    []nameHit
	passages [manyPassages - 1]int32
}

// worker goes through documents one by one.
type worker struct {
	*making
	begins []bool   // by term: synonyms begin with it
	has    []uint64 // by term, in bits: it is in found
	at     []int32  // by term: where
	found  []found
	placed []int32 // terms of the document's words, if their order is needed
	words  []byte
	order  []byte
	where  output
	tokens []analyze.Token
	handed occurrence
}

func (m *making) worker() *worker {
	n := m.terms.len()
	w := &worker{making: m, has: make([]uint64, n/64+1), at: make([]int32, n)}
	if m.terms.synonyms > 0 {
		w.begins = make([]bool, n)
		for i := range w.begins {
			w.begins[i] = i < m.terms.words+len(m.terms.others) && len(m.analyzer.SynonymsOf(m.stem(int32(i)))) > 0
		}
	}
	return w
}

// stem is that of a word or of another term.
func (m *making) stem(term int32) string {
	if i := int(term); i < m.terms.words {
		return m.vocab.Stem(m.vocab.StemNumber(i))
	}
	return m.vocab.Lookup(m.termText(term)).Stem
}

// document hands on what a document has of all its terms. An occurrence is good
// until the call returns.
func (w *worker) document(ordinal int, emit func(term int32, place uint32, o *occurrence) error) (err error) {
	d := w.docs[ordinal]
	for i := range w.found {
		term := w.found[i].term
		w.has[term/64] &^= 1 << (term % 64)
	}
	w.found = w.found[:0]
	norms := w.norms(d)
	for i, name := range w.names(d) {
		w.addName(i, name, &norms)
	}
	if w.words, err = w.spill.read(d.words, w.words); err != nil {
		return err
	}
	if err := w.addWords(&norms, emit); err != nil {
		return err
	}
	if d.order.n > 0 {
		if w.order, err = w.spill.read(d.order, w.order); err != nil {
			return err
		}
		if err := w.addSynonyms(&norms); err != nil {
			return err
		}
	}
	for i := range w.found {
		f := &w.found[i]
		w.where = f.appendPassages(w.where[:0])
		w.handed = occurrence{f.tf, f.names, w.where}
		if err := emit(f.term, w.terms.place[f.term], &w.handed); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) find(term int32) *found {
	if bit := uint64(1) << (term % 64); w.has[term/64]&bit == 0 {
		w.has[term/64] |= bit
		w.at[term] = int32(len(w.found))
		w.found = append(w.found, found{term: term})
	}
	return &w.found[w.at[term]]
}

func (w *worker) addName(name int, text string, norms *[numFields]float64) {
	f := fieldAbbr
	if name == 0 {
		f = fieldTitle
	}
	w.tokens = slices.DeleteFunc(w.analyzer.AppendTokens(w.tokens[:0], text), func(t analyze.Token) bool { return t.Stop })
	for i := range w.tokens {
		add := func(term int32) {
			x := w.find(term)
			x.tf += norms[f]
			x.names = append(x.names, nameHit{name, i, len(w.tokens)})
		}
		t := &w.tokens[i]
		add(w.making.find(t.Form))
		for _, also := range t.Also {
			if also[0] == analyze.SynonymPrefix[0] {
				add(w.terms.synonym(also))
			} else {
				add(w.making.find(also))
			}
		}
		for _, p := range t.Parts {
			add(w.terms.part[w.vocab.FindStem(p.Stem)])
		}
		if t.Arabic != "" {
			add(w.making.find(t.Arabic))
		}
	}
}

// addWords goes through the words in the text. Most stand there in one form
// only: they are handed on as the record has them.
func (w *worker) addWords(norms *[numFields]float64, emit func(term int32, place uint32, o *occurrence) error) error {
	in := input{b: w.words}
	w.placed = w.placed[:0]
	for range in.count() {
		t := &w.terms.numbered[in.number()]
		w.placed = append(w.placed, t.term)
		tf, mask := 0.0, in.byte()
		for f := firstTextField; mask != 0; f, mask = f+1, mask>>1 {
			if mask&1 != 0 {
				tf += float64(in.number()) * norms[f]
			}
		}
		from := in.b
		n, passages := in.passages()
		for _, part := range w.terms.parts[t.first : t.first+t.parts] {
			w.find(part).add(tf, n, &passages)
		}
		if w.has[t.term/64]&(1<<(t.term%64)) != 0 {
			w.find(t.term).add(tf, n, &passages)
			continue
		}
		w.handed = occurrence{tf: tf, where: from[:len(from)-len(in.b)]}
		if err := emit(t.term, t.place, &w.handed); err != nil {
			return err
		}
	}
	return in.end()
}

// passages reads those of a word.
func (in *input) passages() (n int32, passages [manyPassages - 1]int32) {
	n = int32(in.byte())
	last := 0
	for i := range n % manyPassages {
		last += in.number()
		passages[i] = int32(last)
	}
	return n, passages
}

// add adds occurrences of a term in n passages.
func (f *found) add(tf float64, n int32, passages *[manyPassages - 1]int32) {
	f.tf += tf
	switch {
	case f.n == 0 || n == manyPassages:
		f.n, f.passages = n, *passages
		return
	case f.n == manyPassages:
		return
	}
	have := f.passages
	a, b := have[:f.n], passages[:n]
	for f.n = 0; len(a)+len(b) > 0; f.n++ {
		if f.n == manyPassages-1 {
			f.n = manyPassages
			return
		}
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			f.passages[f.n], a = a[0], a[1:]
		case len(a) == 0 || b[0] < a[0]:
			f.passages[f.n], b = b[0], b[1:]
		default:
			f.passages[f.n], a, b = a[0], a[1:], b[1:]
		}
	}
}

// appendPassages writes passages as a list has them.
func (f *found) appendPassages(o output) output {
	o.number(int(f.n))
	last := int32(0)
	for _, at := range f.passages[:f.n%manyPassages] {
		o.number(int(at - last))
		last = at
	}
	return o
}

// addSynonyms adds the groups whose members stand in the text.
func (w *worker) addSynonyms(norms *[numFields]float64) error {
	if !slices.ContainsFunc(w.placed, func(term int32) bool { return w.begins[term] }) {
		return nil
	}
	in := input{b: w.order}
	for len(in.b) > 0 {
		passage, f := in.number(), in.number()
		if f >= int(numFields) {
			return errRecord
		}
		w.tokens = w.tokens[:0]
		pos := 0
		for range in.count() {
			code := in.number()
			if pos++; code&orderGap != 0 {
				pos += in.number()
			}
			if code>>2 >= len(w.placed) {
				return errRecord
			}
			w.tokens = append(w.tokens, analyze.Token{Pos: pos, Stem: w.stem(w.placed[code>>2]), Caps: code&orderCaps != 0})
		}
		w.analyzer.AddSynonyms(w.tokens)
		for i := range w.tokens {
			for _, group := range w.tokens[i].Also {
				w.find(w.terms.synonym(group)).add(norms[f], 1, &[manyPassages - 1]int32{int32(passage)})
			}
		}
	}
	return in.end()
}
