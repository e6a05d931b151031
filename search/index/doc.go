// Package index makes and asks the full-text index of a site, for two readers
// that give the same answers: bleve on the server, shards in the browser
// (docs/search-format.md, search/client).
//
// Terms: a document is what a hit shows, usually one page; a field is a part
// of it that weighs more or less (title, abbreviations, headings, summary,
// tags, body); a section is a stretch of its body with an anchor; a passage is
// a stretch of a section, short enough that its words are near each other; a
// name is a title, an abbreviation or an alias. A posting says of a term in a
// document: how much it weighs there (the level), where it stands in names,
// and in which passages. An ordinal is a document's number; the order is by
// size of fragments, weight and ID.
//
// Making: a first pass cuts all texts into passages and counts their forms
// (plan.go), which yields the vocabulary; a second analyses every document in
// parallel and hands its postings to bleve by document (store.go) and to the
// shards by term (analyse.go, shards.go). What a query needs besides, the
// documents' metadata, the vocabulary and the lists of wide prefixes
// (prefix.go), goes to a file next to bleve's (meta.go).
//
// Asking (search.go): a query is parsed (query.go) and each of its words
// becomes a concept: layers of terms from exact to approximate (expand.go, by
// the records of dictionary.go). All ranking is plain arithmetic over their
// postings, in score.go; phrases are checked on the texts (phrase.go). The
// browser's engine repeats these files one by one.
package index
