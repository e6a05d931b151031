// Package admin is the forms in which editors write without Markdown and Git:
// Sveltia CMS, carried along whole, and a configuration for it that follows
// from the types.
//
// Terms: a collection is what Sveltia calls the entries of one folder; a widget
// is its input for one field. The backend is where files are kept: the folder
// that the editor chooses in the browser, or a host of Git repositories that
// portal.yaml names.
//
// Flow: Files gives the page, its scripts and config.json, which Configure makes
// of the draft of a site. Handler serves them in the preview; “portal admin”
// writes them into a folder. In the browser page/forms.js hands the
// configuration to Sveltia, and page/format.js reads and writes the files, so
// that what nobody has changed stays as it is, to the byte.
package admin

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Path is the address of the forms in the preview.
const Path = "/admin/"

//go:generate go -C ../.. run ./generator/admin/pack

// The archive is made by generator/admin/pack from what npm installed.
//
//go:embed sveltia.zip
var archive []byte

var (
	//go:embed page/index.html
	indexHTML string
	//go:embed page/forms.js
	formsJS []byte
	//go:embed page/format.js
	formatJS []byte
	//go:embed page/forms.css
	formsCSS []byte
)

// vendored are the files of Sveltia by name, unpacked when they are first
// asked for.
var vendored = sync.OnceValue(func() map[string][]byte {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	must(err)
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		must(err)
		b, err := io.ReadAll(r)
		must(err)
		files["sveltia/"+f.Name] = b
	}
	return files
})

// must is for what is part of the program.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Version is that of Sveltia CMS.
func Version() string { return strings.TrimSpace(string(vendored()["sveltia/VERSION"])) }

// Files are all files of the forms by name.
func Files(d *site.Draft, o Options) (map[string][]byte, error) {
	config, err := json.MarshalIndent(Configure(d, o), "", " ")
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	must(pageTemplate.Execute(&page, struct {
		Title, Policy string
		Local         bool
	}{d.Config.Title, Policy(o.backend(d)), !o.Hosted}))
	files := map[string][]byte{
		"index.html": page.Bytes(), "config.json": append(config, '\n'),
		"forms.js": formsJS, "format.js": formatJS, "forms.css": formsCSS,
	}
	for name, b := range vendored() {
		files[name] = b
	}
	return files, nil
}

var pageTemplate = template.Must(template.New("").Parse(indexHTML))

// Handler serves the forms below Path. The site is loaded anew for each page,
// so that the forms follow the types; load returns nil when the site cannot be
// read, which the page says.
func Handler(load func() (*site.Draft, Options)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Path)
		if name == "" {
			name = "index.html"
		}
		var body []byte
		switch name {
		case "index.html", "config.json":
			d, o := load()
			if d == nil {
				http.Error(w, "Die Formulare lassen sich nicht zeigen, weil portal.yaml oder ein Typ fehlerhaft ist. Die Vorschau nennt den Fehler.", http.StatusInternalServerError)
				return
			}
			files, err := Files(d, o)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			body = files[name]
			w.Header().Set("Content-Security-Policy", Policy(o.backend(d))+"; frame-ancestors 'none'")
		case "forms.js":
			body = formsJS
		case "format.js":
			body = formatJS
		case "forms.css":
			body = formsCSS
		default:
			if body = vendored()[name]; body == nil {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("ETag", `"`+Version()+`"`)
		}
		w.Header().Set("Content-Type", mediaType(name))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

func mediaType(name string) string {
	if t, ok := map[string]string{".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2", ".json": "application/json"}[path.Ext(name)]; ok {
		return t
	}
	return mime.TypeByExtension(path.Ext(name))
}

// Policy is the Content-Security-Policy of the forms: nothing but our own
// files, besides the hosts of a backend. Sveltia's parts bring their styles as
// elements, which is why these are allowed; scripts are not.
func Policy(b *site.Backend) string {
	var hosts string
	for _, h := range b.Hosts() {
		hosts += " " + h
	}
	return fmt.Sprintf("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:%[1]s; media-src 'self' blob:; connect-src 'self' data: blob:%[1]s; manifest-src 'self' blob:; frame-src blob:; base-uri 'none'; form-action 'none'", hosts)
}
