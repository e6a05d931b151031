package site

// NetworkView shows what the entries of a type take part in: all relations in
// both directions, by the type on the other side.
type NetworkView struct {
	Groups string `yaml:"groups"` // the field whose words are the headings
	Abbr   string `yaml:"abbr"`   // a short name
	Roles  string `yaml:"roles"`  // said beside the name
}

func (n *NetworkView) reads() []ViewField {
	return []ViewField{{Path: n.Groups, Kinds: WordKinds}, {Path: n.Abbr, Kinds: []Kind{KindText}}, {Path: n.Roles, Kinds: WordKinds}}
}
