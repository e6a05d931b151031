package index

import (
	"bytes"
	"math/bits"
	"slices"
)

// coder.go is an adaptive binary range coder, after G. N. N. Martin, "Range
// encoding" (1979), with the byte-wise carry of LZMA. Term shards are made of
// small numbers of many kinds; each kind has its own model, which learns while
// it codes, so a shard needs no tables and a number costs what it tells. The
// reader is search/client/coder.ts: whatever is rounded here is rounded there.

const (
	probBits  = 15        // of a probability
	probLeast = 16        // none is nearer to 0 or 1
	probSlow  = 30        // after so many bits a model learns no slower
	modelSize = 64        // probabilities of a model
	codeBits  = 12        // of a probability, where a bit is coded by it
	spanMost  = 1<<30 - 1 // with less, all numbers of the reader are small ones to JavaScript
	spanLeast = 1 << 22
	rawBits   = 16
)

// learning is by how much a probability follows a bit, by how many it has seen.
var learning = func() (rates [probSlow + 1]int32) {
	for n := range rates {
		rates[n] = int32((10 << probBits) / (10*n + 16))
	}
	return rates
}()

type probability struct {
	one  int32 // of a 1, in probBits
	seen int32
}

// encoder writes bits. Its zero value needs reset.
type encoder struct {
	out    output
	models []probability
	low    uint64
	span   uint32
	last   byte // waits for a carry
	wait   int  // bytes after last that wait with it, all 255
}

func (e *encoder) reset(models int) {
	e.out, e.low, e.span, e.last, e.wait = e.out[:0], 0, spanMost, 0, 0
	e.models = slices.Grow(e.models[:0], models*modelSize)[:models*modelSize]
	for i := range e.models {
		e.models[i] = probability{one: 1 << (probBits - 1)}
	}
}

func (e *encoder) bit(at int, one bool) {
	p := &e.models[at]
	part := e.span >> codeBits * uint32(p.one>>(probBits-codeBits))
	target := int32(0)
	if one {
		e.span, target = part, 1<<probBits
	} else {
		e.low += uint64(part)
		e.span -= part
	}
	p.one += (target - p.one) * learning[p.seen] >> probBits
	p.one = min(max(p.one, probLeast), 1<<probBits-probLeast)
	p.seen = min(p.seen+1, probSlow)
	e.normalize()
}

// raw writes the n lowest bits of x, about which nothing can be learned, rawBits
// of them at a time.
func (e *encoder) raw(x, n int) {
	for n > 0 {
		k := min(n, rawBits)
		n -= k
		e.span >>= k
		e.low += uint64(x>>n&(1<<k-1)) * uint64(e.span)
		e.normalize()
	}
}

// number writes a number of at most 32 bits: how many bits it has and which the
// second is as they are expected, the others as they are.
func (e *encoder) number(model, x int) {
	at, n := model*modelSize, bits.Len(uint(x)+1)-1
	for i := range n {
		e.bit(at+i, true)
	}
	e.bit(at+n, false)
	if n > 0 {
		e.bit(at+modelSize/2+n, (x+1)>>(n-1)&1 == 1)
		e.raw(x+1, n-1)
	}
}

// symbol writes a number of n bits, at most 6, whose values have little to do
// with one another.
func (e *encoder) symbol(model, x, n int) {
	node := 1
	for n--; n >= 0; n-- {
		one := x>>n&1 == 1
		e.bit(model*modelSize+node, one)
		if node <<= 1; one {
			node++
		}
	}
}

func (e *encoder) normalize() {
	for e.span < spanLeast {
		e.span <<= 8
		e.shift()
	}
}

// shift moves the highest byte of low out, unless a carry may still change it.
func (e *encoder) shift() {
	if e.low < 0xFF<<24 || e.low >= 1<<32 {
		carry := byte(e.low >> 32)
		e.out = append(e.out, e.last+carry)
		for ; e.wait > 0; e.wait-- {
			e.out = append(e.out, 0xFF+carry)
		}
		e.last = byte(e.low >> 24)
	} else {
		e.wait++
	}
	e.low = e.low & (1<<24 - 1) << 8
}

// end returns what was written, until the next reset. The reader takes what is
// missing at the end for zeros; the first byte comes before any bit and says
// nothing.
func (e *encoder) end() []byte {
	for range 5 {
		e.shift()
	}
	return bytes.TrimRight(e.out[1:], "\x00")
}
