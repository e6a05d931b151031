package source

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"sync"
)

// Overlay is a file system in which every file of upper hides the file of the
// same name in lower; folders are merged.
func Overlay(upper, lower fs.FS) fs.FS { return overlay{upper, lower} }

// Frozen is a file system that stays what it was when it was first looked at:
// what a build parses early and hashes late must be the same.
func Frozen(under fs.FS) fs.FS { return &frozen{FS: under} }

type frozen struct {
	fs.FS
	files, dirs, infos sync.Map // name → seen
}

type seen[T any] struct {
	value T
	err   error
}

func once[T any](known *sync.Map, name string, look func() (T, error)) (T, error) {
	if s, ok := known.Load(name); ok {
		return s.(seen[T]).value, s.(seen[T]).err
	}
	value, err := look()
	first, _ := known.LoadOrStore(name, seen[T]{value, err})
	return first.(seen[T]).value, first.(seen[T]).err
}

func (f *frozen) ReadFile(name string) ([]byte, error) {
	return once(&f.files, name, func() ([]byte, error) { return fs.ReadFile(f.FS, name) })
}

func (f *frozen) ReadDir(name string) ([]fs.DirEntry, error) {
	return once(&f.dirs, name, func() ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) })
}

func (f *frozen) Stat(name string) (fs.FileInfo, error) {
	return once(&f.infos, name, func() (fs.FileInfo, error) { return fs.Stat(f.FS, name) })
}

type overlay struct{ upper, lower fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.upper.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.lower.Open(name)
	}
	return f, err
}

func (o overlay) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(o.upper, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ReadFile(o.lower, name)
	}
	return b, err
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	up, upErr := fs.ReadDir(o.upper, name)
	low, lowErr := fs.ReadDir(o.lower, name)
	if upErr != nil && lowErr != nil {
		return nil, lowErr
	}
	seen := map[string]bool{}
	var all []fs.DirEntry
	for _, e := range append(up, low...) {
		if !seen[e.Name()] {
			seen[e.Name()] = true
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return all, nil
}
