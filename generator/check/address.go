package check

import (
	"net/url"
	"path"
	"strings"
)

// place is what an address of a page points to.
type place int

const (
	inside  place = iota // a file of the output
	outside              // another site
	astray               // this site's host, but beside its base path
	script               // javascript:
	inline               // data:
	neither              // mailto:, tel:, nothing
)

// resolve reads an address written on the page at from. to is the path in the
// output, "" for the page itself.
func (c *Checker) resolve(from, ref string) (kind place, to, fragment string) {
	ref = strings.TrimSpace(ref)
	if scheme, rest, ok := cutScheme(ref); ok {
		switch scheme {
		case "http", "https":
			ref = rest
		case "javascript", "vbscript":
			return script, "", ""
		case "data":
			return inline, "", ""
		default:
			return neither, "", ""
		}
	}
	ref, fragment, _ = strings.Cut(ref, "#")
	if before, _, ok := strings.Cut(fragment, ":~:"); ok { // a quotation to scroll to
		fragment = before
	}
	fragment = unescape(fragment)
	ref, query, _ := strings.Cut(ref, "?")
	if rest, ok := strings.CutPrefix(ref, "//"); ok {
		host, p, _ := strings.Cut(rest, "/")
		if c.opts.Host == "" || !strings.EqualFold(host, c.opts.Host) {
			return outside, "", ""
		}
		ref = "/" + p
	}
	if ref == "" {
		if fragment == "top" || query != "" && fragment == "" {
			fragment = ""
		}
		return inside, "", fragment
	}
	ref = unescape(ref)
	folder := strings.HasSuffix(ref, "/") || ref == "." || ref == ".." || strings.HasSuffix(ref, "/.") || strings.HasSuffix(ref, "/..")
	if !strings.HasPrefix(ref, "/") {
		ref = c.opts.Base + "/" + path.Dir(from) + "/" + ref
	}
	ref = path.Clean(ref)
	if c.opts.Base != "" {
		rest, ok := strings.CutPrefix(ref, c.opts.Base)
		if !ok || rest != "" && rest[0] != '/' {
			return astray, "", ""
		}
		ref = rest
	}
	to = strings.TrimPrefix(ref, "/")
	if folder || to == "" {
		to = path.Join(to, "index.html")
	}
	return inside, to, fragment
}

// cutScheme splits "https://x" into "https" and "//x". Control characters
// count as nothing, as they do to a browser.
func cutScheme(ref string) (scheme, rest string, ok bool) {
	i := strings.IndexByte(ref, ':')
	if i <= 0 || strings.ContainsAny(ref[:i], "/?#") {
		return "", "", false
	}
	scheme = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, strings.ToLower(ref[:i]))
	return scheme, ref[i+1:], true
}

func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
