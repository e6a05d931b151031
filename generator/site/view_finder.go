package site

import "strings"

// FinderView asks readers questions and sorts the entries by their answers:
// what fits, what may fit, and what does not and why.
type FinderView struct {
	Questions []FinderQuestion `yaml:"questions"`
}

// FinderQuestion is answered with a word of Field, or with a number that is held
// against From and To. Where an entry says nothing, the answer is unknown and
// does not exclude it, or, with Open, means that there is no restriction.
//
// Reasons may have {has}, {answer}, {from} and {to} in them.
type FinderQuestion struct {
	Name  string `yaml:"name"` // in the address; default: the field's
	Field string `yaml:"field"`
	// Except is a field of the same words: what it has is ruled out. With it, a
	// word in neither field is not named, and does not exclude.
	Except string `yaml:"except"`
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	// Scale is a field of another type, as "type.field", whose steps are the
	// answers to a question for a number.
	Scale string `yaml:"scale"`

	Label Text `yaml:"label"` // in the table; default: the field's
	Ask   Text `yaml:"ask"`
	Help  Text `yaml:"help"`
	// Also are words that include an answer: a small company may also apply
	// where any company may.
	Also []FinderAlso `yaml:"also"`
	Wish bool         `yaml:"wish"` // not having the word does not exclude
	Open bool         `yaml:"open"` // saying nothing is being open to all

	No    Text `yaml:"no"`    // reason: the word is not among the entry's
	Below Text `yaml:"below"` // reason: the number is less than From
	Above Text `yaml:"above"` // reason: the number is more than To
}

// FinderAlso are words that include one.
type FinderAlso struct {
	Word string   `yaml:"word"`
	In   []string `yaml:"in"`
}

func (f *FinderView) reads() []ViewField {
	var out []ViewField
	if len(f.Questions) == 0 {
		out = append(out, ViewField{Key: "questions"})
	}
	for _, q := range f.Questions {
		if q.Field+q.From+q.To == "" {
			out = append(out, ViewField{Key: "field“, „from“ oder „to"})
		}
		numbers := []Kind{KindNumber, KindLevel}
		out = append(out,
			ViewField{Path: q.Field, Kinds: []Kind{KindEnum, KindTags}, Values: q.included()},
			ViewField{Path: q.Except, Kinds: []Kind{KindEnum, KindTags}},
			ViewField{Path: q.From, Single: true, Kinds: numbers}, ViewField{Path: q.To, Single: true, Kinds: numbers})
		if of, field, _ := q.ScaleField(); of != "" {
			out = append(out, ViewField{Path: field, Of: of, Key: "scale: typ.feld", Kinds: []Kind{KindLevel}})
		}
	}
	return out
}

// ScaleField are the type and the field that Scale names.
func (q *FinderQuestion) ScaleField() (of, field string, ok bool) { return strings.Cut(q.Scale, ".") }

// included are all words of Also.
func (q *FinderQuestion) included() []string {
	var out []string
	for _, a := range q.Also {
		out = append(append(out, a.Word), a.In...)
	}
	return out
}
