package view

import (
	"cmp"
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds of a network's page: members in all, up to how many it says what each is
// connected with, and how many entries it names then for a relation. Counts are
// of all.
const (
	networkMembers = 200
	networkDetails = 40
	networkNamed   = 4
)

// Network is what the entries of a type take part in, and what the portal's
// types have to do with each other at all.
type Network struct {
	Columns []Word // types on the other side, in the site's order
	Groups  []NetworkGroup
	Web     *Web
	Brief   bool // members have counts only
	Shown   int
	Total   int
}

// NetworkGroup are the members under a word. Quiet are those that take part in
// nothing so far.
type NetworkGroup struct {
	Word    Word
	Members []Member
	Quiet   []Member
}

// Member is an entry of the type with what it takes part in. Cells has a count for each
// column, Sum is of all of them.
type Member struct {
	ID    string
	Link  Link
	Abbr  string
	Roles []Word
	Cells []int
	Sum   int
	Parts []Participation
	Keys  string
}

// Participation is a relation to entries of one type, under the name that it has
// for the member. Links are the first of Count.
type Participation struct {
	Type  string // its name
	Label string
	Count int
	Icon  string
	Links []Link
}

func makeNetwork(c Context) Data {
	n := &Network{Total: len(c.Entries), Brief: len(c.Entries) > networkDetails, Web: NewWeb(c.Site, c.Lang)}
	parts := make([][]Participation, len(c.Entries))
	used := map[string]bool{}
	for i, e := range c.Entries {
		parts[i] = participations(c, e)
		for _, p := range parts[i] {
			used[p.Type] = true
		}
	}
	for _, t := range c.Site.Types {
		if used[t.Name] {
			n.Columns = append(n.Columns, Word{Key: t.Name, Label: t.Labels.Many.In(c.Lang)})
		}
	}
	groups := append(Scale(c.Site, c.Def.Type, c.Def.Network.Groups, c.Lang, c.Entries), Word{Label: c.Word("view.network.other")})
	for _, w := range groups {
		g := NetworkGroup{Word: w}
		for i, e := range c.Entries {
			if n.Shown == networkMembers || firstWord(e, c.Def.Network.Groups, c.Lang) != w.Key {
				continue
			}
			n.Shown++
			if m := n.member(c, e, parts[i]); m.Sum > 0 {
				g.Members = append(g.Members, m)
			} else {
				g.Quiet = append(g.Quiet, m)
			}
		}
		if len(g.Members)+len(g.Quiet) > 0 {
			n.Groups = append(n.Groups, g)
		}
	}
	return n
}

// Items are the words of the members that the page shows.
func (n *Network) Items() []string {
	var out []string
	for _, g := range n.Groups {
		for _, m := range slices.Concat(g.Members, g.Quiet) {
			out = append(out, m.Keys)
		}
	}
	return out
}

// Bound counts members.
func (n *Network) Bound() (shown, total int) { return n.Shown, n.Total }

// firstWord puts an entry under one heading, "" if it has none.
func firstWord(e *site.Entry, path, lang string) string {
	if words := Words(e, path, lang); len(words) > 0 {
		return words[0].Key
	}
	return ""
}

func (n *Network) member(c Context, e *site.Entry, parts []Participation) Member {
	m := Member{ID: e.ID, Link: linkTo(e), Abbr: e.Text(c.Def.Network.Abbr), Roles: Words(e, c.Def.Network.Roles, c.Lang), Parts: parts, Keys: Keys(c, e), Cells: make([]int, len(n.Columns))}
	for _, p := range parts {
		m.Cells[slices.IndexFunc(n.Columns, func(w Word) bool { return w.Key == p.Type })] += p.Count
		m.Sum += p.Count
	}
	if n.Brief {
		m.Parts = nil
	}
	return m
}

// participations are an entry's neighbours by relation, each entry once, under
// the first relation it has.
func participations(c Context, e *site.Entry) []Participation {
	var out []Participation
	seen := map[*site.Entry]bool{}
	for _, x := range Neighbours(c.Site, e) {
		if seen[x.Entry] || !x.Entry.Listed() {
			continue
		}
		seen[x.Entry] = true
		label := x.Label(c.Lang)
		i := slices.IndexFunc(out, func(p Participation) bool { return p.Type == x.Entry.Type.Name && p.Label == label })
		if i < 0 {
			i = len(out)
			out = append(out, Participation{Type: x.Entry.Type.Name, Label: label, Icon: x.Entry.Type.Icon})
		}
		out[i].Count++
		if len(out[i].Links) < networkNamed {
			out[i].Links = append(out[i].Links, linkTo(x.Entry))
		}
	}
	place := func(p Participation) int {
		return slices.IndexFunc(c.Site.Types, func(t *site.Type) bool { return t.Name == p.Type })
	}
	slices.SortStableFunc(out, func(a, b Participation) int { return cmp.Compare(place(a), place(b)) })
	return out
}

// Table has a row for each relation of each entry.
func (n *Network) Table(c Context) Table {
	t := Table{Columns: []Column{{"group", c.Label(c.Def.Network.Groups)}, c.EntryColumn(), c.URLColumn(),
		{"relation", c.Word("view.network.relation")}, {"other_type", c.Word("view.network.type")}, {"other", c.Word("view.network.entry")}, {"other_url", c.Word("view.network.url")}}}
	for _, e := range c.Entries {
		group := ""
		if words := Words(e, c.Def.Network.Groups, c.Lang); len(words) > 0 {
			group = words[0].Label
		}
		for _, x := range Neighbours(c.Site, e) {
			if x.Entry.Listed() {
				t.Rows = append(t.Rows, []any{group, e.Title, c.URL(e), x.Label(c.Lang), x.Entry.Type.Labels.One.In(c.Lang), x.Entry.Title, c.URL(x.Entry)})
			}
		}
	}
	return t
}
