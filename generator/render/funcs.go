package render

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// funcs is all that templates may call. Functions that write words take the
// language first: a template has no language of its own.
func (t *templates) funcs() template.FuncMap {
	now := t.renderer.Load
	return template.FuncMap{
		// words
		"t":     func(l, key string, args ...any) (string, error) { return now().Words.T(l, key, args...) },
		"tn":    func(l, key string, n int) (string, error) { return now().Words.N(l, key, n) },
		"label": func(t site.Text, l string) string { return t.In(l) },
		// values
		"plain": func(v site.Value) string { return now().Plain(v) },
		"each":  site.Each,
		"field": func(l string, f *site.Field, v site.Value) (template.HTML, error) {
			return now().fieldHTML(l, f, v, false)
		},
		"brief": func(l string, f *site.Field, v site.Value) (template.HTML, error) {
			return now().fieldHTML(l, f, v, true)
		},
		"kind":    func(v site.Value) string { return strings.TrimPrefix(fmt.Sprintf("%T", v), "site.") },
		"itemsof": itemsOf,
		"levels":  levels,
		"constraint": func(l string, f *site.Field, c *site.Constraint) view.Condition {
			return now().phrases(l).Condition(f, c)
		},
		"markdown": func(_ string, v site.Value) template.HTML { return now().markdown(v) },
		"picture":  func(v site.Image) *Picture { return now().Picture(v) },
		"download": func(v site.File) *Link { return now().Download(v) },
		// dates and numbers
		"num":        num,
		"quantity":   quantity,
		"money":      func(l string, m site.Money) string { return lang.Money(l, m.Cents, m.Currency) },
		"date":       func(l string, t any) (string, error) { return withTime(l, t, lang.Date) },
		"datetime":   func(l string, t any) (string, error) { return withTime(l, t, now().dateTime) },
		"clock":      func(l string, t any) (string, error) { return withTime(l, t, lang.Clock) },
		"monthshort": func(l string, t any) (string, error) { return withTime(l, t, lang.MonthShort) },
		"month":      func(l string, t any) (string, error) { return withTime(l, t, lang.Month) },
		"span":       func(l string, e view.Event) string { return now().span(l, e) },
		"weekdays":   weekdays,
		"months":     lang.Months,
		"webcal":     func(path string) template.URL { return now().webcal(path) },
		"isodate":    isoDate,
		"ahead":      func(t any) (bool, error) { return now().ahead(t) },
		// pages
		"icon":    func(name string) template.HTML { return now().icons.get(name) },
		"link":    func(path string) string { return now().link(path) },
		"card":    func(l string, c Card) (template.HTML, error) { return now().cardHTML(l, c) },
		"part":    func(name string, p *Page) (template.HTML, error) { return now().part(name, p) },
		"termurl": func(l string, t *site.Term) string { return now().termURL(l, t) },
		"host":    host,
		"credit":  func(l, text string) string { return now().credit(l, text) },
		// The anchor of a source in the list below an entry's text.
		"sourceid": func(key string) string { return "quelle-" + lang.ID(key) },
		// plumbing
		"dict":  dict,
		"list":  func(v ...any) []any { return v },
		"join":  strings.Join,
		"lower": strings.ToLower,
		"add":   func(a, b int) int { return a + b },
		"sub":   func(a, b int) int { return a - b },
	}
}

func (r *Renderer) iconHTML(name string) template.HTML {
	if name == "" {
		return ""
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false" viewBox="0 0 24 24"><use href="` +
		template.HTMLEscapeString(r.Assets.Icons+"#"+name) + `"/></svg>`)
}

// markdown gives the HTML of a prose value, made with its entry's text.
func (r *Renderer) markdown(v site.Value) template.HTML {
	p, ok := v.(site.Prose)
	if !ok {
		return template.HTML(template.HTMLEscapeString(r.Plain(v)))
	}
	return template.HTML(r.Prose(p))
}

func itemsOf(v site.Value) []site.Item {
	rec, _ := v.(site.Record)
	return rec.Items
}

// levels are all steps of a scale, in order.
func levels(f *site.Field) []site.EnumValue {
	if len(f.Values) > 0 || f.Min == nil || f.Max == nil {
		return f.Values
	}
	var out []site.EnumValue
	for n := int(*f.Min); n <= int(*f.Max); n++ {
		out = append(out, site.EnumValue{Key: strconv.Itoa(n)})
	}
	return out
}

func (r *Renderer) phrases(l string) view.Phrases {
	return view.Phrases{Site: r.Site, Lang: l, Word: func(key string, args ...any) string { return r.Words.Must(l, key, args...) }}
}

// termURL is where a term's page is, "" when it has none: only archived entries
// carry the term then.
func (r *Renderer) termURL(l string, t *site.Term) string {
	if path := t.URL(l, r.Site.Config.DefaultLang()); r.Has(path) {
		return r.link(path)
	}
	return ""
}

// credit says whose picture it is; „Grafik: …“ says already what it is.
func (r *Renderer) credit(l, text string) string {
	if strings.Contains(text, ":") {
		return text
	}
	return r.Words.Must(l, "md.credit", text)
}

// host is the short name of an address: „bund.de“.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return strings.TrimPrefix(address, "mailto:")
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

func number(x any) (float64, bool) {
	switch x := x.(type) {
	case float64:
		return x, true
	case *float64:
		if x != nil {
			return *x, true
		}
	case int:
		return float64(x), true
	case int64:
		return float64(x), true
	case site.Number:
		return x.N, true
	}
	return 0, false
}

func num(l string, x any) string {
	n, ok := number(x)
	if !ok {
		return ""
	}
	return lang.Number(l, n)
}

func quantity(l string, x any, unit string) string {
	n, ok := number(x)
	if !ok {
		return ""
	}
	return lang.Quantity(l, n, unit)
}

func withTime(l string, v any, f func(string, time.Time) string) (string, error) {
	t, err := timeOf(v)
	if err != nil {
		return "", err
	}
	return f(l, t), nil
}

func isoDate(v any) (string, error) {
	t, err := timeOf(v)
	return dateOf("de", t).ISO, err
}

// dateTime names the zone of a time that is not in the site's own.
func (r *Renderer) dateTime(l string, t time.Time) string {
	s := lang.DateTime(l, t)
	if zone := t.Location(); zone != time.UTC && zone.String() != r.Site.Config.Location.String() && s != lang.Date(l, t) {
		s += " (" + t.Format("MST") + ")"
	}
	return s
}

// ahead reports whether a day will be near, but not over, for those who read
// the page in the months after the build.
func (r *Renderer) ahead(v any) (bool, error) {
	t, err := timeOf(v)
	y, m, d := r.Site.Now.Date() // by days, so that a page holds for all of one
	today := time.Date(y, m, d, 0, 0, 0, 0, r.Site.Now.Location())
	return !t.Before(today.AddDate(0, 0, -1)) && t.Before(today.AddDate(0, 8, 0)), err
}

func timeOf(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case site.Date:
		return v.Time, nil
	case site.DateTime:
		return v.Time, nil
	}
	return time.Time{}, fmt.Errorf("%T is no time", v)
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: odd number of arguments")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no string", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}
