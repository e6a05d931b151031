package index

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/ag-vzkm/portal/search/analyze"
)

// lexicon finds the forms of the site that a query's word may mean.
type lexicon struct {
	vocab  *analyze.Vocabulary
	words  []analyze.Word     // sorted by form
	byStem map[string][]int32 // stem → words
	byRoot map[string][]string
	twins  map[string]string // stem → the one that differs by an umlaut
}

func newLexicon(v *analyze.Vocabulary) *lexicon {
	words := v.Words()
	l := &lexicon{
		vocab: v, words: words, byStem: make(map[string][]int32, len(words)/2),
		byRoot: map[string][]string{}, twins: map[string]string{},
	}
	for i := range words {
		stem := words[i].Stem
		l.byStem[stem] = append(l.byStem[stem], int32(i))
		if bare := analyze.Bare(stem); bare != stem {
			l.twins[bare], l.twins[stem] = stem, bare
		}
	}
	for stem := range l.byStem {
		if root := analyze.Root(stem); root != stem {
			l.byRoot[root] = append(l.byRoot[root], stem)
		}
	}
	return l
}

// forms returns the forms of a stem.
func (l *lexicon) forms(stem string) []string {
	forms := make([]string, 0, len(l.byStem[stem]))
	for _, i := range l.byStem[stem] {
		forms = append(forms, l.words[i].Form)
	}
	return forms
}

// likeWord returns the forms of the word that form is one of, if the site has
// it.
func (l *lexicon) likeWord(form string) []string {
	if l.vocab.Docs(form) > 0 {
		return l.forms(l.vocab.Lookup(form).Stem)
	}
	return l.forms(analyze.StemForm(form))
}

// docs adds up the documents of a stem's forms.
func (l *lexicon) docs(stem string) int {
	n := 0
	for _, i := range l.byStem[stem] {
		n += l.words[i].Docs
	}
	return n
}

// derived returns the forms that share a stem's root but not the stem.
func (l *lexicon) derived(stem string) []string {
	root := analyze.Root(stem)
	stems := l.byRoot[root]
	if root != stem {
		stems = append(slices.Clone(stems), root)
	}
	var forms []string
	for _, s := range slices.Sorted(slices.Values(stems)) {
		if s != stem {
			forms = append(forms, l.forms(s)...)
		}
	}
	return forms
}

// withPrefix returns the commonest forms that begin with prefix, at most n,
// without prefix itself.
func (l *lexicon) withPrefix(prefix string, n int) []string {
	from := sort.Search(len(l.words), func(i int) bool { return l.words[i].Form >= prefix })
	to := from
	for to < len(l.words) && strings.HasPrefix(l.words[to].Form, prefix) {
		to++
	}
	if from < to && l.words[from].Form == prefix {
		from++
	}
	return commonest(slices.Clone(l.words[from:to]), n)
}

func commonest(words []analyze.Word, n int) []string {
	slices.SortStableFunc(words, func(a, b analyze.Word) int { return cmp.Compare(b.Docs, a.Docs) })
	var forms []string
	for _, w := range words[:min(n, len(words))] {
		forms = append(forms, w.Form)
	}
	return forms
}

// similar returns the forms at the smallest distance from a mistyped one, the
// commonest first: one edit, from eight letters two, but not if the word makes
// sense otherwise. The first letter is taken to be right, as it mostly is.
func (l *lexicon) similar(form string, sensible bool) []string {
	if len(form) < 4 {
		return nil
	}
	limit := 1
	if len(form) >= 8 && !sensible {
		limit = 2
	}
	from := sort.Search(len(l.words), func(i int) bool { return l.words[i].Form >= form[:1] })
	var near [3][]analyze.Word
	for _, w := range l.words[from:] {
		if w.Form[0] != form[0] {
			break
		}
		if d := len(w.Form) - len(form); d > limit || -d > limit {
			continue
		}
		if d := distance(form, w.Form, limit); d > 0 && d <= limit {
			near[d] = append(near[d], w)
			limit = d
		}
	}
	for _, words := range near {
		if len(words) > 0 {
			return commonest(words, 12)
		}
	}
	return nil
}

// distance is the Damerau–Levenshtein distance (optimal string alignment) of
// two forms, limit+1 if it is more than limit.
func distance(a, b string, limit int) int {
	// What agrees at both ends cannot add to the distance.
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	var before, last, row []int // of the table, by letters of b
	for j := range len(b) + 1 {
		last = append(last, j)
	}
	before, row = make([]int, len(last)), make([]int, len(last))
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d = 1 + min(last[j-1], last[j], row[j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d = min(d, before[j-2]+1)
				}
			}
			row[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
