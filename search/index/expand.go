package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/search/analyze"
)

// maxPrefixForms bounds the forms that one prefix stands for.
const maxPrefixForms = 400

// expander turns the tokens of a query into concepts.
type expander struct {
	analyzer *analyze.Analyzer
	lexicon  *lexicon
}

// concepts returns a concept for each word but stop words, and what the query
// should perhaps have been ("" if it is fine).
func (e *expander) concepts(text string, open bool) (concepts []*concept, suggestion string) {
	tokens := e.analyzer.Tokens(text)
	words := slices.DeleteFunc(slices.Clone(tokens), func(t analyze.Token) bool { return t.Stop })
	words = words[:min(len(words), maxConcepts)]
	corrected, end := strings.Builder{}, 0
	seen := map[string]*concept{}
	for i, t := range words {
		c := &concept{}
		last := open && i == len(words)-1 && t.End == len(text)
		better := e.layers(c, t, last, len(words) == 1)
		if better != "" {
			corrected.WriteString(text[end:t.Start] + e.lexicon.shown(better, text[t.Start:t.End]))
			end = t.End
		}
		e.join(c, words, i)
		if seen[t.Form] == nil {
			seen[t.Form] = c
			concepts = append(concepts, c)
		}
	}
	e.shareSynonyms(tokens, seen)
	if end > 0 {
		suggestion = corrected.String() + text[end:]
	}
	for _, c := range concepts {
		c.sortLayers()
	}
	return concepts, suggestion
}

// sortLayers puts the best first, as scoring needs them.
func (c *concept) sortLayers() {
	slices.SortStableFunc(c.layers, func(a, b layer) int { return cmp.Compare(b.weight, a.weight) })
}

func (c *concept) add(weight float64, terms ...string) {
	if len(terms) > 0 {
		c.layers = append(c.layers, layer{weight: weight, terms: terms})
	}
}

// layers fills a concept from one word. It returns a correction if the site
// does not know the word.
func (e *expander) layers(c *concept, t analyze.Token, last, only bool) (better string) {
	word := e.lexicon.vocab.Lookup(t.Form)
	docs := e.lexicon.docs(word.Stem)
	e.known(c, word, 1)
	if i := slices.IndexFunc(t.Also, func(s string) bool { return strings.HasPrefix(s, "§") }); i >= 0 {
		c.layers[0].terms[0] = t.Also[i]
		c.add(weightDerived, t.Form)
	}
	isNumber := t.Form[0] >= '0' && t.Form[0] <= '9'
	if last && len(t.Form) >= 2 && !isNumber {
		switch prefixed := e.lexicon.withPrefix(t.Form, maxPrefixForms); {
		case docs <= 2:
			c.add(weightPrefix, prefixed...)
			if len(prefixed) > 0 {
				return ""
			}
		case only:
			c.add(weightContinue, prefixed...)
		}
	}
	if docs > 0 || isNumber {
		return ""
	}
	return e.correct(c, word)
}

// known adds the layers of a word that is taken as it is, weakened by scale.
func (e *expander) known(c *concept, w analyze.Word, scale float64) {
	forms := e.lexicon.forms(w.Stem)
	c.add(scale*weightExact, w.Form)
	c.add(scale*weightStem, slices.DeleteFunc(forms, func(f string) bool { return f == w.Form })...)
	c.add(scale*weightDerived, e.lexicon.derived(w.Stem)...)
	c.add(scale*weightPart, analyze.PartPrefix+w.Stem)
	if twin, ok := e.lexicon.twins[w.Stem]; ok {
		c.add(scale*weightUmlaut, e.lexicon.forms(twin)...)
	}
	if len(w.Parts) == 0 && e.lexicon.vocab.Docs(w.Form) == 0 && len(forms) > 0 {
		w.Parts = e.lexicon.vocab.Lookup(forms[0]).Parts // typed without umlauts, or another ending
	}
	e.addMembers(c, w, scale)
}

// addMembers gives a compound its members as concepts of their own.
func (e *expander) addMembers(c *concept, w analyze.Word, scale float64) {
	for _, p := range w.Parts {
		if p.Level == 1 {
			m := &concept{}
			m.add(scale*weightExact, e.lexicon.forms(p.Stem)...)
			m.add(scale*weightDerived, e.lexicon.derived(p.Stem)...)
			m.add(scale*weightStem, analyze.PartPrefix+p.Stem)
			m.sortLayers()
			c.members = append(c.members, m)
		}
	}
	if len(c.members) > 1 {
		c.layers = append(c.layers, layer{weight: scale * weightWindow, window: true})
	} else {
		c.members = nil
	}
}

// correct adds what a word unknown to the site may have been meant to be, and
// returns the likeliest.
func (e *expander) correct(c *concept, w analyze.Word) string {
	explained := len(w.Parts) > 0 || len(e.lexicon.derived(w.Stem)) > 0
	forms := e.lexicon.similar(w.Form, explained)
	switch {
	case len(forms) == 0 && explained:
		return ""
	case len(forms) == 0:
		return e.correctMember(c, w.Form)
	}
	all := forms
	for _, f := range forms {
		for _, other := range e.lexicon.forms(e.lexicon.vocab.Lookup(f).Stem) {
			if !slices.Contains(all, other) {
				all = append(slices.Clip(all), other)
			}
		}
	}
	c.add(weightTypo, all...)
	best := e.lexicon.vocab.Lookup(forms[0])
	c.add(weightTypo*weightPart, analyze.PartPrefix+best.Stem)
	if len(c.members) == 0 {
		e.addMembers(c, best, weightTypo)
	}
	return best.Form
}

// correctMember looks for a compound with a typo in one of two members.
func (e *expander) correctMember(c *concept, form string) string {
	for i := 4; i+4 <= len(form); i++ {
		left, right := form[:i], form[i:]
		if e.lexicon.vocab.Docs(left) >= 3 {
			for _, f := range e.lexicon.similar(right, false) {
				return e.compound(c, left, f)
			}
		}
		if e.lexicon.vocab.Docs(right) >= 3 {
			for _, f := range e.lexicon.similar(left, false) {
				return e.compound(c, f, right)
			}
		}
	}
	return ""
}

// compound makes a concept of two members that the site knows.
func (e *expander) compound(c *concept, left, right string) string {
	w := analyze.Word{Form: left + right}
	for _, m := range [...]string{left, right} {
		w.Parts = append(w.Parts, analyze.Part{Stem: e.lexicon.vocab.Lookup(m).Stem, Level: 1})
	}
	e.addMembers(c, w, weightTypo)
	return w.Form
}

// join adds the words that a word of the query makes with its neighbours, at
// most three: "Bundes Haushalts Ordnung", "Dual Use", "Arzneimittel Preise
// Verordnung".
func (e *expander) join(c *concept, words []analyze.Token, i int) {
	var forms []string
	for from := max(0, i-2); from <= i; from++ {
		joined := []string{""}
		for to := from; to < len(words) && to <= from+2; to++ {
			if to > from && words[to].Pos != words[to-1].Pos+1 {
				break
			}
			if to > from && to >= i {
				for _, start := range joined {
					forms = append(forms, e.lexicon.likeWord(start+words[to].Form)...)
				}
			}
			joined = linked(joined, words[to])
		}
	}
	slices.Sort(forms)
	c.add(weightJoined, slices.Compact(forms)...)
}

// linked continues each of the starts with a word as it would stand inside a
// compound.
func linked(starts []string, t analyze.Token) (all []string) {
	bodies := []string{t.Form}
	if strings.HasPrefix(t.Form, t.Stem) && t.Stem != t.Form {
		bodies = append(bodies, t.Stem)
	}
	for _, start := range starts {
		for _, body := range bodies {
			for _, link := range [...]string{"", "s", "n", "en", "es", "e"} {
				all = append(all, start+body+link)
			}
		}
	}
	return all
}

// shareSynonyms gives the term of a group of synonyms to every word of the
// member that the query names.
func (e *expander) shareSynonyms(tokens []analyze.Token, concepts map[string]*concept) {
	for i, t := range tokens {
		for _, term := range t.Also {
			if !strings.HasPrefix(term, analyze.SynonymPrefix) {
				continue
			}
			for _, covered := range tokens[i:min(len(tokens), i+max(1, t.Covers))] {
				if c := concepts[covered.Form]; c != nil {
					c.add(weightSynonym, term)
				}
			}
		}
	}
}

// shown returns how a form is written, with a capital if typed has one.
func (l *lexicon) shown(form, typed string) string {
	shown := cmp.Or(l.vocab.Lookup(form).Shown, form)
	first, _ := utf8.DecodeRuneInString(typed)
	if r, size := utf8.DecodeRuneInString(shown); unicode.IsUpper(first) {
		return string(unicode.ToUpper(r)) + shown[size:]
	}
	return shown
}
