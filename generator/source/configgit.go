package source

import (
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// The forms of what portal.yaml says of the repository.
var (
	sshForm    = regexp.MustCompile(`^(?:ssh://)?(?:[\w.-]+@)?([\w.-]+)(?::\d+/|[:/])([\w./~-]+?)(?:\.git)?/?$`)
	branchForm = regexp.MustCompile(`^[^-/\s~^:?*\[\\{}#%][^\s~^:?*\[\\{}#%]*$`)
	urlPart    = regexp.MustCompile(`\{[^{}]*\}`)
	commitForm = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
)

// checkRepository holds the repository to what links can be made from.
func checkRepository(c *site.Config, keys node, diags *diag.List) bool {
	r, ok := &c.Repository, true
	own := keys.under("repository")
	fault := func(key, hint, format string, args ...any) {
		ok = false
		diags.Errorf(own.at(key, r.Pos), "konfiguration-repository", hint, format, args...)
	}
	for _, t := range []struct{ key, template string }{{"edit", r.Edit}, {"issue", r.Issue}, {"history", r.History}} {
		if text, hint := templateFault(t.template, t.key == "issue"); text != "" {
			fault(t.key, hint, "%s (repository.%s).", text, t.key)
		}
	}
	if r.URL == "" {
		for _, key := range []string{"branch", "kind", "folder"} {
			if own.at(key, diag.Pos{}) != (diag.Pos{}) {
				fault(key, "Ergänzen Sie url: https://github.com/ORGANISATION/REPOSITORY", "„repository.%s“ hat ohne „url“ keine Wirkung.", key)
			}
		}
		return ok
	}
	hint := repositoryFault(r)
	switch {
	case hint != "":
		fault("url", hint, "„%s“ ist nicht die Adresse eines Repositorys.", r.URL)
	case r.ForgeKind() == "":
		fault("url", "Ergänzen Sie kind mit einem von: "+strings.Join(site.ForgeKinds, ", ")+". Bei anderen schreiben Sie statt url die Adressen edit, issue und history.",
			"Ob unter „%s“ GitHub, GitLab oder etwas anderes läuft, ist nicht bekannt.", r.URL)
	}
	if r.Kind != "" && !slices.Contains(site.ForgeKinds, r.Kind) {
		fault("kind", diag.DidYouMean(r.Kind, site.ForgeKinds), "Die Art „%s“ ist nicht bekannt.", r.Kind)
	}
	if r.Branch != "" && (!branchForm.MatchString(r.Branch) || strings.Contains(r.Branch, "..") || strings.HasSuffix(r.Branch, "/")) {
		fault("branch", "Schreiben Sie den Namen des Zweiges, etwa: branch: main", "„%s“ ist nicht der Name eines Zweiges.", r.Branch)
	}
	if r.Folder != "" && (!fs.ValidPath(r.Folder) || r.Folder == ".") {
		fault("folder", "Schreiben Sie den Weg von der Wurzel des Repositorys zum Ordner mit portal.yaml, etwa: folder: website/portal", "„%s“ ist kein Ordner im Repository.", r.Folder)
	}
	return ok
}

// repositoryFault says what to write instead of an address that cannot be one
// of a repository, "" if it can.
func repositoryFault(r *site.Repository) string {
	const form = "Schreiben Sie die Adresse, unter der das Repository im Browser zu sehen ist: https://github.com/ORGANISATION/REPOSITORY"
	u, err := url.Parse(r.URL)
	switch {
	case !isWeb(r.URL):
		if m := sshForm.FindStringSubmatch(r.URL); m != nil && strings.Contains(m[2], "/") {
			return "Schreiben Sie die Adresse für den Browser: https://" + m[1] + "/" + m[2]
		}
		return form
	case err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(r.URL, "{}"):
		return form
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return form
	}
	if i := slices.IndexFunc(parts, func(p string) bool { return p == "tree" || p == "blob" || p == "-" || p == "src" }); i >= 2 {
		return "Schreiben Sie nur: " + u.Scheme + "://" + u.Host + "/" + strings.Join(parts[:i], "/") + " und den Zweig als branch."
	}
	return ""
}

// templateFault says what is wrong with an address with placeholders, "" if
// nothing is, and what to write instead.
func templateFault(template string, mail bool) (text, hint string) {
	for _, m := range urlPart.FindAllString(template, -1) {
		if !slices.Contains(site.Placeholders, m) {
			return "Den Platzhalter „" + m + "“ gibt es nicht", diag.DidYouMean(m, site.Placeholders)
		}
	}
	address := urlPart.ReplaceAllString(template, "x")
	if strings.ContainsFunc(address, func(r rune) bool { return r == '{' || r == '}' || unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "„" + template + "“ enthält eine einzelne Klammer oder ein Leerzeichen", "Schreiben Sie Platzhalter mit beiden Klammern, etwa {url}, und statt eines Leerzeichens %20."
	}
	if template == "" || isWeb(address) || mail && strings.HasPrefix(address, "mailto:") && strings.Contains(address, "@") {
		return "", ""
	}
	hint = "Schreiben Sie die ganze Adresse: https://www.example.org/…"
	if mail {
		hint += " oder mailto:redaktion@example.org?subject={title}&body={url}"
	}
	return "„" + template + "“ ist keine Internetadresse", hint
}

// checkHistory looks after names: who is shown has to be meant, and no e-mail
// address gets onto a page.
func checkHistory(c *site.Config, diags *diag.List) bool {
	ok := true
	fault := func(pos diag.Pos, hint, format string, args ...any) {
		ok = false
		diags.Errorf(pos, "konfiguration-verlauf", hint, format, args...)
	}
	seen := map[string]bool{}
	for _, a := range c.History.Authors {
		switch {
		case a == nil:
			continue // reported where the list was read
		case len(a.Git) == 0:
			fault(a.Pos, "Ergänzen Sie, was in Git steht: git: [anna@example.org]", "Hier fehlt „git“: wer gemeint ist.")
		case (a.Name == "") == (a.Entry == ""):
			fault(a.Pos, "Schreiben Sie name: Anna Muster – oder entry: mit der Kennung eines Eintrags.", "Hier braucht es entweder „name“ oder „entry“: wie %s auf den Seiten heißt.", a.Git[0])
		case strings.Contains(a.Name, "@"):
			fault(a.Pos, "Schreiben Sie den Namen, den Leserinnen und Leser sehen sollen.", "„name“ enthält eine E-Mail-Adresse; sie wäre auf den Seiten zu lesen.")
		}
		for _, g := range a.Git {
			if key := strings.ToLower(g); seen[key] {
				fault(a.Pos, "Löschen Sie eine der beiden Stellen.", "„%s“ steht zweimal in „history.authors“.", g)
			} else {
				seen[key] = true
			}
		}
	}
	for _, id := range c.History.Ignore {
		if !commitForm.MatchString(id.ID) {
			fault(id.Pos, "Schreiben Sie mindestens sieben Stellen der Nummer, die „git log“ zeigt, etwa: ignore: [4f2a9c1d]", "„%s“ ist nicht die Nummer eines Commits.", id.ID)
		}
	}
	return ok
}
