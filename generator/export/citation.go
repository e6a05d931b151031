package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// name of an author: family and given, or literal when nobody can say for
// sure that it is a person. The writer says so with a comma: „Müller, Anna“.
type name struct {
	Family  string `json:"family,omitempty"`
	Given   string `json:"given,omitempty"`
	Literal string `json:"literal,omitempty"`
}

func (n name) full() string {
	if n.Literal != "" {
		return n.Literal
	}
	return strings.TrimSpace(n.Given + " " + n.Family)
}

// sorted is the form of catalogues, family name first.
func (n name) sorted() string {
	if n.Literal != "" {
		return n.Literal
	}
	return strings.Trim(n.Family+", "+n.Given, ", ")
}

// reference is what all citation formats say of a paper.
type reference struct {
	key       string // for BibTeX and CSL: made of the permanent id
	article   bool   // kind article; otherwise a report
	genre     string // the type's name: „Positionspapier“
	title     string
	authors   []name
	issued    time.Time
	changed   time.Time
	number    string
	doi       string
	publisher string
	container string
	url       string
	lang      string
	abstract  string
	keywords  []string
	note      string // „Entwurf zur Diskussion“
}

// citable reports whether the entry is a paper that others cite.
func citable(e *site.Entry) bool { return e.Type.Citation != nil && !e.Index }

func (in *Input) reference(e *site.Entry) reference {
	c := e.Type.Citation
	r := reference{
		key: lang.ID(e.ID), article: c.Kind == "article", genre: e.Type.Labels.One.In(e.Lang),
		title: oneLine(e.Title), authors: in.authors(e), issued: e.Date(), changed: changed(e),
		number: in.line(e, c.Number), doi: bareDOI(in.line(e, c.DOI)),
		publisher: cmp.Or(in.line(e, c.Publisher), in.publisher()),
		container: in.Site.Config.Title, url: in.abs(e.URL), lang: e.Lang, abstract: oneLine(e.Summary),
	}
	if e.Lang != in.Site.Config.DefaultLang() {
		r.key += "-" + e.Lang
	}
	if len(r.authors) == 0 {
		r.authors = []name{{Literal: in.publisher()}}
	}
	for _, t := range e.Topics {
		r.keywords = append(r.keywords, t.Term.Label.In(e.Lang))
	}
	if draft(e) {
		r.note = in.word(e.Lang, wordDraft)
	}
	return r
}

// line is the text at a path that a type's definition names, "" for no path.
func (in *Input) line(e *site.Entry, path string) string {
	if path == "" {
		return ""
	}
	var parts []string
	for _, v := range site.Each(e.Get(path)) {
		if s := oneLine(in.text(e, e.Type.FieldByPath(path), v)); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// bareDOI takes the address away that some put before a DOI.
func bareDOI(s string) string {
	for _, p := range []string{"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return strings.TrimSpace(rest)
		}
	}
	return s
}

// authors of a paper; none for an entry of another type.
func (in *Input) authors(e *site.Entry) []name {
	if !citable(e) || e.Type.Citation.Authors == "" {
		return nil
	}
	path := e.Type.Citation.Authors
	var out []name
	for _, v := range site.Each(e.Get(path)) {
		s := oneLine(in.text(e, e.Type.FieldByPath(path), v))
		_, organisation := v.(*site.Ref)
		if s != "" {
			out = append(out, in.parseName(s, organisation))
		}
	}
	return out
}

func (in *Input) parseName(s string, literal bool) name {
	family, given, comma := strings.Cut(s, ",")
	family, given = strings.TrimSpace(family), strings.TrimSpace(given)
	if literal || !comma || family == "" || given == "" || strings.Contains(given, ",") || s == in.publisher() {
		return name{Literal: s}
	}
	return name{Family: family, Given: given}
}

// CiteText is the citation as one line to copy, "" when the entry is no paper.
func CiteText(in Input, e *site.Entry) string {
	if !citable(e) {
		return ""
	}
	r := in.reference(e)
	var authors []string
	for _, n := range r.authors {
		authors = append(authors, n.sorted())
	}
	year := in.word(e.Lang, wordUndated)
	if !r.issued.IsZero() {
		year = r.issued.Format("2006")
	}
	kind := r.genre
	if r.number != "" && r.number[0] >= '0' && r.number[0] <= '9' {
		kind += " " + in.word(e.Lang, wordNumber, r.number)
	} else if r.number != "" { // „Entwurf 2026/06“ says itself what it is
		kind += ", " + r.number
	}
	if r.article {
		kind = r.container
	}
	parts := []string{strings.Join(authors, "; ") + " (" + year + "): " + sentence(r.title), sentence(kind)}
	if r.note != "" {
		parts = append(parts, sentence(r.note))
	}
	if len(r.authors) != 1 || r.authors[0].Literal != r.publisher {
		parts = append(parts, sentence(r.publisher))
	}
	address := r.url
	if r.doi != "" {
		address = "https://doi.org/" + r.doi
	}
	if !r.changed.IsZero() && isoDay(r.changed) != isoDay(r.issued) {
		address += " (" + in.word(e.Lang, wordAsOf, lang.Date(e.Lang, r.changed)) + ")"
	}
	return strings.Join(append(parts, address), " ")
}

// sentence ends s with a full stop unless it already ends.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// CiteFiles are the citation files beside an entry's page, nil when the entry
// is no paper.
func CiteFiles(e *site.Entry) []Download {
	if !citable(e) {
		return nil
	}
	base := e.URL + e.ID
	return []Download{
		{"BibTeX", base + ".bib", "application/x-bibtex"},
		{"RIS", base + ".ris", "application/x-research-info-systems"},
		{"CSL-JSON", base + ".csl.json", "application/vnd.citationstyles.csl+json"},
	}
}

// CiteFile is the content of one of CiteFiles, by its place there.
func CiteFile(in Input, e *site.Entry, i int) []byte {
	return []func(Input, *site.Entry) []byte{BibTeX, RIS, CSLJSON}[i](in, e)
}

func (in *Input) writeCitations(w *writer) {
	for _, e := range in.Site.Entries {
		for i, f := range CiteFiles(e) {
			w.put(f.Path, CiteFile(*in, e, i))
		}
	}
}

// BibTeX is the reference for LaTeX, in UTF-8.
func BibTeX(in Input, e *site.Entry) []byte {
	r := in.reference(e)
	var authors []string
	for _, n := range r.authors {
		authors = append(authors, bibName(n))
	}
	kind := "techreport"
	if r.article {
		kind = "article"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "@%s{%s", kind, r.key)
	field := func(k, v string) {
		if v != "" {
			fmt.Fprintf(&b, ",\n  %s = %s", k, v)
		}
	}
	braced := func(s string) string {
		if s == "" {
			return ""
		}
		return "{" + bibText(s) + "}"
	}
	field("author", "{"+strings.Join(authors, " and ")+"}")
	field("title", "{"+braced(r.title)+"}") // the inner braces keep German capitals
	if r.article {
		field("journal", braced(r.container))
		field("publisher", braced(r.publisher))
	} else {
		field("institution", braced(r.publisher))
		field("type", braced(r.genre))
	}
	field("number", braced(r.number))
	if !r.issued.IsZero() {
		field("year", "{"+r.issued.Format("2006")+"}")
		field("month", strings.ToLower(r.issued.Format("Jan"))) // a macro of BibTeX
	}
	field("doi", verbatim(r.doi))
	field("url", verbatim(r.url))
	field("language", braced(bibLanguage(r.lang)))
	field("abstract", braced(r.abstract))
	field("keywords", braced(strings.Join(r.keywords, ", ")))
	field("note", braced(r.note))
	b.WriteString("\n}\n")
	return []byte(b.String())
}

// bibName writes „Müller, Anna“; braces around a literal name keep BibTeX
// from taking its last word for a family name.
func bibName(n name) string {
	if n.Literal != "" || slices.Contains(strings.Fields(n.full()), "and") {
		return "{" + bibText(n.full()) + "}"
	}
	return bibText(n.sorted())
}

// bibText escapes what LaTeX takes for its own. Braces become words, because
// BibTeX counts even escaped ones.
func bibText(s string) string {
	return strings.NewReplacer(
		`\`, `\textbackslash{}`, `{`, `\textbraceleft{}`, `}`, `\textbraceright{}`,
		`%`, `\%`, `&`, `\&`, `#`, `\#`, `_`, `\_`, `$`, `\$`,
		`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
	).Replace(oneLine(s))
}

// verbatim is for addresses, which LaTeX reads as they are.
func verbatim(s string) string {
	if s == "" {
		return ""
	}
	return "{" + strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C", " ", "%20").Replace(s) + "}"
}

func bibLanguage(l string) string {
	if l == "de" {
		return "ngerman"
	}
	if l == "en" {
		return "english"
	}
	return l
}

// RIS is the reference for EndNote, Citavi and Zotero: lines of a two-letter
// tag, ended by CR LF.
func RIS(in Input, e *site.Entry) []byte {
	r := in.reference(e)
	var b strings.Builder
	line := func(tag, v string) {
		if v = oneLine(v); v != "" {
			fmt.Fprintf(&b, "%s  - %s\r\n", tag, v)
		}
	}
	if r.article {
		line("TY", "JOUR")
		line("T2", r.container)
		line("IS", r.number)
	} else {
		line("TY", "RPRT")
		line("SN", r.number)
		line("M3", r.genre)
	}
	line("TI", r.title)
	for _, n := range r.authors {
		line("AU", n.sorted())
	}
	if !r.issued.IsZero() {
		line("PY", r.issued.Format("2006"))
		line("DA", r.issued.Format("2006/01/02/"))
	}
	line("PB", r.publisher)
	line("AB", r.abstract)
	for _, k := range r.keywords {
		line("KW", k)
	}
	line("LA", r.lang)
	line("DO", r.doi)
	line("UR", r.url)
	line("N1", r.note)
	b.WriteString("ER  - \r\n")
	return []byte(b.String())
}

// cslItem is one item of CSL-JSON, as its schema has it.
type cslItem struct {
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Title     string   `json:"title"`
	Author    []name   `json:"author"`
	Issued    *cslDate `json:"issued,omitempty"`
	Container string   `json:"container-title,omitempty"`
	Publisher string   `json:"publisher"`
	Genre     string   `json:"genre,omitempty"`
	Number    string   `json:"number,omitempty"`
	Issue     string   `json:"issue,omitempty"`
	DOI       string   `json:"DOI,omitempty"`
	URL       string   `json:"URL"`
	Language  string   `json:"language"`
	Abstract  string   `json:"abstract,omitempty"`
	Keyword   string   `json:"keyword,omitempty"`
	Status    string   `json:"status,omitempty"`
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

// CSLJSON is the reference for Zotero, Pandoc and other CSL processors.
func CSLJSON(in Input, e *site.Entry) []byte {
	r := in.reference(e)
	x := cslItem{
		ID: r.key, Type: "report", Title: r.title, Author: r.authors, Publisher: r.publisher, Genre: r.genre, Number: r.number,
		DOI: r.doi, URL: r.url, Language: r.lang, Abstract: r.abstract, Keyword: strings.Join(r.keywords, ", "), Status: r.note,
	}
	if r.article {
		x.Type, x.Container, x.Genre, x.Number, x.Issue = "article-journal", r.container, "", "", r.number
	}
	if t := r.issued; !t.IsZero() {
		x.Issued = &cslDate{[][]int{{t.Year(), int(t.Month()), t.Day()}}}
	}
	return marshal([]cslItem{x})
}
