package external

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	redirectsAtMost = 10
	patience        = 60 * time.Second // that a server may ask for
)

// errProxy says that the proxy has opened no way to a server.
var errProxy = errors.New("refused by the proxy")

// asker sends requests. It has no cookies and names no referrer.
type asker struct {
	*network
	agent  string
	direct *http.Transport
	proxy  *http.Transport

	mu    sync.Mutex
	gates map[string]*gate
}

func newAsker(n *network, agent string) *asker {
	transport := func() *http.Transport {
		return &http.Transport{
			ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: n.roots}, TLSHandshakeTimeout: n.timeout, ResponseHeaderTimeout: n.timeout,
			MaxResponseHeaderBytes: 1 << 20, MaxIdleConns: 2 * hostsAtOnce, IdleConnTimeout: 5 * time.Second,
		}
	}
	a := &asker{network: n, agent: agent, direct: transport(), proxy: transport(), gates: map[string]*gate{}}
	a.direct.DialContext = n.dial
	// The proxy may well stand in a private network; it resolves the names.
	a.proxy.Proxy = http.ProxyFromEnvironment
	a.proxy.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
		if r.StatusCode != http.StatusOK {
			return errProxy
		}
		return nil
	}
	return a
}

func (a *asker) close() {
	a.direct.CloseIdleConnections()
	a.proxy.CloseIdleConnections()
}

// gate lets one request at a time through to a host, with pauses between them.
type gate struct {
	turn chan struct{}
	free time.Time // not before
}

func (a *asker) gate(host string) *gate {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.gates[host]
	if g == nil {
		g = &gate{turn: make(chan struct{}, 1)}
		a.gates[host] = g
	}
	return g
}

// ask asks for a target, more than once if what failed may be over soon.
func (a *asker) ask(ctx context.Context, t *target) answer {
	for try := 0; ; try++ {
		got, wait, again := a.follow(ctx, t)
		if !again || try == len(a.retries) || wait > patience {
			return a.secure(ctx, t, got)
		}
		if a.sleep(ctx, max(wait, a.retries[try])) != nil {
			return got
		}
	}
}

// secure finds out whether what answers at http also answers at https.
func (a *asker) secure(ctx context.Context, t *target, got answer) answer {
	rest, plain := strings.CutPrefix(t.address, "http://")
	if plain && got.Kind == fine && got.Moved == "" {
		other, _, _ := a.follow(ctx, &target{address: "https://" + rest, host: t.host})
		got.Secure = other.Kind == fine && !strings.HasPrefix(other.Moved, "http://")
	}
	return got
}

// follow asks once, through all redirects. again says that it may be otherwise
// after a while.
func (a *asker) follow(ctx context.Context, t *target) (got answer, wait time.Duration, again bool) {
	method, at := http.MethodHead, t.address
	if len(t.parts) > 0 {
		method = http.MethodGet
	}
	moved, permanent, cookies, seen := "", true, false, []string{at}
	for {
		r, err := a.request(ctx, method, at, t.fragments())
		if err != nil {
			got, again = failed(err)
			got.Down = len(seen) == 1 && (got.Kind == silent || got.Kind == unknownHost)
			return got, 0, again
		}
		cookies = cookies || r.cookies
		switch {
		case method == http.MethodHead && r.status >= 400 && r.status != http.StatusTooManyRequests:
			method = http.MethodGet // many servers know no HEAD and say so in many ways
			continue
		case r.location == "":
			if got = r.judged(); got.Kind == fine {
				got.Moved = moved
			}
			return got, r.wait, r.later()
		}
		if permanent = permanent && r.permanent(); permanent {
			moved = r.location
		}
		switch at = r.location; {
		case len(seen) > redirectsAtMost || slices.Contains(seen, at):
			if cookies { // a browser with cookies may well arrive
				return answer{Kind: refused, Why: "leitet ohne Cookies im Kreis"}, 0, false
			}
			return answer{Kind: endless}, 0, false
		case !strings.HasPrefix(at, "http://") && !strings.HasPrefix(at, "https://"):
			return answer{Kind: refused, Why: "leitet aus dem Web hinaus"}, 0, false
		}
		if u, err := url.Parse(at); err != nil || privateName(u.Hostname()) {
			return answer{Kind: private}, 0, false
		}
		seen = append(seen, at)
	}
}

// reply is what one request came to.
type reply struct {
	status   int
	location string // absolute, of a redirect
	cookies  bool
	wait     time.Duration   // that the server asks for
	anchors  map[string]bool // those found or not; nil if nobody can say
}

func (r *reply) permanent() bool {
	return r.status == http.StatusMovedPermanently || r.status == http.StatusPermanentRedirect
}

// later reports whether it is worth asking again.
func (r *reply) later() bool {
	return r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout || r.status >= 500 && r.status != http.StatusNotImplemented && r.status < 600
}

// judged is what a status says about a page.
func (r *reply) judged() answer {
	a := answer{Status: r.status, Anchors: r.anchors}
	switch {
	case r.status < 400, r.status == http.StatusRequestedRangeNotSatisfiable:
		a.Kind = fine
	case r.status >= 500 && r.status < 600, r.status == http.StatusRequestTimeout:
		a.Kind = silent
	case slices.Contains([]int{401, 402, 403, 405, 406, 407, 418, 429, 451}, r.status), r.status >= 600:
		a.Kind = refused
	default:
		a.Kind = dead
	}
	return a
}

// request sends one request when it is the host's turn, and reads as much of
// the answer as is needed.
func (a *asker) request(ctx context.Context, method, address string, fragments []string) (*reply, error) {
	req, err := http.NewRequest(method, address, nil)
	if err != nil {
		return nil, err
	}
	g := a.gate(req.URL.Hostname())
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r := &reply{}
	defer func() {
		g.free = a.now().Add(max(a.pause, min(r.wait, patience)))
		<-g.turn
	}()
	if wait := g.free.Sub(a.now()); wait > 0 {
		if err := a.sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
	ctx, stop := context.WithTimeout(ctx, a.timeout)
	defer stop()
	req.Header.Set("User-Agent", a.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	req.Header.Set("Accept-Language", "de,en;q=0.8")
	if method == http.MethodGet && len(fragments) == 0 {
		req.Header.Set("Range", "bytes=0-1023")
	}
	resp, err := a.transport(req).RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	r.status, r.cookies, r.wait = resp.StatusCode, len(resp.Header["Set-Cookie"]) > 0, a.retryAfter(resp)
	if to, err := resp.Location(); err == nil && slices.Contains([]int{301, 302, 303, 307, 308}, r.status) {
		to.Fragment = ""
		r.location = to.String()
	}
	if len(fragments) > 0 && r.location == "" && r.status < 400 {
		r.anchors = anchors(resp, fragments)
	}
	return r, nil
}

// transport goes by the proxy that the environment names, or directly.
func (a *asker) transport(req *http.Request) *http.Transport {
	if a.proxied {
		if p, err := http.ProxyFromEnvironment(req); err != nil || p != nil {
			return a.proxy
		}
	}
	return a.direct
}

// retryAfter is how long a server asks to be left alone.
func (a *asker) retryAfter(resp *http.Response) time.Duration {
	v := resp.Header.Get("Retry-After")
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable || v == "" {
		return 0
	}
	if s, err := strconv.Atoi(v); err == nil {
		return time.Duration(max(0, min(s, 1<<20))) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, t.Sub(a.now()))
	}
	return 0
}

// failed says what an error of the network means.
func failed(err error) (got answer, again bool) {
	var (
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		header  tls.RecordHeaderError
		alert   tls.AlertError
		timeout net.Error
	)
	switch {
	case errors.Is(err, errPrivate):
		return answer{Kind: private}, false
	case errors.As(err, &dns) && dns.IsNotFound:
		return answer{Kind: unknownHost}, false
	case errors.As(err, &dns):
		return answer{Kind: silent, Why: "der Name des Servers lässt sich nicht auflösen", NoWay: true}, true
	case errors.As(err, &cert), errors.As(err, &header), errors.As(err, &alert):
		return answer{Kind: insecure}, false
	case errors.Is(err, errProxy):
		return answer{Kind: silent, Why: "der Proxy stellt keine Verbindung her", NoWay: true}, true
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), strings.Contains(err.Error(), "proxyconnect"):
		return answer{Kind: silent, Why: "es gibt keinen Weg dorthin", NoWay: true}, true
	case errors.Is(err, syscall.ECONNREFUSED):
		return answer{Kind: silent, Why: "der Server nimmt keine Verbindung an"}, true
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return answer{Kind: silent, Why: "der Server antwortet nicht rechtzeitig"}, true
	}
	return answer{Kind: silent, Why: "die Verbindung bricht ab"}, true
}
