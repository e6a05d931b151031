package main

import (
	"encoding/json"
	"fmt"

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
				return fmt.Errorf("--format: möglich sind text, json, sarif und github, nicht „%s“", format)
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
	cmd.Flags().StringVar(&format, "format", "text", "text, json, sarif oder github")
	cmd.Flags().BoolVar(&also.External, "external", false, "auch fragen, ob fremde Adressen noch antworten")
	cmd.Flags().BoolVar(&also.Fresh, "external-fresh", false, "wie --external, und auch fragen, was vor Kurzem geantwortet hat")
	cmd.Flags().BoolVar(&also.Spelling, "spelling", false, "auch die Rechtschreibung prüfen (mit Hunspell)")
	return cmd
}

var formats = map[string]func(*cobra.Command, *generator.Result) error{
	"text": func(cmd *cobra.Command, r *generator.Result) error {
		printDiagnostics(cmd.OutOrStdout(), r.Diagnostics)
		if c := counts(r); c != "" {
			fmt.Fprintln(cmd.OutOrStdout(), c)
		} else {
			fmt.Fprintln(cmd.OutOrStdout(), "Alles in Ordnung.")
		}
		return nil
	},
	"json": func(cmd *cobra.Command, r *generator.Result) error {
		list := r.Diagnostics
		if list == nil {
			list = []diag.Diagnostic{}
		}
		return printJSON(cmd, list)
	},
	"github": func(cmd *cobra.Command, r *generator.Result) error {
		for _, d := range r.Diagnostics {
			fmt.Fprintln(cmd.OutOrStdout(), diag.GitHub(d))
		}
		return nil
	},
	"sarif": func(cmd *cobra.Command, r *generator.Result) error {
		return printJSON(cmd, diag.SARIF(r.Diagnostics))
	},
}

func printJSON(cmd *cobra.Command, v any) error {
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
