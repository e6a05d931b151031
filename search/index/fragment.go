package index

import (
	"strconv"

	"github.com/ag-vzkm/portal/search/analyze"
)

// fragment.go writes what hits are shown from: files with some passages of one
// document each, line by line (docs/search-format.md).

// allFragments appends the files of a document, compressed: their number, how
// long each is, and then all of them.
func (w *prepared) allFragments() {
	if !w.fragments {
		return
	}
	sizes, files, raw := w.sizes[:0], w.files[:0], w.raw
	for from := 0; from < len(w.passages); from += 1 << w.chunk {
		raw = w.appendFragment(raw[:0], from, min(len(w.passages), from+1<<w.chunk))
		file := w.deflate(raw)
		sizes, files = append(sizes, len(file)), append(files, file...)
	}
	w.part.number(len(sizes))
	for _, n := range sizes {
		w.part.number(n)
	}
	w.part = append(w.part, files...)
	w.sizes, w.files, w.raw = sizes, files, raw
}

func (w *prepared) appendFragment(o []byte, from, to int) []byte {
	d := w.doc
	o = appendFields(o, d.Title, d.ID, strconv.Itoa(w.types[d.Type]), d.Date, d.Status, shortURL(d.ID, d.URL, w.base))
	o = append(o, '\n')
	if from == 0 {
		o = appendFields(o, d.Tags...)
	}
	for i := from; i < to; i++ {
		o = w.appendPassage(append(o, '\n'), i, i == from)
	}
	return o
}

// appendPassage appends the text of a passage and, where its section begins in
// the fragment, the section.
func (w *prepared) appendPassage(o []byte, at int, opens bool) []byte {
	p := &w.passages[at]
	if len(w.passages) <= longDocument || p.section < 0 || p.first {
		o = appendSqueezed(o, p.text)
	}
	if p.section < 0 || !p.first && !opens {
		return o
	}
	s, more := &w.doc.Sections[p.section], ""
	if !p.first {
		more = "1"
	}
	o = append(o, '\t')
	title := squeeze(s.Title)
	if anchor, ok := analyze.Anchor(title); ok && anchor == s.ID {
		return appendFields(o, title, more)
	}
	// One field more says that the anchor is here, even an empty one.
	return append(append(appendFields(append(append(o, title...), '\t'), more), '\t'), squeeze(s.ID)...)
}

// appendFields appends a line's fields with tabs between them, without empty
// ones at its end.
func appendFields(o []byte, fields ...string) []byte {
	end := len(o)
	for i, f := range fields {
		if i > 0 {
			o = append(o, '\t')
		}
		from := len(o)
		if o = appendSqueezed(o, f); len(o) > from {
			end = len(o)
		}
	}
	return o[:end]
}
