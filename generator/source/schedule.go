package source

import (
	"slices"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// checkSchedules holds the schedules of all types against their fields.
func checkSchedules(types []*site.Type, diags *diag.List) {
	for _, t := range types {
		if t.Schedule == nil {
			continue
		}
		at := t.At("schedule")
		if t.FieldByPath(site.StateFilter) != nil {
			diags.Errorf(at, "typ-zeitplan", "Geben Sie dem Feld einen anderen Namen.", "Der Typ „%s“ hat einen Zeitplan und ein Feld „%s“; so heißt schon, was aus dem Zeitplan folgt.", t.Name, site.StateFilter)
		}
		for _, r := range t.Schedule.Reads() {
			if r.Path == "" {
				continue
			}
			f := t.FieldByPath(r.Path)
			if f == nil {
				diags.Errorf(at, "typ-zeitplan", diag.DidYouMean(r.Path, fieldPaths(t.Fields, "")), "Der Zeitplan des Typs „%s“ nennt das Feld „%s“; der Typ hat es nicht.", t.Name, r.Path)
				continue
			}
			if !slices.Contains(r.Kinds, f.Kind) {
				diags.Errorf(at, "typ-zeitplan", "Es muss von der Art "+string(r.Kinds[0])+" sein.", "Der Zeitplan des Typs „%s“ kann mit dem Feld „%s“ der Art %s nichts anfangen.", t.Name, r.Path, f.Kind)
			}
			for _, want := range r.Has {
				if keys := fieldWords(f); want != "" && !slices.Contains(keys, want) {
					diags.Errorf(at, "typ-zeitplan", diag.DidYouMean(want, keys), "Der Zeitplan des Typs „%s“ nennt den Wert „%s“; das Feld „%s“ hat ihn nicht.", t.Name, want, r.Path)
				}
			}
		}
	}
}
