package site

import "github.com/ag-vzkm/portal/generator/diag"

// ViewDef is a page that shows all entries of a type in one form: a matrix, a map,
// a timeline. A type declares its views in type.yaml under "views"; which fields
// a view reads is said there and nowhere else. Exactly one form is given. Views
// that span all types are declared in templates/views/views.yaml.
type ViewDef struct {
	Name    string   `yaml:"name"` // last part of its address
	Title   Text     `yaml:"title"`
	Intro   Text     `yaml:"intro"`   // one or two sentences: what is to be seen and how to read it
	Noun    Text     `yaml:"noun"`    // what it counts, in the plural; default: the type's name
	Icon    string   `yaml:"icon"`    // default: the type's
	Order   int      `yaml:"order"`   // place among all views
	Filters []string `yaml:"filters"` // paths of fields by which readers narrow it down

	// The forms. Each has its own file in generator/view and its own folder in
	// templates/views.
	Board      *BoardView      `yaml:"board"`
	Calendar   *CalendarView   `yaml:"calendar"`
	Coverage   *CoverageView   `yaml:"coverage"`
	Due        *DueView        `yaml:"due"`
	Figures    *FiguresView    `yaml:"figures"`
	Finder     *FinderView     `yaml:"finder"`
	FollowUp   *FollowUpView   `yaml:"followup"`
	Map        *MapView        `yaml:"map"`
	Matrix     *MatrixView     `yaml:"matrix"`
	Network    *NetworkView    `yaml:"network"`
	Statements *StatementsView `yaml:"statements"`
	Timeline   *TimelineView   `yaml:"timeline"`
	Way        *WayView        `yaml:"way"`

	Type *Type    `yaml:"-"` // nil: all types
	Pos  diag.Pos `yaml:"-"`
}

// ViewField is a field that a view reads. Of names the type that has it, ""
// for the view's own; with Via it is a field of the types that the relation at
// that path leads to. Kinds are the kinds it may have; nil allows all. Values
// are values that it must know, "" apart. Key is the key of a definition that
// makes no sense without it, "" where Path may be empty. Single is set where an
// entry can have one value only, so that the field must not lie in a list.
type ViewField struct {
	Path, Of, Via string
	Key           string
	Single        bool
	Kinds         []Kind
	Values        []string
}

// Form is the form of a view by its name in type.yaml, with the fields it reads.
// The name is "" if none or several are given.
func (v *ViewDef) Form() (name string, reads []ViewField) {
	forms := 0
	for _, f := range []struct {
		name  string
		given bool
		reads func() []ViewField
	}{
		{"board", v.Board != nil, v.Board.reads},
		{"calendar", v.Calendar != nil, v.Calendar.reads},
		{"coverage", v.Coverage != nil, v.Coverage.reads},
		{"due", v.Due != nil, v.Due.reads},
		{"figures", v.Figures != nil, v.Figures.reads},
		{"finder", v.Finder != nil, v.Finder.reads},
		{"followup", v.FollowUp != nil, v.FollowUp.reads},
		{"map", v.Map != nil, v.Map.reads},
		{"matrix", v.Matrix != nil, v.Matrix.reads},
		{"network", v.Network != nil, v.Network.reads},
		{"statements", v.Statements != nil, v.Statements.reads},
		{"timeline", v.Timeline != nil, v.Timeline.reads},
		{"way", v.Way != nil, v.Way.reads},
	} {
		if f.given {
			forms++
			name, reads = f.name, f.reads()
		}
	}
	if forms != 1 {
		return "", nil
	}
	return name, reads
}

// ViewForms are the names of all forms, for messages.
var ViewForms = []string{"board", "calendar", "coverage", "due", "figures", "finder", "followup", "map", "matrix", "network", "statements", "timeline", "way"}

// WordKinds hold one or more of a closed set of words.
var WordKinds = []Kind{KindEnum, KindLevel, KindTags, KindRelation, KindBool}

// BoardView puts some fields of each entry side by side: a marketplace of requests
// and offers.
type BoardView struct {
	Kind     string   `yaml:"kind"`     // said beside the title
	Subjects string   `yaml:"subjects"` // words by which an entry is found
	Columns  []string `yaml:"columns"`  // fields side by side, shown in full
	Until    string   `yaml:"until"`    // day after which an entry is no longer on the board
}

func (b *BoardView) reads() []ViewField {
	out := []ViewField{{Path: b.Kind, Kinds: WordKinds}, {Path: b.Subjects, Kinds: WordKinds}, {Path: b.Until, Single: true, Kinds: []Kind{KindDate}}}
	for _, c := range b.Columns {
		out = append(out, ViewField{Path: c})
	}
	return out
}
