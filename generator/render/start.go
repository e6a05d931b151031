package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// Bounds of the start page: entrances, and types and folders together.
const (
	maxEntrances = 24
	maxTypes     = 40
)

// start is the start page: entrances, what the types show there, and what
// there is in numbers.
func (r *Renderer) start(j *Job) *StartView {
	l, s := j.Lang, r.Site
	v := &StartView{}
	if f := s.Config.Home.Entrances; f != "" {
		for _, e := range limit(r.inFolder(f, l), maxEntrances) {
			v.Entrances = append(v.Entrances, r.card(e, l))
		}
		if section := r.index[s.Config.Prefix(l)+"/"+Slug(f)+"/"]; section != nil {
			v.EntrancesTitle = section.Title
		}
	}
	v.Views = r.viewLinks(nil, l)
	var types []*site.Type
	for _, t := range s.Types {
		if t.Fallback || !r.Active(t) {
			continue
		}
		v.Types = append(v.Types, Link{Title: t.Labels.Many.In(l), URL: r.link(s.TypeURL(t, l)), Icon: t.Icon, Note: t.Intro.In(l), Count: len(r.Listing(t, l))})
		if t.Home != nil {
			types = append(types, t)
		}
	}
	for _, f := range r.folders("", l) {
		if len(v.Types) == maxTypes {
			v.Types = append(v.Types, Link{Title: r.Words.Must(l, "sitemap.title"), URL: r.link(s.Config.Prefix(l) + "/inhalt/"), Note: r.Words.Must(l, "sitemap.summary")})
			break
		}
		if f != s.Config.Home.Entrances {
			v.Types = append(v.Types, r.sectionLink(f, l))
		}
	}
	slices.SortStableFunc(types, func(a, b *site.Type) int { return cmp.Compare(a.Home.Order, b.Home.Order) })
	for _, t := range types {
		if b := r.startBlock(t, l); len(b.Cards)+len(b.Dates) > 0 {
			v.Blocks = append(v.Blocks, b)
		}
	}
	if latest := r.latest(l); len(latest.Cards) > 0 {
		v.Blocks = append(v.Blocks, latest)
	}
	for _, g := range r.termGroups(l) {
		wanted := s.Config.Home.Topics
		if g.Taxonomy.Name == wanted || wanted == "" && g.Taxonomy.Feed {
			v.Topics = g
			break
		}
	}
	return v
}

func (r *Renderer) startBlock(t *site.Type, l string) StartBlock {
	h := t.Home
	b := StartBlock{View: h.View, Title: h.Title.In(l), URL: r.link(r.Site.TypeURL(t, l)), Icon: t.Icon}
	entries := r.Listing(t, l)
	switch h.View {
	case "upcoming":
		for _, o := range view.Upcoming(entries, h, r.Site.Now, h.Limit) {
			b.Dates = append(b.Dates, r.dateItem(o, h, l))
		}
	case "open":
		for _, e := range limit(view.Open(entries, h), h.Limit) {
			b.Cards = append(b.Cards, r.card(e, l))
		}
	default:
		for _, e := range view.Latest(entries, view.DateOf, h.Limit) {
			b.Cards = append(b.Cards, r.card(e, l))
		}
	}
	return b
}

func limit(entries []*site.Entry, n int) []*site.Entry { return entries[:min(n, len(entries))] }

func (r *Renderer) dateItem(o view.Occurrence, h *site.HomeBlock, l string) DateItem {
	t := o.When
	d := DateItem{Date: dateOf(l, t), Day: strconv.Itoa(t.Day()), Month: lang.MonthShort(l, t), Year: strconv.Itoa(t.Year()), When: t, Card: r.card(o.Entry, l)}
	if !strings.Contains(h.Date, ".") {
		return d
	}
	for _, it := range o.Record.Items { // of a deadline: its kind
		if it.Field.Kind == site.KindEnum {
			d.Note = it.Field.ValueLabel(site.Plain(it.Value), l)
			break
		}
	}
	return d
}

// latest is „Neu im Portal“, over all types but explanations of words.
func (r *Renderer) latest(l string) StartBlock {
	var all []*site.Entry
	for _, t := range r.Site.Types {
		if t.Glossary == nil && !t.Fallback && (t.Home == nil || t.Home.View != "latest") {
			all = append(all, r.Listing(t, l)...)
		}
	}
	b := StartBlock{View: "latest", Title: r.Words.Must(l, "start.latest"), URL: r.link(r.Site.Config.Prefix(l) + "/inhalt/")}
	for _, e := range view.Latest(all, (*site.Entry).Date, r.Site.Config.Home.Latest) {
		b.Cards = append(b.Cards, r.card(e, l))
	}
	return b
}
