package source

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

var (
	leftInFront = regexp.MustCompile(`^[^#]*?(?:"…"|:[ \t]*…[ \t]*$|` + placeholder + `[ \t]*$)`)
	leftInBody  = regexp.MustCompile(`^(?:` + regexp.QuoteMeta(placeholderText) + `|<!-- Hier fehlt .*)[ \t]*$`)
)

// placeholders reports what a new entry was begun with and nobody has replaced.
// A draft may have it, a text in review should not, and readers must not see it.
func (r *reader) placeholders(e *site.Entry, front, beside, body []byte) {
	const hint = "Setzen Sie den richtigen Wert ein und löschen Sie „" + placeholder + "“; ein Feld, das Sie nicht brauchen, löschen Sie ganz."
	r.left(e, diag.Pos{File: e.Pos.File, Line: 2}, front, leftInFront, hint)
	r.left(e, diag.Pos{File: e.Companion, Line: 1}, beside, leftInFront, hint)
	r.left(e, e.BodyPos, body, leftInBody, "Schreiben Sie hier, was hierher gehört, oder löschen Sie die Zeile.")
}

func (r *reader) left(e *site.Entry, first diag.Pos, text []byte, form *regexp.Regexp, hint string) {
	line := first.Line
	for b := range bytes.Lines(text) {
		b = bytes.TrimRight(b, "\n")
		if form.Match(b) {
			pos := diag.Pos{File: first.File, Line: line, Col: 1}
			if at := bytes.Index(b, []byte("…")); at >= 0 {
				pos.Col += utf8.RuneCount(b[:at])
			} else if at := bytes.Index(b, []byte(": ")); form == leftInFront && at >= 0 {
				pos.Col += utf8.RuneCount(b[:at]) + 2
			}
			r.leftOver(e, pos, hint)
		}
		line++
	}
}

func (r *reader) leftOver(e *site.Entry, pos diag.Pos, hint string) {
	code, text := "platzhalter", "Hier steht noch der Platzhalter, mit dem der Eintrag angelegt wurde."
	switch {
	case e.Status == site.StatusReview:
		r.diags.Warnf(pos, code, hint, "%s", text)
	case e.Status == site.StatusDraft && !e.Discussion:
		r.diags.Hintf(pos, code, hint, "%s", text)
	default:
		r.diags.Showablef(pos, code, hint, "%s", text)
	}
}
