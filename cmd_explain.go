package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/docs"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/help"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [NAME]",
		Short: "Erklärt eine Meldung, etwa feld-unbekannt; ohne NAME nennt es alle",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				listCodes(cmd.OutOrStdout())
				return nil
			}
			code := strings.Trim(args[0], "[]") // as findings have it
			s, ok := catalogue().Lookup(code)
			if !ok {
				return fmt.Errorf("Eine Meldung „%s“ gibt es nicht.%s Alle nennt: portal explain", code, nearestCode(code))
			}
			fmt.Fprint(cmd.OutOrStdout(), s.Text())
			return nil
		},
	}
}

// catalogue explains all codes.
var catalogue = sync.OnceValue(func() *help.Catalogue { return help.Read(docs.Faults) })

func listCodes(w io.Writer) {
	group := ""
	for _, s := range catalogue().Sections {
		if s.Group != group {
			if group != "" {
				fmt.Fprintln(w)
			}
			group = s.Group
			fmt.Fprintln(w, group)
		}
		fmt.Fprintf(w, "  %s\n", s.Code)
	}
}

func nearestCode(code string) string {
	near := diag.Nearest(code, catalogue().Codes(), 3)
	if len(near) == 0 {
		return ""
	}
	return " Meinten Sie " + diag.QuoteList(near, "oder") + "?"
}
