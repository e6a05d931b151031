package generator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/view"
)

// livesearch.go keeps related entries and the search of a live site up with it:
// a small index of what has changed at once, the whole one in the background.

// follow keeps related entries and search up with the site.
func (l *Live) follow() {
	for {
		l.mu.RLock()
		holds := time.Until(l.until)
		l.mu.RUnlock()
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(max(holds, time.Second)):
			l.Changed(nil, false) // an embargo has ended, a day has begun
			continue
		case <-l.stale:
		}
		select { // several changes at once are one
		case <-l.ctx.Done():
			return
		case <-time.After(100 * time.Millisecond):
		}
		l.lookUp()
		l.relate()
	}
}

// lookUp makes what has changed findable, and has the whole index follow.
func (l *Live) lookUp() {
	behind, err := l.indexRecent()
	if err != nil && !errors.Is(err, errCanceled) {
		l.noSearch()
	}
	if behind {
		signal(l.older)
	}
}

// catchUp makes the index of the whole site, which takes its time.
func (l *Live) catchUp() {
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-l.older:
		}
		if err := l.index(); err != nil && !errors.Is(err, errCanceled) {
			l.noSearch()
		}
		l.lookUp() // at what has changed meanwhile
	}
}

func (l *Live) noSearch() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.diags.Hintf(diag.Pos{}, "vorschau-suche", "Prüfen Sie, ob auf dem Laufwerk für vorläufige Dateien Platz ist.", "Die Suche der Vorschau ließ sich nicht bauen.")
}

// signal wakes who waits, or lets it look once more.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// relate finds the related entries again, which an edited text may change
// anywhere.
func (l *Live) relate() {
	l.mu.RLock()
	b := l.b
	l.mu.RUnlock()
	if b == nil {
		return
	}
	related := view.Related(b.site.Entries, b.profileOf, relatedEntries)
	l.mu.Lock()
	b.renderer.Related = related
	l.mu.Unlock()
}

// index makes the browser's index of all documents, as they are when it begins.
func (l *Live) index() error {
	l.mu.RLock()
	docs := l.docs
	l.mu.RUnlock()
	if docs == nil {
		return nil
	}
	all, whole := docs.snapshot(nil)
	files, err := l.indexOf(all, "search/")
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.search, l.whole, l.wholeOf = files, whole, docs.b
	l.setRecent(nothingRecent)
	return nil
}

// indexRecent makes an index of what is not in the whole one as it is now, so
// that it can be found at once. It reports whether the whole one is behind.
func (l *Live) indexRecent() (behind bool, err error) {
	l.indexing.Lock()
	defer l.indexing.Unlock()
	docs, err := l.documents()
	if docs == nil || err != nil {
		return false, err
	}
	l.mu.RLock()
	whole, wholeOf := l.whole, l.wholeOf
	l.mu.RUnlock()
	if whole == nil {
		return true, nil // which comes first
	}
	changed, now := docs.snapshot(whole)
	recent := recentIndex{IDs: differing(whole, now)}
	files := map[string][]byte{}
	if len(changed.all) > 0 {
		l.counted++
		recent.Folder = fmt.Sprintf("recent-%d/", l.counted)
		if files, err = l.indexOf(changed, "search/"+recent.Folder); err != nil {
			return true, err
		}
	}
	if files[recentFile], err = json.Marshal(recent); err != nil {
		return true, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// There may be another whole one by now.
	if maps.Equal(l.whole, whole) && !bytes.Equal(l.recent[0][recentFile], files[recentFile]) {
		l.setRecent(files)
	}
	return len(recent.IDs) > 0 || wholeOf != docs.b, nil
}

// recentIndex is what overlay.ts asks for: the documents that the whole index
// has otherwise, and where what they are now is, "" if they are all gone.
type recentIndex struct {
	IDs    []string `json:"ids"`
	Folder string   `json:"folder"`
}

const recentFile = "search/recent.json"

// nothingRecent says that the whole index is up to date.
var nothingRecent = map[string][]byte{recentFile: []byte(`{"ids":[],"folder":""}`)}

// earlierRecent is how many indexes of what is recent are kept: a page may be in
// the midst of a search.
const earlierRecent = 4

func (l *Live) setRecent(files map[string][]byte) {
	l.recent = slices.Insert(l.recent, 0, files)
	l.recent = l.recent[:min(len(l.recent), earlierRecent)]
}

// differing are the keys that two maps do not have in common.
func differing(a, b map[string]cache.Key) []string {
	out := []string{}
	for id, key := range a {
		if b[id] != key {
			out = append(out, id)
		}
	}
	for id := range b {
		if _, ok := a[id]; !ok {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// indexOf makes an index of documents. The names of its files begin with prefix.
func (l *Live) indexOf(docs *documents, prefix string) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "portal-preview-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	files, mu := map[string][]byte{}, sync.Mutex{}
	docs.options.Browser = func(name string, data []byte) error {
		mu.Lock()
		defer mu.Unlock()
		files[prefix+name] = data
		return nil
	}
	return files, docs.write(filepath.Join(dir, "index"))
}

// documents brings what the index is made of up to date: where only texts were
// edited, theirs.
func (l *Live) documents() (*documents, error) {
	l.mu.Lock()
	b, docs, entries := l.b, l.docs, l.edited
	if l.edited = nil; b == nil {
		l.mu.Unlock()
		return nil, nil
	}
	if docs == nil || docs.b != b {
		docs, entries = newDocuments(b), b.site.Entries
		docs.guard = &l.mu
	}
	l.docs = nil // until all of it is there
	l.mu.Unlock()
	err := b.each(len(entries), "index", func(i int) error {
		l.mu.RLock() // a text may be replaced meanwhile
		defer l.mu.RUnlock()
		if l.b != b {
			return errCanceled
		}
		if e := entries[i]; e.Listed() {
			k, x := b.texts.know(e)
			return docs.add(e, k, x)
		}
		return nil
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && l.b == b {
		l.docs = docs
	}
	return docs, err
}
