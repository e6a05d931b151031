package site

import (
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Statements names the list of a type whose records are sentences that stand
// for themselves: each has an address of its own, which it keeps in later
// versions, and can be compared from one version to the next. All but List are
// fields of the list's records; only ID and Text are needed.
type Statements struct {
	List     string `yaml:"list"`
	ID       string `yaml:"id"`
	Text     string `yaml:"text"`
	To       string `yaml:"to"`       // whom it is addressed to
	State    string `yaml:"state"`    // what became of it
	Formerly string `yaml:"formerly"` // ids it had before
	Anchor   string `yaml:"anchor"`   // what its address begins with: "forderung" gives #forderung-f1
	Brief    bool   `yaml:"brief"`    // entries have a page that fits one sheet of paper
}

// Path is the path of one of its fields, "" when it is not named.
func (s *Statements) Path(name string) string {
	if name == "" {
		return ""
	}
	return s.List + "." + name
}

// AnchorOf is the anchor of a statement by its id.
func (s *Statements) AnchorOf(id string) string {
	if s.Anchor == "" {
		return id
	}
	return s.Anchor + "-" + id
}

// Versions says how the entries of a type follow one another: Replaces is the
// relation that leads to the version before, Number what a version is called.
type Versions struct {
	Replaces string `yaml:"replaces"`
	Number   string `yaml:"number"`
}

// Earlier are the versions that an entry replaces.
func (e *Entry) Earlier() []*Entry {
	var out []*Entry
	for _, edge := range e.Out {
		if v := e.Type.Versions; v != nil && edge.Field.Name == v.Replaces && edge.To != e {
			out = append(out, edge.To)
		}
	}
	return out
}

// Later is the version that replaces an entry, in its own language if there is
// one, or nil.
func (e *Entry) Later() (later *Entry) {
	for _, edge := range e.In {
		if v := edge.From.Type.Versions; v == nil || edge.Field.Name != v.Replaces || edge.From == e {
			continue
		}
		if later == nil || later.Lang != e.Lang && edge.From.Lang == e.Lang {
			later = edge.From
		}
	}
	return later
}

// Version is what an entry's version is called, "" when it has no number.
func (e *Entry) Version() string {
	if e.Type.Versions == nil || e.Type.Versions.Number == "" {
		return ""
	}
	return e.Text(e.Type.Versions.Number)
}

// checkVersions points to versions that another one replaces and that lists
// still show beside it.
func (s *Site) checkVersions(diags *diag.List) {
	for _, e := range s.Entries {
		if later := e.Later(); later != nil && e.Listed() {
			diags.Hintf(e.TitlePos(), "fassung-ersetzt", "Setzen Sie hier „status: ersetzt“.", "„%s“ löst diesen Eintrag ab (%s); in Listen stehen noch beide.", later.Title, later.Pos.File)
		}
	}
}

// checkStatements reports what would make an address ambiguous, and addressees
// that are one to a reader and two to the program.
func (s *Site) checkStatements(diags *diag.List) {
	spelt := map[string]string{} // by type and folded spelling
	for _, e := range s.Entries {
		def := e.Type.Statements
		it := e.Values.Item(listOf(def))
		if it == nil {
			continue
		}
		taken := map[string]bool{}
		for _, v := range Each(it.Value) {
			rec, _ := v.(Record)
			pos := it.Pos
			if id := rec.Item(def.ID); id != nil {
				pos = id.Pos
			}
			for _, id := range append([]string{rec.Text(def.ID)}, texts(rec, def.Formerly)...) {
				if taken[id] {
					diags.Errorf(pos, "id-doppelt", "Geben Sie jeder eine eigene Nummer, auch unter den früheren.", "Die Nummer „%s“ steht zweimal unter „%s“.", id, def.List)
				}
				taken[id] = true
			}
			for _, to := range texts(rec, def.To) {
				key := e.Type.Name + " " + strings.ToLower(strings.Join(strings.Fields(to), " "))
				if first, known := spelt[key]; known && first != to {
					diags.Hintf(pos, "schreibweise", "Schreiben Sie überall „"+first+"“.", "„%s“ steht anderswo als „%s“ und bekommt deshalb eine eigene Überschrift.", to, first)
				} else {
					spelt[key] = to
				}
			}
		}
	}
}

func listOf(s *Statements) string {
	if s == nil {
		return ""
	}
	return s.List
}

// texts are the single texts of a field of a record.
func texts(rec Record, path string) []string {
	if path == "" {
		return nil
	}
	var out []string
	for _, v := range Each(rec.Get(path)) {
		out = append(out, Plain(v))
	}
	return out
}
