package index

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/search/analyze"
)

// dictionary knows the words of the site the way the browser's shards do: as
// records sorted by key. What a query's word may mean is looked up here. Like
// the vocabulary it is made of columns.
type dictionary struct {
	vocab *analyze.Vocabulary
	rows  []row
	words []int32          // places in the vocabulary, record by record
	place []int32          // of a stem's record, by number of the stem
	known map[int][]string // by record: forms that no text has
	spell func() *spelling // waits until it is made
}

// row is a record as it is kept.
type row struct {
	number int32  // of its stem
	docs   int32  // added up over the forms
	first  uint32 // of its words
	best   int32  // the commonest word, -1 if all are glued
	split  int32  // the first word that is a compound, -1 if none is
	twin   bool   // the stem keeps its umlaut
	joins  bool   // a member of compounds, or a piece of hyphenated words
	part   bool   // a member of compounds that texts have
}

// record is a word with all its inflected forms.
type record struct {
	row
	key  string // analyze.StemForm of its forms
	stem string // key, or with its umlaut where both are words (Förderung)
	at   int    // its place in the dictionary
}

func newDictionary(v *analyze.Vocabulary) *dictionary {
	d := &dictionary{vocab: v, known: map[int][]string{}}
	d.layOut()
	next := make([]uint32, len(d.rows)) // where the next word comes to stand
	for at := range d.rows {
		next[at] = d.rows[at].first
	}
	for i := range v.Len() {
		at := d.place[v.StemNumber(i)]
		r, w := &d.rows[at], v.Brief(i)
		d.words[next[at]] = int32(i)
		next[at]++
		r.docs += int32(w.Docs)
		r.joins = r.joins || w.Joined
		if !w.Glued && (r.best < 0 || w.Docs > v.Docs(int(r.best))) {
			r.best = int32(i)
		}
		if r.split < 0 && isCompound(v.Parts(i)) {
			r.split = int32(i)
		}
	}
	for i := range v.Len() {
		for _, p := range v.Parts(i) {
			r := &d.rows[d.place[p.Stem()]]
			r.joins, r.part = true, true
		}
	}
	for _, form := range v.Known() {
		at := d.find(v.Lookup(form).Stem)
		d.known[at] = append(d.known[at], form)
	}
	d.spell = sync.OnceValue(func() *spelling { return newSpelling(d) })
	go d.spell() // it takes a while, and is needed late
	return d
}

// layOut sorts the records and gives each the room for its words.
func (d *dictionary) layOut() {
	v := d.vocab
	n := v.Stems()
	keys, words := make([]string, n), make([]uint32, n)
	for i := range v.Len() {
		if stem := v.StemNumber(i); words[stem] == 0 {
			keys[stem] = analyze.StemForm(v.Form(i))
		}
		words[v.StemNumber(i)]++
	}
	for i := range v.Len() {
		for _, p := range v.Parts(i) {
			if stem := p.Stem(); keys[stem] == "" {
				keys[stem] = analyze.Bare(v.Stem(stem))
			}
		}
	}
	for _, form := range v.Known() {
		if stem := v.FindStem(v.Lookup(form).Stem); keys[stem] == "" {
			keys[stem] = analyze.StemForm(form)
		}
	}
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(keys[i], keys[j]), cmp.Compare(len(v.Stem(int(i))), len(v.Stem(int(j)))), cmp.Compare(v.Stem(int(i)), v.Stem(int(j))))
	})
	d.rows, d.place, d.words = make([]row, n), make([]int32, n), make([]int32, v.Len())
	first := uint32(0)
	for at, stem := range order {
		d.place[stem] = int32(at)
		d.rows[at] = row{number: stem, first: first, best: -1, split: -1, twin: keys[stem] != v.Stem(int(stem))}
		first += words[stem]
	}
}

// len is the number of records.
func (d *dictionary) len() int { return len(d.rows) }

// key is that of a record. Only a stem that keeps its umlaut is not its own.
func (d *dictionary) key(at int) string {
	stem := d.vocab.Stem(int(d.rows[at].number))
	if d.rows[at].twin {
		return analyze.Bare(stem)
	}
	return stem
}

func (d *dictionary) record(at int) record {
	return record{d.rows[at], d.key(at), d.vocab.Stem(int(d.rows[at].number)), at}
}

// wordsOf are the places of a record's words.
func (d *dictionary) wordsOf(at int) []int32 {
	end := uint32(len(d.words))
	if at+1 < len(d.rows) {
		end = d.rows[at+1].first
	}
	return d.words[d.rows[at].first:end]
}

// eachForm goes through the forms of a record, in order, and tells each's place
// in the vocabulary, -1 if no text has it.
func (d *dictionary) eachForm(at int, do func(form string, word int)) {
	words, known := d.wordsOf(at), d.known[at]
	for len(words)+len(known) > 0 {
		if len(words) == 0 || len(known) > 0 && known[0] < d.vocab.Form(int(words[0])) {
			do(known[0], -1)
			known = known[1:]
		} else {
			do(d.vocab.Form(int(words[0])), int(words[0]))
			words = words[1:]
		}
	}
}

// forms are those of a record, sorted.
func (d *dictionary) forms(r *record) (forms []string) {
	d.eachForm(r.at, func(form string, _ int) { forms = append(forms, form) })
	return forms
}

// formsOf are those of several records.
func (d *dictionary) formsOf(records []record) (forms []string) {
	for i := range records {
		forms = append(forms, d.forms(&records[i])...)
	}
	return forms
}

// best is the commonest form of a record, "" if none is written as one word.
func (d *dictionary) best(at int) string {
	if d.rows[at].best < 0 {
		return ""
	}
	return d.vocab.Form(int(d.rows[at].best))
}

// parts are the stems that a record is directly made of, if it is a compound.
func (d *dictionary) parts(r *record) (stems []string) {
	if r.split < 0 {
		return nil
	}
	for _, p := range d.vocab.Parts(int(r.split)) {
		if p.Level() == 1 {
			stems = append(stems, d.vocab.Stem(p.Stem()))
		}
	}
	return stems
}

// isCompound holds for the parts of two and more members.
func isCompound(parts []analyze.PartCode) bool {
	n := 0
	for _, p := range parts {
		if p.Level() == 1 {
			n++
		}
	}
	return n >= 2
}

// withKey returns the records of a key: none, one, or a word and its twin that
// differs by an umlaut.
func (d *dictionary) withKey(key string) (found []record) {
	for at := d.search(key); at < d.len() && d.key(at) == key; at++ {
		found = append(found, d.record(at))
	}
	return found
}

// search returns the first record whose key is not before another.
func (d *dictionary) search(key string) int {
	return sort.Search(d.len(), func(i int) bool { return d.key(i) >= key })
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
		if slices.Contains(d.forms(&found[i]), form) {
			best = i
			break
		}
		if found[i].twin && analyze.Umlaut(form) {
			best = i
		}
	}
	if len(found) > 1 {
		twin = &found[1-min(best, 1)]
	}
	return &found[best], twin
}

// find returns the place of a stem's record, -1 if there is none.
func (d *dictionary) find(stem string) int {
	if n := d.vocab.FindStem(stem); n >= 0 {
		return int(d.place[n])
	}
	return -1
}

// stem returns the record of a stem, nil if there is none.
func (d *dictionary) stem(stem string) *record {
	at := d.find(stem)
	if at < 0 {
		return nil
	}
	r := d.record(at)
	return &r
}

// derived returns the records that share the root of a key.
func (d *dictionary) derived(key string) (found []record) {
	for _, k := range analyze.Derivations(key) {
		for _, r := range d.withKey(k) {
			if len(d.wordsOf(r.at))+len(d.known[r.at]) > 0 {
				found = append(found, r)
			}
		}
	}
	return found
}

// begins returns the records whose key begins with prefix.
func (d *dictionary) begins(prefix string) (found []record) {
	for at := d.search(prefix); at < d.len() && strings.HasPrefix(d.key(at), prefix); at++ {
		found = append(found, d.record(at))
	}
	return found
}

// spelling finds words that are spelled alike. A typo stands in the first or
// in the second half of a word, so the right word is near it in the alphabet,
// or in the alphabet of words read backwards. Of both, only the block in which
// the typo would stand is looked through.
type spelling struct {
	dict  *dictionary
	words []int32 // places of words, by form
	back  []int32 // the same, by their reversed form
}

type spellWord struct {
	form, key string
	docs      int
}

// word is a word with what is known of its record.
func (s *spelling) word(place int32) spellWord {
	at := int(s.dict.place[s.dict.vocab.StemNumber(int(place))])
	return spellWord{s.form(place), s.dict.key(at), int(s.dict.rows[at].docs)}
}

func (s *spelling) form(place int32) string { return s.dict.vocab.Form(int(place)) }

const (
	spellBlock = 512 // words of a block
	spellEdge  = 64  // words of its neighbours that a block has as well
	spellLeast = 4   // letters of a word that typos are corrected in
	spellMost  = 9   // edits between forms of one word and what was typed
)

func newSpelling(d *dictionary) *spelling {
	s := &spelling{dict: d}
	least := d.vocab.MinDocs()
	if least < 3 {
		least = 1 // a small site has few words, and no rubbish that repeats
	}
	for i := range d.vocab.Len() { // in the order of forms
		r := &d.rows[d.place[d.vocab.StemNumber(i)]]
		if r.best == int32(i) && int(r.docs) >= least && isSpelled(d.vocab.Form(i)) {
			s.words = append(s.words, int32(i))
		}
	}
	s.back = slices.Clone(s.words)
	slices.SortFunc(s.back, func(a, b int32) int { return compareReversed(s.form(a), s.form(b)) })
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
func (s *spelling) near(form string) (found []spellWord) {
	n := len(s.words)
	if n == 0 {
		return nil
	}
	i := sort.Search(n, func(i int) bool { return s.form(s.words[i]) > form })
	from, to := block(i-1, n)
	for _, w := range s.words[from:to] {
		found = append(found, s.word(w))
	}
	i = sort.Search(n, func(i int) bool { return compareReversed(s.form(s.back[i]), form) > 0 })
	from, to = block(i-1, n)
	for _, w := range s.back[from:to] {
		found = append(found, s.word(w))
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
