package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// TestNetwork: members under their words with counts by type; who takes part in
// nothing is named, too; entries in two relations count once.
func TestNetwork(t *testing.T) {
	t.Parallel()
	s, byName := web(t, "haus pilot geld", "haus/a haus/b haus/c haus/d pilot/p1 pilot/p2 geld/g1",
		"pilot/p1 > haus/a, pilot/p2 > haus/a, geld/g1 > haus/a, haus/a > geld/g1, pilot/p1 > haus/b, haus/b > haus/a")
	house := s.Type("haus")
	house.Fields = []*site.Field{{Name: "art", Kind: site.KindEnum, Values: []site.EnumValue{{Key: "klinik"}, {Key: "amt"}, {Key: "leer"}}}, field("kurz", site.KindText)}
	for id, kind := range map[string]string{"a": "amt", "b": "klinik", "c": "klinik"} {
		byName["haus/"+id].Values = values(house, "art", site.Enum{Key: kind})
	}
	c := view.Context{Site: s, Lang: "de", Plain: site.Plain, Word: func(key string, _ ...any) string { return key },
		Def:     &site.ViewDef{Type: house, Network: &site.NetworkView{Groups: "art", Abbr: "kurz"}},
		Entries: []*site.Entry{byName["haus/a"], byName["haus/b"], byName["haus/c"], byName["haus/d"]}}
	n := view.Make(c).(*view.Network)
	var got []string
	for _, g := range n.Groups {
		for _, m := range g.Members {
			var parts []string
			for _, p := range m.Parts {
				parts = append(parts, fmt.Sprint(p.Label, " ", p.Count))
			}
			got = append(got, fmt.Sprint(g.Word.Key, " ", m.ID, m.Cells, m.Sum, ": ", strings.Join(parts, ", ")))
		}
		for _, m := range g.Quiet {
			got = append(got, g.Word.Key+" "+m.ID+" quiet")
		}
	}
	want := "klinik b[1 1 0] 2: haus-haus 1, haus<pilot 1; klinik c quiet; amt a[1 2 1] 4: haus<haus 1, haus<pilot 2, haus-geld 1;  d quiet"
	if got := strings.Join(got, "; "); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if rows := n.Table(c).Rows; len(rows) != 7 || rows[0][3] != "haus-geld" || rows[0][6] != "" {
		t.Errorf("%v", rows)
	}
}
