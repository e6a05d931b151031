package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var errNoExchange = errors.New("exchange of folders not supported")

// litter is what operating systems leave in every folder they show.
var litter = []string{".DS_Store", "Thumbs.db", "desktop.ini"}

// Commit puts the release in the place of the one before.
func (s *Staging) Commit() error { return Commit(s) }

// Commit puts several releases in place, in the order given. All are complete
// on the disk before the first is moved; when one cannot be moved, those
// before it are moved back.
func Commit(all ...*Staging) error {
	for _, s := range all {
		if err := s.prepare(); err != nil {
			return err
		}
	}
	for i, s := range all {
		if err := s.swap(); err != nil {
			for _, done := range slices.Backward(all[:i]) {
				err = errors.Join(err, done.swapBack())
			}
			return fmt.Errorf("„%s“ lässt sich nicht ersetzen: %w", s.name, err)
		}
	}
	for _, s := range all {
		_ = flushDir(s.place.dir)
		s.Discard() // by now it holds the release before
	}
	return nil
}

func (s *Staging) prepare() error {
	if s.dir == "" {
		return errors.New("publish: staging is closed")
	}
	if err := s.inspect(); err != nil {
		return err
	}
	if err := s.writeManifest(); err != nil {
		return err
	}
	if err := os.Chmod(s.dir, s.mode); err != nil {
		return err
	}
	if err := flush(s.dir); err != nil {
		return fmt.Errorf("Die neue Fassung von „%s“ lässt sich nicht auf die Platte schreiben: %w", s.name, err)
	}
	return nil
}

// swap exchanges staging and output; afterwards dir holds the old release, or
// is not there if there was none.
func (s *Staging) swap() error {
	out := s.place.out()
	if _, err := os.Lstat(out); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(s.dir, out)
	}
	err := s.exchange(s.dir, out)
	if !errors.Is(err, errNoExchange) {
		return err
	}
	old := s.place.beside("previous")
	if err := os.Rename(out, old); err != nil {
		return err
	}
	if err := os.Rename(s.dir, out); err != nil {
		return errors.Join(err, os.Rename(old, out))
	}
	return os.Rename(old, s.dir)
}

func (s *Staging) swapBack() error {
	if _, err := os.Lstat(s.dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(s.place.out(), s.dir)
	}
	return s.swap()
}

// inspect refuses an output that is not ours to replace: anything but a
// release, an empty folder or nothing at all. What lies in a release without
// being part of it (a .git, a CNAME) would be lost, so it counts as well; it
// is looked for at the top only, for a search index grows files of its own.
func (s *Staging) inspect() error {
	out := s.place.out()
	fi, err := os.Lstat(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !fi.IsDir() {
		return fmt.Errorf("„%s“ ist kein Ordner; bitte mit --out einen anderen Ort für die Ausgabe nennen", s.name)
	}
	if !sameDevice(out, s.place.dir) {
		return fmt.Errorf("„%s“ ist ein eingehängtes Laufwerk und lässt sich nicht als Ganzes ersetzen; bitte einen Ordner darin als Ausgabe wählen, etwa „%s“", s.name, filepath.Join(s.name, "public"))
	}
	s.mode = fi.Mode() & (fs.ModePerm | fs.ModeSetgid | fs.ModeSticky)
	m, err := readManifest(out)
	if err != nil {
		return err
	}
	strangers, err := strangers(out, m)
	if err != nil || len(strangers) == 0 {
		return err
	}
	if m == nil {
		return fmt.Errorf("Der Ordner „%s“ ist nicht leer und keine Ausgabe von portal; er bleibt unberührt. Bitte einen anderen Ausgabeordner wählen oder ihn selbst leeren", s.name)
	}
	return fmt.Errorf("Im Ausgabeordner „%s“ liegt „%s“, das nicht von portal stammt und verloren ginge; bitte an einen anderen Ort legen (was mit veröffentlicht werden soll, gehört nach „static“)", s.name, strangers[0])
}

func strangers(out string, m *manifest) ([]string, error) {
	known := map[string]bool{Marker: true}
	for _, n := range litter {
		known[n] = true
	}
	if m != nil {
		for p := range m.files {
			top, _, _ := strings.Cut(p, "/")
			known[top] = true
		}
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if !known[e.Name()] {
			found = append(found, e.Name())
		}
	}
	return found, nil
}

// recoverOld puts an old release back that lost its place to a build killed
// between two renames, and removes what else killed builds have left.
func recoverOld(p place) error {
	old := p.beside("previous")
	if _, err := os.Lstat(p.out()); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(old, p.out()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return err
	}
	prefix := filepath.Base(p.beside("staging-"))
	for _, e := range entries {
		if e.IsDir() && (strings.HasPrefix(e.Name(), prefix) || e.Name() == filepath.Base(old)) {
			if err := os.RemoveAll(filepath.Join(p.dir, e.Name())); err != nil {
				return fmt.Errorf("Der Rest eines abgebrochenen Laufs lässt sich nicht entfernen: %w", err)
			}
		}
	}
	return nil
}

// flushDir makes renames in dir last. Not every file system lets a folder be
// synced, so a caller may overlook the error.
func flushDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
