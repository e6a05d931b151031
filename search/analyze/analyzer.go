package analyze

import "slices"

// Token is one word of a text.
type Token struct {
	Start, End int // bytes in the text
	Pos        int // counts words, stop words too, from 1
	Form       string
	Stem       string
	Parts      []Part
	Also       []string // also-terms: see the package comment
	Covers     int      // tokens of the longest synonym that begins here
	Arabic     string   // of a Roman numeral: 11 for XI
	Stop       bool     // a stop word: never indexed
	Caps       bool     // written in capitals, two or more
}

// Analyzer finds the terms of texts. It is safe for concurrent use.
type Analyzer struct {
	vocab    *Vocabulary
	synonyms map[string][]synonym // by the stem of the first word
}

// New returns an analyzer over the vocabulary of a site. With an empty
// vocabulary (new(Counter).Vocabulary) words are stemmed by rule and only
// split into built-in members.
func New(v *Vocabulary, groups Synonyms) *Analyzer {
	a := &Analyzer{vocab: v}
	a.synonyms = a.compileSynonyms(groups)
	return a
}

// Tokens returns the words of text in order. Stop words are among them,
// marked, so that positions tell true distances.
func (a *Analyzer) Tokens(text string) []Token { return a.AppendTokens(nil, text) }

// AppendTokens is Tokens into a slice that is used again.
func (a *Analyzer) AppendTokens(tokens []Token, text string) []Token {
	first := len(tokens)
	scan(text, func(place span, form []byte, also string) {
		t := Token{Start: place.start, End: place.end, Pos: len(tokens) - first + 1}
		t.Caps = isCaps(text[t.Start:t.End])
		var w Word
		if i := a.vocab.Find(view(form)); i >= 0 {
			w = a.vocab.Word(i)
		} else {
			w = a.vocab.Lookup(string(form))
		}
		t.Form, t.Stem, t.Parts = w.Form, w.Stem, w.Parts
		t.Stop = !t.Caps && IsStop(t.Form)
		if also != "" && isDigit(also[0]) && !isDigit(t.Form[0]) {
			t.Arabic = also
		} else if also != "" {
			t.Also = []string{also}
			t.Parts = slices.Concat(t.Parts, a.alsoParts(also))
		}
		tokens = append(tokens, t)
	})
	if a.synonyms != nil {
		a.AddSynonyms(tokens[first:])
	}
	return tokens
}

// alsoParts returns the parts of a joined word that its pieces do not say by
// themselves.
func (a *Analyzer) alsoParts(also string) []Part {
	if i := a.vocab.Find(also); i >= 0 {
		return a.vocab.Word(i).Parts
	}
	return nil
}

// isCaps holds for BGB, MANV and EU, whose small forms may be stop words.
func isCaps(word string) bool {
	n := 0
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c >= 'a' && c <= 'z' || c >= 0x80:
			return false
		case c >= 'A' && c <= 'Z':
			n++
		}
	}
	return n >= 2
}
