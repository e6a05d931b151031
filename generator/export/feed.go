package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

const (
	// AtomType and JSONFeedType are the media types of a Feed's two formats.
	AtomType     = "application/atom+xml"
	JSONFeedType = "application/feed+json"

	feedLength = 30 // entries of a feed: the newest

	// feedText is how much HTML of an entry a feed has. Of more, such as a law,
	// it has the summary: readers fetch feeds again and again.
	feedText = 100 << 10
)

// Feed is a list of the newest entries of the site, a type, a term or a value
// that can be followed, in one language. Paths are from the site's root, without
// base path.
type Feed struct {
	Title       string
	Name        string // without the site's: „Krisenvorsorge“
	Description string
	Lang        string
	Page        string // the HTML page with the same entries
	Atom, JSON  string
	// What it is of; all nil or "" for the site's.
	Type  *site.Type
	Term  *site.Term
	Field string // of Type, with Value one of its words
	Value string

	sources [][]*site.Entry // where its entries are found
}

// Feeds lists all feeds of the site, languages in the site's order.
func Feeds(s *site.Site) []*Feed {
	var out []*Feed
	add := func(f *Feed) {
		if f != nil {
			out = append(out, f)
		}
	}
	for _, l := range s.Config.Languages {
		add(SiteFeed(s, l))
		for _, t := range s.Types {
			add(TypeFeed(s, t, l))
			for _, x := range t.Follow {
				out = append(out, FollowFeeds(s, t, x, l)...)
			}
		}
		for _, tax := range s.Taxonomies {
			for _, term := range tax.Terms {
				add(TermFeed(s, term, l))
			}
		}
	}
	return out
}

// SiteFeed is the feed of everything new in a language: the entries of all
// types that have feeds. It always exists in the site's first language, nil
// in another that has no entries yet.
func SiteFeed(s *site.Site, lang string) *Feed {
	c := s.Config
	f := &Feed{Title: c.Title, Name: c.Title, Description: c.Description.In(lang), Lang: lang, Page: c.Prefix(lang) + "/"}
	for _, t := range s.Types {
		if t.Feed {
			f.sources = append(f.sources, s.OfType(t.Name, lang))
		}
	}
	return f.orNil(lang == c.DefaultLang())
}

// TypeFeed is the feed of a type, nil when the type has none or, in another
// than the site's first language, no entries.
func TypeFeed(s *site.Site, t *site.Type, lang string) *Feed {
	if !t.Feed || t.Folder == "" || t.Fallback || !used(s, t) {
		return nil
	}
	f := &Feed{Title: s.Config.Title + " – " + t.Labels.Many.In(lang), Name: t.Labels.Many.In(lang), Type: t, Description: t.Intro.In(lang), Lang: lang, Page: s.TypeURL(t, lang)}
	f.sources = [][]*site.Entry{s.OfType(t.Name, lang)}
	return f.orNil(lang == s.Config.DefaultLang())
}

// used reports whether the site has anything of a type: entries, or a text
// for its list.
func used(s *site.Site, t *site.Type) bool {
	for _, l := range s.Config.Languages {
		if len(s.OfType(t.Name, l)) > 0 || s.ByPath(t.Folder+"/index", l) != nil {
			return true
		}
	}
	return false
}

// TermFeed is the feed of a term, nil when its taxonomy has none or no entry
// of the language carries it.
func TermFeed(s *site.Site, t *site.Term, lang string) *Feed {
	if !t.Taxonomy.Feed {
		return nil
	}
	f := &Feed{Title: s.Config.Title + " – " + t.Label.In(lang), Name: t.Label.In(lang), Term: t, Description: t.Note.In(lang), Lang: lang, Page: t.URL(lang, s.Config.DefaultLang())}
	f.sources = [][]*site.Entry{t.Entries}
	return f.orNil(false)
}

// takes reports whether an entry belongs into the feed: lists show it, and it
// has a date, by which both formats order.
func (f *Feed) takes(e *site.Entry) bool {
	return e.Lang == f.Lang && e.Type.Feed && e.Listed() && !e.Date().IsZero()
}

// orNil gives the feed its addresses. It does not sort: every page asks which
// feeds there are.
func (f *Feed) orNil(always bool) *Feed {
	filled := func(s []*site.Entry) bool { return slices.ContainsFunc(s, f.takes) }
	if !always && !slices.ContainsFunc(f.sources, filled) {
		return nil
	}
	return f.at(f.Page)
}

func (f *Feed) at(folder string) *Feed {
	f.Atom, f.JSON = folder+"feed.atom", folder+"feed.json"
	return f
}

// entries are the newest of the feed.
func (f *Feed) entries() []*site.Entry {
	var out []*site.Entry
	for _, s := range f.sources {
		for _, e := range s {
			if f.takes(e) {
				out = append(out, e)
			}
		}
	}
	slices.SortFunc(out, func(a, b *site.Entry) int {
		return cmp.Or(b.Date().Compare(a.Date()), cmp.Compare(a.URL, b.URL))
	})
	return out[:min(len(out), feedLength)]
}

func (in *Input) writeFeeds(w *writer) {
	for _, f := range Feeds(in.Site) {
		entries := f.entries()
		w.put(f.Atom, in.atom(f, entries))
		w.put(f.JSON, in.jsonFeed(f, entries))
	}
}

// moment is a time as feeds want it, whole seconds with an offset.
func moment(t time.Time) string { return t.Format(time.RFC3339) }

// updated is the date of a feed's newest entry. RFC 4287 wants one of an
// empty feed, too; the epoch is the only one that never changes.
func updated(entries []*site.Entry) time.Time {
	if t := newest(entries); !t.IsZero() {
		return t
	}
	return time.Unix(0, 0).UTC()
}

// summary says of a draft that it is one: readers may show nothing else.
func (in *Input) summary(e *site.Entry) string {
	if draft(e) {
		return strings.TrimSpace(in.word(e.Lang, wordDraft) + ". " + e.Summary)
	}
	return e.Summary
}

// content is the text of an entry with absolute links, "" when it has none or
// too much of it.
func (in *Input) content(e *site.Entry) string {
	if in.Body == nil {
		return ""
	}
	text := string(in.Body(e))
	if len(text) > feedText {
		return ""
	}
	body := strings.TrimSpace(absoluteLinks(text, in.abs(e.URL)))
	if body != "" && draft(e) {
		body = "<p><strong>" + html.EscapeString(in.word(e.Lang, wordDraft)) + "</strong></p>\n" + body
	}
	return body
}

type (
	atomFeed struct {
		XMLName  xml.Name `xml:"feed"`
		NS       string   `xml:"xmlns,attr"`
		Lang     string   `xml:"xml:lang,attr"`
		ID       string   `xml:"id"`
		Title    string   `xml:"title"`
		Subtitle string   `xml:"subtitle,omitempty"`
		Updated  string   `xml:"updated"`
		Links    []atomLink
		Authors  []atomPerson
		Rights   string `xml:"rights,omitempty"`
		Entries  []atomEntry
	}
	atomLink struct {
		XMLName  xml.Name `xml:"link"`
		Rel      string   `xml:"rel,attr"`
		Type     string   `xml:"type,attr"`
		HrefLang string   `xml:"hreflang,attr,omitempty"`
		Href     string   `xml:"href,attr"`
	}
	atomPerson struct {
		XMLName xml.Name `xml:"author"`
		Name    string   `xml:"name"`
		URI     string   `xml:"uri,omitempty"`
		Email   string   `xml:"email,omitempty"`
	}
	atomEntry struct {
		XMLName    xml.Name `xml:"entry"`
		ID         string   `xml:"id"`
		Title      string   `xml:"title"`
		Published  string   `xml:"published,omitempty"`
		Updated    string   `xml:"updated"`
		Links      []atomLink
		Authors    []atomPerson
		Categories []atomCategory
		Summary    *atomText `xml:"summary"`
		Content    *atomText `xml:"content"`
	}
	atomCategory struct {
		XMLName xml.Name `xml:"category"`
		Term    string   `xml:"term,attr"`
		Scheme  string   `xml:"scheme,attr,omitempty"`
		Label   string   `xml:"label,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

// atom writes RFC 4287. An entry's id is its address, which stays the same
// for good because it is made of the entry's permanent id.
func (in *Input) atom(f *Feed, entries []*site.Entry) []byte {
	p := in.Site.Config.Publisher
	out := atomFeed{
		NS: "http://www.w3.org/2005/Atom", Lang: f.Lang,
		ID: in.abs(f.Atom), Title: oneLine(f.Title), Subtitle: f.Description, Updated: moment(updated(entries)),
		Links: []atomLink{
			{Rel: "self", Type: AtomType, HrefLang: f.Lang, Href: in.abs(f.Atom)},
			{Rel: "alternate", Type: "text/html", HrefLang: f.Lang, Href: in.abs(f.Page)},
			{Rel: "alternate", Type: JSONFeedType, HrefLang: f.Lang, Href: in.abs(f.JSON)},
		},
		Authors: []atomPerson{{Name: in.publisher(), URI: p.URL, Email: p.Email}},
		Rights:  in.Licence,
	}
	for _, e := range entries {
		out.Entries = append(out.Entries, in.atomEntry(e))
	}
	b, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return append([]byte(xml.Header), append(b, '\n')...)
}

func (in *Input) atomEntry(e *site.Entry) atomEntry {
	x := atomEntry{
		ID: in.abs(e.URL), Title: oneLine(e.Title), Updated: moment(changed(e)),
		Links: []atomLink{{Rel: "alternate", Type: "text/html", HrefLang: e.Lang, Href: in.abs(e.URL)}},
	}
	if !e.Published.IsZero() {
		x.Published = moment(e.Published)
	}
	for _, t := range e.Translations {
		x.Links = append(x.Links, atomLink{Rel: "alternate", Type: "text/html", HrefLang: t.Lang, Href: in.abs(t.URL)})
	}
	for _, n := range in.authors(e) {
		x.Authors = append(x.Authors, atomPerson{Name: n.full()})
	}
	if draft(e) {
		x.Categories = append(x.Categories, atomCategory{Term: string(e.Status), Label: in.word(e.Lang, wordDraft)})
	}
	x.Categories = append(x.Categories, atomCategory{Term: e.Type.Name, Scheme: in.abs(in.home(e.Lang)), Label: e.Type.Labels.One.In(e.Lang)})
	for _, t := range e.Topics {
		x.Categories = append(x.Categories, atomCategory{Term: t.ID, Scheme: in.abs(in.Site.Config.Prefix(e.Lang) + "/" + t.Term.Taxonomy.Slug + "/"), Label: t.Term.Label.In(e.Lang)})
	}
	body := in.content(e)
	if s := in.summary(e); s != "" || body == "" {
		x.Summary = &atomText{Type: "text", Text: cmp.Or(s, e.Title)}
	}
	if body != "" {
		x.Content = &atomText{Type: "html", Text: body}
	}
	return x
}

type (
	jsonFeed struct {
		Version     string       `json:"version"`
		Title       string       `json:"title"`
		HomePageURL string       `json:"home_page_url"`
		FeedURL     string       `json:"feed_url"`
		Description string       `json:"description,omitempty"`
		Language    string       `json:"language"`
		Authors     []jsonAuthor `json:"authors"`
		Items       []jsonItem   `json:"items"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
	jsonItem struct {
		ID          string       `json:"id"`
		URL         string       `json:"url"`
		Title       string       `json:"title"`
		Summary     string       `json:"summary,omitempty"`
		ContentHTML string       `json:"content_html,omitempty"`
		ContentText string       `json:"content_text,omitempty"`
		Image       string       `json:"image,omitempty"`
		Published   string       `json:"date_published,omitempty"`
		Modified    string       `json:"date_modified"`
		Authors     []jsonAuthor `json:"authors,omitempty"`
		Tags        []string     `json:"tags,omitempty"`
		Language    string       `json:"language"`
	}
)

func (in *Input) jsonFeed(f *Feed, entries []*site.Entry) []byte {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: oneLine(f.Title), Description: f.Description, Language: f.Lang,
		HomePageURL: in.abs(f.Page), FeedURL: in.abs(f.JSON),
		Authors: []jsonAuthor{{Name: in.publisher(), URL: in.Site.Config.Publisher.URL}},
		Items:   []jsonItem{},
	}
	for _, e := range entries {
		out.Items = append(out.Items, in.jsonItem(e))
	}
	return marshal(out)
}

func (in *Input) jsonItem(e *site.Entry) jsonItem {
	x := jsonItem{
		ID: in.abs(e.URL), URL: in.abs(e.URL), Title: oneLine(e.Title), Summary: in.summary(e),
		ContentHTML: in.content(e), Modified: moment(changed(e)), Language: e.Lang,
	}
	if x.ContentHTML == "" { // one of the two is required
		x.ContentText = cmp.Or(x.Summary, x.Title)
	}
	if !e.Published.IsZero() {
		x.Published = moment(e.Published)
	}
	_, x.Image = in.image(e)
	for _, n := range in.authors(e) {
		x.Authors = append(x.Authors, jsonAuthor{Name: n.full()})
	}
	x.Tags = append(x.Tags, e.Type.Labels.One.In(e.Lang))
	if draft(e) {
		x.Tags = append(x.Tags, in.word(e.Lang, wordDraft))
	}
	for _, t := range e.Topics {
		x.Tags = append(x.Tags, t.Term.Label.In(e.Lang))
	}
	return x
}

// marshal writes JSON for files of their own: indented, so that a change of
// one entry is a change of a few lines, and without the escapes that only a
// place inside HTML needs.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		panic(err) // own types only: cannot fail
	}
	return b.Bytes()
}
