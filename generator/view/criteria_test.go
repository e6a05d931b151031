package view_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// TestCheck holds conditions against values as testdata/criteria.txt has them.
func TestCheck(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/criteria.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, pairs := bufio.NewScanner(f), 0
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			t.Fatalf("%q has %d cells", line, len(cells))
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		pairs++
		c, err := site.ParseConstraint(cells[2])
		if err != nil {
			t.Fatal(err)
		}
		field := field("n", site.Kind(cells[0]))
		result, reason := view.Check(field, valueOf(t, field.Kind, cells[1]), c)
		if got := result.String() + " " + string(reason); got != cells[3]+" "+cells[4] {
			t.Errorf("%s: %s", line, got)
		}
	}
	if pairs < 30 {
		t.Errorf("only %d pairs", pairs)
	}
}

func valueOf(t *testing.T, k site.Kind, text string) site.Value {
	if text == "-" {
		return nil
	}
	var many site.Many
	for part := range strings.SplitSeq(text, ";") {
		many.Values = append(many.Values, single(t, k, strings.TrimSpace(part)))
	}
	if len(many.Values) == 1 {
		return many.Values[0]
	}
	return many
}

func single(t *testing.T, k site.Kind, s string) site.Value {
	t.Helper()
	num := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	end := func(s string) *float64 {
		if s == "" {
			return nil
		}
		x := num(s)
		return &x
	}
	switch k {
	case site.KindNumber:
		return site.Number{N: num(s)}
	case site.KindLevel:
		return site.Level{N: int(num(s))}
	case site.KindRange:
		min, max, _ := strings.Cut(s, "..")
		return site.Range{Min: end(min), Max: end(max)}
	case site.KindMoney:
		amount, currency, _ := strings.Cut(s, " ")
		return site.Money{Cents: int64(num(amount)*100 + .5), Currency: currency}
	case site.KindDate:
		return day(s)
	case site.KindDateTime:
		at, err := time.ParseInLocation("2006-01-02T15:04", s, zone(t, "Europe/Berlin"))
		if err != nil {
			t.Fatal(err)
		}
		return site.DateTime{Time: at}
	case site.KindBool:
		return site.Bool{B: s == "true"}
	case site.KindEnum:
		return site.Enum{Key: s}
	case site.KindTags:
		for _, term := range houses().Terms {
			if term.ID == s {
				return &site.Tag{ID: s, Term: term}
			}
		}
	case site.KindText:
		return site.Str{S: s}
	}
	t.Fatalf("no value %q of kind %s", s, k)
	return nil
}

// houses is a vocabulary with a term below another.
func houses() *site.Taxonomy {
	tax := &site.Taxonomy{Name: "haus"}
	for _, id := range []string{"klinik", "uniklinik", "praxis"} {
		tax.Terms = append(tax.Terms, &site.Term{Taxonomy: tax, ID: id, Label: site.Text{"de": strings.ToUpper(id[:1]) + id[1:]}})
	}
	tax.Terms[1].Broader = "klinik"
	return tax
}
