// Command pack puts Sveltia CMS, as npm installed it in e2e/, into one archive
// that the program carries: bundled for browsers, with its fonts, its German
// words and its licences, and without what our forms never ask for.
//
// Usage: go run ./generator/admin/pack [FILE]; see “make admin-update”.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	modules = "e2e/node_modules"
	sveltia = modules + "/@sveltia/cms"
)

// script is the name of the bundle.
const script = "cms.js"

// entry is what the page loads: the editor, and the YAML parser with which
// forms.js keeps what nobody has changed.
const entry = `export { default as CMS } from '@sveltia/cms';
export { Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
`

// leftOut are modules that Sveltia asks for on demand, and that our
// configuration never demands: maps, conversions of pictures, custom widgets,
// colours for program code, other languages than German and English.
var leftOut = []string{
	"@shikijs/", "./chunks/shiki-engine-", "leaflet/", "terra-draw", "svgo/", "immutable",
	"./chunks/heic-", "./chunks/webp_enc", "./chunks/react-dom-", "../locales/",
}

// german is the one language that comes along besides English.
const german = "../locales/de.json"

// words are German words of ours: those that Sveltia lacks, and others where it
// speaks of Git and our editors see a folder.
//
//go:embed words.json
var words []byte

func main() {
	out := "generator/admin/sveltia.zip"
	if len(os.Args) > 1 {
		out = os.Args[1]
	}
	if err := run(out); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	files, err := bundle()
	if err != nil {
		return err
	}
	if err := besides(files); err != nil {
		return err
	}
	if err := localFonts(files); err != nil {
		return err
	}
	if err := mend(files); err != nil {
		return err
	}
	return write(out, files)
}

// font is the address of a font at the network that Sveltia takes them from.
var font = regexp.MustCompile(`https://cdn\.jsdelivr\.net/fontsource/fonts/([a-z0-9-]+)(?::vf)?@[0-9.]+/([a-z0-9-]+)\.woff2`)

// localFonts puts the fonts beside the script in place of those elsewhere.
// Sveltia has a way for that, but browsers ask for the others all the same.
func localFonts(files map[string][]byte) error {
	n, missing := 0, ""
	files[script] = font.ReplaceAllFunc(files[script], func(address []byte) []byte {
		m := font.FindSubmatch(address)
		prefix := fmt.Sprintf("assets/%s-%s-", m[1], m[2])
		for name := range files {
			if strings.HasPrefix(name, prefix) {
				n++
				return []byte("sveltia/" + name) // from the page
			}
		}
		missing = string(address)
		return address
	})
	if n == 0 || missing != "" {
		return fmt.Errorf("the fonts are not where they were (%s): look at them and adapt this program", missing)
	}
	return nil
}

// bundle makes the scripts.
func bundle() (map[string][]byte, error) {
	res := api.Build(api.BuildOptions{
		Stdin:         &api.StdinOptions{Contents: entry, ResolveDir: "e2e", Sourcefile: script},
		Outdir:        "/",
		EntryNames:    strings.TrimSuffix(script, ".js"),
		ChunkNames:    "chunk-[hash]",
		Bundle:        true,
		Splitting:     true,
		Format:        api.FormatESModule,
		Target:        api.ES2022,
		LegalComments: api.LegalCommentsExternal,
		// Sveltia comes without names that could be shortened further; the
		// white space of the rest is small.
		MinifyWhitespace: true,
		MinifySyntax:     true,
		Plugins:          []api.Plugin{{Name: "left out", Setup: leaveOut}},
	})
	if len(res.Errors) > 0 {
		return nil, errors.New(res.Errors[0].Text)
	}
	files := map[string][]byte{}
	for _, f := range res.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}

func leaveOut(build api.PluginBuild) {
	build.OnResolve(api.OnResolveOptions{Filter: `.`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		out := slices.ContainsFunc(leftOut, func(p string) bool { return strings.HasPrefix(a.Path, p) })
		if !out || a.Path == german || a.Kind != api.ResolveJSDynamicImport {
			return api.OnResolveResult{}, nil
		}
		return api.OnResolveResult{Path: "left-out", Namespace: "left-out"}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: `.`, Namespace: "left-out"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
		text := "export default {};"
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: `/locales/de\.json$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		text, err := ourWords(a.Path)
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJSON}, err
	})
}

// ourWords is Sveltia's file of German words with ours in it. Those that it does
// not know, in English either, are no words any more.
func ourWords(file string) (string, error) {
	german, err := dictionary(file)
	if err != nil {
		return "", err
	}
	english, err := dictionary(filepath.Join(filepath.Dir(file), "en-GB.json"))
	if err != nil {
		return "", err
	}
	var ours map[string]string
	if err := json.Unmarshal(words, &ours); err != nil {
		return "", err
	}
	for key, word := range ours {
		if in, last := group(english, key); in[last] == nil {
			return "", fmt.Errorf("Sveltia has no word %s any more", key)
		}
		in, last := group(german, key)
		in[last] = word
	}
	b, err := json.Marshal(german)
	return string(b), err
}

func dictionary(file string) (map[string]any, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	err = json.Unmarshal(b, &all)
	return all, err
}

// group is the group of words that a key with dots lies in, and its name there.
func group(all map[string]any, key string) (map[string]any, string) {
	names := strings.Split(key, ".")
	for _, name := range names[:len(names)-1] {
		in, ok := all[name].(map[string]any)
		if !ok {
			in = map[string]any{}
			all[name] = in
		}
		all = in
	}
	return all, names[len(names)-1]
}

// besides adds what lies beside the scripts: fonts, licences, the version.
func besides(files map[string][]byte) error {
	fonts, err := filepath.Glob(sveltia + "/npm/assets/*.woff2")
	if err != nil || len(fonts) == 0 {
		return fmt.Errorf("no fonts in %s: has npm ci run in e2e/?", sveltia)
	}
	texts, err := filepath.Glob(sveltia + "/npm/assets/*.LICENSE.txt")
	if err != nil {
		return err
	}
	for _, f := range append(fonts, texts...) {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		files["assets/"+filepath.Base(f)] = b
	}
	licence, err := os.ReadFile(sveltia + "/LICENSE.txt")
	if err != nil {
		return err
	}
	files["LICENSE.txt"] = licence
	if files["LICENSE.yaml.txt"], err = os.ReadFile(modules + "/yaml/LICENSE"); err != nil {
		return err
	}
	version, err := versionOf("@sveltia/cms")
	if err != nil {
		return err
	}
	files["VERSION"] = []byte(version + "\n")
	return nil
}

// unchecked is where Sveltia takes it that every language of an entry has been
// checked, and fails for one that the entry does not have.
var unchecked = regexp.MustCompile(`Object\.values\((\w+\(\w+\)\[\w+\])\)\.some\(\(\{valid:`)

func mend(files map[string][]byte) error {
	if n := len(unchecked.FindAll(files[script], -1)); n != 1 {
		return fmt.Errorf("the place that is to be mended is there %d times: look whether Sveltia has mended it", n)
	}
	files[script] = unchecked.ReplaceAll(files[script], []byte("Object.values($1??{}).some(({valid:"))
	return nil
}

func versionOf(name string) (string, error) {
	b, err := os.ReadFile(modules + "/" + name + "/package.json")
	if err != nil {
		return "", err
	}
	var p struct {
		Version string `json:"version"`
	}
	err = json.Unmarshal(b, &p)
	return p.Version, err
}

// write makes an archive that is the same for the same files.
func write(out string, files map[string][]byte) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := w.Write(files[name]); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
