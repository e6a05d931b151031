package render

import (
	"path"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// tree holds the plain pages of one language by folder.
type tree struct {
	pages   map[string][]*site.Entry // by folder; "." is the top
	place   map[*site.Entry]int      // index of a page in its folder
	folders []string                 // all folders that have a page, sorted
}

// growTree is called once per language by Plan.
func (r *Renderer) growTree(l string) *tree {
	t := &tree{pages: map[string][]*site.Entry{}, place: map[*site.Entry]int{}}
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
	prefix := r.Site.Config.Prefix(l)
	for p, j := range r.index {
		if j.Kind == "section" && j.Page == 1 && j.Lang == l && strings.HasPrefix(p, prefix) {
			t.folders = append(t.folders, j.Folder)
		}
	}
	slices.Sort(t.folders)
	return t
}

// folders are the sections directly below a folder ("" is the top).
func (r *Renderer) folders(below, l string) []string {
	var out []string
	for _, f := range r.trees[l].folders {
		dir := path.Dir(f)
		if dir == below || below == "" && dir == "." {
			out = append(out, f)
		}
	}
	return out
}

func (r *Renderer) allFolders(l string) []string { return r.trees[l].folders }

// inFolder are the plain pages directly in a folder ("" is the top).
func (r *Renderer) inFolder(folder, l string) []*site.Entry {
	if folder == "" {
		folder = "."
	}
	return r.trees[l].pages[folder]
}
