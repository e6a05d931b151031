package generator

import (
	"io/fs"
	"path"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// private reports whether the output shows what the public is not to find.
func (b *build) private() bool { return b.Audience == site.Members || b.Drafts }

// outputFile is the file that a page's path is served from.
func outputFile(p string) string {
	p = strings.TrimPrefix(p, "/")
	if p == "" || strings.HasSuffix(p, "/") {
		return p + "index.html"
	}
	return p
}

func (b *build) write(name string, data []byte) error {
	if !b.claim(name) {
		pos, hint := diag.Pos{}, "Prüfen Sie „aliases“ und die Namen der Dateien."
		if info, err := fs.Stat(b.files.Static, name); err == nil && info.Mode().IsRegular() {
			pos.File, hint = "static/"+name, "Benennen Sie die Datei in „static“ um oder löschen Sie sie."
		}
		b.diags.Errorf(pos, "datei-doppelt", hint, "Die Datei „%s“ entsteht schon beim Bauen.", name)
		return nil
	}
	b.bytes.Add(int64(len(data)))
	b.count.Add(1)
	if b.Dry {
		return nil
	}
	return b.stage.Write(name, data)
}

// claim takes a name in the output and reports whether it was free: no file of
// that name, no file where it needs a folder, no folder in its place. Two names
// that differ by case only are one on other systems.
func (b *build) claim(name string) bool {
	name = strings.ToLower(name)
	if _, folder := b.written.Load(name + "/"); folder {
		return false
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, file := b.written.Load(dir); file {
			return false
		}
		b.written.Store(dir+"/", true)
	}
	_, taken := b.written.LoadOrStore(name, true)
	return !taken
}
