package view

import (
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Sheet is all that an entry says, in words, for the script that puts entries
// side by side. The sheets of a type have the same fields in the same order;
// those without a value have an empty list.
type Sheet struct {
	ID     string       `json:"id"`
	Title  string       `json:"title"`
	URL    string       `json:"url"`
	Lang   string       `json:"language"`
	Status string       `json:"status,omitempty"`
	Groups []SheetGroup `json:"groups"`
}

// SheetGroup are the fields of a heading.
type SheetGroup struct {
	Label  string       `json:"label"`
	Fields []SheetField `json:"fields"`
}

// SheetField is a field with its values.
type SheetField struct {
	Key    string   `json:"key"`
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// SheetFolder is where the sheets lie below the page of their view, each as
// the id of its entry with ".json".
const SheetFolder = "eintraege/"

// Sheets is Data that comes with a sheet for each entry.
type Sheets interface {
	Sheet(Context, *site.Entry) Sheet
}

// Sheet makes a matrix able to put entries side by side.
func (m *Matrix) Sheet(c Context, e *site.Entry) Sheet {
	s := Sheet{ID: e.ID, Title: e.Title, URL: c.URL(e), Lang: e.Lang}
	if e.Discussion {
		s.Status = c.Word("status.discussion")
	}
	t := c.Def.Type
	groups := map[string]*SheetGroup{}
	order := make([]*SheetGroup, 0, len(t.Groups)+1)
	for _, g := range append(t.Groups[:len(t.Groups):len(t.Groups)], &site.Group{}) {
		sheet := &SheetGroup{Label: g.Label.In(c.Lang)}
		groups[g.Name] = sheet
		order = append(order, sheet)
	}
	for _, f := range t.Fields {
		if g := groups[f.Group]; g != nil && !f.Common && !f.Hidden {
			g.Fields = append(g.Fields, sheetFields(c, e, f, f.Name, nil)...)
		}
	}
	for _, g := range order {
		if len(g.Fields) > 0 {
			s.Groups = append(s.Groups, *g)
		}
	}
	return s
}

// sheetFields are a field and, of a record, those in it. Names are those of
// the records it is in; the outermost of several says too little to repeat it.
func sheetFields(c Context, e *site.Entry, f *site.Field, path string, names []string) []SheetField {
	names = append(names[:len(names):len(names)], f.Label.In(c.Lang))
	if f.Kind != site.KindRecord {
		return []SheetField{{Key: path, Label: strings.Join(names[max(0, len(names)-2):], ": "), Values: c.Phrases(f, e.Get(path))}}
	}
	var out []SheetField
	for _, sub := range f.Sub {
		if !sub.Hidden {
			out = append(out, sheetFields(c, e, sub, path+"."+sub.Name, names)...)
		}
	}
	return out
}

// Phrases are the single values of a field as people read them: labels for
// keys, titles for ids, numbers with their unit. It is never nil.
func (c Context) Phrases(f *site.Field, v site.Value) []string {
	out := []string{}
	for _, x := range site.Each(v) {
		if s := c.phrase(f, x); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (c Context) phrase(f *site.Field, v site.Value) string {
	switch v := v.(type) {
	case site.Str:
		if v.Source != "" {
			return v.Source
		}
	case site.Enum, *site.Tag, *site.Ref:
		w, _ := wordOf(f, v, c.Lang)
		return w.Label
	case site.Level:
		w, _ := wordOf(f, v, c.Lang)
		if w.Note != "" {
			return w.Label + ": " + w.Note
		}
		return w.Label
	case site.Bool:
		return c.Word(map[bool]string{true: "bool.yes", false: "bool.no"}[v.B])
	case site.Date:
		return lang.Date(c.Lang, v.Time)
	case site.DateTime:
		return lang.DateTime(c.Lang, v.Time)
	case site.Number:
		return lang.Quantity(c.Lang, v.N, f.Unit)
	case site.Money:
		return lang.Money(c.Lang, v.Cents, v.Currency)
	case site.Range:
		return c.span(f, v)
	case site.Link:
		if v.Text != "" {
			return v.Text
		}
	case site.File:
		return v.Title
	case site.Image:
		return v.Alt
	case site.Record:
		return c.record(v)
	}
	return c.Plain(v)
}

func (c Context) span(f *site.Field, v site.Range) string {
	switch {
	case v.Min != nil && v.Max != nil:
		return c.Word("range.both", lang.Number(c.Lang, *v.Min), lang.Quantity(c.Lang, *v.Max, f.Unit))
	case v.Min != nil:
		return c.Word("range.from", lang.Quantity(c.Lang, *v.Min, f.Unit))
	case v.Max != nil:
		return c.Word("range.to", lang.Quantity(c.Lang, *v.Max, f.Unit))
	}
	return ""
}

// record is an item of a list: its values, one after the other.
func (c Context) record(r site.Record) string {
	var parts []string
	for _, it := range r.Items {
		if !it.Field.Hidden {
			parts = append(parts, c.Phrases(it.Field, it.Value)...)
		}
	}
	return strings.Join(parts, ", ")
}
