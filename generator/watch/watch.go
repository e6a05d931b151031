// Package watch tells which files below a site's folder have changed.
//
// Terms: a sign is a hint that a path may have changed, an event of the
// operating system or a difference that polling found; a path is pending from
// its first sign until it is reported; a stamp is what is compared of a file
// (size, time, inode, mode).
//
// Flow: signs only name paths. What became of them is read from the disk once
// they are quiet: a temporary file that is gone again is no change, and a file
// that is still being written waits. A single file that was saved is handed on
// after an eighth of the quiet period; whatever looks like more than that (a
// second path, a missing or an empty file, which many editors leave for a
// moment) waits for the whole of it, and nothing waits longer than Longest.
// When folders were moved or events were lost, the whole tree is compared with
// the stamps. Polling is the same without events: the tree is compared again
// and again.
package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Batch is a set of changes to be dealt with at once.
type Batch struct {
	// Paths are the files that were written, made or deleted, slash-separated
	// and relative to the site's folder, sorted, each once. Folders are not
	// named, only the files in them.
	Paths []string
	// Rescan says that events were lost. Paths are then what a comparison of
	// all stamps gave; only reading everything is certain.
	Rescan bool
}

// Options of a watcher; the zero value of each has a default.
type Options struct {
	// Roots are the files and folders to watch, slash-separated and relative
	// to the site's folder. They need not exist yet and may be links. Default:
	// the whole folder.
	Roots []string
	// Ignore reports paths that are not looked at, besides those of editors,
	// version control and the build; of a folder, all that is in it.
	Ignore func(path string) bool
	// Quiet is how long there must be no further sign before a batch goes;
	// Longest is how long a batch is held back at most. Default 30 and 250 ms.
	Quiet, Longest time.Duration
	// Poll is the time between two comparisons when polling, at least; they
	// take a quarter of the time at most. Default 400 ms.
	Poll time.Duration
	// ForcePoll does without the events of the operating system.
	ForcePoll bool
	// Fallback, if not nil, is called once with a German sentence when events
	// are not to be had and polling begins without having been asked for,
	// from the watcher's goroutine or from Watch.
	Fallback func(reason string)
}

// Watcher is a running watch.
type Watcher struct {
	dir     string // absolute
	o       Options
	batches chan Batch
	cancel  context.CancelFunc
	done    chan struct{}

	mu     sync.Mutex
	reason string // why there is polling; "" while there are events

	// The rest belongs to the loop alone.
	fs      *fsnotify.Watcher // nil when polling
	lost    chan struct{}     // events are missing
	add     func(name string) error
	kindOf  func(name string) string
	lstat   func(name string) (os.FileInfo, error)
	folds   bool              // the file system takes a.md and A.md for one name
	files   map[string]stamp  // as reported, or as found at the start
	dirs    map[string]bool   // folders that are watched
	links   map[string]bool   // of files, those that are symbolic links
	targets map[string]string // where roots that are links lead: the root
	pending map[string]*signs // by path
	whole   bool              // the whole tree is to be compared
	rescan  bool              // the next batch says that events were lost
	first   time.Time         // of the signs that have not been dealt with
	last    time.Time
	ready   *Batch      // waits for the reader
	timer   *time.Timer // for what is pending
	poll    *time.Timer // nil while there are events
}

// signs are what is known of a pending path.
type signs struct {
	first, last time.Time
	written     bool // changed even if its stamp is what it was
	looked      bool // seen holds what was found last
	seen        stamp
}

// Watch begins to watch the folder dir. It returns when all folders are
// watched: every later change is reported. Batches ends with ctx.
func Watch(ctx context.Context, dir string, o Options) (*Watcher, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("Der Ordner „%s“ ist nicht lesbar", dir)
	}
	w, err := newWatcher(dir, o)
	if err != nil {
		return nil, err
	}
	w.begin()
	ctx, w.cancel = context.WithCancel(ctx)
	go w.loop(ctx)
	return w, nil
}

// Batches are the changes. A reader that is busy gets what came together
// meanwhile as one batch. It is closed when the watch ends.
func (w *Watcher) Batches() <-chan Batch { return w.batches }

// Close ends the watch.
func (w *Watcher) Close() {
	w.cancel()
	<-w.done
}

// Polling reports whether changes are found by polling, and why, as a German
// sentence.
func (w *Watcher) Polling() (on bool, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reason != "", w.reason
}

func newWatcher(dir string, o Options) (*Watcher, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if len(o.Roots) == 0 {
		o.Roots = []string{"."}
	}
	o.Quiet = cmp.Or(o.Quiet, 30*time.Millisecond)
	o.Longest = cmp.Or(o.Longest, 250*time.Millisecond)
	o.Poll = cmp.Or(o.Poll, 400*time.Millisecond)
	w := &Watcher{
		dir: dir, o: o, batches: make(chan Batch), done: make(chan struct{}), lost: make(chan struct{}, 1),
		dirs: map[string]bool{}, links: map[string]bool{}, pending: map[string]*signs{},
		targets: map[string]string{}, timer: time.NewTimer(time.Hour),
		kindOf: fileSystem, lstat: os.Lstat, folds: foldsCase(dir),
	}
	w.timer.Stop()
	w.add = func(name string) error { return w.fs.Add(name) }
	return w, nil
}

// begin takes stock of the tree and watches its folders.
func (w *Watcher) begin() {
	if w.o.ForcePoll {
		w.fall("Änderungen werden wie verlangt durch regelmäßiges Nachsehen gefunden.", false)
	} else if where, kind := w.remote(); kind != "" {
		w.fall(fmt.Sprintf("„%s“ liegt auf einem Laufwerk, das Änderungen nicht meldet (%s); statt dessen wird regelmäßig nachgesehen.", where, kind), true)
	} else if fs, err := fsnotify.NewBufferedWatcher(256); err != nil {
		w.fall(limitText(err), true)
	} else {
		w.listen(fs)
	}
	found := w.scan(".")
	w.files, w.links = found.files, found.links
}

// listen takes events from fs. Errors are taken by a goroutine of their own:
// fsnotify may send one while it holds the lock that Add needs.
func (w *Watcher) listen(fs *fsnotify.Watcher) {
	w.fs = fs
	go func() {
		for range fs.Errors {
			select {
			case w.lost <- struct{}{}:
			default: // one is enough: the whole tree is compared
			}
		}
	}()
}

// fall goes over to polling; tell says that nobody asked for it.
func (w *Watcher) fall(reason string, tell bool) {
	w.mu.Lock()
	before := w.reason
	w.reason = reason
	w.mu.Unlock()
	if before != "" {
		return
	}
	if w.fs != nil {
		w.fs.Close()
		w.fs = nil
	}
	w.poll = time.NewTimer(w.o.Poll)
	if tell && w.o.Fallback != nil {
		w.o.Fallback(reason)
	}
}

func (w *Watcher) loop(ctx context.Context) {
	defer close(w.done)
	defer close(w.batches)
	defer func() {
		if w.fs != nil {
			w.fs.Close()
		}
	}()
	for {
		var events chan fsnotify.Event
		var poll <-chan time.Time
		if w.fs != nil {
			events = w.fs.Events
		} else {
			poll = w.poll.C
		}
		var out chan Batch
		var next Batch
		if w.ready != nil {
			out, next = w.batches, *w.ready
		}
		select {
		case <-ctx.Done():
			return
		case e, ok := <-events:
			if !ok {
				w.fall("Das Betriebssystem meldet keine Änderungen mehr; statt dessen wird regelmäßig nachgesehen.", true)
				break
			}
			w.event(e)
		case <-w.lost:
			w.rescan, w.whole = true, true
			w.sign(time.Now())
		case <-poll:
			start := time.Now()
			w.compare()
			w.poll.Reset(max(w.o.Poll, 3*time.Since(start)))
		case <-w.timer.C:
			w.drain()
			w.settle()
		case out <- next:
			w.ready = nil
		}
	}
}

// drain takes note of the events that are there already: on a busy machine the
// timer may have run out before they were read.
func (w *Watcher) drain() {
	for w.fs != nil {
		select {
		case e, ok := <-w.fs.Events:
			if !ok {
				return // the loop deals with it
			}
			w.event(e)
		default:
			return
		}
	}
}

// event takes note of one event. Only folders are dealt with at once: a new
// one must be watched before more is put into it, and a moved one must not be
// known by its old name when it turns up under another.
func (w *Watcher) event(e fsnotify.Event) {
	p, ok := w.targets[e.Name]
	if !ok {
		p, ok = w.relative(e.Name)
	}
	if !ok {
		return
	}
	if p == "." {
		if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
			w.fall("Der Ordner der Site wurde verschoben oder gelöscht; es wird regelmäßig nachgesehen, ob er wieder da ist.", true)
		}
		return
	}
	if !w.wanted(p) {
		return
	}
	now := time.Now()
	if w.dirs[p] {
		if e.Op&(fsnotify.Create|fsnotify.Remove|fsnotify.Rename) == 0 {
			return
		}
		w.forget(p)
		w.whole = true
		w.sign(now)
	}
	if e.Op&(fsnotify.Create|fsnotify.Chmod) != 0 && w.isDir(p) {
		w.arrive(p, now)
		return
	}
	if w.within(p) {
		s := w.mark(p, now)
		s.written = s.written || e.Op&(fsnotify.Create|fsnotify.Write) != 0
	}
}

// arrive watches a new folder; the files that are already in it are new, too.
func (w *Watcher) arrive(p string, now time.Time) {
	for file := range w.scan(p).files {
		w.mark(file, now)
	}
}

// mark makes a path pending.
func (w *Watcher) mark(p string, now time.Time) *signs {
	s := w.pending[p]
	if s == nil {
		s = &signs{first: now}
		w.pending[p] = s
	}
	s.last = now
	w.sign(now)
	return s
}

// sign notes that something is to be dealt with.
func (w *Watcher) sign(now time.Time) {
	if w.first.IsZero() {
		w.first = now
		w.timer.Reset(w.short())
	}
	w.last = now
}

// short is the quiet period of a single file.
func (w *Watcher) short() time.Duration { return w.o.Quiet / 8 }

// settle hands on what is pending, or waits for it.
func (w *Watcher) settle() {
	late := time.Since(w.first) >= w.o.Longest
	if w.whole && (late || time.Since(w.last) >= w.short()) {
		w.whole = false
		w.compare()
	}
	w.look()
	if len(w.pending) == 0 && !w.whole && !w.rescan {
		w.first = time.Time{}
		return
	}
	now := time.Now()
	quiet := w.o.Quiet
	if w.alone() {
		quiet = w.short()
	}
	if now.Sub(w.last) < quiet && !late {
		w.timer.Reset(min(w.last.Add(quiet).Sub(now), w.first.Add(w.o.Longest).Sub(now)))
		return
	}
	w.hand(now)
	w.first = time.Time{}
	if len(w.pending) > 0 || w.whole {
		w.sign(now)
	}
}

// look reads what became of the pending paths, and drops those that are what
// they were.
func (w *Watcher) look() {
	now := time.Now()
	for p, s := range w.pending {
		is, was := w.stamp(p), w.files[p]
		if is == was && (!s.written || is.missing()) {
			delete(w.pending, p)
			continue
		}
		if s.looked && is != s.seen { // changed under our eyes
			s.last, w.last = now, now
		}
		s.looked, s.seen = true, is
	}
}

// alone reports whether all there is is one file that was saved and has
// something in it.
func (w *Watcher) alone() bool {
	if len(w.pending) != 1 || w.whole || w.rescan {
		return false
	}
	for _, s := range w.pending {
		return s.seen.size > 0
	}
	return false
}

// hand makes a batch of what is pending, and adds it to the one that the
// reader has not taken yet. What is being written at this moment stays, but
// not for ever: a file that never rests is reported now and then.
func (w *Watcher) hand(now time.Time) {
	b := Batch{Rescan: w.rescan}
	for p, s := range w.pending {
		if now.Sub(s.last) < w.short() && now.Sub(s.first) < 4*w.o.Longest {
			continue
		}
		delete(w.pending, p)
		w.record(p, s.seen)
		b.Paths = append(b.Paths, p)
	}
	for p := range w.links { // a link changes with the file it leads to
		if is := w.stamp(p); is != w.files[p] && w.pending[p] == nil {
			w.record(p, is)
			b.Paths = append(b.Paths, p)
		}
	}
	if len(b.Paths) == 0 && !b.Rescan {
		return
	}
	w.rescan = false
	if w.ready != nil {
		b.Paths = append(b.Paths, w.ready.Paths...)
		b.Rescan = b.Rescan || w.ready.Rescan
	}
	slices.Sort(b.Paths)
	b.Paths = slices.Compact(b.Paths)
	w.ready = &b
}

func (w *Watcher) record(p string, is stamp) {
	delete(w.links, p)
	if is.missing() {
		delete(w.files, p)
		return
	}
	w.files[p] = is
	if is.link {
		w.links[p] = true
	}
}

// compare looks at the whole tree; what differs from the stamps is pending.
// New folders are watched, those that are gone are not.
func (w *Watcher) compare() {
	found, now := w.scan("."), time.Now()
	differs := func(p string, is stamp) {
		if is == w.files[p] {
			return
		}
		if s := w.pending[p]; s == nil || !s.looked || s.seen != is {
			s = w.mark(p, now)
			s.looked, s.seen = true, is
		}
	}
	for p, is := range found.files {
		differs(p, is)
	}
	for p := range w.files {
		if _, ok := found.files[p]; !ok {
			differs(p, stamp{})
		}
	}
	for _, p := range slices.Collect(maps.Keys(w.dirs)) {
		if !found.dirs[p] {
			w.forget(p)
		}
	}
}

// forget ends the watch on a folder and all below it.
func (w *Watcher) forget(p string) {
	for d := range w.dirs {
		if d != p && !strings.HasPrefix(d, p+"/") {
			continue
		}
		delete(w.dirs, d)
		if w.fs != nil {
			_ = w.fs.Remove(w.abs(d)) // the system may have ended it already
		}
	}
}

// observe watches one folder.
func (w *Watcher) observe(p string) {
	if w.fs != nil {
		switch err := w.add(w.abs(p)); {
		case err == nil:
		case isLimit(err):
			w.fall(limitText(err), true)
		case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
			return // gone meanwhile; or said by the build, and an event tells when it is mended
		default:
			w.fall(fmt.Sprintf("„%s“ lässt sich nicht überwachen (%v); statt dessen wird regelmäßig nachgesehen.", p, err), true)
		}
	}
	w.dirs[p] = true
}
