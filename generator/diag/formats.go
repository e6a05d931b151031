package diag

import (
	"fmt"
	"slices"
	"strings"
)

// GitHub writes a finding as a workflow command, which GitHub shows beside
// the line.
func GitHub(d Diagnostic) string {
	level := [...]string{"notice", "warning", "error"}[d.Severity]
	text := d.Text
	if d.Hint != "" {
		text += " → " + d.Hint
	}
	var props []string
	if d.File != "" {
		props = append(props, "file="+property(d.File))
	}
	if d.Line > 0 {
		props = append(props, fmt.Sprintf("line=%d", d.Line))
	}
	if d.Col > 0 {
		props = append(props, fmt.Sprintf("col=%d", d.Col))
	}
	props = append(props, "title="+property(d.Code))
	return fmt.Sprintf("::%s %s::%s", level, strings.Join(props, ","), command(text))
}

func command(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(command(s))
}

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
	ColumnKind string      `json:"columnKind"`
	Results    []RunResult `json:"results"`
}

// Rule is one code.
type Rule struct {
	ID string `json:"id"`
}

// RunResult is one finding.
type RunResult struct {
	RuleID    string        `json:"ruleId"`
	Level     string        `json:"level"`
	Message   Message       `json:"message"`
	Locations []RunLocation `json:"locations,omitempty"`
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
		Region *Region `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

// Region is a line and a column, both from 1.
type Region struct {
	Line int `json:"startLine"`
	Col  int `json:"startColumn,omitempty"`
}

// SARIF puts findings into a log.
func SARIF(list []Diagnostic) Log {
	var run Run
	run.Tool.Driver.Name = "portal"
	run.Tool.Driver.Rules = []Rule{}
	run.ColumnKind = "unicodeCodePoints"
	run.Results = []RunResult{}
	for _, d := range list {
		r := RunResult{RuleID: d.Code, Level: [...]string{"note", "warning", "error"}[d.Severity], Message: Message{d.Text}}
		if d.Hint != "" {
			r.Message.Text += " " + d.Hint
		}
		if d.File != "" {
			var l RunLocation
			l.Physical.Artifact.URI = uri(d.File)
			if d.Line > 0 {
				l.Physical.Region = &Region{d.Line, d.Col}
			}
			r.Locations = []RunLocation{l}
		}
		run.Results = append(run.Results, r)
		if !slices.Contains(run.Tool.Driver.Rules, Rule{d.Code}) {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, Rule{d.Code})
		}
	}
	return Log{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []Run{run}}
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
