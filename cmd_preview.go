package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/admin"
	"github.com/ag-vzkm/portal/generator/preview"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/watch"
	"github.com/ag-vzkm/portal/search/server"
)

func previewCommand() *cobra.Command {
	var addr, editor string
	var poll bool
	cmd := &cobra.Command{
		Use:   "preview",
		Short: "Zeigt die Site beim Schreiben: Gespeichertes erscheint sofort im Browser",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := buildOptions(cmd)
			if err != nil {
				return err
			}
			scheme, err := preview.EditorLink(editor)
			if err != nil {
				return fmt.Errorf("--editor: %w", err)
			}
			return runPreview(cmd, o, addr, scheme, poll)
		},
	}
	addBuildFlags(cmd)
	drafts := cmd.Flags().Lookup("drafts")
	drafts.DefValue, drafts.Usage = "true", "auch Entwürfe und noch nicht Erschienenes zeigen; --drafts=false zeigt, was erscheint"
	_ = drafts.Value.Set("true") // a word that it knows
	audience := cmd.Flags().Lookup("audience")
	audience.DefValue, audience.Usage = string(site.Members), "Leserkreis: members zeigt auch, was nur für Mitglieder ist; public nicht"
	_ = audience.Value.Set(string(site.Members))
	_ = cmd.Flags().MarkHidden("strict") // nothing is published
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:1313", "Adresse und Port")
	cmd.Flags().StringVar(&editor, "editor", cmp.Or(os.Getenv("PORTAL_EDITOR"), "vscode"),
		"Editor, in dem die Verweise auf Dateien sie öffnen: "+strings.Join(preview.Editors(), ", ")+", none oder eine Adresse mit {file}, {line} und {col}; ohne Angabe gilt die Umgebungsvariable PORTAL_EDITOR")
	cmd.Flags().BoolVar(&poll, "poll", false, "regelmäßig nach Änderungen sehen, statt sie sich melden zu lassen")
	return cmd
}

// runPreview shows the site until the context ends. It watches before it
// reads: what is saved in between is not missed.
func runPreview(cmd *cobra.Command, o generator.Options, addr, editor string, poll bool) error {
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	l, err := listener(addr)
	if err != nil {
		return err
	}
	defer l.Close()
	w, err := watch.Watch(ctx, o.Source, watch.Options{
		Roots:     []string{"content", "templates", "static", "portal.yaml"},
		ForcePoll: poll,
		Fallback:  func(reason string) { fmt.Fprintf(cmd.ErrOrStderr(), "portal: %s\n", reason) },
	})
	if err != nil {
		return err
	}
	live, err := generator.OpenLive(ctx, o)
	if err != nil {
		return err
	}
	defer live.Close()
	var following sync.WaitGroup
	defer following.Wait()
	defer cancel() // first of all: it ends what the others wait for
	files, err := source.Dir(o.Source, o.Builtin)
	if err != nil {
		return err
	}
	p := preview.New(liveSite{live}, preview.Options{
		AnyHost:   !isLoopback(l.Addr()),
		Editor:    editor,
		Locate:    locate(o.Source),
		Read:      files.Read,
		Help:      catalogue().HTML(),
		Form:      formOf(o.Source, live.Languages),
		Forms:     forms(o.Source, live.Base),
		FormsPath: admin.Path,
	})
	printDiagnostics(cmd, cmd.ErrOrStderr(), live.Diagnostics("/"))
	following.Go(func() {
		for range live.Commits() {
			p.Reload(preview.Change{})
		}
	})
	following.Go(func() {
		for b := range w.Batches() {
			touched := live.Changed(b.Paths, b.Rescan)
			change := preview.Change{Paths: touched.Pages}
			if touched.All || touched.Style {
				change.Paths = nil // of a style, every page has the address
			}
			p.Reload(change)
		}
	})
	where := greeting(l, live.Base()) + fmt.Sprintf("\nFormulare: http://%s%s", l.Addr(), admin.Path)
	return serve(ctx, cmd, l, where, p, p.Close)
}

// locate finds the files of a site; those of the program lie nowhere.
func locate(source string) func(string) string {
	dir, err := filepath.Abs(source)
	return func(file string) string {
		name := filepath.Join(dir, filepath.FromSlash(file))
		if _, statErr := os.Stat(name); err != nil || file == "" || statErr != nil {
			return ""
		}
		return name
	}
}

func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// liveSite answers a preview from a live site.
type liveSite struct{ *generator.Live }

func (s liveSite) Serve(address string) preview.Response {
	res := s.Live.Serve(address)
	base := s.Base()
	switch {
	case res.Status == http.StatusMovedPermanently:
		return preview.Response{Status: http.StatusFound, Location: string(res.Body)}
	case res.Status == http.StatusNotFound && address == "/" && base != "":
		return preview.Response{Status: http.StatusFound, Location: base + "/"}
	}
	return preview.Response{Status: res.Status, Type: cmp.Or(res.Type, server.MediaType(address)), Body: res.Body, File: res.File, Companion: res.Companion, List: res.List,
		Standing: res.Standing.Word, Until: res.Standing.Text, Immutable: hashed.MatchString(strings.TrimPrefix(address, base))}
}

// hashed are addresses that have a hash of the content in them.
var hashed = regexp.MustCompile(`^/(assets/.*\.[A-Z0-9]{8}\.[a-z0-9]+|media/[0-9a-f]{8}-.*)$`)
