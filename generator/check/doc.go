// Package check reads the finished output as a browser would and says what a
// reader would stumble over, before anything is published.
//
// Terms: a page is an HTML file of the output; a finding is what is wrong with
// one page; a target is what a page points to (an address, an id). A finding
// becomes a diagnostic at the file that the page was made from, for that is
// what its editor can change.
//
// The first view of a page is its HTML up to the first element that has the
// class "later" (the later parts of a long text are wrapped in such, and not
// laid out before they are seen), with the page's style sheets, scripts and
// fonts. It is what the budget is for.
//
// Flow: New, then Page for every page and File for every other file of the
// output, from many goroutines and in any order, as they are made; Finish
// compares what points with what is there. Page is Scan, which looks at one
// file only and gives Facts that can be kept for as long as the file stays the
// same, and Add, which takes them. Of the whole output only small data is
// held: links, hashes of ids, titles. The same fault on many pages (a menu, a
// template) becomes one diagnostic.
package check
