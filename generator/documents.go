package generator

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
	"github.com/ag-vzkm/portal/search/index"
)

// documents are what the search index is made of: every listed entry, with
// the words of its fields, and what the glossary knows.
func (b *build) documents() (docs []index.Document, labels index.Labels, opts index.BuildOptions) {
	labels = index.Labels{}
	shownIn := b.shownIn()
	for _, t := range b.site.Types {
		labels.Set("type", t.Name, "", t.Labels.One.In(b.site.Config.DefaultLang()))
		for _, l := range b.site.Config.Languages[1:] {
			labels.Set("type", t.Name, l, t.Labels.One.In(l))
		}
	}
	for _, e := range b.site.Entries {
		if !e.Listed() {
			continue
		}
		d := b.document(e, labels)
		d.Facets["lang"] = shownIn[e]
		docs = append(docs, d)
		if e.Type.Glossary != nil {
			opts.Synonyms = append(opts.Synonyms, namesOf(e))
			opts.Words = append(opts.Words, namesOf(e)...)
		}
	}
	for _, tax := range b.site.Taxonomies {
		for _, t := range tax.Terms {
			if len(t.Entries) == 0 {
				continue
			}
			opts.Words = append(opts.Words, t.Label.In("de"))
			// What a vocabulary lists with a term is related to it rather than
			// the same: each word finds the term, not the other words.
			for _, s := range t.Synonyms {
				opts.Synonyms = append(opts.Synonyms, []string{t.Label.In("de"), s})
			}
		}
	}
	return docs, labels, opts
}

// shownIn says in which languages' lists, and so searches, an entry stands: its
// own, and those that have no version of it.
func (b *build) shownIn() map[*site.Entry][]string {
	langs := map[*site.Entry][]string{}
	for _, l := range b.site.Config.Languages {
		for _, t := range b.site.Types {
			for _, e := range b.renderer.Listing(t, l) {
				langs[e] = append(langs[e], l)
			}
		}
	}
	return langs
}

// nameWeight is from which search weight on a field holds names of its entry:
// they count like the title. Below, its words count like the text.
const nameWeight = 6

func (b *build) document(e *site.Entry, labels index.Labels) index.Document {
	d := index.Document{ID: e.Lang + ":" + e.Path, URL: b.base + e.URL, Type: e.Type.Name, Boost: e.Type.Weight,
		Title: e.Title, Summary: e.Summary, Status: b.renderer.Status(e, e.Lang), Facets: map[string][]string{}}
	if t := view.DateOf(e); !t.IsZero() {
		d.Date = t.Format(time.DateOnly)
	}
	for _, t := range e.Topics {
		d.Tags = append(d.Tags, t.Term.Label.In(e.Lang))
	}
	d.Tags = append(d.Tags, e.Type.Labels.One.In(e.Lang)) // „Förderprogramm Sauerstoff“
	if g := e.Type.Glossary; g != nil {
		for _, v := range site.Each(e.Get(g.Abbr)) {
			d.Abbr = append(d.Abbr, site.Plain(v))
		}
	}
	for _, x := range e.Extra {
		if isAbbreviation(x.Value) {
			d.Abbr = append(d.Abbr, x.Value)
		}
	}
	var facts []string
	e.Values.Walk(func(path string, it site.Item) {
		if it.Field.Facet && !strings.Contains(path, ".") {
			for _, v := range site.Each(it.Value) {
				key, _ := facetValue(it.Field, v, e.Lang)
				if key == "" {
					continue
				}
				name := cmp.Or(it.Field.Vocabulary, path)
				d.Facets[name] = append(d.Facets[name], key)
				for _, l := range b.site.Config.Languages {
					if _, text := facetValue(it.Field, v, l); l == b.site.Config.DefaultLang() {
						labels.Set(name, key, "", text)
					} else {
						labels.Set(name, key, l, text)
					}
				}
			}
		}
		if it.Field.Search > 0 && !it.Field.Common {
			for _, v := range site.Each(it.Value) {
				switch s := b.searchText(it.Field, v, e.Lang); {
				case s == "":
				case it.Field.Search >= nameWeight:
					d.Aliases = append(d.Aliases, s)
				default:
					facts = append(facts, s)
				}
			}
		}
	})
	if len(facts) > 0 {
		d.Sections = append(d.Sections, index.Section{Text: strings.Join(facts, " · ")})
	}
	for _, s := range b.texts.docs[e].Sections {
		d.Sections = append(d.Sections, index.Section{ID: s.ID, Title: s.Title, Text: s.Text})
	}
	return d
}

// isAbbreviation holds for what foreign front matter may have as a short name
// of its page: IfSG, SGB 11, StrlSchV 2018.
func isAbbreviation(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 3 || len(s) > 24 {
		return false
	}
	capitals := 0
	for _, r := range words[0] {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals >= 2
}

func facetValue(f *site.Field, v site.Value, l string) (key, label string) {
	key = site.Plain(v)
	switch v := v.(type) {
	case *site.Tag:
		if v.Term == nil {
			return "", ""
		}
		return key, v.Term.Label.In(l)
	case *site.Ref:
		if v.Entry == nil {
			return "", ""
		}
		return key, v.Entry.Title
	}
	return key, f.ValueLabel(key, l)
}

// searchText is a value in the words that a reader would search it by. What
// leads to a hidden entry has none.
func (b *build) searchText(f *site.Field, v site.Value, l string) string {
	switch v := v.(type) {
	case *site.Tag, *site.Ref, site.Enum:
		_, label := facetValue(f, v, l)
		return label
	case site.Record, site.Bool:
		return "" // a record's own fields are walked
	case site.Prose:
		return b.texts.plainProse(v)
	case site.Level:
		return f.ValueLabel(site.Plain(v), l)
	}
	return site.Plain(v)
}
