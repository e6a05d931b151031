package view

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Result is what a condition comes to when it is held against an entry. There
// is nothing between the three, and nothing adds them up to a score.
type Result uint8

const (
	Unknown Result = iota // the entry does not say enough
	Met
	Failed
)

// String is the word that templates and style sheets know a result by.
func (r Result) String() string { return [...]string{"unknown", "met", "failed"}[r] }

// Reason says why a result is unknown; "" for the others.
type Reason string

const (
	ReasonMissing  Reason = "missing"  // the field has no value
	ReasonOpenEnd  Reason = "end"      // the end of the range that counts is not given
	ReasonCurrency Reason = "currency" // an amount in another currency than euros
)

// Check holds a condition against the value of the field it speaks of. Both
// have been checked when the site was read.
//
//   - Without a value the result is unknown, whatever the operator: what is not
//     said of something is neither its strength nor its weakness.
//   - number, level, money, date, datetime: the operators mean what they say.
//     Numbers are in the field's unit. Amounts are in euros; one in another
//     currency is unknown. An instant counts as its calendar day.
//   - range is a span that the entry covers. "<= x" holds if it reaches down to
//     x, ">= x" if it reaches up to x, "< x" and "> x" if it reaches further;
//     "= x" holds if x lies in it. Where the answer hangs on an end that is not
//     given, it is unknown: an open end is no promise.
//   - enum, bool: "=" compares words. text: also, whatever its case and spaces.
//   - tags: "=" holds for the term and for all terms below it.
//   - "in" holds if "=" holds for one of the words; "!=" if "=" does not.
//   - A field with several values meets a condition if one of them does, so that
//     "!=" holds if none of them is the word. If none meets it and one is
//     unknown, the result is unknown.
func Check(f *site.Field, v site.Value, c *site.Constraint) (Result, Reason) {
	op := c.Op
	if op == "in" || op == "!=" {
		op = "="
	}
	result, reason := Failed, Reason("")
	values := slices.DeleteFunc(slices.Clone(site.Each(v)), empty)
	if len(values) == 0 {
		return Unknown, ReasonMissing
	}
	for _, v := range values {
		for _, arg := range c.Args {
			switch r, why := checkOne(v, op, arg); r {
			case Met:
				result, reason = Met, ""
			case Unknown:
				if result != Met {
					result, reason = Unknown, why
				}
			}
		}
	}
	if c.Op == "!=" && result != Unknown {
		result = Met + Failed - result
	}
	return result, reason
}

// empty reports whether a value says nothing.
func empty(v site.Value) bool {
	switch v := v.(type) {
	case site.Str:
		return strings.TrimSpace(v.S) == ""
	case site.Range:
		return v.Min == nil && v.Max == nil
	}
	return v == nil
}

func checkOne(v site.Value, op, arg string) (Result, Reason) {
	switch v := v.(type) {
	case site.Number:
		return ordered(op, cmp.Compare(v.N, float(arg))), ""
	case site.Level:
		return ordered(op, cmp.Compare(float64(v.N), float(arg))), ""
	case site.Money:
		if v.Currency != "EUR" {
			return Unknown, ReasonCurrency
		}
		return ordered(op, cmp.Compare(float64(v.Cents), math.Round(100*float(arg)))), ""
	case site.Date:
		return ordered(op, strings.Compare(v.Format(time.DateOnly), arg)), ""
	case site.DateTime:
		return ordered(op, strings.Compare(v.Format(time.DateOnly), arg)), ""
	case site.Range:
		return covers(v, op, float(arg))
	case site.Str:
		return truth(strings.EqualFold(words(v.S), words(arg))), ""
	case *site.Tag:
		return truth(v.ID == arg || slices.Contains(above(v.Term), arg)), ""
	}
	return truth(site.Plain(v) == arg), ""
}

// ordered is the result of an operator on what Compare says.
func ordered(op string, d int) Result {
	switch op {
	case ">=":
		return truth(d >= 0)
	case "<=":
		return truth(d <= 0)
	case ">":
		return truth(d > 0)
	case "<":
		return truth(d < 0)
	}
	return truth(d == 0)
}

// covers asks a range; see Check.
func covers(v site.Range, op string, x float64) (Result, Reason) {
	if op != "=" {
		end := v.Max
		if op[0] == '<' {
			end = v.Min
		}
		if end == nil {
			return Unknown, ReasonOpenEnd
		}
		return ordered(op, cmp.Compare(*end, x)), ""
	}
	if v.Min != nil && x < *v.Min || v.Max != nil && x > *v.Max {
		return Failed, ""
	}
	if v.Min == nil || v.Max == nil {
		return Unknown, ReasonOpenEnd
	}
	return Met, ""
}

func truth(b bool) Result {
	if b {
		return Met
	}
	return Failed
}

func float(s string) float64 {
	x, _ := strconv.ParseFloat(s, 64) // checked when the site was read
	return x
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// above are the ids of the terms that a term belongs to.
func above(t *site.Term) []string {
	var out []string
	for t != nil && t.Broader != "" && !slices.Contains(out, t.Broader) {
		out = append(out, t.Broader)
		i := slices.IndexFunc(t.Taxonomy.Terms, func(b *site.Term) bool { return b.ID == t.Broader })
		if i < 0 {
			break
		}
		t = t.Taxonomy.Terms[i]
	}
	return out
}
