package export

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// ViewFiles are the tables of a view, which lies at path.
func ViewFiles(v *site.ViewDef, path string) []Download {
	base := path + v.Name
	return []Download{{"CSV", base + ".csv", "text/csv"}, {"JSON", base + ".json", "application/json"}}
}

func (in *Input) writeViews(w *writer) {
	for _, l := range in.Site.Config.Languages {
		for _, v := range in.Site.AllViews() {
			if in.View == nil || !view.Shown(in.Site, v, l) {
				continue
			}
			c, data := in.View(v, l)
			table := data.Table(c)
			files := ViewFiles(v, in.ViewPath(v, l))
			w.put(files[0].Path, csvTable(table, l))
			w.put(files[1].Path, in.jsonTable(table, v, l))
			if sheets, ok := data.(view.Datasheets); ok {
				for _, e := range c.Entries {
					w.put(in.ViewPath(v, l)+view.DatasheetFolder+e.ID+".json", marshal(sheets.Datasheet(c, e)))
				}
			}
		}
	}
}

// csvTable is a table in the dialect of csv, with its headings for people.
func csvTable(t view.Table, lang string) []byte {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true // RFC 4180
	if lang != "en" {
		w.Comma = ';'
	}
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = harmless(c.Label)
	}
	_ = w.Write(head) // a Buffer does not fail
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = harmless(cellText(v, lang))
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.Bytes()
}

func cellText(v any, lang string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return oneLine(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return point(lang, decimal(v))
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return isoTime(v)
	case []string:
		return strings.Join(v, " | ")
	}
	panic("export: a view's table has a cell of an unknown kind")
}

// jsonTable has an object for each row, with the columns' keys.
func (in *Input) jsonTable(t view.Table, v *site.ViewDef, lang string) []byte {
	var names object
	for _, c := range t.Columns {
		names = append(names, member{c.Key, c.Label})
	}
	rows := make([]object, 0, len(t.Rows))
	for _, row := range t.Rows {
		var o object
		for i, cell := range row {
			if at, ok := cell.(time.Time); ok {
				cell = isoTime(at)
			}
			o = append(o, member{t.Columns[i].Key, cell})
		}
		rows = append(rows, o)
	}
	out := object{
		{"title", in.Site.Config.Title + " – " + v.Title.In(lang)}, {"language", lang}, {"url", in.abs(in.ViewPath(v, lang))}, {"publisher", in.publisher()},
	}
	out = out.add("licence", in.Licence)
	return marshal(append(out, member{"columns", names}, member{"rows", rows}))
}
