package preview

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

const htmlType = "text/html; charset=utf-8"

// fake is a site in memory.
type fake struct {
	mu    sync.Mutex
	pages map[string]Response
	found []diag.Diagnostic
}

func (f *fake) Serve(address string) Response {
	f.mu.Lock()
	defer f.mu.Unlock()
	if address == "/panik/" {
		panic("unerwartet")
	}
	if r, ok := f.pages[address]; ok {
		return r
	}
	return Response{Status: 404, Type: htmlType, Body: []byte("<body>nicht da</body>")}
}

func (f *fake) Diagnostics(string) []diag.Diagnostic {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.found
}

func (f *fake) Standings() map[string]string { return map[string]string{"/b/": "Entwurf"} }

func (f *fake) set(address, body string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages[address] = Response{Status: 200, Type: htmlType, Body: []byte(body), File: "content/a.md"}
}

func (f *fake) wrong(found ...diag.Diagnostic) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found = found
}

func open(t *testing.T) (*fake, *Preview, *httptest.Server) {
	t.Helper()
	site := &fake{pages: map[string]Response{
		"/b.css":       {Status: 200, Type: "text/css", Body: []byte("b{}")},
		"/b.12345.css": {Status: 200, Type: "text/css", Body: []byte("b{}"), Immutable: true},
		"/daten":       {Status: 200, Body: []byte("0123456789")},
		"/ordner":      {Status: 302, Location: "/ordner/"},
		"/leer/":       {Status: 404},
		"/kaputt/":     {Status: 500},
		"/formlos/":    {Status: 200, Type: htmlType, Body: []byte("<p>ohne Ende")},
	}}
	site.set("/a/", "<!doctype html><body><main>Text &lt;/body></main></body>\n</html>")
	p := New(site, Options{})
	s := httptest.NewServer(p)
	t.Cleanup(func() {
		p.Close()
		s.Close()
	})
	return site, p, s
}

type answer struct {
	status int
	head   http.Header
	body   string
}

// get asks for a path, with headers by name and value, or with one method.
func get(t *testing.T, s *httptest.Server, path string, headers ...string) answer {
	t.Helper()
	method := http.MethodGet
	if len(headers) == 1 {
		method, headers = headers[0], nil
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	must(err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(err)
	return answer{res.StatusCode, res.Header, string(b)}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	site, _, s := open(t)
	site.wrong(diag.Diagnostic{Pos: diag.Pos{File: "content/x.md", Line: 3, Col: 4}, Severity: diag.Error, Code: "c", Text: "Falsch <b>."})
	const added = `<div id="portal-preview-dock" lang="de">` + "\n" + `<div id="portal-preview" role="status" lang="de">`
	for _, c := range []struct {
		path    string
		headers []string
		status  int
		head    string // a header that must be there
		want    string // in the body
	}{
		{"/a/", nil, 200, "Cache-Control: no-store", "&lt;/body></main>" + added},
		{"/a/", nil, 200, "Content-Type: " + htmlType, "'></script>\n</body>\n</html>"},
		{"/a/", nil, 200, "Cross-Origin-Resource-Policy: same-origin", "content/x.md, Zeile 3, Spalte 4</p><p>Falsch &lt;b&gt;.</p>"},
		{"/a/", []string{http.MethodHead}, 200, "Content-Type: " + htmlType, ""},
		{"/a/", []string{http.MethodPost}, 405, "Allow: GET, HEAD", "nur lesen"},
		{"/formlos/", nil, 200, "", "<p>ohne Ende" + added},
		{"/nirgends/", nil, 404, "Content-Type: " + htmlType, "nicht da" + added},
		{"/leer/", nil, 404, "Content-Type: " + htmlType, "Diese Seite gibt es nicht"},
		{"/kaputt/", nil, 500, "Content-Type: " + htmlType, `<div role="alert"><ul><li class="portal-preview-error"><p><strong>Fehler</strong> content/x.md, Zeile 3, Spalte 4</p><p>Falsch &lt;b&gt;.</p>`},
		{"/kaputt/", nil, 500, "", "/.portal/preview.js"},
		{"/panik/", nil, 500, "", "<pre>unerwartet</pre>"},
		{"/ordner?q=1", nil, 302, "Location: /ordner/?q=1", ""},
		{"//a/../a/", nil, 302, "Location: /a/", ""},
		{"/b.css", nil, 200, "Cache-Control: no-store", "b{}"},
		{"/b.12345.css", nil, 200, "Cache-Control: max-age=31536000, immutable", "b{}"},
		{"/daten", []string{"Range", "bytes=2-4"}, 206, "Content-Type: application/octet-stream", "234"},
		{"/.portal/preview.js", nil, 200, "Content-Type: text/javascript; charset=utf-8", "EventSource"},
		{"/.portal/preview.css", nil, 200, "Content-Type: text/css; charset=utf-8", "#portal-preview"},
		{"/.portal/standings.json", nil, 200, "Content-Type: application/json", `{"/b/":"Entwurf"}`},
		{"/a/", []string{"Host", "localhost"}, 200, "", ""},
		{"/a/", []string{"Host", "LOCALHOST.:80"}, 200, "", ""},
		{"/a/", []string{"Host", "portal.localhost:1313"}, 200, "", ""},
		{"/a/", []string{"Host", "127.0.0.2:1313"}, 200, "", ""},
		{"/a/", []string{"Host", "[::1]:1313"}, 200, "", ""},
		{"/a/", []string{"Host", "boese.example"}, 403, "", "Namen dieses Rechners"},
		{"/a/", []string{"Host", "localhost.boese.example:1313"}, 403, "", ""},
		{"/a/", []string{"Host", "192.168.1.2:1313"}, 403, "", ""},
		{"/.portal/events", []string{"Host", "boese.example"}, 403, "", ""},
	} {
		got := get(t, s, c.path, c.headers...)
		name, value, _ := strings.Cut(c.head, ": ")
		if got.status != c.status || got.head.Get(name) != value || !strings.Contains(got.body, c.want) {
			t.Errorf("%s %v: %d %s=%q\n%s\nwant %+v", c.path, c.headers, got.status, name, got.head.Get(name), got.body, c)
		}
		if n := strings.Count(got.body, "<script"); n > 1 || strings.Contains(got.body, "style=") {
			t.Errorf("%s: %d scripts", c.path, n)
		}
	}
}

// TestTag: the tag changes with what is shown, and with nothing else.
func TestTag(t *testing.T) {
	t.Parallel()
	site, p, s := open(t)
	wrong := func(file string, severity diag.Severity) func() {
		return func() { site.wrong(diag.Diagnostic{Pos: diag.Pos{File: file}, Severity: severity, Text: "x"}) }
	}
	tag := get(t, s, "/a/").head.Get("ETag")
	for _, c := range []struct {
		name string
		do   func()
		want int
	}{
		{"nothing", func() {}, 304},
		{"another generation", func() { p.Reload(Change{}) }, 304},
		{"another page", func() { site.set("/b/", "neu") }, 304},
		{"a warning elsewhere", wrong("content/x.md", diag.Warning), 304},
		{"a warning of the page", wrong("content/a.md", diag.Warning), 200},
		{"an error elsewhere", wrong("content/x.md", diag.Error), 200},
		{"mended", func() { site.wrong() }, 200},
		{"the page", func() { site.set("/a/", "neu") }, 200},
	} {
		c.do()
		got := get(t, s, "/a/", "If-None-Match", tag)
		if got.status != c.want || c.want == 304 && got.body != "" {
			t.Errorf("%s: %d", c.name, got.status)
		}
		tag = got.head.Get("ETag")
	}
}

func TestPanel(t *testing.T) {
	t.Parallel()
	in := func(file string, s diag.Severity) diag.Diagnostic {
		return diag.Diagnostic{Pos: diag.Pos{File: file, Line: 1}, Severity: s, Text: file + "."}
	}
	var many []diag.Diagnostic
	for i := range 20 {
		many = append(many, in(fmt.Sprintf("content/%02d.md", i), diag.Error))
	}
	for _, c := range []struct {
		name  string
		found []diag.Diagnostic
		file  string
		want  string // summary; items
	}{
		{"nothing", nil, "a.md", ""},
		{"warnings of others", []diag.Diagnostic{in("b.md", diag.Warning), in("b.md", diag.Hint)}, "a.md", ""},
		{"warnings without a file", []diag.Diagnostic{in("", diag.Warning)}, "", ""},
		{"own", []diag.Diagnostic{in("a.md", diag.Hint), in("a.md", diag.Warning)}, "a.md", "closed 1 Warnung, 1 Hinweis: a.md, Zeile 1 | a.md, Zeile 1"},
		{"errors first", []diag.Diagnostic{in("a.md", diag.Warning), in("a.md", diag.Error), in("b.md", diag.Error), in("a.md", diag.Warning)}, "a.md",
			"open 2 Fehler, 2 Warnungen: a.md, Zeile 1 | b.md, Zeile 1 | a.md, Zeile 1 | a.md, Zeile 1"},
		{"the folder", []diag.Diagnostic{{Severity: diag.Error, Text: "x"}}, "a.md", "open 1 Fehler: "},
	} {
		got := ""
		if l := (&Preview{}).shown(c.found, c.file, false); l != nil {
			var places []string
			for _, f := range l.Shown {
				places = append(places, f.Place)
			}
			got = map[bool]string{true: "open ", false: "closed "}[l.Open] + l.Summary + ": " + strings.Join(places, " | ")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if l := (&Preview{}).shown(many, "", false); len(l.Shown) != maxShown || l.Summary != "20 Fehler" || l.More != "… und 8 weitere; „portal check“ nennt alle." {
		t.Errorf("%d shown, %q, %q", len(l.Shown), l.Summary, l.More)
	}
}

// TestEvents: what a stream says, line by line.
func TestEvents(t *testing.T) {
	t.Parallel()
	site, p, s := open(t)
	wrong := diag.Diagnostic{Severity: diag.Error, Text: "x"}
	now := p.now()
	lines := listen(t, s, now)
	said := func(want string) {
		t.Helper()
		if got := lines(); strings.ReplaceAll(got, strings.TrimSuffix(now, "0"), "") != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if other := listen(t, s, "von früher")(); !strings.Contains(other, `"paths":null`) {
		t.Error("a page of another generation hears:", other)
	}
	p.Reload(Change{Paths: []string{"/a/"}})
	said(`{"generation":"1","paths":["/a/"]}`)
	p.Reload(Change{Paths: []string{}}) // no page is another
	p.Reload(Change{})
	said(`{"generation":"3","paths":null}`)
	site.wrong(wrong) // an error concerns every page
	p.Reload(Change{Paths: []string{"/a/"}})
	said(`{"generation":"4","paths":null}`)
	p.Reload(Change{Paths: []string{"/a/"}})
	said(`{"generation":"5","paths":["/a/"]}`)
	site.wrong(wrong, wrong) // found while a page was made
	get(t, s, "/a/")
	said(`{"generation":"6","paths":null}`)
	get(t, s, "/b/")
	site.wrong()
	p.Reload(Change{Paths: make([]string, maxPaths+1)})
	said(`{"generation":"7","paths":null}`)
	p.Close()
	p.Close()
	if got := lines(); got != "" {
		t.Error("after the end:", got)
	}
}

// TestGathered: a slow page is told everything at once.
func TestGathered(t *testing.T) {
	t.Parallel()
	_, p, _ := open(t)
	s := &stream{wake: make(chan struct{}, 1)}
	p.streams[s] = true
	p.Reload(Change{Paths: []string{"/a/"}})
	p.Reload(Change{Paths: []string{"/b/"}})
	if e, some := p.take(s); !some || len(s.wake) != 1 || strings.Join(e.Paths, " ") != "/a/ /b/" || !strings.HasSuffix(e.Generation, "-2") {
		t.Errorf("%+v", e)
	}
	p.Reload(Change{})
	p.Reload(Change{Paths: []string{"/b/"}})
	if e, some := p.take(s); !some || e.Paths != nil {
		t.Errorf("%+v", e)
	}
	if _, some := p.take(s); some {
		t.Error("told twice")
	}
}

// listen opens a stream; the function gives the data of the next event, "" at
// the end.
func listen(t *testing.T, s *httptest.Server, generation string) func() string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+eventsPath, nil)
	must(err)
	req.URL.RawQuery = "generation=" + strings.ReplaceAll(generation, " ", "+")
	res, err := http.DefaultClient.Do(req)
	must(err)
	t.Cleanup(func() { res.Body.Close() })
	if ct := res.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Fatal(ct)
	}
	r := bufio.NewScanner(res.Body)
	r.Scan() // retry: registered by now
	return func() string {
		for r.Scan() {
			if data, ok := strings.CutPrefix(r.Text(), "data: "); ok {
				return data
			}
		}
		return ""
	}
}

// TestLines: the panel shows the line that a finding is about, with a caret,
// and leads to what explains it; both are what a reader cannot be harmed by.
func TestLines(t *testing.T) {
	t.Parallel()
	read := func(name string) ([]byte, error) {
		if name != "content/x.md" {
			return nil, fs.ErrNotExist
		}
		return []byte("eins\nzwei <b>\x1b[31m\n"), nil
	}
	p := New(&fake{}, Options{Read: read, Help: []byte("<h3 id=\"x-y\">x-y</h3>")})
	panel := string(p.panelOf([]diag.Diagnostic{
		{Pos: diag.Pos{File: "content/x.md", Line: 2, Col: 6}, Severity: diag.Error, Code: "x-y", Text: "Falsch.", Hint: "Anders."},
		{Pos: diag.Pos{File: "content/weg.md", Line: 2, Col: 6}, Severity: diag.Error, Code: "x-y", Text: "Auch."},
	}, "content/x.md", false))
	want := `<p>Falsch.</p><pre tabindex="0" role="group" aria-label="Zeile 2">zwei &lt;b&gt;?[31m<span aria-hidden="true">
     ^</span></pre><p>→ Anders.</p><p><a href="/.portal/fehler/#x-y">Erklärung mit Beispielen</a></p>`
	if !strings.Contains(panel, want) || strings.Count(panel, "<pre") != 1 || strings.Count(panel, "/.portal/fehler/#x-y") != 2 {
		t.Errorf("%s\nwant\n%s", panel, want)
	}
	for _, c := range []struct {
		p      *Preview
		status int
		want   string
	}{{p, 200, `<h3 id="x-y">`}, {New(&fake{}, Options{}), 404, "nicht da"}} {
		w := httptest.NewRecorder()
		c.p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/.portal/fehler/", nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}
