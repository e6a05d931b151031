package export

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// absoluteLinks makes the addresses in a piece of HTML absolute: JSON Feed has
// no base, and many readers ignore xml:base.
func absoluteLinks(src, base string) string {
	b, err := url.Parse(base)
	if err != nil {
		return src
	}
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw())
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.WriteString(raw)
			continue
		}
		t := z.Token()
		if !absoluteAttrs(t.Attr, b) {
			out.WriteString(raw)
			continue
		}
		out.WriteString(t.String())
	}
}

// absoluteAttrs changes the attributes and reports whether any held a link.
func absoluteAttrs(attrs []html.Attribute, base *url.URL) bool {
	found := false
	for i, a := range attrs {
		switch a.Key {
		case "href", "src", "poster", "cite":
			attrs[i].Val = resolveRef(base, a.Val)
		case "srcset":
			attrs[i].Val = absoluteSrcset(a.Val, base)
		default:
			continue
		}
		found = true
	}
	return found
}

func absoluteSrcset(v string, base *url.URL) string {
	var out []string
	for part := range strings.SplitSeq(v, ",") {
		address, size, _ := strings.Cut(strings.TrimSpace(part), " ")
		if address != "" {
			out = append(out, strings.TrimSpace(resolveRef(base, address)+" "+size))
		}
	}
	return strings.Join(out, ", ")
}
