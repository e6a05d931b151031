package render

import (
	"maps"
	"path"
	"slices"

	"github.com/ag-vzkm/portal/generator/site"
)

// tree holds the plain pages of one language by folder.
type tree struct {
	pages    map[string][]*site.Entry // by folder; "." is the top
	place    map[*site.Entry]int      // index of a page in its folder
	sections map[string]*Job          // by folder: its page, the first one
	folders  []string                 // all that have a section, sorted
	below    map[string][]string      // the sections directly below a folder; "." is the top
}

// growTree is called once per language by Plan.
func (r *Renderer) growTree(l string, sections map[string]*Job) *tree {
	t := &tree{pages: map[string][]*site.Entry{}, place: map[*site.Entry]int{}, sections: sections, below: map[string][]string{}}
	for _, typ := range r.Site.Types {
		if !typ.Fallback {
			continue
		}
		for _, e := range r.Listing(typ, l) {
			dir := path.Dir(e.Path)
			t.place[e] = len(t.pages[dir])
			t.pages[dir] = append(t.pages[dir], e)
		}
	}
	t.folders = slices.Sorted(maps.Keys(sections))
	for _, f := range t.folders {
		t.below[path.Dir(f)] = append(t.below[path.Dir(f)], f)
	}
	return t
}

// folders are the sections directly below a folder ("" is the top).
func (r *Renderer) folders(below, l string) []string { return r.trees[l].below[path.Clean(below)] }

func (r *Renderer) allFolders(l string) []string { return r.trees[l].folders }

// inFolder are the plain pages directly in a folder ("" is the top).
func (r *Renderer) inFolder(folder, l string) []*site.Entry {
	return r.trees[l].pages[path.Clean(folder)]
}
