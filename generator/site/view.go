package site

import "github.com/ag-vzkm/portal/generator/diag"

// ViewDef is a page that shows all entries of a type in one form: a matrix, a map,
// a timeline. A type declares its views in type.yaml under "views"; which fields
// a view reads is said there and nowhere else. Exactly one form is given.
type ViewDef struct {
	Name    string   `yaml:"name"` // last part of its address
	Title   Text     `yaml:"title"`
	Intro   Text     `yaml:"intro"`   // one or two sentences: what is to be seen and how to read it
	Icon    string   `yaml:"icon"`    // default: the type's
	Order   int      `yaml:"order"`   // place among all views
	Filters []string `yaml:"filters"` // paths of fields by which readers narrow it down

	// The forms. Each has its own file in generator/view and its own folder in
	// templates/views.
	Board   *BoardView   `yaml:"board"`
	Map     *MapView     `yaml:"map"`
	Network *NetworkView `yaml:"network"`
	Way     *WayView     `yaml:"way"`

	Type *Type    `yaml:"-"`
	Pos  diag.Pos `yaml:"-"`
}

// ViewField is a field that a view reads. Of names the type that has it, ""
// for the view's own. Kinds are the kinds it may have; nil allows all.
type ViewField struct {
	Path, Of string
	Kinds    []Kind
}

// Form is the form of a view by its name in type.yaml, with the fields it reads.
// The name is "" if none or several are given.
func (v *ViewDef) Form() (name string, reads []ViewField) {
	forms := 0
	use := func(n string, fields []ViewField) {
		forms++
		name, reads = n, fields
	}
	if v.Board != nil {
		use("board", v.Board.reads())
	}
	if v.Map != nil {
		use("map", v.Map.reads())
	}
	if v.Network != nil {
		use("network", v.Network.reads())
	}
	if v.Way != nil {
		use("way", v.Way.reads())
	}
	if forms != 1 {
		return "", nil
	}
	return name, reads
}

// ViewForms are the names of all forms, for messages.
var ViewForms = []string{"board", "map", "network", "way"}

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
	out := []ViewField{{Path: b.Kind, Kinds: WordKinds}, {Path: b.Subjects, Kinds: WordKinds}, {Path: b.Until, Kinds: []Kind{KindDate}}}
	for _, c := range b.Columns {
		out = append(out, ViewField{Path: c})
	}
	return out
}
