package index

// Document is one searchable unit.
type Document struct {
	ID        string // unique
	URL       string
	Type      string
	TypeLabel string // as shown in the facet; default: Type
	Lang      string
	Title     string
	Abbr      []string // BGB, IfSG
	Aliases   []string // other names by which it is known
	Summary   string
	Tags      []string
	Facets    map[string][]string // field → values; "type" is added from Type
	Date      string              // YYYY-MM-DD
	Boost     float64             // factor on the score of its text, 1 when zero
	Sections  []Section           // in order; the first may lack ID and title
}

// Section is a heading with its text, up to the next heading.
type Section struct {
	ID    string // the anchor
	Title string
	Level int
	Text  string
}

// field says where in a document a term stands.
type field int

const (
	fieldTitle field = iota
	fieldAbbr
	fieldHeading
	fieldSummary
	fieldTags
	fieldBody
	numFields
)

var fieldNames = [numFields]string{"title", "abbr", "heading", "summary", "tags", "body"}

// fieldGap separates the positions of fields and of sections, so that nothing
// is near across them.
const fieldGap = 10

// docMeta is what is known of a document without asking bleve.
type docMeta struct {
	ID, URL, Type, Lang, Title, Date string
	Summary                          string
	Facets                           []facetValues // sorted by field
	Len                              [numFields]int
	Boost                            float64
	TitleEnd                         int   // the title stands at 1 … TitleEnd-1
	Starts                           []int // first position of each section
	End                              int   // one behind the last position
}

type facetValues struct {
	Field  string
	Values []string
}

// section returns which section a position is in, -1 if it is before all.
func (m *docMeta) section(pos int) int {
	lo, hi := 0, len(m.Starts)
	for lo < hi {
		if mid := (lo + hi) / 2; m.Starts[mid] <= pos {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}

// fieldAt tells a title from the rest by position alone, which is enough for
// what is found across terms: windows and phrases.
func (m *docMeta) fieldAt(pos int) field {
	if pos < m.TitleEnd {
		return fieldTitle
	}
	return fieldBody
}
