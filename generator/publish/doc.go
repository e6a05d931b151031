// Package publish puts a finished release in the place of the one before.
//
// Terms: the output is the folder that readers are served from ("public", or
// the search index). A staging is a folder beside it in which the next release
// grows. The manifest is the file .portal-release inside a release: the sorted
// list of its files with their SHA-256, readable by "sha256sum -c". It marks a
// folder as ours, so that a stranger's folder is never replaced.
//
// Flow: Lock the output, Stage, Write what was computed, Keep what is as it was
// (both releases then share a file), Compress if wanted,
// Commit. Commit exchanges staging and output in one system call
// (renameat2 with RENAME_EXCHANGE), so a build killed at any moment leaves the
// whole old or the whole new release. What it leaves behind otherwise is
// removed by the next Stage.
//
// Where the exchange is not to be had (no Linux, some network file systems),
// two renames take its place. Between them the output does not exist for some
// microseconds; a build killed just there leaves the old release beside the
// output under a name the next Stage knows and puts back.
//
// What is exchanged is the folder itself. Whoever holds it open (a bind mount
// of a container, a shell standing in it) goes on seeing the old release, which
// is then removed: mount or serve the folder above it.
package publish
