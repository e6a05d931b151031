package index

// Document is one searchable unit.
type Document struct {
	ID        string // unique
	URL       string
	Type      string
	TypeLabel string // as shown in the facet; default: Type
	Title     string
	Abbr      []string // BGB, IfSG
	Aliases   []string // other names by which it is known
	Summary   string
	Tags      []string
	Facets    map[string][]string // field → values; "type" is added from Type
	Date      string              // YYYY-MM-DD
	Status    string              // a word of warning to show with it: a draft
	Boost     float64             // factor on the score of its text, 1 when zero
	Sections  []Section           // in order; the first may lack ID and title
}

// Section is a heading with its text, up to the next heading.
type Section struct {
	ID    string // the anchor
	Title string
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

// docMeta is what is known of a document without asking bleve.
type docMeta struct {
	ID, URL, Type, Title, Date string
	Status                     string
	Tags                       []string
	Names                      []string      // as they were given
	Facets                     []facetValues // sorted by field
	Boost                      float64
	Starts                     []int // first passage of each section
	Passages                   int
	Chunk                      int // passages of a fragment, as a power of two
}

type facetValues struct {
	Field  string
	Values []string
}

// section returns which section a passage is in, -1 for the first passage,
// which is the summary.
func (m *docMeta) section(passage int) int {
	lo, hi := 0, len(m.Starts)
	for lo < hi {
		if mid := (lo + hi) / 2; m.Starts[mid] <= passage {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}
