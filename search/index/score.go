package index

import (
	"cmp"
	"math"
	"slices"
)

// score.go is the ranking: arithmetic over counts and positions, no bleve and
// no language. The browser's engine repeats it line by line; whoever changes a
// number or a formula here changes it there.
//
// A query is a list of concepts, one for each word. A concept is matched in
// layers, from exact to approximate. For a document d:
//
//	tf(layer)  = Σ over fields: weight · count / (1 − b + b · min(length / average, cap))
//	concept(d) = Σ over layers: layer weight · layer idf · growth of tf/(tf+k1) that the layer adds
//	whole(d)   = Σ concepts · coverage^1.35
//	score(d)   = whole(d) + ⅓ of its best three sections (1, ½, ¼)
//	             + Σ idf · (titleBonus · titleCoverage + nameBonus if the query is its name)
//
// A compound in the query is also matched by its members: close together they
// are a layer of their own (the window), apart they are concepts whose sum
// counts if it is more than what the compound itself scores.
//
// Because layers add to one saturating curve, ten approximate matches never
// count more than their layer's weight, and an exact one always counts first.
// The first stage ranks all documents by whole(d) and needs counts only; the
// second ranks the best of them again by score(d) and needs the positions.
// The numbers were tried on quality/queries.dev.jsonl; what they stand for is
// in quality/FINDINGS.md.

const (
	saturation    = 2.0 // k1 of BM25
	lengthEffect  = 0.75
	lengthCap     = 6.0 // times the average: very long texts are not punished further, nor rewarded
	coveragePower = 1.35
	sectionShare  = 1.0 / 3
	memberShare   = 0.75 // of a compound that is matched by its members far apart
	titleBonus    = 1.4  // in units of the query's idf, for a title that is the query
	nameBonus     = 2.0  // the same for a whole title or abbreviation
	windowWords   = 6    // members this close count like the compound
	sectionLength = 150  // words of a usual section
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
	weight float64
	terms  []string
	window bool      // no terms: counted from the members' positions
	phrase *phrase   // no terms: found already
	idf    float64   // of what this layer and those before it match
	tf     []float64 // by ordinal
}

// concept is one word of the query, or one phrase.
type concept struct {
	layers  []layer
	members []*concept // of a compound that the query writes as one word
	idf     float64
}

// occurrence is a place where a concept stands in a document.
type occurrence struct {
	pos, concept, layer int
	member              int // of the concept, −1 for the concept itself
}

// idf is BM25's weight of a concept that df of n documents have.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5))
}

// fieldTF is what count occurrences in one field add to tf.
func fieldTF(f field, count, length int, average float64) float64 {
	norm := 1.0
	if average > 0 {
		norm = 1 - lengthEffect + lengthEffect*min(float64(length)/average, lengthCap)
	}
	return fieldWeights[f] * float64(count) / norm
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
func (c *concept) score(own func(layer int) float64, members func(member, layer int) float64) (score, quality float64) {
	score, quality = c.layered(own)
	sum, best, all := 0.0, 0.0, 0.0
	for m, member := range c.members {
		s, q := member.layered(func(l int) float64 { return members(m, l) })
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
	average  [numFields]float64 // length of each field
}

// weight is the idf of the whole query.
func (s *scorer) weight() (all float64) {
	for _, c := range s.concepts {
		all += c.idf
	}
	return all
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
	return sum * math.Pow(matched/s.weight(), coveragePower)
}

// whole is the first stage for one document.
func (s *scorer) whole(ordinal int) float64 {
	return s.combine(func(i int) (float64, float64) {
		c := s.concepts[i]
		return c.score(
			func(l int) float64 { return c.layers[l].at(ordinal) },
			func(m, l int) float64 { return c.members[m].layers[l].at(ordinal) })
	})
}

func (l *layer) at(ordinal int) float64 {
	if l.tf == nil {
		return 0
	}
	return l.tf[ordinal]
}

// detail is the second stage for one document, from the places where the
// query's words stand in it. It also names the best section, −1 for none.
func (s *scorer) detail(m *docMeta, ordinal int, named bool, places []occurrence) (score float64, section int) {
	sortPlaces(places)
	places = s.withWindows(places)
	s.countWindows(m, ordinal, places)
	sections, section := s.sections(m, places)
	bonus := titleBonus * s.titleCoverage(m, places)
	if named {
		bonus += nameBonus
	}
	return m.Boost*(s.whole(ordinal)+sectionShare*sections) + s.weight()*bonus, section
}

// sections scores each section like a small document, adds up the best three
// (1, ½, ¼), and names the best.
func (s *scorer) sections(m *docMeta, places []occurrence) (sum float64, section int) {
	section = -1
	var best [3]float64
	for i := 0; i < len(places); {
		here, from := m.section(places[i].pos), i
		for i < len(places) && m.section(places[i].pos) == here {
			i++
		}
		if here < 0 {
			continue
		}
		x := s.section(m, here, places[from:i])
		if x > best[0] {
			section = here
		}
		for k := range best {
			if x > best[k] {
				x, best[k] = best[k], x
			}
		}
	}
	return best[0] + best[1]/2 + best[2]/4, section
}

func (s *scorer) section(m *docMeta, section int, places []occurrence) float64 {
	end := m.End
	if section+1 < len(m.Starts) {
		end = m.Starts[section+1]
	}
	once := fieldTF(fieldBody, 1, end-m.Starts[section], sectionLength)
	return s.combine(func(i int) (float64, float64) {
		count := func(member, layer int) (tf float64) {
			for _, p := range places {
				if p.concept == i && p.member == member && p.layer == layer {
					tf += once
				}
			}
			return tf
		}
		return s.concepts[i].score(func(l int) float64 { return count(-1, l) }, count)
	})
}

func sortPlaces(places []occurrence) {
	slices.SortFunc(places, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.pos, b.pos), cmp.Compare(a.concept, b.concept),
			cmp.Compare(a.member, b.member), cmp.Compare(a.layer, b.layer))
	})
}

// withWindows adds an occurrence of a compound wherever all its members stand
// within a few words.
func (s *scorer) withWindows(places []occurrence) []occurrence {
	known := len(places)
	for i, c := range s.concepts {
		window := slices.IndexFunc(c.layers, func(l layer) bool { return l.window })
		if window < 0 {
			continue
		}
		const never = -1 << 30
		last := slices.Repeat([]int{never}, len(c.members)) // the last place of each member
		for _, p := range places[:known] {
			if p.concept != i || p.member < 0 {
				continue
			}
			last[p.member] = p.pos
			if p.pos-slices.Min(last) <= windowWords {
				places = append(places, occurrence{pos: p.pos, concept: i, layer: window, member: -1})
				last = slices.Repeat([]int{never}, len(c.members))
			}
		}
	}
	if len(places) > known {
		sortPlaces(places)
	}
	return places
}

// countWindows gives window layers their tf in this document.
func (s *scorer) countWindows(m *docMeta, ordinal int, places []occurrence) {
	for _, p := range places {
		if l := &s.concepts[p.concept].layers[p.layer]; p.member < 0 && l.window {
			f := m.fieldAt(p.pos)
			l.tf[ordinal] += fieldTF(f, 1, m.Len[f], s.average[f])
		}
	}
}

// titleCoverage tells how much the title and the query are the same: the share
// of the query that the title has, squared, times the square root of the share
// of the title that the query has.
func (s *scorer) titleCoverage(m *docMeta, places []occurrence) float64 {
	end, _ := slices.BinarySearchFunc(places, m.TitleEnd, func(p occurrence, pos int) int { return cmp.Compare(p.pos, pos) })
	if end == 0 || m.Len[fieldTitle] == 0 {
		return 0
	}
	matched := 0.0
	words := make([]float64, m.TitleEnd) // how well each word of the title is matched
	for i, c := range s.concepts {
		matched += c.idf * c.inTitle(i, places[:end], words)
	}
	title := 0.0
	for _, w := range words {
		title += min(1, w)
	}
	share := matched / s.weight()
	return share * share * math.Sqrt(min(1, title/float64(m.Len[fieldTitle])))
}

// inTitle returns how well the title matches the i-th concept, and adds to
// each of its words how well the concept matches that.
func (c *concept) inTitle(i int, places []occurrence, words []float64) float64 {
	own, members := 0.0, make([]float64, len(c.members))
	here := make([]float64, len(words))
	for _, p := range places {
		switch {
		case p.concept != i:
		case p.member < 0:
			w := c.layers[p.layer].weight
			own, here[p.pos] = max(own, w), max(here[p.pos], w)
		default:
			w := c.members[p.member].layers[p.layer].weight
			members[p.member], here[p.pos] = max(members[p.member], w), max(here[p.pos], w)
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
