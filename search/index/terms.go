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
	stems    []string // that are parts
	part     map[string]int32
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
	partitionMany  = 64
)

// partition is a range of keys.
type partition struct {
	records, others, apart [2]int // from, to; apart: records of synonyms that no text has
	slots, otherSlot       int    // slots of others come last
}

// others counts terms that only names have, so that all have a number.
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
	words := m.vocab.Words()
	t := &terms{words: len(words), numbered: make([]numbered, m.counter.Len()), part: map[string]int32{}, synonyms: len(m.opts.Synonyms)}
	var others []int
	number := make([]int, len(words)) // by word
	for n := range t.numbered {
		if i := m.vocab.Place(n); i < 0 {
			others = append(others, n)
		} else {
			number[i] = n
		}
	}
	slices.SortFunc(others, func(a, b int) int { return cmp.Compare(m.counter.Term(a), m.counter.Term(b)) })
	for i, n := range others {
		t.numbered[n].term = int32(t.words + i)
		t.others = append(t.others, m.counter.Term(n))
	}
	for i := range words {
		first := len(t.parts)
		for _, p := range words[i].Parts {
			n, ok := t.part[p.Stem]
			if !ok {
				n = int32(t.words + len(t.others) + len(t.stems))
				t.part[p.Stem] = n
				t.stems = append(t.stems, p.Stem)
			}
			t.parts = append(t.parts, n)
		}
		t.numbered[number[i]] = numbered{term: int32(i), first: uint32(first), parts: uint32(len(words[i].Parts))}
	}
	m.terms = t
	m.setPlaces()
	for n := range t.numbered {
		t.numbered[n].place = t.place[t.numbered[n].term]
	}
}

// find returns the term of a form or of another term that has a number.
func (m *making) find(term string) int32 { return m.terms.numbered[m.counter.Find(term)].term }

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
		return m.vocab.Words()[i].Form
	}
	if i -= t.words; i < len(t.others) {
		return t.others[i]
	}
	if i -= len(t.others); i < len(t.stems) {
		return analyze.PartPrefix + t.stems[i]
	}
	return analyze.SynonymPrefix + strconv.Itoa(i-len(t.stems))
}

// setPlaces divides the alphabet. Keys that begin with the same two letters stay
// together: they share lists of prefixes.
func (m *making) setPlaces() {
	t, records := m.terms, m.dict.records
	for _, stem := range m.analyzer.SynonymStems() {
		if m.dict.stem(stem) == nil {
			m.apart = append(m.apart, record{key: analyze.Bare(stem), stem: stem, best: -1, split: -1})
		}
	}
	slices.SortStableFunc(m.apart, func(a, b record) int { return cmp.Compare(a.key, b.key) })
	all := 0
	for i := range records {
		all += int(records[i].docs)
	}
	most := max(partitionLeast, all/partitionMany)
	t.place = make([]uint32, t.len())
	for i := range t.place {
		t.place[i] = noPlace
	}
	t.slots = make([]uint32, len(records))
	p, size := partition{}, 0
	for i := range records {
		if begin := initial(records[i].key); size >= most && begin != initial(records[i-1].key) {
			p = m.closePartition(p, i, begin)
			size = 0
		}
		m.placeRecord(i, len(t.partitions), &p)
		size += int(records[i].docs)
	}
	m.closePartition(p, len(records), "")
	for n := range t.synonyms {
		t.place[t.len()-t.synonyms+n] = uint32(len(t.partitions)<<slotBits + n)
	}
}

// initial is what decides on the partition of a key.
func initial(key string) string { return key[:min(2, len(key))] }

func (m *making) placeRecord(i, partition int, p *partition) {
	t, r := m.terms, &m.dict.records[i]
	t.slots[i] = uint32(p.slots)
	next := func() uint32 {
		p.slots++
		return uint32(partition<<slotBits + p.slots - 1)
	}
	for _, w := range m.dict.words[r.first : r.first+r.words] {
		t.place[w] = next()
	}
	if n, ok := t.part[r.stem]; ok {
		t.place[n] = next()
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
		if _, known := slices.BinarySearch(m.dict.known, t.others[i]); !known { // else its record has no list
			t.place[t.words+i] = uint32(len(t.partitions)<<slotBits + p.slots)
			p.slots++
		}
	}
	t.partitions = append(t.partitions, p)
	return partition{records: [2]int{record, 0}, others: [2]int{p.others[1], 0}, apart: [2]int{p.apart[1], 0}}
}
