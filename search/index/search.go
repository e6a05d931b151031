package index

import (
	"cmp"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/search/analyze"
)

// Options narrows and cuts a search.
type Options struct {
	Limit   int // hits to return; 0: ten
	Offset  int
	Filters map[string][]string // facet field → any of these values
	ByDate  bool                // the newest first
}

// Result is the answer to a query, as the JSON API gives it.
type Result struct {
	Query      string                  `json:"query"`
	Total      int                     `json:"total"`
	Took       float64                 `json:"took"` // milliseconds
	Suggestion string                  `json:"suggestion"`
	Partial    bool                    `json:"partial"` // never, here; the browser's may be
	Facets     map[string][]FacetCount `json:"facets"`
	Hits       []Hit                   `json:"hits"`
	Terms      []string                `json:"-"` // what there is in the query that can be looked for, as written
}

// FacetCount is a value of a facet and how many documents a filter on it
// would leave.
type FacetCount struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// Hit is one document found.
type Hit struct {
	ID        string      `json:"id"`
	URL       string      `json:"url"`
	Title     string      `json:"title"`
	Type      string      `json:"type"`
	TypeLabel string      `json:"typeLabel"`
	Date      string      `json:"date"`   // YYYY-MM-DD or ""
	Status    string      `json:"status"` // a draft, in words, or ""
	Score     float64     `json:"score"`
	Excerpt   string      `json:"excerpt"` // HTML, escaped, with <mark>
	Section   *HitSection `json:"section"` // nil: the page as a whole
	Words     []string    `json:"words"`   // of the excerpt that matched
}

// HitSection is where in the document the best match is.
type HitSection struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

const (
	defaultLimit = 10
	maxLimit     = 1000
)

// Index answers queries. It is safe for concurrent use.
type Index struct {
	store    *store // nil if there are no documents
	meta     *meta
	analyzer *analyze.Analyzer
	dict     *dictionary
	labels   map[label]string // keyed without Label
	values   map[label]bool   // of facets that documents have, without Lang and Label
}

// ErrBrowserOnly says that a site has an index for browsers and none for Open.
var ErrBrowserOnly = errors.New("index: made for browsers only")

// Open opens the index that a Builder wrote to dir.
func Open(dir string) (*Index, error) {
	if _, err := os.Stat(filepath.Join(dir, browserOnlyFile)); err == nil {
		return nil, ErrBrowserOnly
	}
	m, err := readMeta(dir)
	if err != nil {
		return nil, err
	}
	words, err := readWords(dir)
	if err != nil {
		return nil, err
	}
	vocab := analyze.RestoreVocabulary(len(words), slices.Values(words), len(m.Docs), m.Extra)
	x := &Index{meta: m, analyzer: analyze.New(vocab, m.Synonyms), dict: newDictionary(vocab), labels: map[label]string{}, values: map[label]bool{}}
	for _, l := range m.Labels {
		x.labels[label{Field: l.Field, Value: l.Value, Lang: l.Lang}] = l.Label
	}
	for _, d := range m.Docs {
		for _, f := range d.Facets {
			for _, v := range f.Values {
				x.values[label{Field: f.Field, Value: v}] = true
			}
		}
	}
	if len(m.Docs) > 0 {
		if x.store, err = openStore(dir); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// Close releases the files of the index.
func (x *Index) Close() error {
	if x.store == nil {
		return nil
	}
	return x.store.close()
}

// HasFacet reports whether documents can be filtered by a field.
func (x *Index) HasFacet(field string) bool {
	return slices.ContainsFunc(x.meta.Labels, func(l label) bool { return l.Field == field }) ||
		slices.ContainsFunc(x.meta.Docs, func(d docMeta) bool {
			return slices.ContainsFunc(d.Facets, func(f facetValues) bool { return f.Field == field })
		})
}

// Len returns the number of documents.
func (x *Index) Len() int { return len(x.meta.Docs) }

// Search answers a query. Any string is one; what it says that cannot be
// found is left out, and a query of nothing finds nothing.
func (x *Index) Search(ctx context.Context, query string, opts Options) (*Result, error) {
	start := time.Now()
	if opts.Limit <= 0 {
		opts.Limit = defaultLimit
	}
	opts.Limit, opts.Offset = min(opts.Limit, maxLimit), max(0, opts.Offset)
	r := &Result{Query: query, Facets: map[string][]FacetCount{}, Hits: []Hit{}, Terms: x.terms(parse(query, loose{}))}
	if x.store != nil {
		if err := x.loosened(ctx, query, r, opts); err != nil {
			return nil, err
		}
	}
	r.Took = math.Round(float64(time.Since(start).Microseconds())/10) / 100
	return r, nil
}

// loosened answers a query. Conditions that no document meets are asked for as
// words: first those on titles, then phrases, then both. So nothing is found
// only where no word occurs, or where what has them is excluded.
func (x *Index) loosened(ctx context.Context, query string, r *Result, opts Options) error {
	strict := parse(query, loose{})
	for _, l := range []loose{{}, {title: true}, {phrases: true}, {title: true, phrases: true}} {
		if l.title && len(strict.title) == 0 || l.phrases && len(strict.phrases) == 0 {
			continue
		}
		if found, err := x.run(ctx, parse(query, l), r, opts); err != nil || found > 0 {
			return err
		}
	}
	return nil
}

// terms are the words of a query that are looked for, as they are written.
func (x *Index) terms(q parsed) (terms []string) {
	text := strings.Join(append([]string{q.words}, q.phrases...), " ")
	for _, t := range x.analyzer.Tokens(text) {
		if !t.Stop {
			terms = append(terms, text[t.Start:t.End])
		}
	}
	return terms
}

// search is one query on its way.
type search struct {
	*Index
	scorer
	ctx   context.Context
	query parsed
	lang  string               // of labels: the one that is filtered by
	known map[string][]posting // by term, read already
	names map[int][]named      // by ordinal
	err   error                // the first from the store

	matches []map[int]*phraseMatch // by phrase
	proofs  map[int]proof          // by ordinal, of what was read
}

// ranked is a document with its score.
type ranked struct {
	ordinal, passage int
	score            float64
}

// run answers a query and returns how many documents were found before filters
// but that of the language, 0 if none of them has the phrases for certain.
func (x *Index) run(ctx context.Context, q parsed, r *Result, opts Options) (int, error) {
	s := &search{Index: x, ctx: ctx, query: q, known: map[string][]posting{}, names: map[int][]named{}, proofs: map[int]proof{}}
	if langs := opts.Filters["lang"]; len(langs) > 0 {
		s.lang = langs[0]
	}
	e := expander{x.analyzer, x.dict, s.prefix}
	s.concepts, r.Suggestion = e.concepts(q.query, q.words, q.open)
	for _, phrase := range q.phrases {
		s.concepts = append(s.concepts, exactConcepts(x.analyzer.Tokens(phrase))...)
	}
	for i, c := range s.concepts {
		s.gather(c, source{i, -1, 0})
		s.weight += c.idf
	}
	found := s.rank(s.constraints())
	known := s.filtered(found, map[string][]string{"lang": opts.Filters["lang"]})
	if opts.ByDate {
		slices.SortStableFunc(found, func(a, b ranked) int {
			return cmp.Compare(s.meta.Docs[b.ordinal].Date, s.meta.Docs[a.ordinal].Date)
		})
	}
	shown := s.filtered(found, opts.Filters)
	// Only the best are put into their final order: the same for every page.
	want := opts.Offset + opts.Limit
	s.refine(shown[:min(len(shown), candidates)], opts.ByDate)
	if late := max(opts.Offset, candidates); late < len(shown) && late < want {
		s.refine(shown[late:min(len(shown), want)], true)
	}
	if slices.ContainsFunc(s.matches, func(m map[int]*phraseMatch) bool { return m != nil }) {
		if len(known) <= verifyMost {
			if !s.verify(known, len(known)) {
				known = nil
			}
		} else if s.verify(known, 1) {
			s.verify(shown, want)
		} else {
			known = nil
		}
		found, shown = s.proven(found, false), s.proven(shown, true)
	}
	r.Facets = s.facets(found, opts.Filters)
	r.Total = len(shown)
	r.Hits = []Hit{}
	for _, d := range shown[min(opts.Offset, len(shown)):min(want, len(shown))] {
		hit, err := s.hit(d)
		if err != nil {
			return 0, err
		}
		r.Hits = append(r.Hits, hit)
	}
	return len(known), cmp.Or(s.err, ctx.Err())
}

// exactConcepts are the words of a phrase, taken as they are written.
func exactConcepts(tokens []analyze.Token) (concepts []*concept) {
	for _, t := range tokens {
		if !t.Stop {
			c := &concept{}
			c.add(weightExact, t.Form)
			concepts = append(concepts, c)
		}
	}
	return concepts
}

// postings reads a term once.
func (s *search) postings(term string) []posting {
	if l, ok := s.known[term]; ok {
		return l
	}
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return nil
	}
	l, err := s.store.postings(s.ctx, term)
	if err != nil {
		s.err = err
		return nil
	}
	s.known[term] = l
	return l
}

// prefix merges the postings of all words whose key begins with prefix.
func (s *search) prefix(prefix string) []posting {
	i, ok := slices.BinarySearchFunc(s.meta.Prefixes, prefix, func(p prefixList, x string) int { return cmp.Compare(p.Prefix, x) })
	if ok {
		l, err := decode(s.meta.Prefixes[i].List)
		s.err = cmp.Or(s.err, err)
		return l
	}
	var lists [][]posting
	for _, r := range s.dict.begins(prefix) {
		for _, form := range s.dict.forms(&r) {
			lists = append(lists, s.postings(form))
		}
	}
	return merge(lists)
}

// gather reads the postings of a concept and of its members, and weighs each
// layer by how few documents it and the better ones match.
func (s *search) gather(c *concept, from source) {
	n := s.Len()
	matched, df := make([]bool, n), 0
	for i := range c.layers {
		l := &c.layers[i]
		from.layer = i
		l.tf = make([]float64, n)
		for _, term := range l.terms {
			l.lists = append(l.lists, s.postings(term))
		}
		for _, list := range l.lists {
			for _, p := range list {
				l.tf[p.doc] += tfOf(p.level)
				if !matched[p.doc] {
					matched[p.doc] = true
					df++
				}
				for _, name := range p.names {
					s.names[p.doc] = append(s.names[p.doc], named{from, name})
				}
			}
		}
		if df > 0 {
			l.idf = idf(df, n)
			c.idf = max(c.idf, l.idf)
		}
	}
	s.gatherMembers(c, from)
}

// gatherMembers does the same for members. A compound that does not occur
// weighs what its members weigh together.
func (s *search) gatherMembers(c *concept, from source) {
	sum := 0.0
	for k, m := range c.members {
		from.member = k
		s.gather(m, from)
		sum += m.idf
	}
	if c.idf == 0 {
		c.idf = min(sum, idf(1, s.Len()))
	}
	for i := range c.layers {
		if c.layers[i].window {
			c.layers[i].idf = c.idf
		}
	}
}

// rank is the first stage: every document that any concept matches.
func (s *search) rank(allowed func(int) bool) []ranked {
	var found []ranked
	for ordinal := range s.Len() {
		if !allowed(ordinal) {
			continue
		}
		if score := s.first(s.meta.Docs[ordinal].Boost, ordinal, s.names[ordinal]); score > 0 {
			found = append(found, ranked{ordinal, -1, score})
		}
	}
	sortRanked(found)
	return found
}

// scoreStep is the difference in score that counts: less is left to the order
// of ordinals, so that rounding does not decide.
const scoreStep = 1e-6

func sortRanked(found []ranked) {
	slices.SortFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(math.Round(b.score/scoreStep), math.Round(a.score/scoreStep)), cmp.Compare(a.ordinal, b.ordinal))
	})
}

// refine is the second stage: it scores the given documents again by where
// the words stand, and sorts them unless they are in another order.
func (s *search) refine(found []ranked, ordered bool) {
	places := s.places(found)
	for i := range found {
		d := &found[i]
		d.score, d.passage = s.second(s.meta.Docs[d.ordinal].Boost, d.ordinal, s.names[d.ordinal], places[d.ordinal])
	}
	if !ordered {
		sortRanked(found)
	}
}

// places collects in which passages of the given documents the concepts stand.
func (s *search) places(found []ranked) map[int][]placed {
	places := make(map[int][]placed, len(found))
	for _, d := range found {
		places[d.ordinal] = nil
	}
	add := func(c *concept, from source) {
		for i, l := range c.layers {
			from.layer = i
			for _, list := range l.lists {
				for _, p := range list {
					if _, ok := places[p.doc]; ok {
						for _, at := range p.passages {
							places[p.doc] = append(places[p.doc], placed{from, at})
						}
					}
				}
			}
		}
	}
	for i, c := range s.concepts {
		add(c, source{i, -1, 0})
		for k, m := range c.members {
			add(m, source{i, k, 0})
		}
	}
	for _, p := range places {
		sortPlaces(p)
	}
	return places
}

// filtered returns the documents that pass all filters.
func (s *search) filtered(found []ranked, filters map[string][]string) []ranked {
	return slices.DeleteFunc(slices.Clone(found), func(d ranked) bool { return !s.passes(d.ordinal, filters, "") })
}

// passes tells whether a document has one of the wanted values in every
// filtered field but except.
func (s *search) passes(ordinal int, filters map[string][]string, except string) bool {
	for field, wanted := range filters {
		if field != except && len(wanted) > 0 && !hasValue(&s.meta.Docs[ordinal], field, wanted) {
			return false
		}
	}
	return true
}

func hasValue(m *docMeta, field string, wanted []string) bool {
	for _, f := range m.Facets {
		if f.Field == field {
			return slices.ContainsFunc(f.Values, func(v string) bool { return slices.Contains(wanted, v) })
		}
	}
	return false
}

// facets counts values among what was found. The filter on a field does not
// narrow its own counts, since its values are alternatives.
func (s *search) facets(found []ranked, filters map[string][]string) map[string][]FacetCount {
	counts := map[label]int{}
	for field, wanted := range filters {
		for _, v := range wanted { // shown even if nothing is left, to be taken back
			if s.values[label{Field: field, Value: v}] {
				counts[label{Field: field, Value: v}] = 0
			}
		}
	}
	for _, d := range found {
		for _, f := range s.meta.Docs[d.ordinal].Facets {
			if s.passes(d.ordinal, filters, f.Field) {
				for _, v := range f.Values {
					counts[label{Field: f.Field, Value: v}]++
				}
			}
		}
	}
	facets := map[string][]FacetCount{}
	for l, n := range counts {
		facets[l.Field] = append(facets[l.Field], FacetCount{l.Value, s.label(l.Field, l.Value, s.lang), n})
	}
	for _, values := range facets {
		slices.SortFunc(values, func(a, b FacetCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
		})
	}
	return facets
}

var errNoPassage = errors.New("index: stored passages do not match the metadata")

// Names returns the titles, abbreviations and aliases of all documents by ID.
func (x *Index) Names() map[string][]string {
	names := make(map[string][]string, x.Len())
	for _, m := range x.meta.Docs {
		names[m.ID] = m.Names
	}
	return names
}
