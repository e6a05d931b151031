package generator

import (
	"fmt"
	"os"
	"path/filepath"
)

// folders.go says where things lie that belong to an output but are not in it.

// IndexDir is where the search index of an output folder lies: beside it,
// never in it.
func IndexDir(out string) string {
	return filepath.Join(filepath.Dir(out), ".portal", filepath.Base(out)+".index")
}

// CacheFile is where what was made of an output's inputs is kept from one build
// to the next. It may be deleted at any time.
func CacheFile(out string) string {
	return filepath.Join(filepath.Dir(out), ".portal", filepath.Base(out)+".cache")
}

// basePathFile, beside the index, says below which path the output's pages lie.
const basePathFile = "base"

// BasePath is the path of base_url that an output folder was built for: "" or
// "/sub".
func BasePath(out string) string {
	abs, err := filepath.Abs(out)
	if err != nil {
		return ""
	}
	b, err := os.ReadFile(filepath.Join(IndexDir(abs), basePathFile))
	if err != nil {
		return ""
	}
	return string(b)
}

// privateFile, beside the index, marks an output that is not public.
const privateFile = "private"

// IsPrivate reports whether an output folder has drafts or members' entries. A
// folder that nothing is known of is taken to have them.
func IsPrivate(out string) bool {
	abs, err := filepath.Abs(out)
	if err != nil {
		return true
	}
	b, err := os.ReadFile(filepath.Join(IndexDir(abs), privateFile))
	return err != nil || string(b) != "false"
}

// apart refuses an output folder that the next build would read as its source,
// or that holds the source.
func apart(source, out string) error {
	source = realPath(source)
	out = realPath(out)
	if rel, err := filepath.Rel(out, source); err == nil && filepath.IsLocal(rel) {
		return fmt.Errorf("Der Ausgabeordner „%s“ enthält die Site selbst; wählen Sie einen anderen", out)
	}
	for _, part := range []string{"content", "static", "templates", ".git", ".portal"} {
		if rel, err := filepath.Rel(filepath.Join(source, part), out); err == nil && filepath.IsLocal(rel) {
			return fmt.Errorf("Der Ausgabeordner „%s“ liegt in „%s“; was dort steht, gehörte beim nächsten Mal zur Site", out, part)
		}
	}
	return nil
}

// realPath is a path without symbolic links, as far as it exists.
func realPath(p string) string {
	p, err := filepath.Abs(p)
	if err != nil {
		return p
	}
	for dir, rest := p, ""; ; dir, rest = filepath.Dir(dir), filepath.Join(filepath.Base(dir), rest) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		if dir == filepath.Dir(dir) {
			return p
		}
	}
}
