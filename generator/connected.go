package generator

import (
	"fmt"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// unconnected hints at what is connected with nothing: words that no entry
// carries, and entries that lead nowhere and that nothing leads to. It needs
// the texts of all pages and all entries, so only portal check looks.
func (b *build) unconnected() {
	wanted := b.wanted()
	for _, t := range b.site.Taxonomies {
		b.unusedTerms(t, wanted)
	}
	b.orphans()
}

// orphans are entries that are connected with nothing where most of their type
// are: a type whose entries stand for themselves has none.
func (b *build) orphans() {
	all, alone := map[*site.Type]int{}, map[*site.Type][]*site.Entry{}
	for _, e := range b.site.Entries {
		public := e.Status == site.StatusPublished || e.Discussion // a draft has time
		if !public || e.Index {
			continue
		}
		if all[e.Type]++; !b.connected(e) {
			alone[e.Type] = append(alone[e.Type], e)
		}
	}
	for t, entries := range alone {
		if 2*len(entries) >= all[t] {
			continue
		}
		for _, e := range entries {
			b.diags.Hintf(e.TitlePos(), "eintrag-verwaist", "Geben Sie ihm ein Thema, oder verweisen Sie aus einem verwandten Eintrag mit [["+e.ID+"]] hierher.",
				"Dieser Eintrag ist mit keinem anderen verbunden; man findet ihn nur über seine Liste und die Suche.")
		}
	}
}

// wanted are the values that conditions ask for: a word that nothing has yet is
// then a gap to be shown, not one too many.
func (b *build) wanted() map[string]bool {
	wanted := map[string]bool{}
	for _, e := range b.site.Entries {
		e.Values.Walk(func(_ string, it site.Item) {
			for _, v := range site.Each(it.Value) {
				if c, ok := v.(*site.Constraint); ok {
					for _, arg := range c.Args {
						wanted[arg] = true
					}
				}
			}
		})
	}
	return wanted
}

// namedTerms is how many unused words of a vocabulary are named.
const namedTerms = 6

// unusedTerms tells once for a vocabulary. One that no entry uses at all is
// only there in case it is needed, and the places of a map are all there are.
func (b *build) unusedTerms(t *site.Taxonomy, wanted map[string]bool) {
	carried := map[string]bool{}
	for _, term := range t.Terms {
		if len(term.Entries) > 0 {
			carried[term.ID] = true
			carried[term.Broader] = true
		}
	}
	var unused []string
	var first diag.Pos
	for _, term := range t.Terms {
		if carried[term.ID] || wanted[term.ID] || term.Tile != nil {
			continue
		}
		if len(unused) == 0 {
			first = term.Pos
		}
		unused = append(unused, term.ID)
	}
	if len(carried) == 0 || len(unused) == 0 {
		return
	}
	more := ""
	if n := len(unused) - namedTerms; n > 0 {
		more, unused = fmt.Sprintf(" (und %d weitere)", n), unused[:namedTerms]
	}
	b.diags.Hintf(first, "begriff-unbenutzt", "Schreiben Sie etwas dazu, oder nehmen Sie heraus, was niemand braucht.",
		"Im Vokabular „%s“ trägt kein Eintrag: %s%s.", t.Many.In("de"), diag.QuoteList(unused, "und"), more)
}

// connected reports whether something leads to an entry, or from it to another:
// a relation, a word of a vocabulary, a link in a text. Pages of no type have
// menus and folders, and glossary entries are found where their words stand.
func (b *build) connected(e *site.Entry) bool {
	return e.Type.Fallback || e.Type.Glossary != nil || len(e.Out) > 0 || len(e.In) > 0 || tagged(e) || b.linked.has(e)
}

func tagged(e *site.Entry) bool {
	found := false
	e.Values.Walk(func(_ string, it site.Item) {
		for _, v := range site.Each(it.Value) {
			if _, ok := v.(*site.Tag); ok {
				found = true
			}
		}
	})
	return found
}

// linked are the entries that texts lead to or from.
type linked struct {
	to   sync.Map // addresses
	from sync.Map // entries
}

// note takes a link in a text; base is the path below which the site lies.
func (l *linked) note(e *site.Entry, address, base string) {
	path, ok := strings.CutPrefix(address, base+"/")
	if path, _, _ = strings.Cut("/"+path, "#"); !ok || path == e.URL {
		return
	}
	l.to.Store(path, true)
	l.from.Store(e, true)
}

func (l *linked) has(e *site.Entry) bool {
	_, to := l.to.Load(e.URL)
	_, from := l.from.Load(e)
	return to || from
}
