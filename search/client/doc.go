// Package client holds the search that runs in the browser, in TypeScript: the
// analyzer (analyze.ts) and what builds on it. It only hands the sources to
// the bundler.
//
// What exists in both languages is written in Go first, in search/analyze; the
// tests here hold the TypeScript to it, on the words and texts of testdata and
// on random input.
package client

import "embed"

// Files are the sources, in one folder.
//
//go:embed *.ts
var Files embed.FS
