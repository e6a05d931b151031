package render

import (
	"bytes"
	"html/template"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// CardData is the dot of a type's card template. Lang is the page's language;
// Card.Lang names the entry's when it differs.
type CardData struct {
	Card
	Lang string
}

// FieldData is the dot of a template in templates/fields. Brief is set where
// the value stands in a line: on cards and in „Auf einen Blick“.
type FieldData struct {
	Field *site.Field
	Value site.Value
	Lang  string
	Brief bool
}

func dateOf(l string, t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	if t.Hour() == 0 && t.Minute() == 0 {
		return Date{Text: lang.Date(l, t), ISO: t.Format(time.DateOnly)}
	}
	return Date{Text: lang.DateTime(l, t), ISO: t.Format(time.RFC3339)}
}

// card is an entry as lists show it.
func (r *Renderer) card(e *site.Entry, l string) Card {
	c := Card{Entry: e, Title: e.Title, URL: r.link(e.URL), Summary: e.Summary, Label: e.Type.Labels.One.In(l),
		Icon: e.Type.Icon, Status: r.Status(e, l), Date: dateOf(l, view.DateOf(e))}
	if e.Lang != l {
		c.Lang = e.Lang
	}
	for _, it := range e.Values.Items {
		if it.Field.Card {
			c.Fields = append(c.Fields, r.field(it.Field, it.Value, l, true))
		}
	}
	c.Tags = r.tags(e, l)
	return c
}

func (r *Renderer) tags(e *site.Entry, l string) []Link {
	var out []Link
	for _, t := range e.Topics {
		out = append(out, Link{Title: t.Term.Label.In(l), URL: r.termURL(l, t.Term)})
	}
	return out
}

// Status says in words what is not simply published.
func (r *Renderer) Status(e *site.Entry, l string) string {
	switch e.Status {
	case site.StatusDraft:
		if e.Discussion {
			return r.Words.Must(l, "status.discussion")
		}
		return r.Words.Must(l, "status.draft")
	case site.StatusReview:
		return r.Words.Must(l, "status.review")
	case site.StatusSuperseded:
		return r.Words.Must(l, "status.superseded")
	case site.StatusArchived:
		return r.Words.Must(l, "status.archived")
	}
	if e.Audience == site.Members {
		return r.Words.Must(l, "status.members")
	}
	if e.Published.After(r.Site.Now) {
		return r.Words.Must(l, "status.embargo")
	}
	return ""
}

// field is one value with its label, made with the template of its kind.
func (r *Renderer) field(f *site.Field, v site.Value, l string, brief bool) FieldView {
	html, err := r.fieldHTML(l, f, v, brief)
	if err != nil {
		panic(templateFault{err}) // Make turns it into its error
	}
	return FieldView{Field: f, Name: f.Name, Label: f.Label.In(l), HTML: html, Text: r.Plain(v),
		Wide: f.Kind == site.KindList || f.Kind == site.KindRecord || f.Kind == site.KindMarkdown}
}

// templateFault carries an error of a nested template out of the functions
// that fill a page.
type templateFault struct{ err error }

func (r *Renderer) fieldHTML(l string, f *site.Field, v site.Value, brief bool) (template.HTML, error) {
	if v == nil {
		return "", nil
	}
	var b bytes.Buffer
	err := r.fields.ExecuteTemplate(&b, "field-"+string(f.Kind), FieldData{f, v, l, brief})
	return template.HTML(b.String()), err
}

// cardHTML makes a card with the template of the entry's type.
func (r *Renderer) cardHTML(l string, c Card) (template.HTML, error) {
	var b bytes.Buffer
	err := r.cards[c.Entry.Type.Name].ExecuteTemplate(&b, "card", CardData{c, l})
	return template.HTML(b.String()), err
}
