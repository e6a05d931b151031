package site

// FollowUpView shows what became of what was agreed: each record of a list in
// all entries, with who takes care of it, until when, and what followed. Paths
// from Text to LeadsTo are those of the record's own fields.
type FollowUpView struct {
	Items   string   `yaml:"items"` // the list
	Text    string   `yaml:"text"`
	Owner   string   `yaml:"owner"`
	Due     string   `yaml:"due"`
	DoneOn  string   `yaml:"done_on"`  // day on which it was done
	LeadsTo []string `yaml:"leads_to"` // relations to what came of it
	// State is a field of what the first of LeadsTo leads to; with one of the
	// values Done there, the item is settled.
	State string   `yaml:"state"`
	Done  []string `yaml:"done"`
	// Then are the types in which the thread goes on, in this order.
	Then []string `yaml:"then"`
	Date string   `yaml:"date"` // of the entry
}

// Sub is the path of a field of the records.
func (f *FollowUpView) Sub(name string) string {
	if name == "" {
		return ""
	}
	return f.Items + "." + name
}

func (f *FollowUpView) reads() []ViewField {
	day := []Kind{KindDate}
	out := []ViewField{{Path: f.Items, Key: "items", Kinds: []Kind{KindList}}, {Path: f.Sub(f.Text), Key: "text", Kinds: []Kind{KindMarkdown, KindText}},
		{Path: f.Sub(f.Owner), Kinds: []Kind{KindRelation}}, {Path: f.Sub(f.Due), Kinds: day}, {Path: f.Sub(f.DoneOn), Kinds: day}, {Path: f.Date, Single: true, Kinds: timeKinds}}
	for i, l := range f.LeadsTo {
		out = append(out, ViewField{Path: f.Sub(l), Kinds: []Kind{KindRelation}})
		if i == 0 {
			out = append(out, ViewField{Path: f.State, Via: f.Sub(l), Kinds: []Kind{KindEnum, KindLevel}, Values: f.Done})
		}
	}
	for _, t := range f.Then {
		out = append(out, ViewField{Of: t})
	}
	return out
}
