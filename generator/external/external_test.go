package external

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// world is an internet on the loopback: every name leads to one server, whose
// pages are handlers by "host/path". Its clock stands unless somebody sleeps.
type world struct {
	t      *testing.T
	plain  *httptest.Server
	secure *httptest.Server
	pages  map[string]http.HandlerFunc

	mu    sync.Mutex
	clock time.Time
	seen  []string               // "HEAD host/path"
	times map[string][]time.Time // of requests, by host
	busy  map[string]int
	most  int // requests at once to one host
}

func newWorld(t *testing.T, pages map[string]http.HandlerFunc) *world {
	w := &world{t: t, pages: pages, clock: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), times: map[string][]time.Time{}, busy: map[string]int{}}
	w.plain = httptest.NewServer(http.HandlerFunc(w.serve))
	w.secure = httptest.NewUnstartedServer(http.HandlerFunc(w.serve))
	w.secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	w.secure.StartTLS()
	t.Cleanup(w.plain.Close)
	t.Cleanup(w.secure.Close)
	return w
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.seen = append(w.seen, r.Method+" "+r.Host+r.URL.Path)
	w.times[r.Host] = append(w.times[r.Host], w.clock)
	w.busy[r.Host]++
	w.most = max(w.most, w.busy[r.Host])
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.busy[r.Host]--
		w.mu.Unlock()
	}()
	show := w.pages[r.Host+r.URL.Path]
	if r.TLS != nil {
		show = w.pages["https://"+r.Host+r.URL.Path]
	}
	if show == nil {
		show = http.NotFound
	}
	show(rw, r)
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	w.clock = w.clock.Add(d)
	w.mu.Unlock()
	return ctx.Err()
}

// dial reaches the servers under any name but those that tell otherwise.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, _ := net.SplitHostPort(address)
	switch {
	case strings.HasPrefix(host, "nirgends."):
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	case strings.HasPrefix(host, "abgeschnitten"):
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}}
	case strings.HasPrefix(host, "innen."):
		return guarded().DialContext(ctx, network, w.plain.Listener.Addr().String())
	}
	to := w.plain
	if port == "443" {
		to = w.secure
	}
	return (&net.Dialer{}).DialContext(ctx, network, to.Listener.Addr().String())
}

func (w *world) network() *network {
	roots := x509.NewCertPool()
	roots.AddCert(w.secure.Certificate())
	return &network{now: w.now, sleep: w.sleep, dial: w.dial, roots: roots,
		pause: time.Second, timeout: time.Minute, limit: time.Hour, retries: []time.Duration{2 * time.Second, 8 * time.Second}}
}

// check asks addresses that stand in content/a.md, one a line.
func (w *world) check(ctx context.Context, o Options, addresses ...string) (Summary, string) {
	w.t.Helper()
	if o.net == nil {
		o.net = w.network()
	}
	o.Agent = "portal-check (probe; +https://probe.example)"
	var links []Link
	for i, a := range addresses {
		links = append(links, Link{a, diag.Pos{File: "content/a.md", Line: i + 1, Col: 1}})
	}
	diags := &diag.List{}
	sum := Check(ctx, links, o, diags)
	var out strings.Builder
	for _, d := range diags.Sorted() {
		fmt.Fprintln(&out, d)
	}
	return sum, out.String()
}

func (w *world) asked(prefix string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, s := range w.seen {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

func answers(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func to(code int, where string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", where)
		w.WriteHeader(code)
	}
}

func page(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}
}

// noHead answers GET only, as many servers do.
func noHead(code int, get http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(code)
			return
		}
		get(w, r)
	}
}

// TestAnswers: every kind of answer and what is said about it. The first word
// of want is the code of the finding, "" for none; the rest is in its text or
// hint.
func TestAnswers(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("<p>voll</p>", 300_000)
	for _, c := range []struct {
		name, address string
		pages         map[string]http.HandlerFunc
		want          []string
		requests      int
	}{
		{"fine", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": answers(200)}, nil, 1},
		{"no scheme", "//example.com/x", map[string]http.HandlerFunc{"https://example.com/x": answers(204)}, nil, 1},
		{"not found", "https://example.com/weg", nil, []string{"link-tot", "(404, nicht gefunden)"}, 2},
		{"gone", "http://a.example/weg", map[string]http.HandlerFunc{"a.example/weg": answers(410)}, []string{"link-tot", "(410, gelöscht)"}, 2},
		{"HEAD forbidden", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": noHead(405, answers(200))}, nil, 2},
		{"HEAD answered wrongly", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": noHead(404, answers(206))}, nil, 2},
		{"HEAD broken", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": noHead(501, answers(416))}, nil, 2},
		{"for people only", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": answers(403)}, []string{"link-abgewiesen", "403"}, 2},
		{"LinkedIn", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": answers(999)}, []string{"link-abgewiesen", "999"}, 2},
		{"faulty for ever", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": answers(500)}, []string{"link-stumm", "500, Fehler des Servers"}, 6},
		{"no such host", "https://nirgends.example/", nil, []string{"link-tot", "Den Server „nirgends.example“ gibt es nicht."}, 0},
		{"name in a private network", "https://innen.example/", nil, []string{"link-privat", "internes Netz"}, 0},
		{"certificate of another", "https://a.example/", nil, []string{"link-zertifikat", "„a.example“ hat kein gültiges Zertifikat"}, 0},
		{"moved", "https://example.com/a", map[string]http.HandlerFunc{"https://example.com/a": to(301, "/b"), "https://example.com/b": to(308, "/c"), "https://example.com/c": answers(200)},
			[]string{"link-umgezogen", "Schreiben Sie „https://example.com/c“"}, 3},
		{"moved, then sent on", "https://example.com/a", map[string]http.HandlerFunc{"https://example.com/a": to(301, "/b"), "https://example.com/b": to(302, "/c"), "https://example.com/c": answers(200)},
			[]string{"link-umgezogen", "Schreiben Sie „https://example.com/b“"}, 3},
		{"sent on for now", "https://example.com/a", map[string]http.HandlerFunc{"https://example.com/a": to(302, "/b"), "https://example.com/b": answers(200)}, nil, 2},
		{"moved to nowhere", "https://example.com/a", map[string]http.HandlerFunc{"https://example.com/a": to(301, "/b")}, []string{"link-tot", "„https://example.com/a“"}, 3},
		{"round and round", "https://example.com/a", map[string]http.HandlerFunc{"https://example.com/a": to(302, "/b"), "https://example.com/b": to(302, "/a")}, []string{"link-tot", "kommt nirgends an"}, 2},
		{"on and on", "https://example.com/", map[string]http.HandlerFunc{
			"https://example.com/": to(302, "/1"), "https://example.com/1": to(302, "/2"), "https://example.com/2": to(302, "/3"), "https://example.com/3": to(302, "/4"),
			"https://example.com/4": to(302, "/5"), "https://example.com/5": to(302, "/6"), "https://example.com/6": to(302, "/7"), "https://example.com/7": to(302, "/8"),
			"https://example.com/8": to(302, "/9"), "https://example.com/9": to(302, "/10"), "https://example.com/10": to(302, "/11")}, []string{"link-tot", "kommt nirgends an"}, 11},
		{"wants a cookie", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "da", Value: "1"})
			to(302, "/")(w, r)
		}}, []string{"link-abgewiesen", "Cookies"}, 1},
		{"out of the web", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": to(302, "app://auf")}, []string{"link-abgewiesen", "aus dem Web hinaus"}, 1},
		{"sent inside", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": to(302, "http://127.0.0.1/geheim")}, []string{"link-privat"}, 1},
		{"sent inside by name", "https://example.com/", map[string]http.HandlerFunc{"https://example.com/": to(302, "http://innen.example/geheim")}, []string{"link-privat"}, 1},
		{"plain, https there", "http://example.com/", map[string]http.HandlerFunc{"example.com/": answers(200), "https://example.com/": answers(200)}, []string{"link-unsicher", "Schreiben Sie „https://example.com/“"}, 2},
		{"plain, moved to https", "http://example.com/", map[string]http.HandlerFunc{"example.com/": to(301, "https://example.com/"), "https://example.com/": answers(200)}, []string{"link-unsicher", "Schreiben Sie „https://example.com/“"}, 2},
		{"plain only", "http://a.example/", map[string]http.HandlerFunc{"a.example/": answers(200)}, nil, 1},
		{"plain, https is another", "http://example.com/", map[string]http.HandlerFunc{"example.com/": answers(200)}, nil, 3},
		{"anchor", "https://example.com/#da", map[string]http.HandlerFunc{"https://example.com/": page(`<h2 id="da">Da</h2>`)}, nil, 1},
		{"anchor with an umlaut", "https://example.com/#%C3%BCber", map[string]http.HandlerFunc{"https://example.com/": page(`<a name="über"></a>`)}, nil, 1},
		{"anchor with a prefix", "https://example.com/#da", map[string]http.HandlerFunc{"https://example.com/": page(`<h2 id="user-content-da">Da</h2>`)}, nil, 1},
		{"anchor missing", "https://example.com/#weg", map[string]http.HandlerFunc{"https://example.com/": page(`<h2 id="da">Da</h2>`)}, []string{"link-anker", "„#weg“"}, 1},
		{"anchor in a huge page", "https://example.com/#weg", map[string]http.HandlerFunc{"https://example.com/": page(huge)}, nil, 1},
		{"page of a PDF file", "https://example.com/a.pdf#page=3", map[string]http.HandlerFunc{"https://example.com/a.pdf": answers(200)}, nil, 1},
		{"anchor of something else", "https://example.com/a.svg#teil", map[string]http.HandlerFunc{"https://example.com/a.svg": answers(200)}, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.pages)
			sum, got := w.check(t.Context(), Options{}, c.address)
			if len(c.want) == 0 && got != "" {
				t.Errorf("unexpected:\n%s", got)
			}
			for _, part := range c.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is not in:\n%s", part, got)
				}
			}
			if n := strings.Count(got, "\n    →"); len(c.want) > 0 && n != 1 {
				t.Errorf("%d findings:\n%s", n, got)
			}
			if w.asked("") != c.requests || sum.Asked != 1 || sum.Total != 1 {
				t.Errorf("%d requests instead of %d: %v; %+v", w.asked(""), c.requests, w.seen, sum)
			}
		})
	}
}

// TestNotAsked: what needs no request to be right or wrong.
func TestNotAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	fine := []string{"mailto:a@b.example", "mailto:a@b.example,c@d.example?subject=Hallo%20Welt", "mailto:?to=a@b.example", "tel:+49-30-1234567", "tel:+493012345;ext=12", "tel:112"}
	if sum, got := w.check(t.Context(), Options{}, fine...); got != "" || sum.Asked != 0 || sum.Total != len(fine) || sum.Broken != 0 {
		t.Errorf("%+v\n%s", sum, got)
	}
	bad := map[string]string{
		"mailto:a@b": "mail-form", "mailto:a b@c.example": "mail-form", "mailto:": "mail-form", "mailto:Anna <a@b.example>": "mail-form",
		"tel:030 1234567": "telefon-form", "tel:030-1234567": "telefon-form", "tel:": "telefon-form",
		"http://[::1": "link-form", "http://localhost/": "link-privat", "https://wiki/": "link-privat", "http://10.0.0.1/x": "link-privat", "http://[::1]/": "link-privat",
		"http://127.1/": "link-privat", "http://0x7f.0.0.1/": "link-privat", "http://2130706433/": "link-privat", "https://drucker.local/": "link-privat", "http://169.254.169.254/": "link-privat",
		"http://[::ffff:192.168.0.1]/": "link-privat", "http://[64:ff9b::7f00:1]/": "link-privat", "http://intern.corp./": "link-privat",
	}
	for address, code := range bad {
		sum, got := w.check(t.Context(), Options{}, address)
		if !strings.Contains(got, "["+code+"]") || sum.Broken != 1 || sum.Asked != 0 {
			t.Errorf("%s: %+v\n%s", address, sum, got)
		}
	}
	if n := w.asked(""); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestGuard: the dialer of a real check connects to no private address,
// whatever name leads there.
func TestGuard(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost"} {
		if c, err := realNetwork().dial(t.Context(), "tcp", net.JoinHostPort(host, port)); err == nil {
			c.Close()
			t.Errorf("%s has been reached", host)
		} else if kind, _ := failed(err); host == "127.0.0.1" && kind.Kind != private {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// TestPolite: one request at a time to a host and a pause after each, also when
// others redirect there.
func TestPolite(t *testing.T) {
	t.Parallel()
	pages, addresses := map[string]http.HandlerFunc{}, []string{}
	for i := range 40 {
		host := fmt.Sprintf("h%d.example", i%4)
		pages[fmt.Sprintf("%s/%d", host, i)] = answers(200)
		if i%5 == 0 {
			pages[fmt.Sprintf("%s/%d", host, i)] = to(302, fmt.Sprintf("http://h0.example/ziel%d", i))
			pages[fmt.Sprintf("h0.example/ziel%d", i)] = answers(200)
		}
		addresses = append(addresses, fmt.Sprintf("http://%s/%d", host, i))
	}
	w := newWorld(t, pages)
	sum, got := w.check(t.Context(), Options{}, addresses...)
	if got != "" || sum.Asked != 40 || w.most != 1 {
		t.Errorf("%+v, %d at once\n%s", sum, w.most, got)
	}
	for host, times := range w.times {
		for i := 1; i < len(times); i++ {
			if d := times[i].Sub(times[i-1]); d < time.Second {
				t.Errorf("%s: asked again after %s", host, d)
			}
		}
	}
	var order []string // of one host's addresses
	for _, s := range w.seen {
		if strings.HasPrefix(s, "HEAD h1.example/") {
			order = append(order, s)
		}
	}
	if !slices.IsSorted(order) || len(order) != 10 {
		t.Errorf("asked in the order %v", order)
	}
}

// TestRetries: a fault that goes away is none; servers that ask for patience
// get it.
func TestRetries(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	left := map[string]int{"/500": 2, "/429": 1, "/abbruch": 2, "/spaeter": 99}
	fail := func(how http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if r.TLS == nil && left[r.URL.Path] > 0 {
				left[r.URL.Path]--
				how(w, r)
			}
		}
	}
	wait := func(seconds string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", seconds)
			w.WriteHeader(429)
		}
	}
	w := newWorld(t, map[string]http.HandlerFunc{
		"a.example/500":     fail(answers(503)),
		"b.example/429":     fail(wait("30")),
		"c.example/abbruch": fail(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"d.example/spaeter": fail(wait("Sun, 22 Nov 2099 12:00:00 GMT")),
	})
	sum, got := w.check(t.Context(), Options{}, "http://a.example/500", "http://b.example/429", "http://c.example/abbruch", "http://d.example/spaeter")
	if !strings.Contains(got, "content/a.md:4:1: Hinweis: Ob es „http://d.example/spaeter“ gibt, lässt sich nicht prüfen (429, zu viele Anfragen). [link-abgewiesen]") || strings.Count(got, "→") != 1 || sum.Broken != 0 {
		t.Errorf("%+v\n%s", sum, got)
	}
	if b := w.times["b.example"]; len(b) < 2 || b[1].Sub(b[0]) < 30*time.Second {
		t.Errorf("429: asked again at %v", b)
	}
	if n := len(w.times["d.example"]); n != 1 {
		t.Errorf("asked %d times who wants to be left alone", n)
	}
}

// TestDown: of a host that does not answer, two addresses are asked, and all are
// reported; a host that only leads to such a one is asked to the end.
func TestDown(t *testing.T) {
	t.Parallel()
	pages, addresses := map[string]http.HandlerFunc{}, []string{"http://gut.example/"}
	pages["gut.example/"] = answers(200)
	for i := range 20 {
		pages[fmt.Sprintf("stumm.example/%d", i)] = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		pages[fmt.Sprintf("weiter.example/%d", i)] = to(302, "http://nirgends.example/")
		addresses = append(addresses, fmt.Sprintf("http://stumm.example/%d", i), fmt.Sprintf("http://weiter.example/%d", i), fmt.Sprintf("http://nirgends.example/%d", i))
	}
	w := newWorld(t, pages)
	sum, got := w.check(t.Context(), Options{}, addresses...)
	if n, m := strings.Count(got, "[link-stumm]"), strings.Count(got, "[link-tot]"); n != 20 || m != 40 || sum.Asked != 1+inVain+20+inVain || sum.Offline {
		t.Errorf("%d silent, %d dead; %+v\n%s", n, m, sum, got)
	}
	if n := w.asked("HEAD stumm.example"); n != inVain*3 {
		t.Errorf("asked %d times who does not answer", n)
	}
	if n := w.asked("HEAD weiter.example"); n != 20 {
		t.Errorf("asked %d times", n)
	}
}

// TestSlow: a server that never answers is given up.
func TestSlow(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	w := newWorld(t, map[string]http.HandlerFunc{"a.example/": func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}})
	defer close(release)
	n, start := w.network(), w.now()
	n.timeout = 50 * time.Millisecond // and then only the retries' pauses move the clock
	_, got := w.check(t.Context(), Options{net: n}, "http://a.example/")
	if !strings.Contains(got, "„http://a.example/“ antwortet nicht (der Server antwortet nicht rechtzeitig). [link-stumm]") || w.now().Sub(start) < 10*time.Second {
		t.Errorf("given up after %s\n%s", w.now().Sub(start), got)
	}
}

// TestCache: what is known is not asked again until it is old, and is reported
// all the same.
func TestCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]http.HandlerFunc{"a.example/": page(`<p id="da">`), "a.example/zu": answers(403)})
	o := Options{Cache: filepath.Join(t.TempDir(), ".portal", "external.json")}
	ask := func(o Options, want int, addresses ...string) {
		t.Helper()
		before := w.asked("")
		sum, got := w.check(t.Context(), o, addresses...)
		if n := w.asked("") - before; n != want {
			t.Errorf("%d requests instead of %d; %+v", n, want, sum)
		}
		if !strings.Contains(got, "http://a.example/weg") || !strings.Contains(got, "http://a.example/zu") {
			t.Error(got)
		}
		if asked := map[bool]int{true: 3, false: 0}[want >= 5]; sum.Total != 3 || want != 2 && sum.Asked != asked || sum.Asked+sum.Known != 3 {
			t.Errorf("%+v", sum)
		}
	}
	all := []string{"http://a.example/", "http://a.example/weg", "http://a.example/zu"}
	ask(o, 5, all...)
	ask(o, 0, all...)
	_ = w.sleep(t.Context(), badFor)
	ask(o, 2, all...) // what was wrong, once more
	ask(o, 0, all...)
	fresh := o
	fresh.Fresh = true
	ask(fresh, 5, all...)
	_ = w.sleep(t.Context(), goodFor)
	ask(o, 5, all...)
	all[0] += "#da" // never looked for
	before := w.asked("GET a.example/")
	w.check(t.Context(), o, all...)
	w.check(t.Context(), o, all...)
	if n := w.asked("GET a.example/") - before; n != 1 {
		t.Errorf("looked %d times for an anchor", n)
	}
	if err := os.WriteFile(o.Cache, []byte("{kein JSON"), 0o644); err != nil {
		t.Fatal(err)
	}
	ask(o, 5, "http://a.example/", "http://a.example/weg", "http://a.example/zu")
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(o.Cache), ".*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

// TestPlaces: one finding for an address, with all places; fragments share what
// was asked; what is to be ignored is not asked.
func TestPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]http.HandlerFunc{"a.example/": page(`<p id="da">`)})
	sum, got := w.check(t.Context(), Options{Ignore: func(a string) bool { return strings.Contains(a, "b.example") }},
		"http://a.example/weg", "http://a.example#da", "HTTP://A.example/#nein", "http://a.example/weg", "http://b.example/", "http://a.example/#nein")
	want := `content/a.md:1:1: Warnung: Unter „http://a.example/weg“ gibt es nichts mehr (404, nicht gefunden). [link-tot]
    → ` + archive + ` Auch in content/a.md:4:1.
content/a.md:3:1: Hinweis: Auf der Seite „http://a.example/“ gibt es den Abschnitt „#nein“ nicht. [link-anker]
    → Verlinken Sie einen Abschnitt, den es noch gibt, oder die ganze Seite. Auch in content/a.md:6:1.
`
	if got != want || sum != (Summary{Total: 3, Asked: 2, Broken: 1, Skipped: 1}) || w.asked("GET a.example/ ") > 1 {
		t.Errorf("%+v\n%s", sum, got)
	}
	if s := sum.String(); s != "Fremde Links: 3 Adressen; 2 gefragt, 0 aus dem Zwischenspeicher, 1 übergangen; 1 kaputt." {
		t.Error(s)
	}
}

// TestManners: what a request tells.
func TestManners(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []http.Header
	note := func(then http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			seen = append(seen, r.Header.Clone())
			mu.Unlock()
			http.SetCookie(w, &http.Cookie{Name: "da", Value: "1", Path: "/"})
			then(w, r)
		}
	}
	w := newWorld(t, map[string]http.HandlerFunc{"a.example/": note(to(302, "/b")), "a.example/b": note(noHead(405, answers(200)))})
	w.check(t.Context(), Options{}, "http://anna:geheim@a.example/")
	if len(seen) != 3 {
		t.Fatalf("%d requests", len(seen))
	}
	for _, h := range seen {
		if h.Get("User-Agent") != "portal-check (probe; +https://probe.example)" || h.Get("Cookie")+h.Get("Referer")+h.Get("Authorization") != "" {
			t.Error(h)
		}
	}
	if seen[2].Get("Range") == "" {
		t.Error("GET asks for the whole page")
	}
}

// TestOffline: without a way out there is one sentence, soon, and nothing is
// kept.
func TestOffline(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"abgeschnitten%d.example", "nirgends.h%d.example"} {
		w := newWorld(t, nil)
		var addresses []string
		for i := range 300 {
			addresses = append(addresses, "https://"+fmt.Sprintf(host, i)+"/")
		}
		o := Options{Cache: filepath.Join(t.TempDir(), "external.json")}
		sum, got := w.check(t.Context(), o, addresses...)
		if strings.Count(got, "→") != 1 || !strings.Contains(got, "keine fremde Adresse; 300 Adressen wurden nicht geprüft. [links-offline]") || !sum.Offline || sum.Open != 300 {
			t.Errorf("%+v\n%s", sum, got)
		}
		if b, err := os.ReadFile(o.Cache); err == nil && strings.Contains(string(b), "example") {
			t.Error("kept:", string(b))
		}
	}
	w := newWorld(t, nil)
	if sum, got := w.check(t.Context(), Options{}, "https://abgeschnitten.example/"); !sum.Offline || strings.Count(got, "→") != 1 {
		t.Errorf("%+v\n%s", sum, got)
	}
	// One that answers is enough to take the others for dead.
	w = newWorld(t, map[string]http.HandlerFunc{"z.example/": answers(200)})
	if sum, got := w.check(t.Context(), Options{}, "https://abgeschnitten.example/", "http://z.example/"); sum.Offline || !strings.Contains(got, "link-stumm") {
		t.Errorf("%+v\n%s", sum, got)
	}
}

// TestInterrupted: what is known when a check ends is reported and kept.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	w := newWorld(t, nil)
	w.pages = map[string]http.HandlerFunc{"a.example/2": func(_ http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done()
	}}
	o := Options{Cache: filepath.Join(t.TempDir(), "external.json")}
	sum, got := w.check(ctx, o, "http://a.example/1", "http://a.example/2", "http://a.example/3")
	if !strings.Contains(got, "http://a.example/1") || !strings.Contains(got, "wurde abgebrochen; 2 Adressen fehlen. [links-abgebrochen]") || strings.Count(got, "→") != 2 {
		t.Errorf("%+v\n%s", sum, got)
	}
	w.pages = nil
	if sum, _ := w.check(t.Context(), o, "http://a.example/1", "http://a.example/2", "http://a.example/3"); sum.Known != 1 || sum.Asked != 2 {
		t.Errorf("%+v", sum)
	}
	// The same when its time is up.
	n := w.network()
	n.limit = 0
	if sum, got := w.check(t.Context(), Options{net: n}, "http://a.example/1"); sum.Open != 1 || !strings.Contains(got, "Zeit für die Prüfung der fremden Links ist um; 1 Adresse fehlt") {
		t.Errorf("%+v\n%s", sum, got)
	}
}
