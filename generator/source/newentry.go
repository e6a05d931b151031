package source

import (
	"fmt"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Draft is a new entry that has not been written yet. Path is relative to the
// site's folder.
type Draft struct{ ID, Title, Path, Text string }

// NewEntry makes a valid entry with the required fields filled in as far as
// that can be done, and every other field explained in a comment. Its status
// is a draft, so that it is not published before it is finished. id may be "".
func NewEntry(t *site.Type, title, id string) Draft {
	if id == "" {
		id = lang.ID(title)
	}
	path := "content/" + id + ".md"
	if !t.Fallback {
		path = "content/" + t.Folder + "/" + id + ".md"
	}
	var b strings.Builder
	b.WriteString("---\n")
	fmt.Fprintf(&b, "# %s: Die Zeilen ohne # davor sind ausgefüllt. Nehmen Sie bei den anderen das # weg,\n# wenn Sie das Feld brauchen.\n\n", t.Labels.One.In("de"))
	writeFields(&b, t.Fields, title, "", false)
	b.WriteString("---\n\nHier beginnt der Text.\n")
	return Draft{ID: id, Title: title, Path: path, Text: b.String()}
}

func writeFields(b *strings.Builder, fields []*site.Field, title, indent string, commented bool) {
	for _, f := range fields {
		if f.Name == "id" && f.Common {
			continue
		}
		explain(b, f, indent)
		mark := "# "
		if (f.Required || f.Name == "status" && f.Common) && !commented {
			mark = ""
		}
		value := sample(f, title)
		if f.Kind == site.KindRecord || f.Kind == site.KindList {
			fmt.Fprintf(b, "%s%s%s:\n", indent, mark, f.Name)
			writeSub(b, f, indent+mark, title)
			continue
		}
		fmt.Fprintf(b, "%s%s%s: %s\n", indent, mark, f.Name, value)
	}
}

// writeSub writes the fields of a record or of one item of a list in their
// shortest form; they are explained in the documentation of the type.
func writeSub(b *strings.Builder, f *site.Field, prefix, title string) {
	lead := "  "
	if f.Kind == site.KindList {
		lead = "  - "
	}
	for _, s := range f.Sub {
		if s.Kind == site.KindRecord || s.Kind == site.KindList || len(s.To) > 0 && !s.Required {
			continue
		}
		fmt.Fprintf(b, "%s%s%s: %s\n", prefix, lead, s.Name, sample(s, title))
		if f.Kind == site.KindList {
			lead = "    "
		}
	}
}

func explain(b *strings.Builder, f *site.Field, indent string) {
	line := f.Label.In("de")
	if f.Required {
		line += " (Pflicht)"
	}
	if h := f.Help.In("de"); h != "" {
		line += ": " + strings.ReplaceAll(h, "\n", " ")
	}
	fmt.Fprintf(b, "%s# %s\n", indent, line)
	var keys []string
	for _, v := range f.Values {
		keys = append(keys, v.Key)
	}
	if len(keys) > 0 {
		fmt.Fprintf(b, "%s# Möglich: %s\n", indent, strings.Join(keys, ", "))
	}
}

// sample is a value of the right form. Fields that must name something that
// exists get the id of nothing and are left to the editor.
func sample(f *site.Field, title string) string {
	v := sampleOne(f, title)
	if f.Multiple && v != "" {
		return "[" + v + "]"
	}
	return v
}

func sampleOne(f *site.Field, title string) string {
	if f.Common {
		switch f.Name {
		case "title":
			return quote(title)
		case "status":
			return string(site.StatusDraft)
		}
	}
	switch f.Kind {
	case site.KindText, site.KindMarkdown:
		if f.Match != "" {
			return quote("")
		}
		return quote("…")
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

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}
