package check

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// tokens cuts HTML into tokens. What pages consist of nearly always is read
// here, without copying: text, and tags in lower case whose values stand in
// double quotes. Everything else is left to x/net/html, token by token, so
// that a page is understood as a browser does.
type tokens struct {
	data       []byte
	start, end int // of the current token
	kind       html.TokenType
	name       string      // of a tag
	attrs      []attribute // of a start tag
	raw        int         // where the text of a title, script … ends, if that is ahead
	z          *html.Tokenizer
}

// attribute has its value decoded; val is good until the next token.
type attribute struct {
	key string
	val []byte
}

func (t *tokens) reset(data []byte) { *t = tokens{data: data, attrs: t.attrs[:0]} }

// next goes to the next token and returns its kind.
func (t *tokens) next() html.TokenType {
	t.start, t.attrs = t.end, t.attrs[:0]
	rest := t.data[t.start:]
	switch {
	case t.z != nil:
		t.foreign()
	case t.raw > t.start:
		t.kind, t.end = html.TextToken, t.raw
	case len(rest) == 0:
		t.kind = html.ErrorToken
	case rest[0] != '<':
		t.kind, t.end = html.TextToken, len(t.data)
		if i := bytes.IndexByte(rest, '<'); i >= 0 {
			t.end = t.start + i
		}
	case bytes.HasPrefix(rest, doctype):
		t.kind, t.end = html.DoctypeToken, t.start+len(doctype)
	case !t.plainTag(rest):
		t.z = html.NewTokenizer(bytes.NewReader(rest))
		t.foreign()
	}
	return t.kind
}

var doctype = []byte("<!doctype html>")

// text is the current token as it is written.
func (t *tokens) text() []byte { return t.data[t.start:t.end] }

// foreign takes one token from x/net/html. A start tag may say that what
// follows is no markup: then the text and the end tag are taken from there, too.
func (t *tokens) foreign() {
	inTag := t.kind == html.StartTagToken || t.kind == html.SelfClosingTagToken
	t.kind = t.z.Next()
	t.end += len(t.z.Raw())
	switch t.kind {
	case html.StartTagToken, html.SelfClosingTagToken:
		raw, more := t.z.TagName()
		t.name = tagName(raw)
		for more {
			var k, v []byte
			k, v, more = t.z.TagAttr()
			t.attrs = append(t.attrs, attribute{attrName(k), v})
		}
		if t.name == "noscript" {
			t.z.NextIsNotRawText() // readers without scripts get what is in it
		}
		return
	case html.EndTagToken:
		raw, _ := t.z.TagName()
		t.name = tagName(raw)
	case html.TextToken:
		if inTag {
			return
		}
	}
	t.z = nil
}

// plainTag reads the tag that b starts with, if it is a plain one.
func (t *tokens) plainTag(b []byte) bool {
	i := 1
	closing := len(b) > 1 && b[1] == '/'
	if closing {
		i++
	}
	from := i
	for i < len(b) && (b[i] >= 'a' && b[i] <= 'z' || i > from && (b[i] >= '0' && b[i] <= '9' || b[i] == '-')) {
		i++
	}
	if i == from || i == len(b) || closing && b[i] != '>' {
		return false
	}
	t.name = tagName(b[from:i])
	if closing {
		t.kind, t.end = html.EndTagToken, t.start+i+1
		return true
	}
	n, kind := t.plainAttrs(b[i:])
	if n == 0 || !t.plainText(t.name, b[i+n:]) {
		t.attrs = t.attrs[:0]
		return false
	}
	t.kind, t.end = kind, t.start+i+n
	return true
}

// plainAttrs reads attributes and the end of the tag, n bytes. It gives up at
// whatever is not ` key="value"` or ` key`.
func (t *tokens) plainAttrs(b []byte) (n int, kind html.TokenType) {
	for i := 0; i < len(b); {
		space := i
		for i < len(b) && (b[i] == ' ' || b[i] == '\n') {
			i++
		}
		switch {
		case i == len(b):
			return 0, 0
		case b[i] == '>':
			return i + 1, html.StartTagToken
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '>':
			return i + 2, html.SelfClosingTagToken
		case i == space:
			return 0, 0
		}
		key := i
		for i < len(b) && (isLetter(b[i]) || b[i] == '-' || b[i] == ':') {
			i++
		}
		if i == key || i == len(b) {
			return 0, 0
		}
		a := attribute{key: strings.ToLower(attrName(b[key:i]))}
		switch b[i] {
		case '=':
			if i+1 == len(b) || b[i+1] != '"' {
				return 0, 0
			}
			end := bytes.IndexByte(b[i+2:], '"')
			if end < 0 {
				return 0, 0
			}
			var ok bool
			if a.val, ok = plainValue(b[i+2 : i+2+end]); !ok {
				return 0, 0
			}
			i += end + 3
		case ' ', '\n':
			if j := i + len(b[i:]) - len(bytes.TrimLeft(b[i:], " \n\t\r\f/")); j == len(b) || b[j] == '=' {
				return 0, 0
			}
		case '>', '/':
		default:
			return 0, 0
		}
		t.attrs = append(t.attrs, a)
	}
	return 0, 0
}

// plainValue decodes a value that has no other references than &#43; and the
// four that everyone writes.
func plainValue(v []byte) ([]byte, bool) {
	if bytes.IndexByte(v, '\r') >= 0 || bytes.IndexByte(v, 0) >= 0 {
		return nil, false
	}
	if bytes.IndexByte(v, '&') < 0 {
		return v, true
	}
	for part := range bytes.SplitSeq(v[bytes.IndexByte(v, '&')+1:], []byte("&")) {
		name, _, ok := bytes.Cut(part, []byte(";"))
		digits, number := bytes.CutPrefix(name, []byte("#"))
		switch {
		case !ok:
			return nil, false
		case number && len(digits) == 2 && digits[0] >= '3' && digits[0] <= '9' && digits[1] >= '0' && digits[1] <= '9':
		case string(name) == "amp", string(name) == "lt", string(name) == "gt", string(name) == "quot":
		default:
			return nil, false
		}
	}
	return []byte(html.UnescapeString(string(v))), true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// plainText finds the end of a title, script or the like, whose content is no
// markup; rest is what follows the start tag.
func (t *tokens) plainText(name string, rest []byte) bool {
	switch name {
	case "title", "textarea", "style", "script":
		i := bytes.Index(rest, []byte("</"))
		if i < 0 || !bytes.HasPrefix(rest[i+2:], []byte(name+">")) || name == "script" && bytes.Contains(rest[:i], []byte("<!--")) {
			return false
		}
		t.raw = len(t.data) - len(rest) + i
	case "iframe", "noembed", "noframes", "plaintext", "xmp":
		return false
	}
	return true
}

// tagName and attrName return the same string for the same name: pages have
// millions of them, and few different ones.
func tagName(b []byte) string  { return intern(tagNames, b) }
func attrName(b []byte) string { return intern(attrNames, b) }

func intern(known map[string]string, b []byte) string {
	if s, ok := known[string(b)]; ok {
		return s
	}
	return string(b)
}

func nameMap(names string) map[string]string {
	m := map[string]string{}
	for _, n := range strings.Fields(names) {
		m[n] = strings.ToLower(n)
	}
	return m
}

var (
	tagNames  = nameMap("html head meta link title script body header nav main footer section article aside div span p a ul ol li dl dt dd h1 h2 h3 h4 h5 h6 strong em b i small time table caption thead tbody tr th td svg use path button form label input select option textarea img figure figcaption details summary code pre blockquote br hr abbr sup sub picture source mark noscript template circle line rect text g fieldset legend output search dialog")
	attrNames = nameMap("class id href src rel lang type name content aria-hidden aria-label aria-labelledby aria-describedby aria-current aria-expanded aria-controls role for title alt width height loading datetime scope colspan rowspan charset media hreflang tabindex focusable value action method srcset sizes decoding d viewBox crossorigin property")
)
