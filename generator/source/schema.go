package source

import (
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// schemaDraft is the dialect that editors' tools understand.
const schemaDraft = "http://json-schema.org/draft-07/schema#"

type object = map[string]any

// Schema is the JSON Schema (draft-07) of a type's front matter, with German
// titles and descriptions. It accepts what LoadEntries accepts, as far as a
// schema can say it; whether a relation leads somewhere it cannot.
func Schema(t *site.Type, taxonomies []*site.Taxonomy) map[string]any {
	s := record(t.Fields, taxonomies, t.Fallback)
	s["$schema"] = schemaDraft
	s["title"] = t.Labels.One.In("de")
	if d := t.Intro.In("de"); d != "" {
		s["description"] = d
	}
	if t.Fallback { // plain pages may carry anything and need nothing
		s["additionalProperties"] = true
	}
	return s
}

// SchemaOfAll is one schema with a definition for every type.
func SchemaOfAll(types []*site.Type, taxonomies []*site.Taxonomy) map[string]any {
	defs := object{}
	any := []object{}
	for _, t := range types {
		s := Schema(t, taxonomies)
		delete(s, "$schema")
		defs[t.Name] = s
		any = append(any, object{"$ref": "#/definitions/" + t.Name})
	}
	return object{"$schema": schemaDraft, "title": "Angaben aller Typen", "definitions": defs, "anyOf": any}
}

func record(fields []*site.Field, taxonomies []*site.Taxonomy, free bool) object {
	props, required := object{}, []string{}
	for _, f := range fields {
		props[f.Name] = fieldSchema(f, taxonomies)
		if f.Required && !free {
			required = append(required, f.Name)
		}
	}
	s := object{"type": "object", "properties": props, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func fieldSchema(f *site.Field, taxonomies []*site.Taxonomy) object {
	s := single(f, taxonomies)
	if f.Kind == site.KindList {
		s = object{"type": "array", "items": s}
	} else if f.Multiple {
		s = object{"anyOf": []object{s, {"type": "array", "items": s}}}
	}
	s["title"] = f.Label.In("de")
	if h := f.Help.In("de"); h != "" {
		s["description"] = h
	}
	return s
}

const (
	datePattern     = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`
	dateTimePattern = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-2][0-9]:[0-5][0-9])?)?$`
)

func single(f *site.Field, taxonomies []*site.Taxonomy) object {
	text := object{"type": "string"}
	switch f.Kind {
	case site.KindRecord, site.KindList:
		return record(f.Sub, taxonomies, false)
	case site.KindText, site.KindMarkdown:
		// YAML reads 007 or 1.0 as numbers; as text they are as good.
		s := object{"type": []string{"string", "number", "boolean"}}
		if f.MaxLen > 0 {
			s["maxLength"] = f.MaxLen
		}
		if f.Match != "" {
			s["pattern"] = "^(?:" + f.Match + ")$"
		}
		return s
	case site.KindDate:
		text["pattern"] = datePattern
	case site.KindDateTime:
		text["pattern"] = dateTimePattern
	case site.KindNumber:
		return bounded(object{"type": "number"}, f)
	case site.KindLevel:
		if len(f.Values) > 0 {
			return valuesSchema(object{"type": "integer"}, f, true)
		}
		return bounded(object{"type": "integer"}, f)
	case site.KindRange:
		n := bounded(object{"type": "number"}, f)
		return object{"anyOf": []object{n, {"type": "object", "properties": object{"min": n, "max": n}, "additionalProperties": false, "minProperties": 1}}}
	case site.KindMoney:
		return object{"anyOf": []object{{"type": "number", "minimum": 0}, {"type": "string", "pattern": moneyForm.String()}}}
	case site.KindBool:
		return object{"anyOf": []object{{"type": "boolean"}, {"type": "string", "pattern": "^([Jj][Aa]|[Nn][Ee][Ii][Nn]|[Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}}}
	case site.KindEnum:
		return valuesSchema(text, f, false)
	case site.KindTags:
		return tagsSchema(f, taxonomies)
	case site.KindRelation:
		if len(f.To) > 0 {
			text["$comment"] = "Kennung eines Eintrags vom Typ " + strings.Join(f.To, ", ")
		}
	case site.KindConstraint:
		text["pattern"] = `^\s*[a-z][a-z0-9_.]*\s*((>=|<=|!=|=|>|<)\s*[^<>=!\s].*|in\s*\[.*[^\s].*\]\s*)$`
	case site.KindLink:
		return parts("url", "^(https?://|mailto:)", "text")
	case site.KindImage:
		return parts("src", "", "alt", "caption", "credit")
	case site.KindFile:
		return parts("src", "", "title")
	}
	return text
}

func bounded(s object, f *site.Field) object {
	if f.Min != nil {
		s["minimum"] = *f.Min
	}
	if f.Max != nil {
		s["maximum"] = *f.Max
	}
	return s
}

// valuesSchema lists the allowed values with their labels, which editors show
// while completing.
func valuesSchema(s object, f *site.Field, number bool) object {
	var keys []any
	var notes []string
	for _, v := range f.Values {
		var key any = v.Key
		if number {
			key = jsonNumber(v.Key)
		} else if _, err := strconv.ParseFloat(v.Key, 64); err == nil { // YAML reads it as a number
			s["type"] = []string{"string", "number"}
			keys, notes = append(keys, jsonNumber(v.Key)), append(notes, v.Label.In("de"))
		}
		keys = append(keys, key)
		notes = append(notes, strings.TrimSuffix(v.Label.In("de")+": "+v.Note.In("de"), ": "))
	}
	s["enum"], s["markdownEnumDescriptions"] = keys, notes
	return s
}

// jsonNumber is a number that keeps its spelling in JSON.
type jsonNumber string

// MarshalJSON implements json.Marshaler.
func (n jsonNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

func tagsSchema(f *site.Field, taxonomies []*site.Taxonomy) object {
	for _, tax := range taxonomies {
		if tax.Name != f.Vocabulary {
			continue
		}
		var keys, notes []string
		for _, t := range tax.Terms {
			keys, notes = append(keys, t.ID), append(notes, t.Label.In("de"))
		}
		return object{"type": "string", "enum": keys, "markdownEnumDescriptions": notes}
	}
	return object{"type": "string"}
}

func parts(first, pattern string, more ...string) object {
	s := object{"type": "string"}
	if pattern != "" {
		s["pattern"] = pattern
	}
	props := object{first: s}
	for _, m := range more {
		props[m] = object{"type": "string"}
	}
	return object{"anyOf": []object{s, {"type": "object", "properties": props, "required": []string{first}, "additionalProperties": false}}}
}
