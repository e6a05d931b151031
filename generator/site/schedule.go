package site

// Schedule names the fields of a type that say when something can be applied
// for. From them its state is computed (view.State): planned, open, rolling,
// closed. Date, Time, Kind and Stage are fields of the list Deadlines; of Kind,
// Cutoff, Yearly and Rolling are the values with a meaning of their own, any
// other is a fixed deadline. The values of Stage are in the order of the stages.
type Schedule struct {
	Opens     string `yaml:"opens"`  // first day
	Closes    string `yaml:"closes"` // last day
	Deadlines string `yaml:"deadlines"`

	Date  string `yaml:"date"`
	Time  string `yaml:"time"` // "12:00", on the site's clock
	Kind  string `yaml:"kind"`
	Stage string `yaml:"stage"`

	Cutoff  string `yaml:"cutoff"`  // what is late counts next time
	Yearly  string `yaml:"yearly"`  // comes back every year
	Rolling string `yaml:"rolling"` // at any time, without a date
}

// StateFilter is the name under which views filter by the state of a schedule.
const StateFilter = "state"

// Reads are the fields that a schedule reads.
func (s *Schedule) Reads() []ViewField {
	return []ViewField{
		{Path: s.Opens, Single: true, Kinds: []Kind{KindDate}},
		{Path: s.Closes, Single: true, Kinds: []Kind{KindDate}},
		{Path: s.Deadlines, Kinds: []Kind{KindList}},
		{Path: within(s.Deadlines, s.Date), Kinds: []Kind{KindDate}},
		{Path: within(s.Deadlines, s.Time), Kinds: []Kind{KindText}},
		{Path: within(s.Deadlines, s.Kind), Kinds: []Kind{KindEnum}, Values: []string{s.Cutoff, s.Yearly, s.Rolling}},
		{Path: within(s.Deadlines, s.Stage), Kinds: []Kind{KindEnum}},
	}
}

// within is the path of a field of a list, "" if there is none.
func within(list, field string) string {
	if field == "" {
		return ""
	}
	return list + "." + field
}
