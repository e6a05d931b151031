// Package analyze turns German text into search terms. It is the only
// linguistics the portal has: the bleve index and the browser's shards are
// made from what it says; the browser repeats spelling, folding, the rule for
// stems and the stop words, held to the vectors in search/client/testdata.
//
// Terms:
//
//   - a form is a word as written, folded: lower case, ä→ae, ö→oe, ü→ue,
//     ß→ss, other accents dropped. "Häuser", "HAEUSER" and "ha\u0308user"
//     are one form.
//   - a bare form also loses the e of the umlaut, so that a reader who types
//     "Hauser" still gets there. Bare forms are only used inside stems.
//   - a stem is what inflected forms share: Haus, Hauses, Häuser → haus.
//     "Forderung" and "Förderung" would share one; where a vocabulary attests
//     both as words of their own, each keeps its own stem.
//   - a root is what derived words share (Versorgung, versorgen). It is
//     weaker evidence than a stem and is asked for by queries only.
//   - parts are the stems of a compound's members, on every level:
//     Krankenhauszukunftsgesetz → krankenhaus, krank, haus, zukunft, gesetz.
//   - also-terms stand beside the form as exactly: Dual-Use → dualuse,
//     § 21 → §21, 2021/821 → 2021/821, and ~3 for a group of synonyms.
//
// Flow: a Counter reads all texts and yields a Vocabulary; New works out stem
// and parts of every form in it, once; Analyzer.Tokens then only looks up.
// A form the vocabulary does not have (in a query) is worked out on the spot.
package analyze
