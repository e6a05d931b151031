package index

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
)

// shards.go writes what the browser searches with. docs/search-format.md says
// what is in each file and why.

// browserFormat is the version of the format.
const browserFormat = 1

const (
	shardShare   = 1.5  // a term shard has so many times the root of the bytes of all, before compression
	cardsInline  = 6000 // bytes of all cards, compressed, that fit into the manifest
	facetsInline = 1500 // the same for facets
)

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

// shardWriter makes the files and keeps them until all are known.
type shardWriter struct {
	*builder
	meta     *meta
	manifest manifest
	types    map[string]int
	files    []shardFile
	terms    []string // first keys of the term shards
}

type shardFile struct {
	name    string
	content []byte
}

func (b *builder) writeShards(m *meta, base string, write func(string, []byte) error) error {
	w := &shardWriter{builder: b, meta: m, types: map[string]int{}}
	w.manifest = manifest{Docs: len(m.Docs), Least: b.dict.vocab.MinDocs(), Base: base, Groups: w.groups(), Types: [][]any{}}
	w.setTypes()
	w.allCards()
	w.termShards()
	w.spellBlocks()
	w.fragments()
	w.facets()
	if err := w.compress(); err != nil {
		return err
	}
	return w.write(write)
}

// compress does so with all files at once.
func (w *shardWriter) compress() error {
	errs := make([]error, w.workers)
	var wg sync.WaitGroup
	for n := range w.workers {
		wg.Go(func() {
			for i := n; i < len(w.files); i += w.workers {
				b, err := deflate(w.files[i].content)
				if err != nil {
					errs[n] = err
					return
				}
				w.files[i].content = b
			}
		})
	}
	wg.Wait()
	return cmp.Or(errs...)
}

func deflate(b []byte) ([]byte, error) {
	var out bytes.Buffer
	f, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(b); err != nil {
		return nil, err
	}
	err = f.Close()
	return out.Bytes(), err
}

// write hands all files on, the manifest last, below a folder that is named by
// what they have in them.
func (w *shardWriter) write(write func(string, []byte) error) error {
	slices.SortFunc(w.files, func(a, b shardFile) int { return cmp.Compare(a.name, b.name) })
	sum := sha256.New()
	for _, f := range w.files {
		fmt.Fprintf(sum, "%s %d\n", f.name, len(f.content))
		sum.Write(f.content)
	}
	release := hex.EncodeToString(sum.Sum(nil))[:12]
	for _, f := range w.files {
		if err := write(release+"/"+f.name+".bin", f.content); err != nil {
			return err
		}
	}
	root, err := json.Marshal(w.manifest)
	if err != nil {
		return err
	}
	if root, err = deflate(root); err != nil {
		return err
	}
	head := fmt.Sprintf("{\"format\":%d,\"release\":%q}\n", browserFormat, release)
	return write("manifest.bin", append([]byte(head), root...))
}

func (w *shardWriter) add(name string, content []byte) {
	w.files = append(w.files, shardFile{name, content})
}

// groups are runs of documents with the same chunk and boost.
func (w *shardWriter) groups() [][3]float64 {
	groups := [][3]float64{}
	for _, m := range w.meta.Docs {
		g := [3]float64{1, float64(m.Chunk), m.Boost}
		if n := len(groups); n > 0 && groups[n-1][1] == g[1] && groups[n-1][2] == g[2] {
			groups[n-1][0]++
		} else {
			groups = append(groups, g)
		}
	}
	return groups
}

func (w *shardWriter) setTypes() {
	for _, p := range w.plans {
		w.types[p.doc.Type] = 0
	}
	for i, t := range slices.Sorted(maps.Keys(w.types)) {
		w.types[t] = i
		w.manifest.Types = append(w.manifest.Types, append([]any{t}, w.labels("type", t)...))
	}
}

// labels are a value's label and, if others are not the same, its labels by
// language.
func (w *shardWriter) labels(field, value string) []any {
	usual, others := value, map[string]string{}
	for _, l := range w.meta.Labels {
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
	cards := make([][]any, 0, len(w.plans))
	for _, p := range w.plans {
		card := []any{p.doc.ID, w.url(p.doc), squeeze(p.doc.Title), w.types[p.doc.Type], p.doc.Date}
		if p.doc.Status != "" {
			card = append(card, p.doc.Status)
		}
		cards = append(cards, card)
	}
	b, err := json.Marshal(cards)
	if err != nil {
		panic(err) // strings and numbers only
	}
	if small, err := deflate(b); err == nil && len(small) <= cardsInline {
		w.manifest.Cards = cards
	}
}

// url is a document's address, "" where its id says it.
func (w *shardWriter) url(d *Document) string {
	if _, path, ok := strings.Cut(d.ID, ":"); ok && d.URL == w.manifest.Base+"/"+path+"/" {
		return ""
	}
	return d.URL
}
