package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// entryFlags are the flags of the commands that write an entry.
type entryFlags struct {
	id, language string
	set          []string
}

func (e *entryFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&e.id, "id", "", "Kennung statt der aus dem Titel gebildeten")
	f.StringVar(&e.language, "lang", "", "Sprache, wenn es nicht die erste des Portals ist: der Eintrag heißt dann kennung.en.md")
	f.StringArrayVar(&e.set, "set", nil, "eine Angabe, feld=wert; mehrfach möglich, Teile einer Gruppe mit Punkt (registration.url=…)")
}

// fill puts the title and what --set says into the form.
func (e *entryFlags) fill(f *source.Form, args []string) error {
	if len(args) > 1 {
		if err := f.SetText("title", args[1]); err != nil {
			return err
		}
	}
	for _, s := range e.set {
		path, value, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--set „%s“: Schreiben Sie feld=wert, etwa --set topics=uebungen", s)
		}
		if err := f.Set(strings.TrimSpace(path), value); err != nil {
			return fmt.Errorf("--set %s: %w", strings.TrimSpace(path), err)
		}
	}
	return nil
}

// workshop is a site to which an entry is added.
type workshop struct {
	dir     string
	defs    source.Definitions
	cfg     *site.Config
	entries []*site.Entry
}

// openWorkshop reads the site. What is wrong with other entries is not asked
// now; a site without portal.yaml has types, too.
func openWorkshop(cmd *cobra.Command) (*workshop, error) {
	defs, err := definitions(cmd)
	if err != nil {
		return nil, err
	}
	w := &workshop{defs: defs}
	w.dir, _ = cmd.Flags().GetString("source")
	files, err := source.Dir(w.dir, builtin)
	if err != nil {
		return nil, err
	}
	var ignored diag.List
	if w.cfg = source.LoadConfig(files.Root, &ignored); w.cfg == nil {
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			return nil, err
		}
		w.cfg = &site.Config{Languages: []string{"de"}, Location: berlin}
	}
	w.entries = []*site.Entry{}
	if files.Content != nil {
		w.entries = append(w.entries, source.LoadEntries(files.Content, w.cfg, defs.Types, nil, nil, &ignored)...)
	}
	return w, nil
}

// chosen is an empty form of the type that is named, or asked for.
func (w *workshop) chosen(args []string, asked bool, ask *asker) (*source.Form, error) {
	if len(args) == 0 && asked {
		t, err := ask.typ(w.defs.Types)
		if err != nil {
			return nil, err
		}
		return source.NewForm(t, w.defs, w.entries, w.cfg.Location), nil
	}
	if len(args) == 0 || len(args) == 1 && !asked {
		return nil, errors.New("Nennen Sie die Art und den Titel: portal new news \"Übung mit mobiler Klinik\". Mit --ask fragt der Befehl nach allem")
	}
	return w.form(args[0])
}

func (w *workshop) form(name string) (*source.Form, error) {
	for _, t := range w.defs.Types {
		if t.Name == name {
			return source.NewForm(t, w.defs, w.entries, w.cfg.Location), nil
		}
	}
	return nil, unknownType(name, w.defs)
}

// finish makes the file's text and reads it as it will be read. What is found
// beside errors is returned.
func (w *workshop) finish(f *source.Form, id string, flags entryFlags, body string) (source.Draft, []diag.Diagnostic, error) {
	language := flags.language
	switch {
	case language == w.cfg.DefaultLang():
		language = ""
	case language != "" && !slices.Contains(w.cfg.Languages, language):
		return source.Draft{}, nil, fmt.Errorf("Das Portal hat keine Sprache „%s“. %s", language, diag.DidYouMean(language, w.cfg.Languages))
	}
	d := f.Draft(id, language, body)
	if id == "" || id != lang.ID(id) {
		return d, nil, fmt.Errorf("Aus „%s“ lässt sich keine Kennung bilden; geben Sie eine mit --id an, etwa --id modulare-klinik", d.Title)
	}
	if id == "index" { // the name of a list's text, or of the home page
		return d, nil, errors.New("Die Kennung „index“ gehört den Startseiten von Ordnern; geben Sie mit --id eine andere an")
	}
	found := f.Check(d, w.cfg)
	var faults []string
	lines := strings.Split(d.Text, "\n")
	for _, x := range found {
		if x.Severity == diag.Error {
			at := ""
			if x.Line > 1 && x.Line <= len(lines) {
				at = strings.TrimSpace(lines[x.Line-1]) + "\n    "
			}
			faults = append(faults, "  "+at+strings.TrimSpace(x.Text+" "+x.Hint))
		}
	}
	if len(faults) > 0 {
		return d, nil, fmt.Errorf("Der Eintrag wurde nicht angelegt:\n%s", strings.Join(faults, "\n"))
	}
	return d, found, nil
}

// id is the one asked for, or one made of the title. The same title twice is
// most likely a mistake.
func (w *workshop) id(f *source.Form, flags entryFlags, force bool) (string, error) {
	if flags.id != "" {
		return flags.id, nil
	}
	same := f.SameTitle()
	switch {
	case same == nil || flags.language != "":
		return f.ID(), nil
	case force:
		return same.ID, nil
	}
	return "", w.exists(same.Pos.File)
}

func (w *workshop) exists(file string) error {
	return fmt.Errorf("%s %w; wählen Sie mit --id eine andere Kennung", w.path(file), errThere)
}

var errThere = errors.New("gibt es schon")

// path is where a file of the site lies.
func (w *workshop) path(file string) string { return filepath.Join(w.dir, filepath.FromSlash(file)) }

// write puts a file into its folder. Nothing is overwritten unless that is asked
// for.
func (w *workshop) write(name string, data []byte, force bool) error {
	file := w.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	mode := os.O_EXCL
	if force {
		mode = os.O_TRUNC
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|mode, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return w.exists(name)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
