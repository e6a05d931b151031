package source

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// viewsFile declares the views that span all types.
const viewsFile = "views/views.yaml"

type viewFile struct {
	Views []*site.ViewDef `yaml:"views"`
}

// loadViews reads the views that span all types. A template tree may have none.
func loadViews(templates fs.FS, types []*site.Type, diags *diag.List) []*site.ViewDef {
	b, err := fs.ReadFile(templates, viewsFile)
	if err != nil {
		return nil
	}
	var file viewFile
	if _, ok := decodeStrict(b, &file, diag.Pos{File: "templates/" + viewsFile, Line: 1, Col: 1}, diags); !ok {
		return nil
	}
	taken := map[string]*site.ViewDef{}
	for _, t := range types {
		for _, v := range t.Views {
			taken[v.Name] = v
		}
	}
	return slices.DeleteFunc(file.Views, func(v *site.ViewDef) bool { return !checkView(v, taken, types, diags) })
}

// checkViews holds the views and calendars of all types against their fields.
// One with a fault is taken away: what makes it may rely on its definition.
func checkViews(types []*site.Type, diags *diag.List) {
	taken := map[string]*site.ViewDef{}
	for _, t := range types {
		t.Views = slices.DeleteFunc(t.Views, func(v *site.ViewDef) bool {
			v.Type = t
			return !checkView(v, taken, types, diags)
		})
		if t.ICal != nil && !checkReads("„ical“", t.At("ical"), t, t.ICal.Reads(), types, diags) {
			t.ICal = nil
		}
	}
}

func checkView(v *site.ViewDef, taken map[string]*site.ViewDef, types []*site.Type, diags *diag.List) bool {
	if v.Name == "" || v.Name != lang.ID(v.Name) {
		diags.Errorf(v.Pos, "ansicht-name", "Schreiben Sie etwa „name: mapping“.", "Ein Werkzeug%s braucht einen Namen aus Kleinbuchstaben, Ziffern und Bindestrichen.", ofType(v))
		return false
	}
	if first := taken[v.Name]; first != nil {
		diags.Errorf(v.Pos, "ansicht-name", "Geben Sie einem der beiden einen anderen Namen.", "Das Werkzeug „%s“ gibt es schon (%s).", v.Name, first.Pos)
		return false
	}
	taken[v.Name] = v
	viewDefaults(v)
	form, reads := v.Form()
	if form == "" {
		diags.Errorf(v.Pos, "ansicht-form", "Möglich sind: "+strings.Join(site.ViewForms, ", ")+".", "Das Werkzeug „%s“ braucht genau eine Form.", v.Name)
		return false
	}
	for _, path := range v.Filters {
		if path == site.StateFilter && v.Type != nil && v.Type.Schedule != nil {
			continue // computed, not a field
		}
		reads = append(reads, site.ViewField{Path: path, Kinds: site.WordKinds})
	}
	if v.Type == nil && len(reads) > 0 {
		diags.Errorf(v.Pos, "ansicht-form", "Schreiben Sie es in die type.yaml des Typs.", "Das Werkzeug „%s“ liest Felder eines Typs und kann deshalb nicht alle Typen zeigen.", v.Name)
		return false
	}
	return checkReads("Das Werkzeug „"+v.Name+"“", v.Pos, v.Type, reads, types, diags) && checkForm(v, types, diags)
}

// checkForm checks what a form wants of its fields together.
func checkForm(v *site.ViewDef, types []*site.Type, diags *diag.List) bool {
	if v.Coverage != nil && !slices.ContainsFunc(types, func(t *site.Type) bool { return t.Name == v.Coverage.SpokenOf(v.Type) }) {
		diags.Errorf(v.Pos, "ansicht-feld", "Geben Sie „must“, „should“ oder beide an, mit demselben „of“.", "Das Werkzeug „%s“ braucht Bedingungen, die von einem Typ sprechen.", v.Name)
		return false
	}
	if v.Statements == nil {
		return true
	}
	if s := v.Type.Statements; s == nil || !strings.HasPrefix(v.Statements.By, s.List+".") {
		diags.Errorf(v.Pos, "ansicht-form", "Nennen Sie beim Typ unter „statements“ die Liste und hier unter „by“ eines ihrer Felder.", "Das Werkzeug „%s“ zeigt Sätze; ihr Typ „%s“ sagt nicht, welche.", v.Name, v.Type.Name)
		return false
	}
	return true
}

func ofType(v *site.ViewDef) string {
	if v.Type == nil {
		return ""
	}
	return " des Typs „" + v.Type.Name + "“"
}

func viewDefaults(v *site.ViewDef) {
	if v.Title.In("de") == "" {
		v.Title = site.Text{"de": v.Name}
		if v.Type != nil {
			v.Title = v.Type.Labels.Many
		}
	}
	if v.Icon == "" {
		v.Icon = "check"
		if v.Type != nil {
			v.Icon = v.Type.Icon
		}
	}
}

// checkReads holds the fields that a definition (who, at pos, of type t) reads
// against the types, and reports whether they will do.
func checkReads(who string, pos diag.Pos, t *site.Type, reads []site.ViewField, types []*site.Type, diags *diag.List) bool {
	good := true
	for _, r := range reads {
		if r.Path == "" && r.Key != "" {
			diags.Errorf(pos, "ansicht-angabe", "Ergänzen Sie die Angabe, oder streichen Sie die ganze Form.", "%s braucht „%s“.", who, r.Key)
			good = false
			continue
		}
		of, ok := readFrom(who, pos, t, r, types, diags)
		good = good && ok
		for _, t := range of {
			good = checkReadField(who, pos, t, r, diags) && good
		}
	}
	return good
}

// readFrom are the types that must have a field: none if there is no field.
func readFrom(who string, pos diag.Pos, t *site.Type, r site.ViewField, types []*site.Type, diags *diag.List) (of []*site.Type, ok bool) {
	var names []string
	byName := map[string]*site.Type{}
	for _, t := range types {
		names = append(names, t.Name)
		byName[t.Name] = t
	}
	if r.Of != "" {
		if t = byName[r.Of]; t == nil {
			diags.Errorf(pos, "ansicht-feld", diag.DidYouMean(r.Of, names), "%s nennt den Typ „%s“; den gibt es nicht.", who, r.Of)
			return nil, false
		}
	}
	switch f := t.FieldByPath(r.Via); {
	case r.Path == "":
	case r.Via == "":
		of = append(of, t)
	case f != nil: // else the relation itself has been complained about
		for _, to := range f.To {
			if t := byName[to]; t != nil {
				of = append(of, t)
			}
		}
	}
	return of, true
}

func checkReadField(who string, pos diag.Pos, t *site.Type, r site.ViewField, diags *diag.List) bool {
	f := t.FieldByPath(r.Path)
	if f == nil {
		diags.Errorf(pos, "ansicht-feld", nearestField(r.Path, t), "%s nennt das Feld „%s“; der Typ „%s“ hat es nicht.", who, r.Path, t.Name)
		return false
	}
	if r.Kinds != nil && !slices.Contains(r.Kinds, f.Kind) {
		kinds := make([]string, len(r.Kinds))
		for i, k := range r.Kinds {
			kinds[i] = string(k)
		}
		diags.Errorf(pos, "ansicht-feld", "Es muss von einer dieser Arten sein: "+strings.Join(kinds, ", ")+".", "%s kann mit dem Feld „%s“ der Art %s nichts anfangen.", who, r.Path, f.Kind)
		return false
	}
	if list := listAround(t, r.Path); r.Single && list != "" {
		diags.Errorf(pos, "ansicht-feld", "Nennen Sie ein Feld, das jeder Eintrag nur einmal hat.", "%s nennt das Feld „%s“; es steht in der Liste „%s“ und hat dort mehrere Werte.", who, r.Path, list)
		return false
	}
	if f.Kind == site.KindTags {
		return true // see checkViewWords
	}
	var keys []string
	for _, known := range f.Values {
		keys = append(keys, known.Key)
	}
	return checkWords(who, pos, t, r, keys, diags)
}

// listAround is the path of the list in which a field lies, or "".
func listAround(t *site.Type, path string) string {
	for i := range len(path) {
		if path[i] != '.' {
			continue
		}
		if f := t.FieldByPath(path[:i]); f != nil && f.Kind == site.KindList {
			return path[:i]
		}
	}
	return ""
}

func checkWords(who string, pos diag.Pos, t *site.Type, r site.ViewField, known []string, diags *diag.List) bool {
	good := true
	for _, v := range r.Values {
		if v != "" && !slices.Contains(known, v) {
			good = false
			diags.Errorf(pos, "ansicht-wert", diag.DidYouMean(v, known), "%s nennt den Wert „%s“; das Feld „%s“ des Typs „%s“ hat ihn nicht.", who, v, r.Path, t.Name)
		}
	}
	return good
}

// checkViewWords holds the terms that views name against their vocabularies.
func checkViewWords(types []*site.Type, taxonomies []*site.Taxonomy, diags *diag.List) {
	for _, t := range types {
		t.Views = slices.DeleteFunc(t.Views, func(v *site.ViewDef) bool {
			_, reads := v.Form()
			return slices.ContainsFunc(reads, func(r site.ViewField) bool {
				f := t.FieldByPath(r.Path)
				return f != nil && f.Kind == site.KindTags && len(r.Values) > 0 &&
					!checkWords("Das Werkzeug „"+v.Name+"“", v.Pos, t, r, termIDs(f.Vocabulary, taxonomies), diags)
			})
		})
	}
}

func termIDs(vocabulary string, taxonomies []*site.Taxonomy) []string {
	var out []string
	for _, t := range taxonomies {
		if t.Name == vocabulary {
			for _, term := range t.Terms {
				out = append(out, term.ID)
			}
		}
	}
	return out
}
