package site

// WayView shows for each entry of a type the whole way that portal.yaml names
// under "thread": what is there on each step, and what is missing.
type WayView struct {
	State string `yaml:"state"` // said beside the title
}

func (w *WayView) reads() []ViewField { return []ViewField{{Path: w.State, Kinds: WordKinds}} }
