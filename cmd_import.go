package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/docx"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

func importCommand() *cobra.Command {
	var in importer
	cmd := &cobra.Command{
		Use:   "import DATEI.docx --type TYP",
		Short: "Macht aus einem Word-Dokument einen Entwurf und nennt, was anzusehen ist",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkshop(cmd)
			if err != nil {
				return err
			}
			in.workshop = w
			return in.run(cmd, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.typ, "type", "", "Art des Inhalts, wie bei „portal new“")
	f.StringVar(&in.changes, "track-changes", "accept", "verfolgte Änderungen übernehmen (accept) oder verwerfen (reject)")
	f.BoolVar(&in.force, "force", false, "einen vorhandenen Eintrag und seine Bilder überschreiben")
	f.BoolVar(&in.asJSON, "json", false, "den Bericht als JSON ausgeben")
	in.flags.add(cmd)
	return cmd
}

// importer makes an entry of a document.
type importer struct {
	*workshop
	typ, changes  string
	force, asJSON bool
	flags         entryFlags
	form          *source.Form
	taken         []string    // fields that the document filled in
	remarks       []docx.Note // about the fields
}

func (in *importer) run(cmd *cobra.Command, name string) error {
	if in.changes != "accept" && in.changes != "reject" {
		return fmt.Errorf("--track-changes: möglich sind accept und reject, nicht „%s“", in.changes)
	}
	if in.typ == "" {
		return errors.New("Nennen Sie die Art des Inhalts, etwa: portal import papier.docx --type position")
	}
	var err error
	if in.form, err = in.workshop.form(in.typ); err != nil {
		return err
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("Die Datei „%s“ gibt es nicht", name)
	}
	if err != nil {
		return err
	}
	if err := in.flags.fill(in.form, nil); err != nil {
		return err
	}
	doc, err := docx.Read(cmd.Context(), data, docx.Options{Reject: in.changes == "reject", Sources: !in.form.Has("sources"), Entry: in.entryAt()})
	if err != nil {
		if errors.Is(err, docx.ErrNoPandoc) {
			return err
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	in.fill(doc, name)
	id, err := in.id(in.form, in.flags, in.force)
	if err != nil {
		return in.orForce(err)
	}
	body, notes := doc.Write(id)
	d, found, err := in.finish(in.form, id, in.flags, body)
	if err != nil {
		return err
	}
	if err := in.writeAll(d, doc.Pictures); err != nil {
		return in.orForce(err)
	}
	return in.report(cmd, d, doc.Pictures, in.places(d, notes, found))
}

func (in *importer) orForce(err error) error {
	if in.force || !errors.Is(err, errThere) {
		return err
	}
	return fmt.Errorf("%w oder überschreiben Sie mit --force", err)
}

// writeAll writes nothing if one of the files is there already. The text comes
// last: a preview that sees it finds the pictures.
func (in *importer) writeAll(d source.Draft, pictures []docx.Picture) error {
	names := []string{d.Path}
	for _, p := range pictures {
		names = append(names, path.Join(path.Dir(d.Path), p.Name))
	}
	for _, n := range names {
		if _, err := os.Lstat(in.path(n)); err == nil && !in.force {
			return in.exists(n)
		}
	}
	for i, p := range pictures {
		if err := in.write(names[i+1], p.Data, in.force); err != nil {
			return err
		}
	}
	return in.write(d.Path, []byte(d.Text), in.force)
}

// entryAt finds entries by the addresses that they have on the site.
func (in *importer) entryAt() func(string) string {
	ids := map[string]string{}
	for _, e := range in.entries {
		if !e.Index && in.cfg.BaseURL != "" && e.Lang == in.cfg.DefaultLang() {
			ids[in.cfg.BaseURL+in.cfg.URLOf(e)] = e.ID
		}
	}
	return func(address string) string { return ids[address] }
}

// fill takes from the document what has not been given by flags, by what a
// field is for and never by the type.
func (in *importer) fill(doc *docx.Document, name string) {
	title := cmp.Or(doc.Title, strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)))))
	if doc.Title == "" && !in.form.Has("title") {
		in.remark("title", "Setzen Sie den richtigen ein.", "Das Dokument hat keinen Titel; hier steht der Name der Datei.")
	}
	in.set("title", in.cut("title", title))
	in.set("summary", in.cut("summary", doc.Summary))
	in.authors(doc.Authors)
	in.dates(doc.Date)
	if !in.form.Has("sources") {
		for i, s := range doc.Sources {
			at := "sources." + strconv.Itoa(i+1) + "."
			for _, part := range [][2]string{{"key", s.Key}, {"title", s.Title}, {"url", s.URL}, {"publisher", s.Publisher}, {"accessed", s.Accessed}} {
				if part[1] != "" {
					in.try(at+part[0], in.cut(at+part[0], part[1]))
				}
			}
		}
	}
}

func (in *importer) remark(field, hint, format string, args ...any) {
	in.remarks = append(in.remarks, docx.Note{Text: fmt.Sprintf(format, args...), Hint: hint, Field: field})
}

func (in *importer) set(path, text string) {
	if text != "" && !in.form.Has(path) {
		in.try(path, text)
	}
}

// try fills a field in; what the field does not take is said instead.
func (in *importer) try(path string, texts ...string) {
	if err := in.form.SetText(path, texts...); err != nil {
		in.remark(path, "Tragen Sie es von Hand ein.", "In das Feld „%s“ passt nicht, was im Dokument steht: %s", path, err)
		return
	}
	name, _, _ := strings.Cut(path, ".")
	in.taken = append(in.taken, name)
}

// cut shortens a text to what its field takes.
func (in *importer) cut(path, text string) string {
	f := in.form.Type.FieldByPath(withoutNumbers(path))
	if f == nil || f.MaxLen == 0 || utf8.RuneCountInString(text) <= f.MaxLen {
		return text
	}
	short := string([]rune(text)[:f.MaxLen-2])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	}
	in.remark(path, "Fassen Sie ihn neu.", "Der Text für „%s“ war zu lang und wurde gekürzt: „%s“", path, text)
	return strings.TrimRight(short, " ,;:–-") + " …"
}

func withoutNumbers(path string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(path, "."), func(s string) bool {
		_, err := strconv.Atoi(s)
		return err == nil
	}), ".")
}

// authorsField is where the type's citation, or its data for search engines,
// looks for authors.
func (in *importer) authorsField() string {
	t := in.form.Type
	if t.Citation != nil && t.Citation.Authors != "" {
		return t.Citation.Authors
	}
	if t.JSONLD != nil {
		return t.JSONLD.Map["author"]
	}
	return ""
}

func (in *importer) authors(names []string) {
	at := in.authorsField()
	f := in.form.Type.FieldByPath(at)
	if len(names) == 0 || f == nil || f.Kind != site.KindText || in.form.Has(at) {
		return
	}
	if !f.Multiple {
		names = names[:1]
	}
	in.try(at, names...)
}

// dates that are required have the day of the document's last change.
func (in *importer) dates(day time.Time) {
	if day.IsZero() {
		return
	}
	for _, f := range in.form.Type.Fields {
		if f.Required && !f.Common && (f.Kind == site.KindDate || f.Kind == site.KindDateTime) && !in.form.Has(f.Name) {
			in.try(f.Name, day.In(in.cfg.Location).Format(time.DateOnly))
			in.remark(f.Name, "Prüfen Sie den Tag.", "Im Feld „%s“ steht der Tag der letzten Änderung des Dokuments.", f.Name)
		}
	}
}

// finding is a line of the report.
type finding struct {
	diag.Pos
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
}

// places gives every note its place in the file.
func (in *importer) places(d source.Draft, notes []docx.Note, found []diag.Diagnostic) []finding {
	file := filepath.ToSlash(in.path(d.Path))
	var out []finding
	notes = slices.DeleteFunc(notes, func(n docx.Note) bool { // what came from elsewhere, or has no field
		return n.Field != "" && !slices.Contains(in.taken, in.fieldFor(n.Field))
	})
	for _, n := range slices.Concat(in.remarks, notes) {
		f := finding{Pos: diag.Pos{File: file}, Text: n.Text, Hint: n.Hint}
		switch {
		case n.Line > 0:
			f.Line, f.Col = d.BodyLine+n.Line-1, n.Column
		case n.Field != "":
			f.Line, f.Col = lineOf(d.Text, in.fieldFor(n.Field)), 1
		}
		out = append(out, f)
	}
	for _, x := range found {
		if x.Line >= d.BodyLine { // said by the document's notes
			continue
		}
		out = append(out, finding{Pos: diag.Pos{File: file, Line: x.Line, Col: x.Col}, Text: x.Text, Hint: x.Hint})
	}
	slices.SortStableFunc(out, func(a, b finding) int { return cmp.Or(a.Line-b.Line, a.Col-b.Col) })
	return slices.CompactFunc(out, func(a, b finding) bool { return a == b })
}

// fieldFor is the field that takes what a note is about.
func (in *importer) fieldFor(about string) string {
	if about == docx.FieldAuthors {
		about = in.authorsField()
	}
	name, _, _ := strings.Cut(about, ".")
	return name
}

// lineOf is the line in which a field is set, or the first.
func lineOf(text, field string) int {
	n := 1
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, field+":") {
			return n
		}
		n++
	}
	return 1
}

func (in *importer) report(cmd *cobra.Command, d source.Draft, pictures []docx.Picture, list []finding) error {
	out := cmd.OutOrStdout()
	files := []string{filepath.ToSlash(in.path(d.Path))}
	for _, p := range pictures {
		files = append(files, path.Join(path.Dir(files[0]), p.Name))
	}
	if in.asJSON {
		if list == nil {
			list = []finding{}
		}
		return printJSON(cmd, struct {
			Files []string  `json:"files"`
			Notes []finding `json:"notes"`
		}{files, list})
	}
	fmt.Fprintln(out, strings.Join(files, "\n"))
	if len(list) > 0 {
		fmt.Fprintf(out, "\nBitte ansehen (%d):\n", len(list))
	}
	for _, f := range list {
		fmt.Fprintln(out, f.String()+": "+f.Text)
		if f.Hint != "" {
			fmt.Fprintln(out, "    → "+f.Hint)
		}
	}
	fmt.Fprintln(out, "\nDer Eintrag ist ein Entwurf. Weiter geht es mit: portal check")
	return nil
}
