package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ag-vzkm/portal/generator/asset"
	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/publish"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// Live is a site that follows its folder. Nothing is published: a page is made
// when it is asked for, from the model as it is then. The search index and the
// related entries follow in the background.
//
// A change is as dear as what it touches: a text that was edited is read again
// and nothing else; any other change of content assembles the model anew from
// what was read before; definitions and configuration begin from the start.
type Live struct {
	opts     Options
	ctx      context.Context
	memo     *source.Memo
	profiles *sync.Map
	pictures *asset.Cache
	pack     *cache.Cache
	unlock   func()

	mu     sync.RWMutex
	b      *build // the last state that could be read, nil if there was none yet
	diags  *diag.List
	failed bool // b is older than what is on the disk

	making   sync.Mutex
	files    map[string][]byte    // what is not a page, made when first asked for
	search   map[string][]byte    // the browser's index, below search/
	recent   []map[string][]byte  // that of what has changed since, and what has; then earlier ones
	counted  int                  // of them
	whole    map[string]cache.Key // what search was made of: keys by document
	wholeOf  *build               // and with which words and labels
	indexing sync.Mutex           // of what is recent
	docs     *documents           // what it is to be made of
	edited   []*site.Entry        // whose texts have changed since
	stale    chan struct{}        // recent has to follow
	older    chan struct{}        // search has to follow
	until    time.Time            // when the state shows something else without a change
	past     *past
	work     sync.WaitGroup
}

// Served is what a path leads to.
type Served struct {
	Status int
	Type   string // media type, "" for what follows from the name
	Body   []byte
	File   string // the entry's, of a page that has one
	// Companion is the file with the entry's front matter, "" if it is in File.
	Companion string
	List      string // the address of the list that the page is in, "" for none
	Standing  Standing
}

// Touched says what a change comes to.
type Touched struct {
	All   bool     // any page may be another now
	Style bool     // only style sheets and scripts are
	Pages []string // addresses, when no others can be affected but through them
}

// OpenLive reads a site. Faults of the content are in Diagnostics; the error is
// for a folder that cannot be read at all. Close ends it.
func OpenLive(ctx context.Context, o Options) (*Live, error) {
	o.Out = cmp.Or(o.Out, filepath.Join(o.Source, "public"))
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return nil, err
	}
	browserOnly := false
	o.ServerIndex = &browserOnly
	// The preview has a cache of its own, so that a build may run meanwhile.
	o.Out = filepath.Join(filepath.Dir(out), ".portal", "preview")
	if info, err := os.Stat(o.Source); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("Der Ordner „%s“ ist nicht lesbar", o.Source)
	}
	l := &Live{opts: o, ctx: ctx, memo: &source.Memo{}, profiles: &sync.Map{}, pictures: &asset.Cache{}, stale: make(chan struct{}, 1), older: make(chan struct{}, 1), diags: &diag.List{}}
	l.openCache()
	if l.pack != nil {
		l.pictures.Store = l.pack
	}
	l.mu.Lock()
	l.reload(nil)
	l.mu.Unlock()
	l.stale <- struct{}{}
	l.work.Go(l.follow)
	l.work.Go(l.catchUp)
	return l, nil
}

// openCache does without when a second preview of the same site has it, or when
// nothing can be written beside the site.
func (l *Live) openCache() {
	unlock, err := publish.Lock(l.opts.Out)
	if err != nil {
		return
	}
	l.unlock = unlock
	if stamp, err := cache.Program(filepath.Join(filepath.Dir(l.opts.Out), "program")); err == nil {
		l.pack, _ = cache.Open(l.opts.Out+".cache", keyOf(stamp, string(l.opts.Audience), l.opts.Drafts))
	}
}

// Close waits for what is at work; the context has to be over.
func (l *Live) Close() {
	l.work.Wait()
	_ = l.pack.Close()
	if l.unlock != nil {
		l.unlock()
	}
}

// Changed takes up what has changed, given by paths relative to the site's
// folder; with rescan it looks at everything.
func (l *Live) Changed(paths []string, rescan bool) Touched {
	l.mu.Lock()
	defer l.mu.Unlock()
	touched, done := Touched{All: true}, false
	var before *build // if no template can have changed
	if !rescan && l.b != nil {
		if touched, done = l.texts(paths); !done {
			l.memo.Trust(contentPaths(paths), !definitions(paths))
			touched = Touched{All: !slices.ContainsFunc(paths, func(p string) bool { return !styles(p) })}
			touched.Style, touched.All = touched.All, !touched.All
			if !l.failed && len(contentPaths(paths)) == len(paths) {
				before = l.b
			}
		}
	}
	if !done {
		l.reload(before)
	}
	l.files = nil
	signal(l.stale)
	return touched
}

// contentPaths are those below content.
func contentPaths(paths []string) []string {
	var out []string
	for _, p := range paths {
		if rest, ok := strings.CutPrefix(p, "content/"); ok {
			out = append(out, rest)
		}
	}
	return out
}

// definitions reports whether a change may reach configuration, types or
// vocabularies.
func definitions(paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool {
		yaml := strings.HasSuffix(p, ".yaml") || strings.HasSuffix(p, ".yml")
		return yaml && !strings.HasPrefix(p, "content/") || !strings.Contains(path.Base(p), ".")
	})
}

func styles(p string) bool {
	return strings.HasPrefix(p, "templates/") && (path.Ext(p) == ".css" || path.Ext(p) == ".js" || path.Ext(p) == ".ts")
}

// texts takes up a change that is one of texts only: all files are entries that
// say of themselves what they said before.
func (l *Live) texts(paths []string) (Touched, bool) {
	var touched Touched
	type change struct{ e, now *site.Entry }
	var changes []change
	if !l.sameFolder() {
		return touched, false
	}
	for _, p := range paths {
		e := l.b.texts.byFile[p]
		if e == nil {
			return touched, false
		}
		old, now, ok := l.memo.Again(l.b.files.Content, strings.TrimPrefix(e.Pos.File, "content/"), l.b.profile)
		if !ok || !sameButText(old, now) {
			return touched, false
		}
		changes = append(changes, change{e, now})
	}
	for _, c := range changes {
		l.diags.Drop(c.e.Pos.File)
		if c.e.Companion != "" {
			l.diags.Drop(c.e.Companion)
		}
		for _, d := range l.b.assembled {
			if d.File == c.e.Pos.File || d.File == c.e.Companion && d.File != "" {
				l.diags.Add(d)
			}
		}
		l.b.texts.told.Delete(version{c.e.Pos.File, c.now.Hash})
		l.diags.Add(l.memo.Found(strings.TrimPrefix(c.e.Pos.File, "content/"))...)
		c.e.Hash, c.e.BodyPos = c.now.Hash, c.now.BodyPos
		l.b.reviews([]*site.Entry{c.e})
		delete(l.b.texts.feeds, c.e)
		l.edited = append(l.edited, c.e)
		touched.Pages = append(touched.Pages, l.b.base+c.e.URL)
	}
	l.b.views.forget()
	return touched, len(changes) > 0
}

// sameFolder reports whether content is still the folder that is open: it may
// have been moved away and another put in its place.
func (l *Live) sameFolder() bool {
	open, err := fs.Stat(l.b.files.Content, ".")
	if err != nil {
		return false
	}
	now, err := os.Stat(filepath.Join(l.opts.Source, "content"))
	return err == nil && os.SameFile(open, now)
}

func sameButText(a, b *site.Entry) bool {
	x, y := *a, *b
	x.Hash, y.Hash = [32]byte{}, [32]byte{}
	x.BodyPos, y.BodyPos = diag.Pos{}, diag.Pos{}
	x.Type, y.Type = nil, nil // its views lead back to it: a hash would never end
	return a.Type == b.Type && keyOf(x) == keyOf(y)
}

// reload reads the model again. One that cannot be read leaves the last one in
// its place, with what is wrong in the diagnostics. before, which may be nil, is
// one with the same templates.
func (l *Live) reload(before *build) {
	l.diags, l.failed = &diag.List{Lenient: l.opts.Lenient}, true
	l.until = time.Now().Add(24 * time.Hour)
	defer func() {
		if l.b != nil && !l.b.until.IsZero() {
			l.until = l.b.until
		}
	}()
	files, err := source.Dir(l.opts.Source, l.opts.Builtin)
	if err != nil {
		l.diags.Errorf(diag.Pos{}, "ordner-fehlt", "Prüfen Sie, ob der Ordner noch da ist, und starten Sie die Vorschau dort neu.", "Der Ordner der Site ist nicht lesbar.")
		return
	}
	b := &build{Options: l.opts, ctx: l.ctx, files: files, diags: l.diags, res: &Result{}, memo: l.memo, profiles: l.profiles,
		pictures: l.pictures, cache: l.pack, inputs: &inputs{}, past: l.past}
	if before != nil {
		b.bundled, b.before = before.bundled, before.renderer
	}
	for _, step := range []func() error{b.read, b.assets} {
		if err := step(); err != nil {
			if !errors.Is(err, errStop) {
				l.diags.Errorf(diag.Pos{}, "system", "Beheben Sie die Ursache und starten Sie die Vorschau neu.", "%s.", err)
			}
			return
		}
	}
	b.docs = newDocuments(b)
	l.b, l.failed, l.past = b, false, b.past
}

// Diagnostics are the findings of the model and of what has been shown of it,
// those of the page's own file first.
func (l *Live) Diagnostics(address string) []diag.Diagnostic {
	l.mu.RLock()
	defer l.mu.RUnlock()
	own := map[string]bool{}
	if l.b != nil {
		if j := l.b.renderer.Job(strings.TrimPrefix(address, l.b.base)); j != nil {
			own[j.Pos.File] = true
			if j.Entry != nil {
				own[j.Entry.Companion] = true
			}
		}
	}
	all := l.diags.Sorted()
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int {
		return cmp.Compare(rank(own[a.File]), rank(own[b.File]))
	})
	return all
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// Languages are those of the site, the first one first; nil while there is none.
func (l *Live) Languages() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.b == nil || l.b.site == nil {
		return nil
	}
	return l.b.site.Config.Languages
}

// Base is the path below which the site lies, "" or "/sub".
func (l *Live) Base() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.b == nil {
		return ""
	}
	return l.b.base
}

// Serve answers a path from the server's root, base path included.
func (l *Live) Serve(address string) Served {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.b == nil {
		return Served{Status: 500}
	}
	p, ok := strings.CutPrefix(address, l.b.base)
	if !ok || !strings.HasPrefix(p, "/") {
		return Served{Status: 404}
	}
	if j := l.b.renderer.Job(p); j != nil {
		s := l.about(j)
		if s.Body = l.b.show(j); s.Body == nil {
			s.Status = 500
		}
		return s
	}
	name := outputFile(p)
	if data, ok := l.file(name); ok {
		return Served{Status: 200, Body: data}
	}
	if l.b.renderer.Job(p+"/") != nil {
		return Served{Status: 301, Body: []byte(l.b.base + p + "/")}
	}
	return l.notFound(p)
}

const htmlType = "text/html; charset=utf-8"

// about is what is known of a page without making it.
func (l *Live) about(j *render.Job) Served {
	s := Served{Status: 200, Type: htmlType, File: j.Pos.File}
	for up := path.Dir(strings.TrimSuffix(j.Path, "/")); up != "/" && up != "." && s.List == ""; up = path.Dir(up) {
		if l.b.renderer.Job(up+"/") != nil {
			s.List = l.b.base + up + "/"
		}
	}
	if e := j.Entry; e != nil {
		s.File, s.Companion = e.Pos.File, e.Companion
		s.Standing = standing(e, l.b.now)
	}
	return s
}

func (l *Live) notFound(p string) Served {
	for _, lang := range slices.Backward(l.b.site.Config.Languages) {
		prefix := l.b.site.Config.Prefix(lang)
		if j := l.b.renderer.Job(prefix + "/404.html"); j != nil && strings.HasPrefix(p, prefix+"/") {
			return Served{Status: 404, Type: htmlType, Body: l.b.show(j)}
		}
	}
	return Served{Status: 404}
}
