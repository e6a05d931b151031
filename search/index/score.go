package index

import (
	"cmp"
	"math"
	"slices"
)

// score.go is the ranking: arithmetic over postings, no bleve and no language.
// The browser's engine repeats it line by line (search/client/rank.ts); whoever
// changes a number or a formula here changes it there.
//
// A query is a list of concepts, one for each word. A concept is matched in
// layers, from exact to approximate. For a document d:
//
//	tf(layer)  = Σ over the layer's terms of what their level in d stands for
//	concept(d) = Σ over layers: layer weight · layer idf · growth of tf/(tf+k1) that the layer adds
//	whole(d)   = Σ concepts · coverage^1.35
//	score(d)   = boost · (whole(d) + 0.4 of its best three passages (1, ½, ¼))
//	             + Σ idf · (titleBonus · cover + nameBonus if the query is a name of d)
//
// A compound in the query is also matched by its members: in one passage or
// name they are a layer of their own (the window), apart they are concepts
// whose sum counts if it is more than what the compound itself scores.
//
// Because layers add to one saturating curve, ten approximate matches never
// count more than their layer's weight, and an exact one always counts first.
// The first stage ranks all documents without passages and windows; the second
// ranks the best of them again with both.
// The numbers were tried on quality/queries.dev.jsonl; what they stand for is
// in quality/FINDINGS.md.

const (
	saturation    = 2.0 // k1 of BM25
	lengthEffect  = 0.75
	lengthCap     = 6.0 // times the average: very long texts are not punished further, nor rewarded
	coveragePower = 1.35
	passageShare  = 0.4
	memberShare   = 0.75 // of a compound that is matched by its members far apart
	titleBonus    = 1.4  // in units of the query's idf, for a title that is the query
	nameBonus     = 2.0  // the same for a whole title or abbreviation
	windowTF      = 1.0  // of all members in one passage
	windowNameTF  = 9.0  // of all members in one name
	candidates    = 200  // documents of the second stage
)

var fieldWeights = [numFields]float64{
	fieldTitle: 9, fieldAbbr: 6, fieldHeading: 2, fieldSummary: 4, fieldTags: 4, fieldBody: 1,
}

// Layer weights, by what kind of match it is.
const (
	weightExact    = 1.0
	weightStem     = 0.9
	weightJoined   = 0.9 // neighbouring words of the query as one word
	weightSynonym  = 0.8
	weightTypo     = 0.8
	weightPrefix   = 0.8 // the word being typed is not a word yet
	weightContinue = 0.8 // the word being typed is one, and may go on
	weightWindow   = 0.6
	weightDerived  = 0.5
	weightPart     = 0.5
	weightUmlaut   = 0.1 // Forderung is not Förderung
)

// layer is one way in which a concept can be matched.
type layer struct {
	weight   float64
	terms    []string
	window   bool        // no terms: counted from the members
	unmarked bool        // not shown in excerpts
	prefix   string      // no terms: all words that begin like this
	part     *record     // the term stands for compounds with it
	lists    [][]posting // of the terms
	idf      float64     // of what this layer and those before it match
	tf       []float64   // by ordinal
}

// concept is one word of the query.
type concept struct {
	layers  []layer
	members []*concept // of a compound that the query writes as one word
	idf     float64
}

// source says what matched: a layer of a concept, or of its member.
type source struct{ concept, member, layer int } // member: −1 for the concept itself

// named is a match in a name of a document, placed one in a passage.
type named struct {
	source
	nameHit
}

type placed struct {
	source
	passage int
}

// idf is BM25's weight of a concept that df of n documents have.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5))
}

// layered is concept(d) over the tf of each layer; quality is the weight of
// the best layer that matched.
func (c *concept) layered(tf func(layer int) float64) (score, quality float64) {
	total, before := 0.0, 0.0
	for i := range c.layers {
		x := tf(i)
		if x == 0 {
			continue
		}
		total += x
		now := total / (total + saturation)
		score += c.layers[i].weight * c.layers[i].idf * (now - before)
		quality = max(quality, c.layers[i].weight)
		before = now
	}
	return score, quality
}

// score is layered, or the sum of the members where that is more.
func (c *concept) score(tf func(member, layer int) float64) (score, quality float64) {
	score, quality = c.layered(func(l int) float64 { return tf(-1, l) })
	sum, best, all := 0.0, 0.0, 0.0
	for m, member := range c.members {
		s, q := member.layered(func(l int) float64 { return tf(m, l) })
		sum += s * memberShare
		best += q * member.idf
		all += member.idf
	}
	if all > 0 {
		score, quality = max(score, sum), max(quality, memberShare*best/all)
	}
	return score, quality
}

// scorer ranks documents for the concepts of one query.
type scorer struct {
	concepts []*concept
	weight   float64 // idf of the whole query
}

// combine adds up concepts and lowers the sum by the share of the query's
// weight that is missing.
func (s *scorer) combine(score func(concept int) (score, quality float64)) float64 {
	sum, matched := 0.0, 0.0
	for i, c := range s.concepts {
		x, quality := score(i)
		sum += x
		matched += quality * c.idf
	}
	if sum == 0 {
		return 0
	}
	return sum * math.Pow(matched/s.weight, coveragePower)
}

// whole scores one document by how often the query's words stand in it.
func (s *scorer) whole(ordinal int) float64 {
	return s.combine(func(i int) (float64, float64) {
		c := s.concepts[i]
		return c.score(func(m, l int) float64 {
			if m >= 0 {
				return c.members[m].layers[l].at(ordinal)
			}
			return c.layers[l].at(ordinal)
		})
	})
}

func (l *layer) at(ordinal int) float64 {
	if l.tf == nil {
		return 0
	}
	return l.tf[ordinal]
}

// first is the first stage for one document.
func (s *scorer) first(boost float64, ordinal int, names []named) float64 {
	return boost*s.whole(ordinal) + s.weight*s.nameBonus(names)
}

// second is the second stage, from the places where the query's words stand.
// It also names the best passage, −1 for none.
func (s *scorer) second(boost float64, ordinal int, names []named, places []placed) (score float64, passage int) {
	s.countWindows(ordinal, names, places)
	passages, passage := s.passages(places)
	return boost*(s.whole(ordinal)+passageShare*passages) + s.weight*s.nameBonus(names), passage
}

// passages scores each passage like a small document, adds up the best three
// (1, ½, ¼), and names the best. places are sorted.
func (s *scorer) passages(places []placed) (sum float64, passage int) {
	passage = -1
	var best [3]float64
	for i := 0; i < len(places); {
		from, at := i, places[i].passage
		for i < len(places) && places[i].passage == at {
			i++
		}
		x := s.passage(places[from:i])
		if x > best[0] {
			passage = at
		}
		for k := range best {
			if x > best[k] {
				x, best[k] = best[k], x
			}
		}
	}
	return best[0] + best[1]/2 + best[2]/4, passage
}

func (s *scorer) passage(places []placed) float64 {
	return s.combine(func(i int) (float64, float64) {
		return s.concepts[i].score(func(member, layer int) (tf float64) {
			for _, p := range places {
				if p.source == (source{i, member, layer}) {
					tf++
				}
			}
			return tf
		})
	})
}

func sortPlaces(places []placed) {
	slices.SortStableFunc(places, func(a, b placed) int { return cmp.Compare(a.passage, b.passage) })
}

// countWindows gives window layers their tf in this document: all members in
// one passage, or in one name.
func (s *scorer) countWindows(ordinal int, names []named, places []placed) {
	for i, c := range s.concepts {
		window := slices.IndexFunc(c.layers, func(l layer) bool { return l.window })
		if window < 0 {
			continue
		}
		tf := 0.0
		seen := map[int]int{} // passage → members, as bits
		for _, p := range places {
			if p.concept == i && p.member >= 0 {
				if seen[p.passage] |= 1 << p.member; seen[p.passage] == 1<<len(c.members)-1 {
					tf += windowTF
					seen[p.passage] = -1 // once
				}
			}
		}
		clear(seen)
		for _, n := range names {
			if n.concept == i && n.member >= 0 {
				if seen[n.name] |= 1 << n.member; seen[n.name] == 1<<len(c.members)-1 {
					tf += windowNameTF
					seen[n.name] = -1
				}
			}
		}
		c.layers[window].tf[ordinal] = tf
	}
}

// nameBonus tells how much a name of the document and the query are the same,
// in units of the query's weight.
func (s *scorer) nameBonus(names []named) (best float64) {
	for i := range names {
		if slices.ContainsFunc(names[:i], func(n named) bool { return n.name == names[i].name }) {
			continue
		}
		cover, whole := s.cover(names, names[i].nameHit)
		bonus := titleBonus * cover
		if whole {
			bonus += nameBonus
		}
		best = max(best, bonus)
	}
	return best
}

// cover is the share of the query that the name has, squared, times the square
// root of the share of the name that the query has; whole tells that name and
// query are the same words.
func (s *scorer) cover(names []named, name nameHit) (cover float64, whole bool) {
	matched := 0.0
	words := make([]float64, name.len) // how well each word of the name is matched
	for i, c := range s.concepts {
		matched += c.idf * c.inName(i, names, name.name, words)
	}
	covered := 0.0
	for _, w := range words {
		covered += min(1, w)
	}
	share, length := matched/s.weight, covered/float64(name.len)
	return share * share * math.Sqrt(length), share > 0.999 && length > 0.999
}

// inName returns how well a name matches the i-th concept, and adds to each of
// its words how well the concept matches that.
func (c *concept) inName(i int, names []named, name int, words []float64) float64 {
	own, members := 0.0, make([]float64, len(c.members))
	here := make([]float64, len(words))
	for _, n := range names {
		switch {
		case n.concept != i || n.name != name || n.pos >= len(words):
		case n.member < 0:
			w := c.layers[n.layer].weight
			own, here[n.pos] = max(own, w), max(here[n.pos], w)
		default:
			w := c.members[n.member].layers[n.layer].weight
			members[n.member], here[n.pos] = max(members[n.member], w), max(here[n.pos], w)
		}
	}
	for pos, w := range here {
		words[pos] += w
	}
	sum, all := 0.0, 0.0
	for k, m := range c.members {
		sum += members[k] * m.idf
		all += m.idf
	}
	if all > 0 {
		own = max(own, weightWindow*sum/all)
	}
	return own
}
