package site

// CoverageView holds the conditions of entries against all entries of the type
// they speak of: needs, and what could meet them. Which type that is says the
// field of the conditions ("of").
type CoverageView struct {
	Must      string `yaml:"must"`      // conditions that have to be met
	Should    string `yaml:"should"`    // conditions that are wanted
	Confirmed string `yaml:"confirmed"` // relation to what editors say meets the need
	// Gap names the relation by which other entries refer to a need that they
	// help to close.
	Gap struct {
		Of string `yaml:"of"` // type that has it
		By string `yaml:"by"`
	} `yaml:"gap"`
}

func (v *CoverageView) reads() []ViewField {
	conditions := []Kind{KindConstraint}
	return []ViewField{
		{Path: v.Must, Kinds: conditions}, {Path: v.Should, Kinds: conditions},
		{Path: v.Confirmed, Kinds: []Kind{KindRelation}},
		{Path: v.Gap.By, Of: v.Gap.Of, Kinds: []Kind{KindRelation}},
	}
}

// SpokenOf is the name of the type that the conditions speak of, "" if they
// speak of none or of two.
func (v *CoverageView) SpokenOf(t *Type) string {
	of := ""
	for _, path := range []string{v.Must, v.Should} {
		f := t.FieldByPath(path)
		if path == "" || f == nil {
			continue
		}
		if of != "" && of != f.Of {
			return ""
		}
		of = f.Of
	}
	return of
}
