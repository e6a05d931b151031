package site

import (
	"net/url"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Links says how links to foreign addresses are checked.
type Links struct {
	Ignore []AddressPattern `yaml:"ignore"` // addresses that are not asked
}

// AddressPattern stands for addresses: a host with all below it
// („linkedin.com“), or an address in which * stands for anything
// („https://www.example.org/intern/*“).
type AddressPattern struct {
	Text string
	Pos  diag.Pos
}

// UnmarshalText reads a pattern; Fault says whether it is one.
func (p *AddressPattern) UnmarshalText(b []byte) error {
	p.Text = strings.TrimSpace(string(b))
	return nil
}

// Fault is what is wrong with a pattern, in German, or "".
func (p AddressPattern) Fault() string {
	scheme, rest, whole := strings.Cut(p.Text, "://")
	host, _, _ := strings.Cut(rest, "/")
	switch {
	case strings.ContainsAny(p.Text, " \t\n"):
		return "enthält ein Leerzeichen"
	case strings.HasPrefix(p.Text, "mailto:") || strings.HasPrefix(p.Text, "tel:"):
		return ""
	case !whole && (strings.ContainsAny(p.Text, "/*:@") || !strings.Contains(p.Text, ".")):
		return "ist weder der Name eines Servers noch eine ganze Adresse"
	case whole && scheme != "http" && scheme != "https" && scheme != "*":
		return "beginnt weder mit http:// noch mit https:// oder *://"
	case whole && strings.Trim(host, "*.") == "":
		return "träfe jede Adresse"
	}
	return ""
}

// Match reports whether an address is meant.
func (p AddressPattern) Match(address string) bool {
	if !strings.ContainsAny(p.Text, ":") {
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		host, name := strings.ToLower(u.Hostname()), strings.ToLower(p.Text)
		return host == name || strings.HasSuffix(host, "."+name)
	}
	return glob(p.Text, address)
}

// glob compares with a pattern in which * stands for anything.
func glob(pattern, s string) bool {
	first, rest, more := strings.Cut(pattern, "*")
	if !more {
		return s == pattern
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	parts := strings.Split(rest, "*")
	for _, part := range parts[:len(parts)-1] {
		if _, s, ok = strings.Cut(s, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
