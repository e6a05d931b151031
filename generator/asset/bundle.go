package asset

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Options of a bundle. Diags is required.
type Options struct {
	Base  string // base path of the site: "" or "/sub"
	CSS   []Text // style sheets the program makes itself, in the layer "base"
	Diags *diag.List
	// Folder is where an editor finds the templates, for diagnostics; it
	// defaults to "templates".
	Folder string
}

// Text is a style sheet with a name for messages.
type Text struct{ Name, Content string }

// Bundle is the style sheet, the script and the icons of a site, and what single
// kinds of pages load besides, which is bundled when it is first asked for. URLs
// of parts that the templates do not have are "". It is safe for concurrent use.
type Bundle struct {
	CSS, JS, Icons string // URLs

	base  string
	tree  *tree
	icons map[string]bool

	mu    sync.Mutex
	files []File
	names map[string]string
	parts map[string]part
}

// layers is the order of the cascade: a later layer wins over an earlier one
// whatever the selectors say. assets/<layer>.css fills the layer of its name;
// other files in assets belong to "base".
var layers = []string{"tokens", "base", "components", "types", "utilities", "print"}

// New bundles the templates. Faults go to opts.Diags; what could be made in
// spite of them is in the bundle, so that more faults come to light.
func New(templates fs.FS, opts Options) *Bundle {
	opts.Folder = cmp.Or(opts.Folder, "templates")
	t := &tree{fsys: templates, folder: opts.Folder, virtual: map[string]string{}}
	b := &Bundle{base: opts.Base, tree: t, icons: map[string]bool{}, names: map[string]string{}, parts: map[string]part{}}
	b.CSS = b.build(t, "site.css", t.styleEntry(opts), opts.Diags)
	b.JS = b.build(t, "site.js", t.scriptEntry(opts), opts.Diags)
	b.sprite(templates, opts)
	return b
}

// Files returns the files that there are by now, by path.
func (b *Bundle) Files() []File {
	b.mu.Lock()
	defer b.mu.Unlock()
	slices.SortFunc(b.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	// Style sheets and scripts may have the same picture in them.
	b.files = slices.CompactFunc(b.files, func(a, b File) bool { return a.Path == b.Path })
	return slices.Clone(b.files)
}

// URL returns the address of a part by its logical name: "site.css",
// "site.js", "icons.svg". ok is false when there is none.
func (b *Bundle) URL(name string) (url string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	url, ok = b.names[name]
	return url, ok
}

// Manifest returns all logical names with their URLs, as a copy.
func (b *Bundle) Manifest() map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.names)
}

// styleEntry writes the style sheet that imports all others.
func (t *tree) styleEntry(opts Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "@layer %s;\n", strings.Join(layers, ", "))
	n := b.Len()
	load := func(name, layer string) {
		fmt.Fprintf(&b, "@import %q", name)
		if layer != "" {
			fmt.Fprintf(&b, " layer(%s)", layer)
		}
		b.WriteString(";\n")
	}
	assets := t.glob("assets/*.css")
	if slices.Contains(assets, "assets/main.css") {
		load("/assets/main.css", "") // names its own parts and their layers
		assets = nil
	}
	for _, name := range assets {
		layer := strings.TrimSuffix(path.Base(name), ".css")
		if !slices.Contains(layers, layer) {
			layer = "base"
		}
		load("/"+name, layer)
	}
	for _, css := range opts.CSS {
		t.virtual[css.Name] = css.Content
		load("portal:"+css.Name, "base")
	}
	for _, name := range t.glob("components/*/*.css") {
		load("/"+name, "components")
	}
	for _, name := range t.glob("types/*/*.css") {
		load("/"+name, "types")
	}
	if b.Len() == n {
		return ""
	}
	return b.String()
}

// scriptEntry writes the script that starts every component. One that fails
// must not keep the others from starting: pages work without any of them.
// Only components/*/*.ts are loaded at once; what a component fetches later
// with import() lies a folder deeper.
func (t *tree) scriptEntry(Options) string {
	var imports, starts strings.Builder
	for i, name := range t.glob("components/*/*.ts") {
		if strings.HasSuffix(name, ".d.ts") || strings.HasSuffix(name, ".test.ts") {
			continue
		}
		fmt.Fprintf(&imports, "import * as c%d from %q;\n", i, "/"+name)
		fmt.Fprintf(&starts, "start(c%d.init ?? c%d.default);\n", i, i)
	}
	if imports.Len() == 0 {
		return ""
	}
	return imports.String() + `
function start(init: unknown): void {
	if (typeof init !== "function") return;
	try { init(); } catch (e) { reportError(e); }
}
` + starts.String()
}

// build runs esbuild and returns the URL of what it made of the entry.
func (b *Bundle) build(t *tree, name, entry string, diags *diag.List) string {
	if entry == "" {
		return ""
	}
	ext := path.Ext(name)
	t.virtual["entry"+ext] = entry
	options := scriptOptions(t)
	options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: "portal:entry" + ext, OutputPath: strings.TrimSuffix(name, ext)}}
	options.EntryNames, options.ChunkNames, options.AssetNames = "assets/[name].[hash]", "assets/[name].[hash]", "assets/[name].[hash]"
	options.Splitting = ext == ".js" // import() loads what few pages need
	res := api.Build(options)
	t.report(diags, ext, res)
	url := ""
	for _, f := range res.OutputFiles {
		p := outputPath(f.Path, out)
		b.files = append(b.files, File{p, f.Contents})
		if strings.HasPrefix(p, "assets/"+strings.TrimSuffix(name, ext)+".") && path.Ext(p) == ext {
			url = b.base + "/" + p
			b.names[name] = url
		}
	}
	return url
}

const out = "out" // the folder that esbuild believes it writes to

// scriptOptions is how everything is bundled.
func scriptOptions(t *tree) api.BuildOptions {
	return api.BuildOptions{
		Outdir: out,
		Bundle: true,
		Format: api.FormatESModule,
		Target: api.ES2020,
		// Named for CSS: esbuild then writes nesting and prefixes for them.
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "109"}, {Name: api.EngineEdge, Version: "109"},
			{Name: api.EngineFirefox, Version: "115"}, {Name: api.EngineSafari, Version: "16"},
			{Name: api.EngineIOS, Version: "16"},
		},
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset:     api.CharsetUTF8,
		TsconfigRaw: "{}", // none of the machine's
		LogLevel:    api.LogLevelSilent,
		// A component has init or a default export, not both; some have neither.
		LogOverride: map[string]api.LogLevel{"import-is-undefined": api.LogLevelSilent},
		Plugins:     []api.Plugin{t.plugin()},
	}
}

func outputPath(abs, out string) string {
	p := filepath.ToSlash(abs)
	if i := strings.LastIndex(p, "/"+out+"/assets/"); i >= 0 {
		return p[i+len(out)+2:]
	}
	return path.Base(p)
}

// tree lets esbuild read from an fs.FS: paths in its namespace are names in
// fsys, those starting with "portal:" are texts that the program wrote.
type tree struct {
	fsys    fs.FS
	folder  string
	virtual map[string]string
	instead map[string]string // files that others import get instead, but not the one that is
}

const namespace = "portal"

var loaders = map[string]api.Loader{
	".css": api.LoaderCSS, ".ts": api.LoaderTS, ".js": api.LoaderJS, ".mjs": api.LoaderJS, ".json": api.LoaderJSON,
	".svg": api.LoaderFile, ".png": api.LoaderFile, ".jpg": api.LoaderFile, ".jpeg": api.LoaderFile,
	".webp": api.LoaderFile, ".gif": api.LoaderFile, ".woff2": api.LoaderFile, ".woff": api.LoaderFile,
}

func (t *tree) plugin() api.Plugin {
	return api.Plugin{Name: namespace, Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, t.resolve)
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, t.load)
	}}
}

func (t *tree) resolve(a api.OnResolveArgs) (api.OnResolveResult, error) {
	var res api.OnResolveResult
	name := a.Path
	switch {
	case strings.HasPrefix(name, "portal:"):
		return api.OnResolveResult{Path: name, Namespace: namespace}, nil
	case strings.HasPrefix(name, "#"), strings.HasPrefix(name, "data:"):
		return api.OnResolveResult{Path: name, External: true}, nil
	case strings.Contains(name, "://"), strings.HasPrefix(name, "//"):
		return res, fmt.Errorf("„%s“ liegt auf einem fremden Server; die Datei gehört in den Ordner der Vorlagen", name)
	case strings.HasPrefix(name, "/") && strings.HasPrefix(a.Importer, "portal:"):
		name = name[1:]
	case strings.HasPrefix(name, "/"):
		return res, fmt.Errorf("„%s“ gilt nicht, wenn die Website unter einem Unterpfad liegt; bitte einen relativen Pfad schreiben", name)
	default:
		name, _, _ = strings.Cut(name, "?")
		name, _, _ = strings.Cut(name, "#")
		name = path.Join(path.Dir(a.Importer), name)
	}
	for _, ext := range []string{"", ".ts", ".js", "/index.ts"} {
		if fi, err := fs.Stat(t.fsys, name+ext); err == nil && !fi.IsDir() {
			if other := t.instead[name+ext]; other != "" && other != a.Importer {
				return api.OnResolveResult{Path: other, Namespace: namespace}, nil
			}
			return api.OnResolveResult{Path: name + ext, Namespace: namespace}, nil
		}
	}
	return res, fmt.Errorf("„%s“ gibt es nicht (gesucht als „%s“)", a.Path, path.Join(t.folder, name))
}

func (t *tree) load(a api.OnLoadArgs) (api.OnLoadResult, error) {
	loader, ok := loaders[path.Ext(a.Path)]
	if !ok {
		return api.OnLoadResult{}, fmt.Errorf("Dateien der Art „%s“ können nicht eingebunden werden", path.Ext(a.Path))
	}
	if text, ok := t.virtual[strings.TrimPrefix(a.Path, "portal:")]; ok && strings.HasPrefix(a.Path, "portal:") {
		if a.Path == "portal:entry.js" {
			loader = api.LoaderTS
		}
		return api.OnLoadResult{Contents: &text, Loader: loader}, nil
	}
	b, err := fs.ReadFile(t.fsys, a.Path)
	if err != nil {
		return api.OnLoadResult{}, err
	}
	text := string(b)
	return api.OnLoadResult{Contents: &text, Loader: loader}, nil
}

// glob is fs.Glob without an error: the patterns are ours. Its result is
// sorted, and so the same for every file system.
func (t *tree) glob(pattern string) []string {
	names, _ := fs.Glob(t.fsys, pattern)
	slices.Sort(names)
	return slices.Compact(names)
}

// report turns esbuild's messages into diagnostics. Its own words are English;
// they are for the people who write templates.
func (t *tree) report(diags *diag.List, ext string, res api.BuildResult) {
	code, what := "skript-fehler", "Das Skript lässt sich nicht übersetzen"
	if ext == ".css" {
		code, what = "stil-fehler", "Das Stylesheet lässt sich nicht übersetzen"
	}
	const advice = "Prüfen Sie diese Stelle und die davor. Ohne eigene Datei gilt wieder die eingebaute."
	for _, m := range res.Errors {
		diags.Errorf(t.pos(m.Location), code, advice, "%s: %s.", what, m.Text)
	}
	for _, m := range res.Warnings {
		diags.Warnf(t.pos(m.Location), code, advice, "%s: %s.", "Auffällig beim Übersetzen", m.Text)
	}
}

func (t *tree) pos(l *api.Location) diag.Pos {
	if l == nil {
		return diag.Pos{File: t.folder}
	}
	name := strings.TrimPrefix(l.File, namespace+":")
	if strings.HasPrefix(name, "portal:") {
		return diag.Pos{File: t.folder}
	}
	col := utf8.RuneCountInString(l.LineText[:min(l.Column, len(l.LineText))]) + 1
	return diag.Pos{File: path.Join(t.folder, name), Line: l.Line, Col: col}
}

// Static returns the files of a folder as they are, by path. Dot files stay
// behind, .well-known excepted.
func Static(static fs.FS) ([]File, error) {
	var files []File
	err := fs.WalkDir(static, ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "." {
			return fs.SkipAll
		}
		if err != nil {
			return err
		}
		if base := path.Base(name); name != "." && base != ".well-known" && (base[0] == '.' || base == "Thumbs.db") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		data, err := fs.ReadFile(static, name)
		if err != nil {
			return err
		}
		files = append(files, File{name, data})
		return nil
	})
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files, err
}
