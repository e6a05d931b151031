package preview

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"net/http"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

const (
	// heartbeat keeps a stream from looking dead, and finds out whether it is.
	heartbeat = 15 * time.Second
	// retry is how long a page waits before it asks for a stream again.
	retry = 300 * time.Millisecond
	// maxPaths is how many addresses are told one by one.
	maxPaths = 500
)

// stream is the connection to an open page. What it has not been told yet is
// gathered.
type stream struct {
	wake  chan struct{} // holds one
	all   bool
	paths []string
}

// event is what a page is told: the generation, and the addresses that are
// answered differently; null means any.
type event struct {
	Generation string   `json:"generation"`
	Paths      []string `json:"paths"`
}

// Reload tells all open pages that the site has changed.
func (p *Preview) Reload(what Change) {
	errors := p.sum(p.site.Diagnostics("/"))
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors != p.errors { // every page shows them
		p.errors, what.Paths = errors, nil
	}
	p.tell(what)
}

// note takes up errors that were only found when a page was made: the others
// are to show them as well.
func (p *Preview) note(found []diag.Diagnostic) {
	errors := p.sum(found)
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors != p.errors {
		p.errors = errors
		p.tell(Change{})
	}
}

// sum stands for the errors among the findings, in whatever order they are.
func (p *Preview) sum(found []diag.Diagnostic) (sum uint64) {
	for _, d := range found {
		if d.Severity == diag.Error {
			sum += maphash.String(p.seed, d.String())
		}
	}
	return sum
}

// tell begins a generation and wakes the streams; the lock is held.
func (p *Preview) tell(what Change) {
	p.generation++
	for s := range p.streams {
		s.all = s.all || what.Paths == nil || len(s.paths)+len(what.Paths) > maxPaths
		s.paths = append(s.paths, what.Paths...)
		select {
		case s.wake <- struct{}{}:
		default: // is awake already
		}
	}
}

// Close ends all streams, so that a server can end.
func (p *Preview) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
}

// now names the present generation.
func (p *Preview) now() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.name()
}

func (p *Preview) name() string { return fmt.Sprintf("%x-%d", p.boot, p.generation) }

// stream sends events until the page is left or the preview ends. A page that
// shows another generation than the present one hears of it at once.
func (p *Preview) stream(w http.ResponseWriter, r *http.Request) {
	s := &stream{wake: make(chan struct{}, 1)}
	p.mu.Lock()
	p.streams[s] = true
	if r.FormValue("generation") != p.name() {
		s.all = true
		s.wake <- struct{}{}
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.streams, s)
		p.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	write := func(text string) bool {
		// The server's own limit is for an answer, not for a stream.
		_ = out.SetWriteDeadline(time.Now().Add(2 * heartbeat)) // not every writer can
		if _, err := w.Write([]byte(text)); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	for ok := write(fmt.Sprintf("retry: %d\n\n", retry.Milliseconds())); ok; {
		select {
		case <-r.Context().Done():
			return
		case <-p.closed:
			return
		case <-alive.C:
			ok = write(":\n\n")
		case <-s.wake:
			e, some := p.take(s)
			if !some {
				break
			}
			text, err := json.Marshal(e)
			ok = err == nil && write(fmt.Sprintf("event: reload\ndata: %s\n\n", text))
		}
	}
}

// take empties what a stream has gathered; some is false if that is nothing.
func (p *Preview) take(s *stream) (e event, some bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, some = event{Generation: p.name(), Paths: s.paths}, s.all || len(s.paths) > 0
	if s.all {
		e.Paths = nil
	}
	s.all, s.paths = false, nil
	return e, some
}
