package source

import (
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// checkViews holds the views of all types against their fields. What is wrong is
// reported, and the view left out.
func checkViews(types []*site.Type, diags *diag.List) {
	taken := map[string]*site.ViewDef{}
	for _, t := range types {
		t.Views = slices.DeleteFunc(t.Views, func(v *site.ViewDef) bool {
			v.Type = t
			viewDefaults(v)
			return !viewName(v, taken, diags) || !checkView(v, types, diags)
		})
	}
}

func viewName(v *site.ViewDef, taken map[string]*site.ViewDef, diags *diag.List) bool {
	if v.Name == "" || v.Name != lang.ID(v.Name) {
		diags.Errorf(v.Pos, "ansicht-name", "Schreiben Sie etwa „name: mapping“.", "Ein Werkzeug des Typs „%s“ braucht einen Namen aus Kleinbuchstaben, Ziffern und Bindestrichen.", v.Type.Name)
		return false
	}
	if first := taken[v.Name]; first != nil {
		diags.Errorf(v.Pos, "ansicht-name", "Geben Sie einem der beiden einen anderen Namen.", "Das Werkzeug „%s“ gibt es schon (%s).", v.Name, first.Pos)
		return false
	}
	taken[v.Name] = v
	return true
}

func checkView(v *site.ViewDef, types []*site.Type, diags *diag.List) bool {
	form, reads := v.Form()
	if form == "" {
		diags.Errorf(v.Pos, "ansicht-form", "Möglich sind: "+strings.Join(site.ViewForms, ", ")+".", "Das Werkzeug „%s“ braucht genau eine Form.", v.Name)
		return false
	}
	for _, path := range v.Filters {
		reads = append(reads, site.ViewField{Path: path, Kinds: site.WordKinds})
	}
	ok := true
	for _, r := range reads {
		ok = checkViewField(v, r, types, diags) && ok
	}
	if ok && v.Coverage != nil && !slices.ContainsFunc(types, func(t *site.Type) bool { return t.Name == v.Coverage.SpokenOf(v.Type) }) {
		diags.Errorf(v.Pos, "ansicht-feld", "Geben Sie „must“, „should“ oder beide an, mit demselben „of“.", "Das Werkzeug „%s“ braucht Bedingungen, die von einem Typ sprechen.", v.Name)
		return false
	}
	return ok
}

func viewDefaults(v *site.ViewDef) {
	if v.Title.In("de") == "" {
		v.Title = v.Type.Labels.Many
	}
	if v.Icon == "" {
		v.Icon = v.Type.Icon
	}
}

func checkViewField(v *site.ViewDef, r site.ViewField, types []*site.Type, diags *diag.List) bool {
	t := v.Type
	if r.Of != "" {
		i := slices.IndexFunc(types, func(t *site.Type) bool { return t.Name == r.Of })
		if i < 0 {
			var names []string
			for _, t := range types {
				names = append(names, t.Name)
			}
			diags.Errorf(v.Pos, "ansicht-feld", diag.DidYouMean(r.Of, names), "Das Werkzeug „%s“ nennt den Typ „%s“; den gibt es nicht.", v.Name, r.Of)
			return false
		}
		t = types[i]
	}
	if r.Path == "" {
		return true
	}
	f := t.FieldByPath(r.Path)
	if f == nil {
		diags.Errorf(v.Pos, "ansicht-feld", diag.DidYouMean(r.Path, fieldPaths(t.Fields, "")), "Das Werkzeug „%s“ nennt das Feld „%s“; der Typ „%s“ hat es nicht.", v.Name, r.Path, t.Name)
		return false
	}
	if r.Kinds != nil && !slices.Contains(r.Kinds, f.Kind) {
		kinds := make([]string, len(r.Kinds))
		for i, k := range r.Kinds {
			kinds[i] = string(k)
		}
		diags.Errorf(v.Pos, "ansicht-feld", "Es muss von einer dieser Arten sein: "+strings.Join(kinds, ", ")+".", "Das Werkzeug „%s“ kann mit dem Feld „%s“ der Art %s nichts anfangen.", v.Name, r.Path, f.Kind)
		return false
	}
	return true
}
