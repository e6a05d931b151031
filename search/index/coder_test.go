package index

import (
	"math/rand/v2"
	"testing"
)

// decoder reads what encoder wrote, as search/client/coder.ts does.
type decoder struct {
	in         []byte
	models     []probability
	code, span uint32
}

func newDecoder(in []byte, models int) *decoder {
	d := &decoder{in: in, models: make([]probability, models*modelSize), span: spanMost}
	for i := range d.models {
		d.models[i].one = 1 << (probBits - 1)
	}
	for range 4 {
		d.next()
	}
	return d
}

func (d *decoder) next() {
	d.code <<= 8
	if len(d.in) > 0 {
		d.code |= uint32(d.in[0])
		d.in = d.in[1:]
	}
}

func (d *decoder) half(part uint32) bool {
	one := d.code < part
	if one {
		d.span = part
	} else {
		d.code -= part
		d.span -= part
	}
	for ; d.span < spanLeast; d.span <<= 8 {
		d.next()
	}
	return one
}

func (d *decoder) bit(at int) bool {
	p := &d.models[at]
	one, target := d.half(d.span>>codeBits*uint32(p.one>>(probBits-codeBits))), int32(0)
	if one {
		target = 1 << probBits
	}
	p.one = min(max(p.one+((target-p.one)*learning[p.seen]>>probBits), probLeast), 1<<probBits-probLeast)
	p.seen = min(p.seen+1, probSlow)
	return one
}

func (d *decoder) raw(n int) (x int) {
	for n > 0 {
		k := min(n, rawBits)
		n -= k
		d.span >>= k
		part := min(d.code/d.span, 1<<k-1)
		d.code -= part * d.span
		x = x<<k | int(part)
		for ; d.span < spanLeast; d.span <<= 8 {
			d.next()
		}
	}
	return x
}

// A reader finds every number again, whatever the length.
func TestCoderOfRawBits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var e encoder
	e.reset(1)
	var lengths, values []int
	for range 20_000 {
		n := random.IntN(33)
		x := random.IntN(1 << n)
		if random.IntN(4) == 0 {
			x = (1<<n - 1) * random.IntN(2)
		}
		lengths, values = append(lengths, n), append(values, x)
		e.raw(x, n)
		e.bit(n, x%2 == 0)
	}
	d := newDecoder(e.end(), 1)
	for i, n := range lengths {
		if x := d.raw(n); x != values[i] {
			t.Fatalf("%d: %d, want %d of %d bits", i, x, values[i], n)
		}
		if d.bit(n) != (values[i]%2 == 0) {
			t.Fatalf("%d: bit", i)
		}
	}
}

// A reader finds every bit again, through long carries, and from nothing at the
// end, however sure the models are.
func TestCoder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	sources := map[string]func(i int) (model int, bit bool){
		"zeros":  func(int) (int, bool) { return 0, false },
		"ones":   func(int) (int, bool) { return 0, true },
		"even":   func(int) (int, bool) { return random.IntN(64), random.IntN(2) == 0 },
		"rare":   func(int) (int, bool) { return random.IntN(3), random.IntN(500) == 0 },
		"turned": func(i int) (int, bool) { return 1, i/3000%2 == 0 },
		"carry":  func(i int) (int, bool) { return 2 + i%60, i%60 != 59 || random.IntN(40) == 0 },
		"none":   func(int) (int, bool) { return -1, false },
	}
	for name, next := range sources {
		var models []int
		var bits []bool
		var e encoder
		e.reset(1)
		for i := range 30_000 {
			model, bit := next(i)
			if model < 0 {
				break
			}
			models, bits = append(models, model), append(bits, bit)
			e.bit(model, bit)
		}
		d := newDecoder(e.end(), 1)
		for i, model := range models {
			if d.bit(model) != bits[i] {
				t.Errorf("%s: bit %d of %d is another", name, i, len(bits))
				break
			}
		}
	}
}

// However sure the models are, a byte stands for fewer numbers than the reader
// believes (MOST in search/client/coder.ts): where a word is alike in all of a
// site's documents, its list can be read.
func TestCoderIsBelieved(t *testing.T) {
	for _, x := range []int{0, 1, 2, 100} {
		for _, n := range []int{100_000, 1_000_000} {
			var e encoder
			e.reset(1)
			for range n {
				e.number(0, x)
			}
			if most := (len(e.end()) + 9) * 12_000; n > most {
				t.Errorf("%d times %d, of which the reader believes %d", n, x, most)
			}
		}
	}
}
