package external

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// kind is what an answer comes to.
type kind string

const (
	fine        kind = "gut"
	dead        kind = "tot"        // the server says that there is nothing
	unknownHost kind = "unbekannt"  // there is no such server
	silent      kind = "stumm"      // no answer, or a fault of the server
	insecure    kind = "zertifikat" // no connection that a browser would trust
	endless     kind = "schleife"   // redirected without end
	refused     kind = "abgewiesen" // the server does not answer programs
	private     kind = "privat"     // leads into a private network
)

// answer is what came of asking a target.
type answer struct {
	Asked   time.Time       `json:"asked"`
	Kind    kind            `json:"kind"`
	Status  int             `json:"status,omitempty"`
	Why     string          `json:"why,omitempty"`     // in German, of what has no status
	Moved   string          `json:"moved,omitempty"`   // where permanent redirects lead
	Secure  bool            `json:"secure,omitempty"`  // the same address answers with https
	Anchors map[string]bool `json:"anchors,omitempty"` // fragments that were looked for
	NoWay   bool            `json:"-"`                 // this machine could not send anything
	Down    bool            `json:"-"`                 // the target's own host did not answer at all
}

// How long answers hold. What was wrong may have been mended soon.
const (
	goodFor = 7 * 24 * time.Hour
	badFor  = 24 * time.Hour
	keepFor = 30 * 24 * time.Hour // in the file, for pages that come back
)

func (a *answer) holds(now time.Time) bool {
	age, most := now.Sub(a.Asked), badFor
	if a.Kind == fine || a.Kind == refused {
		most = goodFor
	}
	return age >= 0 && age < most
}

// memory is the cache: answers by address. It only saves requests; a file that
// cannot be read is an empty one.
type memory struct {
	now     time.Time
	mu      sync.Mutex
	all     map[string]*answer
	changed bool
}

func openCache(file string, now time.Time) *memory {
	m := &memory{now: now}
	if b, err := os.ReadFile(file); file != "" && err == nil {
		_ = json.Unmarshal(b, &m.all)
	}
	if m.all == nil {
		m.all = map[string]*answer{}
	}
	for address, a := range m.all {
		if a == nil || now.Sub(a.Asked) > keepFor {
			delete(m.all, address)
			m.changed = true
		}
	}
	return m
}

// get is the answer for a target, if it still holds and says something of all
// its fragments.
func (m *memory) get(t *target, fresh bool) *answer {
	a := m.all[t.address]
	if fresh || a == nil || !a.holds(m.now) {
		return nil
	}
	if a.Kind == fine {
		for f := range t.parts {
			if _, looked := a.Anchors[f]; !looked {
				return nil
			}
		}
	}
	return a
}

func (m *memory) put(t *target) {
	m.mu.Lock()
	m.all[t.address], m.changed = t.answer, true
	m.mu.Unlock()
}

func (m *memory) drop(t *target) { delete(m.all, t.address) }

// save writes the file in one step: two checks at once must not mix.
func (m *memory) save(file string) {
	b, err := json.MarshalIndent(m.all, "", " ")
	if file == "" || !m.changed || err != nil || os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".external-*")
	if err != nil {
		return
	}
	_, err = f.Write(append(b, '\n'))
	if closed := f.Close(); err == nil && closed == nil && os.Rename(f.Name(), file) == nil {
		return
	}
	_ = os.Remove(f.Name())
}
