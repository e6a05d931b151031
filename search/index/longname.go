package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/ag-vzkm/portal/search/analyze"
)

// longname.go finds out what abbreviations stand for, where a title does not
// say so: StrlSchG is called "Gesetz zum Schutz vor …" and other texts call it
// Strahlenschutzgesetz. A compound of the site is taken for the long name if
// its members begin with the abbreviation's groups of letters, one by one.

// longNames are the compounds of a vocabulary by first letter and by the first
// letter of the last member.
type longNames map[[2]byte][]longName

type longName struct {
	form    string
	stem    string
	docs    int
	members []string
}

func newLongNames(v *analyze.Vocabulary) longNames {
	names := longNames{}
	splitter := memberSplitter{analyze.NewSplitter(v), map[string][]string{}}
	for i := range v.Len() {
		if len(v.Parts(i)) < 2 || v.Docs(i) < 2 {
			continue
		}
		form := v.Form(i)
		n := longName{form: form, stem: v.Stem(v.StemNumber(i)), docs: v.Docs(i), members: splitter.members(form)}
		key := [2]byte{form[0], n.members[len(n.members)-1][0]}
		names[key] = append(names[key], n)
	}
	return names
}

// memberSplitter remembers the members of members, which are few.
type memberSplitter struct {
	*analyze.Splitter
	known map[string][]string
}

// members splits a form as far as it goes.
func (s *memberSplitter) members(form string) (all []string) {
	for _, m := range s.Split(form) {
		of, ok := s.known[m]
		if !ok {
			of = s.members(m)
			s.known[m] = of
		}
		all = append(all, of...)
	}
	if all == nil {
		return []string{form}
	}
	return all
}

// ofAll returns the long names of a document's abbreviations that its title
// does not say already.
func (l longNames) ofAll(title string, abbreviations []string) (all []string) {
	title = analyze.Fold(title)
	for _, abbr := range abbreviations {
		if name := l.of(abbr, title); name != "" && !strings.Contains(title, name) {
			all = append(all, name)
		}
	}
	return all
}

// of returns the long name of an abbreviation, "" if there is none or if it
// could be one of several that are about as common. Initials alone (AGG) fit
// too much to tell. The folded title must name what the long name is in the
// end: only a "Gesetz über …" is a …gesetz.
func (l longNames) of(abbr, title string) string {
	groups := letterGroups(abbr)
	if len(groups) < 2 || len(strings.Join(groups, "")) == len(groups) {
		return ""
	}
	key := [2]byte{groups[0][0], groups[len(groups)-1][0]}
	var best []longName // one of each stem
	for _, n := range l[key] {
		if !n.abbreviatedBy(groups) || !strings.Contains(title, analyze.StemForm(n.members[len(n.members)-1])) {
			continue
		}
		if i := slices.IndexFunc(best, func(b longName) bool { return b.stem == n.stem }); i < 0 {
			best = append(best, n)
		} else {
			best[i].docs += n.docs
		}
	}
	slices.SortStableFunc(best, func(a, b longName) int { return cmp.Compare(b.docs, a.docs) })
	switch {
	case len(best) == 0, len(best) > 1 && best[0].docs < 3*best[1].docs:
		return ""
	}
	return best[0].form
}

func (n *longName) abbreviatedBy(groups []string) bool {
	if len(groups) != len(n.members) {
		return false
	}
	for i, g := range groups {
		if !abbreviates(g, n.members[i]) {
			return false
		}
	}
	return true
}

// abbreviates holds if short has the first letter of word and then others in
// order, leaving out no more than two at a time: strl for strahlen.
func abbreviates(short, word string) bool {
	if word == "" || short[0] != word[0] {
		return false
	}
	at := 1
	for i := 1; i < len(short); i++ {
		skip := strings.IndexByte(word[at:], short[i])
		if skip < 0 || skip > 2 {
			return false
		}
		at += skip + 1
	}
	return true
}

// letterGroups cuts an abbreviation before each capital: "StrlSchV 2018" is
// strl, sch, v. One with signs in it (GewO§34cDV) has none.
func letterGroups(abbr string) (groups []string) {
	var group strings.Builder
	flush := func() {
		if form := analyze.Fold(group.String()); form != "" {
			groups = append(groups, form)
		}
		group.Reset()
	}
	for _, r := range abbr {
		if unicode.IsSpace(r) {
			break
		}
		if !unicode.IsLetter(r) {
			return nil
		}
		if unicode.IsUpper(r) {
			flush()
		}
		group.WriteRune(r)
	}
	flush()
	return groups
}
