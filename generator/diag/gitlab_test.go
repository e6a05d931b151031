package diag_test

import (
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

func TestGitLab(t *testing.T) {
	at := func(line int) diag.Diagnostic {
		return diag.Diagnostic{Pos: diag.Pos{File: "a.md", Line: line, Col: 2}, Severity: diag.Warning, Code: "x", Text: "y", Hint: "z"}
	}
	got := diag.GitLab([]diag.Diagnostic{at(3), at(7), {Severity: diag.Error, Code: "x", Text: "y"}})
	moved := diag.GitLab([]diag.Diagnostic{at(4), at(9)})

	if first := got[0]; first.Description != "y → z" || first.Check != "x" || first.Severity != "minor" || first.Location.Path != "a.md" || first.Location.Lines.Begin != 3 {
		t.Errorf("%+v", first)
	}
	if last := got[2]; last.Severity != "major" || last.Location.Path != "portal.yaml" || last.Location.Lines.Begin != 1 {
		t.Errorf("without a file: %+v", last)
	}
	if got[0].Fingerprint == got[1].Fingerprint {
		t.Error("two findings have one fingerprint: GitLab shows one of them")
	}
	for i := range moved {
		if got[i].Fingerprint != moved[i].Fingerprint {
			t.Errorf("finding %d has another fingerprint after its line has moved", i)
		}
	}
	if none := diag.GitLab(nil); none == nil || len(none) != 0 {
		t.Error("no findings must be an empty list, not null")
	}
}
