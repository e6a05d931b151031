package index

import (
	"cmp"
	"encoding/json"
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

// Build makes the index of a few documents in one call.
func Build(dir string, docs []Document, labels Labels, opts BuildOptions) error {
	b, err := NewBuilder(dir, opts)
	if err != nil {
		return err
	}
	defer b.Discard()
	for i := range docs {
		record, err := Prepare(&docs[i])
		if err != nil {
			return err
		}
		if err := b.Add(record); err != nil {
			return err
		}
	}
	return b.Finish(labels)
}

// Prepare makes of a document the record that a Builder takes. The record
// depends on nothing else: the same document gives the same bytes.
func Prepare(d *Document) ([]byte, error) {
	if d.ID == "" {
		return nil, fmt.Errorf("document %q has no ID", d.Title)
	}
	return json.Marshal(d)
}

// Builder makes an index of records. Only Add may be called by many
// goroutines at once.
type Builder struct {
	opts     BuildOptions
	dir, tmp string // where the index comes to lie, and where it is made

	mu    sync.Mutex
	spill *os.File
	ends  []int64 // of the records in the spill
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
	b := &Builder{opts: opts, dir: dir, tmp: tmp}
	if b.spill, err = os.Create(filepath.Join(tmp, spillFile)); err != nil {
		b.Discard()
		return nil, err
	}
	return b, nil
}

const spillFile = "records"

// Add takes the record of a document, in any order.
func (b *Builder) Add(record []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := int64(0)
	if n := len(b.ends); n > 0 {
		at = b.ends[n-1]
	}
	if _, err := b.spill.WriteAt(record, at); err != nil {
		return err
	}
	b.ends = append(b.ends, at+int64(len(record)))
	return nil
}

// Discard removes what a builder that did not finish has left.
func (b *Builder) Discard() {
	if b.spill != nil {
		b.spill.Close()
		b.spill = nil
	}
	os.RemoveAll(b.tmp)
}

// documents reads all records back.
func (b *Builder) documents() ([]Document, error) {
	docs := make([]Document, len(b.ends))
	at := int64(0)
	for i, end := range b.ends {
		record := make([]byte, end-at)
		if _, err := b.spill.ReadAt(record, at); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(record, &docs[i]); err != nil {
			return nil, err
		}
		at = end
	}
	slices.SortFunc(docs, func(a, b Document) int { return cmp.Compare(a.ID, b.ID) })
	return docs, nil
}

// Finish makes the index and puts it into its place, readable as a whole or not
// at all. What it makes does not depend on the order of Add.
func (b *Builder) Finish(given Labels) error {
	docs, err := b.documents()
	if err != nil {
		return err
	}
	if err := b.spill.Close(); err != nil {
		return err
	}
	b.spill = nil
	if err := os.Remove(filepath.Join(b.tmp, spillFile)); err != nil {
		return err
	}
	if err := checkIDs(docs); err != nil {
		return err
	}
	if err := b.make(docs, given); err != nil {
		return err
	}
	if err := readable(b.tmp); err != nil {
		return err
	}
	return replace(b.tmp, b.dir)
}

func (f *Builder) make(docs []Document, given Labels) error {
	opts := f.opts
	known := knownWords(docs, opts)
	plans, counter := planDocuments(docs, opts)
	vocab := counter.Vocabulary(known)
	addLongNames(plans, vocab)
	b := &builder{
		plans: plans, analyzer: analyze.New(vocab, opts.Synonyms), average: averages(plans),
		metas: make([]docMeta, len(plans)), lists: map[string]*list{}, workers: opts.Workers, server: opts.Server,
	}
	if err := b.analyse(f.tmp); err != nil {
		return err
	}
	b.dict = newDictionary(vocab)
	m := &meta{
		Version: formatVersion, Docs: b.metas, Extra: known, Synonyms: opts.Synonyms,
		Labels: labels(docs, given), Prefixes: prefixes(b.dict.records, b.postings),
	}
	if opts.Browser != nil {
		if err := b.writeShards(m, opts.Base, opts.Browser); err != nil {
			return err
		}
	}
	if !opts.Server {
		return os.WriteFile(filepath.Join(f.tmp, browserOnlyFile), nil, 0o644)
	}
	if err := writeWords(f.tmp, vocab.Words()); err != nil {
		return err
	}
	return writeMeta(f.tmp, m)
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
func knownWords(docs []Document, opts BuildOptions) []string {
	known := slices.Clone(opts.Words)
	for _, d := range docs {
		known = append(append(known, d.Title), d.Tags...)
	}
	slices.Sort(known)
	return slices.Compact(known)
}

func checkIDs(docs []Document) error {
	var errs []error
	seen := map[string]bool{}
	for _, d := range docs {
		if seen[d.ID] {
			errs = append(errs, fmt.Errorf("two documents have the ID %q", d.ID))
		}
		seen[d.ID] = true
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

func labels(docs []Document, given Labels) []label {
	var all []label
	for field, values := range given {
		for value, texts := range values {
			for lang, text := range texts {
				all = append(all, label{field, value, lang, text})
			}
		}
	}
	for _, d := range docs {
		if d.TypeLabel != "" {
			all = append(all, label{"type", d.Type, "", d.TypeLabel})
		}
	}
	slices.SortFunc(all, func(a, b label) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Label, b.Label))
	})
	return slices.CompactFunc(all, func(a, b label) bool { return a.Field == b.Field && a.Value == b.Value && a.Lang == b.Lang })
}
