package source_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/source"
)

// TestHistoryOfBoth: what changed a text or its companion changed the entry, and
// what changed both did so once.
func TestHistoryOfBoth(t *testing.T) {
	t.Parallel()
	dir := runGit(t, `
write content/a.md Text; commit eins
at 2026-02-01T12:00:00Z; write content/a.yaml Angaben; add content/a.md mehr; commit zwei
at 2026-03-01T12:00:00Z; add content/a.yaml neu; commit drei
at 2026-04-01T12:00:00Z; write content/b.md Anderes; commit vier`)
	h := source.ReadHistory(t.Context(), dir, nil)
	both := h.Of("content/a.md").With(h.Of("content/a.yaml"))
	var said []string
	for _, c := range both.Commits {
		said = append(said, c.Subject)
	}
	if got := strings.Join(said, " "); got != "eins zwei drei" || both.Changed().Format(time.DateOnly) != "2026-03-01" {
		t.Errorf("%s, %s", got, both.Changed())
	}
	if b := h.Of("content/b.md"); b.With(nil) != b || (*source.Lifeline)(nil).With(b) != b {
		t.Error("one alone is what it is")
	}
}
