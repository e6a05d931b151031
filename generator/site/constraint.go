package site

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
)

var (
	constraintForm = regexp.MustCompile(`^\s*([a-z][a-z0-9_.]*)\s*(>=|<=|!=|=|>|<|in\b)\s*(.+?)\s*$`)
	constraintHead = regexp.MustCompile(`^\s*([a-z][a-z0-9_.]*)?\s*`)
)

// ConstraintError says what is wrong with the form of a condition. At counts
// the characters before the fault.
type ConstraintError struct {
	Text string
	At   int
}

func (e *ConstraintError) Error() string { return e.Text }

// ParseConstraint reads "path op value", with op one of >= <= > < = != in;
// "in" takes a list in brackets. The error is a German sentence, a
// *ConstraintError.
func ParseConstraint(s string) (*Constraint, error) {
	m := constraintForm.FindStringSubmatchIndex(s)
	if m == nil || strings.ContainsAny(s[m[6]:m[6]+1], "<>=!") {
		at := utf8.RuneCountInString(constraintHead.FindString(s))
		return nil, &ConstraintError{fmt.Sprintf("„%s“ ist keine Bedingung", s), at}
	}
	path, arg := s[m[2]:m[3]], s[m[6]:m[7]]
	c := &Constraint{Source: strings.TrimSpace(s), Path: path, Op: s[m[4]:m[5]]}
	start := m[2]
	place := func(i int) int { return utf8.RuneCountInString(s[start:i]) }
	c.opAt = place(m[4])
	if c.Op != "in" {
		c.Args, c.argAt = []string{arg}, []int{place(m[6])}
		return c, nil
	}
	inner, ok := strings.CutPrefix(arg, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !ok || !closed || strings.TrimSpace(inner) == "" {
		return nil, &ConstraintError{fmt.Sprintf("Nach „in“ fehlt eine Liste in eckigen Klammern: „%s“", s), utf8.RuneCountInString(s[:m[6]])}
	}
	at := m[6] + 1
	for part := range strings.SplitSeq(inner, ",") {
		word := strings.TrimSpace(part)
		c.Args = append(c.Args, word)
		c.argAt = append(c.argAt, place(at+strings.Index(part, word)))
		at += len(part) + 1
	}
	return c, nil
}

// comparableKinds are those of fields that a condition may speak of; orderedKinds
// those among them that know more and less.
var (
	comparableKinds = []Kind{KindText, KindNumber, KindRange, KindMoney, KindDate, KindDateTime, KindBool, KindEnum, KindLevel, KindTags}
	orderedKinds    = []Kind{KindNumber, KindRange, KindMoney, KindDate, KindDateTime, KindLevel}
)

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
	if !slices.Contains(comparableKinds, target.Kind) {
		r.diags.Errorf(c.Pos, "bedingung-feld", "Vergleichen lassen sich Zahlen, Stufen, Tage, Beträge, Wörter aus einer Liste, Begriffe, kurze Texte und ja oder nein.",
			"Das Feld „%s“ der Art %s lässt sich nicht mit einer Bedingung prüfen.", c.Path, target.Kind)
		return
	}
	if strings.ContainsAny(c.Op, "<>") && !slices.Contains(orderedKinds, target.Kind) {
		r.diags.Errorf(c.place(c.opAt), "bedingung-vergleich", "Verwenden Sie „=“, „!=“ oder „in [ … ]“.",
			"Das Feld „%s“ hat keine Reihenfolge; „%s“ passt nicht.", c.Path, c.Op)
		return
	}
	for i, a := range c.Args {
		r.constraintArg(target, c, a, c.place(c.argAt[i]))
	}
}

// place is the place of what stands n characters behind the condition's start.
func (c *Constraint) place(n int) diag.Pos {
	p := c.Pos
	p.Col += n
	return p
}

func (r *resolver) constraintArg(f *Field, c *Constraint, arg string, pos diag.Pos) {
	fault := func(hint, problem string) {
		r.diags.Errorf(pos, "bedingung-wert", hint, "„%s“ in der Bedingung „%s“ %s.", arg, c.Source, problem)
	}
	switch f.Kind {
	case KindNumber, KindLevel, KindRange, KindMoney:
		x, err := strconv.ParseFloat(arg, 64)
		switch {
		case err != nil || math.IsInf(x, 0) || math.IsNaN(x):
			fault("Schreiben Sie die Zahl ohne Einheit, mit Punkt: 12.5.", "ist keine Zahl")
		case f.Kind == KindLevel && x != math.Trunc(x):
			fault("Stufen sind ganze Zahlen.", "ist keine Stufe")
		case f.Kind != KindMoney && (f.Min != nil && x < *f.Min || f.Max != nil && x > *f.Max):
			fault(boundsHint(f), "liegt außerhalb dessen, was das Feld „"+f.Name+"“ zulässt")
		}
	case KindDate, KindDateTime:
		if _, err := time.Parse(time.DateOnly, arg); err != nil {
			fault("Schreiben Sie den Tag als Jahr-Monat-Tag: 2028-12-31.", "ist kein Datum, das es gibt")
		}
	case KindBool:
		if arg != "true" && arg != "false" {
			fault("Möglich sind „true“ und „false“.", "ist weder ja noch nein")
		}
	case KindText:
		if arg == "" {
			fault("Nehmen Sie ein Komma weg.", "ist leer")
		}
	case KindEnum:
		keys := make([]string, len(f.Values))
		for i, v := range f.Values {
			keys[i] = v.Key
		}
		r.oneOf(c, arg, keys, f, pos)
	case KindTags:
		if tax := r.site.Taxonomy(f.Vocabulary); tax != nil {
			var keys []string
			for _, t := range tax.Terms {
				keys = append(keys, t.ID)
			}
			r.oneOf(c, arg, keys, f, pos)
		}
	}
}

func boundsHint(f *Field) string {
	switch {
	case f.Min != nil && f.Max != nil:
		return fmt.Sprintf("Möglich sind %s bis %s.", number(*f.Min), number(*f.Max))
	case f.Min != nil:
		return fmt.Sprintf("Möglich ist alles ab %s.", number(*f.Min))
	}
	return fmt.Sprintf("Möglich ist alles bis %s.", number(*f.Max))
}

func (r *resolver) oneOf(c *Constraint, arg string, keys []string, f *Field, pos diag.Pos) {
	if !slices.Contains(keys, arg) {
		r.diags.Errorf(pos, "bedingung-wert", diag.DidYouMean(arg, keys),
			"„%s“ in der Bedingung „%s“ ist kein Wert des Feldes „%s“.", arg, c.Source, f.Name)
	}
}

// comparablePaths are the paths of a type's own fields that conditions may
// speak of.
func comparablePaths(t *Type) []string {
	var out []string
	var walk func(prefix string, fields []*Field)
	walk = func(prefix string, fields []*Field) {
		for _, f := range fields {
			switch {
			case f.Common:
			case f.Kind == KindRecord || f.Kind == KindList:
				walk(prefix+f.Name+".", f.Sub)
			case slices.Contains(comparableKinds, f.Kind):
				out = append(out, prefix+f.Name)
			}
		}
	}
	walk("", t.Fields)
	return out
}
