package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

func buildCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Baut die Site und veröffentlicht sie in einem Schritt",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := buildOptions(cmd)
			if err != nil {
				return err
			}
			if !asJSON && isTerminal(cmd.ErrOrStderr()) {
				o.Progress = progress(cmd.ErrOrStderr())
			}
			if serverIndex := cmd.Flags().Lookup("server-index"); serverIndex.Changed {
				on := serverIndex.Value.String() == "true"
				o.ServerIndex = &on
			}
			start := time.Now()
			res, err := generator.Build(cmd.Context(), o)
			if err != nil {
				return err
			}
			printDiagnostics(cmd, cmd.ErrOrStderr(), res.Diagnostics)
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				if err := enc.Encode(res); err != nil {
					return err
				}
			} else {
				fmt.Fprintln(cmd.OutOrStdout(), summary(res, time.Since(start)))
			}
			if !res.OK {
				return errContent
			}
			return nil
		},
	}
	addBuildFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "Zahlen, Bytes und Millisekunden je Stufe als JSON ausgeben")
	cmd.Flags().String("out", "", "Ausgabeordner (sonst public im Ordner der Site)")
	cmd.Flags().Bool("server-index", false, "auch den Index für „portal serve“ und „portal search“ bauen (von selbst bei bis zu 2.000 Einträgen)")
	cmd.Flags().Bool("compress", false, "komprimierte Fassungen (.br, .gz) daneben legen")
	return cmd
}

// addBuildFlags are the flags that decide what a site shows.
func addBuildFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("audience", "public", "Leserkreis: public oder members")
	f.Bool("drafts", false, "auch Entwürfe und noch nicht Erschienenes zeigen")
	f.String("base-url", "", "Adresse statt base_url aus portal.yaml")
	f.String("now", "", "Zeitpunkt, gegen den Fristen und Sperrfristen gelten (2026-11-22, RFC 3339 oder „now“)")
	f.Bool("lenient", false, "zeigen, was sich trotz eines Fehlers zeigen lässt, und nur warnen")
	f.Bool("strict", false, "auch Warnungen verhindern die Veröffentlichung")
}

func buildOptions(cmd *cobra.Command) (generator.Options, error) {
	f := cmd.Flags()
	o := generator.Options{Builtin: builtin}
	o.Source, _ = f.GetString("source")
	o.Out, _ = f.GetString("out")
	o.Drafts, _ = f.GetBool("drafts")
	o.BaseURL, _ = f.GetString("base-url")
	o.Lenient, _ = f.GetBool("lenient")
	o.Strict, _ = f.GetBool("strict")
	o.Compress, _ = f.GetBool("compress")
	audience, _ := f.GetString("audience")
	o.Audience = site.Audience(audience)
	if o.Audience != site.Public && o.Audience != site.Members {
		return o, fmt.Errorf("--audience: möglich sind „public“ und „members“, nicht „%s“", audience)
	}
	o.Now, _ = f.GetString("now")
	if o.Now != "" { // said before anything is read; the site's zone decides later
		if _, err := generator.ParseNow(o.Now, time.UTC); err != nil {
			return o, err
		}
	}
	return o, nil
}

// printDiagnostics writes findings with their lines, for people.
func printDiagnostics(cmd *cobra.Command, w io.Writer, list []diag.Diagnostic) {
	for _, s := range diag.Show(list, linesOf(cmd), "") {
		fmt.Fprintln(w, s)
	}
}

// linesOf reads the lines of findings from the site's own files; nil if the
// site cannot be read.
func linesOf(cmd *cobra.Command) *diag.Lines {
	dir, _ := cmd.Flags().GetString("source")
	files, err := source.Dir(dir, builtin)
	if err != nil {
		return nil
	}
	return diag.NewLines(files.Read)
}

// summary is the one line a build ends with.
func summary(r *generator.Result, took time.Duration) string {
	if !r.OK {
		return fmt.Sprintf("Nicht veröffentlicht: %s. Was bisher in %s stand, ist unverändert.", counts(r), r.Out)
	}
	s := fmt.Sprintf("%s Seiten aus %s Einträgen in %s s nach %s", lang.Int("de", r.Pages), lang.Int("de", r.Entries),
		strings.Replace(fmt.Sprintf("%.1f", took.Seconds()), ".", ",", 1), r.Out)
	var notes []string
	switch {
	case r.Rendered == 0 && !r.Indexed:
		notes = append(notes, "nichts geändert")
	case r.Kept > 0:
		notes = append(notes, lang.Int("de", r.Rendered)+" neu")
	}
	if c := counts(r); c != "" {
		notes = append(notes, c)
	}
	if len(notes) > 0 {
		s += " (" + strings.Join(notes, "; ") + ")"
	}
	return s
}

func counts(r *generator.Result) string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{{r.Errors, "Fehler", "Fehler"}, {r.Warnings, "Warnung", "Warnungen"}, {r.Hints, "Hinweis", "Hinweise"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.one)
		case p.n > 1:
			parts = append(parts, lang.Int("de", p.n)+" "+p.many)
		}
	}
	return strings.Join(parts, ", ")
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress shows a bar for each stage that takes long.
func progress(w io.Writer) func(stage string, done, total int) {
	names := map[string]string{"render": "Seiten", "index": "Suche", "links": "Fremde Links"}
	bars := map[string]*progressbar.ProgressBar{}
	for stage, name := range names {
		bars[stage] = progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(name), progressbar.OptionClearOnFinish())
	}
	return func(stage string, done, total int) {
		bar := bars[stage]
		least, step := 200, 50
		if stage == "links" { // each takes a second or more
			least, step = 5, 1
		}
		if bar == nil || total < least || done%step != 0 && done != total {
			return
		}
		if bar.GetMax() != total {
			bar.ChangeMax(total)
		}
		_ = bar.Set(done)
	}
}
