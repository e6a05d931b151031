package index

import (
	"slices"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/ag-vzkm/portal/search/analyze"
)

// builder makes postings of planned documents, once for both readers: bleve
// gets them by document, the browser's shards by term.
type builder struct {
	plans    []plan
	analyzer *analyze.Analyzer
	average  [numFields]float64
	metas    []docMeta
	lists    map[string]*list
	dict     *dictionary
	workers  int
	server   bool
}

// postings returns what was collected of a term.
func (b *builder) postings(term string) []posting {
	l := b.lists[term]
	if l == nil {
		return nil
	}
	postings, err := decode(l.bytes)
	if err != nil {
		panic(err) // encoded just now
	}
	return postings
}

// analyse is the second pass: workers analyse, one collector takes what they
// made in the order of ordinals.
func (b *builder) analyse(dir string) error {
	if len(b.plans) == 0 {
		return nil // bleve's builder cannot write nothing
	}
	var out *scorch.Builder // nil: nobody asked for it
	var err error
	if b.server {
		if out, err = newBuilder(dir); err != nil {
			return err
		}
	}
	next := make(chan int)
	done := make([]chan *docPostings, len(b.plans))
	ahead := make(chan struct{}, 8*b.workers) // documents analysed and not yet collected
	for i := range done {
		done[i] = make(chan *docPostings, 1)
	}
	var wg sync.WaitGroup
	for range b.workers {
		wg.Go(func() {
			for i := range next {
				done[i] <- b.document(i)
			}
		})
	}
	go func() {
		for i := range done {
			ahead <- struct{}{}
			next <- i
		}
		close(next)
	}()
	for i := range done {
		d := <-done[i]
		<-ahead
		if err == nil { // after an error the rest is only drained
			err = b.collect(i, d, out)
		}
	}
	wg.Wait()
	if err != nil || out == nil {
		return err
	}
	return out.Close()
}

func (b *builder) collect(ordinal int, d *docPostings, out *scorch.Builder) error {
	field := newTermField()
	for term, p := range d.terms {
		l := b.lists[term]
		if l == nil {
			l = &list{}
			b.lists[term] = l
		}
		l.add(*p)
		if out != nil {
			field.add(term, *p)
		}
	}
	if out == nil {
		return nil
	}
	doc := &storeDocument{ordinal: ordinal}
	for i, s := range b.plans[ordinal].doc.Sections {
		doc.fields = append(doc.fields, storedField(storedAnchor, s.ID, i), storedField(storedTitle, s.Title, i))
	}
	for i, p := range b.plans[ordinal].passages {
		doc.fields = append(doc.fields, storedField(storedText, squeeze(p.text), i))
	}
	doc.fields = append(doc.fields, field)
	return out.Index(doc)
}

// docPostings are the postings of one document by term.
type docPostings struct {
	*builder
	plan   *plan
	terms  map[string]*posting
	tf     map[string]float64
	tokens []analyze.Token // reused
}

func (b *builder) document(ordinal int) *docPostings {
	p := &b.plans[ordinal]
	b.metas[ordinal] = p.meta()
	w := &docPostings{builder: b, plan: p, terms: map[string]*posting{}, tf: map[string]float64{}}
	for i, name := range p.names {
		w.addName(i, name)
	}
	for i, passage := range p.passages {
		switch {
		case passage.section < 0:
			w.addText(fieldSummary, i, passage.text)
			for _, tag := range p.doc.Tags {
				w.addText(fieldTags, i, tag)
			}
			continue
		case passage.first:
			w.addText(fieldHeading, i, p.doc.Sections[passage.section].Title)
		}
		w.addText(fieldBody, i, passage.text)
	}
	for term, posting := range w.terms {
		posting.doc, posting.level = ordinal, levelOf(w.tf[term])
	}
	w.tf = nil
	return w
}

// norm is what one occurrence in a field adds to tf. Very long texts are not
// punished further, nor rewarded; names are not normalised.
func (w *docPostings) norm(f field) float64 {
	norm := 1.0
	if avg := w.average[f]; avg > 0 && f != fieldAbbr {
		norm = 1 - lengthEffect + lengthEffect*min(float64(w.plan.length[f])/avg, lengthCap)
	}
	return fieldWeights[f] / norm
}

func (w *docPostings) posting(term string) *posting {
	p := w.terms[term]
	if p == nil {
		p = &posting{}
		w.terms[term] = p
	}
	return p
}

func (w *docPostings) addText(f field, passage int, text string) {
	w.tokens = w.analyzer.AppendTokens(w.tokens[:0], text)
	norm := w.norm(f)
	for i := range w.tokens {
		for _, term := range w.tokens[i].Terms() {
			w.tf[term] += norm
			if p := w.posting(term); len(p.passages) == 0 || p.passages[len(p.passages)-1] != passage {
				p.passages = append(p.passages, passage)
			}
		}
	}
}

func (w *docPostings) addName(name int, text string) {
	f := fieldAbbr
	if name == 0 {
		f = fieldTitle
	}
	w.tokens = slices.DeleteFunc(w.analyzer.AppendTokens(w.tokens[:0], text), func(t analyze.Token) bool { return t.Stop })
	norm := w.norm(f)
	for i := range w.tokens {
		terms := w.tokens[i].Terms()
		if number := w.tokens[i].Arabic; number != "" {
			terms = append(terms, number)
		}
		for _, term := range terms {
			w.tf[term] += norm
			p := w.posting(term)
			p.names = append(p.names, nameHit{name, i, len(w.tokens)})
		}
	}
}

// meta is what is known of a document without its text.
func (p *plan) meta() docMeta {
	d := p.doc
	m := docMeta{
		ID: d.ID, URL: d.URL, Type: d.Type, Title: d.Title, Date: d.Date, Status: d.Status, Tags: d.Tags, Names: slices.Concat([]string{d.Title}, d.Abbr, d.Aliases),
		Boost: d.boost(), Facets: facets(d), Starts: make([]int, len(d.Sections)), Passages: len(p.passages), Chunk: p.chunk,
	}
	for i, passage := range p.passages {
		if passage.first {
			m.Starts[passage.section] = i
		}
	}
	return m
}
