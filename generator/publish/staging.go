package publish

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Staging is a release that grows beside its output. Write, Copy and Has may
// be called by many goroutines; the other methods by one.
type Staging struct {
	name  string // as the caller wrote it, for messages
	place place
	dir   string
	mode  fs.FileMode // of the output before, if there was one
	old   *manifest   // of the release before, or nil
	loose bool        // Dir was called: files may be there that Write has not seen

	mu    sync.Mutex
	taken map[string]string   // path in small letters → as written; folders too
	files map[string][32]byte // path → SHA-256

	exchange func(a, b string) error
}

// Tidy cleans up after killed builds of out, which the caller has locked: what
// they left is removed, and a release that lost its place is put back.
func Tidy(out string) error {
	p, err := locate(out)
	if err != nil {
		return err
	}
	return recoverOld(p)
}

// Stage opens a staging for out, which the caller has locked. It first tidies
// up after killed builds, and refuses an out that is not a release.
func Stage(out string) (*Staging, error) {
	p, err := locate(out)
	if err != nil {
		return nil, err
	}
	if err := recoverOld(p); err != nil {
		return nil, err
	}
	s := &Staging{
		name: out, place: p, mode: 0o755, exchange: exchange,
		taken: map[string]string{strings.ToLower(Marker): Marker},
		files: map[string][32]byte{},
	}
	if err := s.inspect(); err != nil {
		return nil, err
	}
	if s.old, err = readManifest(p.out()); err != nil {
		return nil, err
	}
	s.dir = p.beside("staging-" + strings.ToLower(rand.Text()[:10]))
	if err := os.Mkdir(s.dir, 0o755); err != nil {
		return nil, fmt.Errorf("Neben „%s“ lässt sich kein Ordner anlegen: %w", out, err)
	}
	return s, nil
}

// Write adds a file. path is slash-separated and relative to the release.
func (s *Staging) Write(path string, data []byte) error {
	if err := s.claim(path); err != nil {
		return err
	}
	if err := s.create(path, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
		return err
	}
	s.record(path, sha256.Sum256(data), int64(len(data)))
	return nil
}

// Keep adds a file as the release before has it, if that is still there and
// its content has this SHA-256, and returns its size in bytes. Nothing is read
// or written: both releases share the file. ok is false if it could not.
func (s *Staging) Keep(path string, sum [32]byte) (size int64, ok bool) {
	if s.old == nil || s.old.files[path] != sum {
		return 0, false
	}
	size, ok = intact(s.place.out(), path, s.old.written)
	if !ok || s.claim(path) != nil {
		return 0, false
	}
	from := filepath.Join(s.place.out(), filepath.FromSlash(path))
	to := filepath.Join(s.dir, filepath.FromSlash(path))
	err := os.Link(from, to)
	if errors.Is(err, fs.ErrNotExist) && os.MkdirAll(filepath.Dir(to), 0o755) == nil {
		err = os.Link(from, to)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil { // a file system without hard links
		delete(s.taken, strings.ToLower(path))
		return 0, false
	}
	s.files[path] = sum
	return size, true
}

// Below lists the files written so far below a folder, with their SHA-256.
func (s *Staging) Below(folder string) map[string][32]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string][32]byte{}
	for p, sum := range s.files {
		if strings.HasPrefix(p, folder+"/") {
			found[p] = sum
		}
	}
	return found
}

// intact returns the size of a release's file if it can still be what the
// manifest says: one touched after its release was written may be not.
func intact(out, path string, written time.Time) (size int64, ok bool) {
	fi, err := os.Lstat(filepath.Join(out, filepath.FromSlash(path)))
	if err != nil || !untouched(fi, written) {
		return 0, false
	}
	return fi.Size(), true
}

func untouched(fi fs.FileInfo, written time.Time) bool {
	return fi.Mode().IsRegular() && !fi.ModTime().After(written)
}

// Copy adds the file src of the disk under path.
func (s *Staging) Copy(path, src string) error {
	if err := s.claim(path); err != nil {
		return err
	}
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	h, n := sha256.New(), int64(0)
	err = s.create(path, func(w io.Writer) error {
		var err error
		n, err = io.Copy(io.MultiWriter(w, h), in)
		return err
	})
	if err != nil {
		return err
	}
	s.record(path, [32]byte(h.Sum(nil)), n)
	return nil
}

// Has reports whether path has been written.
func (s *Staging) Has(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.files[path]
	return ok
}

// Dir is the folder on the disk, for a writer that makes its own files (a
// search index). Commit finds and records them; they must be closed by then.
func (s *Staging) Dir() string {
	s.loose = true
	return s.dir
}

// Discard removes the staging. After Commit it does nothing, so it can be
// deferred.
func (s *Staging) Discard() {
	if s.dir != "" {
		os.RemoveAll(s.dir)
		s.dir = ""
	}
}

func (s *Staging) create(path string, fill func(io.Writer) error) error {
	name := filepath.Join(s.dir, filepath.FromSlash(path))
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := os.OpenFile(name, flags, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		f, err = os.OpenFile(name, flags, 0o644)
	}
	if err != nil {
		return err
	}
	return errors.Join(fill(f), f.Close())
}

// record notes a written file. One that is byte for byte the same as in the
// release before keeps its time, so that rsync has nothing to do.
func (s *Staging) record(path string, sum [32]byte, size int64) {
	s.mu.Lock()
	s.files[path] = sum
	s.mu.Unlock()
	if s.old == nil || s.old.files[path] != sum {
		return
	}
	old := filepath.Join(s.place.out(), filepath.FromSlash(path))
	if n, ok := intact(s.place.out(), path, s.old.written); ok && n == size {
		if fi, err := os.Lstat(old); err == nil {
			_ = os.Chtimes(filepath.Join(s.dir, filepath.FromSlash(path)), time.Time{}, fi.ModTime())
		}
	}
}

// claim checks a path and reserves it together with its folders, whose
// spelling must be one throughout: some disks take "A" and "a" for the same.
func (s *Staging) claim(p string) error {
	if err := checkPath(p); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.taken[strings.ToLower(p)]; ok {
		return conflict(p, other)
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		other, ok := s.taken[strings.ToLower(dir)]
		if ok && other != dir+"/" {
			return conflict(p, other)
		}
		if ok {
			break // its own folders are in order
		}
	}
	s.taken[strings.ToLower(p)] = p
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		s.taken[strings.ToLower(dir)] = dir + "/"
	}
	return nil
}

func conflict(p, other string) error {
	if p == other {
		return fmt.Errorf("„%s“ entsteht zweimal; jede Adresse darf es nur einmal geben", p)
	}
	return fmt.Errorf("„%s“ und „%s“ können nicht nebeneinander stehen: Ihre Namen unterscheiden sich höchstens in der Groß- und Kleinschreibung, oder eine Datei heißt wie ein Ordner", p, other)
}

func checkPath(p string) error {
	bad := !fs.ValidPath(p) || p == "." || strings.ContainsFunc(p, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '\\'
	})
	if !bad && filepath.IsLocal(filepath.FromSlash(p)) { // no drive or device names on Windows
		return nil
	}
	return fmt.Errorf("„%s“ ist kein Ort in der Ausgabe: Pfade sind relativ, mit „/“ getrennt und ohne „..“ und Steuerzeichen", strings.ToValidUTF8(p, "?"))
}

func hexSum(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
