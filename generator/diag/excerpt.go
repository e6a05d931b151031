package diag

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Lines looks up the lines that findings point to, in files as they are when
// the findings are printed. A nil *Lines knows none.
type Lines struct {
	read func(file string) ([]byte, error)
	file string // the one read last: findings are sorted by file
	text []string
}

// NewLines gets the bytes of a file from read; file is as in Pos.
func NewLines(read func(file string) ([]byte, error)) *Lines { return &Lines{read: read} }

// At is the line of a place. ok is false if there is none, or none that could
// be shown: a file as a whole, one that has gone, one that is not a text.
func (l *Lines) At(p Pos) (line string, ok bool) {
	if l == nil || p.File == "" || p.Line < 1 {
		return "", false
	}
	if p.File != l.file {
		l.file, l.text = p.File, nil
		if b, err := l.read(p.File); err == nil {
			l.text = splitLines(b)
		}
	}
	if p.Line > len(l.text) {
		return "", false
	}
	line = l.text[p.Line-1]
	return line, !strings.Contains(line, "\x00")
}

// splitLines divides a text as those who read it do: any line end, no byte
// order mark.
func splitLines(b []byte) []string {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	return strings.Split(string(b), "\n")
}

// excerptWidth is how many columns of a terminal a line of a file may take.
const excerptWidth = 96

// Excerpt is a line as it can be shown anywhere, and the white space that puts
// a caret below column col, counted in characters from 1. Tabs become four
// spaces, what moves the cursor or is no text a question mark; of a long line
// what is around the column stays.
func Excerpt(line string, col int) (text, indent string) {
	line, col = near(line, col)
	var cells []string
	upTo := []int{0} // columns before each cell
	for _, r := range line {
		c := cell(r)
		cells = append(cells, c)
		upTo = append(upTo, upTo[len(upTo)-1]+columns(c))
	}
	at := min(max(col-1, 0), len(cells))
	from, to := window(upTo, at)
	text = strings.Join(cells[from:to], "")
	before := upTo[at] - upTo[from]
	if from > 0 {
		text, before = "…"+text, before+1
	}
	if to < len(cells) {
		text += "…"
	}
	return strings.TrimRight(text, " "), strings.Repeat(" ", before)
}

// near leaves out of a line what is too far from a column to be shown with it:
// some texts are one long line.
func near(line string, col int) (string, int) {
	const most = 4 * excerptWidth
	skip := max(0, col-1-most)
	from, n := 0, 0
	for i := range line {
		if n == skip {
			from = i
		}
		if n == max(col, 1)+most {
			return line[from:i], col - skip
		}
		n++
	}
	if n <= skip {
		return line, col
	}
	return line[from:], col - skip
}

// window is the part of a line that is shown: the beginning if the column is
// in it, else what ends a little behind the column.
func window(upTo []int, at int) (from, to int) {
	const after = 24
	cells := len(upTo) - 1
	if upTo[cells] <= excerptWidth {
		return 0, cells
	}
	const room = excerptWidth - 2 // for the dots
	to = min(at+after, cells)
	for upTo[to]-upTo[from] > room {
		from++
	}
	for to < cells && upTo[to+1]-upTo[from] <= room {
		to++
	}
	return from, to
}

func cell(r rune) string {
	switch {
	case r == '\t':
		return "    "
	case r == utf8.RuneError:
		return "\ufffd"
	}
	return printable(string(r))
}

// columns is how many columns a text takes on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// Shown is a finding with all that is said of it when it is printed.
type Shown struct {
	Diagnostic
	Source string `json:"source,omitempty"` // its line, made harmless; see Excerpt
	Help   string `json:"help,omitempty"`   // where its code is explained
	Indent string `json:"-"`                // puts a caret below the column
	line   string // as it is in the file
}

// Show looks up what belongs to findings. help is the address of the page
// whose sections explain the codes; "" if there is none.
func Show(list []Diagnostic, lines *Lines, help string) []Shown {
	out := make([]Shown, 0, len(list))
	for _, d := range list {
		s := Shown{Diagnostic: d}
		if help != "" {
			s.Help = help + "#" + d.Code
		}
		if line, ok := lines.At(d.Pos); ok {
			s.line = line
			s.Source, s.Indent = Excerpt(line, d.Col)
		}
		out = append(out, s)
	}
	return out
}

// Caret is what stands below the line: a caret under the column, if that is
// known.
func (s Shown) Caret() string {
	if s.Source == "" || s.Col == 0 {
		return ""
	}
	return s.Indent + "^"
}

// String is what a terminal shows: the finding, its line with a caret, the hint.
func (s Shown) String() string {
	var b strings.Builder
	b.WriteString(s.headline())
	if s.Source != "" {
		number := fmt.Sprint(s.Line)
		fmt.Fprintf(&b, "\n    %s | %s", number, s.Source)
		if c := s.Caret(); c != "" {
			fmt.Fprintf(&b, "\n    %*s | %s", len(number), "", c)
		}
	}
	b.WriteString(s.advice())
	return b.String()
}
