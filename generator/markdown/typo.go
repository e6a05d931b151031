package markdown

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

const nbsp = "\u00a0"

// Typography sets a short plain text, such as a title, in the language's
// typography.
func Typography(lang, s string) string {
	t := typesetter{english: lang == "en"}
	t.reset()
	return string(t.append(nil, decodePlain(nil, s)))
}

// typesetter replaces what a keyboard has by what a printer would set. It
// keeps the context from one run of a block to the next.
type typesetter struct {
	english bool
	prev    rune   // the character before, ' ' at the start of a block
	quotes  []byte // open quotation marks, '"' or '\''
}

func (t *typesetter) reset() { t.prev, t.quotes = ' ', t.quotes[:0] }

// special marks the bytes that append has to look at: spaces if what stands
// before them is binding, other signs in any case.
var special = [256]byte{' ': 1, '\n': 1, '"': 2, '\'': 2, '-': 2, '.': 2, literalMark: 2}

// binding marks the bytes that a space may be glued to; see space.
var binding = func() (t [256]byte) {
	for c := range t {
		t[c] = 2
	}
	for _, c := range []byte(".0123456789\xA7") {
		t[c] = 3
	}
	return
}()

// append sets src and appends it to dst, which is empty or holds what was set
// before it in the same run.
func (t *typesetter) append(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		j, before := i, byte(3)
		if i > 0 {
			before = binding[src[i-1]]
		}
		for j < len(src) && (special[src[j]]&before == 0 || j > 0 && plainSign(src, j)) {
			before = binding[src[j]]
			j++
		}
		dst = append(dst, src[i:j]...)
		if j == len(src) {
			break
		}
		n := 1
		switch rest := src[j:]; rest[0] {
		case literalMark:
			dst = append(dst, rest[1:min(2, len(rest))]...)
			n = 2
		case '"':
			dst = t.double(dst, rest[1:])
		case '\'':
			dst = t.single(dst, rest[1:])
		case '-':
			dst, n = t.dash(dst, rest)
		case '.':
			dst, n = t.dot(dst, rest)
		default:
			dst = t.space(dst, rest)
		}
		i = j + n
	}
	t.prev = t.last(dst)
	return dst
}

// plainSign reports whether a sign is one of the many that stay as they are:
// the full stop behind a number or at the end of a sentence, the hyphen in a
// word. What stands before it is known by its byte.
func plainSign(src []byte, at int) bool {
	before, next := src[at-1], byte(' ')
	if at+1 < len(src) {
		next = src[at+1]
	}
	switch src[at] {
	case '.':
		return isAlnum(before) && (next == ' ' || next == '\n' || next != '.' && before < 'a')
	case '-':
		return isAlnum(before) && next != '-'
	}
	return false
}

// last is the character before the next one to be set.
func (t *typesetter) last(dst []byte) rune {
	if len(dst) == 0 {
		return t.prev
	}
	if c := dst[len(dst)-1]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeLastRune(dst)
	return r
}

func first(src []byte) rune {
	if len(src) == 0 {
		return -1
	}
	r, _ := utf8.DecodeRune(src)
	return r
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// opens reports whether a quotation mark between prev and next opens.
func opens(prev, next rune) bool {
	if next == -1 || unicode.IsSpace(next) {
		return false
	}
	switch prev {
	case '(', '[', '{', '/', '-', '–', '—', '„', '‚', '“', '‘', '»', '«', '=':
		return true
	}
	return unicode.IsSpace(prev)
}

func (t *typesetter) double(dst, rest []byte) []byte {
	prev, next := t.last(dst), first(rest)
	if next == -1 && unicode.IsSpace(prev) { // markup follows
		next = 'x'
	}
	afterMark := prev == '“' || prev == '‘'
	switch {
	case afterMark && len(t.quotes) > 0 && !t.english: // “ closes in German
	case opens(prev, next), len(t.quotes) == 0 && !isWord(prev) && isWord(next):
		return t.openQuote(dst, len(t.quotes)%2 == 1)
	case unicode.IsSpace(prev) && len(t.quotes) == 0:
		return append(dst, '"')
	}
	return t.closeQuote(dst, false)
}

func (t *typesetter) single(dst, rest []byte) []byte {
	prev, next := t.last(dst), first(rest)
	switch {
	case isWord(prev) && isWord(next):
		return append(dst, "’"...)
	case opens(prev, next) && closesLater(rest):
		return t.openQuote(dst, true)
	case len(t.quotes) > 0 && t.quotes[len(t.quotes)-1] == '\'' && !unicode.IsSpace(prev):
		return t.closeQuote(dst, true)
	}
	return append(dst, "’"...)
}

// closesLater looks for a ' that may close, within a sentence's length.
func closesLater(rest []byte) bool {
	rest = rest[:min(len(rest), 300)]
	for i := 0; ; i++ {
		n := bytes.IndexByte(rest[i:], '\'')
		if n < 0 {
			return false
		}
		i += n
		if i > 0 && !unicode.IsSpace(rune(rest[i-1])) && !isWord(first(rest[i+1:])) {
			return true
		}
	}
}

func (t *typesetter) openQuote(dst []byte, single bool) []byte {
	mark, sign := byte('"'), "„"
	switch {
	case t.english && single:
		sign = "‘"
	case t.english:
		sign = "“"
	case single:
		sign = "‚"
	}
	if single {
		mark = '\''
	}
	t.quotes = append(t.quotes, mark)
	return append(dst, sign...)
}

// closeQuote closes the innermost quotation mark, or a lone one.
func (t *typesetter) closeQuote(dst []byte, single bool) []byte {
	if n := len(t.quotes); n > 0 {
		single = t.quotes[n-1] == '\''
		t.quotes = t.quotes[:n-1]
	}
	switch {
	case t.english && single:
		return append(dst, "’"...)
	case t.english:
		return append(dst, "”"...)
	case single:
		return append(dst, "‘"...)
	}
	return append(dst, "“"...)
}

// dash sets " - ", " -- " and "--" between words as an en dash, which does not
// start a line.
func (t *typesetter) dash(dst, rest []byte) ([]byte, int) {
	n := 1
	for n < len(rest) && rest[n] == '-' {
		n++
	}
	prev, next := t.last(dst), first(rest[n:])
	spaced := unicode.IsSpace(prev) && (next == ' ' || next == '\n')
	if n > 3 || !spaced && (n == 1 || !isWord(prev) || !isWord(next)) {
		return append(dst, rest[:n]...), n
	}
	sign := "–"
	if n == 3 {
		sign = "—"
	}
	if spaced && len(dst) > 1 && dst[len(dst)-1] == ' ' {
		dst = append(dst[:len(dst)-1], nbsp...)
	}
	return append(dst, sign...), n
}

// dot sets "..." as an ellipsis and "z.B." with a space.
func (t *typesetter) dot(dst, rest []byte) ([]byte, int) {
	n := 1
	for n < len(rest) && rest[n] == '.' {
		n++
	}
	if n == 3 && t.last(dst) != '.' {
		return append(dst, "…"...), 3
	}
	if n == 1 && !t.english && t.abbreviation(dst, rest) {
		return append(dst, "."+nbsp...), 1
	}
	return append(dst, rest[:n]...), n
}

// abbreviation reports whether the dot stands inside one like "z.B.", "d.h.".
func (t *typesetter) abbreviation(dst, rest []byte) bool {
	if len(dst) == 0 || len(rest) < 3 {
		return false
	}
	c := dst[len(dst)-1]
	if c < 'a' || c > 'z' && c < 'a' {
		return false
	}
	before := rune(' ')
	if len(dst) > 1 {
		before, _ = utf8.DecodeLastRune(dst[:len(dst)-1])
	}
	if isWord(before) || before == '.' {
		return false
	}
	r, size := utf8.DecodeRune(rest[1:])
	if len(rest) <= 1+size || rest[1+size] != '.' {
		return false
	}
	switch string([]rune{rune(c), r}) {
	case "zB", "dh", "ua", "uä", "uU", "zT", "oä", "oÄ", "og", "so", "su", "va", "iV", "iS", "id", "eV", "mE", "mw", "aD":
		return true
	}
	return false
}

// space keeps together what belongs together: „§ 21“, „z. B.“, „10 kg“,
// „15. April“.
func (t *typesetter) space(dst, rest []byte) []byte {
	n, glue := len(dst), false
	if n > 0 && len(rest) > 1 {
		switch c := dst[n-1]; {
		case c == '.':
			glue = t.afterDot(dst, rest[1:])
		case c >= '0' && c <= '9':
			glue = isUnit(rest[1:])
		case c == 0xA7 && n > 1 && dst[n-2] == 0xC2: // §
			glue = rest[1] > ' '
		}
	}
	if glue {
		return append(dst, nbsp...)
	}
	return append(dst, rest[0])
}

// afterDot decides on the space between "x." and rest.
func (t *typesetter) afterDot(dst, rest []byte) bool {
	end := len(dst) - 1
	i := end
	for i > 0 && end-i < 6 && isAlnum(dst[i-1]) {
		i--
	}
	next := rest[0]
	digit := next >= '0' && next <= '9'
	whole := i == 0 && !isWord(t.prev) || i > 0 && dst[i-1] < utf8.RuneSelf && !isAlnum(dst[i-1]) || i > 1 && string(dst[i-2:i]) == nbsp
	if !whole {
		return false
	}
	switch word := dst[i:end]; string(word) {
	case "":
		return false
	case "Art", "Abs", "Nr", "Nrn", "Abb", "Tab", "Kap", "Bd", "Rn", "Rz", "Ziff", "Anl", "Anm", "Fn", "Fig", "No", "Sec", "pp":
		return digit
	case "S", "p":
		if digit {
			return true
		}
	case "Dr", "Prof", "Dipl":
		return next >= 'A' && next <= 'Z' || next >= 0xC3
	}
	if t.english {
		return false
	}
	if c := dst[i]; c >= '0' && c <= '9' {
		return end-i <= 2 && isMonth(rest)
	}
	if end-i != 1 {
		return false
	}
	_, size := utf8.DecodeRune(rest)
	return isWord(first(rest)) && !digit && len(rest) > size && rest[size] == '.'
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// nextWord is the start of s up to the first space or sign of punctuation.
func nextWord(s []byte) []byte {
	for i, c := range s[:min(len(s), 12)] {
		switch c {
		case ' ', '\n', '\t', '.', ',', ';', ':', ')', '!', '?', '"', '\'', '/', '-':
			return s[:i]
		}
	}
	return s[:min(len(s), 12)]
}

func isMonth(s []byte) bool {
	switch string(nextWord(s)) {
	case "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
		"Oktober", "November", "Dezember", "Jan", "Feb", "Apr", "Aug", "Sept", "Okt", "Nov", "Dez":
		return true
	}
	return false
}

func isUnit(s []byte) bool {
	switch string(nextWord(s)) {
	case "%", "‰", "€", "$", "°C", "kg", "g", "mg", "µg", "t", "km", "m", "cm", "mm", "m²", "m³", "km²", "l", "L", "ml",
		"kW", "W", "MW", "GW", "kWh", "MWh", "Wh", "V", "A", "Ah", "Hz", "kHz", "MHz", "GHz", "bar", "Pa", "hPa", "kPa",
		"h", "min", "s", "ms", "km²h", "kB", "MB", "GB", "TB", "Mbit", "Gbit", "EUR", "Euro", "USD", "Mio", "Mrd", "Uhr",
		"Prozent", "Sv", "mSv", "Bq", "Gy", "N", "kN", "dB", "x":
		return true
	}
	return false
}
