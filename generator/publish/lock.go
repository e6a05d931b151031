package publish

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Lock claims out for one build. A second claim, from this process or another,
// is refused with a sentence that names the process holding it. The lock is
// the operating system's and ends with the process, so a killed build leaves
// none; the file that carries it lies beside out and is removed by unlock.
func Lock(out string) (unlock func(), err error) {
	p, err := locate(out)
	if err != nil {
		return nil, err
	}
	name := p.beside("lock")
	for {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, fmt.Errorf("Die Sperrdatei „%s“ lässt sich nicht anlegen: %w", name, err)
		}
		if err := lockFile(f); err != nil {
			defer f.Close()
			return nil, lockedError(out, f, err)
		}
		if !current(f, name) {
			// The holder before us removed the file between our open and our
			// lock: what we hold is a file without a name.
			f.Close()
			continue
		}
		writePID(f)
		return func() {
			os.Remove(name)
			f.Close()
		}, nil
	}
}

func lockedError(out string, f *os.File, err error) error {
	if !isLocked(err) {
		return fmt.Errorf("„%s“ lässt sich nicht sperren: %w", out, err)
	}
	who := "ein anderer Prozess"
	b, _ := io.ReadAll(io.LimitReader(f, 32))
	if pid := strings.TrimSpace(string(b)); pid != "" {
		who = "Prozess " + pid
	}
	return fmt.Errorf("In „%s“ schreibt gerade %s; bitte warten, bis er fertig ist, oder einen anderen Ausgabeordner wählen", out, who)
}

func current(f *os.File, name string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(name)
	return err == nil && os.SameFile(a, b)
}

func writePID(f *os.File) {
	// Only a courtesy to the next one: failing to write it is no fault.
	_ = f.Truncate(0)
	_, _ = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
}

// place is an output with symbolic links resolved: what is exchanged is the
// folder itself, never a link to it.
type place struct{ dir, base string }

func (p place) out() string { return filepath.Join(p.dir, p.base) }

// beside names a file or folder of ours next to the output.
func (p place) beside(what string) string {
	return filepath.Join(p.dir, "."+p.base+"."+what)
}

func locate(out string) (place, error) {
	abs, err := filepath.Abs(out)
	if err != nil {
		return place{}, err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	p := place{filepath.Dir(abs), filepath.Base(abs)}
	if p.dir == abs {
		return place{}, fmt.Errorf("„%s“ kann kein Ausgabeordner sein", out)
	}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return place{}, fmt.Errorf("Der Ordner für die Ausgabe „%s“ lässt sich nicht anlegen: %w", out, err)
	}
	if p.dir, err = filepath.EvalSymlinks(p.dir); err != nil {
		return place{}, err
	}
	return p, nil
}
