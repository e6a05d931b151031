package analyze

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reader reads the texts of one document after the other and numbers the forms
// of each document. It needs no vocabulary. Most words of a text stand in it
// already: how a word as it is written is to be taken is worked out once for
// each document. A Reader is used by one goroutine at a time.
type Reader struct {
	scanner
	forms  table
	shapes []Shape // by form
	words  table   // words as written that are one piece
	taken  []taken // by word
	count  bool
	rest   string // of a hyphenated word whose pieces are being counted
	found  []Occurrence
}

// Occurrence is a word of a text.
type Occurrence struct {
	Form int  // its number: see Shapes
	Also int  // the number of its also-term, -1 for none
	Stop bool // a stop word: never indexed
	Caps bool // written in capitals, two or more
}

// Shape is how a form is written in a document.
type Shape struct {
	Counted bool   // it is a word of the document, and not only an also-term
	Shown   string // see Word
	Small   bool   // somewhere written with a small first letter
	Joined  bool   // somewhere a piece of a hyphenated word
	Written bool   // somewhere written as one word; dualuse may never be
}

// taken is what a word as written is taken for.
type taken struct {
	form       int32
	section    int32 // the also-term behind a paragraph sign, 0 if not known yet
	stop, caps bool
	parted     bool // of several pieces: DualUse
	counted    bool
}

// NewReader returns a reader.
func NewReader() *Reader {
	r := &Reader{}
	r.emit = r.emitted
	return r
}

// Reset begins a new document.
func (r *Reader) Reset() {
	r.forms.reset()
	r.words.reset()
	r.shapes, r.taken = r.shapes[:0], r.taken[:0]
}

// Shapes returns how the forms of the document are written, by number.
func (r *Reader) Shapes() []Shape { return r.shapes }

// Form returns the form with a number. It is good until the next Reset.
func (r *Reader) Form(n int) []byte { return r.forms.at(n) }

// Read returns the words of a text in order, stop words among them. With count
// its words are counted as the document's. What it returns is good until the
// next Read.
func (r *Reader) Read(text string, count bool) []Occurrence {
	r.text, r.count, r.section, r.rest, r.found = text, count, false, "", r.found[:0]
	for i := 0; i < len(text); {
		switch c := text[i]; kinds[c] {
		case letter, digit, high:
			if end, hash := r.plain(i); end > i && r.word(text[i:end], hash) {
				i, r.section = end, false
				continue
			}
			at, size := utf8.DecodeRuneInString(text[i:])
			switch {
			case isWord(at):
				i = r.scanner.word(i)
				r.section = false
				continue
			case at == '§':
				r.section = true
			case !unicode.IsSpace(at):
				r.section = false
			}
			i += size
		case space:
			i++
		default:
			i++
			r.section = false
		}
	}
	return r.found
}

// Kinds of bytes.
const (
	sign = iota
	space
	letter
	digit
	high // of a character of several bytes
)

var kinds = func() (k [256]uint8) {
	for c := range k {
		switch {
		case c >= utf8.RuneSelf:
			k[c] = high
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			k[c] = letter
		case c >= '0' && c <= '9':
			k[c] = digit
		case c == ' ' || c >= '\t' && c <= '\r':
			k[c] = space
		}
	}
	return k
}()

// plain returns the end of the word that begins at i if nothing ties it to what
// follows, and its hash; i itself if that is not plain to see.
func (r *Reader) plain(i int) (end int, hash uint32) {
	text, h, end := r.text, uint64(hashStart), i
	for end < len(text) {
		c := text[end]
		if k := kinds[c]; k == letter || k == digit {
			h = (h ^ uint64(c)) * hashPrime
			end++
		} else if c == 0xC3 && isLatin(text[end:]) {
			h = (h ^ uint64(c)) * hashPrime
			h = (h ^ uint64(text[end+1])) * hashPrime
			end += 2
		} else {
			break
		}
	}
	if end == i || end-i > 2*maxForm || end < len(text) && r.goesOn(i, end) {
		return i, 0
	}
	return end, hashEnd(h)
}

// isLatin holds for the letters À to ÿ.
func isLatin(s string) bool {
	return len(s) > 1 && s[1] >= 0x80 && s[1] <= 0xBF && s[1] != 0x97 && s[1] != 0xB7
}

// goesOn reports whether the word from i to end may go on in some way.
func (r *Reader) goesOn(i, end int) bool {
	text := r.text
	next := byte(0)
	if end+1 < len(text) {
		next = text[end+1]
	}
	switch c := text[end]; c {
	case '.':
		if isDigit(text[i]) {
			return isDigit(next)
		}
		return end-i == 1 || end-i == 2 && text[i] == 0xC3 // z. B.
	case ',', '/':
		return isDigit(text[i]) && isDigit(next)
	case '-':
		return kinds[next] >= letter
	default:
		if c < utf8.RuneSelf {
			return false
		}
		at, _ := utf8.DecodeRuneInString(text[end:])
		return at == '\u2010' || at == '\u2011' || isWord(at) || isIgnored(at) || unicode.Is(unicode.M, at)
	}
}

// word takes a word of one piece. It returns false if the word has several.
func (r *Reader) word(word string, hash uint32) bool {
	n, isNew := r.words.add(hash, word)
	if isNew {
		r.taken = append(r.taken, r.take(word))
	}
	t := &r.taken[n]
	if t.parted {
		return false
	}
	r.rest = ""
	if t.form < 0 {
		return true // nothing is left of it when it is folded
	}
	if r.count && !t.counted {
		t.counted = true
		r.shapes[t.form].write(word)
	}
	also := -1
	if r.section && isDigit(word[0]) {
		if t.section == 0 {
			t.section = int32(r.number("§" + string(r.forms.at(int(t.form)))))
		}
		also = int(t.section)
	}
	r.found = append(r.found, Occurrence{Form: int(t.form), Also: also, Stop: t.stop, Caps: t.caps})
	return true
}

// take works out how a word of letters and digits is to be taken.
func (r *Reader) take(word string) taken {
	r.pieces = append(r.pieces[:0], span{0, len(word)})
	s := scanner{text: word, pieces: r.pieces}
	if s.camel(); len(s.pieces) > 1 {
		return taken{parted: true}
	}
	r.form = appendFold(r.form[:0], word)
	if len(r.form) == 0 {
		return taken{form: -1}
	}
	t := taken{caps: isCaps(word)}
	t.stop = !t.caps && stopWords[string(r.form)]
	t.form = int32(r.number(view(r.form)))
	return t
}

// number returns the number of a form.
func (r *Reader) number(form string) int {
	n, isNew := r.forms.add(hashOf(form), form)
	if isNew {
		r.shapes = append(r.shapes, Shape{})
	}
	return n
}

// emitted takes a word that was scanned the long way.
func (r *Reader) emitted(place span, form []byte, also string) {
	word := r.text[place.start:place.end]
	o := Occurrence{Form: r.number(view(form)), Also: -1, Caps: isCaps(word)}
	o.Stop = !o.Caps && stopWords[string(form)]
	if also != "" && (!isDigit(also[0]) || isDigit(form[0])) {
		o.Also = r.number(also)
	}
	if r.count {
		shape := &r.shapes[o.Form]
		shape.write(word)
		if also != "" && !isDigit(also[0]) && also[0] < utf8.RuneSelf {
			r.shapes[o.Also].Counted = true // dualuse is a word as well
			r.rest = also
		}
		if strings.HasPrefix(r.rest, view(form)) {
			shape.Joined = true
			r.rest = r.rest[len(form):]
		} else {
			r.rest = ""
		}
	}
	r.found = append(r.found, o)
}

// write remembers how a form is written if that is not the form itself. Of
// several ways the last in the alphabet is kept, so that it does not matter
// who counts what.
func (s *Shape) write(word string) {
	s.Counted, s.Written = true, true
	if !s.Small {
		first, _ := utf8.DecodeRuneInString(word)
		s.Small = !unicode.IsUpper(first)
	}
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			s.Shown = max(s.Shown, visible(word))
			return
		}
	}
}

func visible(word string) string {
	return strings.Map(func(r rune) rune {
		if isIgnored(r) || r == utf8.RuneError {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}
