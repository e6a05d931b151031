package site

// TimelineView shows entries as rows over time: a span and marks in it. Marks is
// a list, whose fields the others are. Of the values of Kind, Cutoff is drawn
// hollow, Yearly comes back every year and Rolling has no day.
type TimelineView struct {
	From  string `yaml:"from"`  // first day of the span
	Until string `yaml:"until"` // last day of the span
	Marks string `yaml:"marks"`

	Date  string `yaml:"date"`
	Time  string `yaml:"time"`
	Text  string `yaml:"text"`  // what happens
	Kind  string `yaml:"kind"`  // of which kind it is
	Stage string `yaml:"stage"` // marks of stages that follow each other are connected; without it, all are
	Done  string `yaml:"done"`  // whether it has been reached

	Cutoff  string `yaml:"cutoff"`
	Yearly  string `yaml:"yearly"`
	Rolling string `yaml:"rolling"`
}

func (t *TimelineView) reads() []ViewField {
	key := ""
	if t.From+t.Until == "" {
		key = "marks"
	}
	return []ViewField{
		{Path: t.From, Single: true, Kinds: []Kind{KindDate}},
		{Path: t.Until, Single: true, Kinds: []Kind{KindDate}},
		{Path: t.Marks, Key: key, Kinds: []Kind{KindList}},
		{Path: within(t.Marks, t.Date), Kinds: []Kind{KindDate}},
		{Path: within(t.Marks, t.Time), Kinds: []Kind{KindText}},
		{Path: within(t.Marks, t.Text), Kinds: []Kind{KindText}},
		{Path: within(t.Marks, t.Kind), Kinds: []Kind{KindEnum}, Values: []string{t.Cutoff, t.Yearly, t.Rolling}},
		{Path: within(t.Marks, t.Stage), Kinds: []Kind{KindEnum}},
		{Path: within(t.Marks, t.Done), Kinds: []Kind{KindBool}},
	}
}
