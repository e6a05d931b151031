// Package docx turns a Word document into our Markdown and into a report of
// what somebody should look at.
//
// Terms: a document is what was read; a part is a file within the archive that
// a .docx is; a note is a line of the report; a mark is a sign within the text
// that becomes the place of a note and is taken out at last.
//
// Flow: Read unpacks the file within bounds (archive.go) and has pandoc, which
// knows the format, read it in its sandbox; ast.go takes what we need of its
// tree. structure.go makes of what only looks like a heading, a list or a box
// what it is meant to be, source.go makes sources of footnotes. Write then
// writes Markdown (write.go, inline.go, table.go). pandoc's own writer is not
// used: it has raw HTML, attributes and tables that our Markdown does not.
package docx

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
	"unicode"
)

// Options say how a document is read.
type Options struct {
	Pandoc  string        // the program; "pandoc" when empty
	Timeout time.Duration // for pandoc; a minute when zero
	Reject  bool          // tracked changes are undone instead of made
	Sources bool          // footnotes that are references become sources
	// Entry finds the id of the entry at an address, "" for none.
	Entry func(address string) string
}

// Note is a line of the report. Line and Column are those of the Markdown, from
// 1. Line 0 stands for the document as a whole, or for what it says of itself:
// Field is FieldTitle, FieldSummary or FieldAuthors then.
type Note struct {
	Line, Column int
	Text, Hint   string
	Field        string
}

// What a note can be about beside the text.
const (
	FieldTitle   = "title"
	FieldSummary = "summary"
	FieldAuthors = "authors"
)

// Source is a reference that footnotes gave.
type Source struct{ Key, Title, URL, Publisher, Accessed string }

// Picture is an image with the name that the Markdown uses.
type Picture struct {
	Name string
	Data []byte
}

// Document is what a file says.
type Document struct {
	Title    string
	Summary  string
	Authors  []string
	Date     time.Time // the last change; zero when it is not known
	Sources  []Source
	Pictures []Picture

	opts     Options
	archive  *archive
	blocks   []block
	notes    []Note // of the whole document, and those that marks stand for
	general  []Note
	headings map[string]string // pandoc's id → the anchor

	lastCited string // by the footnote before
}

// ErrNoPandoc says that the program is missing.
var ErrNoPandoc = errors.New(`Zum Lesen von Word-Dateien braucht das Portal das Programm pandoc; hier ist es nicht installiert.
  Debian, Ubuntu:  sudo apt install pandoc
  Windows:         winget install --id JohnMacFarlane.Pandoc
  macOS:           brew install pandoc
Öffnen Sie danach ein neues Terminal und wiederholen Sie den Befehl`)

// Read reads a .docx or .odt file.
func Read(ctx context.Context, file []byte, o Options) (*Document, error) {
	a, err := unpack(file)
	if err != nil {
		return nil, err
	}
	d := &Document{opts: o, archive: a, headings: map[string]string{}}
	d.margins()
	if a.format == "docx" {
		doc, hidden := prepare(string(a.parts["word/document.xml"]), a.pictures())
		a.parts["word/document.xml"] = []byte(doc)
		if len(hidden) > 0 {
			d.remark("", "Ausgeblendeter Text wurde weggelassen: %s.", some(hidden))
		}
		if file, err = a.zip(); err != nil {
			return nil, err
		}
	}
	out, err := d.pandoc(ctx, file)
	if err != nil {
		return nil, err
	}
	var doc document
	if err := json.Unmarshal(out, &doc); err != nil {
		return nil, fmt.Errorf("Die Ausgabe von pandoc ist nicht zu verstehen: %w", err)
	}
	if d.blocks, err = toBlocks(doc.Blocks, "", 0); err == nil {
		err = d.structure(doc.Meta)
	}
	switch {
	case errors.Is(err, errDeep):
		return nil, errors.New("Das Dokument ist zu tief verschachtelt")
	case err != nil:
		return nil, fmt.Errorf("Die Ausgabe von pandoc ist nicht zu verstehen: %w", err)
	}
	return d, nil
}

// maxOutput bounds what pandoc may say.
const maxOutput = 200 << 20

// pandoc reads the file, without reaching for any other.
func (d *Document) pandoc(ctx context.Context, file []byte) ([]byte, error) {
	name, limit := d.opts.Pandoc, d.opts.Timeout
	if name == "" {
		name = "pandoc"
	}
	if limit == 0 {
		limit = time.Minute
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return nil, ErrNoPandoc
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	args := []string{"--sandbox", "--from", d.archive.format, "--to", "json"}
	if d.archive.format == "docx" {
		args = []string{"--sandbox", "--from", "docx+styles", "--to", "json", "--track-changes=all"}
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = 5 * time.Second
	stdout, stderr := &bounded{left: maxOutput}, &bounded{left: 4000}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(file), stdout, stderr
	err = cmd.Run()
	said := strings.TrimSpace(stderr.String())
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("pandoc wurde nach %d Sekunden nicht fertig; teilen Sie das Dokument", int(limit.Seconds()))
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case strings.Contains(said, "--sandbox"):
		return nil, errors.New("Das installierte pandoc ist zu alt; nötig ist die Fassung 2.15 oder eine neuere")
	case err != nil:
		return nil, fmt.Errorf("pandoc kann die Datei nicht lesen (%s). Öffnen Sie sie in Word und speichern Sie sie neu", short(said))
	}
	return stdout.Bytes(), nil
}

// bounded takes so much and no more.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("too much output")
	}
	return b.Buffer.Write(p)
}

// note puts a line into the report and returns the mark for its place.
func (d *Document) note(hint, format string, args ...any) string {
	d.notes = append(d.notes, newNote(hint, format, args...))
	return string(markStart) + fmt.Sprint(len(d.notes)-1) + string(markEnd)
}

// newNote keeps what the document says from moving the cursor of a terminal.
func newNote(hint, format string, args ...any) Note {
	return Note{Text: tidy(fmt.Sprintf(format, args...)), Hint: tidy(hint)}
}

// mark is note as a node of the tree.
func (d *Document) mark(hint, format string, args ...any) inline {
	return inline{kind: "Mark", text: d.note(hint, format, args...)}
}

// remark is a line of the report about the document as a whole.
func (d *Document) remark(hint, format string, args ...any) { d.about("", hint, format, args...) }

// about is a line of the report about what the document says of itself.
func (d *Document) about(field, hint, format string, args ...any) {
	n := newNote(hint, format, args...)
	n.Field = field
	d.general = append(d.general, n)
}

// margins reports what the Markdown will not have.
func (d *Document) margins() {
	for _, t := range d.archive.margins() {
		d.remark("", "Die Kopf- oder Fußzeile „%s“ wurde nicht übernommen.", short(t))
	}
	if marked := d.archive.highlights(); len(marked) > 0 {
		d.remark("Farbe bleibt nicht erhalten. Oft steht sie für offene Fragen; klären Sie diese.", "Farbig markiert war: %s.", some(marked))
	}
}

// some quotes the first few of many texts.
func some(texts []string) string {
	var out []string
	for _, t := range texts[:min(5, len(texts))] {
		out = append(out, "„"+short(t)+"“")
	}
	if rest := len(texts) - len(out); rest > 0 {
		out = append(out, fmt.Sprintf("und %d weitere", rest))
	}
	return strings.Join(out, ", ")
}

// short is a text for the report.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return strings.TrimRightFunc(string(r[:79]), unicode.IsSpace) + "…"
	}
	return s
}

// tidy takes out what cannot be seen and makes single spaces of the rest.
func tidy(s string) string {
	return strings.Join(strings.Fields(strings.Map(visible, s)), " ")
}

// visible drops soft hyphens, joiners, direction signs, controls and our own
// signs; spaces of any width are spaces.
func visible(r rune) rune {
	switch {
	case strings.ContainsRune("\uf0b7\uf0a7\uf0d8\uf0fc\uf076", r): // bullets of Word's symbol fonts
		return '•'
	case r == '\u00ad' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar:
		return -1
	case r == '\u2011':
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r):
		return -1
	}
	return r
}
