package admin

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

const (
	titleField   = "title"
	summaryField = "summary"
	statusField  = "status"
	bodyField    = "body"
)

// first are the common fields that open a form, last those that hardly anybody
// fills in. Between them stand the type's own fields, the text, and the rest.
var (
	first = []string{"title", "summary", statusField, "discussion", "audience", "published", "topics"}
	last  = []string{"id", "lang", "translation_of", "aliases"}
)

// inOrder are the fields of a type in the order of its form.
func inOrder(t *site.Type) []*site.Field {
	return slices.SortedStableFunc(slices.Values(t.Fields), func(a, b *site.Field) int { return cmp.Compare(rank(a), rank(b)) })
}

// rank is the place of a field: below ownFields before the type's own, above
// it after the text.
func rank(f *site.Field) int {
	switch {
	case !f.Common:
		return ownFields
	case slices.Contains(first, f.Name):
		return slices.Index(first, f.Name)
	case slices.Contains(last, f.Name):
		return ownFields + 2 + slices.Index(last, f.Name)
	}
	return ownFields + 1
}

const ownFields = 100

// fields are the inputs of a form. Where the loader requires nothing, free is
// set, and the form does not either.
func (c *configurer) fields(t *site.Type, free bool) []object {
	var before, after []object
	for _, f := range inOrder(t) {
		if rank(f) <= ownFields {
			before = append(before, c.field(t, f, free))
		} else {
			after = append(after, c.field(t, f, free))
		}
	}
	text := c.i18n(object{"name": bodyField, "label": "Text", "widget": "richtext", "modes": []string{"raw"}, "required": false,
		"hint": "In Markdown: „## Überschrift“, „- Aufzählung“, „[[kennung]]“ verweist auf einen Eintrag, „[@kuerzel]“ nennt eine Quelle."})
	return slices.Concat(before, []object{text}, after)
}

func isStatus(f *site.Field) bool { return f.Common && f.Name == statusField }

func (c *configurer) i18n(o object) object {
	if len(c.Config.Languages) > 1 {
		o["i18n"] = true
	}
	return o
}

// field is the input of one field.
func (c *configurer) field(t *site.Type, f *site.Field, free bool) object {
	w := c.widget(t, f, free)
	w["name"], w["label"], w["required"] = f.Name, f.Label.In("de"), f.Required && !free
	if h := c.hint(t, f); h != "" {
		w["hint"] = h
	}
	if isStatus(f) {
		w["default"] = string(site.StatusDraft)
	}
	return c.i18n(w)
}

// widget is the input for the kind of a field, nil for a kind that has none.
func (c *configurer) widget(t *site.Type, f *site.Field, free bool) object {
	switch f.Kind {
	case site.KindText:
		return c.many(f, textInput(f))
	case site.KindMarkdown:
		return limited(object{"widget": "text"}, f)
	case site.KindDate:
		return object{"widget": "datetime", "type": "date", "format": "YYYY-MM-DD"}
	case site.KindDateTime:
		return object{"widget": "datetime", "type": "datetime-local", "format": "YYYY-MM-DDTHH:mm"}
	case site.KindNumber:
		return number(f)
	case site.KindRange:
		from, to := number(f), number(f)
		from["name"], from["label"], from["required"] = "min", "von", false
		to["name"], to["label"], to["required"] = "max", "bis", false
		return object{"widget": "object", "fields": []object{c.i18n(from), c.i18n(to)}}
	case site.KindMoney:
		return object{"widget": "string", "use_emoji_autocomplete": false, "pattern": []string{`^[0-9]{1,13}([.][0-9]{1,2})?( +[A-Z]{3})?$`, "Zahl ohne Punkte, dahinter die Währung: 500000 EUR."}}
	case site.KindBool:
		return object{"widget": "select", "options": []object{{"label": "ja", "value": true}, {"label": "nein", "value": false}}}
	case site.KindEnum:
		return object{"widget": "select", "multiple": f.Multiple, "options": options(f, false)}
	case site.KindLevel:
		return object{"widget": "select", "options": options(f, true)}
	case site.KindTags:
		return c.terms(f)
	case site.KindRelation:
		return c.relation(f)
	case site.KindConstraint:
		return c.many(f, object{"widget": "string", "use_emoji_autocomplete": false, "pattern": []string{`^\s*[a-z][a-z0-9_.]*\s*((>=|<=|!=|=|>|<)\s*[^<>=!\s].*|in\s*\[.*[^\s].*\]\s*)$`, "Feld, Vergleich und Wert, z. B. „trl >= 7“ oder „mdr_class in [IIa, IIb]“."}})
	case site.KindLink:
		return c.many(f, object{"widget": "string", "use_emoji_autocomplete": false, "pattern": []string{`^(https?://|mailto:)\S+( .+)?$`, "Eine Adresse, die mit „https://“ oder „mailto:“ beginnt; nach einem Leerzeichen folgt, wenn gewünscht, der Text des Verweises."}})
	case site.KindImage:
		return object{"widget": "object", "fields": c.image(f)}
	case site.KindFile:
		return c.file(f)
	case site.KindRecord:
		return object{"widget": "object", "fields": c.sub(t, f, free)}
	case site.KindList:
		return object{"widget": "list", "fields": c.sub(t, f, free), "collapsed": "auto", "summary": summary(f), "label_singular": "Eintrag"}
	}
	return nil
}

// textInput is a line, or several for what does not fit into one.
func textInput(f *site.Field) object {
	w := object{"widget": "string", "use_emoji_autocomplete": false}
	if f.MaxLen > 120 && f.Match == "" && !f.Multiple && f.Name != titleField {
		w = object{"widget": "text"}
	}
	limited(w, f)
	if f.Match != "" {
		w["pattern"] = []string{"^(?:" + f.Match + ")$", sentence(f.Form)}
	}
	return w
}

func limited(w object, f *site.Field) object {
	if f.MaxLen > 0 {
		w["maxlength"] = f.MaxLen
	}
	return w
}

func sentence(s string) string {
	if s == "" {
		return "Dieser Wert passt nicht."
	}
	return "Erwartet wird: " + s + "."
}

// many makes a list of an input, if the field is one. Sveltia has a shorter form
// for lists of texts, but takes an entry with one for changed as soon as it is
// shown.
func (c *configurer) many(f *site.Field, one object) object {
	if !f.Multiple {
		return one
	}
	// An empty item is left out; a translation begins with as many as the original.
	one["name"], one["label"], one["required"] = "value", f.Label.In("de"), false
	return object{"widget": "list", "field": c.i18n(one), "label_singular": "Eintrag", "collapsed": false}
}

func number(f *site.Field) object {
	w := object{"widget": "number", "value_type": "float"}
	if f.Unit != "" {
		w["after_input"] = f.Unit
	}
	if f.Min != nil {
		w["min"] = *f.Min
	}
	if f.Max != nil {
		w["max"] = *f.Max
	}
	return w
}

// options are the words of a field; those of a scale are numbers.
func options(f *site.Field, numbers bool) []object {
	values := f.Values
	if len(values) == 0 && f.Min != nil && f.Max != nil {
		for n := int(*f.Min); n <= int(*f.Max); n++ {
			values = append(values, site.EnumValue{Key: strconv.Itoa(n)})
		}
	}
	out := []object{}
	for _, v := range values {
		label := cmp.Or(v.Label.In("de"), v.Key)
		if numbers && v.Label.In("de") != "" && !strings.Contains(label, v.Key) {
			label = v.Key + " – " + label
		}
		if note := strings.TrimSuffix(v.Note.In("de"), "."); note != "" {
			label += " – " + note
		}
		o := object{"label": label, "value": v.Key}
		if numbers {
			o["value"], _ = strconv.Atoi(v.Key) // types with other keys are refused
		}
		out = append(out, o)
	}
	return out
}

// terms are the words of a vocabulary, narrower ones after their broader one.
func (c *configurer) terms(f *site.Field) object {
	out := []object{}
	for _, tax := range c.Taxonomies {
		if tax.Name != f.Vocabulary {
			continue
		}
		terms := slices.Clone(tax.Terms)
		if !tax.Ordered {
			lang.SortBy("de", terms, func(t *site.Term) string { return t.Label.In("de") })
		}
		var add func(broader, indent string)
		add = func(broader, indent string) {
			for _, t := range terms {
				if t.Broader == broader {
					out = append(out, object{"label": indent + t.Label.In("de"), "value": t.ID})
					add(t.ID, indent+"– ")
				}
			}
		}
		add("", "")
	}
	return object{"widget": "select", "multiple": f.Multiple, "options": out}
}

// relation is a choice among entries. Sveltia looks for them itself, and so
// knows those that were made a moment ago, where all candidates lie in one
// folder under their ids; otherwise they are listed here.
func (c *configurer) relation(f *site.Field) object {
	if dir := c.oneFolder(f.To); dir != "" {
		return object{"widget": "relation", "collection": Collection(dir), "value_field": "{{slug}}", "multiple": f.Multiple,
			"display_fields": []string{"{{title}}"}, "search_fields": c.names(f.To[0]), "dropdown_threshold": 0}
	}
	type candidate struct{ id, label string }
	var all []candidate
	for _, e := range c.Entries {
		if (!e.Index || e.ID != path.Base(e.Path)) && e.Lang == c.Config.DefaultLang() && (len(f.To) == 0 || slices.Contains(f.To, e.Type.Name)) {
			all = append(all, candidate{e.ID, e.Title + " (" + e.Type.Labels.One.In("de") + ")"})
		}
	}
	lang.SortBy("de", all, func(x candidate) string { return x.label })
	out := []object{}
	for _, x := range all {
		out = append(out, object{"label": x.label, "value": x.id})
	}
	if len(out) == 0 { // there is nothing to choose yet
		return c.many(f, object{"widget": "string"})
	}
	return object{"widget": "select", "multiple": f.Multiple, "options": out, "dropdown_threshold": 0}
}

// oneFolder is the folder in which all entries of a single type lie, each in
// the file that its id names.
func (c *configurer) oneFolder(types []string) string {
	if len(types) != 1 {
		return ""
	}
	dir := ""
	for _, t := range c.Types {
		if t.Name == types[0] && !t.Fallback {
			dir = t.Folder
		}
	}
	for _, e := range c.Entries {
		if e.Type.Name == types[0] && !e.Index && e.Path != path.Join(dir, e.ID) {
			return ""
		}
	}
	return dir
}

// nameWeight is the weight in the search from which a field is a name of its
// entry (docs/felder.md).
const nameWeight = 6

// names are the fields by which entries of a type are found.
func (c *configurer) names(typ string) []string {
	var out []string
	for _, t := range c.Types {
		if t.Name != typ {
			continue
		}
		for _, f := range t.Fields {
			if f.Kind == site.KindText && !f.Multiple && (f.Search >= nameWeight || f.Name == summaryField) {
				out = append(out, f.Name)
			}
		}
	}
	return out
}

// part is an input for a part of a picture or a download.
func (c *configurer) part(name, label, hint string, required bool, w object) object {
	w["name"], w["label"], w["required"] = name, label, required
	if hint != "" {
		w["hint"] = hint
	}
	return c.i18n(w)
}

func line() object { return object{"widget": "string", "use_emoji_autocomplete": false} }

func (c *configurer) image(*site.Field) []object {
	return []object{
		c.part("src", "Bilddatei", "", true, object{"widget": "image", "choose_url": false}),
		c.part("alt", "Alternativtext", "Was auf dem Bild zu sehen ist, für alle, die es nicht sehen.", false, line()),
		c.part("caption", "Bildunterschrift", "", false, line()),
		c.part("credit", "Bildnachweis", "Wer das Bild gemacht hat, z. B. „AG VZKM“.", false, line()),
	}
}

func (c *configurer) file(f *site.Field) object {
	fields := []object{
		c.part("src", "Datei", "", true, object{"widget": "file", "choose_url": false}),
		c.part("title", "Titel des Downloads", "", false, line()),
	}
	if f.Multiple {
		return object{"widget": "list", "fields": fields, "collapsed": "auto", "summary": "{{title}} {{src}}", "label_singular": "Eintrag"}
	}
	return object{"widget": "object", "fields": fields}
}

func (c *configurer) sub(t *site.Type, f *site.Field, free bool) []object {
	var out []object
	for _, s := range f.Sub {
		out = append(out, c.field(t, s, free))
	}
	return out
}

// summary is what a closed group of a list shows: its first line and its day.
func summary(f *site.Field) string {
	var parts []string
	for _, s := range f.Sub {
		if len(parts) < 2 && !s.Multiple && slices.Contains([]site.Kind{site.KindText, site.KindMarkdown, site.KindDate, site.KindDateTime, site.KindEnum, site.KindRelation}, s.Kind) {
			parts = append(parts, "{{"+s.Name+"}}")
		}
	}
	return strings.Join(parts, " · ")
}

// quoted are the examples in a hint, which show what one would write into the
// file: „[krisenvorsorge, finanzierung]“.
var (
	quoted  = regexp.MustCompile(`„[^“]*“`)
	isoDay  = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$`)
	keyWord = regexp.MustCompile(`^([a-z_]+): (.+)$`)
)

// hint is the help of a field in the words of the form: labels in place of keys.
func (c *configurer) hint(t *site.Type, f *site.Field) string {
	return quoted.ReplaceAllStringFunc(f.Help.In("de"), func(q string) string {
		inner := strings.TrimSuffix(strings.TrimPrefix(q, "„"), "“")
		if m := keyWord.FindStringSubmatch(inner); m != nil {
			if other := t.FieldByPath(m[1]); other != nil {
				return "„" + other.Label.In("de") + ": " + c.word(other, m[2]) + "“"
			}
		}
		var words []string
		for _, w := range strings.Split(strings.Trim(inner, "[]"), ",") {
			words = append(words, c.word(f, strings.TrimSpace(w)))
		}
		if !strings.HasPrefix(inner, "[") && len(words) > 1 {
			return q
		}
		return "„" + strings.Join(words, "“, „") + "“"
	})
}

// word is what the form shows in place of a value.
func (c *configurer) word(f *site.Field, value string) string {
	switch f.Kind {
	case site.KindBool:
		return cmp.Or(map[string]string{"true": "ja", "false": "nein"}[value], value)
	case site.KindEnum, site.KindLevel:
		return f.ValueLabel(value, "de")
	case site.KindTags:
		for _, tax := range c.Taxonomies {
			for _, t := range tax.Terms {
				if tax.Name == f.Vocabulary && t.ID == value {
					return t.Label.In("de")
				}
			}
		}
	case site.KindRelation:
		return cmp.Or(c.ids[value], value)
	case site.KindDate, site.KindDateTime:
		if m := isoDay.FindStringSubmatch(value); m != nil {
			day := m[3] + "." + m[2] + "." + m[1]
			if m[4] != "" {
				day += ", " + m[4] + ":" + m[5]
			}
			return day
		}
	case site.KindNumber, site.KindRange:
		if _, err := strconv.ParseFloat(value, 64); err == nil {
			return strings.Replace(value, ".", ",", 1)
		}
	}
	return value
}
