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
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/search/analyze"
)

// BuildOptions is what an index is made with besides the documents.
type BuildOptions struct {
	Synonyms analyze.Synonyms             // from the glossary
	Words    []string                     // known words: glossary terms, taxonomies
	Labels   map[string]map[string]string // facet field → value → label
	Workers  int                          // default: one per core
}

// Build writes the index of docs to dir, replacing what was there. It builds
// in a directory beside dir and renames, so that dir is never half an index.
func Build(dir string, docs []Document, opts BuildOptions) (err error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	docs = slices.SortedFunc(slices.Values(docs), func(a, b Document) int { return cmp.Compare(a.ID, b.ID) })
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
	vocab := countWords(docs, opts).Vocabulary(known)
	if err := writeWords(tmp, vocab.Words()); err != nil {
		return err
	}
	names := newLongNames(vocab)
	for i := range docs {
		docs[i].Aliases = withLongNames(&docs[i], names)
	}
	metas, err := writeStore(tmp, docs, analyze.New(vocab, opts.Synonyms), opts.Workers)
	if err != nil {
		return err
	}
	m := &meta{
		Version: formatVersion, Docs: metas, Average: averages(metas),
		Extra: known, Synonyms: opts.Synonyms, Labels: labels(docs, opts.Labels),
	}
	if err := writeMeta(tmp, m); err != nil {
		return err
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

// withLongNames returns a document's aliases and the long names of its
// abbreviations, but for what the title says already.
func withLongNames(d *Document, names longNames) []string {
	aliases := slices.Clone(d.Aliases)
	title := analyze.Fold(d.Title)
	for _, abbr := range d.Abbr {
		if name := names.of(abbr, title); name != "" && !strings.Contains(title, name) {
			aliases = append(aliases, name)
		}
	}
	return aliases
}

func checkIDs(docs []Document) error {
	var errs []error
	for i, d := range docs {
		if d.ID == "" {
			errs = append(errs, fmt.Errorf("document %q has no ID", d.Title))
		} else if i > 0 && docs[i-1].ID == d.ID {
			errs = append(errs, fmt.Errorf("two documents have the ID %q", d.ID))
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

// countWords is the first pass.
func countWords(docs []Document, opts BuildOptions) *analyze.Counter {
	counters := make([]*analyze.Counter, opts.Workers)
	var wg sync.WaitGroup
	for n := range counters {
		counters[n] = analyze.NewCounter()
		wg.Go(func() {
			for i := n; i < len(docs); i += opts.Workers {
				counters[n].AddDocument(texts(&docs[i])...)
			}
		})
	}
	wg.Wait()
	for _, c := range counters[1:] {
		counters[0].Merge(c)
	}
	return counters[0]
}

// texts returns all that is searched in a document.
func texts(d *Document) []string {
	texts := slices.Concat([]string{d.Title, d.Summary}, d.Abbr, d.Aliases, d.Tags)
	for _, s := range d.Sections {
		texts = append(texts, s.Title, s.Text)
	}
	return texts
}

// writeStore is the second pass: workers analyse, one writer feeds bleve.
func writeStore(dir string, docs []Document, a *analyze.Analyzer, workers int) ([]docMeta, error) {
	if len(docs) == 0 {
		return nil, nil // bleve's builder cannot write nothing
	}
	builder, err := newBuilder(dir)
	if err != nil {
		return nil, err
	}
	metas := make([]docMeta, len(docs))
	next, done := make(chan int), make(chan *storeDocument, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			w := docWriter{analyzer: a}
			for i := range next {
				done <- w.analyse(i, &docs[i], &metas[i])
			}
		})
	}
	go func() {
		for i := range docs {
			next <- i
		}
		close(next)
		wg.Wait()
		close(done)
	}()
	for d := range done {
		if err == nil { // after an error the channel is only drained
			err = builder.Index(d)
		}
	}
	if err != nil {
		return metas, err
	}
	return metas, builder.Close()
}

// docWriter turns documents into postings.
type docWriter struct {
	analyzer *analyze.Analyzer
	tokens   []analyze.Token // reused
	fields   [numFields]*storeField
	meta     *docMeta
	pos      int // the last position given
}

func (w *docWriter) analyse(ordinal int, d *Document, m *docMeta) *storeDocument {
	*m = docMeta{
		ID: d.ID, URL: d.URL, Type: d.Type, Lang: d.Lang, Title: d.Title, Date: d.Date, Summary: d.Summary,
		Boost: cmp.Or(d.Boost, 1), Facets: facets(d), Starts: make([]int, len(d.Sections)),
	}
	w.meta, w.pos = m, 0
	for f := range w.fields {
		w.fields[f] = newTermField(field(f))
	}
	doc := &storeDocument{ordinal: ordinal}

	w.add(fieldTitle, d.Title)
	m.TitleEnd = w.pos + 1
	w.addName(d.Title)
	for _, name := range slices.Concat(d.Abbr, d.Aliases) {
		w.gap()
		w.add(fieldAbbr, name)
		w.addName(name)
	}
	w.gap()
	w.add(fieldSummary, d.Summary)
	for _, tag := range d.Tags {
		w.gap()
		w.add(fieldTags, tag)
	}
	for i, s := range d.Sections {
		w.gap()
		m.Starts[i] = w.pos + 1
		w.add(fieldHeading, s.Title)
		w.add(fieldBody, s.Text)
		doc.fields = append(doc.fields, storedField(storedAnchor, s.ID, i),
			storedField(storedTitle, s.Title, i), storedField(storedText, s.Text, i))
	}
	m.End = w.pos + 1
	for _, f := range w.fields {
		doc.fields = append(doc.fields, f)
	}
	return doc
}

// add appends text to a field, at the positions that follow.
func (w *docWriter) add(f field, text string) {
	w.tokens = w.analyzer.AppendTokens(w.tokens[:0], text)
	into := w.fields[f]
	for i := range w.tokens {
		t := &w.tokens[i]
		if t.Stop {
			continue
		}
		into.length++
		w.meta.Len[f]++
		into.add(t.Form, w.pos+t.Pos)
		for _, term := range t.Also {
			into.add(term, w.pos+t.Pos)
		}
		for _, p := range t.Parts {
			into.add(analyze.PartPrefix+p.Stem, w.pos+t.Pos)
		}
	}
	w.pos += len(w.tokens)
}

// addName makes a document findable by its whole title or abbreviation.
func (w *docWriter) addName(name string) {
	for _, key := range nameKeys(w.analyzer.Tokens(name)) {
		w.fields[fieldAbbr].add(key, w.pos)
	}
}

func (w *docWriter) gap() { w.pos += fieldGap }

// namePrefix marks terms that are a whole title or abbreviation.
const namePrefix = "="

// nameKeys squeezes a name into one term, and into a second one with Roman
// numerals as digits: "SGB XI" is =sgbxi and =sgb11.
func nameKeys(tokens []analyze.Token) []string {
	var plain, arabic strings.Builder
	for _, t := range tokens {
		plain.WriteString(t.Form)
		arabic.WriteString(cmp.Or(t.Arabic, t.Form))
	}
	switch p, a := plain.String(), arabic.String(); {
	case p == "":
		return nil
	case p == a:
		return []string{namePrefix + p}
	default:
		return []string{namePrefix + p, namePrefix + a}
	}
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

func labels(docs []Document, given map[string]map[string]string) []label {
	var all []label
	for field, values := range given {
		for value, text := range values {
			all = append(all, label{field, value, text})
		}
	}
	for _, d := range docs {
		if d.TypeLabel != "" {
			all = append(all, label{"type", d.Type, d.TypeLabel})
		}
	}
	slices.SortFunc(all, func(a, b label) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Label, b.Label))
	})
	return slices.CompactFunc(all, func(a, b label) bool { return a.Field == b.Field && a.Value == b.Value })
}

func averages(metas []docMeta) (avg [numFields]float64) {
	for f := range avg {
		n := 0
		for i := range metas {
			if metas[i].Len[f] > 0 {
				avg[f] += float64(metas[i].Len[f])
				n++
			}
		}
		avg[f] /= float64(max(n, 1))
	}
	return avg
}
