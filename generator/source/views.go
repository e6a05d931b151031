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
			for _, path := range v.Filters {
				reads = append(reads, site.ViewField{Path: path, Kinds: site.WordKinds})
			}
			for _, r := range reads {
				checkRead("Die Ansicht „"+v.Name+"“", v.Pos, t, r, types, diags)
			}
		}
		if t.ICal != nil {
			for _, r := range t.ICal.Reads() {
				checkRead("„ical“", t.At("ical"), t, r, types, diags)
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

// checkRead holds a field that a definition (who, at pos, of type t) reads
// against the types.
func checkRead(who string, pos diag.Pos, t *site.Type, r site.ViewField, types []*site.Type, diags *diag.List) {
	named := func(name string) *site.Type {
		i := slices.IndexFunc(types, func(t *site.Type) bool { return t.Name == name })
		if i < 0 {
			return nil
		}
		return types[i]
	}
	if r.Of != "" {
		if t = named(r.Of); t == nil {
			var names []string
			for _, t := range types {
				names = append(names, t.Name)
			}
			diags.Errorf(pos, "ansicht-feld", diag.DidYouMean(r.Of, names), "%s nennt den Typ „%s“; den gibt es nicht.", who, r.Of)
			return
		}
	}
	if r.Path == "" {
		return
	}
	if r.Via == "" {
		checkReadField(who, pos, t, r, diags)
		return
	}
	if f := t.FieldByPath(r.Via); f != nil {
		for _, to := range f.To {
			if t := named(to); t != nil {
				checkReadField(who, pos, t, r, diags)
			}
		}
	}
}

func checkReadField(who string, pos diag.Pos, t *site.Type, r site.ViewField, diags *diag.List) {
	f := t.FieldByPath(r.Path)
	if f == nil {
		diags.Errorf(pos, "ansicht-feld", diag.DidYouMean(r.Path, fieldPaths(t.Fields, "")), "%s nennt das Feld „%s“; der Typ „%s“ hat es nicht.", who, r.Path, t.Name)
		return
	}
	if r.Kinds != nil && !slices.Contains(r.Kinds, f.Kind) {
		kinds := make([]string, len(r.Kinds))
		for i, k := range r.Kinds {
			kinds[i] = string(k)
		}
		diags.Errorf(pos, "ansicht-feld", "Es muss von einer dieser Arten sein: "+strings.Join(kinds, ", ")+".", "%s kann mit dem Feld „%s“ der Art %s nichts anfangen.", who, r.Path, f.Kind)
	}
	for _, v := range r.Values {
		var keys []string
		for _, known := range f.Values {
			keys = append(keys, known.Key)
		}
		if !slices.Contains(keys, v) {
			diags.Errorf(pos, "ansicht-wert", diag.DidYouMean(v, keys), "%s nennt den Wert „%s“; das Feld „%s“ des Typs „%s“ hat ihn nicht.", who, v, r.Path, t.Name)
		}
	}
}
