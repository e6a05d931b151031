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
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
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
	"github.com/ag-vzkm/portal/generator/markdown"
	"github.com/ag-vzkm/portal/generator/publish"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
	"github.com/ag-vzkm/portal/search/client"
)

// Options of a build. Source and Builtin are required.
type Options struct {
	Source   string // the site's folder
	Builtin  fs.FS  // the program's own templates and static files
	Out      string // the output folder; default public in Source
	Audience site.Audience
	Drafts   bool
	BaseURL  string // instead of base_url
	Now      string // see ParseNow; "" asks SOURCE_DATE_EPOCH, Git, the clock
	Lenient  bool
	Strict   bool
	Compress bool // write .br and .gz beside the files
	Dry      bool // check only: publish nothing
	whole    bool // look at what only shows in all of the content
	// ServerIndex asks for the index of portal serve and portal search beside
	// that of the browser. By default, sites of up to serverIndexUpTo entries
	// have it.
	ServerIndex *bool
	Also        Also // of Check
	Progress    func(stage string, done, total int)
}

// serverIndexUpTo is up to how many entries the server's index is made without
// being asked for: up to there it costs less than a second.
const serverIndexUpTo = 2000

// Result is what a build reports.
type Result struct {
	OK          bool              `json:"ok"`
	Out         string            `json:"out"`
	Index       string            `json:"index"`
	Pages       int               `json:"pages"`
	Rendered    int               `json:"rendered"` // pages made anew
	Kept        int               `json:"kept"`     // pages taken over from the release before
	Indexed     bool              `json:"indexed"`  // the search index was made anew
	Entries     int               `json:"entries"`
	Files       int               `json:"files"`
	Bytes       int64             `json:"bytes"`
	Now         time.Time         `json:"now"`
	Errors      int               `json:"errors"`
	Warnings    int               `json:"warnings"`
	Hints       int               `json:"hints"`
	Stages      []Stage           `json:"stages"`
	Memory      Memory            `json:"memory"`
	Notes       []string          `json:"notes,omitempty"` // what a check of Also came to
	Diagnostics []diag.Diagnostic `json:"diagnostics,omitempty"`
	Help        string            `json:"-"` // where their codes are explained; see site.Config
}

// Stage is a step of the build and how long it took.
type Stage struct {
	Name string  `json:"name"`
	Ms   float64 `json:"ms"`
}

// Memory is what a build took: allocations since the program began, and the
// most bytes that the system gave it.
type Memory struct {
	Allocs     uint64 `json:"allocs"`
	AllocBytes uint64 `json:"allocBytes"`
	FromSystem uint64 `json:"fromSystem"`
}

func memory() Memory {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Memory{m.Mallocs, m.TotalAlloc, m.Sys}
}

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

// with fills in what was found.
func (r *Result) with(diags *diag.List, strict bool) *Result {
	r.Diagnostics = diags.Sorted()
	r.Errors, r.Warnings, r.Hints = diags.Count(diag.Error), diags.Count(diag.Warning), diags.Count(diag.Hint)
	r.OK = !diags.Failed(strict)
	return r
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

// fromClock reports whether nothing but the clock says for when the site is made.
func (b *build) fromClock() bool {
	_, err := strconv.ParseInt(epoch(), 10, 64)
	return b.Now == "now" || b.Now == "jetzt" || b.Now == "" && err != nil && b.head == ""
}

// epoch is the instant of a reproducible build (reproducible-builds.org).
func epoch() string { return os.Getenv("SOURCE_DATE_EPOCH") }

// history fills in what Git knows, and the instant that embargoes are held
// against: --now, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the
// commit, else the clock. With one of the first three, the same input gives
// the same bytes at any time.
func (b *build) history(d *site.Draft) error {
	b.readPast(d.Config)
	h := b.past.History
	for _, e := range d.Entries {
		e.Changed = b.past.changed(e, d.Config.Location)
	}
	epoch, epochErr := strconv.ParseInt(epoch(), 10, 64)
	switch {
	case b.Now != "":
		var err error
		if b.now, err = ParseNow(b.Now, d.Config.Location); err != nil {
			return err
		}
	case epochErr == nil:
		b.now = time.Unix(epoch, 0)
	case !h.Head.IsZero():
		b.now = h.Head
	default:
		b.now = time.Now()
	}
	b.now = b.now.In(d.Config.Location)
	return nil
}

// ParseNow reads an instant: "now", a day, a day with a time, both in loc, or
// RFC 3339.
func ParseNow(s string, loc *time.Location) (time.Time, error) {
	if s == "now" || s == "jetzt" {
		return time.Now(), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--now: „%s“ ist kein Zeitpunkt; schreiben Sie 2026-11-22, 2026-11-22T09:00:00+01:00 oder now", s)
}

func (b *build) assets() error {
	if b.bundled == nil || b.bundled.base != b.base {
		b.bundled = b.makeBundles(b.memo != nil)
	}
	b.diags.Add(b.bundled.found...)
	for _, t := range b.site.Types {
		if _, ok := b.bundle.Icon(t.Icon); !ok {
			b.diags.Errorf(t.At("icon"), "symbol-unbekannt", diag.DidYouMean(t.Icon, b.bundle.IconNames()), "Das Symbol „%s“ gibt es nicht in templates/icons.", t.Icon)
		}
	}
	b.media = asset.NewMedia(b.base, b.pictureCache())
	b.texts = newTexts(b)
	b.machine = newMachine(b)
	assets := render.Assets{CSS: b.bundle.CSS, JS: b.bundle.JS, Icons: b.bundle.Icons, Search: b.search.UI, Fonts: b.fonts()}
	b.keys.setGlobal(assets)
	newRenderer := render.New
	if b.before != nil {
		newRenderer = b.before.Next
	}
	r, err := newRenderer(render.Input{
		Site: b.site, Words: b.words, Templates: b.files.Templates,
		Assets:  assets,
		Prose:   b.texts.prose,
		Plain:   b.texts.plain,
		Picture: b.texts.picture, Download: b.texts.download,
		Related: view.Related(b.site.Entries, b.profileOf, relatedEntries),
		Machine: b.machine,
		View:    b.view, ViewFiles: b.own(b.bundle.View), PageFiles: b.own(b.bundle.Page),
		Blocks:  b.texts.blocks,
		Past:    b.pastOf,
		Private: b.private(),
	})
	if err != nil {
		b.templateFault(err, "")
		b.tellFaults()
		return errStop
	}
	b.renderer, b.before = r, nil // which would hold all those before it
	b.jobs = r.Plan()
	r.CheckConfig(b.diags)
	b.res.Pages = len(b.jobs)
	return nil
}

// own gives what single kinds of pages load; what is wrong with it is reported.
func (b *build) own(files func(string, *diag.List) (style, script string)) func(string) (string, string) {
	return func(name string) (string, string) { return files(name, b.diags) }
}

// relatedEntries is how many related entries a page shows at most.
const relatedEntries = 4

// bundled are style sheets, scripts and icons, which a preview takes over while
// no template changes.
type bundled struct {
	bundle *asset.Bundle
	search *asset.Search
	live   []asset.File // the search's, in a preview
	base   string
	found  []diag.Diagnostic
}

func (b *build) makeBundles(live bool) *bundled {
	found := &diag.List{Lenient: b.Lenient}
	made := &bundled{base: b.base}
	made.bundle = asset.New(b.files.Templates, asset.Options{Base: b.base, Diags: found,
		CSS: []asset.Text{{Name: "chroma.css", Content: markdown.ChromaCSS()}}})
	made.search = asset.NewSearch(client.Files, b.base, found)
	if live {
		made.live = made.search.Overlay(client.Files, found)
	}
	made.found = found.Sorted()
	return made
}

// pictureCache is the preview's, or one that lies with what else is kept.
func (b *build) pictureCache() *asset.Cache {
	switch {
	case b.pictures != nil:
		return b.pictures
	case b.cache != nil:
		return &asset.Cache{Store: b.cache}
	}
	return nil
}

// fonts are the addresses of the upright fonts: pages ask for them at once, so
// that they are there when the text is painted first.
func (b *build) fonts() []string {
	var out []string
	for _, f := range b.bundle.Files() {
		if strings.HasSuffix(f.Path, ".woff2") && !strings.Contains(f.Path, "italic") {
			out = append(out, b.base+"/"+f.Path)
		}
	}
	return out
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

var templateErr = regexp.MustCompile(`^(?:html/)?template: ?([^:]+):(\d+)(?::(\d+))?: (.*)$`)

// fault is what is wrong at a place of a template, and the page that shows it.
type fault struct {
	text, page string
	told       bool
}

// templateFault notes a fault of a template at its own place, once for all the
// pages it spoils: the first by its address, whichever was made first.
func (b *build) templateFault(err error, page string) {
	pos, text := diag.Pos{File: "templates"}, err.Error()
	if m := templateErr.FindStringSubmatch(text); m != nil {
		pos.File, text = "templates/"+m[1], m[4]
		pos.Line, _ = strconv.Atoi(m[2])
		pos.Col, _ = strconv.Atoi(m[3])
	}
	b.faultsMu.Lock()
	defer b.faultsMu.Unlock()
	if f, known := b.faults[pos]; known && (f.told || f.page <= page) {
		return
	}
	if b.faults == nil {
		b.faults = map[diag.Pos]fault{}
	}
	b.faults[pos] = fault{text: text, page: page}
}

// tellFaults reports what has been noted.
func (b *build) tellFaults() {
	b.faultsMu.Lock()
	defer b.faultsMu.Unlock()
	for pos, f := range b.faults {
		if f.told {
			continue
		}
		text := f.text
		if f.page != "" {
			text += " (Seite " + f.page + ")"
		}
		b.diags.Errorf(pos, "vorlage", "Prüfen Sie diese Stelle. Ohne eigene Vorlage gilt wieder die eingebaute.", "Die Vorlage ist fehlerhaft: %s", text)
		f.told = true
		b.faults[pos] = f
	}
}

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
