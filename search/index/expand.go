package index

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/search/analyze"
)

// expand.go turns the words of a query into concepts. The browser's engine
// repeats it (search/client/expand.ts), reading records from shards where this
// reads the dictionary.

const (
	membersBelow = 40 // documents: a commoner compound does not need its members
	divideMost   = 4  // members of a word that the site does not have
	rarerThan    = 10 // times, and a word of few documents may be a typo itself
	derivedBelow = 3  // documents: commoner words do not need their derivations
	prefixBelow  = 2  // documents: rarer words may be the beginning of another
)

// expander turns the tokens of a query into concepts.
type expander struct {
	analyzer *analyze.Analyzer
	dict     *dictionary
	// prefix returns the merged postings of all words that begin like this.
	prefix func(prefix string) []posting
}

// concepts returns a concept for each word but stop words, and what the query
// should perhaps have been ("" if it is fine). text is the query's free words,
// each at its place in the query.
func (e *expander) concepts(query, text string, open bool) (concepts []*concept, suggestion string) {
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
			corrected.WriteString(query[end:t.Start] + e.dict.shown(better, text[t.Start:t.End]))
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
		suggestion = corrected.String() + query[end:]
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

// addPart adds the compounds that have a stem among their members; r is its
// record, if it has one.
func (c *concept) addPart(weight float64, stem string, r *record) {
	l := layer{weight: weight, terms: []string{analyze.PartPrefix + stem}}
	if r != nil && r.part {
		l.part = r
	}
	c.layers = append(c.layers, l)
}

// layers fills a concept from one word. It returns a correction if the site
// does not know the word.
func (e *expander) layers(c *concept, t analyze.Token, last, only bool) (better string) {
	r, twin := e.dict.lookup(t.Form)
	if i := slices.IndexFunc(t.Also, func(s string) bool { return strings.HasPrefix(s, "§") }); i >= 0 {
		c.add(weightExact, t.Also[i])
		c.add(weightDerived, t.Form)
		return ""
	}
	c.add(weightExact, t.Form)
	for _, also := range t.Also {
		if !strings.HasPrefix(also, analyze.SynonymPrefix) {
			c.add(weightJoined, also)
		}
	}
	if t.Arabic != "" {
		c.add(weightJoined, t.Arabic)
		c.layers[len(c.layers)-1].unmarked = true // a 5 for a V
	}
	docs := 0
	if r != nil {
		docs = int(r.docs)
		e.known(c, t.Form, r, twin, 1)
	}
	if docs <= derivedBelow {
		c.add(weightDerived, e.dict.formsOf(e.dict.derived(analyze.StemForm(t.Form)))...)
	}
	if isNumber := t.Form[0] >= '0' && t.Form[0] <= '9'; isNumber {
		return ""
	}
	if prefix := analyze.Bare(t.Form); last && len(prefix) >= prefixLeast && (docs <= prefixBelow || only) {
		merged := e.prefix(prefix)
		if len(merged) > 0 {
			weight := weightContinue
			if docs <= prefixBelow {
				weight = weightPrefix
			}
			c.layers = append(c.layers, layer{weight: weight, lists: [][]posting{merged}, prefix: prefix})
			if docs <= prefixBelow {
				return ""
			}
		}
	}
	if docs > prefixBelow || docs == 0 && r != nil && r.part {
		return "" // the site has the word, or compounds with it
	}
	if docs == 0 && (r == nil || r.split < 0) {
		e.addMembers(c, e.divide(t.Form, divideMost), 1)
	}
	return e.correct(c, t.Form, docs)
}

// known adds the layers of a word that the site has, weakened by scale.
func (e *expander) known(c *concept, form string, r, twin *record, scale float64) {
	c.add(scale*weightStem, slices.DeleteFunc(e.dict.forms(r), func(f string) bool { return f == form })...)
	c.addPart(scale*weightPart, r.stem, r)
	if twin != nil {
		c.add(scale*weightUmlaut, e.dict.forms(twin)...)
	}
	if r.docs < membersBelow {
		e.addMembers(c, e.dict.parts(r), scale)
	}
}

// addMembers gives a compound its members as concepts of their own.
func (e *expander) addMembers(c *concept, stems []string, scale float64) {
	if len(stems) < 2 {
		return
	}
	for _, stem := range stems {
		m := &concept{}
		r := e.dict.stem(stem)
		if r != nil {
			m.add(scale*weightExact, e.dict.forms(r)...)
			if r.docs <= derivedBelow {
				m.add(scale*weightDerived, e.dict.formsOf(e.dict.derived(r.key))...)
			}
		}
		m.addPart(scale*weightStem, stem, r)
		m.sortLayers()
		c.members = append(c.members, m)
	}
	c.layers = append(c.layers, layer{weight: scale * weightWindow, window: true})
}

// divide takes a word that the site does not have for a compound of words that
// it has, and returns their stems: two, or more if there is no other way. The
// splitter has done the same with every word that the site has.
func (e *expander) divide(form string, most int) []string {
	if len(form) < 7 || most < 2 || form[0] >= '0' && form[0] <= '9' {
		return nil
	}
	best, cost := []string(nil), math.Inf(1)
	longest, at := "", 0 // first member if there is no way in two
	for i := 3; i <= len(form)-3; i++ {
		right, docs := form[i:], 0
		for _, l := range analyze.Members(form[:i]) {
			n, ok := e.member(l.Form)
			if !ok {
				continue
			}
			if len(l.Form) > 3 && len(l.Form) > len(longest) {
				longest, at = l.Form, i
			}
			if docs == 0 {
				if docs, ok = e.member(right); !ok {
					continue
				}
			}
			if x := l.Cost + analyze.Rarity(n) + analyze.Rarity(docs) + short(l.Form) + short(right); x < cost {
				best, cost = []string{e.stemOf(l.Form), e.stemOf(right)}, x
			}
		}
	}
	if best == nil && longest != "" {
		if rest := e.divide(form[at:], most-1); rest != nil {
			best = append([]string{e.stemOf(longest)}, rest...)
		}
	}
	return best
}

// member tells whether a form can be a member of compounds, in whatever
// inflection the site has it, and how common it is.
func (e *expander) member(form string) (docs int, ok bool) {
	r, _ := e.dict.lookup(form)
	if r == nil {
		return 0, false
	}
	for _, f := range e.dict.forms(r) {
		if docs, ok = e.dict.vocab.Member(f); ok {
			return docs, true
		}
	}
	return 0, false
}

func (e *expander) stemOf(form string) string {
	if r, _ := e.dict.lookup(form); r != nil {
		return r.stem
	}
	return analyze.StemForm(form)
}

// short is what a member of three letters costs.
func short(form string) float64 {
	if len(form) < 4 {
		return analyze.CostShort
	}
	return 0
}

// correct adds what a word that is unknown, or in docs documents only, may have
// been meant to be, and returns the likeliest.
func (e *expander) correct(c *concept, form string, docs int) string {
	similar := e.dict.spell().similar(form, docs > 0 || len(c.members) > 0 || len(c.layers) > 1)
	similar = slices.DeleteFunc(similar, func(w spellWord) bool { return w.docs < rarerThan*docs })
	for i, w := range similar {
		r, _ := e.dict.lookup(w.form)
		c.add(weightTypo, e.dict.forms(r)...)
		c.addPart(weightTypo*weightPart, r.stem, r)
		if i == 0 && len(c.members) == 0 {
			e.addMembers(c, e.dict.parts(r), weightTypo)
		}
	}
	if len(similar) == 0 {
		return ""
	}
	r, _ := e.dict.lookup(similar[0].form)
	return nearest(e.dict.forms(r), form)
}

// nearest is the form that is spelled most like another.
func nearest(forms []string, form string) string {
	return slices.MinFunc(forms, func(a, b string) int {
		return cmp.Compare(distance(a, form, spellMost), distance(b, form, spellMost))
	})
}

// join adds the words that a word of the query makes with its neighbours, at
// most three: "Bundes Haushalts Ordnung", "Dual Use", "Arzneimittel Preise
// Verordnung".
func (e *expander) join(c *concept, words []analyze.Token, i int) {
	var found []string
	for from := max(0, i-2); from <= i; from++ {
		starts := []string{""}
		for to := from; to < len(words) && to <= from+2 && e.joins(words[to]); to++ {
			if to > from && words[to].Pos != words[to-1].Pos+1 {
				break
			}
			if to > from && to >= i {
				for _, start := range starts {
					if r, _ := e.dict.lookup(start + words[to].Form); r != nil {
						found = append(found, e.dict.forms(r)...)
					}
				}
			}
			starts = linked(starts, words[to].Form)
		}
	}
	slices.Sort(found)
	c.add(weightJoined, slices.Compact(found)...)
}

// joins holds for words that stand in compounds or beside hyphens.
func (e *expander) joins(t analyze.Token) bool {
	r, _ := e.dict.lookup(t.Form)
	return r != nil && r.joins
}

// linked continues each of the starts with a word as it would stand inside a
// compound.
func linked(starts []string, form string) (all []string) {
	bodies := []string{form}
	if stem := analyze.StemForm(form); strings.HasPrefix(form, stem) && stem != form {
		bodies = append(bodies, stem)
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

// shown returns how a form is written, with a capital if it is a noun or typed
// has one.
func (d *dictionary) shown(form, typed string) string {
	w := d.vocab.Lookup(form)
	shown := written(form, umlauts(form, w.Shown))
	first, _ := utf8.DecodeRuneInString(typed)
	if w.Noun || unicode.IsUpper(first) {
		return capital(shown)
	}
	return shown
}

// written is a form with the umlauts that a mask names, which is what browsers
// know of its spelling.
func written(form string, mask int) string {
	var b strings.Builder
	for i := 0; i < len(form); i++ {
		pair := isPair(form[i:])
		if pair && mask&1 == 1 {
			b.WriteString(map[byte]string{'a': "ä", 'o': "ö", 'u': "ü", 's': "ß"}[form[i]])
			i++
		} else {
			b.WriteByte(form[i])
		}
		if pair {
			mask >>= 1
		}
	}
	return b.String()
}

func capital(word string) string {
	r, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[size:]
}
