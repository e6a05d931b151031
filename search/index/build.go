package index

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

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
	Labels   Labels           // of the facets
	Workers  int              // default: one per core
	Base     string           // what every address begins with: "" or "/sub"
	// Browser takes the files that a browser searches with, by their path below
	// /search/ (docs/search-format.md). None are made without it.
	Browser func(name string, content []byte) error
}

// Build writes the index of docs to dir, replacing what was there. It builds
// in a directory beside dir and renames, so that dir is never half an index.
func Build(dir string, docs []Document, opts BuildOptions) (err error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if err := checkIDs(docs); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)

	known := knownWords(docs, opts)
	plans, counter := planDocuments(docs, opts)
	vocab := counter.Vocabulary(known)
	if err := writeWords(tmp, vocab.Words()); err != nil {
		return err
	}
	addLongNames(plans, vocab)
	b := &builder{
		plans: plans, analyzer: analyze.New(vocab, opts.Synonyms), average: averages(plans),
		metas: make([]docMeta, len(plans)), lists: map[string]*list{}, workers: opts.Workers,
	}
	if err := b.analyse(tmp); err != nil {
		return err
	}
	b.dict = newDictionary(vocab)
	m := &meta{
		Version: formatVersion, Docs: b.metas, Extra: known, Synonyms: opts.Synonyms,
		Labels: labels(docs, opts.Labels), Prefixes: prefixes(b.dict.records, b.postings),
	}
	if err := writeMeta(tmp, m); err != nil {
		return err
	}
	if opts.Browser != nil {
		if err := b.writeShards(m, opts.Base, opts.Browser); err != nil {
			return err
		}
	}
	if err := readable(tmp); err != nil {
		return err
	}
	return replace(tmp, dir)
}

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
		if d.ID == "" {
			errs = append(errs, fmt.Errorf("document %q has no ID", d.Title))
		} else if seen[d.ID] {
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
