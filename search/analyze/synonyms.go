package analyze

import (
	"maps"
	"slices"
	"strconv"
)

// Synonyms are groups of words and phrases that mean the same, as a glossary
// has them: {"MANV", "Massenanfall von Verletzten"}. Every occurrence of any
// member also becomes the group's own term (~0, ~1, …), in texts and in
// queries, and so finds all others.
type Synonyms [][]string

// synonym is one member: its words but for stop words, and their distance.
type synonym struct {
	stems []string
	gaps  []int // position relative to the first word
	caps  bool  // an abbreviation so short that only capitals are one
	term  string
}

// compileSynonyms keys the members by the stem of their first word.
func (a *Analyzer) compileSynonyms(groups Synonyms) map[string][]synonym {
	if len(groups) == 0 {
		return nil
	}
	byFirst := map[string][]synonym{}
	for i, group := range groups {
		for _, phrase := range group {
			s := synonym{term: "~" + strconv.Itoa(i)}
			tokens := a.Tokens(phrase)
			for _, t := range tokens {
				if !t.Stop {
					s.stems = append(s.stems, t.Stem)
					s.gaps = append(s.gaps, t.Pos)
				}
			}
			if len(s.stems) == 0 {
				continue
			}
			for j := len(s.gaps) - 1; j >= 0; j-- {
				s.gaps[j] -= s.gaps[0]
			}
			s.caps = len(tokens) == 1 && tokens[0].Caps && len(tokens[0].Form) <= 3
			byFirst[s.stems[0]] = append(byFirst[s.stems[0]], s)
		}
	}
	return byFirst
}

// Synonym is a member of a group of synonyms, under its first word.
type Synonym struct {
	Rest []string // keys of its further words
	Gaps []int    // their distances from the first word
	Caps bool     // only capitals are one
	Term string   // of the group
}

// SynonymsOf returns the synonyms that begin with the word of a stem.
func (a *Analyzer) SynonymsOf(stem string) (all []Synonym) {
	for _, s := range a.synonyms[stem] {
		x := Synonym{Caps: s.caps, Term: s.term, Gaps: s.gaps[1:]}
		for _, stem := range s.stems[1:] {
			x.Rest = append(x.Rest, Bare(stem))
		}
		all = append(all, x)
	}
	return all
}

// SynonymStems returns the stems that synonyms begin with, sorted. The texts
// need not have them.
func (a *Analyzer) SynonymStems() []string { return slices.Sorted(maps.Keys(a.synonyms)) }

// AddSynonyms gives group terms to the tokens that begin a member. Stop words may
// be missing among them if positions count them.
func (a *Analyzer) AddSynonyms(tokens []Token) {
	for i := range tokens {
		for _, s := range a.synonyms[tokens[i].Stem] {
			if s.caps && !tokens[i].Caps {
				continue
			}
			if n := s.match(tokens[i:]); n > 0 {
				tokens[i].Also = append(slices.Clip(tokens[i].Also), s.term)
				tokens[i].Covers = max(tokens[i].Covers, n)
			}
		}
	}
}

// match returns how many of the tokens the member covers, stop words
// included, 0 if it does not stand here.
func (s *synonym) match(tokens []Token) int {
	k := 0
	for i, t := range tokens {
		if t.Stop {
			continue
		}
		if t.Stem != s.stems[k] || t.Pos-tokens[0].Pos != s.gaps[k] {
			return 0
		}
		if k++; k == len(s.stems) {
			return i + 1
		}
	}
	return 0
}
