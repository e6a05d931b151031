package publish

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

// TestMain makes the test binary a build that repeats until it is killed,
// when asked to by its environment.
func TestMain(m *testing.M) {
	if out := os.Getenv("PUBLISH_TEST_LOOP"); out != "" {
		buildForever(out, os.Getenv("PUBLISH_TEST_FALLBACK") != "")
	}
	if out := os.Getenv("PUBLISH_TEST_LOCK"); out != "" {
		if _, err := Lock(out); err != nil {
			panic(err)
		}
		fmt.Println("locked")
		time.Sleep(time.Minute)
	}
	os.Exit(m.Run())
}

const filesPerRelease = 40

func buildForever(out string, fallback bool) {
	for n := time.Now().UnixNano(); ; n++ {
		unlock, err := Lock(out)
		if err != nil {
			panic(err)
		}
		s, err := Stage(out)
		if err != nil {
			panic(err)
		}
		if fallback {
			s.exchange = noExchange
		}
		for i := range filesPerRelease {
			// A file is there in some releases only, so that a mix would show.
			if i%2 == 1 && n%2 == 1 {
				continue
			}
			if err := s.Write(fmt.Sprintf("d%d/f%d.txt", i%5, i), fmt.Appendf(nil, "release %d\n", n)); err != nil {
				panic(err)
			}
		}
		if err := s.Write("index.html", fmt.Appendf(nil, "release %d\n", n)); err != nil {
			panic(err)
		}
		if err := s.Commit(); err != nil {
			panic(err)
		}
		unlock()
		fmt.Println("published")
	}
}

func noExchange(string, string) error { return errNoExchange }

// readRelease returns the release in out, and fails if it is a mix.
func readRelease(out string) (string, error) {
	if err := Verify(out); err != nil {
		return "", err
	}
	first, n := "", 0
	err := filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == Marker {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if n++; first == "" {
			first = string(b)
		}
		if string(b) != first {
			return fmt.Errorf("%s has %q beside %q", name, b, first)
		}
		return nil
	})
	if err == nil && n != filesPerRelease+1 && n != filesPerRelease/2+1 {
		err = fmt.Errorf("%d files in %q", n, first)
	}
	return first, err
}

func TestKilledBuildLeavesWholeRelease(t *testing.T) {
	if testing.Short() {
		t.Skip("kills children")
	}
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"index.html": "release 0\n"})

	stop, watched := make(chan struct{}), make(chan error, 1)
	go func() { watched <- watch(filepath.Join(out, "index.html"), stop) }()
	seen := map[string]bool{}
	for range 30 {
		runAndKill(t, out)
		release, err := readRelease(out)
		if err != nil && release != "release 0\n" {
			t.Fatal(err)
		}
		seen[release] = true
	}
	close(stop)
	if err := <-watched; err != nil {
		t.Errorf("a reader at the same time: %v", err)
	}
	t.Logf("%d different releases in 30 rounds", len(seen))
	if len(seen) < 30 {
		t.Error("a child that said it had published has not")
	}
	unlock, err := Lock(out) // takes over what the killed have left
	if err != nil {
		t.Fatal(err)
	}
	stage(t, out, map[string]string{"index.html": "end"})
	unlock()
	wantNames(t, filepath.Dir(out), "public")
}

// Without the exchange the output may be missing after a kill, until the next
// start puts the old release back.
func TestKilledBuildWithoutExchange(t *testing.T) {
	if testing.Short() {
		t.Skip("kills children")
	}
	out := filepath.Join(t.TempDir(), "public")
	t.Setenv("PUBLISH_TEST_FALLBACK", "1")
	for range 10 {
		runAndKill(t, out)
		p, err := locate(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := recoverOld(p); err != nil {
			t.Fatal(err)
		}
		if _, err := readRelease(out); err != nil {
			t.Fatal(err)
		}
	}
}

// runAndKill lets a child publish at least once, and kills it at some moment
// of what it does next.
func runAndKill(t *testing.T, out string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PUBLISH_TEST_LOOP="+out)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len("published\n"))); err != nil {
		t.Fatalf("child ended by itself: %v\n%s", err, stderr.String())
	}
	time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatalf("child ended by itself: %v\n%s", err, stderr.String())
	}
	_ = cmd.Wait()
	if stderr.Len() > 0 {
		t.Fatalf("child: %s", stderr.String())
	}
}

func watch(name string, stop chan struct{}) error {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(string(b), "release ") || !strings.HasSuffix(string(b), "\n") {
			return fmt.Errorf("read %q", b)
		}
		time.Sleep(50 * time.Microsecond)
	}
}

func TestInterruptedFallbackIsPutRight(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"a.txt": "old"})
	p, _ := locate(out)
	if err := os.Rename(out, p.beside("previous")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(p.beside("staging-abc"), 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := Stage(out)
	if err != nil {
		t.Fatal(err)
	}
	s.Discard()
	wantFile(t, out, "a.txt", "old")
	wantNames(t, p.dir, "public")
}

func TestLock(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PUBLISH_TEST_LOCK="+out)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	_, err = Lock(out)
	want := fmt.Sprintf("In „%s“ schreibt gerade Prozess %d; bitte warten, bis er fertig ist, oder einen anderen Ausgabeordner wählen", out, cmd.Process.Pid)
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()

	unlock, err := Lock(out)
	if err != nil {
		t.Fatalf("a killed build left a lock: %v", err)
	}
	if _, err := Lock(out); err == nil {
		t.Error("the same process locked twice")
	}
	unlock()
	wantNames(t, filepath.Dir(out))
}

func TestLockOneAtATime(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	var wg sync.WaitGroup
	var mu sync.Mutex // only to be seen free
	for range 8 {
		wg.Go(func() {
			for range 200 {
				unlock, err := Lock(out)
				if err != nil {
					continue
				}
				if !mu.TryLock() {
					t.Error("two hold the lock")
				} else {
					mu.Unlock()
				}
				unlock()
			}
		})
	}
	wg.Wait()
}

func TestWriteRefuses(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "public"))
	for _, p := range []string{"", ".", "..", "../x", "a/../../x", "/etc/x", "a//b", "./a", "a/.", `a\b`, "a\x00b", "a\nb", "a/", ".portal-release", ".Portal-Release"} {
		if err := s.Write(p, nil); err == nil {
			t.Errorf("%q was written", p)
		}
	}
	if err := s.Write("Ordner/a.html", nil); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"Ordner/a.html", "Ordner/A.html", "ordner/b.html", "Ordner", "ordner", "Ordner/a.html/b"} {
		if err := s.Write(p, nil); err == nil {
			t.Errorf("%q was written beside Ordner/a.html", p)
		}
	}
	for _, p := range []string{"Ordner/b.html", "..x", ".well-known/security.txt", "ä ß.txt"} {
		if err := s.Write(p, nil); err != nil {
			t.Error(err)
		}
	}
	wantNames(t, s.Dir(), "..x", ".well-known", "Ordner", "ä ß.txt")
}

func TestSamePathWrittenAtOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "public"))
	var wg sync.WaitGroup
	var mu sync.Mutex
	ok := 0
	for range 16 {
		wg.Go(func() {
			if s.Write("a/b/c.txt", []byte("x")) == nil {
				mu.Lock()
				ok++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if ok != 1 {
		t.Errorf("%d writes of one path went through", ok)
	}
}

func TestForeignFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "public")
	put(t, out, "diplomarbeit.txt", "x")
	_, err := Stage(out)
	want := "Der Ordner „" + out + "“ ist nicht leer und keine Ausgabe von portal; er bleibt unberührt. Bitte einen anderen Ausgabeordner wählen oder ihn selbst leeren"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	wantFile(t, out, "diplomarbeit.txt", "x")

	if _, err := Stage(filepath.Join(out, "diplomarbeit.txt")); err == nil {
		t.Error("a file was taken for an output")
	}
	empty := filepath.Join(dir, "leer")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	stage(t, empty, map[string]string{"a": "1"})
}

func TestStrangerInReleaseIsKept(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"a": "1"})
	put(t, out, ".DS_Store", "")
	s := open(t, out)
	put(t, out, "CNAME", "example.org") // while the build runs
	if err := s.Write("a", []byte("2")); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err == nil || !strings.Contains(err.Error(), "„CNAME“") {
		t.Errorf("got %v", err)
	}
	wantFile(t, out, "CNAME", "example.org")
	wantFile(t, out, "a", "1")
}

func TestSymlinkedOutput(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "public")
	if err := os.Mkdir(filepath.Join(dir, "real"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", link); err != nil {
		t.Skip(err)
	}
	stage(t, link, map[string]string{"a": "1"})
	stage(t, link, map[string]string{"a": "2"})
	wantFile(t, filepath.Join(dir, "real"), "a", "2")
	wantNames(t, dir, "public", "real")
}

func TestSameBytesKeepTheirTime(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	stage(t, out, map[string]string{"same": "1", "touched": "1", "new": "1"})
	early := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, n := range []string{"same", "new"} {
		if err := os.Chtimes(filepath.Join(out, n), early, early); err != nil {
			t.Fatal(err)
		}
	}
	late := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(out, "touched"), late, late); err != nil {
		t.Fatal(err)
	}
	stage(t, out, map[string]string{"same": "1", "touched": "1", "new": "2"})
	for n, kept := range map[string]bool{"same": true, "touched": false, "new": false} {
		fi, err := os.Stat(filepath.Join(out, n))
		if err != nil {
			t.Fatal(err)
		}
		if got := fi.ModTime().Equal(early) || fi.ModTime().Equal(late); got != kept {
			t.Errorf("%s: time kept is %v", n, got)
		}
	}
}

func TestOutputKeepsItsMode(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(out, 0o775|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	stage(t, out, map[string]string{"a": "1"})
	fi, err := os.Stat(out)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fi.Mode(), fs.ModeDir|fs.ModeSetgid|0o775; got != want {
		t.Errorf("mode is %v, want %v", got, want)
	}
}

func TestTwoReleasesOrNone(t *testing.T) {
	dir := t.TempDir()
	index, out := filepath.Join(dir, ".portal", "index"), filepath.Join(dir, "public")
	build := func(n string, fault bool) error {
		i, o := open(t, index), open(t, out)
		put(t, i.Dir(), "store/seg", n) // as a library writes it
		if err := o.Write("a", []byte(n)); err != nil {
			t.Fatal(err)
		}
		if fault {
			o.exchange = func(string, string) error { return errors.New("disk on fire") }
		}
		return Commit(i, o)
	}
	if err := build("1", false); err != nil {
		t.Fatal(err)
	}
	if err := build("2", true); err == nil {
		t.Fatal("no error")
	}
	wantFile(t, index, "store/seg", "1")
	wantFile(t, out, "a", "1")
	if err := build("3", false); err != nil {
		t.Fatal(err)
	}
	wantFile(t, index, "store/seg", "3")
	wantFile(t, out, "a", "3")
	for _, d := range []string{index, out} {
		if err := Verify(d); err != nil {
			t.Error(err)
		}
	}
}

func TestReproducible(t *testing.T) {
	files := map[string]string{"leer.html": "", "bild.png": strings.Repeat("x", 4000)}
	for i := range 50 {
		files[fmt.Sprintf("p%d/index.html", i)] = strings.Repeat(fmt.Sprintf("<p>Absatz %d</p>\n", i), 200)
	}
	var snapshots []map[string]string
	for range 2 {
		out := filepath.Join(t.TempDir(), "public")
		s := open(t, out)
		var wg sync.WaitGroup
		for p, data := range files {
			wg.Go(func() {
				if err := s.Write(p, []byte(data)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if err := s.Compress(5, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(); err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, snapshot(t, out))
	}
	if !maps.Equal(snapshots[0], snapshots[1]) {
		t.Error("two builds differ")
	}
	got := snapshots[0]
	for p, want := range map[string]bool{"p7/index.html.br": true, "p7/index.html.gz": true, "bild.png.gz": false, "leer.html.gz": false} {
		if _, ok := got[p]; ok != want {
			t.Errorf("%s is there: %v", p, ok)
		}
	}
	r, err := gzip.NewReader(strings.NewReader(got["p7/index.html.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil || b.String() != files["p7/index.html"] {
		t.Errorf("gzip holds something else (%v)", err)
	}
}

func TestCopyAndDiscard(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "src", "inhalt")
	out := filepath.Join(dir, "public")
	s := open(t, out)
	if err := s.Copy("media/x.pdf", filepath.Join(dir, "src")); err != nil {
		t.Fatal(err)
	}
	if !s.Has("media/x.pdf") || s.Has("media/y.pdf") {
		t.Error("Has is wrong")
	}
	wantFile(t, s.dir, "media/x.pdf", "inhalt")
	s.Discard()
	s.Discard()
	wantNames(t, dir, "src")
	if err := s.Commit(); err == nil {
		t.Error("a discarded staging was published")
	}
}

func BenchmarkPublish(b *testing.B) {
	page := bytes.Repeat([]byte("<p>Ein Absatz mit etwas Text darin.</p>\n"), 1150) // 46 KB
	out := filepath.Join(b.TempDir(), "public")
	for b.Loop() {
		s, err := Stage(out)
		if err != nil {
			b.Fatal(err)
		}
		var wg sync.WaitGroup
		for w := range 2 {
			wg.Go(func() {
				for i := w; i < 6636; i += 2 {
					if err := s.Write(fmt.Sprintf("gesetze/g%d/p%d/index.html", i%90, i), page); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		start := time.Now()
		if err := s.Commit(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/commit")
	}
}

func BenchmarkCompress(b *testing.B) {
	for _, level := range []int{5, 6, 9} {
		b.Run(fmt.Sprint(level), func(b *testing.B) {
			b.SetBytes(200 * 46000)
			for b.Loop() {
				s, err := Stage(filepath.Join(b.TempDir(), "public"))
				if err != nil {
					b.Fatal(err)
				}
				for i := range 200 {
					if err := s.Write(fmt.Sprintf("p%d.html", i), prose(uint64(i), 46000)); err != nil {
						b.Fatal(err)
					}
				}
				if err := s.Compress(level, nil); err != nil {
					b.Fatal(err)
				}
				s.Discard()
			}
		})
	}
}

func prose(seed uint64, n int) []byte {
	words := strings.Fields("die zuständige Behörde kann im Einzelfall anordnen dass der Betreiber eines Medizinprodukts Auskunft erteilt soweit dies zur Abwehr von Gefahren erforderlich ist <p> </p> <a href=\"/x/\"> Absatz</a>")
	r := rand.New(rand.NewPCG(seed, 1))
	var b []byte
	for len(b) < n {
		b = append(append(b, words[r.IntN(len(words))]...), ' ')
	}
	return b
}

func open(t *testing.T, out string) *Staging {
	t.Helper()
	s, err := Stage(out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Discard)
	return s
}

func stage(t *testing.T, out string, files map[string]string) {
	t.Helper()
	s := open(t, out)
	for p, data := range files {
		if err := s.Write(p, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, dir, path, data string) {
	t.Helper()
	name := filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func wantFile(t *testing.T, dir, path, want string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil || string(b) != want {
		t.Errorf("%s is %q (%v), want %q", path, b, err, want)
	}
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		all[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
