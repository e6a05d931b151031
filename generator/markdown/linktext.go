package markdown

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// vague are texts of links that say nothing of where they lead. Who hears the
// links of a page one after the other hears nothing else.
var vague = wordSet(`hier|hier klicken|bitte hier klicken|klicken sie hier|klick hier|klicken|klick|hier weiterlesen|hierzu|dort|da|
mehr|mehr dazu|mehr dazu hier|mehr erfahren|mehr lesen|mehr infos|mehr informationen|weiterlesen|weiter|weitere informationen|
lesen sie mehr|lesen sie hier mehr|erfahren sie mehr|details|zum link|link|dieser link|diesem link|diesen link|website|webseite|
seite|diese seite|dieser seite|download|herunterladen|pdf|siehe hier|siehe|info|infos|
here|click here|click|more|read more|learn more|more information|this link|this page|page|details here`)

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.SplitSeq(s, "|") {
		out[strings.TrimSpace(word)] = true
	}
	return out
}

// fewWords is up to how many words beside an address do not make a sentence: in
// lists of sources, addresses stand for themselves.
const fewWords = 3

// linkText warns of a link whose text says nothing. around counts the words
// beside it.
func (p *page) linkText(text string, offset int, around func() int) {
	plain := strings.Trim(strings.ToLower(strings.Join(strings.Fields(text), " ")), " .,:;!?…›»→>()[]„“\"")
	switch {
	case vague[plain]:
		p.c.cfg.Diags.Warnf(p.pos(offset), "link-nichtssagend", "Verlinken Sie die Wörter, die das Ziel nennen, etwa: Der [Bericht zur Übung](bericht.pdf) nennt alle Zeiten.",
			"Der Linktext „%s“ sagt nicht, wohin der Link führt.", shorten(text))
	case !p.inNote && isLongAddress(plain) && around() >= fewWords:
		p.c.cfg.Diags.Warnf(p.pos(offset), "link-nichtssagend", "Schreiben Sie, was dort zu finden ist: [Bericht zur Übung]("+shorten(text)+").",
			"Eine Internetadresse mitten im Satz ist schwer zu lesen und vorzulesen.")
	}
}

// isLongAddress reports whether a text is an address with more than the name of
// a site, which can stand for whom it belongs to: www.thw.de.
func isLongAddress(text string) bool {
	rest, web := strings.CutPrefix(text, "www.")
	if !web {
		u, err := url.Parse(text)
		return err == nil && (u.Scheme == "https" || u.Scheme == "http") && (strings.Trim(u.Path, "/") != "" || u.RawQuery != "")
	}
	_, path, _ := strings.Cut(rest, "/")
	return path != "" && !strings.ContainsAny(text, " ")
}

// wordsBeside counts the words of a link's paragraph beside its own; none in
// a table, where a cell is no sentence.
func (p *page) wordsBeside(link ast.Node, text string) int {
	block := link.Parent()
	for block != nil && block.Type() == ast.TypeInline {
		block = block.Parent()
	}
	if block == nil || block.Kind() == east.KindTableCell {
		return 0
	}
	return countWords(p.plain(block)) - countWords(text)
}
