package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/source"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [TYP]",
		Short: "Gibt das JSON-Schema der Angaben eines Typs aus, ohne TYP das aller Typen",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			defs, err := definitions(cmd)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return printJSON(cmd, source.SchemaOfAll(defs.Types, defs.Taxonomies))
			}
			for _, t := range defs.Types {
				if t.Name == args[0] {
					return printJSON(cmd, source.Schema(t, defs.Taxonomies))
				}
			}
			return unknownType(args[0], defs)
		},
	}
}

// definitions loads types and taxonomies, without portal.yaml or content: they
// are there before a site is.
func definitions(cmd *cobra.Command) (source.Definitions, error) {
	dir, _ := cmd.Flags().GetString("source")
	files, err := source.Dir(dir, builtin)
	if err != nil {
		return source.Definitions{}, fmt.Errorf("Der Ordner „%s“ ist nicht lesbar", dir)
	}
	var diags diag.List
	defs := source.LoadDefinitions(files.Templates, &diags)
	if diags.Failed(false) {
		printDiagnostics(cmd, cmd.ErrOrStderr(), diags.Sorted())
		return defs, errContent
	}
	return defs, nil
}

func unknownType(name string, defs source.Definitions) error {
	var names []string
	for _, t := range defs.Types {
		names = append(names, t.Name)
	}
	hint := diag.DidYouMean(name, names)
	if hint == "" {
		hint = "Es gibt " + diag.QuoteList(names, "und") + "."
	}
	return fmt.Errorf("Den Typ „%s“ gibt es nicht. %s", name, hint)
}
