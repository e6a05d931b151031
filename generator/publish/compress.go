package publish

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
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
// are. level is Brotli's, 1 to 11; gzip takes the nearest it has. made, which may
// be nil, remembers what came out of which content, so that the files of the
// release before can be kept; a static file of such a name is not taken for one.
func (s *Staging) Compress(level int, made Made) error {
	paths := make(chan string)
	errs := make([]error, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			p := newPacker(level)
			for path := range paths {
				if errs[i] != nil {
					continue
				}
				key := packedKey(level, s.sum(path))
				if made != nil {
					if sums, ok := made.Get(key); ok && s.keepPacked(path, sums) {
						continue
					}
				}
				var sums []byte
				if sums, errs[i] = p.pack(s, path); errs[i] == nil && made != nil {
					made.Put(key, sums)
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

// Made remembers small values by a hash. It may forget anything at any time,
// and is used by many goroutines at once.
type Made interface {
	Get(key [32]byte) (value []byte, ok bool)
	Put(key [32]byte, value []byte)
}

func packedKey(level int, sum [32]byte) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "packed %d %x", level, sum))
}

var packedExts = [...]string{".br", ".gz"}

// keepPacked keeps the compressed forms of a file, given their SHA-256 one
// behind the other; that of a form it does not have is zero.
func (s *Staging) keepPacked(path string, sums []byte) bool {
	if len(sums) != len(packedExts)*sha256.Size {
		return false
	}
	for i, ext := range packedExts {
		sum := [32]byte(sums[i*sha256.Size:])
		if sum == [32]byte{} || s.Has(path+ext) {
			continue
		}
		if _, ok := s.Keep(path+ext, sum); !ok {
			return false
		}
	}
	return true
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

type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newPacker(level int) *packer {
	p := &packer{brotli: brotli.NewWriterLevel(nil, min(max(level, 1), brotli.BestCompression))}
	p.gzip, _ = gzip.NewWriterLevel(nil, min(max(level, 1), gzip.BestCompression)) // the level is one it has
	return p
}

// pack makes what there is not yet, and returns the hashes that keepPacked wants.
func (p *packer) pack(s *Staging, path string) (sums []byte, err error) {
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	for i, w := range []compressor{p.brotli, p.gzip} {
		packed, err := p.shrink(data, w)
		if err != nil {
			return nil, err
		}
		sum := [32]byte{}
		if len(packed) > 0 {
			sum = sha256.Sum256(packed)
			// There may be a static file of the name, or one that was kept.
			if name := path + packedExts[i]; !s.Has(name) {
				if err := s.Write(name, packed); err != nil {
					return nil, err
				}
			}
		}
		sums = append(sums, sum[:]...)
	}
	return sums, nil
}

// shrink returns data compressed, nil if that is not smaller. It is valid until
// the next call.
func (p *packer) shrink(data []byte, w compressor) ([]byte, error) {
	p.out.Reset()
	w.Reset(&p.out)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil || p.out.Len() >= len(data) {
		return nil, err
	}
	return p.out.Bytes(), nil
}
