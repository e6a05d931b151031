package view

import (
	"cmp"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/site"
)

// Bounds of a profile: how much of a text is read, and how many words stand
// for it.
const (
	profileText  = 16 << 10
	profileWords = 384
)

// Profile is what Related wants to know of an entry's text: its longer words
// and how often they occur. It depends on the entry's file only.
type Profile struct {
	words  []uint32 // hashes of word stems, ascending
	counts []uint8  // how often, at most 255; a title counts four times, a summary twice
}

// NewProfile reads an entry; body is its Markdown.
func NewProfile(e *site.Entry, body []byte) *Profile {
	var t tally
	for _, text := range []struct {
		b     []byte
		times uint8
	}{{[]byte(e.Title), 4}, {[]byte(e.Summary), 2}, {body, 1}} {
		t.read(text.b[:min(len(text.b), profileText)], text.times)
	}
	return t.profile()
}

// tally counts words in a table with open addressing: texts have a few hundred
// different ones.
type tally struct {
	seen [tallySize]counted
	used int
	word []byte
}

// tallySize is a power of two.
const tallySize = 2048

type counted struct {
	hash  uint32
	count uint8 // zero: free
}

// read counts the words of six letters and more.
func (t *tally) read(text []byte, times uint8) {
	letters := 0
	for i := 0; i <= len(text); {
		switch {
		case i < len(text) && text[i]|0x20 >= 'a' && text[i]|0x20 <= 'z':
			t.word = append(t.word, text[i]|0x20)
			letters++
			i++
			continue
		case i < len(text) && text[i] >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(text[i:])
			i += n
			if unicode.IsLetter(r) {
				t.word = utf8.AppendRune(t.word, unicode.ToLower(r))
				letters++
				continue
			}
		default:
			i++
		}
		if letters >= 6 {
			t.add(stem(t.word), times)
		}
		letters, t.word = 0, t.word[:0]
	}
}

// stem cuts the commonest German endings; two words that agree then are
// alike enough to call texts related.
func stem(w []byte) []byte {
	for _, end := range [...]string{"ungen", "en", "er", "es", "e", "n", "s"} {
		if n := len(w) - len(end); n >= 5 && string(w[n:]) == end {
			return w[:n]
		}
	}
	return w
}

// add counts a word, unless there are too many.
func (t *tally) add(word []byte, times uint8) {
	h := uint32(2166136261) // FNV-1a
	for _, c := range word {
		h = (h ^ uint32(c)) * 16777619
	}
	i := h % tallySize
	for t.seen[i].count > 0 && t.seen[i].hash != h {
		i = (i + 1) % tallySize
	}
	c := &t.seen[i]
	if c.count == 0 {
		if t.used == tallySize*3/4 {
			return
		}
		t.used++
	}
	c.hash = h
	c.count += min(times, 255-c.count)
}

// profile takes the most frequent words.
func (t *tally) profile() *Profile {
	all := make([]counted, 0, t.used)
	for _, c := range t.seen {
		if c.count > 0 {
			all = append(all, c)
		}
	}
	if len(all) > profileWords {
		slices.SortFunc(all, func(a, b counted) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.hash, b.hash)) })
		all = all[:profileWords]
	}
	slices.SortFunc(all, func(a, b counted) int { return cmp.Compare(a.hash, b.hash) })
	p := &Profile{words: make([]uint32, len(all)), counts: make([]uint8, len(all))}
	for i, c := range all {
		p.words[i], p.counts[i] = c.hash, c.count
	}
	return p
}

// profileVersion is raised whenever NewProfile finds something else in the
// same text, or the form of MarshalBinary changes.
const profileVersion = 1

// MarshalBinary gives the form for a cache, with a checksum: five bytes a word.
func (p *Profile) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 5+5*len(p.words))
	b = append(b, profileVersion)
	for i, w := range p.words {
		b = append(binary.LittleEndian.AppendUint32(b, w), p.counts[i])
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b)), nil
}

var errProfile = errors.New("view: this is no profile of this version, or it is damaged")

// UnmarshalBinary reads what MarshalBinary wrote. Anything else is an error,
// and p is then not to be used.
func (p *Profile) UnmarshalBinary(data []byte) error {
	n := len(data) - crc32.Size
	if n < 1 || data[0] != profileVersion || (n-1)%5 != 0 || (n-1)/5 > profileWords ||
		crc32.ChecksumIEEE(data[:n]) != binary.LittleEndian.Uint32(data[n:]) {
		return errProfile
	}
	*p = Profile{words: make([]uint32, 0, (n-1)/5), counts: make([]uint8, 0, (n-1)/5)}
	for b := data[1:n]; len(b) > 0; b = b[5:] {
		w := binary.LittleEndian.Uint32(b)
		if b[4] == 0 || len(p.words) > 0 && w <= p.words[len(p.words)-1] {
			return errProfile
		}
		p.words, p.counts = append(p.words, w), append(p.counts, b[4])
	}
	return nil
}
