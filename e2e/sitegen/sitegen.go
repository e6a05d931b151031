// Package sitegen makes sites of any size out of a program's own content types,
// to measure and test with: entries with front matter, relations, topics,
// sources and German text of the length that people write.
//
// Everything follows from the types' definitions: a new type or field is filled
// without a word here. What definitions cannot say, shares and titles, stands
// in data/recipes.yaml; words and sentences stand beside it. Names of places
// and organisations are made of invented syllables.
//
// The same number of entries and seed give the same bytes. Shares of types,
// length of texts and relations per entry do not depend on the number, so
// that sites of different sizes compare; how often an entry is pointed to
// falls with its rank (1, ½, ⅓, …), so that the first organisations of a
// large site have thousands of incoming relations.
package sitegen

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

//go:embed data
var data embed.FS

const config = `title: Probe
base_url: https://probe.example
languages: [de]
`

// figure is the one picture and the one download of the site.
const figure = "figur.svg"

const figureText = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160" width="320" height="160">
<path fill="none" stroke="#204a87" stroke-width="4" d="M20 140 90 90l70 20 70-70 70 20"/>
</svg>
`

// fallbackFolder takes the pages of the type that has no folder of its own.
const fallbackFolder = "wissen"

// Site is a site that has been planned: every entry has its name. It is
// read-only, and its files are made when they are asked for.
type Site struct {
	seed    uint64
	words   *words
	kinds   []*kind
	byType  map[string]*kind
	terms   map[string][]string // of each taxonomy
	entries []entry
	glossed []entry // those that explain a word
}

// kind is a content type with its entries.
type kind struct {
	*site.Type
	sample  map[string]any // the front matter of its example
	entries []entry
}

type entry struct{ id, title string }

type recipe struct {
	Share  int      `yaml:"share"`
	Titles []string `yaml:"titles"`
}

// New plans a site of so many entries, at least one of each type, of the types
// and taxonomies in a template tree.
func New(templates fs.FS, entries int, seed uint64) (*Site, error) {
	var diags diag.List
	defs := source.LoadDefinitions(templates, &diags)
	if diags.Failed(false) {
		return nil, fmt.Errorf("definitions: %v", diags.Sorted()[0])
	}
	recipes := map[string]recipe{}
	if err := decode("recipes.yaml", &recipes); err != nil {
		return nil, err
	}
	w, err := loadWords()
	if err != nil {
		return nil, err
	}
	s := &Site{seed: seed, words: w, byType: map[string]*kind{}, terms: map[string][]string{}}
	for _, t := range defs.Taxonomies {
		for _, x := range t.Terms {
			s.terms[t.Name] = append(s.terms[t.Name], x.ID)
		}
	}
	for _, t := range defs.Types {
		k := &kind{Type: t}
		if k.sample, err = sample(t); err != nil {
			return nil, err
		}
		s.kinds, s.byType[t.Name] = append(s.kinds, k), k
	}
	s.name(entries, recipes)
	return s, nil
}

func decode(name string, to any) error {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		return err
	}
	return yaml.UnmarshalWithOptions(b, to, yaml.Strict())
}

// sample reads the front matter of a type's example: values of the right form
// where the definition only has a pattern.
func sample(t *site.Type) (map[string]any, error) {
	front, _, _ := bytes.Cut(bytes.TrimPrefix(t.Example, []byte("---\n")), []byte("\n---\n"))
	values := map[string]any{}
	if err := yaml.Unmarshal(front, &values); err != nil {
		return nil, fmt.Errorf("example of %s: %w", t.Name, err)
	}
	return values, nil
}

// name gives every entry its id and title, which others can then refer to.
func (s *Site) name(n int, recipes map[string]recipe) {
	shares := make([]int, len(s.kinds))
	for i, k := range s.kinds {
		shares[i] = max(1, recipes[k.Name].Share)
	}
	taken := map[string]bool{}
	for i, count := range split(n, shares) {
		k := s.kinds[i]
		titles := recipes[k.Name].Titles
		if len(titles) == 0 {
			titles = []string{"{c} in {v}"}
		}
		for range count {
			w := s.writer(len(s.entries))
			e := w.entry(titles, taken)
			k.entries, s.entries = append(k.entries, e), append(s.entries, e)
		}
		if k.Glossary != nil {
			s.glossed = append(s.glossed, k.entries...)
		}
	}
}

// split divides n by shares, at least one each, the largest remainders first.
func split(n int, shares []int) []int {
	total := 0
	for _, x := range shares {
		total += x
	}
	out, order, left := make([]int, len(shares)), make([]int, len(shares)), n
	for i, x := range shares {
		out[i], order[i] = max(1, n*x/total), i
		left -= out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(n*shares[b]%total, n*shares[a]%total) })
	for i := 0; i < left; i++ {
		out[order[i%len(order)]]++
	}
	return out
}

// Files makes all files of the site, one after the other, with their paths.
func (s *Site) Files() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		if !yield("portal.yaml", []byte(config)) || !yield("content/"+figure, []byte(figureText)) {
			return
		}
		n := 0
		for _, k := range s.kinds {
			for i := range k.entries {
				if !yield(k.file(i), s.text(k, i, n)) {
					return
				}
				n++
			}
		}
	}
}

func (k *kind) file(i int) string {
	return path.Join("content", cmp.Or(k.Folder, fallbackFolder), k.entries[i].id+".md")
}

// text is the file of a type's entry; n is its place among all.
func (s *Site) text(k *kind, i, n int) []byte {
	w := s.writer(n + len(s.entries)) // not the numbers its name was made of
	w.self, w.kind = k.entries[i], k
	w.front()
	w.body()
	return w.b.Bytes()
}

// Write makes the site in a folder.
func (s *Site) Write(dir string) error {
	made := map[string]bool{}
	for name, text := range s.Files() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if folder := filepath.Dir(file); !made[folder] {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			made[folder] = true
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writer writes one entry, with random numbers of its own.
type writer struct {
	*Site
	rng  *rand.Rand
	b    bytes.Buffer
	self entry
	kind *kind
	keys []string // of the entry's sources
}

func (s *Site) writer(n int) *writer {
	return &writer{Site: s, rng: rand.New(rand.NewPCG(s.seed, uint64(n)))}
}

// entry finds a title nobody has, and the id that follows from it.
func (w *writer) entry(titles []string, taken map[string]bool) entry {
	for try := 0; ; try++ {
		title := w.expand(titles[w.rng.IntN(len(titles))])
		if try > 3 { // on large sites the short names run out
			title += " " + w.place()
		}
		id := strings.Trim(lang.ID(title), "-")
		if len(id) <= 80 && !taken[id] {
			taken[id] = true
			return entry{id, title}
		}
	}
}

// chance is true in p of a hundred cases.
func (w *writer) chance(p int) bool { return w.rng.IntN(100) < p }

// between is from a to b, both included.
func (w *writer) between(a, b int) int { return a + w.rng.IntN(b-a+1) }

// rank is one of 0 … n-1; each is twice as likely as one of double its rank.
func (w *writer) rank(n int) int {
	return min(n-1, int(math.Exp(w.rng.Float64()*math.Log(float64(n+1))))-1)
}

func one[T any](w *writer, list []T) T { return list[w.rank(len(list))] }
