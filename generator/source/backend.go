package source

import (
	"io/fs"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

var repoForm = regexp.MustCompile(`^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$`)

// checkBackend holds the backend of the forms to what Sveltia CMS accepts.
func checkBackend(b *site.Backend, n node, diags *diag.List) bool {
	if b == nil {
		return true
	}
	ok := true
	fault := func(key, hint, format string, args ...any) {
		ok = false
		diags.Errorf(n.at(key, b.Pos), "konfiguration-formulare", hint, format, args...)
	}
	names := slices.Sorted(maps.Keys(site.BackendHosts))
	host, known := site.BackendHosts[b.Name]
	switch {
	case b.Name == "":
		fault("name", "Ergänzen Sie einen der Dienste: "+diag.QuoteList(names, "oder")+".", "Unter „admin.backend“ fehlt „name“.")
	case !known:
		hint := diag.DidYouMean(b.Name, names)
		if hint == "" {
			hint = "Möglich sind " + diag.QuoteList(names, "und") + "."
		}
		fault("name", hint, "„%s“ ist kein Dienst, den die Formulare kennen.", b.Name)
	}
	if b.Repo == "" {
		fault("repo", "Ergänzen Sie „repo: besitzer/name“.", "Unter „admin.backend“ fehlt „repo“.")
	} else if !repoForm.MatchString(b.Repo) || !fs.ValidPath(b.Repo) {
		fault("repo", "Schreiben Sie Besitzer und Name ohne Adresse davor: „repo: besitzer/name“.", "„%s“ ist kein Name eines Repositorys.", b.Repo)
	}
	if b.Branch != "" && !branchForm.MatchString(b.Branch) {
		fault("branch", "Schreiben Sie den Namen wie in Git, etwa „main“.", "„%s“ ist kein Name eines Zweigs.", b.Branch)
	}
	for key, address := range map[string]string{"base_url": b.BaseURL, "api_root": b.APIRoot} {
		if address == "" {
			continue
		}
		if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || strings.ContainsAny(u.Host, "'; ,") {
			fault(key, "Schreiben Sie die ganze Adresse mit „https://“.", "„%s“ ist keine sichere Internetadresse (admin.backend.%s).", address, key)
		}
	}
	switch {
	case b.AuthType != "" && b.AuthType != "pkce":
		fault("auth_type", "Schreiben Sie „pkce“ oder löschen Sie die Zeile.", "„%s“ ist keine Art der Anmeldung, die die Formulare kennen.", b.AuthType)
	case b.AuthType != "" && known && host.Sign == "":
		fault("auth_type", "Löschen Sie die Zeile; wie man sich dort anmeldet, steht im Handbuch.", "„%s“ bietet die Anmeldung „%s“ im Browser nicht an.", b.Name, b.AuthType)
	case b.AuthType != "" && b.AppID == "":
		fault("auth_type", "Ergänzen Sie „app_id“: die Kennung der Anwendung, die Sie dort angelegt haben.", "Die Anmeldung „%s“ braucht „app_id“.", b.AuthType)
	}
	return ok
}
