package site

import (
	"strconv"
	"strings"
)

// Plain is a value as one line of text for machines: dates in ISO form,
// numbers with a point, enums by key, relations by id, lists joined by "; ".
// It returns "" for nil.
func Plain(v Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case Str:
		return v.S
	case Prose:
		return v.Source
	case Date:
		return v.Format("2006-01-02")
	case DateTime:
		return v.Format("2006-01-02T15:04:05Z07:00")
	case Number:
		return number(v.N)
	case Range:
		return rangeEnd(v.Min) + ".." + rangeEnd(v.Max)
	case Money:
		return number(float64(v.Cents)/100) + " " + v.Currency
	case Bool:
		return strconv.FormatBool(v.B)
	case Enum:
		return v.Key
	case Level:
		return strconv.Itoa(v.N)
	case *Tag:
		return v.ID
	case *Ref:
		return v.ID
	case Link:
		return v.URL
	case Image:
		return v.Src
	case File:
		return v.Src
	case *Constraint:
		return v.Source
	case Record:
		parts := make([]string, 0, len(v.Items))
		for _, it := range v.Items {
			parts = append(parts, it.Field.Name+": "+Plain(it.Value))
		}
		return strings.Join(parts, ", ")
	case Many:
		parts := make([]string, 0, len(v.Values))
		for _, e := range v.Values {
			parts = append(parts, Plain(e))
		}
		return strings.Join(parts, "; ")
	}
	panic("site: a kind of value is missing in Plain")
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func rangeEnd(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x)
}
