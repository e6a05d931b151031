package index

import (
	"cmp"
	"slices"

	"github.com/ag-vzkm/portal/search/analyze"
)

// prefix.go answers for words that are being typed. A prefix that few words
// begin with is answered by going through them; a wide one has a list of its
// own, made when the index is built.

const (
	prefixLeast    = 2  // letters
	prefixScan     = 96 // words: more, and the prefix has a list of its own
	prefixDocs     = 60 // documents of a merged list, the weightiest
	prefixPassages = 3  // of each
	prefixWords    = 8  // completions
)

// prefixList is what a wide prefix stands for.
type prefixList struct {
	Prefix string
	List   []byte
	Words  []string // completions, the commonest first, as forms
}

// merge makes one list of several: of each document the posting with the
// highest level, or what those of the same level say together; the weightiest
// documents, in order. Merging merged lists gives what merging all at once
// gives: a document among the weightiest of all is among those of each list in
// which it has its level.
func merge(lists [][]posting) []posting {
	byDoc := map[int]*posting{}
	for _, l := range lists {
		for _, p := range l {
			m := byDoc[p.doc]
			switch {
			case m == nil || m.level < p.level:
				byDoc[p.doc] = &posting{doc: p.doc, level: p.level, all: p.all, names: slices.Clone(p.names), passages: slices.Clone(p.passages)}
			case m.level == p.level:
				m.names, m.passages, m.all = append(m.names, p.names...), append(m.passages, p.passages...), m.all && p.all
			}
		}
	}
	merged := make([]posting, 0, len(byDoc))
	for _, m := range byDoc {
		merged = append(merged, *m)
	}
	slices.SortFunc(merged, func(a, b posting) int { return cmp.Or(b.level-a.level, a.doc-b.doc) })
	merged = merged[:min(len(merged), prefixDocs)]
	slices.SortFunc(merged, func(a, b posting) int { return a.doc - b.doc })
	for i := range merged {
		merged[i].trim()
	}
	return merged
}

// trim leaves as much of a merged posting as a list is to say.
func (m *posting) trim() {
	m.names = m.names[:min(len(m.names), maxNames)]
	slices.Sort(m.passages)
	m.passages = slices.Compact(m.passages)
	m.passages = m.passages[:min(len(m.passages), prefixPassages)]
}

// prefixes makes the lists of the wide prefixes of some records that all begin
// with the same two letters, and of those letters themselves.
func (p *prefixMaker) prefixes(from, to int) []prefixList {
	p.made = nil
	if prefixScan < to-from {
		p.make(from, to, prefixLeast)
	}
	slices.SortFunc(p.made, func(a, b prefixList) int { return cmp.Compare(a.Prefix, b.Prefix) })
	return p.made
}

// prefixMaker merges the lists of words.
type prefixMaker struct {
	dict  *dictionary
	slots []uint32 // by record: the first of its forms
	lists lists    // of the partition at hand
	made  []prefixList

	// Of the merge at hand, by document: its highest level, and its place among
	// those that are taken, from 1.
	best, place []uint8
	seen        []int32 // documents
	taken       []posting
}

func newPrefixMaker(dict *dictionary, slots []uint32, docs int) *prefixMaker {
	return &prefixMaker{dict: dict, slots: slots, best: make([]uint8, docs), place: make([]uint8, docs)}
}

// make merges what records with a common prefix of so many letters stand for.
// It returns the weightiest postings and the commonest words.
func (p *prefixMaker) make(from, to, letters int) ([]byte, []int) {
	var lists [][]byte
	var words []int
	if to-from <= prefixScan {
		for i := from; i < to; i++ {
			words = append(words, i)
		}
		return p.mergeRecords(from, to), p.commonest(words)
	}
	prefix := p.dict.key(from)[:letters]
	add := func(from, to, letters int) {
		l, w := p.make(from, to, letters)
		lists, words = append(lists, l), append(words, w...)
	}
	for from < to {
		letter, end := letterAt(p.dict.key(from), letters), from+1
		for end < to && letterAt(p.dict.key(end), letters) == letter {
			end++
		}
		if letter != 0 {
			add(from, end, letters+1)
		}
		// The words that end here, and what no prefix is made of. One by one
		// they are few; too many of them are a list of numbers.
		for ; letter == 0 && from < end; from += prefixScan {
			add(from, min(end, from+prefixScan), letters)
		}
		from = end
	}
	list, words := p.merge(lists), p.commonest(words)
	made := prefixList{Prefix: prefix, List: list}
	for _, i := range words {
		made.Words = append(made.Words, p.dict.best(i))
	}
	p.made = append(p.made, made)
	return list, words
}

// mergeRecords and merge are the function merge for lists as the shards have
// them: they look twice at them instead of keeping all that they say.
func (p *prefixMaker) mergeRecords(from, to int) []byte {
	for i := from; i < to; i++ {
		for _, l := range p.postingsOf(i) {
			p.see(int(l.doc), l.level())
		}
	}
	p.take()
	for i := from; i < to; i++ {
		for _, l := range p.postingsOf(i) {
			if at := p.place[l.doc]; at > 0 && l.level() == int(p.best[l.doc]) {
				in := listInput{input: input{b: p.lists.bytes[l.where:]}, named: l.head&1 == 1}
				in.rest(&p.taken[at-1])
			}
		}
	}
	return p.merged()
}

// postingsOf are those of all forms of a record.
func (p *prefixMaker) postingsOf(record int) []listed {
	first, n := int(p.slots[record]), len(p.dict.wordsOf(record))
	if n == 0 {
		return nil
	}
	return p.lists.postings[p.lists.begin(first).postings:p.lists.slots[first+n-1].postings]
}

func (p *prefixMaker) merge(lists [][]byte) []byte {
	for _, l := range lists {
		for in := (listInput{input: input{b: l}}); len(in.b) > 0; {
			in.head()
			in.skip()
			p.see(in.doc, in.level)
		}
	}
	p.take()
	for _, l := range lists {
		for in := (listInput{input: input{b: l}}); len(in.b) > 0; {
			in.head()
			if at := p.place[in.doc]; at > 0 && in.level == int(p.best[in.doc]) {
				in.rest(&p.taken[at-1])
			} else {
				in.skip()
			}
		}
	}
	return p.merged()
}

func (p *prefixMaker) see(doc, level int) {
	if p.best[doc] == 0 {
		p.seen = append(p.seen, int32(doc))
	}
	p.best[doc] = max(p.best[doc], uint8(level))
}

// merged ends a merge.
func (p *prefixMaker) merged() []byte {
	for _, doc := range p.seen {
		p.best[doc], p.place[doc] = 0, 0
	}
	p.seen = p.seen[:0]
	for i := range p.taken {
		p.taken[i].trim()
	}
	return encode(p.taken)
}

// take takes the weightiest documents.
func (p *prefixMaker) take() {
	var many [maxLevel + 1]int
	for _, doc := range p.seen {
		many[p.best[doc]]++
	}
	least, left := maxLevel, prefixDocs // the level of the last that are taken, and how many have it
	for ; least > 1 && left > many[least]; least-- {
		left -= many[least]
	}
	slices.Sort(p.seen)
	p.taken = p.taken[:0]
	for _, doc := range p.seen {
		switch level := int(p.best[doc]); {
		case level < least, level == least && left == 0:
			continue
		case level == least:
			left--
		}
		p.taken = append(p.taken, posting{doc: int(doc), level: int(p.best[doc]), all: true})
		p.place[doc] = uint8(len(p.taken))
	}
}

// commonest are the commonest words of some records.
func (p *prefixMaker) commonest(words []int) []int {
	words = slices.DeleteFunc(words, func(i int) bool { return p.dict.best(i) == "" || analyze.IsStop(p.dict.best(i)) })
	slices.SortFunc(words, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.dict.rows[b].docs, p.dict.rows[a].docs), cmp.Compare(p.dict.best(a), p.dict.best(b)))
	})
	return words[:min(len(words), prefixWords)]
}

// letterAt returns the i-th letter of a key, 0 if there is none that prefixes
// are made of.
func letterAt(key string, i int) byte {
	if i < len(key) && key[i] >= 'a' && key[i] <= 'z' {
		return key[i]
	}
	return 0
}
