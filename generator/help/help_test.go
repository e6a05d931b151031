package help_test

import (
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/help"
)

const text = "# Titel\n\nEinleitung.\n\n# Teil\n\nVorspann.\n\n## a-b\n\nBedeutung <hier>.\n\nFalsch:\n\n```text\n## kein Abschnitt\n\n  x\n```\n\n**Was tun?** Nichts.\n\n## c\n\nAnderes.\n"

func TestSections(t *testing.T) {
	t.Parallel()
	c := help.Read(text)
	if codes := strings.Join(c.Codes(), " "); codes != "a-b c" {
		t.Fatal(codes)
	}
	s, ok := c.Lookup("a-b")
	if !ok || s.Group != "Teil" || s.Meaning != "Bedeutung <hier>." || !strings.HasSuffix(s.Body, "**Was tun?** Nichts.\n") {
		t.Errorf("%+v", s)
	}
	if got, want := s.Text(), "a-b\n───\n\nBedeutung <hier>.\n\nFalsch:\n\n    ## kein Abschnitt\n\n      x\n\nWas tun? Nichts.\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, ok := c.Lookup("kein Abschnitt"); ok {
		t.Error("an example is a section")
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	s := help.Read("## x\n\n" + strings.Repeat("Zwölf Wörter. ", 30) + "\n").Sections[0]
	for line := range strings.Lines(s.Text()) {
		if n := len([]rune(strings.TrimSpace(line))); n > 78 {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	got := string(help.Read(text).HTML())
	for _, want := range []string{"<h1>Titel</h1>", "<h2>Teil</h2>", `<h3 id="a-b">a-b</h3>`, "Bedeutung <!-- raw HTML omitted -->.", "<strong>Was tun?</strong>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
