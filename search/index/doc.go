// Package index makes and asks the full-text index of a site.
//
// Terms: a document is what a hit shows, usually one page; a field is a part
// of it that weighs more or less (title, abbreviations, headings, summary,
// tags, body); a section is a stretch of its body with an anchor; a posting is
// a term's occurrences in one document; an ordinal is a document's number in
// the order of IDs.
//
// Positions: all words of a document are numbered in one sequence, fields one
// after the other with gaps between, sections last, each heading before its
// text. So a position alone says which section it is in, and distances never
// reach from one field into the next.
//
// Making (build.go): a first pass counts all forms and yields the vocabulary;
// a second analyses every document in parallel and hands its postings to
// bleve's offline builder (store.go). What a query needs besides postings, the
// documents' metadata and the vocabulary, goes to a file next to it (meta.go).
//
// Asking (search.go): a query is parsed (query.go) and each of its words
// becomes a concept: layers of index terms from exact to approximate
// (expand.go). bleve yields their postings. All ranking is plain arithmetic
// over those, in score.go, so that the browser can repeat it.
package index
