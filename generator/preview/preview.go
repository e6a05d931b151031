// Package preview shows a site that is being edited: pages are made when they
// are asked for, and open ones follow what changes.
//
// Terms: the generation counts the states of the site; the panel is what a page
// says of the errors in the content; a stream is the connection on which an
// open page waits for the next generation.
//
// Flow: ServeHTTP asks the Site for a page and adds the panel, a style sheet
// and a script. When Reload has told the streams that something changed, the
// script asks for its page again, with the ETag of what it shows, and puts in
// place what differs. So the panel needs no channel of its own, and a page
// without scripts has it, too.
package preview

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"hash/maphash"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Site is what is shown. Addresses are those of the server, with the base path
// that the site lies below. Its methods are called by many goroutines at once.
type Site interface {
	// Serve answers an address: "/", "/themen/x/", "/assets/a.css".
	Serve(address string) Response
	// Diagnostics are all findings in the present state of the site, those of
	// the page's own file first.
	Diagnostics(address string) []diag.Diagnostic
	// Standings are the addresses of pages that readers do not see as they are
	// shown here, with a word on why.
	Standings() map[string]string
}

// Response is the answer to an address.
type Response struct {
	// Status is 200; 302, to Location; 404, with the site's own page for it if
	// there is one; 500 if the page cannot be made: the preview shows why.
	Status   int
	Type     string // the media type
	Body     []byte // must not be changed any more
	Location string
	// File is the file of the site that a page was made from, "" if there is
	// no single one. Its warnings and hints are shown on the page; those of
	// others are not, errors always.
	File string
	// Companion is a second file that the page was made from, with its front
	// matter, or "".
	Companion string
	// List is the address of the list that the page stands in, or "".
	List string
	// Standing is a word on why readers do not see the page as it is shown here,
	// and Until what has to happen; "" if they do.
	Standing, Until string
	// Immutable says that other content will have another address.
	Immutable bool
}

// Change is what Reload reports.
type Change struct {
	// Paths are the addresses that are answered differently now. Nil: any may
	// be.
	Paths []string
}

// Options of a preview.
type Options struct {
	// AnyHost answers requests for any host name. Otherwise only names of this
	// machine are: a page elsewhere can give its own name our address and
	// would then read drafts (DNS rebinding).
	AnyHost bool
	// Editor makes an address that opens a file in the editor; see Editors. Empty:
	// there are no such links.
	Editor string
	// Locate gives the absolute path of a file of the site, "" if it has none.
	// Only readers on this machine are told it. May be nil.
	Locate func(file string) string
	// Form gives the address of the form to edit a file with, or "". May be nil.
	Form func(file string) string
	// Read gives the bytes of a file that findings name, for the lines they
	// are about. It may be nil.
	Read func(file string) ([]byte, error)
	// Help is HTML that explains the findings: a heading with its code as id
	// for each kind. Nil: there is none.
	Help []byte
	// Forms answers what lies below FormsPath; nil for nothing of that kind.
	Forms     http.Handler
	FormsPath string
}

// Preview is the http.Handler.
type Preview struct {
	site Site
	o    Options
	seed maphash.Seed
	boot int64 // tells generations of another run

	mu         sync.Mutex
	generation int
	errors     uint64 // a hash of those that are shown on every page
	streams    map[*stream]bool
	closed     chan struct{}
}

// New makes a preview of the site.
func New(site Site, o Options) *Preview {
	return &Preview{site: site, o: o, seed: maphash.MakeSeed(), boot: time.Now().Unix(), streams: map[*stream]bool{}, closed: make(chan struct{})}
}

// Addresses of what belongs to the preview, not to the site.
const (
	scriptPath = "/.portal/preview.js"
	stylePath  = "/.portal/preview.css"
	eventsPath = "/.portal/events"
	marksPath  = "/.portal/standings.json"
	helpPath   = "/.portal/fehler/"
)

//go:embed preview.js
var script []byte

//go:embed preview.css
var style []byte

func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	switch {
	case !p.o.AnyHost && !isLocal(r.Host):
		http.Error(w, "Die Vorschau antwortet nur unter Namen dieses Rechners, etwa localhost oder 127.0.0.1.", http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "Die Vorschau lässt sich nur lesen.", http.StatusMethodNotAllowed)
	case r.URL.Path == eventsPath:
		p.stream(w, r)
	case r.URL.Path == scriptPath:
		send(w, r, "text/javascript; charset=utf-8", script)
	case r.URL.Path == stylePath:
		send(w, r, "text/css; charset=utf-8", style)
	case r.URL.Path == marksPath:
		p.standings(w, r)
	case r.URL.Path == helpPath && p.o.Help != nil:
		send(w, r, "text/html; charset=utf-8", p.helpPage())
	case p.o.Forms != nil && r.URL.Path == strings.TrimSuffix(p.o.FormsPath, "/"):
		redirect(w, r, p.o.FormsPath)
	case p.o.Forms != nil && strings.HasPrefix(r.URL.Path, p.o.FormsPath):
		p.o.Forms.ServeHTTP(w, r)
	default:
		p.answer(w, r)
	}
}

// answer shows what the site has under an address.
func (p *Preview) answer(w http.ResponseWriter, r *http.Request) {
	at := r.URL.Path
	if clean := cleaned(at); clean != at {
		redirect(w, r, clean)
		return
	}
	generation := p.now() // before the page is made: what comes between is told
	res := p.serve(at)
	switch {
	case res.Status == http.StatusFound:
		redirect(w, r, res.Location)
	case res.Status == http.StatusOK && !isPage(res):
		if res.Immutable {
			w.Header().Set("Cache-Control", "max-age=31536000, immutable")
		}
		send(w, r, res.Type, res.Body)
	default:
		p.page(w, r, at, generation, res)
	}
}

// serve asks the site; a fault of the program is an answer, too.
func (p *Preview) serve(at string) (res Response) {
	defer func() {
		if fault := recover(); fault != nil {
			res = Response{Status: http.StatusInternalServerError, Body: fmt.Append(nil, fault)}
		}
	}()
	return p.site.Serve(at)
}

// page sends a page with what the preview adds to it.
func (p *Preview) page(w http.ResponseWriter, r *http.Request, at, generation string, res Response) {
	found := p.site.Diagnostics(at)
	p.note(found)
	near := isNear(r)
	panel := p.panelOf(found, res.File, near)
	switch {
	case isPage(res) && (res.Status == http.StatusOK || res.Status == http.StatusNotFound):
	case res.Status == http.StatusNotFound:
		res.Body = p.failure(missing, nil, "", near)
	default: // names the errors itself
		res.Status, res.Body = http.StatusInternalServerError, p.failure(broken, found, string(res.Body), near)
		panel = p.panelOf(nil, "", near)
	}
	res.Body = withStrip(res)
	panel = p.dock(panel, res, near)
	tag := p.tag(res.Body, panel)
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Content-Type", "text/html; charset=utf-8")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	add := fmt.Appendf(panel, `<link rel="stylesheet" href="%s"><script src="%s" data-status="%d" data-generation="%s" data-etag='%s'></script>`+"\n", stylePath, scriptPath, res.Status, generation, tag)
	end := bytes.LastIndex(res.Body, []byte("</body>"))
	if end < 0 {
		end = len(res.Body)
	}
	h.Set("Content-Length", fmt.Sprint(len(res.Body)+len(add)))
	w.WriteHeader(res.Status)
	for _, part := range [][]byte{res.Body[:end], add, res.Body[end:]} {
		if _, err := w.Write(part); err != nil {
			return // the reader has gone
		}
	}
}

// tag names a page by what is shown, without what changes by itself.
func (p *Preview) tag(body, panel []byte) string {
	var h maphash.Hash
	h.SetSeed(p.seed)
	_, _ = h.Write(body) // never fails
	_, _ = h.Write(panel)
	return fmt.Sprintf(`"%016x"`, h.Sum64())
}

func isPage(res Response) bool { return strings.HasPrefix(res.Type, "text/html") }

// send sends what is not a page.
func send(w http.ResponseWriter, r *http.Request, mediaType string, body []byte) {
	w.Header().Set("Content-Type", cmp.Or(mediaType, "application/octet-stream"))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func redirect(w http.ResponseWriter, r *http.Request, to string) {
	u := url.URL{Path: to, RawQuery: r.URL.RawQuery}
	w.Header().Set("Location", u.String())
	w.WriteHeader(http.StatusFound)
}

// cleaned is an address without dots and double slashes.
func cleaned(at string) string {
	clean := path.Clean("/" + at)
	if strings.HasSuffix(at, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// isLocal reports whether a Host header names this machine.
func isLocal(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.ToLower(strings.Trim(name, "[]")), ".")
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback()
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}
