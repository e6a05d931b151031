package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

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
		diags.Errorf(diag.Pos{File: "templates/types"}, "typen-fehlen", "Prüfen Sie die Rechte des Ordners. Ohne eigenen Ordner gelten die eingebauten Arten.", "Der Ordner templates/types ist nicht lesbar.")
		return nil
	}
	loaded := make([]*site.Type, len(dirs)) // in parallel: reading YAML takes its time
	var wg sync.WaitGroup
	for i, d := range dirs {
		if d.IsDir() {
			wg.Go(func() { loaded[i] = loadType(templates, d.Name(), shared, diags) })
		}
	}
	wg.Wait()
	var types []*site.Type
	for _, t := range loaded {
		if t != nil {
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
		diags.Errorf(diag.Pos{File: start.File}, "typ-datei-fehlt", "Übernehmen Sie sie aus dem Programm; sie beschreibt, was alle Arten gemeinsam haben.", "Die Datei templates/types/common.yaml fehlt.")
		return c, false
	}
	if _, ok := decodeStrict(b, &c, start, diags); !ok {
		return c, false
	}
	prepareFields(c.Fields, diags)
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
	t := &site.Type{Name: name}
	root, ok := decodeStrict(b, t, start, diags)
	if !ok {
		return nil
	}
	t.Pos, t.KeyPos = start, map[string]diag.Pos{}
	for _, p := range root.pairs {
		t.KeyPos[p.key] = p.pos
	}
	prepareFields(t.Fields, diags)
	checkOverrides(t.Fields, shared.Fields, diags)
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

// checkOverrides lets a type word a common field in its own way, but not make
// something else of it: the program reads status, audience and the like.
func checkOverrides(own, shared []*site.Field, diags *diag.List) {
	for _, f := range own {
		c := fieldNamed(shared, f.Name)
		if c == nil {
			continue
		}
		sameKeys := slices.EqualFunc(f.Values, c.Values, func(a, b site.EnumValue) bool { return a.Key == b.Key })
		if f.Kind != c.Kind || f.Multiple != c.Multiple || f.Vocabulary != c.Vocabulary || !sameKeys {
			diags.Errorf(f.Pos, "feld-definition", "Geben Sie dem Feld einen anderen Namen.", "Feld „%s“: so heißt ein gemeinsames Feld aller Typen; ein Typ darf es nur anders beschriften.", f.Name)
		}
	}
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
func prepareFields(fields []*site.Field, diags *diag.List) {
	seen := map[string]bool{}
	for _, f := range fields {
		fault := func(hint, format string, args ...any) {
			diags.Errorf(f.Pos, "feld-definition", hint, "Feld „%s“: %s", f.Name, fmt.Sprintf(format, args...))
		}
		if !fieldName.MatchString(f.Name) {
			fault("Schreiben Sie etwa „name: weight_kg“.", "der Name besteht nur aus Buchstaben, Ziffern und Unterstrichen.")
		}
		if seen[f.Name] {
			fault("Geben Sie einem der beiden Felder einen anderen Namen.", "der Name ist schon vergeben.")
		}
		seen[f.Name] = true
		if !slices.Contains(site.Kinds, f.Kind) {
			kinds := make([]string, len(site.Kinds))
			for i, k := range site.Kinds {
				kinds[i] = string(k)
			}
			diags.Errorf(f.Pos, "feld-art-unbekannt", diag.DidYouMean(string(f.Kind), kinds), "Feld „%s“: die Art „%s“ gibt es nicht.", f.Name, f.Kind)
		}
		switch {
		case f.Kind == site.KindEnum && len(f.Values) == 0:
			fault("Schreiben Sie darunter: values: [{key: a, label: {de: A}}]", "ein Feld der Art enum braucht „values“.")
		case f.Kind == site.KindTags && f.Vocabulary == "":
			fault("Schreiben Sie etwa: vocabulary: thema", "ein Feld der Art tags braucht „vocabulary“.")
		case f.Kind == site.KindConstraint && f.Of == "":
			fault("Nennen Sie den Typ, für dessen Felder die Bedingung gilt.", "ein Feld der Art constraint braucht „of“.")
		case f.Names && f.Kind != site.KindText:
			fault("Streichen Sie die Zeile.", "„names“ gibt es nur bei Feldern der Art text.")
		case (f.Kind == site.KindRecord || f.Kind == site.KindList) && len(f.Sub) == 0:
			fault("Schreiben Sie darunter: fields: [{name: …, kind: text}]", "ein Feld der Art %s braucht „fields“.", f.Kind)
		case f.Kind == site.KindLevel && len(f.Values) == 0 && (f.Min == nil || f.Max == nil):
			fault("Schreiben Sie etwa: min: 1 und max: 9", "ein Feld der Art level braucht „values“ oder „min“ und „max“.")
		}
		if f.Label == nil {
			f.Label = site.Text{"de": f.Name}
		}
		if f.Match != "" {
			re, err := regexp.Compile(`^(?:` + f.Match + `)$`)
			if err != nil {
				fault("Prüfen Sie Klammern und Sonderzeichen.", "„match“ ist kein gültiger Ausdruck.")
			}
			f.Pattern = re
		}
		prepareFields(f.Sub, diags)
	}
}

// homeViews are what the start page can show of a type.
var homeViews = []string{"latest", "upcoming", "open"}

// nearestField is the hint for a field that a type does not have.
func nearestField(path string, t *site.Type) string {
	if h := diag.DidYouMean(path, fieldPaths(t.Fields, "")); h != "" {
		return h
	}
	return "Welche Felder es gibt, zeigt „portal schema " + t.Name + "“."
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
			diags.Errorf(t.At("fallback"), "typ-auffang-doppelt", "Streichen Sie hier die Zeile und geben Sie der Art mit „folder: …“ einen eigenen Ordner.", "„fallback: true“ steht schon beim Typ „%s“.", fallback)
		case t.Fallback:
			fallback = t.Name
		case t.Folder == "" || t.Folder != lang.ID(t.Folder):
			diags.Errorf(t.At("folder"), "typ-ordner", "Schreiben Sie etwa „folder: produkte“.", "Der Typ „%s“ braucht einen Ordner aus Kleinbuchstaben, Ziffern und Bindestrichen.", t.Name)
		case folders[t.Folder] != "":
			diags.Errorf(t.At("folder"), "typ-ordner", "Geben Sie einem der beiden Typen einen anderen Ordner.", "Den Ordner „%s“ hat schon der Typ „%s“ (templates/types/%s).", t.Folder, folders[t.Folder], folders[t.Folder])
		}
		if t.Folder != "" {
			folders[t.Folder] = t.Name
		}
	}
	if fallback == "" {
		diags.Errorf(diag.Pos{File: "templates/types"}, "typ-auffang-fehlt", "Setzen Sie bei einem Typ „fallback: true“.", "Kein Typ nimmt Seiten ohne eigenen Typ auf.")
	}
	for _, t := range types {
		if t.Home != nil && !slices.Contains(homeViews, t.Home.View) {
			diags.Errorf(t.At("home"), "typ-ansicht", diag.DidYouMean(t.Home.View, homeViews), "Die Ansicht „%s“ für die Startseite gibt es nicht.", t.Home.View)
		}
		checkReferences(t, t.Fields, byName, names, diags)
		for _, p := range typePaths(t) {
			switch f := t.FieldByPath(p.path); {
			case f == nil && (p.path != "" || p.kind != ""):
				diags.Errorf(t.At(p.key), "typ-pfad", nearestField(p.path, t), "Der Typ „%s“ nennt das Feld „%s“, hat es aber nicht.", t.Name, p.path)
			case f != nil && p.kind != "" && f.Kind != p.kind:
				diags.Errorf(t.At(p.key), "typ-pfad", "Nennen Sie ein Feld der Art "+string(p.kind)+".", "Der Typ „%s“ nennt unter „%s“ das Feld „%s“; es ist von der Art %s.", t.Name, p.key, p.path, f.Kind)
			}
		}
	}
	checkSchedules(types, diags)
	checkViews(types, diags)
}

func checkReferences(t *site.Type, fields []*site.Field, byName map[string]*site.Type, names []string, diags *diag.List) {
	groups := make([]string, len(t.Groups))
	for i, g := range t.Groups {
		groups[i] = g.Name
	}
	for _, f := range fields {
		for _, to := range append(slices.Clone(f.To), f.Of) {
			if to != "" && byName[to] == nil && !f.Common {
				diags.Errorf(f.Pos, "typ-unbekannt", diag.DidYouMean(to, names), "Feld „%s“: den Typ „%s“ gibt es nicht.", f.Name, to)
			}
		}
		if f.Group != "" && !slices.Contains(groups, f.Group) {
			diags.Errorf(f.Pos, "feld-gruppe", diag.DidYouMean(f.Group, groups), "Feld „%s“: die Gruppe „%s“ gibt es nicht.", f.Name, f.Group)
		}
		checkReferences(t, f.Sub, byName, names, diags)
	}
}

// typePath is a field path that a type's setting names.
type typePath struct {
	key, path string
	kind      site.Kind // "" for any
}

func typePaths(t *site.Type) []typePath {
	var paths []typePath
	add := func(key string, fields ...string) {
		for _, p := range fields {
			paths = append(paths, typePath{key: key, path: p})
		}
	}
	for _, k := range t.Order {
		add("order", k.Path)
	}
	for _, f := range t.Follow {
		add("follow", f.Field)
	}
	if h := t.Home; h != nil {
		add("home", h.Date, h.Until, h.Yearly, h.Where)
	}
	if j := t.JSONLD; j != nil {
		add("jsonld", slices.Sorted(maps.Values(j.Map))...)
	}
	if c := t.Citation; c != nil {
		add("citation", c.Authors, c.Number, c.DOI)
	}
	if g := t.Glossary; g != nil {
		add("glossary", g.Abbr, g.Synonyms, g.Definition)
	}
	if s := t.Statements; s != nil {
		add("statements", s.List+"."+s.ID, s.List+"."+s.Text, s.Path(s.To), s.Path(s.State), s.Path(s.Formerly))
		paths = append(paths, typePath{"statements", s.List, site.KindList})
	}
	if v := t.Versions; v != nil {
		add("versions", v.Number)
		paths = append(paths, typePath{"versions", v.Replaces, site.KindRelation})
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
			diags.Errorf(diag.Pos{File: start.File}, "datei-unlesbar", "Prüfen Sie, ob es eine Datei ist, und ihre Rechte.", "Die Datei ist nicht lesbar.")
			continue
		}
		t := &site.Taxonomy{Name: strings.TrimSuffix(strings.TrimPrefix(file, "taxonomies/"), ".yaml"), Pos: start}
		if _, ok := decodeStrict(b, t, start, diags); !ok {
			continue
		}
		checkTaxonomy(t, diags)
		all = append(all, t)
		names = append(names, t.Name)
	}
	for _, t := range types {
		checkVocabularies(t.Fields, names, diags)
	}
	checkViewWords(types, all, diags)
	return all
}

// tilesMost is how many columns and rows the style sheet of maps knows.
const tilesMost = 12

func checkTile(t *site.Term, diags *diag.List) {
	outside := func(n int) bool { return n < 1 || n > tilesMost }
	if len(t.Tile) != 0 && (len(t.Tile) != 2 || slices.ContainsFunc(t.Tile, outside)) {
		diags.Errorf(t.Pos, "begriff-kachel", "Schreiben Sie Spalte und Zeile, etwa „tile: [2, 1]“; beide von 1 bis 12.", "Der Begriff „%s“ hat keinen Platz auf der Karte.", t.ID)
	}
}

func checkTaxonomy(t *site.Taxonomy, diags *diag.List) {
	if t.Slug == "" {
		t.Slug = lang.ID(cmp.Or(t.Many.In("de"), t.Name))
	}
	seen := map[string]bool{}
	var ids []string
	for _, term := range t.Terms {
		checkTile(term, diags)
		ids = append(ids, term.ID)
	}
	for _, term := range t.Terms {
		term.Taxonomy = t
		if term.Broader != "" && !slices.Contains(ids, term.Broader) {
			diags.Errorf(term.Pos, "begriff-unbekannt", diag.DidYouMean(term.Broader, ids), "„broader“ nennt „%s“; diesen Begriff gibt es im Vokabular nicht.", term.Broader)
		}
		if term.ID != lang.ID(term.ID) || term.ID == "" {
			diags.Errorf(term.Pos, "kennung-ungueltig", "Schreiben Sie „"+lang.ID(term.ID)+"“.", "„%s“ kann nicht in einer Adresse stehen.", term.ID)
		}
		if seen[term.ID] {
			diags.Errorf(term.Pos, "id-doppelt", "Löschen Sie einen der beiden.", "Der Begriff „%s“ steht zweimal im Vokabular.", term.ID)
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

func checkVocabularies(fields []*site.Field, names []string, diags *diag.List) {
	for _, f := range fields {
		if f.Kind == site.KindTags && f.Vocabulary != "" && !slices.Contains(names, f.Vocabulary) {
			diags.Errorf(f.Pos, "vokabular-unbekannt", diag.DidYouMean(f.Vocabulary, names), "Feld „%s“: das Vokabular „%s“ gibt es nicht.", f.Name, f.Vocabulary)
		}
		checkVocabularies(f.Sub, names, diags)
	}
}
