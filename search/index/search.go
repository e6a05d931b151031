package index

import (
	"cmp"
	"context"
	"errors"
	"math"
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
}

// Result is the answer to a query, as the JSON API gives it.
type Result struct {
	Query      string                  `json:"query"`
	Total      int                     `json:"total"`
	Took       float64                 `json:"took"` // milliseconds
	Suggestion string                  `json:"suggestion"`
	Facets     map[string][]FacetCount `json:"facets"`
	Hits       []Hit                   `json:"hits"`
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
	ID      string      `json:"id"`
	URL     string      `json:"url"`
	Title   string      `json:"title"`
	Type    string      `json:"type"`
	Score   float64     `json:"score"`
	Excerpt string      `json:"excerpt"` // HTML, escaped, with <mark>
	Section *HitSection `json:"section"` // nil: the page as a whole
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
	expander expander
	labels   map[label]string // keyed without Label
}

// Open opens the index that Build wrote to dir.
func Open(dir string) (*Index, error) {
	m, err := readMeta(dir)
	if err != nil {
		return nil, err
	}
	words, err := readWords(dir)
	if err != nil {
		return nil, err
	}
	vocab := analyze.RestoreVocabulary(words, len(m.Docs), m.Extra)
	x := &Index{
		meta:     m,
		expander: expander{analyze.New(vocab, m.Synonyms), newLexicon(vocab)},
		labels:   map[label]string{},
	}
	for _, l := range m.Labels {
		x.labels[label{Field: l.Field, Value: l.Value}] = l.Label
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
	r := &Result{Query: query, Facets: map[string][]FacetCount{}, Hits: []Hit{}}
	if x.store != nil {
		s := &search{Index: x, ctx: ctx, query: parse(query), scorer: scorer{average: x.meta.Average}}
		if err := s.run(r, opts); err != nil {
			return nil, err
		}
	}
	r.Took = math.Round(float64(time.Since(start).Microseconds())/10) / 100
	return r, nil
}

// search is one query on its way.
type search struct {
	*Index
	ctx   context.Context
	query parsed
	scorer
	named map[int]bool // documents whose title or abbreviation the query is
	err   error        // the first from the store
}

// ranked is a document with its score.
type ranked struct {
	ordinal, section int
	score            float64
}

func (s *search) run(r *Result, opts Options) error {
	s.concepts, r.Suggestion = s.expander.concepts(s.query.words, s.query.open)
	for _, c := range s.concepts {
		s.gather(c)
	}
	s.findNamed()
	allowed := s.constraints()
	if s.err != nil {
		return s.err
	}
	found := s.rank(allowed)
	r.Facets = s.facets(found, opts.Filters)
	found = slices.DeleteFunc(found, func(d ranked) bool { return !s.passes(d.ordinal, opts.Filters, "") })
	r.Total = len(found)
	s.refine(found[:min(len(found), max(candidates, opts.Offset+opts.Limit))])
	for _, d := range found[min(opts.Offset, len(found)):min(opts.Offset+opts.Limit, len(found))] {
		hit, err := s.hit(d)
		if err != nil {
			return err
		}
		r.Hits = append(r.Hits, hit)
	}
	return s.err
}

// gather reads the postings of a concept and of its members, and weighs each
// layer by how few documents it and the better ones match.
func (s *search) gather(c *concept) {
	s.check(s.ctx.Err())
	if s.err != nil {
		return
	}
	n := s.Len()
	matched, df := make([]bool, n), 0
	for i := range c.layers {
		l := &c.layers[i]
		l.tf = make([]float64, n)
		for _, term := range l.terms {
			for f := range numFields {
				s.check(s.store.postings(s.ctx, f, term, func(ordinal, count int) {
					l.tf[ordinal] += fieldTF(f, count, s.meta.Docs[ordinal].Len[f], s.average[f])
					if !matched[ordinal] {
						matched[ordinal] = true
						df++
					}
				}))
			}
		}
		if df > 0 {
			l.idf = idf(df, n)
			c.idf = max(c.idf, l.idf)
		}
	}
	c.gatherMembers(s)
}

// gatherMembers does the same for members. A compound that does not occur
// weighs what its members weigh together.
func (c *concept) gatherMembers(s *search) {
	sum := 0.0
	for _, m := range c.members {
		s.gather(m)
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

func (s *search) check(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

// findNamed finds the documents that are called what the query says.
func (s *search) findNamed() {
	s.named = map[int]bool{}
	text := strings.Join(append(slices.Clone(s.query.phrases), s.query.words), " ")
	for _, key := range nameKeys(s.expander.analyzer.Tokens(text)) {
		s.check(s.store.postings(s.ctx, fieldAbbr, key, func(ordinal, _ int) { s.named[ordinal] = true }))
	}
}

// rank is the first stage: every document that any concept matches.
func (s *search) rank(allowed func(int) bool) []ranked {
	var found []ranked
	for ordinal := range s.Len() {
		if !allowed(ordinal) {
			continue
		}
		score := s.meta.Docs[ordinal].Boost * s.whole(ordinal)
		if s.named[ordinal] {
			score += nameBonus
		}
		if score > 0 {
			found = append(found, ranked{ordinal: ordinal, section: -1, score: score})
		}
	}
	sortRanked(found)
	return found
}

func sortRanked(found []ranked) {
	slices.SortFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ordinal, b.ordinal))
	})
}

// refine is the second stage: it scores the given documents again by where
// the words stand, and sorts them.
func (s *search) refine(found []ranked) {
	places := s.places(found)
	for i := range found {
		d := &found[i]
		m := &s.meta.Docs[d.ordinal]
		d.score, d.section = s.detail(m, d.ordinal, s.named[d.ordinal], places[d.ordinal])
	}
	sortRanked(found)
}

// places reads where the concepts stand in the given documents.
func (s *search) places(found []ranked) map[int][]occurrence {
	places := make(map[int][]occurrence, len(found))
	for i, c := range s.concepts {
		s.placesOf(c, found, func(ordinal, pos, layer int) {
			places[ordinal] = append(places[ordinal], occurrence{pos: pos, concept: i, layer: layer, member: -1})
		})
		for k, m := range c.members {
			s.placesOf(m, found, func(ordinal, pos, layer int) {
				places[ordinal] = append(places[ordinal], occurrence{pos: pos, concept: i, layer: layer, member: k})
			})
		}
	}
	return places
}

func (s *search) placesOf(c *concept, found []ranked, visit func(ordinal, pos, layer int)) {
	for i := range c.layers {
		l := &c.layers[i]
		if l.phrase != nil {
			l.phrase.visit(found, func(ordinal, pos int) { visit(ordinal, pos, i) })
			continue
		}
		var numbers []uint64
		for _, d := range found {
			if l.tf[d.ordinal] > 0 {
				numbers = append(numbers, s.store.number[d.ordinal])
			}
		}
		if len(numbers) == 0 {
			continue
		}
		slices.Sort(numbers)
		for _, term := range l.terms {
			for f := range numFields {
				s.check(s.store.positions(s.ctx, f, term, numbers, func(ordinal, pos int) { visit(ordinal, pos, i) }))
			}
		}
	}
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
		facets[l.Field] = append(facets[l.Field], FacetCount{l.Value, cmp.Or(s.labels[l], l.Value), n})
	}
	for _, values := range facets {
		slices.SortFunc(values, func(a, b FacetCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
		})
	}
	return facets
}

var errNoSection = errors.New("index: stored sections do not match the metadata")
