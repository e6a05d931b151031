package view

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// Figure is a sentence that states figures, with the sources it cites for them.
type Figure struct {
	Figures  []string
	Sentence string
	Sources  []SourceLink
	Own      bool // the authors' own calculation
}

// SourceLink is a source of an entry.
type SourceLink struct{ Key, Title, Publisher, URL string }

// Figures are the sentences of some types' texts that state figures, entry by
// entry.
type Figures struct {
	All    []PaperFigures
	Papers []PaperFigures // the first of All, with Shown of Total sentences
	Total  int
	Shown  int
}

// PaperFigures are the figures of one entry.
type PaperFigures struct {
	ID, Title, URL, Lang, Kind string
	Items                      []Figure
}

// figureRows is how many sentences the page shows; the table has all.
const figureRows = 200

func makeFigures(c Context) Data {
	f := &Figures{}
	for _, e := range c.Entries {
		if !e.Type.Claims {
			continue
		}
		items := c.Figures(e)
		if len(items) == 0 {
			continue
		}
		p := PaperFigures{ID: e.ID, Title: e.Title, URL: e.URL, Lang: e.Lang, Kind: e.Type.Labels.One.In(c.Lang), Items: items}
		f.All = append(f.All, p)
		f.Total += len(items)
		if f.Shown < figureRows {
			p.Items = items[:min(len(items), figureRows-f.Shown)]
			f.Shown += len(p.Items)
			f.Papers = append(f.Papers, p)
		}
	}
	return f
}

// Bound counts sentences.
func (f *Figures) Bound() (shown, total int) { return f.Shown, f.Total }

// Cited are the sources of an entry with some keys, in the order of the keys.
func Cited(e *site.Entry, keys []string) []SourceLink {
	var out []SourceLink
	all := site.Each(e.Get("sources"))
	for _, k := range keys {
		i := slices.IndexFunc(all, func(v site.Value) bool {
			rec, ok := v.(site.Record)
			return ok && rec.Text("key") == k
		})
		if i < 0 {
			continue
		}
		rec := all[i].(site.Record)
		out = append(out, SourceLink{k, rec.Text("title"), rec.Text("publisher"), rec.Text("url")})
	}
	return out
}

// Table has a row for each sentence.
func (f *Figures) Table(c Context) Table {
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"figures", c.Word("figures.figure")}, {"sentence", c.Word("figures.sentence")},
		{"sources", c.Word("figures.source")}, {"source_urls", c.Word("figures.address")}}}
	for _, p := range f.All {
		for _, x := range p.Items {
			var titles, urls []string
			for _, s := range x.Sources {
				titles = append(titles, s.Title)
				if s.URL != "" {
					urls = append(urls, s.URL)
				}
			}
			if x.Own {
				titles = append(titles, c.Word("figures.own"))
			}
			t.Rows = append(t.Rows, []any{p.Title, c.Site.Config.BaseURL + p.URL, x.Figures, x.Sentence, titles, urls})
		}
	}
	return t
}
