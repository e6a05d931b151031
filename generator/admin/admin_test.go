package admin_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ag-vzkm/portal/generator/admin"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// load reads a site that may have faults.
func load(t testing.TB, root, templates fs.FS) *site.Draft {
	t.Helper()
	content, err := fs.Sub(root, "content")
	must(t, err)
	var diags diag.List
	d := source.Load(source.Files{Root: root, Content: content, Templates: templates}, nil, nil, &diags)
	if d == nil {
		t.Fatal(diags.Sorted())
	}
	for _, x := range diags.Sorted() {
		if x.Severity == diag.Error {
			t.Error(x)
		}
	}
	return d
}

func repository(t testing.TB) *site.Draft {
	t.Helper()
	root := os.DirFS("../..")
	templates, err := fs.Sub(root, "templates")
	must(t, err)
	return load(t, root, templates)
}

// probe is a site with a field of every kind.
func probe(t testing.TB) *site.Draft {
	t.Helper()
	definition, err := os.ReadFile("testdata/type.yaml")
	must(t, err)
	templates := fstest.MapFS{
		"types/probe/type.yaml": {Data: definition},
		"types/blatt/type.yaml": {Data: []byte("labels: {one: {de: Blatt}, many: {de: Blätter}}\nfallback: true\n")},
		"types/common.yaml": {Data: []byte(`fields:
  - {name: title, kind: text, required: true, max_len: 180, label: {de: Titel}}
  - {name: status, kind: enum, label: {de: Status}, values: [{key: entwurf, label: {de: Entwurf}}, {key: veroeffentlicht, label: {de: Veröffentlicht}}]}
  - {name: id, kind: text, label: {de: Kennung}}
  - {name: review_by, kind: date, label: {de: Prüffrist}}
`)},
		"taxonomies/ort.yaml": {Data: []byte("one: {de: Ort}\nmany: {de: Orte}\nterms: [{id: zoo, label: {de: Zoo}}, {id: kiel, label: {de: Kiel}}, {id: foerde, broader: kiel, label: {de: Förde}}]\n")},
	}
	return load(t, fstest.MapFS{
		"portal.yaml":               {Data: []byte("title: Probe\nbase_url: https://probe.example/\nlanguages: [de]\n")},
		"content/index.md":          {Data: []byte("# Start\n")},
		"content/x y/z.md":          {Data: []byte("# Z\n")},
		"content/proben/eine.md":    {Data: []byte("---\ntitle: Eine Probe\nwort: x\n---\n")},
		"content/proben/a/zwei.md":  {Data: []byte("---\nid: zweite\ntitle: Zweite\nwort: x\n---\n")},
		"content/proben/a/index.en": {Data: []byte("no text of the site")},
	}, templates)
}

// TestKinds: every kind has an input in the forms, and reading and writing of
// files know it. The golden file shows them.
func TestKinds(t *testing.T) {
	t.Parallel()
	d := probe(t)
	var seen []site.Kind
	for _, typ := range d.Types {
		for _, f := range typ.Fields {
			seen = append(seen, f.Kind)
		}
	}
	format, err := os.ReadFile("page/format.js")
	must(t, err)
	// Their values are the text that stands in the file.
	text := []site.Kind{site.KindText, site.KindMarkdown, site.KindDate, site.KindDateTime, site.KindMoney, site.KindEnum, site.KindTags, site.KindRelation, site.KindConstraint}
	for _, k := range site.Kinds {
		if !slices.Contains(seen, k) {
			t.Errorf("testdata/type.yaml has no field of kind %s", k)
		}
		if !slices.Contains(text, k) && !bytes.Contains(format, []byte("case '"+string(k)+"':")) {
			t.Errorf("format.js does not know kind %s", k)
		}
	}
	c := admin.Configure(d, admin.Options{Folder: "probe"})
	for _, x := range c.CMS["collections"].([]map[string]any) {
		for _, f := range x["fields"].([]map[string]any) {
			if f["widget"] == nil || f["name"] == nil {
				t.Errorf("%v: field without an input: %v", x["name"], f)
			}
		}
	}
	// One collection stands for the others.
	collections := c.CMS["collections"].([]map[string]any)
	i := slices.IndexFunc(collections, func(x map[string]any) bool { return x["folder"] == "content/proben" })
	delete(collections[i], "index_file")
	c.CMS["collections"] = collections[i]
	got, err := json.MarshalIndent(c.CMS, "", "  ")
	must(t, err)
	golden(t, "testdata/config.json", got)
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	got = append(got, '\n')
	if *update {
		must(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if !bytes.Equal(got, want) {
		t.Errorf("%s is another now; look at it with -update", file)
	}
}

// TestEveryFile: each text below content/ belongs to exactly one collection,
// under the address that Address gives.
func TestEveryFile(t *testing.T) {
	t.Parallel()
	for _, d := range []*site.Draft{repository(t), probe(t)} {
		folders := map[string]string{}
		for _, c := range admin.Configure(d, admin.Options{}).CMS["collections"].([]map[string]any) {
			folder, name := c["folder"].(string), c["name"].(string)
			if folders[folder] != "" {
				t.Errorf("%s is the folder of two collections", folder)
			}
			folders[folder] = name
		}
		for _, e := range d.Entries {
			name := folders[path.Dir(e.Pos.File)]
			if name == "" {
				t.Errorf("%s belongs to no collection", e.Pos.File)
			}
			if a := admin.Address(e.Pos.File, d.Config.Languages); !strings.Contains(a, "/collections/"+name+"/entries/") {
				t.Errorf("%s is at %s, not in collection %s", e.Pos.File, a, name)
			}
		}
		names := slices.Sorted(maps.Values(folders))
		if len(slices.Compact(names)) != len(folders) {
			t.Errorf("two collections have one name: %v", names)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"content/proben/eine.md":     "/admin/#/collections/content-proben/entries/eine",
		"content/proben/eine.en.md":  "/admin/#/collections/content-proben/entries/eine?_locale=en",
		"content/proben/eine.v2.md":  "/admin/#/collections/content-proben/entries/eine.v2",
		"content/index.md":           "/admin/#/collections/content/entries/index",
		"content/proben/a/b.md":      "/admin/#/collections/content-proben--a/entries/b",
		"content/x y/z.md":           "/admin/#/collections/content-x_20_y/entries/z",
		"content/proben/eine.yaml":   "",
		"portal.yaml":                "",
		"templates/types/x/page.md":  "",
		"content/proben/eine.md.bak": "",
	} {
		if got := admin.Address(file, []string{"de", "en"}); got != want {
			t.Errorf("%s: %q, not %q", file, got, want)
		}
	}
}

// TestHosted: with a host of portal.yaml, and nowhere else, the forms may ask it.
func TestHosted(t *testing.T) {
	t.Parallel()
	d := probe(t)
	d.Config.Admin.Backend = &site.Backend{Name: "gitlab", Repo: "ag/portal", Branch: "main", BaseURL: "https://git.example.org", APIRoot: "https://git.example.org/api/v4", AuthType: "pkce", AppID: "x"}
	files, err := admin.Files(d, admin.Options{Hosted: true, Prefix: "web"})
	must(t, err)
	for _, want := range []string{`"repo": "ag/portal"`, `"branch": "main"`, `"folder": "web/content/proben"`, `"media_folder": "web/content"`, `"local": false`, `"site_url": "https://probe.example"`} {
		if !bytes.Contains(files["config.json"], []byte(want)) {
			t.Errorf("config.json lacks %s", want)
		}
	}
	if !bytes.Contains(files["index.html"], []byte("connect-src &#39;self&#39; data: blob: https://git.example.org https://secure.gravatar.com;")) {
		t.Errorf("the policy is another: %s", files["index.html"][:600])
	}
	local, err := admin.Files(d, admin.Options{Folder: "probe"})
	must(t, err)
	for _, name := range []string{"config.json", "index.html"} {
		if bytes.Contains(local[name], []byte("git.example.org")) {
			t.Errorf("%s of the preview knows the host", name)
		}
	}
	for _, name := range []string{"forms.js", "format.js", "forms.css", "sveltia/cms.js", "sveltia/LICENSE.txt", "sveltia/cms.js.LEGAL.txt"} {
		if len(local[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	d := probe(t)
	h := admin.Handler(func() (*site.Draft, admin.Options) { return d, admin.Options{Folder: "probe", Base: "/sub"} })
	get := func(at string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
		return w
	}
	page := get(admin.Path)
	if policy := page.Header().Get("Content-Security-Policy"); page.Code != 200 || strings.Contains(policy, "https:") || !strings.Contains(policy, "script-src 'self';") {
		t.Errorf("%d, %s", page.Code, policy)
	}
	if w := get(admin.Path + "config.json"); !strings.Contains(w.Body.String(), `"site_url": "/sub"`) {
		t.Error("the forms do not know where the preview is")
	}
	if w := get(admin.Path + "sveltia/cms.js"); w.Code != 200 || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Error(w.Code, w.Header())
	}
	if w := get(admin.Path + "sveltia/../admin.go"); w.Code != 404 {
		t.Error(w.Code)
	}
	d = nil
	if w := get(admin.Path); w.Code != 500 || !strings.Contains(w.Body.String(), "portal.yaml") {
		t.Error(w.Code, w.Body)
	}
}
