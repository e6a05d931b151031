package export

import (
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// member is one key of an object whose keys keep their order.
type member struct {
	Key   string
	Value any
}

// object is a JSON object in the order of its definition, not of the alphabet.
type object []member

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, marshal(m.Key)...), ':'), marshal(m.Value)...)
	}
	return append(out, '}'), nil
}

// add appends a member unless its value is missing.
func (o object) add(key string, v any) object {
	if v == nil || v == "" {
		return o
	}
	return append(o, member{key, v})
}

// text is a single value as people read it in a line: labels instead of keys,
// titles instead of ids. What the site does not show is "": a reference to a
// hidden entry must not tell that it exists.
func (in *Input) text(e *site.Entry, f *site.Field, v site.Value) string {
	switch v := v.(type) {
	case site.Prose:
		return in.prose(e, v)
	case site.Enum:
		return valueLabel(f, v.Key, e.Lang)
	case *site.Tag:
		if v.Term == nil {
			return ""
		}
		return v.Term.Label.In(e.Lang)
	case *site.Ref:
		if v.Entry == nil {
			return ""
		}
		return v.Entry.Title
	}
	return site.Plain(v)
}

func valueLabel(f *site.Field, key, lang string) string {
	if f == nil {
		return key
	}
	return f.ValueLabel(key, lang)
}

func (in *Input) prose(e *site.Entry, p site.Prose) string {
	if in.Prose == nil {
		return strings.TrimSpace(p.Source)
	}
	return in.Prose(e, p)
}

// data is a value for the JSON export, nil when there is nothing to show.
// Keys and ids stay what they are in the front matter, with a label beside
// them where the key alone says too little.
func (in *Input) data(e *site.Entry, f *site.Field, v site.Value) any {
	switch v := v.(type) {
	case nil:
		return nil
	case site.Prose:
		return in.prose(e, v)
	case site.Number:
		return v.N
	case site.Range:
		o := object{}
		if v.Min != nil {
			o = o.add("min", *v.Min)
		}
		if v.Max != nil {
			o = o.add("max", *v.Max)
		}
		return o
	case site.Money:
		return object{{"amount", float64(v.Cents) / 100}, {"currency", v.Currency}}
	case site.Bool:
		return v.B
	case site.Level:
		return v.N
	case *site.Tag:
		if v.Term == nil {
			return nil
		}
		return object{{"id", v.ID}, {"label", v.Term.Label.In(e.Lang)}}
	case *site.Ref:
		if v.Entry == nil {
			return nil
		}
		return object{{"id", v.ID}, {"title", v.Entry.Title}, {"url", in.abs(v.Entry.URL)}}
	case site.Link:
		return object{{"url", v.URL}}.add("text", v.Text)
	case site.Image:
		return in.media(e, v.Src, object{}.add("alt", v.Alt).add("caption", v.Caption).add("credit", v.Credit))
	case site.File:
		return in.media(e, v.Src, object{}.add("title", v.Title))
	case *site.Constraint:
		return object{{"field", v.Path}, {"operator", v.Op}, {"values", v.Args}}
	case site.Record:
		return in.record(e, v)
	case site.Many:
		return in.many(e, f, v.Values)
	}
	if s := site.Plain(v); s != "" {
		return s
	}
	return nil
}

func (in *Input) media(e *site.Entry, src string, rest object) any {
	u := in.asset(e, src)
	if u == "" {
		return nil
	}
	return append(object{{"url", u}}, rest...)
}

func (in *Input) record(e *site.Entry, r site.Record) any {
	o := object{}
	for _, it := range r.Items {
		o = o.add(it.Field.Name, in.field(e, it.Field, it.Value))
	}
	if len(o) == 0 {
		return nil
	}
	return o
}

func (in *Input) many(e *site.Entry, f *site.Field, values []site.Value) any {
	list := []any{}
	for _, v := range values {
		if x := in.data(e, f, v); x != nil {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// field is data with the shape that the field promises: one that may hold
// several values is always an array.
func (in *Input) field(e *site.Entry, f *site.Field, v site.Value) any {
	if f.Multiple || f.Kind == site.KindList {
		return in.many(e, f, site.Each(v))
	}
	return in.data(e, f, v)
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
