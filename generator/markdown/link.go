package markdown

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
)

// unescape resolves backslashes and character references in an address or
// attribute as written.
func unescape(v []byte) string { return string(unmark(decode(nil, v))) }

func (p *page) link(n *ast.Link) {
	if p.inLink {
		p.children(n)
		return
	}
	dest, offset := unescape(n.Destination), nodeOffset(n)
	href, ok := p.address(dest, offset)
	if !ok {
		p.write(`<span class="broken-link">`)
		p.children(n)
		p.flush()
		p.write("</span>")
		return
	}
	if href == "" { // to an entry that is not shown
		p.children(n)
		return
	}
	var attrs []string
	if len(n.Title) > 0 {
		attrs = append(attrs, "title", Typography(p.lang, unescape(n.Title)))
	}
	if l := lang.ID(attrOf(n, "lang")); l != "" {
		attrs = append(attrs, "hreflang", l)
	}
	nameless := strings.TrimSpace(p.plain(n)) == ""
	if nameless {
		p.c.cfg.Diags.Warnf(p.pos(offset), "link-ohne-text", "Schreiben Sie in die eckigen Klammern, wohin der Link führt.",
			"Der Link hat keinen Text.")
		attrs = append(attrs, "aria-label", dest)
	}
	if text := p.plain(n); !nameless {
		p.linkText(text, offset, func() int { return p.wordsBeside(n, text) })
	}
	p.openLink(href, p.pos(offset), attrs...)
	p.children(n)
	if nameless && !n.HasChildren() {
		p.literal([]byte(dest))
	}
	p.closeLink(href)
}

// openLink writes <a>; until closeLink no other link is opened.
func (p *page) openLink(href string, at diag.Pos, attrs ...string) {
	external := p.external(href)
	p.write("<a")
	if external {
		p.attr("class", "external")
	}
	p.attr("href", string(util.URLEscape([]byte(href), false)))
	if external {
		p.attr("rel", "noopener")
	}
	for i := 0; i+1 < len(attrs); i += 2 {
		p.attr(attrs[i], attrs[i+1])
	}
	p.write(">")
	p.doc.Links = append(p.doc.Links, Link{href, at, external})
	p.inLink = true
}

func (p *page) closeLink(href string) {
	p.flush()
	if p.external(href) {
		p.write(` <span class="visually-hidden">`)
		p.out = appendEscaped(p.out, p.word("md.external"))
		p.write("</span>")
	}
	p.write("</a>")
	p.inLink = false
	p.set.prev = 'x'
}

// external reports whether an address leads to another host.
func (p *page) external(href string) bool {
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "//") {
		return false
	}
	u, err := url.Parse(href)
	return err != nil || !strings.EqualFold(u.Host, p.c.cfg.SiteHost)
}

// scheme is the scheme of an address in lower case, read as a browser does:
// without the blanks and control characters that it drops.
func scheme(dest string) string {
	for i, r := range dest {
		if r == ':' {
			return strings.ToLower(strings.Map(func(r rune) rune {
				if r <= ' ' || r == 127 {
					return -1
				}
				return r
			}, dest[:i]))
		}
		if r == '/' || r == '?' || r == '#' {
			break
		}
	}
	return ""
}

// address resolves the destination of a link. It is "" and true where the
// words are to stand without a link.
func (p *page) address(dest string, offset int) (string, bool) {
	switch s := scheme(dest); {
	case s == "http" || s == "https" || s == "mailto" || s == "tel":
		return strings.TrimSpace(dest), true
	case s != "":
		p.c.cfg.Diags.Showablef(p.pos(offset), "link-schema", "Erlaubt sind https, http, mailto und tel.",
			"Die Adresse „%s“ wird nicht verlinkt.", shorten(dest))
		return "", false
	case strings.HasPrefix(dest, "//"):
		return dest, true
	}
	path, fragment, hasFragment := strings.Cut(dest, "#")
	path, query, hasQuery := strings.Cut(path, "?")
	href := ""
	if path != "" {
		file, err := url.PathUnescape(path)
		if err != nil {
			file = path
		}
		var ok bool
		if href, ok = p.c.cfg.Resolver.Path(p.in.Pos.File, file); !ok {
			p.c.cfg.Diags.Showablef(p.pos(offset), "link-unbekannt", p.linkHint(file),
				"Der Link „%s“ führt ins Leere.", shorten(dest))
			return "", false
		}
		if href == "" {
			return "", true
		}
	} else if !hasFragment && !hasQuery {
		p.c.cfg.Diags.Showablef(p.pos(offset), "link-leer", "Schreiben Sie die Adresse in die runden Klammern.",
			"Der Link hat keine Adresse.")
		return "", false
	}
	if hasQuery {
		href += "?" + query
	}
	if hasFragment {
		if path == "" {
			fragment = p.fragment(fragment, offset)
		}
		href += "#" + fragment
	}
	return href, true
}

// linkHint says what to write instead of an unknown path.
func (p *page) linkHint(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if s := p.c.cfg.Resolver.Suggest(strings.TrimSuffix(name, ".md")); s != "" {
		return s
	}
	return "Der Pfad gilt vom Ordner dieser Datei aus; mit „/“ am Anfang gilt er von der Startseite aus."
}

// fragment checks an anchor on this page. Anchors written in another way
// („#Überblick“) are put right.
func (p *page) fragment(f string, offset int) string {
	raw, err := url.PathUnescape(f)
	if err != nil {
		raw = f
	}
	for _, id := range []string{raw, lang.ID(raw)} {
		if _, ok := p.anchors[id]; ok || id == "" {
			return id
		}
	}
	ids := make([]string, 0, len(p.anchors))
	for id := range p.anchors {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	p.c.cfg.Diags.Showablef(p.pos(offset), "anker-unbekannt", diag.DidYouMean(raw, ids),
		"Auf dieser Seite gibt es keinen Abschnitt „#%s“.", shorten(raw))
	return f
}

// shorten cuts a long text for a message.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}

// autoLink writes <https://…> and <name@example.org>.
func (p *page) autoLink(n *ast.AutoLink) {
	label := string(n.Label(p.src))
	offset := nodeOffset(n)
	dest := label
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(label), "mailto:") {
		dest = "mailto:" + label
	}
	if p.inLink {
		p.literal([]byte(label))
		return
	}
	href, ok := p.address(dest, offset)
	if !ok {
		p.literal([]byte(label))
		return
	}
	p.linkText(label, offset, func() int { return p.wordsBeside(n, label) })
	p.openLink(href, p.pos(offset))
	p.literal([]byte(label))
	p.closeLink(href)
}

// bare is an address that stands in the text without any markup.
type bare struct {
	start, stop int
	prefix      string // what the address lacks
}

// bareLinks finds http:// and www. addresses and e-mail addresses in a run.
func bareLinks(run []byte) (found []bare) {
	for _, mark := range []string{"://", "www.", "@"} {
		for i := 0; ; {
			n := bytes.Index(run[i:], []byte(mark))
			if n < 0 {
				break
			}
			l, ok := bareLinkAt(run, i+n, mark)
			i += n + len(mark)
			if ok {
				found = append(found, l)
				i = max(i, l.stop)
			}
		}
	}
	if len(found) > 1 {
		slices.SortFunc(found, func(a, b bare) int { return a.start - b.start })
		stop := 0
		found = slices.DeleteFunc(found, func(l bare) bool {
			if l.start < stop {
				return true
			}
			stop = l.stop
			return false
		})
	}
	return found
}

func bareLinkAt(run []byte, i int, mark string) (bare, bool) {
	l := bare{start: i}
	switch mark {
	case "@":
		return bareMail(run, i)
	case "www.":
		l.prefix = "https://"
	default:
		switch {
		case bytes.HasSuffix(run[:i], []byte("https")):
			l.start -= 5
		case bytes.HasSuffix(run[:i], []byte("http")):
			l.start -= 4
		default:
			return l, false
		}
	}
	if l.start > 0 && (isAlnum(run[l.start-1]) || run[l.start-1] == '/' || run[l.start-1] == '.') {
		return l, false
	}
	l.stop = i + len(mark)
	for end := min(len(run), l.stop+addressLimit); l.stop < end && inAddress(run[l.stop]); {
		l.stop++
	}
	l.stop = l.start + trimAddress(run[l.start:l.stop])
	host, _, _ := bytes.Cut(run[i+len(mark):max(l.stop, i+len(mark))], []byte("/"))
	return l, mark == "www." && bytes.IndexByte(host, '.') > 0 || mark != "www." && len(host) > 2 && isHost(host)
}

func inAddress(c byte) bool { return c > ' ' && c != '<' && c != '>' && c != '"' }

func isHost(h []byte) bool { return isAlnum(h[0]) || h[0] >= 0x80 }

// addressLimit keeps a wall of text without spaces from being searched again
// and again.
const addressLimit = 2000

// trimAddress leaves out punctuation that belongs to the sentence.
func trimAddress(a []byte) int {
	round := bytes.Count(a, []byte(")")) - bytes.Count(a, []byte("("))
	square := bytes.Count(a, []byte("]")) - bytes.Count(a, []byte("["))
	for n := len(a); n > 0; n-- {
		switch a[n-1] {
		case '.', ',', ';', ':', '!', '?', '\'', '*', '_', '~':
		case ')':
			if round <= 0 {
				return n
			}
			round--
		case ']':
			if square <= 0 {
				return n
			}
			square--
		default:
			if bytes.HasSuffix(a[:n], []byte("“")) || bytes.HasSuffix(a[:n], []byte("”")) {
				n -= 2
				continue
			}
			return n
		}
	}
	return 0
}

func bareMail(run []byte, at int) (bare, bool) {
	l := bare{start: at, stop: at + 1, prefix: "mailto:"}
	for l.start > 0 && (isAlnum(run[l.start-1]) || strings.IndexByte("._+-", run[l.start-1]) >= 0) {
		l.start--
	}
	dots := 0
	for l.stop < len(run) && (isAlnum(run[l.stop]) || run[l.stop] == '-' || run[l.stop] == '.') {
		if run[l.stop] == '.' {
			dots++
		}
		l.stop++
	}
	for run[l.stop-1] == '.' || run[l.stop-1] == '-' {
		l.stop--
		dots--
	}
	return l, l.start < at && isAlnum(run[l.start]) && dots > 0 && l.stop > at+3
}

// bareLink writes a link inside a run. The run is put aside: what a link writes
// at its end must not write it again.
func (p *page) bareLink(l bare, run []byte) {
	label := unmark(bytes.Clone(run[l.start:l.stop]))
	href := l.prefix + string(label)
	p.linkText(string(label), p.srcOffset(l.start), func() int { return countWords(run) - 1 })
	p.openLink(href, p.pos(p.srcOffset(l.start)))
	p.literal(label)
	p.run = nil
	p.closeLink(href)
	p.run = run
}
