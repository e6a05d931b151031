package analyze

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Counter counts in how many documents each form occurs. It is not safe for
// concurrent use.
type Counter struct {
	forms  table
	counts []count
	shown  []string // by form: see Word
	docs   int
	places []int32 // in the vocabulary, by form
}

type count struct {
	docs                   int32
	small, joined, written bool
}

// NewCounter returns an empty counter.
func NewCounter() *Counter { return &Counter{} }

// AddDocument counts a document. Its forms follow.
func (c *Counter) AddDocument() { c.docs++ }

// Number returns the number of a form or of another term, which need not be a
// word of any text.
func (c *Counter) Number(form []byte) int {
	n, isNew := c.forms.add(hashOf(form), view(form))
	if isNew {
		c.counts = append(c.counts, count{})
	}
	return n
}

// Len returns how many numbers there are.
func (c *Counter) Len() int { return len(c.counts) }

// Place returns the place that a form has in the Vocabulary that was made, -1
// for what is no word.
func (c *Counter) Place(n int) int {
	if n < len(c.places) {
		return int(c.places[n])
	}
	return -1
}

// Term returns the term with a number.
func (c *Counter) Term(n int) string { return string(c.forms.at(n)) }

// Count adds a document to a form, and how it is written there. It keeps
// nothing of shown, which is Shape.Shown.
func (c *Counter) Count(n int, s Shape, shown []byte) {
	have := &c.counts[n]
	have.docs++
	have.small = have.small || s.Small
	have.joined = have.joined || s.Joined
	have.written = have.written || s.Written
	if len(shown) > 0 {
		for len(c.shown) <= n {
			c.shown = append(c.shown, "")
		}
		if string(shown) > c.shown[n] {
			c.shown[n] = string(shown)
		}
	}
}

// sorted returns the numbers of all forms that are words, by form.
func (c *Counter) sorted() []int32 {
	type item struct {
		head uint64 // the first eight bytes: enough to tell most forms apart
		n    int32
	}
	items := make([]item, 0, len(c.counts))
	for n := range c.counts {
		if c.counts[n].docs > 0 {
			var head [8]byte
			copy(head[:], c.forms.at(n))
			items = append(items, item{binary.BigEndian.Uint64(head[:]), int32(n)})
		}
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return cmp.Compare(view(c.forms.at(int(a.n))), view(c.forms.at(int(b.n))))
	})
	numbers := make([]int32, len(items))
	for i, it := range items {
		numbers[i] = it.n
	}
	return numbers
}
