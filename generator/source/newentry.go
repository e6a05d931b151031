package source

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// Draft is a new entry that has not been written yet. Path is relative to the
// site's folder; BodyLine is the line of the file in which its text begins.
type Draft struct {
	ID, Title, Path, Text string
	BodyLine              int
}

// placeholderText stands for a text that is still to be written, placeholder
// behind a value that only has the right form. placeholder.go finds both.
const (
	placeholderText = "Hier beginnt der Text."
	placeholder     = "# Platzhalter"
)

// Draft makes a valid entry of a form: what has been set, the required fields
// filled in as far as that can be done, and every other field explained in a
// comment. Its status is a draft unless it has been set, so that it is not
// published before it is finished. body may be "". language is "" for that of
// the site.
func (f *Form) Draft(id, language, body string) Draft {
	name := id
	if language != "" {
		name += "." + language
	}
	path := "content/" + name + ".md"
	if !f.Type.Fallback {
		path = "content/" + f.Type.Folder + "/" + name + ".md"
	}
	var b strings.Builder
	b.WriteString("---\n")
	fmt.Fprintf(&b, "# %s: Die Zeilen ohne # davor sind ausgefüllt. Nehmen Sie bei den anderen das # weg,\n# wenn Sie das Feld brauchen. Wo „%s“ steht, fehlt noch der richtige Wert.\n\n", f.Type.Labels.One.In("de"), strings.TrimPrefix(placeholder, "# "))
	w := sampler{&b, f}
	first := func(f *site.Field) bool { return f.Common && (f.Required || f.Name == "status") }
	w.fields(slices.Collect(filter(f.Type.Fields, first)))
	w.fields(slices.Collect(filter(f.Type.Fields, func(f *site.Field) bool { return !first(f) })))
	b.WriteString("---\n\n")
	d := Draft{ID: id, Path: path, BodyLine: 1 + strings.Count(b.String(), "\n")}
	if t := f.values.get("title"); t != nil {
		d.Title = t.text
	}
	if body == "" {
		body = placeholderText + "\n"
	}
	d.Text = b.String() + body
	return d
}

// sampler writes the fields of a new entry.
type sampler struct {
	b    *strings.Builder
	form *Form
}

func filter(fields []*site.Field, keep func(*site.Field) bool) iter.Seq[*site.Field] {
	return func(yield func(*site.Field) bool) {
		for _, f := range fields {
			if keep(f) && !yield(f) {
				return
			}
		}
	}
}

func (w sampler) fields(fields []*site.Field) {
	for _, f := range fields {
		set := w.form.values.get(f.Name)
		if f.Name == "id" && f.Common && set == nil {
			continue
		}
		explain(w.b, f)
		if set != nil {
			writeYAML(w.b, f, f.Name, *set, "")
			continue
		}
		mark, end := "# ", ""
		if f.Required {
			mark, end = "", " "+placeholder
		}
		switch {
		case f.Kind == site.KindRecord || f.Kind == site.KindList:
			fmt.Fprintf(w.b, "%s%s:\n", mark, f.Name)
			w.sub(f, mark, end)
		case f.Common && f.Name == "status":
			fmt.Fprintf(w.b, "%s: %s\n", f.Name, site.StatusDraft)
		default:
			fmt.Fprintf(w.b, "%s%s: %s%s\n", mark, f.Name, w.sample(f), end)
		}
	}
}

// sub writes the fields of a record or of one item of a list. What must name
// something that exists is left to the editor, unless it is required.
func (w sampler) sub(f *site.Field, prefix, end string) {
	lead := "  "
	if f.Kind == site.KindList {
		lead = "  - "
	}
	for _, s := range f.Sub {
		if s.Kind == site.KindRecord || s.Kind == site.KindList || s.Kind == site.KindRelation && !s.Required {
			continue
		}
		fmt.Fprintf(w.b, "%s%s%s: %s%s\n", prefix, lead, s.Name, w.sample(s), end)
		if f.Kind == site.KindList {
			lead = "    "
		}
	}
}

func explain(b *strings.Builder, f *site.Field) {
	line := f.Label.In("de")
	if f.Required {
		line += " (Pflicht)"
	}
	if h := f.Help.In("de"); h != "" {
		line += ": " + strings.ReplaceAll(h, "\n", " ")
	}
	fmt.Fprintf(b, "# %s\n", line)
	var keys []string
	for _, v := range f.Values {
		keys = append(keys, v.Key)
	}
	if len(keys) > 0 {
		fmt.Fprintf(b, "# Möglich: %s\n", strings.Join(keys, ", "))
	}
}

// sample is a value of the right form. A relation is left to the editor, unless
// it is required: what it names must exist.
func (w sampler) sample(f *site.Field) string {
	v := w.one(f)
	if f.Multiple && v != "" {
		return "[" + v + "]"
	}
	return v
}

func (w sampler) one(f *site.Field) string {
	switch f.Kind {
	case site.KindText, site.KindMarkdown:
		if f.Pattern == nil {
			return quote("…")
		}
		return quote(example(f))
	case site.KindTags:
		if terms := w.form.Terms(f); len(terms) > 0 {
			return terms[0].ID
		}
	case site.KindRelation:
		if to := w.form.Targets(f); f.Required && len(to) > 0 {
			return to[0].ID
		}
	case site.KindDate:
		return "2027-01-31"
	case site.KindDateTime:
		return "2027-01-31T09:00"
	case site.KindNumber:
		if f.Min != nil {
			return site.Plain(site.Number{N: *f.Min})
		}
		return "1"
	case site.KindRange:
		return "{min: 1, max: 2}"
	case site.KindMoney:
		return "100000 EUR"
	case site.KindBool:
		return "false"
	case site.KindEnum, site.KindLevel:
		if len(f.Values) > 0 {
			return f.Values[0].Key
		}
		return site.Plain(site.Number{N: *f.Min})
	case site.KindLink:
		return "https://www.example.org/"
	case site.KindImage:
		return `{src: bild.svg, alt: "…"}`
	case site.KindFile:
		return `{src: datei.pdf, title: "…"}`
	case site.KindConstraint:
		return quote("feld >= 1")
	}
	return ""
}

var quoted = regexp.MustCompile(`„([^“]+)“`)

// example is the first word in quotes, among what the definition says about a
// field, that the field would take.
func example(f *site.Field) string {
	for _, m := range quoted.FindAllStringSubmatch(f.Form+" "+f.Help.In("de"), -1) {
		if f.Pattern.MatchString(m[1]) {
			return m[1]
		}
	}
	return ""
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}
