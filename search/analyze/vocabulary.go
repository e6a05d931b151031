package analyze

import (
	"encoding/binary"
	"iter"
	"runtime"
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
// parts. It does not change. What it knows of a word stands in columns and
// without pointers: half a million words are no burden to the collector.
type Vocabulary struct {
	forms    table // sorted: the number of a form is its place
	docs     []int32
	marks    []uint8
	shown    []uint32 // where in texts it begins, length first; 0 if like the form
	texts    []byte
	stem     []int32 // its number in stems
	partEnds []uint32
	parts    []PartCode

	stems  table           // of words first, then of members that no text has
	common []int32         // documents, added up over the forms of a stem
	extra  map[string]bool // members of compounds whatever their number
	minDF  int             // documents that attest a member
	*lexicon
}

// Marks of a word.
const (
	markNoun = 1 << iota
	markGlued
	markJoined
)

// PartCode is a part of a word: the number of its stem and its level.
type PartCode uint32

func partCode(stem int32, level int) PartCode { return PartCode(stem<<2 | int32(level)) }

// Stem returns the number of the part's stem.
func (p PartCode) Stem() int { return int(p >> 2) }

// Level returns its level: see Part.
func (p PartCode) Level() int { return int(p & 3) }

// Vocabulary closes the count and works out stems and parts. extra are words
// that are known whatever their number: glossary terms, names of the
// taxonomies. A phrase counts as its words.
func (c *Counter) Vocabulary(extra []string) *Vocabulary {
	order := c.sorted()
	c.places = make([]int32, c.Len())
	for n := range c.places {
		c.places[n] = -1
	}
	v := newVocabulary(len(order), c.docs, extra)
	for i, n := range order {
		c.places[n] = int32(i)
		have := &c.counts[n]
		w := Word{Form: view(c.forms.at(int(n))), Noun: have.written && !have.small, Joined: have.joined, Glued: !have.written, Docs: int(have.docs)}
		if int(n) < len(c.shown) {
			w.Shown = c.shown[n]
		}
		v.add(&w)
	}
	v.setStems()
	v.lexicon = newLexicon(v)
	v.setParts()
	return v
}

// RestoreVocabulary makes a vocabulary of n words of another, sorted by form,
// with the same number of documents and the same extra words.
func RestoreVocabulary(n int, words iter.Seq[Word], docs int, extra []string) *Vocabulary {
	v := newVocabulary(n, docs, extra)
	type part struct {
		stem  string
		level int
	}
	var parts []part
	for w := range words {
		v.add(&w)
		v.addStem(w.Stem, w.Docs)
		for _, p := range w.Parts {
			parts = append(parts, part{p.Stem, p.Level})
		}
		v.partEnds = append(v.partEnds, uint32(len(parts)))
	}
	for _, p := range parts { // when all stems of words have their numbers
		v.parts = append(v.parts, partCode(v.stemNumber(p.stem), p.level))
	}
	v.lexicon = newLexicon(v)
	return v
}

func newVocabulary(n, docs int, extra []string) *Vocabulary {
	v := &Vocabulary{
		docs: make([]int32, 0, n), marks: make([]uint8, 0, n), shown: make([]uint32, 0, n), texts: []byte{0},
		stem: make([]int32, 0, n), partEnds: make([]uint32, 0, n), extra: map[string]bool{}, minDF: 3,
	}
	v.forms.reserve(n)
	if docs < 300 {
		v.minDF = 2
	}
	for _, phrase := range extra {
		scan(phrase, func(_ span, form []byte, _ string) { v.extra[string(form)] = true })
	}
	return v
}

// add appends a word, but for its stem and parts.
func (v *Vocabulary) add(w *Word) {
	v.forms.add(hashOf(w.Form), w.Form)
	marks := uint8(0)
	for i, set := range [...]bool{w.Noun, w.Glued, w.Joined} {
		if set {
			marks |= 1 << i
		}
	}
	shown := uint32(0)
	if w.Shown != "" {
		shown = uint32(len(v.texts))
		v.texts = binary.AppendUvarint(v.texts, uint64(len(w.Shown)))
		v.texts = append(v.texts, w.Shown...)
	}
	v.docs, v.marks, v.shown = append(v.docs, int32(w.Docs)), append(v.marks, marks), append(v.shown, shown)
}

// addStem appends the stem of the next word.
func (v *Vocabulary) addStem(stem string, docs int) {
	n := v.stemNumber(stem)
	for len(v.common) <= int(n) {
		v.common = append(v.common, 0)
	}
	v.stem = append(v.stem, n)
	v.common[n] += int32(docs)
}

// stemNumber returns the number of a stem, a new one if need be.
func (v *Vocabulary) stemNumber(stem string) int32 {
	n, _ := v.stems.add(hashOf(stem), stem)
	return int32(n)
}

// Len returns the number of words. Each has a place, from 0, in the order of
// their forms.
func (v *Vocabulary) Len() int { return len(v.docs) }

// Find returns the place of a form, -1 if it has none.
func (v *Vocabulary) Find(form string) int { return v.forms.find(hashOf(form), form) }

// Form returns the form of a word.
func (v *Vocabulary) Form(place int) string { return view(v.forms.at(place)) }

// Docs returns in how many documents a word occurs.
func (v *Vocabulary) Docs(place int) int { return int(v.docs[place]) }

// Parts returns the parts of a word.
func (v *Vocabulary) Parts(place int) []PartCode {
	from := uint32(0)
	if place > 0 {
		from = v.partEnds[place-1]
	}
	return v.parts[from:v.partEnds[place]]
}

// Word returns all that is known of a word.
func (v *Vocabulary) Word(place int) Word {
	w := v.Brief(place)
	if codes := v.Parts(place); len(codes) > 0 {
		w.Parts = make([]Part, len(codes))
		for i, p := range codes {
			w.Parts[i] = Part{v.Stem(p.Stem()), p.Level()}
		}
	}
	return w
}

// Brief returns a word without its parts.
func (v *Vocabulary) Brief(place int) Word {
	marks := v.marks[place]
	w := Word{
		Form: v.Form(place), Docs: v.Docs(place), Stem: v.Stem(v.StemNumber(place)),
		Noun: marks&markNoun != 0, Glued: marks&markGlued != 0, Joined: marks&markJoined != 0,
	}
	if at := v.shown[place]; at > 0 {
		n, size := binary.Uvarint(v.texts[at:])
		w.Shown = view(v.texts[int(at)+size:][:n])
	}
	return w
}

// Words returns all words, sorted by form.
func (v *Vocabulary) Words() iter.Seq[Word] {
	return func(yield func(Word) bool) {
		for i := range v.Len() {
			if !yield(v.Word(i)) {
				return
			}
		}
	}
}

// Stems returns how many stems have a number: those of words, from 0, and
// those of words that can be members of compounds although no text has them.
func (v *Vocabulary) Stems() int { return v.stems.len() }

// Stem returns the stem with a number.
func (v *Vocabulary) Stem(number int) string { return view(v.stems.at(number)) }

// StemNumber returns the number of a word's stem.
func (v *Vocabulary) StemNumber(place int) int { return int(v.stem[place]) }

// FindStem returns the number of a stem, -1 if it has none.
func (v *Vocabulary) FindStem(stem string) int { return v.stems.find(hashOf(stem), stem) }

// Member reports whether a form can be a member of compounds, and how common
// it is as one: the documents of all forms that share its stem.
func (v *Vocabulary) Member(form string) (docs int, ok bool) {
	place := v.Find(form)
	if !v.mayBeMember(form, place) {
		return 0, false
	}
	return max(v.commonness(form, place), v.minDF), true
}

// MinDocs is how many documents attest a member of compounds.
func (v *Vocabulary) MinDocs() int { return v.minDF }

// Known returns the forms that can be members of compounds although no text
// of the site has them, sorted. They must not be changed.
func (v *Vocabulary) Known() []string { return v.known }

// Lookup returns what is known of a form. For one that the vocabulary does not
// have, stem and parts are worked out and Docs is 0.
func (v *Vocabulary) Lookup(form string) Word {
	if i := v.Find(form); i >= 0 {
		return v.Word(i)
	}
	w := Word{Form: form, Stem: v.stemOf(form)}
	for _, p := range v.appendParts(nil, v.split(nil, form, -1), v.splitMember) {
		w.Parts = append(w.Parts, Part{v.Stem(p.Stem()), p.Level()})
	}
	return w
}

// stemOf returns the stem of a form that the vocabulary need not have.
func (v *Vocabulary) stemOf(form string) string {
	stem := strip(form)
	if i := v.Find(stem); i >= 0 && v.Stem(v.StemNumber(i)) == stem {
		return stem // with its umlaut: see setStems
	}
	return Bare(stem)
}

// mayBeMember tells whether a form can be a member of compounds; place is its
// place, or -1.
func (v *Vocabulary) mayBeMember(form string, place int) bool {
	if len(form) < 4 && !shortMembers[form] {
		return false
	}
	attested := place >= 0 && v.Docs(place) >= v.minDF
	return (attested || v.extra[form] || members[form]) && !IsStop(form) && !notMembers[form]
}

// commonness adds up the documents of all forms that share form's stem; place is
// its place, or -1.
func (v *Vocabulary) commonness(form string, place int) int {
	var n int
	if place >= 0 {
		n = v.StemNumber(place)
	} else {
		n = v.FindStem(v.stemOf(form))
	}
	if n < 0 || n >= len(v.common) {
		return 0
	}
	return int(v.common[n])
}

// setStems gives every form its stem. Forms whose stems differ by an umlaut
// only are one word (Haus, Häuser) unless both stems are attested without any
// ending, as Forderung and Förderung are: then the one with the umlaut keeps
// it. Nouns in -el make their plural so (Mangel, Mängel) and stay together.
func (v *Vocabulary) setStems() {
	apart := map[string]bool{}
	for i := range v.Len() {
		if v.Docs(i) < 2 {
			continue
		}
		form := v.Form(i)
		bare := Bare(form)
		if bare != form && strip(form) == form && strip(bare) == bare && !strings.HasSuffix(form, "el") {
			if other := v.Find(bare); other >= 0 && v.Docs(other) >= 2 {
				apart[form] = true
			}
		}
	}
	stems := make([]string, v.Len())
	parallel(v.Len(), func(_, from, to int) {
		for i := from; i < to; i++ {
			stem := strip(v.Form(i))
			if bare := Bare(stem); bare != stem && !apart[stem] {
				stem = bare
			}
			stems[i] = stem
		}
	})
	v.stems.reserve(v.Len() * 3 / 4)
	for i, stem := range stems {
		v.addStem(stem, v.Docs(i))
	}
}

// rows are lists of numbers, stretch by stretch of parallel.
type rows[T any] struct {
	all  []T
	ends []uint32
}

func (r *rows[T]) end() { r.ends = append(r.ends, uint32(len(r.all))) }

func (r *rows[T]) row(i int) []T {
	from := uint32(0)
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.all[from:r.ends[i]]
}

// setParts splits every form, and then the members.
func (v *Vocabulary) setParts() {
	split := make([]rows[int32], v.Len()/stretch+1)
	parallel(v.Len(), func(n, from, to int) {
		for i := from; i < to; i++ {
			split[n].all = v.split(split[n].all, v.Form(i), i)
			split[n].end()
		}
	})
	of := func(m int32) []int32 {
		if i := int(v.members[m].word); i >= 0 {
			return split[i/stretch].row(i % stretch)
		}
		return v.splitMember(m)
	}
	parts := make([]rows[PartCode], len(split))
	parallel(v.Len(), func(n, from, to int) {
		for i := range to - from {
			parts[n].all = v.appendParts(parts[n].all, split[n].row(i), of)
			parts[n].end()
		}
	})
	for _, p := range parts {
		before := uint32(len(v.parts))
		v.parts = append(v.parts, p.all...)
		for _, end := range p.ends {
			v.partEnds = append(v.partEnds, before+end)
		}
	}
}

const stretch = 4096 // words of one turn of parallel

// parallel calls do for the stretches of 0 … n-1, on all cores.
func parallel(n int, do func(number, from, to int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/stretch+1) {
		wg.Go(func() {
			for i := range next {
				do(i, i*stretch, min((i+1)*stretch, n))
			}
		})
	}
	for i := range (n + stretch - 1) / stretch {
		next <- i
	}
	close(next)
	wg.Wait()
}
