package server

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/ag-vzkm/portal/search/index"
)

const (
	perPage = 10 // hits
	fold    = 8  // values of a facet that stand open
)

// results answers a question that was asked without scripts: it takes the
// built page of the search and fills the parts that search/client/results.ts
// fills in the browser, with the same elements; a test compares them. A page
// with no such parts, a question that is none, or a search that gives no
// answer: it reports false, and the page is sent as it was built.
func (f files) results(w http.ResponseWriter, r *http.Request, fsys fs.FS, name string) bool {
	if f.search == nil || !strings.Contains(r.URL.RawQuery, "q=") || !fs.ValidPath(name) {
		return false
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil || !bytes.Contains(data, []byte("data-search-results")) {
		return false
	}
	p, err := parsePage(data)
	if err != nil {
		return false
	}
	s, ok := asked(r.URL.RawQuery, p.facets)
	if !ok {
		return false
	}
	res, to, err := p.ask(r.Context(), f.search, s)
	if err != nil {
		return false
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store") // what somebody looks for is nobody else's
	if to != s.address() {
		http.Redirect(w, r, f.base+r.URL.Path+to, http.StatusFound)
		return true
	}
	p.render(s, res)
	var b bytes.Buffer
	if html.Render(&b, p.doc) != nil {
		return false
	}
	h.Set("Content-Type", MediaType(name))
	_, _ = w.Write(b.Bytes()) // the reader has gone; nobody is left to tell
	return true
}

// resultsPage is the built page, with its parts by their names.
type resultsPage struct {
	doc    *html.Node
	box    *html.Node
	form   *html.Node
	parts  map[string]*html.Node
	icons  map[string]*html.Node
	facets []facet
	fields []*html.Node // of the facets
	lang   string
}

var errNoParts = errors.New("server: not a results page")

// parsePage finds the parts of a page. A site may have a template of its own;
// one that lacks a part is left to scripts.
func parsePage(data []byte) (*resultsPage, error) {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	p := &resultsPage{doc: doc, parts: map[string]*html.Node{}, icons: map[string]*html.Node{}}
	p.box = first(doc, with("data-search-results", ""))
	p.form = first(doc, func(n *html.Node) bool {
		return n.Data == "form" && attr(n, "id") != "" && first(n, with("name", "q")) != nil
	})
	if p.box == nil || p.form == nil || first(doc, tagged("title")) == nil {
		return nil, errNoParts
	}
	p.lang = attr(first(doc, tagged("html")), "lang")
	for _, n := range all(doc, with("data-part", "")) {
		p.parts[attr(n, "data-part")] = n
	}
	for _, name := range []string{"count", "facets", "chosen", "chips", "suggestion", "hits", "pages", "prev", "next", "done", "hit", "chip", "value", "fields"} {
		if p.parts[name] == nil {
			return nil, errNoParts
		}
	}
	for _, d := range all(p.parts["fields"], tagged("details")) {
		if legend := first(d, tagged("legend")); legend != nil && first(d, tagged("ul")) != nil && first(d, tagged("button")) != nil {
			p.facets = append(p.facets, facet{attr(d, "data-facet"), attr(d, "data-of")})
			p.fields = append(p.fields, d)
		}
	}
	for _, t := range all(p.box, with("data-icon", "")) {
		p.icons[attr(t, "data-icon")] = t
	}
	return p, nil
}

// ask asks the index. It also returns the address that the question should
// have: filters that nothing can have are left out, and there is no page
// behind the last.
func (p *resultsPage) ask(ctx context.Context, search *Live, s question) (res *index.Result, to string, err error) {
	s = s.fitting(p.facets)
	opts := index.Options{Limit: perPage, Offset: (s.page - 1) * perPage, ByDate: s.date, Filters: map[string][]string{"lang": {p.lang}}}
	for _, f := range s.filters {
		opts.Filters[f.name] = f.values
	}
	if res, err = search.search(ctx, s.q, opts); err != nil {
		return nil, "", err
	}
	s.page = min(s.page, pagesOf(res))
	return res, s.address(), nil
}

// pagesOf is how many pages an answer has; without hits there is one that
// says so.
func pagesOf(r *index.Result) int { return max(1, (r.Total+perPage-1)/perPage) }

// word is a text of the page, with %d and %s filled in order.
func (p *resultsPage) word(name string, values ...string) string {
	return verb.ReplaceAllStringFunc(attr(p.box, "data-"+name), func(v string) string {
		if len(values) > 0 {
			v, values = values[0], values[1:]
		}
		return v
	})
}

var verb = regexp.MustCompile(`%[ds]`)

// copy is once more what a template of the page has.
func (p *resultsPage) copy(name string) *html.Node {
	return cloned(first(p.parts[name], func(*html.Node) bool { return true }))
}

// icon is a copy of an icon of the page, or nil.
func (p *resultsPage) icon(name string) *html.Node {
	if t := p.icons[name]; t != nil {
		for _, c := range clones(t) {
			return c
		}
	}
	return nil
}

func (p *resultsPage) render(s question, r *index.Result) {
	p.head(s, r)
	state := "found"
	if r.Total == 0 {
		state = "empty"
	}
	set(p.box, "data-state", state)
	show(p.box, true)
	if len(r.Terms) == 0 && r.Total == 0 {
		set(p.box, "data-wordless", "")
	}
	if note := p.parts["noscript"]; note != nil {
		note.Parent.RemoveChild(note)
	}
	p.panel(s, r)
	p.chips(s, r)
	p.links(s, r)

	hits := p.parts["hits"]
	set(hits, "start", strconv.Itoa((s.page-1)*perPage+1))
	fill(hits)
	for _, h := range r.Hits {
		add(hits, p.item(&h, r.Terms))
	}
	p.pagination(s, pagesOf(r))
}

// head says how much was found, in the heading and in the title of the page.
// What stood there before is kept for the script.
func (p *resultsPage) head(s question, r *index.Result) {
	count, title := p.parts["count"], first(p.doc, tagged("title"))
	n := message.NewPrinter(language.Make(p.lang)).Sprint(number.Decimal(r.Total))
	said, show, q := "", p.word("show", n), named(s.q)
	switch {
	case r.Total == 1:
		said, show = p.word("single", q), p.word("show-single")
	case r.Total > 0:
		said = p.word("other", n, q)
	case len(r.Terms) == 0:
		said = p.word("noword", q)
	default:
		said = p.word("none", q)
	}
	if s.page > 1 {
		said += p.word("page", strconv.Itoa(s.page), strconv.Itoa(pagesOf(r)))
	}
	set(p.box, "data-title", textOf(title))
	set(p.box, "data-wait", textOf(count))
	fill(title, text(said+" – "+textOf(title)))
	fill(count, text(said))
	fill(p.parts["done"], text(show))
}

var quoted = regexp.MustCompile(`^["„“«»]([^"„“”«»]+)["“”«»]$`)

// named is a query as it is named in a sentence: short, and without its own
// quotes, for it gets some.
func named(q string) string {
	if m := quoted.FindStringSubmatch(q); m != nil {
		q = m[1]
	}
	if letters := []rune(q); len(letters) > 80 {
		return strings.TrimSpace(string(letters[:79])) + "…"
	}
	return q
}

// links leads the form and what is on the page already to this question and
// those beside it.
func (p *resultsPage) links(s question, r *index.Result) {
	set(first(p.form, with("name", "q")), "value", s.q)
	set(p.form, "autocomplete", "off") // the boxes are those of the address, also on the way back
	if s.date {
		add(p.form, el("input", []string{"type", "hidden", "name", "sortierung", "value", "datum"}))
	}
	for _, n := range all(p.doc, with("class", "lang-switch")) {
		for _, a := range all(n, tagged("a")) {
			set(a, "href", attr(a, "href")+s.address())
		}
	}
	to := s
	to.page = 1
	for _, a := range all(p.box, func(n *html.Node) bool { return has(n, "data-sort") }) {
		to.date = attr(a, "data-sort") == "datum"
		set(a, "href", to.address())
		if to.date == s.date {
			set(a, "aria-current", "true")
		}
	}
	if r.Suggestion != "" {
		meant := p.parts["suggestion"]
		fill(meant, text(p.word("quoted", named(r.Suggestion))))
		set(meant, "href", question{q: r.Suggestion, date: s.date}.address())
		show(meant.Parent, true)
	}
}

func (p *resultsPage) item(h *index.Hit, sought []string) *html.Node {
	// What of the query is only in a title or a heading is in no excerpt's words.
	marks := distinct(slices.Concat(h.Words, sought))
	other, _, _ := strings.Cut(h.ID, ":")
	if other == p.lang {
		other = ""
	}
	li := p.copy("hit")
	put := func(class string, children ...*html.Node) {
		if place := first(li, with("class", class)); place != nil {
			add(place, children...)
		}
	}
	put("type-mark", p.icon(h.Type))
	put("card-type", text(h.TypeLabel))
	if h.Date != "" {
		put("hit-date", el("time", []string{"datetime", h.Date}, text(p.day(h.Date))))
	}
	put("badge is-draft", words(h.Status))
	put("badge is-lang", words(other))
	if a := first(li, tagged("a")); a != nil {
		add(a, text(h.Title))
		set(a, "href", marked(h.URL, marks))
		if other != "" {
			set(a, "hreflang", other)
		}
	}
	for _, n := range all(li, with("lang", "")) {
		unset(n, "lang")
		if other != "" {
			set(n, "lang", other)
		}
	}
	if h.Section != nil {
		put("hit-text", el("p", []string{"class", "hit-section"}, el("a", []string{"href", marked(h.Section.URL, marks)}, text(h.Section.Title))))
	}
	put("hit-text", el("p", []string{"class", "hit-excerpt"}, excerpt(h.Excerpt)...))
	return li
}

// day writes a date in the words of the page.
func (p *resultsPage) day(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	months := strings.Fields(attr(p.box, "data-months"))
	if err != nil || len(months) != 12 {
		return date
	}
	return p.word("date", strconv.Itoa(t.Day()), months[t.Month()-1], strconv.Itoa(t.Year()))
}

// excerpt reads the HTML of an excerpt; only its texts and marks come into
// the page.
func excerpt(s string) (nodes []*html.Node) {
	body := el("body", nil)
	parsed, err := html.ParseFragment(strings.NewReader(s), body)
	if err != nil {
		return nil
	}
	for _, n := range parsed {
		switch {
		case n.Type == html.TextNode:
			nodes = append(nodes, text(n.Data))
		case n.Data == "mark":
			nodes = append(nodes, el("mark", nil, text(textOf(n))))
		default:
			nodes = append(nodes, text(textOf(n)))
		}
	}
	return nodes
}

// marked leads to an address and has the words marked there (search-marks.ts).
func marked(address string, words []string) string {
	u, err := url.Parse(address)
	if err != nil || len(words) == 0 {
		return address
	}
	q := u.Query()
	q.Set("markiert", strings.Join(words[:min(12, len(words))], " "))
	u.RawQuery = q.Encode()
	return u.String()
}

// panel shows the facets that tell hits apart. Their boxes belong to the form
// of the search.
func (p *resultsPage) panel(s question, r *index.Result) {
	var found []string
	for _, v := range r.Facets["type"] {
		if v.Count > 0 {
			found = append(found, v.Value)
		}
	}
	kind := only(found)
	if chosen := s.chosen("type"); len(chosen) > 0 {
		kind = only(chosen)
	}
	panel := p.parts["facets"]
	fill(panel)
	shown := map[string]bool{}
	for i, f := range p.facets {
		if f.fits(kind) && (len(s.chosen(f.name)) > 0 || telling(r.Facets[f.name], r.Total)) {
			add(panel, p.group(f, i, len(shown) < 2, s.chosen(f.name), r.Facets[f.name]))
			shown[f.name] = true
		}
	}
	for _, f := range s.filters {
		for _, v := range f.values {
			if !shown[f.name] { // the form keeps what no box says
				add(p.form, el("input", []string{"type", "hidden", "name", f.name, "value", v}))
			}
		}
	}
}

// telling tells whether a facet tells hits apart, and says something about
// half of them.
func telling(values []index.FacetCount, total int) bool {
	sum, apart := 0, false
	for _, v := range values {
		sum += v.Count
		apart = apart || v.Count > 0 && v.Count < total
	}
	return apart && sum*2 >= total
}

// group is one facet; data-field tells the script which of the page's it is.
func (p *resultsPage) group(f facet, i int, open bool, chosen []string, values []index.FacetCount) *html.Node {
	details := cloned(p.fields[i])
	list, more := first(details, tagged("ul")), first(details, tagged("button"))
	rows, folded := 0, false
	row := func(value, label string, count int) {
		here := slices.Contains(chosen, value)
		li := p.copy("value")
		box, spans := first(li, tagged("input")), all(li, tagged("span"))
		set(box, "name", f.name)
		set(box, "value", value)
		set(box, "form", attr(p.form, "id"))
		if here {
			set(box, "checked", "")
		}
		add(spans[0], text(label))
		add(spans[1], text(strconv.Itoa(count)))
		add(list, li)
		rows++
		folded = folded || rows > fold && !here
	}
	seen := map[string]bool{}
	for _, v := range values {
		if v.Count > 0 || slices.Contains(chosen, v.Value) {
			seen[v.Value] = true
			row(v.Value, v.Label, v.Count)
		}
	}
	for _, v := range chosen {
		if !seen[v] {
			row(v, v, 0)
		}
	}
	add(more, text(p.word("more", strconv.Itoa(rows))))
	show(more, folded)
	set(details, "data-field", strconv.Itoa(i))
	if open || len(chosen) > 0 {
		set(details, "open", "")
	}
	return details
}

// chips are the chosen filters, each with a link that takes it back.
func (p *resultsPage) chips(s question, r *index.Result) {
	var chips []*html.Node
	for _, f := range s.filters {
		for _, v := range f.values {
			label := v
			for _, c := range r.Facets[f.name] {
				if c.Value == v {
					label = c.Label
				}
			}
			li := p.copy("chip")
			set(first(li, tagged("a")), "href", s.without(f.name, v).fitting(p.facets).address())
			add(all(li, tagged("span"))[1], text(label))
			chips = append(chips, li)
		}
	}
	for _, a := range all(p.box, with("data-clear", "")) {
		set(a, "href", question{q: s.q, date: s.date}.address())
	}
	if len(chips) > 0 {
		fill(p.parts["chosen"], text(strconv.Itoa(len(chips))))
	}
	list := p.parts["chips"]
	everything := first(list, tagged("li"))
	for _, li := range chips {
		list.InsertBefore(li, everything)
	}
}

func (p *resultsPage) pagination(s question, pages int) {
	nav := p.parts["pages"]
	list := first(nav, tagged("ul"))
	if pages < 2 || list == nil {
		return
	}
	show(nav, true)
	at := func(page int) string {
		to := s
		to.page = page
		return to.address()
	}
	for name, page := range map[string]int{"prev": s.page - 1, "next": s.page + 1} {
		show(p.parts[name], page >= 1 && page <= pages)
		set(first(p.parts[name], tagged("a")), "href", at(page))
	}
	step := func(children ...*html.Node) { list.InsertBefore(el("li", nil, children...), p.parts["next"]) }
	for n := 1; n <= pages; n++ {
		far := 0
		if pages > 7 {
			far = max(n-s.page, s.page-n)
		}
		switch digits := strconv.Itoa(n); {
		case far < 2 || n == 1 || n == pages:
			current := ""
			if n == s.page {
				current = "page"
			}
			step(el("a", []string{"href", at(n), "aria-label", p.word("goto", digits), "aria-current", current}, text(digits)))
		case far == 2: // for all that are further
			step(el("span", nil, text("…")))
		}
	}
}
