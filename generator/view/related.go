package view

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds that keep Related linear in the number of entries: how much of a
// text is read, how many words stand for it, and how many entries may share a
// word or topic before it says too little to be followed.
const (
	relatedText  = 16 << 10
	relatedWords = 24
	relatedShare = 60
)

// Similar is an entry like another one, with the topics they share.
type Similar struct {
	Entry  *site.Entry
	Topics []*site.Term
	score  float64
}

// Related finds, for every listed entry, up to n others of the same language
// that share topics or rare words: cosine of tf-idf vectors cut to their
// strongest words (Salton's vector model), plus the idf of each common topic.
// Entries already connected by a relation are left out: the page shows them
// anyway.
func Related(entries []*site.Entry, n int) map[*site.Entry][]Similar {
	var docs []*relatedDoc
	for _, e := range entries {
		if e.Listed() {
			docs = append(docs, &relatedDoc{entry: e})
		}
	}
	each(docs, func(d *relatedDoc) { d.count() })
	df := map[string]int{}
	for _, d := range docs {
		for w := range d.counts {
			df[w]++
		}
	}
	each(docs, func(d *relatedDoc) { d.weigh(df, len(docs)) })
	byWord, byTopic := map[string][]int{}, map[*site.Term][]int{}
	for i, d := range docs {
		for _, w := range d.words {
			byWord[w.word] = append(byWord[w.word], i)
		}
		for _, t := range d.entry.Topics {
			byTopic[t.Term] = append(byTopic[t.Term], i)
		}
	}
	found := make([][]Similar, len(docs))
	for i, d := range docs {
		d.index = i
	}
	each(docs, func(d *relatedDoc) { found[d.index] = d.similar(docs, byWord, byTopic, n) })
	out := make(map[*site.Entry][]Similar, len(docs))
	for i, d := range docs {
		out[d.entry] = found[i]
	}
	return out
}

type relatedDoc struct {
	entry  *site.Entry
	index  int
	counts map[string]float64
	words  []weighted // strongest first, length one as a vector
}

type weighted struct {
	word   string
	weight float64
}

func each(docs []*relatedDoc, f func(*relatedDoc)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(docs); i += workers {
				f(docs[i])
			}
		})
	}
	wg.Wait()
}

func (d *relatedDoc) count() {
	d.counts = map[string]float64{}
	add := func(text string, weight float64) {
		for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(w) >= 6 {
				d.counts[stem(strings.ToLower(w))] += weight
			}
		}
	}
	body := d.entry.Body
	if len(body) > relatedText {
		body = body[:relatedText]
	}
	add(d.entry.Title, 4)
	add(d.entry.Summary, 2)
	add(string(body), 1)
}

// stem cuts the commonest German endings; two words that agree then are
// alike enough to call texts related.
func stem(w string) string {
	for _, end := range []string{"ungen", "en", "er", "es", "e", "n", "s"} {
		if strings.HasSuffix(w, end) && len(w)-len(end) >= 5 {
			return w[:len(w)-len(end)]
		}
	}
	return w
}

func (d *relatedDoc) weigh(df map[string]int, n int) {
	limit := max(3, n/8)
	for w, c := range d.counts {
		if k := df[w]; k >= 2 && k <= limit {
			d.words = append(d.words, weighted{w, (1 + math.Log(c)) * math.Log(float64(n)/float64(k))})
		}
	}
	d.counts = nil
	slices.SortFunc(d.words, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.word, b.word))
	})
	d.words = slices.Clone(d.words[:min(relatedWords, len(d.words))])
	sum := 0.0
	for _, w := range d.words {
		sum += w.weight * w.weight
	}
	for i := range d.words {
		d.words[i].weight /= math.Sqrt(sum)
	}
}

func (d *relatedDoc) similar(docs []*relatedDoc, byWord map[string][]int, byTopic map[*site.Term][]int, n int) []Similar {
	scores := map[int]float64{}
	for _, w := range d.words {
		others := byWord[w.word]
		for _, i := range others[:min(relatedShare, len(others))] {
			if j := slices.IndexFunc(docs[i].words, func(x weighted) bool { return x.word == w.word }); j >= 0 {
				scores[i] += w.weight * docs[i].words[j].weight
			}
		}
	}
	shared := map[int][]*site.Term{}
	for _, t := range d.entry.Topics {
		others := byTopic[t.Term]
		idf := 0.12 * math.Log(1+float64(len(docs))/float64(len(others)))
		for _, i := range others[:min(relatedShare, len(others))] {
			scores[i] += idf
			shared[i] = append(shared[i], t.Term)
		}
	}
	connected := map[*site.Entry]bool{d.entry: true}
	for _, e := range d.entry.Out {
		connected[e.To] = true
	}
	for _, e := range d.entry.In {
		connected[e.From] = true
	}
	var out []Similar
	for i, s := range scores {
		o := docs[i].entry
		if s >= 0.12 && !connected[o] && o.Lang == d.entry.Lang {
			out = append(out, Similar{o, shared[i], s})
		}
	}
	// Scores are compared rounded: some machines fuse multiply and add, and the
	// last bit must not decide an order.
	slices.SortFunc(out, func(a, b Similar) int {
		return cmp.Or(cmp.Compare(math.Round(b.score*1e6), math.Round(a.score*1e6)), cmp.Compare(a.Entry.Path, b.Entry.Path))
	})
	return out[:min(n, len(out))]
}
