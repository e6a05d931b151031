package markdown

import (
	"fmt"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// code writes a block of code, highlighted if its language is known.
func (p *page) code(language string, src []byte) {
	src = clean(src)
	p.write(`<pre class="code" tabindex="0" role="region"`)
	before, after := p.around("md.code", -1)
	p.attr("aria-label", before, itoa(p.scope.next("code")), after)
	p.write("><code>")
	if !p.highlight(language, src) {
		p.out = appendEscaped(p.out, src)
	}
	p.write("</code></pre>\n")
	p.text = append(p.text, src...)
	p.newline()
}

// codeLimit keeps a huge block from costing seconds.
const codeLimit = 200_000

func (p *page) highlight(language string, src []byte) bool {
	if language == "" || language == "text" || len(src) > codeLimit {
		return false
	}
	lexer := lexers.Get(language)
	if lexer == nil {
		return false
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, string(src))
	if err != nil {
		return false
	}
	for t := range tokens.Stdlib() {
		class := tokenClass(t.Type)
		if class == "" || strings.TrimSpace(t.Value) == "" {
			p.out = appendEscaped(p.out, t.Value)
			continue
		}
		p.write(`<span class="hl-`, class, `">`)
		p.out = appendEscaped(p.out, t.Value)
		p.write("</span>")
	}
	return true
}

// tokenClass maps chroma's many kinds of tokens to the few that a reader tells
// apart by colour.
func tokenClass(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "comment"
	case t.InCategory(chroma.Keyword):
		return "keyword"
	case t.InSubCategory(chroma.LiteralString):
		return "string"
	case t.InSubCategory(chroma.LiteralNumber):
		return "number"
	case t == chroma.NameTag || t == chroma.NameAttribute:
		return "tag"
	case t == chroma.NameFunction || t == chroma.NameClass || t == chroma.NameBuiltin:
		return "name"
	case t == chroma.GenericInserted:
		return "inserted"
	case t == chroma.GenericDeleted:
		return "deleted"
	case t == chroma.GenericHeading || t == chroma.GenericSubheading:
		return "heading"
	}
	return ""
}

// codeColour is the colour of a class in light and in dark; each has a
// contrast of at least 4.5 to the ground, which a test holds.
type codeColour struct{ class, light, dark string }

const codeGround, codeGroundDark = "#f4f6f8", "#161b22"

func codeColours() []codeColour {
	return []codeColour{
		{"", "#1f2933", "#e1e7ee"},
		{"comment", "#57606a", "#9aa6b2"},
		{"keyword", "#a11d33", "#ff8f85"},
		{"string", "#0a5a37", "#8bd5a2"},
		{"number", "#0b4f9e", "#86bdff"},
		{"tag", "#0b4f9e", "#86bdff"},
		{"name", "#6639a6", "#d0b0ff"},
		{"inserted", "#0a5a37", "#8bd5a2"},
		{"deleted", "#a11d33", "#ff8f85"},
		{"heading", "#0b4f9e", "#86bdff"},
	}
}

// ChromaCSS is the style of highlighted code, light and dark.
func ChromaCSS() string {
	var light, dark strings.Builder
	for _, c := range codeColours() {
		if c.class == "" {
			fmt.Fprintf(&light, ".code{color:%s;background:%s}\n", c.light, codeGround)
			fmt.Fprintf(&dark, ".code{color:%s;background:%s}\n", c.dark, codeGroundDark)
			continue
		}
		fmt.Fprintf(&light, ".hl-%s{color:%s}\n", c.class, c.light)
		fmt.Fprintf(&dark, ".hl-%s{color:%s}\n", c.class, c.dark)
	}
	return light.String() + ".hl-comment{font-style:italic}\n@media (prefers-color-scheme:dark){\n" + dark.String() + "}\n"
}
