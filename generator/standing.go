package generator

import (
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Standing says of an entry in the preview why readers do not see it as it is
// shown there, and when they will. The zero Standing: they do.
type Standing struct {
	Word string // „Entwurf“, „Sperrfrist bis …“; several with „ · “
	Text string // what has to happen
}

// standing puts into words what site.Visible decides for the public, and what
// takes a visible entry out of the lists.
func standing(e *site.Entry, now time.Time) Standing {
	var words, texts []string
	say := func(word, text string) { words, texts = append(words, word), append(texts, text) }
	switch {
	case e.Status == site.StatusDraft && e.Discussion:
		// It is public, and marked as a draft there, too.
	case e.Status == site.StatusDraft:
		say("Entwurf", "Der Eintrag erscheint mit „status: veroeffentlicht“.")
	case e.Status == site.StatusReview:
		say("In Prüfung", "Ist die Prüfung bestanden, erscheint der Eintrag mit „status: veroeffentlicht“.")
	case e.Status == site.StatusSuperseded:
		say("Ersetzt", "Der Eintrag steht in keiner Liste mehr; unter seiner Adresse bleibt er lesbar.")
	case e.Status == site.StatusArchived:
		say("Archiviert", "Der Eintrag steht in keiner Liste mehr; unter seiner Adresse bleibt er lesbar.")
	}
	if e.Published.After(now) {
		until := lang.DateTime("de", e.Published)
		say("Sperrfrist bis "+until, "Vorher ist nichts davon zu sehen; danach erscheint der Eintrag mit dem nächsten Bau.")
	}
	if e.Audience == site.Members {
		say("Nur für Mitglieder", "Öffentlich erscheint der Eintrag nie, nur in der Fassung für Mitglieder.")
	}
	return Standing{strings.Join(words, " · "), strings.Join(texts, " ")}
}

// Standings are the entries that readers do not see as the preview shows them,
// by address.
func (l *Live) Standings() map[string]string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := map[string]string{}
	if l.b == nil {
		return out
	}
	for _, e := range l.b.site.Entries {
		if s := standing(e, l.b.now); s.Word != "" {
			out[l.b.base+e.URL] = s.Word
		}
	}
	return out
}
