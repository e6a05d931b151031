package publish

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Marker is a dot file: web servers and upload tools pass it over or
// deliver it, and neither does harm, for it names only what is public anyway.
const Marker = ".portal-release"

type manifest struct {
	files   map[string][32]byte
	written time.Time
}

// readManifest returns nil when dir has none.
func readManifest(dir string) (*manifest, error) {
	name := filepath.Join(dir, Marker)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fi, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	m := &manifest{files: map[string][32]byte{}, written: fi.ModTime()}
	for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
		sum, p, ok := strings.Cut(sc.Text(), "  ")
		h, err := hex.DecodeString(sum)
		if !ok || err != nil || len(h) != 32 {
			continue // a spoilt line costs a file its time, nothing more
		}
		m.files[p] = [32]byte(h)
	}
	return m, nil
}

// writeManifest comes last: its time is later than that of every file.
func (s *Staging) writeManifest() error {
	if s.loose {
		if err := s.recordLoose(); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		fmt.Fprintf(&b, "%s  %s\n", hexSum(s.files[p]), p)
	}
	return os.WriteFile(filepath.Join(s.dir, Marker), b.Bytes(), 0o644)
}

func (s *Staging) recordLoose() error {
	return filepath.WalkDir(s.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(s.dir, name)
		if err != nil {
			return err
		}
		if rel = filepath.ToSlash(rel); s.Has(rel) {
			return nil
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return err
		}
		s.files[rel] = [32]byte(h.Sum(nil))
		return nil
	})
}

// Identity is the hash of a release's manifest, false when out has none or when
// a file of it is missing, was touched since, or has got company: what lies in
// a release without being part of it does not outlive a build.
func Identity(out string) ([32]byte, bool) {
	b, err := os.ReadFile(filepath.Join(out, Marker))
	if err != nil {
		return [32]byte{}, false
	}
	m, err := readManifest(out)
	if err != nil || m == nil {
		return [32]byte{}, false
	}
	found := 0
	err = filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || slices.Contains(litter, d.Name()) {
			return err
		}
		rel, err := filepath.Rel(out, name)
		if err != nil || rel == Marker {
			return err
		}
		info, err := d.Info()
		if _, known := m.files[filepath.ToSlash(rel)]; err != nil || !known || !untouched(info, m.written) {
			return errTouched
		}
		found++
		return nil
	})
	return sha256.Sum256(b), err == nil && found == len(m.files)
}

var errTouched = errors.New("publish: not the release that was written")

// Verify compares a release on the disk with its manifest and returns the
// first file that is missing or different.
func Verify(out string) error {
	m, err := readManifest(out)
	if err != nil {
		return err
	}
	if m == nil {
		return fmt.Errorf("„%s“ ist keine Ausgabe von portal", out)
	}
	for _, p := range slices.Sorted(maps.Keys(m.files)) {
		b, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(p)))
		if err != nil {
			return err
		}
		if sha256.Sum256(b) != m.files[p] {
			return fmt.Errorf("„%s“ ist nicht mehr, was veröffentlicht wurde", p)
		}
	}
	return nil
}
