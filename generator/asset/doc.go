// Package asset makes the files that pages are dressed with: style sheet,
// script, icons, pictures and downloads.
//
// Terms: the bundle is what comes from the templates and is the same for every
// page: one style sheet, one script, one icon sprite, each with the hash of
// its content in its name. Media are the pictures and files that entries name;
// they are made when a page asks for them and not otherwise, so what belongs
// to a hidden entry never reaches the output. A path is a place in the output
// ("assets/site.ABC.css"); a URL is what a page writes for it, with the base
// path of the site ("/sub/assets/site.ABC.css").
//
// Flow: New reads the templates through an fs.FS and lets esbuild bundle them;
// what is wrong with them becomes diagnostics. A Media is made for each build;
// pages call its Image and File from many goroutines. Afterwards Files of both,
// and Static, are written to the release.
//
// Pictures lose their metadata, the place where they were taken above all.
package asset

// File is one file of the output.
type File struct {
	Path string
	Data []byte
}
