package source

import (
	"reflect"
	"slices"
	"strings"
)

// yamlKeys lists the YAML keys that a value's type and the types within it
// know, for „Meinten Sie …?“.
func yamlKeys(v any) []string {
	var keys []string
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(t.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			if key := strings.Split(t.Field(i).Tag.Get("yaml"), ",")[0]; key != "" && key != "-" {
				keys = append(keys, key)
				walk(t.Field(i).Type)
			}
		}
	}
	walk(reflect.TypeOf(v))
	slices.Sort(keys)
	return slices.Compact(keys)
}
