package view

import (
	"strings"
	"unicode"
)

// Op is what happened to a piece of text between two versions.
type Op string

const (
	Same    Op = "same"
	Deleted Op = "del"
	Added   Op = "ins"
	Changed Op = "changed"
)

// Run is a piece of text with what happened to it. Space says that a blank
// stands before it.
type Run struct {
	Op    Op
	Text  string
	Space bool
}

// DiffWords tells word by word how one text became the other. Where little is
// left of it, the old text as a whole is replaced by the new one: nobody reads
// confetti.
func DiffWords(before, after string) []Run {
	a, b := tokens(before), tokens(after)
	steps := smooth(script(a, b))
	kept, all := 0, 0
	for _, s := range steps {
		for _, t := range s.tokens {
			if all++; s.op == Same && t.word {
				kept++
			}
		}
	}
	if len(a) > 0 && len(b) > 0 && kept*10 < all {
		steps = []step{{Deleted, a}, {Added, b}}
	}
	var out []Run
	for i, s := range steps {
		r := Run{Op: s.op, Space: s.tokens[0].space && i > 0}
		if i > 0 && s.op == Added && steps[i-1].op == Deleted { // two words never become one
			last := steps[i-1].tokens
			r.Space = r.Space || s.tokens[0].word && last[len(last)-1].word
		}
		var text strings.Builder
		for i, t := range s.tokens {
			if i > 0 && t.space {
				text.WriteByte(' ')
			}
			text.WriteString(t.text)
		}
		r.Text = text.String()
		out = append(out, r)
	}
	return out
}

// token is a word or a sign.
type token struct {
	text  string
	word  bool
	space bool // before it
}

// tokens cuts a text into words and signs. Signs within a word (Dual-Use, 4,3)
// belong to it.
func tokens(s string) []token {
	var out []token
	r := []rune(s)
	inWord := func(i int) bool {
		return i < len(r) && (unicode.IsLetter(r[i]) || unicode.IsDigit(r[i]) || unicode.IsMark(r[i]) || r[i] == '\u00ad')
	}
	for i, space := 0, false; i < len(r); {
		if unicode.IsSpace(r[i]) {
			space = true
			i++
			continue
		}
		from := i
		word := inWord(i)
		for i++; word && (inWord(i) || i < len(r) && !unicode.IsSpace(r[i]) && inWord(i+1)); i++ {
		}
		out = append(out, token{string(r[from:i]), word, space})
		space = false
	}
	return out
}

// step is a run of tokens.
type step struct {
	op     Op
	tokens []token
}

// script is how a becomes b; what is deleted comes before what is put in its
// place.
func script(a, b []token) []step {
	words := func(list []token) []string {
		out := make([]string, len(list))
		for i, t := range list {
			out[i] = t.text
		}
		return out
	}
	var out []step
	add := func(op Op, t []token) {
		switch n := len(out); {
		case len(t) == 0:
		case n > 0 && out[n-1].op == op:
			out[n-1].tokens = append(out[n-1].tokens[:len(out[n-1].tokens):len(out[n-1].tokens)], t...)
		default:
			out = append(out, step{op, t})
		}
	}
	i, j := 0, 0
	for _, m := range append(matches(words(a), words(b)), [2]int{len(a), len(b)}) {
		add(Deleted, a[i:m[0]])
		add(Added, b[j:m[1]])
		if i, j = m[0], m[1]; j < len(b) && i < len(a) {
			add(Same, b[j:j+1])
			i, j = i+1, j+1
		}
	}
	return out
}

// smooth takes words that only happen to be the same between two changes (an
// „und“, a comma) into the change, so that it can be read.
func smooth(steps []step) []step {
	var out []step
	var del, ins []token
	flush := func() {
		if len(del) > 0 {
			out = append(out, step{Deleted, del})
		}
		if len(ins) > 0 {
			out = append(out, step{Added, ins})
		}
		del, ins = nil, nil
	}
	for i, s := range steps {
		switch s.op {
		case Deleted:
			del = append(del, s.tokens...)
		case Added:
			ins = append(ins, s.tokens...)
		case Same:
			words := 0
			for _, t := range s.tokens {
				if t.word {
					words++
				}
			}
			if changed := len(del) + len(ins); words <= 2 && changed > 2 && i+1 < len(steps) && following(steps[i+1:]) > 2 {
				del, ins = append(del, s.tokens...), append(ins, s.tokens...)
				continue
			}
			flush()
			out = append(out, s)
		}
	}
	flush()
	return out
}

// following is how many tokens change before the next that stay.
func following(steps []step) int {
	n := 0
	for _, s := range steps {
		if s.op == Same {
			break
		}
		n += len(s.tokens)
	}
	return n
}

// maxEdits bounds the work on two texts that have little in common; beyond, they
// are taken to have nothing in common.
const maxEdits = 1500

// matches pairs what two sequences have in common, in order: the longest common
// subsequence (E. Myers, An O(ND) Difference Algorithm and Its Variations, 1986).
func matches(a, b []string) [][2]int {
	var out [][2]int
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		out = append(out, [2]int{from, from})
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	for _, m := range myers(a[from:endA], b[from:endB]) {
		out = append(out, [2]int{from + m[0], from + m[1]})
	}
	for i := range len(a) - endA {
		out = append(out, [2]int{endA + i, endB + i})
	}
	return out
}

// myers follows the furthest paths with d edits for growing d. reach[d][k+d] is
// how far into a the one on diagonal k gets.
func myers(a, b []string) [][2]int {
	var reach [][]int
	for d := 0; d <= min(len(a)+len(b), maxEdits); d++ {
		row := make([]int, 2*d+1)
		reach = append(reach, row)
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				x, _ = before(reach[d-1], d, k)
			}
			for y := x - k; x < len(a) && y < len(b) && a[x] == b[y]; y++ {
				x++
			}
			row[k+d] = x
			if x >= len(a) && x-k >= len(b) {
				return back(reach, len(a), len(b))
			}
		}
	}
	return nil
}

// before is where the path on diagonal k starts with its d-th edit, and the
// diagonal it comes from: one word put in (k+1), or one left out (k-1).
func before(last []int, d, k int) (x, from int) {
	if k == -d || k != d && last[k-1+d-1] < last[k+1+d-1] {
		return last[k+1+d-1], k + 1
	}
	return last[k-1+d-1] + 1, k - 1
}

// back walks from the end to the beginning and notes what is the same.
func back(reach [][]int, x, y int) [][2]int {
	var out [][2]int
	for d := len(reach) - 1; d >= 0; d-- {
		start, from := 0, 0
		if d > 0 {
			start, from = before(reach[d-1], d, x-y)
		}
		for k := x - y; x > start && x-k > 0; {
			x, y = x-1, y-1
			out = append(out, [2]int{x, y})
		}
		if d > 0 {
			x = reach[d-1][from+d-1]
			y = x - from
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}
