// Package markdown turns one Markdown body into HTML and into what the rest of
// the portal wants to know about it: outline, links, sections of plain text.
//
// Terms: a page is one conversion; a run is a stretch of text between two
// pieces of markup; a scope is what several conversions on one page share, so
// that ids and numbers stay unique; a resolver answers questions about the
// site.
//
// Flow: goldmark parses, with our parsers for [[references]], [@citations],
// callouts, ::: containers and attributes. Then one walk over the tree writes
// HTML and plain text side by side (block.go, inline.go). Text is collected
// into runs; each run is searched for bare addresses, set in the language's
// typography, searched for glossary words and escaped, in this order. Each
// extension has a file of its own with its parser and its rendering.
//
// Raw HTML never reaches the output, and no attribute does that is not named
// here.
package markdown

import (
	"sync"

	"github.com/yuin/goldmark/parser"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Resolver answers questions about the site. Its methods are called from many
// goroutines.
type Resolver interface {
	// Entry finds what [[id]] means on a page in lang.
	Entry(id, lang string) (Target, bool)
	// Suggest is a German hint for an unknown id („Meinten Sie …?“), or "".
	Suggest(id string) string
	// Path turns a link without scheme, written in file, into an address:
	// "../glossar/manv.md", "manv", "/produkte/", "bild.pdf". dest has neither
	// query nor fragment. url is "" for an entry that is not shown.
	Path(file, dest string) (url string, ok bool)
	// Image finds a picture named in file. The error is a sentence for the
	// editor; if it has a method Advice() string, that is the hint.
	Image(file, src string) (Image, error)
}

// Target is an entry that can be linked to.
type Target struct {
	ID    string
	URL   string // from the site's root, base path included
	Title string
	Lang  string
	// Hidden is set for an entry that exists and is not shown: a reference
	// keeps its text and leads nowhere.
	Hidden bool
}

// Image is a picture in all its sizes.
type Image struct {
	URL           string
	Width, Height int
	SrcSet        []Variant
}

// Variant is a picture scaled to Width.
type Variant struct {
	URL   string
	Width int
}

// Source is what [@key] cites.
type Source struct{ Key, Title, URL string }

// Config is what all conversions of a build share. Resolver, Diags and Words
// are required.
type Config struct {
	Resolver Resolver
	Diags    *diag.List
	// Words gives the interface's words, those with keys in "md.".
	Words func(lang, key string, args ...any) string
	// SiteHost is the host of the site's own address: links to it are internal.
	SiteHost string
	// ReservedIDs are ids that the templates use.
	ReservedIDs []string
	// ImageSizes is the sizes attribute of pictures in the text.
	ImageSizes string
}

// Input is one Markdown text.
type Input struct {
	Pos diag.Pos // of the first character of Body
	// Indent is how far the lines of Body are indented where they stand.
	Indent int
	Lang   string
	Body   []byte

	// Title is the page's title, if it has one: a first heading that repeats
	// it is dropped. Without a title and with TakeTitle, the first heading is
	// taken out of the text and becomes Doc.Title.
	Title     string
	TakeTitle bool

	BaseLevel int      // of the highest heading; 2 when zero
	Terms     *Terms   // glossary in Lang, nil for none
	SelfID    string   // the page's own entry: never marked as a term
	Sources   []Source // what may be cited
	Claims    bool     // figures need a source, and are listed in Doc.Claims
	Scope     *Scope   // of the page, when it has several texts; nil for one
}

// Doc is a converted text.
type Doc struct {
	Title    string // set only if it was taken from the text
	HTML     string
	Breaks   []int     // offsets in HTML at which a long text can be cut, see cutter; none in a short one
	Outline  []Heading // headings of levels 2 and 3
	Sections []Section // the text before the first heading comes first, without ID
	Links    []Link    // in order
	Refs     []string  // ids of the entries linked with [[id]], by first use
	Terms    []string  // ids of the glossary entries marked, by first use
	Cited    []string  // keys of the sources cited, by first use
	Images   []Image
	Claims   []Claim // with Input.Claims
	// FirstParagraph is the plain text of the first paragraph.
	FirstParagraph string
	Words          int
}

// Heading is a line of the table of contents.
type Heading struct {
	Level    int
	ID, Text string
}

// Section is the plain text under one heading, up to the next heading of any
// level. Blocks are separated by newlines.
type Section struct {
	ID, Title string
	Level     int
	Text      string
}

// Link is a link as it stands in the HTML.
type Link struct {
	URL      string
	Pos      diag.Pos
	External bool
}

// Converter converts texts; its methods may be called by many goroutines.
type Converter struct {
	cfg      Config
	full     parser.Parser
	inline   parser.Parser
	reserved map[string]bool
	pool     *sync.Pool // of *buffers
}

// New returns a converter.
func New(cfg Config) *Converter {
	if cfg.ImageSizes == "" {
		cfg.ImageSizes = "(min-width: 48rem) 44rem, 100vw"
	}
	c := &Converter{pool: &sync.Pool{}, cfg: cfg, full: newParser(inlineParsers()), inline: newInlineParser(inlineParsers()), reserved: map[string]bool{}}
	for _, id := range cfg.ReservedIDs {
		c.reserved[id] = true
	}
	return c
}

// With returns a converter that asks another resolver and reports to another
// list.
func (c *Converter) With(r Resolver, diags *diag.List) *Converter {
	other := *c
	other.cfg.Resolver, other.cfg.Diags = r, diags
	return &other
}

// Convert converts a whole text.
func (c *Converter) Convert(in Input) *Doc { return newPage(c, in).convert(c.full) }

// Inline converts a short text, such as a field of the front matter, to HTML
// without a paragraph around it. Marks that make blocks are plain text there.
func (c *Converter) Inline(in Input) *Doc { return newPage(c, in).convertInline(c.inline) }

// Scope is what several texts on one page share: used ids, the numbers of
// tables, notes and citations, the glossary words already marked. It belongs
// to one goroutine.
type Scope struct {
	ids    map[string]bool
	suffix map[string]int // the last one tried for an id
	counts map[string]int
	terms  map[string]bool
	cited  map[string]int
	keys   []string
}

// NewScope returns a scope in which no ids have been used but those that the
// page gives to something else.
func NewScope(used ...string) *Scope {
	s := &Scope{
		ids: map[string]bool{}, suffix: map[string]int{}, counts: map[string]int{},
		terms: map[string]bool{}, cited: map[string]int{},
	}
	for _, id := range used {
		s.ids[id] = true
	}
	return s
}

// Cited returns the keys of all sources cited so far, by number.
func (s *Scope) Cited() []string { return s.keys }

// next counts things of one kind from 1.
func (s *Scope) next(kind string) int {
	s.counts[kind]++
	return s.counts[kind]
}
