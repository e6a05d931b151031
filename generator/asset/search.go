package asset

import (
	"cmp"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Search is the search that runs in the browser, bundled. Its index lies
// beside it, in the same folder.
type Search struct {
	UI    string // address of the interface, which has the engine in it
	Files []File // search/engine.js and the interface
}

// NewSearch bundles the sources of the engine and of the interface.
func NewSearch(sources fs.FS, base string, diags *diag.List) *Search {
	return newSearch(sources, base, &tree{fsys: sources, folder: "search/client", virtual: map[string]string{}}, diags)
}

// Overlay is s with an engine that looks into what has changed since the index
// was made as well (overlay.ts). Its files have the addresses of those of s.
func (s *Search) Overlay(sources fs.FS, diags *diag.List) []File {
	t := &tree{fsys: sources, folder: "search/client", virtual: map[string]string{}, instead: map[string]string{"engine.ts": "overlay.ts"}}
	files := newSearch(sources, "", t, diags).Files
	for i := range min(len(files), len(s.Files)) {
		files[i].Path = s.Files[i].Path
	}
	return files
}

func newSearch(sources fs.FS, base string, t *tree, diags *diag.List) *Search {
	s := &Search{}
	for _, e := range [...]struct{ entry, name string }{{"engine.ts", "engine"}, {"ui.ts", "ui-[hash]"}} {
		entry, name := e.entry, e.name
		if _, err := fs.Stat(sources, entry); err != nil {
			continue
		}
		options := scriptOptions(t)
		options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: cmp.Or(t.instead[entry], entry), OutputPath: strings.TrimSuffix(entry, ".ts")}}
		options.EntryNames = name
		res := api.Build(options)
		t.report(diags, ".js", res)
		for _, f := range res.OutputFiles {
			file := File{"search/" + path.Base(f.Path), f.Contents}
			s.Files = append(s.Files, file)
			if entry == "ui.ts" {
				s.UI = base + "/" + file.Path
			}
		}
	}
	return s
}
