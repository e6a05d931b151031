package view

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// Neighbour is an entry that another is related to. Field is the relation's; In
// is set when it is the neighbour that refers to the entry, under the name that
// the relation's reverse side has.
type Neighbour struct {
	Entry *site.Entry
	Field *site.Field
	In    bool
}

// Link leads to an entry. It says no more than that, so that what shows it is not
// made anew with each change of the entry. URL is a path from the site's root.
type Link struct{ Title, URL, Lang, Icon string }

func linkTo(e *site.Entry) Link { return Link{e.Title, e.URL, e.Lang, e.Type.Icon} }

// Label is what the relation is called, seen from the entry.
func (n Neighbour) Label(lang string) string {
	if n.In {
		return n.Field.Reverse.Label.In(lang)
	}
	return n.Field.Label.In(lang)
}

// Neighbours are all entries that an entry or one of its translations is related
// to, each relation once, in the entry's language or else in the first one.
// Fields that every type has do not count: they say who answers for a text.
func Neighbours(s *site.Site, e *site.Entry) []Neighbour {
	type key struct {
		e  *site.Entry
		f  *site.Field
		in bool
	}
	seen := map[key]bool{}
	var out []Neighbour
	add := func(o *site.Entry, f *site.Field, in bool) {
		if f.Hidden || f.Common || in && f.Reverse == nil {
			return
		}
		o = version(s, o, e.Lang)
		if o == nil || o == e || seen[key{o, f, in}] {
			return
		}
		seen[key{o, f, in}] = true
		out = append(out, Neighbour{o, f, in})
	}
	for _, v := range append([]*site.Entry{e}, e.Translations...) {
		for _, edge := range v.Out {
			add(edge.To, edge.Field, false)
		}
		for _, edge := range v.In {
			add(edge.From, edge.Field, true)
		}
	}
	return out
}

// version is the entry in a language, or in the site's first one, or nil.
func version(s *site.Site, e *site.Entry, lang string) *site.Entry {
	for _, l := range []string{lang, s.Config.DefaultLang()} {
		if e.Lang == l {
			return e
		}
		if i := slices.IndexFunc(e.Translations, func(o *site.Entry) bool { return o.Lang == l }); i >= 0 {
			return e.Translations[i]
		}
	}
	return nil
}
