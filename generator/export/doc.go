// Package export writes what machines read: feeds, sitemap, robots.txt,
// security.txt, schema.org data, meta tags, citations, calendars, tables of a
// type as CSV and JSON, and redirects for former addresses.
//
// Terms: a Feed is a list of the newest entries in two formats, Atom and JSON
// Feed. A reference is what a citation says of a paper, before it is written
// in one of the formats. A Page is what a page, of whatever kind, tells
// machines about itself; a PageRef is a page as the sitemap knows it.
//
// Flow: the builder fills an Input once the site is assembled and its texts
// are converted. While it makes pages it asks for SiteFeed, TypeFeed and
// TermFeed, Meta, JSONLD, CiteText and the lists of downloads; when it knows
// all pages, All writes the files. Everything follows from the definition of
// the types (jsonld, citation, feed, glossary, ical, kinds of fields), never from a
// type's name, and from dates of the content, never from the clock.
package export

import (
	"errors"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// Input is what the exports are made of. Only Site is required.
type Input struct {
	Site  *site.Site
	Words *lang.Words
	// Body is the HTML of an entry's text. Its links are absolute, relative to
	// the entry's page or root-relative with the base path; they become
	// absolute here.
	Body func(*site.Entry) template.HTML
	// Prose is a markdown field as plain text; without it, its source is used.
	Prose func(*site.Entry, site.Prose) string
	// Asset is the address (root-relative with base path, or absolute) under
	// which a picture or file of the entry is published, "" when it is not.
	Asset func(e *site.Entry, src string) string
	// Private asks robots to stay away: a build with members' entries or drafts.
	Private bool
	// Licence of the data, as an address; it may be empty.
	Licence string
	Pages   []PageRef // all pages, in any order
	// View computes a view, ViewPath is its address; nil where there are none.
	View     func(v *site.ViewDef, lang string) (view.Context, view.Data)
	ViewPath func(v *site.ViewDef, lang string) string
	// RedirectScript gives the address of a script that takes the fragment along to
	// a page's new address, "" for none; nil does, too.
	RedirectScript func() string
	Diags          *diag.List
}

// PageRef is a page of the sitemap. Path is from the site's root, without
// base path; Canonical is absolute, or "" for the page itself.
type PageRef struct {
	Path, Lang string
	LastMod    time.Time
	Alternates []Alternate // other languages; the page itself may be among them
	NoIndex    bool
	Canonical  string
}

// Alternate is the same page in another language.
type Alternate struct{ Lang, Path string }

// Download is a file to offer on a page. Path is from the site's root,
// without base path.
type Download struct{ Format, Path, MediaType string }

// The words that this package takes from templates/i18n.
const (
	wordDraft   = "export.draft"   // „Entwurf zur Diskussion“
	wordMoved   = "export.moved"   // „Diese Seite ist umgezogen“
	wordMovedTo = "export.movedto" // „Sie finden sie jetzt hier:“
	wordNumber  = "export.number"  // „Nr. %s“
	wordAsOf    = "export.asof"    // „Stand: %s“
	wordUndated = "export.undated" // „o. J.“
	wordSearch  = "search.label"   // „Portal durchsuchen“

	wordMore       = "calendar.more"          // „Mehr dazu“
	wordRegister   = "calendar.register"      // „Anmeldung“
	wordRegisterBy = "calendar.registeruntil" // „Anmeldung bis %s“
)

func (in *Input) word(lang, key string, args ...any) string {
	if in.Words == nil {
		return key
	}
	return in.Words.Must(lang, key, args...)
}

// writer takes the finished files; All collects errors in it and goes on.
type writer struct {
	write func(path string, data []byte) error
	paths []string
	errs  []error
}

// put writes one file; path may begin with a slash.
func (w *writer) put(path string, data []byte) {
	path = strings.TrimPrefix(path, "/")
	w.paths = append(w.paths, path)
	if err := w.write(path, data); err != nil {
		w.errs = append(w.errs, err)
	}
}

// All writes every file of this package. write gets paths below the output
// folder, without a leading slash, one after the other and always in the same
// order. Faults of the content go to in.Diags, those of write are returned.
func All(in Input, write func(path string, data []byte) error) error {
	if in.Diags == nil {
		in.Diags = &diag.List{}
	}
	w := &writer{write: write}
	in.writeFeeds(w)
	in.writeCitations(w)
	in.writeOpenSearch(w)
	in.writeTables(w)
	in.writeViews(w)
	in.writeCalendars(w)
	in.writeSitemap(w, maxURLs, maxBytes)
	in.writeSecurity(w)
	in.writeRedirects(w)
	return errors.Join(w.errs...)
}

// abs makes an absolute address from a path below the site's root.
func (in *Input) abs(path string) string {
	return strings.TrimSuffix(in.Site.Config.BaseURL, "/") + (&url.URL{Path: path}).EscapedPath()
}

// basePath is the path of base_url without a slash at its end, often "".
func (in *Input) basePath() string {
	u, err := url.Parse(in.Site.Config.BaseURL)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.EscapedPath(), "/")
}

// resolve makes ref absolute as a browser on the entry's page would.
func (in *Input) resolve(e *site.Entry, ref string) string {
	base, err := url.Parse(in.abs(e.URL))
	if err != nil {
		return ref
	}
	return resolveRef(base, ref)
}

func resolveRef(base *url.URL, ref string) string {
	u, err := base.Parse(strings.TrimSpace(ref))
	if err != nil {
		return ref
	}
	return u.String()
}

// asset is the absolute address of a picture or file, "" when not published.
func (in *Input) asset(e *site.Entry, src string) string {
	if strings.HasPrefix(src, "https://") || strings.HasPrefix(src, "http://") {
		return src
	}
	if in.Asset == nil {
		return ""
	}
	if u := in.Asset(e, src); u != "" {
		return in.resolve(e, u)
	}
	return ""
}

// image is the entry's own picture, with a nil result when it has none.
func (in *Input) image(e *site.Entry) (img *site.Image, address string) {
	for _, it := range e.Values.Items {
		if v, ok := it.Value.(site.Image); ok {
			if u := in.asset(e, v.Src); u != "" {
				return &v, u
			}
		}
	}
	return nil, ""
}

// publisher is who answers for the site.
func (in *Input) publisher() string {
	if n := in.Site.Config.Publisher.Name; n != "" {
		return n
	}
	return in.Site.Config.Title
}

// home is the path of the start page in a language.
func (in *Input) home(lang string) string { return in.Site.Config.Prefix(lang) + "/" }

// draft reports whether the entry is shown although it is not finished.
func draft(e *site.Entry) bool {
	return e.Status == site.StatusDraft || e.Status == site.StatusReview
}

// changed is the newest date of an entry: an embargo ends after the last
// change, and that is when readers see it first.
func changed(e *site.Entry) time.Time {
	if e.Published.After(e.LastChange()) {
		return e.Published
	}
	return e.LastChange()
}

// newest is the newest date among the entries.
func newest(entries []*site.Entry) time.Time {
	var t time.Time
	for _, e := range entries {
		if c := changed(e); c.After(t) {
			t = c
		}
	}
	return t
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// isoTime writes a moment; midnight is what a mere day becomes when read, and
// is written as the day again.
func isoTime(t time.Time) string {
	if h, m, s := t.Clock(); h == 0 && m == 0 && s == 0 {
		return isoDay(t)
	}
	return t.Format(time.RFC3339)
}

// oneLine folds every white space, line breaks included, into single blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
