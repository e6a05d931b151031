package watch

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// stamp is what is compared of a file. The zero stamp stands for none. Two
// writes within one tick of the file system's clock that leave the size look
// alike; where there are events, they are told apart by those.
type stamp struct {
	size  int64
	mtime int64 // ns
	inode uint64
	mode  fs.FileMode
	link  bool // the rest is of the file that the link leads to
	there bool
}

func (s stamp) missing() bool { return !s.there }

// stock is what lies in the tree, or in a folder of it.
type stock struct {
	files map[string]stamp
	links map[string]bool
	dirs  map[string]bool
}

// scan watches the folder p and all below it, and says what they hold.
func (w *Watcher) scan(p string) stock {
	s := stock{map[string]stamp{}, map[string]bool{}, map[string]bool{}}
	w.scanInto(p, &s)
	return s
}

func (w *Watcher) scanInto(p string, s *stock) {
	w.observe(p) // before it is read: what comes later is an event
	entries, err := os.ReadDir(w.abs(p))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.keep(p, s)
		return
	}
	s.dirs[p] = true
	for _, d := range entries {
		at := path.Join(p, d.Name())
		if !w.wanted(at) {
			continue
		}
		if d.IsDir() || d.Type()&fs.ModeSymlink != 0 && w.isDir(at) {
			if !d.IsDir() {
				w.follow(at)
			}
			w.scanInto(at, s)
			continue
		}
		if !w.within(at) {
			continue
		}
		if is := w.read(at); is.there {
			s.files[at] = is
			if is.link {
				s.links[at] = true
			}
		}
	}
}

// keep leaves things as they were in a folder that cannot be read right now: a
// network drive that is away for a moment has not lost its files.
func (w *Watcher) keep(p string, s *stock) {
	below := func(name string) bool { return p == "." || name == p || strings.HasPrefix(name, p+"/") }
	for name, is := range w.files {
		if below(name) {
			s.files[name] = is
			if is.link {
				s.links[name] = true
			}
		}
	}
	for d := range w.dirs {
		if below(d) {
			s.dirs[d] = true
		}
	}
}

// follow watches where a root that is a link leads to: that the folder there
// is moved or made again is told to those who watch the folder above it.
func (w *Watcher) follow(p string) {
	target, err := filepath.EvalSymlinks(w.abs(p))
	if err != nil {
		return
	}
	maps.DeleteFunc(w.targets, func(_, root string) bool { return root == p })
	w.targets[target] = p
	if w.fs != nil {
		_ = w.add(filepath.Dir(target)) // best effort: the folder itself is watched
	}
}

// followed reports whether a link to a folder is as good as the folder: at the
// roots and on the way to them, as for the build.
func (w *Watcher) followed(p string) bool { return slices.Contains(w.o.Roots, p) || !w.within(p) }

// isDir reports whether p is a folder to look into.
func (w *Watcher) isDir(p string) bool {
	info, err := w.lstat(w.abs(p))
	if err == nil && info.Mode()&fs.ModeSymlink != 0 && w.followed(p) {
		info, err = os.Stat(w.abs(p))
	}
	return err == nil && info.IsDir()
}

// stamp is what stands under exactly this name, no folder.
func (w *Watcher) stamp(p string) stamp {
	is := w.read(p)
	if is.there && w.folds && !named(w.abs(p)) {
		return stamp{}
	}
	return is
}

func (w *Watcher) read(p string) stamp {
	info, err := w.lstat(w.abs(p))
	if err != nil || info.IsDir() {
		return stamp{}
	}
	s := stamp{there: true}
	if info.Mode()&fs.ModeSymlink != 0 {
		s.link = true
		if to, err := os.Stat(w.abs(p)); err == nil {
			if to.IsDir() && w.followed(p) {
				return stamp{}
			}
			info = to
		}
	}
	s.size, s.mtime, s.mode, s.inode = info.Size(), info.ModTime().UnixNano(), info.Mode(), inode(info)
	return s
}

// foldsCase reports whether the file system that dir lies on takes names that
// differ in case for the same.
func foldsCase(dir string) bool {
	base := filepath.Base(dir)
	other := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, base)
	if other == base {
		return false
	}
	a, err := os.Stat(dir)
	if err != nil {
		return false
	}
	b, err := os.Stat(filepath.Join(filepath.Dir(dir), other))
	return err == nil && os.SameFile(a, b)
}

// named reports whether a folder holds a file of exactly this name.
func named(abs string) bool {
	entries, err := os.ReadDir(filepath.Dir(abs))
	base := filepath.Base(abs)
	return err != nil || slices.ContainsFunc(entries, func(d fs.DirEntry) bool { return d.Name() == base })
}

func (w *Watcher) abs(p string) string { return filepath.Join(w.dir, filepath.FromSlash(p)) }

// relative is the path of a file below the site's folder.
func (w *Watcher) relative(name string) (string, bool) {
	if name == w.dir {
		return ".", true
	}
	rel, ok := strings.CutPrefix(name, w.dir+string(filepath.Separator))
	return filepath.ToSlash(rel), ok
}

// wanted reports whether a path is watched: in a root or on the way to one.
func (w *Watcher) wanted(p string) bool {
	if ignored(path.Base(p)) || w.o.Ignore != nil && w.o.Ignore(p) {
		return false
	}
	return w.within(p) || slices.ContainsFunc(w.o.Roots, func(root string) bool { return strings.HasPrefix(root, p+"/") })
}

// within reports whether a path is a root or in one.
func (w *Watcher) within(p string) bool {
	return slices.ContainsFunc(w.o.Roots, func(root string) bool {
		return root == "." || p == root || strings.HasPrefix(p, root+"/")
	})
}

// ignored are names that are never content: what version control, the build
// and operating systems keep for themselves, and what editors leave beside a
// file while it is open.
func ignored(name string) bool {
	switch name {
	case ".git", ".hg", ".svn", ".portal", "node_modules",
		".DS_Store", "Thumbs.db", "desktop.ini",
		"4913": // vim tries with it whether a folder can be written
		return true
	}
	for _, form := range [...]string{
		"*~", "~$*", ".#*", "#*#", ".~lock.*", // Emacs, Kate, Office
		".*.sw?", ".*.sw??", // vim
		"*.tmp", "*.crdownload", "*.part", "*___jb_tmp___", "*___jb_old___", ".goutputstream-*",
		".nfs*", ".fuse_hidden*", ".smbdelete*", // deleted while open
		".*.staging-*", ".*.previous", ".*.lock", // of publishing
	} {
		if ok, _ := path.Match(form, name); ok {
			return true
		}
	}
	return false
}

// remote finds a root on a file system that does not deliver events.
func (w *Watcher) remote() (where, kind string) {
	for _, p := range append([]string{"."}, w.o.Roots...) {
		if kind := w.kindOf(w.abs(p)); kind != "" {
			if p == "." {
				p = w.dir
			}
			return p, kind
		}
	}
	return "", ""
}
