package generator

import (
	"regexp"
	"strconv"

	"github.com/ag-vzkm/portal/generator/diag"
)

// fault.go reports faults of templates: once for all the pages they spoil.

var templateErr = regexp.MustCompile(`^(?:html/)?template: ?([^:]+):(\d+)(?::(\d+))?: (.*)$`)

// fault is what is wrong at a place of a template, and the page that shows it.
type fault struct {
	text, page string
	told       bool
}

// templateFault notes a fault of a template at its own place, once for all the
// pages it spoils: the first by its address, whichever was made first.
func (b *build) templateFault(err error, page string) {
	pos, text := diag.Pos{File: "templates"}, err.Error()
	if m := templateErr.FindStringSubmatch(text); m != nil {
		pos.File, text = "templates/"+m[1], m[4]
		pos.Line, _ = strconv.Atoi(m[2])
		pos.Col, _ = strconv.Atoi(m[3])
	}
	b.faultsMu.Lock()
	defer b.faultsMu.Unlock()
	if f, known := b.faults[pos]; known && (f.told || f.page <= page) {
		return
	}
	if b.faults == nil {
		b.faults = map[diag.Pos]fault{}
	}
	b.faults[pos] = fault{text: text, page: page}
}

// tellFaults reports what has been noted.
func (b *build) tellFaults() {
	b.faultsMu.Lock()
	defer b.faultsMu.Unlock()
	for pos, f := range b.faults {
		if f.told {
			continue
		}
		text := f.text
		if f.page != "" {
			text += " (Seite " + f.page + ")"
		}
		b.diags.Errorf(pos, "vorlage", "Prüfen Sie diese Stelle. Ohne eigene Vorlage gilt wieder die eingebaute.", "Die Vorlage ist fehlerhaft: %s", text)
		f.told = true
		b.faults[pos] = f
	}
}
