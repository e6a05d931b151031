package markdown

import "github.com/yuin/goldmark/ast"

// Bytes of HTML. A text up to shortText is laid out at once. A longer one is
// cut into parts: before the first heading after partMin, or before the block
// that would make the part longer than partMax, if that leaves partLeast.
const (
	shortText = 40 << 10
	partLeast = 2 << 10
	partMin   = 10 << 10
	partMax   = 20 << 10
)

// cutter finds where a text can be cut while it is written, block by block.
type cutter struct {
	breaks       []int
	last         int  // the last break
	stand        int  // start of a block that may be cut off: not one right below its heading
	afterHeading bool // the block before was a heading
}

// begin is told where a block starts, end where it ends.
func (c *cutter) begin(at int, heading bool) {
	if !c.afterHeading {
		if heading && at-c.last >= partMin {
			c.cut(at)
		}
		c.stand = at
	}
	c.afterHeading = heading
}

func (c *cutter) end(at int) {
	if at-c.last > partMax && c.stand-c.last >= partLeast {
		c.cut(c.stand)
	}
}

func (c *cutter) cut(at int) { c.breaks, c.last = append(c.breaks, at), at }

// topBlocks writes the blocks of the whole text and its notes.
func (p *page) topBlocks(root ast.Node) {
	var c cutter
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		start := len(p.out)
		_, heading := n.(*ast.Heading)
		p.block(n)
		if len(p.out) > start { // some blocks write nothing
			c.begin(start, heading)
			c.end(len(p.out))
		}
	}
	start := len(p.out)
	p.writeFootnotes()
	if len(p.out) > start {
		c.begin(start, true) // they have a heading of their own
		c.end(len(p.out))
	}
	if len(p.out) > shortText {
		p.doc.Breaks = c.breaks
	}
}
