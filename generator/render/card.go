package render

import (
	"bytes"
	"html/template"
	"sync"
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
		Icon: e.Type.Icon, Status: r.Status(e, l), r: r, l: l}
	if e.Lang != l {
		c.Lang = e.Lang
	}
	return c
}

// Date is the day the entry stands for in lists.
func (c Card) Date() Date { return dateOf(c.l, view.DateOf(c.Entry)) }

// Tags are the entry's topics.
func (c Card) Tags() []Link { return c.r.tags(c.Entry, c.l) }

// Fields are those that the type shows on cards.
func (c Card) Fields() ([]FieldView, error) {
	var out []FieldView
	for _, it := range c.Entry.Values.Items {
		if it.Field.Card {
			v, err := c.r.field(it.Field, it.Value, c.l, true)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
	}
	return out, nil
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
func (r *Renderer) field(f *site.Field, v site.Value, l string, brief bool) (FieldView, error) {
	html, err := r.fieldHTML(l, f, v, brief)
	return FieldView{Field: f, Name: f.Name, Label: f.Label.In(l), HTML: html, Text: r.Plain(v),
		Wide: f.Kind == site.KindList || f.Kind == site.KindRecord || f.Kind == site.KindMarkdown}, err
}

func (r *Renderer) fieldHTML(l string, f *site.Field, v site.Value, brief bool) (template.HTML, error) {
	if v == nil {
		return "", nil
	}
	d := FieldData{f, v, l, brief}
	if k, ok := wordKey(d); ok {
		out := r.words.get(k)
		return out.html, out.err
	}
	return r.html(r.parsed.shared(), "field-"+string(f.Kind), d)
}

func (r *Renderer) wordHTML(d FieldData) part {
	html, err := r.html(r.parsed.shared(), "field-"+string(d.Field.Kind), d)
	return part{html, err}
}

// wordKey tells values apart that come back on many pages: one word of a short
// list, or a step of a scale.
func wordKey(d FieldData) (FieldData, bool) {
	switch v := d.Value.(type) {
	case site.Enum, site.Level, site.Bool:
		return d, true
	case site.Many:
		if len(v.Values) == 1 {
			d.Value = v.Values[0]
			return wordKey(d)
		}
	}
	return d, false
}

// html executes a template into a piece of a page.
func (r *Renderer) html(t *template.Template, name string, data any) (template.HTML, error) {
	b := r.buffers.Get().(*bytes.Buffer)
	defer r.buffers.Put(b)
	b.Reset()
	err := t.ExecuteTemplate(b, name, data)
	return template.HTML(b.String()), err
}

// cards keeps what has been made of entries in lists: each stands in the list of
// its type and in those of all its terms. Up to cardBytes of HTML, about eighty
// thousand cards, are kept.
type cards struct {
	mu    sync.RWMutex
	html  map[cardKey]template.HTML
	bytes int
}

type cardKey struct {
	e *site.Entry
	l string
}

const cardBytes = 96 << 20

// cardHTML makes a card with the template of the entry's type.
func (r *Renderer) cardHTML(l string, c Card) (template.HTML, error) {
	if c.Why != "" { // it is another on each page
		return r.html(r.parsed.cards[c.Entry.Type.Name](), "card", CardData{c, l})
	}
	k := cardKey{c.Entry, l}
	r.made.mu.RLock()
	html, ok := r.made.html[k]
	r.made.mu.RUnlock()
	if ok {
		return html, nil
	}
	html, err := r.html(r.parsed.cards[c.Entry.Type.Name](), "card", CardData{c, l})
	r.made.mu.Lock()
	defer r.made.mu.Unlock()
	if err == nil && r.made.bytes < cardBytes {
		r.made.bytes += len(html)
		r.made.html[k] = html
	}
	return html, err
}
