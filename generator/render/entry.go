package render

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// entryPage fills the page of an entry.
func (r *Renderer) entryPage(p *Page, j *Job, text *Text) (err error) {
	e, l := j.Entry, j.Lang
	v := r.plainText(e, l, text)
	p.Entry = v
	p.Outline, p.Contents = outline(text.Outline)
	p.Summary = cmp.Or(e.Summary, shorten(text.First, 160))
	if !e.Type.Fallback {
		v.ListURL = r.link(r.Site.TypeURL(e.Type, l))
	}
	v.Notices = r.notices(e, l)
	v.Schedule = view.ScheduleOf(r.Site, e)
	v.Statements = r.statements(e, l)
	if v.Glance, v.Groups, err = r.fieldsOf(e, l); err != nil {
		return err
	}
	v.Coverage = r.coverage(e, l)
	v.Relations = r.relations(e, l)
	v.Thread = r.thread(e, l)
	v.Graph = r.graph(e, l)
	v.Course = view.NewCourse(e, l, r.Site.Now)
	for _, s := range r.Related[e] {
		c := r.card(s.Entry, l)
		var why []string
		for _, t := range s.Topics {
			why = append(why, t.Label.In(l))
		}
		c.Why = strings.Join(why, ", ")
		v.Related = append(v.Related, c)
	}
	v.Tags = r.tags(e, l)
	v.Views = r.entryViews(e, l)
	v.Contacts = r.contacts(e, l)
	if img, ok := e.Get("image").(site.Image); ok {
		v.Image = r.Picture(img)
	}
	v.Follow = r.Machine.Follow(e)
	r.history(v, e, l)
	v.Dated, v.Changed = dateOf(l, e.Published), dateOf(l, e.LastChange())
	v.Reviewed, v.ReviewDue = dateOf(l, e.ReviewedOn), dateOf(l, e.ReviewBy)
	v.Cite, v.CiteFiles = r.Machine.Cite(e)
	r.neighbours(v, e, l)
	r.dialogue(v, e, l)
	p.Meta = r.Machine.Meta(e)
	p.JSONLD = jsonLD(r.Machine.JSONLD(e, p.Crumbs))
	for _, f := range v.CiteFiles {
		p.Downloads = append(p.Downloads, f.Link)
	}
	return nil
}

// plainText is what list, section and start pages show of their index.md: the
// text with its notes and sources.
func (r *Renderer) plainText(e *site.Entry, l string, text *Text) *EntryView {
	return &EntryView{Entry: e, Label: e.Type.Labels.One.In(l), Icon: e.Type.Icon, Body: body(text),
		Notes: r.notes(text, l), Sources: r.sources(e, text, l)}
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		s = string(r[:n-1])
		if i := strings.LastIndexByte(s, ' '); i > 0 {
			s = s[:i]
		}
		return s + "…"
	}
	return s
}

func (r *Renderer) notices(e *site.Entry, l string) []Notice {
	var out []Notice
	add := func(kind string, link *Link, args ...any) {
		out = append(out, Notice{Kind: kind, Title: r.Words.Must(l, "notice."+kind+".title"), Text: r.Words.Must(l, "notice."+kind+".text", args...), Link: link})
	}
	switch {
	case e.Status == site.StatusDraft && e.Discussion:
		add("discussion", nil)
	case e.Status == site.StatusDraft:
		add("draft", nil)
	case e.Status == site.StatusReview:
		add("review", nil)
	case e.Status == site.StatusSuperseded:
		add("superseded", r.successor(e, l))
		if later := e.Later(); later != nil {
			out[len(out)-1].More = r.deltaOf(later, e, l)
		}
	case e.Status == site.StatusArchived:
		add("archived", nil)
	}
	for _, old := range e.Earlier() {
		out = append(out, r.versionNotice(e, old, l))
	}
	if e.Published.After(r.Site.Now) {
		add("embargo", nil, lang.DateTime(l, e.Published))
	}
	if e.Audience == site.Members {
		add("members", nil)
	}
	if !e.ReviewBy.IsZero() && dayBefore(e.ReviewBy, r.Site.Now) {
		add("overdue", nil, lang.Date(l, e.ReviewBy))
	}
	return out
}

// dayBefore reports whether a calendar day is over at now, where now is.
func dayBefore(day, now time.Time) bool {
	y, m, d := now.Date()
	return day.Before(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// successor is the entry that replaces e.
func (r *Renderer) successor(e *site.Entry, l string) *Link {
	later := e.Later()
	if later == nil {
		return nil
	}
	link := r.entryLink(later, l)
	return &link
}

// fieldsOf are the facts at a glance and all fields in their groups. Fields
// that no group claims and that are not relations come in a last group.
func (r *Renderer) fieldsOf(e *site.Entry, l string) (glance []FieldView, groups []FieldGroup, err error) {
	byGroup := map[string][]FieldView{}
	for _, it := range e.Values.Items {
		f := it.Field
		if f.Hidden || f.Common || !shown(it.Value) {
			continue
		}
		if f.Glance {
			v, err := r.field(f, it.Value, l, true)
			if err != nil {
				return nil, nil, err
			}
			glance = append(glance, v)
		}
		if f.Group != "" || f.Kind != site.KindRelation {
			v, err := r.field(f, it.Value, l, false)
			if err != nil {
				return nil, nil, err
			}
			byGroup[f.Group] = append(byGroup[f.Group], v)
		}
	}
	for _, g := range e.Type.Groups {
		if fields := byGroup[g.Name]; len(fields) > 0 {
			groups = append(groups, FieldGroup{ID: "angaben-" + lang.ID(g.Name), Label: g.Label.In(l), Fields: fields})
		}
	}
	if fields := byGroup[""]; len(fields) > 0 {
		groups = append(groups, FieldGroup{ID: "angaben", Label: r.Words.Must(l, "entry.details"), Fields: fields})
	}
	return glance, groups, nil
}

// shown is false for relations and terms of which nothing may be seen.
func shown(v site.Value) bool {
	for _, x := range site.Each(v) {
		switch x := x.(type) {
		case *site.Ref:
			if x.Entry != nil {
				return true
			}
		case *site.Tag:
			if x.Term != nil {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func (r *Renderer) contacts(e *site.Entry, l string) []Card {
	var out []Card
	for _, v := range site.Each(e.Get("contacts")) {
		if ref, ok := v.(*site.Ref); ok && ref.Entry != nil {
			out = append(out, r.card(ref.Entry, l))
		}
	}
	return out
}

// notes explain the glossary words of a text, in the order of the alphabet.
func (r *Renderer) notes(text *Text, l string) []TermNote {
	var out []TermNote
	for _, id := range text.Terms {
		e := r.Site.Lookup(id, l)
		if e == nil || e.Type.Glossary == nil {
			continue
		}
		out = append(out, TermNote{ID: id, Word: e.Title, Definition: r.Plain(e.Get(e.Type.Glossary.Definition)), URL: r.link(e.URL)})
	}
	lang.SortBy(l, out, func(n TermNote) string { return n.Word })
	return out
}

// sources come in the order in which the text cites them, then the others.
func (r *Renderer) sources(e *site.Entry, text *Text, l string) []SourceView {
	var cited, rest []SourceView
	for _, v := range site.Each(e.Get("sources")) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		s := SourceView{Key: rec.Text("key"), Title: rec.Text("title"), Publisher: rec.Text("publisher"), URL: rec.Text("url")}
		if d, ok := rec.Get("accessed").(site.Date); ok {
			s.Accessed = dateOf(l, d.Time)
		}
		if s.N = slices.Index(text.Cited, s.Key) + 1; s.N > 0 {
			cited = append(cited, s)
		} else {
			rest = append(rest, s)
		}
	}
	slices.SortFunc(cited, func(a, b SourceView) int { return a.N - b.N })
	return append(cited, rest...)
}

// neighbours are the pages before and after in a folder of plain pages, where
// reading on makes sense.
func (r *Renderer) neighbours(v *EntryView, e *site.Entry, l string) {
	if !e.Type.Fallback || !strings.Contains(e.Path, "/") {
		return
	}
	all := r.inFolder(e.Path[:strings.LastIndexByte(e.Path, '/')], l)
	i := r.trees[l].place[e]
	if i > 0 {
		link := r.entryLink(all[i-1], l)
		v.Previous = &link
	}
	if i+1 < len(all) && all[i] == e {
		link := r.entryLink(all[i+1], l)
		v.Next = &link
	}
}
