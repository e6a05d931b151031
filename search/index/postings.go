package index

import (
	"errors"
	"math"
)

// posting is a term's occurrences in one document.
type posting struct {
	doc      int
	level    int       // how much the term weighs in the document, 1 … maxLevel
	all      bool      // stands in too many passages to tell
	names    []nameHit // in its title, abbreviations and aliases
	passages []int     // ascending
}

// nameHit is a place in a name. Stop words do not count.
type nameHit struct {
	name int // 0: the title
	pos  int // from 0
	len  int // of the name
}

// Levels are tf on the scale on which it saturates, in even steps: all that
// ranking needs of it, in four bits.
const (
	levelBits = 4
	maxLevel  = 1<<levelBits - 1
)

func levelOf(tf float64) int {
	return min(max(int(math.Round(tf/(tf+saturation)*(maxLevel+1))), 1), maxLevel)
}

func tfOf(level int) float64 {
	x := float64(level) / (maxLevel + 1)
	return saturation * x / (1 - x)
}

// A term that stands all over a document says little by where it stands: from
// manyPassages on its posting has none, and manyPassages for their number.
const manyPassages = 9

const maxNames = 6 // of a posting

// A list is a term's postings, as the shards have them: for each document
//
//	uvarint  (ordinal − the one before) · 32 + level · 2 + (1 if there are names)
//	         names: uvarint count, then for each uvarint name, pos, len
//	uvarint  passages, then each as uvarint (passage − the one before);
//	         manyPassages stands for more than can be told

// head appends the beginning of a posting, gap ordinals behind the one before.
func (o *output) head(gap, level int, names []nameHit) {
	names = names[:min(len(names), maxNames)]
	head := gap<<5 | level<<1
	if len(names) > 0 {
		head |= 1
	}
	o.number(head)
	if len(names) > 0 {
		o.number(len(names))
		for _, n := range names {
			o.number(n.name)
			o.number(n.pos)
			o.number(n.len)
		}
	}
}

var errPostings = errors.New("index: broken postings")

// listInput reads a list.
type listInput struct {
	input
	doc   int
	level int
	named bool
}

// head reads which document a posting is of, and how much the term weighs there.
// skip or rest must follow.
func (in *listInput) head() {
	head := in.number()
	in.doc += head >> 5
	in.level, in.named = head>>1&maxLevel, head&1 == 1
}

func (in *listInput) skip() {
	if in.named {
		for range 3 * in.count() {
			in.number()
		}
	}
	if n := in.number(); n != manyPassages {
		for range min(n, len(in.b)) {
			in.number()
		}
	}
}

// rest reads where the term stands, behind what p has already.
func (in *listInput) rest(p *posting) {
	if in.named {
		for range in.count() {
			p.names = append(p.names, nameHit{in.number(), in.number(), in.number()})
		}
	}
	last, n := 0, in.number()
	if n == manyPassages {
		return
	}
	p.all = false
	for range min(n, len(in.b)) {
		last += in.number()
		p.passages = append(p.passages, last)
	}
}

// decode reads a whole list.
func decode(b []byte) (postings []posting, err error) {
	in := listInput{input: input{b: b}}
	for len(in.b) > 0 {
		in.head()
		p := posting{doc: in.doc, level: in.level, all: true}
		in.rest(&p)
		postings = append(postings, p)
	}
	if in.bad {
		return postings, errPostings
	}
	return postings, nil
}

// encode makes a list of postings.
func encode(postings []posting) (o output) {
	ordinal := 0
	for _, p := range postings {
		o.head(p.doc-ordinal, p.level, p.names)
		ordinal = p.doc
		if p.all {
			o.number(manyPassages)
			continue
		}
		o.number(len(p.passages))
		last := 0
		for _, at := range p.passages {
			o.number(at - last)
			last = at
		}
	}
	return o
}
