package export

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

const (
	maxURLs  = 50_000           // of one sitemap, by the protocol
	maxBytes = 50 * 1024 * 1024 // uncompressed

	sitemapOpen = xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n"
	sitemapEnd  = "</urlset>\n"
	indexOpen   = xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n"
	indexEnd    = "</sitemapindex>\n"
)

// writeSitemap writes sitemap.xml and robots.txt. Beyond the limits of the
// protocol, sitemap.xml becomes an index of sitemap-1.xml and so on.
func (in *Input) writeSitemap(w *writer, maxURLs, maxBytes int) {
	parts := in.sitemapParts(maxURLs, maxBytes)
	if len(parts) == 1 {
		w.put("sitemap.xml", parts[0].bytes())
	} else {
		var index bytes.Buffer
		index.WriteString(indexOpen)
		for i, p := range parts {
			name := fmt.Sprintf("sitemap-%d.xml", i+1)
			w.put(name, p.bytes())
			fmt.Fprintf(&index, "  <sitemap><loc>%s</loc>%s</sitemap>\n", xmlText(in.abs("/"+name)), lastmod(p.newest))
		}
		index.WriteString(indexEnd)
		w.put("sitemap.xml", index.Bytes())
	}
	robots := "User-agent: *\nDisallow:\n\nSitemap: " + in.abs("/sitemap.xml") + "\n"
	if in.Private {
		robots = "User-agent: *\nDisallow: /\n"
	}
	w.put("robots.txt", []byte(robots))
}

// sitemapPart is one file of the sitemap.
type sitemapPart struct {
	urls   int
	body   bytes.Buffer
	newest time.Time
}

func (p *sitemapPart) bytes() []byte {
	return slices.Concat([]byte(sitemapOpen), p.body.Bytes(), []byte(sitemapEnd))
}

func (in *Input) sitemapParts(maxURLs, maxBytes int) []*sitemapPart {
	pages := slices.Clone(in.Pages)
	slices.SortFunc(pages, func(a, b PageRef) int { return cmp.Compare(a.Path, b.Path) })
	shown := map[string]bool{}
	for _, p := range pages {
		shown[p.Path] = in.indexable(p)
	}
	part := &sitemapPart{}
	parts := []*sitemapPart{part}
	for i, p := range pages {
		if !shown[p.Path] || i > 0 && pages[i-1].Path == p.Path {
			continue
		}
		entry := in.sitemapURL(p, shown)
		if part.urls == maxURLs || part.urls > 0 && len(sitemapOpen)+part.body.Len()+len(entry)+len(sitemapEnd) > maxBytes {
			part = &sitemapPart{}
			parts = append(parts, part)
		}
		part.urls++
		part.body.WriteString(entry)
		if p.LastMod.After(part.newest) {
			part.newest = p.LastMod
		}
	}
	return parts
}

// indexable leaves out what search engines are told not to keep: a sitemap
// names canonical pages only.
func (in *Input) indexable(p PageRef) bool {
	return !p.NoIndex && (p.Canonical == "" || p.Canonical == in.abs(p.Path))
}

func (in *Input) sitemapURL(p PageRef, shown map[string]bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  <url><loc>%s</loc>%s", xmlText(in.abs(p.Path)), lastmod(p.LastMod))
	alternates := in.alternates(p, shown)
	for _, a := range alternates {
		fmt.Fprintf(&b, "\n    <xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"%s\"/>", xmlText(a.Lang), xmlText(in.abs(a.Path)))
	}
	if len(alternates) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("</url>\n")
	return b.String()
}

// alternates are all versions of a page in the order of the site's languages,
// itself included, and x-default for readers of any other language. There are
// none when the page has one version only.
func (in *Input) alternates(p PageRef, shown map[string]bool) []Alternate {
	versions := map[string]string{p.Lang: p.Path}
	for _, a := range p.Alternates {
		if shown[a.Path] && a.Lang != p.Lang {
			versions[a.Lang] = a.Path
		}
	}
	if len(versions) < 2 {
		return nil
	}
	var out []Alternate
	for _, l := range in.Site.Config.Languages {
		if path, ok := versions[l]; ok {
			out = append(out, Alternate{l, path})
		}
	}
	return append(out, Alternate{"x-default", out[0].Path})
}

func lastmod(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return "<lastmod>" + isoTime(t) + "</lastmod>"
}

func xmlText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

// SitemapRef is the sitemap's entry for an entry's page.
func SitemapRef(e *site.Entry) PageRef {
	p := PageRef{Path: e.URL, Lang: e.Lang, LastMod: changed(e)}
	for _, t := range e.Translations {
		p.Alternates = append(p.Alternates, Alternate{t.Lang, t.URL})
	}
	return p
}

// writeSecurity writes security.txt (RFC 9116) when portal.yaml names a
// contact. The standard demands an end date; without one there is no file,
// because researchers' tools would reject it.
func (in *Input) writeSecurity(w *writer) {
	s := in.Site.Config.Security
	pos := s.Pos
	if s.Contact == "" {
		return
	}
	expires, ok := parseExpires(s.Expires)
	if !ok {
		in.Diags.Warnf(pos, "security-ablauf", "Schreiben Sie unter „security“ einen Tag, der höchstens ein Jahr entfernt ist: „expires: 2027-11-01“.",
			"Ohne gültiges „expires“ entsteht keine security.txt; RFC 9116 verlangt die Angabe.")
		return
	}
	if !in.Site.Now.IsZero() && expires.Before(in.Site.Now) {
		in.Diags.Warnf(pos, "security-abgelaufen", "Prüfen Sie die Kontaktangabe und setzen Sie „expires“ auf einen neuen Tag.",
			"Die security.txt ist am %s abgelaufen.", isoDay(expires))
	}
	contact := s.Contact
	if !strings.Contains(contact, ":") && strings.Contains(contact, "@") {
		contact = "mailto:" + contact
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Contact: %s\nExpires: %s\n", oneLine(contact), expires.Format(time.RFC3339))
	fmt.Fprintf(&b, "Preferred-Languages: %s\n", strings.Join(in.Site.Config.Languages, ", "))
	fmt.Fprintf(&b, "Canonical: %s\n", in.abs("/.well-known/security.txt"))
	if s.Policy != "" {
		fmt.Fprintf(&b, "Policy: %s\n", oneLine(s.Policy))
	}
	w.put("/.well-known/security.txt", []byte(b.String()))
}

// parseExpires reads a day, which lasts until its end, or an instant.
func parseExpires(s string) (time.Time, bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Add(24*time.Hour - time.Second), true
	}
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil
}
