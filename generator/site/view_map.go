package site

// MapView shows where entries belong: a map of equal tiles, one for each term of
// a vocabulary that has a place on it ("tile"), and the entries by place.
type MapView struct {
	Region string `yaml:"region"` // the field of that vocabulary
	Place  string `yaml:"place"`  // the place in words
	Course Course `yaml:"course"`
}

// Course names the fields that tell how an undertaking goes on. All may be left
// out. Paths below a list name fields that stand beside each other in it.
type Course struct {
	Phase   string   `yaml:"phase"`   // an enum whose values are the steps
	Date    string   `yaml:"date"`    // of a milestone
	Text    string   `yaml:"text"`    // what is there by then
	Done    string   `yaml:"done"`    // whether it has been reached
	Partner string   `yaml:"partner"` // who takes part
	Role    string   `yaml:"role"`    // and as what
	Results []string `yaml:"results"` // what came out of it, in prose
}

func (m *MapView) reads() []ViewField {
	out := []ViewField{{Path: m.Region, Key: "region", Kinds: []Kind{KindTags}}, {Path: m.Place, Kinds: []Kind{KindText}}}
	return append(out, m.Course.reads()...)
}

func (c *Course) reads() []ViewField {
	out := []ViewField{
		{Path: c.Phase, Kinds: []Kind{KindEnum}},
		{Path: c.Date, Kinds: []Kind{KindDate}}, {Path: c.Text, Kinds: []Kind{KindText}}, {Path: c.Done, Kinds: []Kind{KindBool}},
		{Path: c.Partner, Kinds: []Kind{KindRelation}}, {Path: c.Role, Kinds: []Kind{KindText, KindEnum}},
	}
	for _, r := range c.Results {
		out = append(out, ViewField{Path: r, Kinds: []Kind{KindText, KindMarkdown}})
	}
	return out
}

// Course is how the entries of a type go on, as one of its views has it, or nil.
func (t *Type) Course() *Course {
	for _, v := range t.Views {
		if v.Map != nil && v.Map.Course.Phase != "" {
			return &v.Map.Course
		}
	}
	return nil
}
