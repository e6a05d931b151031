package docx

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// within says where inlines stand.
type within struct {
	heading, cell, figure, link, marked bool
}

// Signs that stand for the marks of emphasis until all is written: those that
// would not be read as such can be taken out again.
const (
	strong = "\ue018"
	emph   = "\ue019"
	strike = "\ue01a"
)

var (
	noFences = strings.NewReplacer(strong, "", emph, "", strike, "")
	fences   = strings.NewReplacer(strong, "**", emph, "*", strike, "~~")
)

// piece is a written run; of a marked one, fence stands at both ends.
type piece struct {
	text  string
	fence string
}

// inlines writes runs of text.
func (w *writer) inlines(in []inline, at within) string {
	in = splice(in, at)
	var pieces []piece
	for i, n := range in {
		followed := i+1 < len(in) && in[i+1].kind != "Str"
		pieces = append(pieces, w.inline(n, at, followed))
	}
	var out strings.Builder
	add := func(text string) {
		bare := func(s string) string { return noFences.Replace(unmarked(s)) }
		if strings.HasPrefix(bare(text), "`") && strings.HasSuffix(bare(tail(out.String())), "`") {
			out.WriteByte(' ') // or two runs of code would be one
		}
		if end := bare(tail(out.String())); strings.HasPrefix(bare(text), "[") && strings.HasSuffix(end, "!") && !strings.HasSuffix(end, `\!`) {
			s := out.String() // or the link would be a picture
			at := strings.LastIndexByte(s, '!')
			out.Reset()
			out.WriteString(s[:at] + `\` + s[at:])
		}
		out.WriteString(text)
	}
	for i, p := range pieces {
		after := ""
		for _, q := range pieces[i+1:] {
			if after += q.fence + q.text; unmarked(after) != "" {
				break
			}
		}
		before := tail(out.String())
		switch {
		case p.fence == "":
			add(p.text)
		// Marks within marks only between spaces: runs of * that touch are ambiguous.
		case canMark(before, p.text, after) && (!at.marked || strings.HasSuffix(before, " ") && strings.HasPrefix(after, " ")):
			add(p.fence + p.text + p.fence)
		default:
			add(noFences.Replace(p.text))
		}
	}
	return out.String()
}

// tail is the end of what has been written; no row of marks is longer.
func tail(s string) string {
	at := max(0, len(s)-500)
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	return s[at:]
}

// splice dissolves struck out text with marks within or around it, or with other
// tildes: its own would not be read as marks.
func splice(in []inline, at within) []inline {
	var out []inline
	for _, n := range in {
		simple := !at.marked && len(n.kids) == 1 && n.kids[0].kind == "Str" && !strings.ContainsAny(n.kids[0].text, "~*")
		if n.kind == "Strikeout" && !simple {
			out = append(out, splice(n.kids, at)...)
		} else {
			out = append(out, n)
		}
	}
	return merge(out)
}

// canMark applies CommonMark's rule by which signs of emphasis count: a
// punctuation mark within them needs a space or a punctuation mark outside.
func canMark(before, text, after string) bool {
	text = unmarked(fences.Replace(text))
	before, after = fences.Replace(before), fences.Replace(after)
	b, _ := utf8.DecodeLastRuneInString(unmarked(before))
	a, _ := utf8.DecodeRuneInString(unmarked(after))
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	open := func(r rune) bool { return r == utf8.RuneError || unicode.IsSpace(r) || isPunctuation(r) }
	if text == "" || unicode.IsSpace(first) || unicode.IsSpace(last) || b == '*' || a == '*' || b == '~' || a == '~' || b == '\\' {
		return false
	}
	return (!isPunctuation(first) || open(b)) && (!isPunctuation(last) || open(a))
}

func isPunctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

var anyMark = regexp.MustCompile(string(markStart) + `\d+` + string(markEnd))

// unmarked is a text without marks.
func unmarked(s string) string {
	if !strings.ContainsRune(s, markStart) {
		return s
	}
	return anyMark.ReplaceAllString(s, "")
}

func (w *writer) inline(n inline, at within, followed bool) piece {
	switch n.kind {
	case "Str":
		text := escapeText(n.text, followed)
		if at.cell {
			text = strings.ReplaceAll(text, "|", `\|`)
		}
		return piece{text: text}
	case "Mark":
		return piece{text: n.text}
	case "Strong", "Emph":
		at.marked = true
		return piece{w.inlines(n.kids, at), map[string]string{"Strong": strong, "Emph": emph}[n.kind]}
	case "Strikeout":
		return piece{w.inlines(n.kids, at), strike}
	case "LineBreak":
		if at.cell || at.heading {
			return piece{text: " "}
		}
		return piece{text: "\\\n"}
	case "Code":
		return piece{text: code(n.text, at.cell)}
	case "Link":
		return piece{text: w.link(n, at)}
	case "Image":
		return piece{text: w.image(n, at)}
	case "Gap":
		if at.figure {
			return piece{text: "<!-- Hier fehlt " + n.text + " -->"}
		}
		return piece{}
	case "Note":
		if at.link {
			return piece{}
		}
		w.notes = append(w.notes, flatHeadings(n.blocks))
		return piece{text: "[^" + itoa(len(w.notes)) + "]"}
	case "Cite":
		return piece{text: w.inlines(n.kids, at) + w.cite(n)}
	}
	return piece{text: w.inlines(n.kids, at)}
}

func (w *writer) cite(n inline) string {
	if n.title == "" {
		return "[@" + n.text + "]"
	}
	return "[@" + n.text + ", " + strings.NewReplacer("[", "", "]", "").Replace(n.title) + "]"
}

// link writes a link; within the document it leads to a heading, or nowhere.
func (w *writer) link(n inline, at within) string {
	at.link = true
	text := w.inlines(n.kids, at)
	if strings.TrimSpace(unmarked(text)) == "" {
		return text
	}
	if id, ok := strings.CutPrefix(n.url, "#"); ok {
		anchor, ok := w.d.headings[id]
		if !ok {
			return text + w.d.note("Nennen Sie den Abschnitt oder machen Sie daraus einen Verweis: [[#abschnitt|Worte]].", "Der Querverweis „%s“ führte zu einer Stelle, die kein Abschnitt ist, und wurde entfernt.", short(tidy(plain(n.kids))))
		}
		return "[" + text + "](#" + anchor + ")"
	}
	if w.d.opts.Entry != nil {
		if id := w.d.opts.Entry(n.url); id != "" {
			bar := map[bool]string{true: `\|`, false: "|"}[at.cell]
			return "[[" + id + bar + strings.NewReplacer("|", "", "]", "").Replace(tidy(plain(n.kids))) + "]]"
		}
	}
	address := addressEscapes.Replace(n.url)
	if at.cell {
		address = strings.ReplaceAll(address, "|", "%7C")
	}
	if plain(n.kids) == n.url && !strings.HasPrefix(n.url, "mailto:") && !at.heading {
		return "<" + address + ">" + keepMarks(text)
	}
	return "[" + text + "](" + address + ")"
}

var addressEscapes = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `\`, "%5C", "\n", "")

func keepMarks(s string) string { return strings.Join(anyMark.FindAllString(s, -1), "") }

// code is a run of code; its fence is longer than any run of backticks in it.
func code(s string, cell bool) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if cell {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// quietBracket is a pair of brackets that means nothing in Markdown: „[…]“.
var quietBracket = regexp.MustCompile(`\[[\p{L}\p{N} ….,;–-]*\]`)

// escapeText writes text so that it is read as the same text. followed tells
// that something other than text comes next.
func escapeText(s string, followed bool) string {
	var b strings.Builder
	quiet := quietBracket.FindAllStringIndex(s, -1)
	isQuiet := func(i int) bool {
		for _, q := range quiet {
			if i == q[0] || i == q[1]-1 {
				next, _ := utf8.DecodeRuneInString(s[q[1]:])
				begins := q[0] == 0 // „[x]“ would be a box to tick
				return !begins && s[q[0]-1] != '[' && !strings.ContainsRune("([:{]", next) && (q[1] < len(s) || !followed)
			}
		}
		return false
	}
	for i, r := range s {
		if special(s, i, r, followed) && (r != '[' && r != ']' || !isQuiet(i)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

var entity = regexp.MustCompile(`^&(?:#\w+|\w+);`)

// special reports whether the character at i means something in Markdown there.
func special(s string, i int, r rune, followed bool) bool {
	next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
	prev, _ := utf8.DecodeLastRuneInString(s[:i])
	switch r {
	case '\\', '*', '`', '[', ']', '{', '~':
		return true
	case '_':
		return !isWord(prev) || !isWord(next)
	case '<':
		return next == '/' || next == '!' || next == '?' || next == utf8.RuneError || unicode.IsLetter(next)
	case '&':
		return entity.MatchString(s[i:]) || i == len(s)-1
	case '!':
		return followed && i == len(s)-1
	case ':':
		return next == ':' // :::
	}
	return false
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

var (
	lineStart = regexp.MustCompile(`^(#{1,6}(?:\s|$)|>|[-+](?:\s|$)|={2,}|-{2,}\s*$|:\s|\|)`)
	itemStart = regexp.MustCompile(`^(\d{1,9})([.)])(\s|$)`)
	// Settings in the text are an error: they would be meant for the head.
	settingStart = regexp.MustCompile(`^(audience|status|draft|discussion|published)(\s*)([:=])`)
)

// lineStarts escapes what means something at the beginning of a line.
func lineStarts(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		marks := ""
		for {
			at := anyMark.FindStringIndex(l)
			if at == nil || at[0] > 0 {
				break
			}
			marks, l = marks+l[:at[1]], l[at[1]:]
		}
		l = strings.TrimLeft(l, " ")
		l = lineStart.ReplaceAllString(l, `\$1`)
		l = itemStart.ReplaceAllString(l, `$1\$2$3`)
		l = settingStart.ReplaceAllString(l, `$1$2\$3`)
		lines[i] = marks + l
	}
	return strings.Join(lines, "\n")
}
