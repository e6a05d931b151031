package index

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"strings"

	"github.com/ag-vzkm/portal/search/analyze"
)

// shards.go writes what the browser searches with. docs/search-format.md says
// what is in each file and why.

// browserFormat is the version of the format.
const browserFormat = 2

const (
	shardShare   = 1.5  // a term shard has so many times the root of the bytes of all, before compression
	cardsInline  = 6000 // bytes of all cards, compressed, that fit into the manifest
	facetsInline = 1500 // the same for facets
)

// cacheVersion changes with how files are compressed.
const cacheVersion = 2

// manifest is what every query needs.
type manifest struct {
	Docs   int             `json:"docs"`
	Least  int             `json:"least"`
	Base   string          `json:"base"`
	Groups [][3]float64    `json:"groups"`
	Types  [][]any         `json:"types"`
	Terms  string          `json:"terms"`
	Spell  [2]string       `json:"spell"`
	Stop   string          `json:"stop"`
	Cards  [][]any         `json:"cards,omitempty"`
	Facets json.RawMessage `json:"facets,omitempty"`
}

// shardWriter makes the files. They are named by what is in all of them, so
// they wait in a file until the last is made.
type shardWriter struct {
	*making
	manifest manifest
	root     packer // of the manifest
	types    map[string]int
	can      []bool // by word: it can be a member of compounds
	synonyms lists
	prefixes [][]prefixList // by partition
	records  []extent       // of each partition, in the spill of the runs
	bytes    []int          // of its records
	files    []shardFile
	content  hash.Hash // of the files
}

// shardFile is a file that waits, not yet compressed.
type shardFile struct {
	name string
	at   extent // in the spill of the runs
}

func (m *making) newShardWriter() *shardWriter {
	w := &shardWriter{making: m, types: map[string]int{}, content: sha256.New()}
	w.root.start(nil, numRootModels)
	w.manifest = manifest{Stop: frontCoded(analyze.StopWords()), Docs: len(m.docs), Least: m.vocab.MinDocs(), Base: m.opts.Base, Groups: w.groups(), Types: [][]any{}}
	for i, t := range m.opts.types() {
		w.types[t] = i
		w.manifest.Types = append(w.manifest.Types, append([]any{t}, w.labelsOf("type", t)...))
	}
	return w
}

// write makes all files and hands them on, the manifest last.
func (w *shardWriter) write() error {
	w.allCards()
	if err := cmp.Or(w.termShards(), w.spellBlocks(), w.outlines(), w.facets()); err != nil {
		return err
	}
	root, err := w.packManifest()
	if err != nil {
		return err
	}
	release := w.release(root)
	if err := w.handOn(release); err != nil {
		return err
	}
	if err := w.fragments(release); err != nil {
		return err
	}
	head := fmt.Appendf(nil, "{\"format\":%d,\"release\":%q}\n", browserFormat, release)
	return w.opts.Browser("manifest.bin", append(head, root...))
}

func (w *shardWriter) packManifest() ([]byte, error) {
	text, err := json.Marshal(w.manifest)
	if err != nil {
		return nil, err
	}
	w.root.texts = text
	return w.root.finish()
}

// add takes a file.
func (w *shardWriter) add(name string, content []byte) error {
	fmt.Fprintf(w.content, "%s %d\n", name, len(content))
	w.content.Write(content)
	at, err := w.runs.spill.append(content)
	w.files = append(w.files, shardFile{name, at})
	return err
}

// release is a name for all files: a hash over what is in them.
func (w *shardWriter) release(manifest []byte) string {
	fmt.Fprintln(w.content, browserFormat)
	w.content.Write(manifest)
	for _, d := range w.docs {
		w.content.Write(d.fragmentsHash[:])
	}
	return hex.EncodeToString(w.content.Sum(nil))[:12]
}

// handOn compresses all files but fragments, on all cores.
func (w *shardWriter) handOn(release string) error {
	chunks := w.chunksHash()
	return each(w.opts.Workers, len(w.files), func() func(int) error {
		p := packer{docs: w.docs}
		var buf []byte
		return func(i int) (err error) {
			f := &w.files[i]
			if buf, err = w.runs.spill.read(f.at, buf); err != nil {
				return err
			}
			var small []byte
			switch f.name[0] {
			case 't':
				small, err = w.cached(chunks[:], buf, p.termShard)
			case 's':
				small, err = w.cached(nil, buf, p.spellBlock)
			case 'o':
				small = bytes.Clone(buf) // its parts are compressed
			default:
				small, err = w.cached(nil, buf, p.plain)
			}
			return cmp.Or(err, w.file(release, f.name, small))
		}
	})
}

// file hands on a file that is compressed already.
func (w *shardWriter) file(release, name string, content []byte) error {
	return w.opts.Browser(release+"/"+name+".bin", content)
}

// cached compresses a file, unless an earlier build has. What comes out depends
// on nothing but the content and what is behind key.
func (w *shardWriter) cached(key, content []byte, compress func([]byte) ([]byte, error)) ([]byte, error) {
	if w.opts.Cache == nil {
		small, err := compress(content)
		return bytes.Clone(small), err
	}
	h := sha256.New()
	h.Write(append([]byte{cacheVersion}, key...))
	h.Write(content)
	name := [sha256.Size]byte(h.Sum(nil))
	if small, ok := w.opts.Cache.Get(name); ok {
		return small, nil
	}
	small, err := compress(content)
	if err != nil {
		return nil, err
	}
	small = bytes.Clone(small)
	w.opts.Cache.Put(name, small)
	return small, nil
}

// chunksHash is over what term shards depend on besides their records.
func (w *shardWriter) chunksHash() [sha256.Size]byte {
	chunks := make([]byte, len(w.docs))
	for i, d := range w.docs {
		chunks[i] = byte(d.Chunk)
	}
	return sha256.Sum256(chunks)
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
		card := []any{squeeze(d.Title), d.ID, w.types[d.Type], d.Date, d.Status, shortURL(d.ID, d.URL, w.opts.Base)}
		for n := len(card) - 1; card[n] == ""; n-- {
			card = card[:n]
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
	if _, path, ok := strings.Cut(id, ":"); ok && url == base+"/"+strings.ReplaceAll(path, "_", "-")+"/" {
		return ""
	}
	return url
}
