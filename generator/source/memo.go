package source

import (
	"crypto/sha256"
	"io/fs"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// Memo remembers what was read of a site from one Load to the next, so that
// only what has changed is read again. A nil Memo remembers nothing. What it
// hands out is shared: entries that were read do not change, site.Assemble
// works on copies.
type Memo struct {
	mu      sync.Mutex
	config  *site.Config
	defs    Definitions
	diags   []diag.Diagnostic // of both
	files   map[string]*parsed
	trusted bool            // only what is in changed needs to be looked at
	changed map[string]bool // paths below content
}

// Trust lets the next Load look at the named files only, given by their paths
// below content, and at those it does not know. Without definitions,
// configuration, types and vocabularies are read again, and with them, all.
func (m *Memo) Trust(changed []string, definitions bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trusted, m.changed = definitions && m.config != nil && m.defs.Types != nil, map[string]bool{}
	for _, p := range changed {
		m.changed[p] = true
	}
}

// definitions reads configuration, types and vocabularies, or remembers them.
func (m *Memo) definitions(f Files, diags *diag.List) (*site.Config, Definitions) {
	if m == nil {
		return readDefinitions(f, diags)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.trusted {
		list := &diag.List{Lenient: diags.Lenient}
		m.config, m.defs = readDefinitions(f, list)
		m.diags, m.files = list.Sorted(), nil // fields point into the definitions
	}
	diags.Add(m.diags...)
	if m.config == nil {
		return nil, m.defs
	}
	c := *m.config // a build may set its own address
	return &c, m.defs
}

// Again reads one text, with the companion that it had, again and returns its entry before and now. ok is false
// if either is none.
func (m *Memo) Again(content fs.FS, file string, seen func(*site.Entry, []byte)) (before, now *site.Entry, ok bool) {
	m.mu.Lock()
	old, l := m.files[file], &loader{fs: content, cfg: m.config, types: m.defs.Types, seen: seen}
	m.mu.Unlock()
	if old == nil || old.entry == nil {
		return nil, nil, false
	}
	if c := old.entry.Companion; c != "" {
		l.companions = map[string]string{file: strings.TrimPrefix(c, "content/")}
	}
	p := l.file(file, nil, true)
	if p.entry == nil {
		return nil, nil, false
	}
	m.mu.Lock()
	m.files[file] = p
	m.mu.Unlock()
	return old.entry, p.entry, true
}

// Found are the findings of a file when it was read last.
func (m *Memo) Found(file string) []diag.Diagnostic {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.files[file]; p != nil {
		return p.diags
	}
	return nil
}

// recall is a file that need not be looked at.
func (m *Memo) recall(path string) *parsed {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.trusted || m.changed[path] || m.changed[companionOf(path)] {
		return nil
	}
	return m.files[path]
}

// same is a file that has been read before with the same bytes.
func (m *Memo) same(path string, sum [sha256.Size]byte) *parsed {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.files[path]; p != nil && p.hash == sum {
		return p
	}
	return nil
}

// keep remembers these files and forgets all others.
func (m *Memo) keep(files []string, read []*parsed) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files, m.trusted, m.changed = make(map[string]*parsed, len(files)), false, nil
	for i, p := range files {
		m.files[p] = read[i]
	}
}
