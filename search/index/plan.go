package index

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/search/analyze"
)

// plan is a document as it will be indexed: its names and passages, and how
// long its fields are. The place of a plan among all is its ordinal.
type plan struct {
	doc      *Document
	names    []string // title, abbreviations, aliases
	passages []plannedPassage
	length   [numFields]int // in words
	chunk    int
}

type plannedPassage struct {
	section int  // -1: the summary
	first   bool // of its section: the heading belongs to it
	text    string
}

// planDocuments is the first pass over all texts: it cuts them into passages
// and counts their words.
func planDocuments(docs []Document, opts BuildOptions) ([]plan, *analyze.Counter) {
	plans := make([]plan, len(docs))
	counters := make([]*analyze.Counter, opts.Workers)
	var wg sync.WaitGroup
	for n := range counters {
		counters[n] = analyze.NewCounter()
		wg.Go(func() {
			for i := n; i < len(docs); i += opts.Workers {
				plans[i] = planDocument(&docs[i], counters[n])
			}
		})
	}
	wg.Wait()
	for _, c := range counters[1:] {
		counters[0].Merge(c)
	}
	slices.SortFunc(plans, func(a, b plan) int {
		return cmp.Or(cmp.Compare(a.chunk, b.chunk), cmp.Compare(a.doc.boost(), b.doc.boost()), cmp.Compare(a.doc.ID, b.doc.ID))
	})
	return plans, counters[0]
}

func (d *Document) boost() float64 { return cmp.Or(d.Boost, 1) }

func planDocument(d *Document, counter *analyze.Counter) plan {
	p := plan{doc: d, names: slices.Concat([]string{d.Title}, d.Abbr, d.Aliases)}
	for _, name := range p.names {
		if s := squeezed(name); s != "" && !slices.Contains(p.names, s) {
			p.names = append(p.names, s)
		}
	}
	texts, fields := slices.Clone(p.names), make([]field, len(p.names))
	for i := range fields[1:] {
		fields[i+1] = fieldAbbr
	}
	add := func(f field, text string) {
		texts, fields = append(texts, text), append(fields, f)
	}
	add(fieldSummary, d.Summary)
	for _, tag := range d.Tags {
		add(fieldTags, tag)
	}
	p.passages = append(p.passages, plannedPassage{section: -1, text: d.Summary})
	bytes := len(d.Summary)
	for i, s := range d.Sections {
		add(fieldHeading, s.Title)
		add(fieldBody, s.Text)
		bytes += len(s.Title) + len(s.Text)
		for k, text := range cut(s.Text) {
			p.passages = append(p.passages, plannedPassage{i, k == 0, text})
		}
	}
	for i, n := range counter.AddDocument(texts...) {
		p.length[fields[i]] += n
	}
	p.chunk = chunkOf(len(p.passages), bytes)
	return p
}

// squeezed is a name of several words written as one, as many readers write
// an abbreviation: SGB XI is SGBXI.
func squeezed(name string) string {
	words := strings.Fields(name)
	if n := len(words); n < 2 || n > 4 || len(name) > 24 {
		return ""
	}
	return strings.Join(words, "")
}

// addLongNames gives documents the long names of their abbreviations, but for
// what their titles say already.
func addLongNames(plans []plan, vocab *analyze.Vocabulary) {
	names := newLongNames(vocab)
	for i := range plans {
		p := &plans[i]
		title := analyze.Fold(p.doc.Title)
		for _, abbr := range slices.Concat(p.doc.Abbr, p.doc.Aliases) { // an alias may be one as well
			if name := names.of(abbr, title); name != "" && !strings.Contains(title, name) {
				p.names = append(p.names, name)
			}
		}
	}
}

// averages are the mean lengths of the fields that are not empty.
func averages(plans []plan) (avg [numFields]float64) {
	for f := range avg {
		n := 0
		for i := range plans {
			if plans[i].length[f] > 0 {
				avg[f] += float64(plans[i].length[f])
				n++
			}
		}
		avg[f] /= float64(max(n, 1))
	}
	return avg
}
