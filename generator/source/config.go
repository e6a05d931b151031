package source

import (
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

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
	keys, decoded := decodeStrict(b, &c, start, diags)
	ok := decoded
	if keys.kind == null && !ok {
		return nil
	}
	missing := func(key, example string) {
		ok = false
		diags.Errorf(start, "konfiguration-unvollstaendig", "Ergänzen Sie: "+example, "In portal.yaml fehlt „%s“.", key)
	}
	// What is there in a wrong form has been reported as that.
	given := func(key string) bool {
		return slices.ContainsFunc(keys.pairs, func(p pair) bool {
			return p.key == key && (p.value.kind > scalar || strings.TrimSpace(p.value.text) != "")
		})
	}
	if strings.TrimSpace(c.Title) == "" && !given("title") {
		missing("title", "title: Name des Portals")
	}
	if c.BaseURL == "" && !given("base_url") {
		missing("base_url", "base_url: https://www.example.org/")
	} else if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.Contains(u.Path, "..")) {
		ok = false
		diags.Errorf(keys.valueAt(start, "base_url"), "konfiguration-adresse", "Schreiben Sie die ganze Adresse: https://www.example.org/",
			"„%s“ ist keine Adresse, unter der ein Portal stehen kann.", c.BaseURL)
	}
	if len(c.Languages) == 0 && !given("languages") {
		missing("languages", "languages: [de]")
	}
	languages := func(i int) diag.Pos {
		for _, p := range keys.pairs {
			if p.key == "languages" && i < len(p.value.items) {
				return p.value.items[i].pos
			}
		}
		return start
	}
	for i, l := range c.Languages {
		if slices.Contains(c.Languages[:i], l) {
			ok = false
			diags.Errorf(languages(i), "konfiguration-sprache", "Löschen Sie die Wiederholung.", "Die Sprache „%s“ steht zweimal da.", l)
		}
		if !langForm.MatchString(l) {
			ok = false
			diags.Errorf(languages(i), "konfiguration-sprache", "Schreiben Sie zwei Kleinbuchstaben, etwa: languages: [de, en]",
				"„%s“ ist kein Sprachkürzel.", l)
		}
	}
	if c.Review.Days() < 0 {
		ok = false
		diags.Errorf(keys.valueAt(start, "review", "grace"), "konfiguration-pruefung", "Schreiben Sie eine Zahl von Tagen, etwa: review: {grace: 30}", "„review.grace“ kann nicht negativ sein.")
	}
	ok = checkAddresses(&c, keys, start, diags) && ok
	ok = checkRepository(&c, keys, diags) && ok
	if decoded { // what could not be read is not missing
		ok = checkHistory(&c, diags) && ok
	}
	for _, p := range c.Links.Ignore {
		if fault := p.Fault(); fault != "" {
			ok = false
			diags.Errorf(p.Pos, "konfiguration-muster", "Schreiben Sie den Namen eines Servers („linkedin.com“) oder eine Adresse, in der * für Beliebiges steht („https://www.example.org/intern/*“).",
				"Das Muster „%s“ %s.", p.Text, fault)
		}
	}
	ok = checkBackend(c.Admin.Backend, keys.under("admin").under("backend"), diags) && ok
	if c.Timezone == "" {
		c.Timezone = "Europe/Berlin"
	}
	if c.Location, err = time.LoadLocation(c.Timezone); err != nil || c.Timezone == "Local" {
		ok = false
		diags.Errorf(keys.valueAt(start, "timezone"), "konfiguration-zeitzone", "Schreiben Sie etwa: timezone: Europe/Berlin",
			"Die Zeitzone „%s“ gibt es nicht.", c.Timezone)
	}
	if !ok {
		return nil
	}
	c.KeyPos = map[string]diag.Pos{}
	keys.places("", c.KeyPos)
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Home.Latest == 0 {
		c.Home.Latest = 6
	}
	return &c
}

var langForm = regexp.MustCompile(`^[a-z]{2}$`)

// checkAddresses holds the other addresses to what a browser may be sent to.
func checkAddresses(c *site.Config, keys node, start diag.Pos, diags *diag.List) bool {
	ok := true
	check := func(pos diag.Pos, what, address string) {
		if address != "" && !isWeb(address) {
			ok = false
			diags.Errorf(pos, "konfiguration-adresse", "Schreiben Sie die ganze Adresse: https://www.example.org/…", "„%s“ ist keine Internetadresse (%s).", address, what)
		}
	}
	check(keys.valueAt(start, "licence"), "licence", c.Licence)
	check(keys.valueAt(start, "help"), "help", c.Help)
	check(keys.valueAt(start, "publisher", "url"), "publisher.url", c.Publisher.URL)
	for _, it := range slices.Concat(c.Nav, c.Footer) {
		if !strings.HasPrefix(it.URL, "/") && !strings.HasPrefix(it.URL, "mailto:") {
			check(it.Pos, "url", it.URL)
		}
	}
	return ok
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
