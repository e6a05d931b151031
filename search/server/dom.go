package server

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What results.go needs of a document, after search/client/dom.ts.

// el is an element with attributes (name, value, name, value …) and children.
// An attribute without a value is left out.
func el(tag string, attributes []string, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag))}
	for pair := range slices.Chunk(attributes, 2) {
		if pair[1] != "" {
			set(n, pair[0], pair[1])
		}
	}
	add(n, children...)
	return n
}

// add appends children; nil is none.
func add(n *html.Node, children ...*html.Node) {
	for _, c := range children {
		if c != nil {
			n.AppendChild(c)
		}
	}
}

// words is text, or nothing where there is none.
func words(s string) *html.Node {
	if s == "" {
		return nil
	}
	return text(s)
}

func text(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

// fill replaces what is in an element.
func fill(n *html.Node, children ...*html.Node) {
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	add(n, children...)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func set(n *html.Node, name, value string) {
	unset(n, name)
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func unset(n *html.Node, name string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// show hides an element or not.
func show(n *html.Node, shown bool) {
	unset(n, "hidden")
	if !shown {
		set(n, "hidden", "")
	}
}

// all are the elements below n that are wanted, in order.
func all(n *html.Node, wanted func(*html.Node) bool) (found []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && wanted(c) {
			found = append(found, c)
		}
	}
	return found
}

// first is the first of all, or nil.
func first(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	if found := all(n, wanted); len(found) > 0 {
		return found[0]
	}
	return nil
}

func tagged(tag string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == tag }
}

func with(name, value string) func(*html.Node) bool {
	return func(n *html.Node) bool { return has(n, name) && (value == "" || attr(n, name) == value) }
}

// textOf is all text in an element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// clones are copies of what is in an element.
func clones(n *html.Node) (copies []*html.Node) {
	for c := range n.ChildNodes() {
		copies = append(copies, cloned(c))
	}
	return copies
}

func cloned(n *html.Node) *html.Node {
	d := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
	add(d, clones(n)...)
	return d
}
