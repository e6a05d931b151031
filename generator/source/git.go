package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// History is what Git knows of a site. The zero History knows nothing.
type History struct {
	Head   time.Time // of the commit that is checked out
	Inside bool      // content/ lies in a repository, below
	Prefix string    // that folder: "portal/content/", "" for its root
	// Found says why the changes are not known, or not all of them.
	Found []diag.Diagnostic
	// Unused are those commits to be left out that there are none of.
	Unused []string

	files map[string]*Lifeline // by path from the site's folder
}

// Known reports whether there is a history to look into: a file that is not in
// it has not been committed.
func (h *History) Known() bool { return h.files != nil }

// Of is the history of a text, by the path of its file from the site's folder,
// with that of its companion, if it has one; nil if none is known.
func (h *History) Of(file, companion string) *Lifeline {
	text, beside := h.files[file], h.files[companion]
	if text == nil || beside == nil {
		return text
	}
	return &Lifeline{union(text.Commits, beside.Commits)}
}

// Files are all files that are in the history, in no order.
func (h *History) Files() []string { return slices.Collect(maps.Keys(h.files)) }

// Head names the commit that is checked out and whether the history is cut
// off; "" without Git or a repository. What ReadHistory finds follows from it.
func Head(dir string) string {
	site, err := git(dir, "rev-parse", "HEAD", "--is-shallow-repository")
	if err != nil {
		return ""
	}
	if elsewhere(dir) {
		texts, _ := git(filepath.Join(dir, "content"), "rev-parse", "HEAD", "--is-shallow-repository")
		site = append(site, texts...)
	}
	return string(site)
}

// elsewhere reports whether the texts may lie in another repository than the
// site: content is a submodule or a link.
func elsewhere(dir string) bool {
	content := filepath.Join(dir, "content")
	if info, err := os.Lstat(content); err == nil && info.Mode()&os.ModeSymlink != 0 {
		return true
	}
	_, err := os.Stat(filepath.Join(content, ".git"))
	return err == nil
}

// Prefix is the path of a folder in its repository, "" for its root or where
// there is none.
func Prefix(dir string) string {
	out, err := git(dir, "rev-parse", "--show-prefix")
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSpace(string(out)), "/")
}

// ReadHistory reads the history of all files below content/ in one pass over
// Git's log. Commits in ignore, given by the beginnings of their ids, change
// nothing. Without Git or a repository nothing is known, and nothing is said
// of it: dates are then what the entries say themselves. Whatever else keeps
// Git from answering is in Found, and no date is better than a wrong one.
func ReadHistory(ctx context.Context, dir string, ignore []string) History {
	var h History
	when, err := git(dir, "log", "-1", "--no-show-signature", "--format=%ct")
	if err != nil {
		h.fail(dir, err)
		return h
	}
	h.Head = unix(strings.TrimSpace(string(when)))
	content := filepath.Join(dir, "content")
	out, err := git(content, "rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD")
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			h.fail(content, err)
		}
		return h
	}
	shallow, rest, _ := strings.Cut(string(out), "\n")
	// A name may have line breaks: all but the last line, the commit, are the folder.
	end := strings.LastIndexByte(strings.TrimSuffix(rest, "\n"), '\n')
	h.Inside, h.Prefix = end >= 0, rest[:max(end, 0)]
	if shallow == "true" {
		h.say("git-flach", "Klonen Sie vollständig (in der CI: fetch-depth: 0).", "Die Git-Geschichte ist abgeschnitten; „zuletzt geändert“ kommt nur aus den Einträgen.")
		return h
	}
	partial, _ := git(content, "config", "--get-regexp", `^remote\..*\.promisor$`)
	err = h.read(ctx, content, len(partial) > 0, ignore)
	switch {
	case err == nil:
	case len(partial) > 0:
		h.say("git-flach", "Klonen Sie vollständig oder mit „--filter=blob:none“.", "Dieser Klon enthält nur einen Teil der Git-Geschichte; „zuletzt geändert“ kommt nur aus den Einträgen.")
	default:
		h.fail(content, err)
	}
	return h
}

func (h *History) say(code, hint, text string) {
	h.Found = append(h.Found, diag.Diagnostic{Severity: diag.Hint, Code: code, Hint: hint, Text: text})
}

// What Git says (in English: see git) when there is no history, which is not
// worth a word, and when it does not trust the folder.
var (
	noHistory = regexp.MustCompile(`not a git repository|unknown revision|ambiguous argument 'HEAD'|does not have any commits`)
	notOurs   = regexp.MustCompile(`(?:dubious ownership|unsafe repository)[^']*'([^']*)'`)
)

// fail puts Git's refusal into words.
func (h *History) fail(dir string, err error) {
	said := err.Error()
	switch m := notOurs.FindStringSubmatch(said); {
	case m != nil:
		h.say("git-verweigert", "Gehört der Ordner zu Ihrer Arbeit, geben Sie einmal ein: git config --global --add safe.directory "+m[1],
			"Git gibt keine Auskunft, weil der Ordner einem anderen Benutzer gehört; „zuletzt geändert“ kommt nur aus den Einträgen.")
	case noHistory.MatchString(said), errors.Is(err, context.Canceled):
	case errors.Is(err, exec.ErrNotFound):
		if inRepository(dir) {
			h.say("git-verweigert", "Installieren Sie Git (https://git-scm.com/).", "Das Programm Git fehlt; „zuletzt geändert“ kommt nur aus den Einträgen.")
		}
	default:
		h.say("git-verweigert", "Sehen Sie mit „git status“ und „git fsck“ nach, was mit dem Repository ist.",
			"Git kann die Geschichte nicht lesen; „zuletzt geändert“ kommt nur aus den Einträgen. Git sagt: "+said)
	}
}

// inRepository looks for a repository without Git.
func inRepository(dir string) bool {
	dir, err := filepath.Abs(dir)
	for err == nil {
		if _, e := os.Stat(filepath.Join(dir, ".git")); e == nil {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
		dir = filepath.Dir(dir)
	}
	return false
}

// read reads the log and keeps what is below content, the present folder.
func (h *History) read(ctx context.Context, content string, partial bool, ignore []string) error {
	renames := "-M"
	if partial { // a clone without the old texts knows renames only by their hashes
		renames = "-M100%"
	}
	args := []string{"log", "--reverse", "--date-order", "-z", "--raw", "--no-abbrev", "-c", "--root", "-l1000", "-O" + os.DevNull, renames,
		"--format=format:" + logFormat, "--encoding=UTF-8", "--no-color", "--no-notes", "--no-mailmap", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-relative"}
	if h.Prefix != "" { // wherever the folder was before the site was moved
		base := filepath.Base(h.Prefix)
		args = append(args, "--", ":(top,glob)**/"+globEscape.ReplaceAllString(base, `\$0`)+"/**")
	}
	cmd := gitCommand(ctx, content, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	names, unused, err := readLog(out, ignore)
	_, _ = io.Copy(io.Discard, out) // what Git says is the better reason
	if waited := cmd.Wait(); waited != nil {
		return gitError(waited, said.Bytes())
	}
	if err != nil {
		return err
	}
	present, err := git(content, "ls-tree", "-r", "-z", "--name-only", "--full-name", "HEAD")
	if err != nil {
		return err
	}
	h.files, h.Unused = map[string]*Lifeline{}, unused
	for path := range strings.SplitSeq(strings.TrimSuffix(string(present), "\x00"), "\x00") {
		line := names[path].line
		if line == nil { // not to be thought uncommitted
			line = &Lifeline{}
		}
		h.files["content/"+strings.TrimPrefix(path, h.Prefix)] = line
	}
	return nil
}

var globEscape = regexp.MustCompile(`[*?\[\\]`)

// git runs Git and returns what it prints.
func git(dir string, args ...string) ([]byte, error) {
	cmd := gitCommand(context.Background(), dir, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, gitError(err, said.Bytes())
	}
	return out, nil
}

// gitCommand is Git so that a repository from elsewhere cannot have programs of
// its choice run, nothing is fetched, and answers depend neither on language
// nor on what the environment says of another repository (as in a hook).
func gitCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager", "--no-replace-objects", "--no-optional-locks",
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "log.showSignature=false", "-c", "log.follow=false"}, args...)...)
	cmd.Dir = dir
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "GIT_") || keptEnv.MatchString(kv) {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0")
	return cmd
}

// keptEnv is how a build server says which folders are to be trusted, and where
// Git is to be looked for.
var keptEnv = regexp.MustCompile(`^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)=`)

// gitError keeps the first thing that Git says.
func gitError(err error, said []byte) error {
	if line, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n"); line != "" {
		return errors.New(strings.TrimPrefix(line, "fatal: "))
	}
	return err
}

func unix(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
