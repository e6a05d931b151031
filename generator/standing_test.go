package generator

import (
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// TestStanding: whatever readers do not see says so in the preview, in every
// combination; what they see as it is says nothing.
func TestStanding(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	n := 0
	for _, status := range []site.Status{site.StatusDraft, site.StatusReview, site.StatusPublished, site.StatusSuperseded, site.StatusArchived} {
		for _, audience := range []site.Audience{site.Public, site.Members} {
			for _, published := range []time.Time{{}, now.Add(-time.Hour), now.Add(time.Hour)} {
				for _, discussion := range []bool{false, true} {
					n++
					e := &site.Entry{Type: &site.Type{}, Status: status, Audience: audience, Published: published, Discussion: discussion}
					visible := site.Visible(e, site.View{Audience: site.Public, Now: now})
					s := standing(e, now)
					if said := s.Word != "" && s.Text != ""; said == (visible && status != site.StatusSuperseded && status != site.StatusArchived) {
						t.Errorf("%s %s %s %t: visible %t, said %q", status, audience, published, discussion, visible, s.Word)
					}
				}
			}
		}
	}
	e := &site.Entry{Type: &site.Type{}, Status: site.StatusDraft, Audience: site.Members, Published: time.Date(2026, 12, 24, 9, 0, 0, 0, time.UTC)}
	if got, want := standing(e, now).Word, "Entwurf · Sperrfrist bis 24.\u00a0Dezember 2026, 9:00\u00a0Uhr · Nur für Mitglieder"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if n != 60 {
		t.Error(n, "combinations")
	}
}
