package source

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
)

// maxLine bounds a line. Longer ones are never written by people, and every
// stage after this one would have to bear them.
const maxLine = 1 << 20

// clean checks the bytes of a text file and returns them with Unix line ends
// and without a byte order mark. ok is false when the file cannot be used.
func clean(file string, b []byte, diags *diag.List) ([]byte, bool) {
	first := diag.Pos{File: file, Line: 1, Col: 1}
	if rest, found := bytes.CutPrefix(b, []byte("\xef\xbb\xbf")); found {
		diags.Hintf(first, "bom", "Speichern Sie als „UTF-8“ statt „UTF-8 mit BOM“.", "Die Datei beginnt mit einer unsichtbaren Bytefolge (BOM); sie wurde übergangen.")
		b = rest
	}
	if i := bytes.IndexByte(b, '\r'); i >= 0 {
		diags.Hintf(place(file, b, i), "zeilenenden", "Stellen Sie im Editor „LF“ als Zeilenende ein.", "Die Datei hat Zeilenenden von Windows; sie wurden umgewandelt.")
		b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	if len(bytes.TrimSpace(b)) == 0 {
		diags.Errorf(first, "datei-leer", "Schreiben Sie wenigstens einen Titel hinein oder löschen Sie die Datei.", "Die Datei ist leer.")
		return nil, false
	}
	if !utf8.Valid(b) {
		i := 0
		for i < len(b) {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			i += n
		}
		diags.Errorf(place(file, b, i), "kodierung", "Speichern Sie die Datei als UTF-8.", "An dieser Stelle steht ein Byte (0x%02X), das kein UTF-8 ist.", b[i])
		return nil, false
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		diags.Errorf(place(file, b, i), "kodierung", "Speichern Sie die Datei neu als Text in UTF-8.", "An dieser Stelle steht ein Nullzeichen; das ist keine Textdatei.")
		return nil, false
	}
	for start, line := 0, 1; start < len(b); line++ {
		n := bytes.IndexByte(b[start:], '\n')
		if n < 0 {
			n = len(b) - start
		}
		if n > maxLine {
			diags.Errorf(diag.Pos{File: file, Line: line, Col: 1}, "zeile-zu-lang", "Teilen Sie den Text in Absätze; höchstens 1 Million Zeichen je Zeile.", "Diese Zeile hat %d Zeichen.", utf8.RuneCount(b[start:start+n]))
			return nil, false
		}
		start += n + 1
	}
	return b, true
}

// place is the position of byte offset i.
func place(file string, b []byte, i int) diag.Pos {
	line := 1 + bytes.Count(b[:i], []byte("\n"))
	start := bytes.LastIndexByte(b[:i], '\n') + 1
	return diag.Pos{File: file, Line: line, Col: 1 + utf8.RuneCount(b[start:i])}
}

// split separates front matter and body. front is nil when there is none;
// bodyLine is the body's first line. ok is false when the end is missing.
func split(file string, b []byte, diags *diag.List) (front, body []byte, bodyLine int, ok bool) {
	first, rest, _ := bytes.Cut(b, []byte("\n"))
	if string(bytes.TrimRight(first, " \t")) != "---" {
		return nil, b, 1, frontAtTop(file, b, diags) && nothingOutside(file, b, 1, diags)
	}
	line := 2
	for start := 0; start < len(rest); line++ {
		end := bytes.IndexByte(rest[start:], '\n')
		if end < 0 {
			end = len(rest) - start
		}
		text := bytes.TrimRight(rest[start:start+end], " \t")
		next := min(start+end+1, len(rest))
		if string(text) == "---" || string(text) == "..." {
			return rest[:start], rest[next:], line + 1, nothingOutside(file, rest[next:], line+1, diags)
		}
		start = next
	}
	diags.Errorf(diag.Pos{File: file, Line: 1, Col: 1}, "vorspann-offen", "Setzen Sie nach der letzten Angabe eine Zeile mit drei Bindestrichen: ---",
		"Die Angaben am Anfang der Datei werden nicht beendet.")
	return nil, nil, 0, false
}

var yamlKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*[ \t]*:([ \t]|$)`)

// frontAtTop reports front matter that stands where it is not read as such:
// the page would be shown with it as text, and whatever it says about who may
// see the page would not count.
func frontAtTop(file string, b []byte, diags *diag.List) bool {
	lines := strings.SplitN(string(b), "\n", 12)
	for i, line := range lines {
		text := strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		switch {
		case text == "":
			continue
		case text == "+++" && i+1 < len(lines) && strings.Contains(lines[i+1], "="):
			diags.Errorf(diag.Pos{File: file, Line: i + 1, Col: 1}, "vorspann-form", "Schreiben Sie sie in der Form „feld: wert“ zwischen zwei Zeilen mit drei Bindestrichen: ---",
				"Die Angaben am Anfang der Datei sind in einer Form (TOML), die das Portal nicht liest.")
			return false
		case text == "---" && i+1 < len(lines) && yamlKey.MatchString(lines[i+1]):
			diags.Errorf(diag.Pos{File: file, Line: i + 1, Col: 1}, "vorspann-stelle", "Löschen Sie, was davor steht.", "Die Angaben müssen in der ersten Zeile der Datei beginnen.")
			return false
		}
		return true
	}
	return true
}

// visibilityLine looks like a setting that decides who sees a page, in YAML,
// TOML or JSON. No sentence begins so.
var visibilityLine = regexp.MustCompile(`(?:^[\s"{]*|^\{.*[\s",{]|[\x{0085}\x{2028}\x{2029}][\s"]*)(?:audience["\s]*[:=]["\s]*(?:members|public)|status["\s]*[:=]["\s]*(?:entwurf|pruefung|archiviert|draft)|(?:draft|discussion)["\s]*[:=]["\s]*(?:true|yes|ja)|published["\s]*[:=]["\s]*(?:false|\d{4}-))`)

// nothingOutside reports settings that stand in the text instead of the front
// matter, where they do not count: the page would be shown to everyone.
func nothingOutside(file string, body []byte, firstLine int, diags *diag.List) bool {
	fenced, seen, line := false, 0, firstLine
	for text := range bytes.Lines(body) {
		trimmed := bytes.TrimSpace(text)
		if bytes.HasPrefix(trimmed, []byte("```")) || bytes.HasPrefix(trimmed, []byte("~~~")) {
			fenced = !fenced
		}
		if !fenced && visibilityLine.Match(text) {
			diags.Errorf(diag.Pos{File: file, Line: line, Col: 1}, "vorspann-stelle", "Setzen Sie sie an den Anfang der Datei, zwischen zwei Zeilen mit drei Bindestrichen: ---",
				"Diese Angabe steht im Text; dort entscheidet sie nicht, wer die Seite sieht.")
			return false
		}
		if len(trimmed) > 0 {
			seen++
		}
		if seen > 15 {
			return true
		}
		line++
	}
	return true
}

var (
	atxHeading = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$`)
	setextLine = regexp.MustCompile(`^ {0,3}(=+|-+)[ \t]*$`)
	headingID  = regexp.MustCompile(`[ \t]*\{[^}]*\}$`)
	inlineLink = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
)

// takeHeading finds the first heading of a body, if nothing but blank lines
// stands before it, and returns its text without marks and the body with that
// heading blanked, so that line numbers stay right.
func takeHeading(body []byte) (title string, rest []byte) {
	start := 0
	for start < len(body) {
		end := bytes.IndexByte(body[start:], '\n')
		if end < 0 {
			end = len(body) - start
		}
		line := body[start : start+end]
		next := min(start+end+1, len(body))
		if len(bytes.TrimSpace(line)) == 0 {
			start = next
			continue
		}
		if m := atxHeading.FindSubmatch(line); m != nil {
			return plainHeading(string(m[2])), blank(body, start, start+end)
		}
		under := body[next:]
		if i := bytes.IndexByte(under, '\n'); i >= 0 {
			under = under[:i]
		}
		if setextLine.Match(under) && len(bytes.TrimSpace(under)) > 0 {
			return plainHeading(strings.TrimSpace(string(line))), blank(body, start, next+len(under))
		}
		return "", body
	}
	return "", body
}

func plainHeading(s string) string {
	s = headingID.ReplaceAllString(s, "")
	s = inlineLink.ReplaceAllString(s, "$1")
	s = strings.NewReplacer("**", "", "__", "", "`", "", "*", "", `\`, "").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// blank replaces all but the line breaks of body[from:to] with nothing.
func blank(body []byte, from, to int) []byte {
	out := make([]byte, 0, len(body))
	out = append(out, body[:from]...)
	out = append(out, bytes.Repeat([]byte("\n"), bytes.Count(body[from:to], []byte("\n")))...)
	return append(out, body[to:]...)
}
