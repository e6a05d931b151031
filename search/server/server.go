// Package server is the optional server of a built site: its files, with the
// headers they need, the search as JSON, and the results page for readers
// without scripts (results.go).
//
// Flow: Handler answers /api/search from the index and everything else from
// the folder, which is looked up anew on every request, so that a release that
// is swapped in is served at once. Nothing is written and nothing is kept of
// a request.
package server

import (
	"encoding/json"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/search/index"
)

// Limits of a query; beyond them the answer is 400.
const (
	maxQuery = 400 // bytes
	maxLimit = 50
	maxStart = 1000
)

// Handler serves the folder dir. base is the base path that the site was built
// for ("" or "/sub"): its pages are below it. search may be nil: the API then
// says that there is no index.
//
// Other sites may ask the search of a public one, and read its errors; without
// credentials, so that no login is opened by it. A private one, a build with
// drafts or members' entries, answers its own pages only: what is served to an
// editor without a login must not be read by any other page in the browser.
func Handler(dir, base string, private bool, search *Live) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"/api/search", func(w http.ResponseWriter, r *http.Request) { answer(w, r, search) })
	mux.Handle("GET "+base+"/", http.StripPrefix(base, files{dir, base, search}))
	if base != "" {
		mux.Handle("GET /{$}", http.RedirectHandler(base+"/", http.StatusFound))
	}
	return headers(mux, base, private)
}

// headers are those of every answer. The policy has no exceptions: pages
// carry no inline script or style. The configurations in docs/betrieb say the
// same; e2e/tests/betrieb.test.mjs compares.
func headers(next http.Handler, base string, private bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		p := path.Clean(r.URL.Path)
		asked := p == base+"/api/search" || strings.HasPrefix(p, base+"/search/")
		if asked && !private {
			h.Set("Access-Control-Allow-Origin", "*")
		}
		// Readers of the feeds show their pictures from elsewhere.
		if (asked || strings.HasPrefix(p, base+"/media/")) && !private {
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, r *http.Request, search *Live) {
	if search == nil {
		fail(w, http.StatusServiceUnavailable, "Zu dieser Site gibt es keinen Suchindex.")
		return
	}
	q := r.URL.Query()
	opts, ok := options(q)
	if !ok || len(q.Get("q")) > maxQuery {
		fail(w, http.StatusBadRequest, "Erlaubt sind q (höchstens 400 Zeichen), limit (1 bis 50) und offset (0 bis 1000).")
		return
	}
	res, err := search.search(r.Context(), q.Get("q"), opts)
	if errors.Is(err, index.ErrBrowserOnly) {
		fail(w, http.StatusServiceUnavailable, "Diese Site ist ohne Server-Index gebaut; die Suche auf ihren Seiten geht auch so. Mit Server-Index: portal build --server-index")
		return
	}
	if err != nil {
		fail(w, http.StatusInternalServerError, "Die Suche ist gestört.")
		return
	}
	writeJSON(w, http.StatusOK, res)
}

// options reads limit, offset and the filters: every other parameter is a
// facet with its allowed values.
func options(q url.Values) (index.Options, bool) {
	o := index.Options{Limit: 10}
	for _, p := range []struct {
		name     string
		to       *int
		min, max int
	}{{"limit", &o.Limit, 1, maxLimit}, {"offset", &o.Offset, 0, maxStart}} {
		s := q.Get(p.name)
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < p.min || n > p.max {
			return o, false
		}
		*p.to = n
	}
	o.ByDate = q.Get("sort") == "date"
	for name, values := range q {
		if name != "q" && name != "limit" && name != "offset" && name != "sort" {
			if o.Filters == nil {
				o.Filters = map[string][]string{}
			}
			o.Filters[name] = values
		}
	}
	return o, true
}

func fail(w http.ResponseWriter, code int, text string) {
	writeJSON(w, code, map[string]string{"error": text})
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the reader has gone; nobody is left to tell
}

// files serves a built site.
type files struct {
	dir, base string
	search    *Live // nil: there is none
}

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		http.Error(w, "Die Site ist gerade nicht erreichbar.", http.StatusServiceUnavailable)
		return
	}
	defer root.Close()
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	folder := strings.HasSuffix(r.URL.Path, "/")
	if folder {
		name = path.Join(name, "index.html")
	} else if info, err := root.Stat(cleaned(name)); err == nil && info.IsDir() {
		http.Redirect(w, r, f.base+"/"+name+"/", http.StatusMovedPermanently)
		return
	}
	if !f.results(w, r, root.FS(), name) && !f.send(w, r, root.FS(), name, http.StatusOK) {
		f.notFound(w, r, root.FS(), name)
	}
}

func cleaned(name string) string {
	if name == "" {
		return "."
	}
	return name
}

// notFound shows the 404 page of the language that the address begins with.
func (f files) notFound(w http.ResponseWriter, r *http.Request, fsys fs.FS, name string) {
	lang, _, _ := strings.Cut(name, "/")
	if len(lang) != 2 || !f.send(w, r, fsys, lang+"/404.html", http.StatusNotFound) {
		if !f.send(w, r, fsys, "404.html", http.StatusNotFound) {
			http.NotFound(w, r)
		}
	}
}

// send writes one file, compressed where a compressed one lies beside it. It
// reports false when there is none to send.
func (f files) send(w http.ResponseWriter, r *http.Request, fsys fs.FS, name string, code int) bool {
	if !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	file, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", MediaType(name))
	h.Set("Cache-Control", caching(name))
	h.Add("Vary", "Accept-Encoding")
	if code != http.StatusOK {
		w.WriteHeader(code)
		data, err := fs.ReadFile(fsys, name)
		if err == nil {
			_, _ = w.Write(data)
		}
		return true
	}
	for _, enc := range []struct{ name, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), enc.name) {
			continue
		}
		if packed, err := fsys.Open(name + enc.ext); err == nil {
			defer packed.Close()
			h.Set("Content-Encoding", enc.name)
			return serve(w, r, name, info, packed)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return serve(w, r, name, info, file)
}

func serve(w http.ResponseWriter, r *http.Request, name string, info fs.FileInfo, file fs.File) bool {
	content, ok := file.(interface {
		Read([]byte) (int, error)
		Seek(int64, int) (int64, error)
	})
	if !ok {
		return false
	}
	http.ServeContent(w, r, path.Base(name), info.ModTime(), content)
	return true
}

// MediaType knows the types that the portal writes; the machine's own table
// may be incomplete.
func MediaType(name string) string {
	if t := map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".svg": "image/svg+xml", ".json": "application/json; charset=utf-8", ".atom": "application/atom+xml; charset=utf-8",
		".xml": "application/xml; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
		".bib": "application/x-bibtex; charset=utf-8", ".ris": "application/x-research-info-systems; charset=utf-8",
		".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".ics": "text/calendar; charset=utf-8",
	}[path.Ext(name)]; t != "" {
		return t
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// caching: names with a hash never change, everything else is asked for again.
func caching(name string) string {
	hashed := strings.HasPrefix(name, "search/") && (strings.HasPrefix(name, "search/ui-") || strings.Count(name, "/") > 1)
	if hashed || strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, "media/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}
