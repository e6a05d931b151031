package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

func newCommand() *cobra.Command {
	var asked bool
	var flags entryFlags
	cmd := &cobra.Command{
		Use:   "new [TYP] [„Titel“]",
		Short: "Legt einen Eintrag an, in dem jedes Feld erklärt ist",
		Long: `Legt einen Eintrag an, in dem jedes Feld erklärt ist.

Ohne Titel fragt der Befehl nach allem, was gebraucht wird. Angaben lassen sich
auch gleich mitgeben, so oft wie nötig:

  portal new news "Übung" --set date=2026-11-12 --set topics=uebungen,personal
  portal new pilot "Probe" --set "milestones.1.text=Aufbau geübt" --set milestones.1.date=20.5.2027`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkshop(cmd)
			if err != nil {
				return err
			}
			ask := newAsker(cmd)
			asked = asked || len(args) < 2 && ask.keyboard()
			f, err := w.chosen(args, asked, ask)
			if err != nil {
				return err
			}
			if err := flags.fill(f, args); err != nil {
				return err
			}
			if asked {
				if err := ask.form(f, &flags.id); err != nil {
					return err
				}
			}
			id, err := w.id(f, flags, false)
			if err != nil {
				return err
			}
			d, _, err := w.finish(f, id, flags, "")
			if err != nil {
				return err
			}
			if err := w.write(d.Path, []byte(d.Text), false); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), w.path(d.Path))
			return nil
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&asked, "ask", false, "nach allem fragen, auch wenn die Antworten nicht von einer Tastatur kommen")
	cmd.AddCommand(newSiteCommand())
	return cmd
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
