package diag

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest returns up to n of the candidates that look like word, best first:
// those within a third of its length by optimal string alignment distance
// (Damerau's transpositions count one), and those that start with it.
func Nearest(word string, candidates []string, n int) []string {
	type scored struct {
		s string
		d int
	}
	w := strings.ToLower(word)
	limit := max(2, len([]rune(w))/3)
	var found []scored
	for _, c := range candidates {
		lc := strings.ToLower(c)
		d := distance(w, lc)
		if len(w) >= 3 && strings.HasPrefix(lc, w) {
			d = min(d, 1)
		}
		if d <= limit && d < len([]rune(lc)) {
			found = append(found, scored{c, d})
		}
	}
	slices.SortFunc(found, func(a, b scored) int { return cmp.Or(a.d-b.d, cmp.Compare(a.s, b.s)) })
	found = slices.Compact(found)
	out := make([]string, 0, n)
	for _, f := range found[:min(n, len(found))] {
		out = append(out, f.s)
	}
	return out
}

// DidYouMean is the German hint for the nearest candidates: „Meinten Sie
// „x“ oder „y“?“, or the list of what is allowed when nothing is near and the
// list is short, or "".
func DidYouMean(word string, candidates []string) string {
	near := Nearest(word, candidates, 3)
	if len(near) > 0 {
		return "Meinten Sie " + QuoteList(near, "oder") + "?"
	}
	switch n := len(candidates); {
	case n == 1:
		return "Möglich ist: " + QuoteList(candidates, "") + "."
	case n > 1 && n <= 12:
		return "Möglich sind: " + QuoteList(candidates, "und") + "."
	}
	return ""
}

// QuoteList writes „a“, „b“ <last> „c“.
func QuoteList(words []string, last string) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = "„" + w + "“"
	}
	if len(q) < 2 {
		return strings.Join(q, "")
	}
	return strings.Join(q[:len(q)-1], ", ") + " " + last + " " + q[len(q)-1]
}

// Misspelt reports whether word is other but for case or one slip: a letter
// too many, too few, wrong, or two swapped.
func Misspelt(word, other string) bool {
	return distance(strings.ToLower(word), strings.ToLower(other)) <= 1
}

func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	prev2 := make([]int, len(t)+1)
	prev := make([]int, len(t)+1)
	cur := make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		cur[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(t)]
}
