package source

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"github.com/goccy/go-yaml"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

const configFile = "portal.yaml"

// LoadConfig reads portal.yaml strictly and fills in the defaults. It returns
// nil when the file cannot be used.
func LoadConfig(root fs.FS, diags *diag.List) *site.Config {
	start := diag.Pos{File: configFile, Line: 1, Col: 1}
	b, err := fs.ReadFile(root, configFile)
	if err != nil {
		diags.Errorf(diag.Pos{File: configFile}, "konfiguration-fehlt",
			"Legen Sie eine Datei portal.yaml mit title, base_url und languages an; „portal new site ORDNER“ schreibt ein Beispiel.",
			"Die Datei portal.yaml fehlt oder ist nicht lesbar.")
		return nil
	}
	var c site.Config
	if !decodeStrict(b, &c, start, diags) {
		return nil
	}
	ok := true
	missing := func(key, example string) {
		ok = false
		diags.Errorf(start, "konfiguration-unvollstaendig", "Ergänzen Sie: "+example, "In portal.yaml fehlt „%s“.", key)
	}
	if strings.TrimSpace(c.Title) == "" {
		missing("title", "title: Name des Portals")
	}
	if c.BaseURL == "" {
		missing("base_url", "base_url: https://www.example.org/")
	} else if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" {
		ok = false
		diags.Errorf(keyPos(b, "base_url", start), "konfiguration-adresse", "Schreiben Sie die ganze Adresse: https://www.example.org/",
			"„%s“ ist keine Adresse, unter der ein Portal stehen kann.", c.BaseURL)
	}
	if len(c.Languages) == 0 {
		missing("languages", "languages: [de]")
	}
	for _, l := range c.Languages {
		if !langForm.MatchString(l) {
			ok = false
			diags.Errorf(keyPos(b, "languages", start), "konfiguration-sprache", "Schreiben Sie zwei Kleinbuchstaben, etwa: languages: [de, en]",
				"„%s“ ist kein Sprachkürzel.", l)
		}
	}
	if c.Timezone == "" {
		c.Timezone = "Europe/Berlin"
	}
	if c.Location, err = time.LoadLocation(c.Timezone); err != nil || c.Timezone == "Local" {
		ok = false
		diags.Errorf(keyPos(b, "timezone", start), "konfiguration-zeitzone", "Schreiben Sie etwa: timezone: Europe/Berlin",
			"Die Zeitzone „%s“ gibt es nicht.", c.Timezone)
	}
	if !ok {
		return nil
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Home.Latest == 0 {
		c.Home.Latest = 6
	}
	return &c
}

var langForm = regexp.MustCompile(`^[a-z]{2}$`)

// keyPos finds a key at the top level of a YAML text.
func keyPos(b []byte, key string, start diag.Pos) diag.Pos {
	for i, line := range bytes.Split(b, []byte("\n")) {
		if bytes.HasPrefix(line, []byte(key+":")) {
			return diag.Pos{File: start.File, Line: start.Line + i, Col: 1}
		}
	}
	return start
}

// decodeStrict decodes YAML into a Go value; unknown keys are errors.
func decodeStrict(b []byte, into any, start diag.Pos, diags *diag.List) bool {
	err := yaml.UnmarshalWithOptions(b, into, yaml.Strict())
	if err == nil {
		return true
	}
	var unknown *yaml.UnknownFieldError
	var typ *yaml.TypeError
	pos := start
	if e := yaml.Error(nil); errors.As(err, &e) && e.GetToken() != nil {
		pos = at(start, e.GetToken().Position.Line, e.GetToken().Position.Column)
	}
	switch {
	case errors.As(err, &unknown):
		diags.Errorf(pos, "schluessel-unbekannt", diag.DidYouMean(unknown.GetToken().Value, yamlKeys(into)),
			"Den Schlüssel „%s“ gibt es hier nicht.", unknown.GetToken().Value)
	case errors.As(err, &typ):
		diags.Errorf(pos, "schluessel-form", "Vergleichen Sie mit dem Beispiel in der Dokumentation.", "Der Wert hat hier nicht die erwartete Form.")
	default:
		yamlError(err, start, diags)
	}
	return false
}
