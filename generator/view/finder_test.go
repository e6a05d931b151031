package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// TestFinder asks about a type of its own: answers are the words in use, one
// that another includes among them; numbers are answered by a scale.
func TestFinder(t *testing.T) {
	t.Parallel()
	one, nine := 1.0, 9.0
	who := &site.Field{Name: "who", Kind: site.KindEnum, Multiple: true, Label: site.Text{"de": "Für"}, Values: []site.EnumValue{
		{Key: "small", Label: site.Text{"de": "Kleine"}}, {Key: "any", Label: site.Text{"de": "Alle"}}, {Key: "state", Label: site.Text{"de": "Länder"}}}}
	from := &site.Field{Name: "from", Kind: site.KindNumber, Min: &one, Max: &nine, Label: site.Text{"de": "Reife ab"}}
	to := &site.Field{Name: "to", Kind: site.KindNumber, Label: site.Text{"de": "Reife bis"}}
	part := &site.Field{Name: "part", Kind: site.KindEnum, Label: site.Text{"de": "Rolle"}, Values: []site.EnumValue{
		{Key: "lead", Label: site.Text{"de": "Leitung"}}, {Key: "join", Label: site.Text{"de": "Partner"}}}}
	never := &site.Field{Name: "never", Kind: site.KindEnum, Label: site.Text{"de": "nie"}, Values: part.Values}
	ripe := &site.Field{Name: "ripe", Kind: site.KindLevel, Values: []site.EnumValue{{Key: "1", Label: site.Text{"de": "Stufe 1"}, Note: site.Text{"de": "roh"}}, {Key: "2", Label: site.Text{"de": "Stufe 2"}}}}
	grant := &site.Type{Name: "grant", Labels: site.Labels{One: site.Text{"de": "Programm"}}, Fields: []*site.Field{who, from, to, part, never}}
	thing := &site.Type{Name: "thing", Fields: []*site.Field{ripe}}
	open, silent := entry("open"), entry("silent")
	open.URL, silent.URL = "/open/", "/silent/"
	open.Title, silent.Title = "Offen", "Stumm"
	open.Values.Items = []site.Item{{Field: who, Value: site.Many{Values: []site.Value{site.Enum{Key: "any"}}}}, {Field: from, Value: site.Number{N: 3}}, {Field: never, Value: site.Enum{Key: "lead"}}}
	open.Type, silent.Type = grant, grant
	c := view.Context{Site: &site.Site{Config: &site.Config{Location: time.UTC}, Types: []*site.Type{grant, thing}}, Lang: "de",
		Entries: []*site.Entry{open, silent}, Plain: site.Plain, Word: func(key string, _ ...any) string { return key },
		Def: &site.ViewDef{Type: grant, Finder: &site.FinderView{Questions: []site.FinderQuestion{
			{Field: "who", Ask: site.Text{"de": "Wer?"}, Also: []site.FinderAlso{{Word: "small", In: []string{"any"}}}},
			{Name: "stage", From: "from", To: "to", Scale: "thing.ripe", Label: site.Text{"de": "Reife"}},
			{From: "from", To: "to"},
			{Field: "part", Except: "never", Open: true},
		}}}}
	f := view.Make(c).(*view.Finder)

	var questions []string
	for _, q := range f.Questions {
		var answers []string
		for _, a := range q.Answers {
			answers = append(answers, strings.TrimSpace(a.Key+" "+a.Label+" "+a.Also))
		}
		questions = append(questions, fmt.Sprintf("%s/%s/%t: %s", q.Name, q.Label, q.Number, strings.Join(answers, ", ")))
	}
	want := []string{
		"who/Für/false: small Kleine any, any Alle", // nobody funds states
		"stage/Reife/true: 1 Stufe 1 – roh, 2 Stufe 2",
		"from/Reife ab/true: 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8, 9 9",
		"part/Rolle/false: lead Leitung, join Partner", // silence is open, so all can be answered
	}
	if got := strings.Join(questions, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("questions:\n%s", got)
	}
	if cells := f.Items[0].Cells; cells[0].Words[0].Key != "any" || cells[1].From != "3" || cells[1].To != "" || !cells[1].Known() || !cells[3].Known() || cells[3].Not[0].Label != "Leitung" {
		t.Errorf("%+v", cells)
	}
	if cells := f.Items[1].Cells; cells[0].Known() || cells[1].Known() {
		t.Errorf("what is not said is known: %+v", cells)
	}
	table := f.Table(c)
	if got := fmt.Sprint(table.Rows); got != "[[Offen /open/ [Alle] 3 <nil> 3 <nil> [] [Leitung]] [Stumm /silent/ [] <nil> <nil> <nil> <nil> [] []]]" {
		t.Errorf("table: %s", got)
	}
	if len(table.Columns) != len(table.Rows[0]) || len(table.Columns) != len(table.Rows[1]) {
		t.Errorf("%d columns, rows of %d and %d", len(table.Columns), len(table.Rows[0]), len(table.Rows[1]))
	}
}
