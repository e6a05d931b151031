package spelling

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a piece of a text that can be looked up: letters and apostrophes.
type word struct {
	s      string
	at     int  // in the text
	size   int  // there, with soft hyphens
	front  bool // a hyphen follows: „Zivil- und Katastrophenschutz“
	back   bool // a hyphen stands before it
	joined bool // by a hyphen to another word
}

// noWords are what looks like words and is none: addresses, names of files,
// numbers with what belongs to them.
var noWords = regexp.MustCompile(`(?:https?://|www\.)[^\s<>"„“”]+|[\pL\pN._%+-]+@[\pL\pN.-]+\.\pL+|[\pL\pN_-]*(?:[./_\\][\pL\pN_-]+)+\.\pL{2,5}|/?[\pL\pN_-]+(?:\.[\pL\pN_-]+)+|--[a-z][a-z-]+=?\S*|[@#§$][\pL\pN_-]+|[\pL\pN]+_[\pL\pN_]+`)

// cut finds the words of a text.
func cut(s string) []word {
	var out []word
	for from := 0; from < len(s); {
		to := len(s)
		if n := strings.IndexAny(s[from+1:], " \n\t"); n >= 0 {
			to = from + 1 + n
		}
		var skip [][]int
		if chunk := s[from:to]; strings.ContainsAny(chunk, "./_\\@#§$") || strings.Contains(chunk, "--") {
			skip = noWords.FindAllStringIndex(chunk, -1)
		}
		at := from
		for _, no := range skip {
			if start, stop := from+no[0], from+no[1]; !isText(s[start:stop]) {
				out = cutChunk(out, s, at, start)
				at = stop
			}
		}
		out = cutChunk(out, s, at, to)
		from = to
	}
	return out
}

// cutChunk appends the words of a piece of a text.
func cutChunk(out []word, s string, i, stop int) []word {
	for i < stop {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !inWord(r) {
			i += n
			continue
		}
		end := i
		for end < stop {
			r, n := utf8.DecodeRuneInString(s[end:])
			if g := gender(s, end); g > 0 {
				n = g
			} else if !inWord(r) && !(isApostrophe(r) && letterAt(s, end+n)) {
				break
			}
			end += n
		}
		if w, ok := newWord(s, i, end); ok {
			out = append(out, w)
		}
		i = end
	}
	return out
}

// isText tells „Ende.Anfang“, where a space is missing, from a name such as
// portal.yaml, and „Patient_innen“ from one such as max_len.
func isText(s string) bool {
	if stem, ending, two := strings.Cut(s, "_"); two {
		return stem != "" && (ending == "in" || ending == "innen")
	}
	before, after, one := strings.Cut(s, ".")
	r, _ := utf8.DecodeRuneInString(after)
	return one && unicode.IsUpper(r) && utf8.RuneCountInString(before) > 3 && strings.IndexFunc(s, func(r rune) bool { return r != '.' && !unicode.IsLetter(r) }) < 0 && !strings.Contains(after, ".")
}

func newWord(s string, from, to int) (word, bool) {
	w := word{at: from, size: to - from}
	plain := strings.NewReplacer("\u00ad", "", "’", "'", "\u2011", "-").Replace(s[from:to])
	for _, mark := range []string{":", "*", "_", "/-", "/"} {
		plain = strings.Replace(plain, mark+"in", "in", 1)
	}
	w.s = strings.TrimSuffix(plain, "'")
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, n := utf8.DecodeRuneInString(s[to:])
	w.front, w.back = isHyphen(after), isHyphen(before)
	w.joined = w.front && letterAt(s, to+n) || w.back && wordBefore(s[:from])
	letters, stub := utf8.RuneCountInString(w.s), w.front && !w.joined // „Be- und Entladung“
	return w, !strings.ContainsFunc(w.s, unicode.IsDigit) && letters > 1 && !(stub && letters < shortest) && !isAbbreviation(w.s) && !isUnit(s[:from], w.s)
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '\u00ad'
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

func isHyphen(r rune) bool { return r == '-' || r == '\u2011' || r == '‐' }

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[min(i, len(s)):])
	return unicode.IsLetter(r)
}

func wordBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "-\u2011‐"))
	return inWord(r)
}

// gender is how long a mark within „Ärzt:innen“ is, which is read as
// „Ärztinnen“; 0 when there is none.
func gender(s string, i int) int {
	for _, mark := range []string{":", "*", "_", "/-", "/"} {
		rest, ok := strings.CutPrefix(s[i:], mark+"in")
		if !ok || i == 0 || !letterAt(s, i-1) && s[i-1] < utf8.RuneSelf {
			continue
		}
		rest = strings.TrimPrefix(rest, "nen")
		if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(r) {
			return len(mark)
		}
	}
	return 0
}

// isAbbreviation: capitals only, or short with two of them: MANV, KMUs, IoMT,
// IIa.
func isAbbreviation(w string) bool {
	capitals, letters := 0, utf8.RuneCountInString(w)
	for _, r := range w {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals == letters || capitals >= 2 && (letters <= 5 || 2*capitals >= letters)
}

// units are words behind a number.
var units = strings.Fields("mm cm dm km ha mg µg kg ml dl kl kW kWh MW Wh Ah mAh kVA VA mV kV mA dB Hz kHz MHz GHz kB MB GB TB kbit Mbit Gbit Pa hPa kPa mbar bar mmHg lx lm mSv Sv min Std Mio Mrd Tsd Nr rpm bpm dpi px nm kN Nm kJ MJ kcal mol mmol")

func isUnit(before, w string) bool {
	trimmed := strings.TrimRight(before, " \u00a0\u202f/")
	r, _ := utf8.DecodeLastRuneInString(trimmed)
	return slices.Contains(units, w) && (unicode.IsDigit(r) || strings.HasSuffix(before, "/"))
}

// asked are the forms of a word one of which must be in the dictionary.
func (w word) asked() []string {
	out := []string{w.s, w.s + "."} // „bzw.“ is in the dictionary with its full stop
	if w.back && !w.joined {        // „Kauf und -verkauf“
		out = append(out, upperFirst(w.s), lowerFirst(w.s))
	}
	if w.front {
		out = append(out, upperFirst(w.s), lowerFirst(w.s)+"en") // „Prüf- und …“
		for _, l := range links {
			if base, ok := strings.CutSuffix(w.s, l); ok && utf8.RuneCountInString(base) >= shortest {
				out = append(out, base, upperFirst(base))
			}
		}
	}
	return out
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}
