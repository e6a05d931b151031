package source

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// longID is the length from which on an id made of a title is cut.
const longID = 48

// fillers say little in an address. They are left out of long ones only: a
// short title reads better as it is.
var fillers = strings.Fields(`der die das den dem des ein eine einer eines einem einen und oder
	in im an am auf aus bei beim fuer mit nach von vom vor zu zum zur ueber unter
	als wie ist sind wird werden the a an of and or for to on with`)

var year = regexp.MustCompile(`-(20\d\d)$`)

// ID makes an id for the form's title that no entry has. It does as the type's
// entries do, where all of them do the same: begin with the same word, or end
// with the year of their date.
func (f *Form) ID() string {
	title := ""
	if t := f.values.get("title"); t != nil {
		title = t.text
	}
	id := short48(lang.ID(title))
	if id == "" {
		return ""
	}
	var own []string
	for _, e := range f.entries {
		if e.Type == f.Type && !e.Index {
			own = append(own, e.ID)
		}
	}
	if p := sharedPrefix(own); p != "" && !strings.HasPrefix(id, p) {
		id = p + id
	}
	if y := f.year(); y != "" && len(own) > 2 && !slices.ContainsFunc(own, func(s string) bool { return !year.MatchString(s) }) && !strings.HasSuffix(id, "-"+y) {
		id += "-" + y
	}
	free := id
	for n := 2; f.Taken(free); n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	return free
}

// short48 cuts a long id at a word, without the words that say little.
func short48(id string) string {
	if len(id) <= longID {
		return id
	}
	words := slices.DeleteFunc(strings.Split(id, "-"), func(w string) bool { return slices.Contains(fillers, w) })
	out := ""
	for _, w := range words {
		if out != "" && len(out)+1+len(w) > longID {
			break
		}
		out = strings.TrimPrefix(out+"-"+w, "-")
	}
	return strings.TrimSuffix(out[:min(len(out), longID)], "-")
}

// sharedPrefix is the word that three ids and more all begin with, and its
// hyphen.
func sharedPrefix(ids []string) string {
	if len(ids) < 3 {
		return ""
	}
	word, _, ok := strings.Cut(ids[0], "-")
	for _, id := range ids {
		if !ok || !strings.HasPrefix(id, word+"-") {
			return ""
		}
	}
	return word + "-"
}

// year is that of the first required date.
func (f *Form) year() string {
	for _, field := range f.Type.Fields {
		if field.Required && (field.Kind == site.KindDate || field.Kind == site.KindDateTime) {
			if v := f.values.get(field.Name); v != nil && len(v.text) > 4 {
				return v.text[:4]
			}
		}
	}
	return ""
}

// SameTitle is the entry of the type that has the form's title, or nil.
func (f *Form) SameTitle() *site.Entry {
	t := f.values.get("title")
	for _, e := range f.entries {
		if t != nil && e.Type == f.Type && e.Title == t.text {
			return e
		}
	}
	return nil
}

// Taken reports whether an entry has the id, or cannot have it: index.md is the
// text of a list or the home page.
func (f *Form) Taken(id string) bool {
	return id == "index" || slices.ContainsFunc(f.entries, func(e *site.Entry) bool { return e.ID == id && !e.Index })
}
