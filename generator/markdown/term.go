package markdown

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Term is an entry of the glossary.
type Term struct {
	ID    string
	Words []string // the term, its abbreviation, its synonyms
	URL   string
}

// Terms is a glossary prepared for marking: the words by their first part, so
// that a text is looked through once, however many words there are. It is
// read-only.
type Terms struct {
	terms []Term
	forms map[string][]form // by the first part; folded, or exact for abbreviations
	start [1 << 10]uint64   // which first letters can begin a form; see beginning
}

// form is one way to write a term, cut into parts at everything that is no
// letter, digit or inner hyphen.
type form struct {
	term  int
	size  int // in bytes, to try the longest first
	parts []part
}

// part is a word and what must stand before it: a space means any space.
type part struct {
	before string
	word   string // folded unless exact
	exact  bool   // an abbreviation: case counts
}

// NewTerms prepares a glossary.
func NewTerms(terms []Term) *Terms {
	t := &Terms{terms: terms, forms: map[string][]form{}}
	for i, term := range terms {
		for _, w := range term.Words {
			if f := newForm(i, w); len(f.parts) > 0 {
				key := f.parts[0].word
				t.forms[key] = append(t.forms[key], f)
				t.markStart(key)
			}
		}
	}
	for _, fs := range t.forms {
		slices.SortStableFunc(fs, func(a, b form) int { return cmp.Or(b.size-a.size, a.term-b.term) })
	}
	return t
}

// Terms returns the glossary in the order it was given.
func (t *Terms) Terms() []Term { return t.terms }

func newForm(term int, w string) form {
	f := form{term: term, size: len(w)}
	v := []byte(strings.Join(strings.Fields(w), " "))
	at := 0
	for {
		start, stop := nextToken(v, at)
		if start == stop {
			return f
		}
		p := part{before: string(v[at:start]), word: string(v[start:stop])}
		if len(f.parts) == 0 {
			p.before = ""
		}
		if p.exact = isAbbreviation(p.word); !p.exact {
			p.word = strings.ToLower(p.word)
		}
		f.parts = append(f.parts, p)
		at = stop
	}
}

// isAbbreviation: two capitals (MANV, IoMT), or three characters at most.
func isAbbreviation(w string) bool {
	capitals := 0
	for _, r := range w {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals >= 2 && !strings.Contains(w, "-") || utf8.RuneCountInString(w) <= 3
}

func (t *Terms) markStart(key string) {
	h := uint16(0)
	for i := range min(len(key), beginning) {
		h = startHash(h, key[i])
		if key[i] >= utf8.RuneSelf {
			break
		}
	}
	t.start[h>>6] |= 1 << (h & 63)
}

// beginning is how many letters of a form are looked at first. Those beyond
// ASCII change bytes with their case: one ends the beginning, and all are one.
const beginning = 4

func startHash(h uint16, c byte) uint16 {
	if c >= utf8.RuneSelf {
		c = utf8.RuneSelf
	}
	return h*31 + uint16(asciiLower(c)) + 1
}

// tokenByte says what a byte means for the bounds of a word: part of one or
// not. Letters beyond ASCII are seen by their first byte; the signs that German
// texts use („“–§ and no-break space) begin with C2 and E2.
var tokenByte = func() (t [256]bool) {
	for c := range 256 {
		t[c] = isAlnum(byte(c)) || c >= 0xC3 && c != 0xE2
	}
	return
}()

// nextToken finds the next word in v from i on; start == stop means none.
func nextToken(v []byte, i int) (start, stop int) {
	for i < len(v) && !tokenByte[v[i]] {
		i++
	}
	start = i
	for i < len(v) {
		switch c := v[i]; {
		case c < utf8.RuneSelf && tokenByte[c]:
			i++
		case tokenByte[c]:
			i++
			for i < len(v) && v[i]&0xC0 == 0x80 {
				i++
			}
		case c == '-' && i > start && i+1 < len(v) && tokenByte[v[i+1]]:
			i++
		default:
			return start, i
		}
	}
	return start, i
}

// endings are those by which a word of five letters or more may be longer
// than the term.
var endings = []string{"", "s", "n", "e", "en", "es"}

// markTerms writes v with the first use of each glossary word linked to its
// definition. before is the character before v.
func (p *page) markTerms(v []byte, before rune) {
	t := p.in.Terms
	if t == nil || p.noTerms > 0 || p.inLink || len(t.forms) == 0 {
		p.writeText(v)
		return
	}
	done := 0
	for at := 0; ; {
		start, stop := nextToken(v, at)
		if start == stop {
			break
		}
		at = stop
		if start == 0 && isWord(before) || !t.begins(v[start:stop]) {
			continue
		}
		f, end := p.matchTerm(t, v, start, stop)
		if f == nil {
			continue
		}
		at = end
		if p.firstUse(t.terms[f.term].ID) {
			p.writeText(v[done:start])
			p.termLink(t.terms[f.term].ID, v[start:end])
			done = end
		}
	}
	p.writeText(v[done:])
}

// begins reports whether a word may begin a form, which can be shorter.
func (t *Terms) begins(w []byte) bool {
	h := uint16(0)
	for _, c := range w[:min(len(w), beginning)] {
		h = startHash(h, c)
		if t.start[h>>6]&(1<<(h&63)) != 0 {
			return true
		}
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return false
}

// matchTerm finds the longest form that starts with the word v[start:stop] and
// returns where it ends.
func (p *page) matchTerm(t *Terms, v []byte, start, stop int) (*form, int) {
	word := v[start:stop]
	p.fold = appendLower(p.fold[:0], word)
	var best *form
	end, size := 0, 0
	for _, key := range [2][]byte{word, p.fold} {
		for _, e := range endings {
			if len(key) <= len(e) || string(key[len(key)-len(e):]) != e {
				continue
			}
			base := key[:len(key)-len(e)]
			forms := t.forms[string(base)]
			for i := range forms {
				f := &forms[i]
				if f.size <= size || e != "" && !mayEnd(f.parts[0], e) || f.parts[0].exact == (&key[0] == &p.fold[0]) {
					continue
				}
				if stop := f.matchRest(v, stop); stop > 0 {
					best, end, size = f, stop, f.size
				}
			}
		}
	}
	return best, end
}

// mayEnd reports whether a form's word may have an ending: long words any,
// abbreviations only -s.
func mayEnd(w part, ending string) bool {
	if w.exact {
		return ending == "s"
	}
	return utf8.RuneCountInString(w.word) >= 5
}

// matchRest matches the parts after the first, from at on, and returns where
// they end, or 0.
func (f *form) matchRest(v []byte, at int) int {
	for _, w := range f.parts[1:] {
		start, stop := nextToken(v, at)
		if start == stop || !sameGap(v[at:start], w.before) || !w.matches(string(v[start:stop])) {
			return 0
		}
		at = stop
	}
	return at
}

func sameGap(gap []byte, want string) bool {
	if want == " " {
		return len(gap) == 1 && (gap[0] == ' ' || gap[0] == '\n') || string(gap) == nbsp
	}
	return string(gap) == want
}

func (w part) matches(word string) bool {
	if !w.exact {
		word = strings.ToLower(word)
	}
	rest, ok := strings.CutPrefix(word, w.word)
	return ok && (rest == "" || slices.Contains(endings, rest) && mayEnd(w, rest))
}

// appendLower folds; ASCII needs no decoding.
func appendLower(dst, v []byte) []byte {
	for i := 0; i < len(v); {
		if c := v[i]; c < utf8.RuneSelf {
			dst = append(dst, asciiLower(c))
			i++
			continue
		}
		r, n := utf8.DecodeRune(v[i:])
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += n
	}
	return dst
}

func asciiLower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// firstUse reports whether a term is to be marked now.
func (p *page) firstUse(id string) bool {
	if id == p.in.SelfID || p.scope.terms[id] {
		return false
	}
	p.scope.terms[id] = true
	p.doc.Terms = append(p.doc.Terms, id)
	return true
}

func (p *page) termLink(id string, word []byte) {
	p.write(`<a class="term" href="#`, TermID(id), `" id="`, p.id("zu-"+TermID(id)), `">`)
	p.writeText(word)
	p.write("</a>")
}
