package analyze

import (
	"slices"
	"unsafe"
)

// table numbers strings in the order in which they come. It holds them in one
// piece of memory, so that half a million forms are no burden to the collector.
// A string once in it does not change until reset.
type table struct {
	text  []byte
	ends  []uint32 // of each string in text
	slots []uint64 // hash and number + 1; 0 is free
	spare []uint64 // memory for slots
}

const (
	tableLeast = 1 << 10 // slots
	tableSpare = 1 << 16 // up to so many, memory is kept for the next table
)

// reset empties the table and keeps its memory.
func (t *table) reset() {
	t.text, t.ends = t.text[:0], t.ends[:0]
	t.slots = t.slots[:min(len(t.slots), tableLeast)]
	clear(t.slots)
}

// reserve makes room for about n strings.
func (t *table) reserve(n int) {
	size := tableLeast
	for 3*n >= 2*size {
		size *= 2
	}
	t.slots, t.ends = make([]uint64, size), make([]uint32, 0, n)
	t.text = make([]byte, 0, 12*n)
}

func (t *table) len() int { return len(t.ends) }

func (t *table) at(n int) []byte {
	from := uint32(0)
	if n > 0 {
		from = t.ends[n-1]
	}
	return t.text[from:t.ends[n]]
}

// find returns the number of a string, -1 if it has none.
func (t *table) find(hash uint32, s string) int {
	if len(t.slots) == 0 {
		return -1
	}
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			return -1
		}
		if n := int(uint32(slot)) - 1; uint32(slot>>32) == hash && string(t.at(n)) == s {
			return n
		}
	}
}

// add returns the number of a string, and whether the string is new.
func (t *table) add(hash uint32, s string) (n int, isNew bool) {
	if n := t.find(hash, s); n >= 0 {
		return n, false
	}
	if 3*len(t.ends) >= 2*len(t.slots) {
		t.grow()
	}
	t.text = append(t.text, s...)
	t.ends = append(t.ends, uint32(len(t.text)))
	t.put(uint64(hash)<<32 | uint64(len(t.ends)))
	return len(t.ends) - 1, true
}

func (t *table) put(slot uint64) {
	mask := uint32(len(t.slots) - 1)
	i := uint32(slot>>32) & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = slot
}

func (t *table) grow() {
	old := t.slots
	size := max(tableLeast, 2*len(old))
	t.slots = slices.Grow(t.spare[:0], size)[:size]
	clear(t.slots)
	for _, slot := range old {
		if slot != 0 {
			t.put(slot)
		}
	}
	if t.spare = nil; size <= tableSpare {
		t.spare = old[:0]
	}
}

const (
	hashStart = 14695981039346656037 // FNV-1a
	hashPrime = 1099511628211
)

func hashOf[T string | []byte](s T) uint32 {
	h := uint64(hashStart)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return hashEnd(h)
}

func hashEnd(h uint64) uint32 { return uint32(h ^ h>>32) }

// view is b as a string, without a copy: only to look something up by.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
