package server

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"

	"github.com/ag-vzkm/portal/search/index"
)

// Live is the index in a folder, opened anew when a build has put another in
// its place. Its methods may be called by many goroutines.
type Live struct {
	dir string

	mu      sync.RWMutex // held for reading while a query runs
	current *index.Index // nil if the folder has none for servers
	opened  fs.FileInfo  // of the folder
}

// Open opens the index in dir. A folder without an index for servers is none
// that cannot be opened: a later build may put one in its place (see Ready).
func Open(dir string) (*Live, error) {
	l := &Live{dir: dir}
	return l, l.refresh()
}

// Close closes the index.
func (l *Live) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.drop()
}

func (l *Live) drop() error {
	if l.current == nil {
		return nil
	}
	x := l.current
	l.current = nil
	return x.Close()
}

// refresh opens what lies in the folder now, if that is not what is open. When
// it cannot be opened, what was open stays.
func (l *Live) refresh() error {
	info, err := os.Stat(l.dir)
	if err != nil {
		return err
	}
	l.mu.RLock()
	same := l.opened != nil && os.SameFile(info, l.opened)
	l.mu.RUnlock()
	if same {
		return nil
	}
	x, err := index.Open(l.dir)
	if err != nil && !errors.Is(err, index.ErrBrowserOnly) {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err = l.drop()
	l.current, l.opened = x, info
	return err
}

// Ready says why there is nothing to ask: index.ErrBrowserOnly, or nil.
func (l *Live) Ready() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.current == nil {
		return index.ErrBrowserOnly
	}
	return nil
}

// search asks the newest index. Filters on fields that it does not have are
// left out: they are parameters of somebody else.
func (l *Live) search(ctx context.Context, q string, opts index.Options) (*index.Result, error) {
	_ = l.refresh() // a build may be at work; the old index still answers
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.current == nil {
		return nil, index.ErrBrowserOnly
	}
	for name := range opts.Filters {
		if !l.current.HasFacet(name) {
			delete(opts.Filters, name)
		}
	}
	return l.current.Search(ctx, q, opts)
}
