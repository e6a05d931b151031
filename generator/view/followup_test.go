package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// council are types in which something is agreed, wanted, made and tried.
func council() (types []*site.Type, def *site.ViewDef) {
	de := func(s string) site.Text { return site.Text{"de": s} }
	rel := func(name string, to ...string) *site.Field {
		return &site.Field{Name: name, Kind: site.KindRelation, To: to, Multiple: true, Label: de(name)}
	}
	typ := func(name string, fields ...*site.Field) *site.Type {
		return &site.Type{Name: name, Folder: name, Fields: fields, Labels: site.Labels{One: de(name), Many: de(name + "s")}}
	}
	stand := &site.Field{Name: "stand", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "neu", Label: de("neu")}, {Key: "satt", Label: de("gestillt")}}}
	rat := typ("rat", &site.Field{Name: "am", Kind: site.KindDate, Label: de("am")}, &site.Field{Name: "beschluesse", Kind: site.KindList, Sub: []*site.Field{
		{Name: "was", Kind: site.KindText, Label: de("was")}, rel("wer", "amt"), {Name: "bis", Kind: site.KindDate, Label: de("bis")},
		{Name: "fertig", Kind: site.KindDate, Label: de("fertig")}, rel("wunsch", "wunsch"), rel("auch"),
	}})
	def = &site.ViewDef{Name: "was-wurde", Type: rat, Filters: []string{"beschluesse.wer"}, FollowUp: &site.FollowUpView{
		Items: "beschluesse", Text: "was", Owner: "wer", Due: "bis", DoneOn: "fertig", LeadsTo: []string{"wunsch", "auch"},
		State: "stand", Done: []string{"satt"}, Then: []string{"ding", "versuch", "geld"}, Date: "am"}}
	rat.Views = []*site.ViewDef{def}
	return []*site.Type{rat, typ("wunsch", stand, rel("durch", "ding")), typ("ding"), typ("versuch", rel("dinge", "ding"), rel("wuensche", "wunsch"), rel("geld", "geld")), typ("geld"), typ("amt")}, def
}

func refs(ids ...string) site.Value {
	var m site.Many
	for _, id := range ids {
		m.Values = append(m.Values, &site.Ref{ID: id})
	}
	return m
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	types, def := council()
	rat, wunsch, ding, versuch, geld, amt := types[0], types[1], types[2], types[3], types[4], types[5]
	sub := rat.Fields[1].Sub
	say := func(pairs ...any) site.Value { return record(sub, pairs...) }
	s := assemble(t, "2027-03-01T12:00", types,
		of(rat, "erster", "am", day("2026-10-01"), "beschluesse", site.Many{Values: []site.Value{
			say("was", site.Str{S: "spaet"}, "wer", refs("amt-a"), "bis", day("2027-02-28"), "wunsch", refs("hunger")),
			say("was", site.Str{S: "heute"}, "wer", refs("amt-b"), "bis", day("2027-03-01"), "wunsch", refs("durst")),
			say("was", site.Str{S: "herrenlos"}),
			say("was", site.Str{S: "gestillt"}, "bis", day("2026-12-01"), "wunsch", refs("satt")),
			say("was", site.Str{S: "getan"}, "bis", day("2026-11-01"), "fertig", day("2026-11-30"), "auch", refs("probe")),
			say("was", site.Str{S: "halb"}, "bis", day("2026-12-02"), "wunsch", refs("satt", "hunger")),
		}}),
		of(rat, "zweiter", "am", day("2026-11-01"), "beschluesse", site.Many{Values: []site.Value{say("was", site.Str{S: "frueh"}, "wer", refs("amt-a"), "bis", day("2027-03-02"))}}),
		of(wunsch, "hunger", "stand", site.Enum{Key: "neu"}, "durch", refs("brot")), of(wunsch, "durst", "stand", site.Enum{Key: "neu"}), of(wunsch, "satt", "stand", site.Enum{Key: "satt"}),
		of(ding, "brot"), of(ding, "wasser"), of(amt, "amt-a"), of(amt, "amt-b"), of(geld, "topf"),
		of(versuch, "probe", "dinge", refs("brot"), "geld", refs("topf")), of(versuch, "schluck", "wuensche", refs("durst")),
	)
	c := context(s, def)
	const want = `late 2
  erster-6 halb [] 2026-12-02 → SATT (gestillt), HUNGER (neu) → ding BROT → versuch PROBE → geld TOPF
  erster-1 spaet [AMT-A] 2027-02-28 → HUNGER (neu) → ding BROT → versuch PROBE → geld TOPF
open 3
  erster-2 heute [AMT-B] 2027-03-01 → DURST (neu) → versuch SCHLUCK
  zweiter-1 frueh [AMT-A] 2027-03-02
  erster-3 herrenlos []
done 2
  erster-5 getan [] 2026-11-01 → PROBE → ding BROT → geld TOPF
  erster-4 gestillt [] 2026-12-01 → SATT (gestillt)
`
	data := view.Make(c).(*view.FollowUp)
	if got := writeFollowUp(data); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	filters := fmt.Sprint(view.Filters(c, data))
	if filters != "[{beschluesse.wer wer [{amt-a AMT-A  2} {amt-b AMT-B  1}]}]" {
		t.Errorf("filters count outcomes: %s", filters)
	}
	table := data.Table(c)
	if len(table.Rows) != 7 || len(table.Rows[0]) != len(table.Columns) || table.Columns[10].Key != "ding" {
		t.Errorf("table: %v", table)
	}
}

func writeFollowUp(f *view.FollowUp) string {
	var b strings.Builder
	titles := func(all []*site.Entry) string {
		var out []string
		for _, e := range all {
			out = append(out, e.Title)
		}
		return strings.Join(out, ", ")
	}
	for _, g := range f.Groups {
		fmt.Fprintln(&b, g.State, g.Total)
		for _, o := range g.Items {
			fmt.Fprintf(&b, "  %s %s [%s]", o.ID, site.Plain(o.Text), titles(o.Owners))
			if !o.Due.IsZero() {
				b.WriteString(" " + o.Due.Format("2006-01-02"))
			}
			for i, to := range o.Targets {
				b.WriteString([]string{" → ", ", "}[min(i, 1)] + to.Entry.Title)
				if to.State.Key != "" {
					b.WriteString(" (" + to.State.Label + ")")
				}
			}
			for _, s := range o.Steps {
				b.WriteString(" → " + s.Type.Name + " " + titles(s.Entries))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// TestGaps: what nobody takes care of, what has no day and what leads nowhere;
// what is done lacks nothing.
func TestGaps(t *testing.T) {
	t.Parallel()
	types, def := council()
	sub := types[0].Fields[1].Sub
	e := of(types[0], "e", "beschluesse", site.Many{Values: []site.Value{
		record(sub, "was", site.Str{S: "alles"}, "wer", refs("a"), "bis", day("2027-01-01"), "auch", refs("b")),
		record(sub, "was", site.Str{S: "nichts"}),
		record(sub, "was", site.Str{S: "getan"}, "fertig", day("2026-01-01")),
		record(sub, "was", site.Str{S: "ohne Tag"}, "wer", refs("a"), "wunsch", refs("b")),
	}})
	var got []string
	for _, g := range view.Gaps(e, def.FollowUp) {
		got = append(got, fmt.Sprintf("%d %s %t %t %t", g.N, site.Plain(g.Place.Value), g.NoOwner, g.NoDue, g.NoThing))
	}
	if strings.Join(got, "; ") != "2 nichts true true true; 4 ohne Tag false true false" {
		t.Errorf("%q", got)
	}
}
