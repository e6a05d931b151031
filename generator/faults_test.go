package generator_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/diag"
)

// The findings here need more than files with something wrong in them.

// tells waits for a finding of a code in a preview.
func tells(t *testing.T, l *generator.Live, code string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		found := l.Diagnostics("/")
		if slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == code && d.Hint != "" }) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %s with a hint in %v", code, found)
		}
	}
}

// smallSite writes a site of one page.
func smallSite(t *testing.T) generator.Options {
	t.Helper()
	dir := t.TempDir()
	edit(t, dir, "portal.yaml", plainConfig)
	edit(t, dir, "content/a.md", "# A\n\nText.\n")
	return generator.Options{Source: dir, Builtin: builtin, Now: noon}
}

func TestPrivateOutput(t *testing.T) {
	t.Parallel()
	o := smallSite(t)
	o.Drafts = true
	res := built(t, o)
	if res.Hints != 1 || res.Diagnostics[0].Code != "nicht-oeffentlich" {
		t.Error(said(res))
	}
}

// TestFileChangesUnseen: a text is asked for that is no longer what was read.
func TestFileChangesUnseen(t *testing.T) {
	t.Parallel()
	o := smallSite(t)
	l := live(t, o)
	edit(t, o.Source, "content/a.md", "# A\n\nEin anderer, längerer Text.\n")
	l.Serve("/a/")
	tells(t, l, "datei-veraendert")
}

func TestSiteGoesAway(t *testing.T) {
	t.Parallel()
	o := smallSite(t)
	l := live(t, o)
	must(t, os.Rename(o.Source, o.Source+"-weg"))
	l.Changed(nil, true)
	tells(t, l, "ordner-fehlt")
}

func TestSystemFault(t *testing.T) {
	t.Parallel()
	o := smallSite(t)
	o.BaseURL = "keine-adresse"
	tells(t, live(t, o), "system")
}

// TestPreviewWithoutSearch is not parallel: it takes the folder for temporary
// files away.
func TestPreviewWithoutSearch(t *testing.T) {
	o := smallSite(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "fehlt"))
	tells(t, live(t, o), "vorschau-suche")
}
