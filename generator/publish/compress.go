package publish

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

var compressible = []string{".html", ".css", ".js", ".mjs", ".json", ".jsonld", ".geojson", ".webmanifest",
	".xml", ".atom", ".svg", ".txt", ".ics", ".csv", ".bib", ".ris"}

// Compress writes NAME.br and NAME.gz beside every file of text written so
// far, where that makes it smaller, for web servers that deliver them as they
// are. level is Brotli's, 1 to 11; gzip takes the nearest it has. What the
// release before has of the same content is kept.
func (s *Staging) Compress(level int) error {
	paths := make(chan string)
	errs := make([]error, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			p := newPacker(level)
			for path := range paths {
				if errs[i] == nil && !s.keepPacked(path) {
					errs[i] = p.pack(s, path)
				}
			}
		})
	}
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		if slices.Contains(compressible, path.Ext(p)) {
			paths <- p
		}
	}
	close(paths)
	wg.Wait()
	return errors.Join(errs...)
}

// keepPacked keeps both compressed forms of a file that has not changed. A file
// that has none is tried again: why it has none is not known.
func (s *Staging) keepPacked(path string) bool {
	if s.old == nil || s.old.files[path] != s.sum(path) {
		return false
	}
	kept := true
	for _, ext := range []string{".br", ".gz"} {
		sum, ok := s.old.files[path+ext]
		if ok {
			_, ok = s.Keep(path+ext, sum)
		}
		kept = kept && ok
	}
	return kept
}

func (s *Staging) sum(path string) [32]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[path]
}

// packer keeps its writers: they are large, and the files many.
type packer struct {
	brotli *brotli.Writer
	gzip   *gzip.Writer
	out    bytes.Buffer
}

func newPacker(level int) *packer {
	p := &packer{brotli: brotli.NewWriterLevel(nil, min(max(level, 1), brotli.BestCompression))}
	p.gzip, _ = gzip.NewWriterLevel(nil, min(max(level, 1), gzip.BestCompression)) // the level is one it has
	return p
}

func (p *packer) pack(s *Staging, path string) error {
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(path)))
	if err != nil {
		return err
	}
	p.brotli.Reset(&p.out)
	p.gzip.Reset(&p.out)
	for _, form := range []struct {
		ext string
		w   io.WriteCloser
	}{{".br", p.brotli}, {".gz", p.gzip}} {
		if s.Has(path + form.ext) {
			continue // kept
		}
		if err := p.write(s, path+form.ext, data, form.w); err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) write(s *Staging, path string, data []byte, w io.WriteCloser) error {
	p.out.Reset()
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil || p.out.Len() >= len(data) {
		return err
	}
	return s.Write(path, p.out.Bytes())
}
