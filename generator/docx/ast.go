package docx

import (
	"encoding/json"
	"errors"
	"fmt"
)

// block is a block of pandoc's document, reduced to what we write. Its kinds
// have pandoc's names; Callout is ours.
type block struct {
	kind   string
	style  string // the paragraph style in Word
	level  int    // Header; OrderedList: 1 within another list
	id     string // Header
	start  int    // OrderedList
	digits bool   // OrderedList: numbered 1, 2, 3
	text   string // CodeBlock: the code; Callout: its kind
	in     []inline
	blocks []block   // BlockQuote, Callout
	items  [][]block // lists; DefinitionList: what is said of each term
	terms  [][]inline
	head   [][]cell
	rows   [][]cell
}

// cell is a cell of a table. A merged one is wide or tall.
type cell struct {
	blocks     []block
	wide, tall int
}

// inline is a run of text or a node within one. Note and Image have pandoc's
// names, Mark is a place that only the report shows.
type inline struct {
	kind   string
	text   string // Str, Code, Math; Image: the alternative text is in kids
	kids   []inline
	url    string
	title  string
	class  string // Span
	id     string
	attrs  map[string]string
	blocks []block // Note
}

// element is how pandoc writes every node.
type element struct {
	T string
	C json.RawMessage
}

type document struct {
	Meta   map[string]element
	Blocks []element
}

// maxDepth bounds nesting; Word has nine levels of lists.
const maxDepth = 60

var errDeep = errors.New("nested too deeply")

// tuple decodes an array of different things.
func tuple(raw json.RawMessage, to ...any) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if len(parts) < len(to) {
		return fmt.Errorf("%d parts instead of %d", len(parts), len(to))
	}
	for i, v := range to {
		if v == nil {
			continue
		}
		if err := json.Unmarshal(parts[i], v); err != nil {
			return err
		}
	}
	return nil
}

// attr is an identifier, classes and key-value pairs.
type attr struct {
	id      string
	classes []string
	pairs   map[string]string
}

func (a *attr) UnmarshalJSON(b []byte) error {
	var pairs [][2]string
	if err := tuple(b, &a.id, &a.classes, &pairs); err != nil {
		return err
	}
	a.pairs = map[string]string{}
	for _, p := range pairs {
		a.pairs[p[0]] = p[1]
	}
	return nil
}

func toBlocks(list []element, style string, depth int) ([]block, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	var out []block
	for _, e := range list {
		bs, err := toBlock(e, style, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, bs...)
	}
	return out, nil
}

// toBlock reads one block. Divs dissolve: what they say is the style of the
// blocks in them.
func toBlock(e element, style string, depth int) ([]block, error) {
	b := block{kind: e.T, style: style}
	var err error
	switch e.T {
	case "Para", "Plain":
		b.kind = "Para"
		b.in, err = inlinesOf(e.C, depth)
	case "LineBlock":
		return lineBlock(e.C, style, depth)
	case "Header":
		var a attr
		var raw json.RawMessage
		if err = tuple(e.C, &b.level, &a, &raw); err == nil {
			b.id = a.id
			b.in, err = inlinesOf(raw, depth)
		}
	case "CodeBlock":
		err = tuple(e.C, nil, &b.text)
	case "RawBlock":
		return nil, nil
	case "BlockQuote":
		b.blocks, err = blocksOf(e.C, "", depth)
	case "BulletList":
		b.items, err = itemsOf(e.C, depth)
	case "OrderedList":
		var raw, how json.RawMessage
		if err = tuple(e.C, &how, &raw); err == nil {
			var numerals element
			if err = tuple(how, &b.start, &numerals); err == nil {
				b.digits = numerals.T == "Decimal" || numerals.T == "DefaultStyle"
				b.items, err = itemsOf(raw, depth)
			}
		}
	case "DefinitionList":
		err = b.definitions(e.C, depth)
	case "Div", "Figure":
		return divided(e, style, depth)
	case "Table":
		err = b.table(e.C, depth)
	case "HorizontalRule":
	default:
		return nil, nil
	}
	return []block{b}, err
}

func divided(e element, style string, depth int) ([]block, error) {
	var a attr
	var raw json.RawMessage
	at := []any{&a, &raw}
	if e.T == "Figure" {
		at = []any{&a, nil, &raw}
	}
	if err := tuple(e.C, at...); err != nil {
		return nil, err
	}
	if s := a.pairs["custom-style"]; s != "" {
		style = s
	}
	return blocksOf(raw, style, depth)
}

func lineBlock(raw json.RawMessage, style string, depth int) ([]block, error) {
	var lines []json.RawMessage
	if err := json.Unmarshal(raw, &lines); err != nil {
		return nil, err
	}
	b := block{kind: "Para", style: style}
	for i, l := range lines {
		in, err := inlinesOf(l, depth)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.in = append(b.in, inline{kind: "LineBreak"})
		}
		b.in = append(b.in, in...)
	}
	return []block{b}, nil
}

func (b *block) definitions(raw json.RawMessage, depth int) error {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	for _, d := range list {
		var term, said json.RawMessage
		if err := tuple(d, &term, &said); err != nil {
			return err
		}
		in, err := inlinesOf(term, depth)
		if err != nil {
			return err
		}
		items, err := itemsOf(said, depth)
		if err != nil {
			return err
		}
		var all []block
		for _, it := range items {
			all = append(all, it...)
		}
		b.terms, b.items = append(b.terms, in), append(b.items, all)
	}
	return nil
}

// table reads the rows; a caption that pandoc made one is a paragraph to us.
func (b *block) table(raw json.RawMessage, depth int) error {
	var head, foot json.RawMessage
	var bodies []json.RawMessage
	if err := tuple(raw, nil, nil, nil, &head, &bodies, &foot); err != nil {
		return err
	}
	var err error
	if b.head, err = rowsOf(head, 1, depth); err != nil {
		return err
	}
	for _, body := range bodies {
		for _, at := range []int{2, 3} {
			rows, err := rowsOf(body, at, depth)
			if err != nil {
				return err
			}
			b.rows = append(b.rows, rows...)
		}
	}
	rows, err := rowsOf(foot, 1, depth)
	b.rows = append(b.rows, rows...)
	return err
}

// rowsOf reads the rows that stand in part at of a table's head, body or foot.
func rowsOf(raw json.RawMessage, at, depth int) ([][]cell, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) <= at {
		return nil, err
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(parts[at], &rows); err != nil {
		return nil, err
	}
	var out [][]cell
	for _, r := range rows {
		var cells []json.RawMessage
		if err := tuple(r, nil, &cells); err != nil {
			return nil, err
		}
		var row []cell
		for _, c := range cells {
			var one cell
			var inner json.RawMessage
			if err := tuple(c, nil, nil, &one.tall, &one.wide, &inner); err != nil {
				return nil, err
			}
			var err error
			if one.blocks, err = blocksOf(inner, "", depth); err != nil {
				return nil, err
			}
			row = append(row, one)
		}
		out = append(out, row)
	}
	return out, nil
}

func blocksOf(raw json.RawMessage, style string, depth int) ([]block, error) {
	var list []element
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	return toBlocks(list, style, depth)
}

func itemsOf(raw json.RawMessage, depth int) ([][]block, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	var out [][]block
	for _, it := range list {
		bs, err := blocksOf(it, "", depth)
		if err != nil {
			return nil, err
		}
		out = append(out, bs)
	}
	return out, nil
}

func inlinesOf(raw json.RawMessage, depth int) ([]inline, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	var list []element
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	var out []inline
	for _, e := range list {
		in, err := toInline(e, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

func toInline(e element, depth int) (inline, error) {
	n := inline{kind: e.T}
	var raw json.RawMessage
	var a attr
	var err error
	switch e.T {
	case "Str":
		err = json.Unmarshal(e.C, &n.text)
	case "Space", "SoftBreak":
		n.kind, n.text = "Str", " "
	case "LineBreak":
	case "Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps":
		n.kids, err = inlinesOf(e.C, depth)
	case "Quoted", "Cite":
		if err = tuple(e.C, nil, &raw); err == nil {
			n.kind = "Span"
			n.kids, err = inlinesOf(raw, depth)
		}
	case "Code", "Math":
		err = tuple(e.C, nil, &n.text)
	case "RawInline":
		n.kind = "Span"
	case "Span":
		if err = tuple(e.C, &a, &raw); err == nil {
			n.id, n.attrs = a.id, a.pairs
			if len(a.classes) > 0 {
				n.class = a.classes[0]
			}
			n.kids, err = inlinesOf(raw, depth)
		}
	case "Link", "Image":
		var target [2]string
		if err = tuple(e.C, &a, &raw, &target); err == nil {
			n.url, n.title = target[0], target[1]
			n.kids, err = inlinesOf(raw, depth)
		}
	case "Note":
		n.blocks, err = blocksOf(e.C, "", depth)
	default:
		n.kind = "Span"
	}
	return n, err
}

// metaText is a value of the document's head as inlines: of several, one after
// the other.
func metaText(e element) ([][]inline, error) {
	switch e.T {
	case "MetaInlines":
		in, err := inlinesOf(e.C, 0)
		return [][]inline{in}, err
	case "MetaBlocks":
		bs, err := blocksOf(e.C, "", 0)
		var out [][]inline
		for _, b := range bs {
			out = append(out, b.in)
		}
		return out, err
	case "MetaList":
		var list []element
		if err := json.Unmarshal(e.C, &list); err != nil {
			return nil, err
		}
		var out [][]inline
		for _, x := range list {
			in, err := metaText(x)
			if err != nil {
				return nil, err
			}
			out = append(out, in...)
		}
		return out, nil
	}
	return nil, nil
}
