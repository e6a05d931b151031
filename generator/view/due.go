package view

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/ag-vzkm/portal/generator/site"
)

// Review is an entry as far as its next review goes. Day is zero, and Left
// means nothing, if it has no date for it.
type Review struct {
	Entry *site.Entry
	Owner string // who reviewed it last, else whom to ask about it, else ""
	Day   time.Time
	Left  int // days from today; negative: overdue
}

// Reviews are what is to be reviewed, soonest first; what has no date comes
// last. What stands for its day (news) is left out unless it has a date.
func Reviews(entries []*site.Entry, now time.Time) []Review {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	var out []Review
	for _, e := range entries {
		if e.Type.Undue && e.ReviewBy.IsZero() {
			continue
		}
		r := Review{Entry: e, Owner: Owner(e), Day: e.ReviewBy}
		if !r.Day.IsZero() {
			r.Left = int(r.Day.Sub(today).Hours() / 24)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Review) int {
		if a.Day.IsZero() != b.Day.IsZero() {
			return cmp.Compare(b.Day.Unix(), a.Day.Unix())
		}
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Entry.Path, b.Entry.Path))
	})
	return out
}

// Owner is who looks after an entry: its reviewer, else its contacts.
func Owner(e *site.Entry) string {
	if s := e.Text("reviewer"); s != "" {
		return s
	}
	var names []string
	for _, v := range site.Each(e.Get("contacts")) {
		if ref, ok := v.(*site.Ref); ok && ref.Entry != nil {
			names = append(names, ref.Entry.Title)
		}
	}
	return strings.Join(names, ", ")
}

// State is where a review stands, as the script of the page finds it, too.
func (r Review) State(within int) string {
	switch {
	case r.Day.IsZero():
		return "undated"
	case r.Left < 0:
		return "overdue"
	case r.Left <= within:
		return "soon"
	}
	return "later"
}

// Due is what is to be reviewed, in groups: overdue, soon, undated, later.
type Due struct {
	Within int
	Groups []DueGroup
}

// DueGroup has the first dueRows of Total.
type DueGroup struct {
	State string
	Items []DueItem
	Total int
}

// DueItem is an entry in plain values, so that the page follows from nothing
// else of it.
type DueItem struct {
	Title, URL, Lang, Kind, Owner string
	OwnerLang                     string // as Word.Lang
	Type                          Word   // and what many of it are called
	Day                           time.Time
	Left                          int
	Keys                          string
}

// dueRows is how many entries a group shows; the table has all. Four groups of
// them weigh some 15 KB, compressed.
const dueRows = 60

func makeDue(c Context) Data {
	d := &Due{Within: c.Def.Due.Days()}
	for _, state := range []string{"overdue", "soon", "undated", "later"} {
		d.Groups = append(d.Groups, DueGroup{State: state})
	}
	for _, r := range Reviews(c.Entries, c.Site.Now) {
		i := slices.IndexFunc(d.Groups, func(g DueGroup) bool { return g.State == r.State(d.Within) })
		g := &d.Groups[i]
		if g.Total++; g.Total > dueRows {
			continue
		}
		e := r.Entry
		g.Items = append(g.Items, DueItem{Title: e.Title, URL: e.URL, Lang: e.Lang, Kind: e.Type.Labels.One.In(c.Lang), Type: Word{Key: e.Type.Name, Label: e.Type.Labels.Many.In(c.Lang)}, Owner: r.Owner, OwnerLang: foreign(e.Lang, c.Lang), Day: r.Day, Left: r.Left,
			Keys: "owner:" + ownerKey(r.Owner) + " type:" + e.Type.Name})
	}
	return d
}

// ownerKey is a name as it stands in an address.
func ownerKey(owner string) string {
	if owner == "" {
		return "-"
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(owner), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// Bound counts entries.
func (d *Due) Bound() (shown, total int) {
	for _, g := range d.Groups {
		shown += len(g.Items)
		total += g.Total
	}
	return shown, total
}

// Filters are by who looks after an entry, and by type: of those that the page shows.
func (d *Due) Filters(c Context) []Filter {
	owner, kind := optionCounts{}, optionCounts{}
	for _, g := range d.Groups {
		for _, x := range g.Items {
			if x.Owner == "" {
				owner.add(Word{Key: ownerKey(""), Label: c.Word("due.nobody")})
			} else {
				owner.add(Word{Key: ownerKey(x.Owner), Label: x.Owner, Lang: x.OwnerLang})
			}
			kind.add(x.Type)
		}
	}
	var out []Filter
	for _, f := range []Filter{{"owner", c.Word("due.owner"), owner.options()}, {"type", c.Word("due.kind"), kind.options()}} {
		if len(f.Options) > 1 {
			out = append(out, f)
		}
	}
	return out
}

// optionCounts counts the options of a filter by their keys.
type optionCounts map[string]*Option

func (c optionCounts) add(w Word) {
	if c[w.Key] == nil {
		c[w.Key] = &Option{Key: w.Key, Label: w.Label, Lang: w.Lang}
	}
	c[w.Key].Count++
}

// options come most frequent first, at most filterOptions.
func (c optionCounts) options() []Option {
	var out []Option
	for _, o := range c {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b Option) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Label, b.Label), strings.Compare(a.Key, b.Key))
	})
	return out[:min(len(out), filterOptions)]
}

// Table has a row for each entry.
func (d *Due) Table(c Context) Table {
	t := Table{Columns: []Column{c.EntryColumn(), c.URLColumn(), {"type", c.Word("due.kind")}, {"review_by", c.Word("due.day")}, {"state", c.Word("due.state")},
		{"owner", c.Word("due.owner")}, {"reviewed_on", c.Word("due.reviewed")}}}
	for _, r := range Reviews(c.Entries, c.Site.Now) {
		t.Rows = append(t.Rows, []any{r.Entry.Title, c.URL(r.Entry), r.Entry.Type.Labels.One.In(c.Lang), dayOrNil(r.Day), c.Word("due.state." + r.State(d.Within)),
			r.Owner, dayOrNil(r.Entry.ReviewedOn)})
	}
	return t
}

func dayOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
