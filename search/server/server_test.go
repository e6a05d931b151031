package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/search/index"
)

func site(t *testing.T) (dir string, x *Live) {
	t.Helper()
	top := t.TempDir()
	dir = filepath.Join(top, "public")
	for name, text := range map[string]string{
		"index.html": "start", "a/index.html": "seite a", "404.html": "nicht da", "en/404.html": "not there",
		"assets/site.ABC.css": "a{}", "assets/site.ABC.css.br": "packed", ".portal-release": "internal", "../geheim.txt": "canary",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	docs := []index.Document{
		{ID: "1", URL: "/a/", Type: "page", Title: "Krankenhaus", Sections: []index.Section{{Text: "Betten und Technik"}}},
		{ID: "2", URL: "/b/", Type: "term", Title: "Triage", Sections: []index.Section{{Text: "im Krankenhaus"}}},
	}
	at := filepath.Join(top, "index")
	if err := index.Build(at, docs, nil, index.BuildOptions{Server: true}); err != nil {
		t.Fatal(err)
	}
	x, err := Open(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return dir, x
}

func TestHandler(t *testing.T) {
	dir, x := site(t)
	h := Handler(dir, "", false, x)
	for _, c := range []struct {
		path, accept string
		code         int
		body         string // a part of it
		header       string // "Name: value", a part of it
	}{
		{"/", "", 200, "start", "Content-Security-Policy: default-src 'self'"},
		{"/a/", "", 200, "seite a", "Cache-Control: no-cache"},
		{"/a", "", 301, "", "Location: /a/"},
		{"/nichts/", "", 404, "nicht da", "Content-Type: text/html"},
		{"/en/nothing/", "", 404, "not there", ""},
		{"/assets/site.ABC.css", "", 200, "a{}", "Cache-Control: public, max-age=31536000, immutable"},
		{"/assets/site.ABC.css", "gzip, br", 200, "packed", "Content-Encoding: br"},
		{"/.portal-release", "", 404, "nicht da", ""},
		{"/../geheim.txt", "", 307, "", "Location: /geheim.txt"},
		{"/%2e%2e/geheim.txt", "", 404, "nicht da", ""},
		{"/api/search?q=krankenhaus", "", 200, `"total":2`, "Content-Type: application/json"},
		{"/api/search?q=krankenhaus&type=term", "", 200, `"total":1`, ""},
		{"/api/search?q=krankenhaus&limit=1", "", 200, `"total":2`, ""},
		{"/api/search?q=krankenhaus&utm_source=brief", "", 200, `"total":2`, ""},
		{"/api/search?q=x&limit=9999", "", 400, "limit", ""},
		{"/api/search?q=" + strings.Repeat("x", 500), "", 400, "q", ""},
		{"/api/search", "", 200, `"total":0`, ""},
	} {
		t.Run(c.path+" "+c.accept, func(t *testing.T) {
			r := httptest.NewRequest("GET", c.path, nil)
			r.Header.Set("Accept-Encoding", c.accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			body, _ := io.ReadAll(w.Body)
			if w.Code != c.code || !strings.Contains(string(body), c.body) {
				t.Errorf("got %d %q, want %d with %q", w.Code, body, c.code, c.body)
			}
			if strings.Contains(string(body), "canary") || strings.Contains(string(body), "internal") {
				t.Errorf("leaks: %q", body)
			}
			if name, value, ok := strings.Cut(c.header, ": "); ok && !strings.Contains(w.Header().Get(name), value) {
				t.Errorf("%s is %q, want %q in it", name, w.Header().Get(name), value)
			}
		})
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	dir, _ := site(t)
	w := httptest.NewRecorder()
	Handler(dir, "", false, nil).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/search", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestBasePath(t *testing.T) {
	dir, x := site(t)
	h := Handler(dir, "/unter/pfad", false, x)
	for path, want := range map[string]int{"/": 302, "/unter/pfad/": 200, "/unter/pfad/a": 301, "/unter/pfad/a/": 200, "/unter/pfad/api/search?q=triage": 200, "/a/": 404} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if to := w.Header().Get("Location"); w.Code >= 300 && w.Code < 400 && !strings.HasPrefix(to, "/unter/pfad/") {
			t.Errorf("%s leads to %s", path, to)
		}
	}
}

// Other sites may ask the search, below any path, and read its errors; they may
// read nothing else.
func TestOtherSitesMaySearch(t *testing.T) {
	dir, x := site(t)
	file := filepath.Join(dir, "search", "manifest.bin")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"", "/unter/pfad"} {
		h := Handler(dir, base, false, x)
		for _, c := range []struct {
			path   string
			code   int
			origin string
		}{
			{"/search/manifest.bin", 200, "*"},
			{"/search/abc/t/0.bin", 404, "*"},
			{"/api/search?q=triage", 200, "*"},
			{"/api/search?q=triage&limit=x", 400, "*"},
			{"/", 200, ""},
			{"/a/", 200, ""},
			{"/suche/", 404, ""},
			{"/search", 301, ""},
			{"/search/../a/", 307, ""},
			{"/search/%2e%2e/a/", 200, ""},
			{"/api/searches", 404, ""},
			{"/assets/site.ABC.css", 200, ""},
		} {
			r := httptest.NewRequest("GET", base+c.path, nil)
			r.Header.Set("Origin", "https://verband.example")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != c.code || got != c.origin {
				t.Errorf("%s: %d, Access-Control-Allow-Origin %q; want %d, %q", base+c.path, w.Code, got, c.code, c.origin)
			}
			policy := map[string]string{"*": "cross-origin", "": "same-origin"}[c.origin]
			if got := w.Header().Get("Cross-Origin-Resource-Policy"); got != policy {
				t.Errorf("%s: Cross-Origin-Resource-Policy %q, want %q", base+c.path, got, policy)
			}
			if !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), "default-src 'self'") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s lacks the headers of every answer", base+c.path)
			}
		}
	}
}

// A build swaps the index under a running server.
func TestSwappedIndexAnswers(t *testing.T) {
	dir, x := site(t)
	h := Handler(dir, "", false, x)
	total := func(q string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/api/search?q="+q, nil))
		return w.Body.String()
	}
	if got := total("quarkspeise"); !strings.Contains(got, `"total":0`) {
		t.Fatal(got)
	}
	docs := []index.Document{{ID: "1", URL: "/a/", Type: "page", Title: "Quarkspeise"}}
	if err := index.Build(x.dir, docs, nil, index.BuildOptions{Server: true}); err != nil {
		t.Fatal(err)
	}
	if got := total("quarkspeise"); !strings.Contains(got, `"total":1`) {
		t.Error(got)
	}
	if got := total("triage"); !strings.Contains(got, `"total":0`) {
		t.Error(got)
	}
}

// An index for browsers only answers nothing, and a server index that comes
// later is taken up.
func TestWithoutServerIndex(t *testing.T) {
	dir, _ := site(t)
	at := filepath.Join(t.TempDir(), "index")
	build := func(server bool) {
		t.Helper()
		docs := []index.Document{{ID: "1", URL: "/a/", Type: "page", Title: "Quarkspeise"}}
		if err := index.Build(at, docs, nil, index.BuildOptions{Server: server}); err != nil {
			t.Fatal(err)
		}
	}
	build(false)
	x, err := Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	h := Handler(dir, "", false, x)
	for _, step := range []struct {
		server bool
		code   int
		body   string
	}{
		{false, 503, "portal build --server-index"},
		{true, 200, `"total":1`},
		{false, 503, "ohne Server-Index"}, // not what an older build had
	} {
		build(step.server)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/api/search?q=quarkspeise", nil))
		if body := w.Body.String(); w.Code != step.code || !strings.Contains(body, step.body) {
			t.Errorf("got %d %s, want %d with %s", w.Code, body, step.code, step.body)
		}
		if got := x.Ready() == nil; got != step.server {
			t.Errorf("ready: %v, want %v", got, step.server)
		}
	}
}
