package site_test

import (
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// TestTranslationsOfHiddenTexts: a translation is hidden with its original, in
// whatever language the original is.
func TestTranslationsOfHiddenTexts(t *testing.T) {
	typ := &site.Type{Name: "haus", Folder: "haeuser"}
	for _, c := range []struct{ original, translation string }{{"de", "en"}, {"en", "de"}} {
		entry := func(id, l string) *site.Entry {
			return &site.Entry{Type: typ, ID: id, Lang: l, Title: id, Status: site.StatusPublished, Audience: site.Public,
				Path: "haeuser/" + id, Pos: diag.Pos{File: "content/haeuser/" + id + ".md", Line: 1, Col: 1}}
		}
		original, translation := entry("original", c.original), entry("fassung", c.translation)
		original.Audience = site.Members
		translation.Base = "original"
		d := site.Draft{Config: &site.Config{Languages: []string{"de", "en"}}, Types: []*site.Type{typ}, Entries: []*site.Entry{original, translation}}
		if s := site.Assemble(d, site.View{Audience: site.Public, Now: time.Now()}, &diag.List{}); len(s.Entries) != 0 {
			t.Errorf("original in %s: the public sees %d entries", c.original, len(s.Entries))
		}
		if s := site.Assemble(d, site.View{Audience: site.Members, Now: time.Now()}, &diag.List{}); len(s.Entries) != 2 {
			t.Errorf("original in %s: members see %d entries", c.original, len(s.Entries))
		}
	}
}
