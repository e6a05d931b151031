// Package check reads the finished output as a browser would and says what a
// reader would stumble over, before anything is published.
//
// Terms: a page is an HTML file of the output; a finding is what is wrong with
// one page; a target is what a page points to (an address, an id). A finding
// becomes a diagnostic at the file that the page was made from, for that is
// what its editor can change.
//
// Flow: New, then Page for every page and File for every other file of the
// output, from many goroutines and in any order, as they are made; Finish
// compares what points with what is there. Between the two only small data is
// kept: links, hashes of ids, titles. The same fault on many pages (a menu, a
// template) becomes one diagnostic.
package check
