package site

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

var constraintForm = regexp.MustCompile(`^\s*([a-z][a-z0-9_.]*)\s*(>=|<=|!=|=|>|<|in\b)\s*(.+?)\s*$`)

// ParseConstraint reads "path op value", with op one of >= <= > < = != in;
// "in" takes a list in brackets. The error is a German sentence.
func ParseConstraint(s string) (*Constraint, error) {
	m := constraintForm.FindStringSubmatch(s)
	if m == nil || strings.ContainsAny(m[3][:1], "<>=!") {
		return nil, fmt.Errorf("„%s“ ist keine Bedingung", s)
	}
	c := &Constraint{Source: strings.TrimSpace(s), Path: m[1], Op: m[2]}
	arg := m[3]
	if c.Op == "in" {
		inner, ok := strings.CutPrefix(arg, "[")
		inner, closed := strings.CutSuffix(inner, "]")
		if !ok || !closed || strings.TrimSpace(inner) == "" {
			return nil, fmt.Errorf("Nach „in“ fehlt eine Liste in eckigen Klammern: „%s“", s)
		}
		for part := range strings.SplitSeq(inner, ",") {
			c.Args = append(c.Args, strings.TrimSpace(part))
		}
		return c, nil
	}
	c.Args = []string{arg}
	return c, nil
}

// constraint checks that the path leads to a field of the right type and that
// operator and values fit its kind.
func (r *resolver) constraint(f *Field, c *Constraint) {
	t := r.site.Type(f.Of)
	if t == nil {
		return
	}
	target := t.FieldByPath(c.Path)
	if target == nil || target.Kind == KindRecord || target.Kind == KindList {
		r.diags.Errorf(c.Pos, "bedingung-feld-unbekannt", diag.DidYouMean(c.Path, comparablePaths(t)),
			"Die Bedingung „%s“ nennt das Feld „%s“; der Typ „%s“ hat es nicht.", c.Source, c.Path, t.Labels.One.In("de"))
		return
	}
	ordered := target.Kind == KindNumber || target.Kind == KindLevel || target.Kind == KindMoney || target.Kind == KindDate || target.Kind == KindRange
	if strings.ContainsAny(c.Op, "<>") && !ordered {
		r.diags.Errorf(c.Pos, "bedingung-vergleich", "Verwenden Sie „=“, „!=“ oder „in [ … ]“.",
			"Das Feld „%s“ hat keine Reihenfolge; „%s“ passt nicht.", c.Path, c.Op)
		return
	}
	for _, a := range c.Args {
		r.constraintArg(target, c, a)
	}
}

func (r *resolver) constraintArg(f *Field, c *Constraint, arg string) {
	switch f.Kind {
	case KindNumber, KindLevel, KindRange, KindMoney:
		if _, err := strconv.ParseFloat(arg, 64); err != nil {
			r.diags.Errorf(c.Pos, "bedingung-wert", "Schreiben Sie die Zahl ohne Einheit, mit Punkt: 12.5.",
				"„%s“ in der Bedingung „%s“ ist keine Zahl.", arg, c.Source)
		}
	case KindBool:
		if arg != "true" && arg != "false" {
			r.diags.Errorf(c.Pos, "bedingung-wert", "Möglich sind „true“ und „false“.",
				"„%s“ in der Bedingung „%s“ ist weder ja noch nein.", arg, c.Source)
		}
	case KindEnum:
		keys := make([]string, len(f.Values))
		for i, v := range f.Values {
			keys[i] = v.Key
		}
		r.oneOf(c, arg, keys, f)
	case KindTags:
		if tax := r.site.Taxonomy(f.Vocabulary); tax != nil {
			var keys []string
			for _, t := range tax.Terms {
				keys = append(keys, t.ID)
			}
			r.oneOf(c, arg, keys, f)
		}
	}
}

func (r *resolver) oneOf(c *Constraint, arg string, keys []string, f *Field) {
	if !slices.Contains(keys, arg) {
		r.diags.Errorf(c.Pos, "bedingung-wert", diag.DidYouMean(arg, keys),
			"„%s“ in der Bedingung „%s“ ist kein Wert des Feldes „%s“.", arg, c.Source, f.Name)
	}
}

func comparablePaths(t *Type) []string {
	var out []string
	var walk func(prefix string, fields []*Field)
	walk = func(prefix string, fields []*Field) {
		for _, f := range fields {
			if f.Common {
				continue
			}
			if f.Kind == KindRecord {
				walk(prefix+f.Name+".", f.Sub)
			} else {
				out = append(out, prefix+f.Name)
			}
		}
	}
	walk("", t.Fields)
	return out
}
