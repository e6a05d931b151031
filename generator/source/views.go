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

// loadViews reads the views that span all types. A template tree may have none.
func loadViews(templates fs.FS, types []*site.Type, diags *diag.List) []*site.ViewDef {
	b, err := fs.ReadFile(templates, viewsFile)
	if err != nil {
		return nil
	}
	var file struct {
		Views []*site.ViewDef `yaml:"views"`
	}
	if _, ok := decodeStrict(b, &file, diag.Pos{File: "templates/" + viewsFile, Line: 1, Col: 1}, diags); !ok {
		return nil
	}
	taken := map[string]*site.ViewDef{}
	for _, t := range types {
		for _, v := range t.Views {
			taken[v.Name] = v
		}
	}
	for _, v := range file.Views {
		checkView(v, types, taken, diags)
	}
	return file.Views
}

// checkViews holds the views of all types against their fields.
func checkViews(types []*site.Type, diags *diag.List) {
	taken := map[string]*site.ViewDef{}
	for _, t := range types {
		for _, v := range t.Views {
			v.Type = t
			checkView(v, types, taken, diags)
		}
	}
}

func checkView(v *site.ViewDef, types []*site.Type, taken map[string]*site.ViewDef, diags *diag.List) {
	if v.Name == "" || v.Name != lang.ID(v.Name) {
		diags.Errorf(v.Pos, "ansicht-name", "Schreiben Sie etwa „name: mapping“.", "Eine Ansicht%s braucht einen Namen aus Kleinbuchstaben, Ziffern und Bindestrichen.", ofType(v))
		return
	}
	if first := taken[v.Name]; first != nil {
		diags.Errorf(v.Pos, "ansicht-name", "Geben Sie einer der beiden einen anderen Namen.", "Die Ansicht „%s“ gibt es schon (%s).", v.Name, first.Pos)
		return
	}
	taken[v.Name] = v
	viewDefaults(v)
	form, reads := v.Form()
	if form == "" {
		diags.Errorf(v.Pos, "ansicht-form", "Möglich sind: "+strings.Join(site.ViewForms, ", ")+".", "Die Ansicht „%s“ braucht genau eine Form.", v.Name)
		return
	}
	for _, path := range v.Filters {
		reads = append(reads, site.ViewField{Path: path, Kinds: site.WordKinds})
	}
	if v.Type == nil && len(reads) > 0 {
		diags.Errorf(v.Pos, "ansicht-form", "Schreiben Sie sie in die type.yaml des Typs.", "Die Ansicht „%s“ liest Felder eines Typs und kann deshalb nicht alle Typen zeigen.", v.Name)
		return
	}
	for _, r := range reads {
		checkViewField(v, r, types, diags)
	}
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
