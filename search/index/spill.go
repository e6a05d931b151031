package index

import (
	"os"
	"sync"
)

// spill is a file for what is too much for memory. Many goroutines may append
// to it and read from it.
type spill struct {
	file *os.File
	mu   sync.Mutex
	end  int64
}

// extent is a piece of a spill.
type extent struct {
	at int64
	n  int
}

func newSpill(path string) (*spill, error) {
	f, err := os.Create(path)
	return &spill{file: f}, err
}

func (s *spill) append(b []byte) (extent, error) {
	s.mu.Lock()
	at := extent{s.end, len(b)}
	s.end += int64(len(b))
	s.mu.Unlock()
	_, err := s.file.WriteAt(b, at.at)
	return at, err
}

// read returns an extent, in buf if there is room for it.
func (s *spill) read(at extent, buf []byte) ([]byte, error) {
	if cap(buf) < at.n {
		buf = make([]byte, at.n)
	}
	buf = buf[:at.n]
	_, err := s.file.ReadAt(buf, at.at)
	return buf, err
}

// close removes the spill.
func (s *spill) close() {
	if s != nil && s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
		s.file = nil
	}
}
