package site

// Dates says in which fields of a type its dates stand, and what is said with
// them. Start may lie in a list: then each of its records is a date, and the
// fields beside it are those of the record.
type Dates struct {
	Start string `yaml:"start"` // a day, or a day with a time
	End   string `yaml:"end"`
	// Yearly is a field beside Start; where it equals YearlyValue, the date
	// comes back every year, up to the day in Closed.
	Yearly      string   `yaml:"yearly"`
	YearlyValue string   `yaml:"yearly_value"`
	Closed      string   `yaml:"closed"`
	Place       string   `yaml:"place"`
	Register    string   `yaml:"register"`    // where to register
	RegisterBy  string   `yaml:"register_by"` // the last day for it
	Notes       []string `yaml:"notes"`       // what tells an entry's dates apart: „Projektskizze“
}

var timeKinds = []Kind{KindDate, KindDateTime}

// Reads are the fields that the dates stand in.
func (d *Dates) Reads() []ViewField {
	out := []ViewField{{Path: d.Start, Key: "start", Kinds: timeKinds}, {Path: d.End, Kinds: timeKinds}, {Path: d.Yearly, Kinds: WordKinds},
		{Path: d.Closed, Single: true, Kinds: []Kind{KindDate}}, {Path: d.Place}, {Path: d.Register, Kinds: []Kind{KindLink}}, {Path: d.RegisterBy, Kinds: timeKinds}}
	for _, n := range d.Notes {
		out = append(out, ViewField{Path: n})
	}
	return out
}

// ICal makes events of a type's entries for calendar programs: a file for each
// entry, and calendars to subscribe to.
type ICal struct {
	Dates
	Series string `yaml:"series"` // each of its words has a calendar of its own
}

// Reads are the fields that the calendars are made of.
func (c *ICal) Reads() []ViewField {
	return append(c.Dates.Reads(), ViewField{Path: c.Series, Kinds: WordKinds})
}
