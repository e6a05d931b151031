package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// finderRows is how many entries the page holds; the finder asks all of them, so
// a larger type is better searched.
const finderRows = 70

// Finder is a list of questions and what each entry says to them.
type Finder struct {
	Questions []Question
	Items     []FinderItem
	Scheduled bool
	Total     int
}

// Question is what is asked, with its possible answers.
type Question struct {
	Name, Label, Ask, Help string
	Number                 bool // held against two limits
	Wish                   bool
	Open                   bool // saying nothing is being open to all
	Except                 bool // says also what is ruled out
	No, Below, Above       string
	Answers                []FinderAnswer
}

// FinderAnswer is a word or number that can be chosen. Also are words that include it,
// with spaces between them.
type FinderAnswer struct{ Key, Label, Also string }

// FinderItem is an entry with a cell for each question.
type FinderItem struct {
	Entry    *site.Entry
	Schedule *Schedule // nil for types without one
	Cells    []FinderCell
}

// FinderCell is what an entry says to a question: words, and words that it rules
// out; or limits as they are written in data, "" where there is none.
type FinderCell struct {
	Words, Not []Word
	From, To   string
}

// Known reports whether the entry says anything.
func (c FinderCell) Known() bool { return len(c.Words)+len(c.Not) > 0 || c.From != "" || c.To != "" }

func makeFinder(c Context) Data {
	f := &Finder{Scheduled: c.Def.Type.Schedule != nil, Total: len(c.Entries)}
	for _, q := range c.Def.Finder.Questions {
		f.Questions = append(f.Questions, question(c, q))
	}
	for _, e := range c.Entries {
		item := FinderItem{Entry: e, Schedule: ScheduleOf(c.Site, e)}
		for _, q := range c.Def.Finder.Questions {
			item.Cells = append(item.Cells, FinderCell{Words(e, q.Field, c.Lang), Words(e, q.Except, c.Lang), e.Text(q.From), e.Text(q.To)})
		}
		f.Items = append(f.Items, item)
	}
	return f
}

func question(c Context, q site.FinderQuestion) Question {
	out := Question{Name: q.Name, Ask: q.Ask.In(c.Lang), Help: q.Help.In(c.Lang), Number: q.Field == "", Wish: q.Wish, Open: q.Open, Except: q.Except != "",
		No: q.No.In(c.Lang), Below: q.Below.In(c.Lang), Above: q.Above.In(c.Lang)}
	path := q.Field
	if out.Number {
		path = q.From
	}
	if out.Name == "" {
		out.Name = path
	}
	if out.Label = q.Label.In(c.Lang); out.Label == "" {
		out.Label = c.Label(path)
	}
	if !out.Number {
		out.Answers = wordAnswers(c, q)
		return out
	}
	if of, field, ok := q.ScaleField(); ok {
		f := c.Site.Type(of).FieldByPath(field)
		for _, v := range f.Values {
			a := FinderAnswer{Key: v.Key, Label: v.Label.In(c.Lang)}
			if note := v.Note.In(c.Lang); note != "" {
				a.Label += " – " + note
			}
			out.Answers = append(out.Answers, a)
		}
		return out
	}
	if f := c.Def.Type.FieldByPath(path); f != nil && f.Min != nil && f.Max != nil {
		for n := int(*f.Min); n <= int(*f.Max); n++ {
			out.Answers = append(out.Answers, FinderAnswer{Key: strconv.Itoa(n), Label: strconv.Itoa(n)})
		}
	}
	return out
}

// wordAnswers are the words that any entry has, directly or as one that includes
// it: an answer that nothing can fit would only mislead. Where saying nothing is
// being open, all words can be answered as soon as one entry says anything.
func wordAnswers(c Context, q site.FinderQuestion) []FinderAnswer {
	used := map[string]bool{}
	for _, e := range c.Entries {
		for _, w := range append(Words(e, q.Field, c.Lang), Words(e, q.Except, c.Lang)...) {
			used[w.Key] = true
		}
	}
	var out []FinderAnswer
	for _, w := range Scale(c.Site, c.Def.Type, q.Field, c.Lang, c.Entries) {
		var also []string
		for _, a := range q.Also {
			if a.Word == w.Key {
				also = append(also, a.In...)
			}
		}
		if q.Open && len(used) > 0 || used[w.Key] || slices.ContainsFunc(also, func(k string) bool { return used[k] }) {
			out = append(out, FinderAnswer{w.Key, w.Label, strings.Join(also, " ")})
		}
	}
	return out
}

// First are the entries that the page holds.
func (f *Finder) First() []FinderItem { return f.Items[:min(finderRows, len(f.Items))] }

// Bound counts entries.
func (f *Finder) Bound() (shown, total int) { return len(f.First()), f.Total }

// Table has a row for each entry and a column for each question.
func (f *Finder) Table(c Context) Table {
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn()}}
	if f.Scheduled {
		t.Columns = append(t.Columns, Column{"state", c.Word("schedule.state")}, Column{"day", c.Word("schedule.day")})
	}
	for i, q := range c.Def.Finder.Questions {
		if f.Questions[i].Number {
			t.Columns = append(t.Columns, Column{q.From, c.Label(q.From)}, Column{q.To, c.Label(q.To)})
		} else {
			t.Columns = append(t.Columns, Column{q.Field, c.Label(q.Field)})
		}
		if q.Except != "" {
			t.Columns = append(t.Columns, Column{q.Except, c.Label(q.Except)})
		}
	}
	for _, item := range f.Items {
		row := []any{item.Entry.Title, c.URL(item.Entry)}
		if f.Scheduled {
			row = append(row, c.Word("schedule."+item.Schedule.State.Key), item.Schedule.State.Day)
		}
		for i, cell := range item.Cells {
			if f.Questions[i].Number {
				q := c.Def.Finder.Questions[i]
				row = append(row, numberCell(item.Entry, q.From), numberCell(item.Entry, q.To))
				continue
			}
			row = append(row, Labels(cell.Words))
			if f.Questions[i].Except {
				row = append(row, Labels(cell.Not))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func numberCell(e *site.Entry, path string) any {
	switch v := e.Get(path).(type) {
	case site.Number:
		return v.N
	case site.Level:
		return float64(v.N)
	}
	return nil
}
