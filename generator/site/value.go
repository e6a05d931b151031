package site

import (
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Value is the content of one field. The concrete types below are all there
// are; a type switch over them is complete.
type Value interface{ value() }

type (
	// Str is one line of text. In a field that cites, S is the key of one of
	// the entry's sources and Source, set by Assemble, is its title.
	Str struct{ S, Source string }
	// Prose is a markdown field: its source, where it starts, and how far its
	// lines are indented there.
	Prose struct {
		Source string
		Pos    diag.Pos
		Indent int
	}
	// Date is a calendar day.
	Date struct{ time.Time }
	// DateTime is an instant in a named time zone.
	DateTime struct{ time.Time }
	// Number is a quantity in the field's unit.
	Number struct{ N float64 }
	// Range is a span in the field's unit; either end may be open.
	Range struct{ Min, Max *float64 }
	// Money is an amount in whole and hundredth units of a currency.
	Money struct {
		Cents    int64
		Currency string // ISO 4217
	}
	// Bool is yes or no.
	Bool struct{ B bool }
	// Enum is one key of the field's values.
	Enum struct{ Key string }
	// Level is a step on the field's scale.
	Level struct{ N int }
	// Tag is a term of a taxonomy. Term is nil until Assemble.
	Tag struct {
		ID   string
		Term *Term
		Pos  diag.Pos
	}
	// Ref points to an entry. Entry is nil until Assemble.
	Ref struct {
		ID    string
		Entry *Entry
		Pos   diag.Pos
	}
	// Link is an external address with an optional text.
	Link struct{ URL, Text string }
	// Image is a picture with what must be said about it.
	Image struct {
		Src, Alt, Caption, Credit string
		Pos                       diag.Pos
	}
	// File is a download.
	File struct {
		Src, Title string
		Pos        diag.Pos
	}
	// Constraint is a condition on a field of another type, made by
	// ParseConstraint.
	Constraint struct {
		Source string
		Path   string
		Op     string // >= <= > < = != in
		Args   []string
		Pos    diag.Pos

		opAt  int   // characters from the path to the operator
		argAt []int // and to each of Args
	}
	// Record holds values by name, in the order of its fields.
	Record struct{ Items []Item }
	// Many is the list of values of a field with Multiple, or of kind list.
	Many struct{ Values []Value }
)

func (Str) value()         {}
func (Prose) value()       {}
func (Date) value()        {}
func (DateTime) value()    {}
func (Number) value()      {}
func (Range) value()       {}
func (Money) value()       {}
func (Bool) value()        {}
func (Enum) value()        {}
func (Level) value()       {}
func (*Tag) value()        {}
func (*Ref) value()        {}
func (Link) value()        {}
func (Image) value()       {}
func (File) value()        {}
func (*Constraint) value() {}
func (Record) value()      {}
func (Many) value()        {}

// Item is one named value of a record, with its field and its place.
type Item struct {
	Field *Field
	Value Value
	Pos   diag.Pos
}

// Get returns the value at a dotted path ("power.battery_h"), or nil. A path
// that leads through a list collects what lies below it as Many.
func (r Record) Get(path string) Value {
	name, rest, deeper := strings.Cut(path, ".")
	for _, it := range r.Items {
		if it.Field.Name != name {
			continue
		}
		if !deeper {
			return it.Value
		}
		return below(it.Value, rest)
	}
	return nil
}

func below(v Value, path string) Value {
	switch v := v.(type) {
	case Record:
		return v.Get(path)
	case Many:
		var all []Value
		for _, e := range v.Values {
			if x := below(e, path); x != nil {
				all = append(all, Each(x)...)
			}
		}
		if len(all) > 0 {
			return Many{all}
		}
	}
	return nil
}

// Item returns the named item itself, or nil.
func (r Record) Item(name string) *Item {
	for i := range r.Items {
		if r.Items[i].Field.Name == name {
			return &r.Items[i]
		}
	}
	return nil
}

// Text returns the plain text at path, "" when there is none.
func (r Record) Text(path string) string { return Plain(r.Get(path)) }

// Each returns the single values of v: the elements of Many, or v itself.
func Each(v Value) []Value {
	switch v := v.(type) {
	case nil:
		return nil
	case Many:
		return v.Values
	}
	return []Value{v}
}

// Walk calls f for every item below r, records and lists included, with its
// dotted path.
func (r Record) Walk(f func(path string, it Item)) { r.walk("", f) }

func (r Record) walk(prefix string, f func(string, Item)) {
	for _, it := range r.Items {
		path := prefix + it.Field.Name
		f(path, it)
		for _, v := range Each(it.Value) {
			if sub, ok := v.(Record); ok {
				sub.walk(path+".", f)
			}
		}
	}
}
