package generator_test

import (
	"path/filepath"
	"testing"
)

// TestCoverageRendered: what a profile says is shown on the pages of the needs
// that it is compared with, and these are made anew when it changes.
func TestCoverageRendered(t *testing.T) {
	t.Parallel()
	w, out := fixedWorld(t), filepath.Join(inMemory(t), "public")
	w.files["content/bedarfe/dach.md"] = "---\ntitle: Dach\nsummary: Ein Dach.\ncapability: Trocken bleiben.\nscenario: [manv]\nstate: offen\nmust: [\"trl >= 7\"]\n---\n\nFehlt.\n"
	w.files["content/bedarfe/tor.md"] = "---\ntitle: Tor\nsummary: Ein Tor.\ncapability: Hinein.\nscenario: [manv]\nstate: offen\nmust: [\"trl >= 9\"]\n---\n\nFehlt.\n"
	w.write()
	built(t, w.to(out))
	wantRemade(t, w, out, []remaking{
		{"a value that conditions speak of", edited("content/produkte/zelt.md", "topics:", "trl: 8\ntopics:"),
			productCards + "/produkte/zelt/ /produkte/pumpe/ /bedarfe/dach/ /bedarfe/tor/ /werkzeuge/bedarfe-und-loesungen/"},
		{"a condition", edited("content/bedarfe/tor.md", "trl >= 9", "trl >= 8"),
			"/bedarfe/ /bedarfe/tor/ /szenarien/manv/ /produkte/zelt/ /werkzeuge/bedarfe-und-loesungen/ /"},
		{"a body of a profile", edited("content/produkte/zelt.md", "Mit Dach.", "Mit Boden."), "/produkte/zelt/"},
	})
}
