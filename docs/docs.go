// Package docs holds what the program itself shows of its documentation.
package docs

import _ "embed"

// Faults is fehler.md: one section for each code of a diagnostic.
//
//go:embed fehler.md
var Faults string
