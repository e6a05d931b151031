package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// Claim is a figure that a text states as a fact: an amount, a share, a number
// of people or beds, or simply a large number.
type Claim struct {
	Figure   string   // „4,3 Milliarden Euro“
	Sentence string   // that states it, without marks
	Keys     []string // of the sources cited for it
	Own      bool     // the text calls it the authors' own calculation
}

// claims finds the figures below a node. What is quoted, code or a link's text
// is somebody else's; charts name their source themselves. The citations of a
// paragraph hold for all of it, those of a sentence that ends in a colon also
// for the list or table below it.
func (p *page) claims(block ast.Node, above []string) {
	var seen ast.Node // together with the sentence that introduces it
	for n := block.FirstChild(); n != nil; n = n.NextSibling() {
		if n == seen {
			continue
		}
		switch n := n.(type) {
		case *ast.Paragraph, *ast.TextBlock:
			s := p.statement(n)
			p.stated(s, above)
			if next := n.NextSibling(); s.introduces() && next != nil {
				seen = next
				p.claimsOf(next, s.cited)
			}
		default:
			p.claimsOf(n, above)
		}
	}
}

func (p *page) claimsOf(n ast.Node, above []string) {
	switch n := n.(type) {
	case *ast.Paragraph:
		p.stated(p.statement(n), above)
	case *east.Table:
		p.stated(p.statement(n), above)
	case *ast.Blockquote:
		if _, callout := n.FirstChild().(*calloutTitle); callout {
			p.claims(n, above)
		}
	case *ast.List, *ast.ListItem:
		p.claims(n, above)
	}
}

// introduces reports whether a list or table follows: „Die Zahlen:[@x]“.
func (s *statement) introduces() bool {
	return bytes.HasSuffix(bytes.TrimRight(s.text, " "+string(rune(citeMark))), []byte(":"))
}

// statement is the text of a paragraph or table. Each byte of text comes from
// src; citations are citeMark, what does not count is elided.
type statement struct {
	text  []byte
	src   []int
	cited []string // one for each citeMark
	names []string // what elided links say, by place in text
	at    []int
}

const (
	citeMark = 2
	elided   = 3
)

func (p *page) statement(n ast.Node) *statement {
	s := &statement{}
	p.state(s, n)
	return s
}

func (s *statement) add(v []byte, src int) {
	for i, c := range v {
		s.text = append(s.text, c)
		s.src = append(s.src, src+i)
	}
}

func (p *page) state(s *statement, block ast.Node) {
	for n := block.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s.add(n.Segment.Value(p.src), n.Segment.Start)
			if n.SoftLineBreak() || n.HardLineBreak() {
				s.add([]byte{' '}, n.Segment.Stop)
			}
		case *citeNode:
			s.cited = append(s.cited, n.key)
			s.add([]byte{citeMark}, nodeOffset(n))
		case *east.FootnoteLink:
			s.cited = append(s.cited, "")
			s.add([]byte{citeMark}, nodeOffset(n))
		case *ast.Link:
			s.name(p.plain(n))
			s.add([]byte{elided}, nodeOffset(n))
		case *refNode:
			s.name(p.refText(n))
			s.add([]byte{elided}, nodeOffset(n))
		case *ast.CodeSpan, *ast.AutoLink, *ast.Image, *ast.RawHTML, *attrNode:
			s.add([]byte{elided}, nodeOffset(n))
		default:
			p.state(s, n)
			if n.Kind() == east.KindTableCell {
				s.add([]byte(" | "), nodeOffset(n))
			}
		}
	}
}

func (s *statement) name(text string) {
	s.names, s.at = append(s.names, text), append(s.at, len(s.text))
}

const (
	numberForm = `\d{1,3}(?:[.\x{00a0}\x{202f}]\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?`
	wordForm   = `(?:(?i:ein|eine|einer|einem|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|hundert|one|two|three|four|five|six|seven|eight|nine|ten))`
	// With blanks between its groups, a number needs a unit: „80 000 Betten“ is one,
	// „030 123 456“ is none.
	spacedForm = `\b\d{1,3}(?: \d{3})+\b(?:,\d+)?|` + numberForm
	gapForm    = `[ \x{00a0}\x{202f}]?`
	amounts    = `%|‰|€|\$|£|Prozent(?:punkten?)?|percent|per cent|Euro|EUR|US-Dollar|Dollar|Mio\.?|Mrd\.?|Millionen|Million|Milliarden|Milliarde|Billionen|millions?|billions?|euros?`
	counted    = `Betten|Krankenhausbetten|Intensivbetten|Behandlungsplätze|Personen|Menschen|Toten?|Todesfälle|Verletzten?|Verwundeten?|Patienten|Patientinnen|Patient(?:inn)?en|Erkrankten?|Fällen?|Einsätzen?|Krankenhäusern?|Kliniken|Unternehmen|Betrieben?|Beschäftigten?|Mitarbeitenden?|Soldaten|Einwohnern?|Haushalten?|beds|people|patients|casualties|deaths|hospitals|companies|employees`
)

var (
	// What looks like a figure and is none: numbers of norms, laws and papers,
	// dates, file numbers, postcodes before a place.
	noFigure = regexp.MustCompile(`(?:ISO|IEC|EN|DIN|VDE|STANAG|AJP|RFC|TR|Nr\.|No\.|Nummer|Artikel|Art\.|Article|§§?|Abs\.|Absatz|Satz|Kapitel|Seite|S\.|p\.|Drs\.|Drucksache|Version|Fassung)[ \x{00a0}\x{202f}/-]*(?:[A-Z]{1,5}[ \x{00a0}/-]*)*\d[\d./:-]*` +
		`|\d+[/:]\d[\d/:]*|\d{1,2}\.[ \x{00a0}]?(?:\d{1,2}\.|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)(?:[ \x{00a0}]?\d{4})?|\b\d{4}-\d\d-\d\d\b|\d+\.\d+\.\d+[\d.]*|\b\d{5} [A-ZÄÖÜ][a-zäöü]+` +
		`|[„“"»][^“”"«]{0,400}[“”"«]`)
	withUnit = regexp.MustCompile(`(?:(?:` + spacedForm + `)(?: ?(?:bis|–|-|to) ?(?:` + spacedForm + `))?|\b` + wordForm + ` )` + gapForm + `-?(?:` + amounts + `)(?:` + gapForm + `(?:€|Euro|EUR|US-Dollar|Dollar|euros?))?|(?:` + spacedForm + `)` + gapForm + `(?:` + counted + `)\b`)
	large    = regexp.MustCompile(numberForm)
	ownWork  = regexp.MustCompile(`(?i)\beigene[rns]?\s+(?:Be)?rechnung|\beigene[rns]?\s+(?:Schätzung|Annahme|Erhebung|Auswertung)|\bown (?:calculation|estimate|assumption)`)
)

// stated notes the figures of a statement, and reports those without source
// once a sentence.
func (p *page) stated(s *statement, above []string) {
	if !mayState(s.text) {
		return
	}
	text := bytes.Clone(s.text)
	for _, m := range noFigure.FindAllIndex(text, -1) {
		if people := withUnit.FindIndex(text[m[0]:m[1]]); people != nil && people[0] == 0 {
			continue // „25000 Euro“ is no postcode with its place
		}
		for i := m[0]; i < m[1]; i++ {
			if text[i] != citeMark {
				text[i] = elided
			}
		}
	}
	at := withUnit.FindAllIndex(text, -1)
	for _, m := range large.FindAllIndex(text, -1) {
		if largeNumber(text, m[0], m[1]) && !slices.ContainsFunc(at, func(o []int) bool { return m[0] < o[1] && o[0] < m[1] }) {
			at = append(at, m)
		}
	}
	slices.SortFunc(at, func(a, b []int) int { return a[0] - b[0] })
	told := -1
	for _, m := range at {
		if !atWord(text, m[0]) {
			continue
		}
		from, to := sentence(s.text, m[0], m[1])
		c := Claim{Figure: s.readable(m[0], m[1]), Sentence: s.readable(from, to), Own: ownWork.Match(s.text)}
		if c.Keys = s.keys(from, to); len(c.Keys) == 0 {
			if c.Keys = s.keys(0, len(s.text)); len(c.Keys) == 0 {
				c.Keys = above
			}
		}
		p.doc.Claims = append(p.doc.Claims, c)
		if len(c.Keys) == 0 && !c.Own && from != told {
			told = from
			p.c.cfg.Diags.Warnf(p.pos(s.src[m[0]]), "zahl-ohne-quelle", "Nennen Sie im Absatz die Quelle, etwa [@kuerzel], oder schreiben Sie „(eigene Rechnung)“: „"+shortSentence(c.Sentence)+"“",
				"Die Zahl „%s“ steht ohne Quelle da.", c.Figure)
		}
	}
}

// mayState saves most texts the expressions above, which are dear: without a
// digit there is no figure but a number word with a unit.
func mayState(text []byte) bool {
	if bytes.ContainsAny(text, "0123456789") {
		return true
	}
	for _, unit := range []string{"%", "‰", "€", "$", "£", "EUR", "uro", "rozent", "ercent", "er cent", "ollar", "Mio", "Mrd", "illi"} {
		if bytes.Contains(text, []byte(unit)) {
			return true
		}
	}
	return false
}

// keys are the sources cited between two places of the statement, and right
// behind the second.
func (s *statement) keys(from, to int) []string {
	var out []string
	n := 0
	for i, c := range s.text {
		if c != citeMark {
			continue
		}
		if i >= from && i <= to && !slices.Contains(out, s.cited[n]) {
			out = append(out, s.cited[n])
		}
		n++
	}
	return out
}

// largeNumber is one of 10,000 and more, or of four digits and no year.
func largeNumber(text []byte, from, to int) bool {
	digits := 0
	for _, c := range text[from:to] {
		if c >= '0' && c <= '9' {
			digits++
		} else if c == ',' && digits > 0 && to-from-digits == 1 && bytes.IndexByte(text[from:to], '.') < 0 {
			break // 2,5: what follows are decimals
		}
	}
	if digits < 4 {
		return false
	}
	year := digits == 4 && to-from == 4 && (text[from] == '1' && text[from+1] >= '6' || text[from] == '2' && text[from+1] <= '1')
	after, _ := utf8.DecodeRune(text[to:])
	return !year && !unicode.IsLetter(after) && after != '-'
}

// atWord reports whether a match does not begin within a word or number.
func atWord(text []byte, at int) bool {
	before, _ := utf8.DecodeLastRune(text[:at])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '-' && before != '.' && before != ','
}

// sentence is where the sentence around a place begins and ends. A citation
// behind its full stop belongs to it.
func sentence(text []byte, from, to int) (int, int) {
	start, stop := 0, len(text)
	for i := from - 1; i > 0; i-- {
		if ends(text, i) {
			start = i + 1
			break
		}
	}
	for i := to; i < len(text); i++ {
		if ends(text, i) {
			stop = i + 1
			break
		}
	}
	for start < from && (text[start] == ' ' || text[start] == citeMark) {
		start++
	}
	for stop < len(text) && (text[stop] == citeMark || text[stop] == ' ' && stop+1 < len(text) && text[stop+1] == citeMark) {
		stop++
	}
	return start, stop
}

// ends reports whether a sentence ends at a place: a mark with a capital after
// it. A full stop after a figure or a single letter is none („z. B.“, „3. März“).
func ends(text []byte, i int) bool {
	if c := text[i]; c != '.' && c != '!' && c != '?' && c != ':' && c != '|' {
		return false
	}
	if text[i] == '.' && i >= 2 {
		if c := text[i-1]; c >= '0' && c <= '9' || text[i-2] == ' ' || text[i-2] == '.' {
			return false
		}
	}
	if text[i] == '|' {
		return true
	}
	rest := bytes.TrimLeft(text[i+1:], string(rune(citeMark))+" ")
	r, _ := utf8.DecodeRune(rest)
	return len(rest) == 0 || len(rest) < len(text)-i-1 && (unicode.IsUpper(r) || unicode.IsDigit(r) || r == '„' || r == elided)
}

// readable is a piece of a statement for people.
func (s *statement) readable(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		switch c := s.text[i]; c {
		case citeMark:
		case elided:
			if n := slices.Index(s.at, i); n >= 0 {
				b.WriteString(s.names[n])
			} else {
				b.WriteString("…")
			}
		default:
			b.WriteByte(c)
		}
	}
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.String())
	return strings.Trim(strings.Join(strings.Fields(text), " "), " |")
}

// shortSentence is the beginning of a sentence.
func shortSentence(s string) string {
	if r := []rune(s); len(r) > 70 {
		s = string(r[:70])
		return s[:max(strings.LastIndexByte(s, ' '), 1)] + " …"
	}
	return s
}
