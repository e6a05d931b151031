package watch

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// patient is a quiet period that a busy machine does not exceed between two
// calls: a save is then one batch, in whatever steps it is made.
const patient = 800 * time.Millisecond

var siteRoots = []string{"content", "templates", "static", "portal.yaml"}

// step is one thing that an editor, a program or a person does, and the paths
// of the one batch that follows from it; none for "".
type step struct {
	do   func(s *folder)
	want string
}

// habits are the ways in which files change. Every one begins with the files
// of newFolder.
var habits = []struct {
	name  string
	steps []step
}{
	{"written over", []step{{func(s *folder) { s.write("content/a.md", "neu") }, "content/a.md"}}},
	{"written twice with equal length", []step{
		{func(s *folder) { s.write("content/a.md", "eins") }, "content/a.md"},
		{func(s *folder) { s.write("content/a.md", "zwei") }, "content/a.md"},
	}},
	{"appended", []step{{func(s *folder) { s.add("content/a.md", "mehr") }, "content/a.md"}}},
	{"a temporary file moved over it", []step{{func(s *folder) {
		s.write("content/a.md.neu", "neu")
		s.move("content/a.md.neu", "content/a.md")
	}, "content/a.md"}}},
	{"a temporary file from elsewhere moved over it", []step{{func(s *folder) {
		s.write("../tmp-1", "neu")
		s.move("../tmp-1", "content/a.md")
	}, "content/a.md"}}},
	{"vim", []step{{func(s *folder) {
		s.write("content/.a.md.swp", "swap")
		s.write("content/4913", "")
		s.remove("content/4913")
		s.move("content/a.md", "content/a.md~")
		s.write("content/a.md", "neu")
		s.remove("content/a.md~")
		s.remove("content/.a.md.swp")
	}, "content/a.md"}}},
	{"Emacs", []step{{func(s *folder) {
		s.link("nutzer@rechner.123", "content/.#a.md")
		s.write("content/#a.md#", "neu")
		s.write("content/a.md", "neu")
		s.remove("content/#a.md#")
		s.remove("content/.#a.md")
	}, "content/a.md"}}},
	{"JetBrains", []step{{func(s *folder) {
		s.write("content/a.md___jb_tmp___", "neu")
		s.move("content/a.md", "content/a.md___jb_old___")
		s.move("content/a.md___jb_tmp___", "content/a.md")
		s.remove("content/a.md___jb_old___")
	}, "content/a.md"}}},
	{"deleted and written anew", []step{{func(s *folder) {
		s.remove("content/a.md")
		s.write("content/a.md", "neu")
	}, "content/a.md"}}},
	{"emptied, and written after a while", []step{{func(s *folder) {
		s.write("content/a.md", "")
		time.Sleep(patient / 4)
		s.write("content/a.md", "neu")
	}, "content/a.md"}}},
	{"written in pieces", []step{{func(s *folder) {
		for range 10 {
			s.add("content/a.md", strings.Repeat("Text ", 1000))
			time.Sleep(patient / 80)
		}
	}, "content/a.md"}}},
	{"mode", []step{{func(s *folder) { s.mode("content/a.md", 0o600) }, "content/a.md"}}},
	{"a new file", []step{{func(s *folder) { s.write("content/dir/neu.md", "neu") }, "content/dir/neu.md"}}},
	{"deleted", []step{
		{func(s *folder) { s.remove("content/a.md") }, "content/a.md"},
		{func(s *folder) { s.write("content/a.md", "wieder") }, "content/a.md"},
	}},
	{"renamed", []step{{func(s *folder) { s.move("content/a.md", "content/dir/z.md") }, "content/a.md content/dir/z.md"}}},
	{"renamed in case only", []step{
		{func(s *folder) { s.move("content/a.md", "content/A.md") }, "content/A.md content/a.md"},
		{func(s *folder) { s.write("content/A.md", "neu") }, "content/A.md"},
	}},
	{"folder renamed in case only", []step{
		{func(s *folder) { s.move("content/dir", "content/Dir") }, "content/Dir/b.md content/Dir/sub/c.md content/dir/b.md content/dir/sub/c.md"},
		{func(s *folder) { s.write("content/Dir/sub/c.md", "neu") }, "content/Dir/sub/c.md"},
	}},
	{"new folders with files", []step{
		{func(s *folder) {
			s.write("content/x/y/z/1.md", "1")
			s.write("content/x/2.md", "2")
		}, "content/x/2.md content/x/y/z/1.md"},
		{func(s *folder) { s.write("content/x/y/z/1.md", "neu") }, "content/x/y/z/1.md"},
	}},
	{"folder moved in", []step{
		{func(s *folder) {
			s.write("../weg/sub/1.md", "1")
			s.write("../weg/2.md", "2")
			s.move("../weg", "content/da")
		}, "content/da/2.md content/da/sub/1.md"},
		{func(s *folder) { s.write("content/da/sub/1.md", "neu") }, "content/da/sub/1.md"},
	}},
	{"folder moved out", []step{
		{func(s *folder) { s.move("content/dir", "../weg") }, "content/dir/b.md content/dir/sub/c.md"},
		{func(s *folder) { s.write("../weg/sub/c.md", "neu") }, ""},
		{func(s *folder) { s.move("../weg", "content/dir") }, "content/dir/b.md content/dir/sub/c.md"},
		{func(s *folder) { s.write("content/dir/sub/c.md", "noch neuer") }, "content/dir/sub/c.md"},
	}},
	{"folder renamed", []step{
		{func(s *folder) { s.move("content/dir", "content/neu") }, "content/dir/b.md content/dir/sub/c.md content/neu/b.md content/neu/sub/c.md"},
		{func(s *folder) { s.write("content/neu/sub/c.md", "neu") }, "content/neu/sub/c.md"},
		{func(s *folder) { s.write("content/dir/sub/c.md", "neu") }, "content/dir/sub/c.md"},
	}},
	{"folder moved into a new one", []step{
		{func(s *folder) {
			s.mkdir("content/p")
			s.move("content/dir", "content/p/dir")
		}, "content/dir/b.md content/dir/sub/c.md content/p/dir/b.md content/p/dir/sub/c.md"},
		{func(s *folder) { s.write("content/p/dir/sub/c.md", "neu") }, "content/p/dir/sub/c.md"},
		{func(s *folder) { s.write("content/p/dir/b.md", "neu") }, "content/p/dir/b.md"},
	}},
	{"folder exchanged for another", []step{
		{func(s *folder) {
			s.write("../anders/sub/c.md", "anders")
			s.move("content/dir", "../alt")
			s.move("../anders", "content/dir")
		}, "content/dir/b.md content/dir/sub/c.md"},
		{func(s *folder) { s.write("../alt/sub/c.md", "alt") }, ""},
		{func(s *folder) { s.write("content/dir/sub/c.md", "neu") }, "content/dir/sub/c.md"},
	}},
	{"folder deleted, and made again", []step{
		{func(s *folder) { s.remove("content/dir") }, "content/dir/b.md content/dir/sub/c.md"},
		{func(s *folder) { s.write("content/dir/sub/c.md", "neu") }, "content/dir/sub/c.md"},
		{func(s *folder) { s.write("content/dir/sub/c.md", "noch einmal") }, "content/dir/sub/c.md"},
	}},
	{"a file becomes a folder, and again a file", []step{
		{func(s *folder) {
			s.remove("content/a.md")
			s.write("content/a.md/1.md", "1")
		}, "content/a.md content/a.md/1.md"},
		{func(s *folder) {
			s.remove("content/a.md")
			s.write("content/a.md", "neu")
		}, "content/a.md content/a.md/1.md"},
	}},
	{"a burst", []step{{func(s *folder) {
		for i := range 1000 {
			s.write(fmt.Sprintf("content/%02d/%03d.md", i%20, i), "neu")
		}
	}, thousand()}}},
	{"a burst of deletions", []step{
		{func(s *folder) { s.write("content/x/1.md", "1"); s.write("content/x/2.md", "2") }, "content/x/1.md content/x/2.md"},
		{func(s *folder) { s.remove("content") }, "content/a.md content/dir/b.md content/dir/sub/c.md content/x/1.md content/x/2.md"},
		{func(s *folder) { s.write("content/a.md", "1") }, "content/a.md"},
	}},
	{"roots that come later", []step{
		{func(s *folder) { s.write("templates/types/probe/type.yaml", "x") }, "templates/types/probe/type.yaml"},
		{func(s *folder) { s.write("static/.well-known/security.txt", "x") }, "static/.well-known/security.txt"},
	}},
	{"configuration", []step{{func(s *folder) {
		s.write("portal.yaml.neu", "title: B")
		s.move("portal.yaml.neu", "portal.yaml")
	}, "portal.yaml"}}},
	{"what is no content", []step{{func(s *folder) {
		for _, name := range []string{
			".git/index", ".portal/cache/1", "public/index.html", ".public.lock", "README.md", "node_modules/x.js",
			"content/.a.md.swp", "content/.a.md.swx", "content/.DS_Store", "content/a.md~", "content/#a.md#", "content/4913",
			"content/~$a.docx", "content/.goutputstream-ABC", "content/a.md.tmp", "content/.nfs0001", "content/dir/.git/HEAD", "content/geheim/a.md",
		} {
			s.write(name, "x")
		}
		s.mode("content/dir", 0o700)
	}, ""}}},
	{"a link to a file", []step{
		{func(s *folder) { s.link("dir/b.md", "content/l.md") }, "content/l.md"},
		{func(s *folder) { s.write("content/dir/b.md", "neu") }, "content/dir/b.md content/l.md"},
		{func(s *folder) { s.remove("content/l.md") }, "content/l.md"},
	}},
	{"a link to a folder is not followed", []step{
		{func(s *folder) { s.link("dir", "content/l") }, "content/l"},
	}},
	{"content is a link", []step{
		{func(s *folder) {
			s.move("content", "../texte")
			s.link("../texte", "content") // the same files as before
		}, ""},
		{func(s *folder) { s.write("../texte/a.md", "neu") }, "content/a.md"},
		{func(s *folder) { s.write("content/dir/sub/neu.md", "neu") }, "content/dir/sub/neu.md"},
		{func(s *folder) { s.move("../texte", "../fort") }, "content content/a.md content/dir/b.md content/dir/sub/c.md content/dir/sub/neu.md"}, // content: a link to nowhere
		{func(s *folder) { s.write("../texte/a.md", "wieder") }, "content content/a.md"},
		{func(s *folder) { s.write("../texte/dir/b.md", "wieder") }, "content/dir/b.md"},
		{func(s *folder) { s.relink("../fort", "content") }, "content/a.md content/dir/b.md content/dir/sub/c.md content/dir/sub/neu.md"},
		{func(s *folder) { s.write("../texte/a.md", "noch einmal") }, ""},
		{func(s *folder) { s.write("../fort/a.md", "noch einmal") }, "content/a.md"},
	}},
}

func thousand() string {
	var all []string
	for i := range 1000 {
		all = append(all, fmt.Sprintf("content/%02d/%03d.md", i%20, i))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestHabits(t *testing.T) {
	t.Parallel()
	stalls := watchMachine(t)
	var wg sync.WaitGroup
	defer wg.Wait()
	slots := make(chan bool, 24) // they wait more than they work; the system has 128 watchers to give
	for _, kind := range []struct {
		name string
		o    Options
	}{{"events", Options{}}, {"polling", Options{ForcePoll: true, Poll: patient / 40}}} {
		for _, h := range habits {
			o := kind.o
			o.Roots, o.Quiet, o.Longest = siteRoots, patient, time.Minute
			o.Ignore = func(p string) bool { return path.Base(p) == "geheim" }
			wg.Go(func() {
				slots <- true
				t.Run(kind.name+"/"+h.name, func(t *testing.T) { checkHabit(t, h.steps, o, stalls) })
				<-slots
			})
		}
	}
}

// checkHabit does the steps of a habit one after the other. After each it
// writes one more file: what is reported for this must be a batch that names
// nothing else, so nothing came twice. When the machine stood still meanwhile,
// it may have looked as if somebody had saved twice.
func checkHabit(t *testing.T, steps []step, o Options, stalls *stalls) {
	s := newFolder(t)
	w := start(t, s.dir, o)
	for i, st := range steps {
		began := time.Now()
		var got []string
		batch := func() string {
			got = append(got, strings.Join(next(t, w).Paths, " "))
			return got[len(got)-1]
		}
		st.do(s)
		want := []string{st.want}
		if st.want == "" {
			want = nil
		} else {
			batch()
		}
		end := fmt.Sprintf("static/ende-%d.txt", i)
		s.write(end, "Ende")
		for !strings.HasSuffix(batch(), end) {
		}
		want = append(want, end)
		if stalls.since(began) {
			want, got = union(want), union(got)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("step %d: got  %.600q\nwant %.600q", i, got, want)
		}
	}
	if on, _ := w.Polling(); on != o.ForcePoll {
		t.Error("polling:", on)
	}
}

func union(batches []string) []string {
	all := strings.Fields(strings.Join(batches, " "))
	slices.Sort(all)
	return slices.Compact(all)
}

// stalls knows when the machine last stood still for a part of the quiet
// period of a single file.
type stalls struct{ last atomic.Int64 }

func watchMachine(t *testing.T) *stalls {
	s := &stalls{}
	go func() {
		for t.Context().Err() == nil {
			before := time.Now()
			time.Sleep(patient / 160)
			if time.Since(before) > patient/20 {
				s.last.Store(time.Now().UnixNano())
			}
		}
	}()
	return s
}

func (s *stalls) since(t time.Time) bool { return s.last.Load() > t.UnixNano() }

func expect(t *testing.T, w *Watcher, step int, want string) {
	t.Helper()
	if got := strings.Join(next(t, w).Paths, " "); got != want {
		t.Fatalf("step %d: got %.500s\nwant %.500s", step, got, want)
	}
}

func next(t *testing.T, w *Watcher) Batch {
	t.Helper()
	select {
	case b, ok := <-w.Batches():
		if !ok {
			t.Fatal("the watch has ended")
		}
		return b
	case <-time.After(2 * time.Minute):
		t.Fatal("nothing was reported")
	}
	return Batch{}
}

func start(t *testing.T, dir string, o Options) *Watcher {
	t.Helper()
	w, err := Watch(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// TestFallback: where events are not to be had, polling begins, is said once,
// and finds what changes.
func TestFallback(t *testing.T) {
	t.Parallel()
	full := func(w *Watcher, after int) {
		w.add = func(name string) error {
			if after--; after < 0 {
				return fmt.Errorf("add: %w", syscall.ENOSPC)
			}
			return w.fs.Add(name)
		}
	}
	for _, c := range []struct {
		name    string
		prepare func(w *Watcher)
		do      func(s *folder)
		reason  string
		want    string
	}{
		{"no watch left", func(w *Watcher) { full(w, 2) }, func(*folder) {}, "inotify-Grenze", ""},
		{"no watch left for a new folder", func(w *Watcher) { full(w, 4) }, func(s *folder) { s.write("content/x/y/1.md", "1") }, "max_user_watches", "content/x/y/1.md"},
		{"network drive", func(w *Watcher) {
			w.kindOf = func(name string) string {
				if strings.HasSuffix(name, "content") {
					return "NFS"
				}
				return ""
			}
		}, func(*folder) {}, "„content“ liegt auf einem Laufwerk, das Änderungen nicht meldet (NFS)", ""},
		{"the site goes away", func(*Watcher) {}, func(s *folder) { s.move(".", "../weg") }, "verschoben oder gelöscht",
			"content/a.md content/dir/b.md content/dir/sub/c.md portal.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newFolder(t)
			var mu sync.Mutex
			var told []string
			w, err := newWatcher(s.dir, Options{Roots: siteRoots, Quiet: patient, Longest: time.Minute, Poll: patient / 40, Fallback: func(reason string) {
				mu.Lock()
				told = append(told, reason)
				mu.Unlock()
			}})
			must(t, err)
			c.prepare(w)
			w.begin()
			ctx, cancel := context.WithCancel(t.Context())
			w.cancel = cancel
			go w.loop(ctx)
			defer w.Close()
			c.do(s)
			if c.want != "" {
				expect(t, w, 0, c.want)
			}
			s.write("static/danach.txt", "1")
			expect(t, w, 1, "static/danach.txt")
			s.write("content/x/danach.md", "1")
			expect(t, w, 2, "content/x/danach.md")
			on, reason := w.Polling()
			mu.Lock()
			defer mu.Unlock()
			if !on || len(told) != 1 || told[0] != reason || !strings.Contains(reason, c.reason) {
				t.Errorf("polling %v, %q; told %q", on, reason, told)
			}
		})
	}
}

// TestLostEvents: after an overflow the whole tree is compared.
func TestLostEvents(t *testing.T) {
	t.Parallel()
	s := newFolder(t)
	w, err := newWatcher(s.dir, Options{Roots: siteRoots, Quiet: patient, Longest: time.Minute})
	must(t, err)
	w.begin()
	lostEvents := w.fs
	ctx, cancel := context.WithCancel(t.Context())
	w.cancel = cancel
	// What happens now, before anyone listens, is taken out of the queue.
	must(t, os.WriteFile(filepath.Join(s.dir, "content/a.md"), []byte("neu"), 0o644))
	must(t, os.MkdirAll(filepath.Join(s.dir, "content/x/y"), 0o755))
	must(t, os.WriteFile(filepath.Join(s.dir, "content/x/y/1.md"), []byte("1"), 0o644))
	must(t, os.RemoveAll(filepath.Join(s.dir, "content/dir")))
	for seen := ""; !strings.HasSuffix(seen, "content/dir"); {
		e := <-lostEvents.Events
		seen = ""
		if e.Has(fsnotify.Remove) {
			seen = filepath.ToSlash(e.Name)
		}
	}
	lostEvents.Errors <- fsnotify.ErrEventOverflow
	go w.loop(ctx)
	defer w.Close()
	b := next(t, w)
	if got, want := strings.Join(b.Paths, " "), "content/a.md content/dir/b.md content/dir/sub/c.md content/x/y/1.md"; got != want || !b.Rescan {
		t.Errorf("got %s (rescan %v)\nwant %s", got, b.Rescan, want)
	}
	s.write("content/x/y/1.md", "neu") // in a folder whose making was not seen
	expect(t, w, 1, "content/x/y/1.md")
}

// TestCaseInsensitive: where a.md is found under the name A.md, only the names
// in the folder tell what is there.
func TestCaseInsensitive(t *testing.T) {
	t.Parallel()
	s := newFolder(t)
	w, err := newWatcher(s.dir, Options{Roots: siteRoots, Quiet: patient, Longest: time.Minute})
	must(t, err)
	w.folds = true
	w.lstat = func(name string) (os.FileInfo, error) {
		entries, _ := os.ReadDir(filepath.Dir(name))
		for _, e := range entries {
			if strings.EqualFold(e.Name(), filepath.Base(name)) {
				return e.Info()
			}
		}
		return nil, fs.ErrNotExist
	}
	w.begin()
	ctx, cancel := context.WithCancel(t.Context())
	w.cancel = cancel
	go w.loop(ctx)
	defer w.Close()
	s.move("content/a.md", "content/A.md")
	expect(t, w, 0, "content/A.md content/a.md")
	s.write("content/A.md", "neu")
	expect(t, w, 1, "content/A.md")
}

// TestSlowReader: what comes while a batch is not taken is not lost.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	s := newFolder(t)
	w := start(t, s.dir, Options{Roots: siteRoots, Quiet: 8 * time.Millisecond})
	want := map[string]bool{}
	for i := range 50 {
		name := fmt.Sprintf("content/%02d.md", i)
		s.write(name, "neu")
		want[name] = true
		time.Sleep(2 * time.Millisecond)
	}
	for len(want) > 0 {
		b := next(t, w)
		if !slices.IsSorted(b.Paths) || len(slices.Compact(slices.Clone(b.Paths))) != len(b.Paths) {
			t.Error("not in order:", b.Paths)
		}
		for _, p := range b.Paths {
			delete(want, p)
		}
	}
}

// TestNeverQuiet: a file that is written to all the time does not hold back
// the others for ever, and is reported in the end.
func TestNeverQuiet(t *testing.T) {
	t.Parallel()
	s := newFolder(t)
	w := start(t, s.dir, Options{Roots: siteRoots, Quiet: 400 * time.Millisecond, Longest: 500 * time.Millisecond})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				s.add("content/protokoll.txt", "x")
			}
		}
	})
	defer wg.Wait()
	defer close(stop)
	s.write("content/a.md", "neu")
	for seen := map[string]bool{}; !seen["content/a.md"] || !seen["content/protokoll.txt"]; {
		for _, p := range next(t, w).Paths {
			seen[p] = true
		}
	}
}

// TestWholeFolder: no roots, a relative folder, a link on the way to it.
func TestWholeFolder(t *testing.T) {
	t.Parallel()
	s := newFolder(t)
	link := filepath.Join(t.TempDir(), "site")
	must(t, os.Symlink(s.dir, link))
	wd, err := os.Getwd()
	must(t, err)
	rel, err := filepath.Rel(wd, link)
	must(t, err)
	w := start(t, rel, Options{Quiet: patient, Longest: time.Minute})
	s.write("irgendwo/1.txt", "1")
	expect(t, w, 0, "irgendwo/1.txt")
	s.write("content/a.md", "neu")
	expect(t, w, 1, "content/a.md")
}

func TestEnd(t *testing.T) {
	t.Parallel()
	for _, poll := range []bool{false, true} {
		s := newFolder(t)
		ctx, cancel := context.WithCancel(t.Context())
		w, err := Watch(ctx, s.dir, Options{Roots: siteRoots, ForcePoll: poll})
		must(t, err)
		cancel()
		for range w.Batches() { //nolint:revive // until it is closed
		}
		w.Close()
		w.Close()
	}
	if _, err := Watch(t.Context(), filepath.Join(t.TempDir(), "fehlt"), Options{}); err == nil {
		t.Error("a folder that is not there is watched")
	}
}

// folder is a site on the disk.
type folder struct {
	t   *testing.T
	dir string
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	s := &folder{t, filepath.Join(t.TempDir(), "site")}
	for _, name := range []string{"portal.yaml", "content/a.md", "content/dir/b.md", "content/dir/sub/c.md", "public/index.html"} {
		s.write(name, "alt: "+name)
	}
	s.mkdir("static")
	return s
}

func (s *folder) at(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *folder) mkdir(name string) { s.check(os.MkdirAll(s.at(name), 0o755)) }

func (s *folder) write(name, text string) {
	s.check(os.MkdirAll(filepath.Dir(s.at(name)), 0o755))
	s.check(os.WriteFile(s.at(name), []byte(text), 0o644))
}

func (s *folder) add(name, text string) {
	f, err := os.OpenFile(s.at(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	s.check(err)
	_, err = f.WriteString(text)
	s.check(err)
	s.check(f.Close())
}

func (s *folder) move(from, to string) { s.check(os.Rename(s.at(from), s.at(to))) }

func (s *folder) remove(name string) { s.check(os.RemoveAll(s.at(name))) }

func (s *folder) link(to, name string) { s.check(os.Symlink(to, s.at(name))) }

// relink lets a link lead elsewhere in one step, as “ln -sfn” does.
func (s *folder) relink(to, name string) {
	s.link(to, name+".neu")
	s.move(name+".neu", name)
}

func (s *folder) mode(name string, m os.FileMode) { s.check(os.Chmod(s.at(name), m)) }

func (s *folder) check(err error) {
	if err != nil {
		s.t.Error(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
