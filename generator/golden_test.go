package generator_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

// builtin is the program's own templates and static files, from the disk.
var builtin = os.DirFS("..")

// noon is the instant that all test sites are built for.
const noon = "2026-11-22T12:00:00Z"

const plainConfig = "title: Probe\nbase_url: https://probe.example\nlanguages: [de]\n"

// TestDiagnostics checks what `portal check` says about bad input, to the
// letter. Each archive is a site; its comment says what is wrong and may give
// directives, one a line:
//
//	check lenient drafts members strict    options of the check
//	check whole    as portal check does, which looks at hidden entries, too
//	unquote FILE        the lines of FILE are Go strings without quotes,
//	                    joined without a line end (for bytes no editor writes)
//	symlink FILE TO     makes FILE a symbolic link
//	git ARGUMENTS       runs Git in the site's folder, on a fixed day
//	bare                no portal.yaml is added to an archive without one
//
// The file "want" holds the findings as printed.
func TestDiagnostics(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/diagnostics/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir, o := writeSite(t, a)
			o.Dry = true
			look := generator.Build
			if strings.Contains(string(a.Comment), "check whole") {
				look = generator.Check
			}
			res, err := look(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "public")); err == nil {
				t.Error("a check wrote an output")
			}
			var got strings.Builder
			files, err := source.Dir(dir, builtin)
			must(t, err)
			for _, d := range res.Diagnostics {
				if d.Hint == "" {
					t.Errorf("no hint: %s", d)
				}
				if slices.Contains(quoting, d.Code) {
					continue
				}
				if d.Line > 0 && d.Col == 0 || !strings.HasSuffix(strings.TrimSuffix(d.Text, ")"), ".") {
					t.Errorf("no column or no sentence: %s", d)
				}
			}
			for _, s := range diag.Show(res.Diagnostics, diag.NewLines(files.Read), "") {
				fmt.Fprintln(&got, s)
			}
			compare(t, file, a, got.String())
		})
	}
}

// quoting are codes of findings that pass on what another program says.
var quoting = []string{"vorlage", "git-verweigert"}

// compare holds got against the archive's file "want", or writes it there.
func compare(t *testing.T, file string, a *txtar.Archive, got string) {
	t.Helper()
	want := &txtar.File{}
	for i := range a.Files {
		if a.Files[i].Name == "want" {
			want = &a.Files[i]
		}
	}
	if string(want.Data) == got {
		return
	}
	if !*update {
		t.Errorf("findings differ (write with -update)\n--- got\n%s--- want\n%s", got, want.Data)
		return
	}
	if want.Name == "" {
		a.Files = append(a.Files, txtar.File{Name: "want"})
		want = &a.Files[len(a.Files)-1]
	}
	want.Data = []byte(got)
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeSite puts an archive on disk and returns its folder and the options to
// build it with.
func writeSite(t *testing.T, a *txtar.Archive) (dir string, o generator.Options) {
	t.Helper()
	dir = t.TempDir()
	o = generator.Options{Source: dir, Builtin: builtin, Now: noon}
	quoted, bare, commands := map[string]bool{}, false, [][]string(nil)
	for line := range strings.Lines(string(a.Comment)) {
		switch w := append(strings.Fields(line), "", "", ""); w[0] {
		case "check":
			o.Lenient, o.Drafts = strings.Contains(line, "lenient"), strings.Contains(line, "drafts")
			o.Strict = strings.Contains(line, "strict")
			if strings.Contains(line, "members") {
				o.Audience = site.Members
			}
		case "unquote":
			quoted[w[1]] = true
		case "symlink":
			put(t, filepath.Join(dir, w[1]), nil)
			must(t, os.Remove(filepath.Join(dir, w[1])))
			must(t, os.Symlink(w[2], filepath.Join(dir, w[1])))
		case "git":
			commands = append(commands, strings.Fields(line)[1:])
		case "bare":
			bare = true
		}
	}
	if !bare {
		put(t, filepath.Join(dir, "portal.yaml"), []byte(plainConfig))
	}
	for _, f := range a.Files {
		if f.Name == "want" {
			continue
		}
		if quoted[f.Name] {
			f.Data = unquote(t, f.Data)
		}
		put(t, filepath.Join(dir, f.Name), f.Data)
	}
	for _, args := range commands {
		runGit(t, dir, "Anna", noon, args...)
	}
	return dir, o
}

// runGit runs Git as somebody, at an instant, without the machine's settings.
func runGit(t testing.TB, dir, who, at string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	for _, role := range []string{"AUTHOR", "COMMITTER"} {
		cmd.Env = append(cmd.Env, "GIT_"+role+"_NAME="+who, "GIT_"+role+"_EMAIL="+strings.ToLower(who)+"@probe.example", "GIT_"+role+"_DATE="+at)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func unquote(t *testing.T, data []byte) []byte {
	t.Helper()
	var out []byte
	for line := range bytes.Lines(data) {
		s, err := strconv.Unquote(`"` + strings.TrimSuffix(string(line), "\n") + `"`)
		must(t, err)
		out = append(out, s...)
	}
	return out
}

func put(t testing.TB, name string, data []byte) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, data, 0o644))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
