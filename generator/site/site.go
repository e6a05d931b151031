package site

import (
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Status is where an entry stands in its life.
type Status string

const (
	StatusDraft      Status = "entwurf"
	StatusReview     Status = "pruefung"
	StatusPublished  Status = "veroeffentlicht"
	StatusSuperseded Status = "ersetzt"
	StatusArchived   Status = "archiviert"
)

// Audience is who may read an entry. Members see what the public sees, too.
type Audience string

const (
	Public  Audience = "public"
	Members Audience = "members"
)

// Entry is one Markdown file. The fields up to Topics are copies of common
// fields, for code that needs them typed; Values has them all.
type Entry struct {
	Type *Type
	ID   string
	Lang string
	// Base is the id of the original of which this is a translation, or "".
	Base string

	Title      string
	Summary    string
	Status     Status
	Discussion bool // a draft put up for discussion: shown, and marked as a draft
	Audience   Audience
	Published  time.Time // zero: no embargo and no date
	Updated    time.Time // as written by the editor
	ReviewedOn time.Time
	ReviewBy   time.Time
	Topics     []*Tag
	Aliases    []string

	Values Record
	Extra  []Extra // keys that the fallback type keeps without knowing them

	Hash [32]byte // SHA-256 of the file, and of its companion
	Pos  diag.Pos // the file
	// Companion is the file with the front matter, "" if it is in the text's own.
	Companion string
	BodyPos   diag.Pos // the first line of its text; see source.Body
	Path      string   // below content/, without extension and language: "produkte/x"
	Index     bool     // an index.md: the text of its folder's page
	URL       string   // from the site's root, with slashes at both ends

	Changed time.Time // last change according to Git, zero when not known

	// Filled by Assemble.
	Out          []Edge // relations of this entry, in order of fields
	In           []Edge // relations of others to this entry
	Translations []*Entry
}

// Extra is a front matter key without a field, with its value as text.
type Extra struct{ Key, Value string }

// Edge is one relation between two entries.
type Edge struct {
	Field    *Field
	From, To *Entry
}

// Get returns the value at path; see Record.Get.
func (e *Entry) Get(path string) Value { return e.Values.Get(path) }

// Text returns the plain text at path.
func (e *Entry) Text(path string) string { return e.Values.Text(path) }

// TitlePos is where the title is written, or else the file: for what concerns
// the entry as a whole.
func (e *Entry) TitlePos() diag.Pos {
	if it := e.Values.Item("title"); it != nil {
		return it.Pos
	}
	return e.Pos
}

// LastChange is the day to show as „zuletzt geändert“: what the editor wrote,
// else what Git says; zero when neither is known.
func (e *Entry) LastChange() time.Time {
	if !e.Updated.IsZero() {
		return e.Updated
	}
	if !e.Changed.IsZero() {
		return e.Changed
	}
	return e.Published
}

// Date is the day an entry is dated and ordered by: published, else changed.
func (e *Entry) Date() time.Time {
	if !e.Published.IsZero() {
		return e.Published
	}
	return e.LastChange()
}

// Listed reports whether the entry appears in lists, feeds and the index.
// Superseded and archived entries stay readable and citable, but leave lists.
func (e *Entry) Listed() bool {
	return e.Status != StatusArchived && e.Status != StatusSuperseded && !e.Index
}

// Key identifies an entry across languages.
func (e *Entry) Key() string { return e.Lang + ":" + e.ID }

// Taxonomy is a vocabulary, read from templates/taxonomies/<name>.yaml.
type Taxonomy struct {
	Name    string   `yaml:"-"`
	One     Text     `yaml:"one"`
	Many    Text     `yaml:"many"`
	Intro   Text     `yaml:"intro"`
	Slug    string   `yaml:"slug"`    // first part of its URLs
	Feed    bool     `yaml:"feed"`    // whether each term has feeds
	Follow  Text     `yaml:"follow"`  // over a term's feeds: „Diesem Thema folgen“
	Ordered bool     `yaml:"ordered"` // keep the order of the file; otherwise alphabetical
	Terms   []*Term  `yaml:"terms"`
	Pos     diag.Pos `yaml:"-"`
}

// Term is a word of a taxonomy.
type Term struct {
	Taxonomy *Taxonomy `yaml:"-"`
	ID       string    `yaml:"id"`
	Label    Text      `yaml:"label"`
	Short    Text      `yaml:"short"` // where space is short ("NI")
	Note     Text      `yaml:"note"`  // one sentence
	Broader  string    `yaml:"broader"`
	Pos      diag.Pos  `yaml:"-"`
	Synonyms []string  `yaml:"synonyms"`
	Tile     []int     `yaml:"tile"` // of a place: column and row on a map of equal tiles, from 1

	Entries []*Entry `yaml:"-"` // those that carry it, in the site's order; set by Assemble
}

// URL of the term's page from the site's root, in a language.
func (t *Term) URL(lang, defaultLang string) string {
	u := "/" + t.Taxonomy.Slug + "/" + t.ID + "/"
	if lang != defaultLang {
		u = "/" + lang + u
	}
	return u
}

// Site is everything that is to be shown. It is read-only.
type Site struct {
	Config     *Config
	Types      []*Type // by Nav, then name
	Taxonomies []*Taxonomy
	Views      []*ViewDef // those that span all types
	Entries    []*Entry   // visible ones, by type, language and the type's order
	Now        time.Time

	byID   map[string]*Entry // Entry.Key
	byType map[string][]*Entry
	byPath map[string]*Entry // lang:path
	hidden map[string]bool   // ids of entries that are not shown
	// hiddenPaths are their paths, and the folders these lie in.
	hiddenPaths map[string]bool
}

// Hidden reports whether an entry of this id exists that is not shown, so
// that a text that mentions it is not called wrong.
func (s *Site) Hidden(id string) bool { return s.hidden[id] }

// HiddenPath is Hidden for a path below content/, of an entry or a folder
// that holds one.
func (s *Site) HiddenPath(path string) bool { return s.hiddenPaths[path] }

// Lookup finds an entry by id, in lang or else in the site's first language.
func (s *Site) Lookup(id, lang string) *Entry {
	if e := s.byID[lang+":"+id]; e != nil {
		return e
	}
	return s.byID[s.Config.DefaultLang()+":"+id]
}

// ByPath finds an entry by its path below content/ ("produkte/x"), in lang or
// else in the site's first language.
func (s *Site) ByPath(path, lang string) *Entry {
	if e := s.byPath[lang+":"+path]; e != nil {
		return e
	}
	return s.byPath[s.Config.DefaultLang()+":"+path]
}

// OfType returns the visible entries of a type in one language, in order,
// without index pages.
func (s *Site) OfType(name, lang string) []*Entry { return s.byType[lang+":"+name] }

// Type finds a type by name, or nil.
func (s *Site) Type(name string) *Type {
	for _, t := range s.Types {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Taxonomy finds a taxonomy by name, or nil.
func (s *Site) Taxonomy(name string) *Taxonomy {
	for _, t := range s.Taxonomies {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// AllViews are the views of all types and those that span types.
func (s *Site) AllViews() []*ViewDef {
	var out []*ViewDef
	for _, t := range s.Types {
		out = append(out, t.Views...)
	}
	return append(out, s.Views...)
}

// TypeURL is the address of a type's list page.
func (s *Site) TypeURL(t *Type, lang string) string {
	return s.Config.Prefix(lang) + "/" + t.Folder + "/"
}
