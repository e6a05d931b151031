package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/s2"

	"github.com/ag-vzkm/portal/search/analyze"
)

// prepare.go makes records: all that can be said of a document without knowing
// the others.

// recordVersion changes with whatever makes a document's record another one.
const recordVersion = 2

// Preparer makes the records of documents. It is safe for many goroutines.
type Preparer struct {
	types map[string]int
	base  string
	// What is left out where nobody asks for it: the files that browsers show
	// hits from, the order of words, which only synonyms of several words need,
	// the texts, which only the server's index has.
	fragments, ordered, texts bool

	key  [keySize]byte
	free sync.Pool // of *prepared
}

const keySize = 8

// NewPreparer returns a preparer for a Builder with the same options.
func NewPreparer(opts BuildOptions) *Preparer {
	p := &Preparer{types: map[string]int{}, base: opts.Base, fragments: opts.Browser != nil, ordered: len(opts.Synonyms) > 0, texts: opts.Server}
	types := opts.types()
	for i, t := range types {
		p.types[t] = i
	}
	all, err := json.Marshal([]any{recordVersion, types, p.base, p.fragments, p.ordered, p.texts})
	if err != nil {
		panic(err) // strings and numbers
	}
	sum := sha256.Sum256(all)
	copy(p.key[:], sum[:])
	p.free.New = func() any { return &prepared{Preparer: p, reader: analyze.NewReader()} }
	return p
}

// Key says what records depend on besides their documents: whoever keeps
// records keeps them under this key and what the document is made of.
func (p *Preparer) Key() string { return hex.EncodeToString(p.key[:]) }

// Prepare makes of a document the record that a Builder takes. The same
// document gives the same bytes.
func (p *Preparer) Prepare(d *Document) ([]byte, error) {
	if d.ID == "" {
		return nil, fmt.Errorf("document %q has no ID", d.Title)
	}
	if _, ok := p.types[d.Type]; !ok {
		return nil, fmt.Errorf("document %q has the type %q, which is none of the index's", d.ID, d.Type)
	}
	w := p.free.Get().(*prepared)
	defer p.free.Put(w)
	w.doc = d
	return w.record(), nil
}

// prepared is a document being prepared, and memory for the next one.
type prepared struct {
	*Preparer
	doc      *Document
	names    []string // title, abbreviations, aliases
	passages []plannedPassage
	length   [numFields]int // in words
	chunk    int

	reader  *analyze.Reader
	tallies []tally // by form
	placed  []int   // forms that have a tally, in the order of their first occurrence
	order   output  // of words: see record.go
	out     output
	part    output
	cuts    []string

	sizes      []int // of fragments
	files, raw output
	deflater
}

type plannedPassage struct {
	section int  // -1: the summary
	first   bool // of its section: the heading belongs to it
	text    string
}

// tally is where in a document's text a form stands.
type tally struct {
	fields   [textFields]int32 // how often
	passages [manyPassages - 1]int32
	n        int32 // passages; manyPassages for more than can be told
	place    int32 // in placed, from 1; 0 if it does not stand in the text
}

// Fields whose words stand in passages.
const (
	firstTextField = fieldHeading
	textFields     = int(numFields - firstTextField)
)

func (w *prepared) record() []byte {
	w.reset()
	d := w.doc
	for i, name := range w.names {
		f := fieldAbbr
		if i == 0 {
			f = fieldTitle
		}
		w.length[f] += indexed(w.reader.Read(name, true))
	}
	w.passages = append(w.passages, plannedPassage{section: -1, text: d.Summary})
	w.read(fieldSummary, 0, d.Summary, true)
	for _, tag := range d.Tags {
		w.read(fieldTags, 0, tag, true)
	}
	bytes := len(d.Summary)
	for i := range d.Sections {
		s := &d.Sections[i]
		bytes += len(s.Title) + len(s.Text)
		w.section(i, s)
	}
	w.chunk = chunkOf(len(w.passages), bytes)
	return w.write()
}

func (w *prepared) reset() {
	w.reader.Reset()
	w.names = nameList(w.doc.Title, w.doc.Abbr, w.doc.Aliases)
	w.passages, w.placed, w.order = w.passages[:0], w.placed[:0], w.order[:0]
	w.tallies = w.tallies[:0]
	w.length = [numFields]int{}
}

// nameList are what a document is called: title, abbreviations, aliases, and
// those of several words as one.
func nameList(title string, abbr, aliases []string) []string {
	names := slices.Concat([]string{title}, abbr, aliases)
	for _, name := range names {
		if s := squeezed(name); s != "" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	return names
}

// squeezed is a name of several words written as one, as many readers write
// an abbreviation: SGB XI is SGBXI.
func squeezed(name string) string {
	words := strings.Fields(name)
	if n := len(words); n < 2 || n > 4 || len(name) > 24 {
		return ""
	}
	return strings.Join(words, "")
}

// section reads a section, passage by passage. Where a passage might end
// within a word, it is the whole text that is counted.
func (w *prepared) section(i int, s *Section) {
	w.cuts = cut(w.cuts[:0], s.Text)
	last := len(w.cuts) - 1
	whole := slices.ContainsFunc(w.cuts[:last], tied)
	if whole {
		w.length[fieldBody] += indexed(w.reader.Read(s.Text, true))
	}
	for k, text := range w.cuts {
		at := len(w.passages)
		w.passages = append(w.passages, plannedPassage{i, k == 0, text})
		if k == 0 {
			w.read(fieldHeading, at, s.Title, true)
		}
		w.read(fieldBody, at, text, !whole)
	}
}

// indexed is how many words are not stop words.
func indexed(words []analyze.Occurrence) (n int) {
	for i := range words {
		if !words[i].Stop {
			n++
		}
	}
	return n
}

// read notes where the words of a text stand, and counts them.
func (w *prepared) read(f field, passage int, text string, count bool) {
	words := w.reader.Read(text, count)
	for len(w.tallies) < len(w.reader.Shapes()) {
		w.tallies = append(w.tallies, tally{})
	}
	n := 0
	for i := range words {
		o := &words[i]
		if o.Stop {
			continue
		}
		n++
		w.note(o.Form, f, passage)
		if o.Also >= 0 {
			w.note(o.Also, f, passage)
		}
	}
	if count {
		w.length[f] += n
	}
	if w.ordered && n > 0 {
		w.noteOrder(f, passage, words, n)
	}
}

func (w *prepared) note(form int, f field, passage int) {
	t := &w.tallies[form]
	if t.place == 0 {
		w.placed = append(w.placed, form)
		t.place = int32(len(w.placed))
	}
	t.fields[f-firstTextField]++
	switch {
	case t.n == manyPassages || t.n > 0 && t.passages[t.n-1] == int32(passage):
	case t.n == manyPassages-1:
		t.n = manyPassages
	default:
		t.passages[t.n] = int32(passage)
		t.n++
	}
}

// noteOrder writes the words of a text one after the other, but for stop words.
func (w *prepared) noteOrder(f field, passage int, words []analyze.Occurrence, n int) {
	w.order.number(passage)
	w.order.number(int(f))
	w.order.number(n)
	left := 0 // stop words since the last word
	for i := range words {
		o := &words[i]
		if o.Stop {
			left++
			continue
		}
		code := int(w.tallies[o.Form].place-1) << 2
		if o.Caps {
			code |= orderCaps
		}
		if left > 0 {
			code |= orderGap
		}
		w.order.number(code)
		if left > 0 {
			w.order.number(left)
		}
		left = 0
	}
}

// write makes the record: see record.go.
func (w *prepared) write() []byte {
	w.out = w.out[:0]
	w.add(w.head)
	w.add(w.words)
	w.add(func() { w.part = append(w.part, w.order...) })
	w.add(w.allFragments)
	w.add(w.allTexts)
	return sealed(w.Preparer, w.out)
}

// sealed makes a record of its parts.
func sealed(p *Preparer, parts []byte) []byte {
	record := make([]byte, 0, 1+keySize+len(parts)+4)
	record = append(record, recordVersion)
	record = append(record, p.key[:]...)
	record = append(record, parts...)
	return binary.LittleEndian.AppendUint32(record, crc32.Checksum(record, castagnoli))
}

// add appends a part of the record, with its length before it.
func (w *prepared) add(part func()) {
	w.part = w.part[:0]
	part()
	w.out.bytes(w.part)
}

func (w *prepared) head() {
	d, o := w.doc, &w.part
	for _, s := range [...]string{d.ID, d.URL, d.Type, d.TypeLabel, d.Title, d.Date, d.Status} {
		o.text(s)
	}
	for _, list := range [...][]string{d.Abbr, d.Aliases, d.Tags} {
		o.texts(list)
	}
	facets := facets(d)
	o.number(len(facets))
	for _, f := range facets {
		o.text(f.Field)
		o.texts(f.Values)
	}
	o.number(int(math.Float64bits(cmp.Or(d.Boost, 1))))
	o.number(len(w.passages))
	o.number(w.chunk)
	for _, n := range w.length {
		o.number(n)
	}
}

func (w *prepared) words() {
	o := &w.part
	o.number(len(w.placed))
	for _, form := range w.placed {
		w.shape(form)
		t, mask := &w.tallies[form], byte(0)
		for i, n := range t.fields {
			if n > 0 {
				mask |= 1 << i
			}
		}
		*o = append(*o, mask)
		for _, n := range t.fields {
			if n > 0 {
				o.number(int(n))
			}
		}
		*o = append(*o, byte(t.n))
		if t.n < manyPassages {
			last := int32(0)
			for _, at := range t.passages[:t.n] {
				o.number(int(at - last))
				last = at
			}
		}
	}
	// The others are counted only.
	n := 0
	for form, s := range w.reader.Shapes() {
		if s.Counted && !w.isPlaced(form) {
			n++
		}
	}
	o.number(n)
	for form, s := range w.reader.Shapes() {
		if s.Counted && !w.isPlaced(form) {
			w.shape(form)
		}
	}
}

// isPlaced reports whether a form stands in the text, and not only in names.
func (w *prepared) isPlaced(form int) bool {
	return form < len(w.tallies) && w.tallies[form].place > 0
}

func (w *prepared) shape(form int) {
	s, o := &w.reader.Shapes()[form], &w.part
	o.bytes(w.reader.Form(form))
	flags := byte(0)
	for i, set := range [...]bool{s.Counted, s.Small, s.Joined, s.Written, s.Shown != ""} {
		if set {
			flags |= 1 << i
		}
	}
	*o = append(*o, flags)
	if s.Shown != "" {
		o.text(s.Shown)
	}
}

// allTexts is what the server's index stores.
func (w *prepared) allTexts() {
	if !w.texts {
		return
	}
	var o output
	o.number(len(w.doc.Sections))
	for i := range w.doc.Sections {
		o.text(w.doc.Sections[i].ID)
		o.text(w.doc.Sections[i].Title)
	}
	starts := 0
	for i, p := range w.passages {
		if p.first {
			o.number(i - starts)
			starts = i
		}
	}
	for _, p := range w.passages {
		o.text(squeeze(p.text))
	}
	w.part = append(w.part, s2.Encode(nil, o)...)
}
