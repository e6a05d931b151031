package site

import (
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Config is portal.yaml. Title, BaseURL and Languages are required.
type Config struct {
	Title       string     `yaml:"title"`
	BaseURL     string     `yaml:"base_url"`
	Languages   []string   `yaml:"languages"`
	Subtitle    Text       `yaml:"subtitle"`    // under the title in the header
	Description Text       `yaml:"description"` // meta description of the start page
	Timezone    string     `yaml:"timezone"`    // Europe/Berlin
	Publisher   Publisher  `yaml:"publisher"`
	Repository  Repository `yaml:"repository"`
	History     History    `yaml:"history"`
	Licence     string     `yaml:"licence"` // address of the licence of texts and data
	Security    Security   `yaml:"security"`
	Review      Review     `yaml:"review"`
	Home        Home       `yaml:"home"`
	Nav         []NavItem  `yaml:"nav"`    // main menu; default: types and sections
	Footer      []NavItem  `yaml:"footer"` // legal pages
	// Thread is the way on which one thing leads to the next: types in their
	// order. Pages of their entries show where on it they stand.
	Thread []TypeName `yaml:"thread"`
	Topics Topics     `yaml:"topics"`
	// Help is where docs/fehler.md is published, if it is: links of findings
	// lead to its sections.
	Help  string `yaml:"help"`
	Links Links  `yaml:"links"`
	Admin Admin  `yaml:"admin"` // the forms in the browser

	Location *time.Location      `yaml:"-"`
	KeyPos   map[string]diag.Pos `yaml:"-"` // places of values: "publisher.url"
}

// At is the place of a value of portal.yaml, or of the file.
func (c *Config) At(key string) diag.Pos {
	if p, ok := c.KeyPos[key]; ok {
		return p
	}
	return diag.Pos{File: "portal.yaml"}
}

// Publisher is who answers for the site.
type Publisher struct {
	Name  string `yaml:"name"`
	URL   string `yaml:"url"`
	Email string `yaml:"email"`
}

// Security fills /.well-known/security.txt (RFC 9116).
type Security struct {
	Contact string `yaml:"contact"` // mailto: or https:
	Expires string `yaml:"expires"` // a day
	Policy  string `yaml:"policy"`

	Pos diag.Pos `yaml:"-"`
}

// Review says how entries that are due for review are treated.
type Review struct {
	Grace *int `yaml:"grace"` // days after review_by until it is a warning; default: ReviewGrace
}

// ReviewGrace is how many days a review may be late.
const ReviewGrace = 30

// Days is the grace.
func (r Review) Days() int {
	if r.Grace != nil {
		return *r.Grace
	}
	return ReviewGrace
}

// Home arranges the start page.
type Home struct {
	Entrances string   `yaml:"entrances"` // folder whose pages are the entrances
	Latest    int      `yaml:"latest"`    // number of newest entries
	Topics    string   `yaml:"topics"`    // taxonomy shown as topics; default: the first with feeds
	Pos       diag.Pos `yaml:"-"`
}

// NavItem is one menu item: exactly one of Page (id), Type, Taxonomy, Section
// (folder), URL or Views. Label overrides the target's own.
type NavItem struct {
	Page     string   `yaml:"page"`
	Type     string   `yaml:"type"`
	Taxonomy string   `yaml:"taxonomy"`
	Section  string   `yaml:"section"`
	URL      string   `yaml:"url"`
	Views    bool     `yaml:"views"` // the page of all views
	Label    Text     `yaml:"label"`
	Pos      diag.Pos `yaml:"-"`
}

// Topics arranges the pages of the terms of vocabularies with feeds, on which all
// of a topic comes together.
type Topics struct {
	Lead  []TypeName `yaml:"lead"`  // types whose entries gather others: they come first
	Order []TypeName `yaml:"order"` // then these, then all other types
}

// TypeName is a type named in portal.yaml.
type TypeName struct {
	Name string
	Pos  diag.Pos
}

// UnmarshalText reads the name; its place is filled in by who reads the file.
func (n *TypeName) UnmarshalText(b []byte) error {
	n.Name = string(b)
	return nil
}

// DefaultLang is the first language; its pages have no language prefix.
func (c *Config) DefaultLang() string { return c.Languages[0] }

// Prefix is "" for the default language and "/en" for another.
func (c *Config) Prefix(lang string) string {
	if lang == c.DefaultLang() {
		return ""
	}
	return "/" + lang
}
