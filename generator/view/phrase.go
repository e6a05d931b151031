package view

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Phrases puts conditions and values into the words of a language, the same on
// a page, in a view and in its table.
type Phrases struct {
	Site *site.Site
	Lang string
	Word func(key string, args ...any) string // of the interface
}

// Phrases are those of the view's language.
func (c Context) Phrases() Phrases { return Phrases{c.Site, c.Lang, c.Word} }

// Condition is a constraint in words: „Akkulaufzeit“, „mindestens 4 h“.
type Condition struct{ Label, Text string }

// Condition puts a condition of field f into words: the label of the field it
// speaks of, the comparison, and the value with label or unit.
func (p Phrases) Condition(f *site.Field, c *site.Constraint) Condition {
	out := Condition{Label: c.Path, Text: strings.Join(c.Args, ", ")}
	t := p.Site.Type(f.Of)
	if t == nil {
		return out
	}
	target := t.FieldByPath(c.Path)
	if target == nil {
		return out
	}
	out.Label = p.path(t, c.Path)
	words := make([]string, len(c.Args))
	for i, a := range c.Args {
		words[i] = p.argument(target, a)
	}
	last := len(words) - 1
	out.Text = words[last]
	if last > 0 {
		out.Text = strings.Join(words[:last], ", ") + " " + p.Word("constraint.or") + " " + words[last]
	}
	ops := operatorKeys
	if target.Kind == site.KindRange {
		ops = coverKeys
	}
	if key := ops[c.Op]; key != "" {
		out.Text = p.Word(key, out.Text)
	}
	return out
}

// Words of the operators, and of those on a range, which speak of what it covers.
var (
	operatorKeys = map[string]string{
		">=": "constraint.atleast", "<=": "constraint.atmost", ">": "constraint.more", "<": "constraint.less", "!=": "constraint.not",
	}
	coverKeys = map[string]string{
		">=": "constraint.upto", "<=": "constraint.downto", ">": "constraint.above", "<": "constraint.below",
		"=": "constraint.covers", "in": "constraint.covers", "!=": "constraint.coversnot",
	}
)

// path is a field's label with those of the records it lies in.
func (p Phrases) path(t *site.Type, path string) string {
	var labels []string
	for i := range len(path) + 1 {
		if i == len(path) || path[i] == '.' {
			if f := t.FieldByPath(path[:i]); f != nil {
				labels = append(labels, f.Label.In(p.Lang))
			}
		}
	}
	return strings.Join(labels, ": ")
}

func (p Phrases) argument(f *site.Field, arg string) string {
	switch f.Kind {
	case site.KindNumber, site.KindRange, site.KindMoney:
		if x, err := strconv.ParseFloat(arg, 64); err == nil {
			if f.Kind == site.KindMoney {
				return lang.Money(p.Lang, int64(math.Round(x*100)), "EUR")
			}
			return lang.Quantity(p.Lang, x, f.Unit)
		}
	case site.KindDate, site.KindDateTime:
		if t, err := time.Parse(time.DateOnly, arg); err == nil {
			return lang.Date(p.Lang, t)
		}
	case site.KindBool:
		return p.yesNo(arg == "true")
	case site.KindTags:
		if tax := p.Site.Taxonomy(f.Vocabulary); tax != nil {
			for _, t := range tax.Terms {
				if t.ID == arg {
					return t.Label.In(p.Lang)
				}
			}
		}
	}
	return f.ValueLabel(arg, p.Lang)
}

func (p Phrases) yesNo(b bool) string {
	if b {
		return p.Word("bool.yes")
	}
	return p.Word("bool.no")
}

// Value is a value that a condition may speak of, in words; "" if there is none.
func (p Phrases) Value(f *site.Field, v site.Value) string {
	var out []string
	for _, v := range site.Each(v) {
		out = append(out, p.value(f, v))
	}
	return strings.Join(out, ", ")
}

func (p Phrases) value(f *site.Field, v site.Value) string {
	switch v := v.(type) {
	case site.Number:
		return lang.Quantity(p.Lang, v.N, f.Unit)
	case site.Range:
		switch {
		case v.Min != nil && v.Max != nil:
			return p.Word("range.both", lang.Number(p.Lang, *v.Min), lang.Quantity(p.Lang, *v.Max, f.Unit))
		case v.Min != nil:
			return p.Word("range.from", lang.Quantity(p.Lang, *v.Min, f.Unit))
		case v.Max != nil:
			return p.Word("range.to", lang.Quantity(p.Lang, *v.Max, f.Unit))
		}
	case site.Money:
		return lang.Money(p.Lang, v.Cents, v.Currency)
	case site.Date:
		return lang.Date(p.Lang, v.Time)
	case site.DateTime:
		return lang.DateTime(p.Lang, v.Time)
	case site.Bool:
		return p.yesNo(v.B)
	}
	if w, ok := wordOf(f, v, p.Lang); ok {
		return w.Label
	}
	return site.Plain(v)
}
