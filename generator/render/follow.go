package render

import "slices"

// FollowPath is the page that explains feeds and lists them all, without the
// prefix of its language.
const FollowPath = "/folgen/"

// followGroup is how many feeds of a kind the page lists.
const followGroup = 120

// FollowGroup are feeds of one kind: of the series, of the topics. Items are
// all, or the first of Total.
type FollowGroup struct {
	ID, Title string
	Items     []Followed
	Total     int
}

// Followed is what can be followed, with its feeds. URL is the page that shows
// the same, if there is one, Canonical the absolute address to copy into a program.
type Followed struct {
	Name, URL, Canonical string
	Feeds                []FeedLink
}

// FollowView is the page about feeds. Calendar is set if there are calendars.
type FollowView struct {
	Groups   []FollowGroup
	Calendar bool
}

// follow plans the page about feeds, where there is more than one to choose from.
func (p *planner) follow(prefix string) {
	feeds := 0
	for _, g := range p.r.Machine.AllFeeds(p.lang) {
		feeds += len(g.Items)
	}
	if feeds > 1 {
		p.add(&Job{Kind: "follow", Path: prefix + FollowPath, Title: p.word("follow.title"), Summary: p.word("follow.summary")})
	}
}

func (r *Renderer) followPage(p *Page, j *Job) {
	v := &FollowView{Groups: r.Machine.AllFeeds(j.Lang)}
	for i := range v.Groups {
		g := &v.Groups[i]
		g.Total = len(g.Items)
		g.Items = g.Items[:min(g.Total, followGroup)]
		for _, x := range g.Items {
			v.Calendar = v.Calendar || slices.ContainsFunc(x.Feeds, func(f FeedLink) bool { return f.Type == "text/calendar" })
		}
	}
	p.Follow = v
	p.Style, p.Script = r.ViewFiles("follow")
}

// followURL leads to the page about feeds, "" where there is none.
func (r *Renderer) followURL(l string) string {
	if j := r.index[r.Site.Config.Prefix(l)+FollowPath]; j != nil {
		return r.link(j.Path)
	}
	return ""
}
