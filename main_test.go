package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/docx/docxtest"
	"github.com/ag-vzkm/portal/generator/publish"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain makes this binary the program, too: scripts and tests run it under
// the name portal.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"portal": main})
}

// TestScripts runs the commands as a shell would; see testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		ContinueOnError:     true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			program, err := exec.LookPath("portal")
			e.Setenv("PORTAL", program) // to run it with another PATH
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond == "ci" {
				return os.Getenv("CI") != "", nil
			}
			return false, fmt.Errorf("unknown condition %s", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"links": checkLinks,
			"json":  checkJSON,
			"code":  runForCode,
			"docx":  makeDocx,
		},
	})
}

// runForCode is „code N portal …“: the command must end with exit code N.
// What it prints is in $WORK/stdout.txt and $WORK/stderr.txt.
func runForCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	for _, name := range []string{"stdout", "stderr"} {
		ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), name+".txt"), []byte(ts.ReadFile(name)), 0o644))
	}
	if got != args[0] {
		ts.Fatalf("exit code %s instead of %s\n%s%s", got, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// makeDocx is „docx SOURCE FILE“: it writes the Word document that SOURCE
// describes; see package docxtest.
func makeDocx(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: docx SOURCE FILE")
	}
	data, err := docxtest.Make(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o644))
}

// checkLinks is „links PREFIX DIR“: every address within the site that a page
// below DIR names begins with PREFIX, and its file is there.
func checkLinks(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: links PREFIX DIR")
	}
	prefix, dir, seen := args[0], ts.MkAbs(args[1]), 0
	ts.Check(filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		page, err := os.ReadFile(name)
		for _, a := range addresses(page) {
			u, err := url.Parse(a)
			if err != nil || u.Host != "" || u.Opaque != "" || u.Path == "" {
				continue
			}
			seen++
			rest, ok := strings.CutPrefix(u.Path, prefix+"/")
			if !ok {
				ts.Fatalf("%s: %s is not below %s", name, a, prefix)
			}
			if rest == "" || strings.HasSuffix(rest, "/") {
				rest += "index.html"
			}
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(rest))); err != nil {
				ts.Fatalf("%s: %s leads nowhere", name, a)
			}
		}
		return err
	}))
	if seen < 50 {
		ts.Fatalf("only %d addresses seen", seen)
	}
}

// addresses are the values of all attributes of a page that hold addresses.
func addresses(page []byte) []string {
	var out []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "href", "src", "action", "poster", "data":
				out = append(out, a.Val)
			case "srcset":
				for part := range strings.SplitSeq(a.Val, ",") {
					out = append(out, strings.Fields(part)[0])
				}
			case "content":
				if _, to, ok := strings.Cut(a.Val, "; url="); ok {
					out = append(out, to)
				}
			}
		}
	}
	return out
}

// checkJSON is „json FILE PATH [WANT]“: the value at the dotted path (numbers
// are places in lists, len is the length) is there and, with WANT, is that.
// „! json“ means that nothing is there.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: json FILE PATH [WANT]")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	got, found := walk(v, strings.Split(args[1], "."))
	switch {
	case found == neg:
		ts.Fatalf("%s: %s is there: %t (%s)", args[0], args[1], found, got)
	case len(args) == 3 && got != args[2]:
		ts.Fatalf("%s: %s is %s", args[0], args[1], got)
	}
}

func walk(v any, path []string) (string, bool) {
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[p]; !ok {
				return "", false
			}
		case []any:
			if p == "len" {
				v = len(x)
				continue
			}
			i := 0
			if err := json.Unmarshal([]byte(p), &i); err != nil || i >= len(x) {
				return "", false
			}
			v = x[i]
		default:
			return "", false
		}
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	b, err := json.Marshal(v)
	return string(b), err == nil
}

// portal runs the real program in a process of its own.
func portal(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("portal", args...)
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func runPortal(t testing.TB, env []string, args ...string) {
	t.Helper()
	if out, err := portal(t, env, args...).CombinedOutput(); err != nil {
		t.Fatalf("portal %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// tree is one line for every file below dir: its hash and name.
func tree(t testing.TB, dir string) []string {
	t.Helper()
	var lines []string
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		lines = append(lines, fmt.Sprintf("%s  %x", filepath.ToSlash(rel), sha256.Sum256(data)))
		return err
	}))
	return lines
}

// copySite copies the repository's site, file by file in the given order of
// names, each with a time of its own, and without its Git history.
func copySite(t *testing.T, dir string, less func(a, b string) int) {
	t.Helper()
	var files []string
	must(t, fs.WalkDir(os.DirFS("."), "content", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	}))
	files = append(files, "portal.yaml")
	slices.SortFunc(files, less)
	for i, name := range files {
		data, err := os.ReadFile(name)
		must(t, err)
		to := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(to), 0o755))
		must(t, os.WriteFile(to, data, 0o644))
		when := time.Unix(int64(1_000_000_000+i*1000), 0)
		must(t, os.Chtimes(to, when, when))
	}
}

// TestReproducible: the same content gives the same bytes, on one core or
// many, from another folder, in another order of files, over an old output.
func TestReproducible(t *testing.T) {
	t.Parallel()
	one, two := t.TempDir(), filepath.Join(t.TempDir(), "anderswo", "tief")
	copySite(t, one, strings.Compare)
	copySite(t, two, func(a, b string) int { return strings.Compare(b, a) })
	must(t, os.MkdirAll(two, 0o755))
	runPortal(t, []string{"GOMAXPROCS=1", "TZ=America/New_York", "LC_ALL=C"}, "build", "--source", one, "--now", "2026-11-22")
	cmd := portal(t, []string{"GOMAXPROCS=8", "TZ=Asia/Tokyo", "LC_ALL=de_DE.UTF-8", "SOURCE_DATE_EPOCH=1"}, "build", "--out", "../out", "--now", "2026-11-22")
	cmd.Dir = two
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out := filepath.Join(filepath.Dir(two), "out")
	want := tree(t, filepath.Join(one, "public"))
	if len(want) < 200 {
		t.Fatalf("only %d files", len(want))
	}
	sameTree(t, "output", want, tree(t, out))
	sameTree(t, "index", indexTree(t, filepath.Join(one, ".portal", "public.index")), indexTree(t, filepath.Join(filepath.Dir(two), ".portal", "out.index")))
	if t.Failed() {
		return
	}
	must(t, os.Remove(filepath.Join(one, "content", "index.md")))
	runPortal(t, nil, "build", "--source", one, "--out", out, "--now", "2027-11-22")
	runPortal(t, nil, "build", "--source", two, "--out", out, "--now", "2026-11-22")
	sameTree(t, "output over another one", want, tree(t, out))
}

// indexTree is the tree of an index without bleve's own files, which number
// documents in the order in which they were finished, and the list of hashes.
func indexTree(t *testing.T, dir string) []string {
	lines := slices.DeleteFunc(tree(t, dir), func(line string) bool {
		return strings.HasPrefix(line, "bleve/store/") || strings.HasPrefix(line, ".portal-release ")
	})
	if len(lines) < 2 {
		t.Error("the index has no files of ours")
	}
	return lines
}

func sameTree(t *testing.T, what string, a, b []string) {
	t.Helper()
	n := 0
	for _, line := range append(slices.Clone(a), b...) {
		if slices.Contains(a, line) != slices.Contains(b, line) {
			if n++; n <= 6 {
				t.Errorf("%s: only one of them has %s", what, line)
			}
		}
	}
	if n > 6 {
		t.Errorf("%s: and %d more", what, n-6)
	}
}

// smallSite writes a site of n pages that all carry a mark.
func smallSite(t *testing.T, dir string, n int, mark string) {
	t.Helper()
	must(t, os.RemoveAll(filepath.Join(dir, "content")))
	must(t, os.MkdirAll(filepath.Join(dir, "content"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "portal.yaml"), []byte("title: Probe\nbase_url: https://probe.example\nlanguages: [de]\n"), 0o644))
	for i := range n {
		text := fmt.Sprintf("# Seite %s %d\n\nEin Text über %s.\n", mark, i, mark)
		must(t, os.WriteFile(filepath.Join(dir, "content", fmt.Sprintf("%s-%d.md", mark, i)), []byte(text), 0o644))
	}
}

// TestKilledBuild: a build that is killed at any moment leaves the old release
// or the new one, and the next build tidies up.
func TestKilledBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "public")
	releases := map[string]string{}
	var took time.Duration
	marks := []string{"alt", "neu"}
	for _, mark := range marks {
		smallSite(t, dir, 40, mark)
		start := time.Now()
		runPortal(t, nil, "build", "--source", dir, "--now", "2026-11-22")
		took = max(took, time.Since(start))
		releases[strings.Join(tree(t, out), "\n")] = mark
	}
	seen := map[string]int{}
	for i := range 20 {
		smallSite(t, dir, 40, marks[i%2])
		if i%4 < 2 { // without what was made before, which saves most of the work
			must(t, os.RemoveAll(filepath.Join(dir, ".portal", "public.cache")))
		}
		cmd := portal(t, nil, "build", "--source", dir, "--now", "2026-11-22")
		must(t, cmd.Start())
		time.Sleep(rand.N(took * 5 / 4))
		_ = cmd.Process.Kill() // it may have ended already
		_ = cmd.Wait()
		mark, whole := releases[strings.Join(tree(t, out), "\n")]
		if !whole {
			t.Fatalf("round %d: a mix of releases", i)
		}
		seen[mark]++
		code, said := search(t, dir, mark)
		if code != 0 {
			t.Fatalf("round %d: the index cannot be asked: %s", i, said)
		}
	}
	t.Logf("old and new: %v", seen)
	runPortal(t, nil, "build", "--source", dir, "--now", "2026-11-22")
	var names []string
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{".portal", "content", "portal.yaml", "public"}; !slices.Equal(names, want) {
		t.Errorf("left behind: %v", names)
	}
	entries, err = os.ReadDir(filepath.Join(dir, ".portal"))
	must(t, err)
	names = nil
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"public.cache", "public.index"}; !slices.Equal(names, want) {
		t.Errorf("left behind: %v", names)
	}
}

func search(t *testing.T, dir, query string) (code int, said string) {
	t.Helper()
	cmd := portal(t, nil, "search", "--source", dir, query)
	out, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(out)
}

// TestInterruptedBuild: Ctrl-C stops a build at once and publishes nothing.
func TestInterruptedBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "public")
	smallSite(t, dir, 5, "alt")
	runPortal(t, nil, "build", "--source", dir, "--now", "2026-11-22")
	before := tree(t, out)
	smallSite(t, dir, 1500, "neu")
	var stderr bytes.Buffer
	cmd := portal(t, nil, "build", "--source", dir, "--now", "2026-11-22")
	cmd.Stderr = &stderr
	must(t, cmd.Start())
	time.Sleep(300 * time.Millisecond)
	must(t, cmd.Process.Signal(os.Interrupt))
	start := time.Now()
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code == 0 {
		t.Errorf("the build went on for %s after Ctrl-C", time.Since(start).Round(time.Millisecond))
	}
	sameTree(t, "output", before, tree(t, out))
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 4 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestSecondBuild: while one build holds an output, another one is refused.
func TestSecondBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	smallSite(t, dir, 3, "alt")
	unlock, err := publish.Lock(filepath.Join(dir, "public"))
	must(t, err)
	cmd := portal(t, nil, "build", "--source", dir)
	said, _ := cmd.CombinedOutput()
	want := fmt.Sprintf("portal: In „%s“ schreibt gerade Prozess %d; bitte warten, bis er fertig ist, oder einen anderen Ausgabeordner wählen\n", filepath.Join(dir, "public"), os.Getpid())
	if code := cmd.ProcessState.ExitCode(); code != exitUsage || string(said) != want {
		t.Errorf("exit code %d\n%swant\n%s", code, said, want)
	}
	runPortal(t, nil, "check", "--source", dir)
	runPortal(t, nil, "build", "--source", dir, "--out", filepath.Join(dir, "anders"))
	unlock()
	runPortal(t, nil, "build", "--source", dir)
}
