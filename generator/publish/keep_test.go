package publish

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// touched is later than any release of a test.
var touched = time.Now().Add(time.Hour)

func write(t *testing.T, s *Staging, name, text string) {
	t.Helper()
	if err := s.Write(name, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func commitAll(t *testing.T, s *Staging) {
	t.Helper()
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestKeep: a file is kept if it is there, was not touched and is asked for by
// the right hash. Whatever is wrong with it, it can still be written.
func TestKeep(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, out string)
		path string
		sum  string
		kept bool
	}{
		{"as it is", nil, "d/a.txt", "eins", true},
		{"other content wanted", nil, "d/a.txt", "zwei", false},
		{"never there", nil, "d/b.txt", "eins", false},
		{"the marker", nil, Marker, "eins", false},
		{"gone", func(t *testing.T, out string) { remove(t, out, "d/a.txt") }, "d/a.txt", "eins", false},
		{"folder gone", func(t *testing.T, out string) { remove(t, out, "d") }, "d/a.txt", "eins", false},
		{"touched", func(t *testing.T, out string) { touch(t, out, "d/a.txt") }, "d/a.txt", "eins", false},
		{"a link now", func(t *testing.T, out string) {
			remove(t, out, "d/a.txt")
			if err := os.Symlink(filepath.Join(out, "d/x.txt"), filepath.Join(out, "d/a.txt")); err != nil {
				t.Skip(err)
			}
		}, "d/a.txt", "eins", false},
		{"a folder now", func(t *testing.T, out string) {
			remove(t, out, "d/a.txt")
			if err := os.Mkdir(filepath.Join(out, "d/a.txt"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "d/a.txt", "eins", false},
		{"its line in the manifest spoilt", func(t *testing.T, out string) {
			b, err := os.ReadFile(filepath.Join(out, Marker))
			if err != nil {
				t.Fatal(err)
			}
			put(t, out, Marker, strings.Replace(string(b), "  d/a.txt", " d/a.txt", 1))
		}, "d/a.txt", "eins", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "public")
			stage(t, out, map[string]string{"d/a.txt": "eins", "d/x.txt": "x"})
			if c.do != nil {
				c.do(t, out)
			}
			s := open(t, out)
			size, ok := s.Keep(c.path, sha256.Sum256([]byte(c.sum)))
			if ok != c.kept || ok && size != 4 {
				t.Fatalf("kept %t, %d bytes", ok, size)
			}
			if c.path == Marker {
				return
			}
			if s.Has(c.path) != c.kept {
				t.Errorf("Has says %t", !c.kept)
			}
			if err := s.Write(c.path, []byte("neu")); (err == nil) == c.kept {
				t.Errorf("writing it says %v", err)
			}
			commitAll(t, s)
			want := "neu"
			if c.kept {
				want = "eins"
			}
			wantFile(t, out, c.path, want)
			if err := Verify(out); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestKeepTakesNames: what is kept has its name and its folders' like what is
// written.
func TestKeepTakesNames(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"d/a.txt": "eins"})
	s := open(t, out)
	write(t, s, "D/b.txt", "zwei")
	if _, ok := s.Keep("d/a.txt", sha256.Sum256([]byte("eins"))); ok {
		t.Error("two spellings of one folder")
	}
	s = open(t, out)
	write(t, s, "d/a.txt", "zwei")
	if _, ok := s.Keep("d/a.txt", sha256.Sum256([]byte("eins"))); ok {
		t.Error("kept what had been written")
	}
}

// TestKeptIsShared: a kept file is the same one, and neither release needs the other.
func TestKeptIsShared(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"a.txt": "eins", "b.txt": "zwei"})
	before, err := os.Stat(filepath.Join(out, "a.txt"))
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, out)
	s.Keep("a.txt", sha256.Sum256([]byte("eins")))
	s.Discard()
	wantFile(t, out, "a.txt", "eins")
	s = open(t, out)
	s.Keep("a.txt", sha256.Sum256([]byte("eins")))
	commitAll(t, s)
	wantNames(t, out, Marker, "a.txt")
	after, err := os.Stat(filepath.Join(out, "a.txt"))
	if err != nil || !os.SameFile(before, after) {
		t.Error("not the same file", err)
	}
}

func TestBelow(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"d/alt.txt": "alt"})
	s := open(t, out)
	for _, n := range []string{"d/a.txt", "d/e/b.txt", "dd/c.txt", "d.txt"} {
		write(t, s, n, n)
	}
	s.Keep("d/alt.txt", sha256.Sum256([]byte("alt")))
	found := s.Below("d")
	if names := slices.Sorted(maps.Keys(found)); !slices.Equal(names, []string{"d/a.txt", "d/alt.txt", "d/e/b.txt"}) {
		t.Error(names)
	}
	if found["d/e/b.txt"] != sha256.Sum256([]byte("d/e/b.txt")) {
		t.Error("another hash")
	}
}

// TestIdentity: it is the release's own, and there is none when anything about
// the files is not as it was written.
func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, out string)
		ok   bool
	}{
		{"as it is", func(*testing.T, string) {}, true},
		{"litter", func(t *testing.T, out string) { put(t, out, "d/.DS_Store", "") }, true},
		{"touched", func(t *testing.T, out string) { touch(t, out, "d/a.txt") }, false},
		{"gone", func(t *testing.T, out string) { remove(t, out, "d/a.txt") }, false},
		{"a stranger", func(t *testing.T, out string) { put(t, out, "fremd.txt", "") }, false},
		{"a stranger deep down", func(t *testing.T, out string) { put(t, out, "d/fremd.txt", "") }, false},
		{"no manifest", func(t *testing.T, out string) { remove(t, out, Marker) }, false},
		{"nothing", func(t *testing.T, out string) { remove(t, out, "") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "public")
			stage(t, out, map[string]string{"d/a.txt": "eins", "b.txt": "zwei"})
			want, _ := Identity(out)
			c.do(t, out)
			id, ok := Identity(out)
			if ok != c.ok || ok && id != want {
				t.Errorf("got %x, %t", id, ok)
			}
		})
	}
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"a": "1"})
	first, _ := Identity(out)
	stage(t, out, map[string]string{"a": "2"})
	if second, ok := Identity(out); !ok || second == first {
		t.Error("two releases have one identity")
	}
}

func remove(t *testing.T, out, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(out, name)); err != nil {
		t.Fatal(err)
	}
}

func touch(t *testing.T, out, name string) {
	t.Helper()
	if err := os.Chtimes(filepath.Join(out, name), touched, touched); err != nil {
		t.Fatal(err)
	}
}

// made is a memory of compressed forms.
type made struct {
	mu    sync.Mutex
	known map[[32]byte][]byte
	puts  int
}

func (m *made) Get(k [32]byte) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.known[k]
	return v, ok
}

func (m *made) Put(k [32]byte, v []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[[32]byte][]byte{}
	}
	m.known[k] = v
	m.puts++
}

// TestCompressKeeps: what has been compressed before is not compressed again,
// and the release is the same as if it had been.
func TestCompressKeeps(t *testing.T) {
	long := func(n int) string { return strings.Repeat(fmt.Sprintf("Zeile %d\n", n), 300) }
	packed := func(out string, m Made, files map[string]string) map[string]string {
		s := open(t, out)
		for n, text := range files {
			write(t, s, n, text)
		}
		if err := s.Compress(5, m); err != nil {
			t.Fatal(err)
		}
		commitAll(t, s)
		return snapshot(t, out)
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		do    func(t *testing.T, out string)
		puts  int
	}{
		{"same", map[string]string{"a.html": long(1), "b.css": "x"}, nil, 0},
		{"one is another", map[string]string{"a.html": long(2), "b.css": "x"}, nil, 1},
		{"one more", map[string]string{"a.html": long(1), "b.css": "x", "c.txt": long(3)}, nil, 1},
		{"elsewhere", map[string]string{"d/a.html": long(1)}, nil, 1},
		{"a form is gone", map[string]string{"a.html": long(1)}, func(t *testing.T, out string) { remove(t, out, "a.html.br") }, 1},
		{"a form was touched", map[string]string{"a.html": long(1)}, func(t *testing.T, out string) {
			put(t, out, "a.html.gz", "von Hand")
			touch(t, out, "a.html.gz")
		}, 1},
		{"a form of its own", map[string]string{"a.html": long(1), "a.html.gz": "eigen"}, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, m := filepath.Join(t.TempDir(), "public"), &made{}
			packed(out, m, map[string]string{"a.html": long(1), "b.css": "x"})
			if c.do != nil {
				c.do(t, out)
			}
			m.puts = 0
			got := packed(out, m, c.files)
			if m.puts != c.puts {
				t.Errorf("%d files were compressed, not %d", m.puts, c.puts)
			}
			if want := packed(filepath.Join(t.TempDir(), "public"), nil, c.files); !maps.Equal(got, want) {
				t.Error("a release made at once is another")
			}
		})
	}
	// A static file that had the name of a form is not taken for one later.
	out, m := filepath.Join(t.TempDir(), "public"), &made{}
	packed(out, m, map[string]string{"a.html": long(1), "a.html.gz": "eigen"})
	packed(out, m, map[string]string{"a.html": long(1)})
	if b, err := os.ReadFile(filepath.Join(out, "a.html.gz")); err != nil || string(b) == "eigen" {
		t.Errorf("a.html.gz is %.20q (%v)", b, err)
	}
}
