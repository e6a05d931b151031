package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/export"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

func dueCommand() *cobra.Command {
	var within, owner, format, now string
	cmd := &cobra.Command{
		Use:   "due",
		Short: "Nennt, was zu prüfen ist, nach Zuständigen und Tagen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			days, err := parseDays(within)
			if err != nil {
				return err
			}
			write, ok := dueFormats[format]
			if !ok {
				return fmt.Errorf("--format: möglich sind text, json und csv, nicht „%s“", format)
			}
			m, err := readModel(cmd, site.Members, now) // who looks after a site sees all of it
			if err != nil {
				return err
			}
			return write(cmd.OutOrStdout(), cmd, dueList(m.Site, days, owner))
		},
	}
	cmd.Flags().StringVar(&within, "within", strconv.Itoa(site.DueWithin)+"d", "auch, was in so vielen Tagen (d) oder Wochen (w) fällig wird")
	cmd.Flags().StringVar(&owner, "owner", "", "nur, wofür diese Person oder Stelle zuständig ist (ein Teil des Namens genügt; „-“: niemand benannt)")
	cmd.Flags().StringVar(&format, "format", "text", "text, json oder csv")
	cmd.Flags().StringVar(&now, "now", "now", "Tag, von dem aus gezählt wird")
	return cmd
}

// readModel reads the site of a command that tells something about it. If the
// content has errors, they are printed.
func readModel(cmd *cobra.Command, audience site.Audience, now string) (*generator.Model, error) {
	o := generator.Options{Builtin: builtin, Audience: audience, Now: now}
	o.Source, _ = cmd.Flags().GetString("source")
	if _, err := generator.ParseNow(now, time.UTC); err != nil {
		return nil, err
	}
	m, found, err := generator.ReadModel(cmd.Context(), o)
	if err == nil && m == nil {
		printDiagnostics(cmd, cmd.ErrOrStderr(), found)
		err = errContent
	}
	return m, err
}

var daysForm = regexp.MustCompile(`^(\d{1,5})([dtw]?)$`)

// parseDays reads „90d“, „90“ or „12w“.
func parseDays(s string) (int, error) {
	m := daysForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("--within: „%s“ ist keine Zahl von Tagen; schreiben Sie etwa 90d oder 12w", s)
	}
	n, _ := strconv.Atoi(m[1])
	if m[2] == "w" {
		n *= 7
	}
	return n, nil
}

// dueEntry is an entry of the list as programs read it.
type dueEntry struct {
	Owner    string `json:"owner"`
	State    string `json:"state"` // overdue, soon, undated
	ReviewBy string `json:"review_by,omitempty"`
	Days     *int   `json:"days,omitempty"` // left; negative: overdue
	Title    string `json:"title"`
	Type     string `json:"type"`
	File     string `json:"file"`
	URL      string `json:"url"`
}

// dueList is what is overdue, comes within so many days or has no date: by
// owner, entries without one last, and then by date.
func dueList(s *site.Site, within int, owner string) []dueEntry {
	listed := slices.DeleteFunc(slices.Clone(s.Entries), func(e *site.Entry) bool { return !e.Listed() })
	out := []dueEntry{}
	for _, r := range view.Reviews(listed, s.Now) {
		state := r.State(within)
		mine := owner == "" || owner == "-" && r.Owner == "" || owner != "-" && strings.Contains(strings.ToLower(r.Owner), strings.ToLower(owner))
		if state == "later" || !mine {
			continue
		}
		x := dueEntry{Owner: r.Owner, State: state, Title: r.Entry.Title, Type: r.Entry.Type.Name, File: r.Entry.Pos.File, URL: s.Config.BaseURL + r.Entry.URL}
		if !r.Day.IsZero() {
			left := r.Left
			x.ReviewBy, x.Days = r.Day.Format(time.DateOnly), &left
		}
		out = append(out, x)
	}
	byName := lang.Compare("de")
	slices.SortStableFunc(out, func(a, b dueEntry) int {
		if (a.Owner == "") != (b.Owner == "") {
			return strings.Compare(b.Owner, a.Owner)
		}
		return byName(a.Owner, b.Owner)
	})
	return out
}

var dueFormats = map[string]func(io.Writer, *cobra.Command, []dueEntry) error{
	"text": func(w io.Writer, _ *cobra.Command, list []dueEntry) error {
		if len(list) == 0 {
			fmt.Fprintln(w, "Nichts zu prüfen.")
			return nil
		}
		for i, x := range list {
			if i == 0 || x.Owner != list[i-1].Owner {
				if i > 0 {
					fmt.Fprintln(w)
				}
				fmt.Fprintln(w, ownerName(x.Owner))
			}
			fmt.Fprintf(w, "  %-10s  %-24s  %s (%s)\n", x.ReviewBy, x.words(), x.Title, x.File)
		}
		return nil
	},
	"json": func(_ io.Writer, cmd *cobra.Command, list []dueEntry) error { return printJSON(cmd, list) },
	"csv": func(w io.Writer, _ *cobra.Command, list []dueEntry) error {
		out := csv.NewWriter(w)
		out.Comma = ';'
		_ = out.Write([]string{"owner", "state", "review_by", "days", "title", "type", "file", "url"})
		for _, x := range list {
			days := ""
			if x.Days != nil {
				days = strconv.Itoa(*x.Days)
			}
			_ = out.Write([]string{export.Harmless(x.Owner), x.State, x.ReviewBy, days, export.Harmless(x.Title), x.Type, export.Harmless(x.File), x.URL})
		}
		out.Flush()
		return out.Error()
	},
}

func ownerName(owner string) string {
	if owner == "" {
		return "Niemand benannt"
	}
	return owner
}

func (x dueEntry) words() string {
	switch {
	case x.Days == nil:
		return "ohne Prüftermin"
	case *x.Days == 0:
		return "heute fällig"
	case *x.Days == 1:
		return "morgen fällig"
	case *x.Days > 0:
		return fmt.Sprintf("fällig in %d Tagen", *x.Days)
	case *x.Days == -1:
		return "seit gestern überfällig"
	}
	return fmt.Sprintf("seit %d Tagen überfällig", -*x.Days)
}
