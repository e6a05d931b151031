package export

import (
	"bytes"
	"encoding/csv"
	"path"
	"regexp"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// DataFiles are the tables of a type in a language, nil when it has no
// entries there.
func DataFiles(s *site.Site, t *site.Type, lang string) []Download {
	if t.Folder == "" || t.Fallback || len(s.OfType(t.Name, lang)) == 0 {
		return nil
	}
	base := s.TypeURL(t, lang) + path.Base(t.Folder)
	return []Download{{"CSV", base + ".csv", "text/csv"}, {"JSON", base + ".json", "application/json"}}
}

func (in *Input) writeTables(w *writer) {
	for _, l := range in.Site.Config.Languages {
		for _, t := range in.Site.Types {
			if files := DataFiles(in.Site, t, l); files != nil {
				w.put(files[0].Path, in.csv(t, l))
				w.put(files[1].Path, in.json(t, l))
			}
		}
	}
}

// fixed are the columns that every table begins with.
var fixed = []string{"id", "url", "title", "summary", "status", "published", "updated", "reviewed_on", "review_by"}

func (in *Input) fixed(e *site.Entry) []string {
	return []string{e.ID, in.abs(e.URL), oneLine(e.Title), oneLine(e.Summary), string(e.Status),
		isoTime(e.Published), isoTime(e.LastChange()), isoDay(e.ReviewedOn), isoDay(e.ReviewBy)}
}

// ownFields are the type's fields and, of the common ones, the terms; the
// rest of those stand in the fixed columns or concern editors only.
func ownFields(t *site.Type) []*site.Field {
	var out []*site.Field
	for _, f := range t.Fields {
		if !f.Common || f.Kind == site.KindTags {
			out = append(out, f)
		}
	}
	return out
}

// column is one column of the CSV file. Part is the piece of a value that
// needs more than one: min, max, currency.
type column struct {
	path  []string
	field *site.Field
	part  string
}

// columns flattens the fields: records to dotted paths, ranges and money to
// a number each, so that a spreadsheet can count with them.
func columns(prefix []string, fields []*site.Field) []column {
	var out []column
	for _, f := range fields {
		p := append(prefix[:len(prefix):len(prefix)], f.Name)
		switch f.Kind {
		case site.KindRecord, site.KindList:
			out = append(out, columns(p, f.Sub)...)
		case site.KindRange:
			out = append(out, column{p, f, "min"}, column{p, f, "max"})
		case site.KindMoney:
			out = append(out, column{p, f, ""}, column{p, f, "currency"})
		default:
			out = append(out, column{p, f, ""})
		}
	}
	return out
}

func (c column) header() string {
	h := strings.Join(c.path, ".")
	if c.part != "" {
		h += "." + c.part
	}
	if c.field.Unit != "" {
		h += " [" + c.field.Unit + "]"
	}
	return h
}

// csv is the table for spreadsheets, in the dialect of the language's Excel:
// with a byte order mark, or umlauts break; in German with semicolons and
// decimal commas, because it would put "a,b" into one cell and make a date of
// "12.5". Programs better take the JSON file.
func (in *Input) csv(t *site.Type, lang string) []byte {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true // RFC 4180
	if lang != "en" {
		w.Comma = ';'
	}
	cols := columns(nil, ownFields(t))
	head := append([]string{}, fixed...)
	for _, c := range cols {
		head = append(head, c.header())
	}
	_ = w.Write(head) // a Buffer does not fail
	for _, e := range in.Site.OfType(t.Name, lang) {
		row := in.fixed(e)
		for _, c := range cols {
			row = append(row, in.cell(e, e.Values, c.path, c, " | "))
		}
		for i := range row {
			row[i] = harmless(row[i])
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

// cell is the text of a column. Several values are joined by a bar, those of
// a list within a list by a comma. A gap in a list of records stays a gap, so
// that the columns of the same list belong together by position.
func (in *Input) cell(e *site.Entry, r site.Record, path []string, c column, bar string) string {
	it := r.Item(path[0])
	if it == nil {
		return ""
	}
	var parts []string
	inner := bar
	if it.Field.Kind == site.KindList {
		inner = ", "
	}
	for _, v := range site.Each(it.Value) {
		if len(path) == 1 {
			if s := in.part(e, c, v); s != "" {
				parts = append(parts, s)
			}
		} else if sub, ok := v.(site.Record); ok {
			parts = append(parts, in.cell(e, sub, path[1:], c, inner))
		}
	}
	s := strings.Join(parts, bar)
	if strings.Trim(s, " |,") == "" {
		return ""
	}
	return s
}

// part is a single value as front matter would have it.
func (in *Input) part(e *site.Entry, c column, v site.Value) string {
	switch v := v.(type) {
	case site.Prose:
		return oneLine(in.prose(e, v))
	case site.Number:
		return point(e.Lang, decimal(v.N))
	case site.Range:
		end := v.Min
		if c.part == "max" {
			end = v.Max
		}
		if end == nil {
			return ""
		}
		return point(e.Lang, decimal(*end))
	case site.Money:
		if c.part == "currency" {
			return v.Currency
		}
		return point(e.Lang, decimal(float64(v.Cents)/100))
	case *site.Tag:
		if v.Term == nil {
			return ""
		}
	case *site.Ref:
		if v.Entry == nil { // hidden
			return ""
		}
	case site.Image:
		return in.asset(e, v.Src)
	case site.File:
		return in.asset(e, v.Src)
	}
	return oneLine(site.Plain(v))
}

// point writes the decimal sign of the language.
func point(lang, number string) string {
	if lang == "en" {
		return number
	}
	return strings.Replace(number, ".", ",", 1)
}

var numeric = regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)

// Harmless is a cell for a table that is made elsewhere; see harmless.
func Harmless(s string) string { return harmless(s) }

// harmless keeps a spreadsheet from calculating what somebody wrote as text:
// a cell that begins like a formula gets an apostrophe. Negative numbers stay.
func harmless(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") && !numeric.MatchString(s) {
		return "'" + s
	}
	return s
}

// json is the table for programs: numbers as numbers, lists as arrays, with
// the definition of the fields.
func (in *Input) json(t *site.Type, lang string) []byte {
	entries := in.Site.OfType(t.Name, lang)
	rows := make([]object, 0, len(entries))
	for _, e := range entries {
		var row object
		for i, v := range in.fixed(e) {
			row = row.add(fixed[i], v)
		}
		for _, f := range ownFields(t) {
			if it := e.Values.Item(f.Name); it != nil {
				row = row.add(f.Name, in.field(e, f, it.Value))
			}
		}
		rows = append(rows, row)
	}
	out := object{
		{"title", in.Site.Config.Title + " – " + t.Labels.Many.In(lang)},
		{"language", lang},
		{"url", in.abs(in.Site.TypeURL(t, lang))},
		{"publisher", in.publisher()},
	}
	out = out.add("licence", in.Licence).add("updated", isoTime(newest(entries)))
	return marshal(append(out, member{"fields", schema(ownFields(t), lang)}, member{"entries", rows}))
}

// schema describes fields: name, kind, label, unit and the labels of keys.
func schema(fields []*site.Field, lang string) []object {
	out := []object{}
	for _, f := range fields {
		o := object{{"name", f.Name}, {"kind", f.Kind}, {"label", f.Label.In(lang)}}.add("unit", f.Unit)
		if f.Multiple {
			o = o.add("multiple", true)
		}
		if len(f.Values) > 0 {
			var values object
			for _, v := range f.Values {
				values = append(values, member{v.Key, f.ValueLabel(v.Key, lang)})
			}
			o = o.add("values", values)
		}
		if len(f.Sub) > 0 {
			o = o.add("fields", schema(f.Sub, lang))
		}
		out = append(out, o)
	}
	return out
}
