package export

import (
	"cmp"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Meta is one <meta name content>, or with Property one <meta property content>.
type Meta struct{ Name, Property, Content string }

// metas collects elements that have something to say.
type metas []Meta

func (m *metas) name(name, content string) {
	if content = oneLine(content); content != "" {
		*m = append(*m, Meta{Name: name, Content: content})
	}
}

func (m *metas) property(property, content string) {
	if content = oneLine(content); content != "" {
		*m = append(*m, Meta{Property: property, Content: content})
	}
}

// PageMeta are the meta elements of a page: Open Graph for all, Dublin Core
// and those of Google Scholar (Highwire) for papers.
func PageMeta(in Input, p Page) []Meta {
	if p.Entry != nil && !p.Entry.Index && !p.Home {
		return EntryMeta(in, p.Entry)
	}
	var m metas
	in.openGraph(&m, p.Title, p.Summary, p.Path, p.Lang, "website")
	return m
}

// EntryMeta are the meta elements of an entry's page.
func EntryMeta(in Input, e *site.Entry) []Meta {
	var m metas
	if citable(e) {
		in.dublinCore(&m, e)
		in.highwire(&m, e)
	}
	in.openGraph(&m, e.Title, e.Summary, e.URL, e.Lang, "article")
	for _, t := range e.Translations {
		m.property("og:locale:alternate", locale(t.Lang))
	}
	if img, u := in.image(e); img != nil {
		m.property("og:image", u)
		m.property("og:image:alt", img.Alt)
	}
	m.property("article:published_time", metaTime(e.Published))
	m.property("article:modified_time", metaTime(changed(e)))
	return m
}

func (in *Input) openGraph(m *metas, title, summary, path, lang, kind string) {
	c := in.Site.Config
	m.property("og:type", kind)
	m.property("og:title", title)
	m.property("og:description", cmp.Or(summary, c.Description.In(lang)))
	m.property("og:url", in.abs(path))
	m.property("og:site_name", c.Title)
	m.property("og:locale", locale(lang))
}

// locale is the language with the territory that Open Graph wants.
func locale(lang string) string {
	switch lang {
	case "de":
		return "de_DE"
	case "en":
		return "en_GB"
	}
	return lang
}

func metaTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (in *Input) dublinCore(m *metas, e *site.Entry) {
	r := in.reference(e)
	m.name("DC.title", r.title)
	for _, n := range r.authors {
		m.name("DC.creator", n.sorted())
	}
	m.name("DC.publisher", r.publisher)
	m.name("DC.type", "Text")
	m.name("DC.format", "text/html")
	m.name("DC.language", r.lang)
	m.name("DC.identifier", r.url)
	if r.doi != "" {
		m.name("DC.identifier", "https://doi.org/"+r.doi)
	}
	for _, k := range r.keywords {
		m.name("DC.subject", k)
	}
	m.name("DC.rights", in.Licence)
	m.name("DCTERMS.issued", isoDay(r.issued))
	m.name("DCTERMS.modified", isoDay(r.changed))
	m.name("DCTERMS.abstract", r.abstract)
}

func (in *Input) highwire(m *metas, e *site.Entry) {
	r := in.reference(e)
	m.name("citation_title", r.title)
	for _, n := range r.authors {
		m.name("citation_author", n.sorted())
	}
	if !r.issued.IsZero() {
		m.name("citation_publication_date", r.issued.Format("2006/01/02"))
	}
	if r.article {
		m.name("citation_journal_title", r.container)
		m.name("citation_issue", r.number)
	} else {
		m.name("citation_technical_report_institution", r.publisher)
		m.name("citation_technical_report_number", r.number)
	}
	m.name("citation_publisher", r.publisher)
	m.name("citation_doi", r.doi)
	m.name("citation_language", r.lang)
	m.name("citation_abstract_html_url", r.url)
	m.name("citation_public_url", r.url)
	for _, k := range r.keywords {
		m.name("citation_keywords", k)
	}
}
