package analyze

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strings"
)

// What a way of splitting costs. A member more costs more than any liberty.
const (
	costMember  = 100.0
	costLink    = 4.0  // Arbeit-s-zeit
	costClipped = 8.0  // Sprach(e)kurs
	costShort   = 12.0 // a member of three letters
	costRare    = 1.0  // per halving of the member's documents
)

const maxMembers = 6

var links = [...]string{"", "s", "es", "n", "en", "er", "e"}

// Splitter parts German compounds. A word is split only if members cover it
// from end to end, each one attested by the vocabulary, with nothing between
// them but a linking element. Of several ways the one with the fewest members
// wins, then the one with the fewest liberties, then the commonest members.
//
// It keeps no state: the caller asks once per form.
type Splitter struct{ *lexicon }

// NewSplitter returns a splitter over a vocabulary.
func NewSplitter(v *Vocabulary) *Splitter { return &Splitter{v.lexicon} }

// Split returns the members of a compound, as forms, and nil for any other
// word. Members may be compounds themselves.
func (s *Splitter) Split(form string) (members []string) {
	for _, m := range s.split(nil, form, s.vocab.Find(form)) {
		members = append(members, s.form(m))
	}
	return members
}

// lexicon holds what can be a member of compounds, as a tree of letters, so that
// all members that begin at one letter of a word are found in one go.
type lexicon struct {
	vocab   *Vocabulary
	known   []string // members that no text has
	members []member // sorted by form
	// Nodes are numbered by depth, then in the order of members, so that the
	// children of a node stand together, from first[n] to first[n+1].
	letters []byte // that leads to the node
	first   []uint32
	ends    []int32 // the member that ends at the node, -1 for none
}

type member struct {
	word  int32   // its place in the vocabulary; if no text has it, -1 minus that in known
	stem  int32   // its number
	rare  float64 // what it costs to be rare
	short float64 // what it costs to be short
	log   float64 // the logarithm of its documents
}

func newLexicon(v *Vocabulary) *lexicon {
	l := &lexicon{vocab: v, known: v.unattested()}
	add := func(form string, word int, stem int32) {
		docs := float64(max(v.commonness(form, max(word, -1)), v.minDF))
		m := member{word: int32(word), stem: stem, rare: costRare * max(0, 16-math.Log2(docs)), log: math.Log(docs)}
		if len(form) < 4 {
			m.short = costShort
		}
		l.members = append(l.members, m)
	}
	next := 0
	known := func(before string, all bool) {
		for ; next < len(l.known) && (all || l.known[next] < before); next++ {
			form := l.known[next]
			add(form, -1-next, v.stemNumber(v.stemOf(form)))
		}
	}
	for i := range v.Len() {
		if form := v.Form(i); v.mayBeMember(form, i) {
			known(form, false)
			add(form, i, v.stem[i])
		}
	}
	known("", true)
	l.grow()
	return l
}

// unattested are the forms that can be members of compounds although no text
// has them, sorted.
func (v *Vocabulary) unattested() []string {
	known := map[string]bool{}
	for _, set := range [...]map[string]bool{v.extra, members} {
		for form := range set {
			if v.Find(form) < 0 && v.mayBeMember(form, -1) {
				known[form] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// form is that of a member.
func (l *lexicon) form(m int32) string {
	if w := l.members[m].word; w < 0 {
		return l.known[-1-w]
	}
	return l.vocab.Form(int(l.members[m].word))
}

// Members tells of each word whether it can be a member of compounds.
func (l *lexicon) Members() []bool {
	can := make([]bool, l.vocab.Len())
	for _, m := range l.members {
		if m.word >= 0 {
			can[m.word] = true
		}
	}
	return can
}

// grow makes the tree.
func (l *lexicon) grow() {
	type run struct{ from, to, depth int32 } // of members with the same beginning
	level := make([]run, 1, 1+4*len(l.members))
	level[0] = run{0, int32(len(l.members)), 0}
	l.letters = []byte{0}
	for n := 0; n < len(level); n++ {
		r := level[n]
		end := int32(-1)
		if r.from < r.to && len(l.form(r.from)) == int(r.depth) {
			end = r.from
			r.from++
		}
		l.ends, l.first = append(l.ends, end), append(l.first, uint32(len(level)))
		for from := r.from; from < r.to; {
			to, letter := from+1, l.form(from)[r.depth]
			for to < r.to && l.form(to)[r.depth] == letter {
				to++
			}
			level, l.letters = append(level, run{from, to, r.depth + 1}), append(l.letters, letter)
			from = to
		}
	}
	l.first = append(l.first, uint32(len(level)))
}

// child returns the node that a letter leads to, 0 if there is none.
func (l *lexicon) child(node uint32, letter byte) uint32 {
	from, to := l.first[node], l.first[node+1]
	if to-from > 8 {
		if i := bytes.IndexByte(l.letters[from:to], letter); i >= 0 {
			return from + uint32(i)
		}
		return 0
	}
	for n := from; n < to; n++ { // most have one or two
		if l.letters[n] == letter {
			return n
		}
	}
	return 0
}

// way is the cheapest cover of the first bytes of a word.
type way struct {
	cost   float64
	log    float64 // sum of the logarithms of the members' documents
	member int32   // the last one
	from   int16   // where it begins
	count  int16   // members
}

// split appends the members of a compound to all, nothing for any other word;
// word is its place in the vocabulary, or -1.
func (l *lexicon) split(all []int32, form string, word int) []int32 {
	n := len(form)
	if n < 7 || n > maxForm || isDigit(form[0]) || IsStop(form) {
		return all
	}
	var buffer [maxForm + 1]way
	best := buffer[:n+1]
	var taken [maxForm + 1]reading
	for from := 0; from <= n-3; from++ {
		if from == 0 || best[from].count > 0 && best[from].count < maxMembers {
			l.cover(form, from, best, &taken)
		}
	}
	last := best[n]
	if last.count < 2 || !l.commoner(last, form, word) {
		return all
	}
	before := len(all)
	for end := n; end > 0; end = int(best[end].from) {
		all = append(all, best[end].member)
	}
	slices.Reverse(all[before:])
	return all
}

func (l *lexicon) splitMember(m int32) []int32 {
	return l.split(nil, l.form(m), max(-1, int(l.members[m].word)))
}

// commoner holds if the members are, in the geometric mean, commoner than the
// word: Verordnung is not a kind of Ordnung. A word that is hardly attested
// needs no such proof.
func (l *lexicon) commoner(w way, form string, word int) bool {
	docs := l.vocab.commonness(form, word)
	return docs <= l.vocab.minDF || w.log/float64(w.count) > math.Log(float64(docs))
}

// cover goes on from one letter with every member that begins there: as it is,
// with a linking element, with the e that was clipped. The last member of a
// word has none of these, and the word is not its own member. taken, by where a
// member ends, is empty before and after.
func (l *lexicon) cover(form string, from int, best []way, taken *[maxForm + 1]reading) {
	most := 0
	take := func(end int, m int32, liberty float64, rank int8) {
		cost, r := costMember+liberty+l.members[m].rare+l.members[m].short, &taken[end]
		if r.rank == 0 || cost < r.cost || cost == r.cost && rank < r.rank {
			*r = reading{cost, m, rank}
		}
		most = max(most, end)
	}
	node := uint32(0)
	for end := from; ; {
		if m := l.ends[node]; m >= 0 {
			if from > 0 || end < len(form) {
				take(end, m, 0, 1)
			}
			for i, link := range links[1:] {
				if strings.HasPrefix(form[end:], link) && end+len(link) < len(form) {
					take(end+len(link), m, costLink, int8(i+2))
				}
			}
		}
		if end-from >= 4 && end < len(form) {
			if e := l.child(node, 'e'); e > 0 && l.ends[e] >= 0 {
				take(end, l.ends[e], costClipped, int8(len(links)+1))
			}
		}
		if end == len(form) {
			break
		}
		if node = l.child(node, form[end]); node == 0 {
			break
		}
		end++
	}
	before := best[from]
	for end := from + 3; end <= most; end++ {
		r := &taken[end]
		if w := &best[end]; r.rank > 0 && (w.count == 0 || before.cost+r.cost < w.cost) {
			*w = way{cost: before.cost + r.cost, log: before.log + l.members[r.member].log, member: r.member, from: int16(from), count: before.count + 1}
		}
		*r = reading{}
	}
}

// reading is how a stretch of a word is best taken for one member; of those
// that cost the same, the first by rank.
type reading struct {
	cost   float64
	member int32
	rank   int8 // from 1: as it is, with each linking element, clipped
}

// appendParts appends the stems of members and of their own members.
func (l *lexicon) appendParts(all []PartCode, members []int32, split func(member int32) []int32) []PartCode {
	first := len(all)
	var add func(members []int32, level int)
	add = func(members []int32, level int) {
		for _, m := range members {
			stem := l.members[m].stem
			if !slices.ContainsFunc(all[first:], func(p PartCode) bool { return p.Stem() == int(stem) }) {
				all = append(all, partCode(stem, level))
			}
			if level < 3 {
				add(split(m), level+1)
			}
		}
	}
	add(members, 1)
	return all
}

// Reading is a way to take the beginning of a word for its first member.
type Reading struct {
	Form string
	Cost float64
}

// Members returns the forms that a stretch at the beginning of a compound may
// stand for: itself, without a linking element, with the e that was clipped.
func Members(stretch string) (all []Reading) {
	all = append(all, Reading{stretch, 0})
	for _, link := range links[1:] {
		if form, ok := strings.CutSuffix(stretch, link); ok && len(form) >= 3 {
			all = append(all, Reading{form, costLink})
		}
	}
	if len(stretch) >= 4 {
		all = append(all, Reading{stretch + "e", costClipped})
	}
	return all
}

// CostShort is what a member of three letters costs.
const CostShort = costShort

// Rarity is what a member costs that so many documents attest.
func Rarity(docs int) float64 {
	return costRare * max(0, 16-math.Round(16*math.Log2(float64(docs)))/16) // rounded: logarithms differ in their last bit
}
