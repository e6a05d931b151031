package index

import (
	"encoding/binary"
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
const maxLevel = 15

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

// list is a term's postings, encoded as the shards have them: for each
// document
//
//	uvarint  (ordinal − the one before) · 32 + level · 2 + (1 if there are names)
//	         names: uvarint count, then for each uvarint name, pos, len
//	uvarint  passages, then each as uvarint (passage − the one before);
//	         manyPassages stands for more than can be told
type list struct {
	bytes []byte
	docs  int
	last  int // ordinal
}

func (l *list) add(p posting) {
	head := (p.doc-l.last)<<5 | p.level<<1
	if len(p.names) > 0 {
		head |= 1
	}
	l.bytes = binary.AppendUvarint(l.bytes, uint64(head))
	if names := p.names[:min(len(p.names), maxNames)]; len(names) > 0 {
		l.bytes = binary.AppendUvarint(l.bytes, uint64(len(names)))
		for _, n := range names {
			for _, x := range [...]int{n.name, n.pos, n.len} {
				l.bytes = binary.AppendUvarint(l.bytes, uint64(x))
			}
		}
	}
	if p.all || len(p.passages) >= manyPassages {
		p.passages = nil
		l.bytes = append(l.bytes, manyPassages)
	} else {
		l.bytes = append(l.bytes, byte(len(p.passages)))
	}
	last := 0
	for _, at := range p.passages {
		l.bytes = binary.AppendUvarint(l.bytes, uint64(at-last))
		last = at
	}
	l.docs++
	l.last = p.doc
}

var errPostings = errors.New("index: broken postings")

// decode reads a list back.
func decode(b []byte) (postings []posting, err error) {
	next := func() int {
		x, n := binary.Uvarint(b)
		if n <= 0 || x > math.MaxInt32 {
			err, b = errPostings, nil
			return 0
		}
		b = b[n:]
		return int(x)
	}
	doc := 0
	for len(b) > 0 {
		head := next()
		doc += head >> 5
		p := posting{doc: doc, level: head >> 1 & maxLevel}
		if head&1 == 1 {
			for range min(next(), len(b)) {
				p.names = append(p.names, nameHit{next(), next(), next()})
			}
		}
		last, n := 0, next()
		if p.all = n == manyPassages; p.all {
			n = 0
		}
		for range min(n, len(b)) {
			last += next()
			p.passages = append(p.passages, last)
		}
		postings = append(postings, p)
	}
	return postings, err
}

// encode makes a list of postings.
func encode(postings []posting) []byte {
	var l list
	for _, p := range postings {
		l.add(p)
	}
	return l.bytes
}
