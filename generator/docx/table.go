package docx

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func itoa(n int) string { return strconv.Itoa(n) }

// grid is a table with every cell in its place: merged cells have been taken
// apart.
type grid struct {
	rows   [][]string // Markdown
	plain  [][]string
	head   int // rows that are a header
	merged bool
	lines  bool // a cell had several paragraphs or a list
}

// maxCells bounds a table.
const maxCells = 100_000

// table writes a table with bars. Its report stands in the first cell.
func (w *writer) table(out *strings.Builder, b block) {
	g := w.grid(b)
	if len(g.rows) == 0 {
		out.WriteString(w.d.note("Setzen Sie sie von Hand ein.", "Eine Tabelle ließ sich nicht lesen.") + "\n")
		return
	}
	notes := ""
	if g.merged {
		notes += w.d.note("Lesen Sie die Tabelle Zeile für Zeile.", "Verbundene Zellen wurden aufgelöst; ihr Inhalt steht in jeder der Zellen.")
	}
	if g.lines {
		notes += w.d.note("Eine Zelle hat hier nur eine Zeile.", "Absätze und Listen in Zellen stehen jetzt hintereinander.")
	}
	head := make([]string, len(g.rows[0]))
	rows := g.rows
	switch {
	case g.head > 0:
		head, rows = g.headline(), rows[g.head:]
	case headLike(g.plain) || allBold(g.rows[0]):
		head, rows = g.rows[0], rows[1:]
		for i := range head {
			head[i] = strings.ReplaceAll(head[i], strong, "")
		}
	default:
		notes += w.d.note("Schreiben Sie in die erste Zeile, was in den Spalten steht.", "Die Tabelle hat keine Kopfzeile.")
	}
	align := g.align(len(g.rows) - len(rows))
	writeRow(out, head, notes)
	out.WriteString("|" + strings.Join(align, "|") + "|\n")
	for _, r := range rows {
		writeRow(out, r, "")
	}
}

func writeRow(out *strings.Builder, cells []string, notes string) {
	out.WriteString("|" + notes)
	for _, c := range cells {
		out.WriteString(" " + c + " |")
	}
	out.WriteString("\n")
}

// grid places the cells. A cell that is wide or tall stands in each of its
// places, so that every row can be read by itself.
func (w *writer) grid(b block) *grid {
	g := &grid{head: len(b.head)}
	all := slices.Concat(b.head, b.rows)
	width := 0
	for _, row := range all {
		n := 0
		for _, c := range row {
			n += max(1, c.wide)
		}
		width = max(width, n)
	}
	if width == 0 || width*len(all) > maxCells {
		return g
	}
	filled := make([][]bool, len(all))
	for i := range all {
		filled[i] = make([]bool, width)
		g.rows, g.plain = append(g.rows, make([]string, width)), append(g.plain, make([]string, width))
	}
	for i, row := range all {
		col := 0
		for _, c := range row {
			for col < width && filled[i][col] {
				col++
			}
			if col == width {
				break
			}
			text, read := w.cell(c, g)
			wide, tall := max(1, c.wide), max(1, c.tall)
			g.merged = g.merged || (wide > 1 || tall > 1) && read != ""
			for y := i; y < min(i+tall, len(all)); y++ {
				for x := col; x < min(col+wide, width); x++ {
					g.rows[y][x], g.plain[y][x], filled[y][x] = text, read, true
					text = anyMark.ReplaceAllString(noteSign.ReplaceAllString(text, ""), "") // said once
				}
			}
			col += wide
		}
	}
	g.dropEmpty()
	return g
}

var noteSign = regexp.MustCompile(`\[\^\d+\]`)

// dropEmpty drops rows and columns in which nothing stands.
func (g *grid) dropEmpty() {
	for i := len(g.rows) - 1; i >= 0; i-- {
		if strings.Join(g.rows[i], "") == "" {
			g.rows, g.plain = slices.Delete(g.rows, i, i+1), slices.Delete(g.plain, i, i+1)
			if i < g.head {
				g.head--
			}
		}
	}
	if len(g.rows) == 0 {
		return
	}
	for x := len(g.rows[0]) - 1; x >= 0; x-- {
		if slices.ContainsFunc(g.rows, func(r []string) bool { return r[x] != "" }) {
			continue
		}
		for i := range g.rows {
			g.rows[i], g.plain[i] = slices.Delete(g.rows[i], x, x+1), slices.Delete(g.plain[i], x, x+1)
		}
	}
}

// cell writes what stands in a cell in one line.
func (w *writer) cell(c cell, g *grid) (text, read string) {
	for _, p := range w.lines(c.blocks) {
		sep := " "
		if last, _ := utf8.DecodeLastRuneInString(noFences.Replace(unmarked(text))); text != "" && (unicode.IsLetter(last) || unicode.IsDigit(last)) {
			sep = "; "
		}
		if text == "" {
			sep = ""
		} else {
			g.lines = true
		}
		text += sep + p
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\n", " "))
	return text, noFences.Replace(unmarked(text))
}

func (w *writer) lines(list []block) []string {
	at := within{cell: true}
	var out []string
	for _, b := range list {
		switch b.kind {
		case "Para", "Header":
			out = append(out, w.inlines(b.in, at))
		case "CodeBlock":
			out = append(out, code(tidy(b.text), true))
		case "Table":
			for _, row := range slices.Concat(b.head, b.rows) {
				for _, c := range row {
					out = append(out, w.lines(c.blocks)...)
				}
			}
		default:
			for _, t := range b.terms {
				out = append(out, w.inlines(t, at))
			}
			out = append(out, w.lines(b.blocks)...)
			for _, it := range b.items {
				out = append(out, w.lines(it)...)
			}
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// headline makes one header row of several.
func (g *grid) headline() []string {
	head := slices.Clone(g.rows[0])
	for _, row := range g.rows[1:g.head] {
		for i, c := range row {
			if c != "" && c != head[i] {
				head[i] = strings.TrimSpace(head[i] + " " + c)
			}
		}
	}
	for i := range head {
		head[i] = strings.ReplaceAll(head[i], strong, "")
	}
	return head
}

func allBold(row []string) bool {
	some := false
	for _, c := range row {
		c = unmarked(c)
		if c != "" && (!strings.HasPrefix(c, strong) || !strings.HasSuffix(c, strong) || strings.Count(c, strong) != 2) {
			return false
		}
		some = some || c != ""
	}
	return some
}

var figure = regexp.MustCompile(`^[–+-]?\s?[\d.,]+\s?(?:%|€|EUR|Euro|Mio\.?( €)?|Mrd\.?( €)?|h|min|kg|km|m|l|kW|MB)?$`)

// headLike reports whether the first row has words over columns of figures.
func headLike(rows [][]string) bool {
	if len(rows) < 3 {
		return false
	}
	columns := 0
	for x := range rows[0] {
		figures := 0
		for _, r := range rows[1:] {
			if figure.MatchString(r[x]) {
				figures++
			}
		}
		if figures == len(rows)-1 && !figure.MatchString(rows[0][x]) && rows[0][x] != "" {
			columns++
		}
	}
	return columns > 0
}

// align sets columns of figures to the right.
func (g *grid) align(head int) []string {
	out := make([]string, len(g.rows[0]))
	for x := range out {
		figures, others := 0, 0
		for _, r := range g.plain[min(head, len(g.plain)):] {
			switch c := strings.TrimSpace(r[x]); {
			case figure.MatchString(c):
				figures++
			case c != "" && c != "–" && c != "-" && c != "—":
				others++
			}
		}
		out[x] = "---"
		if figures > 1 && others == 0 {
			out[x] = "---:"
		}
	}
	return out
}
