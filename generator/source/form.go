package source

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// Form is a new entry while it is filled in. What it takes has passed the
// reader that will read the written file.
type Form struct {
	Type    *site.Type
	defs    Definitions
	entries []*site.Entry // what relations may name; nil when that is not known
	loc     *time.Location
	values  node
}

// NewForm is an empty form. entries may be nil: then nothing is said about
// relations.
func NewForm(t *site.Type, defs Definitions, entries []*site.Entry, loc *time.Location) *Form {
	return &Form{Type: t, defs: defs, entries: entries, loc: loc, values: node{kind: mapping}}
}

// Has reports whether a field has been given a value.
func (f *Form) Has(path string) bool {
	name, _, _ := strings.Cut(path, ".")
	return slices.ContainsFunc(f.values.pairs, func(p pair) bool { return p.key == name })
}

// Set gives the field at a dotted path a value as an editor types it:
// "12,5", "15.4.2026", "krisenvorsorge, finanzierung", "{src: plan.svg, alt: Plan}".
// A number in the path selects an item of a list, the first being 1. What has
// been set before is replaced.
func (f *Form) Set(path, text string) error {
	field, at, err := f.field(path)
	if err != nil {
		return err
	}
	n, err := f.typed(field, text)
	if err != nil {
		return err
	}
	return put(&f.values, at, n)
}

// SetText is Set for a value that has no syntax: a text, or a list of them.
func (f *Form) SetText(path string, texts ...string) error {
	field, at, err := f.field(path)
	if err != nil {
		return err
	}
	n := scalarNode(strings.Join(texts, ", "))
	if field.Multiple {
		n = node{kind: sequence}
		for _, t := range texts {
			n.items = append(n.items, scalarNode(t))
		}
	}
	if err := f.check(field, n); err != nil {
		return err
	}
	return put(&f.values, at, n)
}

// step is a key of a mapping, and the place in its list, from 1; 0 for none.
type step struct {
	key  string
	item int
}

// field finds the field at a path, and the way to its value. Below a picture, a
// file, a link or a range, the path leads to one of its parts.
func (f *Form) field(path string) (*site.Field, []step, error) {
	var way []step
	var field *site.Field
	fields := f.Type.Fields
	for rest, deeper := path, true; deeper; {
		var name string
		name, rest, deeper = strings.Cut(rest, ".")
		field = fieldNamed(fields, name)
		if field == nil {
			return nil, nil, fmt.Errorf("Das Feld „%s“ gibt es hier nicht. %s", path, diag.DidYouMean(name, names(fields)))
		}
		s := step{key: name}
		if field.Kind == site.KindList {
			s.item = 1
			number, after, more := strings.Cut(rest, ".")
			if i, err := strconv.Atoi(number); err == nil && i > 0 && i < 1000 {
				s.item, rest, deeper = i, after, more
			}
		}
		way, fields = append(way, s), field.Sub
		if deeper && slices.Contains(composed, field.Kind) {
			return partOf(field, rest), append(way, step{key: rest}), nil
		}
	}
	if field.Kind == site.KindRecord || field.Kind == site.KindList {
		return nil, nil, fmt.Errorf("„%s“ ist eine Gruppe von Angaben. Nennen Sie eine davon, etwa %s.%s", path, path, field.Sub[0].Name)
	}
	return field, way, nil
}

// composed are the kinds whose values have parts with names.
var composed = []site.Kind{site.KindLink, site.KindImage, site.KindFile, site.KindRange}

// partOf stands for a part of a composed value. Which parts there are is known
// to the reader of the whole value.
func partOf(f *site.Field, name string) *site.Field {
	return &site.Field{Name: f.Name + "." + name, Kind: site.KindText, Label: f.Label}
}

// put stores a value at the end of a way, making what is missing of it.
func put(n *node, way []step, v node) error {
	key := way[0].key
	i := slices.IndexFunc(n.pairs, func(p pair) bool { return p.key == key })
	if i < 0 {
		i = len(n.pairs)
		n.pairs = append(n.pairs, pair{key: key})
	}
	to := &n.pairs[i].value
	if at := way[0].item; at > 0 {
		to.kind = sequence
		if at > len(to.items)+1 {
			return fmt.Errorf("„%s“ hat bisher %d Einträge; der nächste ist %s.%d", key, len(to.items), key, len(to.items)+1)
		}
		if at > len(to.items) {
			to.items = append(to.items, node{kind: mapping})
		}
		to = &to.items[at-1]
	}
	if len(way) == 1 {
		*to = v
		return nil
	}
	to.kind = mapping
	return put(to, way[1:], v)
}

func scalarNode(s string) node { return node{kind: scalar, text: s, quoted: true} }

// typed reads what an editor typed for a field and checks it.
func (f *Form) typed(field *site.Field, text string) (node, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return node{}, fmt.Errorf("Für „%s“ fehlt der Wert.", field.Name)
	}
	parts := []string{text}
	if field.Multiple {
		parts = splitList(text)
	}
	n := node{kind: sequence}
	for _, p := range parts {
		one, err := f.one(field, p)
		if err != nil {
			return node{}, err
		}
		n.items = append(n.items, one)
	}
	if !field.Multiple {
		n = n.items[0]
	}
	return n, f.check(field, n)
}

// one reads a single value. Braces are YAML; other forms are put into the one
// that files have.
func (f *Form) one(field *site.Field, text string) (node, error) {
	if strings.HasPrefix(text, "{") {
		var diags diag.List
		n, ok := parseYAML([]byte(text), diag.Pos{Line: 1, Col: 1}, &diags)
		if !ok || n.kind != mapping {
			return node{}, fmt.Errorf("„%s“ ist keine Gruppe von Angaben. Schreiben Sie {name: wert, name: wert}.", short(text))
		}
		return n, nil
	}
	switch field.Kind {
	case site.KindDate, site.KindDateTime:
		text = typedDate(text)
	case site.KindNumber, site.KindMoney:
		text = decimalComma.ReplaceAllString(text, "$1.$2")
	case site.KindRange:
		if m := typedRange.FindStringSubmatch(text); m != nil {
			return node{kind: mapping, pairs: []pair{{key: "min", value: scalarNode(m[1])}, {key: "max", value: scalarNode(m[2])}}}, nil
		}
	case site.KindEnum, site.KindLevel:
		for _, v := range field.Values {
			if strings.EqualFold(text, v.Label.In("de")) {
				text = v.Key
			}
		}
	case site.KindTags:
		for _, t := range f.Terms(field) {
			if strings.EqualFold(text, t.Label.In("de")) {
				text = t.ID
			}
		}
	case site.KindRelation:
		text = strings.TrimSuffix(strings.TrimPrefix(text, "[["), "]]")
	}
	return scalarNode(text), nil
}

var (
	decimalComma = regexp.MustCompile(`^(\d+),(\d+)`)
	typedRange   = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*(?:-|–|\.\.|bis)\s*(\d+(?:\.\d+)?)$`)
	typedDay     = regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[,\s]+(\d{1,2})[:.](\d{2})(?:\s*Uhr)?)?$`)
)

// typedDate puts a German date into the form that files have.
func typedDate(s string) string {
	m := typedDay.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	out := m[3] + "-" + two(m[2]) + "-" + two(m[1])
	if m[4] != "" {
		out += "T" + two(m[4]) + ":" + m[5]
	}
	return out
}

// splitList splits at commas that stand outside of brackets and quotes; at
// semicolons, if there are any. Brackets around all of it may be left out.
func splitList(s string) []string {
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	sep := ','
	if strings.Contains(s, ";") {
		sep = ';'
	}
	var parts []string
	depth, quoted, start := 0, false, 0
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '[' || r == '{':
			depth++
		case r == ']' || r == '}':
			depth--
		case r == sep && depth == 0 && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	var out []string
	for _, p := range append(parts, s[start:]) {
		p = strings.TrimSpace(p)
		if len(p) > 1 && p[0] == '"' && p[len(p)-1] == '"' {
			p = p[1 : len(p)-1]
		}
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// check holds a value against its field, its vocabulary and the entries it
// names.
func (f *Form) check(field *site.Field, n node) error {
	if strings.Contains(field.Name, ".") { // part of a composed value
		return nil
	}
	var diags diag.List
	d := decoder{diags: &diags, loc: f.loc, typ: f.Type.Name}
	v := d.value(field, n)
	for _, found := range diags.Sorted() {
		if found.Severity == diag.Error {
			return fmt.Errorf("%s", strings.TrimSpace(found.Text+" "+found.Hint))
		}
	}
	for _, one := range site.Each(v) {
		if err := f.refers(field, one); err != nil {
			return err
		}
	}
	return nil
}

func (f *Form) refers(field *site.Field, v site.Value) error {
	switch v := v.(type) {
	case *site.Tag:
		var ids []string
		for _, t := range f.Terms(field) {
			if t.ID == v.ID {
				return nil
			}
			ids = append(ids, t.ID)
		}
		return fmt.Errorf("„%s“ gibt es im Vokabular „%s“ nicht. %s", short(v.ID), field.Vocabulary, diag.DidYouMean(v.ID, ids))
	case *site.Ref:
		if f.entries == nil {
			return nil
		}
		var ids []string
		for _, e := range f.Targets(field) {
			if e.ID == v.ID {
				return nil
			}
			ids = append(ids, e.ID)
		}
		return fmt.Errorf("Einen passenden Eintrag mit der Kennung „%s“ gibt es nicht. %s", short(v.ID), diag.DidYouMean(v.ID, ids))
	}
	return nil
}

// Terms are the words of a field's vocabulary.
func (f *Form) Terms(field *site.Field) []*site.Term {
	for _, t := range f.defs.Taxonomies {
		if t.Name == field.Vocabulary {
			return t.Terms
		}
	}
	return nil
}

// Targets are the entries that a relation may name, each once, by title.
func (f *Form) Targets(field *site.Field) []*site.Entry {
	var out []*site.Entry
	seen := map[string]bool{}
	for _, e := range f.entries {
		fits := len(field.To) == 0 || slices.Contains(field.To, e.Type.Name)
		if fits && !e.Index && !seen[e.ID] {
			seen[e.ID] = true
			out = append(out, e)
		}
	}
	return out
}

// Check reads a draft as it would be read from its file, beside the entries
// that there are, and returns what it finds in it.
func (f *Form) Check(d Draft, cfg *site.Config) []diag.Diagnostic {
	var diags diag.List
	r := &reader{loader: &loader{cfg: cfg, types: f.defs.Types}, diags: &diags}
	e, _ := r.entry(strings.TrimPrefix(d.Path, "content/"), d.Path, []byte(d.Text), nil)
	if e != nil && f.entries != nil {
		others := slices.DeleteFunc(slices.Clone(f.entries), func(o *site.Entry) bool { return o.Pos.File == d.Path })
		all := site.Draft{Config: cfg, Types: f.defs.Types, Taxonomies: f.defs.Taxonomies, Entries: append(others, e)}
		site.Assemble(all, site.View{Audience: site.Members, Drafts: true}, &diags)
	}
	return slices.DeleteFunc(diags.Sorted(), func(x diag.Diagnostic) bool { return x.File != d.Path })
}
