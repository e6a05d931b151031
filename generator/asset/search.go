package asset

import (
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
	s := &Search{}
	t := &tree{fsys: sources, folder: "search/client", virtual: map[string]string{}}
	for _, e := range [...]struct{ entry, name string }{{"engine.ts", "engine"}, {"ui.ts", "ui-[hash]"}} {
		entry, name := e.entry, e.name
		if _, err := fs.Stat(sources, entry); err != nil {
			continue
		}
		options := scriptOptions(t)
		options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: entry, OutputPath: strings.TrimSuffix(entry, ".ts")}}
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
