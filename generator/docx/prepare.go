package docx

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// prepare puts what pandoc would leave out of a document into a form that it
// reads: text boxes, fields, symbols, and signs where a chart or an object was.
// Hidden text, which pandoc would bring to light, is taken out and returned.
// inside tells which pictures are in the file, by their relation.
func prepare(doc string, inside func(relation string) bool) (out string, hidden []string) {
	doc = noSigns.Replace(doc)
	doc = hoistBoxes(doc)
	doc = simpleFields(doc)
	doc = references(doc)
	doc = wordSymbol.ReplaceAllStringFunc(doc, symbol)
	doc = drawing.ReplaceAllStringFunc(doc, func(d string) string { return gap(d, inside) })
	doc = object.ReplaceAllString(doc, "<w:t>"+gapObject+"</w:t>")
	doc = wordRun.ReplaceAllStringFunc(doc, func(r string) string {
		if !vanished.MatchString(r) {
			return r
		}
		if t := textOf(r); t != "" {
			hidden = append(hidden, t)
		}
		return ""
	})
	return doc, hidden
}

// Signs of ours within a text. Those of the document in the same range are
// dropped, so that none can be mistaken.
const (
	boxStart  = "\ue010"
	boxEnd    = "\ue011"
	markStart = '\ue012' // a place that the report names: its number, then markEnd
	markEnd   = '\ue013'

	gapChart  = "\ue014"
	gapSmart  = "\ue015"
	gapDrawn  = "\ue016"
	gapObject = "\ue017"
	gapLinked = "\ue018"
)

var noSigns = strings.NewReplacer(boxStart, "", boxEnd, "", string(markStart), "", string(markEnd), "", gapChart, "", gapSmart, "", gapDrawn, "", gapObject, "", gapLinked, "")

var boxTag = regexp.MustCompile(`<(/?)(w:p|w:txbxContent|mc:Fallback)(?:\s[^>]*?)?(/?)>`)

// hoistBoxes moves what stands in text boxes behind the paragraph that a box is
// tied to, between two signs. pandoc would leave it out.
func hoistBoxes(doc string) string {
	var out strings.Builder
	var boxes []string
	pos, paragraphs, inBox, fallback, start := 0, 0, 0, 0, 0
	sign := func(s string) string { return "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>" }
	for _, m := range boxTag.FindAllStringSubmatchIndex(doc, -1) {
		closing, name, empty := m[3] > m[2], doc[m[4]:m[5]], m[7] > m[6]
		switch {
		case empty:
		case name == "mc:Fallback" && closing:
			fallback--
		case name == "mc:Fallback":
			fallback++
		case name == "w:txbxContent" && !closing:
			if inBox++; inBox == 1 {
				start = m[1]
			}
		case name == "w:txbxContent":
			if inBox--; inBox == 0 {
				if fallback == 0 && textOf(doc[start:m[0]]) != "" {
					boxes = append(boxes, sign(boxStart)+doc[start:m[0]]+sign(boxEnd))
				}
				out.WriteString(doc[pos:start])
				pos = m[0]
			}
		case inBox > 0:
		case !closing:
			paragraphs++
		default:
			if paragraphs--; paragraphs == 0 && len(boxes) > 0 {
				out.WriteString(doc[pos:m[1]] + strings.Join(boxes, ""))
				pos, boxes = m[1], nil
			}
		}
	}
	out.WriteString(doc[pos:])
	return out.String()
}

var (
	wordSymbol = regexp.MustCompile(`<w:sym [^>]*/>`)
	symbolFont = regexp.MustCompile(`w:font="([^"]*)"`)
	symbolChar = regexp.MustCompile(`w:char="[Ff]0([0-9A-Fa-f]{2})"`)
	drawing    = regexp.MustCompile(`(?s)<w:drawing>.*?</w:drawing>`)
	embedded   = regexp.MustCompile(`\sr:embed="([^"]*)"`)
	object     = regexp.MustCompile(`(?s)<w:object(?:\s[^>]*)?>.*?</w:object>`)
	vanished   = regexp.MustCompile(`<w:vanish(?:\s+w:val="(?:1|true|on)")?/>`)
)

// symbols are the characters of Word's symbol fonts that papers have.
var symbols = map[string]map[int64]string{
	"Wingdings": {0xe0: "→", 0xe8: "→", 0xdf: "←", 0xe1: "↑", 0xe2: "↓", 0xf0: "⇒", 0xfc: "✓", 0xfb: "✗", 0xfe: "☑", 0xfd: "☒", 0x6f: "☐", 0xa8: "☐", 0xa7: "•", 0x6c: "•", 0x6e: "•", 0xd8: "•", 0x76: "•", 0x28: "Tel.", 0x2a: "E-Mail:"},
	"Symbol":    {0xb7: "•", 0xae: "→", 0xde: "⇒", 0xb3: "≥", 0xa3: "≤", 0xb1: "±", 0xb4: "×", 0xd7: "·", 0x6d: "µ", 0x61: "α", 0x62: "β", 0x67: "γ", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0xa5: "∞", 0xb9: "≠", 0xbb: "≈", 0xb0: "°"},
}

func symbol(tag string) string {
	font, char := symbolFont.FindStringSubmatch(tag), symbolChar.FindStringSubmatch(tag)
	if font == nil || char == nil {
		return tag
	}
	code, _ := strconv.ParseInt(char[1], 16, 32)
	if s := symbols[font[1]][code]; s != "" {
		return "<w:t>" + s + "</w:t>"
	}
	return "<w:t>�</w:t>"
}

// gap is the sign for a drawing that has no picture in the file, or the drawing.
func gap(d string, inside func(relation string) bool) string {
	switch {
	case strings.Contains(d, "<pic:pic"):
		if m := embedded.FindStringSubmatch(d); m == nil || !inside(m[1]) {
			return "<w:t>" + gapLinked + "</w:t>"
		}
		return d
	case strings.Contains(d, "drawingml/2006/chart") || strings.Contains(d, "drawing/2014/chartex"):
		return "<w:t>" + gapChart + "</w:t>"
	case strings.Contains(d, "drawingml/2006/diagram"):
		return "<w:t>" + gapSmart + "</w:t>"
	case strings.Contains(d, "wordprocessingGroup") || strings.Contains(d, "wordprocessingCanvas"):
		return "<w:t>" + gapDrawn + "</w:t>"
	}
	return d
}

var (
	simpleField = regexp.MustCompile(`<w:fldSimple ([^>]*)>|</w:fldSimple>`)
	fieldCode   = regexp.MustCompile(`w:instr="([^"]*)"`)
	refersTo    = regexp.MustCompile(`^\s*REF\s+"?([\w.-]+)"?`)
)

// simpleFields keeps what a field shows; a cross reference becomes a link.
func simpleFields(doc string) string {
	var open []string
	return simpleField.ReplaceAllStringFunc(doc, func(tag string) string {
		if strings.HasSuffix(tag, "/>") {
			return ""
		}
		if code := fieldCode.FindStringSubmatch(tag); strings.HasPrefix(tag, "<w") {
			end, start := "", ""
			if code != nil {
				if m := refersTo.FindStringSubmatch(html.UnescapeString(code[1])); m != nil {
					start, end = `<w:hyperlink w:anchor="`+m[1]+`">`, "</w:hyperlink>"
				}
			}
			open = append(open, end)
			return start
		}
		if len(open) == 0 {
			return ""
		}
		end := open[len(open)-1]
		open = open[:len(open)-1]
		return end
	})
}

var (
	fieldChar = regexp.MustCompile(`<w:fldChar [^>]*w:fldCharType="(begin|separate|end)"`)
	fieldText = regexp.MustCompile(`<w:instrText(?:\s[^>]*)?>([^<]*)</w:instrText>`)
)

// references makes links of cross references that are written as runs: begin,
// code, separate, text, end. pandoc keeps their text only.
func references(doc string) string {
	var out strings.Builder
	pos, depth, start, code, name := 0, 0, 0, "", ""
	for _, at := range wordRun.FindAllStringIndex(doc, -1) {
		r := doc[at[0]:at[1]]
		if m := fieldText.FindStringSubmatch(r); m != nil && depth == 1 {
			code += html.UnescapeString(m[1])
		}
		kind := fieldChar.FindStringSubmatch(r)
		switch {
		case kind == nil:
		case kind[1] == "begin":
			if depth++; depth == 1 {
				start, code, name = at[0], "", ""
			}
		case kind[1] == "separate" && depth == 1:
			m := refersTo.FindStringSubmatch(code)
			if m != nil && !strings.Contains(doc[start:at[1]], "</w:p>") && sameParagraph(doc[at[1]:]) {
				name = m[1]
				out.WriteString(doc[pos:start] + `<w:hyperlink w:anchor="` + name + `">`)
				pos = at[1]
			}
		case kind[1] == "end":
			if depth--; depth == 0 && name != "" {
				out.WriteString(doc[pos:at[0]] + "</w:hyperlink>")
				pos, name = at[1], ""
			}
			depth = max(depth, 0)
		}
	}
	out.WriteString(doc[pos:])
	return out.String()
}

// sameParagraph reports whether the field that is open ends before its
// paragraph does.
func sameParagraph(rest string) bool {
	end := strings.Index(rest, `w:fldCharType="end"`)
	return end >= 0 && !strings.Contains(rest[:end], "</w:p>") && !strings.Contains(rest[:end], `w:fldCharType="begin"`)
}
