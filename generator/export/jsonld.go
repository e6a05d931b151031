package export

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Page is what a page, of whatever kind, tells machines about itself. Paths
// are from the site's root, without base path.
type Page struct {
	Path, Lang, Title, Summary string
	Modified                   time.Time
	Home                       bool
	Entry                      *site.Entry   // on an entry's page
	Items                      []*site.Entry // on a list's page, those it shows
	List                       bool          // a list, even when it is empty
	Crumbs                     []Crumb       // from the start page on, without the page itself
}

// Crumb is a step of the way to a page.
type Crumb struct{ Title, Path string }

// node is a thing of schema.org. encoding/json sorts its keys, "@" first.
type node map[string]any

func (n node) set(key string, v any) {
	if v != nil && v != "" {
		n[key] = v
	}
}

// works are the types of schema.org, of those that make sense on a portal,
// that are creative works. Of these, the page is the thing itself; of all
// others (events, products, organisations, terms), it is a page about it.
var works = []string{"AboutPage", "AnalysisNewsArticle", "Article", "BlogPosting", "Book", "Collection", "CollectionPage",
	"ContactPage", "Course", "CreativeWork", "DataCatalog", "Dataset", "DefinedTermSet", "DigitalDocument", "FAQPage", "Guide",
	"HowTo", "ItemPage", "Legislation", "NewsArticle", "PresentationDigitalDocument", "ProfilePage", "Report",
	"ScholarlyArticle", "TechArticle", "VideoObject", "WebContent", "WebPage"}

// What these properties take when the front matter has a mere word.
var (
	placeProperties = []string{"areaServed", "contentLocation", "eligibleRegion", "location", "spatialCoverage"}
	agentProperties = []string{"author", "contributor", "creator", "editor", "funder", "organizer", "performer", "provider", "sponsor"}
)

func schemaType(e *site.Entry) string {
	if e.Type.JSONLD == nil || e.Type.JSONLD.Type == "" {
		return "WebPage"
	}
	return e.Type.JSONLD.Type
}

func isWork(e *site.Entry) bool { return slices.Contains(works, schemaType(e)) }

// thingID tells a thing from the page about it; a work is its page.
func (in *Input) thingID(e *site.Entry) string {
	if isWork(e) {
		return in.abs(e.URL)
	}
	return in.abs(e.URL) + "#entry"
}

func (in *Input) siteNode() node {
	return node{"@type": "WebSite", "@id": in.abs("/") + "#website", "name": in.Site.Config.Title, "url": in.abs("/")}
}

func (in *Input) publisherNode() node {
	n := node{"@type": "Organization", "@id": in.abs("/") + "#publisher", "name": in.publisher()}
	n.set("url", in.Site.Config.Publisher.URL)
	return n
}

// JSONLD is the schema.org description of an entry, safe inside a script
// element: every "<" is written as an escape.
func JSONLD(in Input, e *site.Entry) []byte {
	n := in.entryNode(e)
	n["@context"] = "https://schema.org"
	return script(n)
}

func script(v any) []byte {
	b, err := json.Marshal(v) // escapes <, > and &
	if err != nil {
		panic(err) // strings, numbers and maps of them: cannot fail
	}
	return b
}

func (in *Input) entryNode(e *site.Entry) node {
	n := node{"@type": schemaType(e), "@id": in.thingID(e), "name": oneLine(e.Title), "url": in.abs(e.URL)}
	n.set("description", oneLine(e.Summary))
	if img, u := in.image(e); img != nil {
		x := node{"@type": "ImageObject", "url": u}
		x.set("caption", cmp.Or(oneLine(img.Caption), oneLine(img.Alt)))
		x.set("creditText", oneLine(img.Credit))
		n["image"] = x
	}
	if isWork(e) {
		in.describeWork(n, e)
	} else {
		page := node{"@type": "WebPage", "@id": in.abs(e.URL), "url": in.abs(e.URL), "name": oneLine(e.Title)}
		in.describeWork(page, e)
		n["mainEntityOfPage"] = page
	}
	if e.Type.Glossary != nil {
		n["inDefinedTermSet"] = in.abs(in.Site.TypeURL(e.Type, e.Lang))
	}
	if c := e.Type.Citation; c != nil {
		n["headline"] = oneLine(e.Title)
		if doi := bareDOI(in.line(e, c.DOI)); doi != "" {
			n["sameAs"] = "https://doi.org/" + doi
		}
	}
	if strings.HasSuffix(schemaType(e), "Article") {
		n["headline"] = oneLine(e.Title)
	}
	in.mapped(n, e)
	return n
}

// describeWork adds what schema.org knows of texts only.
func (in *Input) describeWork(n node, e *site.Entry) {
	n["inLanguage"] = e.Lang
	n["isPartOf"] = in.siteNode()
	n["publisher"] = in.publisherNode()
	n.set("datePublished", isoTime(e.Published))
	n.set("dateModified", isoTime(changed(e)))
	n.set("license", in.Licence)
	n.set("creativeWorkStatus", workStatus(e))
	var about []any
	for _, t := range e.Topics {
		about = append(about, in.termNode(t, e.Lang))
	}
	if about != nil {
		n["about"] = about
	}
}

func workStatus(e *site.Entry) string {
	switch {
	case draft(e):
		return "Draft"
	case e.Status == site.StatusSuperseded:
		return "Obsolete"
	case e.Status == site.StatusArchived:
		return "Archived"
	}
	return "Published"
}

func (in *Input) termNode(t *site.Tag, lang string) node {
	tax := t.Term.Taxonomy
	return node{
		"@type": "DefinedTerm", "@id": in.abs(t.Term.URL(lang, in.Site.Config.DefaultLang())), "name": t.Term.Label.In(lang),
		"termCode": t.ID, "inDefinedTermSet": in.abs(in.Site.Config.Prefix(lang) + "/" + tax.Slug + "/"),
	}
}

// mapped fills the properties that the type's definition maps to fields.
func (in *Input) mapped(n node, e *site.Entry) {
	if e.Type.JSONLD == nil {
		return
	}
	for _, property := range slices.Sorted(maps.Keys(e.Type.JSONLD.Map)) {
		path := e.Type.JSONLD.Map[property]
		f := e.Type.FieldByPath(path)
		var values []any
		for _, v := range site.Each(e.Get(path)) {
			if x := in.thing(e, f, property, v); x != nil {
				values = append(values, x)
			}
		}
		switch len(values) {
		case 0:
		case 1:
			n[property] = values[0]
		default:
			n[property] = values
		}
	}
}

// thing is a value as schema.org wants it, nil when there is nothing to say.
func (in *Input) thing(e *site.Entry, f *site.Field, property string, v site.Value) any {
	if slices.Contains(placeProperties, property) {
		if p := in.place(e, f, v); p != nil {
			return p
		}
	}
	switch v := v.(type) {
	case site.Str:
		if slices.Contains(agentProperties, property) {
			return in.agent(v.S)
		}
	case site.Date:
		return isoDay(v.Time)
	case site.DateTime:
		return isoTime(v.Time)
	case site.Number:
		if f == nil || f.Unit == "" {
			return v.N
		}
		return quantity(f, node{"value": v.N})
	case site.Range:
		q := node{}
		if v.Min != nil {
			q["minValue"] = *v.Min
		}
		if v.Max != nil {
			q["maxValue"] = *v.Max
		}
		return quantity(f, q)
	case site.Money:
		return node{"@type": "MonetaryAmount", "value": float64(v.Cents) / 100, "currency": v.Currency}
	case site.Bool:
		return v.B
	case site.Level:
		return v.N
	case *site.Tag:
		if v.Term == nil {
			return nil
		}
		return in.termNode(v, e.Lang)
	case *site.Ref:
		if v.Entry == nil {
			return nil
		}
		return node{"@type": schemaType(v.Entry), "@id": in.thingID(v.Entry), "name": oneLine(v.Entry.Title)}
	case site.Image:
		if u := in.asset(e, v.Src); u != "" {
			return u
		}
		return nil
	case site.File:
		if u := in.asset(e, v.Src); u != "" {
			return node{"@type": "MediaObject", "contentUrl": u, "name": cmp.Or(v.Title, v.Src)}
		}
		return nil
	case site.Record:
		return in.properties(e, v)
	}
	if s := oneLine(in.text(e, f, v)); s != "" {
		return s
	}
	return nil
}

// unitCodes are the codes of UN/CEFACT for units that fields commonly have.
var unitCodes = map[string]string{"%": "P1", "°C": "CEL", "d": "DAY", "g": "GRM", "h": "HUR", "kg": "KGM", "km": "KMT", "kW": "KWT",
	"kWh": "KWH", "l": "LTR", "m": "MTR", "m²": "MTK", "m³": "MTQ", "min": "MIN", "t": "TNE", "V": "VLT", "W": "WTT", "Wh": "WHR"}

func quantity(f *site.Field, q node) node {
	q["@type"] = "QuantitativeValue"
	if f != nil {
		q.set("unitText", f.Unit)
		q.set("unitCode", unitCodes[f.Unit])
	}
	return q
}

// agent is a person or organisation named in words. Without a comma nobody
// can tell which of the two; schema.org takes the words then.
func (in *Input) agent(s string) any {
	s = oneLine(s)
	if s == in.publisher() {
		return in.publisherNode()
	}
	if n := in.parseName(s, false); n.Literal == "" {
		return node{"@type": "Person", "name": n.full(), "familyName": n.Family, "givenName": n.Given}
	}
	if s == "" {
		return nil
	}
	return s
}

// place is a place named in words, or a record with its name, its region (a
// term) and its coordinates lat and lon. Other values are nil.
func (in *Input) place(e *site.Entry, f *site.Field, v site.Value) any {
	p := node{"@type": "Place"}
	switch v := v.(type) {
	case site.Str, site.Enum, *site.Tag:
		p.set("name", oneLine(in.text(e, f, v)))
	case site.Record:
		for _, it := range v.Items {
			switch x := it.Value.(type) {
			case site.Str:
				if p["name"] == nil {
					p.set("name", oneLine(x.S))
				}
			case *site.Tag:
				if x.Term != nil {
					p["address"] = node{"@type": "PostalAddress", "addressRegion": x.Term.Label.In(e.Lang)}
				}
			}
		}
		lat, okLat := v.Get("lat").(site.Number)
		lon, okLon := v.Get("lon").(site.Number)
		if okLat && okLon {
			p["geo"] = node{"@type": "GeoCoordinates", "latitude": lat.N, "longitude": lon.N}
		}
	}
	if len(p) == 1 {
		return nil
	}
	return p
}

// properties are the fields of a record, each with its label and unit.
func (in *Input) properties(e *site.Entry, r site.Record) any {
	var out []any
	for _, it := range r.Items {
		for _, v := range site.Each(it.Value) {
			x := in.thing(e, it.Field, "", v)
			if x == nil {
				continue
			}
			p, isQuantity := x.(node)
			if !isQuantity || p["@type"] != "QuantitativeValue" {
				p = node{"value": x}
			}
			p["@type"] = "PropertyValue"
			p["name"] = it.Field.Label.In(e.Lang)
			out = append(out, p)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// PageJSONLD is all that a page says in schema.org's words: the site on its
// start page, the entry, the list with what it shows, and the way there.
func PageJSONLD(in Input, p Page) []byte {
	var graph []node
	switch {
	case p.Home:
		graph = append(graph, in.homeNode(p))
	case p.Entry != nil && !p.Entry.Index:
		graph = append(graph, in.entryNode(p.Entry))
	default:
		graph = append(graph, in.pageNode(p))
	}
	if len(p.Crumbs) > 0 {
		graph = append(graph, in.crumbsNode(p))
	}
	return script(node{"@context": "https://schema.org", "@graph": graph})
}

func (in *Input) homeNode(p Page) node {
	n := in.siteNode()
	c := in.Site.Config
	if p.Lang != c.DefaultLang() {
		n["url"] = in.abs(p.Path)
	}
	n.set("alternateName", oneLine(c.Subtitle.In(p.Lang)))
	n.set("description", cmp.Or(oneLine(c.Description.In(p.Lang)), oneLine(p.Summary)))
	n["inLanguage"] = p.Lang
	publisher := in.publisherNode()
	publisher.set("email", c.Publisher.Email)
	n["publisher"] = publisher
	return n
}

func (in *Input) pageNode(p Page) node {
	n := node{
		"@type": "WebPage", "@id": in.abs(p.Path), "url": in.abs(p.Path), "name": oneLine(p.Title),
		"inLanguage": p.Lang, "isPartOf": in.siteNode(), "publisher": in.publisherNode(),
	}
	n.set("description", oneLine(p.Summary))
	n.set("dateModified", isoTime(p.Modified))
	if !p.List && p.Items == nil {
		return n
	}
	n["@type"] = "CollectionPage"
	items := []node{}
	for i, e := range p.Items {
		items = append(items, node{"@type": "ListItem", "position": i + 1, "url": in.abs(e.URL), "name": oneLine(e.Title)})
	}
	n["mainEntity"] = node{"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
	return n
}

func (in *Input) crumbsNode(p Page) node {
	var items []node
	for i, c := range append(slices.Clone(p.Crumbs), Crumb{p.Title, p.Path}) {
		items = append(items, node{"@type": "ListItem", "position": i + 1, "name": oneLine(c.Title), "item": in.abs(c.Path)})
	}
	return node{"@type": "BreadcrumbList", "@id": in.abs(p.Path) + "#breadcrumb", "itemListElement": items}
}
