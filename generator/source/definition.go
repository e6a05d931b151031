package source

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// definition decodes a YAML file of our own making (portal.yaml, type.yaml, a
// taxonomy) into a Go value by its yaml tags. Unknown keys and wrong forms are
// errors at their place, and all of them are reported. A field "Pos diag.Pos"
// of a struct gets the place of its node.
type definition struct {
	diags  *diag.List
	failed bool
}

// decodeStrict reads b into the struct that into points to. It reports whether
// there was nothing to complain about.
func decodeStrict(b []byte, into any, start diag.Pos, diags *diag.List) (root node, ok bool) {
	b, ok = clean(start.File, b, diags)
	if !ok {
		return node{}, false
	}
	root, ok = parseYAML(b, start, diags)
	if !ok {
		return root, false
	}
	d := definition{diags: diags}
	d.decode(root, reflect.ValueOf(into).Elem())
	return root, !d.failed
}

func (d *definition) fault(n node, wanted, hint string) {
	d.failed = true
	d.diags.Errorf(n.pos, "schluessel-form", hint, "Hier wird %s erwartet, nicht %s.", wanted, n.kindName())
}

var posType = reflect.TypeFor[diag.Pos]()

func (d *definition) decode(n node, v reflect.Value) {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok && v.Kind() == reflect.Struct {
		if n.kind != scalar {
			d.fault(n, "ein einzelner Wert", plainValue)
		} else if err := u.UnmarshalText([]byte(n.text)); err != nil {
			d.fault(n, "ein anderer Wert", "Vergleichen Sie mit docs/felder.md.")
		}
		setPos(n, v)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem())
	case reflect.Struct:
		d.structure(n, v)
	case reflect.Map:
		d.texts(n, v)
	case reflect.Slice:
		d.list(n, v)
	default:
		d.scalar(n, v)
	}
}

func setPos(n node, v reflect.Value) {
	if f := v.FieldByName("Pos"); f.IsValid() && f.Type() == posType {
		f.Set(reflect.ValueOf(n.pos))
	}
}

func (d *definition) structure(n node, v reflect.Value) {
	if n.kind == null {
		return
	}
	if n.kind != mapping {
		d.fault(n, "eine Gruppe von Angaben („feld: wert“)", "Möglich sind: "+strings.Join(keysOf(v.Type()), ", ")+".")
		return
	}
	setPos(n, v)
	for _, p := range n.pairs {
		i := fieldIndex(v.Type(), p.key)
		if i == nil {
			d.failed = true
			hint := diag.DidYouMean(p.key, keysOf(v.Type()))
			if hint == "" {
				hint = "Möglich sind: " + strings.Join(keysOf(v.Type()), ", ") + "."
			}
			d.diags.Errorf(p.pos, "schluessel-unbekannt", hint, "Den Schlüssel „%s“ gibt es hier nicht.", p.key)
			continue
		}
		if p.value.kind != null {
			d.decode(p.value, v.FieldByIndex(i))
		}
	}
}

// fieldIndex finds the field of a key, also in embedded structs.
func fieldIndex(t reflect.Type, key string) []int {
	for _, f := range reflect.VisibleFields(t) {
		if tag := f.Tag.Get("yaml"); tag == key && tag != "-" {
			return f.Index
		}
	}
	return nil
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for _, f := range reflect.VisibleFields(t) {
		if tag := f.Tag.Get("yaml"); tag != "" && tag != "-" {
			keys = append(keys, tag)
		}
	}
	slices.Sort(keys)
	return keys
}

// texts reads a mapping of strings. A single text stands for German: sites in
// one language need not name it.
func (d *definition) texts(n node, v reflect.Value) {
	m := reflect.MakeMap(v.Type())
	set := func(key string, n node) {
		if n.kind != scalar {
			d.fault(n, "ein Text", plainValue)
			return
		}
		m.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(n.text))
	}
	switch n.kind {
	case scalar:
		set("de", n)
	case mapping:
		for _, p := range n.pairs {
			set(p.key, p.value)
		}
	default:
		d.fault(n, "ein Text oder eine Gruppe „de: …“, „en: …“", "Schreiben Sie {de: …, en: …}.")
	}
	v.Set(m)
}

func (d *definition) list(n node, v reflect.Value) {
	if n.kind != sequence {
		d.fault(n, "eine Liste", "Schreiben Sie [a, b] oder je Zeile „- “ davor.")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		if item.kind == null || item.kind == scalar && item.text == "" {
			d.failed = true
			d.diags.Errorf(item.pos, "schluessel-form", "Streichen Sie ihn, oder schreiben Sie, was fehlt.", "Der %d. Punkt dieser Liste ist leer.", i+1)
			continue
		}
		d.decode(item, out.Index(i))
	}
	v.Set(out)
}

func (d *definition) scalar(n node, v reflect.Value) {
	if n.kind != scalar {
		d.fault(n, wantedName(v.Kind()), plainValue)
		return
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.text)
	case reflect.Bool:
		var b bool
		if b, err = strconv.ParseBool(n.text); err == nil {
			v.SetBool(b)
		}
	case reflect.Int:
		var i int
		if i, err = strconv.Atoi(n.text); err == nil {
			v.SetInt(int64(i))
		}
	case reflect.Float64:
		var x float64
		if x, err = strconv.ParseFloat(n.text, 64); err == nil {
			v.SetFloat(x)
		}
	default:
		panic("source: a definition has a field of kind " + v.Kind().String())
	}
	if err != nil {
		d.failed = true
		d.diags.Errorf(n.pos, "schluessel-form", "Schreiben Sie "+wantedExample(v.Kind())+", ohne Anführungszeichen.", "Hier wird %s erwartet, nicht „%s“.", wantedName(v.Kind()), short(n.text))
	}
}

const plainValue = "Schreiben Sie den Wert in dieselbe Zeile, ohne Klammern und Striche."

func wantedExample(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true für ja oder false für nein"
	case reflect.Int:
		return "etwa 3"
	}
	return "etwa 12.5"
}

func wantedName(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true oder false"
	case reflect.Int:
		return "eine ganze Zahl"
	case reflect.Float64:
		return "eine Zahl"
	}
	return "ein Text"
}
