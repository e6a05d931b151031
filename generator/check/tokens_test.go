package check

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// describe says what the tokens of a file are, by our reading or, for
// comparison, by x/net/html alone. Comments are left out, neighbouring texts
// are one.
func describe(data []byte, ours bool) string {
	var b strings.Builder
	var text []byte
	say := func(kind html.TokenType, name string, attrs []attribute) {
		if len(text) > 0 {
			fmt.Fprintf(&b, "%q\n", text)
			text = nil
		}
		fmt.Fprintf(&b, "%s %s", kind, name)
		for _, a := range attrs {
			fmt.Fprintf(&b, " %s=%q", a.key, a.val)
		}
		b.WriteByte('\n')
	}
	if ours {
		var t tokens
		t.reset(data)
		for {
			switch t.next() {
			case html.ErrorToken:
				say(t.kind, "", nil)
				return b.String()
			case html.TextToken:
				text = append(text, t.text()...)
			case html.StartTagToken, html.SelfClosingTagToken:
				say(t.kind, t.name, t.attrs)
			case html.EndTagToken:
				say(t.kind, t.name, nil)
			}
		}
	}
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			say(kind, "", nil)
			return b.String()
		case html.TextToken:
			text = append(text, z.Raw()...)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if string(name) == "noscript" {
				z.NextIsNotRawText()
			}
			var attrs []attribute
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				attrs = append(attrs, attribute{string(k), v})
			}
			say(kind, string(name), attrs)
		case html.EndTagToken:
			name, _ := z.TagName()
			say(kind, string(name), nil)
		}
	}
}

var tokenTests = []string{
	"", "<", "a < b", "</", "</ a>", "<!", "<!-- <p> --><p>", "<!doctype html><p>", "<!DOCTYPE html><p>", "<?x?>a",
	`<p class="a" id=b hidden data-x='y' A="B">x</p>`, `<a href="a&amp;b&#43;&#x2B;" title="&copy=1&copy;">`, `<a href="&#39;&lt;">`,
	`<a b/c>`, `<a b />`, `<br/>`, `<img alt=/>`, `<img alt="x"src="y">`, `<a b = "c">`, `<a b ="c">`, "<a b\n/>", "<a b\t=\"c\">", `<a b="c`, `<a b="`, `<a `, `<a`,
	`<title>a <b> &amp; c</title>x`, `<title></title>`, `<title>a</b></title>`, `<title>a</TITLE >x<p>`, `<title/>a<p></title><p>`,
	`<script>a<b</script><p>`, `<script><!-- <script> </script> --></script><p>`, `<style>a{}</style>`, `<textarea><p></textarea>`, `<SCRIPT>a<b</SCRIPT><p>`,
	`<noscript><p>a</p></noscript>`, `<NOSCRIPT><p>a</p></NOSCRIPT>`, `<iframe><p></iframe><p>`, `<plaintext><p></plaintext>`, `<xmp><p></xmp>`,
	`<svg viewBox="0 0 1 1"><title>a</title></svg>`, "<svg><![CDATA[<p>]]></svg>", "a\x00b<p id=\"a\x00\">", "<p id=\"a\r\nb\">", "<p>ä<a href=\"#ä\">ö</a>", "<p/ id=a>", "<p id=\"a\"/ x>",
	`<h1-x a:b="c" 1="d">`, "<p\r>", "</p x>", "</P>", "<a\fb>", "<a b\f=\"c\">", `<a b/="c">`, `<a b /="c">`, `<a "b"="c">`, `<a =b="c">`,
}

// TestTokens holds our reading of HTML against that of x/net/html.
func TestTokens(t *testing.T) {
	for _, src := range tokenTests {
		if got, want := describe([]byte(src), true), describe([]byte(src), false); got != want {
			t.Errorf("%q\ngot:\n%s\nwant:\n%s", src, got, want)
		}
	}
	pages, err := fs.Glob(os.DirFS("testdata"), "*/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages", err)
	}
	for _, name := range pages {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if describe(data, true) != describe(data, false) {
			t.Errorf("%s is read in another way", name)
		}
	}
}

// TestPlainTokens: what the portal writes itself needs no second reading.
func TestPlainTokens(t *testing.T) {
	var tok tokens
	tok.reset(lawPage())
	for tok.next() != html.ErrorToken {
		if tok.z != nil {
			t.Fatalf("%q is not plain", tok.text())
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, src := range tokenTests {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, want := describe(data, true), describe(data, false); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	})
}
