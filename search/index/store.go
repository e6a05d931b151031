package index

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
)

// store.go is all that touches bleve: a document's postings and stored texts
// go in as one analysed document, and come out by field and term. bleve's own
// scoring is not used.

const storeDir = "store"

// Stored fields: what an excerpt is made of. Anchor and title have one value
// for each section, text has one for each passage.
const (
	storedAnchor = "anchor"
	storedTitle  = "section"
	storedText   = "text"
)

// termField holds all postings. bleve keeps places for each occurrence of a
// term in a document; here they say what a posting has, told apart by Start.
const termField = "t"

const (
	placeLevel   = iota // Position is the level, End 1 if the term is in many passages
	placePassage        // Position is the passage
	placeName           // Position is the place in the name, End its length, ArrayPositions its number
)

// builderBatch bounds memory: so many documents are held. Their
// segments are merged in one go if there are no more than builderMerge.
const (
	builderBatch = 100
	builderMerge = 100
)

func newStoreBuilder(dir string) (*scorch.Builder, error) {
	return scorch.NewBuilder(map[string]any{
		"path": filepath.Join(dir, storeDir), "buildPathPrefix": dir,
		"batchSize": builderBatch, "mergeMax": builderMerge,
	})
}

// storeDocument is a document whose analysis is done already.
type storeDocument struct {
	ordinal int
	fields  []bleve.Field
}

func (d *storeDocument) ID() string                                 { return fmt.Sprintf("%07d", d.ordinal) }
func (d *storeDocument) Size() int                                  { return 0 }
func (d *storeDocument) VisitComposite(bleve.CompositeFieldVisitor) {}
func (d *storeDocument) HasComposite() bool                         { return false }
func (d *storeDocument) NumPlainTextBytes() uint64                  { return 0 }
func (d *storeDocument) StoredFieldsBytes() uint64                  { return 0 }
func (d *storeDocument) Indexed() bool                              { return true }

func (d *storeDocument) VisitFields(visit bleve.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

func (d *storeDocument) AddIDField() {
	id := d.ID()
	d.fields = append(d.fields, &storeField{
		name: "_id", value: []byte(id), options: bleve.IndexField | bleve.StoreField,
		terms: bleve.TokenFrequencies{id: {Term: []byte(id)}}, length: 1,
	})
}

// storeField is a field of terms, or a stored value, or the id.
type storeField struct {
	name    string
	options bleve.FieldIndexingOptions
	value   []byte
	section []uint64
	terms   bleve.TokenFrequencies
	length  int
}

func (f *storeField) Name() string                                     { return f.name }
func (f *storeField) Value() []byte                                    { return f.value }
func (f *storeField) ArrayPositions() []uint64                         { return f.section }
func (f *storeField) EncodedFieldType() byte                           { return 't' }
func (f *storeField) Analyze()                                         {}
func (f *storeField) Options() bleve.FieldIndexingOptions              { return f.options }
func (f *storeField) AnalyzedLength() int                              { return f.length }
func (f *storeField) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.terms }
func (f *storeField) NumPlainTextBytes() uint64                        { return 0 }

func newTermField() *storeField {
	return &storeField{
		name: termField, options: bleve.IndexField | bleve.IncludeTermVectors, terms: bleve.TokenFrequencies{}, length: 1,
	}
}

// add puts a posting into the field.
func (f *storeField) add(term string, p posting) {
	places := make([]bleve.TokenLocation, 1, 1+len(p.names)+len(p.passages))
	places[0] = bleve.TokenLocation{Start: placeLevel, Position: p.level}
	if p.all {
		places[0].End = 1
	}
	for _, at := range p.passages {
		places = append(places, bleve.TokenLocation{Start: placePassage, Position: at})
	}
	for _, n := range p.names[:min(len(p.names), maxNames)] {
		places = append(places, bleve.TokenLocation{
			Start: placeName, Position: n.pos, End: n.len, ArrayPositions: []uint64{uint64(n.name)},
		})
	}
	tf := &bleve.TokenFreq{Term: []byte(term), Locations: make([]*bleve.TokenLocation, len(places))}
	for i := range places {
		tf.Locations[i] = &places[i]
	}
	tf.SetFrequency(len(places))
	f.terms[term] = tf
}

func storedField(name, value string, section int) *storeField {
	return &storeField{
		name: name, value: []byte(value), options: bleve.StoreField,
		section: []uint64{uint64(section)}, terms: bleve.TokenFrequencies{},
	}
}

// writeServer makes what Open reads.
func (m *making) writeServer(prefixes []prefixList) error {
	if err := writeWords(m.tmp, m.vocab.Words()); err != nil {
		return err
	}
	starts, err := m.writeStore()
	if err != nil {
		return err
	}
	all := &meta{Version: formatVersion, Extra: m.known, Synonyms: m.opts.Synonyms, Labels: m.labels, Prefixes: prefixes}
	for i, d := range m.docs {
		d.Starts, d.Names = starts[i], slices.Concat([]string{d.Title}, d.abbr, d.aliases)
		all.Docs = append(all.Docs, d.docMeta)
	}
	return writeMeta(m.tmp, all)
}

// writeStore hands all documents to bleve, one by one, and returns where their
// sections start. Ordinals are in the order of size; a step that is not theirs
// lets no batch have all the long ones.
func (m *making) writeStore() (starts [][]int, err error) {
	n := len(m.docs)
	if n == 0 {
		return nil, nil // bleve's builder cannot write nothing
	}
	out, err := newStoreBuilder(m.tmp)
	if err != nil {
		return nil, err
	}
	starts = make([][]int, n)
	w := m.worker()
	step := max(1, (n+builderBatch-1)/builderBatch)
	for first := range step {
		for i := first; i < n; i += step {
			doc, err := w.storeDocument(i, &starts[i])
			if err != nil {
				return nil, err
			}
			if err := out.Index(doc); err != nil {
				return nil, err
			}
		}
	}
	return starts, out.Close()
}

func (w *worker) storeDocument(ordinal int, starts *[]int) (*storeDocument, error) {
	d := w.docs[ordinal]
	b, err := w.spill.read(d.texts, nil)
	if err != nil {
		return nil, err
	}
	t, at, err := readTexts(b, d.Passages)
	if err != nil {
		return nil, err
	}
	*starts = at
	doc := &storeDocument{ordinal: ordinal}
	for i, s := range t.sections {
		doc.fields = append(doc.fields, storedField(storedAnchor, s.ID, i), storedField(storedTitle, s.Title, i))
	}
	for i, text := range t.passages {
		doc.fields = append(doc.fields, storedField(storedText, text, i))
	}
	field := newTermField()
	doc.fields = append(doc.fields, field)
	return doc, w.document(ordinal, func(term int32, _ uint32, o *occurrence) error {
		in := listInput{input: input{b: o.where}}
		p := posting{level: levelOf(o.tf), names: o.names, all: true}
		in.rest(&p)
		field.add(w.termText(term), p)
		return in.end()
	})
}

// store reads what the builder wrote.
type store struct {
	index   bleve.Index
	reader  bleve.IndexReader
	ordinal []int    // of bleve's number
	number  []uint64 // of the ordinal
}

func openStore(dir string) (*store, error) {
	ix, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path": filepath.Join(dir, storeDir), "read_only": true,
	}, nil)
	if err != nil {
		return nil, err
	}
	if err := ix.Open(); err != nil {
		return nil, err
	}
	s := &store{index: ix}
	if s.reader, err = ix.Reader(); err != nil {
		ix.Close()
		return nil, err
	}
	if err := s.numberDocuments(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// numberDocuments finds out which of bleve's numbers is which ordinal; the
// builder does not keep the order it was given.
func (s *store) numberDocuments() error {
	n, err := s.reader.DocCount()
	if err != nil {
		return err
	}
	s.ordinal, s.number = make([]int, n), make([]uint64, n)
	for number := range n {
		id, err := s.reader.ExternalID(bleve.NewIndexInternalID(nil, number))
		if err != nil {
			return err
		}
		ordinal, err := strconv.Atoi(id)
		if err != nil || ordinal >= int(n) {
			return fmt.Errorf("document %q: not an ordinal", id)
		}
		s.ordinal[number], s.number[ordinal] = ordinal, number
	}
	return nil
}

func (s *store) close() error {
	s.reader.Close()
	return s.index.Close()
}

// postings returns a term's postings by ordinal, as its list in a shard says
// them.
func (s *store) postings(ctx context.Context, term string) (postings []posting, err error) {
	r, err := s.reader.TermFieldReader(ctx, []byte(term), termField, true, false, true)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var into bleve.TermFieldDoc
	for {
		d, err := r.Next(into.Reset())
		if err != nil {
			return nil, err
		}
		if d == nil {
			break
		}
		p := posting{doc: s.ordinal[d.ID.Value()]}
		for _, v := range d.Vectors {
			switch v.Start {
			case placeLevel:
				p.level, p.all = int(v.Pos), v.End == 1
			case placePassage:
				p.passages = append(p.passages, int(v.Pos))
			case placeName:
				p.names = append(p.names, nameHit{int(v.ArrayPositions[0]), int(v.Pos), int(v.End)})
			}
		}
		postings = append(postings, p)
	}
	slices.SortFunc(postings, func(a, b posting) int { return a.doc - b.doc })
	return postings, nil
}

// storedTexts is what is stored of a document.
type storedTexts struct {
	sections []Section // without texts
	passages []string
}

func (s *store) texts(ordinal int) (t storedTexts, err error) {
	doc, err := s.reader.Document(fmt.Sprintf("%07d", ordinal))
	if err != nil || doc == nil {
		return t, err
	}
	doc.VisitFields(func(f bleve.Field) {
		if len(f.ArrayPositions()) != 1 {
			return
		}
		i := int(f.ArrayPositions()[0])
		value := string(bytes.Clone(f.Value()))
		switch f.Name() {
		case storedAnchor:
			t.sections = grown(t.sections, i)
			t.sections[i].ID = value
		case storedTitle:
			t.sections = grown(t.sections, i)
			t.sections[i].Title = value
		case storedText:
			t.passages = grown(t.passages, i)
			t.passages[i] = value
		}
	})
	return t, nil
}

// grown makes s long enough to have an i-th element.
func grown[T any](s []T, i int) []T {
	for len(s) <= i {
		var zero T
		s = append(s, zero)
	}
	return s
}
