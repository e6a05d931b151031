package index

import (
	"cmp"
	"slices"
	"sort"
	"strconv"

	"github.com/ag-vzkm/portal/search/analyze"
)

// terms numbers all terms: the words of the vocabulary, then other terms (§21,
// 2021/821), then stems as parts of compounds, then groups of synonyms. Each has
// a place where its list is made: a partition of the alphabet of keys, so that a
// partition has all of its records, and a slot in it.
type terms struct {
	words    int
	others   []string // sorted
	numbered []numbered
	stems    []int32 // numbers of stems that are parts
	part     []int32 // by number of a stem: its term as a part, 0 for none
	parts    []int32 // of all words, one word after the other
	synonyms int

	place      []uint32 // partition<<slotBits + slot; noPlace if nobody asks for it
	slots      []uint32 // by record: its first slot; those of its forms, then one as a part
	partitions []partition
}

// numbered is what is asked most often, by number of the counter.
type numbered struct {
	term  int32
	place uint32
	first uint32 // of its parts
	parts uint32
}

const (
	slotBits = 24
	noPlace  = ^uint32(0)

	partitionLeast = 50_000 // postings, about; otherwise there are so many partitions:
	partitionMany  = 128
)

// partition is a range of keys.
type partition struct {
	records, others, apart [2]int // from, to; apart: records of synonyms that no text has
	slots, otherSlot       int    // slots of others come last
}

// numberNames gives a number to the terms that only names have.
func (m *making) numberNames() {
	var tokens []analyze.Token
	for _, d := range m.docs {
		for _, name := range m.names(d) {
			tokens = m.analyzer.AppendTokens(tokens[:0], name)
			for i := range tokens {
				t := &tokens[i]
				m.counter.Number([]byte(t.Form))
				if t.Arabic != "" {
					m.counter.Number([]byte(t.Arabic))
				}
				for _, also := range t.Also {
					if also[0] != analyze.SynonymPrefix[0] {
						m.counter.Number([]byte(also))
					}
				}
			}
		}
	}
}

func (m *making) numberTerms() {
	m.numberNames()
	words := m.vocab.Len()
	t := &terms{words: words, numbered: make([]numbered, m.counter.Len()), part: make([]int32, m.vocab.Stems()), synonyms: len(m.opts.Synonyms)}
	var others []int
	number := make([]int32, words) // by word
	for n := range t.numbered {
		if i := m.counter.Place(n); i < 0 {
			others = append(others, n)
		} else {
			number[i] = int32(n)
		}
	}
	slices.SortFunc(others, func(a, b int) int { return cmp.Compare(m.counter.Term(a), m.counter.Term(b)) })
	for i, n := range others {
		t.numbered[n].term = int32(t.words + i)
		t.others = append(t.others, m.counter.Term(n))
	}
	for i := range words {
		first, parts := len(t.parts), m.vocab.Parts(i)
		for _, p := range parts {
			n := &t.part[p.Stem()]
			if *n == 0 {
				*n = int32(t.words + len(t.others) + len(t.stems))
				t.stems = append(t.stems, int32(p.Stem()))
			}
			t.parts = append(t.parts, *n)
		}
		t.numbered[number[i]] = numbered{term: int32(i), first: uint32(first), parts: uint32(len(parts))}
	}
	m.terms = t
	m.setPlaces()
	for n := range t.numbered {
		t.numbered[n].place = t.place[t.numbered[n].term]
	}
}

// find returns the term of a form, or another that is no word.
func (m *making) find(term string) int32 {
	if i := m.vocab.Find(term); i >= 0 {
		return int32(i)
	}
	i, _ := slices.BinarySearch(m.terms.others, term)
	return int32(m.terms.words + i)
}

func (t *terms) len() int { return t.words + len(t.others) + len(t.stems) + t.synonyms }

// synonym is the number of a term like ~3.
func (t *terms) synonym(term string) int32 {
	n, err := strconv.Atoi(term[len(analyze.SynonymPrefix):])
	if err != nil {
		panic(err) // made by the analyzer
	}
	return int32(t.words + len(t.others) + len(t.stems) + n)
}

// termText is how bleve's index has a term.
func (m *making) termText(n int32) string {
	t, i := m.terms, int(n)
	if i < t.words {
		return m.vocab.Form(i)
	}
	if i -= t.words; i < len(t.others) {
		return t.others[i]
	}
	if i -= len(t.others); i < len(t.stems) {
		return analyze.PartPrefix + m.vocab.Stem(int(t.stems[i]))
	}
	return analyze.SynonymPrefix + strconv.Itoa(i-len(t.stems))
}

// setPlaces divides the alphabet. Keys that begin with the same two letters stay
// together: they share lists of prefixes.
func (m *making) setPlaces() {
	t, d := m.terms, m.dict
	for _, stem := range m.analyzer.SynonymStems() {
		if d.find(stem) < 0 {
			m.apart = append(m.apart, record{row: row{best: -1, split: -1, twin: analyze.Bare(stem) != stem}, key: analyze.Bare(stem), stem: stem, at: -1})
		}
	}
	slices.SortStableFunc(m.apart, func(a, b record) int { return cmp.Compare(a.key, b.key) })
	all := 0
	for i := range d.rows {
		all += int(d.rows[i].docs)
	}
	most := max(partitionLeast, all/partitionMany)
	t.place = make([]uint32, t.len())
	for i := range t.place {
		t.place[i] = noPlace
	}
	t.slots = make([]uint32, d.len())
	p, size := partition{}, 0
	for i := range d.rows {
		if size >= most && initial(d.key(i)) != initial(d.key(i-1)) {
			p = m.closePartition(p, i, initial(d.key(i)))
			size = 0
		}
		m.placeRecord(i, len(t.partitions), &p)
		size += int(d.rows[i].docs)
	}
	m.closePartition(p, d.len(), "")
	for n := range t.synonyms {
		t.place[t.len()-t.synonyms+n] = uint32(len(t.partitions)<<slotBits + n)
	}
}

// initial is what decides on the partition of a key.
func initial(key string) string { return key[:min(2, len(key))] }

func (m *making) placeRecord(at, partition int, p *partition) {
	t := m.terms
	t.slots[at] = uint32(p.slots)
	next := func() uint32 {
		p.slots++
		return uint32(partition<<slotBits + p.slots - 1)
	}
	for _, w := range m.dict.wordsOf(at) {
		t.place[w] = next()
	}
	if r := &m.dict.rows[at]; r.part {
		t.place[t.part[r.number]] = next()
	}
}

// closePartition ends a partition before a record, and before what begins with a
// key, and returns the next one.
func (m *making) closePartition(p partition, record int, key string) (next partition) {
	t := m.terms
	p.records[1], p.others[1], p.apart[1] = record, len(t.others), len(m.apart)
	if key != "" {
		p.others[1] = sort.SearchStrings(t.others, key)
		p.apart[1] = sort.Search(len(m.apart), func(i int) bool { return m.apart[i].key >= key })
	}
	p.otherSlot = p.slots
	for i := p.others[0]; i < p.others[1]; i++ {
		if _, known := slices.BinarySearch(m.vocab.Known(), t.others[i]); !known { // else its record has no list
			t.place[t.words+i] = uint32(len(t.partitions)<<slotBits + p.slots)
			p.slots++
		}
	}
	t.partitions = append(t.partitions, p)
	return partition{records: [2]int{record, 0}, others: [2]int{p.others[1], 0}, apart: [2]int{p.apart[1], 0}}
}
