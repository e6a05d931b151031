package render

import "sync"

// memo keeps what has been computed for a key. It is asked by many goroutines;
// the first to want a key computes it, others wait.
type memo[K comparable, V any] struct {
	compute func(K) V
	mu      sync.RWMutex
	known   map[K]func() V
}

func newMemo[K comparable, V any](compute func(K) V) *memo[K, V] {
	return &memo[K, V]{compute: compute, known: map[K]func() V{}}
}

func (m *memo[K, V]) get(k K) V {
	m.mu.RLock()
	v, ok := m.known[k]
	m.mu.RUnlock()
	if !ok {
		m.mu.Lock()
		if v, ok = m.known[k]; !ok {
			v = sync.OnceValue(func() V { return m.compute(k) })
			m.known[k] = v
		}
		m.mu.Unlock()
	}
	return v()
}
