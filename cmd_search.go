package main

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/search/index"
)

func searchCommand() *cobra.Command {
	var asJSON bool
	var limit, offset int
	var types []string
	cmd := &cobra.Command{
		Use:   "search FRAGE",
		Short: "Fragt den Index der zuletzt gebauten Site",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, _ := cmd.Flags().GetString("source")
			out, _ := cmd.Flags().GetString("out")
			if out == "" {
				out = filepath.Join(dir, "public")
			}
			x, err := openIndex(out)
			if err != nil {
				return err
			}
			defer x.Close()
			opts := index.Options{Limit: limit, Offset: offset}
			if len(types) > 0 {
				opts.Filters = map[string][]string{"type": types}
			}
			res, err := x.Search(cmd.Context(), strings.Join(args, " "), opts)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, res)
			}
			printHits(cmd, res)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Antwort als JSON")
	cmd.Flags().IntVar(&limit, "limit", 10, "Zahl der Treffer")
	cmd.Flags().IntVar(&offset, "offset", 0, "so viele Treffer überspringen")
	cmd.Flags().StringSliceVar(&types, "type", nil, "nur diese Typen, z. B. product,funding")
	cmd.Flags().String("out", "", "Ausgabeordner, dessen Index gefragt wird (sonst public im Ordner der Site)")
	return cmd
}

func openIndex(out string) (*index.Index, error) {
	at, err := indexOf(out)
	if err != nil {
		return nil, err
	}
	x, err := index.Open(at)
	if err != nil {
		return nil, indexFault(out, err)
	}
	return x, nil
}

// indexOf is where the index of an output folder lies.
func indexOf(out string) (string, error) {
	abs, err := filepath.Abs(out)
	return filepath.Join(generator.IndexDir(abs), "bleve"), err
}

func indexFault(out string, err error) error {
	if errors.Is(err, index.ErrBrowserOnly) {
		return fmt.Errorf("%s ist ohne Server-Index gebaut; gesucht werden kann nur auf den Seiten. Bauen Sie mit Index: portal build --server-index", out)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("Zu %s gibt es keinen Suchindex. Bauen Sie zuerst: portal build", out)
	}
	return fmt.Errorf("Der Suchindex zu %s ist nicht zu gebrauchen (%w). Bauen Sie neu: portal build", out, err)
}

// printHits writes the answer for a terminal, with marks in bold where the
// output is one.
func printHits(cmd *cobra.Command, r *index.Result) {
	w := cmd.OutOrStdout()
	on, off := "*", "*"
	if isTerminal(w) && os.Getenv("NO_COLOR") == "" {
		on, off = "\x1b[1m", "\x1b[0m"
	}
	marks := strings.NewReplacer("<mark>", on, "</mark>", off)
	if r.Suggestion != "" {
		fmt.Fprintf(w, "Meinten Sie „%s“?\n", r.Suggestion)
	}
	switch r.Total {
	case 0:
		fmt.Fprintf(w, "Kein Treffer für „%s“.\n", r.Query)
		return
	case 1:
		fmt.Fprintf(w, "1 Treffer für „%s“\n", r.Query)
	default:
		fmt.Fprintf(w, "%d Treffer für „%s“\n", r.Total, r.Query)
	}
	for i, h := range r.Hits {
		fmt.Fprintf(w, "\n%d. %s\n   %s\n", i+1, h.Title, h.URL)
		if h.Section != nil {
			fmt.Fprintf(w, "   → %s  %s\n", h.Section.Title, h.Section.URL)
		}
		if h.Excerpt != "" {
			fmt.Fprintf(w, "   %s\n", html.UnescapeString(marks.Replace(h.Excerpt)))
		}
	}
}
