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
		m := &merged[i]
		m.names = m.names[:min(len(m.names), maxNames)]
		slices.Sort(m.passages)
		m.passages = slices.Compact(m.passages)
		m.passages = m.passages[:min(len(m.passages), prefixPassages)]
	}
	return merged
}

// prefixes makes the lists of all wide prefixes, sorted.
func prefixes(records []record, postings func(form string) []posting) []prefixList {
	p := prefixMaker{postings: postings}
	p.make(records, 0)
	slices.SortFunc(p.made, func(a, b prefixList) int { return cmp.Compare(a.Prefix, b.Prefix) })
	return p.made
}

type prefixMaker struct {
	postings func(form string) []posting
	made     []prefixList
}

// make merges what records with a common prefix of so many letters stand for.
func (p *prefixMaker) make(records []record, letters int) ([]posting, []record) {
	if len(records) <= prefixScan {
		if letters == 0 {
			return nil, nil
		}
		var lists [][]posting
		for _, r := range records {
			for _, form := range r.forms {
				lists = append(lists, p.postings(form))
			}
		}
		return merge(lists), commonest(records)
	}
	var lists [][]posting
	var words []record
	for from := 0; from < len(records); {
		to := from + 1
		for to < len(records) && letterAt(records[to].key, letters) == letterAt(records[from].key, letters) {
			to++
		}
		if letterAt(records[from].key, letters) == 0 {
			// The words that end here, and what no prefix is made of. One by
			// one they are few; too many of them are a list of numbers.
			for i := from; i < to; i += prefixScan {
				l, w := p.make(records[i:min(to, i+prefixScan)], max(letters, 1))
				lists, words = append(lists, l), append(words, w...)
			}
		} else {
			l, w := p.make(records[from:to], letters+1)
			lists, words = append(lists, l), append(words, w...)
		}
		from = to
	}
	if letters < prefixLeast {
		return nil, nil
	}
	merged, words := merge(lists), commonest(words)
	list := prefixList{Prefix: records[0].key[:letters], List: encode(merged)}
	for _, r := range words {
		list.Words = append(list.Words, r.best)
	}
	p.made = append(p.made, list)
	return merged, words
}

// letterAt returns the i-th letter of a key, 0 if there is none that prefixes
// are made of.
func letterAt(key string, i int) byte {
	if i < len(key) && key[i] >= 'a' && key[i] <= 'z' {
		return key[i]
	}
	return 0
}

func commonest(records []record) []record {
	records = slices.DeleteFunc(slices.Clone(records), func(r record) bool { return r.best == "" || analyze.IsStop(r.best) })
	slices.SortFunc(records, func(a, b record) int { return cmp.Or(b.docs-a.docs, cmp.Compare(a.best, b.best)) })
	return records[:min(len(records), prefixWords)]
}
