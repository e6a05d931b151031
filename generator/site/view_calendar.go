package site

// CalendarView shows entries by their dates: what is coming month by month,
// with a sheet of each month, and what is over year by year.
type CalendarView struct {
	Dates
	Facts []string `yaml:"facts"` // said of each date behind its place
}

func (c *CalendarView) reads() []ViewField {
	out := c.Dates.Reads()
	for _, f := range c.Facts {
		out = append(out, ViewField{Path: f})
	}
	return out
}
