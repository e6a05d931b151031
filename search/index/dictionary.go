package index

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/ag-vzkm/portal/search/analyze"
)

// dictionary knows the words of the site the way the browser's shards do: as
// records sorted by key. What a query's word may mean is looked up here.
type dictionary struct {
	vocab   *analyze.Vocabulary
	records []record       // by key, then stem
	place   []int32        // of a stem's record: by the vocabulary's number, then by more
	more    map[string]int // numbers of stems that no text has
	words   []int32        // places in the vocabulary, record by record, with room for known forms
	known   []string       // forms that no text has, sorted
	spell   spelling
}

// record is a word with all its inflected forms.
type record struct {
	key   string   // analyze.StemForm of its forms
	stem  string   // key, or with its umlaut where both are words (Förderung)
	forms []string // sorted
	docs  int32    // added up over the forms
	first uint32   // of its words
	words uint32   // forms that texts have
	best  int32    // the commonest of them, -1 if all are glued
	split int32    // the first that is a compound, -1 if none is
	joins bool     // a member of compounds, or a piece of hyphenated words
	part  bool     // a member of compounds that texts have
}

// best is the commonest form of a record, "" if none is written as one word.
func (d *dictionary) best(r *record) string {
	if r.best < 0 {
		return ""
	}
	return d.vocab.Words()[r.best].Form
}

// parts are the stems of a record's members, if it is a compound.
func (d *dictionary) parts(r *record) []string {
	if r.split < 0 {
		return nil
	}
	return direct(d.vocab.Words()[r.split].Parts)
}

func newDictionary(v *analyze.Vocabulary) *dictionary {
	d := &dictionary{vocab: v, more: map[string]int{}, known: v.Known()}
	d.layOut(d.heads())
	words := v.Words()
	d.words = make([]int32, len(words)+len(d.known))
	for i := range words {
		w, r := &words[i], &d.records[d.place[v.StemNumber(i)]]
		d.words[r.first+r.words] = int32(i)
		r.words++
		r.forms = append(r.forms, w.Form)
		r.docs += int32(w.Docs)
		r.joins = r.joins || w.Joined
		if !w.Glued && w.Docs > 0 && (r.best < 0 || w.Docs > words[r.best].Docs) {
			r.best = int32(i)
		}
		if r.split < 0 && isCompound(w.Parts) {
			r.split = int32(i)
		}
	}
	for i := range words {
		for _, p := range words[i].Parts {
			r := d.stem(p.Stem)
			r.joins, r.part = true, true
		}
	}
	for _, form := range d.known {
		r := d.stem(v.Lookup(form).Stem)
		r.forms = append(r.forms, form)
		slices.Sort(r.forms)
	}
	d.spell = newSpelling(d)
	return d
}

// head is a record before it has its place.
type head struct {
	key, stem string
	forms     int32
}

// heads are all records: a stem of the vocabulary has its number there, others
// follow.
func (d *dictionary) heads() []head {
	v := d.vocab
	heads := make([]head, v.Stems())
	words := v.Words()
	for i := range words {
		h := &heads[v.StemNumber(i)]
		if h.forms == 0 {
			h.key, h.stem = analyze.StemForm(words[i].Form), words[i].Stem
		}
		h.forms++
	}
	add := func(stem, key string, forms int32) {
		n := d.number(stem)
		if n < 0 {
			n = len(heads)
			d.more[stem] = n
			heads = append(heads, head{key: key, stem: stem})
		}
		heads[n].forms += forms
	}
	for i := range words {
		for _, p := range words[i].Parts {
			add(p.Stem, analyze.Bare(p.Stem), 0)
		}
	}
	for _, form := range d.known {
		add(v.Lookup(form).Stem, analyze.StemForm(form), 1)
	}
	return heads
}

// layOut sorts the records and gives each the room for its forms.
func (d *dictionary) layOut(heads []head) {
	order := make([]int32, len(heads))
	all := 0
	for i := range heads {
		order[i] = int32(i)
		all += int(heads[i].forms)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &heads[i], &heads[j]
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(len(a.stem), len(b.stem)), cmp.Compare(a.stem, b.stem))
	})
	forms := make([]string, all)
	d.records, d.place = make([]record, len(heads)), make([]int32, len(heads))
	first := uint32(0)
	for at, i := range order {
		h := &heads[i]
		d.place[i] = int32(at)
		d.records[at] = record{key: h.key, stem: h.stem, forms: forms[:0:h.forms], first: first, best: -1, split: -1}
		forms = forms[h.forms:]
		first += uint32(h.forms)
	}
}

// number is that of a stem in place, -1 for none.
func (d *dictionary) number(stem string) int {
	if n := d.vocab.FindStem(stem); n >= 0 {
		return n
	}
	if n, ok := d.more[stem]; ok {
		return n
	}
	return -1
}

// eachForm goes through the forms of a record and tells each's place in the
// vocabulary, -1 if no text has it.
func (d *dictionary) eachForm(r *record, do func(form string, word int)) {
	words := d.words[r.first : r.first+r.words]
	for _, form := range r.forms {
		if len(words) > 0 && d.vocab.Words()[words[0]].Form == form {
			do(form, int(words[0]))
			words = words[1:]
		} else {
			do(form, -1)
		}
	}
}

// direct are the stems that a compound is directly made of.
func direct(parts []analyze.Part) (stems []string) {
	for _, p := range parts {
		if p.Level == 1 {
			stems = append(stems, p.Stem)
		}
	}
	return stems
}

// isCompound holds for parts of two and more members.
func isCompound(parts []analyze.Part) bool {
	n := 0
	for _, p := range parts {
		if p.Level == 1 {
			n++
		}
	}
	return n >= 2
}

// withKey returns the records of a key: none, one, or a word and its twin that
// differs by an umlaut.
func (d *dictionary) withKey(key string) []record {
	from := sort.Search(len(d.records), func(i int) bool { return d.records[i].key >= key })
	to := from
	for to < len(d.records) && d.records[to].key == key {
		to++
	}
	return d.records[from:to]
}

// lookup returns the record that a form belongs to, nil if the site has no
// such word, and the record's twin if there is one.
func (d *dictionary) lookup(form string) (r, twin *record) {
	found := d.withKey(analyze.StemForm(form))
	if len(found) == 0 {
		return nil, nil
	}
	best := 0
	for i := range found {
		if slices.Contains(found[i].forms, form) {
			best = i
			break
		}
		if found[i].stem != found[i].key && analyze.Umlaut(form) {
			best = i
		}
	}
	if len(found) > 1 {
		twin = &found[1-min(best, 1)]
	}
	return &found[best], twin
}

// stem returns the record of a stem, nil if there is none.
func (d *dictionary) stem(stem string) *record {
	if n := d.number(stem); n >= 0 {
		return &d.records[d.place[n]]
	}
	return nil
}

// derived returns the records that share the root of a key.
func (d *dictionary) derived(key string) (found []record) {
	for _, k := range analyze.Derivations(key) {
		for _, r := range d.withKey(k) {
			if len(r.forms) > 0 {
				found = append(found, r)
			}
		}
	}
	return found
}

// begins returns the records whose key begins with prefix.
func (d *dictionary) begins(prefix string) []record {
	from := sort.Search(len(d.records), func(i int) bool { return d.records[i].key >= prefix })
	to := from + sort.Search(len(d.records)-from, func(i int) bool { return !strings.HasPrefix(d.records[from+i].key, prefix) })
	return d.records[from:to]
}

// spelling finds words that are spelled alike. A typo stands in the first or
// in the second half of a word, so the right word is near it in the alphabet,
// or in the alphabet of words read backwards. Of both, only the block in which
// the typo would stand is looked through.
type spelling struct {
	words []spellWord // by form
	back  []int32     // words, by their reversed form
}

type spellWord struct {
	form, key string
	docs      int
}

const (
	spellBlock = 512 // words of a block
	spellEdge  = 64  // words of its neighbours that a block has as well
	spellLeast = 4   // letters of a word that typos are corrected in
	spellMost  = 9   // edits between forms of one word and what was typed
)

func newSpelling(d *dictionary) (s spelling) {
	least := d.vocab.MinDocs()
	if least < 3 {
		least = 1 // a small site has few words, and no rubbish that repeats
	}
	words := d.vocab.Words()
	for i := range words { // which are in order already
		r := &d.records[d.place[d.vocab.StemNumber(i)]]
		if r.best == int32(i) && int(r.docs) >= least && isSpelled(words[i].Form) {
			s.words = append(s.words, spellWord{words[i].Form, r.key, int(r.docs)})
		}
	}
	s.back = make([]int32, len(s.words))
	for i := range s.back {
		s.back[i] = int32(i)
	}
	slices.SortFunc(s.back, func(a, b int32) int { return compareReversed(s.words[a].form, s.words[b].form) })
	return s
}

// compareReversed compares two words read backwards.
func compareReversed(a, b string) int {
	for len(a) > 0 && len(b) > 0 {
		x, y := a[len(a)-1], b[len(b)-1]
		if x != y {
			return int(x) - int(y)
		}
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) - len(b)
}

// isSpelled holds for words that typos are corrected in: of Latin letters.
func isSpelled(form string) bool {
	for i := range len(form) {
		if form[i] < 'a' || form[i] > 'z' {
			return false
		}
	}
	return len(form) >= spellLeast
}

func reverse(form string) string {
	b := []byte(form)
	slices.Reverse(b)
	return string(b)
}

// block returns from where to where the block around place i reaches.
func block(i, n int) (from, to int) {
	k := max(0, i) / spellBlock * spellBlock
	return max(0, k-spellEdge), min(n, k+spellBlock+spellEdge)
}

// near returns the words in the blocks of a form.
func (s *spelling) near(form string) []spellWord {
	n := len(s.words)
	if n == 0 {
		return nil
	}
	i := sort.Search(n, func(i int) bool { return s.words[i].form > form })
	from, to := block(i-1, n)
	found := slices.Clone(s.words[from:to])
	back := reverse(form)
	i = sort.Search(n, func(i int) bool { return reverse(s.words[s.back[i]].form) > back })
	from, to = block(i-1, n)
	for _, w := range s.back[from:to] {
		found = append(found, s.words[w])
	}
	return found
}

// maxSimilar is how many words a typo is taken for.
const maxSimilar = 2

// similar returns the words at the smallest distance from a mistyped one, the
// commonest first: one edit, from eight letters two, but only one if the word
// makes sense otherwise. A wrong first letter counts as an edit more.
func (s *spelling) similar(form string, sensible bool) []spellWord {
	if !isSpelled(form) {
		return nil
	}
	limit := 1
	if len(form) >= 8 && !sensible {
		limit = 2
	}
	stem := analyze.StemForm(form)
	var found []spellWord
	for _, w := range s.near(form) {
		d := distance(form, w.form, limit)
		if !sensible {
			d = min(d, distance(stem, w.key, limit))
		}
		if w.form[0] != form[0] {
			d++
		}
		switch {
		case d > limit || slices.Contains(found, w):
		case d < limit:
			limit, found = d, []spellWord{w}
		default:
			found = append(found, w)
		}
	}
	slices.SortFunc(found, func(a, b spellWord) int {
		return cmp.Or(cmp.Compare(b.docs, a.docs), cmp.Compare(a.form, b.form))
	})
	return found[:min(len(found), maxSimilar)]
}

// distance is the Damerau–Levenshtein distance (optimal string alignment) of
// two forms, limit+1 if it is more than limit.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
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
