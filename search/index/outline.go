package index

import (
	"fmt"
)

// outline.go writes what a hit stands with before its text is read: outlines,
// each a document's card and the sections of some of its passages. They are all
// in one file, of which a browser asks for those of its hits in one request, as
// several ranges (RFC 9110, 14.2). Hosts that do not answer such a request are
// why fragments have all of it, too.

const (
	outlineShift = 1  // an outline is as long as 1 << outlineShift fragments
	outlineUnit  = 64 // bytes; an outline begins at a multiple
	outlineMost  = 1 << 14
)

// allOutlines appends the outlines of a document: how many, and then each as it
// is in the file.
func (w *prepared) allOutlines() {
	if !w.fragments {
		return
	}
	size := 1 << (w.chunk + outlineShift)
	w.part.number((len(w.passages) + size - 1) / size)
	for from := 0; from < len(w.passages); from += size {
		w.raw = w.appendOutline(w.raw[:0], w.passages[from:min(len(w.passages), from+size)])
		var record output
		if small := w.deflate(w.raw); len(small) < outlineMost { // else none: the fragment will do
			record.bytes(small)
		}
		record = append(record, make([]byte, -len(record)&(outlineUnit-1))...)
		w.part.bytes(record)
	}
}

// appendOutline appends the card, and for each section how many of the passages
// are its.
func (w *prepared) appendOutline(o []byte, passages []plannedPassage) []byte {
	o = w.appendCard(o)
	for i := 0; i < len(passages); {
		section, from := passages[i].section, i
		for i < len(passages) && passages[i].section == section {
			i++
		}
		o = fmt.Appendf(o, "\n%d", i-from)
		if section >= 0 {
			o = appendSection(append(o, '\t'), &w.doc.Sections[section], "")
		}
	}
	return o
}

// Models of the manifest, by the document's chunk.
const (
	modelUnits    = 0 // how long an outline is
	modelMore     = 8 // whether another of the document follows
	numRootModels = 16
)

// outlines makes the file, and writes into the manifest where in it each is.
func (w *shardWriter) outlines() error {
	if w.manifest.Cards != nil {
		return nil // so small a site has them in its manifest
	}
	var all, buf []byte
	for _, d := range w.docs {
		var err error
		if buf, err = w.spill.read(d.outlines, buf); err != nil {
			return err
		}
		in := input{b: buf}
		for left := in.count(); left > 0; left-- {
			b := in.bytes()
			all = append(all, b...)
			w.root.number(modelUnits+d.Chunk, len(b)/outlineUnit)
			w.root.bit((modelMore+d.Chunk)*modelSize, left > 1)
		}
		if in.end() != nil {
			return errRecord
		}
	}
	return w.add("outlines", all)
}
