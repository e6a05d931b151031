package source

import (
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// checkViews holds the views of all types against their fields.
func checkViews(types []*site.Type, diags *diag.List) {
	taken := map[string]*site.ViewDef{}
	for _, t := range types {
		for _, v := range t.Views {
			v.Type = t
			if v.Name == "" || v.Name != lang.ID(v.Name) {
				diags.Errorf(v.Pos, "ansicht-name", "Schreiben Sie etwa „name: mapping“.", "Eine Ansicht des Typs „%s“ braucht einen Namen aus Kleinbuchstaben, Ziffern und Bindestrichen.", t.Name)
				continue
			}
			if first := taken[v.Name]; first != nil {
				diags.Errorf(v.Pos, "ansicht-name", "Geben Sie einer der beiden einen anderen Namen.", "Die Ansicht „%s“ gibt es schon (%s).", v.Name, first.Pos)
				continue
			}
			taken[v.Name] = v
			viewDefaults(v)
			form, reads := v.Form()
			if form == "" {
				diags.Errorf(v.Pos, "ansicht-form", "Möglich sind: "+strings.Join(site.ViewForms, ", ")+".", "Die Ansicht „%s“ braucht genau eine Form.", v.Name)
				continue
			}
			if s := t.Statements; v.Statements != nil && (s == nil || !strings.HasPrefix(v.Statements.By, s.List+".")) {
				diags.Errorf(v.Pos, "ansicht-form", "Nennen Sie beim Typ unter „statements“ die Liste und hier unter „by“ eines ihrer Felder.", "Die Ansicht „%s“ zeigt Sätze; ihr Typ „%s“ sagt nicht, welche.", v.Name, t.Name)
				continue
			}
			for _, path := range v.Filters {
				reads = append(reads, site.ViewField{Path: path, Kinds: site.WordKinds})
			}
			for _, r := range reads {
				checkViewField(v, r, types, diags)
			}
		}
	}
}

func viewDefaults(v *site.ViewDef) {
	if v.Title.In("de") == "" {
		v.Title = v.Type.Labels.Many
	}
	if v.Icon == "" {
		v.Icon = v.Type.Icon
	}
}

func checkViewField(v *site.ViewDef, r site.ViewField, types []*site.Type, diags *diag.List) {
	t := v.Type
	if r.Of != "" {
		i := slices.IndexFunc(types, func(t *site.Type) bool { return t.Name == r.Of })
		if i < 0 {
			var names []string
			for _, t := range types {
				names = append(names, t.Name)
			}
			diags.Errorf(v.Pos, "ansicht-feld", diag.DidYouMean(r.Of, names), "Die Ansicht „%s“ nennt den Typ „%s“; den gibt es nicht.", v.Name, r.Of)
			return
		}
		t = types[i]
	}
	if r.Path == "" {
		return
	}
	f := t.FieldByPath(r.Path)
	if f == nil {
		diags.Errorf(v.Pos, "ansicht-feld", diag.DidYouMean(r.Path, fieldPaths(t.Fields, "")), "Die Ansicht „%s“ nennt das Feld „%s“; der Typ „%s“ hat es nicht.", v.Name, r.Path, t.Name)
		return
	}
	if r.Kinds != nil && !slices.Contains(r.Kinds, f.Kind) {
		kinds := make([]string, len(r.Kinds))
		for i, k := range r.Kinds {
			kinds[i] = string(k)
		}
		diags.Errorf(v.Pos, "ansicht-feld", "Es muss von einer dieser Arten sein: "+strings.Join(kinds, ", ")+".", "Die Ansicht „%s“ kann mit dem Feld „%s“ der Art %s nichts anfangen.", v.Name, r.Path, f.Kind)
	}
}
