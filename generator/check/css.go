package check

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// cssRef finds what a style sheet loads. Style sheets of the output are
// minified, so no comment stands in between.
var cssRef = regexp.MustCompile(`(?i)url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)|@import\s*(?:"([^"]*)"|'([^']*)')`)

// scanCSS looks for what a style sheet loads.
func (c *Checker) scanCSS(f *Facts, data []byte) {
	for _, m := range cssRef.FindAllSubmatch(data, -1) {
		ref := ""
		for _, g := range m[1:] {
			ref += string(g)
		}
		kind, to, _ := c.resolve(f.name, strings.TrimSpace(ref))
		switch {
		case kind == inside && to != "":
			if l := (link{to: to, picture: true}); !slices.Contains(f.links, l) {
				f.links = append(f.links, l)
			}
		case kind != inside:
			f.findings = append(f.findings, loadFault(kind, ref))
		}
	}
	f.fonts = fonts(c, f.name, data)
}

var fontFace = regexp.MustCompile(`(?i)@font-face\s*\{[^}]*\}`)

// fonts returns the fonts of a style sheet that count for every page. Italics
// do not: they are fetched by pages that have some.
func fonts(c *Checker, name string, data []byte) []string {
	var found []string
	for _, face := range fontFace.FindAll(data, -1) {
		m := cssRef.FindSubmatch(face)
		if m == nil || bytes.Contains(face, []byte("italic")) {
			continue
		}
		if kind, to, _ := c.resolve(name, string(m[1])+string(m[2])+string(m[3])); kind == inside && !slices.Contains(found, to) {
			found = append(found, to)
		}
	}
	return found
}

// loadFault is what is wrong with loading ref, which is not a file of the site.
func loadFault(kind place, ref string) finding {
	switch kind {
	case inline:
		return fault("data-adresse", "Bitte als eigene Datei ablegen.", "Ein Bild steckt als data:-Adresse in der Seite, die Sicherheitsregel (CSP) der Website zeigt es nicht")
	case script:
		return scriptFault()
	case astray:
		return fault("basispfad-fehlt", "Die Adresse muss mit dem Pfad aus base_url beginnen.", "„%s“ liegt außerhalb der Website", shorten(ref))
	}
	return fault("fremder-server", "Bitte die Datei in die Website aufnehmen oder nur verlinken.", "„%s“ würde von einem fremden Server geladen", shorten(ref))
}

func scriptFault() finding {
	return fault("skript-adresse", "Bitte eine gewöhnliche Adresse verwenden.", "Eine Adresse beginnt mit „javascript:“")
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
