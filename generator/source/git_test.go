package source_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

// prelude is what scripts that make a repository may say besides git.
const prelude = `set -e
git() { command git -c user.name="$who" -c user.email="$mail" -c init.defaultBranch=main -c protocol.file.allow=always "$@"; }
at() { export GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="${2:-$1}"; } # author's, committer's
by() { who=$1; mail=$2; }
write() { mkdir -p "$(dirname "$1")"; for i in 1 2 3 4 5 6 7 8 9; do echo "$2, Zeile $i"; done > "$1"; }
add() { echo "$2" >> "$1"; }
commit() { git add -A; git commit -q --allow-empty -m "$1"; }
site=. who=Anna mail=anna@example.org
at 2026-01-01T12:00:00Z
git init -q
`

// runGit runs a script in a folder of its own and returns the site's folder
// below it, which the script may name in $site.
func runGit(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("sh", "-c", prelude+script+"\nprintf %s \"$site\" > "+filepath.Join(dir, ".git", "site"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	site, err := os.ReadFile(filepath.Join(dir, ".git", "site"))
	must(t, err)
	return filepath.Join(dir, string(site))
}

// TestHistory makes the repository that a script describes and holds what is
// read of it to the letter. A file "ignore" lists subjects of commits that are
// to be left out.
func TestHistory(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/history/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			must(t, err)
			site := runGit(t, string(a.Comment))
			var ignore []string
			want := -1
			for i, f := range a.Files {
				switch f.Name {
				case "ignore":
					ignore = commitsOf(t, site, strings.Split(strings.TrimSpace(string(f.Data)), "\n"))
				case "want":
					want = i
				}
			}
			h := source.ReadHistory(t.Context(), site, ignore)
			got := describe(&h)
			if want >= 0 && string(a.Files[want].Data) == got {
				return
			}
			if !*update || want < 0 {
				t.Fatalf("history differs (write with -update)\n%s", got)
			}
			a.Files[want].Data = []byte(got)
			must(t, os.WriteFile(file, txtar.Format(a), 0o644))
		})
	}
}

// commitsOf are the ids of commits with these subjects; what is no subject is
// taken for an id.
func commitsOf(t *testing.T, dir string, subjects []string) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", dir, "log", "--format=%H %s").Output()
	must(t, err)
	for i, s := range subjects {
		for line := range strings.Lines(string(out)) {
			if id, subject, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); subject == s {
				subjects[i] = id[:9]
			}
		}
	}
	return subjects
}

func describe(h *source.History) string {
	var b strings.Builder
	fmt.Fprintf(&b, "known %t, in %q, head of %s\n", h.Known(), h.Prefix, h.Head.UTC().Format(time.RFC3339))
	for _, d := range h.Found {
		text, _, _ := strings.Cut(d.String(), "Git sagt: ") // in words of its version
		fmt.Fprintln(&b, text)
	}
	for _, id := range h.Unused {
		fmt.Fprintf(&b, "unused %s\n", id)
	}
	for _, name := range slices.Sorted(slices.Values(h.Files())) {
		line := h.Of(name, "")
		fmt.Fprintf(&b, "%q %s\n", name, line.Changed().UTC().Format(time.DateOnly))
		for _, c := range line.Newest(9) {
			fmt.Fprintf(&b, "  %s %s <%s> %q", c.When.UTC().Format(time.RFC3339), c.Name, c.Email, c.Subject)
			if c.Merge {
				b.WriteString(" merge")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// TestRefused: what keeps Git from answering is told; a folder without a
// repository is not worth a word.
func TestRefused(t *testing.T) { // not parallel: it changes the environment
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	dir := runGit(t, "write content/a.md anna; commit Anfang")
	if h := source.ReadHistory(t.Context(), t.TempDir(), nil); h.Known() || !h.Head.IsZero() || len(h.Found) > 0 {
		t.Errorf("a folder without a repository: %s", describe(&h))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if h := source.ReadHistory(ended, dir, nil); h.Known() || len(h.Found) > 0 {
		t.Errorf("a build that was stopped: %s", describe(&h))
	}
	if os.Getuid() == 0 { // only root can give folders away
		must(t, os.Chown(dir, 12345, 12345))
		must(t, os.Chown(filepath.Join(dir, ".git"), 12345, 12345))
		h := source.ReadHistory(t.Context(), dir, nil)
		if got := describe(&h); h.Known() || !strings.Contains(got, "gehört; „zuletzt") || !strings.Contains(got, "--add safe.directory "+dir) || source.Head(dir) != "" {
			t.Errorf("a repository of somebody else: %s", got)
		}
		t.Setenv("GIT_CONFIG_COUNT", "1")
		t.Setenv("GIT_CONFIG_KEY_0", "safe.directory")
		t.Setenv("GIT_CONFIG_VALUE_0", "*")
		if h := source.ReadHistory(t.Context(), dir, nil); !h.Known() {
			t.Errorf("a repository that the environment trusts: %s", describe(&h))
		}
	}
	t.Setenv("PATH", "")
	h := source.ReadHistory(t.Context(), dir, nil)
	if got := describe(&h); h.Known() || !strings.Contains(got, "Das Programm Git fehlt") {
		t.Errorf("no Git: %s", got)
	}
	if h := source.ReadHistory(t.Context(), t.TempDir(), nil); len(h.Found) > 0 {
		t.Errorf("no Git, and no repository: %s", describe(&h))
	}
}
