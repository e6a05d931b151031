package vscode

import (
	"fmt"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

type snippet struct {
	Scope       string   `json:"scope"`
	Prefix      []string `json:"prefix"`
	Description string   `json:"description"`
	Body        []string `json:"body"`
}

// snippets are a new entry of each type and the pieces of our Markdown, by name.
func snippets(defs source.Definitions) map[string]snippet {
	out := map[string]snippet{}
	for _, t := range defs.Types {
		one := t.Labels.One.In("de")
		w := &writer{taxonomies: defs.Taxonomies}
		w.fields(t)
		prefix := []string{"portal-" + t.Name, "neu-" + strings.ToLower(one)}
		text := append(append([]string{"---"}, w.lines...), "---", "", "$0")
		out["Neu: "+one] = snippet{"markdown", prefix, "Ein neuer Eintrag: " + one + " – Angaben und Text in einer Datei", text}
		out["Neu: "+one+" (Begleitdatei)"] = snippet{"yaml", prefix, "Die Angaben zu einem neuen Eintrag: " + one + " – der Text steht in der .md-Datei desselben Namens", append(w.lines, "$0")}
	}
	for _, p := range pieces {
		out[p.name] = snippet{"markdown", p.prefix, p.about, p.body}
	}
	return out
}

// writer makes the front matter of a snippet.
type writer struct {
	taxonomies []*site.Taxonomy
	lines      []string
	stops      int
}

// fields writes what an entry must have, and its status, with a place to fill
// in for each value.
func (w *writer) fields(t *site.Type) {
	for _, common := range []bool{true, false} {
		for _, f := range t.Fields {
			if f.Common == common && (f.Required || common && (f.Name == "title" || f.Name == "summary" || f.Name == "status")) {
				w.field(f, "")
			}
		}
	}
}

func (w *writer) field(f *site.Field, indent string) {
	switch f.Kind {
	case site.KindRecord, site.KindList:
		w.lines = append(w.lines, indent+f.Name+":")
		lead := indent + "  "
		if f.Kind == site.KindList {
			lead = indent + "  - "
		}
		for i, s := range f.Sub {
			if s.Required || i == 0 {
				at := len(w.lines)
				w.field(s, indent+"    "[:len(lead)-len(indent)])
				w.lines[at] = lead + strings.TrimLeft(w.lines[at], " ")
				lead = strings.ReplaceAll(lead, "-", " ")
			}
		}
		return
	}
	v := w.value(f)
	if f.Multiple {
		v = "[" + v + "]"
	}
	w.lines = append(w.lines, indent+f.Name+": "+v)
}

// value is a place to fill in, with the words to choose from or an example.
func (w *writer) value(f *site.Field) string {
	w.stops++
	var words []string
	for _, v := range f.Values {
		words = append(words, v.Key)
	}
	for _, t := range w.taxonomies {
		if f.Kind == site.KindTags && t.Name == f.Vocabulary {
			for _, term := range t.Terms {
				words = append(words, term.ID)
			}
		}
	}
	if len(words) > 0 {
		for i, word := range words {
			words[i] = strings.NewReplacer(`\`, `\\`, ",", `\,`, "|", `\|`).Replace(word)
		}
		return fmt.Sprintf("${%d|%s|}", w.stops, strings.Join(words, ","))
	}
	sample := map[site.Kind]string{
		site.KindDate: "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}", site.KindDateTime: "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}T09:00",
		site.KindNumber: "1", site.KindMoney: "100000 EUR", site.KindRelation: "kennung", site.KindLink: "https://www.example.org/",
		site.KindLevel: "1", site.KindBool: "true", site.KindRange: "{min: 1, max: 2\\}", site.KindConstraint: `"feld >= 1"`,
		site.KindImage: `{src: bild.svg, alt: "…"\}`, site.KindFile: "datei.pdf",
	}[f.Kind]
	if sample == "" { // in quotes, for a colon in a title is no key
		return fmt.Sprintf(`"${%d:%s}"`, w.stops, plain(f.Label.In("de")))
	}
	return fmt.Sprintf("${%d:%s}", w.stops, sample)
}

// plain is text that means nothing to a snippet.
func plain(s string) string {
	return strings.NewReplacer(`\`, `\\`, "$", `\$`, "}", `\}`, `"`, "").Replace(s)
}

// pieces are those of our Markdown that one does not know by heart.
var pieces = []struct {
	name, about string
	prefix      []string
	body        []string
}{
	{"Verweis auf einen Eintrag", "Verweis mit dem Titel des Eintrags; er bleibt richtig, auch wenn sich die Adresse ändert",
		[]string{"verweis", "[["}, []string{"[[${1:kennung}]]$0"}},
	{"Verweis mit eigenen Worten", "Verweis auf einen Eintrag mit Ihren Worten",
		[]string{"verweis-worte"}, []string{"[[${1:kennung}|${2:Worte}]]$0"}},
	{"Quelle zitieren", "Beleg mit dem Schlüssel einer Quelle aus den Angaben („sources“)",
		[]string{"quelle", "beleg", "[@"}, []string{"[@${1:schluessel}, ${2:S. 1}]$0"}},
	{"Fußnote", "Anmerkung am Ende der Seite",
		[]string{"fussnote", "fußnote"}, []string{"[^${1:1}]$0", "", "[^${1:1}]: ${2:Anmerkung.}"}},
	{"Kasten", "Hinweis, Kernaussage oder Warnung",
		[]string{"kasten", "hinweis", "kernaussage", "warnung"}, []string{"> [!${1|HINWEIS,KERNAUSSAGE,WARNUNG|}] ${2:Überschrift}", "> ${3:Text.}", "$0"}},
	{"Tabelle", "Tabelle mit Zahlen rechts",
		[]string{"tabelle"}, []string{"| ${1:Gerät} | ${2:Laufzeit} |", "|---|---:|", "| ${3:Beatmung} | ${4:4 h} |", "$0"}},
	{"Abbildung", "Bild neben der Textdatei, mit Beschreibung, Unterschrift und Nachweis",
		[]string{"abbildung", "bild"}, []string{`![${1:Was zu sehen ist, für alle, die es nicht sehen}](${2:bild.svg} "${3:Bildunterschrift}"){credit="${4:Nachweis}"}`, "$0"}},
	{"Diagramm", "Tabelle, die als Diagramm gezeichnet wird",
		[]string{"diagramm"}, []string{`::: diagramm ${1|balken,saeulen,linie|} titel="${2:Titel}" quelle="${3:Quelle}" einheit="${4:h}"`,
			"| ${5:Gerät} | ${6:Laufzeit} |", "|---|---|", "| ${7:Beatmung} | ${8:4} |", ":::", "$0"}},
	{"Anführungszeichen", "Deutsche Anführungszeichen", []string{"anf", "zitat"}, []string{"„${1:${TM_SELECTED_TEXT}}“$0"}},
	{"Überschrift mit Anker", "Überschrift mit einem Anker, der bleibt", []string{"abschnitt"}, []string{"## ${1:Überschrift} {#${2:anker}\\}", "", "$0"}},
	{"Begriff und Erklärung", "Liste von Begriffen", []string{"begriff"}, []string{"${1:Begriff}", ":   ${2:Erklärung des Begriffs.}", "$0"}},
}
