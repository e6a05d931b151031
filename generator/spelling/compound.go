package spelling

import (
	"context"
	"strings"
	"unicode/utf8"
)

const (
	shortest = 4 // letters of a part
	partsMax = 4
)

// links stand between the parts of a compound.
var links = []string{"s", "es", "n", "en", "er", "e"}

// needsS are endings after which a compound has an s: „Versorgungknoten“ is a
// mistake.
var needsS = []string{"ung", "heit", "keit", "schaft", "ion", "tät", "ling", "tum"}

// compounds takes off the words that divide fully into parts that are known.
// Parts are asked for in rounds, from left to right: only where a part ends
// another can begin.
func (c *check) compounds(ctx context.Context, dict *dictionary, open []found) ([]found, error) {
	words := map[string]*compound{}
	for _, f := range open {
		if words[f.s] == nil && utf8.RuneCountInString(f.s) >= 2*shortest {
			words[f.s] = &compound{runes: []rune(f.s), reached: map[int]bool{0: true}, next: []int{0}}
		}
	}
	for range partsMax {
		ask := map[string]bool{}
		for _, w := range words {
			w.parts(func(_, _ int, forms []string) {
				for _, s := range forms {
					ask[s] = true
				}
			})
		}
		if len(ask) == 0 {
			break
		}
		right, err := dict.right(ctx, ask)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			w.step(func(s string) bool { return right[s] || c.known.has(word{s: s}, true) })
		}
	}
	var rest []found
	for _, f := range open {
		if w := words[f.s]; w == nil || !w.done {
			rest = append(rest, f)
		}
	}
	return rest, nil
}

// compound is a word that is being divided.
type compound struct {
	runes   []rune
	reached map[int]bool // where a part may begin
	next    []int        // those that have not been tried
	done    bool
}

// parts calls f for every piece that begins at a new place, with the forms in
// which it may be known.
func (w *compound) parts(f func(from, to int, forms []string)) {
	if w.done {
		return
	}
	n := len(w.runes)
	for _, from := range w.next {
		for to := from + shortest; to <= n; to++ {
			if to < n && n-to < shortest || from == 0 && to == n {
				continue
			}
			s := string(w.runes[from:to])
			forms := []string{upperFirst(s), lowerFirst(s)}
			if to == n { // the last part says what kind of word it is
				forms = []string{upperFirst(s)}
				if lowerFirst(string(w.runes)) == string(w.runes) {
					forms = []string{lowerFirst(s)}
				}
			}
			f(from, to, forms)
		}
	}
}

// step goes on to where the known parts lead.
func (w *compound) step(right func(string) bool) {
	var next []int
	reach := func(to int) {
		if !w.reached[to] {
			w.reached[to] = true
			next = append(next, to)
		}
	}
	w.parts(func(_, to int, forms []string) {
		for _, s := range forms {
			switch {
			case !right(s):
				continue
			case to == len(w.runes):
				w.done = true
				return
			}
			rest := string(w.runes[to:])
			if !endsWith(s, needsS) {
				reach(to)
			}
			for _, l := range links {
				if after, ok := strings.CutPrefix(rest, l); ok && utf8.RuneCountInString(after) >= shortest {
					reach(to + len(l))
				}
			}
		}
	})
	w.next = next
}

func endsWith(s string, endings []string) bool {
	for _, e := range endings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}
