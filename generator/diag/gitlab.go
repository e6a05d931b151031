package diag

import (
	"crypto/sha256"
	"fmt"
)

// CodeQuality is one finding as GitLab reads it from a job's report of code
// quality.
type CodeQuality struct {
	Description string              `json:"description"`
	Check       string              `json:"check_name"`
	Fingerprint string              `json:"fingerprint"`
	Severity    string              `json:"severity"`
	Location    CodeQualityLocation `json:"location"`
}

// CodeQualityLocation is a file and a line; GitLab takes no finding without.
type CodeQualityLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// GitLab puts findings into the form of GitLab's reports of code quality. A
// change shows what it adds and what it mends: fingerprints must not move with
// the lines, so the place in the file is not in them, but which of several
// equal findings it is.
func GitLab(list []Diagnostic) []CodeQuality {
	out := make([]CodeQuality, 0, len(list))
	seen := map[string]int{}
	for _, d := range list {
		q := CodeQuality{Description: d.Text, Check: d.Code, Severity: [...]string{"info", "minor", "major"}[d.Severity]}
		if d.Hint != "" {
			q.Description += " → " + d.Hint
		}
		q.Location.Path, q.Location.Lines.Begin = d.File, max(d.Line, 1)
		if d.File == "" {
			q.Location.Path = "portal.yaml"
		}
		what := d.File + "\x00" + d.Code + "\x00" + d.Text
		q.Fingerprint = fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", what, seen[what])))
		seen[what]++
		out = append(out, q)
	}
	return out
}
