package source

import (
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// checkSchedules holds the schedules of all types against their fields. One with
// a fault is taken away.
func checkSchedules(types []*site.Type, diags *diag.List) {
	for _, t := range types {
		if t.Schedule == nil {
			continue
		}
		at := t.At("schedule")
		good := checkReads("„schedule“", at, t, t.Schedule.Reads(), types, diags)
		if t.FieldByPath(site.StateFilter) != nil {
			diags.Errorf(at, "typ-zeitplan", "Geben Sie dem Feld einen anderen Namen.", "Der Typ „%s“ hat „schedule“ und ein Feld „%s“; so heißt schon, was aus den Terminen folgt.", t.Name, site.StateFilter)
			good = false
		}
		if !good {
			t.Schedule = nil
		}
	}
}
