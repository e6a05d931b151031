package index

import "encoding/binary"

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

// lists are those of a partition, by slot.
type lists struct {
	bytes []byte
	ends  []uint32
	docs  []int32 // of each list
}

func (l *lists) at(slot int) []byte {
	if slot == 0 {
		return l.bytes[:l.ends[0]]
	}
	return l.bytes[l.ends[slot-1]:l.ends[slot]]
}

// lists makes the lists of a partition of its runs: once for their lengths, and
// once more to write them.
func (r *runs) lists(partition, slots int) (*lists, error) {
	l := &lists{ends: make([]uint32, slots), docs: make([]int32, slots)}
	ranges, err := r.read(partition)
	if err != nil {
		return nil, err
	}
	last := make([]int, slots)
	each := func(do func(slot, gap int, body []byte)) {
		clear(last)
		for _, b := range ranges {
			doc := 0
			for in := (input{b: b}); len(in.b) > 0; {
				slot := in.number()
				doc += in.number()
				body := in.bytes()
				do(slot, doc-last[slot], body)
				last[slot] = doc
			}
		}
	}
	var head [binary.MaxVarintLen64]byte
	each(func(slot, gap int, body []byte) {
		l.ends[slot] += uint32(binary.PutUvarint(head[:], uint64(gap<<5|int(body[0]))) + len(body) - 1)
		l.docs[slot]++
	})
	at := make([]uint32, slots)
	end := uint32(0)
	for slot, n := range l.ends {
		at[slot] = end
		end += n
		l.ends[slot] = end
	}
	l.bytes = make([]byte, end)
	each(func(slot, gap int, body []byte) {
		to := l.bytes[at[slot]:]
		n := binary.PutUvarint(to, uint64(gap<<5|int(body[0])))
		at[slot] += uint32(n + copy(to[n:], body[1:]))
	})
	return l, nil
}

// read returns what the ranges of documents have for a partition.
func (r *runs) read(partition int) (ranges [][]byte, err error) {
	all := 0
	for _, rg := range r.ranges {
		if partition < len(rg) {
			for _, at := range rg[partition] {
				all += at.n
			}
		}
	}
	buf := make([]byte, all)
	for _, rg := range r.ranges {
		n := 0
		if partition < len(rg) {
			for _, at := range rg[partition] {
				if _, err := r.spill.read(at, buf[n:]); err != nil {
					return nil, err
				}
				n += at.n
			}
		}
		ranges, buf = append(ranges, buf[:n]), buf[n:]
	}
	return ranges, nil
}
