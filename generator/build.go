// Package generator makes a site: it calls the stages one after the other and
// holds what they hand on.
//
// Terms: a stage is one step of a build, measured; a release is what it makes.
//
// Flow (Build): read the source, assemble the model, bundle the assets, plan
// all pages, convert all texts, make pages and exports into a staging folder,
// build the index beside it, check the output, and only then swap both in.
// Any error on the way leaves what was published before as it was.
package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ag-vzkm/portal/generator/asset"
	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/check"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/export"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/publish"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// Build makes a site, unless ctx ends before it is published. Faults of the content are in the result's diagnostics,
// and OK is false if they stop it; the error is for everything else.
func Build(ctx context.Context, o Options) (*Result, error) { return buildThen(ctx, o, nil) }

// buildThen is Build; then, if not nil, sees what was made before it is let go.
func buildThen(ctx context.Context, o Options, then func(*build)) (*Result, error) {
	o.Out = cmp.Or(o.Out, filepath.Join(o.Source, "public"))
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return nil, err
	}
	o.Out = out
	files, err := source.Dir(o.Source, o.Builtin)
	if err != nil {
		return nil, fmt.Errorf("Der Ordner „%s“ ist nicht lesbar", o.Source)
	}
	if err := apart(o.Source, o.Out); err != nil {
		return nil, err
	}
	if !o.Dry {
		unlock, err := publish.Lock(o.Out)
		if err != nil {
			return nil, err
		}
		defer unlock()
	}
	b := &build{Options: o, ctx: ctx, files: files, diags: &diag.List{Lenient: o.Lenient}, res: &Result{Out: o.Out, Index: IndexDir(o.Out)}, profiles: &sync.Map{}, started: time.Now()}
	b.written.Store(publish.Marker, true)
	defer b.discard()
	if err := b.run(); err != nil {
		return nil, err
	}
	if then != nil && b.renderer != nil {
		then(b)
	}
	res := b.finish()
	b.remember()
	return res, nil
}

// build is the state of one build.
type build struct {
	Options
	ctx   context.Context
	diags *diag.List
	// assembled are those of diags that come from putting the entries together:
	// another text of an entry does not change them.
	assembled []diag.Diagnostic
	res       *Result
	started   time.Time // of the current stage

	files   source.Files
	now     time.Time
	site    *site.Site
	base    string
	words   *lang.Words
	past    *past
	restore func() // undoes collectLess
	*bundled
	before   *render.Renderer // of a preview, whose templates have not changed
	media    *asset.Media
	inputs   *inputs
	cache    *cache.Cache // nil in a dry run
	keys     *keys
	views    views
	memo     *source.Memo // what a preview has read before
	pictures *asset.Cache // what a preview has made of pictures before
	profiles *sync.Map    // hash of a file → *view.Profile
	docs     *documents
	head     string    // what Git has checked out
	until    time.Time // when the result holds no longer; zero: for ever
	renderer *render.Renderer
	jobs     []*render.Job
	texts    *texts
	machine  *machine
	checker  *check.Checker
	linked   linked

	stage, indexStage *publish.Staging
	bytes             atomic.Int64
	count             atomic.Int64
	rendered, kept    atomic.Int64
	written           sync.Map // names of the files of the output
	indexFiles        sync.Map // those of the browser's index

	faultsMu sync.Mutex
	faults   map[diag.Pos]fault // of templates
}

var errCanceled = errors.New("abgebrochen; was bisher veröffentlicht war, ist unverändert")

// errStop ends a build whose diagnostics say why.
var errStop = errors.New("stopped")

func (b *build) run() error {
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"look", b.look}, {"read", b.read}, {"assets", b.assets}, {"render", b.render}, {"export", b.export}, {"index", b.index}, {"check", b.check}, {"publish", b.publish},
	} {
		if b.ctx.Err() != nil {
			return errCanceled
		}
		b.started = time.Now()
		err := s.do()
		b.res.Stages = append(b.res.Stages, Stage{s.name, float64(time.Since(b.started).Microseconds()) / 1000})
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *build) finish() *Result {
	b.res.Memory = memory()
	if b.site == nil || b.renderer == nil {
		return b.res.with(b.diags, b.Strict) // as it was remembered, or stopped early
	}
	b.res.Bytes, b.res.Files = b.bytes.Load(), int(b.count.Load())
	b.res.Rendered, b.res.Kept = int(b.rendered.Load()), int(b.kept.Load())
	return b.res.with(b.diags, b.Strict)
}

func (b *build) discard() {
	if b.restore != nil {
		b.restore()
	}
	for _, s := range []*publish.Staging{b.stage, b.indexStage} {
		if s != nil {
			s.Discard()
		}
	}
	// A build that did nothing has asked for nothing, and must not throw it away.
	if b.res.OK && b.site != nil {
		_ = b.cache.Close() // it only costs the next build time
	} else {
		b.cache.Abandon()
	}
}

// roomyUpTo is up to how many bytes of content a build may take memory for time.
const roomyUpTo = 64 << 20

// collectLess lets a small site's heap grow further before it is collected,
// unless the environment says how far (GOGC): collecting is a tenth of the time
// of a build, and a small site needs little memory anyway.
func (b *build) collectLess() {
	if os.Getenv("GOGC") != "" || b.inputs.Bytes > roomyUpTo {
		return
	}
	before := debug.SetGCPercent(400)
	b.restore = func() { debug.SetGCPercent(before) }
}

// look finds out what there is to build from, and whether it is what the last
// build was made from.
func (b *build) look() error {
	if b.Dry {
		return nil
	}
	for _, out := range []string{b.Out, b.res.Index} {
		if err := publish.Tidy(out); err != nil {
			return err
		}
	}
	b.head = source.Head(b.Source)
	b.inputs = readInputs(b.files)
	b.collectLess()
	if b.cache = b.openCache(); b.cache == nil {
		b.diags.Hintf(diag.Pos{}, "zwischenspeicher", "Prüfen Sie die Rechte der Datei „"+filepath.Base(CacheFile(b.Out))+"“ im Ordner „.portal“ oder löschen Sie sie.",
			"Der Zwischenspeicher neben „%s“ lässt sich nicht öffnen; jeder Bau dauert so lange wie der erste.", filepath.Base(b.Out))
	}
	if b.upToDate() {
		return errStop
	}
	return nil
}

// openCache returns nil if there is none to be had. What a build for members or
// with drafts has made is not left lying beside a public output.
func (b *build) openCache() *cache.Cache {
	file := CacheFile(b.Out)
	program, err := cache.Program(filepath.Join(filepath.Dir(file), "program"))
	if err != nil {
		return nil
	}
	c, err := cache.Open(file, keyOf(program, string(b.Audience), b.Drafts))
	if err != nil {
		return nil
	}
	return c
}

// read loads and assembles the model.
func (b *build) read() error {
	draft := source.Load(b.files, b.memo, b.profile, b.diags)
	if draft == nil {
		return errStop
	}
	b.res.Help = draft.Config.Help
	if b.BaseURL != "" {
		u, err := url.Parse(b.BaseURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("--base-url: „%s“ ist keine vollständige Adresse", b.BaseURL)
		}
		draft.Config.BaseURL = strings.TrimSuffix(b.BaseURL, "/")
	}
	u, err := url.Parse(draft.Config.BaseURL)
	if err != nil {
		return err
	}
	b.base = strings.TrimSuffix(u.Path, "/")
	if err := b.history(draft); err != nil {
		return err
	}
	if b.fromClock() {
		b.until = validUntil(draft.Entries, b.now)
	}
	all := b.diags
	b.diags = &diag.List{Lenient: all.Lenient}
	b.site = site.Assemble(*draft, site.View{Audience: cmp.Or(b.Audience, site.Public), Drafts: b.Drafts, Now: b.now}, b.diags)
	b.gaps(draft)
	b.assembled = b.diags.Sorted()
	b.diags = all
	b.diags.Add(b.assembled...)
	b.res.Entries, b.res.Now = len(b.site.Entries), b.now
	if b.words, err = lang.Load(b.site.Config.Languages, b.files.BuiltinTemplates, b.files.Templates); err != nil {
		b.diags.Errorf(diag.Pos{File: "portal.yaml"}, "woerter", "Ergänzen Sie die Datei oder nehmen Sie die Sprache aus „languages“.", "%s.", err)
		return errStop
	}
	b.keys = newKeys(b)
	b.reviews(b.site.Entries)
	return nil
}

// render makes all pages, in parallel: each text is read, converted, shown,
// checked, written and handed to the index before the next is taken.
func (b *build) render() error {
	u, err := url.Parse(b.site.Config.BaseURL)
	if err != nil {
		return err
	}
	b.checker = check.New(check.Options{Base: b.base, Host: u.Host, Diags: b.diags})
	b.docs = newDocuments(b)
	if !b.Dry {
		if b.stage, err = publish.Stage(b.Out); err != nil {
			return err
		}
	}
	jobs := b.longestFirst()
	err = b.each(len(jobs), "render", func(i int) error { return b.page(jobs[i]) })
	b.tellFaults()
	return err
}

// longestFirst orders the pages so that no long one is left to one core at the
// end.
func (b *build) longestFirst() []*render.Job {
	if b.inputs == nil {
		return b.jobs
	}
	size := func(j *render.Job) int64 {
		if j.Entry == nil {
			return 0
		}
		return b.inputs.Sizes[j.Entry.Pos.File]
	}
	jobs := slices.Clone(b.jobs)
	slices.SortStableFunc(jobs, func(x, y *render.Job) int { return cmp.Compare(size(y), size(x)) })
	return jobs
}

// each runs do for 0 … n-1 on all cores and returns the first error.
func (b *build) each(n int, stage string, do func(int) error) error {
	var wg sync.WaitGroup
	var next, done atomic.Int64
	errs := make([]error, runtime.GOMAXPROCS(0))
	for w := range errs {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && errs[w] == nil && b.ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				errs[w] = do(i)
				if d := done.Add(1); b.Progress != nil {
					b.Progress(stage, int(d), n)
				}
			}
		})
	}
	wg.Wait()
	if b.ctx.Err() != nil {
		return errCanceled
	}
	return errors.Join(errs...)
}

// export writes what is not a page: feeds and tables, assets, media, static
// files. Media come last: only now is it known which were asked for.
func (b *build) export() error {
	file := func(name string, data []byte) error {
		if strings.HasSuffix(name, ".html") {
			b.checker.Page(name, diag.Pos{}, data)
		} else {
			b.checker.File(name, data)
		}
		return b.write(name, data)
	}
	if err := export.All(b.machine.input(b.jobs), file); err != nil {
		return err
	}
	static, err := asset.Static(b.files.Static)
	if err != nil {
		return err
	}
	for _, files := range [][]asset.File{b.bundle.Files(), b.search.Files, static, b.media.Files()} {
		for _, f := range files {
			if err := file(f.Path, f.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *build) check() error {
	b.checker.Finish()
	if b.whole {
		b.unconnected()
	}
	if b.Dry || b.diags.Failed(b.Strict) {
		return errStop
	}
	return nil
}

func (b *build) publish() error {
	if b.private() {
		b.diags.Hintf(diag.Pos{}, "nicht-oeffentlich", "Nehmen Sie mit --out einen eigenen Ordner.", "Die Ausgabe „%s“ enthält, was nicht öffentlich ist; sie gehört nicht auf den öffentlichen Server.", filepath.Base(b.Out))
	}
	if b.Compress {
		if err := b.stage.Compress(6, b.cache); err != nil {
			return err
		}
	}
	if b.indexStage == nil { // it is what it was
		return b.stage.Commit()
	}
	return publish.Commit(b.indexStage, b.stage)
}
