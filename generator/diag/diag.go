// Package diag holds what the portal has to say about the content it reads.
//
// A Diagnostic is one finding: where it is (file, line, column), how bad it is,
// a stable code, one German sentence for the editor, and a hint that says what
// to write instead. A List collects findings from many goroutines; nothing in
// the portal stops at the first one. Sorted puts them into an order that does
// not depend on the order of discovery.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Pos is a place in a file of the site. File is slash-separated and relative
// to the site's folder; Line and Col count from 1, Col in characters. A zero
// Line means the file as a whole.
type Pos struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"column"`
}

// String writes the place as file:line:col, leaving out what is not known.
func (p Pos) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Down returns the place n lines further down, in column 1 when n is not zero.
func (p Pos) Down(n int) Pos {
	if n == 0 {
		return p
	}
	return Pos{File: p.File, Line: p.Line + n, Col: 1}
}

// Severity says what a finding does to the build.
type Severity int

const (
	Hint    Severity = iota // good to know; never fails a build
	Warning                 // fails with --strict only
	Error                   // nothing is published
)

// String is the German word editors read.
func (s Severity) String() string {
	return [...]string{"Hinweis", "Warnung", "Fehler"}[s]
}

// MarshalText writes the English key used in JSON and SARIF.
func (s Severity) MarshalText() ([]byte, error) {
	return []byte([...]string{"hint", "warning", "error"}[s]), nil
}

// Diagnostic is one finding. Code is stable and in the form "feld-unbekannt".
// Text is one German sentence; Hint, if any, says what to write instead.
type Diagnostic struct {
	Pos
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Text     string   `json:"text"`
	Hint     string   `json:"hint,omitempty"`
}

// String is the line that says what was found, with the hint on a line of its
// own; Shown has the line of the file, too.
func (d Diagnostic) String() string { return d.headline() + d.advice() }

func (d Diagnostic) headline() string {
	where := ""
	if p := d.Pos.String(); p != "" {
		where = printable(p) + ": "
	}
	return fmt.Sprintf("%s%s: %s [%s]", where, d.Severity, printable(d.Text), d.Code)
}

func (d Diagnostic) advice() string {
	if d.Hint == "" {
		return ""
	}
	return "\n    → " + printable(d.Hint)
}

// printable keeps names and texts from outside from writing lines of their own
// or moving the cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || r == '\u00a0' {
			return r
		}
		return '?'
	}, s)
}

// List collects diagnostics; its methods may be called by many goroutines.
// The zero List is ready to use.
type List struct {
	// Lenient turns errors added with Showablef into warnings.
	Lenient bool

	mu    sync.Mutex
	items []Diagnostic
}

// Add puts findings on the list.
func (l *List) Add(d ...Diagnostic) {
	l.mu.Lock()
	l.items = append(l.items, d...)
	l.mu.Unlock()
}

// Drop takes the findings of one file off the list.
func (l *List) Drop(file string) {
	l.mu.Lock()
	l.items = slices.DeleteFunc(l.items, func(d Diagnostic) bool { return d.File == file })
	l.mu.Unlock()
}

// Errorf adds an error. hint may be empty.
func (l *List) Errorf(p Pos, code, hint, format string, args ...any) {
	l.Add(Diagnostic{Pos: p, Severity: Error, Code: code, Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// Showablef adds a fault in spite of which the page can be shown, such as a
// broken link: an error, or with Lenient a warning.
func (l *List) Showablef(p Pos, code, hint, format string, args ...any) {
	s := Error
	if l.Lenient {
		s = Warning
	}
	l.Add(Diagnostic{Pos: p, Severity: s, Code: code, Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning.
func (l *List) Warnf(p Pos, code, hint, format string, args ...any) {
	l.Add(Diagnostic{Pos: p, Severity: Warning, Code: code, Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// Hintf adds a hint.
func (l *List) Hintf(p Pos, code, hint, format string, args ...any) {
	l.Add(Diagnostic{Pos: p, Severity: Hint, Code: code, Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// Sorted returns all findings by file, line, column, code and text, without
// duplicates.
func (l *List) Sorted() []Diagnostic {
	l.mu.Lock()
	out := slices.Clone(l.items)
	l.mu.Unlock()
	slices.SortFunc(out, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Text, b.Text), cmp.Compare(a.Hint, b.Hint))
	})
	return slices.Compact(out)
}

// Count returns the number of findings of exactly this severity.
func (l *List) Count(s Severity) int {
	n := 0
	for _, d := range l.Sorted() {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Failed reports whether the list stops a build: any error or, when strict,
// any warning.
func (l *List) Failed(strict bool) bool {
	return l.Count(Error) > 0 || strict && l.Count(Warning) > 0
}
