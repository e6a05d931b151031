// Package external asks whether the foreign addresses that a site leads to
// still answer. Nothing else in the portal opens a connection to the outside,
// and this only when it is called.
//
// Terms: a link is an address at a place of the source; a target is an address
// without its fragment, with all places that lead there; an answer is what came
// of asking a target, and is kept in a cache; a gate lets one request at a time
// through to a host.
//
// Flow (Check): links become targets (address.go); what is no matter of asking
// is said at once; what the cache still knows is not asked (cache.go). The rest
// is asked host by host, a few hosts at a time (ask.go), through a dialer that
// reaches public addresses only (guard.go). Then the answers become findings
// (report.go).
//
// robots.txt is not read: it speaks to programs that gather what they find.
// Here a page is asked for that an editor has linked to, once a week, as a
// reader's browser would; what is answered is not kept.
package external

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Link is an address at a place.
type Link struct {
	URL string
	Pos diag.Pos
}

// Options of a check. The zero value asks everything and keeps nothing.
type Options struct {
	Cache    string                    // file; "" keeps nothing
	Fresh    bool                      // ask also what the cache knows
	Agent    string                    // User-Agent
	Ignore   func(address string) bool // addresses that are not to be asked
	Progress func(done, total int)

	net *network // nil: the real one
}

// Summary says what was done, by addresses.
type Summary struct {
	Total   int // different addresses
	Asked   int
	Known   int // answered by the cache
	Broken  int // reported as a warning
	Skipped int // to be ignored
	Open    int // neither asked nor known when the check ended
	Offline bool
}

// Why a check ends before everything has been asked.
var (
	errOffline = errors.New("nothing outside answers")
	errLimit   = errors.New("time is up")
)

const (
	hostsAtOnce = 8
	// offlineAfter is after how many hosts in vain, and none that answered,
	// there is taken to be no way out.
	offlineAfter = 6
)

// Check asks and reports. When ctx ends, it reports what is known by then.
func Check(ctx context.Context, links []Link, o Options, diags *diag.List) Summary {
	n := o.net
	if n == nil {
		n = realNetwork()
	}
	c := &check{Options: o, network: n, diags: diags, cache: openCache(o.Cache, n.now())}
	c.targets = c.plan(links)
	c.askAll(ctx)
	c.cache.save(o.Cache)
	c.report(context.Cause(ctx) != nil)
	return c.sum
}

// check is the state of one check.
type check struct {
	Options
	*network
	diags   *diag.List
	cache   *memory
	targets []*target // by address
	sum     Summary

	todo     int
	answered atomic.Bool  // somebody has
	vain     atomic.Int64 // hosts whose first address did not
	asked    atomic.Int64
	done     atomic.Int64
	timeIsUp bool
}

// pending are the targets that the cache does not know, by host.
func (c *check) pending() (hosts []string, groups map[string][]*target) {
	groups = map[string][]*target{}
	for _, t := range c.targets {
		if known := c.cache.get(t, c.Fresh); known != nil {
			t.answer = known
			c.sum.Known++
			continue
		}
		if groups[t.host] == nil {
			hosts = append(hosts, t.host)
		}
		groups[t.host] = append(groups[t.host], t)
		c.todo++
	}
	slices.Sort(hosts)
	return hosts, groups
}

// askAll asks what is pending, a few hosts at a time.
func (c *check) askAll(ctx context.Context) {
	hosts, groups := c.pending()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, end := context.WithTimeoutCause(ctx, c.limit, errLimit)
	defer end()
	a := newAsker(c.network, c.Agent)
	defer a.close()
	next := make(chan string)
	var wg sync.WaitGroup
	for range min(hostsAtOnce, len(hosts)) {
		wg.Go(func() {
			for h := range next {
				c.askHost(ctx, a, groups[h], stop)
			}
		})
	}
	for _, h := range hosts {
		next <- h
	}
	close(next)
	wg.Wait()
	c.sum.Asked = int(c.asked.Load())
	c.timeIsUp = errors.Is(context.Cause(ctx), errLimit)
	c.sum.Offline = c.offline(ctx, groups)
}

// inVain is how many addresses of a host are asked before the host is taken to
// be down, and with it all of its addresses.
const inVain = 2

func (c *check) askHost(ctx context.Context, a *asker, group []*target, stop context.CancelCauseFunc) {
	down := 0
	for i, t := range group {
		if ctx.Err() != nil {
			return
		}
		var got answer
		if down == inVain {
			got = *group[i-1].answer
		} else {
			got = a.ask(ctx, t)
			if ctx.Err() != nil {
				return // it may be the end that made it fail
			}
			c.asked.Add(1)
			if down++; !got.Down {
				down = 0
			}
		}
		got.Asked = c.now()
		t.answer = &got
		c.cache.put(t)
		if got.Kind != silent && got.Kind != unknownHost && got.Kind != private {
			c.answered.Store(true)
		} else if i == 0 && c.vain.Add(1) >= offlineAfter && !c.answered.Load() {
			stop(errOffline)
		}
		if d := c.done.Add(1); c.Progress != nil {
			c.Progress(int(d), c.todo)
		}
	}
}

// offline reports whether nothing could be asked because there is no way out.
// Then no address is called dead, and nothing of it is kept.
func (c *check) offline(ctx context.Context, groups map[string][]*target) bool {
	gone := errors.Is(context.Cause(ctx), errOffline)
	if !gone {
		failed, noWay := 0, false
		for _, g := range groups {
			for _, t := range g {
				if t.answer != nil && (t.answer.Kind == silent || t.answer.Kind == unknownHost) {
					failed++
					noWay = noWay || t.answer.NoWay
				}
			}
		}
		gone = failed > 0 && noWay && !c.answered.Load()
	}
	if gone {
		for _, g := range groups {
			for _, t := range g {
				if t.answer != nil {
					c.cache.drop(t)
					t.answer = nil
				}
			}
		}
		c.sum.Asked = 0
	}
	return gone
}

// target is an address without its fragment, and what leads there.
type target struct {
	address string
	host    string // whose turn it has to wait for
	at      []diag.Pos
	parts   map[string][]diag.Pos // places by fragment
	answer  *answer
}

// fragments are those that can be looked for, sorted.
func (t *target) fragments() []string {
	var out []string
	for f := range t.parts {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

func byPlace(a, b diag.Pos) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

// network is what a check has of the world; tests give it another.
type network struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
	dial  dialFunc // direct connections

	pause   time.Duration // between two requests to a host
	timeout time.Duration // of one request
	limit   time.Duration // of all
	retries []time.Duration
	proxied bool           // ask the environment for a proxy
	roots   *x509.CertPool // nil: the system's
}

func realNetwork() *network {
	return &network{
		now: time.Now, sleep: sleep, dial: guarded().DialContext,
		pause: time.Second, timeout: 20 * time.Second, limit: 30 * time.Minute,
		retries: []time.Duration{2 * time.Second, 8 * time.Second},
		proxied: true,
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
