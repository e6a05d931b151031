package server

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// question is what the address of the results page says, as results.ts has it.
type question struct {
	q       string
	filters []filter
	date    bool // the newest first
	page    int  // from 1
}

// filter has the chosen values of a facet.
type filter struct {
	name   string
	values []string
}

// facet is one that the page offers.
type facet struct {
	name string
	of   string // the one type that has it, or ""
}

// Limits of an address; beyond them the page is the one without an answer.
const (
	maxAddress = 4000 // bytes
	maxValues  = 50   // chosen in all facets together
	maxPage    = 1 << 20
)

// asked reads the query string of an address. Without a question in it, or if
// it is not one that a page of ours leads to, it reports false.
func asked(query string, facets []facet) (s question, ok bool) {
	p, err := url.ParseQuery(query)
	if err != nil || len(query) > maxAddress {
		return s, false
	}
	s = question{q: strings.TrimSpace(p.Get("q")), date: p.Get("sortierung") == "datum", page: 1}
	if n, err := strconv.Atoi(p.Get("seite")); err == nil {
		s.page = min(max(n, 1), maxPage)
	}
	ok = s.q != "" && len(s.q) <= maxQuery && readable(s.q)
	n := 0
	for _, f := range facets {
		if values := p[f.name]; len(values) > 0 && s.chosen(f.name) == nil {
			values = distinct(values)
			s.filters = append(s.filters, filter{f.name, values})
			n += len(values)
			ok = ok && !slices.ContainsFunc(values, func(v string) bool { return !readable(v) })
		}
	}
	return s, ok && n <= maxValues
}

func distinct(list []string) (out []string) {
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// readable tells whether a string can stand in a page.
func readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

// chosen are the values of a facet that are chosen.
func (s question) chosen(name string) []string {
	for _, f := range s.filters {
		if f.name == name {
			return f.values
		}
	}
	return nil
}

// without is the question with a value less, from its first page.
func (s question) without(name, value string) question {
	filters := slices.Clone(s.filters)
	for i, f := range filters {
		if f.name == name {
			filters[i].values = slices.DeleteFunc(slices.Clone(f.values), func(v string) bool { return v == value })
		}
	}
	s.filters, s.page = filters, 1
	return s
}

// fitting leaves out filters on what the chosen types do not have: they come
// from a form in which the types were chosen anew.
func (s question) fitting(facets []facet) question {
	types := s.chosen("type")
	s.filters = slices.DeleteFunc(slices.Clone(s.filters), func(f filter) bool {
		return len(types) > 0 && !slices.ContainsFunc(facets, func(c facet) bool { return c.name == f.name && c.fits(only(types)) })
	})
	return s
}

// fits tells whether hits that are all of one type ("": of several) can have
// a facet.
func (f facet) fits(kind string) bool { return f.of == "" || f.of == kind }

// only is the one string of a list, or "".
func only(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return ""
}

// address is the query string of a question.
func (s question) address() string {
	parts := []string{"q=" + url.QueryEscape(s.q)}
	for _, f := range s.filters {
		for _, v := range f.values {
			parts = append(parts, url.QueryEscape(f.name)+"="+url.QueryEscape(v))
		}
	}
	if s.date {
		parts = append(parts, "sortierung=datum")
	}
	if s.page > 1 {
		parts = append(parts, "seite="+strconv.Itoa(s.page))
	}
	return "?" + strings.Join(parts, "&")
}
