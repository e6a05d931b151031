// Package site is the content model: what a site is once everything has been
// read, checked and connected.
//
// A Site has types, entries and taxonomies. A Type is one folder under
// templates/types and says which fields its entries have. An Entry is one
// Markdown file; its front matter has become typed Values. A relation is a
// Value that names other entries; Assemble resolves it and computes the
// reverse side. A Term is a word of a Taxonomy and knows the entries that
// carry it.
//
// Flow: package source fills a Draft (types, taxonomies, entries as read);
// Assemble decides visibility, drops what is not to be seen, resolves, sorts
// and returns a *Site, which nobody changes afterwards. All of it may then be
// read from many goroutines.
package site
