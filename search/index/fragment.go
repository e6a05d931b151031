package index

import (
	"fmt"
	"strconv"
)

// fragment.go writes what hits are shown from: files of JSON with some passages
// of one document each (docs/search-format.md).

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
	o = appendJSON(append(o, `{"i":`...), d.ID)
	if u := shortURL(d.ID, d.URL, w.base); u != "" {
		o = appendJSON(append(o, `,"u":`...), u)
	}
	o = append(o, `,"t":"`...)
	o = appendSqueezed(o, d.Title, true)
	o = append(o, `","y":`...)
	o = strconv.AppendInt(o, int64(w.types[d.Type]), 10)
	for _, x := range [...]struct{ key, value string }{{"d", d.Date}, {"s", d.Status}} {
		if x.value != "" {
			o = fmt.Appendf(o, `,"%s":`, x.key)
			o = appendJSON(o, x.value)
		}
	}
	if from == 0 && len(d.Tags) > 0 {
		o = append(o, `,"g":`...)
		for i, tag := range d.Tags {
			o = appendJSON(append(o, "[,"[min(i, 1)]), tag)
		}
		o = append(o, ']')
	}
	o = append(o, `,"p":`...)
	for i := from; i < to; i++ {
		o = w.appendPassage(append(o, "[,"[min(i-from, 1)]), i, i == from)
	}
	return append(o, "]}"...)
}

// appendPassage appends the text of a passage and, where its section begins in
// the fragment, the section.
func (w *prepared) appendPassage(o []byte, at int, opens bool) []byte {
	p := &w.passages[at]
	o = append(o, `["`...)
	if len(w.passages) <= longDocument || p.section < 0 || p.first {
		o = appendSqueezed(o, p.text, true)
	}
	o = append(o, '"')
	if p.section >= 0 && (p.first || opens) {
		s := &w.doc.Sections[p.section]
		o = append(o, `,"`...)
		o = appendSqueezed(o, s.Title, true)
		o = appendJSON(append(o, `",`...), s.ID)
		if !p.first {
			o = append(o, ",1"...)
		}
	}
	return append(o, ']')
}
