package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/export"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
)

func digestCommand() *cobra.Command {
	var since, until, topic, out, language string
	cmd := &cobra.Command{
		Use:   "digest",
		Short: "Schreibt einen Rundbrief (.eml) aus dem, was neu ist",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, to, err := digestSpan(since, until)
			if err != nil {
				return err
			}
			// The whole last day is over; what is for members stays out of mail.
			m, err := readModel(cmd, site.Public, to.Format(time.DateOnly)+"T23:59")
			if err != nil {
				return err
			}
			s := m.Site
			o := export.DigestOptions{Since: from, Until: to, Lang: language}
			if o.Lang == "" {
				o.Lang = s.Config.DefaultLang()
			}
			if !slices.Contains(s.Config.Languages, o.Lang) {
				return fmt.Errorf("--lang: das Portal gibt es nicht in der Sprache „%s“; möglich sind %s", o.Lang, strings.Join(s.Config.Languages, ", "))
			}
			if o.Topic, err = findTopic(s, topic); err != nil {
				return err
			}
			if hasFollowPage(s, o.Lang) {
				o.FollowPath = s.Config.Prefix(o.Lang) + render.FollowPath
			}
			in := export.Input{Site: s, Words: m.Words}
			d := export.MakeDigest(in, o)
			if d.Empty() {
				fmt.Fprintf(cmd.ErrOrStderr(), "Seit dem %s gibt es nichts Neues, nichts Geändertes und keine nahen Termine; es wurde nichts geschrieben.\n", lang.Date("de", from))
				return nil
			}
			if d.Email == "" {
				return fmt.Errorf("In portal.yaml fehlt die Adresse, von der ein Rundbrief kommt. Ergänzen Sie: publisher: {name: …, email: …}")
			}
			letter, err := in.Mail(d, m.Templates)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = cmd.OutOrStdout().Write(letter)
				return err
			}
			if err := os.WriteFile(out, letter, 0o644); err != nil {
				return fmt.Errorf("„%s“ lässt sich nicht schreiben", out)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s (%s)\n", out, digestCounts(d))
			return nil
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "erster Tag, z. B. 2026-11-01")
	cmd.Flags().StringVar(&until, "until", "", "letzter Tag (sonst heute)")
	cmd.Flags().StringVar(&topic, "topic", "", "nur dieses Thema, z. B. finanzierung")
	cmd.Flags().StringVar(&language, "lang", "", "Sprache (sonst die erste des Portals)")
	cmd.Flags().StringVar(&out, "out", "", "Datei, z. B. rundbrief.eml (sonst die Standardausgabe)")
	return cmd
}

func digestSpan(since, until string) (from, to time.Time, err error) {
	if since == "" {
		return from, to, fmt.Errorf("--since fehlt; schreiben Sie etwa --since 2026-11-01")
	}
	if from, err = time.Parse(time.DateOnly, since); err != nil {
		return from, to, fmt.Errorf("--since: „%s“ ist kein Tag; schreiben Sie etwa 2026-11-01", since)
	}
	if until == "" {
		until = time.Now().Format(time.DateOnly)
	}
	if to, err = time.Parse(time.DateOnly, until); err != nil {
		return from, to, fmt.Errorf("--until: „%s“ ist kein Tag; schreiben Sie etwa 2026-11-30", until)
	}
	if to.Before(from) {
		return from, to, fmt.Errorf("--until liegt vor --since")
	}
	return from, to, nil
}

// findTopic finds a word of the vocabulary in which topics are given, by its id
// or its name.
func findTopic(s *site.Site, name string) (*site.Term, error) {
	if name == "" {
		return nil, nil
	}
	var ids []string
	for _, tax := range s.Taxonomies {
		if !topicsFrom(s, tax) {
			continue
		}
		for _, t := range tax.Terms {
			if t.ID == name || strings.EqualFold(t.Label.In("de"), name) {
				return t, nil
			}
			ids = append(ids, t.ID)
		}
	}
	return nil, fmt.Errorf("--topic: „%s“ ist kein Thema. %s", name, diag.DidYouMean(name, ids))
}

// topicsFrom reports whether entries name their topics with words of a vocabulary.
func topicsFrom(s *site.Site, tax *site.Taxonomy) bool {
	return slices.ContainsFunc(s.Types, func(t *site.Type) bool {
		f := t.FieldByPath("topics")
		return f != nil && f.Vocabulary == tax.Name
	})
}

// hasFollowPage reports whether there is a choice of feeds, and so a page of them.
func hasFollowPage(s *site.Site, l string) bool {
	n := 0
	for _, f := range export.Feeds(s) {
		if f.Lang == l {
			n++
		}
	}
	return n > 1
}

func digestCounts(d *export.Digest) string {
	fresh := 0
	for _, g := range d.New {
		fresh += len(g.Items) + g.More
	}
	return fmt.Sprintf("neu: %d, geändert: %d, Termine und Fristen: %d", fresh, len(d.Changed), len(d.Dates))
}
