package external

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// report turns answers into findings: one for an address, at the first place
// that leads there.
func (c *check) report(interrupted bool) {
	for _, t := range c.targets {
		if t.answer == nil {
			c.sum.Open++
			continue
		}
		c.reportTarget(t)
	}
	switch {
	case c.sum.Open == 0:
	case c.sum.Offline:
		c.warn(nil, "links-offline", "Prüfen Sie die Verbindung ins Internet; hinter einem Proxy müssen HTTP_PROXY und HTTPS_PROXY gesetzt sein.",
			"Von diesem Rechner aus antwortet keine fremde Adresse; %s.", unchecked(c.sum.Open))
	case interrupted:
		c.warn(nil, "links-abgebrochen", "Rufen Sie die Prüfung noch einmal auf; was schon geantwortet hat, wird nicht noch einmal gefragt.",
			"Die Prüfung der fremden Links wurde abgebrochen; %s.", missing(c.sum.Open))
	case c.timeIsUp:
		c.warn(nil, "links-abgebrochen", "Rufen Sie die Prüfung noch einmal auf; was schon geantwortet hat, wird nicht noch einmal gefragt.",
			"Die Zeit für die Prüfung der fremden Links ist um; %s.", missing(c.sum.Open))
	}
}

func addresses(n int) string {
	if n == 1 {
		return "1 Adresse"
	}
	return fmt.Sprintf("%d Adressen", n)
}

func missing(n int) string {
	if n == 1 {
		return "1 Adresse fehlt"
	}
	return addresses(n) + " fehlen"
}

func unchecked(n int) string {
	if n == 1 {
		return "1 Adresse wurde nicht geprüft"
	}
	return addresses(n) + " wurden nicht geprüft"
}

const archive = "Suchen Sie auf der Website nach der neuen Adresse, nehmen Sie eine andere Quelle oder löschen Sie den Link."

func (c *check) reportTarget(t *target) {
	a := t.answer
	switch a.Kind {
	case dead:
		c.warn(t.at, "link-tot", archive, "Unter „%s“ gibt es nichts mehr (%s).", short(t.address), status(a.Status))
	case unknownHost:
		c.warn(t.at, "link-tot", "Prüfen Sie, ob der Name richtig geschrieben ist. "+archive, "Den Server „%s“ gibt es nicht.", t.host)
	case endless:
		c.warn(t.at, "link-tot", "Öffnen Sie die Adresse im Browser. "+archive, "„%s“ leitet immer weiter und kommt nirgends an.", short(t.address))
	case silent:
		why := a.Why
		if a.Status != 0 {
			why = status(a.Status)
		}
		c.warn(t.at, "link-stumm", "Vielleicht ist die Website nur vorübergehend gestört: Prüfen Sie morgen noch einmal. Bleibt es dabei, suchen Sie eine andere Adresse.",
			"„%s“ antwortet nicht (%s).", short(t.address), why)
	case insecure:
		c.warn(t.at, "link-zertifikat", "Browser warnen vor dieser Seite. Prüfen Sie, ob sie unter einem anderen Namen zu erreichen ist, etwa mit oder ohne „www.“.",
			"„%s“ hat kein gültiges Zertifikat.", t.host)
	case private:
		c.warn(t.at, "link-privat", "Nennen Sie eine Adresse, die alle erreichen, oder schreiben Sie nur den Namen der Quelle.",
			"„%s“ führt in ein internes Netz; Leserinnen und Leser kommen dort nicht hin.", short(t.address))
	case refused:
		why := a.Why
		if a.Status != 0 {
			why = status(a.Status)
		}
		c.hint(t.at, "link-abgewiesen", "Öffnen Sie die Adresse selbst im Browser. Stimmt sie, tragen Sie sie in portal.yaml unter „links: ignore:“ ein.",
			"Ob es „%s“ gibt, lässt sich nicht prüfen (%s).", short(t.address), why)
	case fine:
		c.reportFine(t)
	}
}

// reportFine says how a link that works could be better.
func (c *check) reportFine(t *target) {
	a := t.answer
	switch {
	case a.Moved != "" && onlySecure(t.address, a.Moved):
		c.hint(t.at, "link-unsicher", "Schreiben Sie „"+a.Moved+"“.", "„%s“ ist unverschlüsselt; die Seite gibt es auch mit https.", short(t.address))
	case a.Moved != "":
		c.hint(t.at, "link-umgezogen", "Schreiben Sie „"+a.Moved+"“, wenn dort noch dasselbe steht.", "„%s“ ist dauerhaft umgezogen.", short(t.address))
	case a.Secure:
		c.hint(t.at, "link-unsicher", "Schreiben Sie „https"+strings.TrimPrefix(t.address, "http")+"“.", "„%s“ ist unverschlüsselt; die Seite gibt es auch mit https.", short(t.address))
	}
	for _, f := range t.fragments() {
		if found, looked := a.Anchors[f]; looked && !found {
			c.hint(t.parts[f], "link-anker", "Verlinken Sie einen Abschnitt, den es noch gibt, oder die ganze Seite.", "Auf der Seite „%s“ gibt es den Abschnitt „#%s“ nicht.", short(t.address), short(f))
		}
	}
}

// onlySecure reports whether an address has only moved to https.
func onlySecure(from, to string) bool {
	a, err := url.Parse(from)
	if err != nil || a.Scheme != "http" {
		return false
	}
	a.Scheme = "https"
	return a.String() == to
}

func status(code int) string {
	words := map[int]string{404: "nicht gefunden", 410: "gelöscht", 401: "verlangt eine Anmeldung", 403: "kein Zutritt für Programme", 429: "zu viele Anfragen", 451: "aus rechtlichen Gründen gesperrt", 500: "Fehler des Servers", 502: "Fehler des Servers", 503: "vorübergehend außer Betrieb", 504: "Fehler des Servers"}
	if w := words[code]; w != "" {
		return fmt.Sprintf("%d, %s", code, w)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

func (c *check) warn(at []diag.Pos, code, hint, format string, args ...any) {
	if len(at) > 0 {
		c.sum.Broken++
	}
	c.say(c.diags.Warnf, at, code, hint, format, args...)
}

func (c *check) hint(at []diag.Pos, code, hint, format string, args ...any) {
	c.say(c.diags.Hintf, at, code, hint, format, args...)
}

// placesAtMost is how many more places a finding names.
const placesAtMost = 12

func (c *check) say(add func(diag.Pos, string, string, string, ...any), at []diag.Pos, code, hint, format string, args ...any) {
	pos := diag.Pos{}
	if len(at) > 0 {
		pos = at[0]
	}
	if len(at) > 1 {
		var more []string
		for _, p := range at[1:min(len(at), 1+placesAtMost)] {
			more = append(more, p.String())
		}
		hint += " Auch in " + strings.Join(more, ", ")
		if rest := len(at) - 1 - placesAtMost; rest > 0 {
			hint += fmt.Sprintf(" und an %d weiteren Stellen", rest)
		}
		hint += "."
	}
	add(pos, code, hint, format, args...)
}

// String is the line that a check ends with.
func (s Summary) String() string {
	parts := []string{fmt.Sprintf("%d gefragt", s.Asked), fmt.Sprintf("%d aus dem Zwischenspeicher", s.Known)}
	if s.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d übergangen", s.Skipped))
	}
	if s.Open > 0 {
		parts = append(parts, fmt.Sprintf("%d offen", s.Open))
	}
	return fmt.Sprintf("Fremde Links: %s; %s; %d kaputt.", addresses(s.Total), strings.Join(parts, ", "), s.Broken)
}
