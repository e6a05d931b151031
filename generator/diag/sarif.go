package diag

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Log is a SARIF 2.1.0 log (OASIS) with one run.
type Log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []Run  `json:"runs"`
}

// Run is the tool and what it found.
type Run struct {
	Tool struct {
		Driver struct {
			Name  string `json:"name"`
			Rules []Rule `json:"rules"`
		} `json:"driver"`
	} `json:"tool"`
	Language   string      `json:"language"`
	ColumnKind string      `json:"columnKind"`
	Results    []RunResult `json:"results"`
}

// Rule is one code and what it means.
type Rule struct {
	ID      string    `json:"id"`
	Short   *Message  `json:"shortDescription,omitempty"`
	Help    *Markdown `json:"help,omitempty"`
	HelpURI string    `json:"helpUri,omitempty"` // absolute only
}

// Markdown is a text in two forms.
type Markdown struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

// RunResult is one finding. Prints tell it from others when lines have moved.
type RunResult struct {
	RuleID    string            `json:"ruleId"`
	RuleIndex int               `json:"ruleIndex"`
	Level     string            `json:"level"`
	Message   Message           `json:"message"`
	Locations []RunLocation     `json:"locations,omitempty"`
	Prints    map[string]string `json:"partialFingerprints"`
}

// Message is a text.
type Message struct {
	Text string `json:"text"`
}

// RunLocation is a place in a file.
type RunLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region  *Region `json:"region,omitempty"`
		Context *Region `json:"contextRegion,omitempty"`
	} `json:"physicalLocation"`
}

// Region is a line and a column, both from 1; without an end, it reaches to
// that of the line.
type Region struct {
	Line    int      `json:"startLine"`
	Col     int      `json:"startColumn,omitempty"`
	Snippet *Message `json:"snippet,omitempty"`
}

// SARIF puts findings into a log. explain gives the short description of a
// code and its help; HelpURI is filled in here.
func SARIF(list []Shown, explain func(code string) Rule) Log {
	var run Run
	run.Tool.Driver.Name = "portal"
	run.Tool.Driver.Rules = []Rule{}
	run.Language = "de"
	run.ColumnKind = "unicodeCodePoints"
	run.Results = []RunResult{}
	seen := map[string]int{}
	for _, s := range list {
		at := slices.IndexFunc(run.Tool.Driver.Rules, func(r Rule) bool { return r.ID == s.Code })
		if at < 0 {
			at = len(run.Tool.Driver.Rules)
			rule := explain(s.Code)
			rule.ID = s.Code
			if u, err := url.Parse(s.Help); err == nil && u.IsAbs() {
				rule.HelpURI = s.Help
			}
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
		}
		r := RunResult{RuleID: s.Code, RuleIndex: at, Level: [...]string{"note", "warning", "error"}[s.Severity], Message: Message{s.Text}}
		if s.Hint != "" {
			r.Message.Text += " " + s.Hint
		}
		if s.File != "" {
			r.Locations = []RunLocation{location(s)}
		}
		hash := fingerprint(s)
		seen[hash]++
		r.Prints = map[string]string{"primaryLocationLineHash": fmt.Sprintf("%s:%d", hash, seen[hash])}
		run.Results = append(run.Results, r)
	}
	return Log{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []Run{run}}
}

// snippetLimit is from how many bytes on a line is left out.
const snippetLimit = 1000

func location(s Shown) (l RunLocation) {
	l.Physical.Artifact.URI = uri(s.File)
	if s.Line == 0 {
		return l
	}
	l.Physical.Region = &Region{Line: s.Line, Col: s.Col}
	if s.line == "" || len(s.line) > snippetLimit || !utf8.ValidString(s.line) {
		return l
	}
	rest := []rune(s.line)
	l.Physical.Region.Snippet = &Message{string(rest[min(max(s.Col-1, 0), len(rest)):])}
	l.Physical.Context = &Region{Line: s.Line, Snippet: &Message{s.line}}
	return l
}

// fingerprint is of what stays when other lines are added or taken away.
func fingerprint(s Shown) string {
	about := s.line
	if about == "" {
		about = s.Text
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{s.Code, s.File, strings.TrimSpace(about)}, "\x00")))
	return fmt.Sprintf("%x", sum[:8])
}

// uri escapes a file's path for a relative URI reference (RFC 3986).
func uri(file string) string {
	var b strings.Builder
	for _, c := range []byte(file) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
