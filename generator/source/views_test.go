package source_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/source"
)

// TestViewDefinitions: what a view names must be there and of a kind that it
// can show; each fault is told once, with its place.
func TestViewDefinitions(t *testing.T) {
	t.Parallel()
	const start = `labels: {one: {de: Schiff}, many: {de: Schiffe}}
folder: schiffe
fields:
  - {name: ports, kind: tags, vocabulary: hafen, multiple: true, label: {de: Häfen}}
  - {name: grade, kind: level, min: 0, max: 3, label: {de: Stufe}}
  - {name: sea, kind: record, label: {de: See}, fields: [{name: grade, kind: level, min: 0, max: 3, label: {de: Stufe}}]}
  - {name: trips, kind: list, label: {de: Fahrten}, fields: [{name: day, kind: date, label: {de: Tag}}]}
views:
  - name: flotte
    matrix:
      sets:
        - `
	for sets, want := range map[string]string{
		"{levels: [sea], level: grade}":                                              "",
		"{tags: ports, groups: [{terms: [kiel], level: sea.grade}, {level: grade}]}": "",
		"{tags: ports, groups: [{terms: [kiehl]}]}":                                  "9 Das Werkzeug „flotte“ nennt den Wert „kiehl“; das Feld „ports“ des Typs „ship“ hat ihn nicht. Meinten Sie „kiel“?",
		"{tags: port}":                                                                         "9 Das Werkzeug „flotte“ nennt das Feld „port“; der Typ „ship“ hat es nicht. Meinten Sie „ports“?",
		"{tags: title}":                                                                        "9 Das Werkzeug „flotte“ kann mit dem Feld „title“ der Art text nichts anfangen. Es muss von einer dieser Arten sein: tags, enum.",
		"{levels: [sea], level: stufe}":                                                        "9 Das Werkzeug „flotte“ nennt das Feld „sea.stufe“; der Typ „ship“ hat es nicht.",
		"{levels: [sea], level: grade, text: why}":                                             "9 Das Werkzeug „flotte“ nennt das Feld „sea.why“; der Typ „ship“ hat es nicht.",
		"{tags: ports, groups: [{level: title}]}":                                              "9 Das Werkzeug „flotte“ kann mit dem Feld „title“ der Art text nichts anfangen. Es muss von einer dieser Arten sein: level.",
		"{tags: ports}\n    board: {kind: ports, columns: [title]}":                            "9 Das Werkzeug „flotte“ braucht genau eine Form. Möglich sind",
		"{tags: ports}\n    filters: [title]":                                                  "9 Das Werkzeug „flotte“ kann mit dem Feld „title“ der Art text nichts anfangen.",
		"{tags: ports}\n  - {name: flotte, board: {kind: ports, columns: [title]}}":            "13 Das Werkzeug „flotte“ gibt es schon",
		"{tags: ports}\n  - {name: Große Flotte, board: {kind: ports}}":                        "13 Ein Werkzeug des Typs „ship“ braucht einen Namen",
		"{tags: ports}\n        -":                                                             "13 Der 2. Punkt dieser Liste ist leer.",
		"{tags: ports}\n    filters: [ports, \"\"]":                                            "13 Der 2. Punkt dieser Liste ist leer.",
		"{note: Nichts}":                                                                       "9 Das Werkzeug „flotte“ braucht „levels“ oder „tags“.",
		"{tags: ports}\n  - {name: leer, matrix: {}}":                                          "13 Das Werkzeug „leer“ braucht „sets“.",
		"{tags: ports}\n  - {name: karte, map: {place: title}}":                                "13 Das Werkzeug „karte“ braucht „region“.",
		"{tags: ports}\n  - {name: kalender, calendar: {place: title}}":                        "13 Das Werkzeug „kalender“ braucht „start“.",
		"{tags: ports}\n  - {name: finder, finder: {questions: [{wish: true}]}}":               "13 Das Werkzeug „finder“ braucht „field“, „from“ oder „to“.",
		"{tags: ports}\n  - {name: finder, finder: {}}":                                        "13 Das Werkzeug „finder“ braucht „questions“.",
		"{tags: ports}\n  - {name: finder, finder: {questions: [{from: grade, scale: ship}]}}": "13 Das Werkzeug „finder“ braucht „scale: typ.feld“.",
		"{tags: ports}\n  - {name: zeit, timeline: {}}":                                        "13 Das Werkzeug „zeit“ braucht „marks“.",
		"{tags: ports}\n  - {name: zeit, timeline: {until: trips.day}}":                        "13 Das Werkzeug „zeit“ nennt das Feld „trips.day“; es steht in der Liste „trips“",
		"{tags: ports}\n  - {name: zeit, timeline: {marks: trips, date: day}}":                 "",
		"{tags: ports}\nical: {place: title}":                                                  "13 „ical“ braucht „start“.",
	} {
		var diags diag.List
		source.LoadDefinitions(fstest.MapFS{
			"types/common.yaml":     {Data: []byte("fields: [{name: title, kind: text, label: {de: Titel}}]\n")},
			"types/page/type.yaml":  {Data: []byte("labels: {one: {de: Seite}, many: {de: Seiten}}\nfallback: true\n")},
			"types/ship/type.yaml":  {Data: []byte(start + sets + "\n")},
			"taxonomies/hafen.yaml": {Data: []byte("terms: [{id: kiel, label: {de: Kiel}}]\n")},
		}, &diags)
		var got []string
		for _, d := range diags.Sorted() {
			got = append(got, fmt.Sprintf("%d %s %s", d.Line, d.Text, d.Hint))
		}
		if all := strings.Join(got, "\n"); !strings.HasPrefix(all, want) || want == "" && all != "" || strings.Count(all, "\n") > 0 {
			t.Errorf("%s:\n%s\nwant\n%s", sets, all, want)
		}
	}
}
