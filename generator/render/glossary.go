package render

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// letterEntries are the words of one letter. Their page is the glossary's own
// for the first letter.
type letterEntries struct {
	letter, path string
	entries      []*site.Entry
}

// byLetter sorts a glossary into its A–Z.
func (r *Renderer) byLetter(k typeLang) []letterEntries {
	entries := slices.Clone(r.Listing(k.t, k.l))
	lang.SortBy(k.l, entries, func(e *site.Entry) string { return e.Title })
	base := r.Site.TypeURL(k.t, k.l)
	var out []letterEntries
	for _, e := range entries {
		letter := lang.Initial(e.Title)
		i := slices.IndexFunc(out, func(l letterEntries) bool { return l.letter == letter })
		if i < 0 {
			l := letterEntries{letter: letter, path: base}
			if i = len(out); i > 0 {
				l.path += "buchstabe-" + letterID(letter) + "/"
			}
			out = append(out, l)
		}
		out[i].entries = append(out[i].entries, e)
	}
	return out
}

// letterID makes an address of a letter, of any alphabet.
func letterID(letter string) string {
	if letter == "#" {
		return "0-9"
	}
	return cmp.Or(lang.ID(letter), fmt.Sprintf("u%x", []rune(letter)[0]))
}

// letters are the words of a page of the glossary: of one letter, or all.
func (r *Renderer) letters(j *Job) []Letter {
	if j.Letter != "" {
		return []Letter{{j.Letter, r.cardsOf(j.Entries, j.Lang)}}
	}
	var out []Letter
	for _, l := range r.alphabet.get(typeLang{j.Type, j.Lang}) {
		out = append(out, Letter{l.letter, r.cardsOf(l.entries, j.Lang)})
	}
	return out
}

// letterNav leads to the pages of the letters; empty where all are on one page.
func (r *Renderer) letterNav(j *Job) []Link {
	if j.Letter == "" {
		return nil
	}
	var out []Link
	for _, l := range r.alphabet.get(typeLang{j.Type, j.Lang}) {
		out = append(out, Link{Title: l.letter, URL: r.link(l.path), Count: len(l.entries), Current: l.letter == j.Letter})
	}
	return out
}
