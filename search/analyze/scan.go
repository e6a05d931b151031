package analyze

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPieces bounds the pieces of one hyphenated word that are also joined; a
// longer chain is a table row or a file name rather than a word.
const maxPieces = 5

// maxDotted bounds the letters of an abbreviation written with points.
const maxDotted = 8

// span is one piece of a text, in bytes.
type span struct{ start, end int }

// scanner finds the words of a text. It knows spelling only, no vocabulary;
// its rules are what the browser repeats.
type scanner struct {
	text    string
	emit    func(span, []byte, string) // place, form, also-term ("" for none)
	form    []byte                     // reused: emit must copy what it keeps
	pieces  []span
	section bool // a paragraph sign stands right before
}

// scan calls emit for every word of text, in order.
func scan(text string, emit func(place span, form []byte, also string)) {
	s := scanner{text: text, emit: emit}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isWord(r):
			i = s.word(i)
			s.section = false
		case r == '§':
			s.section = true
			i += size
		default:
			if !unicode.IsSpace(r) {
				s.section = false
			}
			i += size
		}
	}
}

// word reads the word that begins at i, with what hyphens, dots and slashes
// tie to it, and returns where it ends.
func (s *scanner) word(i int) int {
	end := s.run(i)
	if stop := s.dotted(i, end); stop > end {
		return stop
	}
	s.pieces = append(s.pieces[:0], span{i, end})
	sep := byte(0)
	if isDigit(s.text[i]) {
		end = s.number(end)
		s.pieces[0].end = end
		if end < len(s.text) && s.text[end] == '/' && end+1 < len(s.text) && isDigit(s.text[end+1]) {
			sep = '/'
			s.pieces = append(s.pieces, span{end + 1, s.run(end + 1)})
			end = s.pieces[1].end
		}
	}
	for sep == 0 {
		next := s.hyphen(end)
		if next < 0 {
			break
		}
		end = s.run(next)
		s.pieces = append(s.pieces, span{next, end})
	}
	if len(s.pieces) == 1 {
		s.camel()
	}
	s.flush(sep)
	return end
}

// flush emits the pieces; the first carries what they are together.
func (s *scanner) flush(sep byte) {
	also := ""
	if n := len(s.pieces); n > 1 && n <= maxPieces && s.pieces[n-1].end-s.pieces[0].start <= maxForm {
		s.form = s.form[:0]
		for i, p := range s.pieces {
			if i > 0 && sep != 0 {
				s.form = append(s.form, sep)
			}
			s.form = appendFold(s.form, s.text[p.start:p.end])
		}
		also = string(s.form)
	}
	for i, p := range s.pieces {
		word := s.text[p.start:p.end]
		s.form = appendNumber(appendFold(s.form[:0], ""), word)
		if len(s.form) == 0 {
			s.form = appendFold(s.form, word)
		}
		if len(s.form) == 0 {
			continue
		}
		switch {
		case i > 0:
			also = ""
		case also != "":
		case s.section && isDigit(word[0]):
			also = "§" + string(s.form)
		default:
			also = roman(word)
		}
		s.emit(p, s.form, also)
	}
}

// run returns the end of the letters, marks and digits that begin at i.
func (s *scanner) run(i int) int {
	for i < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if !isWord(r) && !isIgnored(r) && !unicode.Is(unicode.M, r) {
			break
		}
		i += size
	}
	return i
}

// dotted reads an abbreviation of single letters, "z. B.", "z.B.", "B.G.B.",
// as one word. It returns 0 where there is none.
func (s *scanner) dotted(i, end int) int {
	letters, n, first, last := s.form[:0], 0, i, 0
	for n < maxDotted && !isDigit(s.text[i]) && utf8.RuneCountInString(s.text[i:end]) == 1 {
		closed := end < len(s.text) && s.text[end] == '.'
		if !closed && (n == 0 || s.text[i-1] != '.') {
			break
		}
		letters, last = appendFold(letters, s.text[i:end]), end
		n++
		if !closed {
			break
		}
		i = end + 1
		if r, size := utf8.DecodeRuneInString(s.text[i:]); r == ' ' || r == '\u00a0' || r == '\u202f' {
			i += size
		}
		if end = s.run(i); end == i {
			break
		}
	}
	s.form = letters
	if n < 2 || len(letters) == 0 {
		return 0
	}
	s.emit(span{first, last}, letters, "")
	return last
}

// number extends digits over points and commas between digits: 10,5 and
// 15.04.2024 are one word.
func (s *scanner) number(end int) int {
	for end+1 < len(s.text) && (s.text[end] == '.' || s.text[end] == ',') && isDigit(s.text[end+1]) && isDigit(s.text[end-1]) {
		end = s.run(end + 1)
	}
	return end
}

// appendNumber appends a number of several groups as it is searched: 1.000 as
// 1000, 10,5 and dates as they stand. It appends nothing for other words.
func appendNumber(dst []byte, word string) []byte {
	if len(word) > 32 || !isDigit(word[0]) || !strings.ContainsAny(word, ".,") {
		return dst
	}
	groups := strings.Split(word, ".")
	thousands := len(groups) > 1 && len(groups[0]) <= 3
	for _, g := range groups[1:] {
		whole, _, _ := strings.Cut(g, ",")
		thousands = thousands && len(whole) == 3
	}
	for i := 0; i < len(word); i++ {
		if word[i] == '.' && thousands {
			continue
		}
		if isDigit(word[i]) || word[i] == '.' || word[i] == ',' {
			dst = append(dst, word[i])
		} else {
			dst = appendFold(dst, word[i:])
			break
		}
	}
	return dst
}

// hyphen returns where the word goes on behind a hyphen at end, or -1.
func (s *scanner) hyphen(end int) int {
	rest := s.text[end:]
	for _, h := range [...]string{"-", "\u2010", "\u2011"} {
		if strings.HasPrefix(rest, h) {
			next := end + len(h)
			if r, _ := utf8.DecodeRuneInString(s.text[next:]); next < len(s.text) && isWord(r) {
				return next
			}
		}
	}
	return -1
}

// camel parts a word at inner capitals like a hyphen would: DualUse. Each
// piece must be a capital and two or more small letters, so that BtMG,
// StrlSchG and McKinsey stay whole.
func (s *scanner) camel() {
	whole := s.pieces[0]
	start, small, cuts := whole.start, 0, 0
	for i := whole.start; i < whole.end; {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case unicode.IsLower(r):
			small++
		case !unicode.IsUpper(r), i > start && small < 2:
			s.pieces = append(s.pieces[:0], whole)
			return
		case i > start:
			s.pieces[cuts].end = i
			s.pieces = append(s.pieces, span{i, whole.end})
			start, small = i, 0
			cuts++
		}
		i += size
	}
	if small < 2 {
		s.pieces = append(s.pieces[:0], whole)
	}
}

// roman returns a Roman numeral up to 39 in Arabic digits, "" for other words.
func roman(word string) string {
	value, last := 0, 10
	if len(word) > 7 {
		return ""
	}
	for i := len(word) - 1; i >= 0; i-- {
		v := 0
		switch word[i] {
		case 'I':
			v = 1
		case 'V':
			v = 5
		case 'X':
			v = 10
		default:
			return ""
		}
		if i < len(word)-1 && v < last {
			value -= v
		} else {
			value += v
		}
		last = v
	}
	if value < 1 || value > 39 || toRoman(value) != word {
		return ""
	}
	return itoa(value)
}

func toRoman(n int) string {
	return strings.Repeat("X", n/10) +
		[...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n%10]
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return string([]byte{byte('0' + n/10), byte('0' + n%10)})
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// isIgnored holds for what may stand inside a word and is not seen: soft
// hyphen, zero-width space, joiners, word joiner, byte order mark.
func isIgnored(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return false
}
