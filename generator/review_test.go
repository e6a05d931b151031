package generator_test

import (
	"os"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator"
)

// TestLiveReviewsAndFigures: after an edit of a text alone, the preview still
// says what is overdue, and the list of figures is the new one.
func TestLiveReviewsAndFigures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const head = "---\ntitle: Papier\nsummary: Worum es geht.\nreview_by: 2026-01-01\nsources:\n  - {key: a, title: Gesetz}\n---\n\n"
	edit(t, dir, "portal.yaml", plainConfig)
	edit(t, dir, "content/positionen/papier.md", head+"Es sind 20 Prozent.[@a]\n")
	l := live(t, generator.Options{Source: dir, Builtin: builtin, Now: noon})
	if s := page(t, l, "/werkzeuge/zahlen/"); !strings.Contains(s, "20 Prozent") || !strings.Contains(s, "Gesetz") {
		t.Error("the figure is not listed")
	}
	edit(t, dir, "content/positionen/papier.md", head+"Es sind 30 Prozent. Niemand sagt es.\n")
	touched := l.Changed([]string{"content/positionen/papier.md"}, false)
	if touched.All {
		t.Error("not taken as an edit of a text")
	}
	if s := page(t, l, "/werkzeuge/zahlen/"); !strings.Contains(s, "30 Prozent") || !strings.Contains(s, "ohne Quelle") {
		t.Error("the list of figures is the old one")
	}
	page(t, l, "/positionen/papier/")
	var codes []string
	for _, d := range l.Diagnostics("/positionen/papier/") {
		codes = append(codes, d.Code)
	}
	if s := strings.Join(codes, " "); s != "pruefung-ueberfaellig zahl-ohne-quelle" {
		t.Errorf("findings: %s", s)
	}
}

// TestReadModel: what commands are told of a site that cannot be read, and of
// one with errors.
func TestReadModel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := generator.Options{Source: dir, Builtin: builtin, Now: noon}
	if m, found, err := generator.ReadModel(t.Context(), o); m != nil || err != nil || len(found) != 1 || found[0].Code != "konfiguration-fehlt" {
		t.Errorf("%v %v %v", m, found, err)
	}
	edit(t, dir, "portal.yaml", plainConfig)
	edit(t, dir, "content/a.md", "---\ntitle: A\nreview_by: 2026-01-01\n---\n")
	m, found, err := generator.ReadModel(t.Context(), o)
	if err != nil || m == nil || len(m.Site.Entries) != 1 || len(found) != 1 || found[0].Code != "pruefung-ueberfaellig" {
		t.Errorf("%v %v %v", m, found, err)
	}
	if _, err := os.Stat(dir + "/public"); err == nil {
		t.Error("something was written")
	}
}
