package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// common is templates/types/common.yaml: fields that every type has.
type common struct {
	Groups []*site.Group `yaml:"groups"`
	Fields []*site.Field `yaml:"fields"`
}

// LoadTypes reads types/common.yaml and every types/<name>/type.yaml of a
// template tree, sorted by name. Faults in definitions are errors with the
// file's place; nil means that nothing could be read.
func LoadTypes(templates fs.FS, diags *diag.List) []*site.Type {
	shared, ok := loadCommon(templates, diags)
	if !ok {
		return nil
	}
	dirs, err := fs.ReadDir(templates, "types")
	if err != nil {
		diags.Errorf(diag.Pos{File: "templates/types"}, "typen-fehlen", "", "Der Ordner templates/types ist nicht lesbar.")
		return nil
	}
	var types []*site.Type
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		if t := loadType(templates, d.Name(), shared, diags); t != nil {
			types = append(types, t)
		}
	}
	checkTypes(types, diags)
	return types
}

func loadCommon(templates fs.FS, diags *diag.List) (common, bool) {
	var c common
	start := diag.Pos{File: "templates/types/common.yaml", Line: 1, Col: 1}
	b, err := fs.ReadFile(templates, "types/common.yaml")
	if err != nil {
		diags.Errorf(diag.Pos{File: start.File}, "typ-datei-fehlt", "", "Die Datei templates/types/common.yaml fehlt.")
		return c, false
	}
	if !decodeStrict(b, &c, start, diags) {
		return c, false
	}
	prepareFields(c.Fields, start, diags)
	for _, f := range c.Fields {
		f.Common = true
	}
	return c, true
}

func loadType(templates fs.FS, name string, shared common, diags *diag.List) *site.Type {
	file := "types/" + name + "/type.yaml"
	start := diag.Pos{File: "templates/" + file, Line: 1, Col: 1}
	b, err := fs.ReadFile(templates, file)
	if err != nil {
		diags.Errorf(diag.Pos{File: start.File}, "typ-datei-fehlt", "Legen Sie sie an oder löschen Sie den Ordner.",
			"Im Ordner des Typs „%s“ fehlt die Datei type.yaml.", name)
		return nil
	}
	t := &site.Type{Name: name, Pos: start}
	if !decodeStrict(b, t, start, diags) {
		return nil
	}
	prepareFields(t.Fields, start, diags)
	for _, f := range shared.Fields {
		if !slices.ContainsFunc(t.Fields, func(own *site.Field) bool { return own.Name == f.Name }) {
			t.Fields = append(t.Fields, f)
		}
	}
	t.Groups = append(t.Groups, shared.Groups...)
	t.Example, _ = fs.ReadFile(templates, "types/"+name+"/example.md")
	typeDefaults(t)
	return t
}

func typeDefaults(t *site.Type) {
	if t.PageSize == 0 {
		t.PageSize = 20
	}
	if t.Weight == 0 {
		t.Weight = 1
	}
	if len(t.Order) == 0 {
		t.Order = []site.SortKey{{Path: "title"}}
	}
	if t.Icon == "" {
		t.Icon = "document"
	}
	if t.Labels.One.In("de") == "" {
		t.Labels.One = site.Text{"de": t.Name}
	}
	if t.Labels.Many.In("de") == "" {
		t.Labels.Many = t.Labels.One
	}
	if h := t.Home; h != nil && h.Limit == 0 {
		h.Limit = 4
	}
}

var fieldName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]*$`)

// prepareFields checks field definitions and compiles their patterns.
func prepareFields(fields []*site.Field, pos diag.Pos, diags *diag.List) {
	seen := map[string]bool{}
	for _, f := range fields {
		fault := func(format string, args ...any) {
			diags.Errorf(pos, "feld-definition", "", "Feld „%s“: %s", f.Name, fmt.Sprintf(format, args...))
		}
		if !fieldName.MatchString(f.Name) {
			fault("der Name besteht nur aus Buchstaben, Ziffern und Unterstrichen.")
		}
		if seen[f.Name] {
			fault("der Name ist schon vergeben.")
		}
		seen[f.Name] = true
		if !slices.Contains(site.Kinds, f.Kind) {
			kinds := make([]string, len(site.Kinds))
			for i, k := range site.Kinds {
				kinds[i] = string(k)
			}
			diags.Errorf(pos, "feld-art-unbekannt", diag.DidYouMean(string(f.Kind), kinds), "Feld „%s“: die Art „%s“ gibt es nicht.", f.Name, f.Kind)
		}
		switch {
		case f.Kind == site.KindEnum && len(f.Values) == 0:
			fault("ein Feld der Art enum braucht „values“.")
		case f.Kind == site.KindTags && f.Vocabulary == "":
			fault("ein Feld der Art tags braucht „vocabulary“.")
		case f.Kind == site.KindConstraint && f.Of == "":
			fault("ein Feld der Art constraint braucht „of“.")
		case (f.Kind == site.KindRecord || f.Kind == site.KindList) && len(f.Sub) == 0:
			fault("ein Feld der Art %s braucht „fields“.", f.Kind)
		case f.Kind == site.KindLevel && len(f.Values) == 0 && (f.Min == nil || f.Max == nil):
			fault("ein Feld der Art level braucht „values“ oder „min“ und „max“.")
		}
		if f.Label == nil {
			f.Label = site.Text{"de": f.Name}
		}
		if f.Match != "" {
			re, err := regexp.Compile(`^(?:` + f.Match + `)$`)
			if err != nil {
				fault("„match“ ist kein gültiger Ausdruck.")
			}
			f.Pattern = re
		}
		prepareFields(f.Sub, pos, diags)
	}
}

// checkTypes holds the types against each other: folders, relations, paths.
func checkTypes(types []*site.Type, diags *diag.List) {
	byName := map[string]*site.Type{}
	names := []string{}
	folders := map[string]string{}
	fallback := ""
	for _, t := range types {
		byName[t.Name] = t
		names = append(names, t.Name)
		switch {
		case t.Fallback && fallback != "":
			diags.Errorf(t.Pos, "typ-auffang-doppelt", "", "„fallback: true“ steht schon beim Typ „%s“.", fallback)
		case t.Fallback:
			fallback = t.Name
		case t.Folder == "" || t.Folder != lang.ID(t.Folder):
			diags.Errorf(t.Pos, "typ-ordner", "Schreiben Sie etwa „folder: produkte“.", "Der Typ „%s“ braucht einen Ordner aus Kleinbuchstaben, Ziffern und Bindestrichen.", t.Name)
		case folders[t.Folder] != "":
			diags.Errorf(t.Pos, "typ-ordner", "", "Den Ordner „%s“ hat schon der Typ „%s“.", t.Folder, folders[t.Folder])
		}
		if t.Folder != "" {
			folders[t.Folder] = t.Name
		}
	}
	if fallback == "" {
		diags.Errorf(diag.Pos{File: "templates/types"}, "typ-auffang-fehlt", "Setzen Sie bei einem Typ „fallback: true“.", "Kein Typ nimmt Seiten ohne eigenen Typ auf.")
	}
	for _, t := range types {
		checkReferences(t, t.Fields, byName, names, diags)
		for _, p := range typePaths(t) {
			if p != "" && t.FieldByPath(p) == nil {
				diags.Errorf(t.Pos, "typ-pfad", diag.DidYouMean(p, fieldPaths(t.Fields, "")), "Der Typ „%s“ nennt das Feld „%s“, hat es aber nicht.", t.Name, p)
			}
		}
	}
}

func checkReferences(t *site.Type, fields []*site.Field, byName map[string]*site.Type, names []string, diags *diag.List) {
	groups := make([]string, len(t.Groups))
	for i, g := range t.Groups {
		groups[i] = g.Name
	}
	for _, f := range fields {
		for _, to := range append(slices.Clone(f.To), f.Of) {
			if to != "" && byName[to] == nil && !f.Common {
				diags.Errorf(t.Pos, "typ-unbekannt", diag.DidYouMean(to, names), "Feld „%s“: den Typ „%s“ gibt es nicht.", f.Name, to)
			}
		}
		if f.Group != "" && !slices.Contains(groups, f.Group) {
			diags.Errorf(t.Pos, "feld-gruppe", diag.DidYouMean(f.Group, groups), "Feld „%s“: die Gruppe „%s“ gibt es nicht.", f.Name, f.Group)
		}
		checkReferences(t, f.Sub, byName, names, diags)
	}
}

// typePaths are the field paths that a type's settings name.
func typePaths(t *site.Type) []string {
	var paths []string
	for _, k := range t.Order {
		paths = append(paths, k.Path)
	}
	if h := t.Home; h != nil {
		paths = append(paths, h.Date, h.Yearly, h.Where)
	}
	if j := t.JSONLD; j != nil {
		for _, p := range j.Map {
			paths = append(paths, p)
		}
		slices.Sort(paths)
	}
	if c := t.Citation; c != nil {
		paths = append(paths, c.Authors, c.Number, c.DOI)
	}
	if g := t.Glossary; g != nil {
		paths = append(paths, g.Abbr, g.Synonyms, g.Definition)
	}
	return paths
}

func fieldPaths(fields []*site.Field, prefix string) []string {
	var out []string
	for _, f := range fields {
		out = append(out, prefix+f.Name)
		out = append(out, fieldPaths(f.Sub, prefix+f.Name+".")...)
	}
	return out
}

// LoadTaxonomies reads taxonomies/*.yaml and checks that fields of kind tags
// name one of them.
func LoadTaxonomies(templates fs.FS, types []*site.Type, diags *diag.List) []*site.Taxonomy {
	files, _ := fs.Glob(templates, "taxonomies/*.yaml")
	var all []*site.Taxonomy
	var names []string
	for _, file := range files {
		start := diag.Pos{File: "templates/" + file, Line: 1, Col: 1}
		b, err := fs.ReadFile(templates, file)
		if err != nil {
			diags.Errorf(diag.Pos{File: start.File}, "datei-unlesbar", "", "Die Datei ist nicht lesbar.")
			continue
		}
		t := &site.Taxonomy{Name: strings.TrimSuffix(strings.TrimPrefix(file, "taxonomies/"), ".yaml"), Pos: start}
		if !decodeStrict(b, t, start, diags) {
			continue
		}
		checkTaxonomy(t, diags)
		all = append(all, t)
		names = append(names, t.Name)
	}
	for _, t := range types {
		checkVocabularies(t, t.Fields, names, diags)
	}
	return all
}

func checkTaxonomy(t *site.Taxonomy, diags *diag.List) {
	if t.Slug == "" {
		t.Slug = lang.ID(cmp.Or(t.Many.In("de"), t.Name))
	}
	seen := map[string]bool{}
	for _, term := range t.Terms {
		term.Taxonomy = t
		if term.ID != lang.ID(term.ID) || term.ID == "" {
			diags.Errorf(t.Pos, "kennung-ungueltig", "Schreiben Sie „"+lang.ID(term.ID)+"“.", "„%s“ kann nicht in einer Adresse stehen.", term.ID)
		}
		if seen[term.ID] {
			diags.Errorf(t.Pos, "id-doppelt", "", "Der Begriff „%s“ steht zweimal im Vokabular.", term.ID)
		}
		seen[term.ID] = true
		if term.Label == nil {
			term.Label = site.Text{"de": term.ID}
		}
	}
	if !t.Ordered {
		lang.SortBy("de", t.Terms, func(x *site.Term) string { return x.Label.In("de") })
	}
}

func checkVocabularies(t *site.Type, fields []*site.Field, names []string, diags *diag.List) {
	for _, f := range fields {
		if f.Kind == site.KindTags && !slices.Contains(names, f.Vocabulary) {
			diags.Errorf(t.Pos, "vokabular-unbekannt", diag.DidYouMean(f.Vocabulary, names), "Feld „%s“: das Vokabular „%s“ gibt es nicht.", f.Name, f.Vocabulary)
		}
		checkVocabularies(t, f.Sub, names, diags)
	}
}
