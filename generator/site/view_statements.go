package site

// StatementsView puts the statements of all entries (see Statements) under the
// words of one of their fields: demands by addressee.
type StatementsView struct {
	By string `yaml:"by"` // path of the field: theses.addressee
}

func (s *StatementsView) reads() []ViewField {
	return []ViewField{{Path: s.By, Kinds: append([]Kind{KindText}, WordKinds...)}}
}
