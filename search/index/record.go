package index

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"

	"github.com/klauspost/compress/s2"
)

// A record is a document as it is handed to a Builder:
//
//	version, key of the options (see Preparer.Key)
//	head       what docMeta has, and the lengths of the fields
//	words      each form with how it is written, how often it stands in which
//	           field, and in which passages; then those that stand in names only
//	           or are stop words, without a place
//	order      if there are synonyms: each text's words, by their place in words
//	fragments  if there is a browser: the compressed files of the document
//	outlines   the same
//	texts      if there is a server: sections and passages
//	CRC-32C of all before
//
// Each part has its length before it. Numbers and strings are written as in
// the shards.

var errRecord = errors.New("index: damaged record")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Flags of a form, as Shape has them.
const (
	shapeCounted = 1 << iota
	shapeSmall
	shapeJoined
	shapeWritten
	shapeShown
)

// Flags of a word in the order of words.
const (
	orderGap  = 1 << iota // the number of stop words before it follows
	orderCaps             // it is written in capitals
)

// input reads what output wrote. After the first fault it reads nothing but
// zeros, and bad is set.
type input struct {
	b   []byte
	bad bool
}

func (in *input) fail() { in.b, in.bad = nil, true }

func (in *input) uint64() uint64 {
	x, n := binary.Uvarint(in.b)
	if n <= 0 {
		in.fail()
		return 0
	}
	in.b = in.b[n:]
	return x
}

func (in *input) number() int {
	b := in.b
	if len(b) == 0 || b[0] >= 0x80 { // as few are
		return in.large()
	}
	in.b = b[1:]
	return int(b[0])
}

func (in *input) large() int {
	x := in.uint64()
	if x > math.MaxInt32 {
		in.fail()
		return 0
	}
	return int(x)
}

// count reads how many things follow that have at least a byte each.
func (in *input) count() int {
	n := in.number()
	if n > len(in.b) {
		in.fail()
		return 0
	}
	return n
}

func (in *input) byte() byte {
	if len(in.b) == 0 {
		in.fail()
		return 0
	}
	x := in.b[0]
	in.b = in.b[1:]
	return x
}

func (in *input) bytes() []byte {
	n := in.count()
	b := in.b[:n:n]
	in.b = in.b[n:]
	return b
}

func (in *input) text() string { return string(in.bytes()) }

func (in *input) texts() []string {
	n := in.count()
	if n == 0 {
		return nil
	}
	all := make([]string, n)
	for i := range all {
		all[i] = in.text()
	}
	return all
}

// end reports a fault, or that something is left over.
func (in *input) end() error {
	if in.bad || len(in.b) > 0 {
		return errRecord
	}
	return nil
}

// parts are those of a record.
type parts struct{ head, words, order, fragments, outlines, texts []byte }

// open checks a record as a whole.
func openRecord(record []byte, key [keySize]byte) (p parts, err error) {
	n := len(record) - 4
	if n < 1+keySize || crc32.Checksum(record[:n], castagnoli) != binary.LittleEndian.Uint32(record[n:]) {
		return p, errRecord
	}
	if record[0] != recordVersion || [keySize]byte(record[1:]) != key {
		return p, errors.New("index: a record for other options")
	}
	in := input{b: record[1+keySize : n]}
	for _, part := range [...]*[]byte{&p.head, &p.words, &p.order, &p.fragments, &p.outlines, &p.texts} {
		*part = in.bytes()
	}
	return p, in.end()
}

// readHead reads what is known of a document without its text.
func readHead(b []byte) (*document, error) {
	in := input{b: b}
	d := &document{}
	for _, s := range [...]*string{&d.ID, &d.URL, &d.Type, &d.typeLabel, &d.Title, &d.Date, &d.Status} {
		*s = in.text()
	}
	for _, list := range [...]*[]string{&d.abbr, &d.aliases, &d.Tags} {
		*list = in.texts()
	}
	d.Facets = make([]facetValues, in.count())
	for i := range d.Facets {
		d.Facets[i] = facetValues{in.text(), in.texts()}
	}
	d.Boost = math.Float64frombits(in.uint64())
	d.Passages, d.Chunk = in.number(), in.number()
	for i := range d.length {
		d.length[i] = in.number()
	}
	if d.ID == "" || d.Passages < 1 || d.Chunk > chunkMost || math.IsNaN(d.Boost) {
		in.fail()
	}
	return d, in.end()
}

// readTexts reads what the server's index stores: sections without their
// texts, where they start, and all passages.
func readTexts(b []byte, passages int) (t storedTexts, starts []int, err error) {
	plain, err := s2.Decode(nil, b)
	if err != nil {
		return t, nil, errRecord
	}
	in := input{b: plain}
	t.sections = make([]Section, in.count())
	for i := range t.sections {
		t.sections[i] = Section{ID: in.text(), Title: in.text()}
	}
	starts = make([]int, len(t.sections))
	last := 0
	for i := range starts {
		last += in.number()
		starts[i] = last
	}
	for len(t.passages) < passages && !in.bad {
		t.passages = append(t.passages, in.text())
	}
	return t, starts, in.end()
}

func (in *input) skipPlace() {
	mask := in.byte()
	if mask >= 1<<textFields {
		in.fail()
	}
	for ; mask != 0; mask &= mask - 1 {
		in.number()
	}
	n := in.byte()
	if n > manyPassages {
		in.fail()
	}
	if n < manyPassages {
		for range n {
			in.number()
		}
	}
}
