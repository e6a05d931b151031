package site

import (
	"regexp"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Text is a word or sentence in several languages, by language tag ("de").
type Text map[string]string

// In returns the text in lang, or in German, or "".
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	return t["de"]
}

// Kind is what a field holds. The set is closed; docs/felder.md describes it.
type Kind string

const (
	KindText       Kind = "text"       // one line
	KindMarkdown   Kind = "markdown"   // prose with Markdown
	KindDate       Kind = "date"       // 2026-04-15
	KindDateTime   Kind = "datetime"   // 2026-04-15T09:00, in the entry's or the site's time zone
	KindNumber     Kind = "number"     // with an optional unit
	KindRange      Kind = "range"      // {min, max} with an optional unit
	KindMoney      Kind = "money"      // "500000 EUR", or a number of euros
	KindBool       Kind = "bool"       // true or false
	KindEnum       Kind = "enum"       // one or more of the field's values
	KindLevel      Kind = "level"      // a step on an ordered scale
	KindTags       Kind = "tags"       // terms of a taxonomy
	KindRelation   Kind = "relation"   // ids of other entries
	KindLink       Kind = "link"       // an https address, or {url, text}
	KindImage      Kind = "image"      // {src, alt, credit, caption}
	KindFile       Kind = "file"       // {src, title}
	KindRecord     Kind = "record"     // fields of its own
	KindList       Kind = "list"       // records, one after the other
	KindConstraint Kind = "constraint" // "trl >= 7" on a field of another type
)

// Kinds lists all kinds in the order of the documentation.
var Kinds = []Kind{KindText, KindMarkdown, KindDate, KindDateTime, KindNumber, KindRange, KindMoney,
	KindBool, KindEnum, KindLevel, KindTags, KindRelation, KindLink, KindImage, KindFile,
	KindRecord, KindList, KindConstraint}

// Type is a content type, read from templates/types/<name>/type.yaml.
type Type struct {
	Name   string `yaml:"-"` // the folder's name, e.g. "product"
	Labels Labels `yaml:"labels"`
	Intro  Text   `yaml:"intro"` // one or two sentences above the list
	// Folder is the folder below content/ and the first part of the URL.
	Folder string `yaml:"folder"`
	// Fallback marks the one type that takes every folder no other type claims
	// and the files directly in content/. Unknown front matter is kept there.
	Fallback bool   `yaml:"fallback"`
	Icon     string `yaml:"icon"` // name of an icon in templates/icons
	Nav      int    `yaml:"nav"`  // place among the types in menus; 0 is not shown there

	Groups []*Group `yaml:"groups"` // headings under which fields are shown
	Fields []*Field `yaml:"fields"` // own fields first, then the common ones

	Order    []SortKey `yaml:"order"`
	PageSize int       `yaml:"page_size"` // entries per list page
	Feed     bool      `yaml:"feed"`      // whether the type has feeds of its own
	// HideArchived drops entries of status archiviert; otherwise they stay
	// readable with a notice and leave the lists.
	HideArchived bool    `yaml:"hide_archived"`
	Weight       float64 `yaml:"weight"` // factor on search scores, 1 by default

	Claims bool     `yaml:"claims"` // figures in its texts need a source
	Names  bool     `yaml:"names"`  // titles are names: no dictionary has them
	Undue  bool     `yaml:"undue"`  // stands for its day: nothing to review later
	Follow []Follow `yaml:"follow"` // fields whose values have feeds of their own

	Home       *HomeBlock  `yaml:"home"`     // what the type shows on the start page
	Views      []*ViewDef  `yaml:"views"`    // pages that show all entries in one form
	Schedule   *Schedule   `yaml:"schedule"` // non-nil: entries have a state that follows from their dates
	JSONLD     *JSONLD     `yaml:"jsonld"`
	Citation   *Citation   `yaml:"citation"`   // non-nil: a citable paper with meta tags and files
	Glossary   *Glossary   `yaml:"glossary"`   // non-nil: entries explain words in other texts
	ICal       *ICal       `yaml:"ical"`       // non-nil: entries are dates, with calendar files
	Statements *Statements `yaml:"statements"` // non-nil: entries have a list of sentences with addresses of their own
	Versions   *Versions   `yaml:"versions"`   // non-nil: entries replace one another

	Pos     diag.Pos            `yaml:"-"`
	KeyPos  map[string]diag.Pos `yaml:"-"` // places of the definition's keys
	Example []byte              `yaml:"-"` // example.md, nil when there is none
}

// Labels are a type's names: „Dual-Use-Profil“ and „Dual-Use-Profile“.
type Labels struct {
	One  Text `yaml:"one"`
	Many Text `yaml:"many"`
}

// Follow names a field each of whose values can be followed by itself: the
// events of one series, the papers to one addressee. Title stands over its
// feeds: „Dieser Reihe folgen“.
type Follow struct {
	Field string `yaml:"field"`
	Title Text   `yaml:"title"`
}

// SortKey orders lists by the field at Path; written "-path" it descends.
type SortKey struct {
	Path string
	Desc bool
}

// UnmarshalText reads "title" or "-published".
func (k *SortKey) UnmarshalText(b []byte) error {
	k.Path, k.Desc = strings.CutPrefix(string(b), "-")
	return nil
}

// Group is a titled block of fields on an entry's page.
type Group struct {
	Name  string `yaml:"name"`
	Label Text   `yaml:"label"`
}

// HomeBlock says what the start page shows of a type. View is one of
// "latest" (newest first), "upcoming" (next dates first) and "open" (entries
// whose Where field has one of the values In).
type HomeBlock struct {
	View  string `yaml:"view"`
	Title Text   `yaml:"title"`
	Date  string `yaml:"date"`  // path of the date field, for upcoming
	Until string `yaml:"until"` // path of the field beside it that says when it ends
	// Yearly is the path of a field beside Date; where it equals YearlyValue,
	// the date comes back every year.
	Yearly      string   `yaml:"yearly"`
	YearlyValue string   `yaml:"yearly_value"`
	Where       string   `yaml:"where"`
	In          []string `yaml:"in"`
	Limit       int      `yaml:"limit"`
	Order       int      `yaml:"order"`
}

// Dates are those that the block shows.
func (h *HomeBlock) Dates() *Dates {
	return &Dates{Start: h.Date, End: h.Until, Yearly: h.Yearly, YearlyValue: h.YearlyValue}
}

// JSONLD maps an entry to schema.org: Type is the schema.org type, Map gives
// the path of the field that fills a property.
type JSONLD struct {
	Type string            `yaml:"type"`
	Map  map[string]string `yaml:"map"`
}

// Citation names the fields that fill a citation. Kind is "report" or
// "article"; the paths may be empty.
type Citation struct {
	Kind      string `yaml:"kind"`
	Authors   string `yaml:"authors"`
	Number    string `yaml:"number"`
	DOI       string `yaml:"doi"`
	Publisher string `yaml:"publisher"`
}

// Glossary names the fields of a type whose entries explain words.
type Glossary struct {
	Abbr       string `yaml:"abbr"`
	Synonyms   string `yaml:"synonyms"`
	Definition string `yaml:"definition"`
}

// Field describes one key of the front matter.
type Field struct {
	Name     string `yaml:"name"`
	Kind     Kind   `yaml:"kind"`
	Label    Text   `yaml:"label"`
	Help     Text   `yaml:"help"` // one sentence for editors
	Required bool   `yaml:"required"`
	Multiple bool   `yaml:"multiple"` // enum, tags, relation, text, link, file, constraint: a list
	Common   bool   `yaml:"-"`        // from templates/types/common.yaml

	Cites bool `yaml:"cites"` // text: the key of one of the entry's sources
	Names bool `yaml:"names"` // text: a name or somebody else's words, not to be looked up in a dictionary
	// NotBefore names a field beside this one whose value must not be greater.
	NotBefore string `yaml:"not_before"`

	Unit   string   `yaml:"unit"` // number, range
	Min    *float64 `yaml:"min"`  // number, range, level
	Max    *float64 `yaml:"max"`
	MaxLen int      `yaml:"max_len"` // text, markdown: characters
	Match  string   `yaml:"match"`   // text: a regular expression the value must match
	Form   string   `yaml:"form"`    // in words: what Match wants („z. B. 5A001“)

	Values     []EnumValue `yaml:"values"`     // enum, level
	Vocabulary string      `yaml:"vocabulary"` // tags: name of the taxonomy
	To         []string    `yaml:"to"`         // relation: names of types; empty means any
	Reverse    *Reverse    `yaml:"reverse"`    // relation: the other side
	Of         string      `yaml:"of"`         // constraint: the type whose fields it speaks of
	Sub        []*Field    `yaml:"fields"`     // record, list

	Group  string  `yaml:"group"`  // where the page shows it
	Glance bool    `yaml:"glance"` // shown in „Auf einen Blick“
	Card   bool    `yaml:"card"`   // shown on cards and in list tables
	Facet  bool    `yaml:"facet"`  // a filter in search and lists
	Search float64 `yaml:"search"` // weight of its text in the index; 0 is not indexed
	Hidden bool    `yaml:"hidden"` // never shown as a field (the template uses it otherwise)

	Pattern *regexp.Regexp `yaml:"-"` // Match, compiled
	Pos     diag.Pos       `yaml:"-"`
}

// EnumValue is one allowed value. Note explains it (for levels: what it means).
type EnumValue struct {
	Key   string `yaml:"key"`
	Label Text   `yaml:"label"`
	Note  Text   `yaml:"note"`
}

// Reverse names the other side of a relation.
type Reverse struct {
	Name  string `yaml:"name"`
	Label Text   `yaml:"label"`
}

// At is the place of a top-level key of the type's definition, or of the
// definition.
func (t *Type) At(key string) diag.Pos {
	if p, ok := t.KeyPos[key]; ok {
		return p
	}
	return t.Pos
}

// FieldByPath finds "power.battery_h" among the type's fields. It returns nil
// when there is none.
func (t *Type) FieldByPath(path string) *Field { return fieldByPath(t.Fields, path) }

func fieldByPath(fields []*Field, path string) *Field {
	name, rest, deeper := strings.Cut(path, ".")
	for _, f := range fields {
		if f.Name == name {
			if deeper {
				return fieldByPath(f.Sub, rest)
			}
			return f
		}
	}
	return nil
}

// ValueLabel is the label of an enum or level key in lang, or the key.
func (f *Field) ValueLabel(key, lang string) string {
	for _, v := range f.Values {
		if v.Key == key {
			if s := v.Label.In(lang); s != "" {
				return s
			}
		}
	}
	return key
}
