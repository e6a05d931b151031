package source

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// History is what Git knows of a site. The zero History knows nothing.
type History struct {
	Head    time.Time            // of the commit that is checked out
	Changed map[string]time.Time // last change by file, relative to the site
	Shallow bool                 // cut off, so that changes are not known
}

// Head names the commit that is checked out and whether the history is cut
// off; "" without Git or a repository. What ReadHistory finds follows from it.
func Head(dir string) string {
	out, err := git(dir, "rev-parse", "HEAD", "--is-shallow-repository")
	if err != nil {
		return ""
	}
	return string(out)
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

// ReadHistory asks Git once for the last change of every file below content/.
// Without Git or a repository it returns the zero History: dates are then what
// the entries say themselves.
func ReadHistory(dir string) History {
	var h History
	head, err := git(dir, "log", "-1", "--format=%ct")
	if err != nil {
		return h
	}
	h.Head = unix(strings.TrimSpace(string(head)))
	shallow, _ := git(dir, "rev-parse", "--is-shallow-repository")
	if h.Shallow = strings.TrimSpace(string(shallow)) == "true"; h.Shallow {
		return h
	}
	out, err := git(dir, "log", "--relative", "-z", "--format=%x01%ct", "--name-only", "--", "content")
	if err != nil {
		return h
	}
	h.Changed = map[string]time.Time{}
	var when time.Time
	for part := range bytes.SplitSeq(out, []byte{0}) {
		s := strings.TrimLeft(string(part), "\n")
		if stamp, ok := strings.CutPrefix(s, "\x01"); ok {
			when = unix(strings.TrimSpace(stamp))
			continue
		}
		if _, seen := h.Changed[s]; s != "" && !seen { // newest commit first
			h.Changed[s] = when
		}
	}
	return h
}

func git(dir string, args ...string) ([]byte, error) {
	return exec.Command("git", append([]string{"-C", dir}, args...)...).Output()
}

func unix(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
