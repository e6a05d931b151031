package index

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/ag-vzkm/portal/search/analyze"
)

// Labels say how the values of facets are shown: facet field → value →
// language → label. The language "" stands for any other.
type Labels map[string]map[string]map[string]string

// Set sets one label.
func (l Labels) Set(field, value, lang, text string) {
	if l[field] == nil {
		l[field] = map[string]map[string]string{}
	}
	if l[field][value] == nil {
		l[field][value] = map[string]string{}
	}
	l[field][value][lang] = text
}

// BuildOptions is what an index is made with besides the documents.
type BuildOptions struct {
	Synonyms analyze.Synonyms // from the glossary
	Words    []string         // known words: glossary terms, taxonomies
	Types    []string         // the types that documents have
	Workers  int              // default: one per core
	Base     string           // what every address begins with: "" or "/sub"
	Server   bool             // make what Open reads, too
	// Browser takes the files that a browser searches with, by their path below
	// /search/ (docs/search-format.md), from many goroutines at once and the
	// manifest last. None are made without it. It may keep the content.
	Browser func(name string, content []byte) error
	Cache   Cache // of compressed files; may be nil
}

// Cache keeps what is dear to make by a hash of what it is made from. It may
// forget anything at any time, and is used by many goroutines at once.
type Cache interface {
	Get(key [32]byte) (value []byte, ok bool)
	Put(key [32]byte, value []byte)
}

// types are the names of all types, sorted.
func (o *BuildOptions) types() []string {
	return slices.Compact(slices.Sorted(slices.Values(o.Types)))
}

// Build makes the index of a few documents in one call.
func Build(dir string, docs []Document, labels Labels, opts BuildOptions) error {
	for i := range docs {
		opts.Types = append(opts.Types, docs[i].Type)
	}
	b, err := NewBuilder(dir, opts)
	if err != nil {
		return err
	}
	defer b.Discard()
	p := NewPreparer(opts)
	for i := range docs {
		record, err := p.Prepare(&docs[i])
		if err != nil {
			return err
		}
		if err := b.Add(record); err != nil {
			return err
		}
	}
	return b.Finish(labels)
}

// Builder makes an index of records. Only Add may be called by many
// goroutines at once.
type Builder struct {
	opts     BuildOptions
	key      [keySize]byte
	dir, tmp string // where the index comes to lie, and where it is made
	spill    *spill // of records
	postings *spill // see runs

	mu      sync.Mutex
	counter *analyze.Counter
	docs    []*document
	err     error // after it, the counts are wrong
}

// document is what is kept in memory of a record.
type document struct {
	docMeta
	abbr, aliases []string
	long          []string // names that its abbreviations stand for
	typeLabel     string
	length        [numFields]int
	fragmentsHash [sha256.Size]byte
	words, order  extent // see Add
	fragments     extent
	outlines      extent
	texts         extent
}

// NewBuilder returns a builder of the index in dir, which stays as it is until
// Finish puts another in its place.
func NewBuilder(dir string, opts BuildOptions) (*Builder, error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return nil, err
	}
	b := &Builder{opts: opts, key: NewPreparer(opts).key, dir: dir, tmp: tmp, counter: analyze.NewCounter()}
	if b.spill, err = newSpill(filepath.Join(tmp, "records")); err != nil {
		b.Discard()
		return nil, err
	}
	return b, nil
}

// Add takes a record, in any order. It keeps what is known of the document
// without its text, and the words of all; the rest goes to a file. A damaged
// record is an error; another one may be added in its place.
func (b *Builder) Add(record []byte) error {
	p, err := openRecord(record, b.key)
	if err != nil {
		return err
	}
	d, err := readHead(p.head)
	if err != nil {
		return err
	}
	d.fragmentsHash = sha256.Sum256(p.fragments) // they have all that outlines have
	words, err := b.count(p.words)
	if err != nil {
		return err
	}
	all := slices.Concat(words, p.order, p.fragments, p.outlines, p.texts)
	at, err := b.spill.append(all)
	if err != nil {
		return err
	}
	for _, part := range [...]struct {
		to *extent
		n  int
	}{{&d.words, len(words)}, {&d.order, len(p.order)}, {&d.fragments, len(p.fragments)}, {&d.outlines, len(p.outlines)}, {&d.texts, len(p.texts)}} {
		*part.to = extent{at.at, part.n}
		at.at += int64(part.n)
	}
	b.mu.Lock()
	b.docs = append(b.docs, d)
	b.mu.Unlock()
	return nil
}

// count adds the words of a record to those of all. It returns them by number
// instead of by form, and only those that stand in the text.
func (b *Builder) count(words []byte) (output, error) {
	numbered := make(output, 0, len(words)/2)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counter.AddDocument()
	in := input{b: words}
	placed := in.count()
	numbered.number(placed)
	for range placed {
		numbered.number(b.shape(&in))
		from := in.b
		in.skipPlace()
		numbered = append(numbered, from[:len(from)-len(in.b)]...)
	}
	for range in.count() {
		b.shape(&in)
	}
	// Behind a right sum this is no damage: what was counted cannot be taken back.
	b.err = cmp.Or(b.err, in.end())
	return numbered, b.err
}

// shape counts a form and returns its number.
func (b *Builder) shape(in *input) int {
	form, flags := in.bytes(), in.byte()
	n := b.counter.Number(form)
	var shown []byte
	if flags&shapeShown != 0 {
		shown = in.bytes()
	}
	if flags&shapeCounted != 0 {
		b.counter.Count(n, analyze.Shape{Small: flags&shapeSmall != 0, Joined: flags&shapeJoined != 0, Written: flags&shapeWritten != 0}, shown)
	}
	return n
}

// Discard removes what a builder that did not finish has left.
func (b *Builder) Discard() {
	b.spill.close()
	b.postings.close()
	os.RemoveAll(b.tmp)
}

// Finish makes the index and puts it into its place, readable as a whole or not
// at all. What it makes does not depend on the order of Add.
func (b *Builder) Finish(labels Labels) error {
	slices.SortFunc(b.docs, func(a, b *document) int {
		return cmp.Or(cmp.Compare(a.Chunk, b.Chunk), cmp.Compare(a.Boost, b.Boost), cmp.Compare(a.ID, b.ID))
	})
	if err := cmp.Or(b.err, checkIDs(b.docs)); err != nil {
		return err
	}
	if err := b.make(labels); err != nil {
		return err
	}
	b.spill.close()
	b.postings.close()
	if err := readable(b.tmp); err != nil {
		return err
	}
	return replace(b.tmp, b.dir)
}

// browserOnlyFile stands in the place of an index that was not asked for.
const browserOnlyFile = "browser-only"

// readable lets others than the builder read the index, such as the user that
// a server runs as; bleve keeps its files to itself.
func readable(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.Chmod(path, 0o755)
		}
		return os.Chmod(path, 0o644)
	})
}

// knownWords are words that need no attestation to be members of compounds:
// what the caller gives, and the words of titles and tags, which are written
// with care.
func knownWords(docs []*document, opts BuildOptions) []string {
	known := slices.Clone(opts.Words)
	for _, d := range docs {
		known = append(append(known, d.Title), d.Tags...)
	}
	slices.Sort(known)
	return slices.Compact(known)
}

func checkIDs(docs []*document) error {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	slices.Sort(ids)
	var errs []error
	for i, id := range ids {
		if i > 0 && id == ids[i-1] && (i == 1 || id != ids[i-2]) {
			errs = append(errs, fmt.Errorf("two documents have the ID %q", id))
		}
	}
	return errors.Join(errs...)
}

// replace puts tmp in the place of dir. The old index is moved aside first:
// a directory that is not empty cannot be renamed over.
func replace(tmp, dir string) error {
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	old := tmp + "-old"
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

func facets(d *Document) []facetValues {
	all := []facetValues{}
	if d.Type != "" {
		all = append(all, facetValues{"type", []string{d.Type}})
	}
	for name, values := range d.Facets {
		if name != "type" && len(values) > 0 {
			all = append(all, facetValues{name, slices.Compact(slices.Sorted(slices.Values(values)))})
		}
	}
	slices.SortFunc(all, func(a, b facetValues) int { return cmp.Compare(a.Field, b.Field) })
	return all
}

func allLabels(docs []*document, given Labels) []label {
	var all []label
	for field, values := range given {
		for value, texts := range values {
			for lang, text := range texts {
				all = append(all, label{field, value, lang, text})
			}
		}
	}
	for _, d := range docs {
		if d.typeLabel != "" {
			all = append(all, label{"type", d.Type, "", d.typeLabel})
		}
	}
	slices.SortFunc(all, func(a, b label) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Label, b.Label))
	})
	return slices.CompactFunc(all, func(a, b label) bool { return a.Field == b.Field && a.Value == b.Value && a.Lang == b.Lang })
}
