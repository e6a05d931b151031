package view

import (
	"cmp"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds that keep Related linear in the number of entries: how many words
// stand for an entry, and how many entries may share a word or topic before it
// says too little to be followed.
const (
	relatedWords = 24
	relatedShare = 60
)

// one is the length of a vector. Scores are whole numbers, so that no machine
// orders them in another way.
const one = 1 << 12

// relatedScore is what a pair needs to be called related, and the unit of what
// a common topic adds.
const relatedScore = one * one * 12 / 100

// Similar is an entry like another one, with the topics they share.
type Similar struct {
	Entry  *site.Entry
	Topics []*site.Term
	score  int
}

// Related finds, for every listed entry, up to n others of the same language
// that share topics or rare words: cosine of tf-idf vectors cut to their
// strongest words (Salton's vector model), plus the idf of each common topic.
// Entries already connected by a relation are left out: the page shows them
// anyway.
//
// How many entries have a word counts on a coarse scale only. So an edit hardly
// ever changes what is related to entries that it does not touch.
//
// profiles is called once for each listed entry, from many goroutines; nil
// stands for an entry without a text.
func Related(entries []*site.Entry, profiles func(*site.Entry) *Profile, n int) map[*site.Entry][]Similar {
	k := &kinship{byTopic: map[*site.Term][]int{}}
	for _, e := range entries {
		if e.Listed() {
			k.docs = append(k.docs, doc{entry: e})
		}
	}
	k.each(func(d *doc) {
		if d.profile = profiles(d.entry); d.profile == nil {
			d.profile = &Profile{}
		}
	})
	k.count()
	k.each(func(d *doc) { d.weigh(k) })
	k.index()
	found := make([][]Similar, len(k.docs))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			t := table{scores: make([]int, len(k.docs))}
			for i := w; i < len(k.docs); i += workers {
				found[i] = k.similar(i, &t, n)
			}
		})
	}
	wg.Wait()
	out := make(map[*site.Entry][]Similar, len(k.docs))
	for i, d := range k.docs {
		out[d.entry] = found[i]
	}
	return out
}

// kinship is what Related knows of all entries.
type kinship struct {
	docs    []doc
	df      map[uint32]int32 // how many entries have a word
	byWord  map[uint32][]posting
	byTopic map[*site.Term][]int
}

// doc is an entry; its vector has the strongest words of its profile.
type doc struct {
	entry   *site.Entry
	profile *Profile
	vector  []weighted
}

type weighted struct {
	word   uint32
	weight int
}

type posting struct{ doc, weight int32 }

func (k *kinship) each(f func(*doc)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(k.docs); i += workers {
				f(&k.docs[i])
			}
		})
	}
	wg.Wait()
}

func (k *kinship) count() {
	k.df = map[uint32]int32{}
	for _, d := range k.docs {
		for _, w := range d.profile.words {
			k.df[w]++
		}
	}
}

// rarity is the logarithm of n/df, in halves of a power of two, and whether a
// word that so many have says something.
func rarity(n, df int) (int, bool) {
	r := steps(n) - steps(df)
	return max(r, 1), df >= 2 && (df <= 3 || r >= 6)
}

// steps is where n stands on the scale 1, 2, 3, 4, 6, 8, 12, 16, 24 …
func steps(n int) int {
	l := bits.Len(uint(n))
	return 2*l + n>>max(l-2, 0)&1
}

func (d *doc) weigh(k *kinship) {
	strongest := make([]weighted, 0, relatedWords+1)
	for i, w := range d.profile.words {
		r, ok := rarity(len(k.docs), int(k.df[w]))
		if !ok {
			continue
		}
		x := weighted{w, int(math.Round(64*(1+math.Log(float64(d.profile.counts[i]))))) * r}
		at, _ := slices.BinarySearchFunc(strongest, x, func(a, b weighted) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.word, b.word))
		})
		if at < relatedWords {
			strongest = slices.Insert(strongest, at, x)[:min(len(strongest)+1, relatedWords)]
		}
	}
	sum := 0
	for _, w := range strongest {
		sum += w.weight * w.weight
	}
	for i := range strongest {
		w := &strongest[i]
		w.weight = int(math.Round(float64(w.weight*one) / math.Sqrt(float64(sum))))
	}
	d.vector, d.profile = strongest, nil
}

// index notes who has a word or a topic.
func (k *kinship) index() {
	k.byWord = map[uint32][]posting{}
	for i, d := range k.docs {
		for _, w := range d.vector {
			if l := k.byWord[w.word]; len(l) < relatedShare {
				k.byWord[w.word] = append(l, posting{int32(i), int32(w.weight)})
			}
		}
		for _, t := range d.entry.Topics {
			k.byTopic[t.Term] = append(k.byTopic[t.Term], i)
		}
	}
}

// table holds the scores of all entries beside one; those that have any are
// listed, and have none again afterwards.
type table struct {
	scores  []int
	touched []int
}

func (t *table) add(doc, score int) {
	if t.scores[doc] == 0 {
		t.touched = append(t.touched, doc)
	}
	t.scores[doc] += score
}

// similar finds what is like entry i.
func (k *kinship) similar(i int, table *table, n int) []Similar {
	d := &k.docs[i]
	for _, w := range d.vector {
		for _, p := range k.byWord[w.word] {
			table.add(int(p.doc), w.weight*int(p.weight))
		}
	}
	shared := map[int][]*site.Term{}
	for _, t := range d.entry.Topics {
		others := k.byTopic[t.Term]
		r, _ := rarity(len(k.docs), len(others))
		score := int(math.Round(relatedScore * math.Log(1+math.Exp2(float64(r)/2))))
		for _, o := range others[:min(relatedShare, len(others))] {
			table.add(o, score)
			shared[o] = append(shared[o], t.Term)
		}
	}
	connected := connections(d.entry)
	var best []Similar
	for _, o := range table.touched {
		x := Similar{k.docs[o].entry, shared[o], table.scores[o]}
		table.scores[o] = 0
		if x.score < relatedScore || connected[x.Entry] || x.Entry.Lang != d.entry.Lang {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, x, func(a, b Similar) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.Entry.Path, b.Entry.Path))
		})
		if at < n {
			best = slices.Insert(best, at, x)[:min(len(best)+1, n)]
		}
	}
	table.touched = table.touched[:0]
	return best
}

// connections are an entry itself and those that it has a relation with.
func connections(e *site.Entry) map[*site.Entry]bool {
	m := map[*site.Entry]bool{e: true}
	for _, edge := range e.Out {
		m[edge.To] = true
	}
	for _, edge := range e.In {
		m[edge.From] = true
	}
	return m
}
