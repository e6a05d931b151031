package site

import "strings"

// MatrixView holds entries (rows) against columns in one or several sets, one
// seen at a time, and lets readers put some of them side by side.
type MatrixView struct {
	Sets []*MatrixSet `yaml:"sets"`
	// Proven is the step from which on an entry fills a column. Missing and
	// Unproven say what is wrong with a column that nobody fills; „{}“ in them
	// stands for the column.
	Proven   int  `yaml:"proven"`
	Missing  Text `yaml:"missing"`
	Unproven Text `yaml:"unproven"`
}

// MatrixSet are columns of one kind: records that each tell a level (Levels),
// or the words of a field of which an entry has some (Tags).
type MatrixSet struct {
	Note Text `yaml:"note"` // how to read it, one sentence

	Levels   []string `yaml:"levels"`   // paths of records, a column each
	Level    string   `yaml:"level"`    // field of these records
	Text     string   `yaml:"text"`     // field of these records, or ""
	Evidence string   `yaml:"evidence"` // field of these records that cites a source, or ""

	Tags   string         `yaml:"tags"`
	Groups []*MatrixGroup `yaml:"groups"`
}

// MatrixGroup are columns of words that belong together. One group may do
// without Terms: it has all that no other group names.
type MatrixGroup struct {
	Label Text     `yaml:"label"`
	Terms []string `yaml:"terms"`
	Level string   `yaml:"level"` // how far an entry is that has one of these words
	Chain bool     `yaml:"chain"` // the columns are steps, one after the other
}

// Key names a set in addresses: by its field, or by the record that its
// columns are in.
func (s *MatrixSet) Key() string {
	path := s.Tags
	if path == "" && len(s.Levels) > 0 {
		path = s.Levels[0]
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			path = path[:i]
		}
	}
	return strings.ReplaceAll(path, ".", "-")
}

// TagKinds hold one or more words of a closed set of which an entry has some.
var TagKinds = []Kind{KindTags, KindEnum}

func (m *MatrixView) reads() []ViewField {
	var out []ViewField
	if len(m.Sets) == 0 {
		out = append(out, ViewField{Key: "sets"})
	}
	for _, s := range m.Sets {
		if len(s.Levels) == 0 && s.Tags == "" {
			out = append(out, ViewField{Key: "levels“ oder „tags"})
		}
		for _, p := range s.Levels {
			out = append(out, ViewField{Path: p, Kinds: []Kind{KindRecord}}, ViewField{Path: p + "." + s.Level, Kinds: []Kind{KindLevel}})
			if s.Text != "" {
				out = append(out, ViewField{Path: p + "." + s.Text, Kinds: []Kind{KindText, KindMarkdown}})
			}
			if s.Evidence != "" {
				out = append(out, ViewField{Path: p + "." + s.Evidence, Kinds: []Kind{KindText}})
			}
		}
		out = append(out, ViewField{Path: s.Tags, Kinds: TagKinds})
		for _, g := range s.Groups {
			out = append(out, ViewField{Path: s.Tags, Values: g.Terms}, ViewField{Path: g.Level, Kinds: []Kind{KindLevel}})
		}
	}
	return out
}

// EntryQuery is what the address of a view takes so that it begins with an
// entry, "" where the form has nothing of the kind.
func (v *ViewDef) EntryQuery(id string) string {
	if v.Matrix != nil {
		return "?vergleich=" + id
	}
	return ""
}
