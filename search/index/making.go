package index

import (
	"cmp"
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
	shards := m.startShards()
	var fragments sync.WaitGroup
	var fragmentsErr error
	if b.opts.Browser != nil { // while a single core is at work on the vocabulary
		fragments.Go(func() { fragmentsErr = shards.fragments() })
	}
	err := m.makeTerms(shards)
	fragments.Wait()
	if err := cmp.Or(err, fragmentsErr); err != nil {
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

func (m *making) makeTerms(shards *shardWriter) error {
	m.vocab = m.counter.Vocabulary(m.known)
	m.analyzer = analyze.New(m.vocab, m.opts.Synonyms)
	m.addLongNames()
	m.setAverages()
	m.dict = newDictionary(m.vocab)
	m.numberTerms()
	if err := m.collect(); err != nil {
		return err
	}
	return shards.makeRecords()
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
		w := m.worker()
		out := m.runs.writer()
		return func(i int) error {
			for ordinal := ranges[i][0]; ordinal < ranges[i][1]; ordinal++ {
				if err := w.document(ordinal); err != nil {
					return err
				}
				for k := range w.found {
					f := &w.found[k]
					if err := out.add(m.terms.place[f.term], ordinal, f); err != nil {
						return err
					}
				}
			}
			m.runs.ranges[i], err = out.close()
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

// found is a term's occurrences in the document at hand.
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
	begins []bool  // by term: synonyms begin with it
	at     []int32 // by term: where it stands in found, from 1
	found  []found
	placed []int32 // terms of the document's words, if their order is needed
	words  []byte
	order  []byte
	tokens []analyze.Token
}

func (m *making) worker() *worker {
	w := &worker{making: m, at: make([]int32, m.terms.len())}
	if m.terms.synonyms > 0 {
		w.begins = make([]bool, m.terms.len())
		for i := range w.begins {
			w.begins[i] = i < m.terms.words+len(m.terms.others) && len(m.analyzer.SynonymsOf(m.stem(int32(i)))) > 0
		}
	}
	return w
}

// stem is that of a word or of another term.
func (m *making) stem(term int32) string {
	if i := int(term); i < m.terms.words {
		return m.vocab.Words()[i].Stem
	}
	return m.vocab.Lookup(m.termText(term)).Stem
}

// document finds the terms of a document.
func (w *worker) document(ordinal int) (err error) {
	d := w.docs[ordinal]
	for i := range w.found {
		w.at[w.found[i].term] = 0
	}
	w.found = w.found[:0]
	norms := w.norms(d)
	for i, name := range w.names(d) {
		w.addName(i, name, &norms)
	}
	if w.words, err = w.spill.read(d.words, w.words); err != nil {
		return err
	}
	w.addWords(&norms)
	if d.order.n == 0 {
		return nil
	}
	if w.order, err = w.spill.read(d.order, w.order); err != nil {
		return err
	}
	w.addSynonyms(&norms)
	return nil
}

func (w *worker) term(n int32) *found {
	if w.at[n] == 0 {
		w.found = append(w.found, found{term: n})
		w.at[n] = int32(len(w.found))
	}
	return &w.found[w.at[n]-1]
}

func (w *worker) addName(name int, text string, norms *[numFields]float64) {
	f := fieldAbbr
	if name == 0 {
		f = fieldTitle
	}
	w.tokens = slices.DeleteFunc(w.analyzer.AppendTokens(w.tokens[:0], text), func(t analyze.Token) bool { return t.Stop })
	for i := range w.tokens {
		add := func(term int32) {
			x := w.term(term)
			x.tf += norms[f]
			x.names = append(x.names, nameHit{name, i, len(w.tokens)})
		}
		t := &w.tokens[i]
		add(w.terms.number[w.counter.Find(t.Form)])
		for _, also := range t.Also {
			if also[0] == analyze.SynonymPrefix[0] {
				add(w.terms.synonym(also))
			} else {
				add(w.terms.number[w.counter.Find(also)])
			}
		}
		for _, p := range t.Parts {
			add(w.terms.part[p.Stem])
		}
		if t.Arabic != "" {
			add(w.terms.number[w.counter.Find(t.Arabic)])
		}
	}
}

// addWords adds what the record says of the words in the text.
func (w *worker) addWords(norms *[numFields]float64) {
	in := input{b: w.words}
	w.placed = w.placed[:0]
	for range in.count() {
		term := w.terms.number[in.number()]
		w.placed = append(w.placed, term)
		tf, mask := 0.0, in.byte()
		for f := firstTextField; mask != 0; f, mask = f+1, mask>>1 {
			if mask&1 != 0 {
				tf += float64(in.number()) * norms[f]
			}
		}
		var passages [manyPassages - 1]int32
		n, last := int32(in.byte()), 0
		for i := range n % manyPassages {
			last += in.number()
			passages[i] = int32(last)
		}
		w.term(term).add(tf, n, &passages)
		for _, part := range w.terms.membersOf(term) {
			w.term(part).add(tf, n, &passages)
		}
	}
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

// addSynonyms adds the groups whose members stand in the text.
func (w *worker) addSynonyms(norms *[numFields]float64) {
	if !slices.ContainsFunc(w.placed, func(term int32) bool { return w.begins[term] }) {
		return
	}
	for in := (input{b: w.order}); len(in.b) > 0; {
		passage, f := in.number(), in.number()
		w.tokens = w.tokens[:0]
		pos := 0
		for range in.count() {
			code := in.number()
			if pos++; code&orderGap != 0 {
				pos += in.number()
			}
			w.tokens = append(w.tokens, analyze.Token{Pos: pos, Stem: w.stem(w.placed[code>>2]), Caps: code&orderCaps != 0})
		}
		w.analyzer.AddSynonyms(w.tokens)
		for i := range w.tokens {
			for _, group := range w.tokens[i].Also {
				w.term(w.terms.synonym(group)).add(norms[f], 1, &[manyPassages - 1]int32{int32(passage)})
			}
		}
	}
}
