package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/diag"
)

func checkCommand() *cobra.Command {
	var format string
	var also generator.Also
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Prüft alles und veröffentlicht nichts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, ok := formats[format]
			if !ok {
				return fmt.Errorf("--format: möglich sind text, json, sarif, github und gitlab, nicht „%s“", format)
			}
			o, err := buildOptions(cmd)
			if err != nil {
				return err
			}
			if o.Also = also; isTerminal(cmd.ErrOrStderr()) {
				o.Progress = progress(cmd.ErrOrStderr())
			}
			res, err := generator.Check(cmd.Context(), o)
			if err != nil {
				return err
			}
			if err := write(cmd, res); err != nil {
				return err
			}
			for _, note := range res.Notes {
				fmt.Fprintln(cmd.ErrOrStderr(), note)
			}
			if !res.OK {
				return errContent
			}
			return nil
		},
	}
	addBuildFlags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text, json, sarif, github oder gitlab")
	cmd.Flags().BoolVar(&also.External, "external", false, "auch fragen, ob fremde Adressen noch antworten")
	cmd.Flags().BoolVar(&also.Fresh, "external-fresh", false, "wie --external, und auch fragen, was vor Kurzem geantwortet hat")
	cmd.Flags().BoolVar(&also.Spelling, "spelling", false, "auch die Rechtschreibung prüfen (mit Hunspell)")
	return cmd
}

var formats = map[string]func(*cobra.Command, *generator.Result) error{
	"text": func(cmd *cobra.Command, r *generator.Result) error {
		out := cmd.OutOrStdout()
		printDiagnostics(cmd, out, r.Diagnostics)
		if len(r.Diagnostics) == 0 {
			fmt.Fprintln(out, "Alles in Ordnung.")
			return nil
		}
		worst := slices.MaxFunc(r.Diagnostics, func(a, b diag.Diagnostic) int { return cmp.Compare(a.Severity, b.Severity) })
		fmt.Fprintf(out, "%s. Was eine Meldung bedeutet, sagt zum Beispiel: portal explain %s\n", counts(r), worst.Code)
		return nil
	},
	"json": func(cmd *cobra.Command, r *generator.Result) error {
		return printJSON(cmd, shown(cmd, r))
	},
	"github": func(cmd *cobra.Command, r *generator.Result) error {
		for _, d := range r.Diagnostics {
			d.File = fromHere(cmd, d.File)
			fmt.Fprintln(cmd.OutOrStdout(), diag.GitHub(d))
		}
		return nil
	},
	"gitlab": func(cmd *cobra.Command, r *generator.Result) error {
		list := slices.Clone(r.Diagnostics)
		for i := range list {
			list[i].File = fromHere(cmd, list[i].File)
		}
		return printJSON(cmd, diag.GitLab(list))
	},
	"sarif": func(cmd *cobra.Command, r *generator.Result) error {
		list := shown(cmd, r)
		for i := range list {
			list[i].File = fromHere(cmd, list[i].File)
		}
		return printJSON(cmd, diag.SARIF(list, rule))
	},
}

// shown are the findings with their lines and with links to explanations: to
// where the site says that docs/fehler.md is, else to the file itself.
func shown(cmd *cobra.Command, r *generator.Result) []diag.Shown {
	return diag.Show(r.Diagnostics, linesOf(cmd), cmp.Or(r.Help, "docs/fehler.md"))
}

// fromHere is the path of a site's file from the folder in which the command
// was given: what shows findings beside the lines of a repository looks there.
func fromHere(cmd *cobra.Command, file string) string {
	dir, _ := cmd.Flags().GetString("source")
	if filepath.IsAbs(dir) {
		if here, err := filepath.Abs("."); err == nil {
			dir, _ = filepath.Rel(here, dir)
		}
	}
	if file == "" || !filepath.IsLocal(dir) {
		return file
	}
	return path.Join(filepath.ToSlash(dir), file)
}

// rule describes a code for SARIF.
func rule(code string) diag.Rule {
	s, ok := catalogue().Lookup(code)
	if !ok {
		return diag.Rule{}
	}
	return diag.Rule{Short: &diag.Message{Text: s.Meaning}, Help: &diag.Markdown{Text: s.Text(), Markdown: s.Body}}
}

func printJSON(cmd *cobra.Command, v any) error {
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
