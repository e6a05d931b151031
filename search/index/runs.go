package index

import "slices"

// runs are all postings, by partition of the terms. Each range of documents
// writes its own; together they are in the order of ordinals.
type runs struct {
	spill  *spill
	ranges [][]run // by range of documents, then by partition
}

// run is what one range has for one partition.
type run []extent

// runWriter takes the postings of a range of documents. For each it writes
//
//	uvarint  slot
//	uvarint  ordinal − that of the posting before
//	uvarint  bytes that follow
//	         the posting as a list has it, without a gap
type runWriter struct {
	*runs
	partitions []runBuffer
	body       output
}

type runBuffer struct {
	bytes output
	last  int // ordinal
	run   run
}

const runBytes = 16 << 10 // that are written at once

func (r *runs) writer() *runWriter { return &runWriter{runs: r} }

func (w *runWriter) add(place uint32, ordinal int, o *occurrence) error {
	if place == noPlace {
		return nil
	}
	partition := int(place >> slotBits)
	for len(w.partitions) <= partition {
		w.partitions = append(w.partitions, runBuffer{})
	}
	b := &w.partitions[partition]
	w.body = w.body[:0]
	w.body.head(0, levelOf(o.tf), o.names)
	w.body = append(w.body, o.where...)
	b.bytes.number(int(place & (1<<slotBits - 1)))
	b.bytes.number(ordinal - b.last)
	b.bytes.bytes(w.body)
	b.last = ordinal
	if len(b.bytes) < runBytes {
		return nil
	}
	return w.flush(b)
}

func (w *runWriter) flush(b *runBuffer) error {
	at, err := w.spill.append(b.bytes)
	b.run = append(b.run, at)
	b.bytes = b.bytes[:0]
	return err
}

// close ends a range of documents.
func (w *runWriter) close() (all []run, err error) {
	for i := range w.partitions {
		b := &w.partitions[i]
		if err == nil && len(b.bytes) > 0 {
			err = w.flush(b)
		}
		all = append(all, b.run)
		b.run, b.last = nil, 0
	}
	return all, err
}

// lists are those of a partition, one slot after the other. Making those of the
// next one uses their memory again.
type lists struct {
	bytes    output
	postings []listed
	slots    []listEnd

	buf     []byte
	entries []entry
	order   []int32
	next    []uint32
}

// listed is a posting of a list: what is asked of all postings can be answered
// without reading the list.
type listed struct {
	doc   int32
	head  byte   // level · 2 + 1 if there are names
	where uint32 // in bytes, what follows
}

func (l *listed) level() int { return int(l.head >> 1) }

// listEnd is where the list of a slot ends.
type listEnd struct{ bytes, postings uint32 }

// entry is a posting of a run.
type entry struct {
	slot, doc int32
	from, to  uint32 // in buf
}

func (l *lists) begin(slot int) listEnd {
	if slot == 0 {
		return listEnd{}
	}
	return l.slots[slot-1]
}

// at returns the list of a slot.
func (l *lists) at(slot int) []byte { return l.bytes[l.begin(slot).bytes:l.slots[slot].bytes] }

// docs returns how many documents it has.
func (l *lists) docs(slot int) int { return int(l.slots[slot].postings - l.begin(slot).postings) }

// make makes the lists of a partition of its runs.
func (l *lists) make(r *runs, partition, slots int) error {
	l.slots = cleared(l.slots, slots)
	if err := l.read(r, partition); err != nil {
		return err
	}
	l.sort()
	l.bytes, l.postings = l.bytes[:0], l.postings[:0]
	at := uint32(0)
	for slot := range l.slots {
		last := int32(0)
		for ; at < l.slots[slot].postings; at++ {
			e := &l.entries[l.order[at]]
			body := l.buf[e.from:e.to]
			l.bytes.number(int(e.doc-last)<<5 | int(body[0]))
			l.postings = append(l.postings, listed{e.doc, body[0], uint32(len(l.bytes))})
			l.bytes = append(l.bytes, body[1:]...)
			last = e.doc
		}
		l.slots[slot].bytes = uint32(len(l.bytes))
	}
	return nil
}

// read reads what the ranges of documents have for a partition, and counts it.
func (l *lists) read(r *runs, partition int) error {
	l.buf, l.entries = l.buf[:0], l.entries[:0]
	for _, rg := range r.ranges {
		if partition >= len(rg) {
			continue
		}
		from := len(l.buf)
		for _, at := range rg[partition] {
			l.buf = slices.Grow(l.buf, at.n)
			b, err := r.spill.read(at, l.buf[len(l.buf):])
			if err != nil {
				return err
			}
			l.buf = l.buf[:len(l.buf)+len(b)]
		}
		doc := int32(0)
		for in := (input{b: l.buf[from:]}); len(in.b) > 0; {
			e := entry{slot: int32(in.number())}
			doc += int32(in.number())
			n := in.count()
			e.doc, e.from = doc, uint32(len(l.buf)-len(in.b))
			e.to = e.from + uint32(n)
			in.b = in.b[n:]
			l.entries = append(l.entries, e)
			l.slots[e.slot].postings++
		}
	}
	return nil
}

// sort sorts by counting: entries of one slot stay in the order of documents.
func (l *lists) sort() {
	l.order, l.next = cleared(l.order, len(l.entries)), cleared(l.next, len(l.slots))
	end := uint32(0)
	for slot := range l.slots {
		l.next[slot] = end
		end += l.slots[slot].postings
		l.slots[slot].postings = end
	}
	for i := range l.entries {
		slot := l.entries[i].slot
		l.order[l.next[slot]] = int32(i)
		l.next[slot]++
	}
}

// cleared is s with n elements, all zero.
func cleared[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}
