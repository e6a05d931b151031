package analyze

import "github.com/blevesearch/bleve/v2/analysis"

// Prefixes of terms in an index, where terms of all kinds share one field.
// No form begins with either.
const (
	PartPrefix    = "+" // +haus: a part of some compound
	SynonymPrefix = "~" // ~3: a member of the third group of synonyms
)

// Bleve returns a as an analyzer that a bleve mapping can use: forms,
// also-terms and parts (with PartPrefix) of a word at one position.
func (a *Analyzer) Bleve() analysis.Analyzer { return bleveAnalyzer{a} }

type bleveAnalyzer struct{ *Analyzer }

func (b bleveAnalyzer) Analyze(text []byte) analysis.TokenStream {
	var stream analysis.TokenStream
	for _, t := range b.Tokens(string(text)) {
		if t.Stop {
			continue
		}
		for _, term := range t.Terms() {
			stream = append(stream, &analysis.Token{
				Start: t.Start, End: t.End, Term: []byte(term), Position: t.Pos,
				Type: analysis.AlphaNumeric, KeyWord: true,
			})
		}
	}
	return stream
}

// Terms returns the index terms of a token: its form, its also-terms, and its
// parts with PartPrefix. A stop word has none.
func (t *Token) Terms() []string {
	if t.Stop {
		return nil
	}
	terms := make([]string, 0, 1+len(t.Also)+len(t.Parts))
	terms = append(append(terms, t.Form), t.Also...)
	for _, p := range t.Parts {
		terms = append(terms, PartPrefix+p.Stem)
	}
	return terms
}
