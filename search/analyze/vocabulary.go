package analyze

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Counter counts in how many documents each form occurs. It is not safe for
// concurrent use: give each worker its own and Merge them.
type Counter struct {
	forms map[string]*count
	docs  int
}

type count struct {
	docs    int
	lastDoc int    // the document that was counted last, from 1
	shown   string // see Word
	small   bool   // somewhere written with a small first letter
	joined  bool   // somewhere a piece of a hyphenated word
	written bool   // somewhere written as one word; dualuse may never be
}

// NewCounter returns an empty counter.
func NewCounter() *Counter { return &Counter{forms: map[string]*count{}} }

// AddDocument counts the texts of one document. It returns the length of each
// text in words, stop words left out.
func (c *Counter) AddDocument(texts ...string) (lengths []int) {
	c.docs++
	lengths = make([]int, len(texts))
	for i, text := range texts {
		rest := "" // of a hyphenated word whose pieces are being counted
		scan(text, func(place span, form []byte, also string) {
			word := text[place.start:place.end]
			n := c.add(form)
			n.write(word)
			if also != "" && !isDigit(also[0]) && also[0] < utf8.RuneSelf {
				c.add([]byte(also)) // dualuse is a word as well
				rest = also
			}
			if strings.HasPrefix(rest, string(form)) {
				n.joined = true
				rest = rest[len(form):]
			} else {
				rest = ""
			}
			if !stopWords[string(form)] || isCaps(word) {
				lengths[i]++
			}
		})
	}
	return lengths
}

func (c *Counter) add(form []byte) *count {
	n := c.forms[string(form)]
	if n == nil {
		n = &count{}
		c.forms[string(form)] = n
	}
	if n.lastDoc != c.docs {
		n.lastDoc = c.docs
		n.docs++
	}
	return n
}

// write remembers how a form is written if that is not the form itself. Of
// several ways the last in the alphabet is kept, so that it does not matter
// who counts what.
func (n *count) write(word string) {
	n.written = true
	if !n.small {
		first, _ := utf8.DecodeRuneInString(word)
		n.small = !unicode.IsUpper(first)
	}
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			n.shown = max(n.shown, visible(word))
			return
		}
	}
}

func visible(word string) string {
	return strings.Map(func(r rune) rune {
		if isIgnored(r) || r == utf8.RuneError {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}

// Merge adds what other has counted, of other documents.
func (c *Counter) Merge(other *Counter) {
	c.docs += other.docs
	for form, n := range other.forms {
		if have := c.forms[form]; have != nil {
			have.docs += n.docs
			have.shown = max(have.shown, n.shown)
			have.small = have.small || n.small
			have.joined = have.joined || n.joined
			have.written = have.written || n.written
		} else {
			c.forms[form] = &count{docs: n.docs, shown: n.shown, small: n.small, joined: n.joined, written: n.written}
		}
	}
}

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
	words  []Word // sorted by form
	byForm map[string]*Word
	common map[string]int  // documents of a stem, added up over its forms
	extra  map[string]bool // members of compounds whatever their number
	minDF  int             // documents that attest a member
}

// Vocabulary closes the count and works out stems and parts. extra are words
// that are known whatever their number: glossary terms, names of the
// taxonomies. A phrase counts as its words.
func (c *Counter) Vocabulary(extra []string) *Vocabulary {
	words := make([]Word, 0, len(c.forms))
	for _, form := range slices.Sorted(maps.Keys(c.forms)) {
		n := c.forms[form]
		words = append(words, Word{Form: form, Shown: n.shown, Noun: n.written && !n.small, Joined: n.joined, Glued: !n.written, Docs: n.docs})
	}
	v := RestoreVocabulary(words, c.docs, extra)
	v.setStems()
	v.countStems()
	v.setParts()
	return v
}

// RestoreVocabulary makes a vocabulary of the Words of another, which must be
// sorted by form, with the same number of documents and the same extra words.
func RestoreVocabulary(words []Word, docs int, extra []string) *Vocabulary {
	v := &Vocabulary{words: words, byForm: make(map[string]*Word, len(words)), extra: map[string]bool{}, minDF: 3}
	if docs < 300 {
		v.minDF = 2
	}
	for i := range words {
		v.byForm[words[i].Form] = &words[i]
	}
	for _, phrase := range extra {
		scan(phrase, func(_ span, form []byte, _ string) { v.extra[string(form)] = true })
	}
	v.countStems()
	return v
}

// Member reports whether a form can be a member of compounds, and how common
// it is as one: the documents of all forms that share its stem.
func (v *Vocabulary) Member(form string) (docs int, ok bool) {
	docs = v.member(form)
	return docs, docs > 0
}

// MinDocs is how many documents attest a member of compounds.
func (v *Vocabulary) MinDocs() int { return v.minDF }

// Known returns the forms that can be members of compounds although no text
// of the site has them, sorted.
func (v *Vocabulary) Known() []string {
	known := map[string]bool{}
	for _, set := range [...]map[string]bool{v.extra, members} {
		for form := range set {
			if v.byForm[form] == nil && v.member(form) > 0 {
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
	if w := v.byForm[form]; w != nil {
		return w.Docs
	}
	return 0
}

// Lookup returns what is known of a form. For one that the vocabulary does not
// have, stem and parts are worked out and Docs is 0.
func (v *Vocabulary) Lookup(form string) Word {
	if w := v.byForm[form]; w != nil {
		return *w
	}
	return Word{Form: form, Stem: v.stem(form), Parts: v.parts(NewSplitter(v).Split(form))}
}

// stem returns the stem of a form that the vocabulary need not have.
func (v *Vocabulary) stem(form string) string {
	stem := strip(form)
	if w := v.byForm[stem]; w != nil && w.Stem == stem {
		return stem // with its umlaut: see setStems
	}
	return Bare(stem)
}

// member returns how common a form is as a member of compounds, 0 if it
// cannot be one.
func (v *Vocabulary) member(form string) int {
	if len(form) < 4 && !shortMembers[form] {
		return 0
	}
	n := v.Docs(form)
	switch {
	case n < v.minDF && !v.extra[form] && !members[form], IsStop(form), notMembers[form]:
		return 0
	}
	return max(v.commonness(form), v.minDF)
}

// commonness adds up the documents of all forms that share form's stem.
func (v *Vocabulary) commonness(form string) int {
	if w := v.byForm[form]; w != nil {
		return v.common[w.Stem]
	}
	return v.common[v.stem(form)]
}

func (v *Vocabulary) countStems() {
	v.common = make(map[string]int, len(v.words))
	for i := range v.words {
		v.common[v.words[i].Stem] += v.words[i].Docs
	}
}

// setStems gives every form its stem. Forms whose stems differ by an umlaut
// only are one word (Haus, Häuser) unless both stems are attested without any
// ending, as Forderung and Förderung are: then the one with the umlaut keeps
// it. Nouns in -el make their plural so (Mangel, Mängel) and stay together.
func (v *Vocabulary) setStems() {
	apart := map[string]bool{}
	for i := range v.words {
		form := v.words[i].Form
		bare := Bare(form)
		if bare != form && strip(form) == form && strip(bare) == bare && !strings.HasSuffix(form, "el") &&
			v.Docs(form) >= 2 && v.Docs(bare) >= 2 {
			apart[form] = true
		}
	}
	for i := range v.words {
		stem := strip(v.words[i].Form)
		if !apart[stem] {
			stem = Bare(stem)
		}
		v.words[i].Stem = stem
	}
}

// setParts splits every form, on all cores.
func (v *Vocabulary) setParts() {
	split := make([][]string, len(v.words))
	splitter := NewSplitter(v)
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for n := range workers {
		wg.Go(func() {
			for i := n; i < len(split); i += workers {
				split[i] = splitter.Split(v.words[i].Form)
			}
		})
	}
	wg.Wait()
	for i, members := range split {
		v.words[i].Parts = v.parts(members)
	}
}

// parts returns the stems of members and of their own members.
func (v *Vocabulary) parts(members []string) []Part {
	var parts []Part
	splitter := NewSplitter(v)
	var add func(members []string, level int)
	add = func(members []string, level int) {
		for _, m := range members {
			stem := v.stem(m)
			if w := v.byForm[m]; w != nil {
				stem = w.Stem
			}
			if !slices.ContainsFunc(parts, func(p Part) bool { return p.Stem == stem }) {
				parts = append(parts, Part{stem, level})
			}
			if level < 3 {
				add(splitter.Split(m), level+1)
			}
		}
	}
	add(members, 1)
	return parts
}
