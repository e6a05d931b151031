package render

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Past is what Git says of an entry's file, as far as readers may see it.
type Past struct {
	File        string            // from the repository's root
	Commits     []Commit          // newest first
	Authors     []*site.GitAuthor // in the order of their first change
	Uncommitted bool              // the preview says so
}

// Commit is a day and what somebody wrote of it to those who work on the texts.
type Commit struct {
	Day     time.Time
	Subject string
}

// shownChanges is how many changes a page names. Of more, those that the editors
// told readers of come first.
const shownChanges = 20

// history fills in who changed an entry and when, and where to go on from there.
func (r *Renderer) history(v *EntryView, e *site.Entry, l string) {
	var past Past
	if r.Past != nil {
		past = r.Past(e)
	}
	v.Uncommitted = past.Uncommitted
	for _, a := range past.Authors {
		if a.Entry == "" {
			v.Editors = append(v.Editors, Link{Title: a.Name})
		} else if to := r.Site.Lookup(a.Entry, l); to != nil {
			v.Editors = append(v.Editors, r.entryLink(to, l))
		}
	}
	v.Changes = withCommits(r.changes(e, l), past.Commits, l)
	repo := r.Site.Config.Repository
	address := r.Site.Config.BaseURL + e.URL
	title := shorten(e.Title, 120)
	v.EditURL, v.IssueURL, v.HistoryURL = repo.Links(site.Page{File: e.Pos.File, Path: cmp.Or(past.File, e.Pos.File), Title: title, URL: address,
		Subject: r.Words.Must(l, "quality.issue.subject", title), Body: r.Words.Must(l, "quality.issue.body", address)})
	v.Forge = repo.Forge()
}

// changes are what the editors tell readers themselves, newest first.
func (r *Renderer) changes(e *site.Entry, l string) []Change {
	var out []Change
	for _, v := range site.Each(e.Get("changes")) {
		rec, ok := v.(site.Record)
		if !ok {
			continue
		}
		d, _ := rec.Get("date").(site.Date)
		major, _ := rec.Get("major").(site.Bool)
		out = append(out, Change{Date: dateOf(l, d.Time), Note: rec.Text("note"), Major: major.B})
	}
	slices.SortStableFunc(out, newestFirst)
	return out
}

func newestFirst(a, b Change) int { return strings.Compare(b.Date.ISO, a.Date.ISO) }

// withCommits adds the commits of other days: on a day that has a word for
// readers, that word tells of it.
func withCommits(own []Change, commits []Commit, l string) []Change {
	told := map[string]bool{}
	for _, c := range own {
		told[c.Date.ISO] = true
	}
	out := own[:min(len(own), shownChanges)]
	for _, c := range commits {
		x := Change{Date: dateOf(l, c.Day), Note: shorten(c.Subject, 160), Commit: true}
		if len(out) < shownChanges && !told[x.Date.ISO] && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, newestFirst)
	return out
}
