package check

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/s2"
)

// weigh warns of heavy pages: of each, or if there are many, of the heaviest.
func (c *Checker) weigh() {
	var heavy []*page
	for _, p := range c.pages {
		if c.weightOf(p) > c.opts.Budget {
			heavy = append(heavy, p)
		}
	}
	tell := func(p *page, more string) {
		p.add(warn("seite-schwer", "Lange Tabellen lassen sich als Datei anbieten, lange Texte durch Überschriften gliedern.",
			"Die erste Ansicht der Seite wiegt komprimiert %d KB ohne Bilder; vorgesehen sind höchstens %d KB%s", (c.weightOf(p)+1023)>>10, c.opts.Budget>>10, more))
	}
	if len(heavy) < manyPages {
		for _, p := range heavy {
			tell(p, "")
		}
		return
	}
	heaviest := slices.MaxFunc(heavy, func(a, b *page) int { return cmp.Or(c.weightOf(a)-c.weightOf(b), cmp.Compare(b.path, a.path)) })
	tell(heaviest, fmt.Sprintf(". Sie ist die schwerste von %d zu schweren", len(heavy)))
}

// Weight is what the first view of a page weighs, compressed and without
// pictures. It is complete when all files have been seen.
func (c *Checker) Weight(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pages {
		if p.path == name {
			return c.weightOf(p)
		}
	}
	return 0
}

func (c *Checker) weightOf(p *page) int {
	sum := p.weight
	for _, part := range p.parts {
		f := c.files[part]
		if f == nil {
			continue
		}
		sum += f.weight
		for _, font := range f.fonts {
			if f := c.files[font]; f != nil && !slices.Contains(p.parts, font) {
				sum += f.weight
			}
		}
	}
	return sum
}

// bound is what a page weighs on the wire, or a little more: small pages are
// taken as they are, and those that are light in any case get an estimate that
// overstates them by about a half and costs a tenth. Only what may be too much
// is compressed.
func (c *Checker) bound(b []byte) int {
	if len(b) <= 8<<10 {
		return len(b)
	}
	if n := s2.EstimateBlockSize(b); n > 0 && n <= c.opts.Budget/4 {
		return n
	}
	return c.compressed(b)
}

// compressed is the size on the wire.
func (c *Checker) compressed(b []byte) int {
	p, _ := c.packs.Get().(*packer)
	if p == nil {
		p = &packer{}
		p.w, _ = flate.NewWriter(io.Discard, 6)
	}
	defer c.packs.Put(p)
	p.size = 0
	p.w.Reset(p)
	_, _ = p.w.Write(b)
	_ = p.w.Close()
	return p.size
}

// packer counts what a compressor gives.
type packer struct {
	w    *flate.Writer
	size int
}

func (p *packer) Write(b []byte) (int, error) {
	p.size += len(b)
	return len(b), nil
}
