package view

import (
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// Datasheet is all that an entry says, in words, for the script that puts entries
// side by side. The sheets of a type have the same fields in the same order;
// those without a value have an empty list.
type Datasheet struct {
	ID     string           `json:"id"`
	Title  string           `json:"title"`
	URL    string           `json:"url"`
	Lang   string           `json:"language"`
	Status string           `json:"status,omitempty"`
	Groups []DatasheetGroup `json:"groups"`
}

// DatasheetGroup are the fields of a heading.
type DatasheetGroup struct {
	Label  string           `json:"label"`
	Fields []DatasheetField `json:"fields"`
}

// DatasheetField is a field with its values. Own ones are in the words and the
// language of the entry, the others in those of the page.
type DatasheetField struct {
	Key    string   `json:"key"`
	Label  string   `json:"label"`
	Values []string `json:"values"`
	Own    bool     `json:"own,omitempty"`
}

// DatasheetFolder is where the sheets lie below the page of their view, each as
// the id of its entry with ".json".
const DatasheetFolder = "eintraege/"

// Datasheets is Data that comes with a sheet for each entry.
type Datasheets interface {
	Datasheet(Context, *site.Entry) Datasheet
}

// Datasheet makes a matrix able to put entries side by side.
func (m *Matrix) Datasheet(c Context, e *site.Entry) Datasheet {
	s := Datasheet{ID: e.ID, Title: e.Title, URL: c.URL(e), Lang: e.Lang}
	if e.Discussion {
		s.Status = c.Word("status.discussion")
	}
	t := c.Def.Type
	groups := map[string]*DatasheetGroup{}
	order := make([]*DatasheetGroup, 0, len(t.Groups)+1)
	for _, g := range append(t.Groups[:len(t.Groups):len(t.Groups)], &site.Group{}) {
		sheet := &DatasheetGroup{Label: g.Label.In(c.Lang)}
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
func sheetFields(c Context, e *site.Entry, f *site.Field, path string, names []string) []DatasheetField {
	names = append(names[:len(names):len(names)], f.Label.In(c.Lang))
	if f.Kind != site.KindRecord {
		return []DatasheetField{{Key: path, Label: strings.Join(names[max(0, len(names)-2):], ": "), Values: c.inFull(f, e.Get(path)),
			Own: f.Kind == site.KindText || f.Kind == site.KindMarkdown}}
	}
	var out []DatasheetField
	for _, sub := range f.Sub {
		if !sub.Hidden {
			out = append(out, sheetFields(c, e, sub, path+"."+sub.Name, names)...)
		}
	}
	return out
}

// inFull are the single values of a field as people read them: labels for keys,
// titles for ids, numbers with their unit. It is never nil.
func (c Context) inFull(f *site.Field, v site.Value) []string {
	out := []string{}
	for _, x := range site.Each(v) {
		if s := c.oneInFull(f, x); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (c Context) oneInFull(f *site.Field, v site.Value) string {
	switch v := v.(type) {
	case site.Str:
		if v.Source != "" {
			return v.Source
		}
	case site.Prose:
		return c.Plain(v)
	case site.Level:
		w, _ := wordOf(f, v, c.Lang)
		if w.Note != "" {
			return w.Label + ": " + w.Note
		}
		return w.Label
	case *site.Tag, *site.Ref: // hidden ones have none
		w, _ := wordOf(f, v, c.Lang)
		return w.Label
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
	return c.Phrases().value(f, v)
}

// record is an item of a list: its values, one after the other.
func (c Context) record(r site.Record) string {
	var parts []string
	for _, it := range r.Items {
		if !it.Field.Hidden {
			parts = append(parts, c.inFull(it.Field, it.Value)...)
		}
	}
	return strings.Join(parts, ", ")
}
