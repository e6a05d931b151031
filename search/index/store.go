package index

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
)

// store.go is all that touches bleve: a document's postings and stored texts
// go in as one analysed document, and come out by field and term. bleve's own
// scoring is not used.

const storeDir = "store"

// Stored fields: what an excerpt is made of, one value per section.
const (
	storedAnchor = "anchor"
	storedTitle  = "section"
	storedText   = "text"
)

// builderBatch bounds memory: so many documents are held analysed. Their
// segments are merged in one go if there are no more than builderMerge.
const (
	builderBatch = 100
	builderMerge = 100
)

func newBuilder(dir string) (*scorch.Builder, error) {
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
	places  []bleve.TokenLocation // allocated many at a time
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

func newTermField(f field) *storeField {
	return &storeField{
		name: fieldNames[f], options: bleve.IndexField | bleve.IncludeTermVectors,
		terms: bleve.TokenFrequencies{},
	}
}

// add records that a term stands at a position.
func (f *storeField) add(term string, pos int) {
	tf := f.terms[term]
	if tf == nil {
		tf = &bleve.TokenFreq{Term: []byte(term)}
		f.terms[term] = tf
	}
	if len(f.places) == cap(f.places) {
		f.places = make([]bleve.TokenLocation, 0, min(2*cap(f.places)+8, 1024))
	}
	f.places = append(f.places, bleve.TokenLocation{Position: pos})
	tf.Locations = append(tf.Locations, &f.places[len(f.places)-1])
	tf.SetFrequency(len(tf.Locations))
}

func storedField(name, value string, section int) *storeField {
	return &storeField{
		name: name, value: []byte(value), options: bleve.StoreField,
		section: []uint64{uint64(section)}, terms: bleve.TokenFrequencies{},
	}
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

// postings calls visit for each document that has term in field.
func (s *store) postings(ctx context.Context, f field, term string, visit func(ordinal, freq int)) error {
	r, err := s.reader.TermFieldReader(ctx, []byte(term), fieldNames[f], true, false, false)
	if err != nil {
		return err
	}
	defer r.Close()
	var into bleve.TermFieldDoc
	for {
		d, err := r.Next(into.Reset())
		if d == nil || err != nil {
			return err
		}
		visit(s.ordinal[d.ID.Value()], int(d.Freq))
	}
}

// positions calls visit for each place of term in field in the documents with
// the given numbers of bleve, which must ascend.
func (s *store) positions(ctx context.Context, f field, term string, numbers []uint64, visit func(ordinal, pos int)) error {
	r, err := s.reader.TermFieldReader(ctx, []byte(term), fieldNames[f], true, false, true)
	if err != nil {
		return err
	}
	defer r.Close()
	var into bleve.TermFieldDoc
	var at []byte
	for i := 0; i < len(numbers); {
		at = bleve.NewIndexInternalID(at, numbers[i])
		d, err := r.Advance(at, into.Reset())
		if d == nil || err != nil {
			return err
		}
		if found := d.ID.Value(); found != numbers[i] {
			for i < len(numbers) && numbers[i] < found {
				i++
			}
			if i == len(numbers) || numbers[i] != found {
				continue
			}
		}
		for _, v := range d.Vectors {
			visit(s.ordinal[numbers[i]], int(v.Pos))
		}
		i++
	}
	return nil
}

// sections returns the stored sections of a document, without levels.
func (s *store) sections(ordinal int) ([]Section, error) {
	doc, err := s.reader.Document(fmt.Sprintf("%07d", ordinal))
	if err != nil || doc == nil {
		return nil, err
	}
	var sections []Section
	doc.VisitFields(func(f bleve.Field) {
		if len(f.ArrayPositions()) != 1 {
			return
		}
		i := int(f.ArrayPositions()[0])
		for len(sections) <= i {
			sections = append(sections, Section{})
		}
		value := string(bytes.Clone(f.Value()))
		switch f.Name() {
		case storedAnchor:
			sections[i].ID = value
		case storedTitle:
			sections[i].Title = value
		case storedText:
			sections[i].Text = value
		}
	})
	return sections, nil
}
