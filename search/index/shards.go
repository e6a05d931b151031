package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// shards.go writes what the browser searches with. docs/search-format.md says
// what is in each file and why.

// browserFormat is the version of the format.
const browserFormat = 1

// writerVersion is part of the release's name. It changes whenever the same
// records become other bytes; a test tells when that is.
const writerVersion = 1

const (
	shardShare   = 1.5  // a term shard has so many times the root of the bytes of all, before compression
	cardsInline  = 6000 // bytes of all cards, compressed, that fit into the manifest
	facetsInline = 1500 // the same for facets
)

// cacheVersion changes with how files are compressed.
const cacheVersion = 1

// manifest is what every query needs.
type manifest struct {
	Docs   int             `json:"docs"`
	Least  int             `json:"least"`
	Base   string          `json:"base"`
	Groups [][3]float64    `json:"groups"`
	Types  [][]any         `json:"types"`
	Terms  string          `json:"terms"`
	Spell  [2]string       `json:"spell"`
	Cards  [][]any         `json:"cards,omitempty"`
	Facets json.RawMessage `json:"facets,omitempty"`
}

// shardWriter makes the files and hands each on when it is made.
type shardWriter struct {
	*making
	manifest manifest
	release  string
	types    map[string]int
	can      []bool // by word: it can be a member of compounds
	synonyms lists
	prefixes [][]prefixList // by partition
	records  []extent       // of each partition, in the spill of the runs
	bytes    []int          // of its records
}

// startShards decides what all files are called, which needs nothing but the
// records.
func (m *making) startShards() *shardWriter {
	w := &shardWriter{making: m, release: m.release(), types: map[string]int{}}
	w.manifest = manifest{Docs: len(m.docs), Base: m.opts.Base, Groups: w.groups(), Types: [][]any{}}
	for i, t := range m.opts.types() {
		w.types[t] = i
		w.manifest.Types = append(w.manifest.Types, append([]any{t}, w.labelsOf("type", t)...))
	}
	return w
}

// release is a name for all files: a hash over what they are made of.
func (m *making) release() string {
	words := slices.Sorted(slices.Values(m.opts.Words))
	all, err := json.Marshal([]any{browserFormat, writerVersion, m.opts.Base, m.opts.types(), m.opts.Synonyms, words, m.labels})
	if err != nil {
		panic(err) // strings and numbers
	}
	sum := sha256.New()
	sum.Write(all)
	for _, d := range m.docs {
		sum.Write(d.hash[:])
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// write makes all files but the fragments, the manifest last.
func (w *shardWriter) write() error {
	w.manifest.Least = w.vocab.MinDocs()
	w.allCards()
	files := w.startFiles()
	w.termShards(files)
	w.spellBlocks(files)
	w.facets(files)
	if err := files.close(); err != nil {
		return err
	}
	root, err := json.Marshal(w.manifest)
	if err != nil {
		return err
	}
	head := fmt.Appendf(nil, "{\"format\":%d,\"release\":%q}\n", browserFormat, w.release)
	return w.opts.Browser("manifest.bin", append(head, new(deflater).deflate(root)...))
}

// file hands on a file that is compressed already.
func (w *shardWriter) file(name string, content []byte) error {
	return w.opts.Browser(w.release+"/"+name+".bin", content)
}

// files compresses files on all cores as they are made.
type files struct {
	*shardWriter
	next chan shardFile
	wg   sync.WaitGroup
	errs []error
}

type shardFile struct {
	name    string
	content []byte
}

func (w *shardWriter) startFiles() *files {
	f := &files{shardWriter: w, next: make(chan shardFile), errs: make([]error, w.opts.Workers)}
	for n := range f.errs {
		f.wg.Go(func() {
			var d deflater
			for file := range f.next {
				if f.errs[n] == nil { // else the rest is only drained
					f.errs[n] = w.file(file.name, w.cached(&d, file.content))
				}
			}
		})
	}
	return f
}

// cached is a file compressed, or as an earlier build has compressed it.
func (w *shardWriter) cached(d *deflater, content []byte) []byte {
	if w.opts.Cache == nil {
		return bytes.Clone(d.deflate(content))
	}
	key := sha256.Sum256(append([]byte{cacheVersion}, content...))
	if small, ok := w.opts.Cache.Get(key); ok {
		return small
	}
	small := bytes.Clone(d.deflate(content))
	w.opts.Cache.Put(key, small)
	return small
}

func (f *files) add(name string, content []byte) { f.next <- shardFile{name, content} }

func (f *files) fail(err error) { f.errs = append(f.errs, err) }

func (f *files) close() error {
	close(f.next)
	f.wg.Wait()
	return errors.Join(f.errs...)
}

// groups are runs of documents with the same chunk and boost.
func (w *shardWriter) groups() [][3]float64 {
	groups := [][3]float64{}
	for _, m := range w.docs {
		g := [3]float64{1, float64(m.Chunk), m.Boost}
		if n := len(groups); n > 0 && groups[n-1][1] == g[1] && groups[n-1][2] == g[2] {
			groups[n-1][0]++
		} else {
			groups = append(groups, g)
		}
	}
	return groups
}

// labelsOf are a value's label and, if others are not the same, its labels by
// language.
func (w *shardWriter) labelsOf(field, value string) []any {
	usual, others := value, map[string]string{}
	for _, l := range w.labels {
		if l.Field == field && l.Value == value {
			if l.Lang == "" {
				usual = l.Label
			}
			others[l.Lang] = l.Label
		}
	}
	maps.DeleteFunc(others, func(_, text string) bool { return text == usual })
	if len(others) == 0 {
		return []any{usual}
	}
	return []any{usual, others}
}

// allCards puts all cards into the manifest if they are small enough. A reader
// who has none takes a hit's title from its fragment.
func (w *shardWriter) allCards() {
	if len(w.docs) > cardsInline/3 {
		return // an ID alone does not compress to less
	}
	cards := make([][]any, 0, len(w.docs))
	for _, d := range w.docs {
		card := []any{d.ID, shortURL(d.ID, d.URL, w.opts.Base), squeeze(d.Title), w.types[d.Type], d.Date}
		if d.Status != "" {
			card = append(card, d.Status)
		}
		cards = append(cards, card)
	}
	b, err := json.Marshal(cards)
	if err != nil {
		panic(err) // strings and numbers only
	}
	if len(new(deflater).deflate(b)) <= cardsInline {
		w.manifest.Cards = cards
	}
}

// shortURL is a document's address, "" where its id says it.
func shortURL(id, url, base string) string {
	if _, path, ok := strings.Cut(id, ":"); ok && url == base+"/"+path+"/" {
		return ""
	}
	return url
}
