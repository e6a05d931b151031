package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/source"
)

func newCommand() *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use:   "new TYP „Titel“",
		Short: "Legt einen Eintrag an, in dem jedes Feld erklärt ist",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			defs, err := definitions(cmd)
			if err != nil {
				return err
			}
			for _, t := range defs.Types {
				if t.Name == args[0] {
					dir, _ := cmd.Flags().GetString("source")
					return writeEntry(cmd, dir, source.NewEntry(t, defs.Taxonomies, args[1], id, func(types []string) string { return someEntry(dir, defs, types) }))
				}
			}
			return unknownType(args[0], defs)
		},
	}
	cmd.Flags().StringVar(&id, "id", "", "Kennung statt der aus dem Titel gebildeten")
	cmd.AddCommand(newSiteCommand())
	return cmd
}

// someEntry is the id of the first entry of the types, by file name, to stand
// in a required relation until the editor chooses.
func someEntry(dir string, defs source.Definitions, types []string) string {
	for _, t := range defs.Types {
		if t.Fallback || len(types) > 0 && !slices.Contains(types, t.Name) {
			continue
		}
		files, _ := filepath.Glob(filepath.Join(dir, "content", t.Folder, "*.md"))
		for _, f := range files {
			id := strings.TrimSuffix(filepath.Base(f), ".md")
			if id == lang.ID(id) && id != "index" {
				return id
			}
		}
	}
	return ""
}

func writeEntry(cmd *cobra.Command, dir string, e source.Draft) error {
	if e.ID == "" || e.ID != lang.ID(e.ID) {
		return fmt.Errorf("Aus „%s“ lässt sich keine Kennung bilden; geben Sie eine mit --id an, etwa --id modulare-klinik", e.Title)
	}
	file := filepath.Join(dir, filepath.FromSlash(e.Path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s gibt es schon; wählen Sie mit --id eine andere Kennung", file)
	}
	if err != nil {
		return err
	}
	if _, err := f.WriteString(e.Text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), file)
	return nil
}

func newSiteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "site ORDNER",
		Short: "Legt eine kleine Site an, die sich bauen lässt",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
				return fmt.Errorf("Der Ordner „%s“ ist nicht leer", dir)
			}
			for _, f := range starter {
				file := filepath.Join(dir, filepath.FromSlash(f.name))
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					return err
				}
				if err := os.WriteFile(file, []byte(strings.TrimLeft(f.text, "\n")), 0o644); err != nil {
					return err
				}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s ist angelegt. Weiter geht es mit: portal build --source %s\n", dir, dir)
			return nil
		},
	}
}

// starter is the site that “portal new site” writes.
var starter = []struct{ name, text string }{
	{"portal.yaml", `
title: Mein Portal
base_url: https://www.example.org/
languages: [de]
`},
	{"content/index.md", `
# Willkommen

Dieses Portal entsteht aus Markdown-Dateien im Ordner „content“. Schreiben Sie
los: Jede Datei wird eine Seite.
`},
	{"content/hilfe/erste-schritte.md", `
# Erste Schritte

1. Legen Sie in „content“ einen Ordner und darin eine Datei „name.md“ an.
2. Beginnen Sie mit einer Überschrift: „# Titel“.
3. Bauen Sie die Site mit „portal build“.

> [!HINWEIS] Einträge mit Feldern
> „portal new term "Triage"“ legt einen Glossarbegriff an, in dem jedes Feld erklärt ist.
`},
	{"content/glossar/triage.md", `
---
title: Triage
summary: Einteilung von Verletzten nach der Dringlichkeit ihrer Behandlung.
synonyms: [Sichtung]
definition: Einteilung von Verletzten nach der Dringlichkeit ihrer Behandlung, wenn nicht alle zugleich versorgt werden können.
---
`},
	{".gitignore", "public/\n.portal/\n"},
}
