package site

// DueView lists what is to be reviewed: entries whose day has passed, those
// whose day comes within Within days, and those without one. It reads common
// fields only and so may span all types.
type DueView struct {
	Within int `yaml:"within"` // default: DueWithin
}

// DueWithin is how many days ahead a review is announced.
const DueWithin = 90

// Days are how many days ahead the view looks.
func (d *DueView) Days() int {
	if d.Within > 0 {
		return d.Within
	}
	return DueWithin
}

// FiguresView lists the figures that texts state, each with its source. Types
// take part by „claims: true“.
type FiguresView struct{}

func (*DueView) reads() []ViewField     { return nil }
func (*FiguresView) reads() []ViewField { return nil }
