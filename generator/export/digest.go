package export

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// Digest is a newsletter: what came or changed in a time, and what comes next.
type Digest struct {
	Lang       string
	Site       string // its title
	About      string // the site, or a topic of it
	Title      string // „Neues vom 1. bis 22. November 2026“
	Intro      string
	New        []DigestGroup
	Changed    []DigestItem
	Dates      []DigestDate
	DatesTitle string // „Termine und Fristen bis 21. Januar 2027“
	Home       string // absolute addresses
	Follow     string
	Email      string
	Until      time.Time
}

// DigestGroup are the new entries of a type, the first digestItems of them.
type DigestGroup struct {
	Title, URL string
	Items      []DigestItem
	More       int // left out
}

// DigestItem is an entry. Label says what it is; Draft is set for a draft.
type DigestItem struct {
	Title, Label, Draft, Summary, URL string
	Notes                             []string // what has changed
}

// DigestDate is a date of an entry: its beginning, or a deadline of some kind.
type DigestDate struct {
	When, What string
	Item       DigestItem

	day  time.Time
	path string
}

// DigestOptions say what a newsletter is about. Since and Until are days, both
// included.
type DigestOptions struct {
	Since, Until time.Time
	Lang         string
	Topic        *site.Term // nil: all
	FollowPath   string     // the page about feeds, "" if there is none
}

const (
	digestItems = 12 // of a type: more is a list, and those are on the site
	digestDays  = 60 // ahead, for dates and deadlines
)

// MakeDigest collects a newsletter from the types that have feeds.
func MakeDigest(in Input, o DigestOptions) *Digest {
	c := in.Site.Config
	d := &Digest{Lang: o.Lang, Site: c.Title, Home: in.abs(in.home(o.Lang)), Email: c.Publisher.Email, Until: o.Until}
	if o.FollowPath != "" {
		d.Follow = in.abs(o.FollowPath)
	}
	about := c.Title
	if o.Topic != nil {
		about += " – " + o.Topic.Label.In(o.Lang)
	}
	d.About, d.Title = about, in.word(o.Lang, "digest.title", span(o.Lang, o.Since, o.Until))
	d.Intro = in.word(o.Lang, "digest.intro", about, span(o.Lang, o.Since, o.Until))
	last := o.Until.AddDate(0, 0, digestDays)
	d.DatesTitle = in.word(o.Lang, "digest.dates", lang.Date(o.Lang, last))
	for _, t := range in.Site.Types {
		if !t.Feed {
			continue
		}
		entries := slices.DeleteFunc(slices.Clone(in.Site.OfType(t.Name, o.Lang)), func(e *site.Entry) bool { return !e.Listed() || !concerns(e, o.Topic) })
		d.entries(&in, t, entries, o)
		d.dates(&in, t, entries, o.Until, last)
	}
	slices.SortStableFunc(d.Dates, func(a, b DigestDate) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.path, b.path)) })
	return d
}

// Subject is the title with what it is about.
func (d *Digest) Subject() string { return strings.ReplaceAll(d.About+": "+d.Title, "\u00a0", " ") }

// Empty reports whether there is nothing to tell.
func (d *Digest) Empty() bool { return len(d.New)+len(d.Changed)+len(d.Dates) == 0 }

func concerns(e *site.Entry, topic *site.Term) bool {
	return topic == nil || slices.ContainsFunc(e.Topics, func(t *site.Tag) bool { return t.Term == topic })
}

// entries are sorted into new ones and changed ones. An entry is new in the
// time in which it was published; later changes count if somebody noted them.
func (d *Digest) entries(in *Input, t *site.Type, entries []*site.Entry, o DigestOptions) {
	g := DigestGroup{Title: t.Labels.Many.In(o.Lang), URL: in.abs(in.Site.TypeURL(t, o.Lang))}
	slices.SortStableFunc(entries, func(a, b *site.Entry) int { return b.Published.Compare(a.Published) })
	for _, e := range entries {
		item := in.digestItem(e)
		if within(e.Published, o) {
			if len(g.Items) < digestItems {
				g.Items = append(g.Items, item)
			} else {
				g.More++
			}
			continue
		}
		for _, v := range site.Each(e.Get("changes")) {
			rec, _ := v.(site.Record)
			if day, ok := rec.Get("date").(site.Date); ok && within(day.Time, o) {
				item.Notes = append(item.Notes, rec.Text("note"))
			}
		}
		if len(item.Notes) > 0 || within(e.Updated, o) {
			d.Changed = append(d.Changed, item)
		}
	}
	if len(g.Items) > 0 {
		d.New = append(d.New, g)
	}
}

func within(t time.Time, o DigestOptions) bool {
	day := t.Format(time.DateOnly)
	return !t.IsZero() && day >= o.Since.Format(time.DateOnly) && day <= o.Until.Format(time.DateOnly)
}

func (in *Input) digestItem(e *site.Entry) DigestItem {
	x := DigestItem{Title: oneLine(e.Title), Label: e.Type.Labels.One.In(e.Lang), Summary: e.Summary, URL: in.abs(e.URL)}
	if draft(e) {
		x.Draft = in.word(e.Lang, wordDraft)
	}
	return x
}

// dates are those that the start page announces, of the next days.
func (d *Digest) dates(in *Input, t *site.Type, entries []*site.Entry, from, last time.Time) {
	if t.Home == nil || t.Home.View != "upcoming" {
		return
	}
	for _, o := range view.Upcoming(entries, t.Home, from, 0) {
		if o.When.Format(time.DateOnly) > last.Format(time.DateOnly) {
			continue
		}
		x := DigestDate{When: lang.DateTime(d.Lang, o.When), What: t.Labels.One.In(d.Lang), Item: in.digestItem(o.Entry), day: o.When, path: o.Entry.Path}
		if strings.Contains(t.Home.Date, ".") { // of a deadline: its kind
			for _, it := range o.Record.Items {
				if it.Field.Kind == site.KindEnum {
					x.What += ", " + it.Field.ValueLabel(site.Plain(it.Value), d.Lang)
					break
				}
			}
		}
		d.Dates = append(d.Dates, x)
	}
}

// span is a time in words: „1. bis 22. November 2026“.
func span(l string, since, until time.Time) string {
	if since.Equal(until) {
		return lang.Date(l, until)
	}
	from, to := lang.Date(l, since), lang.Date(l, until)
	if since.Year() == until.Year() {
		from = strings.TrimSuffix(from, " "+until.Format("2006"))
	}
	if since.Year() == until.Year() && since.Month() == until.Month() {
		from, _, _ = strings.Cut(from, "\u00a0")
	}
	word := " bis "
	if l == "en" {
		word = " to "
	}
	return from + word + to
}
