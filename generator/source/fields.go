package source

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// decoder turns the front matter of one file into values.
type decoder struct {
	diags *diag.List
	loc   *time.Location
	// foreign is set where no type claims the file: faults in known keys are
	// showable then, and nothing is required.
	foreign bool
	typ     string // name of the entry's type
}

// record decodes a mapping against a list of fields. Unknown keys go to
// unknown; a nil unknown makes them errors.
func (d *decoder) record(n node, fields []*site.Field, unknown func(pair)) site.Record {
	var rec site.Record
	byName := make(map[string]pair, len(n.pairs))
	for _, p := range n.pairs {
		f := fieldNamed(fields, p.key)
		if f == nil {
			if unknown != nil {
				unknown(p)
			} else {
				d.diags.Errorf(p.pos, "feld-unbekannt", d.unknownHint(p.key, fields), "Das Feld „%s“ gibt es hier nicht.", p.key)
			}
			continue
		}
		byName[p.key] = p
	}
	for _, f := range fields {
		p, ok := byName[f.Name]
		if !ok || p.value.kind == null || p.value.kind == scalar && strings.TrimSpace(p.value.text) == "" {
			if ok && slices.Contains(visibilityFields, f.Name) && f.Common {
				d.diags.Errorf(p.pos, "feld-leer", "Ergänzen Sie einen Wert oder löschen Sie die Zeile.", "Das Feld „%s“ ist leer; es entscheidet, wer den Eintrag sieht.", f.Name)
			}
			if f.Required && !d.foreign {
				pos := n.pos
				if ok {
					pos = p.pos
				}
				d.diags.Errorf(pos, "pflichtfeld-fehlt", requiredHint(f), "Das Pflichtfeld „%s“ (%s) fehlt.", f.Name, f.Label.In("de"))
			}
			continue
		}
		strict := *d
		strict.foreign = d.foreign && !slices.Contains(visibilityFields, f.Name)
		if v := strict.value(f, p.value); v != nil {
			rec.Items = append(rec.Items, site.Item{Field: f, Value: v, Pos: p.value.pos})
		}
	}
	for _, it := range rec.Items {
		if first := rec.Item(it.Field.NotBefore); first != nil && site.Compare(it.Value, first.Value) < 0 {
			d.fault(it.Pos, "reihenfolge", "Prüfen Sie beide Angaben.", "„%s“ (%s) liegt vor „%s“ (%s).", it.Field.Name, site.Plain(it.Value), first.Field.Name, site.Plain(first.Value))
		}
	}
	return rec
}

// visibilityFields decide who sees an entry. A fault in them is never taken
// lightly: the entry might be shown to people it is not for.
var visibilityFields = []string{"status", "discussion", "audience", "published"}

func (d *decoder) unknownHint(key string, fields []*site.Field) string {
	if h := diag.DidYouMean(key, names(fields)); h != "" {
		return h
	}
	return "Welche Felder es gibt, zeigt „portal schema " + d.typ + "“."
}

func requiredHint(f *site.Field) string {
	if h := f.Help.In("de"); h != "" {
		return f.Name + ": … – " + h
	}
	return "Ergänzen Sie „" + f.Name + ": …“."
}

func fieldNamed(fields []*site.Field, name string) *site.Field {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func names(fields []*site.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}

// value decodes one field; nil when it cannot be used.
func (d *decoder) value(f *site.Field, n node) site.Value {
	list := f.Multiple || f.Kind == site.KindList
	if !list {
		if n.kind == sequence {
			d.fault(n.pos, "feld-einzeln", "Schreiben Sie nur einen Wert, ohne Klammern und Striche.", "Das Feld „%s“ nimmt nur einen Wert, keine Liste.", f.Name)
			return nil
		}
		return d.single(f, n)
	}
	items := n.items
	if n.kind != sequence {
		if f.Kind == site.KindList {
			d.fault(n.pos, "feld-liste", "Beginnen Sie jeden Eintrag mit „- “.", "Das Feld „%s“ ist eine Liste.", f.Name)
			return nil
		}
		items = []node{n}
	}
	var many site.Many
	for _, it := range items {
		if it.kind == null {
			d.fault(it.pos, "feld-leer", "Löschen Sie die leere Zeile der Liste.", "In der Liste „%s“ ist ein Eintrag leer.", f.Name)
			continue
		}
		if v := d.single(f, it); v != nil {
			many.Values = append(many.Values, v)
		}
	}
	d.duplicates(f, many, items)
	if len(many.Values) == 0 {
		return nil
	}
	return many
}

func (d *decoder) duplicates(f *site.Field, m site.Many, items []node) {
	if f.Kind == site.KindList || len(m.Values) != len(items) {
		return
	}
	seen := map[string]bool{}
	for i, v := range m.Values {
		key := site.Plain(v)
		if seen[key] {
			d.diags.Warnf(items[i].pos, "wert-doppelt", "Löschen Sie die Wiederholung.", "„%s“ steht zweimal im Feld „%s“.", key, f.Name)
		}
		seen[key] = true
	}
}

func (d *decoder) fault(p diag.Pos, code, hint, format string, args ...any) {
	if d.foreign {
		d.diags.Showablef(p, code, hint, format, args...)
		return
	}
	d.diags.Errorf(p, code, hint, format, args...)
}

// single decodes one value by its field's kind.
func (d *decoder) single(f *site.Field, n node) site.Value {
	switch f.Kind {
	case site.KindRecord, site.KindList:
		if n.kind != mapping {
			d.fault(n.pos, "feld-gruppe-erwartet", "Schreiben Sie darunter, eingerückt: "+strings.Join(names(f.Sub), ": …, ")+": …", "Das Feld „%s“ ist eine Gruppe von Angaben, hier steht %s.", f.Name, n.kindName())
			return nil
		}
		return d.record(n, f.Sub, nil)
	case site.KindLink:
		return d.link(f, n)
	case site.KindImage:
		return d.image(f, n)
	case site.KindFile:
		return d.file(f, n)
	case site.KindRange:
		return d.span(f, n)
	}
	if n.kind != scalar {
		d.fault(n.pos, "feld-wert-erwartet", "Schreiben Sie den Wert in dieselbe Zeile: „"+f.Name+": …“.", "Das Feld „%s“ nimmt einen einzelnen Wert, hier steht %s.", f.Name, n.kindName())
		return nil
	}
	s := strings.TrimSpace(n.text)
	switch f.Kind {
	case site.KindText:
		return d.text(f, n, s)
	case site.KindMarkdown:
		d.length(f, n, s)
		return site.Prose{Source: n.text, Pos: n.inside, Indent: n.indent}
	case site.KindDate:
		return d.date(f, n, s)
	case site.KindDateTime:
		return d.datetime(f, n, s)
	case site.KindNumber:
		if x, ok := d.number(f, n, s); ok {
			return site.Number{N: x}
		}
	case site.KindMoney:
		return d.money(f, n, s)
	case site.KindBool:
		return d.bool(f, n, s)
	case site.KindEnum:
		return d.enum(f, n, s)
	case site.KindLevel:
		return d.level(f, n, s)
	case site.KindTags:
		return &site.Tag{ID: s, Pos: n.pos}
	case site.KindRelation:
		return &site.Ref{ID: s, Pos: n.pos}
	case site.KindConstraint:
		return d.constraint(n)
	}
	return nil
}

func (d *decoder) length(f *site.Field, n node, s string) {
	// Foreign pages have the titles they have.
	if c := utf8.RuneCountInString(s); f.MaxLen > 0 && c > f.MaxLen && !d.foreign {
		d.fault(n.pos, "text-zu-lang", fmt.Sprintf("Kürzen Sie um %d Zeichen.", c-f.MaxLen), "„%s“ hat %d Zeichen; höchstens %d sind möglich.", f.Name, c, f.MaxLen)
	}
}

func (d *decoder) text(f *site.Field, n node, s string) site.Value {
	d.length(f, n, s)
	if f.Pattern != nil && !f.Pattern.MatchString(s) {
		d.fault(n.pos, "text-form", "Erwartet wird: "+f.Form+".", "„%s“ passt nicht zum Feld „%s“.", short(s), f.Name)
		return nil
	}
	if !n.quoted || !strings.Contains(s, "\n") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return site.Str{S: s}
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

var germanDate = regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$`)

func (d *decoder) date(f *site.Field, n node, s string) site.Value {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return site.Date{Time: t}
	}
	d.fault(n.pos, "datum", dateHint(s, time.DateOnly), "„%s“ im Feld „%s“ ist kein Datum, das es gibt.", short(s), f.Name)
	return nil
}

// dateHint rewrites a date in the German form, or shows the form.
func dateHint(s, layout string) string {
	if m := germanDate.FindStringSubmatch(s); m != nil {
		day, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		iso := fmt.Sprintf("%s-%02d-%02d", m[3], month, day)
		if _, err := time.Parse(time.DateOnly, iso); err == nil {
			return "Schreiben Sie " + iso + "."
		}
	}
	return "Schreiben Sie Jahr-Monat-Tag, etwa " + map[bool]string{true: "2026-04-15.", false: "2026-04-15T09:00."}[layout == time.DateOnly]
}

var dateTimeForms = []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateTime, time.DateOnly}

func (d *decoder) datetime(f *site.Field, n node, s string) site.Value {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return site.DateTime{Time: t.In(d.loc)}
	}
	for _, form := range dateTimeForms {
		t, err := time.ParseInLocation(form, s, d.loc)
		if err != nil {
			continue
		}
		// A clock that jumps forward skips an hour; Go moves such a time silently.
		if t.Format(form) != s {
			d.fault(n.pos, "uhrzeit-gibt-es-nicht", "Wählen Sie eine Uhrzeit vor oder nach der Umstellung.", "Die Uhrzeit „%s“ fällt in die Umstellung auf Sommerzeit.", s)
			return nil
		}
		return site.DateTime{Time: t}
	}
	d.fault(n.pos, "datum", dateHint(s, time.RFC3339), "„%s“ im Feld „%s“ ist kein Zeitpunkt, den es gibt.", short(s), f.Name)
	return nil
}

var grouped = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{3}){2,}$`)

func (d *decoder) number(f *site.Field, n node, s string) (float64, bool) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(s, "xX_pP") {
		hint := "Schreiben Sie nur die Zahl, ohne Einheit und mit Punkt statt Komma: 12.5."
		if grouped.MatchString(s) {
			hint = "Schreiben Sie die Zahl ohne Punkte: " + strings.ReplaceAll(s, ".", "") + "."
		}
		d.fault(n.pos, "zahl", hint, "„%s“ im Feld „%s“ ist keine Zahl.", short(s), f.Name)
		return 0, false
	}
	if f.Min != nil && x < *f.Min || f.Max != nil && x > *f.Max {
		d.fault(n.pos, "zahl-bereich", bounds(f), "%s liegt außerhalb dessen, was im Feld „%s“ möglich ist.", s, f.Name)
		return 0, false
	}
	return x, true
}

func bounds(f *site.Field) string {
	g := func(x *float64) string { return strconv.FormatFloat(*x, 'f', -1, 64) }
	switch {
	case f.Min != nil && f.Max != nil:
		return "Möglich ist " + g(f.Min) + " bis " + g(f.Max) + "."
	case f.Min != nil:
		return "Möglich ist " + g(f.Min) + " und mehr."
	}
	return "Möglich ist höchstens " + g(f.Max) + "."
}

func (d *decoder) span(f *site.Field, n node) site.Value {
	hint := "Schreiben Sie {min: 5, max: 40}; eines von beiden darf fehlen."
	if n.kind == scalar {
		s := strings.TrimSpace(n.text)
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			d.fault(n.pos, "bereich", hint, "„%s“ im Feld „%s“ ist kein Bereich.", short(s), f.Name)
		} else if x, ok := d.number(f, n, s); ok {
			return site.Range{Min: &x, Max: &x}
		}
		return nil
	}
	if n.kind != mapping || len(n.pairs) == 0 {
		d.fault(n.pos, "bereich", hint, "Das Feld „%s“ ist ein Bereich, hier steht %s.", f.Name, n.kindName())
		return nil
	}
	var r site.Range
	for _, p := range n.pairs {
		to := map[string]**float64{"min": &r.Min, "max": &r.Max}[p.key]
		if to == nil {
			d.fault(p.pos, "bereich", hint, "Ein Bereich hat „min“ und „max“, nicht „%s“.", p.key)
			return nil
		}
		x, ok := d.number(f, p.value, strings.TrimSpace(p.value.text))
		if !ok {
			return nil
		}
		*to = &x
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		d.fault(n.pos, "bereich", "Vertauschen Sie die beiden Werte.", "Im Feld „%s“ ist der kleinste Wert größer als der größte.", f.Name)
		return nil
	}
	return r
}

var moneyForm = regexp.MustCompile(`^(\d{1,13})(?:\.(\d{1,2}))?(?:\s+([A-Z]{3}))?$`)

func (d *decoder) money(f *site.Field, n node, s string) site.Value {
	m := moneyForm.FindStringSubmatch(s)
	if m == nil {
		d.fault(n.pos, "betrag", "Schreiben Sie die Zahl ohne Punkte und die Währung dahinter: 500000 EUR.", "„%s“ im Feld „%s“ ist kein Betrag.", short(s), f.Name)
		return nil
	}
	whole, _ := strconv.ParseInt(m[1], 10, 64)
	cents, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	currency := m[3]
	if currency == "" {
		currency = "EUR"
	}
	return site.Money{Cents: whole*100 + cents, Currency: currency}
}

func (d *decoder) bool(f *site.Field, n node, s string) site.Value {
	switch strings.ToLower(s) {
	case "true", "ja", "yes":
		return site.Bool{B: true}
	case "false", "nein", "no":
		return site.Bool{B: false}
	}
	d.fault(n.pos, "ja-nein", "Schreiben Sie „true“ für ja oder „false“ für nein.", "„%s“ im Feld „%s“ ist weder ja noch nein.", short(s), f.Name)
	return nil
}

func (d *decoder) enum(f *site.Field, n node, s string) site.Value {
	keys := make([]string, len(f.Values))
	for i, v := range f.Values {
		keys[i] = v.Key
	}
	if slices.Contains(keys, s) {
		return site.Enum{Key: s}
	}
	d.fault(n.pos, "wert-unbekannt", diag.DidYouMean(s, keys), "„%s“ ist kein möglicher Wert des Feldes „%s“.", short(s), f.Name)
	return nil
}

func (d *decoder) level(f *site.Field, n node, s string) site.Value {
	x, err := strconv.Atoi(s)
	if err == nil && len(f.Values) > 0 {
		if slices.ContainsFunc(f.Values, func(v site.EnumValue) bool { return v.Key == s }) {
			return site.Level{N: x}
		}
		err = errors.New("not a step")
	}
	if err == nil && (f.Min == nil || float64(x) >= *f.Min) && (f.Max == nil || float64(x) <= *f.Max) {
		return site.Level{N: x}
	}
	hint := bounds0(f)
	d.fault(n.pos, "stufe", hint, "„%s“ ist keine Stufe des Feldes „%s“.", short(s), f.Name)
	return nil
}

func bounds0(f *site.Field) string {
	if len(f.Values) > 0 {
		return "Möglich ist " + f.Values[0].Key + " bis " + f.Values[len(f.Values)-1].Key + ", als ganze Zahl."
	}
	return bounds(f)
}

func (d *decoder) constraint(n node) site.Value {
	pos := n.pos
	if n.quoted {
		pos.Col++ // behind the quotation mark
	}
	c, err := site.ParseConstraint(n.text)
	var wrong *site.ConstraintError
	if errors.As(err, &wrong) {
		pos.Col += wrong.At
		d.fault(pos, "bedingung", "Schreiben Sie Feld, Vergleich (>=, <=, >, <, =, != oder in) und Wert, etwa „trl >= 7“ oder „mdr_class in [IIa, IIb]“.", "%s.", err)
		return nil
	}
	pos.Col += utf8.RuneCountInString(n.text) - utf8.RuneCountInString(strings.TrimLeftFunc(n.text, unicode.IsSpace))
	c.Pos = pos
	return c
}

// parts reads a mapping of texts with the given keys, or puts a scalar under
// the first of them.
func (d *decoder) parts(f *site.Field, n node, keys ...string) (map[string]string, bool) {
	out := map[string]string{}
	switch n.kind {
	case scalar:
		out[keys[0]] = strings.TrimSpace(n.text)
	case mapping:
		for _, p := range n.pairs {
			if !slices.Contains(keys, p.key) {
				d.fault(p.pos, "feld-unbekannt", diag.DidYouMean(p.key, keys), "Im Feld „%s“ gibt es die Angabe „%s“ nicht.", f.Name, p.key)
				return nil, false
			}
			out[p.key] = strings.TrimSpace(p.value.text)
		}
	default:
		d.fault(n.pos, "feld-wert-erwartet", "Schreiben Sie „"+f.Name+": {"+strings.Join(keys, ": …, ")+": …}“.", "Das Feld „%s“ nimmt einen Wert oder eine Gruppe von Angaben, hier steht %s.", f.Name, n.kindName())
		return nil, false
	}
	if out[keys[0]] == "" {
		d.fault(n.pos, "angabe-fehlt", "Ergänzen Sie „"+keys[0]+": …“.", "Im Feld „%s“ fehlt die Angabe „%s“.", f.Name, keys[0])
		return nil, false
	}
	return out, true
}

func (d *decoder) link(f *site.Field, n node) site.Value {
	m, ok := d.parts(f, n, "url", "text")
	if !ok {
		return nil
	}
	u, err := url.Parse(m["url"])
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	mail := err == nil && u.Scheme == "mailto" && strings.Contains(u.Opaque, "@")
	if !web && !mail {
		d.fault(n.pos, "adresse", "Schreiben Sie die ganze Adresse: https://www.example.org/…", "„%s“ im Feld „%s“ ist keine Internetadresse.", short(m["url"]), f.Name)
		return nil
	}
	return site.Link{URL: m["url"], Text: m["text"]}
}

func (d *decoder) image(f *site.Field, n node) site.Value {
	m, ok := d.parts(f, n, "src", "alt", "caption", "credit")
	if !ok {
		return nil
	}
	if m["alt"] == "" {
		d.diags.Warnf(n.pos, "alternativtext-fehlt", "Ergänzen Sie „alt: Was auf dem Bild zu sehen ist“.", "Das Bild „%s“ hat keinen Alternativtext.", m["src"])
	}
	return site.Image{Src: m["src"], Alt: m["alt"], Caption: m["caption"], Credit: m["credit"], Pos: n.pos}
}

func (d *decoder) file(f *site.Field, n node) site.Value {
	m, ok := d.parts(f, n, "src", "title")
	if !ok {
		return nil
	}
	return site.File{Src: m["src"], Title: m["title"], Pos: n.pos}
}
