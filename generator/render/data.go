package render

import (
	"html/template"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// Page is what every page template gets as its dot. URL and the URLs in it
// are root-relative and already carry the base path of base_url; write them
// into href as they are.
type Page struct {
	Site *site.Site
	// Kind is the template's name below templates/pages: home, list, entry,
	// section, taxonomy, term, glossary, topics, sitemap, search, notfound, entries,
	// view, views, follow, delta, brief.
	Kind      string
	Lang      string
	Path      string // from the site's root, without base path: "/produkte/x/"
	URL       string // with base path
	Canonical string // absolute
	Title     string // <h1>
	DocTitle  string // <title>, with the site's title behind it
	Summary   string // meta description and lead
	Home      string // URL of the start page in this language
	NoIndex   bool

	Nav     []Link // main menu; Current marks the page's branch
	Footer  []Link
	Crumbs  []Link // without the page itself
	Langs   []LangLink
	Feeds   []FeedLink // of this page, for <link rel=alternate> and „Folgen“
	Meta    []Meta     // Dublin Core, Highwire, Open Graph
	JSONLD  template.HTML
	Assets  Assets
	Outline []Heading
	// Contents are all headings of a text of which Outline has only some.
	Contents []Heading

	Entry     *EntryView  // kinds entry, section with a text, home with a text
	List      *ListView   // kinds list, term, section, glossary, entries
	Start     *StartView  // kind home
	Topic     *TopicView  // kind term, of a vocabulary with feeds
	Terms     []TermGroup // kinds taxonomy, topics, search, notfound
	Glossary  []Letter    // kind glossary
	Letters   []Link      // kind glossary: the pages of the letters, when there are several
	View      *ViewPage   // kind view
	Delta     *DeltaPage  // kind delta
	Brief     *BriefPage  // kind brief
	Views     []Link      // kind views; on a type's list: the views of the type
	Follow    *FollowView // kind follow
	FollowURL string      // of the page about feeds, "" if there is none
	Style     string      // kinds view, follow, delta, brief: their own style sheet and script, "" if they have none
	Script    string
	Sitemap   []LinkGroup // kind sitemap; of search and notfound, only its titles
	Paging    Paging      // kinds taxonomy, sitemap
	Downloads []Link      // exports of this page: CSV, JSON, BibTeX …

	chrome *Chrome
}

// Chrome is what all pages of one language and one branch of the menu have in
// common, and the dot of templates that are executed once for all of them:
// {{part "site-footer-inner" .}}.
type Chrome struct {
	Site        *site.Site
	Lang        string
	Home        string
	Nav, Footer []Link
	Feeds       []FeedLink
	FollowTitle string // over the feeds: „Diesem Thema folgen“; "" for the usual words
	FollowURL   string // of the page about feeds, "" if there is none
	Assets      Assets

	parts *memo[string, part]
}

// Link is a place to go to. Lang is set when the target's language differs
// from the page's.
type Link struct {
	Title   string
	URL     string
	Note    string
	Icon    string
	Lang    string
	Count   int
	Current bool
}

// LangLink is one language of the language switch. Exact is false when the
// page has no translation and the link leads to an overview instead.
type LangLink struct {
	Lang, Name, URL string
	Canonical       string // absolute
	Exact, Current  bool
}

// FeedLink is a feed of the page. Type is its media type.
type FeedLink struct{ Title, Type, URL string }

// Meta is one <meta name content>, or with Property one <meta property content>.
type Meta struct{ Name, Property, Content string }

// Assets are the addresses of style sheet, script and icon sprite.
type Assets struct {
	CSS, JS, Icons string
	Search         string   // the search's interface
	Fonts          []string // those that the first view needs
}

// Heading is an entry of the table of contents; Level is 2 or 3.
type Heading struct {
	Level    int
	ID, Text string
}

// EntryView is an entry as its page shows it. Slices are empty when there is
// nothing to show; templates leave the block out then.
type EntryView struct {
	*site.Entry
	Label          string // the type's name: „Dual-Use-Profil“
	Icon           string
	ListURL        string
	Body           template.HTML
	Notices        []Notice
	Glance         []FieldView    // „Auf einen Blick“
	Schedule       *view.Schedule // state by its dates; nil for types without a schedule
	Groups         []FieldGroup
	Coverage       []CoverageView  // needs and what meets them
	Relations      []RelationGroup // both directions
	Thread         []ThreadStep    // „Der Weg“: the types of portal.yaml's thread, this entry on its place
	Graph          *view.Graph     // what it is related to, as a picture; nil when there is little
	Course         *view.Course    // phases, milestones, partners and results, of types that have them
	Related        []Card          // „Das könnte Sie auch interessieren“
	Tags           []Link          // topics
	Views          []Link          // views that show the entry
	Notes          []TermNote      // „Begriffe auf dieser Seite“
	Sources        []SourceView
	Contacts       []Card
	Image          *Picture
	Follow         []FollowGroup // „Dieser Reihe folgen“
	Changes        []Change
	Dated          Date   // published
	Changed        Date   // „zuletzt geändert“
	Reviewed       Date   // „geprüft am“
	ReviewDue      Date   // „nächste Prüfung“
	Cite           string // citation as text, for papers
	CiteFiles      []CiteFile
	Statements     *StatementsView // sentences with an address of their own; nil when it has none
	EditURL        string
	IssueURL       string
	HistoryURL     string
	Forge          string // where the three lead to: „GitHub“; "" if that is not known
	Editors        []Link // who changed it, of those whom portal.yaml names
	Uncommitted    bool   // not in Git yet; said in previews only
	Previous, Next *Link
	Dates          []view.Event // its own dates, for types with calendar files
	Calendars      []CalendarLink
	Outcomes       []view.Outcome // of types that are followed up
}

// CiteFile is a citation for reference managers: BibTeX, RIS, CSL-JSON, as a file
// and as text to copy.
type CiteFile struct {
	Link
	Text string
}

// Date is a day for people and for machines; zero when ISO is "".
type Date struct {
	Text string // „15. April 2026“
	ISO  string // 2026-04-15 or RFC 3339
}

// Notice is a box above the text. Kind is draft, superseded, supersedes, archived,
// overdue, review, members or language.
type Notice struct {
	Kind, Title, Text string
	Link, More        *Link
}

// FieldView is one field with its value as HTML, made by templates/fields/<kind>.html.
type FieldView struct {
	Field *site.Field
	Name  string
	Label string
	Icon  string
	HTML  template.HTML
	Text  string // plain
	Wide  bool   // tables and long texts want the full width
}

// FieldGroup is a titled block of fields.
type FieldGroup struct {
	ID, Label string
	Fields    []FieldView
}

// ThreadStep is a place on the way through the types that portal.yaml names.
// Links are the first entries there, with their status as the note; none is a gap.
type ThreadStep struct {
	Label, Icon, URL string
	Here, Direct     bool
	Links            []Link
	More             int
}

// RelationGroup are the entries on the other side of one relation: all, or the
// first of Total and the URL of the whole list.
type RelationGroup struct {
	ID, Label, URL string
	Total          int
	Cards          []Card
}

// Card is an entry in a list. Lang is set when it differs from the page's. Its
// methods Date, Fields and Tags give what not every list shows.
type Card struct {
	Entry   *site.Entry
	Title   string
	URL     string
	Summary string
	Label   string // the type's name
	Icon    string
	Lang    string
	Status  string // „Entwurf zur Diskussion“, or ""
	Why     string // in „Das könnte Sie auch interessieren“: shared topics

	r *Renderer
	l string // the page's language
}

// TermNote explains a glossary term that the text uses.
type TermNote struct{ ID, Word, Definition, URL string }

// SourceView is a source of the entry; N is its number in the text, 0 when
// the text does not cite it.
type SourceView struct {
	N                          int
	Key, Title, Publisher, URL string
	Accessed                   Date
}

// Picture is an image with its sizes.
type Picture struct {
	URL, Alt, Caption, Credit, SrcSet string
	Width, Height                     int
}

// Change is a line of the change history.
type Change struct {
	Date  Date
	Note  string
	Major bool
	// Commit says that Note was written in Git, not for readers.
	Commit bool
}

// ViewPage is a view: what is computed (view/<form>.go) for the template of its
// form (templates/views/<form>/).
type ViewPage struct {
	Def     *site.ViewDef
	Form    string
	Data    view.Data
	Filters []view.Filter
	Noun    string // what it counts, in the plural
	Shown   int    // how many of Total the page has
	Total   int
	List    Link   // of the type, or of all views
	Others  []Link // other views
}

// Paging is the place of a page among those of its list. Prev and Next are URLs.
type Paging struct {
	Page, Pages int
	Prev, Next  string
	PageLinks   []Link // first, last and those around
}

// ListView is a page of a list. Facets are links to term pages.
type ListView struct {
	Type    *site.Type // nil on term and section pages
	OneType bool       // all entries of the page are of one type
	Intro   string
	Total   int
	Cards   []Card
	Groups  []CardGroup // instead of Cards on term pages: by type
	Past    []Card      // kind upcoming: what is over
	Columns []string    // labels of the card fields, for a table
	Paging
	Facets   []LinkGroup
	Sections []Link // sub-folders of a section
	Fallback bool   // some entries are shown in another language
}

// TopicView is what stands above the list on the page of a topic: what leads into
// it, what comes next, and what there is.
type TopicView struct {
	Leads []Card // collections of the topic or with entries of it
	Dates []DateItem
	Parts []Link // to the types on this page and those behind it, with counts
}

// CardGroup are the cards of one type.
type CardGroup struct {
	ID, Label, Icon, URL string
	Total                int
	Cards                []Card
}

// LinkGroup is a titled list of links: all, or the first or most used of Total.
type LinkGroup struct {
	Title, URL string
	Total      int
	Links      []Link
}

// StartView is the start page.
type StartView struct {
	EntrancesTitle string
	Entrances      []Card
	Blocks         []StartBlock
	Topics         TermGroup // the vocabulary that home.topics names
	Types          []Link    // what the portal holds, with counts
	Views          []Link    // the views of all types
}

// StartBlock is one block of the start page. View is latest, upcoming or open.
type StartBlock struct {
	View, Title, URL, Icon string
	Cards                  []Card
	Dates                  []DateItem // view upcoming
}

// DateItem is a date with the entry it belongs to.
type DateItem struct {
	Date  Date
	Day   string // „15“
	Month string // „Apr“
	Year  string
	When  time.Time
	Note  string // kind of deadline and the like
	Card  Card
}

// TermGroup is a taxonomy with its terms.
type TermGroup struct {
	Taxonomy     *site.Taxonomy
	Title, Intro string
	URL          string
	Total        int
	Links        []Link // with counts; all, or the most used of Total
}

// Letter is a letter of the glossary A–Z.
type Letter struct {
	Letter string
	Cards  []Card
}
