package view_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// paper is a type with statements and versions whose names nobody knows.
func paper() *site.Type {
	states := []site.EnumValue{{Key: "neu", Label: site.Text{"de": "neu"}}, {Key: "alt", Label: site.Text{"de": "alt"}}}
	list := &site.Field{Name: "punkte", Kind: site.KindList, Label: site.Text{"de": "Punkte"}, Sub: []*site.Field{
		{Name: "nr", Kind: site.KindText, Label: site.Text{"de": "Nummer"}}, {Name: "satz", Kind: site.KindText, Label: site.Text{"de": "Satz"}},
		{Name: "wer", Kind: site.KindText, Multiple: true, Label: site.Text{"de": "Wer"}}, {Name: "lage", Kind: site.KindEnum, Values: states, Label: site.Text{"de": "Lage"}},
		{Name: "war", Kind: site.KindText, Multiple: true}}}
	return &site.Type{Name: "blatt", Labels: site.Labels{One: site.Text{"de": "Blatt"}},
		Fields:     []*site.Field{list, {Name: "ort", Kind: site.KindText, Label: site.Text{"de": "Ort"}}, {Name: "statt", Kind: site.KindRelation}},
		Statements: &site.Statements{List: "punkte", ID: "nr", Text: "satz", To: "wer", State: "lage", Formerly: "war", Anchor: "punkt"},
		Versions:   &site.Versions{Replaces: "statt"}}
}

// sheet makes an entry of lines „id | text | to, to | state | formerly, formerly“.
func sheet(t *site.Type, id string, lines ...string) *site.Entry {
	var many site.Many
	sub := func(name string, v site.Value) site.Item {
		return site.Item{Field: t.FieldByPath("punkte." + name), Value: v}
	}
	list := func(s string) site.Value {
		var m site.Many
		for x := range strings.SplitSeq(s, ",") {
			if x = strings.TrimSpace(x); x != "" {
				m.Values = append(m.Values, site.Str{S: x})
			}
		}
		return m
	}
	for _, line := range lines {
		c := strings.Split(line+"||||", "|")
		for i := range c {
			c[i] = strings.TrimSpace(c[i])
		}
		rec := site.Record{Items: []site.Item{sub("nr", site.Str{S: c[0]}), sub("satz", site.Str{S: c[1]}), sub("wer", list(c[2]))}}
		if c[3] != "" {
			rec.Items = append(rec.Items, sub("lage", site.Enum{Key: c[3]}))
		}
		if c[4] != "" {
			rec.Items = append(rec.Items, sub("war", list(c[4])))
		}
		many.Values = append(many.Values, rec)
	}
	return &site.Entry{ID: id, Title: "Blatt " + id, URL: "/" + id + "/", Lang: "de", Type: t, Values: site.Record{Items: []site.Item{{Field: t.Fields[0], Value: many}}}}
}

// replaces makes e the version after old.
func replaces(e, old *site.Entry) {
	edge := site.Edge{Field: e.Type.FieldByPath("statt"), From: e, To: old}
	e.Out, old.In = append(e.Out, edge), append(old.In, edge)
}

// TestFates: a statement keeps its address through versions, new numbers and
// mergers, and is told to be gone when it is.
func TestFates(t *testing.T) {
	t.Parallel()
	typ := paper()
	one := sheet(typ, "eins", "a | bleibt", "b | wird umbenannt", "c | geht auf", "d | entfällt", "e | entfällt später")
	two := sheet(typ, "zwei", "a | bleibt auch", "b2 | umbenannt | | | b, c", "e | noch da")
	three := sheet(typ, "drei", "x | heißt anders | | | b2", "a | bleibt noch immer")
	replaces(two, one)
	replaces(three, two)
	replaces(one, three) // a circle must end
	list := view.Statements(one, "de")
	fates := view.Fates(one, list, "de")
	for id, want := range map[string]string{"a": "drei#punkt-a", "b": "drei#punkt-x", "c": "drei#punkt-x", "d": "zwei –", "e": "drei –"} {
		fate := fates[slices.IndexFunc(list, func(s view.Statement) bool { return s.ID == id })]
		got := fmt.Sprint(fate.Entry.ID, " –")
		if fate.Now != nil {
			got = fate.Entry.ID + "#" + fate.Now.Anchor
		}
		if got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	if s := view.Statements(two, "de")[1]; !slices.Equal(s.Formerly, []string{"punkt-b", "punkt-c"}) {
		t.Error(s.Formerly)
	}
	alone := sheet(typ, "allein", "a | steht")
	if view.Fates(alone, view.Statements(alone, "de"), "de") != nil {
		t.Error("a version that nothing replaces has been replaced")
	}
}

// TestCompareStatements: by number, and by the numbers they had.
func TestCompareStatements(t *testing.T) {
	t.Parallel()
	typ := paper()
	before := sheet(typ, "eins", "a | Man sollte drei Häuser nennen. | Bund | neu", "b | Bleibt so. | Länder", "c | Stücklisten liefern.", "d | Weg damit.", "e | Alte Nummer.")
	after := sheet(typ, "zwei", "a | Man sollte vier Häuser nennen. | Bund, Länder | alt", "b | Bleibt so. | Länder | | c", "n | Ganz neu.", "f | Alte Nummer. | | | e")
	after.Values.Items = append(after.Values.Items, site.Item{Field: typ.FieldByPath("ort"), Value: site.Str{S: "Bremen"}})
	replaces(after, before)
	c := view.Compare(view.Versions{Old: before, New: after, Lang: "de", Plain: site.Plain})
	var got []string
	for _, s := range c.Statements {
		line := fmt.Sprintf("%s %s: %s (%s)", s.ID, s.Op, mark(s.Text), mark(s.To))
		if s.Before != "" {
			line += " was " + s.Before
		}
		if s.Into > 0 {
			line += fmt.Sprintf(" into %d #%s", s.Into, s.Anchor)
		}
		if s.StateBefore != "" {
			line += " " + s.StateBefore + " → " + s.State
		}
		got = append(got, line)
	}
	want := []string{
		"a changed: Man sollte [-drei-] {+vier+} Häuser nennen. (Bund{+Länder+}) neu → alt",
		"b same: Bleibt so. (Länder)",
		"n ins: {+Ganz neu.+} ()",
		"f same: Alte Nummer. () was e",
		"c del: [-Stücklisten liefern.-] () into 2 #punkt-b",
		"d del: [-Weg damit.-] ()",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if c.Counts != (view.Counts{Same: 2, Changed: 1, Added: 1, Deleted: 2}) {
		t.Error(c.Counts)
	}
	if len(c.Fields) != 1 || c.Fields[0].Label != "Ort" || mark(c.Fields[0].Runs) != "{+Bremen+}" {
		t.Error(c.Fields)
	}
}

// TestStatementList: under each addressee, most telling order last: nobody.
func TestStatementList(t *testing.T) {
	t.Parallel()
	typ := paper()
	typ.Views = []*site.ViewDef{{Name: "alle", Type: typ, Filters: []string{"punkte.lage"}, Statements: &site.StatementsView{By: "punkte.wer"}}}
	c := view.Context{Site: &site.Site{Config: &site.Config{BaseURL: "https://x.example"}}, Def: typ.Views[0], Lang: "de", Plain: site.Plain,
		Word: func(key string, _ ...any) string { return key },
		Entries: []*site.Entry{sheet(typ, "eins", "a | Eins. | Länder, Bund | neu", "b | Zwei. | | alt"), sheet(typ, "leer"),
			sheet(typ, "zwei", "a | Drei. | Ämter | alt", "b | Vier. | Bund | alt")}}
	data := view.Make(c).(*view.StatementList)
	var got []string
	for _, g := range data.Groups {
		for _, it := range g.Items {
			got = append(got, fmt.Sprintf("%s: %s [%s] %v", g.Word.Label, it.ID, it.Keys, view.Labels(it.Others)))
		}
	}
	want := []string{
		"Ämter: zwei-a [punkte.wer:aemter punkte.lage:alt] []",
		"Bund: eins-a [punkte.wer:laender punkte.wer:bund punkte.lage:neu] [Länder]",
		"Bund: zwei-b [punkte.wer:bund punkte.lage:alt] []",
		"Länder: eins-a [punkte.wer:laender punkte.wer:bund punkte.lage:neu] [Bund]",
		": eins-b [punkte.lage:alt] []",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := fmt.Sprint(view.Filters(c, data)), "[{punkte.wer Wer [{aemter Ämter  1} {bund Bund  2} {laender Länder  1}]} {punkte.lage Lage [{neu neu  1} {alt alt  3}]}]"; got != want {
		t.Errorf("filters:\n%s\nwant\n%s", got, want)
	}
	table := data.Table(c)
	if got, want := fmt.Sprint(table.Rows[0]), "[Blatt eins https://x.example/eins/#punkt-a a Eins. [Länder Bund] neu]"; got != want || len(table.Rows) != 4 {
		t.Errorf("%s, want %s", got, want)
	}
	if data.Total != 4 || data.Papers != 2 {
		t.Error(data.Total, data.Papers)
	}
}

// TestStatementListIsBounded: a page shows the first ones, the table has all.
func TestStatementListIsBounded(t *testing.T) {
	t.Parallel()
	typ := paper()
	typ.Views = []*site.ViewDef{{Name: "alle", Type: typ, Statements: &site.StatementsView{By: "punkte.wer"}}}
	c := view.Context{Site: &site.Site{Config: &site.Config{}}, Def: typ.Views[0], Lang: "de", Plain: site.Plain, Word: func(key string, _ ...any) string { return key }}
	for i := range 150 {
		c.Entries = append(c.Entries, sheet(typ, fmt.Sprint("e", i), "a | Eins. | Bund", "b | Zwei. | Land"))
	}
	data := view.Make(c).(*view.StatementList)
	if data.Total != 300 || data.Shown != 60 || len(data.Groups[0].Items)+len(data.Groups[1].Items) != 60 || len(data.Table(c).Rows) != 300 {
		t.Error(data.Total, data.Shown, len(data.Table(c).Rows))
	}
}
