package analyze

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Word is a form of the vocabulary with what follows from it.
type Word struct {
	Form   string
	Shown  string // as it is written, in small letters; "" if like Form
	Noun   bool   // never written with a small first letter
	Glued  bool   // never written as one word: dualuse of Dual-Use
	Joined bool   // a piece of a hyphenated word
	Docs   int    // in how many documents it occurs
	Stem   string // see the package comment
	Parts  []Part // of a compound, nil otherwise
}

// Part is one member of a compound.
type Part struct {
	Stem  string
	Level int // 1: a member of the word itself; 2 and more: of a member
}

// Vocabulary holds every form of the site, how common it is, its stem and its
// parts. It does not change.
type Vocabulary struct {
	words   []Word  // sorted by form
	forms   *table  // may have more than words
	word    []int32 // by number in forms: its place in words, -1 for none
	stems   table
	stem    []int32         // by word: its number in stems
	common  []int32         // by number in stems: documents, added up over the forms
	extra   map[string]bool // members of compounds whatever their number
	minDF   int             // documents that attest a member
	lexicon func() *lexicon
}

// Vocabulary closes the count and works out stems and parts. extra are words
// that are known whatever their number: glossary terms, names of the
// taxonomies. A phrase counts as its words.
func (c *Counter) Vocabulary(extra []string) *Vocabulary {
	order := c.sorted()
	words, word := make([]Word, len(order)), make([]int32, c.Len())
	for n := range word {
		word[n] = -1
	}
	for i, n := range order {
		word[n] = int32(i)
		have := &c.counts[n]
		words[i] = Word{Form: view(c.forms.at(int(n))), Noun: have.written && !have.small, Joined: have.joined, Glued: !have.written, Docs: int(have.docs)}
	}
	for n, shown := range c.shown {
		if shown != "" {
			words[word[n]].Shown = shown
		}
	}
	c.shown = nil
	v := newVocabulary(words, &c.forms, word, c.docs, extra)
	v.setStems()
	v.countStems()
	v.setParts()
	return v
}

// RestoreVocabulary makes a vocabulary of the Words of another, which must be
// sorted by form, with the same number of documents and the same extra words.
func RestoreVocabulary(words []Word, docs int, extra []string) *Vocabulary {
	forms, word := &table{}, make([]int32, len(words))
	for i := range words {
		forms.add(hashOf(words[i].Form), words[i].Form)
		word[i] = int32(i)
	}
	v := newVocabulary(words, forms, word, docs, extra)
	v.countStems()
	return v
}

func newVocabulary(words []Word, forms *table, word []int32, docs int, extra []string) *Vocabulary {
	v := &Vocabulary{words: words, forms: forms, word: word, extra: map[string]bool{}, minDF: 3}
	if docs < 300 {
		v.minDF = 2
	}
	for _, phrase := range extra {
		scan(phrase, func(_ span, form []byte, _ string) { v.extra[string(form)] = true })
	}
	v.lexicon = sync.OnceValue(func() *lexicon { return newLexicon(v) })
	return v
}

// Find returns the place of a form in Words, -1 if it has none.
func (v *Vocabulary) Find(form string) int {
	if n := v.forms.find(hashOf(form), form); n >= 0 && n < len(v.word) {
		return int(v.word[n])
	}
	return -1
}

// Place returns the place in Words of the form that a Counter has given a
// number, -1 for what is no word.
func (v *Vocabulary) Place(number int) int {
	if number < len(v.word) {
		return int(v.word[number])
	}
	return -1
}

// Member reports whether a form can be a member of compounds, and how common
// it is as one: the documents of all forms that share its stem.
func (v *Vocabulary) Member(form string) (docs int, ok bool) {
	docs = v.member(form)
	return docs, docs > 0
}

// Members tells of each of Words whether it can be a member of compounds.
func (v *Vocabulary) Members() []bool {
	can := make([]bool, len(v.words))
	for _, m := range v.lexicon().members {
		if m.word >= 0 {
			can[m.word] = true
		}
	}
	return can
}

// Stems returns how many different stems words have; they are numbered from 0.
func (v *Vocabulary) Stems() int { return v.stems.len() }

// StemNumber returns the number of the stem of the i-th of Words.
func (v *Vocabulary) StemNumber(i int) int { return int(v.stem[i]) }

// FindStem returns the number of a stem, -1 if no word has it.
func (v *Vocabulary) FindStem(stem string) int { return v.stems.find(hashOf(stem), stem) }

// MinDocs is how many documents attest a member of compounds.
func (v *Vocabulary) MinDocs() int { return v.minDF }

// Known returns the forms that can be members of compounds although no text
// of the site has them, sorted.
func (v *Vocabulary) Known() []string {
	known := map[string]bool{}
	for _, set := range [...]map[string]bool{v.extra, members} {
		for form := range set {
			if v.Find(form) < 0 && v.member(form) > 0 {
				known[form] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// Words returns all words, sorted by form. They must not be changed.
func (v *Vocabulary) Words() []Word { return v.words }

// Docs returns in how many documents a form occurs.
func (v *Vocabulary) Docs(form string) int {
	if i := v.Find(form); i >= 0 {
		return v.words[i].Docs
	}
	return 0
}

// Lookup returns what is known of a form. For one that the vocabulary does not
// have, stem and parts are worked out and Docs is 0.
func (v *Vocabulary) Lookup(form string) Word {
	if i := v.Find(form); i >= 0 {
		return v.words[i]
	}
	l := v.lexicon()
	return Word{Form: form, Stem: v.stemOf(form), Parts: l.parts(nil, l.split(nil, form, -1), l.splitMember)}
}

// stemOf returns the stem of a form that the vocabulary need not have.
func (v *Vocabulary) stemOf(form string) string {
	stem := strip(form)
	if i := v.Find(stem); i >= 0 && v.words[i].Stem == stem {
		return stem // with its umlaut: see setStems
	}
	return Bare(stem)
}

// member returns how common a form is as a member of compounds, 0 if it
// cannot be one.
func (v *Vocabulary) member(form string) int {
	i := v.Find(form)
	docs := 0
	if i >= 0 {
		docs = v.words[i].Docs
	}
	if !v.mayBeMember(form, docs) {
		return 0
	}
	return max(v.commonness(form, i), v.minDF)
}

func (v *Vocabulary) mayBeMember(form string, docs int) bool {
	switch {
	case len(form) < 4 && !shortMembers[form], docs < v.minDF && !v.extra[form] && !members[form]:
		return false
	}
	return !IsStop(form) && !notMembers[form]
}

// commonness adds up the documents of all forms that share form's stem; i is
// its place in words, or -1.
func (v *Vocabulary) commonness(form string, i int) int {
	if i >= 0 {
		return int(v.common[v.stem[i]])
	}
	stem := v.stemOf(form)
	if n := v.stems.find(hashOf(stem), stem); n >= 0 {
		return int(v.common[n])
	}
	return 0
}

func (v *Vocabulary) countStems() {
	v.stem = make([]int32, len(v.words))
	for i := range v.words {
		n, isNew := v.stems.add(hashOf(v.words[i].Stem), v.words[i].Stem)
		if isNew {
			v.common = append(v.common, 0)
		}
		v.stem[i] = int32(n)
		v.common[n] += int32(v.words[i].Docs)
	}
}

// setStems gives every form its stem. Forms whose stems differ by an umlaut
// only are one word (Haus, Häuser) unless both stems are attested without any
// ending, as Forderung and Förderung are: then the one with the umlaut keeps
// it. Nouns in -el make their plural so (Mangel, Mängel) and stay together.
func (v *Vocabulary) setStems() {
	apart := map[string]bool{}
	for i := range v.words {
		w := &v.words[i]
		if w.Docs < 2 {
			continue
		}
		bare := Bare(w.Form)
		if bare != w.Form && strip(w.Form) == w.Form && strip(bare) == bare && !strings.HasSuffix(w.Form, "el") && v.Docs(bare) >= 2 {
			apart[w.Form] = true
		}
	}
	parallel(len(v.words), func(from, to int) {
		for i := from; i < to; i++ {
			stem := strip(v.words[i].Form)
			if bare := Bare(stem); bare != stem && !apart[stem] {
				stem = bare
			}
			v.words[i].Stem = stem
		}
	})
}

// setParts splits every form, and then the members.
func (v *Vocabulary) setParts() {
	l := v.lexicon()
	split := make([][]int32, len(v.words))
	parallel(len(split), func(from, to int) {
		var all []int32 // of many words: few pieces of memory
		for i := from; i < to; i++ {
			all = room(all, maxMembers)
			before := len(all)
			all = l.split(all, v.words[i].Form, i)
			split[i] = all[before:len(all):len(all)]
		}
	})
	of := func(m int32) []int32 {
		if i := l.members[m].word; i >= 0 {
			return split[i]
		}
		return l.splitMember(m)
	}
	parallel(len(split), func(from, to int) {
		var all []Part
		for i := from; i < to; i++ {
			if len(split[i]) > 0 {
				all = room(all, 4*maxMembers)
				before := len(all)
				all = l.parts(all, split[i], of)
				v.words[i].Parts = all[before:len(all):len(all)]
			}
		}
	})
}

// room returns s if there is room for n more in it, and a new slice otherwise:
// what was taken of s stays where it is.
func room[T any](s []T, n int) []T {
	if cap(s)-len(s) < n {
		return make([]T, 0, max(n, 1<<10))
	}
	return s
}

// parallel calls do for stretches of 0 … n-1, on all cores.
func parallel(n int, do func(from, to int)) {
	const stretch = 4096
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/stretch+1) {
		wg.Go(func() {
			for from := range next {
				do(from, min(from+stretch, n))
			}
		})
	}
	for from := 0; from < n; from += stretch {
		next <- from
	}
	close(next)
	wg.Wait()
}
