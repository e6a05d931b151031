package source

import (
	"encoding"
	"maps"
	"reflect"
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// KeySchema is the JSON Schema of the files of configuration that Match names,
// by paths from the site's folder.
type KeySchema struct {
	Name, Match string
	Schema      map[string]any
}

// KeySchemas are those of portal.yaml and of what defines types, vocabularies
// and views. They follow from the structs that such a file is decoded into, with
// the descriptions in keywords.go.
func KeySchemas(defs Definitions) []KeySchema {
	var types, vocabularies []string
	for _, t := range defs.Types {
		types = append(types, t.Name)
	}
	for _, t := range defs.Taxonomies {
		vocabularies = append(vocabularies, t.Name)
	}
	w := &keyWriter{types: types, vocabularies: vocabularies}
	return []KeySchema{
		{"portal", "portal.yaml", w.file("Einstellungen des Portals", site.Config{}, "title", "base_url", "languages")},
		{"typ", "templates/types/*/type.yaml", w.file("Ein Typ von Einträgen", site.Type{})},
		{"gemeinsam", "templates/types/common.yaml", w.file("Felder, die alle Typen haben", common{})},
		{"vokabular", "templates/taxonomies/*.yaml", w.file("Ein Vokabular", site.Taxonomy{})},
		{"werkzeuge", "templates/views/views.yaml", w.file("Werkzeuge über alle Typen", viewFile{})},
	}
}

// keyWriter gathers the schemas of structs that contain one another.
type keyWriter struct {
	types, vocabularies []string
	definitions         object
	missing             []string // keys without a description, for the test
}

func (w *keyWriter) file(title string, v any, required ...string) object {
	w.definitions = object{}
	s := w.structure(reflect.TypeOf(v), "")
	s["$schema"], s["title"], s["definitions"] = schemaDraft, title, w.definitions
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// requiredKeys are those without which a part means nothing.
var requiredKeys = map[string][]string{"Field": {"name", "kind"}, "Term": {"id"}, "EnumValue": {"key"}, "ViewDef": {"name"}, "Group": {"name"}}

// structure lists the keys of a struct. name stands for one without a name.
func (w *keyWriter) structure(t reflect.Type, name string) object {
	if t.Name() != "" {
		name = t.Name()
	}
	props := object{}
	for _, f := range reflect.VisibleFields(t) {
		key := f.Tag.Get("yaml")
		if key == "" || key == "-" {
			continue
		}
		owner := name // of an embedded struct, the keys are its own
		if len(f.Index) > 1 {
			owner = t.FieldByIndex(f.Index[:len(f.Index)-1]).Type.Name()
		}
		path := owner + "." + key
		text := keyText[path]
		if text == "" {
			w.missing = append(w.missing, path)
		}
		s := w.value(f.Type, path)
		if _, ref := s["$ref"]; ref { // draft-07 heeds nothing beside $ref
			s = object{"allOf": []object{s}}
		}
		s["description"] = text
		props[key] = s
	}
	s := object{"type": "object", "properties": props, "additionalProperties": false}
	if r := requiredKeys[name]; r != nil {
		s["required"] = r
	}
	return s
}

var textType = reflect.TypeFor[site.Text]()

func (w *keyWriter) value(t reflect.Type, path string) object {
	anyText := object{"type": []string{"string", "number", "boolean"}}
	if values := w.values(path); values != nil {
		word := object{"type": "string", "enum": values}
		if t.Kind() == reflect.Slice {
			return object{"type": "array", "items": word}
		}
		return word
	}
	switch {
	case t == textType:
		return object{"anyOf": []object{anyText, {"type": "object", "additionalProperties": anyText}}}
	case t.Kind() == reflect.Pointer:
		return w.value(t.Elem(), path)
	case t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return anyText
	case t.Kind() == reflect.Struct && t.Name() == "":
		return w.structure(t, path)
	case t.Kind() == reflect.Struct:
		if _, there := w.definitions[t.Name()]; !there {
			w.definitions[t.Name()] = nil // it may contain itself
			w.definitions[t.Name()] = w.structure(t, "")
		}
		return object{"$ref": "#/definitions/" + t.Name()}
	case t.Kind() == reflect.Slice:
		return object{"type": "array", "items": w.value(t.Elem(), path)}
	case t.Kind() == reflect.Map:
		return object{"type": "object", "additionalProperties": anyText}
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return object{"type": "integer"}
	case t.Kind() == reflect.Float64:
		return object{"type": "number"}
	}
	return anyText
}

// values are the words that a key takes, if these are known.
func (w *keyWriter) values(path string) []string {
	switch path {
	case "Field.kind":
		var kinds []string
		for _, k := range site.Kinds {
			kinds = append(kinds, string(k))
		}
		return kinds
	case "Repository.kind":
		return slices.Clone(site.ForgeKinds)
	case "Backend.name":
		return slices.Sorted(maps.Keys(site.BackendHosts))
	case "HomeBlock.view":
		return homeViews
	case "Field.vocabulary", "NavItem.taxonomy", "Home.topics":
		return slices.Clone(w.vocabularies)
	case "Field.to", "Field.of", "NavItem.type", "Config.thread", "Topics.lead", "Topics.order", "FollowUpView.then", "CoverageView.gap.of":
		return slices.Clone(w.types)
	}
	return nil
}
