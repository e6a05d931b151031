package check

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Facts is what is known of one file of the output, and all that is ever asked
// about it: where it leads, what it can be pointed at, what it weighs, what is
// wrong with it. The same file gives the same Facts, in any process; they keep
// nothing of the file's bytes.
type Facts struct {
	name     string
	src      diag.Pos
	kind     kind
	redirect bool
	lang     string
	title    string
	links    []link
	parts    []string // paths of style sheets, scripts and fonts
	fonts    []string // of a style sheet: fonts that every page needs
	ids      []uint64 // sorted hashes
	weight   int      // compressed; of a page, its first view without parts
	findings []finding
}

// kind says what of a file can be checked.
type kind byte

const (
	other   kind = iota // nothing can be said about its ids
	sheet               // a style sheet
	drawing             // an SVG file with ids
	web                 // a page
	kinds
)

// hash is FNV-1a. Ids and links are compared by it.
func hash(parts ...[]byte) uint64 {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		for _, c := range p {
			h = (h ^ uint64(c)) * 1099511628211
		}
		h = (h ^ 0xFF) * 1099511628211 // no byte of UTF-8
	}
	return h
}

// factsVersion is raised whenever Scan finds something else in the same file,
// or the form of MarshalBinary changes.
const factsVersion = 1

// MarshalBinary gives the form for a cache: a version, the fields, and a
// checksum of all that.
func (f *Facts) MarshalBinary() ([]byte, error) {
	size := 64 + len(f.name) + len(f.src.File) + len(f.title) + 8*len(f.ids) + 24*len(f.links)
	w := writer{make([]byte, 0, size)}
	w.b = append(w.b, factsVersion, byte(f.kind))
	w.bool(f.redirect)
	for _, s := range []string{f.name, f.src.File, f.lang, f.title} {
		w.string(s)
	}
	for _, n := range []int{f.src.Line, f.src.Col, f.weight, len(f.links)} {
		w.int(n)
	}
	for _, l := range f.links {
		w.string(l.to)
		w.string(l.fragment)
		w.bool(l.picture)
	}
	w.strings(f.parts)
	w.strings(f.fonts)
	w.int(len(f.ids))
	for _, id := range f.ids {
		w.b = binary.LittleEndian.AppendUint64(w.b, id)
	}
	w.int(len(f.findings))
	for _, d := range f.findings {
		w.int(int(d.severity))
		w.bool(d.showable)
		for _, s := range []string{d.code, d.text, d.hint} {
			w.string(s)
		}
	}
	return sealed(w.b), nil
}

func sealed(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b)) }

var errFacts = errors.New("check: these are no facts of this version, or they are damaged")

// UnmarshalBinary reads what MarshalBinary wrote. Anything else is an error,
// and f is then not to be used.
func (f *Facts) UnmarshalBinary(data []byte) error {
	n := len(data) - crc32.Size
	if n < 2 || data[0] != factsVersion || crc32.ChecksumIEEE(data[:n]) != binary.LittleEndian.Uint32(data[n:]) {
		return errFacts
	}
	r := reader{b: data[2:n], all: string(data[2:n])}
	*f = Facts{kind: kind(data[1]), redirect: r.bool(), name: r.string()}
	f.src.File, f.lang, f.title = r.string(), r.string(), r.string()
	f.src.Line, f.src.Col, f.weight = r.int(), r.int(), r.int()
	f.links = list(&r, 3, r.link)
	f.parts = list(&r, 1, r.string)
	f.fonts = list(&r, 1, r.string)
	f.ids = list(&r, 8, r.hash)
	f.findings = list(&r, 5, r.finding)
	if r.bad || len(r.b) > 0 || f.kind >= kinds {
		return errFacts
	}
	return nil
}

type writer struct{ b []byte }

func (w *writer) int(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *writer) bool(v bool) {
	n := byte(0)
	if v {
		n = 1
	}
	w.b = append(w.b, n)
}

func (w *writer) string(s string) {
	w.int(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) strings(all []string) {
	w.int(len(all))
	for _, s := range all {
		w.string(s)
	}
}

// reader takes from b; once something is wrong, bad stays true and all it
// gives is empty. Strings are parts of one, all, which b is the end of.
type reader struct {
	b   []byte
	all string
	bad bool
}

func (r *reader) fail() { r.b, r.bad = nil, true }

func (r *reader) int() int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > 1<<31 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.fail()
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) bool() bool {
	b := r.take(1)
	if len(b) == 1 && b[0] > 1 {
		r.fail()
	}
	return len(b) == 1 && b[0] == 1
}

func (r *reader) string() string {
	n := r.int()
	at := len(r.all) - len(r.b)
	return r.all[at : at+len(r.take(n))]
}

func (r *reader) hash() uint64 {
	if b := r.take(8); len(b) == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) link() link {
	return link{to: r.string(), fragment: r.string(), picture: r.bool()}
}

func (r *reader) finding() finding {
	f := finding{severity: diag.Severity(r.int()), showable: r.bool(), code: r.string(), text: r.string(), hint: r.string()}
	if f.severity > diag.Error {
		r.fail()
	}
	return f
}

// list reads a number and so many items, which take size bytes at least.
func list[T any](r *reader, size int, item func() T) []T {
	n := r.int()
	if n == 0 || n > len(r.b)/size {
		if n > 0 {
			r.fail()
		}
		return nil
	}
	out := make([]T, 0, n)
	for len(out) < n && !r.bad {
		out = append(out, item())
	}
	return out
}
