// Package source reads a site from disk: portal.yaml, the type definitions,
// the taxonomies and the Markdown below content/.
//
// Everything is read through fs.FS. Dir opens a folder as Files, whose file
// systems cannot be left through symbolic links; templates and static are the
// built-in trees with the site's own laid over them, file by file.
//
// Flow: LoadConfig, then LoadTypes and LoadTaxonomies, then LoadEntries, which
// reads in parallel. A bad file adds a diagnostic and the rest goes on. The
// result is a site.Draft for site.Assemble. The same definitions also give the
// JSON Schema of a type (Schema) and a form to make a new entry with (Form).
package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// Files are the file systems a site is read from.
type Files struct {
	Root             fs.FS // the site's folder: portal.yaml
	Content          fs.FS // content/
	BuiltinTemplates fs.FS // without the site's own
	Templates        fs.FS // built-in templates with the site's laid over
	Static           fs.FS // built-in static files with the site's laid over
	Dir              string
	OwnTemplates     fs.FS // the site's own, nil when there are none
	OwnStatic        fs.FS
}

// Dir opens the site in folder dir. builtin holds the folders "templates" and
// "static" of the program. The file systems refuse links that lead out of
// their folder. The folder content itself may be a link: a corpus need not be
// copied to be built.
func Dir(dir string, builtin fs.FS) (Files, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Files{}, err
	}
	f := Files{Root: root.FS(), Dir: dir}
	for _, part := range []struct {
		name string
		to   *fs.FS
		own  *fs.FS
	}{{"templates", &f.Templates, &f.OwnTemplates}, {"static", &f.Static, &f.OwnStatic}} {
		base, err := fs.Sub(builtin, part.name)
		if err != nil {
			return Files{}, err
		}
		*part.to = base
		// Through root, so that the folder itself is no link out of the site.
		if own, err := root.OpenRoot(part.name); err == nil {
			*part.own = own.FS()
			*part.to = Overlay(*part.own, base)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return Files{}, err
		}
	}
	f.Templates = Frozen(f.Templates)
	if f.BuiltinTemplates, err = fs.Sub(builtin, "templates"); err != nil {
		return Files{}, err
	}
	content, err := os.OpenRoot(filepath.Join(dir, "content"))
	switch {
	case err == nil:
		f.Content = content.FS()
	case !errors.Is(err, fs.ErrNotExist):
		return Files{}, err
	}
	return f, nil
}

// Read gives the bytes of a file under the name that diagnostics have for it:
// "portal.yaml", "content/a.md", "templates/types/x/type.yaml" of the site or
// built in. It looks at the disk anew each time.
func (f Files) Read(name string) ([]byte, error) {
	for _, part := range []struct {
		folder string
		trees  []fs.FS
	}{{"content/", []fs.FS{f.Content}}, {"templates/", []fs.FS{f.OwnTemplates, f.BuiltinTemplates}}, {"static/", []fs.FS{f.OwnStatic, f.Static}}, {"", []fs.FS{f.Root}}} {
		rest, ok := strings.CutPrefix(name, part.folder)
		if !ok {
			continue
		}
		for _, tree := range part.trees {
			if tree == nil {
				continue
			}
			if b, err := fs.ReadFile(tree, rest); err == nil {
				return b, nil
			}
		}
		break
	}
	return nil, fs.ErrNotExist
}

// Load reads everything. The draft is usable as far as it could be read; a
// nil draft means that there is nothing to go on with. memo and seen may be nil;
// see LoadEntries.
func Load(f Files, memo *Memo, seen func(*site.Entry, []byte), diags *diag.List) *site.Draft {
	cfg, defs := memo.definitions(f, diags)
	if cfg == nil || defs.Types == nil {
		return nil
	}
	if f.Content == nil {
		diags.Errorf(diag.Pos{File: "content"}, "inhalt-fehlt", "Legen Sie neben portal.yaml einen Ordner „content“ mit Markdown-Dateien an.",
			"Den Ordner „content“ gibt es nicht.")
		return nil
	}
	entries := LoadEntries(f.Content, cfg, defs.Types, memo, seen, diags)
	return &site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies, Views: defs.Views, Entries: entries}
}

func readDefinitions(f Files, diags *diag.List) (*site.Config, Definitions) {
	cfg := LoadConfig(f.Root, diags)
	if cfg == nil {
		return nil, Definitions{}
	}
	return cfg, LoadDefinitions(f.Templates, diags)
}

// Definitions are what a site's content is made of: types, vocabularies, views.
type Definitions struct {
	Types      []*site.Type
	Taxonomies []*site.Taxonomy
	Views      []*site.ViewDef // that span types
}

// LoadDefinitions reads types and taxonomies of a template tree.
func LoadDefinitions(templates fs.FS, diags *diag.List) Definitions {
	types := LoadTypes(templates, diags)
	return Definitions{types, LoadTaxonomies(templates, types, diags), loadViews(templates, types, diags)}
}
