package site

import "testing"

func TestAddressPattern(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"linkedin.com", "https://www.LinkedIn.com/in/x", true},
		{"linkedin.com", "https://linkedin.com", true},
		{"linkedin.com", "https://notlinkedin.com/", false},
		{"linkedin.com", "https://example.org/linkedin.com", false},
		{"linkedin.com", "mailto:a@linkedin.com", false},
		{"https://a.example/x", "https://a.example/x", true},
		{"https://a.example/x", "https://a.example/x/y", false},
		{"https://a.example/*/pdf*", "https://a.example/1/2/pdf?x", true},
		{"https://a.example/*/pdf", "https://a.example/1/pdf?x", false},
		{"*://a.example/*", "http://a.example/", true},
		{"mailto:*@a.example", "mailto:b@a.example", true},
	} {
		p := AddressPattern{Text: c.pattern}
		if p.Match(c.address) != c.want || p.Fault() != "" {
			t.Errorf("%s matches %s: %t (%s)", c.pattern, c.address, !c.want, p.Fault())
		}
	}
}
