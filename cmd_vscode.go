package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/vscode"
)

func vscodeCommand() *cobra.Command {
	var show string
	cmd := &cobra.Command{
		Use:   "vscode",
		Short: "Richtet Visual Studio Code für die Site ein: Prüfung, Vorschläge, Textbausteine, Aufgaben",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, _ := cmd.Flags().GetString("source")
			defs, err := definitions(cmd)
			if err != nil {
				return err
			}
			files := vscode.Files(defs, siteLanguages(dir), programOf(dir))
			if show != "" {
				return showFile(cmd, files, show)
			}
			done, err := vscode.Install(dir, files)
			reportInstalled(cmd, done)
			return err
		},
	}
	cmd.Flags().StringVar(&show, "show", "", "eine der Dateien nur ausgeben, etwa --show settings.json")
	return cmd
}

// siteLanguages are those of portal.yaml, as far as it can be read.
func siteLanguages(dir string) []string {
	cfg := source.LoadConfig(os.DirFS(dir), &diag.List{})
	if cfg == nil {
		return []string{"de"}
	}
	return cfg.Languages
}

// programOf is how portal is run in a folder: in its own repository, from the
// source.
func programOf(dir string) string {
	if b, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && strings.HasPrefix(string(b), "module "+modulePath+"\n") {
		return "go run ."
	}
	return "portal"
}

const modulePath = "github.com/ag-vzkm/portal"

func showFile(cmd *cobra.Command, files []vscode.File, name string) error {
	var names []string
	for _, f := range files {
		short := strings.TrimPrefix(f.Path, ".vscode/")
		names = append(names, short)
		if short == name || f.Path == name {
			_, err := cmd.OutOrStdout().Write(f.Data)
			return err
		}
	}
	return fmt.Errorf("Die Datei „%s“ gibt es nicht. %s", name, diag.DidYouMean(name, names))
}

func reportInstalled(cmd *cobra.Command, done []vscode.Done) {
	words := map[vscode.Outcome]string{vscode.Written: "geschrieben", vscode.Removed: "gelöscht"}
	unchanged := 0
	for _, d := range done {
		switch d.Outcome {
		case vscode.Unchanged:
			unchanged++
		case vscode.Foreign:
			name := strings.TrimPrefix(d.Path, ".vscode/")
			fmt.Fprintf(cmd.ErrOrStderr(), "%s bleibt, wie sie ist, denn sie ist nicht von diesem Befehl.\n    → „portal vscode --show %s“ zeigt, was hineingehört.\n", d.Path, name)
		default:
			fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", d.Path, words[d.Outcome])
		}
	}
	if unchanged == len(done) {
		fmt.Fprintln(cmd.OutOrStdout(), "Alles ist auf dem neuesten Stand.")
	}
}
