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
// Making: a Preparer makes of each document a record that depends on no other
// (prepare.go, record.go): its passages, its words with how they are written and
// where they stand, its fragments as files (fragment.go). A Builder takes the
// records in any order, counts the words of all and leaves the rest in a file
// (build.go, spill.go). Finish makes the vocabulary of the counts, and with it
// the dictionary (dictionary.go), and divides the alphabet into partitions
// (terms.go). It goes through the records once more, document by document
// (making.go), and writes postings in runs (runs.go), which become lists and
// records of words partition by partition (shardterms.go, prefix.go), and these
// become shards. If a server is to be asked, too, the documents go to bleve as
// well (store.go), and what a query needs besides to a file next to it
// (meta.go). Memory holds the vocabulary, what is known of documents without
// their texts, and the partitions at hand.
//
// Asking (search.go): a query is parsed (query.go) and each of its words
// becomes a concept: layers of terms from exact to approximate (expand.go, by
// the records of dictionary.go). All ranking is plain arithmetic over their
// postings, in score.go; phrases are checked on the texts (phrase.go). The
// browser's engine repeats these files one by one.
package index
