package analyze

import (
	"math"
	"slices"
	"strings"
)

// Splitter parts German compounds. A word is split only if members cover it
// from end to end, each one attested by the vocabulary, with nothing between
// them but a linking element. Of several ways the one with the fewest members
// wins, then the one with the fewest liberties, then the commonest members.
//
// It keeps no state: the caller asks once per form.
type Splitter struct{ vocab *Vocabulary }

// NewSplitter returns a splitter over a vocabulary.
func NewSplitter(v *Vocabulary) *Splitter { return &Splitter{v} }

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

// way is the cheapest cover of the first bytes of a word.
type way struct {
	cost   float64
	from   int     // where its last member begins
	member string  // as the vocabulary has it
	count  int     // members
	log    float64 // sum of the logarithms of their documents
}

// Split returns the members of a compound, as forms, and nil for any other
// word. Members may be compounds themselves.
func (s *Splitter) Split(form string) []string {
	n := len(form)
	if n < 7 || n > maxForm || isDigit(form[0]) || IsStop(form) {
		return nil
	}
	best := make([]way, n+1)
	for end := 3; end <= n; end++ {
		best[end] = s.cover(form, end, best)
	}
	last := best[n]
	if last.count < 2 || !s.commoner(last, form) {
		return nil
	}
	var members []string
	for end := n; end > 0; {
		w := best[end]
		members = append(members, w.member)
		end = w.from
	}
	slices.Reverse(members)
	return members
}

// commoner holds if the members are, in the geometric mean, commoner than the
// word: Verordnung is not a kind of Ordnung. A word that is hardly attested
// needs no such proof.
func (s *Splitter) commoner(w way, form string) bool {
	docs := s.vocab.commonness(form)
	return docs <= s.vocab.minDF || w.log/float64(w.count) > math.Log(float64(docs))
}

// cover finds the cheapest way to cover form[:end].
func (s *Splitter) cover(form string, end int, best []way) way {
	var cheapest way
	for from := 0; from <= end-3; from++ {
		before := best[from]
		if from > 0 && (before.count == 0 || before.count >= maxMembers) || from == 0 && end == len(form) {
			continue
		}
		member, cost, docs := s.read(form[from:end], end == len(form))
		if docs == 0 {
			continue
		}
		w := way{
			cost: before.cost + cost, from: from, member: member,
			count: before.count + 1, log: before.log + math.Log(float64(docs)),
		}
		if cheapest.count == 0 || w.cost < cheapest.cost {
			cheapest = w
		}
	}
	return cheapest
}

// read takes a stretch of a word for one member with its linking element; the
// last member has none.
func (s *Splitter) read(stretch string, last bool) (member string, cost float64, docs int) {
	cost = math.Inf(1)
	try := func(candidate string, liberty float64) {
		d := s.vocab.member(candidate)
		if d == 0 {
			return
		}
		c := costMember + liberty + costRare*max(0, 16-math.Log2(float64(d)))
		if len(candidate) < 4 {
			c += costShort
		}
		if c < cost {
			member, cost, docs = candidate, c, d
		}
	}
	try(stretch, 0)
	if last {
		return member, cost, docs
	}
	for _, link := range links[1:] {
		if stem, ok := strings.CutSuffix(stretch, link); ok && len(stem) >= 3 {
			try(stem, costLink)
		}
	}
	if len(stretch) >= 4 {
		try(stretch+"e", costClipped)
	}
	return member, cost, docs
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
